"""The EU's list as XML and CSV: who is named, under which programmes, and since when."""

import csv
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

XML = DATA / "eu_fsf" / "export.xml"
CSV = DATA / "eu_fsf" / "full_list.csv"
FILE = REAL / "eu" / "eu_fsf_small.xml"
HEAD = '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-02-03">'
FIRST_ROW = {
    "fileGenerationDate": "03/02/2026",
    "Entity_LogicalId": "1",
    "Entity_SubjectType_ClassificationCode": "person",
}


@pytest.fixture(scope="module")
def of_xml(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("xml"), "eu_fsf", XML)


@pytest.fixture(scope="module")
def of_csv(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("csv"), "eu_fsf", CSV)


def test_every_entry_of_the_xml_is_accounted_for(of_xml: Loaded) -> None:
    """Seven entries, of which four lack a type, a name, a readable day or a key."""
    assert of_xml.report.tally == (7, 3, 0, 0, 4)
    assert [(q.position, q.reason) for q in of_xml.report.quarantined] == [
        ("EU.9004.4", "EU.9004.4 is of subject type 'ghost'; expected person or enterprise"),
        ("EU.9005.5", "EU.9005.5 has no name; expected a nameAlias"),
        ("EU.9006.6", "designationDate is '3 July'; expected a day such as 2010-12-01"),
        (
            "sanctionEntity 7",
            "neither euReferenceNumber nor logicalId; an entry needs one as its key",
        ),
    ]
    assert audits(of_xml.report) == {
        ("no day of designation", "listed since its regulation at the latest"): 2,
        ("unknown calendars", "PERSIAN"): 1,
        ("unknown contactTypes", "PIGEON"): 1,
        ("unknown element", "footnote"): 1,
        ("unknown field", "xml: @colour"): 1,
        ("unknown identificationTypes", "tramticket"): 1,
        ("unknown programmes", "ATLANTIS"): 1,
        ("unknown subjectTypes", "ghost"): 1,
        ("unreadable date of birth", "1961-02-30"): 1,
    }


def test_a_person_of_the_xml(of_xml: Loaded) -> None:
    """The Russian name stands first, but a name of no stated language leads."""
    person = of_xml.entities["eu-fsf:EU.9001.1"]
    assert person == Entity(
        "eu-fsf:EU.9001.1",
        "Person",
        "Omar Salim Barqi",
        (
            Name("Абу Дафтар", "ru", "alias"),
            Name("The Ledger", "en", "weak"),
            Name("عمر البرقي", "ar", "alias"),
        ),
        ("eg",),
        (("un-sc", "QDi.901"), ("eu-fsf", "EU.9001.1"), ("passport", "P-771")),
        ("sanction",),
        {
            "logicalId": ("9001",),
            "unReference": ("QDi.901",),
            "title": ("Mullah",),
            "position": ("Treasurer",),
            "gender": ("M",),
            "nationality": ("EGYPT", "UNKNOWN"),
            "address": ("5 Quay, 12, 100, Port Said, Coast, EGYPT, until 2004",),
            "document": (
                "National passport, P-771, Cairo, EGYPT, knownExpired",
                "National identification card, FALSE-1, EGYPT, knownFalse",
                "Tram ticket, T-1, EGYPT",
            ),
            "notes": ("Date of UN designation: 3.7.2012", "so called since 2003"),
            "phone": ("+20 1",),
            "contact": ("grey",),
            "birthPlace": ("Tanta, EGYPT",),
            "birthDateNote": ("1340 (PERSIAN)",),
            "birthDate": ("1961-03-29", "1962-09"),
            "birthDateApproximate": ("1960",),
            "birthDateBetween": ("1958/1963",),
        },
        ("eu_fsf",),
    )


def test_an_organisation_of_the_xml(of_xml: Loaded) -> None:
    bank = of_xml.entities["eu-fsf:EU.9002.2"]
    assert (bank.schema, bank.countries) == ("Organization", ("by",))
    assert bank.identifiers == (
        ("eu-fsf", "EU.9002.2"),
        ("bic", "GHBKBY22"),
        ("tax", "7700112233"),
        ("register", "R-55"),
    )
    assert of_xml.entities["eu-fsf:9003"].identifiers == (
        ("un-sc-former", "QE.A.5.01"),
        ("eu-fsf", "9003"),
    )


def test_listings_with_the_programmes_that_rules_start_from(of_xml: Loaded) -> None:
    """Without a day of designation the first regulation counts: 23, not 22 February 2022."""
    assert of_xml.listings("eu-fsf:EU.9001.1") == [
        ("EU-FSF", "2012-07-03", None),
        ("EU-TAQA-EUAQ", "2012-07-03", None),
        ("EU-SYR", "2012-07-03", None),
    ]
    assert of_xml.listings("eu-fsf:EU.9002.2") == [
        ("EU-FSF", "2022-02-23", "2025-12-31"),
        ("EU-UKR", "2022-02-23", "2025-12-31"),
    ]
    assert of_xml.listings("eu-fsf:9003") == [("EU-FSF", None, None)]
    listed = next(r for r in of_xml.relations if r.target == "eu-fsf:EU.9001.1")
    assert listed.properties == {
        "program": ("TAQA", "SYR"),
        "regulation": ("2019/901 (OJ L97)", "2020/902 (OJ L98)"),
        "details": ("first round",),
    }
    assert (listed.evidence.url, listed.evidence.observed, listed.evidence.record) == (
        "https://example.org/oj/901",
        "2026-02-03",
        "EU.9001.1",
    )


