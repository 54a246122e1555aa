"""Who falls in a draw of the stakes, where the shares of owners decide it?

Under a rule that adds up the shares of all who are blocked, an undetermined verdict is open because
stakes are. They are drawn like the shares of a market, and the rule is applied to every draw: an
entity falls when those who fall hold enough of it. So two that hang on one stake fall together.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Flags
from spillover.queries.judging import test_of
from spillover.queries.ledger import Ledger
from spillover.queries.markets.struck import Struck
from spillover.queries.rulebook import Rule
from spillover.queries.uncertainty.drawing import Die, Pieces, Reals, whole
from spillover.queries.uncertainty.priors import Priors
from spillover.queries.uncertainty.sampled import Input, What

_HAIR: Final = 1e-12
"""Rounding of sums of shares."""


class Stake(NamedTuple):
    """What one owner has of one asset."""

    owner: int
    low: int
    """In millionths of a percent."""
    high: int
    positions: tuple[int, ...]


class Stakes(NamedTuple):
    """The stakes in those who can fall."""

    enough: int
    """What is enough, in millionths of a percent."""
    of: dict[int, tuple[Stake, ...]]
    """By asset; in order of the numbers. Only assets that shares held directly and alone decide."""


def stakes(graph: Graph, when: Conditions, fallen: Struck) -> Stakes | None:
    """The stakes that decide who falls; None where something else can decide it, too.

    Other things than one sum of shares: means of control, arrangements, sums for each person
    alone, products along chains, what the law leaves unsettled, or the country of a firm.
    """
    unsure = fallen.possible - fallen.certain
    if fallen.law is None or fallen.countries or not unsure:
        return None
    if not _by_one_sum(fallen.law, when.day):
        return None
    test = test_of(fallen.law.settled(when.day))
    ledger = Ledger(graph, when)
    held = ledger.held(np.array(sorted(unsure), np.int64), test.bases[0], parents=test.parents)
    found: dict[int, list[Stake]] = {number: [] for number in sorted(unsure)}
    columns = (held.asset, held.owner, held.low, held.high, held.binding, held.widest, held.plain)
    for asset, owner, low, high, first, last, plain in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if plain and asset in found:
            positions = tuple(sorted({first, last}))
            found[asset].append(Stake(owner, low, min(high, WHOLE), positions))
        else:
            found.pop(asset, None)
    return Stakes(test.enough, {asset: tuple(sorted(some)) for asset, some in found.items()})


def _by_one_sum(law: Rule, day: int) -> bool:
    """Whether a rule decides by the sum of the shares of all who are blocked, and nothing else."""
    reading = law.settled(day)
    others = reading.control or reading.joint_arrangements or reading.joint_holdings
    return (
        law.method == "cascade"
        and reading == law.widest(day)
        and reading.threshold is not None
        and reading.passes_on in (None, reading.threshold)
        and reading.aggregation == "together"
        and len(reading.bases) == 1
        and not (others or reading.acting_for or reading.alone)
    )


class Decided(NamedTuple):
    """Who falls by the draws of stakes."""

    falls: dict[int, Flags]
    """By asset; shape [draws]."""
    inputs: list[tuple[Input, Reals]]


def decided(known: Stakes, others: dict[int, Flags], die: Die, priors: Priors) -> Decided:
    """Draw the stakes, and apply the rule to every draw: the least solution.

    Args:
        known: the stakes.
        others: in which draws the others fall, who can own a part of them.
        die: how many draws, and their seed.
        priors: what is assumed.
    """
    drawn: dict[int, Reals] = {}
    inputs: list[tuple[Input, Reals]] = []
    for asset, some in known.of.items():
        low = np.array([stake.low for stake in some], float) / WHOLE
        high = np.array([stake.high for stake in some], float) / WHOLE
        unstated = (low == 0) & (high == 1)
        rest = die.uniform(priors.unnamed_owners, "unnamed owners", asset)
        pieces = Pieces(low, high, unstated)
        drawn[asset], _ = whole(die.stream("stakes", asset), pieces, priors.unevenness, rest)
        for stake, is_open, part in zip(some, unstated.tolist(), drawn[asset], strict=True):
            what: What = "unstated stake" if is_open else "stake"
            inputs.append((Input(what, stake.owner, asset, "", stake.positions), part))
    falls = {asset: np.zeros(die.draws, bool) for asset in known.of}
    enough = known.enough / WHOLE - _HAIR
    changed = True
    while changed:
        changed = False
        for asset, some in known.of.items():
            held = np.zeros(die.draws)
            for stake, part in zip(some, drawn[asset], strict=True):
                owner = falls.get(stake.owner, others.get(stake.owner))
                held += part * owner if owner is not None else 0.0
            new = falls[asset] | (held >= enough)
            changed |= bool((new != falls[asset]).any())
            falls[asset] = new
    return Decided(falls, inputs)
