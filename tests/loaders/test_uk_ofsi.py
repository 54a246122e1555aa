"""The UK lists in their four forms: who is named, under which regime, with which firms."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.run import run
from spillover.loaders.uk_ofsi.texts import date_in, iso, items, labelled
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

FOLDER = DATA / "uk_ofsi"
FILE = REAL / "uk" / "uk_ofsi_conlist_2020-04-27.csv"
COLUMNS = ("Name 6", "Group Type", "Alias Type", "Regime", "Listed On", "Group ID")
REASON = "Finances the mill: (i) wheat, (ii) rye."


def loaded(factory: pytest.TempPathFactory, name: str) -> Loaded:
    return Loaded(factory.mktemp("uk"), "uk_ofsi", FOLDER / name)


@pytest.fixture(scope="module")
def list2020(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory, "conlist_2020.csv")


@pytest.fixture(scope="module")
def list2022(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory, "conlist_2022.csv")


@pytest.fixture(scope="module")
def list_xml(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory, "conlist.xml")


@pytest.fixture(scope="module")
def uksl_csv(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory, "uk_sanctions_list.csv")


@pytest.fixture(scope="module")
def uksl_xml(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return loaded(tmp_path_factory, "uk_sanctions_list.xml")


def test_every_row_merges_into_its_group(list2020: Loaded) -> None:
    """Ten rows: 4 + 1 + 1 of three groups; 2 of an unknown type, 1 without group, 1 without day."""
    assert list2020.report.tally == (10, 3, 3, 0, 4)
    assert [(q.position, q.reason) for q in list2020.report.quarantined] == [
        ("line 9", "90004 is of type 'Ghost'; expected Individual, Entity or Ship"),
        ("line 12", "90006 is listed on 'in spring'; expected dd/mm/yyyy"),
        ("line 10", "a row of group '90004', which cannot be read itself"),
        ("line 11", "no Group ID and no Unique ID; a row needs one to have a group"),
    ]
    assert audits(list2020.report) == {
        ("merged", "further row of a group"): 3,
        ("unknown kinds", "Ghost"): 1,
        ("unknown label", "SNR"): 1,
        ("unknown regimes", "atlantis"): 1,
        ("unreadable date of birth", "99/99/1961"): 1,
    }


def test_a_group_of_rows_is_one_person(list2020: Loaded) -> None:
    """The name comes from the first row of type Prime Alias, not from the first row."""
    assert list2020.entities["uk-ofsi:90001"] == Entity(
        "uk-ofsi:90001",
        "Person",
        "Omar Salim BARQI",
        (Name("Omar BARKI", role="alias"), Name("THE LEDGER", role="previous")),
        ("eg", "qa"),
        (("uk-ofsi", "90001"),),
        ("sanction",),
        {
            "title": ("Mullah",),
            "position": ("Treasurer",),
            "nationality": ("1) Egyptian 2) Qatar",),
            "birthPlace": ("Tanta, Egypt",),
            "birthDate": ("1961", "1961-08", "1961-03-29"),
            "document": ("Passport No: P-771 (Egyptian).",),
            "unReference": ("QDi.901",),
            "address": ("5 Quay, Port Said, 100, Egypt (since 2009)", "Tanta, Egypt"),
            "notes": ("UN Ref QDi.901. Treasurer of the trust, a ’ledger’ man.",),
        },
        ("uk_ofsi",),
    )


def test_a_person_under_two_regimes_is_listed_since_the_first(list2020: Loaded) -> None:
    assert list2020.listings("uk-ofsi:90001") == [
        ("UK-OFSI", "2011-04-01", None),
        ("GB-ISIL", "2016-04-01", None),
        ("GB-SYR", "2011-04-01", None),
    ]
    # No rule starts from the EU's Ukraine regime of before the exit, nor from an unknown one.
    assert list2020.listings("uk-ofsi:90002") == [("UK-OFSI", "2015-02-16", None)]
    assert list2020.listings("uk-ofsi:90003") == [("UK-OFSI", "2017-10-19", None)]
    listed = next(r for r in list2020.relations if r.target == "uk-ofsi:90001")
    assert listed.properties == {
        "program": ("The ISIL (Da'esh) and Al-Qaida organisations", "Syria"),
        "modifiedAt": ("2017-05-02",),
        "listedOn": ("2016-04-01", "2011-04-01"),
    }
    assert (listed.evidence.observed, listed.evidence.record) == ("2020-04-27", "90001")


def test_a_reference_number_in_a_sentence_is_no_key(list2020: Loaded) -> None:
    """The real list prints QDe.002 for two persons; and "Owned by Omar Barqi" makes no claim."""
    trust = list2020.entities["uk-ofsi:90002"]
    assert trust.identifiers == (("uk-ofsi", "90002"),)
    assert trust.properties["unReference"] == ("QE.A.5.01", "QDi.901")
    assert trust.countries == ("kp",)
    assert {r.kind for r in list2020.relations} == {"DESIGNATES"}


def test_the_later_form_prints_scripts_and_labels(list2022: Loaded) -> None:
    assert list2022.report.tally == (6, 3, 3, 0, 0)
    assert audits(list2022.report) == {
        ("a name that may be several", "Rye & Co, Ltd"): 1,
        ("merged", "further row of a group"): 3,
        ("unknown label", "Colour"): 1,
        ("unknown languages", "Elvish"): 1,
    }
    person = list2022.entities["uk-ofsi:90101"]
    assert (person.name, person.countries) == ("Borys HOLUB", ("ua", "by"))
    assert list2022.names("uk-ofsi:90101") == [
        ("THE DOVE", "", "weak"),
        ("Borys GOLUB", "", "name"),
        ("Борис Голуб", "ru", "name"),
    ]
    assert person.identifiers == (
        ("uk-ofsi", "90101"),
        ("uksl", "RUS9001"),
        ("un-sc", "QDi.901"),
        ("passport", "ZZ777888"),
        ("passport", "ZZ777889"),
        ("national-id", "N-5"),
    )
    assert person.properties["gender"] == ("Male",)
    assert person.properties["birthDate"] == ("1971-08-03",)
    (listed, _) = (r for r in list2022.relations if r.target == "uk-ofsi:90101")
    assert (listed.source, listed.start, listed.evidence.note) == ("UK-OFSI", "2022-03-04", REASON)
    assert list2022.listings("uk-ofsi:90101")[1] == ("GB-RUS", "2022-03-04", None)


def test_firms_that_the_labels_name(list2022: Loaded) -> None:
    """Parent to entity, entity to subsidiary; of an owner or operator nobody knows which."""
    assert list2022.ends("CONTROLS") == [
        ("uk-ofsi:holub-group", "uk-ofsi:90102"),
        ("uk-ofsi:rye-&-co,-ltd", "uk-ofsi:90102"),
        ("uk-ofsi:90102", "uk-ofsi:holub-bread"),
        ("uk-ofsi:90102", "uk-ofsi:holub-beer"),
    ]
    links = [
        (r.source, r.target, r.properties) for r in list2022.relations if r.kind == "LINKED_TO"
    ]
    assert links == [
        ("uk-ofsi:heron-lines", "uk-ofsi:90103", {"role": ("current owner or operator",)}),
        ("uk-ofsi:old-lines", "uk-ofsi:90103", {"role": ("previous owner or operator",)}),
    ]
    assert all(r.stake is None and not r.basis for r in list2022.relations)
    notes = [r.evidence.note for r in list2022.relations if r.kind == "CONTROLS"]
    assert notes[0] == "Parent company: Holub Group"
    mill = list2022.entities["uk-ofsi:90102"]
    assert mill.properties["notes"] == ("(Colour): grey.",)
    assert mill.properties["website"] == ("https://example.org/mill",)
    assert mill.identifiers[2:] == (("inn", "7700112233"), ("ogrn", "1027700112233"))
    ship = list2022.entities["uk-ofsi:90103"]
    assert (ship.schema, ship.countries) == ("Vessel", ("pa",))
    assert ship.identifiers[2:] == (("imo", "9074729"),)


def test_the_xml_of_the_list_states_owners_and_status(list_xml: Loaded) -> None:
    """Status I is a ban on investment, under which no assets are frozen."""
    assert list_xml.report.tally == (4, 2, 1, 0, 1)
    assert list_xml.report.quarantined[0].reason == "90105 has GrpStatus 'Q'; expected A or I"
    assert audits(list_xml.report) == {
        ("merged", "further row of a group"): 1,
        ("no day of the list", "the XML names none"): 1,
        ("unknown field", "list xml: Mood"): 1,
        ("unknown statuses", "Q"): 1,
    }
    assert list_xml.ends("OWNS") == [("uk-ofsi:heron-lines", "uk-ofsi:90103")]
    assert list_xml.ends("LINKED_TO") == [("uk-ofsi:old-lines", "uk-ofsi:90103")]
    assert list_xml.ends("CONTROLS") == [
        ("uk-ofsi:westland-holding", "uk-ofsi:90104"),
        ("uk-ofsi:90104", "uk-ofsi:westland-leasing"),
    ]
    assert list_xml.listings("uk-ofsi:90104") == [("UK-OFSI-INVBAN", "2014-09-12", None)]
    assert list_xml.listings("uk-ofsi:90103") == [
        ("UK-OFSI", "2022-03-04", None),
        ("GB-RUS", "2022-03-04", None),
    ]
    ship = list_xml.entities["uk-ofsi:90103"]
    assert ship.name == "GREY HERON"
    assert ship.properties == {
        "flag": ("Panama",),
        "pastFlags": ("Liberia",),
        "type": ("Tanker",),
        "tonnage": ("7078",),
        "length": ("180",),
        "buildDate": ("2001",),
    }
    assert ("register", "R-55") in list_xml.entities["uk-ofsi:90104"].identifiers


def test_the_uk_sanctions_list_as_csv(uksl_csv: Loaded) -> None:
    """A ship that may only not enter ports is on the list, but not among the frozen ones."""
    assert uksl_csv.report.tally == (4, 3, 1, 0, 0)
    assert audits(uksl_csv.report) == {("merged", "further row of a group"): 1}
    person = uksl_csv.entities["uk-ofsi:90101"]
    assert (person.name, person.properties["birthDate"]) == ("Borys HOLUB", ("1971-08", "1971"))
    assert uksl_csv.listings("uk-ofsi:90101") == [
        ("UK-OFSI", "2022-03-04", None),
        ("GB-RUS", "2022-03-04", None),
    ]
    assert uksl_csv.listings("uk-ofsi:RUS9003") == [("UK-SL", "2022-03-05", None)]
    assert uksl_csv.ends("CONTROLS") == [("uk-ofsi:holub-group", "uk-ofsi:90102")]
    assert uksl_csv.entities["uk-ofsi:RUS9003"].identifiers == (
        ("uksl", "RUS9003"),
        ("imo", "9074729"),
    )
    assert {r.evidence.observed for r in uksl_csv.relations} == {"2022-03-06"}
    listed = next(r for r in uksl_csv.relations if r.target == "uk-ofsi:90101")
    assert listed.properties["measure"] == ("Asset freeze", "Travel Ban")


def test_the_uk_sanctions_list_as_xml(uksl_xml: Loaded, uksl_csv: Loaded) -> None:
    assert uksl_xml.report.tally == (4, 3, 0, 0, 1)
    assert audits(uksl_xml.report) == {("unknown field", "uksl xml: ShipDetails.Ship.Rigging"): 1}
    person = uksl_xml.entities["uk-ofsi:90101"]
    assert (person.name, person.identifiers) == (
        "Borys HOLUB",
        (
            ("uk-ofsi", "90101"),
            ("uksl", "RUS9001"),
            ("un-sc", "QDi.901"),
            ("passport", "ZZ777888"),
            ("national-id", "N-5"),
        ),
    )
    assert person.properties == {
        "title": ("Colonel", "Dr"),
        "gender": ("Male",),
        "position": ("Miller",),
        "nationality": ("Ukraine",),
        "birthPlace": ("Brodford, Ukraine", "Millport"),
        "birthDate": ("1971", "1971-08-03"),
        "document": ("lost", "Passport ZZ777888", "National id N-5"),
        "unReference": ("QDi.901",),
        "address": ("Lane 4, Millport, 79000, Belarus", "Ukraine"),
        "notes": ("Seen in 2019.",),
    }
    assert uksl_xml.ends("CONTROLS") == [
        ("uk-ofsi:holub-group", "uk-ofsi:90102"),
        ("uk-ofsi:90102", "uk-ofsi:holub-bread"),
        ("uk-ofsi:90102", "uk-ofsi:holub-beer"),
    ]
    assert uksl_xml.ends("LINKED_TO") == [("uk-ofsi:heron-lines", "uk-ofsi:RUS9003")]
    for entity in ("uk-ofsi:90101", "uk-ofsi:90102", "uk-ofsi:RUS9003"):
        assert uksl_xml.listings(entity) == uksl_csv.listings(entity)
    assert {r.evidence.observed for r in uksl_xml.relations} == {"2022-03-06"}


def test_a_un_number_of_the_other_kind_of_party_is_no_key(tmp_path: Path) -> None:
    """Of a permanent number the third letter is i for a person and e for an entity."""
    said = "".join(
        f"<Designation><UniqueID>{n}</UniqueID><UNReferenceNumber>{number}</UNReferenceNumber>"
        f"<Names><Name><Name6>A</Name6></Name></Names><IndividualEntityShip>{kind}"
        "</IndividualEntityShip></Designation>"
        for n, number, kind in (
            ("A1", "QDe.002", "Individual"),
            ("A2", "QDe.004", "Entity"),
            ("A3", "QE.A.5.01", "Entity"),
        )
    )
    file = tmp_path / "f.xml"
    file.write_text(f"<Designations>{said}</Designations>")
    loaded = Loaded(tmp_path, "uk_ofsi", file)
    assert [loaded.entities[f"uk-ofsi:A{n}"].identifiers[1:] for n in (1, 2, 3)] == [
        (),
        (("un-sc", "QDe.004"),),
        (("un-sc-former", "QE.A.5.01"),),
    ]
    assert audits(loaded.report)["UN reference number of another kind of party", "QDe.002"] == 1


def test_regimes_are_the_keys_of_the_rule() -> None:
    rule = Path(__file__).parents[2] / "spillover/queries/rules/uk-ofsi.yml"
    keys = set(re.findall(r"^  - (GB-[A-Z-]+)$", rule.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(manifest("uk_ofsi").tables["regimes"].values()) - {""} == keys


def test_all_forms_are_known() -> None:
    found = detect([FOLDER]).found
    assert [d.loader for d in found] == ["uk_ofsi"] * 5


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("00/00/1980", "1980"),
        ("00/08/1977", "1977-08"),
        ("dd/mm/1945", "1945"),
        ("dd/3/1980", "1980-03"),
        ("15/00/1980", "1980"),
        ("9/1/2018", "2018-01-09"),
        ("06-Mar-2022", "2022-03-06"),
        ("6 September 2022", "2022-09-06"),
        ("2022-03-05T00:00:00", "2022-03-05"),
        ("1980", "1980"),
        ("30/02/1980", ""),
        ("06-Foo-2022", ""),
        ("1980s", ""),
        ("", ""),
    ],
)
def test_days(text: str, day: str) -> None:
    assert iso(text) == day


def test_enumerations_and_labels() -> None:
    assert items("(1) A B (2) C") == ["A B", "C"]
    assert items("a) X, b) Y; Z | W") == ["X", "Y", "Z", "W"]
    assert items("Smith (1990) Ltd, Leeds") == ["Smith (1990) Ltd, Leeds"]
    assert list(labelled("x (UN Ref):QDi.1. (Gender) : Male")) == [
        ("", "x"),
        ("UN Ref", "QDi.1."),
        ("Gender", "Male"),
    ]
    assert date_in("Report Date: 06-Mar-2022,,") == "2022-03-06"
    assert date_in("Last Updated,99/99/2020") == ""


def table(folder: Path, *rows: tuple[str, ...], top: str = "", end: str = "\r\n") -> Path:
    file = folder / "list.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(top)
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerows([COLUMNS, *rows])
    file.write_bytes(file.read_bytes().removesuffix(b"\r\n") + end.encode())
    return file


def test_a_list_without_its_first_line_is_read_and_signalled(tmp_path: Path) -> None:
    row = ("A", "Entity", "Prime Alias", "Syria", "", "1")
    loaded = Loaded(tmp_path, "uk_ofsi", table(tmp_path, row))
    assert audits(loaded.report) == {
        ("no day of listing", "UK-OFSI"): 1,
        ("no day of the list", "its first line names none"): 1,
    }


def test_a_last_row_without_its_line_end_is_cut_off(tmp_path: Path) -> None:
    """Its last cell is the key of a group, which would be another one."""
    file = table(tmp_path, ("A", "Entity", "Prime Alias", "Syria", "01/02/2020", "12"), end="")
    assert "cut off in the middle of a record" in refused(tmp_path / "g.db", "uk_ofsi", file)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("f.csv", "a,b\n1,2\n", "no column 'Group ID' or 'Unique ID'; is it a UK list?"),
        ("f.csv", "Last Updated,27/04/2020\nName 6,Group ID\n", "holds no record; is it complete?"),
        (
            "f.xml",
            "<list/>",
            "its root is 'list', expected ArrayOfFinancialSanctionsTarget or Designations",
        ),
        ("f.xml", "<Designations/>", "holds no record; is it complete?"),
        (
            "f.xml",
            "<Designations><DateGenerated>soon</DateGenerated><Designation/></Designations>",
            "DateGenerated is 'soon'; expected dd/mm/yyyy",
        ),
    ],
)
def test_a_file_that_is_something_else_is_refused(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    file = tmp_path / name
    file.write_text(text)
    assert refused(tmp_path / "g.db", "uk_ofsi", file) == f"{name}: {why}"


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the CSV or XML file"):
        run(tmp_path / "g.db", "uk_ofsi", [])


def test_a_byte_outside_the_encoding_is_refused(tmp_path: Path) -> None:
    """0x81 stands for nothing in cp1252."""
    file = tmp_path / "f.csv"
    file.write_bytes(b"Last Updated,27/04/2020\nName 6,Group ID\nA\x81B,1\n")
    assert "byte 0x81 is not cp1252" in refused(tmp_path / "g.db", "uk_ofsi", file)


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    cases = [text for text in texts("csv").values() if "\x1a" not in text]
    rows = [(text, "Entity", text, text, "", str(n)) for n, text in enumerate(cases, 1)]
    loaded = Loaded(tmp_path, "uk_ofsi", table(tmp_path, *rows), options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases, 1):
        assert loaded.entities[f"uk-ofsi:{number}"].name == text


def test_hostile_texts_in_every_element(tmp_path: Path) -> None:
    cases = texts("xml")
    tags = ("OtherInformation", "Entity_ParentCompany", "Entity_BusinessRegNumber", "Country")
    records = "".join(
        f"<FinancialSanctionsTarget><GroupID>{n}</GroupID><Name6>{one}</Name6>"
        "<GroupTypeDescription>Entity</GroupTypeDescription>"
        + "".join(f"<{tag}>{one}</{tag}>" for tag in tags)
        + "</FinancialSanctionsTarget>"
        for n, one in enumerate(cases)
    )
    file = tmp_path / "f.xml"
    root = "ArrayOfFinancialSanctionsTarget"
    file.write_text(f"<{root}>{records}</{root}>", encoding="utf-8", newline="")
    loaded = Loaded(tmp_path, "uk_ofsi", file, options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases.values()):
        assert loaded.entities[f"uk-ofsi:{number}"].name == text


def test_cut_off_files_are_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    data = (FOLDER / "conlist_2022.csv").read_bytes()
    Loaded(tmp_path, "uk_ofsi", FOLDER / "conlist_2022.csv", options=Options())
    found = cuts(tmp_path, "uk_ofsi", list(truncations(data))[::9], suffix=".csv")
    assert all(cut.endswith(b"\n") for cut in found)
    xml = (FOLDER / "uk_sanctions_list.xml").read_bytes()
    found = cuts(
        tmp_path, "uk_ofsi", list(truncations(xml, 2, b"</Designation>"))[::9], suffix=".xml"
    )
    assert found == []


@pytest.mark.skipif(not FILE.exists(), reason="the shared file of the UK list is not here")
def test_the_real_list_says_what_counting_by_other_means_says(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "uk_ofsi", FILE, options=Options(tolerance=0.0))
    with FILE.open(encoding="cp1252", newline="") as stream:
        next(stream)
        rows = list(csv.DictReader(stream))
    groups = defaultdict(list)
    for row in rows:
        groups[row["Group ID"]].append(row)
    assert loaded.report.tally == (len(rows), len(groups), len(rows) - len(groups), 0, 0)
    assert loaded.report.tally == (9492, 2114, 7378, 0, 0)
    kinds = Counter(next(iter(rs))["Group Type"] for rs in groups.values())
    schemata = Counter(e.schema for e in loaded.entities.values())
    assert (schemata["Person"], schemata["Organization"]) == (kinds["Individual"], kinds["Entity"])
    for number, several in groups.items():
        entity = loaded.entities[f"uk-ofsi:{number}"]
        printed = {
            " ".join(
                row[f"Name {n}"].strip() for n in (1, 2, 3, 4, 5, 6) if row[f"Name {n}"].strip()
            )
            for row in several
        }
        assert {entity.name, *(name.text for name in entity.names)} == printed
        born = {row["DOB"] for row in several} - {""}
        assert len(entity.properties.get("birthDate", ())) == len(born)
    years = Counter(row["DOB"] for row in rows if row["DOB"].startswith("00/00/"))
    assert years["00/00/1961"] == 131  # rows, in which the year alone is known
    listed = Counter(r.source for r in loaded.relations)
    korea = [n for n, rs in groups.items() if any("North Korea" in row["Regime"] for row in rs)]
    assert (listed["UK-OFSI"], listed["GB-DPRK"]) == (len(groups), len(korea))
    assert loaded.entities["uk-ofsi:13349"].properties["birthDate"] == ("1980", "1981")
    assert loaded.listings("uk-ofsi:13222")[0] == ("UK-OFSI", "2015-02-16", None)
