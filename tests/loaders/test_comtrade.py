"""UN Comtrade and the Atlas: who reports which flow, in which direction, and what is no flow."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Relation
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

API, LEGACY, ATLAS = (DATA / "comtrade" / f"{name}.csv" for name in ("api", "legacy", "atlas"))
NICKEL = REAL / "trade" / "comtrade_nickel_260400_750110.csv"
LITHIUM = REAL / "trade" / "atlas_283691_lithium_carbonate.csv"
HEAD = "reporterCode,partnerCode,flowCode,cmdCode,period,primaryValue,cmdDesc"


def made(folder: Path, *rows: str, head: str = HEAD) -> Path:
    file = folder / "flows.csv"
    file.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8", newline="")
    return file


def flows(loaded: Loaded) -> dict[str, Relation]:
    return {relation.evidence.record: relation for relation in loaded.relations}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("api"), "comtrade", API, options=Options())


def test_every_row_is_a_flow_or_left_out_by_name(api: Loaded) -> None:
    """20 rows: 7 flows, and 13 that are sums, parts, no goods or nowhere."""
    assert api.report.tally == (20, 7, 0, 13, 0)
    assert audits(api.report) == {
        ("flow of a country to itself", "Norway"): 1,
        ("ignored", "HS chapter, a sum of its products"): 1,
        ("ignored", "HS heading, a sum of its products"): 1,
        ("ignored", "classification S3, not the Harmonized System"): 1,
        ("ignored", "part of a flow, by customs procedure"): 1,
        ("ignored", "part of a flow, by mode of transport"): 1,
        ("ignored", "part of a flow, by second partner"): 1,
        ("ignored", "partner is no country: Areas, nes"): 1,
        ("ignored", "partner is no country: Bunkers"): 1,
        ("ignored", "partner is no country: World"): 1,
        ("ignored", "reporter is no country: European Union"): 1,
        ("ignored", "sum of all products"): 1,
        ("ignored", "tariff line, a part of an HS6 product"): 1,
        ("ignored", "type S, no goods"): 1,
        ("not stated", "value"): 1,
        ("read as", "HS6 code with the leading zero that it lost"): 1,
        (
            "read as",
            (
                "Taiwan: Other Asia, nes: in practice Taiwan, which the UN does not name; some"
                " reporters put unspecified Asia here"
            ),
        ): 1,
    }


def test_importer_and_exporter_are_two_claims_of_one_flow(api: Loaded) -> None:
    """Germany reports 1500.50 USD from China, China 1400 USD to Germany."""
    found = flows(api)
    imported, exported = found["2020/de/import/cn/850440"], found["2020/cn/export/de/850440"]
    for claim in (imported, exported):
        assert (claim.kind, claim.source, claim.target) == ("EXPORTS", "country:cn", "country:de")
        assert claim.evidence.observed == "2020"
    assert imported.evidence.publisher == "UN Comtrade, reported by Germany"
    assert exported.evidence.publisher == "UN Comtrade, reported by China"
    assert imported.properties == {
        "hs6": ("850440",),
        "period": ("2020",),
        "flow": ("import",),
        "reporter": ("de",),
        "value": ("1500.50 USD",),
        "weight": ("30.5 kg",),
        "gross_weight": ("31 kg",),
        "quantity": ("120 u",),
        "classification": ("HS 2017",),
    }
    assert exported.properties == {
        "hs6": ("850440",),
        "period": ("2020",),
        "flow": ("export",),
        "reporter": ("cn",),
        "value": ("1400 USD",),
        "quantity": ("118 u",),
        "classification": ("HS 2017",),
        "estimated": ("quantity",),
    }


def test_flows_that_come_back_or_pass_through_are_kept_apart(api: Loaded) -> None:
    found = flows(api)
    out, back = found["2020/us/re-export/ca/850440"], found["2020/us/re-import/fr/850440"]
    assert (out.source, out.target) == ("country:us", "country:ca")
    assert (back.source, back.target) == ("country:fr", "country:us")
    assert out.properties["estimated"] == ("net weight",)
    assert out.properties["weight"] == ("0 kg",)
    assert back.properties["fob"] == ("12 USD",)
    assert "cif" not in back.properties  # it is the value
    assert back.properties["estimated"] == ("quantity", "net weight")
    assert back.properties["computed"] == ("true",)


def test_months_taiwan_and_what_the_un_computed(api: Loaded) -> None:
    claim = flows(api)["2020-03/ch/export/tw/010121"]
    assert claim.evidence.observed == "2020-03"
    assert (claim.properties["converted"], claim.properties["computed"]) == (("true",), ("true",))


def test_countries_that_are_no_more_and_that_report_as_one(api: Loaded) -> None:
    (claim,) = (r for r in api.relations if r.properties["period"] == ("2005",))
    assert (claim.source, claim.target) == ("m49:58", "country:csxx")
    assert "value" not in claim.properties
    assert api.entities["m49:58"].countries == ("be", "lu")
    assert api.entities["country:csxx"].name == "Serbia and Montenegro"
    assert api.entities["hs:9999AA"].identifiers == ()


def test_products_and_countries_have_the_ids_of_every_source(api: Loaded) -> None:
    product = api.entities["hs:850440"]
    assert (product.schema, product.name) == ("Product", "Electrical static converters")
    assert product.identifiers == (("hs", "850440"),)
    assert product.properties == {"classification": ("HS 2017",)}
    china = api.entities["country:cn"]
    assert (china.schema, china.name, china.countries) == ("Country", "China", ("cn",))
    assert china.identifiers == (("iso3166", "cn"),)


def test_the_older_download_says_the_same_in_other_columns(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "comtrade", LEGACY, options=Options())
    assert loaded.report.tally == (4, 3, 0, 1, 0)
    assert audits(loaded.report) == {
        ("flow of a country to itself", "India"): 1,
        ("ignored", "partner is no country: Neutral Zone"): 1,
        ("unknown flags", "9"): 1,
    }
    claim = flows(loaded)["2013/cn/import/id/260400"]
    assert (claim.source, claim.target) == ("country:id", "country:cn")
    assert claim.properties == {
        "hs6": ("260400",),
        "period": ("2013",),
        "flow": ("import",),
        "reporter": ("cn",),
        "value": ("2300 USD",),
        "weight": ("70500 kg",),
        "quantity": ("70500 Weight in kilograms",),
        "second_quantity": ("70400 Weight in kilograms",),
        "classification": ("HS 2012",),
        "estimated": ("quantity", "net weight"),
    }


def test_the_atlas_prints_both_figures_in_one_row(tmp_path: Path) -> None:
    """Four figures above 0 between countries; two rows repeat each other's flow, differently."""
    loaded = Loaded(tmp_path, "comtrade", ATLAS, options=Options())
    assert loaded.report.tally == (5, 3, 0, 2, 0)
    said = {
        (r.source, r.target, r.properties["reporter"][0], r.properties["value"][0])
        for r in loaded.relations
    }
    assert said == {
        ("country:cl", "country:cn", "cl", "9100 USD"),
        ("country:cl", "country:cn", "cn", "9300 USD"),
        ("country:be", "country:de", "be", "150 USD"),
        ("country:de", "country:be", "be", "40 USD"),
    }
    assert {(r.evidence.publisher, r.evidence.url) for r in loaded.relations} == {
        (
            "Growth Lab at Harvard University, Atlas of Economic Complexity",
            "https://atlas.hks.harvard.edu",
        )
    }
    assert audits(loaded.report) == {
        ("ignored", "no trade in either direction"): 1,
        ("ignored", "partner_code is no country: Areas, nes"): 1,
        ("left out", "export_value of 0"): 2,
        ("left out", "import_value of 0"): 2,
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("276,998,M,850440,2020,5,x", "unknown partner '998'; expected a UN M49"),
        ("Q,156,M,850440,2020,5,x", "unknown reporter 'Q'; expected a UN M49"),
        ("276,156,Z,850440,2020,5,x", "unknown flow 'Z'; expected M, X, RX"),
        ("276,156,M,850440,20201,5,x", "period '20201' is no year or month"),
        ("276,156,M,850440,202013,5,x", "period '202013' is no year or month"),
        ("276,156,M,850440,,5,x", "period '' is no year or month"),
        ("276,156,M,AB0440,2020,5,x", "'AB0440' is no HS6 code; expected six digits"),
        ("276,156,M,,2020,5,x", "'' is no HS6 code; expected six digits"),
        ("276,156,M,850440,2020,-5,x", "value '-5' is no number of 0 or more"),
        ('276,156,M,850440,2020,"1,5",x', "value '1,5' is no number of 0 or more"),
        ("276,156,M,850440,2020,NaN,x", "value 'NaN' is no number of 0 or more"),
        ("276,156,M,850440,2020,1e5,x", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    loaded = Loaded(tmp_path, "comtrade", made(tmp_path, row))
    found = [one.reason for one in loaded.report.quarantined]
    assert len(found) == bool(reason)
    assert not reason or found[0].startswith(reason)
    assert not reason or loaded.report.relations == loaded.report.entities == 0


def test_a_place_that_the_atlas_alone_knows_is_set_aside(tmp_path: Path) -> None:
    head = "location_code,partner_code,hs_product_code,year,export_value,import_value"
    loaded = Loaded(tmp_path, "comtrade", made(tmp_path, "CHL,QQQ,283691,2018,1,0", head=head))
    assert [one.reason for one in loaded.report.quarantined] == [
        "unknown partner_code 'QQQ'; expected ISO 3166 letters"
    ]


def test_letters_stand_in_where_numbers_are_missing_or_unknown(tmp_path: Path) -> None:
    head = "reporterISO,partnerCode,partnerISO,flowDesc,cmdCode,refYear,primaryValue"
    file = made(
        tmp_path, "ROM,,TWN,Exports,850440,1999,5", "ZAR,999,XKX,import,850440,1999,5", head=head
    )
    loaded = Loaded(tmp_path, "comtrade", file)
    assert loaded.ends("EXPORTS") == [("country:ro", "country:tw"), ("country:xk", "country:cd")]


def test_an_unknown_column_and_an_unknown_truth_are_signalled(tmp_path: Path) -> None:
    head = f"{HEAD},isReported,mood"
    loaded = Loaded(
        tmp_path, "comtrade", made(tmp_path, "276,156,M,850440,2020,5,x,perhaps,good", head=head)
    )
    assert loaded.report.tally.loaded == 1
    assert audits(loaded.report) == {
        ("unknown field", "flow: mood"): 1,
        ("unknown isreported", "perhaps"): 1,
    }


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    file = made(tmp_path, "1,2", head="reporterCode,partnerCode")
    words = refused(tmp_path / "g", "comtrade", file)
    assert words.startswith("flows.csv: no column flowcode or flowdesc; expected a table of trade")
    with pytest.raises(InputError, match="name a CSV file"):
        run(tmp_path / "g", "comtrade", [])


def test_the_files_are_known_by_their_columns() -> None:
    found = detect([API, LEGACY, ATLAS]).found
    assert [one.loader for one in found] == ["comtrade"] * 3


def test_hostile_words_stay_as_they_are(tmp_path: Path) -> None:
    cases = texts("csv")
    rows = [f"276,156,M,{100000 + n},2020,5,{one}" for n, one in enumerate(cases)]
    loaded = Loaded(tmp_path, "comtrade", made(tmp_path, *rows), options=Options())
    assert loaded.report.tally.loaded == len(cases)
    for number, text in enumerate(cases.values()):
        assert loaded.entities[f"hs:{100000 + number}"].name == text.strip()


@pytest.mark.parametrize("column", range(6))
def test_hostile_codes_are_refused_or_kept_but_never_crash(tmp_path: Path, column: int) -> None:
    cells = ["276", "156", "M", "850440", "2020", "5"]
    rows = [",".join((*cells[:column], one, *cells[column + 1 :], "x")) for one in texts("csv")]
    report = Loaded(tmp_path, "comtrade", made(tmp_path, *rows)).report
    assert report.tally.read == len(rows)
    assert all(len(one.reason) < 200 for one in report.quarantined)


def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    """Also where the cut leaves a number; whole rows are a whole file."""
    data = ATLAS.read_bytes()
    Loaded(tmp_path, "comtrade", ATLAS, options=Options())
    accepted = cuts(tmp_path, "comtrade", list(truncations(data)), suffix=".csv")
    assert accepted == [b"".join(data.splitlines(keepends=True)[:count]) for count in (3, 4, 5)]


@pytest.mark.skipif(not NICKEL.exists(), reason="the shared file of Comtrade is not here")
def test_the_real_nickel_flows_add_up(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "comtrade", NICKEL, options=Options(tolerance=0.0))
    with NICKEL.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    nowhere = {"0", "568", "838", "839", "899"}
    kept = [row for row in rows if row["partnerCode"] not in nowhere]
    assert loaded.report.tally == (len(rows), len(kept), 0, len(rows) - len(kept), 0)
    assert (len(rows), len(kept)) == (13_739, 10_224)
    value = sum(Decimal(row["primaryValue"]) for row in kept)
    assert value == sum(
        Decimal(r.properties["value"][0].removesuffix(" USD")) for r in loaded.relations
    )
    blank = sum(not row["netWgt"] for row in kept)
    assert blank == sum("weight" not in r.properties for r in loaded.relations) > 0
    assert Counter(r.properties["flow"][0] for r in loaded.relations) == Counter(
        row["flowDesc"].lower() for row in kept
    )
    # The importer stands at the end of the claim: each reporter's imports come in.
    chinese = [row for row in kept if (row["reporterCode"], row["flowCode"]) == ("156", "M")]
    found = [r for r in loaded.relations if r.properties["reporter"] == ("cn",)]
    assert len(chinese) == sum(r.target == "country:cn" for r in found) > 0
    assert {what for what, _ in audits(loaded.report)} == {
        "flow of a country to itself",
        "ignored",
        "read as",
        "unknown field",  # four columns that the maker of this extract added
    }


@pytest.mark.skipif(not LITHIUM.exists(), reason="the shared file of the Atlas is not here")
def test_the_real_file_of_the_atlas_adds_up(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "comtrade", LITHIUM, options=Options(tolerance=0.0))
    with LITHIUM.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = [row for row in rows if "ANS" not in (row["location_code"], row["partner_code"])]
    values = [row[name] for row in kept for name in ("export_value", "import_value")]
    assert loaded.report.tally == (len(rows), len(kept), 0, len(rows) - len(kept), 0)
    assert loaded.report.relations == sum(value != "0" for value in values) == 3_712
    # Chile sold 36,717 USD of lithium carbonate to Australia in 2018, both rows say.
    said = [
        (r.properties["reporter"], r.properties["value"])
        for r in loaded.relations
        if (r.source, r.target) == ("country:cl", "country:au")
        and r.properties["period"] == ("2018",)
    ]
    assert sorted(said) == [(("au",), ("36717 USD",)), (("cl",), ("36717 USD",))]
