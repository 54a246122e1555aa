"""The UN list: who is named, since when, with which dates, and which entries its texts link."""

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from spillover.graph.errors import InputError
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

SAMPLE = DATA / "un" / "consolidated.xml"
FILE = REAL / "un" / "un_consolidated_2024-09-21.xml"
HEAD = "<CONSOLIDATED_LIST dateGenerated='2026-02-03T00:00:00Z'><ENTITIES>"
TAIL = "</ENTITIES></CONSOLIDATED_LIST>"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("un"), "un", SAMPLE)


def test_every_record_is_accounted_for(sample: Loaded) -> None:
    """Six individuals and two entities; no name, no readable day and no key are set aside."""
    assert sample.report.tally == (8, 5, 0, 0, 3)
    assert [(q.position, q.reason) for q in sample.report.quarantined] == [
        ("QDi.904", "QDi.904 has no name; expected FIRST_NAME"),
        ("QDi.905", "LISTED_ON is 'in spring'; expected a day such as 2001-01-25"),
        ("INDIVIDUAL 6", "neither REFERENCE_NUMBER nor DATAID; an entry needs one as its key"),
    ]
    assert audits(sample.report) == {
        ("no day of listing", "LISTED_ON"): 1,
        ("reference to an entry that the list does not hold", "QDi.999"): 1,
        ("unknown aliasQualities", "Splendid"): 1,
        ("unknown country", "Atlantis"): 1,
        ("unknown documentTypes", "Library Card"): 1,
        ("unknown element", "VESSELS"): 1,
        ("unknown field", "individual: SHOE_SIZE"): 1,
        ("unknown listTypes", ""): 1,  # the entry whose day cannot be read
        ("unknown listTypes", "Moon"): 1,
        ("unreadable date of birth", "1961-02-30"): 1,
    }


def test_a_person_with_all_that_is_said_of_him(sample: Loaded) -> None:
    person = sample.entities["un:QDi.901"]
    assert (person.schema, person.name) == ("Person", "OMAR SALIM AL-BARQI QASIM")
    assert sample.names("un:QDi.901") == [
        ("عمر سليم البرقي", "", "name"),
        ("Omar Barki", "", "alias"),
        ("The Ledger", "", "weak"),
        ("Abu Daftar", "", "alias"),
    ]
    assert person.countries == ("eg",)
    assert person.identifiers == (
        ("un-sc", "QDi.901"),
        ("passport", "P-77 1"),
        ("national-id", "2610329"),
    )
    assert person.properties == {
        "dataId": ("900001",),
        "title": ("Mullah", "Haji"),
        "position": ("Head of the Northern Front (CDe.901).",),
        "gender": ("Male",),
        "nationality": ("Egypt", "Atlantis"),
        "address": ("5 Quay, Port Said, Coast, 100, Egypt, until 2004",),
        "birthPlace": ("Tanta, Egypt",),
        "document": (
            "Passport, P-77 1, Egypt, expired",
            "National Identification Number, 2610329",
            "Library Card, L1",
        ),
        "aliasNote": ("The Ledger: used in 2003", "Abu Daftar: 1961"),
        "notes": person.properties["notes"],
        "birthDate": ("1961-03-29", "1962"),
        "birthDateNote": ("Sep.",),
        "birthDateApproximate": ("1960",),
        "birthDateBetween": ("1958/1963",),
    }
    assert person.properties["notes"][0].startswith("Treasurer of the Barqi Trust (QDe.901).")


def test_an_organisation(sample: Loaded) -> None:
    trust = sample.entities["un:QDe.901"]
    assert (trust.schema, trust.name, trust.countries) == (
        "Organization",
        "BARQI TRUST",
        ("pk", "sd"),
    )
    assert sample.names("un:QDe.901") == [
        ("وقف البرقي", "", "name"),
        ("Barqi Charity", "", "alias"),
        ("Salim Fund", "", "previous"),
    ]
    assert sample.entities["un:dataid-900003"].identifiers == ()


def test_listings_begin_on_their_day_and_end_when_delisted(sample: Loaded) -> None:
    """The second day carries a time zone, as ten days of the real file do."""
    assert sample.listings("un:QDi.901") == [("UN-SC", "2001-01-25", None)]
    assert sample.listings("un:QDi.902") == [("UN-SC", "2014-10-31", "2020-06-30")]
    assert sample.listings("un:dataid-900003") == [("UN-SC", None, None)]
    (listed,) = (r for r in sample.relations if r.target == "un:QDi.901")
    assert listed.properties == {
        "program": ("UN-SCISIL",),
        "listType": ("Al-Qaida",),
        "modifiedAt": ("2007-09-03", "2019-05-01"),
    }
    assert (listed.evidence.observed, listed.evidence.record) == ("2026-02-03", "QDi.901")
    assert (listed.evidence.publisher, listed.evidence.confidence) == (
        "United Nations Security Council",
        "high",
    )


def test_a_reference_number_is_a_link_from_the_entry_that_prints_it(sample: Loaded) -> None:
    """Each other entry once; never to itself, nor to a number that the list does not hold."""
    assert sample.ends("LINKED_TO") == [
        ("un:QDi.901", "un:QDe.901"),
        ("un:QDi.901", "un:QDi.902"),
        ("un:QDi.901", "un:CDe.901"),
    ]
    notes = [r.evidence.note for r in sample.relations if r.kind == "LINKED_TO"]
    assert notes == [
        "Treasurer of the Barqi Trust (QDe.901).",
        "Brother of Huda (QDi.902), and again of the Barqi Trust (QDe.901).",
        "Head of the Northern Front (CDe.901).",
    ]


