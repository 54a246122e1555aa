"""What does a user of `spillover scenario` see: differences in every form, one-line refusals?"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from tests.graph.test_supposed import contents
from tests.test_cli import refused, spillover

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    for name in ("rusal", "cosco"):
        files = [str(path) for path in sorted((EXAMPLES / name).glob("*.csv"))]
        done = spillover("load", "table", *files, "--graph", f"{name}.db", home=folder)
        assert done.returncode == 0, done.stderr
    return folder


def example(name: str, file: str) -> str:
    return str(EXAMPLES / name / f"{file}.yml")


def run(home: Path, name: str, *words: str) -> dict[str, list[dict[str, object]]]:
    done = spillover(
        "scenario", "run", *words, "--graph", f"{name}.db", "--format", "json", home=home
    )
    assert done.returncode == 0, done.stderr
    data: dict[str, list[dict[str, object]]] = json.loads(done.stdout)
    return data


def verdicts(data: dict[str, list[dict[str, object]]]) -> dict[object, tuple[object, object]]:
    """(before, after) of each entity by id."""
    return {
        one["entity"]["id"]: (one["before"]["verdict"], one["after"]["verdict"])  # type: ignore[index] # JSON
        for one in data["verdicts"]
    }


def told(page: str, command: str) -> str:
    """What a page of the documentation prints below a command."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, command
    return found[1]


def test_rusal_is_free_by_the_terms_of_removal_and_not_by_a_delisting_alone(home: Path) -> None:
    """70 - 25.05 = 44.95 %; the arithmetic of Treasury's notification of 19 December 2018."""
    alone = run(home, "rusal", example("rusal", "delisting-alone"))
    assert verdicts(alone) == {
        "en-plus": ("listed", "blocked"),
        "ese": ("listed", "blocked"),
        "rusal": ("listed", "not_blocked"),  # 48.13 % was never half
    }
    terms = run(home, "rusal", example("rusal", "terms-of-removal"))
    assert verdicts(terms) == dict.fromkeys(("en-plus", "ese", "rusal"), ("listed", "not_blocked"))
    made = {
        (claim["source"]["id"], claim["target"]["id"], claim["basis"]): claim["share"]["low"]  # type: ignore[index] # JSON
        for claim in terms["claims_made"]
    }
    assert made == {
        ("deripaska", "en-plus", "interest"): "44.95",
        ("deripaska", "en-plus", "votes"): "35",
        ("en-plus", "rusal", "interest"): "56.88",
    }


def test_cosco_listing_flows_down_and_not_up(home: Path) -> None:
    """OFAC FAQ 804: the listed firms and what they own to half, no parent, no sister."""
    listed = run(home, "cosco", example("cosco", "listing"))
    assert verdicts(listed) == {
        "cosco-dalian": ("not_blocked", "listed"),
        "cosco-seaman": ("not_blocked", "listed"),
        "clng": ("not_blocked", "blocked"),
        "yamal-jv": ("not_blocked", "blocked"),
    }
    moved = run(home, "cosco", example("cosco", "restructuring"))
    assert verdicts(moved).keys() == {"cosco-dalian", "cosco-seaman"}
    files = [example("cosco", "listing"), example("cosco", "delisting")]
    assert verdicts(run(home, "cosco", *files)) == {"cosco-seaman": ("not_blocked", "listed")}


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("rusal", "delisting-alone", "terms-of-removal"), ("cosco", "listing", "restructuring")],
)
def test_the_documentation_prints_what_the_command_prints(
    home: Path, name: str, first: str, second: str
) -> None:
    graph = "../../../rusal.db" if name == "rusal" else "cosco.db"
    words = f"spillover scenario compare {first}.yml {second}.yml --graph {graph} --format csv"
    done = spillover(
        *("scenario", "compare", example(name, first), example(name, second)),
        *("--graph", f"{name}.db", "--format", "csv"),
        home=home,
    )
    assert done.stdout == told("scenarios", words)


