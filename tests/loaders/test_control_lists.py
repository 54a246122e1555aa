"""Customs codes hang together, and lists of controls cover them and the codes of the EU list."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.reading.trade import product
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

FOLDER = DATA / "control_lists"
HS, SECTIONS, CHPL, ANNEX = (FOLDER / f"{n}.csv" for n in ("hs", "sections", "chpl", "annex1"))
LISTS = REAL / "control_lists"
FILES = [
    LISTS / f"{name}.csv"
    for name in ("harmonized-system", "sections", "chpl_hs6", "eu_dual_use_annex1_codes")
]


def made(folder: Path, like: Path, *rows: str) -> Path:
    file = folder / "table.csv"
    head = like.read_text(encoding="utf-8").partition("\n")[0]
    file.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8", newline="")
    return file


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("lists")
    return Loaded(folder, "control_lists", FOLDER, options=Options())


def test_every_row_is_accounted_for(sample: Loaded) -> None:
    """9 codes, one of them the total, 2 sections, 5 goods of high priority, 8 codes of the EU."""
    assert sample.report.tally == (24, 23, 0, 1, 0)
    assert audits(sample.report) == {
        ("ignored", "sum of all products"): 1,
        ("not stated", "heading"): 1,
        ("not stated", "regime"): 1,
        ("not stated", "section of a chapter"): 1,
        ("unknown regimes", "Club of Rome"): 1,
        ("unknown tiers", "9.Z"): 1,
    }


def test_narrower_goods_are_kinds_of_broader_ones(sample: Loaded) -> None:
    assert [pair for pair in sample.ends("KIND_OF") if pair[0].startswith("hs:")] == [
        ("hs:84", "hs:section-XVI"),
        ("hs:8486", "hs:84"),
        ("hs:848620", "hs:8486"),
        ("hs:85", "hs:section-XVI"),
        ("hs:8542", "hs:85"),
        ("hs:854231", "hs:8542"),
        ("hs:854232", "hs:8542"),
    ]
    said = {key: one.properties for key, one in sample.entities.items() if key.startswith("hs:")}
    assert said["hs:84"] == {"classification": ("HS 2022",), "level": ("chapter",)}
    assert said["hs:8542"]["level"] == ("heading",)
    assert said["hs:854231"]["level"] == ("subheading",)
    assert sample.entities["hs:section-XVI"] == Entity(
        "hs:section-XVI",
        "Product",
        "Machinery, and electrical equipment",
        (sample.entities["hs:section-XVI"].names[0],),
        properties={"level": ("section",)},
        datasets=("control_lists",),
    )
    assert sample.names("hs:section-XVI") == [("Section XVI", "", "alias")]


def test_a_product_is_that_of_the_flows_of_trade(sample: Loaded) -> None:
    found, traded = sample.entities["hs:854231"], product("854231", "Processors and controllers")
    assert (found.id, found.schema, found.name, found.identifiers) == (
        traded.id,
        traded.schema,
        traded.name,
        traded.identifiers,
    )


def test_the_priority_list_covers_its_goods_by_tier(sample: Loaded) -> None:
    covers = [r for r in sample.relations if r.source == "regime:chpl"]
    assert [(r.kind, r.target, r.properties) for r in covers] == [
        ("COVERS", "hs:854231", {"tier": ("1",), "priority": ("highest priority",)}),
        ("COVERS", "hs:854232", {"tier": ("1",), "priority": ("highest priority",)}),
        (
            "COVERS",
            "hs:848620",
            {
                "tier": ("4.A",),
                "priority": (
                    "manufacturing, production and quality testing equipment for electronics",
                ),
            },
        ),
        (
            "COVERS",
            "hs:848210",
            {"tier": ("3.B",), "priority": ("mechanical and other components",)},
        ),
        ("COVERS", "hs:845710", {"tier": ("9.Z",)}),
    ]
    assert {r.evidence.publisher for r in covers} == {
        "US Bureau of Industry and Security, Common High Priority List"
    }
    regime = sample.entities["regime:chpl"]
    assert (regime.schema, regime.name) == ("Regime", "Common High Priority List")


def test_codes_of_the_eu_list_are_covered_by_it_and_by_their_regime(sample: Loaded) -> None:
    found = Counter(r.source for r in sample.relations if r.target.startswith("eu-annex1:"))
    found -= Counter(r.source for r in sample.relations if r.kind == "KIND_OF")
    assert found == {
        "regime:eu-dual-use": 8,
        "regime:wassenaar": 2,
        "regime:mtcr": 1,
        "regime:nsg": 1,
        "regime:australia-group": 1,
        "regime:cwc": 1,
    }
    assert {one.schema for key, one in sample.entities.items() if key[:9] == "eu-annex1"} == {
        "Technology"
    }
    item = sample.entities["eu-annex1:0A001"]
    assert item.name == '"Nuclear reactors", as follows:'
    assert item.properties == {"heading": ('"Nuclear reactors", as   follows:',)}
    assert item.identifiers == (("eu-annex1", "0A001"),)
    assert sample.names("eu-annex1:0A001") == [("0A001", "", "alias")]


def test_codes_of_the_eu_list_hang_together_and_groups_are_said_once(sample: Loaded) -> None:
    pairs = [pair for pair in sample.ends("KIND_OF") if pair[0].startswith("eu-annex1:")]
    assert Counter(pairs).most_common(1)[0][1] == 1
    assert {pair for pair in pairs if pair[0].startswith("eu-annex1:3")} == {
        ("eu-annex1:3A001", "eu-annex1:3A"),
        ("eu-annex1:3A101", "eu-annex1:3A"),
        ("eu-annex1:3B201", "eu-annex1:3B"),
        ("eu-annex1:3E001", "eu-annex1:3E"),
        ("eu-annex1:3D001", "eu-annex1:3D"),
        ("eu-annex1:3A", "eu-annex1:3"),
        ("eu-annex1:3B", "eu-annex1:3"),
        ("eu-annex1:3E", "eu-annex1:3"),
        ("eu-annex1:3D", "eu-annex1:3"),
    }
    assert sample.entities["eu-annex1:3"].name == "Electronics"
    assert (
        sample.entities["eu-annex1:3B"].name
        == "Electronics: Test, inspection and production equipment"
    )


def test_sections_have_their_number_where_their_table_is_not_loaded(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "control_lists", HS, options=Options())
    assert loaded.entities["hs:section-XVI"].name == "Section XVI"
    assert loaded.report.tally == (9, 8, 0, 1, 0)


def test_an_edition_that_is_not_stated_is_not_guessed(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "control_lists", made(tmp_path, HS, "I,01,Animals,TOTAL,2"))
    assert loaded.entities["hs:01"].properties == {"level": ("chapter",)}
    assert audits(loaded.report) == {("not stated", "edition of the HS"): 1}


@pytest.mark.parametrize(
    ("like", "row", "reason"),
    [
        (HS, "I,0101,Horses,02,4", "parent '02' of 0101 is not what its digits say"),
        (HS, "I,01,Animals,,2", "parent '' of 01 is not"),
        (HS, "I,0101,Horses,01,6", "code '0101' of level '6'; expected 2, 4 or 6 digits"),
        (HS, "I,010,Horses,01,3", "code '010' of level '3'"),
        (HS, "I,01x,Horses,01,3", "code '01x' of level '3'"),
        (HS, "1,01,Animals,TOTAL,2", "section '1' is no Roman number"),
        (SECTIONS, "I,", "section 'I' has no name"),
        (SECTIONS, "one,Animals", "section 'one' is no Roman number"),
        (CHPL, "8542,1,Chips", "'8542' is no HS6 code; expected six digits"),
        (CHPL, "854231,,Chips", "854231 has no tier; expected one of 1, 2, 3.A"),
        (ANNEX, "3A1,3,Electronics,A,,x", "'3A1' is no code of the EU list"),
        (ANNEX, "3F001,3,Electronics,F,,x", "'3F001' is no code of the EU list"),
        (ANNEX, "3A001,4,Electronics,A,,x", "category '4' and subcategory 'A' are not those"),
        (ANNEX, "3A001,3,Electronics,B,,x", "category '3' and subcategory 'B' are not those"),
    ],
)
def test_a_row_that_contradicts_itself_is_set_aside(
    tmp_path: Path, like: Path, row: str, reason: str
) -> None:
    loaded = Loaded(tmp_path, "control_lists", made(tmp_path, like, row))
    (one,) = loaded.report.quarantined
    assert one.reason.startswith(reason)
    assert (loaded.report.entities, loaded.report.relations) == (0, 0)


def test_a_table_of_something_else_is_refused_and_a_new_column_signalled(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    words = refused(tmp_path / "g", "control_lists", other)
    assert words.startswith("other.csv: columns a, b make no known table; known: section, hscode")
    with pytest.raises(InputError, match="name a CSV file of codes"):
        run(tmp_path / "g", "control_lists", [])
    file = tmp_path / "new.csv"
    file.write_text("hs6,tier,since\n854231,1,2024\n", encoding="utf-8")
    loaded = Loaded(tmp_path, "control_lists", file, options=Options())
    assert audits(loaded.report) == {("unknown field", "chpl: since"): 1}


def test_the_files_are_known_by_their_columns() -> None:
    found = detect([FOLDER]).found
    assert [one.loader for one in found] == ["control_lists"] * 4


@pytest.mark.parametrize(
    ("like", "before", "after", "prefix"),
    [
        (HS, "I,{n},", ",{n:.4},6", "hs:"),
        (CHPL, "{n},1,", "", "hs:"),
    ],
)
def test_hostile_words_stay_as_they_are(
    tmp_path: Path, like: Path, before: str, after: str, prefix: str
) -> None:
    cases = texts("csv")
    numbers = [str(100000 + n) for n in range(len(cases))]
    rows = [
        before.format(n=n) + one + after.format(n=n) for n, one in zip(numbers, cases, strict=True)
    ]
    loaded = Loaded(tmp_path, "control_lists", made(tmp_path, like, *rows), options=Options())
    for number, text in zip(numbers, cases.values(), strict=True):
        assert loaded.entities[f"{prefix}{number}"].name == text


@pytest.mark.parametrize("like", [HS, SECTIONS, CHPL, ANNEX])
def test_hostile_cells_are_refused_or_kept_but_never_crash(tmp_path: Path, like: Path) -> None:
    (cells,) = csv.reader(like.read_text(encoding="utf-8").splitlines()[-1:])
    rows = [
        ",".join((*cells[:column], one, *cells[column + 1 :]))
        for column in range(len(cells))
        for one in texts("csv")
    ]
    report = Loaded(tmp_path, "control_lists", made(tmp_path, like, *rows)).report
    assert report.tally.read == len(rows)
    assert all(len(one.reason) < 200 for one in report.quarantined)


@pytest.mark.parametrize("file", [HS, SECTIONS, CHPL, ANNEX])
def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path, file: Path) -> None:
    """Whole rows are a whole file; so is one that lacks only the line end after a quote."""
    data = file.read_bytes()
    Loaded(tmp_path, "control_lists", file, options=Options())
    accepted = cuts(tmp_path, "control_lists", list(truncations(data)), suffix=".csv")
    assert accepted
    assert all(data.startswith(cut + b"\n") or cut.endswith(b"\n") for cut in accepted)


@pytest.mark.skipif(not FILES[0].exists(), reason="the shared files of codes are not here")
def test_the_real_lists_add_up(tmp_path: Path) -> None:
    """Counted with grep and by columns: 6,940 codes and the total, 21 sections, 50 and 366."""
    loaded = Loaded(tmp_path, "control_lists", *FILES, options=Options(tolerance=0.0))
    tables = [path.read_text(encoding="utf-8-sig") for path in FILES]
    lines = [sum(1 for _ in csv.reader(table.splitlines())) - 1 for table in tables]
    assert lines == [6_940, 21, 50, 366]
    assert loaded.report.tally == (sum(lines), sum(lines) - 1, 0, 1, 0)
    assert audits(loaded.report) == {
        ("ignored", "sum of all products"): 1,
        ("not stated", "section of a chapter"): 1,
    }
    codes = re.findall(r"^[A-Z]+,(\d+),", tables[0], re.MULTILINE)
    kinds = {pair for pair in loaded.ends("KIND_OF") if pair[0].startswith("hs:")}
    assert {(f"hs:{code}", f"hs:{code[:-2]}") for code in codes if len(code) > 2} <= kinds
    assert len(kinds) == len(codes) - 1  # chapter 99 stands in no section
    chapters = [target for source, target in kinds if re.fullmatch(r"hs:\d\d", source)]
    assert len(chapters) == sum(len(code) == 2 for code in codes) - 1
    covers = Counter(source for source, _ in loaded.ends("COVERS"))
    assert covers["regime:chpl"] == 50
    assert covers["regime:eu-dual-use"] == 366
    assert (
        covers["regime:mtcr"] == tables[3].count("Missile Technology Control Regime (MTCR)") == 100
    )
    assert covers["regime:wassenaar"] == tables[3].count(",Wassenaar Arrangement (WA),") == 176
    # Ball bearings are in tier 3.B, processors in tier 1.
    tiers = {r.target: r.properties.get("tier") for r in loaded.relations if r.kind == "COVERS"}
    assert (tiers["hs:848210"], tiers["hs:854231"]) == (("3.B",), ("1",))
