"""Elements of OFAC's Advanced XML become parties, relations in the right direction, listings."""

from collections import Counter
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name, Relation
from spillover.loaders.manifest import manifest
from spillover.loaders.run import run
from tests.loaders.ofac_loads import DATA, NEW, Loaded, changed

SAMPLE = "cons_advanced.xml"
RELATIONS = manifest("ofac").tables["relations"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("advanced"), DATA / SAMPLE, tolerance=0.0)


def by_record(loaded: Loaded) -> dict[str, Relation]:
    return {r.evidence.record: r for r in loaded.relations if r.kind != "DESIGNATES"}


def test_every_element_is_counted(sample: Loaded) -> None:
    """4 parties, 12 relationships and 6 entries, of which one repeats that of its own list; 3
    locations and 6 documents are folded into the parties."""
    assert sample.report.tally == (4 + 12 + 6 + 3 + 6, 4 + 12 + 5, 3 + 6, 1, 0)
    assert sample.noted == {
        ("ignored", "entry of the umbrella list beside that of the party's own list"): 1,
        ("merged", "IDRegDocument of a party"): 6,
        ("merged", "Location of a party"): 3,
        ("described by nobody", "entities that relations name"): 1,
        ("relationship with a party that is not in the files", "92777"): 1,
        ("unknown identifiers", "Library Card"): 1,
        ("unknown label", "Favourite Colour"): 1,
        ("unknown lists", "List of Lists"): 1,
        ("unknown relation type", "99996 Haunted By"): 1,
    }


def test_owned_or_controlled_by_runs_from_the_owner_at_the_to_end_without_a_share(
    sample: Loaded,
) -> None:
    """15003: 92002 is owned or controlled by 92001, so 92001 controls 92002; no means are said."""
    claim = by_record(sample)["1"]
    assert (claim.kind, claim.source, claim.target) == ("CONTROLS", "ofac:92001", "ofac:92002")
    assert (claim.stake, claim.stake_text, claim.basis) == (None, "", "")
    assert not claim.reported_indirect
    assert claim.evidence.note == "Owned or Controlled By"
    assert (claim.evidence.observed, claim.evidence.confidence) == ("2024-05-07", "high")
    assert not sample.of("OWNS")


def test_every_relation_type_has_its_kind_and_direction(sample: Loaded) -> None:
    """In the sample 92003 is a person, 92004 a ship; record 12 is a former relation."""
    assert {
        record: (r.kind, r.source[-1], r.target[-1]) for record, r in by_record(sample).items()
    } == {
        "1": ("CONTROLS", "1", "2"),  # 2 owned or controlled by 1
        "2": ("CONTROLS", "1", "4"),  # 1 owns, controls, or operates 4
        "3": ("REPRESENTS", "3", "1"),  # 3 acting for or on behalf of 1
        "4": ("DIRECTS", "3", "1"),  # 3 leader or official of 1
        "5": ("DIRECTS", "3", "2"),  # 3 principal executive officer of 2
        "6": ("LINKED_TO", "2", "1"),  # 2 providing support to 1
        "7": ("LINKED_TO", "3", "2"),  # 3 associate of 2
        "8": ("FAMILY_OF", "3", "7"),  # 3 family member of 92777
        "9": ("LINKED_TO", "3", "2"),  # 3 playing a significant role in 2
        "10": ("LINKED_TO", "4", "3"),  # 4 property in the interest of 3
        "11": ("LINKED_TO", "4", "3"),  # 4 haunted by 3
        "12": ("LINKED_TO", "2", "3"),  # 2 was owned or controlled by 3
    }
    used = {r.properties["role"][0] for r in by_record(sample).values()}
    assert used >= {entry["name"] for entry in RELATIONS.values()}


def test_a_former_relation_is_no_present_control(sample: Loaded) -> None:
    former = by_record(sample)["12"]
    assert former.properties == {"role": ("formerly: Owned or Controlled By",)}


