"""Straight from the server comes what the file says, to the byte, and nothing else is read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from spillover.graph.errors import SpilloverError, StoreError
from spillover.graph.neo4j import fetching, part
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.part import Part, alike, neighbourhood
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.session import ServerGraph
from spillover.graph.neo4j.state import State, state
from spillover.graph.networkx import to_networkx
from spillover.graph.rows import Hit
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.session import Graph
from spillover.graph.writer import Writer
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.show import show
from spillover.views.output import show_view
from spillover.views.plain import json_text
from tests.graph.small import company, load, owns

WHEN = conditions("2022-10-05")
LEI = "5493001KJTIIGC8Y1R12"  # an example of ISO 17442 with right check digits
WORDS = ("alpha", "alpine", "al", "beta", "中国化工", "化工", "𠀀𠀁", "𠀀", "é", "x y", "ΑΒΓ")
"""Parts of names; two of them are of signs beyond the first 65,536."""


def designates(programme: str, target: str, **said: object) -> Relation:
    return Relation("DESIGNATES", programme, target, **said)  # type: ignore[arg-type] # dates


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two registers that know one firm by its LEI, a list, odd names, and what was replaced."""
    file = tmp_path / "g.db"
    load(file, company("gone", "Alpha Gone"), owns("gone", "a", "9"), dataset="old")
    load(file, company("a", "Alpha Before"), dataset="one")
    load(
        file,
        company("a", "Alpha", names=(Name("阿尔法", "zho"),), identifiers=(("lei", LEI),)),
        company("same-name-1", "Twin Ltd", countries=("cn",)),
        company("same-name-2", "TWIN  LTD", countries=("us",)),
        company("accent-1", "Café Noir"),
        company("accent-2", "Cafe Noir"),
        company("Robert'); MATCH (n) DETACH DELETE n //", '`}"quoted"{$x} \\ \u202e|'),
        company("b", "Beta", identifiers=(("imo", "IMO 9074729"), ("own", "AB 12"))),
        owns("a", "b", "60", observed="2020"),
        owns("a", "b", "40", observed="2021", basis="votes"),
        owns("b", "stub", "5"),
        Relation("DIRECTS", "p", "a", properties={"role": ("chair",)}),
        Relation("DIRECTS", "p", "a", properties={"role": ("clerk",)}),
        dataset="one",
    )
    load(
        file,
        company("z:a", "Alpha Group", identifiers=(("lei", LEI.lower()),), countries=("de",)),
        owns("z:a", "b", "70", observed="2022"),
        owns("b", "b", "1"),
        dataset="two",
    )
    load(
        file,
        Entity("PROG", "Programme", "The list"),
        designates("PROG", "b"),
        designates("PROG", "z:a", start="2020", end="2021"),
        dataset="it's `a` {list}",
    )
    with Writer(file) as writer:
        writer.unload("old")
    return file


@pytest.fixture
def where(neo4j_server: Address, path: Path) -> Address:
    push(path, neo4j_server)
    return neo4j_server


def everybody(path: Path) -> list[str]:
    with Graph(path) as graph:
        return [graph.store.entity(number).id for number in graph.numbers()]


def told(graph: Graph, text: str) -> str:
    """What is shown of an entity, or why nothing is."""
    try:
        return json_text(show_view(show(graph, text, WHEN)).plain())
    except SpilloverError as error:
        return f"{type(error).__name__}: {error}"


@contextmanager
def near(where: Address, text: str) -> Iterator[Part | SpilloverError]:
    try:
        found = neighbourhood(where, [text])
    except SpilloverError as error:
        yield error
        return
    with found:
        assert isinstance(found, Part)
        yield found


def there(where: Address, text: str) -> str:
    with near(where, text) as found:
        if isinstance(found, Part):
            return told(found, text)
        return f"{type(found).__name__}: {found}"


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cache").rglob("*.db"))


