"""What is no graph, or no readable one, is refused in one line that names the file."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from spillover.graph.errors import StoreError
from spillover.graph.session import Graph
from spillover.graph.sqlite import unreadable
from spillover.graph.store import Store
from spillover.graph.tables import FORMAT
from spillover.graph.writer import Writer
from tests.graph.small import company, content, load, owns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


def refused(path: Path, words: str) -> None:
    """Refused for reading and for writing, and not one byte is changed."""
    before = path.read_bytes()
    for way in (Store, Writer):
        with pytest.raises(StoreError, match=words) as caught:
            way(path)
        assert str(path) in str(caught.value)
        assert caught.value.exit_code == 6
    assert path.read_bytes() == before


def test_another_sqlite_file(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE accounts (number)")
    connection.close()
    refused(path, "not a Spillover graph; name another file")


def test_an_sqlite_file_of_another_program_without_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA application_id = 7")
    connection.close()
    refused(path, "not a Spillover graph")


def test_a_text_file(path: Path) -> None:
    path.write_text("owner,asset,stake\n" * 100)
    refused(path, "file is not a database")


def test_a_newer_format(path: Path) -> None:
    load(path, company("a"))
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    refused(path, f"newer Spillover .format {FORMAT + 1}, .*upgrade Spillover or load into a new")


def test_a_damaged_file(path: Path) -> None:
    load(path, *(company(f"c{n}", "x" * 500) for n in range(200)))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"graph\.db: cannot be read"), Store(path) as store:
        store.search("xxx")


def test_a_graph_cut_short(path: Path) -> None:
    load(path, *(company(f"c{n}", "x" * 500) for n in range(200)))
    path.write_bytes(path.read_bytes()[:10_000])
    with pytest.raises(StoreError, match=r"graph\.db: cannot be read"), Store(path) as store:
        store.search("xxx")


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(StoreError, match="no graph there; build one with `spillover load"):
        Store(path)
    assert not path.exists()


def test_an_empty_file_can_be_loaded_into_but_not_read(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match="no load into it has ever finished"):
        Store(path)
    load(path, company("a"))
    assert [entity.id for entity in content(path)[1]] == ["a"]


def test_a_folder(tmp_path: Path) -> None:
    for way in (Store, Writer):
        with pytest.raises(StoreError, match="a folder, not a graph file"):
            way(tmp_path)


def test_full_disk_is_called_so() -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert "the disk is full; nothing was changed" in str(unreadable(Path("g"), error))


@pytest.mark.parametrize(
    "name", ["with space.db", "quote'.db", "q?mode=memory.db", "#%41.db", "中国.db"]
)
def test_any_file_name(tmp_path: Path, name: str) -> None:
    load(tmp_path / name, company("a"))
    assert (tmp_path / name).is_file()
    with Graph(tmp_path / name) as graph:
        assert graph.find(["a"]) == [1]


def test_a_graph_in_a_folder_that_cannot_be_written_is_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(path, company("a"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert [entity.id for entity in content(path)[1]] == ["a"]
    assert [file.name for file in path.parent.iterdir()] == ["graph.db"]


FULL = """
import resource, signal, sys
from pathlib import Path
from spillover.graph.errors import SpilloverError
from tests.graph.small import company, load
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    load(Path(sys.argv[1]), *(company(f"new{n}", "x" * 300) for n in range(4000)))
except SpilloverError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.parametrize("room", [33_000, 100_000, 400_000, 900_000])
def test_no_room_for_the_load_leaves_the_graph_as_it_was(path: Path, room: int) -> None:
    """4,000 descriptions of more than 300 bytes need more than 1.2 MB; no file may grow so far."""
    load(path, company("a", "Alpha"), owns("a", "b", "60"))
    before = content(path)
    command = [sys.executable, "-c", FULL, str(path), str(room)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.count("\n"), ended.stderr) == (6, 1, "")
    assert str(path) in ended.stdout
    assert content(path) == before
    load(path, company("b"))


def test_a_full_disk_leaves_the_graph_as_it_was(tmp_path: Path) -> None:
    """A file system of 1 MiB; the load needs more."""
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(tmp_path)]
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs more rights than this process has")
    try:
        path = tmp_path / "graph.db"
        load(path, company("a", "Alpha"), owns("a", "b", "60"))
        before = content(path)
        with pytest.raises(StoreError, match="the disk is full"):
            load(path, *(company(f"new{n}", "x" * 300) for n in range(4000)))
        assert content(path) == before
        load(path, company("b"))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
