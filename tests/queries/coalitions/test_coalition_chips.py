"""What does a coalition of the US, the Netherlands and Japan cover of the real chip tables?

Shares are read a second time, by nothing but ``csv``, and compared.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from spillover.graph.session import Graph
from spillover.graph.stake import percent_text
from spillover.loaders.run import run
from spillover.queries.coalitions.coalition import coalition
from spillover.queries.coalitions.coalition_answer import Coalition, Cover
from spillover.queries.conditions import conditions

REAL: Final = Path(__file__).parents[3].parent / "shared" / "data" / "eto"
TABLES: Final = ("inputs", "providers", "provision", "sequence", "stages")
CODES: Final = {"us": "USA", "nl": "NLD", "jp": "JPN", "cn": "CHN", "de": "DEU"}

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real chip tables are not here")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    path = tmp_path_factory.mktemp("eto") / "graph.db"
    run(path, "eto", [REAL / f"{name}.csv" for name in TABLES])
    with Graph(path) as found:
        yield found


def rows(name: str) -> list[dict[str, str]]:
    with (REAL / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def printed() -> dict[str, dict[str, str]]:
    """Shares of countries as printed, by product and country."""
    countries = {
        row["provider_id"]: row["provider_name"]
        for row in rows("providers")
        if row["provider_type"] == "country"
    }
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows("provision"):
        if row["provider_id"] in countries:
            found[row["provided_id"]][countries[row["provider_id"]]] = row["share_provided"]
    return found


def ask(graph: Graph, product: str, *members: str) -> Coalition:
    return coalition(graph, product, conditions("2026-11-22"), members=members, against="cn")


def cover(answer: Coalition, product: str) -> Cover:
    (found,) = (one for one in answer.covers if one.product.id == product)
    return found


@pytest.mark.parametrize(("product", "total"), [("N20", "100"), ("N19", "97.1"), ("N106", "95.8")])
def test_shares_of_the_members_add_up(graph: Graph, product: str, total: str) -> None:
    """EUV 100; lithography tools 81.5 + 15 + 0.6; i-line 31.2 + 56.9 + 7.7."""
    shares = printed()[product]
    assert sum(Decimal(shares.get(CODES[c], "0")) for c in ("us", "nl", "jp")) == Decimal(total)
    found = ask(graph, f"eto:{product}", "us", "nl", "jp")
    assert found.asked is not None
    assert percent_text(found.asked.covered.low) == total


def test_every_cover_of_the_chain_is_the_sum_of_the_printed_shares(graph: Graph) -> None:
    """Where a member's share is blank, the cover is a range, and never lower than the sum."""
    table, answer = printed(), ask(graph, "eto:N99", "us", "nl", "jp")
    compared = 0
    for found in answer.covers:
        shares = table[found.product.id.removeprefix("eto:")]
        if found.side == "country":
            mine = [shares[CODES[c]] for c in ("us", "nl", "jp") if CODES[c] in shares]
            low = sum((Decimal(text) for text in mine if text), Decimal())
            assert Decimal(percent_text(found.covered.low)) == min(low, Decimal(100))
            if "" in mine and low < 90:
                assert found.covered.high > found.covered.low
            compared += 1
    assert compared > 90


def test_asml_has_all_of_extreme_ultraviolet_and_the_netherlands_are_pivotal(graph: Graph) -> None:
    answer = ask(graph, "EUV lithography tools", "us", "nl", "jp")
    euv = answer.asked
    assert euv is not None
    assert [(b.firm.name, percent_text(b.share.low)) for b in answer.bearers] == [("ASML", "100")]
    (dutch,) = euv.pivots
    assert (dutch.land, dutch.shapley, dutch.veto) == ("nl", (Fraction(1), Fraction(1)), "yes")
    assert euv.certain.coalitions == (("nl",),)
    (leaving,) = answer.defections
    assert [land.code for land in leaving.leaving] == ["nl"]
    assert (leaving.denied.low, leaving.denied.high) == (0, 0)


def test_four_states_could_each_deny_the_finished_chip_alone(graph: Graph) -> None:
    """Germany makes all crystal growing furnaces, without which there is no wafer."""
    answer = ask(graph, "Finished logic chip", "us", "nl", "jp")
    alone = {way.members[0].code: [party.name for party in way.products] for way in answer.ways}
    assert alone["de"] == ["Crystal growing furnaces"]
    assert alone["nl"] == ["Lithography tools"]
    assert set(alone) == {"de", "jp", "nl", "us"}
    assert percent_text(answer.denied.low) == "99.8"  # crystal machining: Japan 99.7, US 0.1
    assert [party.name for party in answer.least][-1] == "Crystal machining tools"


def test_a_blank_share_is_never_zero(graph: Graph) -> None:
    """Photoresists: China, Japan, Korea and the US are there, and nobody says how large."""
    resists = cover(ask(graph, "Finished logic chip", "us", "nl", "jp"), "eto:N31")
    assert not any(piece.stated for piece in resists.pieces)
    assert (resists.covered.low, resists.covered.high) == (0, 100_000_000)
    assert resists.covers == "perhaps"
