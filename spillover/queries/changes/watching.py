"""What changed for the rows of a portfolio since the last look at it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.queries.changes.looks import Known, Look, Seen, Version

ROW: Final = "row"
STATUS: Final = "status"
MATCH: Final = "match"
QUESTION: Final = "question"
LISTING: Final = "listing"
VERDICT: Final = "verdict"
EXPOSURE: Final = "exposure"
FLAG: Final = "red flag"
WHAT: Final = {
    ROW: "the portfolio has a row more, or less",
    STATUS: "the gravest that is found of a row",
    MATCH: "the entity that a row is for certain",
    QUESTION: "entities that a row may be",
    LISTING: "programmes that list it",
    VERDICT: "how it stands under a rule, or what is held of it",
    EXPOSURE: "the strongest exposure path to it",
    FLAG: "reasons to look closer",
}
"""What can change for a row, in words."""


class RowChange(NamedTuple):
    """One thing that changed for one row."""

    row: str
    """Its name."""
    key: str
    entity: str
    """Id of the entity that it is; empty where none is certain."""
    what: str
    """One of :data:`WHAT`."""
    under: str
    """Programme, rule, flag or candidate."""
    before: str
    """Empty: it was not there."""
    after: str
    """Empty: it is no more."""
    certain: bool
    """False: an open question came, went or changed."""
    datasets: tuple[str, ...]
    """Those on which the two states stand."""


@dataclass(frozen=True, slots=True)
class DatasetStep:
    """A dataset that is another than at the last look."""

    name: str
    before: Version | None
    after: Version | None


@dataclass(frozen=True, slots=True)
class Watched:
    """The answer."""

    before: Look | None
    """The last look; None: this is the first."""
    after: Look
    first_exit_code: int
    """The exit code of the screening, which that of a first look is."""
    changes: tuple[RowChange, ...]
    datasets: tuple[DatasetStep, ...]
    remarks: tuple[str, ...]
    """What makes the two looks hard to compare."""

    @property
    def counts(self) -> dict[str, int]:
        """Changes by what changed, everything named."""
        counts = Counter(change.what for change in self.changes)
        return {what: counts[what] for what in WHAT}

    @property
    def exit_code(self) -> int:
        """0: nothing changed; 10: something did; 11: only open questions."""
        if self.before is None:
            return self.first_exit_code
        if not self.changes:
            return 0
        return 10 if any(change.certain for change in self.changes) else 11


def watched(before: Look | None, after: Look, first_exit_code: int) -> Watched:
    """What changed from one look to the next; nothing before the second.

    Raises:
        InputError: the looks are at two portfolios.
    """
    if before is None:
        return Watched(None, after, first_exit_code, (), (), ())
    if before.portfolio != after.portfolio:
        raise InputError(
            f"the saved look is at {before.portfolio!r}, not at {after.portfolio!r};"
            " name another file with --look"
        )
    rules = set(before.rules) & set(after.rules)
    old, new = ({seen.key: seen for seen in side.rows} for side in (before, after))
    changes = [
        change
        for key in {**new, **old}
        for change in _row(old.get(key), new.get(key), rules)
        if change.what != EXPOSURE or before.exposures == after.exposures
    ]
    steps = tuple(_datasets(before, after))
    return Watched(
        before, after, first_exit_code, tuple(changes), steps, tuple(_remarks(before, after))
    )


def _remarks(before: Look, after: Look) -> Iterator[str]:
    for what, one, other in (
        ("rules", before.rules, after.rules),
        ("targets", before.targets, after.targets),
    ):
        gone, new = (", ".join(sorted(set(a) - set(b))) for a, b in ((one, other), (other, one)))
        if gone:
            yield f"the last look had further {what}: {gone}"
        if new:
            yield f"the last look had not yet the {what}: {new}"
    if before.exposures != after.exposures:
        yield "only one of the looks searched exposure paths; exposures are not compared"
    if before.version.rpartition("-")[0] != after.version.rpartition("-")[0]:
        yield "the last look was at another graph file"


def _datasets(before: Look, after: Look) -> Iterator[DatasetStep]:
    old, new = ({one.dataset: one for one in side.datasets} for side in (before, after))
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield DatasetStep(name, old.get(name), new.get(name))


def _row(before: Seen | None, after: Seen | None, rules: set[str]) -> Iterator[RowChange]:
    """Everything that changed for one row."""
    seen = after or before
    assert seen is not None
    entity = seen.match.id if seen.match else ""

    def change(
        what: str,
        under: str,
        states: tuple[str, str],
        *,
        certain: bool = True,
        datasets: tuple[str, ...] = (),
    ) -> RowChange:
        return RowChange(seen.name, seen.key, entity, what, under, *states, certain, datasets)

    if before is None or after is None:
        states = (seen.status, "") if after is None else ("", seen.status)
        yield change(ROW, "", states, certain=seen.hit or not seen.open)
        return
    if before.status != after.status:
        certain = before.hit or after.hit or not (before.open or after.open)
        yield change(STATUS, "", (before.status, after.status), certain=certain)
    if before.match != after.match:
        yield change(MATCH, "", (_name(before.match), _name(after.match)))
    for name, one, other in _keyed(before.candidates, after.candidates, lambda item: item.id):
        yield change(QUESTION, name, (_name(one), _name(other)), certain=False)
    yield from _findings(before, after, rules, change)


def _findings(
    before: Seen, after: Seen, rules: set[str], change: Callable[..., RowChange]
) -> Iterator[RowChange]:
    """Listings, verdicts, exposure and flags that changed."""
    for name, one, other in _keyed(before.listings, after.listings, lambda item: item.programme):
        states = _since(one), _since(other)
        yield change(LISTING, name, states, datasets=_both(one, other))
    for name, one, other in _keyed(before.verdicts, after.verdicts, lambda item: item.rule):
        said = _stood(one), _stood(other)
        if name in rules and said[0] != said[1]:
            certain = "undetermined" not in {verdict.verdict for verdict in (one, other) if verdict}
            yield change(VERDICT, name, said, certain=certain, datasets=_both(one, other))
    strengths = _strength(before), _strength(after)
    if strengths[0] != strengths[1]:
        sides = (before.exposure, after.exposure)
        certain = any(one is not None and one.low != "0" for one in sides)
        yield change(EXPOSURE, "", strengths, certain=certain, datasets=_both(*sides))
    for _, one, other in _keyed(before.flags, after.flags, " ".join):
        words = one.words if one else "", other.words if other else ""
        yield change(FLAG, (one or other).kind, words)


def _keyed(
    before: Iterable[Any], after: Iterable[Any], key: Callable[[Any], str]
) -> Iterator[tuple[str, Any, Any]]:
    """What differs, by its key: before and after; None where it is not."""
    old, new = ({key(item): item for item in side} for side in (before, after))
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)


def _name(known: Known | None) -> str:
    return f"{known.name} ({known.id})" if known else ""


def _since(listing: Any) -> str:
    if listing is None:
        return ""
    return f"since {listing.since or 'undated'} ({', '.join(listing.datasets)})"


def _stood(verdict: Any) -> str:
    """How it stands; where no rule touches it, it is not blocked."""
    if verdict is None:
        return "not_blocked"
    nothing = verdict.share in ("", "0 %")
    return verdict.verdict if nothing else f"{verdict.verdict}, {verdict.share}"


def _strength(seen: Seen) -> str:
    path = seen.exposure
    if path is None:
        return ""
    words = f"{path.low} %" if path.low == path.high else f"{path.low}–{path.high} %"
    return f"{words} from {path.start.name}"


def _both(*sides: Any) -> tuple[str, ...]:
    return tuple(sorted({name for side in sides if side for name in side.datasets}))
