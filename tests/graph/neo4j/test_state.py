"""Does a server say what it holds and who changes it, and is only our own taken away?"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from spillover.graph.errors import StoreError
from spillover.graph.neo4j import state as kept
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.state import Cleared, at_work, clear, loads, me, state
from spillover.graph.rows import Quarantined
from spillover.graph.store import Store
from spillover.graph.writer import Writer
from tests.graph.neo4j.dumped import dump
from tests.graph.small import add, commit, company, load, owns

LEI = "5493001KJTIIGC8Y1R12"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two loads of one dataset, and a second dataset of which one record was set aside."""
    path = tmp_path / "graph.db"
    load(path, company("a"))
    with Writer(path) as writer:
        add(writer, company("b", identifiers=(("lei", LEI),)), owns("a", "b", "60%"))
        commit(writer, "e", (Quarantined("f.csv", "2", "no name", '{"id": "x"}'),))
    load(path, company("a", identifiers=(("lei", LEI),)), owns("a", "b", "61%"))
    return path


def test_an_empty_server_holds_no_graph(neo4j_server: Address) -> None:
    with Server(neo4j_server) as server:
        assert state(server) is None
        assert loads(server) == ()
        assert clear(server) == Cleared(0, 0, 0, 0)


def test_the_history_is_that_of_the_file(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    with Server(neo4j_server) as server, Store(path) as store:
        there = loads(server)
        assert tuple(one.load for one in there) == store.history()
    assert [one.origin_num for one in there] == [1, 2, 3]
    assert [one.set_aside for one in there] == [
        (),
        ('["f.csv","2","no name","{\\"id\\": \\"x\\"}"]',),
        (),
    ]
    assert [bool(one.digest) for one in there] == [False, True, True]
    assert all(one.complete for one in there)


def test_clearing_leaves_what_is_not_ours(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    strange = (
        "CREATE (:Person {name: 'Ann'})-[:OWNS {since: 1999}]->(:Company {name: 'Bee'}),"
        " (:Entity {name: 'no number'})"
    )
    with Server(neo4j_server) as server:
        server.write(strange)
        told: list[str] = []
        cleared = clear(server, told.append)
        assert state(server) is None
    # a and b; (a)-[OWNS]->(b) of each dataset, and (b)-[SAME_AS]->(a); no contradiction; 3 loads
    assert cleared == Cleared(entities=2, relations=3, conflicts=0, loads=3)
    assert "entities: 2 removed" in told
    nodes, ties = dump(neo4j_server)
    assert [values for _, values in nodes] == [
        [("name", "Bee")],
        [("name", "no number")],
        [("name", "Ann")],
    ]
    assert len(ties) == 1


def test_after_clearing_a_push_starts_anew(neo4j_server: Address, path: Path) -> None:
    push(path, neo4j_server)
    before = dump(neo4j_server)
    with Server(neo4j_server) as server:
        clear(server)
    assert push(path, neo4j_server).changed
    assert dump(neo4j_server) == before


def test_a_clearing_that_was_broken_off_is_ended_by_a_push(
    neo4j_server: Address, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(path, neo4j_server)
    before = dump(neo4j_server)
    monkeypatch.setattr(kept, "_CLOSED", "RETURN 1/0")
    with Server(neo4j_server) as server:
        with pytest.raises(StoreError):
            clear(server)
        found = state(server)
    monkeypatch.undo()
    assert found is not None
    assert (found.state, found.plan, found.holder) == ("pushing", "clear", me())
    monkeypatch.setenv("NEO4J_URI", neo4j_server.uri)
    push(path, neo4j_server)
    assert dump(neo4j_server) == before


def test_a_graph_of_a_newer_version_is_refused(neo4j_server: Address) -> None:
    with Server(neo4j_server) as server:
        server.write("CREATE (:SpilloverGraph {id: 'graph', format: 2, state: 'complete'})")
        with pytest.raises(StoreError, match=r"newer Spillover .format 2.*upgrade"):
            state(server)


def test_who_may_still_be_at_work() -> None:
    """This process is not: it asks. One that has ended is not. One elsewhere may be."""
    here = socket.gethostname()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert me() == f"process {os.getpid()} on {here}"
    assert not at_work(me())
    assert not at_work(f"process {ended.pid} on {here}")
    assert at_work(f"process {os.getppid()} on {here}")
    assert at_work(f"process {ended.pid} on elsewhere.example.org")
    assert at_work("somebody")
