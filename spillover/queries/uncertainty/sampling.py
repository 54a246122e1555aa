"""What part of each market is likely to be lost, and of each product to be at risk?

Everything that claims leave open is drawn many times from documented assumptions: shares within
their intervals, unstated shares out of what the stated ones leave, parts of kinds, who falls. All
draws are worked out at once. Each lies within the certain bounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from spillover.queries.markets.chain import Chain, carried
from spillover.queries.markets.hit import own_losses, speaking
from spillover.queries.markets.lost import NOTHING
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck
from spillover.queries.uncertainty import carrying
from spillover.queries.uncertainty.drawing import Die, Reals, die
from spillover.queries.uncertainty.falling import Falls
from spillover.queries.uncertainty.losing import Loss, Setting, loss
from spillover.queries.uncertainty.owning import Stakes
from spillover.queries.uncertainty.priors import Priors, default_priors
from spillover.queries.uncertainty.reaching import at_stake, driven, made_by
from spillover.queries.uncertainty.sampled import Input, Ranges, Sampled
from spillover.queries.uncertainty.summing import spread, varying
from spillover.queries.uncertainty.using import used

Inputs = list[tuple[Input, Reals]]


def sample_markets(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    chain: Chain,
    markets: Mapping[int, Sequence[Market]],
    fallen: Struck,
    *,
    draws: int = 1000,
    seed: int = 1,
    priors: Priors | None = None,
    stakes: Stakes | None = None,
) -> Sampled:
    """Sample what is lost of markets, and what that puts at risk.

    Args:
        chain: products with their inputs and kinds.
        markets: the counts of the market of each product.
        fallen: who falls, and who can.
        draws: how many, 100 to 20,000.
        seed: the same seed gives the same answer, to the byte.
        priors: what is assumed; None: what comes with Spillover.
        stakes: the stakes that decide who falls (:func:`.owning.stakes`); None: whoever can fall
            does so with a probability.

    Raises:
        InputError: too few or too many draws, or a negative seed.
    """
    priors = priors or default_priors()
    cast = die(draws, seed)
    setting = Setting(cast, priors, fallen, Falls(fallen, cast, priors, stakes))
    losses = {
        product: [loss(market, setting) for market in speaking(counts, fallen)]
        for product, counts in sorted(markets.items())
    }
    own, inputs = _own(losses, cast)
    inputs += setting.falls.unknowns()
    weights = carrying.weights(chain, cast, priors)
    inputs = varying([*inputs, *weights.inputs])
    risks = carrying.at_risk(chain, own, weights.arcs)
    certain = own_losses(markets, fallen)
    bounds = carried(chain, certain)
    none = np.zeros(draws)
    makes = made_by(markets)
    return Sampled(
        draws,
        seed,
        priors,
        used(inputs, priors),
        {
            product: Ranges(
                spread(own.get(product, none), certain.get(product, NOTHING)),
                spread(risks.whole[product], bounds[product]),
            )
            for product in chain.products
        },
        tuple(one.of for found in losses.values() for one in found),
        {
            number: found
            for number, found in at_stake(chain, makes, risks, bounds)
            if number not in fallen.certain
        },
        dict(driven(chain, makes, inputs, risks)),
        len(inputs),
        risks.settled,
    )


def _own(losses: Mapping[int, Sequence[Loss]], cast: Die) -> tuple[dict[int, Reals], Inputs]:
    """What is lost of each product.

    Of several counts of its market one is right in each draw: in proportion to the part of the
    market that it states, because a count that states nothing has nothing to set against another.
    """
    own: dict[int, Reals] = {}
    inputs: Inputs = []
    for product, found in losses.items():
        for one in found:
            inputs += one.inputs
        if not found:
            continue
        known = np.array([one.known for one in found])
        bar = np.cumsum(known if known.sum() > 0 else np.ones(len(found)))
        place = cast.stream("count", product).random(cast.draws) * bar[-1]
        right = np.minimum(np.searchsorted(bar, place, side="right"), len(found) - 1)
        own[product] = np.stack([one.lost for one in found])[right, np.arange(cast.draws)]
        if len(found) > 1:
            inputs.append((Input("count", product, product, "", ()), right.astype(float)))
    return own, inputs
