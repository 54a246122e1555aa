"""How do many entities stand under several rules, each asked once for all of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.stake import Stake
from spillover.queries.answer import Reporter
from spillover.queries.blocked import NOT_BLOCKED, Verdict, verdicts
from spillover.queries.case import Case, Stand
from spillover.queries.costly import too_costly
from spillover.queries.holdings import Ints
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Rule
from spillover.queries.screening.pruning import above

LISTED: Final = "listed"


class Law(NamedTuple):
    """A rule, and from whom it starts."""

    rule: Rule
    starts: Ints
    """Sorted numbers."""
    counts: bool
    """Whether its verdicts decide anything."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an entity stands under one rule."""

    rule: str
    verdict: str
    """``listed``, ``blocked``, ``undetermined`` or ``not_blocked``."""
    share: Stake | None
    """What listed and blocked persons hold of it; None of the listed themselves."""
    detail: Verdict | None
    """The verdict with its proof, where it is ``blocked`` or ``undetermined``."""
    counts: bool = True
    """False of a what-if: the rule was not in force on the day, and nobody asked for it."""


class Judged(NamedTuple):
    """How they all stand."""

    of: dict[int, list[Judgement]]
    """By entity, in the order of the rules."""
    blocked: Ints
    """Whom any rule that counts surely blocks, whether asked about or not; sorted."""
    skipped: tuple[str, ...]
    """Rules that sum chains, and below whose starts there is too much to do so."""


def judgements(
    ledger: Ledger,
    entities: Ints,
    laws: Sequence[Law],
    reporter: Reporter,
    *,
    most: int | None = None,
) -> Judged:
    """How these entities stand under each of these rules.

    Args:
        ledger: what counts on the day.
        entities: sorted numbers.
        laws: the rules.
        reporter: fetches the proofs.
        most: a rule that sums chains is skipped where more entities hang on those from whom it
            starts: the sums are exact, and in a large circle of owners they take hours.
    """
    found: dict[int, list[Judgement]] = {}
    skipped: list[str] = []
    blocked: list[Ints] = [np.empty(0, np.int64)]
    relevant = above(ledger.index, entities, ledger.when)
    for law, starts, counts in laws:
        mine = np.intersect1d(entities, starts).tolist()
        for entity in mine:
            found.setdefault(entity, []).append(Judgement(law.id, LISTED, None, None, counts))
        targets = np.intersect1d(starts, relevant)
        if not len(targets):
            continue
        if too_costly(ledger, law, targets, most):
            skipped.append(law.id)
            continue
        case = Case(ledger, targets, law, entities)
        if counts:
            blocked.append(case.certain)
        open_ones = np.setdiff1d(np.intersect1d(entities, case.touched()), starts)
        stands = [stand for stand in case.stands(open_ones) if _says(stand)]
        details = _details(case, stands, reporter)
        for stand in stands:
            detail = details.get(stand.entity)
            made = Judgement(law.id, stand.verdict, stand.share, detail, counts)
            found.setdefault(stand.entity, []).append(made)
    return Judged(found, np.unique(np.concatenate(blocked)), tuple(skipped))


def _says(stand: Stand) -> bool:
    return stand.verdict != NOT_BLOCKED or stand.share.high > 0


def _details(case: Case, stands: Sequence[Stand], reporter: Reporter) -> dict[int, Verdict]:
    """The proofs of those that are blocked or undetermined, fetched together."""
    wanted = [stand for stand in stands if stand.verdict != NOT_BLOCKED]
    if not wanted:
        return {}
    return {made.entity.num: made for made in verdicts(case, wanted, reporter)}
