"""Items, statements and rows of queries become entities and claims with their dates and shares."""

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS, SCHEMATA, Entity, Name, Relation
from spillover.graph.stake import Stake
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.countries import alpha2
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import Format, naughty, refused, truncations, written
from tests.loaders.listed import DATA, REAL, audits, cuts

SAMPLE = DATA / "wikidata"
ENTITY = "http://www.wikidata.org/entity/"
TABLES = manifest("wikidata").tables
LAST = 400
"""Cuts of a file in one line, which has no records to cut through."""


def snak(number: str, value: Any = None, kind: str = "value") -> dict[str, Any]:
    """A snak in Wikidata's form: an item, a text, a (time, precision) or an (amount, unit)."""
    found: dict[str, Any] = {"snaktype": kind, "property": number}
    if isinstance(value, tuple) and isinstance(value[1], int):
        value = {"time": value[0], "precision": value[1], "calendarmodel": f"{ENTITY}Q1985727"}
    elif isinstance(value, tuple):
        value = {"amount": value[0], "unit": value[1] if value[1] == "1" else ENTITY + value[1]}
    elif isinstance(value, str) and re.fullmatch(r"Q\d+", value):
        value = {"entity-type": "item", "id": value}
    return found | ({"datavalue": {"value": value}} if kind == "value" else {})


def said(main: dict[str, Any], *qualifiers: dict[str, Any], **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"mainsnak": main, "rank": "normal", "id": "Q1$1", **more}
    for qualifier in qualifiers:
        found.setdefault("qualifiers", {}).setdefault(qualifier["property"], []).append(qualifier)
    return found


