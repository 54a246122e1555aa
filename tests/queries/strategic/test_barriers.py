"""Is the market of a good concentrated, how many are named, and who came?"""

from __future__ import annotations

from spillover.graph.stake import UNITS_PER_PERCENT
from tests.queries.strategic.goods import ask

THREE = """
A PRODUCES tools 50 basis=market
B PRODUCES tools 30 basis=market
C PRODUCES tools 20 basis=market
"""


def test_concentration_and_the_largest_of_exact_shares() -> None:
    (market,) = ask(THREE, "tools").barriers
    assert [*market.hhi] == [3800, 3800]  # 50² + 30² + 20²
    assert (market.producers, market.quantified) == (3, 3)
    assert market.first == (50 * UNITS_PER_PERCENT,) * 2
    assert market.three == (100 * UNITS_PER_PERCENT,) * 2
    assert market.unquantified == (0, 0)
    assert [one.parties[0].id for one in market.holders] == ["A", "B", "C"]


def test_producers_without_a_share_are_counted_and_never_zero() -> None:
    (market,) = ask(
        "A PRODUCES tools 60 basis=market\nB PRODUCES tools\nC PRODUCES tools", "tools"
    ).barriers
    assert (market.producers, market.quantified) == (3, 1)
    assert market.unquantified == (40 * UNITS_PER_PERCENT,) * 2
    # 60² at least, when the rest is in crumbs; 60² + 40² at most, when one has it all.
    assert [*market.hhi] == [3600, 5200]
    assert market.three == (60 * UNITS_PER_PERCENT, 100 * UNITS_PER_PERCENT)


def test_without_any_share_nothing_is_known_of_the_concentration() -> None:
    (market,) = ask("A PRODUCES tools\nB PRODUCES tools", "tools").barriers
    assert [*market.hhi] == [0, 10_000]
    assert market.first == (0, 100 * UNITS_PER_PERCENT)


AGENCY = """
A PRODUCES tools 60 basis=market observed=2015 publisher=Agency
B PRODUCES tools 40 basis=market observed=2015 publisher=Agency
A PRODUCES tools 55 basis=market observed=2023 publisher=Agency
C PRODUCES tools 45 basis=market observed=2023 publisher=Agency
"""


def test_entry_is_whom_one_publisher_newly_names() -> None:
    (market,) = ask(AGENCY, "tools").barriers
    (naming,) = market.naming
    assert (naming.publisher, naming.dates) == ("Agency", ("2015", "2023"))
    assert [(party.id, date) for party, date in naming.new] == [("C", "2023")]
    assert [party.id for party in naming.gone] == ["B"]
    assert market.observations == ("2015", "2023")
    assert len(market.claims) == 4  # the superseded share of A among them


def test_before_the_second_observation_entry_is_unknown() -> None:
    (market,) = ask(AGENCY, "tools", as_of="2020-01-01").barriers
    assert (market.naming, market.observations) == ((), ("2015",))


def test_two_publishers_show_no_entry() -> None:
    claims = AGENCY.replace("observed=2023 publisher=Agency", "observed=2023 publisher=Bureau")
    (market,) = ask(claims, "tools").barriers
    assert (market.naming, market.observations) == ((), ("2015", "2023"))


def test_a_good_that_nobody_is_said_to_make_has_no_market() -> None:
    assert ask("sand INPUT_TO glass", "sand").barriers == ()