def test_an_unknown_type_is_kept_with_its_words(sample: Loaded) -> None:
    assert by_record(sample)["11"].properties == {"role": ("Haunted By",)}


def test_the_quality_of_a_relation_is_its_confidence(sample: Loaded) -> None:
    claims = by_record(sample)
    assert [claims[record].evidence.confidence for record in ("1", "2", "3")] == [
        *("high", "high", "low"),
    ]
    assert claims["3"].evidence.note == "Acting for or on behalf of by power of attorney"


def test_a_firm(sample: Loaded) -> None:
    firm = sample.party(92001)
    assert (firm.schema, firm.name) == ("Organization", "MILLSTONE HOLDING, PAO")
    assert firm.names == (Name("MILLSTONE GROUP", "", "alias"), Name("磨石控股", "zh", "previous"))
    assert firm.countries == ("ru",)
    assert firm.identifiers == (("ofac", "92001"), ("inn", "6900920001"), ("register", "55-92001"))
    assert firm.properties == {
        "notes": (
            "For more information see the website of OFAC.",
            "Website www.millstone.example: mirror",
            "Favourite Colour green",
        ),
        "nameScript": ("Chinese Simplified: 磨石控股",),
        "documents": (
            "Tax ID No. 6900920001 (Russia) authority INN",
            "Registration Number 55-92001 (Panama)",
        ),
        "address": ("2 Mill Road, Tver / Тверь 170002, Russia",),
        "sanctionsInfo": (
            "Executive Order 13662 Directive Determination - Subject to Directive 1",
        ),
        "website": ("www.millstone.example",),
    }


def test_a_place_may_only_be_a_country_or_nothing(sample: Loaded) -> None:
    firm = sample.party(92002)
    assert firm.countries == ("pa",)
    assert firm.properties == {"jurisdiction": ("pa",)}


def test_a_person_has_the_latin_name_first_and_false_facts_only_as_text(sample: Loaded) -> None:
    person = sample.party(92003)
    assert (person.schema, person.name) == ("Person", "MELNIK, Oleg Petrovich")
    assert person.names == (Name("Олег Мельник", "", "name"), Name("FLOUR", "", "weak"))
    assert person.identifiers == (("ofac", "92003"), ("passport", "70 9200003"))
    assert person.properties["documents"] == (
        "Passport 70 9200003 (Russia) issued 2014-03-09 [seen in 2016]",
        "Passport FALSE-4 [not valid]",
        "Library Card L-6 (Russia)",
    )
    assert person.properties["birthDate"] == ("1962",)
    assert person.properties["notes"] == ("Birthdate circa 1950 to 1952 [known to be false]",)


def test_a_ship(sample: Loaded) -> None:
    ship = sample.party(92004)
    assert (ship.schema, ship.identifiers[1:]) == ("Vessel", (("imo", "9000039"),))
    assert ship.properties["flag"] == ("pa",)
    assert ship.properties["type"] == ("General Cargo",)


def test_listings_begin_on_the_earliest_day_of_their_entry(sample: Loaded) -> None:
    """92002 is under two directives and 92003 under one tag: only the latter's day is certain."""
    assert {uid: sample.listed(uid) for uid in (92001, 92002, 92003, 92004)} == {
        92001: [("US-SSI", "2014-07-29"), ("US-SSI-D1", "2014-07-29")],
        92002: [("US-SSI", "2015-12-22"), ("US-SSI-D1", None), ("US-SSI-D3", None)],
        92003: [
            ("US-OFAC-SDN", "2016-02-03"),
            ("US-TERR", "2016-02-03"),
            ("US-OFAC-CONS", "2016-02-03"),
        ],
        92004: [("ofac-list:list-of-lists", "2017")],
    }
    claim = next(r for r in sample.of("DESIGNATES") if r.target == "ofac:92001")
    assert claim.evidence.record == "9001"
    assert claim.properties == {
        "list": ("Sectoral Sanctions Identifications List",),
        "program": ("UKRAINE-EO13662",),
        "measure": ("13662 Sectoral Directive 1",),
        "legalBasis": ("Executive Order 13662 (Ukraine)",),
    }


