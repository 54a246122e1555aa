"""Owners of plants, terminals, pipelines and mines, and of the firms that own them."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from spillover.graph.errors import InputError, SpilloverError
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import Stake
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders import hostile

DATA = Path(__file__).parents[1] / "data" / "gem"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "gem"
COAL, LNG = REAL / "coal_plants.csv", REAL / "lng_terminals_2024-10-08.csv"
HEADER = "id,url,name,unit-name,status,areas,owner,parent"


class Loaded:
    """Files loaded into a graph of their own."""

    def __init__(self, folder: Path, *files: Path, tolerance: float = 1.0) -> None:
        options = Options(tolerance=tolerance)
        self.report: Report = run(folder / "graph.db", "gem", files, options=options)
        _, entities, claims, _ = content(folder / "graph.db")
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.signals = {(a.what, a.key): a.count for a in self.report.audits}

    def held(self, unit: str, *, indirect: bool = False) -> dict[str, str]:
        """What owners of a unit hold, by their names, as shares for people."""
        return {
            self.entities[r.source].name: str(r.stake) if r.stake else "not stated"
            for r in self.relations
            if r.kind == "OWNS" and r.target == unit and r.reported_indirect is indirect
        }


def units(folder: Path, *rows: str) -> Loaded:
    """Rows of a tracker: id, owner, parent."""
    file = folder / "t.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "owner", "parent"])
        for number, row in enumerate(rows, 1):
            owner, _, parent = row.partition("|")
            writer.writerow([f"U{number}", "Plant", owner, parent])
    return Loaded(folder, file)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("gem"), DATA)


def test_every_record_of_the_sample_is_accounted_for(sample: Loaded) -> None:
    """6 + 5 + 2 + 3 units, 6 entities, 5 + 2 links, 1 row of a roll-up."""
    assert sample.report.tally == (30, 25, 0, 3, 2)
    assert [(q.file, q.position, q.reason) for q in sample.report.quarantined] == [
        ("entities.csv", "line 7", "E900000000006 has no name"),
        (
            "entity_ownership.csv",
            "line 6",
            "'900000000003' is no entity id of GEM; it is E and digits",
        ),
    ]
    assert sample.signals == {
        ("date that cannot be read", "soon"): 1,
        ("ids of owners that do not fit the names", "1 ids"): 1,
        ("ignored", "holders that are not named"): 2,
        ("ignored", "roll-up of chains that other tables hold"): 1,
        ("owner and parent of one name", "with two shares"): 1,
        ("owner named twice in one text", "Zebu Corp"): 1,
        ("owner of itself", "E900000000002"): 1,
        ("owner that is not named", "other"): 2,
        ("owner that is not named", "persons"): 1,
        ("owner that is not named", "small shareholder(s)"): 1,
        ("owner that is not named", "to be determined"): 2,
        ("owner that is not named", "unknown"): 1,
        ("several owners in one name", "that cannot be told apart"): 1,
        ("several owners in one name", "with one share"): 1,
        ("several owners in one name", "with their shares"): 2,
        ("shares over 100 %", "parent"): 1,
        ("shares under 100 %", "owner"): 2,
        ("shares under 100 %", "parent"): 1,
        ("unknown country", "Joint Petroleum Zone"): 1,
        ("unknown country", "Nowhere"): 1,
        ("unknown field", "tracker: ash pond"): 3,
        ("unknown field", "tracker: production start year"): 2,
        ("unknown types", "moot"): 1,
    }


def test_a_unit_keeps_what_its_row_says(sample: Loaded) -> None:
    gaur = sample.entities["gem:G900000000001"]
    assert (gaur.schema, gaur.name, gaur.countries) == (
        "Asset",
        "Gaur power station Unit 1",
        ("vn",),
    )
    assert gaur.names == (
        Name("Nhà máy Gaur"),
        *(Name(n, role="alias") for n in ("Gaur I", "Gaur TPP")),
    )
    assert dict(gaur.properties) == {
        "gem location id": ("L900000000001",),
        "capacity (mw)": ("300",),
        "status": ("operating",),
        "start year": ("2015",),
        "ash pond": ("dry",),  # no column that is known, and kept
        "owner": ("Gaur Power JSC [70.0%]; Banteng Co [30.0%]",),
        "parent": ("Gaur Group [70.0%]; Banteng Co [30.0%]",),
    }
    assert sample.entities["gem:Zebú_power_station"].names == (Name("泽布电厂", "zh"),)
    assert sample.entities["gem:T900002"].countries == ("ir", "pk")


def test_plants_whose_pages_differ_in_a_letter_are_two(sample: Loaded) -> None:
    one, other = "gem:Alpaca_power_station#Unit_1", "gem:Alpaca_Power_station#Unit_1"
    assert sample.entities[one].countries == ("pe",)
    assert sample.entities[other].countries == ("xk",)
    assert sample.held(other) == {}


def test_owners_hold_the_share_in_print_and_parents_repeat_it(sample: Loaded) -> None:
    unit = "gem:Okapi_Sur_power_station#Unit_A"
    assert sample.held(unit) == {"Tapir Energy": "66 %", "Okapi Light": "33 %"}
    assert sample.held(unit, indirect=True) == {"Tapir Group": "66.7 %", "Okapi Light": "33.3 %"}
    assert sample.held("gem:T900001") == {"Dugong LNG LLC": "100 %"}
    assert sample.held("gem:T900001", indirect=True) == {}  # the parent is the owner
    first = next(r for r in sample.relations if r.target == unit)
    assert (first.basis, first.stake_text) == ("interest", "66%")
    assert first.evidence[2:] == (
        "https://www.gem.wiki/Okapi_Sur_power_station",
        None,
        "medium",
        "asserts",
        "Okapi_Sur_power_station#Unit_A",
        "owner: Tapir Energy [66%]",
    )


def test_owners_without_a_share_hold_an_unknown_one(sample: Loaded) -> None:
    assert sample.held("gem:Okapi_Sur_power_station#Unit_B") == {
        "Tapir Energy": "not stated",
        "Okapi Light": "not stated",
    }
    assert sample.held("gem:T900002") == {"Oryx": "not stated", "Dik Gas, LLC": "12.5 %"}
    assert sample.held("gem:OG9000001", indirect=True) == {
        "Ema S.A.": "90 %",
        "Resp UK": "not stated",
    }


def test_nobody_is_made_of_those_who_are_not_named(sample: Loaded) -> None:
    names = {entity.name.lower() for entity in sample.entities.values()}
    assert not names & {"other", "unknown", "persons", "to be determined", "small shareholder(s)"}
    alpaca = sample.entities["gem:Alpaca_power_station#Unit_1"]
    assert alpaca.properties["parent"] == ("Condor Holdings [60.5%]; other [39.5%]",)


def test_names_in_chinese_that_are_several(sample: Loaded) -> None:
    assert sample.held("gem:P90001") == {
        "甲燃气有限公司": "51.0284 %",
        "乙投资（中国）有限公司": "48.9716 %",
    }
    assert sample.held("gem:P90002") == {"丙有限公司": "unknown", "丁（集团）有限公司": "unknown"}
    assert sample.held("gem:P90002", indirect=True) == {"戊有限公司": "at least 65 %"}
    assert sample.held("gem:P90003") == {"己公司51%控股": "not stated"}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("A [62.6%]; B [9.1%]", {"A": "62.6 %", "B": "9.1 %"}),
        ("A[50%] ;B [ 50 % ];", {"A": "50 %", "B": "50 %"}),
        ("A (50%);B (C) (25.5%)", {"A": "50 %", "B (C)": "25.5 %"}),
        ("A (Hong Kong) [12.5%]", {"A (Hong Kong)": "12.5 %"}),
        ("A [former] [1%]; B [former]", {"A [former]": "1 %", "B [former]": "not stated"}),
        ("A [unknown %]; B [nan%]; C (nan%)", dict.fromkeys("ABC", "not stated")),
        ("A, B [49.99999999%]", {"A, B": "49.999999 %"}),
        ("A [25-50%]", {"A": "25–50 %"}),
        ("A [10%]; A [5%]", {"A": "15 %"}),
        ("A [90%]; A [90%]", {"A": "100 %"}),
        ("A; A [5%]", {"A": "not stated"}),
        ("甲（北京）公司 [30%]", {"甲（北京）公司": "30 %"}),
        ("甲公司（20%），乙公司（30%） [unknown %]", {"甲公司": "20 %", "乙公司": "30 %"}),
        ("甲公司、乙公司 [40%]", {"甲公司": "up to 40 %", "乙公司": "up to 40 %"}),
        ("甲公司、Foo Co., Ltd. [40%]", {"甲公司、Foo Co., Ltd.": "40 %"}),
        ("Foo (中) Co., Ltd. [40%]", {"Foo (中) Co., Ltd.": "40 %"}),
        ("[5%]; other; TBD [95%]", {"TBD": "95 %"}),
        ("--", {}),
        ("", {}),
    ],
)
def test_how_the_text_of_owners_is_read(tmp_path: Path, text: str, held: dict[str, str]) -> None:
    assert units(tmp_path, text).held("gem:U1") == held


def test_two_owners_of_one_share_hold_up_to_it(tmp_path: Path) -> None:
    (first, _) = units(tmp_path, "甲公司、乙公司 [40%]").relations
    assert (first.stake, first.stake_text) == (Stake(0, 40_000_000), "40%")


@pytest.mark.parametrize("text", ["A [140%]", "A [-1%]", "A [x%]", "A [1%2%]", "A [half %]"])
def test_a_share_that_cannot_be_is_set_aside_with_its_unit(tmp_path: Path, text: str) -> None:
    loaded = units(tmp_path, text, "B [1%]")
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert "is no share" in loaded.report.quarantined[0].reason


def test_shares_over_100_are_kept_and_flagged(tmp_path: Path) -> None:
    """33.4 three times is 100.2; 33.3 three times 99.9; an unknown share may be the rest."""
    loaded = units(tmp_path, "A [33.4%]; B [33.4%]; C [33.4%]", "A [33.3%]; B [66.6%]", "A [1%]; B")
    assert loaded.signals == {("shares over 100 %", "owner"): 1, ("shares under 100 %", "owner"): 1}
    assert loaded.held("gem:U1") == dict.fromkeys("ABC", "33.4 %")


@pytest.mark.parametrize(
    ("text", "indirect"),
    [
        ("A [50%]|A [50.0%]; B [50%]", {"B": "50 %"}),
        ("A [50%]|A [75%]", {"A": "75 %"}),
        ("A|A", {}),
        ("A [50%]|A [unknown %]", {}),  # says nothing beside the owner's own
        ("A [unknown %]|A [5%]", {"A": "5 %"}),
        ("|P [5%]", {"P": "5 %"}),
    ],
)
def test_a_parent_that_is_the_owner_is_told_once(
    tmp_path: Path, text: str, indirect: dict[str, str]
) -> None:
    assert units(tmp_path, text).held("gem:U1", indirect=True) == indirect


def test_shares_that_gem_reckoned_count_as_unknown(sample: Loaded) -> None:
    """``Owner Share Imputed`` of a unit, ``Share Imputed?`` of a link."""
    assert set(sample.held("gem:G900000000002").values()) == {"not stated"}
    found = {
        r.source: (r.stake, r.stake_text)
        for r in sample.relations
        if r.target == "gem:E900000000001"
    }
    assert found == {
        "gem:E900000000003": (Stake(49_999_999, 49_999_999), "49.99999999"),
        "gem:E900000000002": (None, "25.0 (imputed)"),
    }


def test_owners_are_known_by_their_ids_where_these_fit(sample: Loaded) -> None:
    owners: dict[str, list[str]] = {}
    for relation in sample.relations:
        owners.setdefault(relation.target, []).append(relation.source)
    assert owners["gem:G900000000001"] == [f"gem:E90000000000{n}" for n in (1, 2, 3)]
    assert owners["gem:G900000000003"] == ["gem:gaur-power-jsc", "gem:banteng-co"]


def test_entities_of_the_ownership_tracker(sample: Loaded) -> None:
    gaur = sample.entities["gem:E900000000001"]
    assert (gaur.schema, gaur.name, gaur.countries) == ("Company", "Gaur Power JSC", ("vn",))
    assert gaur.names == (
        Name("Gaur Power"),
        Name("Công ty Gaur"),
        Name("Old Gaur", role="previous"),
        Name("Gaur Energy", role="alias"),
        Name("GPC", role="weak"),
    )
    assert gaur.identifiers == (("lei", "529900T8BM49AURSDO55"),)
    assert sample.entities["gem:E900000000003"].identifiers == (
        ("gb-coh", "01234567"),
        ("cik", "0001234567"),
    )
    assert sample.entities["gem:E900000000003"].schema == "PublicBody"
    assert sample.entities["gem:E900000000005"].schema == "LegalEntity"  # an unknown type
    (merger,) = (r for r in sample.relations if r.kind == "SUCCEEDS")
    assert (merger.source, merger.target) == ("gem:E900000000002", "gem:E900000000004")
    assert merger.evidence.note == "amalgamated"


def test_links_of_the_ownership_tracker(sample: Loaded) -> None:
    link = next(
        r for r in sample.relations if r.source == "gem:E900000000003" and not r.reported_indirect
    )
    assert (link.target, link.evidence.record) == (
        "gem:E900000000001",
        "E900000000003>E900000000001",
    )
    assert (link.evidence.url, link.evidence.observed) == ("https://gaur.example/a,b", "2025-11-30")
    assert dict(link.properties) == {"further sources": ("https://gaur.example/c",)}
    assert sample.held("gem:G900000000009") == {"Banteng Co": "100 %"}
    assert sample.held("gem:P99999") == {"Gaur Power JSC": "not stated"}
    assert sample.entities["gem:P99999"].properties == {"asset type": ("Oil or NGL Pipeline",)}


def test_a_workbook_of_the_ownership_tracker(tmp_path: Path) -> None:
    """The sheets that GEM publishes; shares are numbers, and the entities stand last here."""
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    book.create_sheet("About").append(["Please cite the tracker"])
    for name in ("entity_ownership", "asset_ownership", "roll_up", "entities"):
        sheet = book.create_sheet(name.replace("_", " ").title())
        with (DATA / f"{name}.csv").open(encoding="utf-8") as stream:
            for row in csv.reader(stream):
                numbers = [re.fullmatch(r"\d+\.\d+", cell) for cell in row]
                sheet.append(
                    [float(n[0]) if n else cell for n, cell in zip(numbers, row, strict=True)]
                )
    book.save(tmp_path / "tracker.xlsx")
    loaded = Loaded(tmp_path, tmp_path / "tracker.xlsx")
    assert loaded.report.tally == (14, 9, 0, 3, 2)
    assert loaded.signals["sheet left out", "About"] == 1
    assert loaded.held("gem:G900000000009") == {"Banteng Co": "100 %"}
    assert ("two descriptions of one id", "gem:E900000000001") not in loaded.signals
    assert [q.position for q in loaded.report.quarantined] == [
        "sheet 'Entities' row 7",
        "sheet 'Entity Ownership' row 6",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "no table of a tracker"),
        ("", "no table of a tracker; expected a header"),
        (HEADER + "\n", "0 records, expected 1"),
        ((DATA / "roll_up.csv").read_text(), "a roll-up of chains; load the tables All Entities"),
    ],
)
def test_a_file_that_is_none_of_gem_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    assert words in hostile.refused(tmp_path / "g", "gem", tmp_path / "t.csv")
    with pytest.raises(InputError, match="name the files of a tracker"):
        run(tmp_path / "g", "gem", [])


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "t.xlsx")
    words = hostile.refused(tmp_path / "g", "gem", tmp_path / "t.xlsx")
    assert words.endswith("t.xlsx: no sheet with a table of a tracker")


def test_a_unit_without_a_name_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,name,owner,parent\nU1,,A,B\nU2,--,A,B\n")
    loaded = Loaded(tmp_path, tmp_path / "t.csv")
    assert [q.reason for q in loaded.report.quarantined] == [
        "no name of a plant or project; name it"
    ]
    assert loaded.entities["gem:U2"].name == "--"  # what GEM writes for nothing may be a name


def test_a_unit_without_an_id_or_a_page_is_known_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("plant,unit,owner,url\nEland,Unit 1,A [1%],https://x.example\n")
    assert Loaded(tmp_path, tmp_path / "t.csv").held("gem:unit:eland-unit-1") == {"A": "1 %"}


def test_rows_of_another_width_and_errors_of_a_sheet_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,name,owner\nU1,A,B,C\nU2,A,B\n")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "name", "owner"], ["U3", "A", "=1+1"], ["U4", "A", "B"]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    loaded = Loaded(tmp_path, tmp_path / "t.csv", tmp_path / "t.xlsx")
    assert loaded.report.tally == (4, 2, 0, 0, 2)
    assert [q.reason[:45] for q in loaded.report.quarantined] == [
        "4 cells where the header has 3; quote cells t",
        "column 'owner': a formula that was never reck",
    ]


def test_every_column_of_a_table_is_spoken_of() -> None:
    """What becomes of a column is said for all that the loader looks for."""
    said = manifest("gem")
    for columns in said.tables["columns"].values():
        assert set(columns) <= said.fields["tracker"].keys()
    assert set(said.tables["identifiers"]) <= said.fields["entities"].keys()


def test_the_samples_are_known_by_their_content() -> None:
    found = detect([DATA])
    assert {one.loader for one in found.found} == {"gem"}
    assert [part.name for part, _ in found.unknown] == ["roll_up.csv"]


# -- hostile --------------------------------------------------------------------------------------


def test_names_stay_as_they_are(tmp_path: Path) -> None:
    texts = [text for text in hostile.naughty() if hostile.written(text, "csv")]
    file = tmp_path / "t.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "owner", "parent", "status", "url"])
        for number, text in enumerate(texts):
            owner = text if not re.search(r"[;\[\]%,，、\n]|\([^()]*\)$", text) else "A"
            writer.writerow([f"U{number}", text, owner, "B [1%]", text, text])
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == (len(texts), len(texts), 0, 0, 0)
    for number, text in enumerate(texts):
        assert loaded.entities[f"gem:U{number}"].name == text
    assert {"=1+1", "ＧＡＺＰＲＯＭ", "Sаnсtiоned Ваnk", "a\x80\x9fb"} <= {
        entity.name for entity in loaded.entities.values() if entity.schema == "LegalEntity"
    }


@pytest.mark.parametrize("name", ["coal_units.csv", "terminals.csv", "entity_ownership.csv"])
def test_a_file_cut_anywhere_is_refused_or_read_and_never_more(tmp_path: Path, name: str) -> None:
    graph, file = tmp_path / "graph.db", tmp_path / name
    run(graph, "gem", [DATA / name], options=Options(tolerance=1))
    loads = content(graph)[0]
    for data in hostile.truncations((DATA / name).read_bytes()):
        file.write_bytes(data)
        try:
            run(graph, "gem", [file])
        except SpilloverError as error:
            hostile.assert_one_line(str(error).replace(str(tmp_path), ""))
            with Store(graph) as store:
                assert len(store.loads) == len(loads)
        else:
            with Store(graph) as store:
                loads = list(store.loads)


# -- the real files -------------------------------------------------------------------------------

real = pytest.mark.skipif(not COAL.exists(), reason="the real files are not here")


@pytest.fixture(scope="module")
def coal(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("coal"), COAL, tolerance=0.0)


@pytest.fixture(scope="module")
def lng(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("lng"), LNG, tolerance=0.0)


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


ALL, NONE = "100 %", "not stated"
CHECKED = [
    # unit, what its row prints under owner, what that means, and the same of its parents;
    # read off the files by eye
    (
        "Gacko_Thermal_Power_Plant#Unit_1",
        "Rudnik i Termoelektrana Gacko [100%]",
        {"Rudnik i Termoelektrana Gacko": ALL},
        "Elektroprivreda Republike Srpske AD",
        {"Elektroprivreda Republike Srpske AD": NONE},
    ),
    (
        "Gacko_Thermal_Power_Plant#Unit_2",
        "Gacko Thermal Power Plant, Development and Investment [100%]",
        {"Gacko Thermal Power Plant, Development and Investment": ALL},
        "Elektroprivreda Republike Srpske AD [100.0%]",
        {"Elektroprivreda Republike Srpske AD": ALL},
    ),
    (
        "Colstrip_Steam_Plant#Unit_1",
        "Puget Sound Energy [50%]; Talen Montana [50%]",
        {"Puget Sound Energy": "50 %", "Talen Montana": "50 %"},
        "PUGET HOLDINGS LLC [50.0%]; PPL Corp",
        {"PUGET HOLDINGS LLC": "50 %", "PPL Corp": NONE},
    ),
    (
        "Jimah_East_power_station#Unit_1",
        "Jimah East Power [100%]",
        {"Jimah East Power": ALL},
        (
            "Tenaga Nasional Bhd [70.0%]; Chugoku Electric Power Co Inc [15.0%]; "
            "Mitsui & Co Ltd [15.0%]"
        ),
        {
            "Tenaga Nasional Bhd": "70 %",
            "Chugoku Electric Power Co Inc": "15 %",
            "Mitsui & Co Ltd": "15 %",
        },
    ),
    (
        "Belle_River_Power_Plant#Unit_1",
        "Michigan Public Power Agency [18%]; DTE Electric [81%]",
        {"Michigan Public Power Agency": "18 %", "DTE Electric": "81 %"},
        "DTE Energy Co [81.4%]; Michigan Public Power Agency [18.6%]",
        {"DTE Energy Co": "81.4 %", "Michigan Public Power Agency": "18.6 %"},
    ),
    (
        "Anhui_Bengbu_power_station#Phase_I_Unit_1",
        "Guodian Bengbu Power Generation [100%]",
        {"Guodian Bengbu Power Generation": ALL},
        (
            "An Hui Wenergy Co Ltd [39.2%]; GD POWER Development Co Ltd [23.4%]; "
            "China Shenhua Energy Co Ltd [17.4%]; "
            "Huaihe Energy Holding Group Co Ltd [16.6%]; other [1.8%]; "
            "China Cinda Asset Management Co Ltd [1.7%]"
        ),
        {
            "An Hui Wenergy Co Ltd": "39.2 %",
            "GD POWER Development Co Ltd": "23.4 %",
            "China Shenhua Energy Co Ltd": "17.4 %",
            "Huaihe Energy Holding Group Co Ltd": "16.6 %",
            "China Cinda Asset Management Co Ltd": "1.7 %",
        },
    ),
    (
        "Phulbari_power_station_(Sinohydro)#Unit_1",
        "GCM Resources; Power Construction Corporation of China",
        {"GCM Resources": NONE, "Power Construction Corporation of China": NONE},
        "GCM Resources; Power Construction Corporation of China",
        {},
    ),
    (
        "Xinyang_power_station#Phase_I_Unit_1",
        "Datang Xinyang Power Generation Co Ltd [100.0%]",
        {"Datang Xinyang Power Generation Co Ltd": ALL},
        "Datang Xinyang Power Generation Co Ltd [100.0%]",
        {},
    ),
    (
        "T030301",
        (
            "ExxonMobil [38.10%]; TotalEnergies [37.55%]; Santos [22.80%]; "
            "JX Nippon Oil & Gas Exploration [2.00%]"
        ),
        {
            "ExxonMobil": "38.1 %",
            "TotalEnergies": "37.55 %",
            "Santos": "22.8 %",
            "JX Nippon Oil & Gas Exploration": "2 %",
        },
        (
            "ExxonMobil [38.10%]; TotalEnergies [37.55%]; Santos [22.80%]; "
            "ENEOS Holdings [unknown %]"
        ),
        {"ENEOS Holdings": NONE},
    ),
    (
        "P0769",
        "EuRoPol Gaz [100.00%]; GASCADE Gastransport GmbH [unknown %]; Gazprom [unknown %]",
        {"EuRoPol Gaz": ALL, "GASCADE Gastransport GmbH": NONE, "Gazprom": NONE},
        "Gazprom [52.00%]; PGNiG [48.00%]; BASF [unknown %]",
        {"Gazprom": "52 %", "PGNiG": "48 %", "BASF": NONE},
    ),
    (
        "P0763",
        "Southern Gas Corridor CJSC [51.00%]; BOTAŞ [30.00%]; BP [12.00%]; SOCAR [7.00%]",
        {"Southern Gas Corridor CJSC": "51 %", "BOTAŞ": "30 %", "BP": "12 %", "SOCAR": "7 %"},
        (
            "SOCAR [31.99%]; BOTAŞ [30.00%]; "
            "Ministry of Economy of Azerbaijan Republic [26.01%]; BP [12.00%]"
        ),
        {"SOCAR": "31.99 %", "Ministry of Economy of Azerbaijan Republic": "26.01 %"},
    ),
    (
        "P5946",
        (
            "中燃香港有限公司(69.0562%),武汉中燃能源集团有限公司 (19.8557%),"
            "黄冈国控能源有限公司 (11.0882%) [100.00%]"
        ),
        {
            "中燃香港有限公司": "69.0562 %",
            "武汉中燃能源集团有限公司": "19.8557 %",
            "黄冈国控能源有限公司": "11.0882 %",
        },
        (
            "中燃香港有限公司(69.0562%),武汉中燃能源集团有限公司 (19.8557%),"
            "黄冈国控能源有限公司 (11.0882%) [100.00%]"
        ),
        {},
    ),
]


@real
@pytest.mark.parametrize(("unit", "owner", "held", "parent", "above"), CHECKED)
def test_twelve_units_checked_by_hand(
    coal: Loaded,
    lng: Loaded,
    *,
    unit: str,
    owner: str,
    held: dict[str, str],
    parent: str,
    above: dict[str, str],
) -> None:
    loaded = coal if "#" in unit else lng
    found = loaded.entities[f"gem:{unit}"].properties
    assert (found["owner"], found["parent"]) == ((owner,), (parent,))
    assert loaded.held(f"gem:{unit}") == held
    assert loaded.held(f"gem:{unit}", indirect=True) == above


UNNAMED = {"other", "others", "persons", "to be determined", "other unknown/mixed entity types"} | {
    "co-investment by natural persons",
    "non-promoter shareholders",
    "shareholders of overseas listed foreign shares",
    "other states",
}


@real
def test_all_owners_of_coal_units_are_those_in_print(coal: Loaded) -> None:
    """Cut at semicolons and brackets: how often each owner stands there, and all their shares."""
    printed: Counter[str] = Counter()
    total = Decimal(0)
    for row in rows(COAL):
        for segment in row["owner"].split("; "):
            name, _, share = segment.partition(" [")
            if name.lower() not in UNNAMED:
                printed[name] += 1
                total += Decimal(share.rstrip("%]") or 0)
    direct = [r for r in coal.relations if not r.reported_indirect]
    assert Counter(coal.entities[r.source].name for r in direct) == printed
    assert sum(r.stake.low for r in direct if r.stake) == total * 1_000_000
    assert all(r.kind == "OWNS" and (r.basis == "interest") is bool(r.stake) for r in direct)


@real
def test_all_parents_of_coal_units_are_those_in_print(coal: Loaded) -> None:
    """All but those that repeat an owner with the same share, or with none."""
    printed: Counter[str] = Counter()
    for row in rows(COAL):
        own = {}
        for segment in row["owner"].split("; "):
            name, _, share = segment.partition(" [")
            own[name] = Decimal(share.rstrip("%]")) if share else None
        said: dict[str, Decimal | None] = {}
        for segment in row["parent"].split("; "):
            name, _, share = segment.partition(" [")
            value = Decimal(share.rstrip("%]")) if share else None
            before = said.get(name)
            said[name] = value + before if value is not None and before is not None else value
        for name, value in said.items():
            repeats = name in own and value in {None, own[name]}
            printed[name] += name.lower() not in UNNAMED and not repeats
    indirect = [r for r in coal.relations if r.reported_indirect]
    assert Counter(coal.entities[r.source].name for r in indirect) == +printed


@real
def test_what_the_real_files_signal(coal: Loaded, lng: Loaded) -> None:
    """Counted by regular expressions in the raw cells."""
    texts = [text for row in rows(COAL) for text in (row["owner"], row["parent"])]
    for name in ("other", "persons", "to be determined"):
        printed = sum(len(re.findall(rf"(?:^|; ){name}(?= \[|;|$)", text)) for text in texts)
        assert coal.signals["owner that is not named", name] == printed > 100
    twice = [text for text in texts if text.count("China Petrochemical Corp [") > 1]
    assert coal.signals["owner named twice in one text", "China Petrochemical Corp"] == len(twice)
    assert not [key for key in (*coal.signals, *lng.signals) if key[0] == "unknown field"]
    assert {key for key in lng.signals if key[0] == "unknown country"} == {
        ("unknown country", "Joint Petroleum Development Area"),
        ("unknown country", "Canary Islands"),
    }
    unstated = sum(r.stake is None for r in lng.relations if not r.reported_indirect)
    owners = [row["owner"] for row in rows(LNG)]
    unnamed = sum(len(re.findall(r"(?i)(?:^|; )unknown \[unknown %\]", owner)) for owner in owners)
    assert unstated == sum(owner.count("[unknown %]") for owner in owners) - unnamed


@real
def test_the_tallies_of_the_real_files(coal: Loaded, lng: Loaded) -> None:
    """Counted in the raw text: every line but the header is a unit."""
    for loaded, file in ((coal, COAL), (lng, LNG)):
        number = len(list(rows(file)))
        assert loaded.report.tally == (number, number, 0, 0, 0)
        assert sum(e.schema == "Asset" for e in loaded.entities.values()) == number
    assert (coal.report.tally.read, lng.report.tally.read) == (13906, 4358)
