"""Do the certain bounds hold the truth when a network is fully known and then told in part?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake, from_fraction
from spillover.queries.conditions import conditions
from spillover.queries.contagion.losses import losses
from spillover.queries.contagion.network import parts
from spillover.queries.contagion.systemic import systemic
from tests.graphs import opened
from tests.queries.contagion.nets import Drawn, networks

ALL_ESSENTIAL = np.full((3, 3), 2)
TOLD = st.sampled_from(["exactly", "roughly", "not at all"])


@settings(deadline=None, max_examples=80)
@given(networks(5), st.data(), st.booleans())
def test_losses_of_the_whole_truth_lie_between_those_of_what_is_told(
    drawn: Drawn, data: st.DataObject, replaceable: bool
) -> None:
    """A claim for each supply and basis, with its true share, a band around it, or none."""
    truth = Drawn(drawn.weights, drawn.industry, ALL_ESSENTIAL)
    built = truth.built
    exact = losses(built, parts(built), [0], replaceable=replaceable, tolerance=1e-12).both
    claims = [
        _claim(truth, (supplier, customer), basis, data.draw(TOLD))
        for supplier, customer in np.argwhere(truth.weights).tolist()
        for basis in ("supply", "sales")
    ]
    if not any(claim.source == "F0" or claim.target == "F0" for claim in claims):
        return
    with opened(claims) as graph:
        found = systemic(graph, ["F0"], conditions("2024-06-30"), replaceable=replaceable)
    ends = {one.firm.id: one.loss for one in found.losers}
    for firm, lost in enumerate(exact.tolist()):
        if firm:
            low, high = ends.get(f"F{firm}", (0.0, 0.0))
            assert low - 1e-6 <= lost <= high + 1e-6, firm


def _claim(net: Drawn, ends: tuple[int, int], basis: str, told: str) -> Relation:
    supplier, customer = ends
    mine = [firm for firm, made in enumerate(net.industry) if made == net.industry[supplier]]
    whole = net.weights[mine, customer] if basis == "supply" else net.weights[supplier]
    true = Fraction(int(net.weights[supplier, customer]), int(whole.sum()))
    share: Stake | None = from_fraction(true)
    if told == "roughly" and share is not None:
        share = Stake(share.low // 2, min(WHOLE, share.high + WHOLE // 7))
    return Relation(
        "SUPPLIES",
        f"F{supplier}",
        f"F{customer}",
        None if told == "not at all" else share,
        basis,
        properties={"product": (f"good {net.industry[supplier]}",)},
    )