def test_both_namespaces_say_the_same(tmp_path: Path, sample: Loaded) -> None:
    file = changed(tmp_path, SAMPLE, (NEW + "ADVANCED_XML", "http://www.un.org/sanctions/1.0"))
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == sample.report.tally
    assert loaded.entities == sample.entities
    assert loaded.relations == sample.relations


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            ('PartySubTypeID="1">', 'PartySubTypeID="77">'),
            "PartySubType '77' is not among the reference values of the file",
        ),
        (('ID="1" PartyTypeID="4">Vessel', 'ID="1" PartyTypeID="4">Balloon'), "unknown type 'Ball"),
        (('LocationID="803"', 'LocationID="899"'), "location '899' is not in the file"),
        (('LocPartTypeID="1454"', 'LocPartTypeID="77"'), "LocPartType '77' is not among"),
        (('IDRegDocTypeID="1596"', 'IDRegDocTypeID="77"'), "IDRegDocType '77' is not among"),
        (('IdentityID="404" ValidityID', 'IdentityID="9" ValidityID'), "document 605 belongs to"),
        (('ListID="99997"', 'ListID="77"'), "List '77' is not among"),
        (('ProfileID="92004" ListID', 'ProfileID="77" ListID'), "entry of profile '77', which is"),
        (
            ('<RelationType ID="99996">Haunted By</RelationType>', ""),
            "relation type '99996' is unknown and has no name in the file",
        ),
        (("<Day>22</Day>", "<Day>44</Day>"), "day of listing '2015-12-44' is no date"),
        (('FixedRef="92004">', 'FixedRef="9 2">'), "'9 2' is no number of an OFAC entry"),
        (
            ('<ProfileRelationship ID="7"', '<ProfileRelationship DeltaAction="Delete" ID="7"'),
            "a change (DeltaAction 'Delete'), not an entry; load the full list instead",
        ),
    ],
)
def test_what_cannot_be_read_is_set_aside(
    tmp_path: Path, change: tuple[str, str], reason: str
) -> None:
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    assert loaded.report.tally.read == 31
    assert any(found.startswith(reason) for found in loaded.reasons()), loaded.reasons()


def test_a_location_of_nobody_is_set_aside(tmp_path: Path) -> None:
    change = ('<VersionLocation LocationID="801" />', "")
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    assert loaded.reasons() == ["location 801 belongs to no party of the file"]


def test_a_relationship_may_lead_into_another_file(tmp_path: Path) -> None:
    """The sample again with other numbers as ``sdn_advanced.xml``, and 92777 in it as a party."""
    text = (DATA / SAMPLE).read_text("utf-8")
    other = tmp_path / "sdn_advanced.xml"
    other.write_text(text.replace("92777", "1").replace("9200", "8800").replace("88002", "92777"))
    loaded = Loaded(tmp_path, DATA / SAMPLE, other)
    assert ("relationship with a party that is not in the files", "92777") not in loaded.noted
    assert ("FAMILY_OF", "92003", "92777") in loaded.ties()


def test_an_unknown_profile_is_not_guessed_where_profiles_have_their_own_numbers(
    tmp_path: Path,
) -> None:
    changes = (
        ('Profile ID="92004"', 'Profile ID="5"'),
        ('ProfileID="92004"', 'ProfileID="5"'),
    )
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, *changes))
    assert loaded.reasons() == ["profile '92777' is of no party of the files; load them together"]
    assert ("CONTROLS", "92001", "92004") in loaded.ties()


def test_a_person_who_is_owned_is_signalled_and_left_as_stated(tmp_path: Path) -> None:
    change = (
        'To-ProfileID="92004" RelationTypeID="92019"',
        'To-ProfileID="92003" RelationTypeID="92019"',
    )
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    what = "a person is the owned, controlled or directed end"
    assert loaded.noted[what, "Owns, controls, or operates"] == 1
    assert ("CONTROLS", "92001", "92003") in loaded.ties()


