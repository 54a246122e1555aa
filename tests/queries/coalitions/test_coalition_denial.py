"""Does the denial of a product lie between its bounds, whatever the unknown shares are?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.coalitions.count import Count
from spillover.queries.coalitions.denial import Denial, denial
from spillover.queries.markets.chain import Arc, Chain, carried
from spillover.queries.markets.lost import Part
from tests.queries.coalitions.countries import PERCENT, completions, vague

INPUTS = Chain(
    (1, 2, 3),
    (Arc(2, 1, "INPUT_TO", WHOLE, WHOLE, ()), Arc(3, 2, "INPUT_TO", WHOLE, WHOLE, ())),
    0,
)
"""1 is made with 2, and 2 with 3."""


def ask(chain: Chain, own: dict[int, Part]) -> Denial:
    return denial(chain, own, carried(chain, own), 1)


def part(low: int, high: int) -> Part:
    return Part(low * PERCENT, high * PERCENT)


def test_the_largest_cover_on_the_way_decides() -> None:
    found = ask(INPUTS, {1: part(10, 20), 2: part(40, 50), 3: part(30, 90)})
    assert found == Denial(part(40, 90), (1, 2), (1, 2, 3))


def test_a_product_that_decides_itself_is_its_own_way() -> None:
    assert ask(INPUTS, {1: part(70, 80), 3: part(10, 20)}) == Denial(part(70, 80), (1,), (1,))
    assert ask(INPUTS, {}) == Denial(part(0, 0), (1,), (1,))


def test_of_several_kinds_the_one_that_carries_most_is_named() -> None:
    """30 % of 1 is 2, covered wholly; 20 % is 3, covered half: 30 + 10 = 40."""
    low = 30 * PERCENT
    kinds = (
        Arc(2, 1, "KIND_OF", low, low, ()),
        Arc(3, 1, "KIND_OF", 20 * PERCENT, 20 * PERCENT, ()),
    )
    found = ask(Chain((1, 2, 3), kinds, 0), {2: part(100, 100), 3: part(50, 50)})
    assert found == Denial(part(40, 40), (1, 2), (1, 2))


def test_products_that_need_each_other_end() -> None:
    ring = Chain((1, 2), (Arc(1, 2, "INPUT_TO", WHOLE, WHOLE, ()), INPUTS.arcs[0]), 0)
    assert ask(ring, {2: part(50, 60)}) == Denial(part(50, 60), (1, 2), (1, 2))


@settings(max_examples=40, deadline=None)
@given(vague(), vague(), st.frozensets(st.sampled_from("abcd")))
def test_every_way_in_which_shares_can_be_lies_between(
    product: Count, needed: Count, members: frozenset[str]
) -> None:
    found = ask(INPUTS, {1: product.cover(members), 3: needed.cover(members)}).part
    ends = [
        {sum(way.get(land, 0) for land in members) for way in completions(count)}
        for count in (product, needed)
    ]
    for own in ends[0]:
        for other in ends[1]:
            assert found.low <= max(own, other) <= found.high
