"""What changed from one snapshot to another: listings, verdicts and exposures.

Snapshots are compared by entity id, so that they may be of two versions of a graph, two days or
two scenarios. Everything is counted; what is shown comes with the claims that count on one side
and not on the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from spillover.queries.changes.change import (
    ADDED,
    CHANGED,
    REMOVED,
    WHAT,
    Changes,
    Listed,
    ListingChange,
)
from spillover.queries.changes.exposures import exposure_changes
from spillover.queries.changes.pairing import Pair
from spillover.queries.changes.verdicts import verdict_changes

if TYPE_CHECKING:
    from spillover.queries.changes.snapshot import Snapshot


def changes(before: Snapshot, after: Snapshot, *, limit: int | None = None) -> Changes:
    """What changed from one snapshot to the other.

    Args:
        before: of the same rules.
        after: the same question at another version, on another day or under a scenario.
        limit: at most so many of each table are shown with their causes; the counts are of all.
    """
    pair = Pair(before, after)
    listings, listed = _listings(pair, limit)
    verdicts, stood = verdict_changes(pair, limit)
    exposures, exposed, unknown = exposure_changes(pair, limit)
    cut = [side.exposures.bound for side in (before, after) if side.exposures is not None]
    return Changes(
        listings,
        verdicts,
        exposures,
        _counted(listed),
        stood,
        _counted(exposed),
        unknown,
        max(cut, default=Fraction(0)),
        _remarks(before, after),
    )


def _counted(found: Iterable[str]) -> dict[str, int]:
    counts = Counter(found)
    return {what: counts[what] for what in WHAT}


def _remarks(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """What is said of a rule on either day, and that it reads otherwise on the second."""
    said: dict[str, None] = {}
    days = before.when.day, after.when.day
    for other, one in zip(before.rules, after.rules, strict=True):
        law = one.law
        if other.skipped or one.skipped:
            said[
                f"{law.id}: not asked, because it sums chains of shares and too much hangs on those"
                f" from whom it starts; ask for it with --rule {law.id}"
            ] = None
        said |= dict.fromkeys(filter(None, map(law.remark, days)))
        readings = [(law.settled(day), law.widest(day)) for day in days]
        if readings[0] != readings[1]:
            said[
                f"{law.id}: the rule itself is another on {after.when.as_of} than on"
                f" {before.when.as_of}; see `spillover rules show {law.id}`"
            ] = None
    return tuple(said)


def _listings(pair: Pair, limit: int | None) -> tuple[tuple[ListingChange, ...], list[str]]:
    sides = [_designations(pair, side) for side in (pair.before, pair.after)]
    differing: list[tuple[int, int]] = []
    what: list[str] = []
    for key in sorted(sides[0].keys() | sides[1].keys()):
        before, after = (_said(side.get(key, {})) for side in sides)
        if before != after:
            differing.append(key)
            what.append(CHANGED if before and after else (ADDED if after else REMOVED))
    order = sorted(range(len(what)), key=lambda n: (what[n] == CHANGED, n))
    shown = order[:limit]
    parties = pair.parties(code for n in shown for code in differing[n])
    found = []
    for n in shown:
        entity, programme = differing[n]
        old, new = (side.get(differing[n], {}) for side in sides)
        causes = pair.tracer.causes(old, new)
        found.append(
            ListingChange(
                what[n], parties[entity], parties[programme], _said(old), _said(new), causes
            )
        )
    return tuple(found), what


def _designations(pair: Pair, side: Snapshot) -> dict[tuple[int, int], dict[int, Listed]]:
    """The designations of each entity and programme, by position of the claim."""
    listings, index = side.listings, side.graph.index
    entity, programme = (pair.codes(side, column) for column in listings[:2])
    relation = index.relation[listings.position].tolist()
    stated = side.graph.store.relations(relation)
    found: dict[tuple[int, int], dict[int, Listed]] = {}
    columns = entity.tolist(), programme.tolist(), listings.position.tolist(), relation
    for one, by, position, number in zip(*columns, strict=True):
        claim, dataset = stated[number]
        found.setdefault((one, by), {})[position] = Listed(dataset, claim.start)
    return found


def _said(designations: Mapping[int, Listed]) -> tuple[Listed, ...]:
    return tuple(sorted(set(designations.values()), key=lambda one: (one.dataset, one.since or "")))
