"""Every record is accounted for; a load that does not add up changes nothing."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

import spillover.loaders
from spillover.graph.errors import InputError, LoadRefusedError, NotFoundError, StoreError
from spillover.graph.schema import KINDS, Entity, Relation
from spillover.graph.store import Store
from spillover.graph.tables import FORMAT
from spillover.loaders.context import Context, Options
from spillover.loaders.manifest import Manifest, manifest, names
from spillover.loaders.run import loader, run
from tests.graph.small import content

TABLE = "owner,asset,stake\nA,B,60\n"

SOURCE = """
from spillover.graph.schema import Entity

def read(parts, context):
    for part in parts:
        for number, line in enumerate(part.path.read_text().splitlines(), 1):
            yield part.name, f"line {number}", line

def transform(record, context):
    return [Entity(record, "Company", record.upper())]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(TABLE)
    return tmp_path / "t.csv"


@pytest.mark.parametrize("name", names())
def test_manifests_are_valid_and_emit_known_kinds(name: str) -> None:
    said = manifest(name)
    assert said.name == name
    assert set(said.emits) <= set(KINDS)
    assert said.summary.endswith(".")
    assert said.formats
    assert 0 <= said.tolerance < 0.1
    assert callable(loader(name).read)
    assert callable(loader(name).transform)


def test_each_table_of_a_manifest_names_columns_that_its_loader_reads() -> None:
    shapes = manifest("table").tables["shapes"]
    assert set(shapes) == {"stakes", "entities", "designations", "supply", "links"}
    assert set(manifest("table").emits) == set(KINDS)


@pytest.mark.parametrize("where", ["moon", "moon/moon"])
def test_a_new_source_is_two_files_and_no_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """``moon.yml`` beside ``moon.py``, or both inside a folder ``moon``."""
    place = tmp_path / "loaders"
    (place / where).parent.mkdir(parents=True, exist_ok=True)
    code = place / (where + ".py" if where == "moon" else "moon/__init__.py")
    code.write_text(SOURCE)
    (place / f"{where}.yml").write_text(
        "title: Moon\nsummary: Firms.\nformats: [text]\nemits: []\nexpected: {min: 2, max: 3}\n"
    )
    monkeypatch.setattr(spillover.loaders, "__path__", [*spillover.loaders.__path__, str(place)])
    file = tmp_path / "firms.txt"
    file.write_text("acme\nbeta\n")
    try:
        assert "moon" in names()
        assert run(tmp_path / "g", "moon", [file]).tally == (2, 2, 0, 0, 0)
        file.write_text("acme\n")
        with pytest.raises(LoadRefusedError, match="moon: 1 records, expected 2 to 3; is the file"):
            run(tmp_path / "g", "moon", [file])
        file.write_text("a\nb\nc\nd\n")
        with pytest.raises(LoadRefusedError, match="moon: 4 records, expected 2 to 3"):
            run(tmp_path / "g", "moon", [file])
        assert [load.loaded for load in content(tmp_path / "g")[0]] == [2]
    finally:
        manifest.cache_clear()
        sys.modules.pop("spillover.loaders.moon", None)


@pytest.mark.parametrize("name", ["moon", "../context", "", "seed/seed", "TABLE"])
def test_an_unknown_loader_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        NotFoundError, match=f"no loader is named .*; there are: {', '.join(names())}"
    ):
        run(tmp_path / "g", name, [])
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"confidence": "sure"}, "confidence 'sure'; use low, medium, high"),
        ({"date": "yesterday"}, "'yesterday' is no date"),
        ({"name": " "}, "an empty name"),
        ({"tolerance": -0.1}, "from 0 to 1"),
        ({"tolerance": float("nan")}, "from 0 to 1"),
    ],
)
def test_options_that_make_no_sense_are_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Options(**said)  # type: ignore[arg-type] # a table of wrong values


