"""Statements of all BODS versions become claims, by their last version and with their bounds."""

from pathlib import Path

import pytest

from spillover.graph.schema import Entity, Name
from spillover.graph.stake import Stake
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.manifest import manifest
from tests.loaders.bods_loads import FIRM, MODERN, OLDER, Loaded, loaded, relationship


@pytest.fixture(scope="module")
def modern(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("modern"), MODERN)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("older"), OLDER)


def test_every_statement_is_accounted_for(modern: Loaded, older: Loaded) -> None:
    """21 statements of 19 records; 9 statements, of which two are replaced and one stands twice."""
    assert modern.report.tally == (21, 19, 2, 0, 0)
    assert modern.audits() == {
        ("merged", "an earlier statement of the record"): 2,
        ("nobody named", "interestedParty: interestedPartyHasNotProvidedInformation"): 1,
        ("nobody named", "interestedParty: noBeneficialOwners"): 1,
        ("nobody named", "subject: subjectExemptFromDisclosure"): 1,
    }
    assert older.report.tally == (9, 6, 3, 0, 0)
    assert older.audits() == {
        ("merged", "replaced by a later statement"): 2,
        ("merged", "the same statement again"): 1,
        ("nobody named", "interestedParty: interestedPartyHasNotProvidedInformation"): 1,
    }


def test_what_is_said_of_an_entity(modern: Loaded) -> None:
    """Of its last version. With a valid LEI it goes by that, and by its record as well."""
    assert modern.entities[FIRM] == Entity(
        FIRM,
        "Organization",
        "Sample Firm plc",
        (Name("Muster plc", role="alias"),),
        ("gb",),
        (
            ("gb-coh", "SC123456"),
            ("lei", "TEST00HOLDING0000129"),
            ("register", "77"),
            ("bods", "bods:firm"),
            ("isin", "DE0001234565"),
            ("ticker", "SMPL"),
        ),
        (),
        {
            "entityType": ("registeredEntity",),
            "entityTypeDetails": ("private company",),
            "jurisdiction": ("GB-SCT, Scotland",),
            "incorporationDate": ("2001-02",),
            "uri": ("https://example.org/sample",),
            "publicListing": ("true",),
            "companyFilings": ("https://example.org/filings",),
            "listing": ("Sample Exchange, GB, XSAM, SMPL, isin DE0001234565",),
            "formedByStatute": ("Samples Act, 2001-01-01",),
            "registered": (
                "GB-COH, SC123456",
                "XI-LEI, TEST00HOLDING0000129",
                "Chamber of Samples, 77, https://example.org/77",
            ),
            "address": ("registered: 1 High Street, Perth, PH1, United Kingdom",),
            "source": ("yearly",),
            "retrievedAt": ("2025-02-20",),
            "assertedBy": ("Sample Firm, https://example.org/us",),
            "annotation": ("commenting, checked by hand",),
        },
        ("bods",),
    )
    with Store(modern.graph) as store:
        assert store.entity(store.find("bods:firm")).id == FIRM


def test_what_is_said_of_a_person(modern: Loaded) -> None:
    ann = modern.entities["bods:ann"]
    assert (ann.schema, ann.name, ann.countries) == ("Person", "Ann Beispiel Sample", ("fi", "ie"))
    assert ann.names == (
        Name("Annie Sample", role="alias"),
        Name("Ann Muster", role="previous"),
        Name("Анна Семпл", role="alias"),
        Name("Anna Muster", role="previous"),
    )
    assert ann.identifiers == (("tax", "1234567A"), ("passport", "P1"))
    assert ann.topics == ("role.pep",)
    assert dict(ann.properties) == {
        "personType": ("knownPerson",),
        "firstName": ("Ann",),
        "fatherName": ("Beispiel",),
        "lastName": ("Sample",),
        "birthDate": ("1970-05",),
        "deathDate": ("2025-01-01",),
        "birthPlace": ("Oulu, Finland",),
        "taxResidency": ("IE, Ireland",),
        "politicalExposure": ("isPep",),
        "position": ("Member of Parliament, Ireland, 2016 to 2020-10-15",),
        "registered": ("IRL-TAXID, PPS number, 1234567A", "FIN-PASSPORT, P1"),
        "address": ("service: PO Box 1, Cork, Ireland",),
    }


