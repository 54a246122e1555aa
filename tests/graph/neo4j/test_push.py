"""Does a server hold what was pushed, and nothing else, whatever came before?"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spillover.graph.content import content
from spillover.graph.errors import LoadRefusedError, NotFoundError, StoreError
from spillover.graph.neo4j import push as pushing
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import Pushed, push
from spillover.graph.neo4j.state import State, state
from spillover.graph.schema import Entity, Relation
from spillover.graph.store import Store
from spillover.graph.writer import Writer
from tests.graph.neo4j.dumped import dump, entities, ties
from tests.graph.small import company, load, owns

LEI = "5493001KJTIIGC8Y1R12"  # a valid LEI: the check digits are 12


def what(pushed: Pushed) -> dict[str, str]:
    return {one.name: one.what for one in pushed.datasets}


def said(where: Address) -> State:
    with Server(where) as server:
        found = state(server)
    assert found is not None
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """(a)-[60%]->(b)-[40%]->(c); c is only named."""
    path = tmp_path / "graph.db"
    load(path, company("a"), company("b"), owns("a", "b", "60%"), owns("b", "c", "40%"))
    return path


def test_entities_and_claims_arrive(neo4j_server: Address, path: Path) -> None:
    pushed = push(path, neo4j_server)
    assert pushed.changed
    assert not pushed.resumed
    assert what(pushed) == {"d": "pushed"}
    assert ties(neo4j_server) == [("a", "OWNS", "b"), ("b", "OWNS", "c")]
    found = entities(neo4j_server)
    assert found["a"]["labels"] == {"Entity", "LegalEntity", "Organization", "Company"}
    assert (found["a"]["num"], found["a"]["load_d"], found["a"]["datasets"]) == (1, 1, ["d"])
    assert found["c"] == {"num": 3, "id": "c", "name": "c", "schema": "Thing", "labels": {"Entity"}}


def test_the_state_says_what_the_file_holds(neo4j_server: Address, path: Path) -> None:
    pushed = push(path, neo4j_server)
    found = said(neo4j_server)
    with Store(path) as store:
        assert found.content == content(store).total
        ((identity,),) = store.rows("SELECT value FROM meta WHERE key = 'identity'")
    assert (found.state, found.tag, found.identity) == ("complete", pushed.tag, identity)
    assert (found.version, found.entities, found.relations) == (1, 3, 2)
    assert (found.plan, found.holder, found.since) == ("", "", "")


def test_a_second_push_changes_nothing(neo4j_server: Address, path: Path) -> None:
    first = push(path, neo4j_server)
    before = dump(neo4j_server)
    second = push(path, neo4j_server)
    assert (second.changed, second.tag, second.batches) == (False, first.tag, 0)
    assert what(second) == {"d": "unchanged"}
    assert dump(neo4j_server) == before


def test_a_reloaded_dataset_loses_what_it_no_longer_says(neo4j_server: Address, path: Path) -> None:
    load(path, owns("x", "c", "5%"), owns("a", "b", "60%"), dataset="other")
    push(path, neo4j_server)
    load(path, company("a"), owns("a", "b", "60%"))
    pushed = push(path, neo4j_server)
    assert what(pushed) == {"d": "pushed", "other": "unchanged"}
    assert ties(neo4j_server) == [("a", "OWNS", "b"), ("a", "OWNS", "b"), ("x", "OWNS", "c")]
    found = entities(neo4j_server)
    assert found["b"] == {"num": 2, "id": "b", "name": "b", "schema": "Thing", "labels": {"Entity"}}
    assert found["a"]["load_d"] == 3


def test_who_is_no_longer_named_is_gone(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    load(path, company("a"))
    push(path, neo4j_server)
    assert set(entities(neo4j_server)) == {"a"}
    assert ties(neo4j_server) == []


def test_the_same_as_from_a_push_into_an_empty_server(
    neo4j_server: Address, path: Path, tmp_path: Path
) -> None:
    """Step by step or at once: the server holds the same."""
    push(path, neo4j_server)
    load(path, company("b", "B"), Entity("c", "Person", "C"), owns("c", "a", "1%"), dataset="e")
    push(path, neo4j_server)
    load(path, Entity("b", "University", "b"), owns("b", "c", "40%"), owns("b", "c", "40%"))
    push(path, neo4j_server)
    with Writer(path) as writer:
        writer.unload("e")
    push(path, neo4j_server)
    step_by_step = dump(neo4j_server)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    push(path, neo4j_server)
    assert dump(neo4j_server) == step_by_step


def test_two_datasets_describe_one_entity(neo4j_server: Address, path: Path) -> None:
    load(path, company("b", "Bee Ltd", countries=("gb",)), dataset="register")
    push(path, neo4j_server)
    found = entities(neo4j_server)["b"]
    assert (found["name"], found["names"], found["countries"]) == ("b", ["Bee Ltd"], ["gb"])
    assert found["datasets"] == ["d", "register"]
    assert found["folded"] == "b\nbee ltd"
    with Writer(path) as writer:
        writer.unload("d")
    pushed = push(path, neo4j_server)
    assert what(pushed) == {"d": "removed", "register": "unchanged"}
    found = entities(neo4j_server)
    assert set(found) == {"b"}
    assert (found["b"]["name"], found["b"]["datasets"]) == ("Bee Ltd", ["register"])
    assert not {"names", "said_d", "load_d"} & found["b"].keys()


def test_labels_follow_the_schema(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    load(path, Entity("a", "Vessel", "a"), company("b"), owns("a", "b", "60%"))
    push(path, neo4j_server)
    assert entities(neo4j_server)["a"]["labels"] == {"Entity", "Asset", "Vessel"}


def test_claims_of_the_same_words_are_counted(neo4j_server: Address, tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    load(path, owns("a", "b", "5%"), owns("a", "b", "6%"), owns("a", "b", "5%"))
    push(path, neo4j_server)
    assert len(ties(neo4j_server)) == 3
    load(path, owns("a", "b", "5%"), owns("a", "b", "6%"))
    push(path, neo4j_server)
    with Server(neo4j_server) as server:
        rows = server.rows(
            "MATCH ()-[r]->() RETURN r.stake_text AS said, r.num AS num ORDER BY num"
        )
    assert [tuple(row) for row in rows] == [("5%", 4), ("6%", 5)]


def test_who_is_one_and_what_contradicts(neo4j_server: Address, path: Path) -> None:
    one = company("x", identifiers=(("lei", LEI),))
    load(path, one, company("y", identifiers=(("lei", LEI),)), dataset="e")
    push(path, neo4j_server)
    assert ("y", "SAME_AS", "x") in ties(neo4j_server)
    load(path, one, Entity("y", "Vessel", "y", identifiers=(("lei", LEI),)), dataset="e")
    with Store(path) as store:
        wanted = [
            (one.identifier, one.why, ", ".join(one.entities)) for one in store.joined.conflicts()
        ]
    push(path, neo4j_server)
    with Server(neo4j_server) as server:
        rows = server.rows("MATCH (c:SpilloverConflict) RETURN c.identifier, c.why, c.entities")
    assert [tuple(row) for row in rows] == wanted
    assert all(kind != "SAME_AS" for _, kind, _ in ties(neo4j_server))


def test_listings_follow_designations(neo4j_server: Address, path: Path) -> None:
    def listed(end: str | None) -> Relation:
        return Relation("DESIGNATES", "p", "b", start="2020-01-01", end=end)

    programme = Entity("p", "Programme", "P")
    for claims, listing in (
        ([listed(None), listed("2022-01-01")], "listed"),
        ([listed("2022-01-01")], "delisted"),
        ([], None),
    ):
        load(path, programme, *claims, dataset="list")
        push(path, neo4j_server)
        assert entities(neo4j_server)["b"].get("listing") == listing


def test_only_the_datasets_asked_for(neo4j_server: Address, path: Path) -> None:
    load(path, company("x", identifiers=(("lei", LEI),)), dataset="e")
    load(path, company("y", identifiers=(("lei", LEI),)), dataset="f")
    assert what(push(path, neo4j_server, datasets=["f"])) == {"f": "pushed"}
    assert set(entities(neo4j_server)) == {"y"}
    push(path, neo4j_server, datasets=["d"])
    assert set(entities(neo4j_server)) == {"a", "b", "c", "y"}
    push(path, neo4j_server)
    whole = dump(neo4j_server)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    push(path, neo4j_server)
    assert dump(neo4j_server) == whole
    with pytest.raises(NotFoundError, match=r"no dataset is named 'g'.* has: d, e, f"):
        push(path, neo4j_server, datasets=["g"])


# -- several origins ------------------------------------------------------------------------


def test_colleagues_push_their_own_datasets(
    neo4j_server: Address, path: Path, tmp_path: Path
) -> None:
    """Who is there keeps its number, who is new gets one above; each removes only what is its."""
    theirs = tmp_path / "theirs.db"
    load(theirs, company("z"), company("b", "Bee", identifiers=(("lei", LEI),)), dataset="t")
    load(theirs, owns("z", "b", "7%"), dataset="u")
    load(path, company("x", identifiers=(("lei", LEI),)), dataset="e")
    push(path, neo4j_server)
    pushed = push(theirs, neo4j_server)
    assert what(pushed) == {"d": "left alone", "e": "left alone", "t": "pushed", "u": "pushed"}
    found = entities(neo4j_server)
    assert {key: one["num"] for key, one in found.items()} == {
        "a": 1,
        "b": 2,
        "c": 3,
        "x": 4,
        "z": 5,
    }
    assert found["b"]["datasets"] == ["d", "t"]
    assert ("x", "SAME_AS", "b") in ties(neo4j_server)
    assert push(path, neo4j_server).changed is False
    with Writer(path) as writer:
        writer.unload("e")
    assert what(push(path, neo4j_server))["e"] == "removed"
    assert all(kind != "SAME_AS" for _, kind, _ in ties(neo4j_server))
    load(path, company("a"), owns("a", "b", "61%"))
    assert what(push(path, neo4j_server)) == {"d": "pushed", "t": "left alone", "u": "left alone"}
    assert ties(neo4j_server) == [("a", "OWNS", "b"), ("z", "OWNS", "b")]
    with Server(neo4j_server) as server:
        rows = server.rows("MATCH ()-[r]->() WHERE r.num IS NOT NULL RETURN r.num AS num")
    assert sorted(row["num"] for row in rows) == [3, 4]


def test_a_dataset_that_a_colleague_pushed_is_not_pushed_again(
    neo4j_server: Address, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spillover.graph.writer.now", lambda: "2026-01-02T00:00:00Z")
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    for one in (ours, theirs):
        load(one, company("a"), dataset="shared")
    push(ours, neo4j_server)
    assert what(push(theirs, neo4j_server)) == {"shared": "unchanged"}


def test_a_later_load_of_a_colleague_is_not_replaced_by_an_earlier_one(
    neo4j_server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "ours.db", tmp_path / "theirs.db"
    monkeypatch.setattr("spillover.graph.writer.now", lambda: "2026-01-02T00:00:00Z")
    load(ours, company("a"), dataset="shared")
    monkeypatch.setattr("spillover.graph.writer.now", lambda: "2026-01-03T00:00:00Z")
    load(theirs, company("b"), dataset="shared")
    push(theirs, neo4j_server)
    with pytest.raises(LoadRefusedError, match=r"'shared' was loaded on 2026-01-03.* --replace"):
        push(ours, neo4j_server)
    push(ours, neo4j_server, replace=True)
    assert set(entities(neo4j_server)) == {"a"}


def test_a_copy_that_went_its_own_way(neo4j_server: Address, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    load(path, company("x"), dataset="x")
    load(copy, company("y"), dataset="y")
    push(path, neo4j_server)
    with pytest.raises(LoadRefusedError, match=r"'x' was loaded on .*copy.db does not know"):
        push(copy, neo4j_server)
    assert what(push(copy, neo4j_server, replace=True)) == {
        "d": "unchanged",
        "x": "removed",
        "y": "pushed",
    }
    assert set(entities(neo4j_server)) == {"a", "b", "c", "y"}


def test_a_strangers_database_is_not_touched(neo4j_server: Address, path: Path) -> None:
    with Server(neo4j_server) as server:
        server.write("CREATE (:Entity {id: 'theirs'})")
    with pytest.raises(StoreError, match="not Spillover's; name another database"):
        push(path, neo4j_server)


# -- hostile words --------------------------------------------------------------------------

HOSTILE = [
    "' OR 1=1 //",
    '"}) DETACH DELETE n //',
    "`a`b`",
    "}",
    "${x} $rows {0} %s",
    "line\nend\r\ttab",
    "said_d",
    "load_d",
    "中国船舶重工集团",
    "\u202eevil \U0001f4a3",
    "a" * 3000,
    " ",
]


class Texts:
    """Every text of a query that reaches the server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from neo4j import ManagedTransaction, Session

        self.found: set[str] = set()
        for holder in (ManagedTransaction, Session):
            monkeypatch.setattr(holder, "run", self._recorded(holder.run))

    def _recorded(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def recorded(run_by: Any, query: Any, *args: Any, **values: Any) -> Any:
            self.found.add(str(query))
            return run(run_by, query, *args, **values)

        return recorded


def names(words: list[str], tmp_path: Path, name: str) -> Path:
    """A file in which every text is one of these words."""
    path = tmp_path / f"{name}.db"
    for word in words:
        one = company(word, word, topics=(word,), properties={word: (word,)})
        claim = owns(word, f"{word}2", "5%", record=word, note=word, publisher=word)
        load(path, one, claim, dataset=word)
        load(path, company("shared", word), company("shared", f"{word}!"), dataset=f"{word}3")
    return path


def test_hostile_words_arrive_unchanged_and_vary_no_query(
    neo4j_server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Texts(monkeypatch)
    push(names(["a", "b"], tmp_path, "plain"), neo4j_server)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    plain = texts.found.copy()
    pushed = push(names(HOSTILE, tmp_path, "hostile"), neo4j_server)
    assert texts.found == plain
    assert len(pushed.datasets) == 2 * len(HOSTILE)
    found = entities(neo4j_server)
    for word in HOSTILE:
        assert found[word]["name"] == word
        assert found[word]["topics"] == found[word]["datasets"] == [word]
        assert found[word][f"load_{word}"] == 2 * HOSTILE.index(word) + 1
    with Server(neo4j_server) as server:
        rows = server.rows("MATCH (a)-[r:OWNS]->() RETURN a.id AS id, r.note AS note")
    assert {row["note"] for row in rows} == set(HOSTILE)
    assert all(row["id"] == row["note"] for row in rows)


# -- interruptions --------------------------------------------------------------------------


class Stumbling(Server):
    """A server that goes away after some transactions.

    Whether the next one was lost or stands without word of it makes no difference to what the
    server holds: it is what it holds when it goes away one transaction earlier or later.
    """

    left = 0

    def work(self, steps: Callable[[Any], Any]) -> Any:
        cls = type(self)
        if not cls.left:
            raise StoreError("gone") from ConnectionError()
        cls.left -= 1
        return super().work(steps)


def _before(path: Path) -> None:
    """Two more datasets; ``old.db`` beside the file keeps what it says now."""
    load(path, company("x", identifiers=(("lei", LEI),)), company("b"), dataset="e")
    load(path, company("old"), owns("old", "a", "1%"), dataset="gone")
    shutil.copy(path, path.with_name("old.db"))


def _change(path: Path) -> None:
    """Change the file so that the next push does everything that a push can."""
    load(path, company("b"), owns("a", "b", "60%"), owns("b", "n", "1%"), owns("b", "n", "1%"))
    load(path, company("y", identifiers=(("lei", LEI),)), dataset="f")
    load(path, Entity("p", "Programme", "P"), Relation("DESIGNATES", "p", "x"), dataset="g")
    with Writer(path) as writer:
        writer.unload("gone")


def test_broken_off_anywhere_and_resumed_it_is_as_if_never_broken_off(
    neo4j_server: Address, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _before(path)
    old = path.with_name("old.db")
    _change(path)
    push(path, neo4j_server)
    wanted = dump(neo4j_server)
    for left in range(100):
        with Server(neo4j_server) as server:
            server.alone("MATCH (n) DETACH DELETE n")
        push(old, neo4j_server)
        monkeypatch.setattr(Stumbling, "left", left)
        with monkeypatch.context() as patch:
            patch.setattr(pushing, "Server", Stumbling)
            try:
                push(path, neo4j_server)
            except StoreError as error:
                assert "gone" in str(error)  # noqa: PT017 - the last push of the loop is not broken
            else:
                break
        push(path, neo4j_server)
        assert dump(neo4j_server) == wanted, left
    assert 15 < left < 99


def test_another_push_in_the_way(
    neo4j_server: Address, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs.db"
    load(theirs, company("z"), owns("z", "a", "1%"), dataset="t")
    _break_off(theirs, neo4j_server, monkeypatch, after=2)
    with pytest.raises(StoreError, match=rf"process {os.getpid()} on .* since 20.*--take-over"):
        push(path, neo4j_server)
    pushed = push(path, neo4j_server, take_over=True)
    assert what(pushed) == {"d": "pushed", "t": "removed"}
    assert set(entities(neo4j_server)) == {"a", "b", "c"}
    assert what(push(theirs, neo4j_server)) == {"d": "left alone", "t": "pushed"}
    assert set(entities(neo4j_server)) == {"a", "b", "c", "z"}


def test_a_push_that_was_overtaken_stops(neo4j_server: Address, path: Path, tmp_path: Path) -> None:
    """The other push takes the graph in the middle of this one, which then changes nothing."""
    theirs = tmp_path / "theirs.db"
    load(theirs, company("z"), dataset="t")
    done: list[Pushed] = []

    def overtake(text: str) -> None:
        if text.startswith("settling") and not done:
            done.append(push(theirs, neo4j_server, take_over=True))

    with pytest.raises(StoreError, match="took over"):
        push(path, neo4j_server, progress=overtake)
    assert said(neo4j_server).tag == done[0].tag
    assert set(entities(neo4j_server)) == {"z"}


@pytest.mark.parametrize("after", [2, 3, 4, 5])
def test_a_file_that_went_on_after_a_break(
    neo4j_server: Address, path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whoever only the first push would have brought is not left behind."""
    _break_off(path, neo4j_server, monkeypatch, after)
    load(path, company("b", "Bee"), owns("z", "b", "1%"))
    push(path, neo4j_server)
    went_on = dump(neo4j_server)
    assert set(entities(neo4j_server)) == {"b", "z"}
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    push(path, neo4j_server)
    assert dump(neo4j_server) == went_on


class Unheard(Server):
    """A server whose word that a transaction stands is lost each time, so that it is repeated."""

    def work(self, steps: Callable[[Any], Any]) -> Any:
        super().work(steps)
        return super().work(steps)


def test_a_transaction_that_is_repeated_means_the_same(
    neo4j_server: Address, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _before(path)
    push(path, neo4j_server)
    _change(path)
    push(path, neo4j_server)
    wanted = dump(neo4j_server)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    push(path.with_name("old.db"), neo4j_server)
    monkeypatch.setattr(pushing, "Server", Unheard)
    push(path, neo4j_server)
    assert dump(neo4j_server) == wanted


def _break_off(path: Path, where: Address, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    monkeypatch.setattr(Stumbling, "left", after)
    with monkeypatch.context() as patch:
        patch.setattr(pushing, "Server", Stumbling)
        with pytest.raises(StoreError, match="the same command goes on with it"):
            push(path, where)


def test_claims_that_somebody_else_changed_are_noticed(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    with Server(neo4j_server) as server:
        server.write("MATCH (:Entity {id: 'a'})-[r:OWNS]->() DELETE r")
    load(path, company("x"), dataset="e")
    with pytest.raises(StoreError, match=r"holds 1 claims instead of 2.*neo4j clear"):
        push(path, neo4j_server)


# -- any graph ------------------------------------------------------------------------------

IDS = st.sampled_from(["a", "b", "c", "d"])
DESCRIBED = st.builds(
    # Of the class itself words would be drawn for all other fields, too.
    lambda who, schema, name, countries, identifiers: Entity(
        who, schema, name, countries=countries, identifiers=identifiers
    ),
    IDS,
    st.sampled_from(["Company", "Person", "Vessel", "Thing"]),
    st.sampled_from(["Ann", "Bee"]),
    st.sampled_from([(), ("cn",), ("gb", "cn")]),
    st.sampled_from([(), (("lei", LEI),), (("lei", LEI), ("imo", "9074729"))]),
)
OWNED = st.builds(owns, IDS, IDS, st.sampled_from(["", "5%", "60%"]))
DESIGNATED = st.builds(
    lambda programme, who, end: Relation("DESIGNATES", programme, who, end=end),
    *(IDS, IDS, st.sampled_from([None, "2020-01-01"])),
)
LOADS = st.tuples(st.sampled_from(["x", "y"]), st.lists(DESCRIBED | OWNED | DESIGNATED, max_size=5))


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(LOADS, min_size=1, max_size=3))
def test_pushed_after_each_load_or_at_once_the_server_holds_the_same(
    neo4j_server: Address,
    tmp_path_factory: pytest.TempPathFactory,
    loads: list[tuple[str, list[Entity | Relation]]],
) -> None:
    path = tmp_path_factory.mktemp("any") / "graph.db"
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    for dataset, items in loads:
        load(path, *items, dataset=dataset)
        push(path, neo4j_server)
    step_by_step = dump(neo4j_server)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) DETACH DELETE n")
    push(path, neo4j_server)
    assert dump(neo4j_server) == step_by_step