def test_programmes_are_the_keys_of_the_rule() -> None:
    """Every key that the table names is one from which the rule on EU asset freezes starts."""
    rule = Path(__file__).parents[2] / "spillover/queries/rules/eu-asset-freeze.yml"
    keys = set(re.findall(r"^  - (EU-[A-Z-]+)$", rule.read_text(encoding="utf-8"), re.MULTILINE))
    named = set(manifest("eu_fsf").tables["programmes"].values()) - {""}
    assert named == keys - {"EU-FSF"}


def test_every_row_of_the_csv_is_accounted_for(of_csv: Loaded) -> None:
    """11 rows of three entries: two are loaded with eight further rows, one is unreadable twice."""
    assert of_csv.report.tally == (11, 2, 7, 0, 2)
    assert [(q.position, q.reason) for q in of_csv.report.quarantined] == [
        ("line 11", "EU.9004.4 is of subject type 'ghost'; expected person or enterprise"),
        ("line 12", "a row of entry '9004', which cannot be read itself"),
    ]
    assert audits(of_csv.report) == {
        ("merged", "further row of an entry"): 7,
        ("no day of designation", "listed since its regulation at the latest"): 1,
        ("unknown subjectTypes", "ghost"): 1,
    }


def test_the_csv_says_of_a_person_what_the_xml_says(of_csv: Loaded, of_xml: Loaded) -> None:
    person, same = (one.entities["eu-fsf:EU.9001.1"] for one in (of_csv, of_xml))
    assert (person.name, person.countries) == (same.name, same.countries)
    assert person.identifiers == same.identifiers
    assert person.names == (Name("عمر; البرقي", "ar", "alias"),)
    assert person.properties["document"] == (
        "National passport, P-771, EGYPT, knownExpired, [known to be expired](issued in Cairo)",
    )
    assert person.properties["birthDate"] == ("1961-03-29",)
    assert person.properties["birthDateApproximate"] == ("1960",)
    assert person.properties["contact"] == ("PHONE[+20 1]",)
    assert of_csv.listings("eu-fsf:EU.9001.1") == of_xml.listings("eu-fsf:EU.9001.1")
    assert of_csv.entities["eu-fsf:EU.9002.2"].countries == ("by",)
    assert {r.evidence.observed for r in of_csv.relations} == {"2026-02-03"}


def test_the_un_number_joins_it_to_the_un_list(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "eu_fsf", XML)
    run(loaded.graph, "un", [DATA / "un" / "consolidated.xml"], options=Options(tolerance=0.9))
    with Store(loaded.graph) as store:
        assert store.entity(store.find("QDi.901")).datasets == ("eu_fsf", "un")


def test_a_un_number_of_the_other_kind_of_party_is_no_key(tmp_path: Path) -> None:
    """Of a permanent number the third letter is i for a person and e for an entity."""
    row = {**FIRST_ROW, "Entity_UnitedNationId": "QDe.002", "NameAlias_WholeName": "A"}
    loaded = Loaded(tmp_path, "eu_fsf", rows(tmp_path, row))
    assert loaded.entities["eu-fsf:1"].identifiers == (("eu-fsf", "1"),)
    assert loaded.entities["eu-fsf:1"].properties["unReference"] == ("QDe.002",)
    assert audits(loaded.report)["UN reference number of another kind of party", "QDe.002"] == 1


def test_both_forms_are_known(tmp_path: Path) -> None:
    assert [d.loader for d in detect([XML, CSV]).found] == ["eu_fsf", "eu_fsf"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("f.xml", "<list/>", "its root is 'list', expected 'export' of the EU list"),
        ("f.xml", HEAD + "</export>", "holds no sanctionEntity; is it complete?"),
        (
            "f.xml",
            '<export generationDate="soon"><sanctionEntity/></export>',
            "generationDate is 'soon'; expected a day such as 2010-12-01",
        ),
        (
            "f.csv",
            "a;b\n1;2\n",
            "no column Entity_LogicalId or Entity_EU_ReferenceNumber; is it the EU list?",
        ),
        (
            "f.csv",
            "Entity_LogicalId;Entity_EU_ReferenceNumber\n",
            "holds no row below its header; is it complete?",
        ),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert refused(tmp_path / "g.db", "eu_fsf", file) == f"{name}: {why}"


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the XML or CSV file"):
        run(tmp_path / "g.db", "eu_fsf", [])


def rows(folder: Path, *cells: dict[str, str], end: str = "\n") -> Path:
    """A CSV of these rows, each below the columns that it has."""
    columns = list(dict.fromkeys(column for row in cells for column in row))
    columns += ["Entity_EU_ReferenceNumber"]
    file = folder / "f.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, columns, restval="", delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL
        )
        writer.writeheader()
        writer.writerows(cells)
    file.write_bytes(file.read_bytes().removesuffix(b"\n") + end.encode())
    return file


