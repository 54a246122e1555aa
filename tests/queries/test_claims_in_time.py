"""Which claims count on a day: examples by hand, one fact each (DESIGN.md, section 3)."""

from __future__ import annotations

import pytest

from spillover.graph.dates import iso
from spillover.queries.conditions import conditions
from spillover.queries.show import show
from tests.graphs import opened
from tests.queries.asking import ask


def held(text: str, day: str, **options: str) -> tuple[float, float] | None:
    """Least and greatest share of A that X holds on the day, in percent; None for no holding."""
    answer = ask(text, "X", as_of=day, **options)
    share = answer["A"].share if "A" in answer else None
    return (share.low / 10**6, share.high / 10**6) if share else None


def standings(text: str, day: str, **options: str) -> list[str]:
    """How each claim about A stands, in the order of the text."""
    with opened(text) as graph:
        profile = show(graph, "A", conditions(day, **options))
    by_number = sorted(profile.claims, key=lambda claim: claim.relation)
    return [claim.standing for claim in by_number]


OBSERVED = "X > A 60 observed=2020-03-15"
BOUNDED = "X > A 60 start=2019-01-01 end=2021-12-31 observed=2020-03-15"
TWICE = "X > A 60 observed=2018-01-01\nX > A 40 observed=2020-01-01"
PARTIAL = "X > A 60 start=2019 end=2021-02"


@pytest.mark.parametrize(
    ("text", "day", "share", "standing"),
    [
        # without a start it counts from the day observed
        (OBSERVED, "2020-03-14", None, ["not yet"]),
        (OBSERVED, "2020-03-15", (60, 60), ["counted"]),
        (OBSERVED, "2035-01-01", (60, 60), ["counted"]),
        # from its start, though it was observed later, until its end, that day included
        (BOUNDED, "2018-12-31", None, ["not yet"]),
        (BOUNDED, "2019-01-01", (60, 60), ["counted"]),
        (BOUNDED, "2021-12-31", (60, 60), ["counted"]),
        (BOUNDED, "2022-01-01", None, ["ended"]),
        # until a later observation, that day excluded
        (TWICE, "2019-12-31", (60, 60), ["counted", "not yet"]),
        (TWICE, "2020-01-01", (40, 40), ["superseded", "counted"]),
        # partial dates at their widest
        (PARTIAL, "2018-12-31", None, ["not yet"]),
        (PARTIAL, "2019-01-01", (60, 60), ["counted"]),
        (PARTIAL, "2021-02-28", (60, 60), ["counted"]),
        (PARTIAL, "2021-03-01", None, ["ended"]),
    ],
)
def test_a_claim_counts_from_its_start_until_its_end(
    text: str, day: str, share: tuple[float, float] | None, standing: list[str]
) -> None:
    assert held(text, day) == share
    assert standings(text, day) == standing


@pytest.mark.parametrize(
    ("later", "share"),
    [
        ("X > A 40 observed=2020", (40, 40)),
        ("X > A 40 observed=2020 basis=votes", (60, 60)),  # another basis, of votes
        ("X > A 40 observed=2020 basis=interest", (40, 60)),  # another basis that counts
        ("X > A 40 observed=2020 indirect", (60, 60)),  # another route
        ("X > A observed=2020", (60, 60)),  # it states no share
        ("X > A observed=2020 denies", (0, 60)),  # a denial is no new observation
        ("Y > A 40 observed=2020", (60, 60)),  # another owner
        ("X > A 40 observed=2018", (40, 60)),  # the same day: both stand
        ("X > A 40", (40, 60)),  # undated: it takes no one's place
        ("X > A 40 observed=2020 confidence=low", (60, 60)),  # less sure than asked for
    ],
)
def test_what_takes_the_place_of_an_earlier_claim(later: str, share: tuple[float, float]) -> None:
    assert held(f"X > A 60 observed=2018\n{later}", "2024-01-01") == share


class TestConfidence:
    TEXT = "X > A 60 observed=2018 confidence=high\nX > A 40 observed=2020 confidence=low"

    def test_a_less_sure_claim_is_shown_and_not_summed(self) -> None:
        assert held(self.TEXT, "2024-01-01") == (60, 60)
        assert standings(self.TEXT, "2024-01-01") == ["counted", "less sure"]

    def test_asked_for_it_counts_and_takes_the_place(self) -> None:
        assert held(self.TEXT, "2024-01-01", min_confidence="low") == (40, 40)
        assert standings(self.TEXT, "2024-01-01", min_confidence="low") == ["superseded", "counted"]

    def test_medium_is_not_high(self) -> None:
        text = "X > A 60 confidence=medium"
        assert held(text, "2024-01-01") == (60, 60)
        assert held(text, "2024-01-01", min_confidence="high") is None


