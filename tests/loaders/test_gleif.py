"""LEI records, relationships and exceptions become the same graph, whatever form they come in."""

from pathlib import Path

import pytest

from spillover.graph.schema import Entity, Name
from tests.loaders.gleif_loads import (
    DAUGHTER,
    DUPLICATE,
    FUND,
    GRANDCHILD,
    HANZI,
    HOLDING,
    MANAGER,
    OLD,
    REASONS,
    SAMPLES,
    Loaded,
    samples,
)


@pytest.fixture(scope="module")
def xml(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The three XML samples, the exceptions first: their LEI records come later."""
    files = samples("repex.xml", "rr.xml", "lei2.xml")
    return Loaded(tmp_path_factory.mktemp("gleif"), *files)


def test_every_record_is_accounted_for(xml: Loaded) -> None:
    """9 LEI records, 12 relationships, 5 exceptions.

    Of the relationships one is a duplicate. Of the exceptions one was withdrawn, two are told with
    the LEI record of the holding, and the two of an entity without a record make it, together.
    """
    assert xml.report.tally == (26, 9 + 11 + 1, 1 + 2 + 1, 1, 0)
    assert xml.audits() == {
        ("described by nobody", "entities that relations name"): 5,
        ("entity without an LEI record", "described by repex alone"): 1,
        ("ignored", "exception that was withdrawn"): 1,
        ("merged", "a duplicate of another relationship record"): 1,
        ("merged", "repex: told with the entity"): 3,
        ("provisional node without an LEI", "PNI-77"): 1,
        ("relationship deleted by GLEIF", "2025"): 1,
    }


def test_what_an_lei_record_says(xml: Loaded) -> None:
    """Languages and roles of names, both addresses, and why there is no parent."""
    holding = xml.entities[HOLDING]
    assert holding == Entity(
        HOLDING,
        "Organization",
        "Großbeispiel Holding AG",
        (
            Name("Großbeispiel Holding AG", "de"),
            Name("Grand Sample Holding", "en"),
            Name("Kleinbeispiel AG", "de", "previous"),
            Name("Großbeispiel", "de", "alias"),
            Name("Grossbeispiel Holding AG", "de", "weak"),
        ),
        ("de", "at"),
        (("lei", "TEST00HOLDING0000129"), ("register", "HRB 4711")),
        (),
        {
            "jurisdiction": ("DE",),
            "category": ("GENERAL",),
            "entityStatus": ("ACTIVE",),
            "registrationStatus": ("ISSUED",),
            "managingLOU": ("TEST00LOU00000000184",),
            "validationSources": ("FULLY_CORROBORATED",),
            "incorporationDate": ("1999-05-04",),
            "initialRegistrationDate": ("2014-01-02",),
            "lastUpdateDate": ("2025-12-31",),
            "nextRenewalDate": ("2027-01-02",),
            "legalAddress": ("Musterweg 1, Haus B, Musterstadt, DE-BE, 10000, DE",),
            "headquartersAddress": ("Probegasse 2, Probedorf, AT",),
            "legalForm": ("6QQB",),
            "registrationAuthority": ("RA000197",),
            "conformity": ("CONFORMING",),
            "event": ("CHANGE_LEGAL_NAME, effective 2024-04-25, COMPLETED",),
            "noDirectParent": (
                f"NATURAL_PERSONS: {REASONS['NATURAL_PERSONS']} (family, not named)",
            ),
            "noUltimateParent": (f"NO_KNOWN_PERSON: {REASONS['NO_KNOWN_PERSON']}",),
        },
        ("gleif",),
    )


@pytest.mark.parametrize(
    ("entity", "schema", "topics", "identifier"),
    [
        (DAUGHTER, "LegalEntity", (), ("gb-coh", "1234567")),  # no category is stated
        (HANZI, "Organization", (), ("uscc", "91110000MA0000001L")),
        (FUND, "Organization", ("fin.fund",), None),  # RA888888 is no register
        ("lei:TEST00BRANCH00000163", "Organization", (), None),
        ("lei:TEST00STATE000000126", "PublicBody", ("gov", "gov.muni"), None),
        ("lei:TEST00SOLE0000000191", "Person", (), None),
    ],
)
def test_categories_and_registers(
    xml: Loaded,
    entity: str,
    schema: str,
    topics: tuple[str, ...],
    identifier: tuple[str, str] | None,
) -> None:
    found = xml.entities[entity]
    assert (found.schema, found.topics) == (schema, topics)
    assert found.identifiers[1:] == ((identifier,) if identifier else ())
    assert "registrationAuthority" in found.properties or identifier is None


def test_a_chinese_firm_goes_by_its_hanzi_name(xml: Loaded) -> None:
    assert xml.entities[HANZI].name == "样品有限公司"
    assert xml.entities[HANZI].names == (
        Name("样品有限公司", "zh"),
        Name("Sample Company Limited", "en"),
    )


def test_the_parent_consolidates_the_child(xml: Loaded) -> None:
    """StartNode is the child. The period that counts is that of the relationship, not of papers."""
    claim = xml.one(HOLDING, DAUGHTER)
    assert (claim.kind, claim.start, claim.end) == ("CONSOLIDATES", "2015-03-01", None)
    assert (claim.stake, claim.stake_text, claim.reported_indirect) == (None, "", False)
    assert claim.properties == {
        "level": ("direct",),
        "validationDocuments": ("ACCOUNTS_FILING",),
        "accountingStandard": ("ACCOUNTING_STANDARD: IFRS",),
        "consolidated": ("100.00 PERCENTAGE ACCOUNTING_CONSOLIDATION",),
        "accountingPeriod": ("2024-01-01/2024-12-31",),
        "documentFilingPeriod": ("2025-02-01/..",),
    }
    evidence = claim.evidence
    assert evidence.record == "TEST00DAUGHTER000127|IS_DIRECTLY_CONSOLIDATED_BY"
    assert (evidence.url, evidence.observed) == ("https://example.org/accounts/2024", "2025-06-01")
    assert (evidence.confidence, evidence.stance) == ("high", "asserts")


def test_an_ultimate_parent_repeats_a_chain(xml: Loaded) -> None:
    """It is a shortcut; a lapsed record is at most of medium confidence; its note is no address."""
    claim = xml.one(HOLDING, GRANDCHILD)
    assert (claim.kind, claim.properties["level"]) == ("CONSOLIDATES", ("ultimate",))
    assert claim.reported_indirect
    assert (claim.evidence.confidence, claim.evidence.note) == ("medium", "annual report, on paper")
    assert claim.evidence.url == "https://www.gleif.org"


def test_other_relationships(xml: Loaded) -> None:
    """Who acts for whom, what belongs to what: never a share."""
    found = [
        (r.kind, r.source, r.target, r.properties["role"], r.start, r.end, r.evidence.confidence)
        for r in xml.relations
        if "role" in r.properties
    ]
    branch, umbrella = "lei:TEST00BRANCH00000163", "lei:TEST00UMBRELLA000108"
    head = ("head office of an international branch",)
    assert sorted(found) == [
        ("CONTROLS", HOLDING, branch, head, None, None, "medium"),
        (
            *("LINKED_TO", DAUGHTER, MANAGER, ("associated entity, fund family",)),
            *(None, None, "medium"),
        ),
        (
            *("LINKED_TO", FUND, "lei:TEST00MASTER00000113", ("feeder fund to",)),
            *("2018-01-01", "2019-01-01", "medium"),
        ),
        ("LINKED_TO", FUND, umbrella, ("sub-fund of",), None, None, "low"),  # status NULL
        ("REPRESENTS", MANAGER, FUND, ("fund manager",), None, None, "low"),  # not validated yet
    ]


def test_what_the_statuses_mean_for_a_claim(xml: Loaded) -> None:
    """Retired: over by the last update. Annulled: denied. Deleted: over on the day of deletion."""
    retired = xml.one(DAUGHTER, GRANDCHILD)
    assert (retired.start, retired.end) == ("2016-01-01", "2023-04-05")
    assert retired.properties["registrationStatus"] == ("RETIRED",)
    annulled = xml.one(HOLDING, OLD, level=("ultimate",))
    assert (annulled.evidence.stance, annulled.evidence.confidence) == ("denies", "low")
    assert xml.one(HOLDING, HANZI).end == "2025-11-23"
    parent = xml.one("gleif:pni-PNI-77", HANZI)
    assert (parent.evidence.confidence, parent.evidence.stance) == ("high", "asserts")


def test_each_period_of_a_relationship_is_a_claim(xml: Loaded) -> None:
    sole = "lei:TEST00SOLE0000000191"
    found = [(r.start, r.end) for r in xml.relations if r.target == sole]
    assert found == [("2010-01-01", "2012-12-31"), ("2015-01-01", None)]


def test_successors(xml: Loaded) -> None:
    """By LEI, else by name; of a duplicate it is the LEI that the entity keeps."""
    found = [
        (r.source, r.target, r.start, r.properties, r.evidence.confidence)
        for r in xml.relations
        if r.kind == "SUCCEEDS"
    ]
    reason = {"reason": ("CORPORATE_ACTION",)}
    assert found == [
        (HOLDING, OLD, "2020-06-30", reason, "medium"),
        ("gleif:new-sample-llp", OLD, "2020-06-30", reason, "medium"),
        (DAUGHTER, DUPLICATE, None, {"reason": ("DUPLICATE",)}, "medium"),
    ]
    assert xml.entities["gleif:new-sample-llp"].name == "New Sample LLP"
    assert xml.entities[OLD].properties["dissolutionDate"] == ("2020-06-30",)


def test_an_exception_without_an_lei_record_makes_one_entity(xml: Loaded) -> None:
    """Two exceptions, one of them with two reasons, are one description."""
    lonely = xml.entities["lei:TEST00LONELY00000118"]
    assert (lonely.name, lonely.schema) == ("TEST00LONELY00000118", "LegalEntity")
    assert [line.partition(":")[0] for line in lonely.properties["noDirectParent"]] == [
        "NON_PUBLIC",
        "LEGAL_OBSTACLES",
    ]
    assert lonely.properties["noUltimateParent"][0].startswith("NO_LEI: its parent has no LEI")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_the_order_of_the_files_does_not_matter(
    xml: Loaded, tmp_path: Path, order: tuple[int, int, int]
) -> None:
    files = samples("repex.xml", "rr.xml", "lei2.xml")
    again = Loaded(tmp_path, *(files[place] for place in order))
    assert again.entities == xml.entities
    assert sorted(map(str, again.relations)) == sorted(map(str, xml.relations))


def test_relationships_alone_name_entities_that_nobody_describes(tmp_path: Path) -> None:
    """The 11 relationships that are told have 12 ends between them."""
    loaded = Loaded(tmp_path, SAMPLES / "rr.xml")
    assert loaded.report.entities == 0
    assert loaded.audits()["described by nobody", "entities that relations name"] == 12


@pytest.mark.parametrize("form", ["csv", "json"])
def test_csv_and_json_say_what_the_xml_says(xml: Loaded, tmp_path: Path, form: str) -> None:
    loaded = Loaded(tmp_path, *samples(f"lei2.{form}", f"rr.{form}", f"repex.{form}"))
    assert loaded.report.tally.quarantined == 0
    assert {what for what, _ in loaded.audits()} <= {"merged", "described by nobody"}
    assert loaded.entities[HOLDING] == xml.entities[HOLDING]
    assert loaded.one(HOLDING, DAUGHTER) == xml.one(HOLDING, DAUGHTER)


def test_an_international_organisation_in_csv(tmp_path: Path) -> None:
    found = Loaded(tmp_path, SAMPLES / "lei2.csv").entities["lei:TEST00IGO00000000178"]
    assert (found.schema, found.topics) == ("Organization", ("gov.igo",))
    assert found.name == "Organization for Samples, International"
    assert found.properties["legalForm"] == ("8888", "Treaty")
    assert found.properties["legalAddress"] == (
        "Palace of Samples, Door 1, Geneva, CH-GE, 1200, CH",
    )
    assert found.identifiers == (("lei", "TEST00IGO00000000178"),)


def test_the_api_says_what_the_xml_says_and_maps_more_codes(xml: Loaded, tmp_path: Path) -> None:
    """Its days are those of UTC: a firm made at midnight in summer is a day older."""
    names = ("api_countries", "api_isins", "api_lei", "api_repex", "api_rr")
    loaded = Loaded(tmp_path, *(SAMPLES / f"{name}.json" for name in names))
    assert loaded.report.tally == (2 + 2 + 1 + 1 + 1, 2, 3, 2, 0)
    assert loaded.audits() == {
        ("described by nobody", "entities that relations name"): 1,
        ("ignored", "countries: a code list"): 2,
        ("merged", "isin: told with the entity"): 2,
        ("merged", "repex: told with the entity"): 1,
        ("one page of several", "api_lei.json"): 1,
    }
    holding, model = loaded.entities[HOLDING], xml.entities[HOLDING]
    assert (holding.names, holding.countries) == (model.names, model.countries)
    assert holding.identifiers == (
        *model.identifiers,
        ("bic", "SAMPDEFFXXX"),
        ("bic", "SAMPATWWXXX"),
        ("mic", "XSAM"),
        ("opencorporates", "de/HRB_4711"),
        ("spglobal", "1"),
        ("isin", "DE0001234565"),
        ("isin", "DE000SAMPL00"),
    )
    assert dict(holding.properties) == {
        **{key: value for key, value in model.properties.items() if key != "noUltimateParent"},
        "incorporationDate": ("1999-05-03",),
    }
    claim, same = loaded.one(HOLDING, DAUGHTER), xml.one(HOLDING, DAUGHTER)
    assert (
        claim.evidence.record == "TEST00DAUGHTER000127|LEI|IS_DIRECTLY_CONSOLIDATED_BY|16|sample|"
    )
    assert (claim.start, claim.evidence.url) == (same.start, same.evidence.url)
    assert {**same.properties, **claim.properties} == dict(same.properties)


def test_a_second_record_of_an_entity_says_the_same_of_its_parent(tmp_path: Path) -> None:
    """The same LEI record twice is one description, with its exceptions both times."""
    loaded = Loaded(tmp_path, *samples("lei2.json", "lei2.csv", "repex.json"))
    assert loaded.report.tally == (1 + 2 + 2, 2, 1 + 2, 0, 0)
