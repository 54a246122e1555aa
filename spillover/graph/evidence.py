"""Who says so, where, when, and how sure are they.

A *dataset* is one load unit of the store. A *claim* is one relation as one source states it;
its :class:`Evidence` names the source. Confidence and stance are closed lists: a loader that
meets another word must map it or refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

Confidence = Literal["low", "medium", "high"]
Stance = Literal["asserts", "denies"]

CONFIDENCES: Final[tuple[Confidence, ...]] = ("low", "medium", "high")
STANCES: Final[tuple[Stance, ...]] = ("asserts", "denies")


class Dataset(NamedTuple):
    """One body of data that is loaded, replaced and unloaded as a whole."""

    name: str
    """Short key, for example ``seed`` or ``icij-luanda``."""
    title: str
    publisher: str = ""
    url: str = ""
    licence: str = ""
    """Licence as its owner words it; ``unknown`` when it is not stated."""
    commercial_use: bool | None = None
    """Whether the licence allows commercial use; None when it does not say."""
    date: str = ""
    """As of when its publisher vouches for it: a full or partial ISO date."""


class Evidence(NamedTuple):
    """The source of one claim."""

    publisher: str = ""
    title: str = ""
    url: str = ""
    observed: str | None = None
    """The (partial) date for which the source speaks."""
    confidence: Confidence = "high"
    stance: Stance = "asserts"
    record: str = ""
    """Where in the dataset the claim stands: a record id or a line number."""
    note: str = ""


def licence_notice(datasets: Iterable[Dataset]) -> str:
    """What the licences of data that are used together forbid; empty when nothing is known to.

    One dataset that forbids commercial use forbids it for everything that is made of the mix.
    """
    barred = [f"{one.name} ({one.licence})" for one in datasets if one.commercial_use is False]
    return f"not for commercial use: {', '.join(barred)}" if barred else ""
