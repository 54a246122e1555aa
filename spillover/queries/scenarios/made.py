"""What is told of one change of a scenario, once it was made?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """One change as it was made."""

    scenario: str
    """Name of the scenario that says it."""
    number: int
    """Its place in that scenario, from 1."""
    verb: str
    day: str
    words: str = ""
    """What is supposed, as a sentence."""
    notes: tuple[str, ...] = ()
    """What else had to be supposed for it, and what to beware of."""
