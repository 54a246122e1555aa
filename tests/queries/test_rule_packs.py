"""Are all rules well-formed data, and do they say what the survey of the law says?

The tables below were written by hand from that survey, not from the files that they check.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, get_args

import pytest

from spillover.graph.dates import as_day
from spillover.graph.schema import KINDS, MEANS
from spillover.queries.rulebook import Basis, Means, Reading, Rule, Threshold, rule, rule_ids

FOUND: Final = dt.date(2026, 11, 22)
"""Day of the survey."""
PAGE: Final = Path(__file__).parents[2] / "docs" / "rules.md"


class Row(NamedTuple):
    """One line of the survey."""

    threshold: str
    adds_up: str
    """``yes``, ``no``, ``unsettled`` or ``-`` where nothing is summed."""
    control: str
    """``yes``, ``no`` or ``unsettled``: whether control of stated means decides."""
    indirect: str
    """``whole``: from a holding that is large enough; ``majority``; ``product``; ``none``."""
    status: str
    today: str
    """State on the day of the survey."""


SURVEY: Final = {
    "us-ofac-50": Row("at least 50 %", "yes", "no", "whole", "read", "in force"),
    "us-ofac-ssi": Row("at least 50 %", "unsettled", "no", "whole", "read", "in force"),
    "us-ns-cmic": Row("-", "-", "no", "none", "read", "in force"),
    "us-ns-mbs": Row("-", "-", "no", "none", "read", "in force"),
    "us-ethiopia": Row("-", "-", "no", "none", "read", "in force"),
    "us-bis-affiliates": Row("at least 50 %", "yes", "no", "whole", "read", "unknown"),
    "eu-asset-freeze": Row("at least 50 %", "yes", "yes", "whole", "read", "in force"),
    "eu-833-art5": Row("more than 50 %", "unsettled", "no", "whole", "unverified", "in force"),
    "uk-ofsi": Row("more than 50 %", "no", "yes", "whole", "read", "in force"),
    "ch-seco": Row("more than 50 %", "yes", "yes", "whole", "read", "in force"),
    "ca-sema": Row("at least 50 %", "unsettled", "yes", "whole", "read", "in force"),
    # 25.58 % is the smaller end of what [2024] FCA 43 was about, not a threshold of the law.
    "au-asr": Row("at least 25.58 %", "unsettled", "unsettled", "product", "read", "in force"),
    "us-1260h-805": Row("-", "unsettled", "yes", "none", "read", "in force"),
    "us-uflpa": Row("-", "-", "no", "none", "unverified", "in force"),
    "eu-amlr-ubo": Row("at least 25 %", "no", "yes", "product", "read", "not in force"),
    "uk-psc": Row("more than 25 %", "no", "yes", "majority", "read", "in force"),
    "ecb-close-link": Row("at least 20 %", "no", "no", "product", "unverified", "in force"),
}


def adds_up(law: Rule) -> str:
    """Whether shares of several owners are added up."""
    if law.method == "listed":
        return "-"
    if law.unsettled and law.unsettled.aggregation == "together":
        return "unsettled"
    return "yes" if law.reading.aggregation == "together" else "no"


def control(law: Rule) -> str:
    """Whether the right to appoint the board is enough."""
    if "board" in law.reading.control:
        return "yes"
    wider = law.unsettled.control if law.unsettled else None
    return "unsettled" if wider and "board" in wider else "no"


def indirect(law: Rule) -> str:
    """How a stake through another entity counts."""
    if law.reading.threshold is None:
        return "none"
    if law.method in ("products", "simple_paths"):
        return "product"
    return "majority" if law.reading.passes_on else "whole"


def test_every_rule_of_the_survey_is_there_and_no_other() -> None:
    assert rule_ids() == sorted(SURVEY)


@pytest.mark.parametrize("rule_id", SURVEY)
def test_it_says_what_the_survey_says(rule_id: str) -> None:
    law = rule(rule_id)
    threshold = str(law.reading.threshold or "-")
    state = law.state(FOUND.toordinal())
    assert SURVEY[rule_id] == Row(
        threshold, adds_up(law), control(law), indirect(law), law.status, state
    )


@pytest.mark.parametrize("rule_id", rule_ids())
class TestEveryRule:
    def test_is_sourced(self, rule_id: str) -> None:
        law = rule(rule_id)
        assert law.sources
        assert all(source.url.startswith("https://") for source in law.sources)
        assert all(source.title for source in law.sources)
        assert all(source.date <= law.verified_on for source in law.sources)
        assert law.verified_on == FOUND

    def test_is_written_in_plain_words(self, rule_id: str) -> None:
        law = rule(rule_id)
        texts = [law.title, law.authority, law.effect, law.summary]
        texts += [law.unsettled.why] if law.unsettled else []
        assert all(text and text.isascii() and text == " ".join(text.split()) for text in texts)
        assert law.summary.endswith(".")
        assert not law.effect.endswith(".")

    def test_says_what_was_not_read(self, rule_id: str) -> None:
        law = rule(rule_id)
        if law.status == "unverified":
            assert re.search(r"recalled|not read", law.summary)

    def test_says_what_is_unsettled_and_why(self, rule_id: str) -> None:
        law = rule(rule_id)
        assert ("Unsettled:" in law.summary) == (law.unsettled is not None)
        if law.unsettled:
            assert law.unsettled.why.endswith(".")
            assert law.widest(FOUND.toordinal()) != law.settled(FOUND.toordinal())

    def test_its_widest_reading_counts_everything_that_the_settled_one_counts(
        self, rule_id: str
    ) -> None:
        law, day = rule(rule_id), FOUND.toordinal()
        settled, widest = law.settled(day), law.widest(day)
        assert set(settled.control) <= set(widest.control)
        if settled.threshold:
            assert widest.threshold is not None
            assert widest.threshold.least <= settled.threshold.least
        assert widest.aggregation in (settled.aggregation, "together")

    def test_its_numbers_fit_together(self, rule_id: str) -> None:
        law = rule(rule_id)
        read, threshold = law.reading, law.reading.threshold
        if law.method == "listed":
            assert (threshold, read.control, read.acting_for, law.unsettled) == (
                None,
                (),
                False,
                None,
            )
            return
        assert threshold or read.control
        if threshold:
            assert 0 < threshold.least <= 100_000_000
        if law.method in ("products", "simple_paths"):
            assert read.passes_on, "else whoever is reached would pass on its whole stake"
        if read.passes_on and threshold:
            assert read.passes_on.least > threshold.least

    def test_its_bases_and_means_are_those_of_the_graph(self, rule_id: str) -> None:
        read = rule(rule_id).reading
        assert read.bases
        assert all(group and set(group) <= set(KINDS["OWNS"].bases) for group in read.bases)
        assert set(read.control) <= {"stated", *MEANS}

    def test_its_programmes_are_keys(self, rule_id: str) -> None:
        law = rule(rule_id)
        assert len(set(law.programmes)) == len(law.programmes)
        assert all(re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", key) for key in law.programmes)
        assert bool(law.programmes) == (law.purpose == "sanctions")

    def test_its_periods_follow_each_other_without_a_gap(self, rule_id: str) -> None:
        periods = rule(rule_id).in_force
        for period, following in pairwise(periods):
            assert period.end is not None
            assert period.start <= period.end
            assert period.end + dt.timedelta(days=1) == following.start
        assert periods[-1].end is None

    def test_is_on_the_page_of_the_rules(self, rule_id: str) -> None:
        (line,) = re.findall(
            rf"^\| `{rule_id}` \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
        )
        law = rule(rule_id)
        assert f"| {law.reading.threshold or 'no share'}" in line
        assert f"| {law.status} |" in line
        assert str(law.in_force[-1].start.year) in line


def test_means_and_bases_of_rules_are_those_that_claims_can_state() -> None:
    assert set(get_args(Means)) == {"stated", *MEANS}
    assert set(get_args(Basis)) == set(KINDS["OWNS"].bases)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-09-28", "not in force"),
        ("2025-09-29", "in force"),
        ("2025-11-09", "in force"),
        ("2025-11-10", "suspended"),
        ("2026-11-09", "suspended"),
        ("2026-11-10", "unknown"),
        ("2030-01-01", "unknown"),
    ],
)
def test_the_affiliates_rule_comes_goes_and_is_then_unknown(day: str, state: str) -> None:
    assert rule("us-bis-affiliates").state(as_day(day)) == state


@pytest.mark.parametrize(
    ("day", "threshold", "state"),
    [
        ("2001-01-01", "more than 50 %", "not in force"),
        ("2020-12-17", "more than 50 %", "unknown"),
        ("2022-04-08", "more than 50 %", "in force"),
        ("2024-07-02", "more than 50 %", "in force"),
        ("2024-07-03", "at least 50 %", "in force"),
    ],
)
def test_the_european_threshold_changed_in_july_2024(day: str, threshold: str, state: str) -> None:
    law = rule("eu-asset-freeze")
    assert str(law.settled(as_day(day)).threshold) == threshold
    assert law.state(as_day(day)) == state


@pytest.mark.parametrize(
    ("rule_id", "start"),
    [
        ("us-ofac-50", "2014-08-13"),
        ("us-1260h-805", "2026-06-30"),
        ("us-uflpa", "2022-06-21"),
        ("ca-sema", "2023-06-22"),
        ("uk-ofsi", "2020-12-31"),
        ("uk-psc", "2016-04-06"),
        ("eu-amlr-ubo", "2027-07-10"),
    ],
)
def test_days_on_which_rules_began(rule_id: str, start: str) -> None:
    law, day = rule(rule_id), as_day(start)
    assert law.state(day) == "in force"
    assert law.state(day - 1) == "not in force"


def test_the_widest_reading_replaces_what_is_unsettled_and_nothing_else() -> None:
    law, day = rule("ca-sema"), FOUND.toordinal()
    settled, widest = law.settled(day), law.widest(day)
    assert (settled.aggregation, widest.aggregation) == ("person", "together")
    assert widest.threshold == settled.threshold
    assert widest.bases == settled.bases
    assert rule("us-ofac-50").widest(day) == rule("us-ofac-50").settled(day)


def test_what_a_reading_assumes_where_a_rule_says_nothing() -> None:
    read = Reading(threshold=Threshold(share="50", operator=">="))
    assert (read.bases, read.aggregation, read.control) == (
        (("capital", "interest"),),
        "together",
        (),
    )
    assert (read.joint_arrangements, read.joint_holdings, read.acting_for) == (False,) * 3
