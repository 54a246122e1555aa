"""How does what a scenario changes become rows and columns."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from spillover.views.grid import Grid, Rows, evidence, made, name
from spillover.views.scenarios import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spillover.queries.answer import Claim
    from spillover.queries.changes.change import (
        Causes,
        ExposureChange,
        ListingChange,
        VerdictChange,
    )
    from spillover.queries.scenarios.made import Made
    from spillover.queries.scenarios.scenario import Compared, Outcome


def outcome(answer: Outcome) -> tuple[Grid, ...]:
    """What is supposed, what it changes, and the sources of the claims behind it."""
    found = (verdicts(answer), listings(answer), exposures(answer))
    claims = evidence("Claims behind it", _claims(answer))
    return (supposed(answer), *(one for one in found if one.rows or one.note), claims)


def supposed(answer: Outcome) -> Grid:
    """One row for each change as it was made."""
    rows: Rows = [_made(change) for change in answer.made]
    lead = "\n".join(answer.changes.remarks)
    return made(words.title(answer), "Change|Day|Supposed|Brings with it", rows, lead=lead)


def _made(change: Made) -> tuple[str, ...]:
    number = f"{change.scenario} {change.number}".strip()
    return (number, change.day, change.words, "\n".join(change.notes))


def verdicts(answer: Outcome) -> Grid:
    """One row for each entity and whatever rules change their mind on it alike."""
    rows: Rows = []
    for _, same in groupby(_alike(answer.changes.verdicts), key=_likeness):
        several = list(same)
        rows.append(_verdict(several[0], "\n".join(change.rule for change in several)))
    counts = answer.changes.verdict_counts
    left = sum(counts.values()) - len(answer.changes.verdicts)
    notes = [*words.counts(counts)] or ["no verdict changes"]
    if left:
        notes.append(f"{left} changes are not shown; see --limit")
    return made("Verdicts", _COLUMNS, rows, "\n".join(notes))


_COLUMNS = "Entity|Rule|What|Before|After|Held before|Held after|Because"


def _alike(changes: Iterable[VerdictChange]) -> list[VerdictChange]:
    """The changes with those that differ only in their rule side by side."""
    first: dict[object, int] = {}
    listed = list(changes)
    for number, change in enumerate(listed):
        first.setdefault(_likeness(change), number)
    return sorted(listed, key=lambda change: first[_likeness(change)])


def _likeness(change: VerdictChange) -> object:
    return change.entity, change.before, change.after, change.causes


def _verdict(change: VerdictChange, rule: str) -> tuple[str, ...]:
    before, after = change.before, change.after
    return (
        name(change.entity),
        rule,
        words.transition(change),
        words.STOOD[before.word],
        words.STOOD[after.word],
        words.held(before),
        words.held(after),
        words.reasons(change.causes),
    )


def verdict_rows(answer: Outcome) -> Grid:
    """One row for each change of a verdict, and for each of another kind: for a spreadsheet."""
    changes = answer.changes
    rows: Rows = [("verdict", *_verdict(change, change.rule)) for change in changes.verdicts]
    for kind, grid in (("listing", listings(answer)), ("exposure", exposures(answer))):
        # Entity, what, before, after, because: no rule, and no share held.
        rows += [(kind, r[0], "", r[1], r[2], r[3], "", "", r[4]) for r in grid.rows]
    return made(words.title(answer), f"Kind|{_COLUMNS}", rows)


def listings(answer: Outcome) -> Grid:
    """One row for each entity that a programme lists otherwise."""
    rows: Rows = [_listing(change) for change in answer.changes.listings]
    note = _left(answer.changes.listing_counts, len(rows))
    return made("Listings", "Entity|What|Before|After|Because", rows, note)


def _listing(change: ListingChange) -> tuple[str, ...]:
    before, after = (
        "; ".join(f"{change.programme.name} since {one.since or 'an unknown day'}" for one in said)
        for said in (change.before, change.after)
    )
    ends = (before or words.NOBODY, after or words.NOBODY)
    return (name(change.entity), change.what, *ends, words.reasons(change.causes))


def exposures(answer: Outcome) -> Grid:
    """One row for each entity whose strongest path changes."""
    rows: Rows = [_exposure(change) for change in answer.changes.exposures]
    notes = [_left(answer.changes.exposure_counts, len(rows))]
    if answer.changes.not_compared:
        notes.append(
            f"{answer.changes.not_compared} weak paths were found on one side alone, where the"
            " search on the other was cut short: nothing is said of them"
        )
    return made(
        "Exposures: the strongest path from anybody who is listed",
        "Entity|What|Strength before|Strength after|Because",
        rows,
        "\n".join(filter(None, notes)),
    )


def _exposure(change: ExposureChange) -> tuple[str, ...]:
    sides = (change.before, change.after)
    before, after = (words.strength(one.strength if one else None) for one in sides)
    return (name(change.entity), change.what, before, after, words.reasons(change.causes))


def _left(counts: Mapping[str, int], shown: int) -> str:
    left = sum(counts.values()) - shown
    return f"{left} changes are not shown; see --limit" if left > 0 else ""


def _claims(answer: Outcome) -> list[Claim]:
    """Claims that the scenario makes and ends, and those behind each change."""
    changes = answer.changes
    causes: list[Causes] = [change.causes for change in changes.listings]
    causes += [change.causes for change in changes.verdicts]
    causes += [change.causes for change in changes.exposures]
    behind = [claim for cause in causes for claim in (*cause.gone, *cause.new)]
    return list(dict.fromkeys((*answer.supposed, *answer.ended, *behind)))


def compared(answer: Compared, limit: int) -> tuple[Grid, ...]:
    """Both scenarios side by side: what each supposes, and how everybody stands."""
    first, second = _named(answer)
    rows: Rows = [
        (side, str(one.number), *_made(one)[1:])
        for side, outcome in ((first, answer.first), (second, answer.second))
        for one in outcome.made
    ]
    stood: Rows = [
        (
            name(row.entity),
            row.rule,
            *(words.STOOD[one.word] for one in (row.base, row.first, row.second)),
            *(words.held(one) for one in (row.base, row.first, row.second)),
            "yes" if row.differs else "no",
        )
        for row in answer.verdicts[:limit]
    ]
    paths: Rows = [
        (
            name(row.entity),
            *(words.strength(one) for one in (row.base, row.first, row.second)),
            "yes" if row.differs else "no",
        )
        for row in answer.exposures[:limit]
    ]
    lead = "\n".join(answer.first.changes.remarks)
    return (
        made(
            f"{first} beside {second} on {answer.first.when.as_of}",
            "Scenario|Change|Day|Supposed|Brings with it",
            rows,
            lead=lead,
        ),
        made(
            "Verdicts",
            f"Entity|Rule|As it is|{first}|{second}"
            f"|Held as it is|Held, {first}|Held, {second}|Differ",
            stood,
            _rest(len(answer.verdicts), limit, sum(row.differs for row in answer.verdicts)),
        ),
        made(
            "Exposures: the strongest path from anybody who is listed",
            f"Entity|As it is|{first}|{second}|Differ",
            paths,
            _rest(len(answer.exposures), limit, sum(row.differs for row in answer.exposures)),
        ),
    )


def _rest(number: int, limit: int, differing: int) -> str:
    left = f"; {number - limit} are not shown; see --limit" if number > limit else ""
    return f"{differing} differ between the scenarios{left}"


def _named(answer: Compared) -> tuple[str, str]:
    first, second = answer.first.name or "first", answer.second.name or "second"
    first, second = (one.replace("|", "/") for one in (first, second))
    return (f"{first} (A)", f"{second} (B)") if first == second else (first, second)
