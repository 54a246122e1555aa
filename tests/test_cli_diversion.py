"""What does `spillover diversion` print, on files and on facts, and how does it refuse?"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from tests.test_cli import refused, spillover

DAY = "2026-11-22"
TRADE: Final = Path(__file__).parents[2] / "shared" / "data" / "trade"
NICKEL: Final = TRADE / "comtrade_nickel_260400_750110.csv"
ATLAS: Final = TRADE / "atlas_283691_lithium_carbonate.csv"
FLOWS = """refYear,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt
2020,276,643,X,854231,100,10
2021,276,643,X,854231,120,12
2022,276,643,X,854231,10,1
2020,398,643,X,854231,2,1
2021,398,643,X,854231,4,2
2022,398,643,X,854231,30,2
2021,276,398,X,854231,5,1
2022,276,398,X,854231,29,3
2022,398,276,M,854231,19,3
2021,398,643,X,010121,7,3
2022,398,643,X,010121,8,3
"""
CHPL = "hs6,tier,description_hs2022\n854231,1,Processors\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("diversion")
    (folder / "flows.csv").write_text(FLOWS, encoding="utf-8")
    (folder / "chpl.csv").write_text(CHPL, encoding="utf-8")
    for words in (
        ("seed", "--graph", "facts.db"),
        ("comtrade", "flows.csv", "--graph", "flows.db"),
        ("control_lists", "chpl.csv", "--graph", "flows.db"),
    ):
        done = spillover("load", *words, home=folder)
        assert done.returncode == 0, done.stderr
    return folder


def ask(home: Path, *words: str, graph: str = "flows.db") -> dict[str, Any]:
    done = spillover(
        "diversion", *words, "--graph", graph, "--as-of", DAY, "--format", "json", home=home
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


CHPL_TO_RUSSIA = ("--products", "chpl", "--target", "RU", "--since", "2022-02", "--direct", "DE")


def test_the_list_of_priority_goods_on_a_file_of_comtrade(home: Path) -> None:
    """Germany falls from 110 to 10, Kazakhstan rises from 3 to 30 a year: 27 of 100."""
    found = ask(home, *CHPL_TO_RUSSIA)
    (basket,) = found["baskets"]
    assert basket["goods"] == [{"hs6": "854231", "name": "Processors", "tier": "1"}]
    assert basket["fall"] == {"low": "100", "high": "100"}
    (hub,) = basket["hubs"]
    assert hub["entity"]["country"] == "kz"
    assert hub["substitution_percent"] == {"low": "27", "high": "27"}
    assert hub["fed_percent"]["low"] == "98.148148"  # 26.5 of 27: 29 less the mean of 0 and 5
    assert hub["mirror_into_hub"]["after"]["both_report"] == 1
    assert "went from 3 USD to 30 USD in a year (10 times)" in hub["why"]
    assert len(hub["claims"]) == 3 + 3  # its exports, and three rows on what it bought
    assert found["import_over_export_value"] == "1.06"


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
@pytest.mark.parametrize("words", [CHPL_TO_RUSSIA, ("--products", "854231,010121")])
def test_every_form(home: Path, form: str, words: tuple[str, ...]) -> None:
    asked = ("diversion", *words, "--graph", "flows.db", "--as-of", DAY, "--format", form)
    done = spillover(*asked, home=home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert spillover(*asked, home=home).stdout == done.stdout
    if words is CHPL_TO_RUSSIA:
        assert "Kazakhstan" in done.stdout


def test_the_table_for_spreadsheets_has_every_measure(home: Path) -> None:
    done = spillover(
        "diversion", *CHPL_TO_RUSSIA, "--graph", "flows.db", "--format", "csv", home=home
    )
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["Hub"] == "Kazakhstan (KZ)"
    assert row["Of the fall of direct exports"] == "27 %"
    assert row["Never arrived there"] == "11.08 USD"  # 29 - 19 / 1.06
    assert "one period" not in row["Beware"]


def test_a_workbook_is_written(home: Path) -> None:
    done = spillover(
        "diversion", *CHPL_TO_RUSSIA, "--graph", "flows.db", "--format", "xlsx", "-o", "d.xlsx",
        home=home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (home / "d.xlsx").read_bytes().startswith(b"PK")


SEED: Final = {
    # product: {country: (before, after)} as the facts F230 to F235 print them
    "integrated circuits": {"cn": ("74000000", "179000000"), "am": ("0", "13000000")},
    "microchips": {"ae": ("1600000", "24300000")},
    "semiconductors": {"kz": ("12000", "3700000")},
    "electronic components": {"tr": ("79000", "3200000"), "ae": (None, "283000000")},
}


@pytest.mark.parametrize("product", SEED)
def test_chips_to_russia_on_the_built_in_facts(home: Path, product: str) -> None:
    found = ask(
        home, "--products", product, "--target", "RU", "--since", "2022-02", graph="facts.db"
    )
    (basket,) = found["baskets"]
    seen = {
        hub["entity"]["country"]: (
            hub["exports"]["before"] and hub["exports"]["before"]["low"],
            hub["exports"]["after"]["low"],
        )
        for hub in basket["hubs"]
    }
    assert seen == SEED[product]
    thin = [hub for hub in basket["hubs"] if hub["exports"]["before"]]
    assert all("one period before" in hub["beware"] for hub in thin)
    assert any("around 5 %" in figure for figure in found["published"])


def test_alumina_after_the_ban_of_australia(home: Path) -> None:
    """330 t to 10,650 t in a first quarter of 90 days, of 1.52 Mt a year: at least 2.754 %.

    (10,650 - 330) / 90 * 365 = 41,853 t a year; 41,853 / 1,520,000 = 0.027535.
    """
    found = ask(
        home, "--products", "Australia's ban on alumina exports to Russia (2022)",
        "--target", "Russia", "--since", "2022-02", graph="facts.db",
    )  # fmt: skip
    (basket,) = found["baskets"]
    (hub,) = basket["hubs"]
    assert basket["unit"] == "kg"
    assert hub["entity"]["country"] == "cn"
    assert hub["exports"]["times"] == {"low": "32.272727", "high": "32.272727"}
    assert hub["substitution_percent"] == {"low": "2.753509", "high": None}
    assert found["direct_suppliers"].endswith("(1: AU)")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--products", "999999"), 4, "no flow of '999999'"),
        (("--products", "854231", "--target", "RU", "--since", "soon"), 3, "'soon' is no date"),
        (
            ("--products", "854231", "--target", "RU", "--since", "2022", "--cif-fob", "x"),
            3,
            "ratio of import to export value 'x' is no number",
        ),
        (
            ("--products", "854231", "--target", "RU", "--since", "2022", "--baseline", "long"),
            3,
            "length of time 'long' cannot be read",
        ),
        (
            ("--products", "854231", "--target", "RU", "--since", "2022", "--direct", "EU"),
            4,
            "name its members",
        ),
        (
            ("--products", "854231", "--target", "RU", "--since", "2022", "--regime", "chpl"),
            3,
            "no state is known as its member",
        ),
    ],
)
def test_refusals_are_one_line(home: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = spillover("diversion", *words, "--graph", "flows.db", home=home)
    assert said in refused(done, code)


def by_hand() -> dict[str, dict[int, Fraction]]:
    """What exporters report to have sent to China, by year, straight from the file."""
    found: dict[str, dict[int, Fraction]] = defaultdict(dict)
    with NICKEL.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if (row["cmdCode"], row["flowCode"], row["partnerISO"]) == ("260400", "X", "CHN"):
                found[row["reporterISO"]][int(row["period"])] = Fraction(row["primaryValue"])
    return found


@pytest.fixture(scope="module")
def nickel(home: Path) -> Path:
    if not NICKEL.exists():
        pytest.skip(f"{NICKEL} is not there")
    done = spillover("load", "comtrade", str(NICKEL), "--graph", "nickel.db", home=home)
    assert done.returncode == 0, done.stderr
    return home


def test_indonesias_ban_on_nickel_ore_against_the_file_itself(nickel: Path) -> None:
    """Indonesia stopped the export of nickel ore in January 2014."""
    found = ask(
        nickel, "--products", "260400", "--target", "CN", "--since", "2014-01", "--direct", "ID",
        graph="nickel.db",
    )  # fmt: skip
    (basket,) = found["baskets"]
    sent = by_hand()

    def rise(country: str) -> Fraction:
        after, before = (
            sum((sent[country].get(year, Fraction(0)) for year in years), Fraction(0)) / 3
            for years in ((2014, 2015, 2016), (2011, 2012, 2013))
        )
        return after - before

    fall = -rise("IDN")
    assert Fraction(basket["fall"]["low"]) == pytest.approx(float(fall))
    first, second, *_ = basket["hubs"]
    assert [hub["entity"]["country"] for hub in (first, second)] == ["ph", "us"]
    share = Fraction(first["substitution_percent"]["low"])
    assert float(share) == pytest.approx(float(100 * rise("PHL") / fall), abs=1e-5)
    assert first["no_imports_reported"]  # the Philippines mines nickel: nothing passed through
    assert first["fed_percent"] == {"low": "0", "high": "0"}


def test_breaks_in_the_nickel_file_are_named_with_their_rows(nickel: Path) -> None:
    found = ask(nickel, "--products", "260400,750110", graph="nickel.db")
    first = found["breaks"][0]
    ends = first["direct"]["exporter"], first["to_target"]["exporter"], first["direct"]["importer"]
    assert [end["country"] for end in ends] == ["au", "br", "fi"]
    assert first["from_year"] == "2011"
    assert {claim["observed"] for claim in first["claims"]} <= {
        str(year) for year in range(2008, 2014)
    }
    assert found["broke_off"] > len(found["breaks"])


def test_reports_of_the_atlas_are_one_figure(home: Path) -> None:
    """Every flow of this file stands there twice, as export and as import, and both are equal."""
    if not ATLAS.exists():
        pytest.skip(f"{ATLAS} is not there")
    done = spillover("load", "comtrade", str(ATLAS), "--graph", "atlas.db", home=home)
    assert done.returncode == 0, done.stderr
    asked = ("--products", "283691", "--target", "US", "--since", "2017", "--cif-fob", "1")
    (basket,) = ask(home, *asked, graph="atlas.db")["baskets"]
    gaps = [hub["mirror_to_target"]["after"]["log_gap"] for hub in basket["hubs"]]
    assert gaps
    assert all(gap == {"low": 0.0, "high": 0.0} for gap in gaps)
