"""Which regimes are coalitions of states, and who was in each on the day?

A state is a member while a claim of its membership counts: from its start (else from the day for
which the source speaks) to its end. A membership that a source denies is contested, and told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.errors import AmbiguousError, NotFoundError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions

_MEMBER: Final = KIND_CODES["MEMBER_STATE"]
_COVERS: Final = KIND_CODES["COVERS"]


@dataclass(frozen=True, slots=True)
class Member:
    """A state that is in a regime on the day."""

    party: Party
    contested: bool
    """A source denies it."""
    claims: tuple[Claim, ...]
    """That it is a member, and denials."""


@dataclass(frozen=True, slots=True)
class Regime:
    """A named coalition of states."""

    party: Party
    members: tuple[Member, ...]
    """On the day, by country."""
    ever: int
    """States of which any claim says that they are, were or will be members."""
    covers: tuple[Party, ...]
    """Products and technologies that it covers on the day."""

    @property
    def codes(self) -> frozenset[str]:
        """Countries of its members (alpha-2)."""
        return frozenset(member.party.country for member in self.members) - {""}


@dataclass(frozen=True, slots=True)
class Regimes:
    """All regimes that the graph knows."""

    when: Conditions
    regimes: tuple[Regime, ...]
    """Those with most members first."""
    sources: Sources


def regimes(graph: Graph, when: Conditions, names: Iterable[str] = ()) -> Regimes:
    """Every regime with its members on the day, and what it covers.

    Args:
        graph: the graph.
        when: day and confidence of the claims; their age does not matter.
        names: only these, by id, name or short form; all if none are named.

    Raises:
        NotFoundError, AmbiguousError: a name.
    """
    reporter = Reporter(graph, when)
    numbers = dict.fromkeys(_number(graph, name) for name in names) or _numbers(graph)
    found = [_regime(graph, reporter, when, number) for number in numbers]
    found.sort(key=lambda regime: (-len(regime.members), regime.party.id))
    return Regimes(when, tuple(found), sources(graph))


def regime(graph: Graph, when: Conditions, name: str) -> Regime:
    """The regime of this id, name or short form.

    Raises:
        NotFoundError: there is none; the message names those that there are.
        AmbiguousError: several go by that name.
    """
    return _regime(graph, Reporter(graph, when), when, _number(graph, name))


def _number(graph: Graph, name: str) -> int:
    numbers = _numbers(graph)
    entities = graph.store.entities(numbers)
    wanted = fold(name)
    found = [
        number
        for number, entity in entities.items()
        if wanted in _called(entity) or number == graph.store.number(name)
    ]
    if not found:
        known = ", ".join(sorted(entity.name for entity in entities.values())) or "none"
        raise NotFoundError(f"no regime is called {name!r}; the graph knows: {known}")
    if len(found) > 1:
        several = tuple((entities[n].id, entities[n].name, "") for n in sorted(found))
        ids = ", ".join(ident for ident, _, _ in several)
        raise AmbiguousError(f"several regimes are called {name!r}: {ids}; give the id", several)
    return found[0]


def _called(entity: Entity) -> set[str]:
    """Under which forms a regime is known."""
    others = (*(name.text for name in entity.names), *(value for _, value in entity.identifiers))
    return {fold(text) for text in (entity.id, entity.name, *others)}


def _numbers(graph: Graph) -> list[int]:
    """Entities with member states, and those regimes that cover products."""
    index = graph.index
    members = index.kind == _MEMBER
    named = set(np.unique(index.target(np.flatnonzero(members))).tolist())
    covering = np.unique(index.source[index.kind == _COVERS]).tolist()
    entities = graph.store.entities(covering)
    named |= {number for number, entity in entities.items() if entity.schema == "Regime"}
    return sorted(named)


def _regime(graph: Graph, reporter: Reporter, when: Conditions, number: int) -> Regime:
    index = graph.index
    at, _ = index.into(np.array([number]))
    at = at[index.kind[at] == _MEMBER]
    ever = len(np.unique(index.source[at]))
    at = at[when.valid(index, at)]
    said: dict[int, list[int]] = {}
    for position, state in zip(at.tolist(), index.source[at].tolist(), strict=True):
        said.setdefault(state, []).append(position)
    members = [
        member
        for state, positions in said.items()
        if (member := _member(graph, reporter, state, positions))
    ]
    members.sort(key=lambda member: (member.party.country, member.party.id))
    return Regime(reporter.party(number), tuple(members), ever, _covered(graph, when, number))


def _member(graph: Graph, reporter: Reporter, state: int, positions: list[int]) -> Member | None:
    """The state, where one of its claims asserts that it is a member."""
    denied = graph.index.flags[positions] & DENIES != 0
    if denied.all():
        return None
    claims = reporter.claims(positions)
    ordered = tuple(claims[position] for position in positions)
    return Member(reporter.party(state), bool(denied.any()), ordered)


def _covered(graph: Graph, when: Conditions, number: int) -> tuple[Party, ...]:
    index = graph.index
    at = index.out_of(np.array([number]))
    at = at[(index.kind[at] == _COVERS) & (index.flags[at] & DENIES == 0)]
    at = at[when.valid(index, at)]
    parties = Reporter(graph, when).parties(np.unique(index.target(at)).tolist())
    return tuple(sorted(parties.values(), key=lambda party: party.id))


def covering(graph: Graph, when: Conditions, products: Iterable[int]) -> dict[int, list[Claim]]:
    """Claims that regimes cover these products, by product; denials among them."""
    index = graph.index
    at, about = index.into(np.unique(np.fromiter(products, np.int64)))
    keep = index.kind[at] == _COVERS
    at, about = at[keep], about[keep]
    keep = when.valid(index, at)
    at, about = at[keep], about[keep]
    claims = Reporter(graph, when).claims(at.tolist())
    found: dict[int, list[Claim]] = {}
    for position, product in zip(at.tolist(), about.tolist(), strict=True):
        found.setdefault(product, []).append(claims[position])
    return found
