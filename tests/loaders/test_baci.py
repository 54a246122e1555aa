"""BACI: one reconciled flow a row, with the tables of countries and products beside it."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, Loaded, audits, cuts, texts

FOLDER = DATA / "baci"
FLOWS = FOLDER / "BACI_HS92_Y2019_V202501.csv"
HEAD = "t,i,j,k,v,q"


def made(folder: Path, *rows: str, name: str = "BACI_HS17_Y2021_V202501.csv") -> Path:
    file = folder / name
    head = () if name.startswith(("country", "product")) else (HEAD,)
    file.write_text("\n".join((*head, *rows)) + "\n", encoding="utf-8", newline="")
    return file


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("baci"), "baci", FOLDER, options=Options())


def test_every_row_of_every_table_is_accounted_for(sample: Loaded) -> None:
    """8 flows, 11 countries and 3 products; EFTA is no country, in a flow or in the table."""
    assert sample.report.tally == (22, 20, 0, 2, 0)
    assert sample.report.relations == 7
    assert audits(sample.report) == {
        ("file left out", "no table"): 1,
        ("ignored", "no country: Europe EFTA, nes"): 2,
        (
            "read as",
            (
                "Taiwan: Other Asia, nes: in practice Taiwan, which the UN does not name; some"
                " reporters put unspecified Asia here"
            ),
        ): 1,
    }


def test_a_flow_goes_from_exporter_to_importer_with_amounts_as_printed(sample: Loaded) -> None:
    claim = sample.relations[0]
    assert (claim.kind, claim.source, claim.target) == ("EXPORTS", "country:cn", "country:us")
    assert claim.properties == {
        "hs6": ("854211",),
        "period": ("2019",),
        "value": ("12.345 thousand USD",),
        "weight": ("1.5 t",),
        "reconciled": ("true",),
        "classification": ("HS 1992",),
    }
    evidence = claim.evidence
    assert (evidence.observed, evidence.record) == ("2019", "2019-156-842-854211")
    assert (evidence.publisher, evidence.title) == ("CEPII", "BACI_HS92_Y2019_V202501")


def test_a_quantity_of_na_is_missing_and_one_of_0_is_0(sample: Loaded) -> None:
    weights = [claim.properties.get("weight") for claim in sample.relations]
    assert weights == [("1.5 t",), None, ("0 t",), None, ("0.001 t",), ("1.6 t",), ("4 t",)]


def test_numbers_mean_countries_whatever_the_letters_say(sample: Loaded) -> None:
    """NA is Namibia's code and a missing one; Switzerland is 757, France 251."""
    assert sample.ends("EXPORTS") == [
        ("country:cn", "country:us"),
        ("country:tw", "country:in"),
        ("country:na", "m49:58"),
        ("country:ch", "m49:711"),
        ("country:fr", "country:no"),
        ("country:cn", "country:us"),
        ("country:cn", "country:kr"),
    ]
    assert sample.names("country:us") == [("USA", "", "alias")]
    assert sample.entities["country:kr"].name == "South Korea"  # in no table of the sample


def test_products_come_from_their_table_or_else_have_their_code(sample: Loaded) -> None:
    horse, nickel = sample.entities["hs:010111"], sample.entities["hs:750110"]
    assert (horse.name, horse.identifiers) == ("Horses: live, pure-bred", (("hs", "010111"),))
    assert (nickel.name, nickel.properties) == ("HS 750110", {"classification": ("HS 1992",)})


def test_flows_alone_describe_what_they_name(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "baci", made(tmp_path, "2021,4,8,10121,1,1", "2021,8,4,10121,1,1"))
    assert set(loaded.entities) == {"country:af", "country:al", "hs:010121"}
    assert loaded.report.tally == (2, 2, 0, 0, 0)
    assert audits(loaded.report) == {("read as", "HS6 code with the leading zero that it lost"): 2}


def test_a_product_table_that_lost_zeros_still_names_its_products(tmp_path: Path) -> None:
    name = "product_codes_HS17_V202501.csv"
    table = made(tmp_path, "code,description", "10121,Horses", name=name)
    loaded = Loaded(tmp_path, "baci", table, made(tmp_path, "2021,4,8,010121,1,1"))
    assert loaded.entities["hs:010121"].name == "Horses"
    assert loaded.entities["hs:010121"].properties == {"classification": ("HS 2017",)}


