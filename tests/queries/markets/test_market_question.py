"""Who makes a product, what do the shares add up to, and what does it hang together with?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market_answer import MarketAnswer, MarketReport
from spillover.queries.markets.market_question import market
from tests.graphs import opened, relations

ETO = Path(__file__).parents[3].parent / "shared" / "data" / "eto"
DAY = conditions("2026-11-22")

LOOMS: Final[list[Entity | Relation]] = [
    *(Entity(name, "Product", name) for name in ("Loom", "Jet loom", "Cloth", "Yarn")),
    Entity("JP", "Country", "Japan", countries=("jp",)),
    *(Entity(name, "Company", name, countries=("jp",)) for name in ("Web", "Toy", "Blank")),
    *relations(
        """
        Web PRODUCES Loom 50 basis=market observed=2025
        Toy PRODUCES Loom 20 basis=market observed=2024
        Blank PRODUCES Loom
        JP PRODUCES Loom 90 basis=market
        Yarn INPUT_TO Cloth
        Loom INPUT_TO Cloth
        """
    ),
    Relation("KIND_OF", "Jet loom", "Loom"),
]


def asked(*products: str, **asked_for: object) -> MarketAnswer:
    with opened(LOOMS) as graph:
        return market(graph, products, DAY, **asked_for)  # type: ignore[arg-type] # by keyword


def percent(units: int) -> float:
    return units / UNITS_PER_PERCENT


def firms(answer: MarketAnswer) -> MarketReport:
    return next(count for count in answer.products[0].markets if count.side == "firm")


def test_firms_and_countries_are_two_counts() -> None:
    (item,) = asked("Loom").products
    assert [count.side for count in item.markets] == ["firm", "country"]
    assert [p.party.name for p in item.markets[0].producers] == ["Web", "Toy", "Blank"]
    assert [p.party.name for p in item.markets[1].producers] == ["Japan"]


def test_what_the_shares_add_up_to() -> None:
    """50 + 20 are stated, one has no share, 30 are left: HHI 2,900, or 900 more in one hand."""
    count = firms(asked("Loom"))
    assert count.printed == (70 * UNITS_PER_PERCENT,) * 2
    assert count.left == (30 * UNITS_PER_PERCENT,) * 2
    assert count.unquantified == 1
    assert count.hhi.low == 2900
    assert count.hhi.high == 3800
    assert count.largest is not None
    assert count.largest.party.name == "Web"
    assert count.surely  # nobody can have more than the 30 that are left


def test_the_largest_that_is_stated_need_not_be_the_largest() -> None:
    with opened("A PRODUCES P 30 basis=market\nB PRODUCES P") as graph:
        count = firms(market(graph, ["P"], DAY))
    assert count.largest is not None
    assert not count.surely


def test_who_reports_the_same_share_is_no_rival() -> None:
    """B's 60 and A's 55 to 65 are one share; C has 30, and 10 are left: nobody else has 60."""
    text = """
    A PRODUCES P 55-65 basis=market block=both
    B PRODUCES P 60 basis=market block=both
    C PRODUCES P 30 basis=market
    """
    with opened(text) as graph:
        count = firms(market(graph, ["P"], DAY))
    assert [(p.party.name, p.block) for p in count.producers] == [
        ("B", "both"),
        ("A", "both"),
        ("C", ""),
    ]
    assert count.surely


def test_what_it_is_made_with_and_goes_into() -> None:
    loom, cloth = asked("Loom", "Cloth").products
    assert [(link.source.name, link.kind) for link in loom.inputs] == [("Jet loom", "KIND_OF")]
    assert [(link.target.name, link.kind) for link in loom.outputs] == [("Cloth", "INPUT_TO")]
    assert {link.source.name for link in cloth.inputs} == {"Yarn", "Loom"}
    assert cloth.markets == ()  # nobody is known to make it


def test_only_one_side() -> None:
    (item,) = asked("Loom", side="country").products
    assert [count.side for count in item.markets] == ["country"]


def test_without_somebody() -> None:
    answer = asked("Loom", without=["Web"], rule="")
    count = firms(answer)
    assert count.loss is not None
    assert count.loss.lost == (50 * UNITS_PER_PERCENT,) * 2
    countries = answer.products[0].markets[1]
    assert countries.loss is not None
    assert not countries.loss.speaks
    assert asked("Loom").products[0].markets[0].loss is None


def test_too_old_a_share_is_unknown() -> None:
    with opened(LOOMS) as graph:
        count = firms(market(graph, ["Loom"], conditions("2026-11-22", "400d")))
    assert count.unquantified == 3  # both shares were seen longer ago
    assert count.printed == (0, 0)


def test_what_is_no_product_is_refused() -> None:
    with pytest.raises(InputError, match=r"'Web' .* is no product but a Company"):
        asked("Web")
    with pytest.raises(NotFoundError):
        asked("Nothing")


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    if not ETO.is_dir():
        pytest.skip("the tables of the supply chain stand beside a checkout, not in it")
    path = tmp_path_factory.mktemp("chips") / "graph.db"
    run(path, "eto", sorted(ETO.glob("*.csv")))
    with Graph(path) as opened_graph:
        yield opened_graph


def test_real_shares_add_up_as_their_note_says(chips: Graph) -> None:
    """Shares by name and those of nobody by name: 99 to 102 % of each count, for print rounding.

    Rows without any stated share, and those that name a share for nobody, are left out.
    """
    names = [
        entity.id
        for entity in chips.store.entities(chips.numbers()).values()
        if entity.schema == "Product"
    ]
    sums = []
    for item in market(chips, names, DAY).products:
        for count in item.markets:
            others = [text for text in item.not_named if _is_of(text, count.side)]
            if count.printed == Part(0, 0) or count.unquantified:
                continue
            given = sum((Decimal(_number(text)) for text in others), Decimal(0))
            sums.append(Decimal(count.printed.low) / UNITS_PER_PERCENT + given)
    assert len(sums) > 150
    assert min(sums) >= 99
    assert max(sums) <= 102


def _is_of(text: str, side: str) -> bool:
    return ("countries" in text) == (side == "country")


def _number(text: str) -> str:
    found = re.search(r": ([\d.]+)", text)
    return found[1] if found else "0"


def test_euv_tools_are_made_by_one_firm_in_one_country(chips: Graph) -> None:
    (item,) = market(chips, ["EUV lithography tools"], DAY).products
    for count, name in zip(item.markets, ("ASML", "Netherlands"), strict=True):
        (only,) = count.producers
        assert only.party.name == name
        assert only.part == (WHOLE, WHOLE)
        assert count.hhi.low == count.hhi.high == 10_000


def test_real_blank_shares_stay_unknown(chips: Graph) -> None:
    (item,) = market(chips, ["Wafer"], DAY).products
    count = item.markets[0]
    assert count.unquantified == len(count.producers) == 13
    assert {producer.part for producer in count.producers} == {(0, WHOLE)}
    assert (count.hhi.low, count.hhi.high) == (0, 10_000)  # type: ignore[comparison-overlap] # fractions equal numbers


def test_who_reports_the_same_share_is_no_rival_of_the_largest() -> None:
    """Web and Toy report one share, 45 to 60 %; the other has 30, and 25 are left: Web is ahead.

    Counted apart, Toy could have 60, more than the 45 that are certain of Web.
    """
    claims = """
    Web PRODUCES Loom 45-60 basis=market block=group
    Toy PRODUCES Loom 40-60 basis=market block=group
    Blank PRODUCES Loom 30 basis=market
    """
    with opened([Entity("Loom", "Product", "Loom"), *relations(claims)]) as graph:
        count = firms(market(graph, ["Loom"], DAY))
    assert count.largest is not None
    assert count.largest.party.id == "Web"
    assert count.surely