def test_every_built_in_fact_is_shown_the_same(neo4j_server: Address, tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    run(path, "seed", ())
    push(path, neo4j_server)
    ids = everybody(path)
    with Graph(path) as graph:
        for start in range(0, len(ids), 8):
            eight = ids[start : start + 8]
            with neighbourhood(neo4j_server, eight) as found:
                assert isinstance(found, Part)
                assert [told(found, one) for one in eight] == [told(graph, one) for one in eight]
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        *("Alpha", "alpha group", "阿尔法", "ALPHA BEFORE", "a", "z:a", "gone", "Alpha Gone"),
        *(LEI, LEI.lower(), f"{LEI[:4]} {LEI[4:]}", "imo9074729", "9074729", "ab12", "AB  12"),
        *("Twin Ltd", "Café Noir", "cafe noir", "CAFÈ NOIR", "stub", "The list", "nobody", "Alp"),
        *('`}"quoted"{$x} \\ \u202e|', "quoted", "'", "", " ", "\0", "\ud800", "$", "{", "`"),
        "Robert'); MATCH (n) DETACH DELETE n //",
    ],
)
def test_whatever_is_asked_for_is_found_or_refused_alike(
    where: Address, path: Path, tmp_path: Path, text: str
) -> None:
    with Graph(path) as graph:
        assert there(where, text) == told(graph, text)
    assert kept(tmp_path) == []


def test_every_entity_is_shown_the_same(where: Address, path: Path) -> None:
    """(z:a) is (a): the claims of both, and b is listed; of an older load nothing is told."""
    with Graph(path) as graph:
        shown = {entity: told(graph, entity) for entity in everybody(path)}
    assert {entity: there(where, entity) for entity in shown} == shown
    assert '"listed": [ "PROG" ]' in " ".join(shown["a"].split())
    assert "Before" not in shown["a"]


def test_claims_beyond_the_limit_are_counted(where: Address, path: Path) -> None:
    with Graph(path) as graph, neighbourhood(where, ["a"]) as found:
        few = show(graph, "a", WHEN, limit=3)
        assert show(found, "a", WHEN, limit=3) == few
        assert few.left_out == len(show(graph, "a", WHEN).claims) - 3


def test_two_hops_hold_all_of_the_neighbours(where: Address, path: Path) -> None:
    """p directs a, a owns b, b owns stub: a's neighbours are p and b, and the list."""
    with Graph(path) as graph, neighbourhood(where, ["a"], 2) as found:
        for entity in ("a", "b", "p", "PROG"):
            assert told(found, entity) == told(graph, entity)


