"""A load gets into the file whole or not at all, and one process writes at a time."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import spillover.graph.lease
import spillover.graph.writer
from spillover.graph.errors import InputError, StoreError
from spillover.graph.schema import Name
from spillover.graph.store import Store
from spillover.graph.writer import Writer
from tests.graph.small import add, commit, company, content, load, owns


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.db"


def days(monkeypatch: pytest.MonkeyPatch, *stamps: str) -> None:
    """Loads finish at these times, one after the other (two calls of the clock for each load)."""
    clock = [stamp for stamp in stamps for _ in range(2)]
    for module in (spillover.graph.lease, spillover.graph.writer):
        monkeypatch.setattr(module, "now", lambda: clock.pop(0))


def test_a_load_can_be_read_back(path: Path) -> None:
    """(a)-[:OWNS 60]->(b)."""
    load(path, company("a", "Alpha"), company("b", "Beta"), owns("a", "b", "60", note="as printed"))
    with Store(path) as store:
        numbers = store.find("a"), store.find("b")
        ((relation, dataset),) = store.relations([1]).values()
        assert (relation.source, relation.target, dataset) == ("a", "b", "d")
        assert relation.stake == (60_000_000, 60_000_000)  # 60 % in millionths of a percent
        assert relation.stake_text == "60"
        assert relation.evidence.note == "as printed"
        assert [store.entity(n).name for n in numbers] == ["Alpha", "Beta"]


def test_a_load_replaces_its_dataset_and_nothing_of_others(path: Path) -> None:
    load(path, company("a"), owns("a", "b", "60"), dataset="one")
    load(path, company("c"), owns("c", "d", "10"), dataset="two")
    load(path, company("a"), owns("a", "b", "70"), dataset="one")
    loads, _, relations, _ = content(path)
    assert [(item.num, item.dataset.name) for item in loads] == [(2, "two"), (3, "one")]
    assert [(r.source, r.stake_text, dataset) for r, dataset in relations] == [
        ("c", "10", "two"),
        ("a", "70", "one"),
    ]


def test_unloading_is_replacing_by_nothing(path: Path) -> None:
    load(path, company("a", "Alpha"), owns("a", "b", "60"), dataset="one")
    load(path, company("c", "Gamma"), dataset="two")
    load(path, dataset="one")
    with Store(path) as store:
        assert store.segments() == []
        assert store.search("alpha") == []
        assert store.number("a") is None
        assert store.number("b") is None
        assert store.find("gamma") == store.number("c")


def break_off(path: Path, fault: type[BaseException], after: int) -> None:
    """A load that meets this fault after so many entities."""
    with Writer(path) as writer:
        add(writer, *(company(f"new {number}") for number in range(after)))
        raise fault


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, sqlite3.OperationalError])
def test_a_load_that_breaks_off_leaves_everything_as_it_was(
    path: Path, fault: type[BaseException]
) -> None:
    load(path, company("a", "Alpha"), owns("a", "b", "60"))
    before = content(path)
    expected = StoreError if fault is sqlite3.OperationalError else fault
    with pytest.raises(expected):
        break_off(path, fault, 30_000)  # beyond one batch, so that rows stand in the file
    assert content(path) == before
    assert not path.with_name("graph.db.writer").exists()
    load(path, company("a", "Alpha 2"))
    with Store(path) as store:
        assert store.entity(1).name == "Alpha 2"


def test_a_first_load_that_breaks_off_leaves_no_graph(path: Path) -> None:
    with pytest.raises(RuntimeError):
        break_off(path, RuntimeError, 1)
    with pytest.raises(StoreError, match=r"graph\.db: no load into it has ever finished"):
        Store(path)
    load(path, company("a"))
    assert [item.num for item in content(path)[0]] == [1]


def test_a_failure_while_a_load_begins_releases_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(path, company("a"))

    def broken(*_: object) -> None:
        raise sqlite3.DatabaseError("database disk image is malformed")

    with monkeypatch.context() as patch:
        patch.setattr(spillover.graph.writer, "make_tables", broken)
        with pytest.raises(StoreError, match=r"graph\.db.*malformed"):
            Writer(path)
    load(path, company("a"))  # not "in use"


def test_past_days_can_be_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 1 March a owned 60 % of b, as was known then; since 5 March it is known to be 40 %."""
    days(monkeypatch, "2024-03-01T10:00:00Z", "2024-03-05T23:59:59Z")
    load(path, owns("a", "b", "60"))
    load(path, owns("a", "b", "40"), company("c", "Newcomer"))

    def shares(known_at: str) -> list[str]:
        return [relation.stake_text for relation, _ in content(path, known_at)[2]]

    assert shares("2024-02-29") == []
    assert shares("2024-03-01") == ["60"]
    assert shares("2024-03-04") == ["60"]
    assert shares("2024-03-05") == ["40"]
    assert shares("2024-02") == []
    assert shares("2024-03") == ["40"]  # the last day of the month
    assert shares("2024-3-4") == ["60"]
    with Store(path, "2024-03-04") as store:
        assert store.number("a") == 1
        assert store.number("c") is None  # nobody had named it yet
        assert store.search("newcomer") == []
        assert [item.num for item in store.history()] == [1]
    with Store(path) as store:
        assert [(item.num, item.removed_by) for item in store.history()] == [(1, 2), (2, None)]