def item(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    claims: dict[str, Any] = {}
    for statement in statements:
        claims.setdefault(statement["mainsnak"]["property"], []).append(statement)
    labels = {"en": {"language": "en", "value": "One"}}
    return {"type": "item", "id": "Q1", "labels": labels, "claims": claims, **more}


class Loaded:
    """A file of this text, loaded into a graph of its own."""

    def __init__(
        self, folder: Path, *documents: object, name: str = "file.json", date: str | None = None
    ) -> None:
        self.graph, self.file = folder / "graph.db", folder / name
        texts = [text if isinstance(text, str) else json.dumps(text) for text in documents]
        self.file.write_text("\n".join(texts), encoding="utf-8", newline="")
        options = Options(tolerance=1.0, allow_shrink=True, date=date)
        self._take(run(self.graph, "wikidata", [self.file], options=options))

    def _take(self, report: Report) -> None:
        self.report = report
        _, entities, claims, _ = content(self.graph)
        self.entities = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.noted = audits(report)

    @property
    def ends(self) -> list[tuple[str, str, str]]:
        return [
            (r.kind, r.source.removeprefix("wikidata:"), r.target.removeprefix("wikidata:"))
            for r in self.relations
        ]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    loaded = Loaded.__new__(Loaded)
    loaded.graph = tmp_path_factory.mktemp("wikidata") / "graph.db"
    loaded._take(run(loaded.graph, "wikidata", [SAMPLE]))
    return loaded


def of(sample: Loaded, number: str) -> list[Relation]:
    """The claims of a property of the windmill company."""
    found = [r for r in sample.relations if r.evidence.note.startswith(f"{number} ")]
    return [r for r in found if r.evidence.record.startswith("Q900001")]


def test_the_sample_reconciles_to_the_record(sample: Loaded) -> None:
    """An item is a record, each of its 17 + 4 + 1 linking statements is one, and so is each row."""
    items, statements, rows = 1 + 5, 17 + 4 + 1, 2 + 2 + 3
    assert sample.report.tally == (items + statements + rows, 28, 2, 5, 0)
    assert sample.noted == {
        ("deprecated value", "P1278"): 1,
        ("described by nobody", "entities that relations name"): 12,
        ("ignored", "deprecated statement: P127"): 1,
        ("ignored", "no item but a property"): 1,
        ("ignored", "stated to have none: P1830"): 1,
        ("ignored", "there is no such item"): 1,
        ("ignored", "unknown value: P169"): 1,
        ("item without a name", "its number stands in for it"): 1,
        ("property not loaded", "P18"): 1,
        ("proportion without a unit", "of one, or of a hundred"): 1,
        ("share of a part only", "owner of"): 1,
        ("unknown date", "start"): 2,
        ("unknown or unreadable date", "end: no later than known"): 1,
        ("unknown qualifier", "P9999"): 1,
        ("unknown value", "chief executive officer"): 1,
        ("unknown variable", "colour"): 1,
    }


def test_an_item_with_all_that_is_kept_of_it(sample: Loaded) -> None:
    assert sample.entities["wikidata:Q900001"] == Entity(
        "wikidata:Q900001",
        "Company",
        "Windmill Corporation",
        (
            Name("Windrad AG", "de"),
            Name("风车公司", "zh"),
            Name("Windmill", "en", "alias"),
            Name("WMC", "en", "alias"),
            Name("风车", "zh", "alias"),
            Name("Windrad Aktiengesellschaft", "de"),
        ),
        ("de",),
        (("wikidata", "Q900001"), ("lei", "529900WINDMILLCORP58"), ("isin", "DE000WIND009")),
        (),
        {
            "description": ("maker of windmills",),
            "instanceOf": ("Q4830453", "Q891723"),
            "incorporationDate": ("1990",),
            "headquarters": ("Q64",),
            "employees": ("1200",),
            "revenue": ("95000000 Q4916",),
            "statedNone": ("owner of",),
        },
        ("wikidata",),
    )
    ada = sample.entities["wikidata:Q900006"]
    assert (ada.schema, ada.countries, ada.properties["birthDate"]) == (
        "Person",
        ("gb",),
        ("1960",),
    )
    nameless = sample.entities["wikidata:Q900016"]
    assert (nameless.name, nameless.schema) == ("Q900016", "LegalEntity")  # it has a revenue


def test_owners_with_shares_in_both_scales(sample: Loaded) -> None:
    half, seventh, china, unknown = of(sample, "P127")
    assert (half.source, half.stake) == ("wikidata:Q900002", Stake(51_000_000, 51_000_000))
    assert (half.basis, half.stake_text, half.start) == ("interest", "0.51", "2010-03")
    assert (seventh.stake, seventh.stake_text) == (Stake(7_800_000, 7_800_000), "7.8 Q11229")
    assert (seventh.start, seventh.evidence.observed) == (None, "2021-06-30")
    assert (china.source, china.start, china.end) == ("country:cn", "2000", "2019")  # decades
    assert (china.stake, china.basis) == (None, "")
    assert (unknown.source, unknown.stake) == (
        "wikidata:Q900001$S016",
        Stake(15_000_000, 25_000_000),
    )
    nobody = sample.entities[unknown.source]
    assert nobody.name == "Unknown: owned by"
    assert nobody.properties["reason"] == (
        "Q900001 is stated to have one (owned by), and which one is not known",
    )
    assert {r.target for r in of(sample, "P127")} == {"wikidata:Q900001"}


def test_a_reference_of_its_own_makes_a_statement_surer(sample: Loaded) -> None:
    """Medium with an address; low with another wiki as the only source, or with none."""
    half, seventh, china, _ = of(sample, "P127")
    assert (half.evidence.url, half.evidence.confidence) == ("https://example.org/report", "medium")
    assert half.evidence.observed == "2023-05-06"
    assert half.evidence.record == "Q900001$S013"
    assert (seventh.evidence.confidence, china.evidence.confidence) == ("low", "low")
    assert china.evidence.url == "https://www.wikidata.org/wiki/Q900001"


def test_a_parent_controls_and_owns_only_what_is_stated(sample: Loaded) -> None:
    (parent,) = of(sample, "P749")
    assert (parent.kind, parent.source, parent.basis) == ("CONTROLS", "wikidata:Q900002", "")
    controls, owns = of(sample, "P355")
    assert (controls.kind, controls.target, controls.stake) == (
        "CONTROLS",
        "wikidata:Q900004",
        None,
    )
    assert (owns.kind, owns.stake) == ("OWNS", Stake(100_000_000, 100_000_000))


def test_a_share_of_a_part_is_no_share_of_the_whole(sample: Loaded) -> None:
    (owns,) = of(sample, "P1830")
    assert (owns.source, owns.target) == ("wikidata:Q900001", "wikidata:Q900005")
    assert (owns.stake, owns.stake_text) == (None, "")
    assert owns.properties == {"role": ("owner of",), "shareOfPart": ("0.5",), "part": ("Q123",)}


def test_people_and_other_links(sample: Loaded) -> None:
    (ceo,) = of(sample, "P169")
    assert (ceo.kind, ceo.source, ceo.start, ceo.end) == (
        *("DIRECTS", "wikidata:Q900006", "2018-11-01"),
        None,  # an end of none is not yet
    )
    assert ceo.properties == {"role": ("chief executive officer",)}
    (member,) = of(sample, "P3320")
    assert member.properties["qualifiedRole"] == ("Q140686",)
    assert (member.properties["doubt"], member.evidence.confidence) == (("Q18603603",), "low")
    (unknown,) = of(sample, "P463")
    assert unknown.properties["P9999"] == ("x",)
    (job,) = [r for r in sample.relations if r.kind == "EMPLOYS"]
    assert (job.start, job.end) == ("1985", "2024-02-04T00:00:00Z")  # the item's last edit
    (partner,) = of(sample, "P2652")
    assert (partner.kind, partner.properties) == ("COLLABORATES", {"form": ("partnership with",)})


def test_a_country_has_the_id_of_all_sources(sample: Loaded) -> None:
    china = sample.entities["country:cn"]
    assert (china.schema, china.name, china.countries) == (
        *("Country", "People's Republic of China"),
        ("cn",),
    )
    assert china.identifiers == (("iso3166", "cn"), ("wikidata", "Q148"))
    assert not any(key[0] == "two descriptions of one id" for key in sample.noted)


def test_rows_of_a_query_in_json(sample: Loaded) -> None:
    mill = [r for r in sample.relations if r.target == "wikidata:Q900020"]
    miller, unknown = mill
    assert (miller.source, miller.stake) == ("wikidata:Q900021", Stake(30_000_000, 30_000_000))
    assert (miller.start, miller.stake_text) == ("2011", "30 Q11229")
    assert miller.evidence.record == "Q900020 P127 Q900021"
    assert sample.entities["wikidata:Q900021"].name == "Miller & Co"
    # 0.5 of one or of a hundred; an end on the first of a month may mean all of it
    assert (unknown.stake, unknown.end) == (Stake(500_000, 50_000_000), "2019-12")
    assert sample.entities["wikidata:genid:t0123456"].name == "Unknown: owned by"


def test_rows_of_a_query_as_the_standard_writes_them(sample: Loaded) -> None:
    sail = sample.entities["wikidata:Q900030"]
    assert (sail.name, sail.names) == ('Sail "& Sons"', (Name("Sails\tLtd", "en", "alias"),))
    (ceo,) = [r for r in sample.relations if r.target == sail.id]
    assert (ceo.kind, ceo.source, ceo.start) == ("DIRECTS", "wikidata:Q900031", "2002-05-24")
    assert sample.entities[ceo.source].schema == "Person"


def test_rows_of_a_query_as_a_data_frame(sample: Loaded) -> None:
    """Two rows that differ in the industry only make one claim."""
    claims = [r for r in sample.relations if r.source == "wikidata:Q900040"]
    assert [(r.kind, r.target, r.start) for r in claims] == [
        ("CONTROLS", "wikidata:Q900041", "1965-04-26"),
        ("CONTROLS", "wikidata:Q900044", None),
    ]
    parent = sample.entities["wikidata:Q900040"]
    assert parent.properties == {"industry": ("milling (Q900042)", "Q900043")}
    assert sample.entities["wikidata:Q900044"].name == "Q900044"  # its label is its number


@pytest.mark.parametrize("number", sorted(TABLES["relations"]))
def test_every_relation_and_its_direction(tmp_path: Path, number: str) -> None:
    """Directions as Wikidata describes its properties: "value" where the value acts on the item."""
    acting = {
        *("P127", "P12621", "P749", "P169", "P1789", "P1037", "P3320", "P488", "P108", "P112"),
        *("P22", "P25", "P26", "P40", "P3373", "P1038", "P1366", "P7888", "P137"),
    }
    rule = TABLES["relations"][number]
    loaded = Loaded(tmp_path, item(said(snak(number, "Q2"))))
    ends = ("Q2", "Q1") if number in acting else ("Q1", "Q2")
    assert loaded.ends == [(rule["kind"], *ends)]
    assert rule["role"] in {text for v in loaded.relations[0].properties.values() for text in v}


@pytest.mark.parametrize(
    ("time", "precision", "iso"),
    [
        ("+2011-12-31T00:00:00Z", 11, "2011-12-31"),
        ("+2011-12-00T00:00:00Z", 10, "2011-12"),
        ("+2011-00-00T00:00:00Z", 9, "2011"),
        ("+1810-01-01T00:00:00Z", 9, "1810"),
        ("+00000002011-05-06T00:00:00Z", 11, "2011-05-06"),
        ("+2011-05-06T10:00:00Z", 14, "2011-05-06"),
        ("+1900-00-00T00:00:00Z", 7, None),  # a century
        ("-0044-03-15T00:00:00Z", 11, None),
        ("+20110-00-00T00:00:00Z", 9, None),
    ],
)
def test_times_of_every_precision(
    tmp_path: Path, time: str, precision: int, iso: str | None
) -> None:
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"), snak("P580", (time, precision)))))
    assert loaded.relations[0].start == iso
    assert (("unknown or unreadable date", "start: left open") in loaded.noted) == (iso is None)


def test_a_julian_date_is_read_as_its_year(tmp_path: Path) -> None:
    start = snak("P580", ("+1650-01-20T00:00:00Z", 11))
    start["datavalue"]["value"]["calendarmodel"] = f"{ENTITY}Q1985786"
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"), start)))
    assert loaded.relations[0].start == "1650"
    assert loaded.noted["Julian date read as its year", "1650"] == 1


def test_of_several_dates_the_widest_counts(tmp_path: Path) -> None:
    starts = [snak("P580", (f"+{year}-00-00T00:00:00Z", 9)) for year in (2005, 2001)]
    ends = [snak("P582", (f"+{year}-00-00T00:00:00Z", 9)) for year in (2009, 2003)]
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"), *starts, *ends)))
    assert (loaded.relations[0].start, loaded.relations[0].end) == ("2001", "2009")
    assert loaded.noted["several dates of one statement", "the widest count"] == 1


def test_what_ended_on_an_unknown_day_ended_by_the_last_known_one(tmp_path: Path) -> None:
    ended = item(said(snak("P127", "Q2"), snak("P582", kind="somevalue")))
    assert Loaded(tmp_path, ended, date="2024-05").relations[0].end == "2024-05"
    loaded = Loaded(tmp_path, ended)
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert "ended on a day that is not stated; give --date" in loaded.report.quarantined[0].reason


@pytest.mark.parametrize(
    ("amount", "unit", "stake"),
    [
        ("+0.95", "1", (95_000_000, 95_000_000)),
        ("+7.8", "Q11229", (7_800_000, 7_800_000)),
        ("0.333333333333", "Q199", (33_333_333, 33_333_334)),
        ("+1", "1", (100_000_000, 100_000_000)),
        ("+0", "1", (0, 0)),
    ],
)
def test_proportions_are_exact(
    tmp_path: Path, amount: str, unit: str, stake: tuple[int, int]
) -> None:
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"), snak("P1107", (amount, unit)))))
    assert loaded.relations[0].stake == stake


def test_two_proportions_are_their_hull(tmp_path: Path) -> None:
    both = [snak("P1107", ("+0.2", "1")), snak("P1107", ("+30", "Q11229"))]
    (owns,) = Loaded(tmp_path, item(said(snak("P127", "Q2"), *both))).relations
    assert (owns.stake, owns.stake_text) == (Stake(20_000_000, 30_000_000), "0.2; 30 Q11229")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (said(snak("P127", "Q2"), snak("P1107", ("+95", "1"))), "above 100 %"),
        (said(snak("P127", "Q2"), snak("P1107", ("-1", "1"))), "below 0"),
        (said(snak("P127", "Q2"), snak("P1107", ("+5", "Q4916"))), "'Q4916' is no unit"),
        (said(snak("P127", "Q2"), snak("P1107", {"amount": 5})), "amount '5' is no text"),
        (said(snak("P127", {"text": "x"})), "is no item; correct the statement"),
        (said(snak("P127", "Q2"), snak("P580", ("+2011-02-30T00:00:00Z", 11))), "is no date"),
        (
            said(
                snak("P127", "Q2"),
                snak("P580", ("+2011-00-00T00:00:00Z", 9)),
                snak("P582", ("+2010-00-00T00:00:00Z", 9)),
            ),
            "ends on 2010 before it starts on 2011",
        ),
        (said(snak("P127", "Q2"), qualifiers=7), "qualifiers is '7', no object"),
        (said(snak("P127", "Q2"), qualifiers={"P580": 7}), "P580 is '7', no list"),
        (said(snak("P127", "Q2"), references={}), "references is '{}', no list"),
    ],
)
def test_a_statement_that_cannot_be_read_is_set_aside_alone(
    tmp_path: Path, statement: dict[str, Any], reason: str
) -> None:
    loaded = Loaded(tmp_path, item(statement, said(snak("P127", "Q3"))))
    assert loaded.report.tally == (3, 2, 0, 0, 1)
    assert reason in loaded.report.quarantined[0].reason
    assert loaded.report.quarantined[0].position == "record 1, P127 1"


