"""Whose strongest exposure path became stronger or weaker, began or ceased."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from spillover.queries.answer import Reporter
from spillover.queries.changes.change import ADDED, CHANGED, REMOVED, Exposed, ExposureChange
from spillover.queries.changes.pairing import Pair

if TYPE_CHECKING:
    from spillover.queries.changes.snapshot import Snapshot
    from spillover.queries.shocks.search import Reached, Strength


def exposure_changes(
    pair: Pair, limit: int | None
) -> tuple[tuple[ExposureChange, ...], list[str], int]:
    """Those that are shown, what every change is, and how many cannot be compared.

    An exposure that one search found and the other, cut short, could not have found for certain is
    no change.
    """
    """Those that are shown, what every change is, and how many cannot be compared.

    An exposure that one search found and the other, cut short, could not have found for certain is
    no change.
    """
    sides = (pair.before.exposures, pair.after.exposures)
    if sides[0] is None or sides[1] is None:
        return (), [], 0
    strengths = [_strengths(pair, side) for side in (pair.before, pair.after)]
    differing: list[tuple[int, str]] = []
    unknown = 0
    for code in sorted(strengths[0].keys() | strengths[1].keys()):
        before, after = (side.get(code) for side in strengths)
        if before == after:
            continue
        if not all(
            _certain(side, own, there)
            for side, own, there in ((sides[0], before, after), (sides[1], after, before))
        ):
            unknown += 1
            continue
        what = CHANGED if before and after else (REMOVED if before else ADDED)
        differing.append((code, what))
    order = sorted(differing, key=lambda one: _weight([s.get(one[0]) for s in strengths], one[0]))
    return _shown(pair, order[:limit]), [what for _, what in differing], unknown


def _certain(reached: Reached, own: Strength | None, there: Strength | None) -> bool:
    """Whether a search, which may have been cut short, found the strongest path there is.

    Args:
        reached: what it found.
        own: the strength of its path; None where it found none.
        there: the strength of that of the other search.
    """
    if own is None:
        return there is None or there.high > reached.bound
    return own.low >= reached.surer and (own.low > 0 or own.high >= reached.bound)


def _weight(strengths: list[Strength | None], code: int) -> tuple[Fraction, Fraction, int]:
    """The strongest first; the same whichever side is the first."""
    known = [strength for strength in strengths if strength is not None]
    return -max(one.low for one in known), -max(one.high for one in known), code


def _strengths(pair: Pair, side: Snapshot) -> dict[int, Strength]:
    reached = side.exposures
    assert reached is not None
    wanted = [n for n in reached.entities if side.of is None or n in side.of]
    codes = pair.codes(side, np.array(wanted, np.int64)).tolist()
    return {code: reached.strength(n) for code, n in zip(codes, wanted, strict=True)}


def _shown(pair: Pair, chosen: list[tuple[int, str]]) -> tuple[ExposureChange, ...]:
    parties = pair.parties(code for code, _ in chosen)
    found = []
    for code, what in chosen:
        paths: list[Exposed | None] = []
        for side, reporter in zip((pair.before, pair.after), pair.tracer.reporters, strict=True):
            number = side.numbers.get(pair.ids[code])
            reached = side.exposures
            paths.append(_exposed(reporter, reached, number) if reached else None)
        causes = pair.tracer.of_exposure(pair.ids[code])
        found.append(ExposureChange(what, parties[code], paths[0], paths[1], causes))
    return tuple(found)


def _exposed(reporter: Reporter, reached: Reached, number: int | None) -> Exposed | None:
    try:
        hops = reached.hops(number) if number is not None else []
    except KeyError:
        return None
    if number is None:
        return None
    claims = reporter.claims(at for hop in hops for at in hop.positions)
    ends = reporter.parties(hop.target for hop in hops)
    return Exposed(
        reporter.party(reached.start(number)),
        reached.strength(number),
        tuple(
            (hop.channel, ends[hop.target], tuple(claims[at] for at in hop.positions))
            for hop in hops
        ),
    )
