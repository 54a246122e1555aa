"""The graph and parts of it as networkx knows them."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.evidence import CONFIDENCES, STANCES, Dataset, Evidence
from spillover.graph.networkx import from_networkx, to_networkx
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.loaders.run import run
from tests.graph.small import Item, company, load, owns


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """(a)-[:OWNS 60]->(b)-[:OWNS ?]->(stub), a second claim of 55 on (a)->(b), and lone (c)."""
    load(
        tmp_path / "g",
        company("a", "中国 & Söhne <Ltd>", countries=("cn", "hk")),
        company("b"),
        company("c"),
        owns("a", "b", "60", observed="2020", url="https://example.org/?a=1&b=2"),
        owns("a", "b", "55", stance="denies", reported_indirect=True),
        owns("b", "stub", basis=""),
    )
    return Graph(tmp_path / "g")


def test_nodes_and_edges(graph: Graph) -> None:
    made = to_networkx(graph)
    assert sorted(made) == ["a", "b", "c", "stub"]
    assert made.number_of_edges() == 3
    assert made.nodes["a"] == {
        "schema": "Company",
        "name": "中国 & Söhne <Ltd>",
        "countries": "cn;hk",
        "datasets": "d",
    }
    assert made.nodes["stub"] == {
        "schema": "Thing",
        "name": "stub",
        "countries": "",
        "datasets": "",
    }
    assert made.edges["a", "b", 1] == {
        "kind": "OWNS",
        "low": 60_000_000,
        "high": 60_000_000,
        "share_text": "60",
        "basis": "capital",
        "observed": "2020",
        "confidence": "high",
        "stance": "asserts",
        "reported_indirect": False,
        "dataset": "d",
        "url": "https://example.org/?a=1&b=2",
    }
    assert made.edges["a", "b", 2]["stance"] == "denies"
    assert made.edges["a", "b", 2]["reported_indirect"] is True
    assert "low" not in made.edges["b", "stub", 3]


def test_a_part_holds_the_claims_between_its_entities(graph: Graph) -> None:
    made = to_networkx(graph, graph.find(["b", "stub", "c"]))
    assert sorted(made) == ["b", "c", "stub"]
    assert list(made.edges(keys=True)) == [("b", "stub", 3)]
    assert len(to_networkx(graph, [])) == 0


def test_it_can_be_written_and_read_as_graphml(graph: Graph) -> None:
    file = io.BytesIO()
    nx.write_graphml(to_networkx(graph), file)
    file.seek(0)
    back = nx.read_graphml(file, force_multigraph=True)
    assert back.nodes["a"]["name"] == "中国 & Söhne <Ltd>"
    said = [edge.get("low") for _, _, edge in back.edges(data=True)]
    assert sorted(low for low in said if low) == [55_000_000, 60_000_000]


def test_an_empty_graph_is_an_empty_graph(tmp_path: Path) -> None:
    load(tmp_path / "empty")
    with Graph(tmp_path / "empty") as graph:
        assert len(to_networkx(graph)) == 0


def test_what_went_out_comes_back(tmp_path: Path) -> None:
    """The built-in facts, to networkx and into another file, are the same graph."""
    run(tmp_path / "facts", "seed", ())
    with Graph(tmp_path / "facts") as facts:
        made = to_networkx(facts)
        seed = facts.store.loads[0].dataset
    from_networkx(made, tmp_path / "again")
    with Graph(tmp_path / "again") as again:
        assert told(to_networkx(again)) == told(made)
        assert [item.dataset for item in again.store.loads] == [seed]


def told(made: "nx.MultiDiGraph[str]") -> tuple[object, ...]:
    """All that a graph says; numbers of claims and the order of a node's datasets aside."""
    nodes = [
        (node, sorted(values.items() - {("datasets", values["datasets"])}), among(values))
        for node, values in made.nodes(data=True)
    ]
    edges = [(a, b, sorted(values.items(), key=repr)) for a, b, values in made.edges(data=True)]
    return made.graph["datasets"], sorted(nodes), sorted(edges, key=repr)


def among(values: dict[str, str]) -> list[str]:
    text = values["datasets"]
    return sorted(json.loads(text) if text.startswith("[") else text.split(";"))


def back(made: "nx.MultiDiGraph[str]", dataset: Dataset | None = None) -> "nx.MultiDiGraph[str]":
    """What a graph becomes on its way through a store."""
    with TemporaryDirectory() as folder:
        from_networkx(made, Path(folder) / "again", dataset)
        with Graph(Path(folder) / "again") as again:
            return to_networkx(again)