def test_older_tables_of_countries_have_other_columns(tmp_path: Path) -> None:
    table = made(
        tmp_path,
        "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha",
        "4,Afghanistan,Islamic State,AF,AFG",
        "990,Newland,Newland,N/A,ROM",
        "156,China,China,TW,TWN",
        "999,Nowhere,Nowhere,N/A,N/A",
        name="country_codes_V202001.csv",
    )
    flow = made(tmp_path, "2021,4,990,010121,1,1")
    loaded = Loaded(tmp_path, "baci", flow, table)
    assert loaded.names("country:af") == [("Islamic State", "", "alias")]
    assert loaded.ends("EXPORTS") == [("country:af", "country:ro")]
    assert [one.reason for one in loaded.report.quarantined] == [
        "unknown country '999 Nowhere Nowhere N/A N/A'; expected a UN M49 or ISO 3166 code"
    ]
    assert audits(loaded.report) == {("codes that disagree", "China: TW"): 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2021,998,8,010121,1,1", "unknown exporter '998'; add BACI's table of countries"),
        ("2021,8,Q,010121,1,1", "unknown importer 'Q'"),
        ("20,4,8,010121,1,1", "period '20' is no year"),
        ("2021,4,8,1012,1,1", "'1012' is no HS6 code"),
        ("2021,4,8,010121,,1", "value v '' is no number"),
        ("2021,4,8,010121,-1,1", "value v '-1' is no number"),
        ("2021,4,8,010121,1,much", "quantity q 'much' is no number"),
        ("2021,4,8,010121,1", "cut off in the middle"),
        ("2021,4,8,010121,1,1,1", "7 cells where the header has 6"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    loaded = Loaded(tmp_path, "baci", made(tmp_path, row))
    (one,) = loaded.report.quarantined
    assert one.reason.startswith(reason)
    assert (loaded.report.entities, loaded.report.relations) == (0, 0)


def test_what_the_name_and_the_header_say_is_checked(tmp_path: Path) -> None:
    odd = tmp_path / "flows.csv"
    odd.write_text(f"{HEAD},w\n2021,4,8,010121,1,1,9\n", encoding="utf-8")
    assert audits(Loaded(tmp_path, "baci", odd).report) == {
        ("not stated", "edition of the HS in the name of the file"): 1,
        ("unknown field", "flows: w"): 1,
    }
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    words = refused(tmp_path / "g", "baci", other)
    assert words.startswith("other.csv: columns a, b make no table of BACI")
    with pytest.raises(InputError, match="name the CSV files"):
        run(tmp_path / "g", "baci", [])


def test_the_files_are_known_by_columns_and_names() -> None:
    detection = detect([FOLDER])
    assert sorted((one.part.name, one.loader) for one in detection.found) == [
        ("BACI_HS92_Y2019_V202501.csv", "baci"),
        ("BACI_HS92_Y2020_V202501.csv", "baci"),
        ("country_codes_V202501.csv", "baci"),
        ("product_codes_HS92_V202501.csv", "baci"),
    ]
    assert [part.name for part, _ in detection.unknown] == ["Readme.txt"]


@pytest.mark.parametrize("column", range(6))
def test_hostile_cells_are_refused_or_kept_but_never_crash(tmp_path: Path, column: int) -> None:
    cells = ["2021", "4", "8", "010121", "1", "1"]
    rows = [",".join((*cells[:column], one, *cells[column + 1 :])) for one in texts("csv")]
    report = Loaded(tmp_path, "baci", made(tmp_path, *rows)).report
    assert report.tally.read == len(rows)
    assert all(len(one.reason) < 200 for one in report.quarantined)


def test_hostile_words_stay_as_they_are(tmp_path: Path) -> None:
    cases = texts("csv")
    rows = [f"{100000 + number},{one}" for number, one in enumerate(cases)]
    table = made(tmp_path, "code,description", *rows, name="product_codes_HS17_V202501.csv")
    loaded = Loaded(tmp_path, "baci", table, options=Options())
    for number, text in enumerate(cases.values()):
        assert loaded.entities[f"hs:{100000 + number}"].name == text


def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    """Also where the cut leaves a number: 0.001 would become 0.00. Whole rows are a whole file."""
    data = FLOWS.read_bytes()
    Loaded(tmp_path, "baci", FLOWS, options=Options())
    accepted = cuts(tmp_path, "baci", list(truncations(data)), suffix=".csv")
    assert accepted == [b"".join(data.splitlines(keepends=True)[:count]) for count in (4, 5, 6)]