@pytest.mark.parametrize(
    ("record", "schema", "name", "topics"),
    [
        ("mid", "Organization", "Middle Trust", ()),
        ("state", "Country", "Suomen tasavalta", ("gov.national",)),
        ("ministry", "PublicBody", "Ministry of Samples", ("gov",)),
        ("nomination", "LegalEntity", "A nomination", ()),
        ("hidden", "LegalEntity", "anonymous entity: the owner need not be named", ()),
        ("bob", "Person", "anonymous person: the owner need not be named", ()),
    ],
)
def test_types_and_those_who_are_not_named(
    modern: Loaded, record: str, schema: str, name: str, topics: tuple[str, ...]
) -> None:
    found = modern.entities[f"bods:{record}"]
    assert (found.schema, found.name, found.topics) == (schema, name, topics)


def test_a_state_has_its_code(modern: Loaded) -> None:
    assert modern.entities["bods:state"].identifiers == (("iso3166", "fi"),)


def test_each_interest_is_a_claim_of_its_kind(modern: Loaded) -> None:
    """The interested party owns, the subject is owned; each interest keeps its own bounds."""
    found = [
        (r.kind, r.basis, r.stake, r.stake_text, r.start, r.properties.get("role"))
        for r in modern.between("bods:ann", FIRM)
    ]
    assert found == [
        ("OWNS", "capital", Stake(23_500_000, 23_500_000), "23.5", "2016-04-06", None),
        (
            *("OWNS", "votes", Stake(25_000_001, 50_000_000)),
            *("maximum 50, exclusiveMinimum 25", "2016-04-06", None),
        ),
        (
            *("OWNS", "interest", Stake(25_000_000, 49_999_999)),
            *("minimum 25, exclusiveMaximum 50", None, ("rights to profit or income",)),
        ),
        ("CONTROLS", "board", None, "", None, ("appointment of board",)),
        ("DIRECTS", "", None, "", "2017", ("board chair",)),
        ("DIRECTS", "", None, "", None, ("senior managing official",)),
    ]
    first, _, _, board, *_ = modern.between("bods:ann", FIRM)
    assert board.properties["share"] == ("minimum 75",)
    assert first.properties == {"assertedBy": ("Ann Sample",), "beneficial": ("true",)}
    evidence = first.evidence
    assert (evidence.publisher, evidence.record) == ("Register of Samples", "st-rel-2")
    assert (evidence.url, evidence.observed) == ("https://example.org/ann", "2025-02-20")
    assert (evidence.confidence, evidence.note) == ("high", "ordinary shares")


def test_an_indirect_interest_repeats_its_components(modern: Loaded) -> None:
    """60 % of the trust in the firm; Bob's indirect 60 % is the same block, told once more."""
    assert [(r.reported_indirect, r.basis) for r in modern.between("bods:bob", FIRM)] == [
        (True, "capital"),
        (True, "votes"),  # no level is stated: the components decide
    ]
    (part,) = modern.between("bods:mid", FIRM)
    assert (part.reported_indirect, part.stake) == (False, Stake(60_000_000, 60_000_000))
    assert part.properties == {"component": ("true",)}
    (benefit,) = modern.between("bods:bob", "bods:mid")
    assert (benefit.kind, benefit.basis, benefit.stake) == ("OWNS", "interest", None)
    components = modern.between("bods:bob", FIRM)[0].properties["components"]
    assert components == ("mid", "part-1", "part-2")


def test_a_closed_record_ends_on_its_day_or_earlier(modern: Loaded) -> None:
    found = [(r.properties["role"], r.end) for r in modern.between("bods:ann", "bods:mid")]
    assert found == [(("settlor",), "2025-02-20"), (("protector",), "2020-01-01")]