def test_entities_of_several_datasets_keep_them(tmp_path: Path) -> None:
    """(a) by two datasets under two names; its claim by the second; (s) is only named."""
    load(tmp_path / "g", company("a", "Alpha", topics=("sanction",)), dataset="one")
    load(tmp_path / "g", company("a", "Alfa"), owns("a", "s", "5"), dataset="two")
    with Graph(tmp_path / "g") as graph:
        made = to_networkx(graph)
    again = back(made)
    assert told(again) == told(made)
    assert again.nodes["a"]["datasets"] == "one;two"
    assert json.loads(again.nodes["a"]["names"]) == [["Alfa", "", "alias"]]
    assert again.edges["a", "s", 1]["dataset"] == "two"
    assert among(again.nodes["s"]) == [""]
    mine = back(made, Dataset("mine", "My graph"))
    assert (mine.nodes["a"]["datasets"], mine.edges["a", "s", 1]["dataset"]) == ("mine", "mine")


def test_a_firm_that_is_named_like_its_id_is_no_stub(tmp_path: Path) -> None:
    load(tmp_path / "g", company("a"))
    with Graph(tmp_path / "g") as graph:
        assert back(to_networkx(graph)).nodes["a"]["schema"] == "Company"


def as_graphml(made: "nx.MultiDiGraph[str]") -> "nx.MultiDiGraph[str]":
    file = io.BytesIO()
    nx.write_graphml(made, file)
    file.seek(0)
    read = nx.read_graphml(file, force_multigraph=True)
    assert isinstance(read, nx.MultiDiGraph)
    return read


def as_json(made: "nx.MultiDiGraph[str]") -> "nx.MultiDiGraph[str]":
    text = json.dumps(nx.node_link_data(made, edges="edges"))
    read = nx.node_link_graph(json.loads(text), edges="edges")
    assert isinstance(read, nx.MultiDiGraph)
    return read


IDS = st.sampled_from(["a", "b", "中国", "x;y", '"><script>', "'; DROP TABLE", "{`$}", "\u202evil"])
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=6)
"""Texts that XML can hold: without control characters."""


def entities(words: st.SearchStrategy[str]) -> st.SearchStrategy[Entity]:
    several = st.lists(words, max_size=3).map(tuple)
    number = st.tuples(st.sampled_from(["lei", "ofac", "own"]), st.sampled_from(["7", "8", ";"]))
    return st.builds(
        Entity,
        IDS,
        st.sampled_from(["Company", "Organization", "Person", "Thing"]),
        words,
        st.lists(st.builds(Name, words, words, words), max_size=2).map(tuple),
        st.lists(st.sampled_from(["cn", "us", "a;b", "[", ""]), max_size=2).map(tuple),
        st.lists(number, max_size=2).map(tuple),
        several,
        st.dictionaries(words, several, max_size=2),
    )


def claims(words: st.SearchStrategy[str]) -> st.SearchStrategy[Relation]:
    evidence = st.builds(
        Evidence,
        words,
        words,
        words,
        st.sampled_from([None, "2020", "2021-03-04"]),
        st.sampled_from(CONFIDENCES),
        st.sampled_from(STANCES),
        words,
        words,
    )
    return st.builds(
        Relation,
        st.just("OWNS"),
        IDS,
        IDS,
        st.sampled_from([None, Stake(0, WHOLE), Stake(1, 2), Stake(0, 0)]),
        st.sampled_from(["", "capital", "votes"]),
        st.sampled_from([None, "2018", "2019-05"]),
        st.sampled_from([None, "2020", "2023-02-01"]),
        evidence,
        st.booleans(),
        words,
        words,
        st.dictionaries(words, st.lists(words, max_size=2).map(tuple), max_size=2),
    )


def loads(words: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, list[Item]]]]:
    items = st.lists(st.one_of(entities(words), claims(words)), min_size=1, max_size=6)
    return st.lists(
        st.tuples(st.sampled_from(["one", "t;wo", "[3"]), items), min_size=1, max_size=4
    )


def check(said: list[tuple[str, list[Item]]], through: Callable[[Any], Any]) -> None:
    with TemporaryDirectory() as folder:
        for dataset, items in said:
            load(Path(folder) / "g", *items, dataset=dataset)
        with Graph(Path(folder) / "g") as graph:
            made = to_networkx(graph)
    assert told(back(through(made))) == told(made)


@settings(max_examples=25, deadline=None)
@given(loads(ANY))
def test_any_graph_comes_back_through_node_link_json(said: list[tuple[str, list[Item]]]) -> None:
    check(said, as_json)


@settings(max_examples=25, deadline=None)
@given(loads(PRINTED))
def test_any_graph_that_xml_can_hold_comes_back_through_graphml(
    said: list[tuple[str, list[Item]]],
) -> None:
    check(said, as_graphml)


# -- graphs of others -----------------------------------------------------------------------