@pytest.mark.parametrize(
    "document",
    [
        {"type": "item", "id": "L1", "labels": {}},
        {"type": "item", "id": "Q1", "labels": 7},
        {"type": "item", "id": "Q1", "labels": {"en": 7}},
        {"type": "item", "id": "Q1", "claims": {"P127": 7}},
        {"type": "item", "id": "Q1", "claims": {"P127": [7]}},
        {"type": "item", "id": "Q1", "claims": {"P127": [{"mainsnak": 7}]}},
        {"a": {"type": "uri", "value": 7}},
        {"claims": {}, "a": 1, "type": "item"},
        [7],
    ],
)
def test_what_is_no_item_is_set_aside(tmp_path: Path, document: object) -> None:
    other = item(said(snak("P31", "Q5")), id="Q9")
    loaded = Loaded(tmp_path, document, other)
    assert loaded.report.quarantined
    assert loaded.entities["wikidata:Q9"].schema == "Person"


def test_old_dumps_write_an_empty_list_for_nothing_and_items_by_number(tmp_path: Path) -> None:
    old = item(aliases=[], descriptions=[], claims=[])
    numbered = item(said(snak("P127", {"entity-type": "item", "numeric-id": 42})), id="Q3")
    loaded = Loaded(tmp_path, old, numbered)
    assert loaded.ends == [("OWNS", "Q42", "Q3")]
    assert loaded.report.tally == (3, 3, 0, 0, 0)