def found(hits: list[Hit]) -> list[tuple[object, ...]]:
    return [tuple(hit) for hit in hits]


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Names of all pairs of words, one of two words for each entity, and pairs of firms."""
    file = tmp_path / "many.db"
    items = [
        company(f"{m}-{n}", f"{a} {b}", names=(Name(f"{b}{a}"),))
        for m, a in enumerate(WORDS)
        for n, b in enumerate(WORDS)
    ]
    same = [(("ofac", str(number)),) for number in range(1, 20)]
    load(file, *items, dataset="one")
    load(
        file,
        *(company(f"t{n}", f"{WORDS[n % 11]} ltd", identifiers=i) for n, i in enumerate(same)),
        *(company(f"u{n}", f"{WORDS[n % 7]} inc", identifiers=i) for n, i in enumerate(same)),
        dataset="two",
    )
    return file


@pytest.mark.parametrize("few", [fetching.FEW, 0], ids=["all are fetched", "the server ranks"])
def test_every_search_finds_the_same(
    neo4j_server: Address, many: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, few: int
) -> None:
    monkeypatch.setattr(fetching, "FEW", few)
    push(many, neo4j_server)
    texts = (*WORDS, "a", "工", "É", "ltd", "ALPHA  ALPHA", "lt", "", "nobody", "\n", "\ud800", "β")
    with Graph(many) as graph:
        for text in texts:
            for limit in (2, 20):
                if text == "\ud800":
                    continue
                with alike(neo4j_server, text, limit) as searched:
                    assert isinstance(searched, Part)
                    here = graph.store.search(text, limit)
                    assert found(searched.store.search(text, limit)) == found(here), (text, limit)
    assert kept(tmp_path) == []


def test_a_text_that_is_none_is_refused_alike(where: Address, path: Path) -> None:
    with Graph(path) as graph, alike(where, "half \ud800", 5) as searched:
        with pytest.raises(SpilloverError) as here:
            graph.store.search("half \ud800", 5)
        with pytest.raises(SpilloverError) as there:
            searched.store.search("half \ud800", 5)
    assert str(there.value) == str(here.value)


def test_what_is_kept_already_is_used(where: Address, path: Path, tmp_path: Path) -> None:
    with ServerGraph(where):
        assert len(kept(tmp_path)) == 1
    with neighbourhood(where, ["a"]) as graph, Graph(path) as file:
        assert isinstance(graph, ServerGraph)
        assert told(graph, "a") == told(file, "a")


def test_where_there_are_too_many_claims_the_whole_graph_is_read(
    where: Address, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST", 3)
    with neighbourhood(where, ["a"]) as graph, Graph(path) as file:
        assert isinstance(graph, ServerGraph)
        assert told(graph, "a") == told(file, "a")


def test_while_a_push_is_under_way_nothing_half_done_is_shown(where: Address) -> None:
    with Server(where) as server:
        server.write("MATCH (s:SpilloverGraph) SET s.state = 'pushing', s.holder = 'somebody'")
    with pytest.raises(StoreError, match="somebody has been"):
        neighbourhood(where, ["a"])
    with pytest.raises(StoreError, match="somebody has been"):
        alike(where, "a", 5)


@pytest.mark.parametrize("text", ["a", "nobody"])
def test_a_push_that_ends_meanwhile_makes_it_begin_anew(
    where: Address, path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """The state is looked at after all has been fetched; the first time it is another one."""
    looked: list[State | None] = []

    def looks(server: Server) -> State | None:
        looked.append(state(server))
        return None if len(looked) == 1 else looked[-1]

    monkeypatch.setattr(part, "state", looks)
    with Graph(path) as graph:
        assert there(where, text) == told(graph, text)
    assert len(looked) == 2


def test_networkx_gets_the_same_graph(where: Address, path: Path) -> None:
    """All of it from the server; and of a part the claims at the one who was asked for."""
    with Graph(path) as file, ServerGraph(where) as graph:
        here, there = to_networkx(file), to_networkx(graph)
    assert list(there.nodes(data=True)) == list(here.nodes(data=True))
    assert list(there.edges(keys=True, data=True)) == list(here.edges(keys=True, data=True))
    assert there.graph == here.graph


def test_closing_a_part_leaves_nothing(where: Address) -> None:
    with neighbourhood(where, ["a"]) as graph:
        folder = graph.store.path.parent
        assert folder.exists()
    assert not folder.exists()


def test_a_part_that_cannot_be_made_leaves_nothing(
    where: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(part, "build", full)
    with pytest.raises(StoreError, match="disk is full"):
        neighbourhood(where, ["a"])
    assert not list(tmp_path.glob("spillover-*"))


@pytest.mark.parametrize("words", [("show", "alpha group"), ("search", "国"), ("show", "Twin Ltd")])
def test_the_commands_ask_the_server_itself(
    where: Address, path: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    said = []
    for graph in (str(path), str(where)):
        command = [sys.executable, "-c", "from spillover.cli import main; main()", *words]
        done = subprocess.run(
            [*command, "--graph", graph, "--format", "json"], capture_output=True, check=False
        )
        said.append((done.returncode, done.stdout, done.stderr))
    assert said[0] == said[1]
    assert kept(tmp_path) == []