def test_roles_of_trusts_and_nominations(modern: Loaded) -> None:
    found = [
        (r.kind, r.source, r.properties["role"][0], r.properties.get("share"))
        for r in modern.relations
        if r.target == "bods:nomination"
    ]
    assert found == [
        ("REPRESENTS", "bods:ann", "nominee", None),
        ("LINKED_TO", "bods:ann", "conditional rights granted by contract", ("5",)),
        ("CONTROLS", "bods:bob", "nominator", None),
        ("CONTROLS", "bods:bob", "trustee", None),
    ]


def test_an_owner_of_whom_only_the_reason_is_known(modern: Loaded) -> None:
    """Ten per cent are somebody's; that there is no owner is a denial, not an owner."""
    unnamed = "bods:rel-unnamed#interestedParty"
    (claim,) = modern.between(unnamed, FIRM)
    assert (claim.stake, claim.evidence.note) == (Stake(10_000_000, 10_000_000), "asked twice")
    assert modern.entities[unnamed].name == (
        "not named: the owner has not said enough to be identified"
    )
    (none,) = modern.between("bods:rel-none#interestedParty", "bods:ministry")
    assert (none.kind, none.stake, none.evidence.stance) == ("OWNS", None, "denies")
    (listed,) = modern.between("bods:hidden", "bods:rel-listed#subject")
    assert (listed.kind, listed.stake, listed.evidence.stance) == ("OWNS", None, "asserts")
    assert listed.properties == {"role": ("interest not stated",)}


def test_what_a_state_controls(modern: Loaded) -> None:
    found = [(r.kind, r.basis, r.stake) for r in modern.between("bods:state", "bods:ministry")]
    assert found == [
        ("CONTROLS", "", None),
        ("CONTROLS", "influence", None),
        ("OWNS", "interest", None),
    ]


def test_statements_of_0_2(older: Loaded) -> None:
    """Codes with hyphens, exclusive bounds as truths, and a chain of replaced statements."""
    (votes,) = older.between("bods:old-ann", "bods:old-firm")
    assert (votes.basis, votes.stake) == ("votes", Stake(25_000_001, 50_000_000))
    assert votes.stake_text == (
        "minimum 25, maximum 50, exclusiveMinimum true, exclusiveMaximum false"
    )
    unnamed = "bods:old-rel-3#interestedParty"
    (half,) = older.between(unnamed, "bods:old-firm")
    assert (half.stake, half.evidence.record) == (Stake(50_000_000, 50_000_000), "old-rel-3")
    surplus, anything = older.between("bods:old-bob", "bods:old-firm")
    assert (surplus.basis, surplus.stake, surplus.reported_indirect) == ("interest", None, True)
    assert (anything.kind, anything.basis, anything.reported_indirect) == ("OWNS", "interest", True)
    assert older.entities["bods:old-firm"].name == "Older Firm, renamed"
    assert "bods:old-firm-2" not in older.entities
    assert older.entities["bods:old-ann"].topics == ("role.pep",)
    assert older.entities["bods:old-ann"].properties["position"] == ("Mayor, gb, 2017-10-15 to ..",)
    assert older.entities["bods:old-bob"].properties["politicalExposure"] == ("isNotPep",)


def test_both_versions_load_together_under_a_name_of_their_own(tmp_path: Path) -> None:
    """Record ids are unique for a publisher alone: they stand behind the name of the dataset."""
    both = Loaded(tmp_path, MODERN, OLDER, options=Options(name="samples"))
    assert both.report.tally == (30, 25, 5, 0, 0)
    assert {"samples:ann", "samples:old-ann", FIRM} <= both.entities.keys()


def test_every_interest_type_is_of_a_kind_that_is_declared(tmp_path: Path) -> None:
    """All 25 types of 0.4, and every other spelling in the manifest, load as what it says."""
    table = manifest("bods").tables["interestTypes"]
    found = loaded(tmp_path, relationship(*({"type": code} for code in table)))
    assert [(r.kind, r.basis) for r in found.relations] == [
        (meaning["kind"], meaning.get("basis", "")) for meaning in table.values()
    ]
    assert {r.kind for r in found.relations} == set(manifest("bods").emits)