@pytest.mark.parametrize(
    ("kinds", "schema"),
    [
        (["Q5"], "Person"),
        (["Q43229", "Q4830453"], "Company"),  # a company is an organization: the narrower counts
        (["Q4830453", "Q43229"], "Company"),
        (["Q4508"], "MilitaryUnit"),
        (["Q3918", "Q5"], "University"),  # neither is the other: the first
        (["Q999999999"], "Thing"),
        ([], "Thing"),
    ],
)
def test_schemata(tmp_path: Path, kinds: list[str], schema: str) -> None:
    loaded = Loaded(tmp_path, item(*(said(snak("P31", kind)) for kind in kinds)))
    assert loaded.entities["wikidata:Q1"].schema == schema
    assert (("unknown instance of", "Q999999999") in loaded.noted) == ("Q999999999" in kinds)


def test_an_item_of_no_known_kind_with_an_owner_is_a_legal_entity(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"))))
    assert loaded.entities["wikidata:Q1"].schema == "LegalEntity"


@pytest.mark.parametrize(
    ("document", "noted"),
    [
        (item(said(snak("P9999", "x"))), ("property not loaded", "P9999")),
        (item(said(snak("P127", "Q2"), snak("P9999", "x"))), ("unknown qualifier", "P9999")),
        (item(said(snak("P17", "Q999999999"))), ("unknown country", "Q999999999")),
        (item(said(snak("P127", "Q2"), rank="royal")), ("unknown rank", "royal")),
        (item(wings=2), ("unknown field", "item: wings")),
        ({"type": "lexeme", "id": "L1", "claims": {}}, ("ignored", "no item but a lexeme")),
    ],
)
def test_what_is_unknown_is_signalled(
    tmp_path: Path, document: object, noted: tuple[str, str]
) -> None:
    assert Loaded(tmp_path, document).noted[noted] == 1


def test_the_users_confidence_counts_for_all(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, item(said(snak("P127", "Q2"))))
    options = Options(confidence="high", allow_shrink=True)
    run(loaded.graph, "wikidata", [loaded.file], options=options)
    assert content(loaded.graph)[2][0][0].evidence.confidence == "high"


def test_every_table_names_what_there_is() -> None:
    assert {rule["kind"] for rule in TABLES["relations"].values()} <= KINDS.keys()
    assert set(TABLES["schemata"].values()) <= SCHEMATA.keys()
    assert set(manifest("wikidata").emits) == {r["kind"] for r in TABLES["relations"].values()}
    nations = TABLES["nations"]
    assert {code for code in nations if not alpha2(code)} <= {"xk", "su"}
    assert max(Counter(q for items in nations.values() for q in items).values()) == 1
    names = [name for several in TABLES["variables"].values() for name in several]
    assert max(Counter(names).values()) == 1


def table(folder: Path, text: str, name: str = "file.tsv", date: str | None = None) -> Loaded:
    return Loaded(folder, text, name=name, date=date)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (f"item,P127\n{ENTITY}Q1,{ENTITY}Q2\n", [("OWNS", "Q2", "Q1")]),
        ("item\tp355\nQ1\tQ2\n", [("CONTROLS", "Q1", "Q2")]),
        (f"?item\t?parent\n<{ENTITY}Q1>\t<{ENTITY}Q2>\n", [("CONTROLS", "Q2", "Q1")]),
        (f"?item\t?parent\n{ENTITY}Q1\t{ENTITY}Q2\n", [("CONTROLS", "Q2", "Q1")]),
        ("company.value,owner.value,owner.type\nQ1,Q2,uri\n", [("OWNS", "Q2", "Q1")]),
        ("item,owner\nhttps://www.wikidata.org/wiki/Q1,Q2\n", [("OWNS", "Q2", "Q1")]),
    ],
)
def test_every_form_of_rows(tmp_path: Path, text: str, ends: list[tuple[str, str, str]]) -> None:
    loaded = table(tmp_path, text)
    assert loaded.ends == ends
    assert loaded.report.tally == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("cells", "stake", "signalled"),
    [
        ("0.51,Q199", (51_000_000, 51_000_000), False),
        ("0.51,Q11229", (510_000, 510_000), False),
        (f"51,{ENTITY}Q11229", (51_000_000, 51_000_000), False),
        ("51,", (51_000_000, 51_000_000), False),  # no proportion of one is above one
        ("0.51,", (510_000, 51_000_000), True),
        ("1,", (1_000_000, 100_000_000), True),
        ("0,", (0, 0), False),
    ],
)
def test_a_proportion_without_a_unit_is_what_it_may_be(
    tmp_path: Path, cells: str, stake: tuple[int, int], *, signalled: bool
) -> None:
    loaded = table(tmp_path, f"item,owner,proportion,unit\nQ1,Q2,{cells}\n")
    assert loaded.relations[0].stake == stake
    noted = ("proportion without a unit", "of one, or of a hundred") in loaded.noted
    assert noted == signalled


