"""How are changes put into words: states, strengths, paths and causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.queries.changes.differences import WORDING
from spillover.views import grid
from spillover.views.scenarios import words as scenario_words
from spillover.views.scenarios.words import STOOD

if TYPE_CHECKING:
    from spillover.queries.changes.change import Causes, Exposed, Listed, Stood
    from spillover.queries.changes.differences import Field, Stated

_CLAIMS: Final = 3


def stood(value: Stood) -> str:
    """How an entity stands under a rule."""
    word = STOOD[value.word]
    if value.word in ("listed", "target") or not value.share.high:
        return word
    return f"{word}, {format_stake(value.share)}"


def strength(value: Exposed | None) -> str:
    """How strongly an entity is exposed."""
    return scenario_words.strength(value.strength if value else None)


def path(value: Exposed | None) -> str:
    """The way from a listed entity to an exposed one."""
    if value is None:
        return ""
    return value.start.name + "".join(f" —{channel}→ {to.name}" for channel, to, _ in value.hops)


def causes(value: Causes) -> str:
    """The first claims behind a change, one a line."""
    lines = [
        f"{sign} {grid.hop_words(claim)} ({claim.observed or claim.start or 'undated'}, {dataset})"
        for sign, claims in (("no more:", value.gone), ("now:", value.new))
        for claim in claims
        for dataset in [claim.dataset]
    ]
    more = len(lines) - _CLAIMS
    return "\n".join([*lines[:_CLAIMS], *([f"and {more} more claims"] if more > 0 else [])])


def listed(values: tuple[Listed, ...]) -> str:
    """Since when datasets say that an entity is listed."""
    return "; ".join(f"since {one.since or 'undated'} ({one.dataset})" for one in values) or "-"


def fields(values: tuple[Field, ...]) -> str:
    """What changed of a description or a claim, one field a line; mere wording is left out."""
    return "\n".join(
        f"{one.name}: {one.before or '-'} → {one.after or '-'}"
        for one in values
        if one.name not in WORDING
    )


def stated(value: Stated | None) -> str:
    """What a claim states."""
    if value is None:
        return "-"
    dates = " to ".join(filter(None, (value.start, value.end))) or value.observed or "undated"
    words = " ".join(filter(None, (value.share, value.basis))) or "no share"
    denied = "DENIED: " if value.stance == "denies" else ""
    return f"{denied}{words} ({dates}, {value.confidence} confidence)"
