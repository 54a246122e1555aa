"""Is every row of a portfolio answered: what it is, what was found, how much is at risk?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.queries.answer import Reporter
from spillover.queries.blocked import blocked
from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import rule, rule_ids
from spillover.queries.screening.divestments import sales, window
from spillover.queries.screening.findings import Asked, findings
from spillover.queries.screening.judgements import Law, judgements
from spillover.queries.screening.red_flags import RED_FLAGS, hub_flags, hubs
from spillover.queries.screening.screen import Row, Screened, Screening, SetAside, screen
from spillover.queries.screening.spend import Risk, at_risk, totals
from tests.graphs import opened, relations
from tests.queries.worlds import broad

DAY = "2024-06-30"
OFAC = ("us-ofac-50",)
SDN = "OFAC-SDN"


def named(text: str, *, countries: dict[str, str] | None = None) -> list[Entity | Relation]:
    """The claims of a text, and an entity of that name for each end."""
    claims = relations(text)
    ends = sorted({end for claim in claims for end in (claim.source, claim.target)})
    places = countries or {}
    return [
        *(
            Entity(end, "Company", end, countries=tuple(filter(None, [places.get(end)])))
            for end in ends
        ),
        *claims,
    ]


@contextmanager
def asked(items: Any, *names: str, **options: Any) -> Iterator[dict[str, Screened]]:
    """The rows of these names, screened; by name."""
    with opened(items) as graph:
        yield {row.row.name: row for row in answer(graph, names, **options).rows}


def answer(graph: Graph, names: Iterable[str | Row], **options: Any) -> Screening:
    rows = [
        name if isinstance(name, Row) else Row(f"line {n}", "", name)
        for n, name in enumerate(names, 2)
    ]
    options.setdefault("rules", OFAC)
    return screen(graph, rows, conditions(options.pop("as_of", DAY)), **options)


def statuses(items: Any, *names: str, **options: Any) -> dict[str, str]:
    with asked(items, *names, **options) as rows:
        return {name: row.status for name, row in rows.items()}


LISTED = """
    Programme-X DESIGNATES Xenon start=2022-01-01
    Xenon > Alpha 50
    Xenon > Bravo 49
    Xenon > Charly
    Alpha SUPPLIES Delta 30 basis=supply
    Echo > Foxtrot 100