@pytest.mark.parametrize(
    ("literal", "start", "end"),
    [
        ("2002-05-24T00:00:00Z", "2002-05-24", "2002-05-24"),
        ("2017-01-01T00:00:00Z", "2017", "2017"),
        ("2017-05-01T00:00:00Z", "2017-05", "2017-05"),
        ("2017-05-02", "2017-05-02", "2017-05-02"),
    ],
)
def test_dates_of_rows(tmp_path: Path, literal: str, start: str, end: str) -> None:
    text = f"item,owner,start,end\nQ1,Q2,{literal},{literal}\n"
    (owns,) = table(tmp_path, text).relations
    assert (owns.start, owns.end) == (start, end)


def test_a_blank_node_as_a_date(tmp_path: Path) -> None:
    """An unknown start is open; an unknown end has passed by the day of the dataset."""
    blank = "http://www.wikidata.org/.well-known/genid/2dc4"
    text = f"item,owner,start,end\nQ1,Q2,{blank},{blank}\n"
    (owns,) = table(tmp_path, text, date="2024").relations
    assert (owns.start, owns.end) == (None, "2024")
    loaded = table(tmp_path, text)
    assert "give --date" in loaded.report.quarantined[0].reason


def test_dates_of_one_of_several_links_are_left_open(tmp_path: Path) -> None:
    loaded = table(tmp_path, "item,owner,ceo,start\nQ1,Q2,Q3,2010-05-05\n")
    assert [(r.kind, r.start) for r in loaded.relations] == [("OWNS", None), ("DIRECTS", None)]
    assert loaded.noted["dates of one of several links", "left open"] == 1