class TestAge:
    def test_an_old_share_is_unknown_and_not_zero(self) -> None:
        result = ask(OBSERVED, "X", as_of="2024-01-01", max_age="3y")["A"]
        assert (result.verdict, result.share) == ("undetermined", (0, 100_000_000))
        assert standings(OBSERVED, "2024-01-01", max_age="3y") == ["too old"]

    @pytest.mark.parametrize(("age", "share"), [("10d", (60, 60)), ("9d", (0, 100))])
    def test_as_many_days_as_asked_for_are_not_too_many(
        self, age: str, share: tuple[float, float]
    ) -> None:
        assert held(OBSERVED, "2020-03-25", max_age=age) == share

    def test_an_undated_share_is_too_old_for_any_age(self) -> None:
        assert held("X > A 60", "2024-01-01", max_age="99999d") == (0, 100)

    def test_a_younger_claim_stands_beside_an_older_one(self) -> None:
        text = "X > A 60 observed=2018\nX > A 55 observed=2023 basis=interest"
        assert held(text, "2024-01-01") == (55, 60)
        assert held(text, "2024-01-01", max_age="2y") == (55, 55)

    def test_others_that_are_too_old_take_no_room(self) -> None:
        text = "X > A observed=2023\nZ > A 60 observed=2015"
        assert held(text, "2024-01-01") == (0, 40)
        assert held(text, "2024-01-01", max_age="2y") == (0, 100)

    def test_the_age_of_a_proof_is_that_of_its_oldest_claim(self) -> None:
        text = "X > B 60 observed=2020-06-30\nB > A 60 observed=2022-06-30"
        result = ask(text, "X", as_of="2024-06-30")["A"]
        # 366 + 365 + 365 + 365 days: 2020-06-30 to 2024-06-30 holds one 29 February
        assert (result.oldest, result.age_days) == ("2020-06-30", 1461)

    def test_a_partial_observation_is_as_old_as_it_can_be(self) -> None:
        result = ask("X > A 60 observed=2023", "X", as_of="2023-12-31")["A"]
        assert (result.oldest, result.age_days) == ("2023", 364)


class TestUndated:
    def test_it_counts_and_is_flagged(self) -> None:
        result = ask("X > A 60", "X", as_of="1990-01-01")["A"]
        assert (result.verdict, result.oldest, result.age_days) == ("blocked", None, None)
        assert "undated" in result.flags
        assert "undated" not in ask(OBSERVED, "X")["A"].flags

    def test_with_an_end_alone_it_counts_until_then(self) -> None:
        assert held("X > A 60 end=2020-05-01", "1990-01-01") == (60, 60)
        assert held("X > A 60 end=2020-05-01", "2020-05-02") is None

    def test_an_end_that_was_past_when_observed_speaks_of_the_time_before(self) -> None:
        text = "X > A 60 end=2015 observed=2020-01-01"
        assert held(text, "2010-01-01") == (60, 60)
        assert held(text, "2016-01-01") is None


def test_a_divestment_ends_the_verdict_faq_402() -> None:
    """OFAC FAQ 402: blocked persons who sell, wholly outside US jurisdiction, so that they hold
    less than 50 % together, no longer block the entity. 50 and 49 carry the example.
    """
    text = "X > A 50 start=2015-01-01 end=2016-06-30\nX > A 49 start=2016-07-01"
    before, after = (ask(text, "X", as_of=day)["A"] for day in ("2016-06-30", "2016-07-01"))
    assert (before.verdict, before.share.low) == ("blocked", 50_000_000)
    assert "boundary" in before.flags
    assert (after.verdict, after.share.low) == ("not_blocked", 49_000_000)
    assert after.flags == ("caution_minority", "interest_blocked")


def test_a_later_observation_alone_tells_of_the_sale() -> None:
    text = "X > A 50 observed=2015-01-01\nX > A 49 observed=2016-07-01"
    assert ask(text, "X", as_of="2016-06-30")["A"].verdict == "blocked"
    assert ask(text, "X", as_of="2016-07-01")["A"].verdict == "not_blocked"


def test_designations_are_shown_while_they_stand() -> None:
    text = "P DESIGNATES X start=2020-01-01 end=2021-12-31\nQ DESIGNATES X denies\nX > A 60"
    for day, listed in (("2019-12-31", ()), ("2021-12-31", ("P",)), ("2022-01-01", ())):
        with opened(text) as graph:
            assert show(graph, "X", conditions(day)).party.listed == listed


def test_the_day_of_a_question_is_today_unless_said() -> None:
    assert conditions("2024-02-29").as_of == "2024-02-29"
    assert conditions().as_of == iso(conditions().day)
