"""What is asked for, and what is answered: a row of a portfolio, and an entity that it may mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """One firm, person or thing as somebody's own list has it."""

    position: str
    """Where it stands in the list, for messages; nothing is matched by it."""
    name: str
    names: tuple[str, ...] = ()
    """Further names of it."""
    countries: tuple[str, ...] = ()
    """ISO 3166 alpha-2 codes, lower case; empty when they are not known."""
    identifiers: tuple[tuple[str, str], ...] = ()
    """(scheme, value) as written; the scheme is empty when it is not known."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entity that a row may mean."""

    entity: int
    """Its number in the graph."""
    score: int
    """0 to 100: how much of the names, weighed by rarity, agrees, less what speaks against it."""
    certain: bool
    """Whether it is an answer; otherwise it is a question that somebody has to decide."""
    reasons: tuple[str, ...]
    """What speaks for it and what against it, in words; never empty."""