def test_rows_that_only_describe(tmp_path: Path) -> None:
    text = (
        "company,companyLabel,numEmployees,point,name,name.xml:lang,end,country,lei\n"
        "Q1,One,100,2018-06-30T00:00:00Z,First AG,de,2010-01-01T00:00:00Z,Q183,X\n"
        "Q1,One,90,,Second AG,de,,Q999999999,\n"
    )
    loaded = table(tmp_path, text, name="file.csv")
    one = loaded.entities["wikidata:Q1"]
    assert one.properties == {"employees": ("100 (2018-06-30)", "90")}
    assert one.names == (Name("Second AG", "de"), Name("First AG", "de", "previous"))
    assert (one.name, one.countries) == ("One", ("de",))
    assert one.identifiers == (("wikidata", "Q1"), ("lei", "X"))
    assert loaded.noted["unknown country", "Q999999999"] == 1
    assert loaded.report.tally == (2, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("item,owner\n,Q2\n", "no item in any column"),
        ("thing,owner\nQ1,Q2\n", "no item in any column"),
        ("item,owner\nQ1,Somebody\n", "'Somebody' is no item that could be linked as owned by"),
        ("item,owner,start\nQ1,Q2,20218-11-05T00:00:00Z\n", "'20218-11-05T00:00:00Z' is no date"),
        ("item,owner,start\nQ1,Q2,soon\n", "'soon' is no date"),
        ("item,owner,share\nQ1,Q2,half\n", "'half' is no proportion"),
        ("item,owner,share\nQ1,Q2,200\n", "above 100 %"),
        ("item,owner,share,unit\nQ1,Q2,2,Q4916\n", "'Q4916' is no unit of a proportion"),
        ("item,owner\nQ1,Q2,Q3\n", "3 cells where the header has 2"),
        ("?item\t?owner\nQ1\tQ2\tQ3\n", "3 cells where the header has 2"),
        ("?item\t?owner\nQ1\n", "1 cells where the header has 2"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(tmp_path: Path, text: str, reason: str) -> None:
    good = "\t".join if text[0] == "?" else ",".join
    width = text.partition("\n")[0].count("\t" if text[0] == "?" else ",") - 1
    loaded = table(tmp_path, f"{text}{good(['Q8', 'Q9', *[''] * width])}\n", name="file.csv")
    assert loaded.report.quarantined[0].position == "line 2"
    assert reason in loaded.report.quarantined[0].reason


def test_a_tsv_of_the_standard_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file.tsv"
    file.write_bytes(b"?item\t?itemLabel\nQ1\t\xff\n")
    assert "line 2 is not UTF-8" in refused(tmp_path / "g", "wikidata", file)


def test_no_file_and_a_wrong_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name files of items, or of results of a query"):
        run(tmp_path / "g", "wikidata", [])
    for text in ('{"a": 1}', "a,b\n1,2\n", "[1, 2]", '{"type": "item"'):
        file = tmp_path / "file.json"
        file.write_text(text)
        refused(tmp_path / "g", "wikidata", file)


def test_naughty_texts_stay_as_they_are(tmp_path: Path) -> None:
    """In every text of an item, and in the cells of a query in all its forms."""
    items, wanted = [], {}
    for number, text in enumerate(naughty(), start=1):
        label = {"en": {"language": "en", "value": text}}
        reference = {"snaks": {"P854": [snak("P854", text)]}}
        owned = said(snak("P127", "Q9999"), snak("P1932", text), id=text, references=[reference])
        found = item(owned, said(snak("P1278", text)), id=f"Q{number + 10**9}", labels=label)
        items.append(json.dumps({**found, "descriptions": label}, ensure_ascii=False))
        wanted[f"wikidata:Q{number + 10**9}"] = text
    loaded = Loaded(tmp_path, *items)
    assert {key: loaded.entities[key].name for key in wanted} == wanted
    assert {r.target: r.evidence.record for r in loaded.relations} == wanted
    assert {r.target: r.evidence.url for r in loaded.relations} == wanted
    texts = dict(enumerate(naughty(), start=10**9))
    forms: tuple[Format, ...] = ("csv", "json")
    for form in forms:
        rows = {number: written(text, form) for number, text in texts.items()}
        lines = [f"Q{number},{cell}" for number, cell in rows.items() if cell]
        if form == "json":
            cells = (
                f'{{"item":{{"value":"Q{number}"}},"itemLabel":{{"value":"{cell}"}}}}'
                for number, cell in rows.items()
            )
            lines = ['{"head":{},"results":{"bindings":[' + ",".join(cells) + "]}}"]
        header = [] if form == "json" else ["item,itemLabel"]
        named = Loaded(tmp_path, *header, *lines, name=f"rows.{form}").entities
        shown = {number: texts[number] for number, cell in rows.items() if cell}
        assert {n: named[f"wikidata:Q{n}"].name for n in shown} == shown


@pytest.mark.parametrize("name", ["windmill.json", "owners.srj.json", "dump.json"])
def test_json_that_is_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    whole = (SAMPLE / name).read_bytes().rstrip()
    file = tmp_path / name
    file.write_bytes(whole)
    run(tmp_path / "g", "wikidata", [file], options=Options(tolerance=1.0))
    for cut in list(truncations(whole))[-LAST:]:
        file.write_bytes(cut)
        refused(tmp_path / "g", "wikidata", file, Options(tolerance=1.0))


@pytest.mark.parametrize("name", ["ceo.tsv", "frame.tsv"])
def test_rows_that_are_cut_off_are_refused_or_whole(tmp_path: Path, name: str) -> None:
    data = (SAMPLE / name).read_bytes()
    (tmp_path / "whole.tsv").write_bytes(data)
    run(tmp_path / "graph.db", "wikidata", [tmp_path / "whole.tsv"])
    tabs = data.partition(b"\n")[0].count(b"\t")
    for cut in cuts(tmp_path, "wikidata", list(truncations(data, records=2)), suffix=".tsv"):
        assert cut.rstrip(b"\n").rpartition(b"\n")[2].count(b"\t") == tabs


def test_the_samples_are_known_for_what_they_are() -> None:
    assert {found.loader for found in detect([SAMPLE]).found} == {"wikidata"}
    assert detect([SAMPLE]).unknown == ()


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_the_real_items(tmp_path: Path) -> None:
    """Statements counted by walking the JSON, which shares nothing with the loader."""
    folder = REAL / "wikidata" / "entities"
    report = run(tmp_path / "g", "wikidata", [folder])
    kinds = {number: rule["kind"] for number, rule in TABLES["relations"].items()}
    count: Counter[str] = Counter()
    items = [json.loads(path.read_text("utf-8")) for path in folder.iterdir()]
    for data in items:
        for number, several in data["claims"].items():
            if number in kinds:
                count[kinds[number]] += sum(s["rank"] != "deprecated" for s in several)
    assert report.tally == (len(items) + count.total(), len(items) + count.total(), 0, 0, 0)
    _, entities, claims, _ = content(tmp_path / "g")
    assert Counter(r.kind for r, _ in claims) == count
    found = {(r.kind, r.source, r.target): r for r, _ in claims}
    parent = found["CONTROLS", "wikidata:Q64813494", "wikidata:Q83259"]
    assert (parent.start, parent.end) == ("2010", "2015")
    unit = found["CONTROLS", "wikidata:Q9212", "wikidata:Q56637486"]
    assert (unit.start, unit.end) == (None, "1994-11-03")
    by_id = {entity.id: entity for entity in entities}
    assert by_id["wikidata:Q30273752"].identifiers == (
        ("wikidata", "Q30273752"),
        ("siren", "327733184"),
    )
    assert by_id["wikidata:Q2831"].schema == "Person"
    labels = {lang["value"] for lang in items[0]["labels"].values()}
    first = by_id[f"wikidata:{items[0]['id']}"]
    assert labels <= {first.name, *(name.text for name in first.names)}


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("name", "column", "kind", "outward"),
    [
        ("company_owns_starttime", "othercompanyname", "OWNS", True),
        ("company_subsidiary_starttime", "subsidiaryname", "CONTROLS", True),
        ("company_ceo_starttime", "ceoname", "DIRECTS", False),
    ],
)
def test_the_real_rows(tmp_path: Path, name: str, column: str, kind: str, *, outward: bool) -> None:
    """Different rows, counted after leaving out those with an unreadable year or no item."""
    file = REAL / "wikidata" / "sparql" / f"{name}.tsv"
    report = run(tmp_path / "g", "wikidata", [file])
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    bad = [row for row in rows if row["starttime.value"].startswith("20218")]
    links = {
        (row["company.value"], row[f"{column}.value"], row["starttime.value"][:10])
        for row in rows
        if row not in bad and "genid" not in row[f"{column}.value"]
    }
    # an unknown start is one, whichever blank node stands for it
    wanted = {(a, b, "" if "http" in day else day) for a, b, day in links}
    claims = [relation for relation, _ in content(tmp_path / "g")[2]]
    assert {r.kind for r in claims} == {kind}
    assert report.tally.read == len(rows)
    assert report.tally.quarantined == len(bad)
    got = Counter((r.source, r.target) if outward else (r.target, r.source) for r in claims)
    assert got == Counter(
        (a.replace(ENTITY, "wikidata:"), b.replace(ENTITY, "wikidata:")) for a, b, _ in wanted
    )
