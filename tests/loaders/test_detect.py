"""`load auto` gives a file to the loader that knows its content, says why, and guesses nobody."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from spillover.loaders.detect import Detection, detect
from spillover.loaders.manifest import manifest, names

DATA = Path(__file__).parents[1] / "data"
FOREIGN = sorted({*names()} - {"seed"})


def of(*paths: Path) -> dict[str, str]:
    return {part.name: loader for part, loader, _ in detect(paths).found}


@pytest.mark.parametrize("name", FOREIGN)
def test_every_loader_says_by_what_its_files_are_known(name: str) -> None:
    assert manifest(name).detect


@pytest.mark.parametrize("name", FOREIGN)
def test_samples_are_known_by_their_content(name: str) -> None:
    """The form of a sample is its loader's; BIS and CSL share one, which is CSL's."""
    found = of(DATA / name)
    others = set(found.values()) - {name}
    assert name in found.values() or name == "bis"
    assert others <= ({"csl"} if name == "bis" else set()), found


def test_it_says_why_and_leaves_out_what_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("owner,asset,stake\nA,B,60\n")
    (tmp_path / "b.jsonl").write_text('{"id": "x", "schema": "Company", "properties": {}}\n')
    (tmp_path / "c.txt").write_text("hello\n")
    (tmp_path / "d.csv").write_bytes(b"")
    (tmp_path / "e.xml").write_text("<!DOCTYPE x []><CONSOLIDATED_LIST/>")
    (tmp_path / "f.csv.gz").write_bytes(gzip.compress(b"owner,asset,stake\n")[:-4])
    detection = detect([tmp_path])
    assert [(part.name, loader) for part, loader, _ in detection.found] == [
        ("a.csv", "table"),
        ("b.jsonl", "ftm"),
    ]
    assert detection.found[0].why == "column 'owner', column 'asset', column 'stake'"
    left = {part.name: why for part, why in detection.unknown}
    assert set(left) == {"c.txt", "d.csv", "e.xml", "f.csv.gz"}
    assert left["c.txt"] == "known to no loader by its content; name the loader"
    assert "cut-off gzip" in left["f.csv.gz"]


def test_members_of_an_archive_go_to_their_loaders(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.writestr("lists/own.csv", "owner,asset,stake\nA,B,60\n")
        archive.writestr("ftm.json", json.dumps({"id": "x", "schema": "Company", "properties": {}}))
    found: Detection = detect([tmp_path / "mixed.zip"])
    assert {loader: [str(part) for part in parts] for loader, parts in found.loads().items()} == {
        "ftm": [f"{tmp_path}/mixed.zip/ftm.json"],
        "table": [f"{tmp_path}/mixed.zip/lists/own.csv"],
    }
