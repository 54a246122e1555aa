"""What is the answer on a portfolio made of: its rows, whom they may be, what was found?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from spillover.queries.answer import Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.rulebook import Rule
from spillover.queries.screening.findings import Finding, Searched
from spillover.queries.screening.red_flags import RedFlag
from spillover.queries.screening.spend import Risk, Total

QUESTION: Final = "question"
NOT_FOUND: Final = "not_found"
STATUSES: Final = {
    "listed": "a programme lists it on the day",
    "blocked": "a rule reaches it, whatever is missing",
    "undetermined": "what is missing decides whether a rule reaches it",
    "exposed": "an exposure path leads to it",
    "question": "it may be one of several entities, and somebody must decide",
    "not_found": "not found in these datasets, which does not mean that it is clean",
    "nothing_found": "matched, and these datasets say nothing against it",
}
"""Every status of a row, gravest first, in words."""


class Row(NamedTuple):
    """One row of a portfolio."""

    position: str
    """Where it stands in the file."""
    id: str
    """The user's own reference, or empty."""
    name: str
    aliases: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    """(scheme, value); the scheme may be empty."""
    spend: Decimal | None = None
    currency: str = ""
    notes: tuple[str, ...] = ()
    """What could not be read of it."""
    other: tuple[tuple[str, str], ...] = ()
    """What else the file says, by its column."""


class SetAside(NamedTuple):
    """A row that could not be screened."""

    position: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a row is or may be, and what was found against it."""

    score: int
    certain: bool
    reasons: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer on one row."""

    row: Row
    status: str
    """One of :data:`STATUSES`; open questions never make it graver than ``question``."""
    match: Candidate | None
    """The entity that the row is for certain."""
    candidates: tuple[Candidate, ...]
    """Entities that it may be, best first; empty when one is certain."""
    risk: Risk | None
    """Spend at risk; None where the row states no spend."""
    flags: tuple[RedFlag, ...]
    unknown: tuple[str, ...]
    """What is not known of it, in words."""

    @property
    def hit(self) -> bool:
        """Whether it is listed, blocked, or exposed by a path of known strength."""
        if self.status == "exposed":
            assert self.match is not None
            route = self.match.finding.route
            return route is not None and route.strength.low > 0
        return self.status in ("listed", "blocked")

    @property
    def open(self) -> bool:
        """Whether somebody must still decide something about it."""
        return not self.hit and self.status in ("undetermined", "exposed", QUESTION)


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer. Rows come in the order of the portfolio."""

    portfolio: str
    when: Conditions
    rules: tuple[Rule, ...]
    starts: dict[str, int]
    """From how many entities each rule starts."""
    skipped: tuple[str, ...]
    """Rules that were not asked, as too many chains hang on the listed; name them to ask them."""
    remarks: tuple[str, ...]
    """What must be said first of the rules on the day, and of the file."""
    targets: tuple[Party, ...]
    rows: tuple[Screened, ...]
    aside: tuple[SetAside, ...]
    totals: tuple[Total, ...]
    exposures: bool
    searched: Searched
    sources: Sources

    @property
    def read(self) -> int:
        """Rows of the file: those screened and those set aside."""
        return len(self.rows) + len(self.aside)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by status, every status named."""
        counts = dict.fromkeys(STATUSES, 0)
        for row in self.rows:
            counts[row.status] += 1
        return counts

    @property
    def exit_code(self) -> int:
        """10 when a row is hit, 11 when nothing is but questions are open, else 0."""
        if any(row.hit for row in self.rows):
            return 10
        return 11 if any(row.open for row in self.rows) else 0
