"""Are the rules well-formed data, and conditions read as users write them."""

from __future__ import annotations

import datetime as dt

import pytest

from spillover.graph.dates import as_day
from spillover.graph.errors import DateError, InputError, NotFoundError
from spillover.queries.blocked import blocked
from spillover.queries.conditions import conditions
from spillover.queries.rulebook import Rule, Threshold, rule
from tests.graphs import opened


def test_the_ofac_rule_says_what_its_guidance_says() -> None:
    law = rule("us-ofac-50")
    assert str(law.reading.threshold) == "at least 50 %"
    assert (law.method, law.reading.aggregation, law.reading.control) == ("cascade", "together", ())
    assert law.state(as_day("2014-08-13")) == "in force"


def test_outside_its_periods_a_rule_is_a_what_if() -> None:
    with opened("X > A 60") as graph:
        before = blocked(graph, ["X"], conditions("2014-08-12"))
        after = blocked(graph, ["X"], conditions("2014-08-13"))
    assert before.remark == (
        "us-ofac-50: it was not in force on 2014-08-12 (in force from 2014-08-13 on);"
        " read the verdicts as a what-if"
    )
    assert after.remark == ""
    assert [result.verdict for result in before.results] == ["blocked"]


def test_an_unknown_rule_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(NotFoundError, match=r"no rule is named 'ofac'; there are: .*us-ofac-50"):
        rule("ofac")


def test_a_field_that_no_rule_has_is_refused() -> None:
    known = rule("us-ofac-50").model_dump()
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Rule.model_validate({**known, "treshold": "50"})


@pytest.mark.parametrize("text", ["40-60", "more than 50", "", "about 50"])
def test_a_threshold_that_is_no_exact_share_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no exact share"):
        Threshold(share=text, operator=">=")


def test_a_threshold_in_units() -> None:
    at_least, more = Threshold(share="50", operator=">="), Threshold(share="50", operator=">")
    assert (at_least.units, more.units) == (50_000_000, 50_000_000)
    assert (at_least.least, more.least) == (50_000_000, 50_000_001)


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "days"),
        [("90d", 90), ("1 day", 1), ("18m", 540), ("3y", 1095), ("2 Years", 730), ("0d", 0)],
    )
    def test_an_age(self, text: str, days: int) -> None:
        assert conditions("2024-01-01", text).max_age == days

    @pytest.mark.parametrize("text", ["", "3", "y", "3 weeks", "-1d", "1.5y", "3y6m", "٣y"])
    def test_an_age_that_cannot_be_read(self, text: str) -> None:
        with pytest.raises(InputError, match="write for example 90d, 18m or 3y"):
            conditions("2024-01-01", text)

    def test_a_confidence_that_is_unknown(self) -> None:
        with pytest.raises(InputError, match="use low, medium, high"):
            conditions("2024-01-01", None, "certain")

    @pytest.mark.parametrize("text", ["2024", "2024-05", "2024-13-01", "yesterday"])
    def test_a_day_that_is_none(self, text: str) -> None:
        with pytest.raises(DateError):
            conditions(text)

    def test_what_is_left_out_is_the_default(self) -> None:
        when = conditions(dt.date(2024, 1, 1))
        assert (when.as_of, when.max_age, when.min_confidence) == ("2024-01-01", None, "medium")
