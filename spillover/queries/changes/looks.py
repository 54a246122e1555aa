"""What did a look at a portfolio show, in few enough words to be kept and compared with the next?

A row is known by the user's own reference, else by its name, countries and identifiers, wherever it
stands in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from spillover.graph.stake import format_stake, percent_text

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.screening.findings import Finding
    from spillover.queries.screening.screen import Row, Screened, Screening

FORMAT: Final = 1
"""Version of the shape of a saved look; a file with a higher one is refused."""
KIND: Final = "spillover look"


class Known(NamedTuple):
    """An entity that a row is or may be."""

    id: str
    name: str


class Listing(NamedTuple):
    """A programme that lists it."""

    programme: str
    since: str
    """Empty where no source states it."""
    datasets: tuple[str, ...]


class Verdict(NamedTuple):
    """How it stands under a rule."""

    rule: str
    verdict: str
    share: str
    """What listed and blocked persons hold of it, in words."""
    datasets: tuple[str, ...]
    """Of its proof; empty where it is not blocked."""


class Strongest(NamedTuple):
    """The strongest exposure path to it."""

    start: Known
    low: str
    """Percent, rounded down."""
    high: str
    """Percent, rounded up."""
    datasets: tuple[str, ...]


class Flag(NamedTuple):
    """A red flag."""

    kind: str
    words: str


class Version(NamedTuple):
    """A dataset as it stood in the graph."""

    dataset: str
    date: str
    loaded: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of a portfolio as it was seen."""

    key: str
    name: str
    status: str
    hit: bool
    open: bool
    """Somebody must still decide something about it."""
    match: Known | None
    candidates: tuple[Known, ...]
    listings: tuple[Listing, ...]
    verdicts: tuple[Verdict, ...]
    exposure: Strongest | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """All rows as they were seen, and how it was looked at them."""

    kind: str
    format: int
    portfolio: str
    """Name of the file."""
    as_of: str
    version: str
    """Key of the version of the graph file: which file, and which version of it."""
    rules: tuple[str, ...]
    targets: tuple[str, ...]
    exposures: bool
    datasets: tuple[Version, ...]
    counts: dict[str, int]
    """Rows by status."""
    rows: tuple[Seen, ...]


def look(screening: Screening, version: str) -> Look:
    """A screening in few words.

    Args:
        screening: the answer.
        version: key of the version of the graph that was asked.
    """
    return Look(
        KIND,
        FORMAT,
        screening.portfolio,
        screening.when.as_of,
        version,
        tuple(law.id for law in screening.rules),
        tuple(sorted(target.id for target in screening.targets)),
        screening.exposures,
        tuple(
            Version(load.dataset.name, load.dataset.date, load.finished)
            for load in sorted(screening.sources.datasets, key=lambda load: load.dataset.name)
        ),
        dict(screening.counts),
        tuple(_rows(screening.rows)),
    )


def _rows(rows: Iterable[Screened]) -> Iterable[Seen]:
    """The rows, with keys that tell those apart that say the same."""
    met: Counter[str] = Counter()
    for one in rows:
        key = _key(one.row)
        met[key] += 1
        yield _seen(one, key if met[key] == 1 else f"{key} #{met[key]}")


def _key(row: Row) -> str:
    if row.id:
        return f"id {row.id}"
    identifiers = (f"{scheme}:{value}" for scheme, value in row.identifiers)
    return " | ".join((row.name, *sorted(row.countries), *sorted(identifiers)))


def _seen(one: Screened, key: str) -> Seen:
    finding = one.match.finding if one.match else None
    return Seen(
        key,
        one.row.name or one.row.id,
        one.status,
        one.hit,
        one.open,
        _known(finding) if finding else None,
        tuple(_known(candidate.finding) for candidate in one.candidates),
        tuple(
            Listing(listing.programme.id, listing.since or "", _datasets(listing.claims))
            for listing in (finding.listings if finding else ())
        ),
        tuple(_verdicts(finding) if finding else ()),
        _strongest(finding) if finding else None,
        tuple(Flag(flag.kind, flag.words) for flag in one.flags),
    )


def _known(finding: Finding) -> Known:
    return Known(finding.entity.id, finding.entity.name)


def _verdicts(finding: Finding) -> Iterable[Verdict]:
    """Under rules that count on the day; a listing stands in its own place."""
    for found in finding.judgements:
        if found.counts and found.verdict != "listed":
            share = format_stake(found.share) if found.share else ""
            proof = found.detail.proof if found.detail else ()
            yield Verdict(found.rule, found.verdict, share, _datasets(proof))


def _strongest(finding: Finding) -> Strongest | None:
    route = finding.route
    if route is None:
        return None
    low, high = (value * 10**8 for value in route.strength)
    return Strongest(
        Known(route.target.id, route.target.name),
        percent_text(low.numerator // low.denominator),
        percent_text(-(-high.numerator // high.denominator)),
        _datasets(claim for step in route.hops for claim in step.claims),
    )


def _datasets(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(sorted({claim.dataset for claim in claims}))
