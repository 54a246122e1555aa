"""Entries of OFAC's legacy XML, in both of its namespaces, become the same as those of the CSV."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.loaders.run import run
from tests.loaders.ofac_loads import DATA, LEGACY, NEW, Loaded, entry, line, sdn_xml, table

PLAIN = "<uid>1</uid><lastName>A</lastName><sdnType>Entity</sdnType>"
TAG = "<programList><program>CUBA</program></programList>"


@pytest.fixture(scope="module")
def sdn(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("sdn"), DATA / "sdn.xml", tolerance=0.0)


@pytest.fixture(scope="module")
def cons(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("cons"), DATA / "consolidated.xml", tolerance=0.0)


def test_the_samples_reconcile(sdn: Loaded, cons: Loaded) -> None:
    assert sdn.report.tally == (4, 4, 0, 0, 0)
    assert sdn.noted == {
        ("unknown country", "Atlantis"): 1,
        ("unknown label", "Secret Handshake No."): 1,
    }
    assert cons.report.tally == (3, 3, 0, 0, 0)
    assert cons.noted == {}


def test_a_firm_has_its_names_with_their_quality_and_its_address(sdn: Loaded) -> None:
    firm = sdn.party(91001)
    assert firm.names == (
        Name("NQC", role="alias"),
        Name("OLD QUAY COMPANY", role="previous"),
        Name("THE QUAY", role="weak"),
    )
    assert firm.schema == "Organization"
    assert firm.countries == ("lr",)
    assert firm.identifiers == (("ofac", "91001"), ("register", "NQ-91001"))
    assert firm.properties == {
        "address": ("1 Pier Road, Floor 2, Monrovia, Montserrado 1000, Liberia",),
        "documents": ("Registration Number NQ-91001 (Liberia)",),
        "website": ("www.quay.example",),
        "notes": ("Secret Handshake No. 7", "All offices worldwide"),
    }


def test_a_person_has_dates_as_far_as_they_are_known(sdn: Loaded) -> None:
    person = sdn.party(91002)
    assert person.name == "MARIN, Eva Sol"
    assert person.names == (Name("MARIN-SOL, Eva", role="alias"),)
    assert person.countries == ("mt", "mm")
    assert person.properties == {
        "position": ("Managing Director",),
        "birthDate": ("circa 1970", "1971-03-02 to 1972-04-05"),
        "birthPlace": ("Valletta, Malta",),
        "nationality": ("mt", "Atlantis"),
        "citizenship": ("mm",),
        "documents": ("Passport P9100002 (Malta) issued 2015-05-05 expires 2025-05-04",),
        "gender": ("Female",),
    }


def test_a_ship_and_a_plane(sdn: Loaded) -> None:
    ship, plane = sdn.party(91003), sdn.party(91004)
    assert ship.identifiers == (("ofac", "91003"), ("imo", "9000027"), ("mmsi", "636910003"))
    assert ship.countries == ()
    assert ship.properties["callSign"] == ("QUAY9",)
    assert ship.properties["grossRegisteredTonnage"] == ("1865",)
    assert (plane.schema, plane.properties["serialNumber"]) == ("Airplane", ("41004",))


def test_ties_by_name_have_the_day_of_the_file(sdn: Loaded, cons: Loaded) -> None:
    assert sdn.ties() == [
        ("LINKED_TO", "91001", "91002"),
        ("LINKED_TO", "91003", "91001"),
        ("OWNS", "91001", "91003"),
        ("LINKED_TO", "91001", "91004"),
    ]
    operator = sdn.of("LINKED_TO")[2]
    assert operator.properties == {"role": ("Aircraft Operator",)}
    assert {r.evidence.observed for r in sdn.relations} == {"2022-03-24"}
    assert cons.ties() == [("LINKED_TO", "91102", "91101"), ("LINKED_TO", "91102", "91103")]
    assert {r.evidence.observed for r in cons.relations} == {"2024-05-24"}


def test_listings_follow_from_the_file_its_tags_and_its_labels(sdn: Loaded, cons: Loaded) -> None:
    assert sdn.listed(91002) == [("US-OFAC-SDN", None), ("US-NON-PROLIF", None)]
    assert {uid: cons.listed(uid) for uid in (91101, 91102, 91103)} == {
        91101: [("US-SSI", None), ("US-SSI-D1", None), ("US-CAPTA", "2022-02-24")],
        91102: [("US-SSI", None)],
        91103: [("US-FSE", None)],
    }


@pytest.mark.parametrize("namespace", [LEGACY, NEW + "XML"])
def test_both_namespaces_say_the_same(tmp_path: Path, namespace: str) -> None:
    loaded = Loaded(tmp_path, sdn_xml(tmp_path, PLAIN + TAG, namespace=namespace))
    assert loaded.report.tally == (1, 1, 0, 0, 0)
    assert loaded.listed(1) == [("US-OFAC-SDN", None)]


def test_the_legacy_formats_describe_a_party_alike(tmp_path: Path) -> None:
    remarks = (
        "DOB 05 May 1955; POB Ndola; nationality Zambia; Gender Male; Website z.example; Passport"
        " Z5 (Zambia) issued 1999; a.k.a. 'ZED'; Linked To: BASE."
    )
    in_csv = (
        table(
            tmp_path,
            "sdn.csv",
            entry(5, "ZULU, Zed", "individual", "SDGT] [IFSR", remarks, title="Chief"),
            entry(6, "BASE"),
        ),
        table(tmp_path, "add.csv", line("5", "1", "1 Road", "Lusaka, Province 10", "Zambia", "")),
        table(tmp_path, "alt.csv", line("5", "1", "aka", "ZULU, Z", "")),
    )
    in_xml = sdn_xml(
        tmp_path,
        "<uid>5</uid><firstName>Zed</firstName><lastName>ZULU</lastName><title>Chief</title>"
        "<sdnType>Individual</sdnType><remarks>(Linked To: BASE)</remarks><programList>"
        "<program>SDGT</program><program>IFSR</program></programList><idList><id><uid>1</uid>"
        "<idType>Gender</idType><idNumber>Male</idNumber></id><id><uid>2</uid><idType>Website"
        "</idType><idNumber>z.example</idNumber></id><id><uid>3</uid><idType>Passport</idType>"
        "<idNumber>Z5</idNumber><idCountry>Zambia</idCountry><issueDate>1999</issueDate></id>"
        "</idList><akaList><aka><uid>1</uid><type>a.k.a.</type><category>strong</category>"
        "<lastName>ZULU</lastName><firstName>Z</firstName></aka><aka><uid>2</uid><type>a.k.a."
        "</type><category>weak</category><lastName>ZED</lastName></aka></akaList><addressList>"
        "<address><uid>1</uid><address1>1 Road</address1><city>Lusaka</city><stateOrProvince>"
        "Province</stateOrProvince><postalCode>10</postalCode><country>Zambia</country></address>"
        "</addressList><nationalityList><nationality><uid>1</uid><country>Zambia</country>"
        "</nationality></nationalityList><dateOfBirthList><dateOfBirthItem><uid>1</uid>"
        "<dateOfBirth>05 May 1955</dateOfBirth></dateOfBirthItem></dateOfBirthList>"
        "<placeOfBirthList><placeOfBirthItem><uid>1</uid><placeOfBirth>Ndola</placeOfBirth>"
        "</placeOfBirthItem></placeOfBirthList>",
        "<uid>6</uid><lastName>BASE</lastName><sdnType>Entity</sdnType><programList>"
        "<program>SDGT</program></programList>",
    )
    for name in ("csv", "xml"):
        (tmp_path / name).mkdir()
    one, two = Loaded(tmp_path / "csv", *in_csv), Loaded(tmp_path / "xml", in_xml)
    assert one.party(5)._replace(properties={}) == two.party(5)._replace(properties={})
    assert {k: set(v) for k, v in one.party(5).properties.items()} == {
        k: set(v) for k, v in two.party(5).properties.items()
    }
    assert one.ties() == two.ties() == [("LINKED_TO", "5", "6")]
    assert one.listed(5) == two.listed(5) == [("US-OFAC-SDN", None), ("US-TERR", None)]


def test_a_number_of_entries_that_differs_is_signalled(tmp_path: Path) -> None:
    file = sdn_xml(tmp_path, PLAIN + TAG)
    file.write_text(file.read_text().replace("Count>1<", "Count>9<"))
    noted = Loaded(tmp_path, file).noted
    assert noted == {("number of entries differs", "1, but the file says 9"): 1}


def test_an_unknown_element_is_signalled(tmp_path: Path) -> None:
    file = sdn_xml(tmp_path, PLAIN + "<colour><shade>red</shade></colour>" + TAG)
    assert Loaded(tmp_path, file).noted == {("unknown field", "sdnEntry: colour.shade"): 1}


@pytest.mark.parametrize(
    ("entry_", "reason"),
    [
        ("<lastName>A</lastName><sdnType>Entity</sdnType>", "'' is no number of an OFAC entry"),
        ("<uid>2</uid><sdnType>Entity</sdnType>", "entry 2 has no name"),
        ("<uid>2</uid><lastName>A</lastName><sdnType>Ghost</sdnType>", "unknown type 'Ghost'"),
    ],
)
def test_a_bad_entry_is_set_aside(tmp_path: Path, entry_: str, reason: str) -> None:
    loaded = Loaded(tmp_path, sdn_xml(tmp_path, PLAIN + TAG, entry_))
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert loaded.reasons()[0].startswith(reason)


def test_the_name_of_the_file_says_which_list_it_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give it back the name"):
        run(tmp_path / "g.db", "ofac", [sdn_xml(tmp_path, PLAIN, name="list.xml")])


def test_a_document_type_refuses_the_file(tmp_path: Path) -> None:
    file = sdn_xml(tmp_path, PLAIN)
    file.write_text('<!DOCTYPE a [<!ENTITY b "c">]>' + file.read_text())
    with pytest.raises(InputError, match="DOCTYPE"):
        run(tmp_path / "g.db", "ofac", [file])


def test_the_list_without_entries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="0 records, expected 1"):
        run(tmp_path / "g.db", "ofac", [sdn_xml(tmp_path)])
