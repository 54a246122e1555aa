"""What is the answer about diversion made of?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.diversion.did import Compared
from spillover.queries.diversion.flows import Measure
from spillover.queries.diversion.goods import Good
from spillover.queries.diversion.mirror import Mirror
from spillover.queries.diversion.periods import Window
from spillover.queries.diversion.ranges import Range
from spillover.queries.diversion.totals import Total
from spillover.queries.diversion.unit_values import Jump


@dataclass(frozen=True, slots=True)
class Supplier:
    """One of those whose goods go to the target directly."""

    party: Party
    exports: Total


@dataclass(frozen=True, slots=True)
class Mirrors:
    """Reports of both ends of one leg, before and after; None where no exporter reports."""

    before: Mirror | None
    after: Mirror | None


@dataclass(frozen=True, slots=True)
class Hub:
    """One of those whose exports to the target rose."""

    party: Party
    exports: Total
    """To the target."""
    substitution: Range | None
    """Rise of its exports over the fall of direct ones; None if nothing can be said."""
    imports: Total | None
    """From the direct suppliers; None where no flow between them is known."""
    bought_nothing: bool
    """No flow between them is known, though ends that would report one report in both windows."""
    fed: Range | None
    """Part of its risen exports that its risen imports of the same goods from them could have fed
    at most; None if nothing can be said."""
    inward: Mirrors
    """Reports on what the direct suppliers sent to it."""
    outward: Mirrors
    """Reports on what it sent to the target."""
    compared: Compared | None
    """Controlled goods against others; None where others are not known by codes."""
    jumps: tuple[Jump, ...]
    """Unit values of its exports that jumped, largest first."""
    thin_prices: int
    """Goods with unit values, but too short a history."""
    reexports: Range | None
    """What it reports itself as re-exports to the target after the day; a part of its exports."""
    claims: tuple[Claim, ...]
    """Its rows, those of its exports first."""
    claims_hidden: int


@dataclass(frozen=True, slots=True)
class Basket:
    """Goods that may be added up: all that have codes, or one known by its words."""

    name: str
    goods: tuple[Good, ...]
    measure: Measure
    unit: str
    """Of every amount: a currency, ``kg``, or what is counted; empty without any amount."""
    direct: Total | None
    """Exports of all direct suppliers to the target; None where none is known."""
    fall: Range | None
    """By how much they fell."""
    suppliers: tuple[Supplier, ...]
    """The largest fall first."""
    compared: Compared | None
    """Direct exports of controlled goods against others."""
    hubs: tuple[Hub, ...]
    """The largest rise first."""
    hidden: int
    """Further hubs beyond ``top``."""
    substitution: Range | None
    """Rise through all hubs together over the fall."""
    claims: tuple[Claim, ...]
    """Rows of the direct exports."""
    claims_hidden: int
    elsewhere: int
    """Claims about these flows in another unit or measure, which are not compared."""


@dataclass(frozen=True, slots=True)
class Diversion:
    """Whether goods come to a target through others."""

    when: Conditions
    target: Party
    since: str
    window: Window
    baseline: str
    horizon: str
    ratio: Fraction
    """Import over export value that is assumed for freight and insurance."""
    asked: tuple[str, ...]
    """The goods that were asked for, and how each was read."""
    direct: str
    """Who counts as a direct supplier, and why."""
    names: Mapping[Good, str]
    tiers: Mapping[Good, str]
    covers: tuple[Claim, ...]
    """The claims by which regimes cover these goods."""
    covers_hidden: int
    parties: Mapping[int, Party]
    baskets: tuple[Basket, ...]
    published: tuple[str, ...]
    """Published figures on routes to the target that the graph holds, with their sources."""
    unread: tuple[tuple[str, Claim], ...]
    """What could not be read, and the claim that prints it."""
    unread_hidden: int
    beside: tuple[Claim, ...]
    """Claims about these flows that do not count under the conditions."""
    beside_hidden: int
    sources: Sources