def test_a_past_day_that_is_no_date_is_refused(path: Path) -> None:
    load(path, company("a"))
    with pytest.raises(InputError, match="'yesterday' is no date"):
        Store(path, "yesterday")


SECOND = """
    import sys
    from spillover.graph.errors import SpilloverError
    from spillover.graph.writer import Writer
    try:
        Writer(sys.argv[1])
    except SpilloverError as error:
        print(error)
        sys.exit(error.exit_code)
"""


def second_writer(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(SECOND), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_second_writer_is_told_who_holds_the_file(path: Path) -> None:
    with Writer(path):
        ended = second_writer(path)
    assert ended.returncode == 6
    command = re.escape(" ".join(sys.argv)[:200])
    assert re.search(rf"in use; process {os.getpid()} \({command}\) has been writing", ended.stdout)
    assert second_writer(path).returncode == 0


@pytest.mark.parametrize("holder", ["", "[]", "{}", '{"pid": 1', "\0"])
def test_a_damaged_holder_file_hides_no_lock(path: Path, holder: str) -> None:
    with Writer(path):
        path.with_name("graph.db.writer").write_text(holder)
        with pytest.raises(StoreError, match="another process is writing it"):
            Writer(path)


def test_readers_see_the_old_version_while_a_load_runs(path: Path) -> None:
    load(path, owns("a", "b", "60"))
    with Writer(path) as writer:
        add(writer, *(owns("a", f"b{n}", "1") for n in range(25_000)))
        assert [r.stake_text for r, _ in content(path)[2]] == ["60"]
        commit(writer)
    assert len(content(path)[2]) == 25_000


def test_many_first_writers_at_once_all_get_in_or_are_told_why(path: Path) -> None:
    """Eight processes load into one new file: each adds its dataset or ends with code 6."""
    script = """
        import sys
        from pathlib import Path
        from spillover.graph.errors import SpilloverError
        from tests.graph.small import company, load
        try:
            load(Path(sys.argv[1]), company(sys.argv[2]), dataset=sys.argv[2])
        except SpilloverError as error:
            print(error)
            sys.exit(error.exit_code)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen([*command, f"set{n}"], cwd=root, stdout=subprocess.PIPE, text=True)
        for n in range(8)
    ]
    said = [process.communicate()[0] for process in started]
    codes = [process.returncode for process in started]
    assert set(codes) <= {0, 6}
    assert all("in use" in text for text, code in zip(said, codes, strict=True) if code)
    names = {item.dataset.name for item in content(path)[0]}
    assert names == {f"set{n}" for n, code in enumerate(codes) if code == 0}
    assert names


def test_one_id_described_twice_keeps_both_descriptions(path: Path) -> None:
    first, second = company("a", "Alpha"), company("a", "Alfa", countries=("cn",))
    with Writer(path) as writer:
        said = [writer.entity(item) for item in (first, second, first, second, first)]
        commit(writer)
    assert said == ["loaded", "conflict", "merged", "merged", "merged"]
    with Store(path) as store:
        entity = store.entity(store.find("a"))
        assert (entity.name, entity.names) == ("Alpha", (Name("Alfa", role="alias"),))
        assert entity.countries == ("cn",)
        assert store.find("alfa") == store.find("alpha")


def test_links_to_ids_that_nobody_describes_make_stubs(path: Path) -> None:
    load(path, company("known elsewhere"), dataset="other")
    with Writer(path) as writer:
        add(writer, company("a"), owns("a", "ghost", "60"), owns("a", "known elsewhere"))
        assert writer.stubs("d") == ["ghost"]
        commit(writer)
    with Store(path) as store:
        ghost = store.entity(store.find("ghost"))
        assert (ghost.schema, ghost.name, ghost.datasets) == ("Thing", "ghost", ())


def test_what_only_the_replaced_version_described_is_a_stub(path: Path) -> None:
    load(path, company("a"), company("b"), owns("a", "b"))
    with Writer(path) as writer:
        add(writer, company("a"), owns("a", "b"))
        assert writer.stubs("d") == ["b"]


def test_ids_of_earlier_versions_of_the_same_dataset_are_not_known(path: Path) -> None:
    """So that a table means the same whether or not it has been loaded before."""
    load(path, company("mine"), owns("mine", "theirs"), dataset="own")
    load(path, company("other"), owns("other", "stub of another"), dataset="other")
    with Writer(path) as writer:
        assert not writer.knows("mine", "own")
        assert writer.knows("mine", "new")
        assert writer.knows("other", "own")
        assert writer.knows("stub of another", "own")
        assert not writer.knows("nobody", "own")
        add(writer, company("mine"))
        assert writer.knows("mine", "own")


HOSTILE = [
    "'; DROP TABLE entity; --",
    '"; DELETE FROM load; --',
    "a' OR '1'='1",
    "Robert'); DROP TABLE relation;--",
    "\x00null",
    "\x1b[31mred",
    "\u202etxt.exe",
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "𝕬𝖈𝖒𝖊",
    "a" * 10_000,
]


def test_hostile_texts_are_only_texts(path: Path) -> None:
    items = [company(text, text, properties={text: (text,)}) for text in HOSTILE]
    load(path, *items, *(owns(text, text, "1", note=text, publisher=text) for text in HOSTILE))
    _, entities, relations, _ = content(path)
    assert [(e.id, e.name, dict(e.properties)) for e in entities] == [
        (text, text, {text: (text,)}) for text in HOSTILE
    ]
    assert [(r.source, r.evidence.note, r.evidence.publisher) for r, _ in relations] == [
        (text, text, text) for text in HOSTILE
    ]
    with Store(path) as store:
        for text in HOSTILE:
            assert store.entity(store.find(text)).id == text


def test_a_lone_surrogate_is_refused_in_words(path: Path) -> None:
    load(path, company("a"))
    before = content(path)
    with pytest.raises(InputError, match="lone surrogate"):
        load(path, company("b", "half \ud800"))
    assert content(path) == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(StoreError, match=r"file/sub/graph\.db: cannot be made"):
        Writer(file / "sub" / "graph.db")
    with pytest.raises(StoreError, match=r"/proc/graph\.db: cannot be"):
        Writer("/proc/graph.db")


def test_the_holder_file_tells_pid_command_and_time(path: Path) -> None:
    with Writer(path):
        said = json.loads(path.with_name("graph.db.writer").read_text())
    assert said["pid"] == os.getpid()
    assert set(said) == {"pid", "command", "since"}
