"""Which goods are meant: customs codes, names, or everything that a regime covers?

A flow names its product by an HS6 code or by the words of its source. Codes part the goods of the
world without overlap, so flows of several codes may be added up. Words do not ("electronic
components" include "microchips"), so that goods known by their words are each looked at alone.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.compiler import texts
from spillover.graph.errors import AmbiguousError, NotFoundError
from spillover.graph.folding import bare
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions

_CODE: Final = re.compile(r"(?:hs:)?((?:\d\d){1,2}|\d{4}[0-9A-Z]{2})", re.ASCII)
_PARTS: Final = 3
"""What tells flows of a pair apart: words of the product, its HS6 code, the period."""


class Good(NamedTuple):
    """A product as flows name it: by its HS6 code, else by the words of a source."""

    code: str
    words: str
    """Without case and accents; empty where there is a code."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The goods of all flows in a graph."""

    keys: Mapping[int, tuple[Good, str]]
    """Good and period (as printed) by the key of claims."""
    codes: frozenset[Good]
    """Goods that have a code."""
    names: Mapping[Good, str]
    """Words as printed, of goods that have no code."""

    def keys_of(self, goods: Iterable[Good]) -> npt.NDArray[np.int64]:
        """The keys of claims about these goods."""
        wanted = set(goods)
        found = [key for key, (good, _) in self.keys.items() if good in wanted]
        return np.array(sorted(found), np.int64)

    def under(self, code: str) -> set[Good]:
        """Goods whose code begins so: a heading has its subheadings."""
        return {good for good in self.codes if good.code.startswith(code)}

    def called(self, words: str) -> set[Good]:
        """The good of these words."""
        good = Good("", bare(words))
        return {good} & set(self.names)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The goods of a question."""

    goods: tuple[Good, ...]
    """In order of code, then of words; only those of which there are flows."""
    asked: tuple[str, ...]
    """What was asked for, each with how it was read."""
    tiers: Mapping[Good, str]
    """Tier on the list that covers it, where the list has tiers."""
    regimes: tuple[int, ...]
    """Regimes whose goods were asked for."""
    covers: tuple[int, ...]
    """Positions of the claims by which they cover these goods."""


def catalogue(graph: Graph) -> Catalogue:
    """The goods of all flows."""
    index = graph.index
    flows = index.kind == KIND_CODES["EXPORTS"]
    used = np.unique(index.key[flows]).tolist()
    terms = texts(graph.store)
    keys: dict[int, tuple[Good, str]] = {}
    names: dict[Good, str] = {}
    for key in used:
        parts = json.loads(terms[key]) if key else []
        if len(parts) != _PARTS:
            continue
        words, codes, periods = parts
        good = Good(codes[0] if codes else "", "" if codes else bare(words[0] if words else ""))
        keys[key] = good, periods[0] if periods else ""
        if words and not codes:
            names.setdefault(good, words[0])
    return Catalogue(keys, frozenset(good for good, _ in keys.values() if good.code), names)


def choose(graph: Graph, when: Conditions, flows: Catalogue, names: Sequence[str]) -> Chosen:
    """The goods that these names mean: HS codes, products, words of flows, or regimes.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims by which a regime covers goods.
        flows: the goods of all flows.
        names: what was asked for.

    Raises:
        NotFoundError: a name means no good of any flow.
        AmbiguousError: a name means several entities.
    """
    goods: set[Good] = set()
    asked: list[str] = []
    regimes: list[int] = []
    covers: dict[int, set[Good]] = {}
    for name in names:
        found, said, regime, claims = _meant(graph, when, flows, name)
        if not found:
            raise NotFoundError(_nothing(flows, name, said))
        goods |= found
        asked.append(f"{said}: {len(found)} good{'s' if len(found) > 1 else ''} with flows")
        regimes += regime
        covers |= claims
    tiers = _tiers(graph, covers)
    ordered = tuple(sorted(goods))
    return Chosen(
        ordered, tuple(asked), tiers, tuple(dict.fromkeys(regimes)), tuple(sorted(covers))
    )


def _meant(
    graph: Graph, when: Conditions, flows: Catalogue, name: str
) -> tuple[set[Good], str, list[int], dict[int, set[Good]]]:
    """Goods of one name, how it was read, the regime if it is one, and its claims with goods."""
    code = _CODE.fullmatch(name.strip())
    if code:
        return flows.under(code[1]), f"HS {code[1]}", [], {}
    try:
        number = graph.store.find(name)
    except (NotFoundError, AmbiguousError):
        words = flows.called(name)
        if words:
            return words, f"flows of “{name}”", [], {}
        raise
    claims = covering(graph, when, [number])
    if not len(claims):
        return _of(graph, flows, [number]) | flows.called(name), name, [], {}
    by_claim = {
        int(at): _of(graph, flows, [target])
        for at, target in zip(claims.tolist(), graph.index.target(claims).tolist(), strict=True)
    }
    entity = graph.store.entity(number)
    goods = {good for found in by_claim.values() for good in found}
    used = {at: found for at, found in by_claim.items() if found}
    return goods, f"{entity.name} ({len(claims)} covered)", [number], used


def covering(
    graph: Graph, when: Conditions, regimes: Iterable[int] | None = None
) -> npt.NDArray[np.int64]:
    """Positions of the claims by which these regimes (None: all) cover goods on the day."""
    index = graph.index
    if regimes is None:
        at = np.flatnonzero(index.kind == KIND_CODES["COVERS"])
    else:
        at = index.out_of(np.array(sorted(regimes), np.int64))
        at = at[index.kind[at] == KIND_CODES["COVERS"]]
    counts = when.valid(index, at) & (index.flags[at] & DENIES == 0)
    return np.sort(at[counts]).astype(np.int64)


def controlled(graph: Graph, when: Conditions, flows: Catalogue) -> set[Good]:
    """Every good that some regime in the graph covers on the day."""
    at = covering(graph, when)
    return _of(graph, flows, np.unique(graph.index.target(at)).tolist())


def _of(graph: Graph, flows: Catalogue, products: Iterable[int]) -> set[Good]:
    """The goods of products and of all their kinds, by code and by name."""
    found: set[Good] = set()
    for entity in graph.store.entities(_kinds(graph, products)).values():
        for code in _codes(entity):
            found |= flows.under(code)
        for words in (entity.name, *(name.text for name in entity.names)):
            found |= flows.called(words)
    return found


def _codes(entity: Entity) -> set[str]:
    named = {value for scheme, value in entity.identifiers if scheme == "hs"}
    match = _CODE.fullmatch(entity.id) if entity.id.startswith("hs:") else None
    return named | ({match[1]} if match else set())


def _kinds(graph: Graph, products: Iterable[int]) -> set[int]:
    """Products with everything that is a kind of one of them."""
    index = graph.index
    known = {int(product) for product in products}
    new = known
    while new:
        at, _ = index.into(np.array(sorted(new), np.int64))
        at = at[(index.kind[at] == KIND_CODES["KIND_OF"]) & (index.flags[at] & DENIES == 0)]
        new = set(index.source[at].tolist()) - known
        known |= new
    return known


def called(graph: Graph, known: Catalogue, goods: Iterable[Good]) -> dict[Good, str]:
    """What each good is called: where there are several names, one that says more than its code."""
    found: dict[Good, str] = {}
    for good in sorted(goods):
        number = graph.store.number(f"hs:{good.code}") if good.code else None
        names = [known.names.get(good, f"HS {good.code}")]
        if number is not None:
            entity = graph.store.entity(number)
            names = [entity.name, *(name.text for name in entity.names), *names]
        found[good] = next((name for name in names if name != f"HS {good.code}"), names[0])
    return found


def _tiers(graph: Graph, covers: Mapping[int, set[Good]]) -> dict[Good, str]:
    """Tier of each good, as the claims that cover it print it."""
    numbers = {at: int(graph.index.relation[at]) for at in covers}
    relations = graph.store.relations(numbers.values())
    said: dict[Good, set[str]] = defaultdict(set)
    for at, goods in covers.items():
        for good in goods:
            said[good].update(relations[numbers[at]][0].properties.get("tier", ()))
    return {good: ", ".join(sorted(tiers)) for good, tiers in said.items() if tiers}


def _nothing(flows: Catalogue, name: str, said: str) -> str:
    """That there are no flows of a good, with what there is."""
    known = [*sorted(good.code for good in flows.codes)[:5], *sorted(flows.names.values())[:8]]
    return (
        f"no flow of {name!r} (read as: {said}) is in the graph; goods with flows are, for"
        f" example: {', '.join(known) or 'none; load trade flows first'}"
    )
