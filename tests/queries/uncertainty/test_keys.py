"""Does the same content give the same draws, whatever numbers a graph gave to what is in it?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.queries.conditions import conditions
from spillover.queries.contagion.classes import ALL
from spillover.queries.contagion.supplied import Supplied, supplied
from spillover.queries.ids import ids, least_ids
from spillover.queries.markets.collateral import collateral
from spillover.queries.uncertainty.cascades import sample_closure
from spillover.queries.uncertainty.keys import Keys, key
from spillover.views.plain import json_text
from spillover.views.samples import firms
from spillover.views.samples.plain import sampled
from tests.graphs import opened, relations
from tests.loads import load

WHEN: Final = conditions("2024-06-30")
MARKETS: Final = """
A PRODUCES tools 20-40 basis=market publisher=Register
B PRODUCES tools 10-50 basis=market
C PRODUCES tools basis=market
D PRODUCES tools basis=market
D PRODUCES resist 30-60 basis=market
E PRODUCES resist basis=market
A PRODUCES masks 40 basis=market block=own
F PRODUCES masks 30-45 basis=market block=own
tools INPUT_TO chips
masks INPUT_TO chips
resist INPUT_TO chips denies
chips KIND_OF parts
tools KIND_OF parts
chips INPUT_TO phones
T > A 40-60
T > B
G > B 10-30
T > F 45-70
G PRODUCES chips 20-30 basis=market
"""
SUPPLIES: Final = """
A SUPPLIES H 20-40 basis=supply product=steel publisher=Register
A SUPPLIES H basis=supply product=steel publisher=Newspaper
B SUPPLIES H product=steel
C SUPPLIES H product=wire
H SUPPLIES K 10-90 basis=sales
C SUPPLIES K basis=sales
K SUPPLIES A product=cars
T > B 40-60
"""
CLAIMS: Final = [*relations(MARKETS), *relations(SUPPLIES)]
NAMES: Final = sorted({end for claim in CLAIMS for end in (claim.source, claim.target)})
SCHEMATA: Final = {claim.target: "Product" for claim in CLAIMS if claim.kind == "PRODUCES"}
ENTITIES: Final = [Entity(name, SCHEMATA.get(name, "Company"), f"The {name}") for name in NAMES]
Items = list[Entity | Relation]


def answers(graph: Graph) -> tuple[str, str]:
    """What both samplers say, as JSON."""
    found = collateral(graph, ["T"], WHEN, draws=100).sampled
    assert found is not None
    closed = sample_closure(graph, ["T", "C"], WHEN, rule="us-ofac-50", draws=100)
    return json_text(sampled(found)), json_text(firms.plain_data(closed))


def test_other_numbers_of_entities_change_no_byte() -> None:
    """The claims stand in one order, so that they have the same numbers in both graphs."""
    with opened([*ENTITIES, *CLAIMS]) as one, opened([*reversed(ENTITIES), *CLAIMS]) as other:
        assert one.find(["A"]) != other.find(["A"])
        assert answers(one) == answers(other)


def test_much_is_open_in_this_graph() -> None:
    """Where nothing is drawn, equal bytes would prove nothing."""
    with opened([*ENTITIES, *CLAIMS]) as graph:
        found = collateral(graph, ["T"], WHEN, draws=100).sampled
        closed = sample_closure(graph, ["T", "C"], WHEN, rule="us-ofac-50", draws=100)
    assert found is not None
    drawn = {driver.input.what for some in found.drivers.values() for driver in some}
    assert {"share", "stake", "substitution"} <= drawn
    assert sum(ranges.risk.varies for ranges in found.products.values()) >= 4
    assert closed.index.varies
    assert len(closed.drivers) >= 2


@contextmanager
def loaded(*datasets: tuple[str, Items]) -> Iterator[Graph]:
    """A graph file with these datasets, loaded in this order."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.db"
        for name, items in datasets:
            load(path, items, name)
        with Graph(path) as graph:
            yield graph


def content(graph: Graph) -> list[str]:
    """What both samplers say, without the numbers by which a file knows its claims."""
    lines = "".join(answers(graph)).split("\n")
    return [line for line in lines if '"relation":' not in line]


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_neither_the_order_of_loads_nor_of_claims_matters(source: random.Random) -> None:
    known: Items = [*ENTITIES]
    said: Items = [*CLAIMS]
    with loaded(("register", known), ("claims", said)) as graph:
        expected = content(graph)
    source.shuffle(known)
    source.shuffle(said)
    with loaded(("claims", said), ("register", known)) as graph:
        assert content(graph) == expected


def test_which_of_several_stands_for_the_others_does_not_matter() -> None:
    """One identifier joins B and Z; who came first stands for both, and its id is another."""
    lei = (("lei", "5493001KJTIIGC8Y1R12"),)
    one: Items = [Entity("B", "Company", "B", identifiers=lei), *CLAIMS]
    other: Items = [Entity("Z", "Company", "B", identifiers=lei)]
    spreads = []
    for datasets in ([("one", one), ("other", other)], [("other", other), ("one", one)]):
        with loaded(*datasets) as graph:
            found = collateral(graph, ["T"], WHEN, draws=100).sampled
            assert found is not None
            by_id = {found.parties[n].id: ranges for n, ranges in found.products.items()}
            spreads.append((graph.store.entity(graph.find(["B"])[0]).id, by_id))
    (first, expected), (second, again) = spreads
    assert (first, second) == ("B", "Z")
    assert again == expected


def test_a_key_is_a_digest_of_the_id() -> None:
    """``printf A | b2sum -l 64`` prints 1a89a399ca7c5046; the last bit is left out."""
    assert key("A") == 0x1A89A399CA7C5046 >> 1


def test_entities_of_a_scenario_have_ids_and_keys() -> None:
    (added,) = relations("New SUPPLIES H 5 basis=supply product=steel")
    with opened(CLAIMS) as below, below.supposing({}, [added]) as graph:
        (new, old) = graph.find(["New", "H"])
        assert ids(graph, [new, old]) == least_ids(graph, [new, old]) == {new: "New", old: "H"}
        sample = sample_closure(graph, ["New"], WHEN, draws=100)
        assert [sample.parties[number].id for number in sample.firms] == ["A", "H", "K"]


def test_networks_come_back_as_they_were_but_for_their_order() -> None:
    def edges(net: Supplied, label: dict[int, str]) -> set[tuple[Any, ...]]:
        known, firm = net.network, [label[number] for number in net.network.firms.tolist()]
        columns = (known.kind, net.low.essential, net.high.essential, net.low.sales, net.high.sales)
        return {
            (firm[supplier], firm[customer], net.goods[good], net.positions[at], *values)
            for at, (supplier, customer, good, *values) in enumerate(
                zip(known.supplier, known.customer, known.good, *columns, strict=True)
            )
        }

    with opened(CLAIMS) as graph:
        net = supplied(graph, WHEN, ALL)
        numbers = net.network.firms.tolist()
        keyed = Keys(graph, numbers, None).supplied(net)
        named = ids(graph, numbers)
        assert keyed.network.firms.tolist() == sorted(map(key, named.values()))
        assert edges(keyed, {key(name): name for name in named.values()}) == edges(net, named)
        known = keyed.network
        order = [*zip(known.customer, known.good, known.supplier, strict=True)]
        assert order == sorted(order)
