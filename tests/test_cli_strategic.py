"""What does `spillover strategic` print of the built-in facts and of real tables, in every form?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import refused, spillover

DAY = "2026-11-22"
SHARED = Path(__file__).parents[1].parent / "shared" / "data"
ETO = [
    SHARED / "eto" / f"{name}.csv"
    for name in ("inputs", "providers", "provision", "sequence", "stages")
]
CODES = [
    SHARED / "control_lists" / f"{name}.csv"
    for name in ("harmonized-system", "sections", "chpl_hs6", "eu_dual_use_annex1_codes")
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strategic")
    done = spillover("load", "seed", "--graph", "facts.db", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def real(home: Path) -> Path:
    """A graph with the real tables of chips and of control lists."""
    if not ETO[0].exists():
        pytest.skip("the shared tables of chips and of control lists are not here")
    for loader, files in (("eto", ETO), ("control_lists", CODES)):
        done = spillover("load", loader, *map(str, files), "--graph", "real.db", home=home)
        assert done.returncode == 0, done.stderr
    return home


def answer(home: Path, *words: str, graph: str = "facts.db") -> list[dict[str, Any]]:
    options = ["--graph", graph, "--as-of", DAY, "--format", "json"]
    done = spillover("strategic", *words, *options, home=home)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["goods"]
    return found


def test_sounding_balloons_have_a_military_customer_and_a_denial(home: Path) -> None:
    (good,) = answer(home, "sounding balloons, China")
    (held,) = good["scarcity"]["jurisdictions"]
    assert held["shares"][0]["name"] == "China"
    assert held["largest"] == {"low": "80", "high": "100"}  # of 20 % nobody says whose they are
    transfer = good["transfer"]
    (maker,) = transfer["producers"]
    assert maker["entity"]["id"] == "seed:zhuzhou-rubber"
    standings = {tie["standing"] for tie in maker["ties"]}
    assert standings == {"stated", "only denied"}
    assert [above["entity"]["id"] for above in maker["listed_above"]] == ["seed:chemchina"]
    assert transfer["military_customers"][0]["customer"]["id"] == "seed:pla-gsd-meteorology"
    assert any("denied by China National Chemical" in text for text in transfer["against"])


def test_gallium_and_germanium_side_by_side(home: Path) -> None:
    gallium, germanium = answer(home, "gallium", "germanium")
    assert gallium["scarcity"]["jurisdictions"][0]["largest"] == {"low": "80", "high": "80"}
    # 80/20 and 60/40: the rest would have to grow fourfold, or by half as much again.
    assert gallium["scarcity"]["jurisdictions"][0]["growth_of_the_rest"]["low"] == "400"
    assert germanium["scarcity"]["jurisdictions"][0]["growth_of_the_rest"]["low"] == "150"
    assert germanium["barriers"]["markets"][0]["hhi"] == {"low": "3600", "high": "5200"}
    assert germanium["transfer"]["firms"] == 0


def test_euv_lithography_lies_in_one_country(real: Path) -> None:
    (good,) = answer(real, "eto:N20", graph="real.db")
    for market in good["barriers"]["markets"]:
        assert market["hhi"] == {"low": "10000", "high": "10000"}
        assert market["unquantified"] == {"low": "0", "high": "0"}
    for held in good["scarcity"]["jurisdictions"]:
        assert held["largest"] == {"low": "100", "high": "100"}
        assert held["shares"][0]["country"] == "nl"
        assert held["growth_of_the_rest"] == {"low": None, "high": None}
    assert {other["wider"]["name"] for other in good["scarcity"]["other_kinds"]} == {
        "Lithography tools"
    }
    assert good["scarcity"]["downstream"]["essential"] == []  # one kind among others
    ends = [end["name"] for end in good["scarcity"]["downstream"]["ends"]]
    assert ends == ["Finished logic chip"]


def test_photoresists_are_needed_and_unquantified(real: Path) -> None:
    """13 firms and four countries, all with a blank share in the table; none is zero."""
    (good,) = answer(real, "Photoresists", graph="real.db")
    counts = [(m["producers"], m["with_stated_share"]) for m in good["barriers"]["markets"]]
    assert counts == [(13, 0), (4, 0)]
    assert {m["unquantified"]["low"] for m in good["barriers"]["markets"]} == {"100"}
    direct = [one["name"] for one in good["scarcity"]["downstream"]["direct"]]
    assert direct == ["Photolithography"]


def test_a_code_of_high_priority_is_covered(real: Path) -> None:
    (good,) = answer(real, "hs:854231", graph="real.db")
    (cover,) = good["transfer"]["covers"]
    assert (cover["place"], cover["properties"]["tier"]) == ("itself", "1")
    assert [code["code"] for code in good["transfer"]["customs_codes"]] == ["85", "8542", "854231"]


@pytest.mark.parametrize("form", ["table", "csv", "html", "xlsx"])
def test_every_form(home: Path, form: str) -> None:
    options = ["--graph", "facts.db", "--as-of", DAY, "--format", form, "-o", f"out.{form}"]
    done = spillover("strategic", "gallium", "drones, world", *options, home=home)
    assert done.returncode == 0, done.stderr
    assert (home / f"out.{form}").stat().st_size > 500


def test_the_csv_names_logic_and_number(home: Path) -> None:
    options = ["--graph", "facts.db", "--as-of", DAY, "--format", "csv"]
    done = spillover("strategic", "gallium", *options, home=home)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {row["Logic"] for row in rows} == {
        "barriers and scale",
        "leverage from scarcity",
        "transfer to military use",
    }
    found = {row["Number"]: row["Value"] for row in rows}
    assert found["largest share in one jurisdiction"] == "China: 80 %"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["Atlantis"], "Atlantis", 4),
        (["ASML"], "is a Company and no product; name a product or technology", 3),
        (["gallium", "--as-of", "yesterday"], "yesterday", 3),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    home: Path, words: list[str], said: str, code: int
) -> None:
    done = spillover("strategic", *words, "--graph", "facts.db", home=home)
    assert said in refused(done, code)
