"""The Canadian list in the three forms that it has had: who is named, under which schedule."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, Loaded, audits, cuts, texts

ENGLISH = DATA / "ca_sema" / "english.xml"
BILINGUAL = DATA / "ca_sema" / "bilingual.xml"
OLD = DATA / "ca_sema" / "old.xml"
HOLUB = "ca-sema:westland-1,-part-1-1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("ca"), "ca_sema", ENGLISH)


def records(folder: Path, *bodies: str) -> Path:
    file = folder / "list.xml"
    text = "".join(f"<record>{body}</record>" for body in bodies)
    file.write_text(f"<data-set>{text}</data-set>", encoding="utf-8", newline="")
    return file


def test_every_record_is_accounted_for(sample: Loaded) -> None:
    """Ten records: one with a day that is none, one without a name."""
    assert sample.report.tally == (10, 8, 0, 0, 2)
    assert [(q.position, q.reason) for q in sample.report.quarantined] == [
        ("record 8", "DateOfListing is 'soon'; expected yyyy-mm-dd"),
        ("record 9", "no LastName, GivenName or EntityOrShip; a record needs a name"),
    ]
    assert audits(sample.report) == {
        ("no day of listing", "DateOfListing"): 1,
        ("no day of the list", "the XML names none; state it with --date"): 1,
        ("two records of one schedule and item", "ca-sema:westland-1,-part-1-2"): 1,
        ("unknown element", "note"): 1,
        ("unknown field", "record: Province"): 1,
        ("unknown languages", "Elvish"): 1,
        ("unreadable date", "19575"): 1,
    }


def test_a_person_has_no_country_from_the_regime(sample: Loaded) -> None:
    assert sample.entities[HOLUB] == Entity(
        HOLUB,
        "Person",
        "Borys Petrovych Holub",
        (
            Name("Boris GOLUB", "", "alias"),
            Name("Борис ГОЛУБ", "ru", "alias"),
            Name("Boros", "", "alias"),
        ),
        (),
        (),
        ("sanction",),
        {
            "birthDate": ("1971-08-03",),
            "title": ("Colonel",),
            "aliasesAsPrinted": ("Boris GOLUB, Russian: Борис ГОЛУБ, Elvish: Boros",),
        },
        ("ca_sema",),
    )
    (listed,) = (r for r in sample.relations if r.target == HOLUB)
    assert (listed.source, listed.start) == ("CA-SEMA", "2014-04-02")
    assert listed.properties == {
        "program": ("Westland / Ouestlande",),
        "schedule": ("1, Part 1",),
        "item": ("1",),
    }
    assert listed.evidence.note == "schedule 1, Part 1, item 1"


def test_an_organisation_with_the_names_that_its_name_holds(sample: Loaded) -> None:
    """A comma before "Ltd." starts no other name."""
    mill = sample.entities["ca-sema:westland-1,-part-2-7"]
    assert (mill.schema, mill.name) == (
        "Organization",
        "Holub Mill (a.k.a. Mill of Holub; HM) / Moulin Holub",
    )
    assert [name.text for name in mill.names] == [
        "Holub Mill",
        "Moulin Holub",
        "Mill of Holub",
        "HM",
        "Holub Grinding Co., Ltd.",
        "Golub Mill",
        "GM",
    ]


def test_a_ship_is_known_by_its_number(sample: Loaded) -> None:
    ship = sample.entities["ca-sema:russia-1.1-3"]
    assert (ship.schema, ship.identifiers) == ("Vessel", (("imo", "9074729"),))
    assert ship.properties == {"buildDate": ("2001",), "type": ("Crude oil tanker",)}


def test_programmes(sample: Loaded) -> None:
    """Schedule 2 of the Russia regulations restricts new debt and freezes nothing."""
    assert sample.listings("ca-sema:russia-2-4") == [("CA-SEMA-DEBT", "2014-09-16", None)]
    assert sample.listings("ca-sema:russia-1.1-3") == [("CA-SEMA", "2025-02-21", None)]
    corrupt = next(e for e in sample.entities.values() if e.name == "Vane")
    assert sample.listings(corrupt.id) == [("CA-JVCFOA", "2017-11-03", None)]
    assert corrupt.properties == {"birthDateBetween": ("1963/1964",)}


def test_two_records_of_one_item_stay_two(sample: Loaded) -> None:
    assert sample.entities["ca-sema:westland-1,-part-1-2"].name == "Ada Rook"
    second = sample.entities["ca-sema:westland-1,-part-1-2-ann-jay"]
    assert (second.name, sample.listings(second.id)) == (
        "Ann Jay",
        [("CA-SEMA", "2015-03-02", None)],  # printed as 02-03-2015
    )
    assert sample.entities["ca-sema:westland-wren"].properties == {
        "birthDateApproximate": ("1960",)
    }
    assert sample.entities["ca-sema:westland-1,-part-1-2"].properties == {
        "birthDate": ("1972-08-10", "1972-08-11")
    }


def test_the_bilingual_form_and_the_old_one_name_the_same_entries(tmp_path: Path) -> None:
    both, old = tmp_path / "both", tmp_path / "old"
    both.mkdir()
    old.mkdir()
    loaded = Loaded(both, "ca_sema", BILINGUAL, options=Options(tolerance=0.0))
    assert loaded.report.tally == (2, 2, 0, 0, 0)
    assert set(loaded.entities) == {HOLUB, "ca-sema:russia-1.1-3", "CA-SEMA"}
    assert loaded.entities["ca-sema:russia-1.1-3"].properties["type"] == ("Tanker | Pétrolier",)
    earlier = Loaded(old, "ca_sema", OLD, options=Options(tolerance=0.0))
    assert earlier.report.tally == (2, 2, 0, 0, 0)
    assert earlier.entities[HOLUB].properties["birthDate"] == ("1971-08-03",)
    assert earlier.listings(HOLUB) == [("CA-SEMA", None, None)]


def test_all_forms_are_known() -> None:
    found = detect([ENGLISH, BILINGUAL, OLD]).found
    assert [d.loader for d in found] == ["ca_sema"] * 3


def test_the_day_of_the_list_is_the_users(tmp_path: Path) -> None:
    options = Options(date="2026-01-31", tolerance=0.0)
    loaded = Loaded(tmp_path, "ca_sema", BILINGUAL, options=options)
    assert {r.evidence.observed for r in loaded.relations} == {"2026-01-31"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<list/>", "its root is 'list', expected 'data-set'"),
        ("<data-set/>", "holds no record; is it complete?"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "f.xml"
    file.write_text(text)
    assert refused(tmp_path / "g.db", "ca_sema", file) == f"f.xml: {why}"


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the XML file"):
        run(tmp_path / "g.db", "ca_sema", [])


def test_a_record_without_a_regime_is_set_aside(tmp_path: Path) -> None:
    file = records(tmp_path, "<LastName>A</LastName>", "<Country>X</Country><LastName>B</LastName>")
    loaded = Loaded(tmp_path, "ca_sema", file)
    assert [q.reason for q in loaded.report.quarantined] == [
        "no Country; a record needs it to have a regime"
    ]


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    cases = texts("xml")
    file = records(
        tmp_path,
        *(
            f"<Country>{one}</Country><LastName>{one}</LastName><Aliases>{one}</Aliases>"
            f"<TitleOrShip>{one}</TitleOrShip><DateOfBirth>{one}</DateOfBirth>"
            f"<Schedule>{one}</Schedule><Item>{number}</Item>"
            for number, one in enumerate(cases)
        ),
    )
    loaded = Loaded(tmp_path, "ca_sema", file, options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    persons = {e.name: e for e in loaded.entities.values() if e.schema == "Person"}
    assert set(persons) == set(cases.values())
    assert all(e.properties["aliasesAsPrinted"] == (name,) for name, e in persons.items())


def test_hostile_names_of_organisations(tmp_path: Path) -> None:
    cases = texts("xml")
    bodies = (
        f"<Country>X</Country><EntityOrShip>{one}</EntityOrShip><Item>{number}</Item>"
        for number, one in enumerate(cases)
    )
    loaded = Loaded(tmp_path, "ca_sema", records(tmp_path, *bodies), options=Options())
    assert set(cases.values()) <= {entity.name for entity in loaded.entities.values()}


def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    Loaded(tmp_path, "ca_sema", ENGLISH, options=Options(tolerance=0.5))
    data = list(truncations(ENGLISH.read_bytes(), 3, b"</record>"))
    assert cuts(tmp_path, "ca_sema", data[::5], suffix=".xml") == []
