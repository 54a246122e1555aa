"""Which assumptions does a sample stand on?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from spillover.queries.uncertainty.priors import NAMES, Prior, Priors
from spillover.queries.uncertainty.sampled import Input, What

_STANDS_ON: Final[Mapping[str, tuple[What, ...]]] = {
    "unevenness": (
        "unstated share",
        "unstated part",
        "unstated purchase",
        "unstated sale",
        "unstated stake",
    ),
    "unnamed_producers": ("unstated share",),
    "unnamed_fall": ("unnamed",),
    "falls": ("falls",),
    "unnamed_owners": ("unstated stake",),
    "unnamed_kinds": ("unstated part",),
    "substitution": ("substitution",),
    "denied_input": ("denied",),
    "unnamed_partners": ("unstated purchase", "unstated sale"),
    "replacement": ("replacement",),
}
"""Which unknowns each assumption fills."""


def used(inputs: Iterable[tuple[Input, Any]], priors: Priors) -> tuple[tuple[str, Prior], ...]:
    """The assumptions without which these unknowns would be drawn otherwise."""
    drawn = {item.what for item, _ in inputs}
    names = (name for name in NAMES if drawn.intersection(_STANDS_ON[name]))
    return tuple((name, priors.assumption(name)) for name in names)
