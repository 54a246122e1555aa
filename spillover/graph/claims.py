"""Is a claim well formed, and how do its words become numbers.

The packed records of a graph file and the arrays of the index hold codes; this module is the one
place where words become codes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from spillover.graph.dates import OPEN_START, first_day, last_day
from spillover.graph.errors import DateError, InputError
from spillover.graph.evidence import CONFIDENCES, STANCES
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT, PACKED, UNDATED, UNSTATED

KIND_CODES: Final[Mapping[str, int]] = {name: code for code, name in enumerate(KINDS)}
BASES: Final = (
    *("", "capital", "votes", "interest", "supply", "sales", "market"),
    *("board", "golden_share", "contract", "influence"),
)
"""Codes of what a share is a share of, or of how control is exercised, in packed records."""
BASIS_CODES: Final[Mapping[str, int]] = {name: code for code, name in enumerate(BASES)}


class Prepared(NamedTuple):
    """A claim whose values are checked, with the days that they mean."""

    relation: Relation
    first: int
    last: int
    observed: int
    flags: int


def prepare(relation: Relation) -> Prepared:
    """Check a claim before anything of its record is written.

    Raises:
        InputError: unknown kind, basis, confidence or stance, a share that the kind has not, an
            end that names nobody, a bad date, or an end before the start.
    """
    kind = KINDS.get(relation.kind)
    evidence = relation.evidence
    if kind is None:
        raise InputError(f"unknown kind of relation {relation.kind!r}; known: {', '.join(KINDS)}")
    if not relation.source or not relation.target:
        raise InputError(f"{relation.kind} names nobody at one of its ends; give both ids")
    if relation.stake and not kind.bases:
        raise InputError(
            f"{relation.kind} has no share, but {relation.stake} is given; leave it out"
        )
    if relation.basis and relation.basis not in (*kind.bases, *kind.means):
        known = ", ".join((*kind.bases, *kind.means)) or "none"
        raise InputError(f"{relation.kind} has no basis {relation.basis!r}; it has: {known}")
    if evidence.confidence not in CONFIDENCES or evidence.stance not in STANCES:
        raise InputError(
            f"confidence {evidence.confidence!r} or stance {evidence.stance!r} is unknown;"
            f" use {', '.join(CONFIDENCES)} and {', '.join(STANCES)}"
        )
    start, last = first_day(relation.start), last_day(relation.end)
    if last < start:
        raise DateError(f"ends on {relation.end} before it starts on {relation.start}")
    seen = first_day(evidence.observed)
    observed = seen or start
    # A source that speaks of an end in the past says that it was so before, not only on that day.
    first = start or (OPEN_START if last <= last_day(evidence.observed, OPEN_START) else observed)
    flags = (
        DENIES * (evidence.stance == "denies")
        | INDIRECT * relation.reported_indirect
        | UNSTATED * (relation.stake is None or relation.stake.unknown)
        | UNDATED * (observed == OPEN_START)
    )
    return Prepared(relation, first, last, observed, flags)


def packed(claim: Prepared, source: int, target: int, number: Callable[[str], int]) -> bytes:
    """A claim as the record from which the index is compiled.

    Args:
        claim: the claim.
        source: number of its source end.
        target: number of its target end.
        number: gives the number of an interned text, its key or its block.
    """
    relation = claim.relation
    return PACKED.pack(
        source,
        target,
        *(relation.stake or (0, WHOLE)),
        claim.first,
        claim.last,
        claim.observed,
        number(key_text(relation)),
        number(relation.block),
        KIND_CODES[relation.kind],
        BASIS_CODES[relation.basis],
        CONFIDENCES.index(relation.evidence.confidence),
        claim.flags,
    )


def key_text(relation: Relation) -> str:
    """What tells this claim apart from others of its pair and basis, as one text; mostly empty."""
    names = KINDS[relation.kind].key
    if not names or not relation.properties:
        return ""
    values = [relation.properties.get(name, ()) for name in names]
    return json.dumps(values, ensure_ascii=False) if any(values) else ""
