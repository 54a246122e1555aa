"""Which claims tie an entity to an organ, and what do they say together.

A tie is a STATE_TIE of whatever source, or another relation with an organ at its other end: the
organ owns, controls, consolidates, directs or employs it, or it supplies, represents, belongs to or
works with the organ. Work with a university counts when that university is itself tied to defence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.schema import KINDS
from spillover.graph.stake import Stake
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Reporter
from spillover.queries.shocks.hops import Channels
from spillover.queries.ties.organs import Organs
from spillover.queries.ties.tie import Tie, lists_of, tie_of, word

Ints = npt.NDArray[np.int64]

INTO: Final = ("STATE_TIE", "OWNS", "CONTROLS", "CONSOLIDATES", "DIRECTS", "EMPLOYS")
"""Kinds that tie the target to an organ at the source."""
OUT: Final = ("SUPPLIES", "REPRESENTS", "MEMBER_OF")
"""Kinds that tie the source to an organ at the target."""
BOTH: Final = ("COLLABORATES",)


class Found(NamedTuple):
    """Claims that tie one entity to one organ in one way, as positions in the index."""

    entity: int
    organ: int
    kind: str
    positions: tuple[int, ...]


class Ends(NamedTuple):
    """Every claim that touches some entities: its position, that entity, the other end."""

    at: Ints
    entity: Ints
    other: Ints
    inward: npt.NDArray[np.bool_]
    """Whether the entity is the target."""


def ends(organs: Organs, entities: Iterable[int]) -> Ends:
    """Every claim that touches these entities, twice where it lies between two of them."""
    index = organs.graph.index
    numbers = np.unique(np.fromiter(entities, np.int64))
    into, about = index.into(numbers)
    out = index.out_of(numbers)
    inward = np.repeat([True, False], [len(into), len(out)])
    at = np.concatenate([into, out])
    entity = np.concatenate([about, index.source[out].astype(np.int64)])
    other = np.concatenate([index.source[into].astype(np.int64), index.target(out)])
    return Ends(at, entity, other, inward)


def found(
    known: Organs, touching: Ends, organs: Iterable[int] = (), *, beside: bool = True
) -> tuple[list[Found], list[int]]:
    """The ties among claims, and the positions of other claims between their entities and organs.

    Args:
        known: the organs of the graph.
        touching: the claims, seen from the entities.
        organs: entities that are taken as organs whatever is said of them.
        beside: whether the other claims are asked for, too; else only denials of the same pairs.
    """
    index = known.graph.index
    kind = index.kind[touching.at]
    inward, other = touching.inward, touching.other
    both = _is(kind, BOTH)
    ties = np.where(inward, _is(kind, INTO), _is(kind, OUT)) | both
    stated = _is(kind, ("STATE_TIE",)) & inward
    # What an entity holds itself is no tie: of a large group nobody looks at every daughter.
    asked = ties | ~(_is(kind, ("OWNS", "CONTROLS", "CONSOLIDATES")) | stated)
    bodies = known.among(other[asked if beside else ties & ~stated].tolist()).union(organs)
    schools = known.defence_tied(other[both].tolist())
    is_organ = np.isin(other, sorted(bodies))
    lands = [n for n, body in known.entities(bodies).items() if body.schema == "Country"]
    # What a firm sells abroad is told as a supply to the country, not to its government.
    market = _is(kind, ("SUPPLIES",)) & np.isin(other, lands)
    tied = stated | (ties & is_organ & ~market) | (both & np.isin(other, sorted(schools)))
    groups: dict[tuple[int, int, str], list[int]] = {}
    names = tuple(KINDS)
    for row in np.flatnonzero(tied).tolist():
        key = int(touching.entity[row]), int(other[row]), names[kind[row]]
        groups.setdefault(key, []).append(int(touching.at[row]))
    pairs = {key[:2] for key in groups}
    denied = index.flags[touching.at] & DENIES != 0
    others = [
        int(touching.at[row])
        for row in np.flatnonzero(~tied & ~market & (denied | beside)).tolist()
        if (beside and is_organ[row]) or (int(touching.entity[row]), int(other[row])) in pairs
    ]
    made = [Found(*key, tuple(sorted(set(at)))) for key, at in sorted(groups.items())]
    return made, sorted(set(others))


def _is(kind: npt.NDArray[np.uint8], names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    chosen: npt.NDArray[np.bool_] = np.isin(kind, [KIND_CODES[name] for name in names])
    return chosen


def ties(
    organs: Organs, ways: list[Found], beside: list[int], reporter: Reporter
) -> dict[int, list[Tie]]:
    """The ties of each entity: one for each organ, kind and word; sorted."""
    claims = reporter.claims((*beside, *(p for way in ways for p in way.positions)))
    shown = organs.organs({way.organ for way in ways}, reporter)
    parties = reporter.parties({way.entity for way in ways})
    listed = listings(organs, {way.entity for way in ways}, reporter)
    shares = _shares(organs, ways)
    denials: dict[frozenset[int], list[Claim]] = {}
    for claim in sorted(claims.values(), key=lambda claim: claim.relation):
        if claim.stance == "denies":
            denials.setdefault(frozenset((claim.source.num, claim.target.num)), []).append(claim)
    made: dict[int, list[Tie]] = {}
    for way in ways:
        words: dict[str, list[Claim]] = {}
        for position in way.positions:
            words.setdefault(word(claims[position]), []).append(claims[position])
        pair = shown[way.organ], parties[way.entity]
        against = denials.get(frozenset((way.entity, way.organ)), [])
        share = shares.get((way.organ, way.entity)) if way.kind == "OWNS" else None
        for group in words.values():
            tie = tie_of(organs.known, pair, group, against)
            lists = lists_of(tie, listed.get(way.entity, []))
            made.setdefault(way.entity, []).append(
                replace(tie, lists=lists, share=share if tie.counted else None)
            )
    order = {category.id: number for number, category in enumerate(organs.known.every)}
    for group_of in made.values():
        group_of.sort(key=lambda t: (order[t.category.id], t.organ.party.id, t.kind, t.word))
    return made


def listings(organs: Organs, entities: Iterable[int], reporter: Reporter) -> dict[int, list[Claim]]:
    """Claims that a programme lists these entities, on the day or on another."""
    index = organs.graph.index
    at, about = index.into(np.unique(np.fromiter(entities, np.int64)))
    keep = index.kind[at] == KIND_CODES["DESIGNATES"]
    claims = reporter.claims(at[keep].tolist())
    made: dict[int, list[Claim]] = {}
    for position, entity in zip(at[keep].tolist(), about[keep].tolist(), strict=True):
        made.setdefault(entity, []).append(claims[position])
    return made


def _shares(organs: Organs, ways: list[Found]) -> dict[tuple[int, int], Stake]:
    """Least and greatest share of each owner among the ways, on the day."""
    owned = sorted({way.entity for way in ways if way.kind == "OWNS"})
    if not owned:
        return {}
    hops = Channels(organs.graph.index, organs.when, ("ownership",)).toward(owned)
    columns = (hops.source, hops.target, hops.low, hops.high)
    shares: dict[tuple[int, int], Stake] = {}
    for source, target, low, high in zip(*(c.tolist() for c in columns), strict=True):
        before = shares.get((source, target), Stake(low, high))
        shares[source, target] = Stake(max(low, before.low), max(high, before.high))
    return shares
