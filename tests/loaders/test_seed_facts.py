"""Are the built-in facts complete, well formed and cited, as their runbook says."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

import spillover
from spillover.graph.dates import day_range, first_day, last_day
from spillover.graph.evidence import CONFIDENCES, STANCES
from spillover.graph.schema import KINDS, SCHEMATA, is_a
from spillover.graph.stake import UNITS_PER_PERCENT, parse_stake

Row = dict[str, str]

FOLDER: Final = Path(spillover.__file__).parent / "loaders" / "seed"

HEADERS: Final = {
    "sources": "source,publisher,title,url,published",
    "entities": "id,schema,name,country,identifiers,names,topics,note",
    "relations": "facts,kind,source,target,share,basis,start,end,observed,confidence,stance,"
    "indirect,block,properties,evidence,note",
    "attributes": "facts,entity,property,value,unit,observed,confidence,evidence,note",
}

LAST_FACT: Final = 302
UNUSED: Final = {86, 131, *range(198, 204), 216, 217, 247, 262}
NUMBERS: Final = {f"F{n:03}" for n in range(1, LAST_FACT + 1) if n not in UNUSED}


def table(name: str) -> list[Row]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


SOURCES: Final = {row["source"]: row for row in table("sources")}
ENTITIES: Final = {row["id"]: row for row in table("entities")}
RELATIONS: Final = table("relations")
ATTRIBUTES: Final = table("attributes")
CLAIMS: Final = [*RELATIONS, *ATTRIBUTES]
RUNBOOK: Final = (FOLDER / "RUNBOOK.md").read_text(encoding="utf-8")


def facts(row: Row) -> list[str]:
    return row["facts"].split(";")


def pairs(cell: str) -> list[tuple[str, str]]:
    """The ``key=value`` parts of a cell; both sides must be there, keys but ``same_as`` once."""
    found = [tuple(part.split("=")) for part in cell.split(";")] if cell else []
    assert all(
        len(pair) == 2 and all(text.strip() == text != "" for text in pair) for pair in found
    )
    once = [pair[0] for pair in found if pair[0] != "same_as"]
    assert len(set(once)) == len(once)
    assert len(set(found)) == len(found)
    return [(pair[0], pair[1]) for pair in found]


def stated(row: Row, key: str) -> str:
    return dict(pairs(row["properties"])).get(key, "")


def of(*numbers: str, kind: str = "") -> list[Row]:
    """Relations that express one of these facts."""
    return [
        row for row in RELATIONS if set(facts(row)) & set(numbers) and kind in {"", row["kind"]}
    ]


def one(number: str, kind: str = "") -> Row:
    (row,) = of(number, kind=kind)
    return row


def value(number: str, name: str, observed: str = "") -> Row:
    (row,) = (
        row
        for row in ATTRIBUTES
        if number in facts(row) and row["property"] == name and observed in {"", row["observed"]}
    )
    return row


def total(*numbers: str) -> Decimal:
    return sum((Decimal(one(number)["share"]) for number in numbers), Decimal())


# --- complete ---------------------------------------------------------------------------------


def test_every_fact_stands_in_a_row_or_in_the_runbook() -> None:
    _, _, after = RUNBOOK.partition("\n## Facts that are not expressed\n")
    listed = re.findall(r"^\| (F\d{3}) \|", after.partition("\n## ")[0], re.MULTILINE)
    expressed = {number for row in CLAIMS for number in facts(row)}
    assert len(NUMBERS) == 290
    assert expressed | set(listed) == NUMBERS
    assert not expressed & set(listed)


def test_the_runbook_names_no_fact_that_does_not_exist() -> None:
    unused = {f"F{number:03}" for number in UNUSED} | {f"F{LAST_FACT + 1}"}
    assert set(re.findall(r"\bF\d{3}\b", RUNBOOK)) <= NUMBERS | unused


def test_every_source_and_every_entity_is_used() -> None:
    assert {row["evidence"] for row in CLAIMS} == set(SOURCES)
    ends = {row[end] for row in RELATIONS for end in ("source", "target")}
    assert ends | {row["entity"] for row in ATTRIBUTES} == set(ENTITIES)


# --- well formed ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HEADERS)
def test_table_is_plain_and_says_nothing_twice(name: str) -> None:
    raw = (FOLDER / f"{name}.csv").read_bytes()
    assert raw.endswith(b"\n")
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode().partition("\n")[0] == HEADERS[name]
    rows = table(name)
    assert all(set(row) == set(HEADERS[name].split(",")) for row in rows)
    assert all(cell == cell.strip() and "\n" not in cell for row in rows for cell in row.values())
    assert max(Counter(tuple(row.values()) for row in rows).values()) == 1


def test_tables_keep_their_order() -> None:
    order = {kind: number for number, kind in enumerate(KINDS)}
    relations = [
        (order[row["kind"]], row["target"], row["source"], row["observed"]) for row in RELATIONS
    ]
    attributes = [(row["entity"], row["property"], row["observed"]) for row in ATTRIBUTES]
    assert relations == sorted(relations)
    assert attributes == sorted(attributes)
    for name, key in (("sources", "source"), ("entities", "id")):
        keys = [row[key] for row in table(name)]
        assert keys == sorted(set(keys))


@pytest.mark.parametrize("row", SOURCES.values(), ids=SOURCES)
def test_source_can_be_cited(row: Row) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["source"])
    assert row["publisher"]
    assert row["title"]
    address = urlsplit(row["url"])
    assert address.scheme in {"http", "https"}
    assert "." in address.netloc
    assert not re.search(r"\s", row["url"])
    if row["published"]:
        day_range(row["published"])


def test_one_page_is_one_source() -> None:
    assert len({row["url"] for row in SOURCES.values()}) == len(SOURCES)


@pytest.mark.parametrize("row", ENTITIES.values(), ids=ENTITIES)
def test_entity_is_well_formed(row: Row) -> None:
    assert row["schema"] in SCHEMATA
    assert row["name"]
    programme = row["schema"] == "Programme"
    assert re.fullmatch(r"US-[A-Z0-9-]+" if programme else r"seed:[a-z0-9-]+", row["id"])
    for code in filter(None, row["country"].split(";")):
        assert re.fullmatch(r"[a-z]{2}", code)
    pairs(row["identifiers"])
    for name in filter(None, row["names"].split("|")):
        role, separator, text = name.partition(":")
        assert separator
        assert text
        assert role in {"alias", "previous", "weak"} or re.fullmatch(r"[a-z]{2}", role)
        assert text != row["name"]
        if role == "zh":
            assert re.search(r"[\u4e00-\u9fff]", text)
    for topic in filter(None, row["topics"].split(";")):
        assert re.fullmatch(r"(gov|corp|mil)(\.[a-z]+)?", topic)


def test_no_two_entities_have_one_name() -> None:
    assert max(Counter(row["name"].casefold() for row in ENTITIES.values()).values()) == 1


@pytest.mark.parametrize("row", CLAIMS, ids=lambda row: row["facts"])
def test_claim_is_dated_and_cited(row: Row) -> None:
    numbers = facts(row)
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= NUMBERS
    assert row["confidence"] in CONFIDENCES
    assert row["evidence"] in SOURCES
    if row["observed"]:
        day_range(row["observed"])
    else:
        assert "ndated page" in row["note"]


@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: f"{row['facts']}-{row['kind']}")
def test_relation_obeys_its_kind(row: Row) -> None:
    kind = KINDS[row["kind"]]
    assert is_a(ENTITIES[row["source"]]["schema"], kind.source)
    assert is_a(ENTITIES[row["target"]]["schema"], kind.target)
    assert row["source"] != row["target"]
    assert row["stance"] in STANCES
    assert row["indirect"] in {"", "yes"}
    assert bool(row["share"]) == bool(row["basis"])
    if row["share"]:
        assert row["basis"] in kind.bases
        assert not parse_stake(row["share"]).unknown
    if row["block"]:
        assert re.fullmatch(r"[a-z0-9-]+", row["block"])
    assert first_day(row["start"]) <= last_day(row["end"])


@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: f"{row['facts']}-{row['kind']}")
def test_relation_has_the_properties_of_its_kind(row: Row) -> None:
    names = {name for name, _ in pairs(row["properties"])}
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)
    needed = {
        "CONTROLS": {"means"},
        "CONSOLIDATES": {"level"},
        "LINKED_TO": {"role"},
        "PRODUCES": {"scope"},
        "EXPORTS": {"product", "period"},
        "COLLABORATES": {"form"},
        "STATE_TIE": {"tie", "degree"},
    }
    assert needed.get(row["kind"], set()) <= names
    assert stated(row, "status") in {"", "announced"}
    assert ("denied_by" in names) == (row["stance"] == "denies")
    for name in names & {"value", "weight", "quantity", "price"}:
        amount = stated(row, name)
        assert re.fullmatch(r"(about |under )?\d+(\.\d+)? [A-Za-z]+( (m|bn))?", amount)


@pytest.mark.parametrize("row", ATTRIBUTES, ids=lambda row: f"{row['facts']}-{row['property']}")
def test_attribute_is_well_formed(row: Row) -> None:
    assert row["entity"] in ENTITIES
    assert re.fullmatch(r"[a-z][A-Za-z0-9]+", row["property"])
    assert row["value"]


def test_a_block_is_about_one_thing() -> None:
    targets: dict[str, set[tuple[str, str]]] = {}
    for row in RELATIONS:
        if row["block"]:
            targets.setdefault(row["block"], set()).add((row["kind"], row["target"]))
    assert all(len(found) == 1 for found in targets.values())


@pytest.mark.parametrize("day", ["2012", "2015", "2017-05-18", "2019-06", "2022", "2026-06-30"])
def test_direct_owners_never_hold_more_than_everything(day: str) -> None:
    """Latest claim of each direct owner, least shares only; low confidence is left out."""
    on = last_day(day)
    held: dict[str, dict[str, int]] = {}
    for row in sorted(of(*NUMBERS, kind="OWNS"), key=lambda row: first_day(row["observed"])):
        begins = first_day(row["start"] or row["observed"])
        direct = row["share"] and not row["indirect"] and row["confidence"] != "low"
        if direct and begins <= on <= last_day(row["end"]):
            held.setdefault(row["target"], {})[row["source"]] = parse_stake(row["share"]).low
    over = {asset: owners for asset, owners in held.items() if sum(owners.values()) > 100_000_000}
    assert not over


# --- what the sources print -------------------------------------------------------------------


def test_filing_of_2017_reports_one_block_eight_times() -> None:
    rows = of(*(f"F00{number}" for number in range(1, 9)), kind="OWNS")
    assert {row["share"] for row in rows} == {"82.2"}
    assert {row["block"] for row in rows} == {"syngenta-2017"}
    assert {row["observed"] for row in rows} == {"2017-05-18"}
    assert {stated(row, "shares") for row in rows} == {"75925206"}
    assert sum(row["indirect"] == "yes" for row in rows) == 7
    (direct,) = (row for row in rows if not row["indirect"])
    assert direct["source"] == "seed:cnac-saturn-nl"


def test_filing_of_2017_does_not_order_its_chain() -> None:
    layers = {row["source"] for row in of(*(f"F00{number}" for number in range(1, 9)))}
    assert not [row for row in RELATIONS if {row["source"], row["target"]} <= layers]


def test_tender_for_syngenta_grew_in_may_2017() -> None:
    rows = [one(number) for number in ("F011", "F010", "F009")]
    assert [(row["observed"], row["share"]) for row in rows] == [
        ("2017-05-05", "80.7"),
        ("2017-05-10", "82.2"),
        ("2017-05-31", "94.7"),
    ]
    assert {(row["source"], row["block"], row["indirect"]) for row in rows} == {
        ("seed:chemchina", "syngenta-2017", "yes")
    }


def test_holding_in_syngenta_group_starts_when_the_group_was_formed() -> None:
    assert (one("F014")["share"], one("F014")["start"]) == ("99.1", "2019")
    assert value("F015", "incorporatedIn")["observed"] == "2019"


def test_low_confidence_claims_stand_beside_the_stated_parents() -> None:
    for number, share in (("F019", "100"), ("F020", "74")):
        assert (one(number)["share"], one(number)["confidence"]) == (share, "low")
    assert {row["kind"] for row in of("F016", "F017", "F018")} == {"CONTROLS"}


@pytest.mark.parametrize(
    ("numbers", "printed", "held"),
    [
        (("F105", "F106"), "41", "40.6"),
        (("F105", "F106", "F107", "F108"), "62", "62.3"),
        (("F105", "F106", "F107", "F108", "F109", "F110"), "78", "77.6"),
    ],
    ids=["top2", "top4", "top6"],
)
def test_pesticide_shares_of_2020_sum_to_the_printed_ones(
    numbers: tuple[str, ...], printed: str, held: str
) -> None:
    names = {"41": ("F092", "Top2"), "62": ("F093", "Top4"), "78": ("F094", "Top6")}
    number, suffix = names[printed]
    row = value(number, f"concentrationShare{suffix}")
    assert (row["value"], row["observed"]) == (printed, "2020")
    assert total(*numbers) == Decimal(held)
    assert round(total(*numbers)) == Decimal(printed)


def test_pesticide_sales_of_2020_give_the_printed_shares() -> None:
    market = Decimal(value("F091", "marketSize")["value"]) * 1000
    for row in of(*(f"F{number}" for number in range(105, 115))):
        sales = Decimal(stated(row, "value").removesuffix(" USD m"))
        assert abs(sales / market * 100 - Decimal(row["share"])) < Decimal("0.1")


def test_syngenta_group_and_adama_sum_to_the_pro_forma_sales() -> None:
    group = value("F116", "agrochemicalSalesExclAdama")["value"]
    adama = value("F115", "agrochemicalSales")["value"]
    assert stated(one("F105"), "value") == f"{int(group) + int(adama)} USD m" == "15336 USD m"


def test_one_quarter_and_its_table_are_one_block() -> None:
    stake = parse_stake(one("F091")["share"])
    table_share = parse_stake(one("F105")["share"])
    assert stake.low < table_share.low <= table_share.high < stake.high
    assert one("F091")["block"] == one("F105")["block"] == one("F096")["block"] != ""


def test_claim_and_denial_stand_side_by_side() -> None:
    claim, denial = one("F101", "STATE_TIE"), one("F103")
    assert claim["target"] == denial["target"] == "seed:zhuzhou-rubber"
    assert (claim["stance"], denial["stance"]) == ("asserts", "denies")
    assert stated(claim, "tie") == "procurement"
    assert stated(denial, "tie") == "defence production"
    assert stated(denial, "denied_by") == "China National Chemical Corporation"
    assert {number for row in RELATIONS if row["stance"] == "denies" for number in facts(row)} == {
        "F047",
        "F103",
    }


def test_balloon_shares_have_bases_of_their_own() -> None:
    customer, market, stations = one("F098"), one("F045"), one("F100")
    assert (customer["kind"], customer["share"], customer["basis"]) == ("SUPPLIES", "75", "supply")
    assert customer["target"] == "seed:cma"
    assert market["kind"] == stations["kind"] == "PRODUCES"
    assert market["share"] == stations["share"] == "80"
    assert market["target"] != stations["target"]


@pytest.mark.parametrize(
    ("numbers", "sum_of_shares"),
    [
        (("F042", "F043"), "100"),
        (("F159", "F160"), "100"),
        (("F170", "F171", "F172", "F173"), "100"),
        (("F186", "F187", "F188", "F189"), "41"),
        (("F204", "F205"), "100"),
    ],
)
def test_owners_sum_as_printed(numbers: tuple[str, ...], sum_of_shares: str) -> None:
    assert len({one(number)["target"] for number in numbers}) == 1
    assert total(*numbers) == Decimal(sum_of_shares)


def test_purchases_in_steps_say_how_they_sum() -> None:
    assert (one("F087")["share"], "76 + 24 = 100" in one("F087")["note"]) == ("100", True)
    before, after = one("F084"), one("F083")
    assert (before["share"], before["end"]) == ("51", "2021-10-25")
    assert (after["share"], after["start"]) == ("67", "2021-10-25")


def test_control_of_pirelli_ended_while_the_stake_stayed() -> None:
    assert (one("F032")["kind"], one("F032")["start"]) == ("CONTROLS", "")
    assert one("F032")["end"] == "2025-04-28"
    assert (one("F027")["share"], one("F027")["end"]) == ("37", "")
    assert {one("F027")["block"], *(row["block"] for row in of("F031"))} == {"pirelli-sinochem", ""}


def test_announced_exit_from_elkem_ends_no_claim() -> None:
    assert {row["end"] for row in of("F035", "F038")} == {""}
    assert stated(one("F038"), "shares") == "338338536"
    assert not of("F039")


def test_military_company_list_designates_on_the_listed_days() -> None:
    listed = {row["target"]: row["start"] for row in RELATIONS if row["source"] == "US-DOD-1260H"}
    assert listed == {
        "seed:chemchina": "2022-10-05",
        "seed:cosco-shipping": "2025-01-07",
        "seed:crrc-corporation": "2022-10-05",
        "seed:dji": "2022-10-05",
        "seed:hikvision": "2021-06-03",
        "seed:huawei-holding": "2021-06-03",
        "seed:smic": "2021-06-03",
    }


def test_list_findings_of_ownership_state_no_share() -> None:
    findings = of("F139", "F141", "F150", "F153", "F155")
    assert {row["share"] for row in findings} == {""}
    for number in ("F139", "F141", "F153", "F155"):
        assert one(number, "OWNS")["indirect"] == "yes"
        assert stated(one(number, "STATE_TIE"), "degree") == "indirect"
    assert one("F150", "OWNS")["indirect"] == ""


def test_ministry_administers_seven_universities() -> None:
    rows = of(*(f"F{number}" for number in range(254, 261)))
    assert len({row["target"] for row in rows}) == 7
    assert {ENTITIES[row["target"]]["schema"] for row in rows} == {"University"}
    assert {(row["source"], stated(row, "tie")) for row in rows} == {
        ("seed:miit", "administration")
    }


def test_conflicting_sales_shares_are_both_kept() -> None:
    rows = [one("F211"), *(row for row in of("F210") if row["observed"] == "2023")]
    assert {row["share"] for row in rows} == {"26.3", "29"}
    assert len({(row["source"], row["target"], row["basis"]) for row in rows}) == 1


def test_contradicted_count_is_low() -> None:
    assert value("F135", "companiesListed")["confidence"] == "high"
    assert value("F136", "companiesAdded")["confidence"] == "low"


def test_open_band_stays_open() -> None:
    assert parse_stake(one("F070")["share"]).low == 50 * UNITS_PER_PERCENT + 1


def test_no_share_is_guessed_for_a_stated_parent() -> None:
    assert {row["share"] for row in RELATIONS if row["kind"] == "CONTROLS"} == {""}