"""


def test_each_status_on_one_graph() -> None:
    found = statuses(
        named(LISTED),
        *("Xenon", "Alpha", "Bravo", "Charly", "Delta", "Foxtrot", "Nobody at all"),
        targets=("Xenon",),
    )
    assert found == {
        "Xenon": "listed",
        "Alpha": "blocked",  # 50 of 50 %
        "Bravo": "exposed",  # 49 % is less; the path has a strength of 49 %
        "Charly": "undetermined",  # a share that nobody states
        "Delta": "exposed",  # 50 % of 30 %
        "Foxtrot": "nothing_found",
        "Nobody at all": "not_found",
    }


def test_what_lists_it_and_since_when() -> None:
    with asked(named(LISTED), "Xenon") as rows:
        match = rows["Xenon"].match
        assert match is not None
        (listing,) = match.finding.listings
        assert (listing.programme.id, listing.since) == ("Programme-X", "2022-01-01")
        assert [claim.kind for claim in listing.claims] == ["DESIGNATES"]


def test_a_listing_that_ended_does_not_list() -> None:
    claims = "Programme-X DESIGNATES Xenon start=2020-01-01 end=2021-01-01\nXenon > A 10"
    assert statuses(named(claims), "Xenon") == {"Xenon": "nothing_found"}
    assert statuses(named(claims), "Xenon", as_of="2020-06-01") == {"Xenon": "listed"}


def test_a_rule_starts_from_whom_its_programmes_list() -> None:
    programme = rule("us-ofac-50").programmes[0]
    claims = f"{programme} DESIGNATES Xenon\nXenon > Alpha 60"
    with asked(named(claims), "Xenon", "Alpha") as rows:
        assert rows["Alpha"].status == "blocked"
        match = rows["Alpha"].match
        assert match is not None
        (judgement,) = match.finding.judgements
        assert judgement.detail is not None
        assert [claim.target.id for claim in judgement.detail.proof] == ["Alpha"]
        assert match.finding.route is not None
        assert match.finding.route.strength.low == Fraction(6, 10)


def test_a_question_is_no_hit_and_says_what_would_follow() -> None:
    # Two firms of the name: nobody knows which of them the row means.
    items: list[Entity | Relation] = [
        *(Entity(f"x{n}", "Company", "Zenith Trading") for n in (1, 2)),
        *relations("Boss > x1 100\nP DESIGNATES x2"),
    ]
    with opened(items) as graph:
        found = answer(graph, ["Zenith Trading"], targets=("Boss",))
    (row,) = found.rows
    assert (row.status, row.match, row.hit, row.open) == ("question", None, False, True)
    assert {c.finding.entity.id: c.finding.status for c in row.candidates} == {
        "x1": "blocked",
        "x2": "listed",
    }
    assert not any(candidate.certain for candidate in row.candidates)
    assert found.exit_code == 11
    assert "which of 2 entities" in row.unknown[0]


def test_what_is_not_found_is_not_called_clean() -> None:
    with asked(named(LISTED), "Somebody else entirely") as rows:
        (said, spend) = rows["Somebody else entirely"].unknown
    assert "not found in these datasets" in said
    assert "does not mean that it is clean" in said
    assert spend == "the spend: none is stated"


def test_an_undetermined_row_names_the_missing_fact() -> None:
    with asked(named(LISTED), "Charly", targets=("Xenon",)) as rows:
        assert rows["Charly"].unknown[0] == "the share of Xenon in Charly (us-ofac-50)"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ("X > Row 60", 10),  # blocked
        ("X > Row 10", 10),  # exposed by a known strength
        ("X > Row", 11),  # undetermined
        ("Row SUPPLIES X", 11),  # exposed, and nobody knows how strongly
        ("Row > Y 60\nX > Z 10", 0),
    ],
)
def test_the_exit_code_tells_whether_anything_is_hit(claims: str, code: int) -> None:
    with opened(named(claims)) as graph:
        found = answer(graph, ["Row"], targets=("X",))
    assert found.exit_code == code


def test_rules_that_were_not_in_force_are_what_if_unless_they_are_named() -> None:
    # us-1260h-805 applies from 30 June 2026; control by any means decides under it.
    items = named("X CONTROLS Row")
    before = "2024-06-30"
    with opened(items) as graph:
        everything = answer(graph, ["Row"], rules=(), targets=("X",), as_of=before)
        by_name = answer(graph, ["Row"], rules=("us-1260h-805",), targets=("X",), as_of=before)
    (row,) = everything.rows
    assert row.match is not None
    under = {j.rule: (j.verdict, j.counts) for j in row.match.finding.judgements}
    assert under["us-1260h-805"] == ("blocked", False)
    assert row.status == "undetermined"
    assert by_name.rows[0].status == "blocked"
    assert any("us-1260h-805" in remark for remark in by_name.remarks)


def test_rows_add_up_and_keep_their_order() -> None:
    with opened(named(LISTED)) as graph:
        found = answer(
            graph,
            ["Foxtrot", "Xenon", "Alpha"],
            targets=("Xenon",),
            aside=[SetAside("line 9", "no name and no identifier; give one of them", "x")],
        )
    assert [one.row.name for one in found.rows] == ["Foxtrot", "Xenon", "Alpha"]
    assert found.read == 4 == len(found.rows) + len(found.aside)
    assert sum(found.counts.values()) == 3
    assert sum(total.rows for total in found.totals) == 3


def test_an_unknown_rule_or_target_is_refused() -> None:
    with opened(named(LISTED)) as graph:
        with pytest.raises(NotFoundError, match="no rule is named 'us-none'"):
            answer(graph, ["Alpha"], rules=("us-none",))
        with pytest.raises(NotFoundError, match="no entity is named"):
            answer(graph, ["Alpha"], targets=("Nobody",))


def test_denials_stand_beside_the_claims() -> None:
    claims = "P DESIGNATES Row observed=2022\nP DESIGNATES Row denies observed=2023"
    with asked(named(claims), "Row") as rows:
        match = rows["Row"].match
    assert match is not None
    (listing,) = match.finding.listings
    assert sorted(claim.stance for claim in listing.claims) == ["asserts", "denies"]


# -- spend ------------------------------------------------------------------------------------


def test_spend_at_risk_by_status() -> None:
    spend = Decimal("1000.10")
    third = (Fraction(1, 3), Fraction(2, 3))
    assert at_risk("listed", spend, None) == Risk(spend, spend)
    assert at_risk("blocked", spend, None) == Risk(spend, spend)
    assert at_risk("undetermined", spend, third) == Risk(Decimal("0.00"), spend)
    # 1000.10 / 3 = 333.3666..., down; 2000.20 / 3 = 666.7333..., up
    assert at_risk("exposed", spend, third) == Risk(Decimal("333.36"), Decimal("666.74"))
    for status in ("question", "not_found", "nothing_found"):
        assert at_risk(status, spend, None) == Risk(Decimal("0.00"), Decimal("0.00"))
    assert at_risk("listed", None, None) is None


def test_sums_are_rounded_once() -> None:
    third = (Fraction(1, 3), Fraction(1, 3))
    (total,) = totals([("exposed", "EUR", Decimal(1), third)] * 3)
    assert (total.spend, total.risk) == (Decimal(3), Risk(Decimal("1.00"), Decimal("1.00")))


def test_currencies_and_statuses_are_never_added_up() -> None:
    found = totals(
        [
            ("nothing_found", "USD", Decimal(5), None),
            ("listed", "EUR", Decimal(1), None),
            ("blocked", "EUR", Decimal("0.5"), None),
            ("blocked", "EUR", None, None),
            ("blocked", "EUR", Decimal("0.25"), None),
        ]
    )
    assert [(t.currency, t.status, t.rows, t.unstated, t.spend) for t in found] == [
        ("EUR", "listed", 1, 0, Decimal(1)),
        ("EUR", "blocked", 3, 1, Decimal("0.75")),
        ("USD", "nothing_found", 1, 0, Decimal(5)),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["listed", "exposed", "undetermined", "not_found"]),
            st.decimals(0, 10**25, places=5, allow_nan=False),
            st.fractions(0, 1),
        )
    )
)
def test_sums_are_exact_and_outward(rows: list[tuple[str, Decimal, Fraction]]) -> None:
    found = totals((status, "EUR", spend, (part, part)) for status, spend, part in rows)
    for total in found:
        mine = [row for row in rows if row[0] == total.status]
        parts = {"listed": (1, 1), "undetermined": (0, 1), "not_found": (0, 0)}
        low, high = (
            sum(
                (Fraction(spend) * (part if status == "exposed" else parts[status][end]))
                for status, spend, part in mine
            )
            for end in (0, 1)
        )
        assert Fraction(total.spend) == sum(Fraction(spend) for _, spend, _ in mine)
        assert Fraction(total.risk.low) <= low < Fraction(total.risk.low) + Fraction(1, 100)
        assert Fraction(total.risk.high) - Fraction(1, 100) < high <= Fraction(total.risk.high)


# -- red flags --------------------------------------------------------------------------------


def flags(claims: str, name: str = "Row", **options: Any) -> dict[str, str]:
    """Words by kind of flag."""
    options.setdefault("targets", ("X",))
    with asked(named(claims), name, **options) as rows:
        return {flag.kind: flag.words for flag in rows[name].flags}


@pytest.mark.parametrize(
    ("share", "kinds"),
    [
        ("24.999999", set()),
        ("25", {"minority_stake"}),
        ("49.999999", {"minority_stake"}),
        ("50", set()),
        ("20-30", {"minority_stake"}),
        ("45-55", {"minority_stake"}),
        ("", {"share_unknown"}),
    ],
)
def test_a_minority_stake_is_flagged_from_a_quarter_to_the_threshold(
    share: str, kinds: set[str]
) -> None:
    assert set(flags(f"X > Row {share}")) == kinds


def test_a_minority_stake_of_somebody_blocked_is_flagged_too() -> None:
    said = flags("X > Mid 100\nMid > Row 30")
    assert said == {"minority_stake": "Mid (blocked) holds 30 %, below the threshold"}


def test_control_by_somebody_listed_is_flagged_with_its_denial() -> None:
    said = flags("X CONTROLS Row\nX CONTROLS Row denies\nY CONTROLS Row")
    assert said == {"control": "X (listed) is stated to control it; a source denies it"}


def test_a_state_tie_that_counts_is_flagged() -> None:
    said = flags("Organ STATE_TIE Row tie=supervision observed=2020\nX > Z 1")
    assert said == {"state_tie": "Organ is tied to it: supervision"}
    assert flags("Organ STATE_TIE Row tie=supervision end=2019-01-01\nX > Z 1") == {}
    assert flags("Organ STATE_TIE Row denies\nX > Z 1\nRow > Y 1") == {}


SOLD = """
    X > Row 60 start=2015 end=2023-09-30
    Kin > Row 60 start=2023-10-01
    X > Z 1