def test_every_form_tells_the_same_changes(home: Path) -> None:
    words = ("scenario", "run", example("cosco", "listing"), "--graph", "cosco.db")
    table, text, page = (
        spillover(*words, "--format", form, home=home).stdout for form in ("table", "csv", "html")
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    kinds = [row["Kind"] for row in rows]
    assert [kinds.count(kind) for kind in ("verdict", "listing", "exposure")] == [4, 2, 4]
    blocked = {row["Entity"] for row in rows if row["What"] == "newly blocked"}
    assert len(blocked) == 2
    for entity in blocked:
        assert entity.split(" (")[0] in " ".join(table.split())
    assert "What “listing” would change on 2019-10-22" in table
    assert "4 NEWLY LISTED OR BLOCKED · 0 NO LONGER" in page
    assert "scenario listing" in page


def test_words_files_and_what_is_saved_mean_the_same(home: Path) -> None:
    words = (
        *("--divest", "Oleg Deripaska > En+ = 25.05", "--delist", "En+", "--by", "US-OFAC-SDN"),
        *("--at", "2019-01-27", "--rule", "us-ofac-50"),
    )
    direct = run(home, "rusal", *words, "--save", "saved.yml")
    saved = run(home, "rusal", "saved.yml", "--rule", "us-ofac-50")
    assert verdicts(direct) == verdicts(saved) == {"en-plus": ("listed", "not_blocked")}
    done = spillover(
        "scenario", "compare", "saved.yml", "saved.yml", "--graph", "rusal.db", home=home
    )
    assert "0 differ between the scenarios" in done.stdout


def test_a_scenario_leaves_the_graph_as_it_is(home: Path) -> None:
    spillover("show", "En+", "--graph", "rusal.db", home=home)  # its index is there
    before = contents(home)
    run(home, "rusal", example("rusal", "terms-of-removal"), "--designate", "Glencore")
    after = contents(home)
    assert {
        name for name in after.keys() | before.keys() if before.get(name) != after.get(name)
    } <= {
        "rusal.db-shm",
        "rusal.db-wal",
    }


def test_names_are_escaped(home: Path) -> None:
    (home / "odd.yml").write_text(
        'name: "<script>alert(1)</script>"\nat: 2019-01-27\nchanges:\n'
        '  - divest: {owner: Oleg Deripaska, asset: En+, to: {new: "=1+1<b>\\e[31m"}}\n',
        encoding="utf-8",
    )
    words = ("scenario", "run", "odd.yml", "--graph", "rusal.db")
    page = spillover(*words, "--format", "html", home=home).stdout
    assert "<script>alert" not in page
    assert "=1+1<b>" not in page
    assert "\x1b" not in spillover(*words, home=home).stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("run",), 3, "no change is given"),
        (("run", "missing.yml"), 3, "missing.yml: cannot be read"),
        (("run", "."), 3, ".: cannot be read"),
        (("run", "--divest", "Glencore > Rusal = 9"), 3, "it cannot give up 9 %"),
        (("run", "--divest", "Nobody > Rusal"), 4, "no entity is named 'Nobody'"),
        (("run", "--designate", "Glencore", "--by", "US-NOWHERE"), 4, "US-NOWHERE"),
        (("run", "--by", "US-OFAC-SDN"), 3, "--by says who lists"),
        (("run", "--delist", "En+", "--rule", "nothing"), 4, "no rule is named 'nothing'"),
        (("run", "--delist", "En+", "--at", "2019"), 3, "is not one day"),
        (("run", "--delist", "Glencore", "--at", "2019-01-27"), 3, "no programme lists Glencore"),
    ],
)
def test_refusals_are_one_line(home: Path, words: tuple[str, ...], code: int, says: str) -> None:
    day = () if "--at" in words else ("--at", "2019-01-27")
    done = spillover("scenario", *words, *day, "--graph", "rusal.db", home=home)
    assert says in refused(done, code)


def test_every_option_is_documented() -> None:
    from spillover.commands.scenario import scenario

    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    everything = page + (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    import typer

    group = typer.main.get_command(scenario)
    options = {
        option
        for command in group.commands.values()  # type: ignore[attr-defined] # a group
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {
        option
        for option in options
        if f"`{option}" not in everything and f"{option} " not in everything
    } == set()