def test_a_type_that_changed_its_name_is_only_a_link(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, (">Owned or Controlled By<", ">Fond Of<")))
    assert loaded.noted["unknown relation type", "15003 Fond Of"] == 2
    assert by_record(loaded)["1"].kind == "LINKED_TO"


def test_unknown_elements_and_sections_are_signalled(tmp_path: Path) -> None:
    changes = (
        ("<SanctionsEntryLinks />", "<SanctionsEntryLinks /><Weather><Rain /></Weather>"),
        ("<Comment>second action</Comment>", "<Comment /><Mood>good</Mood>"),
        ('LocationCountry CountryID="1"', 'LocationCountry Size="9" CountryID="1"'),
    )
    noted = Loaded(tmp_path, changed(tmp_path, SAMPLE, *changes)).noted
    assert noted["unknown section", "Weather"] == 1
    assert noted["unknown field", "SanctionsEntry: EntryEvent.Mood"] == 1
    assert noted["unknown field", "Location: LocationCountry.@Size"] == 1


def test_an_event_of_an_unknown_kind_begins_nothing(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, (">Created<", ">Regretted<")))
    assert loaded.noted["unknown events", "Regretted"] == 6
    assert {start for r in loaded.of("DESIGNATES") for start in [r.start]} == {None}


def test_links_between_entries_are_left_out_by_name(tmp_path: Path) -> None:
    change = (
        "<SanctionsEntryLinks />",
        '<SanctionsEntryLinks><SanctionsEntryLink ID="1" /></SanctionsEntryLinks>',
    )
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, change))
    assert loaded.noted["ignored", "link between entries of lists"] == 1


def test_a_file_without_reference_values_is_refused(tmp_path: Path) -> None:
    text = (DATA / SAMPLE).read_text("utf-8")
    head, _, rest = text.partition("<ReferenceValueSets>")
    file = tmp_path / SAMPLE
    file.write_text(head + rest.partition("</ReferenceValueSets>")[2], encoding="utf-8")
    with pytest.raises(InputError, match="reference values of the file"):
        run(tmp_path / "g.db", "ofac", [file])


def test_the_two_lists_of_the_sample_have_one_programme_each(sample: Loaded) -> None:
    counts = Counter(r.source for r in sample.of("DESIGNATES"))
    assert counts == {
        "US-SSI": 2,
        "US-SSI-D1": 2,
        "US-SSI-D3": 1,
        "US-OFAC-SDN": 1,
        "US-TERR": 1,
        "US-OFAC-CONS": 1,
        "ofac-list:list-of-lists": 1,
    }


def test_unknown_parts_of_names_and_addresses_are_kept_and_signalled(tmp_path: Path) -> None:
    changes = (
        ('ID="1526">Vessel Name', 'ID="1526">Hull Name'),
        ('ID="1451">ADDRESS1', 'ID="1451">PLANET'),
    )
    loaded = Loaded(tmp_path, changed(tmp_path, SAMPLE, *changes))
    assert loaded.noted["unknown part of a name", "Hull Name"] == 1
    assert loaded.noted["unknown part of an address", "PLANET"] == 1
    assert loaded.party(92004).name == "MILLRACE"
    assert loaded.party(92001).properties["address"] == (
        "Tver / Тверь 170002, 2 Mill Road, Russia",
    )


@pytest.mark.parametrize(
    ("script", "name"),
    [
        ("Chinese Simplified", "МельникОлег"),
        ("Cyrillic", "Олег Мельник"),
        ("Latin", "Мельник, Олег"),
    ],
)
def test_a_name_is_put_together_as_its_script_is_read(
    tmp_path: Path, script: str, name: str
) -> None:
    change = (">Cyrillic<", f">{script}<")
    person = Loaded(tmp_path, changed(tmp_path, SAMPLE, change)).party(92003)
    assert name in {person.name, *(other.text for other in person.names)}
