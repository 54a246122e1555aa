"""Who leads which product, by country and firm, per source and date; and what is a bare claim."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from spillover import Graph, load
from spillover.graph.errors import NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import UNITS_PER_PERCENT
from spillover.queries.conditions import conditions
from spillover.queries.markets.leaders import Leaders, leaders
from tests.graphs import opened, relations
from tests.queries.asking import Items

DAY = "2026-11-22"
REAL = Path(__file__).parents[3].parent / "shared" / "data" / "eto"
TABLES = tuple(
    REAL / f"{name}.csv" for name in ("inputs", "providers", "provision", "sequence", "stages")
)


def ask(items: Items, *products: str, as_of: str = DAY, max_age: str | None = None) -> Leaders:
    with opened(items) as graph:
        return leaders(graph, conditions(as_of, max_age), products)


def country(code: str, **said: str) -> Entity:
    properties = {key: (text,) for key, text in said.items()}
    return Entity(
        f"country:{code}", "Country", code.upper(), countries=(code,), properties=properties
    )


def words(answer: Leaders) -> list[tuple[str, str, str, list[str]]]:
    """Product, side, how sure, and who."""
    return [
        (
            one.product.id,
            one.side,
            one.together.lead,
            [h.parties[0].id for h in one.together.leaders],
        )
        for one in answer.led
    ]


CHIPS = """
Big PRODUCES chips 60 basis=market scope=firm
Small PRODUCES chips 40 basis=market scope=firm
country:us PRODUCES chips 55 basis=market scope=country
country:jp PRODUCES chips basis=market scope=country
"""


def test_firms_and_countries_are_two_counts() -> None:
    answer = ask([country("us"), country("jp"), *relations(CHIPS)])
    assert words(answer) == [
        ("chips", "firm", "certain", ["Big"]),
        ("chips", "country", "certain", ["country:us"]),  # Japan can have 45 at most
    ]
    firms, countries = (one.together for one in answer.led)
    assert firms.margin == (20 * UNITS_PER_PERCENT, 20 * UNITS_PER_PERCENT)
    assert countries.margin == (10 * UNITS_PER_PERCENT, 55 * UNITS_PER_PERCENT)
    # Of 45 % no share is stated: whoever has them, Japan or somebody who is not named.
    assert countries.unquantified == (45 * UNITS_PER_PERCENT, 45 * UNITS_PER_PERCENT)
    assert [tally.party.id for tally in answer.tallies["country"]] == ["country:us"]


SEVERAL = """
A PRODUCES drones 70 basis=market publisher=Paper observed=2020
B PRODUCES drones 30 basis=market publisher=Paper observed=2020
C PRODUCES drones 20-60 basis=market publisher=House observed=2024
"""


def test_each_source_and_date_is_asked_alone() -> None:
    (drones,) = ask(SEVERAL).led
    counts = [(c.publisher, c.observed, c.lead) for c in drones.counts]
    # The House names nobody beside C, who can have less than half of it.
    assert counts == [("Paper", "2020", "certain"), ("House", "2024", "unknown")]
    # Together they are printed to more than the whole, and count as printed: 70 is above 60.
    assert drones.together.lead == "certain"
    assert drones.together.margin == (10 * UNITS_PER_PERCENT, 40 * UNITS_PER_PERCENT)
    assert [claim.source.id for claim in drones.claims] == ["A", "B", "C"]


def test_a_denial_takes_the_floor_away() -> None:
    claims = "A PRODUCES p 70 basis=market\nB PRODUCES p 20 basis=market"
    assert words(ask(claims)) == [("p", "firm", "certain", ["A"])]
    denied = claims + "\nA PRODUCES p 70 basis=market denies"
    assert words(ask(denied)) == [("p", "firm", "contested", ["B", "A"])]
    (only,) = ask(denied).led
    assert any(claim.stance == "denies" for claim in only.claims)


def test_what_is_too_old_is_no_share() -> None:
    claims = "A PRODUCES p 70 basis=market observed=2015"
    assert words(ask(claims)) == [("p", "firm", "certain", ["A"])]
    assert words(ask(claims, max_age="3y")) == [("p", "firm", "unknown", [])]


def test_each_reach_is_a_market_of_its_own() -> None:
    claims = "A PRODUCES p 70 basis=market scope=world\nA PRODUCES p 90 basis=market scope=China"
    assert [(one.reach, one.holders[0].low) for one in ask(claims).led] == [
        ("China", 90 * UNITS_PER_PERCENT),
        ("world", 70 * UNITS_PER_PERCENT),
    ]


def test_who_leads_most_comes_first() -> None:
    claims = """
    A PRODUCES p 70 basis=market
    B PRODUCES q 60 basis=market
    B PRODUCES r 55 basis=market
    A PRODUCES s 50 basis=market
    B PRODUCES s 50 basis=market
    A PRODUCES t basis=market
    """
    answer = ask(claims)
    tallies = [(t.party.id, t.certain, t.named, t.contested) for t in answer.tallies["firm"]]
    assert tallies == [("B", 2, 0, 1), ("A", 1, 0, 1)]
    assert answer.totals["firm"] == {"certain": 3, "named": 0, "contested": 1, "unknown": 1}


def test_products_that_are_named_are_all_that_is_asked() -> None:
    answer = ask([*relations(CHIPS), Entity("sand", "Product", "sand")], "sand", "chips")
    assert {one.product.id for one in answer.led} == {"chips"}
    assert [party.id for party in answer.without] == ["sand"]
    with pytest.raises(NotFoundError, match="steel"):
        ask(CHIPS, "steel")


BARE = "2 of 3 technologies (2023-03-01, Tracker (Inc); https://example.org/t) - Research only."


def led(publisher: str, observed: str) -> list[Entity | Relation]:
    """Three technologies: two led by China, one by the US."""
    return [
        *(Entity(f"t{n}", "Technology", f"t{n}") for n in range(3)),
        *relations(
            "\n".join(
                f"country:{code} PRODUCES t{n} 60 basis=market publisher={publisher}"
                f" observed={observed}"
                for n, code in enumerate(("cn", "cn", "us"))
            )
        ),
    ]


def test_a_count_without_its_list_is_a_bare_claim() -> None:
    (bare,) = ask([country("cn", aspiTechnologiesLed=BARE)]).bare
    assert (bare.led, bare.of, bare.date, bare.publisher) == (2, 3, "2023-03-01", "Tracker (Inc)")
    assert (bare.url, bare.note) == ("https://example.org/t", "Research only.")
    assert (bare.covered, bare.found) == (0, 0)


def test_a_bare_claim_is_made_again_from_the_technologies_of_its_publisher_and_date() -> None:
    said = BARE.replace("Tracker (Inc)", "Tracker")
    countries = [country("cn", technologiesLed=said), country("us")]
    (bare,) = ask([*countries, *led("Tracker", "2023-03-01")]).bare
    assert (bare.covered, bare.found) == (3, 2)
    (other,) = ask([*countries, *led("Tracker", "2024")]).bare  # another edition
    assert (other.covered, other.found) == (0, 0)


def test_a_text_that_is_no_count_is_shown_as_it_is() -> None:
    (bare,) = ask([country("cn", technologiesLed="most of them")]).bare
    assert (bare.text, bare.led, bare.of) == ("most of them", None, None)


def test_bare_claims_of_the_built_in_facts(tmp_path: Path) -> None:
    load(tmp_path / "facts.db", "seed", [])
    with Graph(tmp_path / "facts.db") as graph:
        answer = leaders(graph, conditions(DAY))
    said = [(bare.party.name, bare.led, bare.of, bare.date[:4]) for bare in answer.bare]
    assert said == [
        ("China", 37, 44, "2023"),
        ("China", 57, 64, "2024"),
        ("China", 66, 74, "2025"),
        ("United States", 7, 44, "2023"),
        ("United States", 7, 64, "2024"),
        ("United States", 8, 74, "2025"),
    ]
    assert {bare.covered for bare in answer.bare} == {0}  # no list of technologies stands behind
    assert all(bare.publisher and bare.url for bare in answer.bare)
    assert words(answer)[0][2:] == ("certain", ["seed:asml"])  # the only technology: EUV


@pytest.mark.skipif(not TABLES[0].exists(), reason="the shared tables of chips are not here")
def test_leaders_of_the_real_tables_as_their_own_rows_say(tmp_path: Path) -> None:
    """Read again by hand: whoever has the largest printed share of a product leads it."""
    load(tmp_path / "eto.db", "eto", TABLES)
    with Graph(tmp_path / "eto.db") as graph:
        answer = leaders(graph, conditions(DAY))
    printed: dict[tuple[str, str], list[tuple[float, str]]] = defaultdict(list)
    with (REAL / "providers.csv").open(encoding="utf-8") as file:
        kinds = {row["provider_id"]: row for row in csv.DictReader(file)}
    with (REAL / "provision.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            provider = kinds[row["provider_id"]]
            if not provider["provider_name"].startswith("Various"):
                side = "country" if provider["provider_type"] == "country" else "firm"
                share = float(row["share_provided"] or -1)
                printed[f"eto:{row['provided_id']}", side].append((share, row["provider_id"]))
    assert {(one.product.id, one.side) for one in answer.led} == set(printed)
    for one in answer.led:
        rows = sorted(printed[one.product.id, one.side], reverse=True)
        stated = [share for share, _ in rows if share >= 0]
        assert (one.together.lead == "unknown") == (not stated)
        if stated:
            assert one.together.lead == "certain"
            assert one.holders[0].low == round(rows[0][0] * UNITS_PER_PERCENT)
            assert len(one.holders) == len(rows)
    euv = [one for one in answer.led if one.product.name == "EUV lithography tools"]
    assert [one.together.leaders[0].parties[0].name for one in euv] == ["ASML", "Netherlands"]
    most = answer.tallies["country"][0]
    assert (most.party.name, most.certain, sum(answer.totals["country"].values())) == (
        "United States",
        *_by_hand(printed),
    )


def _by_hand(printed: dict[tuple[str, str], list[tuple[float, str]]]) -> tuple[int, int]:
    """How many products the United States (P1 in the tables) leads, and of how many."""
    rows = [max(shares) for (_, side), shares in printed.items() if side == "country"]
    return sum(share >= 0 and provider == "P1" for share, provider in rows), len(rows)