def test_what_the_user_says_replaces_the_manifest(tmp_path: Path, file: Path) -> None:
    said = Options("own", "Mine", "Me", "https://example.org", "CC0", "2024", "low")
    report = run(tmp_path / "g", "table", [file], options=said)
    assert report.dataset[:5] == ("own", "Mine", "Me", "https://example.org", "CC0")
    assert report.dataset.commercial_use is None  # the manifest speaks of another licence
    ((relation, dataset),) = content(tmp_path / "g")[2]
    assert dataset == "own"
    assert relation.evidence[:5] == ("Me", "Mine", "https://example.org", "2024", "low")


def test_the_load_records_its_files(tmp_path: Path, file: Path) -> None:
    run(tmp_path / "g", "table", [file])
    with Store(tmp_path / "g") as store:
        ((load, path, digest, size),) = store.rows("SELECT * FROM load_file")
    # printf 'owner,asset,stake\nA,B,60\n' | sha256sum
    assert digest == "cf5c382f9511104ec1df5de819a47ff35617b51c318ef97592ec7f2e7c351e33"
    assert (load, path, size) == (1, str(file), len(TABLE))


def test_a_file_name_that_is_no_utf_8_loads(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.csv")
    file.write_text(TABLE)
    run(tmp_path / "g", "table", [file])
    ((relation, _),) = content(tmp_path / "g")[2]
    assert relation.evidence.record == r"caf\xe9.csv:2"


def test_what_is_no_regular_file_is_refused(tmp_path: Path, file: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero")):
        with pytest.raises(InputError, match="a stream; name a regular file or a folder"):
            run(tmp_path / "g", "table", [path])
    with pytest.raises(InputError, match="missing: no such file"):
        run(tmp_path / "g", "table", [tmp_path / "missing"])
    with pytest.raises(InputError, match="a file is named twice"):
        run(tmp_path / "g", "table", [file, tmp_path / "." / "t.csv"])


def a_loader(monkeypatch: pytest.MonkeyPatch, *items: object) -> None:
    """Put a loader of one record in the place of ``table``; its transform gives these items."""
    module = ModuleType("table")

    def read(paths: tuple[Path, ...], context: Context) -> Iterator[tuple[str, str, str]]:
        yield "file", "line 1", "record"

    def transform(record: str, context: Context) -> Iterable[object]:
        return items

    module.read, module.transform = read, transform  # type: ignore[attr-defined] # made here
    monkeypatch.setattr("spillover.loaders.run.loader", lambda _: module)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((), "says nothing that this loader knows"),
        ((Entity("", "Company", "A"),), "an entity without an id"),
        ((Entity("a", "Spaceship", "A"),), "unknown schema 'Spaceship'"),
        ((Entity("a", "Company", "A"), Relation("EATS", "a", "b")), "unknown kind of relation"),
    ],
)
def test_what_a_loader_must_not_say_is_set_aside_with_all_of_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, items: tuple[object, ...], words: str
) -> None:
    a_loader(monkeypatch, *items)
    report = run(tmp_path / "g", "table", [], options=Options(tolerance=1.0))
    assert words in report.quarantined[0].reason
    assert report.tally == (1, 0, 0, 0, 1)
    assert content(tmp_path / "g")[1:] == ([], [], [])


def test_long_values_are_cut_where_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_loader(monkeypatch, Relation("x" * 100_000, "a", "b"))
    report = run(tmp_path / "g", "table", [], options=Options(tolerance=1.0))
    assert len(report.quarantined[0].reason) <= 500


def test_progress_is_told_now_and_then(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("owner,asset,stake\n" + "A,B,60\n" * 4100)
    told: list[int] = []
    run(tmp_path / "g", "table", [file], progress=told.append)
    assert told == [2000, 4000]


def test_a_load_into_what_is_no_graph_reads_nothing(tmp_path: Path, file: Path) -> None:
    with pytest.raises(StoreError, match="file is not a database"):
        run(file, "table", [file])
    assert file.read_text() == TABLE


def test_formats_of_this_version() -> None:
    assert FORMAT == 2
    assert Manifest.model_config["extra"] == "forbid"
