"""How long does the search for the cheapest designations take, and is what it finds proven?

Generated markets: one product that all firms make, and others that fifteen of them make each, with
shares in tenths of a percent that come to 95 %; every fifth firm falls only with two others
together. The question: half of the one product at the least collateral.
"""

from __future__ import annotations

import argparse
import random
import time

from spillover.graph.stake import WHOLE
from spillover.queries.markets.market import Market, Share
from spillover.queries.markets.struck import Struck
from spillover.queries.optimiser.choosing import cheapest
from spillover.queries.optimiser.problem import Goal, Picked, Problem
from spillover.queries.optimiser.search import Search

GOAL = 0
TENTH = WHOLE // 1000


def market(draw: random.Random, product: int, makers: list[int], unknown: float) -> Market:
    """A market with random shares, of which some are not stated."""
    weights = [draw.random() ** 2 for _ in makers]
    shares = []
    for maker, weight in sorted(zip(makers, weights, strict=True)):
        exact = int(950 * weight / sum(weights)) * TENTH
        low, high = (0, WHOLE) if draw.random() < unknown else (exact, exact)
        shares.append(Share(maker, low, high, stated=True, block=0, repeats=False, positions=()))
    return Market(product, "firm", "", tuple(shares))


def problem(firms: int, products: int, unknown: float, seed: int) -> Problem:
    """A generated question."""
    draw = random.Random(seed)
    triples = [tuple(draw.sample(range(firms), 3)) for _ in range(firms // 5)]

    def falls(picked: Picked) -> Struck:
        fallen = picked | {third for one, other, third in triples if {one, other} <= picked}
        return Struck((), None, frozenset(), certain=fallen, possible=fallen)

    others = {
        product: (market(draw, product, draw.sample(range(firms), min(15, firms)), unknown),)
        for product in range(1, products + 1)
    }
    goal = market(draw, GOAL, list(range(firms)), 0.0)
    return Problem(firms, falls, Goal(GOAL, {GOAL: goal}, None, sure=True), others=others)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--firms", type=int, nargs="+", default=[20, 50, 100, 200])
    parser.add_argument("--products", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    for firms in asked.firms:
        for unknown in (0.0, 0.2):
            made = problem(firms, asked.products, unknown, firms)
            start = time.process_time()
            found = cheapest(Search(made, asked.seconds), WHOLE // 2)
            spent = time.process_time() - start
            said = "nothing found in time" if found is None else (
                f"{len(found.picked)} designations, {made.collateral(found.picked) / 10**6:g}"
                f" points, {'proven' if found.proven else 'not proven'}"
            )  # fmt: skip
            print(f"{firms} firms, {unknown:.0%} of shares unknown: {spent:.1f} s CPU; {said}")


if __name__ == "__main__":
    main()