def test_the_graph_finds_an_entry_by_its_number(sample: Loaded) -> None:
    with Store(sample.graph) as store:
        assert store.entity(store.find("QDi.901")).name == "OMAR SALIM AL-BARQI QASIM"


def test_it_is_known_by_its_root() -> None:
    assert [(d.part.name, d.loader) for d in detect([SAMPLE]).found] == [(SAMPLE.name, "un")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<list/>", "its root is 'list', expected 'CONSOLIDATED_LIST' of the UN list"),
        ("<CONSOLIDATED_LIST/>", "holds no INDIVIDUAL and no ENTITY; is it complete?"),
        (
            "<CONSOLIDATED_LIST dateGenerated='soon'><ENTITY/></CONSOLIDATED_LIST>",
            "dateGenerated is 'soon'; expected a day such as 2001-01-25",
        ),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "f.xml"
    file.write_text(text)
    assert refused(tmp_path / "g.db", "un", file) == f"f.xml: {why}"


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the XML file"):
        run(tmp_path / "g.db", "un", [])


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    cases = texts("xml")
    records = "".join(
        f"<ENTITY><DATAID>{number}</DATAID><FIRST_NAME>{one}</FIRST_NAME>"
        f"<NAME_ORIGINAL_SCRIPT>{one}</NAME_ORIGINAL_SCRIPT><UN_LIST_TYPE>{one}</UN_LIST_TYPE>"
        f"<LISTED_ON>2001-01-25</LISTED_ON><COMMENTS1>{one}</COMMENTS1>"
        f"<ENTITY_ALIAS><QUALITY>{one}</QUALITY><ALIAS_NAME>{one}</ALIAS_NAME></ENTITY_ALIAS>"
        f"<ENTITY_ADDRESS><COUNTRY>{one}</COUNTRY></ENTITY_ADDRESS></ENTITY>"
        for number, one in enumerate(cases)
    )
    file = tmp_path / "f.xml"
    file.write_text(HEAD + records + TAIL, encoding="utf-8", newline="")
    loaded = Loaded(tmp_path, "un", file, options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases.values()):
        entity = loaded.entities[f"un:dataid-{number}"]
        assert entity.name == text
        assert entity.properties["notes"] == (text,)


def test_a_reference_number_may_be_hostile_and_stays_a_key(tmp_path: Path) -> None:
    cases = texts("xml")
    records = "".join(
        f"<ENTITY><REFERENCE_NUMBER>{one}</REFERENCE_NUMBER><FIRST_NAME>A</FIRST_NAME></ENTITY>"
        for one in cases
    )
    file = tmp_path / "f.xml"
    file.write_text(HEAD + records + TAIL, encoding="utf-8", newline="")
    loaded = Loaded(tmp_path, "un", file, options=Options())
    assert {f"un:{text}" for text in cases.values()} <= set(loaded.entities)


def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    """Only the line end after the last tag may be missing."""
    data = SAMPLE.read_bytes()
    Loaded(tmp_path, "un", SAMPLE, options=Options(tolerance=0.9))
    whole = list(truncations(data, 3, b"</ENTITY>"))
    assert cuts(tmp_path, "un", whole[::7], suffix=".xml") == []
    file = tmp_path / "end.xml"
    file.write_bytes(data.removesuffix(b"\n"))
    assert run(tmp_path / "graph.db", "un", [file], options=Options(tolerance=0.9))


@pytest.mark.skipif(not FILE.exists(), reason="the shared file of the UN list is not here")
def test_the_real_list_says_what_counting_by_other_means_says(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "un", FILE, options=Options(tolerance=0.0))
    tree = ET.parse(FILE)  # noqa: S314 - the file is ours
    entries = [*tree.iter("INDIVIDUAL"), *tree.iter("ENTITY")]
    assert loaded.report.tally == (len(entries), len(entries), 0, 0, 0) == (875, 875, 0, 0, 0)
    schemata = Counter(entity.schema for entity in loaded.entities.values())
    assert schemata == {"Person": 682, "Organization": 193, "Programme": 1}
    known = {(e.findtext("REFERENCE_NUMBER") or "").strip() for e in entries}
    pairs = set()
    for entry in entries:
        own = (entry.findtext("REFERENCE_NUMBER") or "").strip()
        said = [entry.findtext("COMMENTS1") or ""]
        said += [value.text or "" for value in entry.findall("DESIGNATION/VALUE")]
        found = {n for text in said for n in re.findall(r"\b[A-Z]{2}[ie]\.\d{3}\b", text)}
        pairs |= {(f"un:{own}", f"un:{one}") for one in found & known - {own}}
    assert set(loaded.ends("LINKED_TO")) == pairs
    assert len(pairs) == len(loaded.ends("LINKED_TO"))
    starts = Counter(r.start for r in loaded.relations if r.kind == "DESIGNATES")
    assert starts == Counter((e.findtext("LISTED_ON") or "").strip()[:10] for e in entries)
    scripts = [e.findtext("NAME_ORIGINAL_SCRIPT") for e in entries]
    assert sum(bool(text and text.strip()) for text in scripts) == sum(
        any(role == "name" for _, _, role in loaded.names(one)) for one in loaded.entities
    )
    # What the page of entry QDe.002 says: funds came through a foundation with number QDe.072,
    # which is no longer listed; Al-Qaida itself is QDe.004.
    assert loaded.entities["un:QDe.004"].name == "AL-QAIDA"
    assert (
        audits(loaded.report)[("reference to an entry that the list does not hold", "QDe.072")] == 1
    )
