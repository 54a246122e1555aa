"""What is a change: of a listing, a verdict or an exposure, with the claims that brought it.

:mod:`spillover.queries.changes.comparing` finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Party
from spillover.queries.case import VERDICTS

if TYPE_CHECKING:
    from spillover.queries.shocks.search import Strength

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
WHAT: Final = (ADDED, REMOVED, CHANGED)

LISTED: Final = "listed"
TARGET: Final = "target"
WORDS: Final = (LISTED, TARGET, *VERDICTS)
"""How an entity can stand under a rule, by code: its programmes list it, the question takes it as
listed, or the verdict. Who is not touched at all stands as the last: nobody holds anything."""


@dataclass(frozen=True, slots=True)
class Causes:
    """The claims behind a change."""

    gone: tuple[Claim, ...] = ()
    """They counted before and do not count after."""
    new: tuple[Claim, ...] = ()
    """They count after and did not count before."""

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that they stand in, sorted."""
        return tuple(sorted({claim.dataset for claim in (*self.gone, *self.new)}))


class Listed(NamedTuple):
    """One designation as one dataset states it."""

    dataset: str
    since: str | None
    """Its start; None where the source states none."""


@dataclass(frozen=True, slots=True)
class ListingChange:
    """An entity that one programme began or ceased to list, or lists on other words."""

    what: str
    entity: Party
    programme: Party
    before: tuple[Listed, ...]
    after: tuple[Listed, ...]
    causes: Causes


class Stood(NamedTuple):
    """How an entity stood under a rule."""

    word: str
    """``listed``, ``target``, ``blocked``, ``undetermined``, ``not_blocked``."""
    share: Stake
    unsettled: bool


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """An entity that stands otherwise under a rule."""

    rule: str
    entity: Party
    before: Stood
    after: Stood
    causes: Causes

    @property
    def what(self) -> str:
        """``verdict``, or ``share`` where only what is held of it changed."""
        return "share" if self.before.word == self.after.word else "verdict"


@dataclass(frozen=True, slots=True)
class Exposed:
    """The strongest path to an entity."""

    start: Party
    strength: Strength
    hops: tuple[tuple[str, Party, tuple[Claim, ...]], ...]
    """Channel, whom it reaches, and the claims, from the start on."""


@dataclass(frozen=True, slots=True)
class ExposureChange:
    """An entity whose strongest path became stronger or weaker, began or ceased."""

    what: str
    entity: Party
    before: Exposed | None
    after: Exposed | None
    causes: Causes


@dataclass(frozen=True, slots=True)
class Changes:
    """The answer: what is shown of each table, and how much there is of everything."""

    listings: tuple[ListingChange, ...]
    verdicts: tuple[VerdictChange, ...]
    exposures: tuple[ExposureChange, ...]
    listing_counts: Mapping[str, int]
    """By ``added``, ``removed``, ``changed``."""
    verdict_counts: Mapping[tuple[str, str, str], int]
    """By rule, word before and word after; the same word twice: the share changed."""
    exposure_counts: Mapping[str, int]
    not_compared: int
    """Exposures on one side that may stand on the other, where the search was cut short."""
    bound: Fraction
    """No exposure stronger than this was missed by a search that was cut short; 0: none was."""
    remarks: tuple[str, ...]
    """What must be said of the rules on the two days."""

    @property
    def none(self) -> bool:
        """Whether nothing changed."""
        counts = (self.listing_counts, self.verdict_counts, self.exposure_counts)
        return not any(sum(of_table.values()) for of_table in counts)

    @property
    def only_questions(self) -> bool:
        """Whether all that changed is that verdicts became or were undetermined."""
        if sum(self.listing_counts.values()) or sum(self.exposure_counts.values()):
            return False
        return not self.none and all("undetermined" in key for key in self.verdict_counts)