def test_unknown_columns_and_rows_that_differ_are_signalled(tmp_path: Path) -> None:
    first = {**FIRST_ROW, "NameAlias_WholeName": "A", "Entity_DesignationDate": "2010-01-01"}
    second = {**first, "Entity_DesignationDate": "2011-01-01", "Entity_Mood": "calm"}
    loaded = Loaded(tmp_path, "eu_fsf", rows(tmp_path, first, second))
    assert loaded.listings("eu-fsf:1")[0][1] == "2010-01-01"
    found = audits(loaded.report)
    assert found["rows of one entry differ", "Entity_DesignationDate"] == 1
    assert found["unknown field", "csv: Entity_Mood"] == 2


def test_a_last_row_without_its_line_end_is_cut_off(tmp_path: Path) -> None:
    file = rows(tmp_path, {**FIRST_ROW, "NameAlias_WholeName": "A"}, end="")
    assert "cut off in the middle of a record" in refused(tmp_path / "g.db", "eu_fsf", file)


def test_hostile_texts_stay_as_they_are_in_xml(tmp_path: Path) -> None:
    cases = {one: t for one, t in texts("xml").items() if not set(t) & set("\n\r\t\v\f\x85")}
    records = "".join(
        f'<sanctionEntity logicalId="{number}" designationDetails="{one}" unitedNationId="{one}">'
        f'<remark>{one}</remark><regulation programme="{one}" numberTitle="{one}"/>'
        f'<subjectType code="enterprise"/><nameAlias wholeName="{one}" nameLanguage="{one}"'
        f' strong="{one}"/><address street="{one}" countryIso2Code="{one}"/>'
        f'<birthdate birthdate="{one}" calendarType="{one}"/>'
        f'<identification number="{one}" identificationTypeCode="{one}"/></sanctionEntity>'
        for number, one in enumerate(cases)
    )
    file = tmp_path / "f.xml"
    file.write_text(HEAD + records + "</export>", encoding="utf-8", newline="")
    loaded = Loaded(tmp_path, "eu_fsf", file, options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases.values()):
        entity = loaded.entities[f"eu-fsf:{number}"]
        assert entity.name == text
        assert entity.properties["notes"] == (text,)


def test_hostile_texts_stay_as_they_are_in_csv(tmp_path: Path) -> None:
    cases = [text for text in texts("csv").values() if "\x1a" not in text]
    said = [
        {**FIRST_ROW, "Entity_LogicalId": str(number), "NameAlias_WholeName": text}
        | {"Entity_Remark": text, "Entity_Regulation_Programme": text}
        for number, text in enumerate(cases)
    ]
    loaded = Loaded(tmp_path, "eu_fsf", rows(tmp_path, *said), options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases):
        entity = loaded.entities[f"eu-fsf:{number}"]
        assert (entity.name, entity.properties["notes"]) == (text, (text,))


def test_cut_off_files_are_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    """Of the CSV those that end with a line are accepted: nobody can know what is missing."""
    Loaded(tmp_path, "eu_fsf", XML, options=Options(tolerance=0.9))
    data = list(truncations(XML.read_bytes(), 3, b"</sanctionEntity>"))
    assert cuts(tmp_path, "eu_fsf", data[::7], suffix=".xml") == []
    whole = b"\n".join(CSV.read_bytes().split(b"\r\n")[:5]) + b"\n"
    found = cuts(tmp_path, "eu_fsf", list(truncations(whole))[::3], suffix=".csv")
    assert all(cut.endswith(b"\n") for cut in found)


@pytest.mark.skipif(not FILE.exists(), reason="the shared file of the EU list is not here")
def test_the_real_file_says_what_counting_by_other_means_says(tmp_path: Path) -> None:
    """Seven entries, of which one repeats the number of another under a further name."""
    loaded = Loaded(tmp_path, "eu_fsf", FILE, options=Options(tolerance=0.0))
    entries = ET.parse(FILE).getroot()  # noqa: S314 - the file is ours
    assert loaded.report.tally == (len(entries), len(entries), 0, 0, 0) == (7, 7, 0, 0, 0)
    numbers = {entry.get("euReferenceNumber") for entry in entries}
    persons = {one.id for one in loaded.entities.values() if one.schema == "Person"}
    assert persons == {f"eu-fsf:{number}" for number in numbers}
    found = audits(loaded.report)
    assert found["two descriptions of one id", "eu-fsf:EU.4009.74"] == 1
    missing = [entry for entry in entries if not entry.get("designationDate")]
    assert found["no day of designation", "listed since its regulation at the latest"] == len(
        missing
    )
    assert loaded.listings("eu-fsf:EU.2026.82") == [
        ("EU-FSF", "2008-07-03", None),
        ("EU-TAQA-EUAQ", "2008-07-03", None),
    ]
    assert loaded.listings("eu-fsf:EU.3579.2")[0] == ("EU-FSF", "2020-01-15", None)
    assert loaded.entities["eu-fsf:EU.3734.6"].properties["birthDate"] == ("1954", "1953")
