"""Nothing that a file holds takes more than half a gibibyte, and no reader holds a whole file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HALF_A_GIBIBYTE = 512
STREAMED = 120
"""MiB that reading record by record takes at most, with all that Python needs itself."""
SLOWEST = 60.0
"""Seconds of work for one file: a hang, on any machine; most take under one."""

Told = dict[str, tuple[str, float, int]]


def told_by(what: str, folder: Path) -> Told:
    """What became of each file: outcome, seconds, highest memory in MiB so far."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "loaders" / "heavy.py"), what, str(folder)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    rows = (json.loads(line) for line in run.stdout.splitlines())
    return {name: (outcome, seconds, peak) for name, outcome, seconds, peak in rows}


def assert_within(told: Told, memory: int) -> None:
    assert {name: one for name, one in told.items() if one[1] > SLOWEST or one[2] > memory} == {}


def test_a_line_without_end_is_refused_by_every_loader(tmp_path: Path) -> None:
    """16 MiB and a little; beside the records of a JSON object it may stand."""
    told = told_by("loaders", tmp_path)
    assert_within(told, HALF_A_GIBIBYTE)
    refusals = (
        "is longer than 16 MiB",
        "Text node too long",  # libxml2 takes 10 MB
    )
    other = {
        name: said for name, (said, _, _) in told.items() if not any(r in said for r in refusals)
    }
    assert {
        name: said for name, said in other.items() if said != "loaded" or ".json" not in name
    } == {}
    assert len(told) > len(other)


def test_records_are_held_one_at_a_time(tmp_path: Path) -> None:
    told = told_by("streams", tmp_path)
    assert {name: outcome for name, (outcome, _, _) in told.items()} == {
        "csv": "read 199999",
        "json lines": "read 50000",
        "json array": "read 200000",
        "json under a key": "read 50000",
        "xml": "read 200000",
        "xml in wrappers": "read 50000",
        "xml with comments": "read 50000",
        "zip": "read 199999",
    }
    assert_within(told, STREAMED)


LONG = "is longer than 16 MiB"
CELLS = "a row of more than 100,000 cells"
VALUES = "a record has more than 1,000,000 values"
TAGS = "a record has more than 1,000,000 tags"
RATIO = "unpacks to more than 200 times its size"
ONE = "read 1"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return told_by("readers", tmp_path_factory.mktemp("readers"))


def test_no_record_takes_more_memory_than_is_promised(read: Told) -> None:
    assert_within(read, HALF_A_GIBIBYTE)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("line", LONG),
        ("row", LONG),
        ("row of bombs", "field larger than field limit"),
        ("cells", CELLS),
        ("cells over lines", CELLS),
        ("columns", CELLS),
        ("blank lines", "ends 1,000,000 blank lines"),
        ("text", LONG),
        ("many 1.5", ONE),
        ("most 1.5", VALUES),
        ("many {}", ONE),
        ("most {}", VALUES),
        ('many "ab"', ONE),
        ('most "ab"', VALUES),
        ("many []", ONE),
        ("most []", VALUES),
        ("many keys", ONE),
        ("blanks", ONE),
        ("elements", TAGS),
        ("many elements", ONE),
        ("elements beside", TAGS),
        ("attributes", TAGS),
        ("attribute", "Resource limit exceeded"),
        ("content", "Resource limit exceeded"),
        ("comment", LONG),
        ("depth", "Excessive depth in document: 256"),
        ("bomb", RATIO),
        ("bomb of one line", RATIO),
    ],
)
def test_what_is_too_large_is_refused_in_words(read: Told, what: str, words: str) -> None:
    assert words in read[what][0]
