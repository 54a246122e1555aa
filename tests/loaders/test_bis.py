"""The lists of the Bureau of Industry and Security, official and derived, and their parents."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.graph.store import Store
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.us_lists import DATA, NAUGHTY, REAL, Loaded, accepted_cuts, rows, table

SAMPLES = DATA / "bis"
SCREENING, PARSED = SAMPLES / "screening.csv", SAMPLES / "parsed.json"
LISTINGS, PARENTS, CMIC = (SAMPLES / f"{name}.csv" for name in ("listings", "parents", "cmic"))
FILES = REAL / "bis"
HGI = "bis:harbour-group-institute-no.-7-(hgi--7)"
SAIL = f"{HGI}.-subordinate-institution-%2d-sail-works"


def listing(name: str, **said: Any) -> dict[str, Any]:
    return {
        "name": name,
        "alternateNames": [],
        "addresses": ["1 Road, CN"],
        "country": "Unknown",
        "federalRegisterCitation": "1 FR 1",
        "effectiveDate": "2020-01-01",
        **said,
    }


def parsed(folder: Path, *records: Any, **around: Any) -> Path:
    file = folder / "parsed.json"
    file.write_text(json.dumps({"entities": records, **around}), encoding="utf-8")
    return file


def test_only_the_lists_of_the_bureau_are_taken(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", SCREENING, tolerance=0.0)
    assert loaded.report.tally == (7, 5, 0, 2, 0)
    assert loaded.signals == {
        ("ignored", "header row that is repeated"): 1,
        ("ignored", "list SDN of another office"): 1,
        ("no country in any address", "addresses"): 1,
    }
    assert [(r.source, r.target, r.start, r.end) for r in loaded.of("DESIGNATES")] == [
        ("US-BIS-EL", "csl:b1", "2018-08-01", None),
        ("US-BIS-EL", "csl:b2", "2018-08-01", None),
        ("US-BIS-MEU", "csl:b3", "2020-12-23", None),
        ("US-BIS-UVL", "csl:b4", None, None),
        ("US-BIS-DPL", "csl:b5", "2023-01-31", "2032-05-17"),
    ]
    assert loaded.of("DESIGNATES")[0].properties == {
        "citation": ("83 FR 1",),
        "licenceRequirement": ("For all items.",),
        "licencePolicy": ("Presumption of denial",),
        "listUrl": ("https://lists.example/el",),
        "list": ("Entity List (EL) - Bureau of Industry and Security",),
    }
    assert loaded.ends("CONTROLS") == [("CONTROLS", "csl:b1", "csl:b2")]
    sail = loaded.entities["csl:b2"]
    assert (sail.name, [name.text for name in sail.names]) == (
        "Sail Works",
        ["Harbour Group Institute No. 7 (HGI-7). Subordinate Institution - Sail Works"],
    )


def test_the_parsed_file(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", PARSED, tolerance=0.0)
    assert loaded.report.tally == (9, 9, 0, 0, 0)
    institute = loaded.entities[HGI]
    assert (institute.schema, institute.countries) == ("Organization", ("cn", "hk"))
    assert institute.names == (  # the text is put together again before it is cut at semicolons
        Name("Seventh Harbour Institute", role="alias"),
        Name("Harbour Seven Co., Ltd.", role="alias"),
        Name("HS Works", role="alias"),
    )
    assert institute.properties == {
        "address": ("7 Quay Road, Dalian, CN", "1 Peak Road, Kowloon, HK"),
        "printedNames": ("Seventh Harbour Institute; Harbour Seven Co., Ltd.; and HS Works",),
        "entityType": ("organization",),
    }
    listed = loaded.of("DESIGNATES")[0]
    assert (listed.source, listed.target, listed.start) == ("US-BIS-EL", HGI, "2018-08-01")
    assert (listed.evidence.observed, listed.evidence.url) == (
        "2025-11-08",
        "https://lists.example/csl",
    )
    assert listed.properties["reason"] == ("Acting contrary to interests",)
    various = [r for r in loaded.of("DESIGNATES") if r.start is None]
    assert len(various) == loaded.signals["no one day", "Various"] == 1


def test_which_parents_names_state(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", PARSED)
    dune = "bis:dune-atomic-commission-(dac)"
    bell = "bis:bell-telecom-co.,-ltd.-(bell)"
    assert loaded.ends("CONTROLS", "LINKED_TO") == [
        ("CONTROLS", HGI, SAIL),
        (
            "CONTROLS",
            HGI,
            "bis:mast-works-(a-subordinate-institute-of-hgi--7)",
        ),  # by its short name
        ("LINKED_TO", f"{bell}.-affiliated-entity:-bell-radio-co.,-ltd.", bell),
        (
            "CONTROLS",
            "bis:ember-national-corporation",
            "bis:ember-limited-(a-subsidiary-of-ember-national-corporation)",
        ),
        (
            "CONTROLS",
            "bis:ember-national-corporation-(enc)",
            "bis:coal-works-(parent-organization:-ember-national-corporation-(enc))",
        ),
        ("CONTROLS", dune, f"{dune},-and-subordinate-entity-dune-laser-complex-(dlc)"),
    ]
    assert loaded.signals["link without a direction of control", "affiliated entity"] == 1
    (link,) = loaded.of("LINKED_TO")
    assert link.properties == {"role": ("affiliated entity",), "citation": ("84 FR 3",)}
    control = loaded.of("CONTROLS")[0]
    assert (control.stake, control.basis, control.evidence.note) == (
        None,
        "",
        "subordinate institution: Harbour Group Institute No. 7 (HGI-7)",
    )
    assert loaded.entities[bell].name == "Bell Telecom Co., Ltd. (Bell)"


def test_a_listed_address_is_known_by_name_and_place(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", PARSED)
    places = [key for key in loaded.entities if key.startswith("bis:address-01")]
    assert places == [
        "bis:address-01,-unit-d,-18-hill-road,-hong-kong,-hk",
        "bis:address-01,-no:-52-kale-sk.,-istanbul,-34381,-tr",
    ]


def test_the_extract_as_table(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", LISTINGS, tolerance=0.0)
    assert loaded.report.tally == (3, 3, 0, 0, 0)
    assert loaded.entities[HGI].countries == ("cn", "hk")
    assert [(n.text, n.role) for n in loaded.entities[HGI].names] == [
        ("Seventh Harbour Institute", "alias"),
        ("Harbour Seven Co., Ltd.", "alias"),
        ("HS Works", "alias"),
    ]
    # Cut at commas for sure: a piece stands twice, or half a bracket is left.
    tide, reed = loaded.entities["bis:tide-university"], loaded.entities["bis:reed-academy"]
    assert {name.role for name in (*tide.names, *reed.names)} == {"weak"}
    assert tide.properties["printedNames"] == (
        "Tide University; Institute of Salt; Tide University; Institute of Foam",
    )


def test_the_table_of_parents_alone(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", PARENTS, tolerance=0.0)
    assert loaded.report.tally == (3, 3, 0, 0, 0)
    bell = "bis:bell-telecom-co.,-ltd.-(bell)"
    assert loaded.ends("CONTROLS", "LINKED_TO") == [
        ("CONTROLS", HGI, SAIL),
        ("CONTROLS", HGI, SAIL),  # another notice says so again
        ("LINKED_TO", f"{bell}.-affiliated-entity:-bell-cable-co.,-ltd.", bell),
    ]
    assert loaded.of("CONTROLS")[0].evidence.observed == "2018-08-01"
    assert loaded.entities[SAIL].name == "Sail Works"
    assert not loaded.of("DESIGNATES")


def test_the_military_industrial_companies(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "bis", CMIC, tolerance=0.0)
    assert loaded.report.tally == (3, 3, 0, 0, 0)
    assert [(r.source, r.target, r.start) for r in loaded.of("DESIGNATES")] == [
        ("US-NS-CMIC", "ofac:90001", "2021-06-03"),
        ("US-NS-CMIC", "ofac:90021", "2021-06-03"),
        ("US-NS-CMIC", "ofac:90022", "2021-12-16"),
    ]
    assert loaded.entities["ofac:90001"].identifiers == (
        ("ofac", "90001"),
        ("isin", "CNE00000NB16"),
        ("isin", "CND00000DRM4"),
        ("uscc", "91110000MA00NMB5X1"),
    )
    assert loaded.ends("LINKED_TO", "CONTROLS", "OWNS") == [
        ("LINKED_TO", "ofac:90021", "ofac:90001"),  # the stop at the end of the name is lost
        ("LINKED_TO", "ofac:90022", "bis:fog-bank-limited"),
    ]
    assert loaded.signals["link without a direction of control", "Linked To"] == 2
    assert {e.schema for k, e in loaded.entities.items() if k in ("ofac:90001", "ofac:90021")} == {
        "Company"
    }


def test_all_files_together_say_everything_once(tmp_path: Path) -> None:
    """7 + 9 + 3 + 3 + 3 records; the listings of the first file have ids, and names mean them.

    The parsed file repeats two of its listings and the extract one; one parent stands in a name.
    """
    loaded = Loaded(tmp_path, "bis", PARENTS, CMIC, LISTINGS, PARSED, SCREENING, tolerance=0.0)
    assert loaded.report.tally == (25, 19, 4, 2, 0)
    assert loaded.signals["merged", "listing that another file of this load states"] == 3
    assert loaded.signals["merged", "parent that a listing states"] == 1
    assert ("CONTROLS", "csl:b1", "csl:b2") in loaded.ends("CONTROLS")
    assert not {HGI, SAIL} & loaded.entities.keys()
    mast = "bis:mast-works-(a-subordinate-institute-of-hgi--7)"
    assert ("CONTROLS", "csl:b1", mast) in loaded.ends("CONTROLS")


def test_a_listing_is_the_same_entity_as_in_the_whole_list(tmp_path: Path) -> None:
    graph = tmp_path / "g"
    run(graph, "csl", [SCREENING])
    run(graph, "bis", [SCREENING])
    with Store(graph) as store:
        assert store.entity(store.find("csl:b3")).datasets == ("csl", "bis")


def test_a_name_on_two_listings_means_neither(tmp_path: Path) -> None:
    said = list(csv.DictReader(SCREENING.read_text(encoding="utf-8").splitlines()))
    twin = {**said[0], "_id": "b9"}
    file = table(tmp_path / "twins.csv", list(twin), [said[0], twin, said[1]])
    loaded = Loaded(tmp_path, "bis", file)
    assert loaded.ends("CONTROLS") == [("CONTROLS", HGI, "csl:b2")]


def test_listings_that_cannot_be_read_and_one_without_an_id(tmp_path: Path) -> None:
    first, *_ = csv.DictReader(SCREENING.read_text(encoding="utf-8").splitlines())
    said = [
        {**first, "name": ""},
        {**first, "end_date": "2001-01-01"},
        {**first, "_id": ""},
    ]
    loaded = Loaded(tmp_path, "bis", table(tmp_path / "odd.csv", list(first), said))
    assert loaded.report.tally == (3, 1, 0, 0, 2)
    reasons = [one.reason for one in loaded.report.quarantined]
    assert "no name" in reasons[0]
    assert "ends on 2001-01-01 before it starts" in reasons[1]
    assert [r.target for r in loaded.of("DESIGNATES")] == [HGI]
    assert loaded.signals == {("listing without an id, known by its name", "EL"): 1}


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (listing(""), "no name"),
        (listing("A", effectiveDate="soon"), "soon"),
        (listing("A", alternateNames=[{"x": 1}]), "alternateNames"),
        ("text", "no name"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, record: object, why: str
) -> None:
    loaded = Loaded(tmp_path, "bis", parsed(tmp_path, listing("Good"), record))
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert why in loaded.report.quarantined[0].reason


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Sail,ruled by,Harbour,2018-08-01,x", "ruled by"),
        (",subordinate institution,Harbour,2018-08-01,x", "no child"),
        ("Sail,subordinate institution,Harbour,18-08-01,x", "18-08-01"),
    ],
)
def test_a_parent_that_cannot_be_read_is_set_aside(tmp_path: Path, row: str, why: str) -> None:
    file = tmp_path / "parents.csv"
    head = PARENTS.read_text(encoding="utf-8").splitlines()[0]
    file.write_text(f"{head}\n{row}\nA,affiliated entity,B,Various,\n", encoding="utf-8")
    loaded = Loaded(tmp_path, "bis", file)
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert why in loaded.report.quarantined[0].reason
    assert loaded.ends("LINKED_TO") == [
        ("LINKED_TO", "bis:b.-affiliated-entity:-a", "bis:b"),
    ]


def test_what_is_not_known_is_signalled(tmp_path: Path) -> None:
    odd = listing("A", entityType="moon", weight="3", addresses=["1 Road, QQ"], country="Chile")
    loaded = Loaded(tmp_path, "bis", parsed(tmp_path, odd, flavour="x"))
    assert loaded.signals == {
        ("unknown field", "parsed: weight"): 1,
        ("unknown field", "around: flavour"): 1,
        ("unknown entity_types", "moon"): 1,
        ("unknown country", "QQ"): 1,
    }
    assert loaded.entities["bis:a"].countries == ("cl",)
    cmic = tmp_path / "cmic.csv"
    cmic.write_text("ent_num,name,uscc,target_type\n1,A,,Cult\nx,B,,\n", encoding="utf-8")
    loaded = Loaded(tmp_path / "two", "bis", cmic)
    assert loaded.signals == {("unknown target_types", "Cult"): 1}
    assert "ent_num 'x'" in loaded.report.quarantined[0].reason


def test_a_file_that_has_other_records_than_it_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="says that it has 3 records and has 1"):
        Loaded(tmp_path, "bis", parsed(tmp_path, listing("A"), count=3))


def test_other_tables_and_nothing_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no table that is known"):
        run(tmp_path / "g", "bis", [other])
    with pytest.raises(InputError, match="name a file"):
        run(tmp_path / "g", "bis", [])


def test_the_files_are_known_by_their_content() -> None:
    assert list(detect([PARSED, LISTINGS, PARENTS, CMIC]).loads()) == ["bis"]
    assert list(detect([SCREENING]).loads()) == ["csl"]


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    """Some of them are one name when they are folded, and so one entity."""
    records = [
        dict.fromkeys(listing(""), text)
        | {"alternateNames": [text], "addresses": [text]}
        | {"effectiveDate": "", "country": "Unknown"}
        for text in NAUGHTY
    ]
    loaded = Loaded(tmp_path, "bis", parsed(tmp_path, *records), tolerance=0.0)
    listings = {r.evidence.record: r for r in loaded.of("DESIGNATES")}
    assert list(listings) == NAUGHTY
    for text, listed in listings.items():
        assert listed.properties["citation"] == (text,)
        party = loaded.entities[listed.target]
        assert text in {party.name, *(name.text for name in party.names)}
        assert text in party.properties["printedNames"]


def test_hostile_texts_in_a_table_of_parents(tmp_path: Path) -> None:
    said = [
        {"child": text, "parent": text, "fr_citation": text, "relation_in_list": relation}
        for text in NAUGHTY
        for relation in ("affiliated entity", "subordinate institution")
    ]
    columns = PARENTS.read_text(encoding="utf-8").splitlines()[0].split(",")
    loaded = Loaded(tmp_path, "bis", table(tmp_path / "p.csv", columns, said), tolerance=0.0)
    cited = {text for r in loaded.relations for text in r.properties["citation"]}
    assert cited <= set(NAUGHTY)  # what differs in white space alone is one notice
    assert {" ".join(text.split()) for text in NAUGHTY} == {" ".join(c.split()) for c in cited}


@pytest.mark.parametrize("sample", [LISTINGS, PARENTS, CMIC])
def test_a_table_that_is_cut_off_is_refused(tmp_path: Path, sample: Path) -> None:
    """Only a cut between rows, or in the last cell of one, is accepted: nobody can see it."""
    whole = rows(sample.read_bytes())
    for cut in map(rows, accepted_cuts(tmp_path, "bis", sample)):
        assert cut[:-1] == whole[: len(cut) - 1]
        assert cut[-1][:-1] == whole[len(cut) - 1][:-1]


def test_a_document_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """At every 7th byte of its last third; after the last bracket there is nothing to lose."""
    whole = PARSED.read_bytes().rstrip()
    graph, file = tmp_path / "g", tmp_path / "cut.json"
    run(graph, "bis", [PARSED])
    for end in range(len(whole) * 2 // 3, len(whole), 7):
        file.write_bytes(whole[:end])
        with pytest.raises(InputError, match="cut off or no JSON"):
            run(graph, "bis", [file])
    with Store(graph) as store:
        assert [load.num for load in store.loads] == [1]


real = pytest.mark.skipif(not FILES.exists(), reason="the real lists are not here")


@pytest.fixture(scope="module")
def actual(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("real"), "bis", FILES, tolerance=0.0)


@real
def test_the_real_files_add_up(actual: Loaded) -> None:
    """The extract and the table of parents were made of the parsed file, so all of both merge."""
    names = re.findall(
        r'^ {6}"name": ', (FILES / "consolidated-parsed.json").read_text("utf-8"), re.MULTILINE
    )
    counted = {}
    for file in FILES.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            counted[file.stem] = sum(1 for _ in csv.reader(stream)) - 1
    merged = counted["bis_entity_list_cn_hk"] + counted["bis_entity_list_parent_edges"]
    loaded = len(names) + counted["ofac_ns_cmic"]
    assert actual.report.tally == (loaded + merged, loaded, merged, 0, 0)
    assert Counter(r.source for r in actual.of("DESIGNATES")) == {
        "US-BIS-EL": len(names),
        "US-NS-CMIC": counted["ofac_ns_cmic"],
    }


@real
def test_parents_in_the_real_files(actual: Loaded) -> None:
    """Counted in the text of the file, by the words in which the names state a parent."""
    text = (FILES / "consolidated-parsed.json").read_text(encoding="utf-8")
    names = re.findall(r'^ {6}"name": "(.*)",$', text, re.MULTILINE)
    words = re.compile(
        r"Subordinate Institution|a subordinate institute|\(a subsidiary of|\(Parent Organization"
        r"|and subordinate entity [^()]*\([A-Z]+\)$"
    )
    assert len(actual.of("CONTROLS")) == sum(bool(words.search(name)) for name in names)
    affiliates = [r for r in actual.of("LINKED_TO") if r.properties["role"] != ("Linked To",)]
    assert len(affiliates) == text.count(". Affiliated Entity: ")
    cetc = "bis:china-electronics-technology-group-corporation,-7th-research-institute-(cetc--7)"
    assert sum(r.source == cetc for r in actual.of("CONTROLS")) == 2
    assert actual.entities["ofac:30936"].identifiers[-1] == ("uscc", "91110000710929498G")
    hikvision = actual.entities["bis:hangzhou-hikvision-digital-technology-co.,-ltd."]
    assert hikvision.countries == ("cn",)
