"""On which channels does a shock cross relations, and which of them may follow which.

A kind of relation declares its channels in :mod:`spillover.graph.schema`; here stands what a
channel is, and what the names mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in which a shock crosses a relation."""

    name: str
    """``ownership``, ``control``, ``equity``, ``supply``, ``demand``, ``product``, ..."""
    forward: bool
    """True: from the relation's source to its target."""
    weight: tuple[str, ...] | None
    """Bases whose share is the strength of the hop; None: the whole entity is hit."""
    carries: str
    """What the hop means, in words, for the page and the table."""


CHANNELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "designation": "a programme lists it",
        "ownership": "what it owns is hit",
        "control": "what it controls is hit",
        "equity": "its owners' equity is at risk",
        "supply": "its customers lose an input",
        "demand": "its suppliers lose sales",
        "product": "the market of what it makes is hit",
        "knowledge": "its partners in research and training are touched",
        "trade": "countries that import from it are touched",
        "people": "those whom it directs, employs, represents or is related to are touched",
        "state": "whom an organ of the state or of a party is tied to is touched",
    }
)
"""Every channel with what crosses it, in words."""

TIES: Final = ("people", "state")
"""Channels that carry no shock of themselves: a question follows them only when it says so."""

_ALL = tuple(name for name in CHANNELS if name not in ("designation", "trade"))

FOLLOWERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "designation": _ALL,
        "ownership": _ALL,
        "control": _ALL,
        "people": _ALL,
        "state": _ALL,
        "supply": ("supply", "product"),
        "product": ("product",),
        "demand": ("demand",),
        "equity": ("equity",),
        "knowledge": (),
        "trade": (),
    }
)
"""Which channels may continue a path after each: a parent that loses equity does not block
its other daughters, and a customer's lost input does not travel back to its other suppliers."""
