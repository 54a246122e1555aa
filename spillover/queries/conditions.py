"""Under which conditions is a question asked: the day, the age and the confidence of claims."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from spillover.graph.dates import as_day, iso
from spillover.graph.errors import InputError
from spillover.graph.evidence import CONFIDENCES, Confidence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from spillover.graph.index import Index

_AGE: Final = re.compile(r"(\d{1,5})\s*(d|day|days|m|month|months|y|year|years)", re.ASCII)
_DAYS: Final = {"d": 1, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Conditions:
    """The day of the question, and which claims count on it."""

    day: int
    """Day ordinal as of which the graph is asked."""
    max_age: int | None = None
    """Claims observed more than so many days before are too old: their share is unknown."""
    min_confidence: Confidence = "medium"
    """Claims less sure are shown, and never summed."""

    @property
    def as_of(self) -> str:
        """The day in ISO form."""
        return iso(self.day)

    @property
    def level(self) -> int:
        """Code of the least confidence."""
        return CONFIDENCES.index(self.min_confidence)

    def valid(self, index: Index, at: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of the claims at these positions count on the day, denials among them."""
        inside = (index.first[at] <= self.day) & (index.until[self.level][at] >= self.day)
        counts: npt.NDArray[np.bool_] = inside & (index.confidence[at] >= self.level)
        return counts

    def stale(self, index: Index, at: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Which of these claims are too old (or undated, when an age is asked for)."""
        oldest = 0 if self.max_age is None else self.day - self.max_age
        old: npt.NDArray[np.bool_] = index.observed[at] < oldest
        return old


def conditions(
    as_of: str | dt.date | None = None,
    max_age: str | None = None,
    min_confidence: str = "medium",
) -> Conditions:
    """Conditions from what a user writes: ``2022-10-05``, ``3y``, ``high``.

    Raises:
        DateError: ``as_of`` is no full date.
        InputError: an age or confidence that cannot be read.
    """
    if min_confidence not in CONFIDENCES:
        raise InputError(f"confidence {min_confidence!r} is unknown; use {', '.join(CONFIDENCES)}")
    return Conditions(as_day(as_of), _age(max_age), min_confidence)


def _age(text: str | None) -> int | None:
    if text is None:
        return None
    match = _AGE.fullmatch(text.strip().lower())
    if not match:
        raise InputError(f"age {text!r} cannot be read; write for example 90d, 18m or 3y")
    return int(match[1]) * _DAYS[match[2][0]]
