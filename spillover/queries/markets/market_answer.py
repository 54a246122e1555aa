"""What does an answer about the markets of products consist of?"""

from __future__ import annotations

from dataclasses import dataclass

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.concentration import Points
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Side
from spillover.queries.markets.parts import Fallen, Link, MarketLoss, Producer, claims_of
from spillover.queries.rulebook import Rule


@dataclass(frozen=True, slots=True)
class MarketReport:
    """One count of the producers of one product."""

    side: Side
    reach: str
    producers: tuple[Producer, ...]
    """The surest and largest first; those whose share nobody states last."""
    printed: Part
    """The sum of the shares that are stated; as they are printed it can exceed the whole."""
    left: Part
    """What the stated shares leave of the market: to producers without a share, and to others."""
    unquantified: int
    """Producers whose share nobody states."""
    hhi: Points
    largest: Producer | None
    """The one with the largest share that is stated."""
    surely: bool
    """Whether nobody can have a larger one."""
    loss: MarketLoss | None
    """What it loses, where that was asked, and somebody of it falls."""


@dataclass(frozen=True, slots=True)
class ProductReport:
    """One product."""

    product: Party
    not_named: tuple[str, ...]
    """What the source gives to producers that it does not name, as it prints it."""
    markets: tuple[MarketReport, ...]
    """Firms first; none where nobody is known to make it."""
    inputs: tuple[Link, ...]
    """What goes into it, and its kinds."""
    outputs: tuple[Link, ...]
    """What it goes into, and what it is a kind of."""


@dataclass(frozen=True, slots=True)
class MarketAnswer:
    """The answer."""

    when: Conditions
    targets: tuple[Party, ...]
    """Without whom it was asked, too."""
    law: Rule | None
    remark: str
    countries: tuple[str, ...]
    fallen: tuple[Fallen, ...]
    assumptions: tuple[str, ...]
    """What the losses suppose; none where nobody falls."""
    products: tuple[ProductReport, ...]
    sources: Sources

    @property
    def without(self) -> bool:
        """Whether it was asked what is lost without somebody."""
        return bool(self.targets or self.countries)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim behind the answer."""
        made = [p for item in self.products for market in item.markets for p in market.producers]
        links = [link for item in self.products for link in (*item.inputs, *item.outputs)]
        return claims_of(made, links, self.fallen)