"""


@pytest.mark.parametrize(
    ("tie", "flagged"),
    [
        ("Kin FAMILY_OF X", True),
        ("X FAMILY_OF Kin", True),
        ("X EMPLOYS Kin", True),
        ("Kin DIRECTS X", True),
        ("X DIRECTS Kin", True),
        ("X LINKED_TO Kin", False),
        ("X EMPLOYS Kin end=2019-01-01", False),
        ("Kin FAMILY_OF Y", False),
    ],
)
def test_a_sale_to_family_or_staff_is_flagged(tie: str, flagged: bool) -> None:
    said = flags(f"{SOLD}\n{tie}")
    assert ("recent_divestment" in said) == flagged
    if flagged:
        assert said["recent_divestment"] == "X (listed) sold to Kin, and the two are related"


def test_the_claims_behind_a_sale_are_those_of_seller_buyer_and_tie() -> None:
    with asked(named(f"{SOLD}\nKin FAMILY_OF X"), "Row", targets=("X",)) as rows:
        (flag,) = rows["Row"].flags
    assert [(c.source.id, c.kind) for c in flag.claims] == [
        ("X", "OWNS"),
        ("Kin", "OWNS"),
        ("Kin", "FAMILY_OF"),
    ]


@pytest.mark.parametrize(
    ("as_of", "flagged"),
    [("2023-09-30", False), ("2023-10-01", True), ("2025-09-30", True), ("2025-10-01", False)],
)
def test_a_sale_counts_as_recent_for_24_months(as_of: str, flagged: bool) -> None:
    said = flags(f"{SOLD}\nKin FAMILY_OF X", as_of=as_of)
    assert ("recent_divestment" in said) == flagged


def test_a_later_observation_of_less_is_a_sale_and_of_more_is_none() -> None:
    tie = "Kin FAMILY_OF X\nKin > Row 20 start=2023-10-01"
    less = "X > Row 60 observed=2020\nX > Row 40 observed=2023-10-01"
    more = "X > Row 60 observed=2020\nX > Row 70 observed=2023-10-01"
    assert "recent_divestment" in flags(f"{less}\n{tie}")
    assert "recent_divestment" not in flags(f"{more}\n{tie}")


def test_a_buyer_who_had_long_been_there_bought_nothing() -> None:
    old = SOLD.replace("Kin > Row 60 start=2023-10-01", "Kin > Row 20 start=2010")
    assert flags(f"{old}\nKin FAMILY_OF X") == {}


def test_the_window_of_a_leap_day() -> None:
    when = conditions("2024-02-29")
    assert conditions("2022-02-28").day == window(when.day)


def test_nobody_sold_anything() -> None:
    with opened("X > A 10") as graph:
        ledger = Ledger(graph, conditions(DAY))
        everybody = np.arange(1, graph.index.rows)
        assert sales(ledger, everybody, everybody) == []


def test_a_hub_is_flagged_by_the_row_or_by_the_entity() -> None:
    with asked(named("A > Row 1", countries={"Row": "kz"}), "Row") as rows:
        (flag,) = rows["Row"].flags
    assert flag.kind == "re_export_hub"
    assert flag.words.startswith("KZ: on the list of transshipment points")
    assert flag.url.startswith("https://www.fincen.gov/")
    with opened(named("A > B 1")) as graph:
        found = answer(graph, [Row("line 2", "", "Somebody", countries=("rs",))])
    assert [flag.kind for flag in found.rows[0].flags] == ["re_export_hub"]
    assert hub_flags(["de", "fr"]) == ()


def test_every_hub_is_a_country_and_has_its_source() -> None:
    from spillover.loaders.reading.countries import alpha2

    for hub in hubs():
        assert all(alpha2(code) == code for code in hub["countries"])
        assert hub["url"].startswith("https://")
        assert hub["date"]
    # The joint alert of 28 June 2022 names eighteen places; Hong Kong came in 2023.
    assert len(hubs()[0]["countries"]) == 18
    assert [flag.words.split(":")[0] for flag in hub_flags(["hk", "kz"])] == ["KZ", "HK"]


def test_every_flag_has_words() -> None:
    assert all(words[0].islower() for words in RED_FLAGS.values())


# -- against the questions that ask one by one --------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(rule_ids()))
def test_many_entities_at_once_stand_as_each_of_them_alone(seed: int, rule_id: str) -> None:
    # `blocked` asks with all targets; here those that cannot matter are left out before.
    world = broad(seed)
    when = conditions(DAY)
    with opened(world.claims) as graph:
        alone = {
            result.entity.num: (result.verdict, result.share)
            for result in blocked(
                graph, world.targets, when, rule_id=rule_id, of=world.others or world.targets
            ).results
        }
        targets = np.array(sorted(graph.find(world.targets)), np.int64)
        entities = np.array(sorted(alone), np.int64)
        law = Law(rule(rule_id), targets, counts=True)
        found = judgements(Ledger(graph, when), entities, [law], Reporter(graph, when)).of
    said = {number: [(j.verdict, j.share) for j in of] for number, of in found.items()}
    for number, (verdict, share) in alone.items():
        if verdict == "not_blocked" and not share.high:
            assert said.get(number, []) in ([], [(verdict, share)])
        else:
            assert said[number] == [(verdict, share)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_paths_are_those_of_the_exposure_question(seed: int) -> None:
    world = broad(seed)
    when = conditions(DAY)
    with opened(world.claims) as graph:
        targets = np.array(sorted(graph.find(world.targets)), np.int64)
        numbers = set(graph.numbers()) - set(targets.tolist())
        asked_for = Asked(graph, when, (rule("us-ofac-50"),), targets)
        found = findings(asked_for, numbers, Reporter(graph, when)).of
        best: dict[int, Any] = {}
        for path in exposure(graph, world.targets, when).paths:
            before = best.get(path.entity.num, (0, -1))
            best[path.entity.num] = max(before, tuple(path.strength))
    said = {number: finding.route for number, finding in found.items()}
    others = {number: strength for number, strength in best.items() if number in numbers}
    assert {n: tuple(route.strength) for n, route in said.items() if route} == others
    assert all(route.entity.num == n for n, route in said.items() if route)


def test_the_order_of_rows_changes_nothing() -> None:
    names = ["Xenon", "Alpha", "Bravo", "Charly", "Delta", "Foxtrot"]
    with opened(named(LISTED)) as graph:
        one = answer(graph, names, targets=("Xenon",))
        two = answer(graph, names[::-1], targets=("Xenon",))
    plain = {row.row.name: replace(row, row=Row("", "", "")) for row in one.rows}
    assert {row.row.name: replace(row, row=Row("", "", "")) for row in two.rows} == plain


def test_a_chain_rule_is_left_out_where_too_much_hangs_on_the_listed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("spillover.queries.screening.screen.MOST", 2)
    items = named("X > A 60\nA > B 60\nB > Row 60")
    with opened(items) as graph:
        found = answer(graph, ["Row"], rules=(), targets=("X",))
        by_name = answer(graph, ["Row"], rules=("au-asr",), targets=("X",))
    assert found.skipped == ("au-asr",)
    assert any(remark.startswith("au-asr: not asked") for remark in found.remarks)
    assert by_name.skipped == ()
