"""The folder of an index is complete or made anew; nothing half-written is ever used."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from spillover.graph import arrays
from spillover.graph.index import Index, open_index
from spillover.graph.session import Graph
from spillover.graph.store import Store
from tests.graph.small import company, load, owns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """(a)-[:OWNS 60]->(b), (b)-[:OWNS 70]->(c)."""
    load(tmp_path / "graph.db", company("a"), owns("a", "b", "60"), owns("b", "c", "70"))
    return tmp_path / "graph.db"


def lows(index: Index) -> list[int]:
    return [int(low) for low in index.low]


def folder_of(path: Path) -> Path:
    with Store(path) as store:
        return Path(f"{path}.index") / store.key


def compiled(path: Path) -> bool:
    """Open the index, check what it says, and tell whether it had to be compiled."""
    told: list[str] = []
    with Store(path) as store:
        assert lows(open_index(store, progress=told.append)) == [60_000_000, 70_000_000]
    return told == ["compiling the index"]


def test_it_is_compiled_once(path: Path) -> None:
    assert compiled(path)
    assert not compiled(path)
    with Graph(path) as graph:
        assert isinstance(graph.index.pair.base, np.memmap)


def truncated(folder: Path) -> None:
    os.truncate(folder / "into.npy", 130)


def grown(folder: Path) -> None:
    with (folder / "into.npy").open("ab") as file:
        file.write(b"\0")


def missing(folder: Path) -> None:
    (folder / "until_high.npy").unlink()


def no_json(folder: Path) -> None:
    (folder / "index.json").write_text('{"format": 1, "si')


def no_object(folder: Path) -> None:
    (folder / "index.json").write_text("[1, 2]")


def not_text(folder: Path) -> None:
    (folder / "index.json").write_bytes(b"\xff\xfe")


def no_sizes(folder: Path) -> None:
    (folder / "index.json").write_text('{"format": 1, "sizes": {}}')


def newer(folder: Path) -> None:
    said = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**said, "format": arrays.FORMAT + 1}))


def no_array(folder: Path) -> None:
    size = (folder / "into.npy").stat().st_size
    (folder / "into.npy").write_bytes(b"\0" * size)


def replaced(folder: Path, name: str, array: object) -> None:
    """Another array in the place of one, with its size written down as if it belonged there."""
    np.save(folder / f"{name}.npy", np.asarray(array))
    said = json.loads((folder / "index.json").read_text())
    said["sizes"][name] = (folder / f"{name}.npy").stat().st_size
    (folder / "index.json").write_text(json.dumps(said))


def other_type(folder: Path) -> None:
    replaced(folder, "pair", [0.6, 0.7])


def other_length(folder: Path) -> None:
    replaced(folder, "pair", np.array([1, 2, 3], np.int32))


def other_rows(folder: Path) -> None:
    replaced(folder, "into_start", np.array([0, 1], np.int64))


def pickled(folder: Path) -> None:
    array = np.array([None, None], dtype=object)
    np.save(folder / "into.npy", array, allow_pickle=True)


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        grown,
        missing,
        no_json,
        no_object,
        not_text,
        no_sizes,
        newer,
        no_array,
        other_type,
        other_length,
        other_rows,
        pickled,
        empty_folder,
        shutil.rmtree,
    ],
)
def test_a_damaged_folder_is_made_anew(path: Path, damage: "object") -> None:
    assert compiled(path)
    assert callable(damage)
    damage(folder_of(path))
    assert compiled(path)
    assert not compiled(path)


def test_a_new_load_makes_a_new_index_and_a_few_old_ones_stay(path: Path) -> None:
    for share in ("1", "2", "3", "4"):
        load(path, owns("a", "b", share))
        with Store(path) as store:
            assert lows(open_index(store)) == [int(share) * 1_000_000]
    assert len(list(Path(f"{path}.index").iterdir())) == 1 + arrays.KEPT


def test_a_half_written_folder_is_ignored_and_swept_up_after_a_day(path: Path) -> None:
    base = Path(f"{path}.index")
    fresh, old = base / ".compiling-fresh", base / ".compiling-old"
    for folder in (fresh, old):
        folder.mkdir(parents=True)
        (folder / "into.npy").write_bytes(b"half")
    os.utime(old, (0, time.time() - arrays.ABANDONED - 1))
    assert compiled(path)
    assert fresh.exists()  # another process may be at it
    assert not old.exists()


@pytest.mark.parametrize("name", ["graph.db.index", "key"])
def test_where_no_folder_can_be_made_the_arrays_stay_in_memory(path: Path, name: str) -> None:
    """A regular file stands where the folder would: nothing can be written, for root neither."""
    if name == "key":
        folder_of(path).parent.mkdir()
        folder_of(path).write_text("in the way")
    else:
        path.with_name(name).write_text("in the way")
    assert compiled(path)
    assert compiled(path)
    with Graph(path) as graph:
        assert not isinstance(graph.index.low, np.memmap)


def test_a_full_disk_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(np, "save", full)
        assert compiled(path)
    assert list(Path(f"{path}.index").iterdir()) == []


def test_processes_that_compile_at_once_all_get_it(path: Path) -> None:
    script = """
        import sys
        from spillover.graph.session import Graph
        with Graph(sys.argv[1]) as graph:
            print(graph.index.low.tolist())
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0] for process in started] == ["[60000000, 70000000]\n"] * 4
    assert [folder.name for folder in Path(f"{path}.index").iterdir()] == [folder_of(path).name]


def test_others_may_read_what_one_user_compiled(path: Path) -> None:
    compiled(path)
    plain = path.parent / "plain"
    plain.mkdir()
    assert folder_of(path).stat().st_mode == plain.stat().st_mode
