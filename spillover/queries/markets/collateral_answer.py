"""What does an answer about collateral losses consist of?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.parts import (
    Bystander,
    Fallen,
    Link,
    MarketLoss,
    Producer,
    Risk,
    claims_of,
)
from spillover.queries.rulebook import Rule

if TYPE_CHECKING:
    from spillover.queries.uncertainty.sampled import Sampled


@dataclass(frozen=True, slots=True)
class Collateral:
    """The answer."""

    when: Conditions
    targets: tuple[Party, ...]
    law: Rule | None
    """The rule by which others fall with the targets; None: only those who are named do."""
    remark: str
    """What must be said first about the rule on that day; mostly empty."""
    countries: tuple[str, ...]
    """Countries that are cut off (alpha-2)."""
    fallen: tuple[Fallen, ...]
    """Producers that fall, or can."""
    markets: tuple[MarketLoss, ...]
    """Every count of a market that names one of them, the largest certain loss first."""
    risks: tuple[Risk, ...]
    """Every product that can be at risk, the surest and largest first."""
    bystanders: tuple[Bystander, ...]
    """Who makes what an input or a kind puts at risk."""
    links: tuple[Link, ...]
    """The links between products along which risk can come."""
    assumptions: tuple[str, ...]
    sampled: Sampled | None
    """What is likely within the bounds; None unless it was asked for."""
    sources: Sources

    @property
    def producers(self) -> list[Producer]:
        """Everybody whose share counts in the answer."""
        named = [producer for market in self.markets for producer in market.producers]
        for item in self.bystanders:
            named += [*item.firms, *([item.counted] if item.counted else [])]
        return named

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim behind the answer."""
        return claims_of(self.producers, self.links, self.fallen)

    @property
    def first_claims(self) -> tuple[Claim, ...]:
        """The same, but first of those who fall, and of the ways that set the bounds."""
        lost = [producer for market in self.markets for producer in market.fallen]
        ways = [link for risk in self.risks for link in (*risk.least, *risk.most)]
        first = (*claims_of(lost, (), self.fallen), *claims_of((), ways, ()), *self.claims)
        return tuple({claim.relation: claim for claim in first}.values())