MINE = Dataset("mine", "My graph")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "edge 'a -> b' has no kind"),
        ({"kind": float("nan")}, "edge 'a -> b' has no kind"),
        ({"kind": "OWNS", "low": 0.5, "high": 1}, "low 0.5 and high 1 are no share"),
        ({"kind": "OWNS", "low": 60, "high": 50}, "are no share"),
        ({"kind": "OWNS", "low": True, "high": True}, "are no share"),
        ({"kind": "OWNS", "low": 60}, "high None are no share"),
        ({"kind": "OWNS", "share": 60.5}, "edge 'a -> b': share: .*not float; keep the text"),
        ({"kind": "OWNS", "share": "many"}, "edge 'a -> b': share: "),
        ({"kind": "EATS"}, "edge 'a -> b': unknown kind"),
        ({"kind": "OWNS", "start": "soon"}, "edge 'a -> b': .*soon"),
        ({"kind": "OWNS", "note": ["x"]}, "edge 'a -> b': note .* is no text"),
        ({"kind": "OWNS", "confidence": "sure"}, "edge 'a -> b': confidence 'sure'"),
        ({"kind": "OWNS", "reported_indirect": "maybe"}, "neither true nor false"),
        ({"kind": "OWNS", "properties": "{"}, "no JSON"),
        ({"kind": "OWNS", "properties": "[" * 100_000}, "no JSON"),
        ({"kind": "OWNS", "properties": "[]"}, "no JSON object"),
        ({"kind": "OWNS", "properties": '{"a": "b"}'}, "lists of texts"),
        ({"kind": "OWNS", "note": "\ud800"}, "half a character"),
    ],
)
def test_an_edge_that_is_no_claim_changes_nothing(
    tmp_path: Path, values: dict[str, object], words: str
) -> None:
    load(tmp_path / "g", company("a"))
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_edge("a", "b", **values)
    with pytest.raises(InputError, match=words) as refused:
        from_networkx(made, tmp_path / "g", MINE)
    assert "\n" not in str(refused.value)
    with Graph(tmp_path / "g") as graph:
        assert [item.dataset.name for item in graph.store.loads] == ["d"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"schema": "Dragon"}, "node 'a': unknown schema 'Dragon'"),
        ({"names": "{}"}, "node 'a': names '{}' is no JSON list"),
        ({"names": "[[]]"}, "holds no names"),
        ({"names": "[7]"}, "lists of texts"),
        ({"identifiers": '[["lei"]]'}, "holds no pairs"),
        ({"countries": "[1]"}, "lists of texts"),
        ({"name": {}}, "node 'a': name {} is no text"),
    ],
)
def test_a_node_that_is_no_entity(tmp_path: Path, values: dict[str, object], words: str) -> None:
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_node("a", **values)
    with pytest.raises(InputError, match=words):
        from_networkx(made, tmp_path / "g", MINE)


def test_nodes_and_graphs_that_cannot_be_told_apart_or_read(tmp_path: Path) -> None:
    twice: nx.DiGraph[object] = nx.DiGraph()
    twice.add_edge(1, "1", kind="OWNS")
    with pytest.raises(InputError, match="two nodes are '1'"):
        from_networkx(twice, tmp_path / "g", MINE)
    with pytest.raises(InputError, match="make it a DiGraph"):
        from_networkx(nx.Graph(), tmp_path / "g", MINE)  # type: ignore[arg-type] # that is the point
    with pytest.raises(InputError, match="names no dataset"):
        from_networkx(nx.MultiDiGraph(), tmp_path / "g")
    with pytest.raises(InputError, match="attribute datasets cannot be read"):
        from_networkx(nx.MultiDiGraph(datasets="[[]]"), tmp_path / "g")


def test_what_is_added_to_a_graph_must_be_of_one_of_its_datasets(graph: Graph) -> None:
    made = to_networkx(graph)
    made.add_edge("c", "b", kind="OWNS")
    with pytest.raises(InputError, match="edge 'c -> b': of no dataset; give from_networkx one"):
        back(made)
    made.add_node("e", name="E", datasets="other")
    with pytest.raises(InputError, match="node 'e': dataset 'other' is none of the graph's own"):
        back(made)
    assert "e" in back(made, MINE)


def test_a_plain_graph_needs_little(tmp_path: Path) -> None:
    """Shares as printed, numbers of NumPy and of tables, and nothing where a table has NaN."""
    made: nx.DiGraph[object] = nx.DiGraph()
    made.add_node("a", name="Alpha", schema="Company", countries=float("nan"))
    made.add_edge("a", "b", kind="OWNS", low=np.int64(60_000_000), high=60_000_000.0)
    made.add_edge("b", 7, kind="OWNS", share="25-50", observed=2020, start=float("nan"))
    made.add_edge("c", 7, kind="OWNS", share=Decimal("12.5"), reported_indirect=np.True_)
    from_networkx(made, tmp_path / "g", MINE)
    with Graph(tmp_path / "g") as graph:
        assert graph.store.entity(graph.store.find("Alpha")).schema == "Company"
        claims = [claim for claim, _ in graph.store.relations([1, 2, 3]).values()]
    assert [claim.stake for claim in claims] == [
        Stake(60_000_000, 60_000_000),
        Stake(25_000_000, 50_000_000),
        Stake(12_500_000, 12_500_000),
    ]
    assert [claim.stake_text for claim in claims] == ["", "25-50", "12.5"]
    assert (claims[1].target, claims[1].start, claims[1].evidence.observed) == ("7", None, "2020")
    assert claims[2].reported_indirect
