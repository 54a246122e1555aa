"""What does a user see in the shell: answers, one-line errors, exit codes, clean streams?"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from spillover.loaders.manifest import names

FAQ_401_3 = "owner,asset,stake\nBlocked Person X,A,50\nBlocked Person X,B,10\nA,B,40\n"
"""OFAC FAQ 401, example 3: B is blocked at 10 + 40."""


def spillover(*words: str, home: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with its own data folder."""
    env = {**os.environ, "XDG_DATA_HOME": str(home), "HOME": str(home), **extra}
    env.pop("SPILLOVER_GRAPH", None)
    command = [sys.executable, "-c", "from spillover.cli import main; main()", *words]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", env=env, cwd=home, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "stakes.csv").write_text(FAQ_401_3, encoding="utf-8")
    done = spillover("load", "table", "stakes.csv", "--graph", "faq.db", home=folder)
    assert done.returncode == 0, done.stderr
    assert spillover("load", "seed", "--graph", "facts.db", home=folder).returncode == 0
    return folder


def refused(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line of a refusal; nothing on standard output, no traceback."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().split("\n")
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_blocked_gives_the_published_answer(home: Path) -> None:
    done = spillover(
        "blocked", "Blocked Person X", "--graph", "faq.db", "--format", "json", home=home
    )
    results = {r["entity"]["name"]: r for r in json.loads(done.stdout)["results"]}
    assert {name: r["verdict"] for name, r in results.items()} == {"A": "blocked", "B": "blocked"}
    assert results["B"]["share"] == {"low": "50", "high": "50"}
    assert results["B"]["rule"] == "us-ofac-50"
    assert done.stderr == ""


SAID = {
    "blocked": "Syngenta AG",
    "exposure": "Syngenta AG",
    "owners": "Sinochem Holdings",
    "subsidiaries": "Syngenta AG",
    "show": "ChemChina",
    "blocked --rule all": "Syngenta AG",
    "gaps": "KraussMaffei",
    "shares": "Syngenta Group",
    "beneficial": "China National Chemical",
    "power": "China National Bluestar",
}
"""What each question must at least say, of China National Chemical Corporation or an asset."""


@pytest.mark.parametrize("question", SAID)
@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_every_question_answers_in_every_form(home: Path, question: str, form: str) -> None:
    name = "China National Chemical Corporation"
    asked, *options = question.split()
    name = "Bluestar Adisseo Company" if asked in {"beneficial", "power"} else name
    words = (
        asked,
        name,
        *options,
        "--as-of",
        "2022-10-05",
        "--graph",
        "facts.db",
        "--format",
        form,
    )
    done = spillover(*words, home=home)
    assert done.returncode == 0, done.stderr
    assert SAID[question] in done.stdout
    if form == "json":
        assert json.loads(done.stdout)["question"] == asked
    if form == "csv":
        rows = list(csv.reader(io.StringIO(done.stdout), strict=True))
        assert len({len(row) for row in rows}) == 1
    if form == "html":
        assert done.stdout.startswith("<!doctype html>")


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_why_is_answered_in_every_form(home: Path, form: str) -> None:
    words = ("why", "B", "--targets", "Blocked Person X", "--graph", "faq.db", "--format", form)
    done = spillover(*words, home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Blocked Person X" in done.stdout
    if form == "json":
        steps = json.loads(done.stdout)["steps"]
        assert [step["about"]["name"] for step in steps] == ["A", "B"]


def test_rules_are_listed_and_explained(home: Path) -> None:
    listed = spillover("rules", "--format", "csv", home=home)
    rows = list(csv.DictReader(io.StringIO(listed.stdout)))
    assert next(row for row in rows if row["Rule"] == "uk-ofsi")["Threshold"] == "more than 50 %"
    shown = spillover("rules", "show", "uk-ofsi", home=home)
    assert "Each party to a joint arrangement holds what all hold." in shown.stdout
    assert json.loads(spillover("rules", "show", "uk-ofsi", "--format", "json", home=home).stdout)
    assert "no rule is named" in refused(spillover("rules", "show", "us-ofac", home=home), 4)


def test_a_rule_of_unknown_state_says_so_first(home: Path) -> None:
    words = ("--rule", "us-bis-affiliates", "--as-of", "2026-11-22", "--graph", "faq.db")
    first = "us-bis-affiliates: its state is unknown on 2026-11-22"
    done = spillover("blocked", "Blocked Person X", *words, home=home)
    assert done.stdout.startswith(first)
    rows = spillover("blocked", "Blocked Person X", *words, "--format", "csv", home=home)
    assert rows.stderr.startswith(first)
    data = spillover("blocked", "Blocked Person X", *words, "--format", "json", home=home)
    assert json.loads(data.stdout)["rule"]["remark"].startswith(first)


def test_an_unknown_method_exits_with_3_and_lists_the_known(home: Path) -> None:
    done = spillover("shares", "A", "--method", "guess", "--graph", "faq.db", home=home)
    assert "use one of products, integrated" in refused(done, 3)


def test_search_status_loaders_answer(home: Path) -> None:
    found = spillover("search", "hikvision", "--graph", "facts.db", "--format", "json", home=home)
    assert "Hikvision" in json.loads(found.stdout)["results"][0]["name"]
    held = spillover("status", "--graph", "facts.db", "--format", "json", home=home)
    (dataset,) = json.loads(held.stdout)["datasets"]
    records = dataset["records"]
    assert records["read"] == records["loaded"] > 400
    listed = spillover("loaders", "--format", "json", home=home)
    assert [r["name"] for r in json.loads(listed.stdout)["loaders"]] == names()


@pytest.mark.parametrize("form", ["json", "ftm", "graphml"])
def test_export_writes_the_whole_graph(home: Path, form: str) -> None:
    done = spillover(
        "export", "--format", form, "--graph", "faq.db", "-o", f"out.{form}", home=home
    )
    assert done.returncode == 0, done.stderr
    text = (home / f"out.{form}").read_text(encoding="utf-8")
    assert text.count("Blocked Person X") >= 1
    if form == "ftm":
        loaded = spillover("load", "ftm", f"out.{form}", "--graph", "again.db", home=home)
        assert loaded.returncode == 0, loaded.stderr
        words = ("blocked", "Blocked Person X", "--graph", "again.db", "--format", "csv")
        done = spillover(*words, home=home)
        assert done.stdout.count("BLOCKED") == 2


def test_what_followthemoney_has_no_word_for_is_left_out_and_counted(home: Path) -> None:
    """The built-in facts hold products and denials; a denial must not come out as a claim."""
    done = spillover("export", "--format", "ftm", "--graph", "facts.db", home=home)
    assert done.returncode == 0
    assert "left out, as FollowTheMoney has no word for them" in done.stderr
    assert " 2 denials" in done.stderr
    links = [json.loads(line) for line in done.stdout.splitlines()]
    assert not any("deni" in " ".join(link["properties"].get("role", ())) for link in links)


def test_a_replaced_dataset_leaves_nothing_in_an_export(home: Path) -> None:
    for name in ("Old", "New"):
        (home / "one.csv").write_text(f"owner,asset,stake\n{name},B,60\n", encoding="utf-8")
        assert spillover("load", "table", "one.csv", "--graph", "r.db", home=home).returncode == 0
    done = spillover("export", "--graph", "r.db", home=home)
    assert "New" in done.stdout
    assert "name:old" not in done.stdout


def test_a_denial_is_never_shown_as_a_claim(home: Path) -> None:
    """F103: ChemChina denies that its balloon maker is a defence producer."""
    shown = spillover("show", "seed:zhuzhou-rubber", "--graph", "facts.db", home=home)
    assert "DENIED: state tie" in shown.stdout


def test_without_a_graph_the_built_in_facts_are_used_and_it_says_so(tmp_path: Path) -> None:
    first = spillover("search", "syngenta ag", home=tmp_path)
    assert "built the built-in facts into" in first.stderr
    assert "Syngenta AG" in first.stdout
    again = spillover("search", "syngenta ag", home=tmp_path)
    assert again.stderr == ""
    assert again.stdout == first.stdout


def test_an_unknown_entity_exits_with_4_and_suggests(home: Path) -> None:
    done = spillover("owners", "Syngenta", "--graph", "facts.db", home=home)
    assert "did you mean: Syngenta AG" in refused(done, 4)


def test_an_unknown_rule_exits_with_4_and_lists_the_known(home: Path) -> None:
    done = spillover("blocked", "A", "--rule", "no-such", "--graph", "faq.db", home=home)
    assert "us-ofac-50" in refused(done, 4)


def test_a_missing_graph_exits_with_6(home: Path) -> None:
    assert "no graph there" in refused(spillover("status", "--graph", "none.db", home=home), 6)


def test_a_place_that_cannot_be_written_exits_with_6(home: Path) -> None:
    done = spillover("load", "seed", "--graph", "stakes.csv/inside.db", home=home)
    assert "stakes.csv" in refused(done, 6)


def test_a_wrong_option_exits_with_2(home: Path) -> None:
    assert spillover("blocked", "A", "--colour", "red", home=home).returncode == 2


def test_a_partial_day_exits_with_3(home: Path) -> None:
    done = spillover("blocked", "A", "--as-of", "2022-10", "--graph", "faq.db", home=home)
    assert "write YYYY-MM-DD" in refused(done, 3)


BAD_INPUT = {
    "a percentage of 140": ("table", "owner,asset,stake\nX,A,140\n", "140"),
    "unknown columns": ("table", "owner,asset,stake,colour\nX,A,50,red\n", "known: owner, asset"),
    "no known table": ("table", "a,b\n1,2\n", "Tables: stakes: owner, asset, stake"),
    "an unclosed quote": ("table", 'owner,asset,stake\nX,"A,50\n', "quotes"),
    "a cut-off line": ("ftm", '{"id":"a","schema":"Company","properties":{}}\n{"id":"b"', "line 2"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_exits_with_3_in_one_line_and_changes_nothing(home: Path, case: str) -> None:
    loader, text, said = BAD_INPUT[case]
    (home / "bad.txt").write_text(text, encoding="utf-8")
    status = ("status", "--graph", "faq.db", "--format", "json")
    before = spillover(*status, home=home).stdout
    done = spillover("load", loader, "bad.txt", "--graph", "faq.db", home=home)
    line = refused(done, 3)
    assert "bad.txt" in line
    assert said in line
    assert spillover(*status, home=home).stdout == before


def test_a_wrong_encoding_names_the_byte_and_the_mend(home: Path) -> None:
    (home / "latin.csv").write_bytes(b"owner,asset,stake\nCaf\xe9,A,50\n")
    line = refused(spillover("load", "table", "latin.csv", "--graph", "faq.db", home=home), 3)
    assert "0xe9" in line
    assert "--encoding" in line
    done = spillover(
        "load", "table", "latin.csv", "--encoding", "cp1252", "--graph", "cafe.db", home=home
    )
    assert done.returncode == 0, done.stderr
    assert "Café" in spillover("search", "caf", "--graph", "cafe.db", home=home).stdout


def test_names_cannot_command_a_terminal_or_a_spreadsheet(home: Path) -> None:
    rows = 'owner,asset,stake\n"=1+1\x1b[31mred",B\u202egnp,60\n'
    (home / "hostile.csv").write_text(rows, encoding="utf-8")
    assert spillover("load", "table", "hostile.csv", "--graph", "h.db", home=home).returncode == 0
    for form in ("table", "csv"):
        done = spillover("search", "B", "--graph", "h.db", "--format", form, home=home)
        assert "\x1b[31m" not in done.stdout
        assert "\u202e" not in done.stdout
    exported = spillover("search", "=1", "--graph", "h.db", "--format", "csv", home=home).stdout
    assert not any(
        cell.startswith("=") for row in csv.reader(io.StringIO(exported)) for cell in row
    )


def test_graphml_of_hostile_names_can_be_read_again(home: Path) -> None:
    (home / "control.csv").write_text('owner,asset,stake\n"A\x01<b>&",B,60\n', encoding="utf-8")
    assert spillover("load", "table", "control.csv", "--graph", "c.db", home=home).returncode == 0
    done = spillover("export", "--format", "graphml", "--graph", "c.db", home=home)
    root = ET.fromstring(done.stdout)  # noqa: S314 - our own output
    assert len(root.findall(".//{*}node")) == 2


def test_answers_are_utf_8_under_any_locale(home: Path) -> None:
    (home / "han.csv").write_text("owner,asset,stake\n中国化工,Кириллица,50\n", encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    assert spillover("load", "table", "han.csv", "--graph", "x.db", home=home).returncode == 0
    for form in ("json", "csv", "html", "table"):
        done = spillover(
            "blocked", "中国化工", "--graph", "x.db", "--format", form, "-o", f"x.{form}",
            home=home, **plain,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Кириллица" in (home / f"x.{form}").read_text(encoding="utf-8")


def test_the_same_question_gives_the_same_bytes(home: Path) -> None:
    words = ("blocked", "China National Chemical Corporation", "--as-of", "2022-10-05")
    answers = {
        spillover(*words, "--graph", "facts.db", "--format", form, home=home).stdout
        for _ in range(2)
        for form in ("json", "html")
    }
    assert len(answers) == 2


def test_a_reader_that_leaves_early_is_no_error(home: Path) -> None:
    code = "from spillover.cli import main; main()"
    command = f'"{sys.executable}" -c "{code}" export --graph facts.db | head -n 1'
    done = subprocess.run(  # noqa: S602 - the shell's own pipe is what is tested
        command, shell=True, cwd=home, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    assert '"datasets"' in done.stdout
