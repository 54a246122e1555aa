"""What part of a market lies in one jurisdiction, and by how much would the rest have to grow?"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Entity
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE
from spillover.queries.markets.market import Market
from spillover.queries.strategic.answer import Held
from spillover.queries.strategic.lands import Makers, held
from tests.queries.markets.selling import market, share
from tests.queries.strategic.goods import ask, country, firm


def lands(found: Held) -> list[tuple[str, float, float]]:
    return [
        (one.name, one.part.low / UNITS_PER_PERCENT, one.part.high / UNITS_PER_PERCENT)
        for one in found.lands
    ]


def test_a_firm_without_a_country_can_be_of_every_one() -> None:
    claims = """
    A PRODUCES tools 50 basis=market
    B PRODUCES tools 30 basis=market
    C PRODUCES tools 20 basis=market
    """
    good = ask(claims, "tools", firm("A", "nl"), firm("B", "jp"), firm("C"))
    (found,) = good.scarcity.held
    assert lands(found) == [("NL", 50, 70), ("JP", 30, 50)]
    assert found.growth == (Fraction(50, 50), Fraction(70, 30))
    assert found.largest == (50 * UNITS_PER_PERCENT, 70 * UNITS_PER_PERCENT)
    assert [one.outside for one in found.lands] == [1, 1]


def test_people_whom_nobody_names_can_be_of_every_one_too() -> None:
    good = ask("A PRODUCES tools 80 basis=market", "tools", firm("A", "cn"))
    (found,) = good.scarcity.held
    assert lands(found) == [("CN", 80, 100)]
    assert found.growth == (Fraction(4), None)  # at least fourfold; perhaps nothing is left


def test_countries_that_a_source_counts_are_as_they_are_counted() -> None:
    claims = """
    country:nl PRODUCES tools 94 basis=market
    country:jp PRODUCES tools 6 basis=market
    """
    good = ask(claims, "tools", country("nl"), country("jp"))
    (found,) = good.scarcity.held
    assert (found.side, lands(found)) == ("country", [("NL", 94, 94), ("JP", 6, 6)])
    assert found.growth == (Fraction(94, 6), Fraction(94, 6))


def test_where_all_lies_in_one_nothing_is_left_to_grow() -> None:
    good = ask("A PRODUCES euv 100 basis=market", "euv", firm("A", "nl"), country("nl"))
    (found,) = good.scarcity.held
    assert (lands(found), found.growth) == ([("NL", 100, 100)], (None, None))


def test_a_region_is_a_jurisdiction_of_its_own() -> None:
    claims = "Europe PRODUCES tools 30 basis=market scope=country"
    (found,) = ask(claims, "tools", Entity("Europe", "Thing", "Europe")).scarcity.held
    assert [(one.code, one.name) for one in found.lands] == [("", "Europe")]


def test_unknown_shares_say_nothing_of_growth() -> None:
    (found,) = ask("A PRODUCES tools", "tools", firm("A", "nl")).scarcity.held
    assert (lands(found), found.growth) == ([("NL", 0, 100)], None)


class _Case(NamedTuple):
    market: Market
    makers: Makers
    seats: list[tuple[str, ...]]
    """Countries of which each firm can be."""
    completions: list[tuple[int, ...]]
    """Shares in fifths."""


@st.composite
def cases(draw: st.DrawFn) -> _Case:
    ends = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=3))
    ends = [
        (min(low, 5 // len(ends)), max(low, high)) for low, high in ends
    ]  # they fit into the whole
    land = st.sampled_from([("nl",), ("jp",), ("nl", "jp"), ()])
    countries = [draw(land) for _ in ends]
    every = product(*(range(low, high + 1) for low, high in ends))
    return _Case(
        market(*(share(n, 20 * low, 20 * high) for n, (low, high) in enumerate(ends))),
        Makers(
            {
                n: Entity(f"f{n}", "Company", f"f{n}", countries=of)
                for n, of in enumerate(countries)
            },
            {},
        ),
        [of or ("nl", "jp", "elsewhere") for of in countries],
        [point for point in every if sum(point) <= 5],
    )


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_part_of_a_jurisdiction_is_attained_and_never_left(case: _Case) -> None:
    """Brute force: every completion, every seat of every firm; the remainder here or elsewhere."""
    sums: dict[str, set[int]] = {"nl": set(), "jp": set()}
    for point in case.completions:
        for seats in product(*case.seats):
            for land, found in sums.items():
                own = sum(part for part, seat in zip(point, seats, strict=True) if seat == land)
                found |= {own, own + 5 - sum(point)}
    named = {code for entity in case.makers.entities.values() for code in entity.countries}
    found_lands = {one.code: one.part for one in held(case.market, case.makers).lands}
    assert set(found_lands) == named
    for code, part in found_lands.items():
        assert part == (min(sums[code]) * WHOLE // 5, max(sums[code]) * WHOLE // 5)
