"""What does `spillover coalition` print, and how does it refuse?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.graphs import build
from tests.test_cli import refused, spillover
from tests.views.test_coalition_views import items


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coalition")
    assert spillover("load", "seed", "--graph", "facts.db", home=folder).returncode == 0
    build(folder / "own.db", items())
    return folder


def test_the_members_of_a_regime_cover_a_product_of_the_built_in_facts(home: Path) -> None:
    """EUV lithography: ASML, of the Netherlands, has 100 %; China had 26.3 to 29 % of its sales."""
    words = "--regime EU --members US,JP --against CN --graph facts.db --as-of 2026-11-22"
    done = spillover("coalition", "EUV lithography", *words.split(), "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert len(said["members"]) == 29
    assert said["denied"] == {"low": "100", "high": "100"}
    assert said["products"][0]["count"] == "firm"
    firms = {sale["firm"]["id"]: sale["share_of_sales"] for sale in said["sales"]}
    assert firms["seed:asml"] == {"low": "26.3", "high": "29"}
    assert {d["leaving"][0]["code"]: d["denied"]["high"] for d in said["defections"]} == {"nl": "0"}


def test_a_regime_can_be_named_among_the_members(home: Path) -> None:
    words = "--members EU,Japan --graph facts.db --as-of 2019-06-30 --format json"
    done = spillover("coalition", "EUV lithography", *words.split(), home=home)
    assert len(json.loads(done.stdout)["members"]) == 29  # 28 with the United Kingdom, and Japan


def test_csv_is_the_table_of_covers(home: Path) -> None:
    words = "--members NL --without NL --cover 50 --graph own.db --as-of 2024-06-30 --format csv"
    done = spillover("coalition", "Chips", *words.split(), home=home)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["Covered"], row["Covers 50 %"]) == ("80 %", "yes")


@pytest.mark.parametrize("form", ["html", "xlsx"])
def test_it_writes_files(home: Path, form: str) -> None:
    words = f"--members NL --graph own.db --as-of 2024-06-30 --format {form} -o out.{form}"
    done = spillover("coalition", "Chips", *words.split(), home=home)
    assert done.returncode == 0, done.stderr
    assert (home / f"out.{form}").stat().st_size > 5000


def test_regimes_are_listed_on_a_day(home: Path) -> None:
    words = "--regimes --graph facts.db --as-of 2013-06-30 --format csv"
    done = spillover("coalition", *words.split(), home=home)
    members = {row["Id"]: row["Members"] for row in csv.DictReader(io.StringIO(done.stdout))}
    assert members["seed:regime-g8"] == "8"
    assert members["seed:regime-wassenaar"] == "41"  # India joined in 2017
    one = spillover("coalition", "--regimes", "--regime", "G8", "--graph", "facts.db", home=home)
    assert "Members, by whose word" in one.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            "Chips --members Atlantis",
            4,
            "no regime is called 'Atlantis'; the graph knows: The Pact",
        ),
        ("Chips --without Atlantis", 3, "country 'Atlantis' is unknown"),
        ("Chips --members NL --without JP", 3, "JP: no member, and cannot leave"),
        ("Chips --members NL --against NL", 3, "NL is a member and cannot be denied"),
        ("Chips --cover much", 3, "'much' is no share"),
        ("Lens", 3, "'Lens' is a Company, not a product; name a product"),
        ("Teleporter", 4, "'Teleporter'"),
        ("", 3, "name a product, or list the regimes with --regimes"),
        ("Chips --regimes", 3, "--regimes lists regimes; leave product and countries out"),
    ],
)
def test_what_it_cannot_answer_is_refused_in_one_line(
    home: Path, words: str, code: int, said: str
) -> None:
    done = spillover("coalition", *words.split(), "--graph", "own.db", home=home)
    assert said in refused(done, code)
