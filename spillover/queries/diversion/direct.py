"""Who supplied the target directly before: named states, members of a regime, or whoever fell?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.errors import AmbiguousError, InputError, NotFoundError
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions
from spillover.queries.diversion.periods import Window

_CODE: Final = re.compile(r"[A-Za-z]{2}", re.ASCII)
_UNION: Final = "eu"
"""Two letters that are no country."""


@dataclass(frozen=True, slots=True)
class Direct:
    """Countries whose exports to the target count as direct."""

    countries: frozenset[str]
    """Alpha-2; empty: whoever's exports fell."""
    said: str
    """Who that is, in words."""

    def holds(self, entity: Entity) -> bool:
        """Whether an exporter is of these countries alone."""
        return bool(entity.countries) and self.countries.issuperset(entity.countries)


def named(graph: Graph, when: Conditions, around: Window, *, names: Sequence[str]) -> Direct:
    """The countries that are named, and the members of named regimes.

    Args:
        graph: the graph.
        when: confidence of the claims by which a state is a member.
        around: a state counts that is a member on the day, or becomes one within the horizon.
        names: countries or regimes: codes or names.

    Raises:
        NotFoundError, AmbiguousError: a name.
        InputError: something that is neither a country nor has members.
    """
    codes: dict[str, None] = {}
    said: list[str] = []
    for name in names:
        found, words = _countries(graph, when, around, name)
        codes.update(dict.fromkeys(found))
        said.append(words)
    return Direct(frozenset(codes), "; ".join(said))


def of_regimes(graph: Graph, when: Conditions, around: Window, regimes: Iterable[int]) -> Direct:
    """The members of regimes, by number; nobody where none has members."""
    codes: set[str] = set()
    said: list[str] = []
    for regime in regimes:
        found = members(graph, when, around, regime)
        if found:
            codes |= found
            said.append(_members_words(graph.store.entity(regime).name, found))
    return Direct(frozenset(codes), "; ".join(said))


def members(graph: Graph, when: Conditions, around: Window, regime: int) -> set[str]:
    """Alpha-2 codes of the states that are members of a regime when it matters."""
    index = graph.index
    at, _ = index.into(np.array([regime], np.int64))
    at = at[(index.kind[at] == KIND_CODES["MEMBER_STATE"]) & (index.flags[at] & DENIES == 0)]
    at = at[(index.confidence[at] >= when.level) & (index.first[at] < around.ends)]
    at = at[index.until[when.level][at] >= around.since]
    states = graph.store.entities(index.source[at].tolist())
    return {code for state in states.values() for code in state.countries}


def _countries(graph: Graph, when: Conditions, around: Window, name: str) -> tuple[list[str], str]:
    try:
        number = graph.store.find(name)
    except AmbiguousError:
        raise
    except NotFoundError:
        if not _CODE.fullmatch(name):
            raise
        if name.lower() == _UNION:
            raise NotFoundError(
                f"{name} is no regime of this graph; name its members, for example --direct DE,FR"
            ) from None
        return [name.lower()], name.upper()
    found = members(graph, when, around, number)
    entity = graph.store.entity(number)
    if found:
        return sorted(found), _members_words(entity.name, found)
    if entity.schema != "Country" or not entity.countries:
        raise InputError(
            f"{name!r} ({entity.id}) is no country, and no state is known as its member on that"
            " day; name countries by their ISO 3166 codes"
        )
    return list(entity.countries), entity.name


def _members_words(name: str, found: Iterable[str]) -> str:
    codes = sorted(code.upper() for code in found)
    return f"{name} ({len(codes)}: {', '.join(codes)})"


def holders(direct: Direct, entities: Mapping[int, Entity]) -> set[int]:
    """Those of these entities that are of the direct countries."""
    return {number for number, entity in entities.items() if direct.holds(entity)}
