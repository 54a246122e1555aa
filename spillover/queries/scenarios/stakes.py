"""How much is left of a holding when a share of it is sold, and how much has its buyer then.

Shares are intervals. Of a holding of [low, high] from which a share of [least, most] is sold there
is left [max(0, low - most), max(0, high - least)], and whoever held [low, high] and buys it holds
[low + least, high + most], at most the whole. A missing share is [0, 100 %].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spillover.graph.claims import key_text
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import UNKNOWN, WHOLE, Stake

BASES = KINDS["OWNS"].bases
_UNSTATED = "interest"
"""What a share is taken for of which nobody says what it is a share of."""


class Part(NamedTuple):
    """What claims say together of one holding on one basis."""

    like: Relation
    """One of them: its basis, block and properties are theirs."""
    stake: Stake | None
    """None: nobody states a share."""

    @property
    def basis(self) -> str:
        """What the share is a share of."""
        return self.like.basis or _UNSTATED

    @property
    def share(self) -> Stake:
        """The share; a missing one is unknown."""
        return self.stake or UNKNOWN

    def holding(self, stake: Stake | None) -> Relation:
        """The same holding with another share."""
        text = "" if stake is None else str(stake)
        return self.like._replace(stake=stake, stake_text=text, basis=self.basis)


def parts(claims: Sequence[Relation], *, denied: bool = False) -> list[Part]:
    """The claims of one pair, put together by basis, block and joint holding.

    Shares that disagree widen to their hull, and a denial lowers the floor to zero. A claim without
    a share adds nothing where another states one.
    """
    found: dict[tuple[object, ...], Part] = {}
    for claim in claims:
        stake = claim.stake
        if stake is None or stake.unknown or claim.basis not in BASES:
            continue
        key = (claim.basis, claim.reported_indirect, claim.block, key_text(claim))
        known = found.get(key)
        hull = stake.hull(known.share) if known else stake
        found[key] = Part(known.like if known else claim, hull)
    if not found and claims:
        return [Part(claims[0], None)]
    return [
        part._replace(stake=Stake(0, part.share.high)) if denied else part
        for part in found.values()
    ]


def less(held: Stake, sold: Stake) -> Stake:
    """What is left of a holding."""
    return Stake(max(0, held.low - sold.high), max(0, held.high - sold.low))


def more(held: Stake, bought: Stake) -> Stake:
    """What a holding has grown to."""
    return Stake(min(WHOLE, held.low + bought.low), min(WHOLE, held.high + bought.high))
