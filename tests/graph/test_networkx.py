"""The graph and parts of it as networkx knows them."""

import io
from pathlib import Path

import networkx as nx
import pytest

from spillover.graph.errors import InputError
from spillover.graph.evidence import Dataset
from spillover.graph.networkx import from_networkx, to_networkx
from spillover.graph.session import Graph
from spillover.loaders.run import run
from tests.graph.small import company, load, owns


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
        dataset = facts.store.loads[0].dataset
    from_networkx(made, tmp_path / "again", dataset)
    with Graph(tmp_path / "again") as again:
        back = to_networkx(again)
    assert sorted(back.nodes(data=True)) == sorted(made.nodes(data=True))
    assert edges(back) == edges(made)


def edges(made: "nx.MultiDiGraph[str]") -> list[str]:
    return sorted(repr((a, b, sorted(values.items()))) for a, b, values in made.edges(data=True))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "no kind"),
        ({"kind": "OWNS", "low": 0.5, "high": 1}, "are no share"),
        ({"kind": "OWNS", "low": 60, "high": 50}, "are no share"),
        ({"kind": "EATS"}, "unknown kind"),
        ({"kind": "OWNS", "properties": "{"}, "no JSON"),
    ],
)
def test_a_foreign_graph_that_is_no_claim_changes_nothing(
    tmp_path: Path, values: dict[str, object], words: str
) -> None:
    load(tmp_path / "g", company("a"))
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_edge("a", "b", **values)
    with pytest.raises(InputError, match=words):
        from_networkx(made, tmp_path / "g", Dataset("mine", "My graph"))
    with Graph(tmp_path / "g") as graph:
        assert [item.dataset.name for item in graph.store.loads] == ["d"]


def test_a_plain_graph_needs_little(tmp_path: Path) -> None:
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_node("a", name="Alpha", schema="Company")
    made.add_edge("a", "b", kind="OWNS", low=60_000_000, high=60_000_000)
    from_networkx(made, tmp_path / "g", Dataset("mine", "My graph"))
    with Graph(tmp_path / "g") as graph:
        assert graph.store.entity(graph.store.find("Alpha")).schema == "Company"
        assert graph.index.low.tolist() == [60_000_000]
