"""Entities of OFAC's Enhanced XML become parties, relations and listings with their day."""

from pathlib import Path

import pytest

from spillover.graph.schema import Name
from tests.loaders.ofac_loads import DATA, Loaded, changed

SAMPLE = "enhanced.xml"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("enhanced"), DATA / SAMPLE, tolerance=0.0)


def test_the_sample_reconciles(sample: Loaded) -> None:
    assert sample.report.tally == (3, 3, 0, 0, 0)
    assert sample.noted == {("described by nobody", "entities that relations name"): 1}


def test_a_person(sample: Loaded) -> None:
    person = sample.party(93001)
    assert (person.schema, person.name) == ("Person", "AL-QARIB, Hasan")
    assert person.names == (Name("حسن القارب", "", "name"), Name("THE FERRYMAN", "", "weak"))
    assert person.countries == ("ye", "om")
    assert person.identifiers == (("ofac", "93001"), ("passport", "Y9300001"))
    assert person.properties == {
        "nameScript": ("Arabic: حسن القارب",),
        "position": ("Commander of the River Guard",),
        "address": ("Hodeidah 00967, Yemen", "Oman"),
        "birthDate": ("1979-05-07",),
        "notes": ("Birthdate 1901 [known to be false]",),
        "nationality": ("ye",),
        "documents": (
            "Passport Y9300001 (Yemen) issued 2008-10-27 expires 2014 authority Sana'a",
            "Passport FAKE-1 [bought] [not valid]",
        ),
    }


def test_a_firm_has_its_name_in_chinese(sample: Loaded) -> None:
    firm = sample.party(93002)
    assert (firm.schema, firm.name) == ("Organization", "RIVER GUARD TRADING")
    assert firm.names == (Name("河卫贸易", "zh", "name"),)


def test_the_entity_is_the_from_end_of_its_relationships(sample: Loaded) -> None:
    """93002 is owned or controlled by 93001, whose leader or official it is not."""
    assert sample.ties() == [
        ("DIRECTS", "93001", "93002"),
        ("CONTROLS", "93001", "93002"),
        ("LINKED_TO", "93002", "93999"),
    ]
    control, support = sample.of("CONTROLS")[0], sample.of("LINKED_TO")[0]
    assert (control.stake, control.basis, control.evidence.record) == (None, "", "902")
    assert control.evidence.observed == "2024-05-24"
    assert support.evidence.note == "Providing support to since 2019"


def test_a_listing_begins_on_the_day_of_its_list_and_the_umbrella_counts_alone_only(
    sample: Loaded,
) -> None:
    assert {uid: sample.listed(uid) for uid in (93001, 93002, 93003)} == {
        93001: [("US-OFAC-SDN", "2020-12-10")],
        93002: [("US-FSE", "2021-01-31")],
        93003: [("US-OFAC-CONS", "2024-02-01")],
    }
    claim = sample.of("DESIGNATES")[0]
    assert claim.evidence.record == "501"
    assert claim.properties == {
        "list": ("SDN List",),
        "program": ("YEMEN",),
        "measure": ("Block",),
        "legalBasis": ("Executive Order 13611 (Yemen)",),
    }


def test_a_relation_type_is_known_by_its_name_when_it_has_no_id(tmp_path: Path) -> None:
    change = ('<type refId="15003">Owned', "<type>Owned")
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    assert ("CONTROLS", "93001", "93002") in loaded.ties()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (('entity id="93003"', 'entity id=""'), "'' is no number of an OFAC entry"),
        ((' entityId="93999"', ""), "relationship 903 of 93002 names no other entity"),
        (
            ('datePublished="2024-02-01"', 'datePublished="soon"'),
            "day of listing 'soon' is no date",
        ),
        (("LANTERN FUND", ""), "entry 93003 has no name"),
        (
            ('<entity id="93003">', '<entity id="93003" action="remove">'),
            "a change (action 'remove'), not an entry",
        ),
        (
            (
                (
                    '<sanctionsList refId="91512" id="504" datePublished="2024-02-01">'
                    "Consolidated List</sanctionsList>"
                ),
                "",
            ),
            "entity 93003 is on no list",
        ),
    ],
)
def test_what_cannot_be_read_is_set_aside(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    assert loaded.report.tally == (3, 2, 0, 0, 1)
    assert loaded.reasons()[0].startswith(reason)


def test_nothing_of_an_entity_that_is_set_aside_is_written(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, (' entityId="93999"', "")))
    assert loaded.ties() == [("DIRECTS", "93001", "93002")]
    assert not loaded.listed(93002)


def test_unknown_elements_sections_and_lists_are_signalled(tmp_path: Path) -> None:
    changes = (
        ("</entities>", "</entities><weather />"),
        ("<comments>since 2019</comments>", "<comments /><mood>good</mood>"),
        (">FSE List<", ">List of Lists<"),
    )
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, *changes))
    assert loaded.noted["unknown section", "weather"] == 1
    assert loaded.noted["unknown field", "entity: relationships.relationship.mood"] == 1
    assert loaded.noted["unknown lists", "List of Lists"] == 1
    assert loaded.listed(93002) == [("ofac-list:list-of-lists", "2021-01-31")]
