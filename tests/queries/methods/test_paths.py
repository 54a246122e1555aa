"""Are all chains of holdings found, the strongest first when some are cut, with their claims?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.methods.path_search import Limits
from spillover.queries.methods.paths import Chains, chains
from tests.graphs import opened
from tests.queries.asking import DAY
from tests.queries.methods.dense import (
    capped,
    claims,
    dense,
    product,
    simple_paths,
)
from tests.queries.worlds import seeded

SEEDS = st.integers(0, 2**32)
SOME = settings(max_examples=150, deadline=None)


def ask(graph: Graph, owner: str, asset: str | None, limits: Limits) -> Chains:
    find = graph.store.find
    ends = find(owner), None if asset is None else find(asset)
    return chains(graph.index, ends, conditions(DAY), limits=limits)


def named(graph: Graph, found: Chains) -> list[str]:
    numbers = [[chain[0].owner, *(link.asset for link in chain)] for chain in found.chains]
    entities = graph.store.entities({number for chain in numbers for number in chain})
    return ["".join(entities[number].id for number in chain) for chain in numbers]


def between(text: str, owner: str, asset: str | None, hops: int = 6) -> list[str]:
    with opened(text) as graph:
        return named(graph, ask(graph, owner, asset, Limits(hops=hops)))


CROSSED = "X > A 60\nX > B 50\nA > B 20\nB > A 10\nB > C 30\nA > C 40"
"""X holds A and B, which hold each other and C."""


def test_all_chains_the_shortest_first() -> None:
    assert between(CROSSED, "X", "C") == ["XAC", "XBC", "XABC", "XBAC"]
    assert between(CROSSED, "X", None) == [
        "XA", "XB", "XAB", "XAC", "XBA", "XBC", "XABC", "XBAC",
    ]  # fmt: skip
    assert between(CROSSED, "C", "X") == []
    assert between(CROSSED, "X", "X") == []


@pytest.mark.parametrize(
    ("hops", "found"),
    [(0, []), (1, []), (2, ["XAC", "XBC"]), (3, ["XAC", "XBC", "XABC", "XBAC"])],
)
def test_no_chain_is_longer_than_asked(hops: int, found: list[str]) -> None:
    assert between(CROSSED, "X", "C", hops=hops) == found


def test_the_strongest_stay_when_there_are_more_than_the_limit() -> None:
    # XAC 60 x 40 = 24 %, XBC 50 x 30 = 15 %, XABC 60 x 20 x 30 = 3.6 %, XBAC 50 x 10 x 40 = 2 %
    with opened(CROSSED) as graph:
        found = ask(graph, "X", "C", Limits(hops=3, chains=2))
        assert named(graph, found) == ["XAC", "XBC"]
        assert (found.cut, found.strength_cut) == (2, Fraction(36, 1000))
        # By smallest share: XAC 40, XBC 30, XABC 20, XBAC 10
        found = ask(graph, "X", "C", Limits(hops=3, chains=3, strongest="minimum"))
        assert named(graph, found) == ["XAC", "XBC", "XABC"]
        assert (found.cut, found.strength_cut) == (1, Fraction(10, 100))
        # With more hops there are walks round A and B, which count as what may be left out.
        assert ask(graph, "X", "C", Limits(hops=4, chains=3)).cut == 3


def test_walks_through_an_end_are_no_chains_left_out() -> None:
    with opened("X > C 20\nX > A 60\nA > C 40\nC > A 10\nA > X 10") as graph:
        assert ask(graph, "X", "C", Limits(chains=1)).cut == 1


def test_every_link_names_all_claims_that_count_and_no_others() -> None:
    # Two sources disagree on X's share, an old claim has ended, others repeat a chain.
    text = """
    X > A 60 record=one
    X > A 55 record=two
    X > A 90 end=2020
    X > A 70 indirect
    A > C 40
    A > C 40 denies
    X > C 24 indirect
    X CONTROLS C
    """
    with opened(text) as graph:
        (chain,) = ask(graph, "X", "C", Limits()).chains
        shares = [(link.low // 10**6, link.high // 10**6) for link in chain]
        relations = graph.store.relations(graph.index.relation[list(chain[0].claims)])
        records = {relation.evidence.record for relation, _ in relations.values()}
        second = graph.store.relations(graph.index.relation[list(chain[1].claims)])
    assert shares == [(55, 60), (0, 40)]
    assert records == {"one", "two"}
    assert sorted(relation.evidence.stance for relation, _ in second.values()) == [
        "asserts",
        "denies",
    ]


def test_a_share_is_at_most_what_other_owners_leave() -> None:
    with opened("X > A\nY > A 70\nZ > A 5-10\nX > B\nY > B 80\nZ > B 80") as graph:
        (first,) = ask(graph, "X", "A", Limits()).chains
        (second,) = ask(graph, "X", "B", Limits()).chains
    assert (first[0].low, first[0].high) == (0, 25 * 10**6)
    assert (second[0].low, second[0].high) == (0, WHOLE)  # 80 + 80: one of them is wrong


@given(SEEDS, st.integers(1, 6))
@SOME
def test_chains_are_those_of_networkx(seed: int, hops: int) -> None:
    shares = dense(seeded(seed))
    greatest = capped(shares)
    held = [pair for pair, share in greatest.items() if share]
    names = sorted({name for pair in shares for name in pair})
    with opened(claims(shares)) as graph:
        everything: list[str] = []
        for asset in names:
            expected = [path for path in simple_paths(held, names[0], asset) if len(path) <= hops]
            words = ["".join((path[0][0], *(pair[1] for pair in path))) for path in expected]
            found = ask(graph, names[0], asset, Limits(hops=hops))
            assert sorted(named(graph, found)) == sorted(words)
            assert not found.cut
            assert not found.strength_cut
            everything += words
            for chain in found.chains:
                for link in chain:
                    at = np.array(link.claims)
                    assert graph.index.source[at].tolist() == [link.owner]
                    assert graph.index.target(at).tolist() == [link.asset]
        all_at_once = ask(graph, names[0], None, Limits(hops=hops))
        assert sorted(named(graph, all_at_once)) == sorted(everything)


@given(SEEDS, st.integers(1, 8), st.sampled_from(("product", "minimum")), st.booleans())
@SOME
def test_what_is_cut_is_counted_and_no_stronger_than_said(
    seed: int, limit: int, measure: str, one: bool
) -> None:
    shares = dense(seeded(seed))
    greatest = capped(shares)
    held = [pair for pair, share in greatest.items() if share]
    names = sorted({name for pair in shares for name in pair})
    assets = names[-1:] if one else names
    expected = {
        "".join((path[0][0], *(pair[1] for pair in path))): (
            product(greatest, path)
            if measure == "product"
            else Fraction(min(greatest[pair] for pair in path), WHOLE)
        )
        for asset in assets
        for path in simple_paths(held, names[0], asset)
    }
    limits = Limits(chains=limit, strongest="product" if measure == "product" else "minimum")
    with opened(claims(shares)) as graph:
        found = ask(graph, names[0], names[-1] if one else None, limits)
        words = named(graph, found)
    assert len(set(words)) == len(words) == min(limit, len(expected))
    left = expected.keys() - words
    assert found.cut >= len(left)
    assert bool(found.cut) == bool(left)
    assert found.strength_cut == max((expected[word] for word in left), default=0)
    assert all(expected[word] >= found.strength_cut for word in words)
