"""Is the graph of a server read once for each push, and is it said when it cannot be?"""

from __future__ import annotations

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spillover.graph.errors import InputError, StoreError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j import cache, session
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.session import ServerGraph
from spillover.graph.neo4j.state import state
from spillover.graph.session import Graph
from tests.graphs import build


@pytest.fixture
def where(neo4j_server: Address, tmp_path: Path) -> Address:
    """A server to which ``graph.db`` was pushed: X holds 60 % of A, and A 50 % of B."""
    push(build(tmp_path / "graph.db", "X > A 60\nA > B 50"), neo4j_server)
    return neo4j_server


def tag(where: Address) -> str:
    with Server(where) as server:
        found = state(server)
    assert found is not None
    return found.tag


def say(where: Address, how: str) -> None:
    """Let the state on the server say that a push is under way, or that it is complete."""
    with Server(where) as server:
        server.write(
            "MATCH (s:SpilloverGraph) SET s.state = $how, s.holder = 'process 1 on host',"
            " s.since = '2026-11-22T09:00:00Z'",
            how=how,
        )


def test_it_is_read_once_for_each_push(where: Address, tmp_path: Path) -> None:
    read: list[int] = []

    def files() -> list[Path]:
        return sorted(cache.place(where, "any").parent.glob("*.db"))

    for _ in range(2):
        with ServerGraph(where) as graph, Graph(tmp_path / "graph.db") as own:
            assert graph.store.key == own.store.key
            assert graph.store.name == str(where)
            assert graph.index.low.tolist() == own.index.low.tolist() == [60_000_000, 50_000_000]
            (path,) = files()
            read.append(path.stat().st_mtime_ns)
    assert read[0] == read[1]
    push(build(tmp_path / "graph.db", "B > C 5", Dataset("more", "More")), where)
    with ServerGraph(where) as graph:
        assert graph.index.claims == 3
        (other,) = files()
    assert other != path
    assert not Path(f"{path}.index").exists()


def test_nobody_else_can_read_what_is_kept(where: Address) -> None:
    with ServerGraph(where):
        folder = cache.place(where, tag(where)).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_several_questions_at_once_do_not_disturb_each_other(where: Address) -> None:
    def ask(_: int) -> list[str]:
        with ServerGraph(where) as graph:
            return [graph.store.entity(number).id for number in graph.numbers()]

    with ThreadPoolExecutor(3) as several:
        assert list(several.map(ask, range(6))) == [["X", "A", "B"]] * 6


def test_while_somebody_pushes_the_last_graph_answers(where: Address) -> None:
    with ServerGraph(where):
        pass
    say(where, "pushing")
    said: list[str] = []
    with ServerGraph(where, remark=said.append) as graph:
        assert graph.index.claims == 2
    (line,) = said
    assert line.startswith(f"{where}: process 1 on host has been changing the graph since 2026-")
    assert line.endswith("; this answers from what stood before")


def test_while_somebody_pushes_first_there_is_no_answer(where: Address) -> None:
    say(where, "pushing")
    with pytest.raises(StoreError, match="has been changing the graph since") as refused:
        ServerGraph(where)
    assert "\n" not in str(refused.value)


def test_a_server_without_a_graph(neo4j_server: Address) -> None:
    with pytest.raises(StoreError, match="no Spillover graph there"):
        ServerGraph(neo4j_server)


def test_only_the_newest_version_is_there(where: Address, tmp_path: Path) -> None:
    push(build(tmp_path / "graph.db", "B > C 5", Dataset("more", "More")), where)
    with ServerGraph(where, "v2") as graph, ServerGraph(where, "2999-01-01") as later:
        assert graph.store.version == later.store.version == 2
    for said in ("v1", "2000", "2000-01-01"):
        with pytest.raises(InputError, match="holds no version before v2") as refused:
            ServerGraph(where, said)
        assert str(refused.value).startswith(str(where))
    with pytest.raises(InputError, match=f"v3 is no version of {where}"):
        ServerGraph(where, "v3")


def test_a_file_that_another_process_removes_is_made_again(
    where: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = []
    first = session._file

    def removed(*given: object) -> Path:
        path = first(*given)  # type: ignore[arg-type] # as it was called
        times.append(path)
        if len(times) == 1:
            path.unlink()
        return path

    monkeypatch.setattr(session, "_file", removed)
    with ServerGraph(where) as graph:
        assert graph.index.claims == 2
    assert len(times) == 2


def test_a_folder_that_cannot_be_made(
    where: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(StoreError, match="XDG_CACHE_HOME") as refused:
        ServerGraph(where)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("said", ["../../etc/passwd", "a/b", "", "标签", "x" * 5000])
def test_a_tag_never_names_another_place(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    where = Address("bolt://127.0.0.1:7687")
    path = cache.place(where, said)
    assert path.resolve().is_relative_to(tmp_path / "spillover" / "neo4j")
    assert cache.kept(where, said) is None
    path.write_text("", encoding="utf-8")
    assert cache.kept(where, said) == path


def test_tidying_leaves_what_others_are_making(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two files that were never finished the one is a day old, the other is being made."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    where = Address("bolt://127.0.0.1:7687")
    newest = cache.place(where, "new")
    for name in (newest.name, "old.db", ".a.building", ".b.building"):
        (newest.parent / name).write_text("", encoding="utf-8")
    (newest.parent / "old.db.index").mkdir()
    (newest.parent / f"{newest.name}.index").mkdir()
    a_day_ago = time.time() - 86_401
    os.utime(newest.parent / ".a.building", (a_day_ago, a_day_ago))
    cache.tidy(where, "new")
    left = {path.name for path in newest.parent.iterdir()}
    assert left == {newest.name, f"{newest.name}.index", ".b.building"}
