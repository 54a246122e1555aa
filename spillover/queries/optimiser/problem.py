"""What do designations achieve, and what do they cost? Exact sums over markets.

A problem knows nothing of graphs: candidates are numbers from 0, and a function says who falls
with a set of them. That function must be monotone: who falls with a set falls with every larger
set. Then effect and collateral are monotone, too, which the search relies on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from spillover.queries.markets.chain import Chain, carried
from spillover.queries.markets.hit import hit, part_lost
from spillover.queries.markets.lost import NOTHING, Part, lost
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck

Picked = frozenset[int]
"""A set of candidates."""


class Fallen(NamedTuple):
    """Producers that fall."""

    certain: frozenset[int]
    possible: frozenset[int]
    """Those of ``certain`` among them."""


@dataclass(frozen=True, slots=True)
class Spared:
    """Whose losses alone are collateral."""

    producers: Fallen
    """Producers of these countries, for certain and possibly."""
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be lost: a part of one product."""

    product: int
    own: Mapping[int, Market]
    """The market of the product, and of each product of its chain that has one."""
    chain: Chain | None
    """What it is made of, where a loss of essential inputs counts, too."""
    sure: bool
    """Whether the least loss counts; else the greatest."""


class Problem:
    """Candidates, a goal, and the markets in which others lose; every set is worked out once.

    Args:
        candidates: how many there are.
        falls: who falls with a set of candidates; monotone.
        goal: the desired effect.
        others: markets in which losses are collateral, by product. Where a product has several
            markets, the largest loss among them counts.
        spared: whose losses are counted; None: of all.
        joint: whether several candidates together can fell somebody whom none of them fells.
    """

    def __init__(  # noqa: PLR0913 - all that a problem is, the last three by keyword
        self,
        candidates: int,
        falls: Callable[[Picked], Struck],
        goal: Goal,
        *,
        others: Mapping[int, tuple[Market, ...]],
        spared: Spared | None = None,
        joint: bool = True,
    ) -> None:
        self.candidates, self.goal, self.others, self.spared = candidates, goal, others, spared
        self.joint, self._falls = joint, falls
        self._fallen: dict[Picked, Struck] = {}

    @property
    def all(self) -> Picked:
        """Every candidate."""
        return frozenset(range(self.candidates))

    def fallen(self, picked: Picked) -> Struck:
        """Who falls with these candidates."""
        if picked not in self._fallen:
            self._fallen[picked] = self._falls(picked)
        return self._fallen[picked]

    # -- the effect ---------------------------------------------------------------------------

    def aimed(self, picked: Picked) -> frozenset[int]:
        """Producers in the markets of the goal that fall for the effect."""
        hits = [hit(market, self.fallen(picked)) for market in self.goal.own.values()]
        ends = [found.certain if self.goal.sure else found.possible for found in hits]
        return frozenset().union(*ends)

    def effect(self, picked: Picked) -> Part:
        """The part of the product that is lost, at least and at most."""
        goal, fallen = self.goal, self.fallen(picked)
        own = {product: part_lost(market, fallen) for product, market in goal.own.items()}
        if goal.chain is not None:
            return carried(goal.chain, own)[goal.product]
        return own.get(goal.product, NOTHING)

    def reached(self, picked: Picked) -> int:
        """The end of the effect that counts, in millionths of a percent."""
        effect = self.effect(picked)
        return effect.low if self.goal.sure else effect.high

    # -- the collateral -----------------------------------------------------------------------

    def bearing(self, picked: Picked) -> frozenset[int]:
        """Those who possibly fall with these candidates, and whose losses are counted."""
        possible = self.fallen(picked).possible
        return possible if self.spared is None else possible & self.spared.producers.possible

    def borne(self, market: Market, picked: Picked) -> Part:
        """The part of a market that is lost by those whose losses are counted."""
        fallen = self.fallen(picked)
        if self.spared is None:
            return part_lost(market, fallen)
        certain, possible, unnamed = hit(market, fallen)
        return lost(
            market,
            certain & self.spared.producers.certain,
            possible & self.spared.producers.possible,
            unnamed=unnamed and bool(fallen.countries & self.spared.countries),
        )

    def loss(self, product: int, picked: Picked) -> tuple[Part, Market]:
        """What is lost of a product on the market that loses most, and that market."""
        parts = [(self.borne(market, picked), market) for market in self.others[product]]
        return max(parts, key=lambda found: (found[0].high, found[0].low))

    def collateral(self, picked: Picked) -> int:
        """The sum of the greatest losses over all products, in millionths of a percent."""
        return sum(self.loss(product, picked)[0].high for product in self.others)
