"""Are levels, ratios and gaps those that arithmetic by hand gives, whoever reports the flows?"""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity, Name, Relation
from spillover.queries.diversion.diversion import Plan
from spillover.queries.diversion.mirror import ghost, mirror_gap
from spillover.queries.diversion.ranges import Range, hull, less, over, total
from tests.queries.trading import ROUTE, ask, basket, flows, hub


def test_levels_substitution_and_what_can_have_fed_it() -> None:
    answer = ask(ROUTE, direct=["de"])
    one, kz = basket(answer), hub(answer, "kz")
    assert one.fall == Range(Fraction(95), Fraction(95))  # 110 - 15
    assert kz.exports.before == Range(Fraction(3), Fraction(3))
    assert kz.exports.after == Range(Fraction(35), Fraction(35))
    assert kz.exports.ratio == Range(Fraction(35, 3), Fraction(35, 3))
    assert kz.substitution == Range(Fraction(32, 95), Fraction(32, 95))
    assert kz.imports is not None
    assert kz.imports.rise == Range(Fraction(25), Fraction(25))
    assert kz.fed == Range(Fraction(25, 32), Fraction(25, 32))
    assert one.substitution == kz.substitution
    assert kz.exports.mixed  # 2022 begins before February


def test_without_a_name_the_direct_suppliers_are_those_that_fell() -> None:
    answer = ask(ROUTE)
    assert [one.party.country for one in basket(answer).suppliers] == ["de"]
    assert "nobody was named" in answer.direct


def test_two_reports_of_one_flow_are_never_added_and_the_exporters_is_picked() -> None:
    answer = ask(ROUTE + "kz ru 2021 9 m\nkz ru 2022 60 m\nkz ru 2023 62 m", direct=["de"])
    kz = hub(answer, "kz")
    assert kz.exports.rise == Range(Fraction(32), Fraction(32))
    assert kz.exports.widest == Range(Fraction(32), Fraction(52))  # the importer's: 61 - 9
    (good,) = kz.exports.counted
    assert [change.voice for change in (good.picked, *good.others)] == ["exporter", "importer"]
    assert len(kz.claims) == 4 + 3 + 4


def test_the_voice_that_covers_both_windows_is_picked() -> None:
    told = "kz ru 2022 30 x\nkz ru 2021 9 m\nkz ru 2022 60 m\nde ru 2021 50 m\nde ru 2022 5 m"
    (good,) = hub(ask(told), "kz").exports.counted
    assert good.picked.voice == "importer"
    assert good.picked.before is not None
    assert good.picked.before.amount == Range(Fraction(9), Fraction(9))


def test_a_reporter_that_names_others_but_not_this_flow_sent_nothing() -> None:
    told = "kz uz 2021 1 x\nkz ru 2022 30 x"
    kz = hub(ask(told), "kz")
    assert kz.exports.before == Range(Fraction(0), Fraction(0))
    assert kz.exports.silent == 1
    assert kz.exports.ratio is None  # from nothing


def test_a_year_without_any_report_is_unknown_and_not_nothing() -> None:
    kz = hub(ask("kz ru 2022 30 x"), "kz")
    assert kz.exports.before is None
    assert kz.exports.rise == Range(None, Fraction(30))
    assert kz.substitution is None


def test_reexports_are_a_part_of_exports_and_not_added_to_them() -> None:
    kz = hub(ask(ROUTE + "kz ru 2022 25 rx", direct=["de"]), "kz")
    assert kz.exports.after == Range(Fraction(35), Fraction(35))
    assert kz.reexports == Range(Fraction(25), Fraction(25))


def test_months_are_compared_with_the_same_months() -> None:
    told = "\n".join(
        f"kz ru {year}-{month:02} {value} x"
        for year, value in ((2020, 1), (2021, 3), (2022, 10))
        for month in range(3, 6)
    )
    kz = hub(ask(f"{told}\nkz ru 2021-12 99 x"), "kz")
    assert kz.exports.part == "months"
    assert kz.exports.before == Range(Fraction(6), Fraction(6))  # three months of (1 + 3) / 2
    assert kz.exports.after == Range(Fraction(30), Fraction(30))  # December has no counterpart


def test_units_are_never_mixed() -> None:
    told = "kz ru 2021 4 x\nkz ru 2022 30 x\nkg ru 2021 - x kg=5\nkg ru 2022 - x kg=900"
    answer = ask(told)
    assert [one.party.country for one in basket(answer).hubs] == ["kz"]
    assert basket(answer).elsewhere == 2
    weighed = ask(told, plan=Plan(measure="weight"))
    assert hub(weighed, "kg").exports.rise == Range(Fraction(895), Fraction(895))


def test_codes_are_added_up_and_words_are_not() -> None:
    told = """
    kz ru 2021 1 x hs=854231
    kz ru 2022 10 x hs=854231
    kz ru 2021 2 x hs=854232
    kz ru 2022 20 x hs=854232
    kz ru 2021 4 words=chips
    kz ru 2022 40 words=chips
    """
    answer = ask(told, products=["8542", "chips"])
    coded, worded = answer.baskets
    assert coded.hubs[0].exports.rise == Range(Fraction(27), Fraction(27))  # 30 - 3
    assert worded.hubs[0].exports.rise == Range(Fraction(36), Fraction(36))
    assert worded.name == "chips"


def test_feeding_is_counted_good_by_good() -> None:
    told = """
    kz ru 2021 0 x hs=854231
    kz ru 2022 10 x hs=854231
    de kz 2021 0 x hs=854232
    de kz 2022 50 x hs=854232
    """
    assert hub(ask(told, products=["8542"], direct=["de"]), "kz").fed == Range(
        Fraction(0), Fraction(0)
    )


def test_a_regime_names_goods_with_tiers_and_its_members_are_direct() -> None:
    regime = Entity("regime:list", "Regime", "The List", (Name("TL", role="alias"),))
    heading = Entity("hs:8542", "Product", "Circuits", identifiers=(("hs", "8542"),))
    graph = [
        *flows(ROUTE),
        *(regime, heading),
        Relation("COVERS", regime.id, heading.id, properties={"tier": ("1",)}),
        Relation("MEMBER_STATE", "country:de", regime.id, start="2022-03"),
    ]
    answer = ask(graph, products=["TL"])
    assert list(answer.tiers.values()) == ["1"]
    assert answer.direct == "The List (1: DE)"  # joined within the horizon
    assert [claim.kind for claim in answer.covers] == ["COVERS"]
    assert hub(answer, "kz").substitution == Range(Fraction(32, 95), Fraction(32, 95))


def test_a_denial_lowers_the_least_amount_to_nothing() -> None:
    answer = ask(ROUTE + "kz ru 2023 40 x denies by=KZ", direct=["de"])
    kz = hub(answer, "kz")
    assert kz.exports.after == Range(Fraction(15), Fraction(35))  # 2023 is 0 to 40
    assert any(claim.stance == "denies" for claim in kz.claims)


def test_less_sure_claims_stand_beside_and_do_not_count() -> None:
    answer = ask(ROUTE + "kz ru 2023 4000 x low by=blog", direct=["de"])
    assert hub(answer, "kz").exports.after == Range(Fraction(35), Fraction(35))
    assert [claim.standing for claim in answer.beside] == ["less sure"]


def test_what_cannot_be_read_is_listed() -> None:
    answer = ask(ROUTE + "kz ru 2019 lots x", direct=["de"])
    assert [what for what, _ in answer.unread] == ["value 'lots USD'"]


def test_mirror_gap_and_ghost_trade_into_a_hub() -> None:
    """Lithuania reports 84 sent to Kazakhstan, Kazakhstan 11 received (Financial Times, 2023)."""
    told = (
        ROUTE + "kz ru 2019 1 x\nlt kz 2022 84 x\nlt kz 2022 11 m\nlt ru 2021 9 x\nlt ru 2022 1 x"
    )
    kz = hub(ask(told, direct=["lt"], plan=Plan(ratio=Fraction(1))), "kz")
    after = kz.inward.after
    assert after is not None
    assert after.gap is not None
    assert after.gap[0] == pytest.approx(math.log(84 / 11))
    assert after.ghost == Range(Fraction(73), Fraction(73))
    assert (after.met, after.unanswered, after.unknown) == (1, 0, 0)


def test_a_report_that_leaves_the_flow_out_is_a_ghost_and_none_at_all_is_unknown() -> None:
    told = "de kz 2022 8 x\nde kz 2023 9 x\nus kz 2022 1 m\nde ru 2021 9 x\nde ru 2022 1 x\n"
    told += "kz ru 2021 1 x\nkz ru 2022 5 x"
    after = hub(ask(told, direct=["de"]), "kz").inward.after
    assert after is not None
    assert after.ghost == Range(
        Fraction(8), Fraction(8)
    )  # Kazakhstan reports 2022, and nothing of 2023
    assert (after.met, after.unanswered, after.unknown) == (0, 1, 1)


def test_freight_is_taken_out_of_imports() -> None:
    sent, came = Range(Fraction(100), Fraction(100)), Range(Fraction(106), Fraction(106))
    assert ghost(sent, came, Fraction(106, 100)) == total([])  # nothing
    assert mirror_gap(100, 106, 1.06) == pytest.approx(0)


@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9), st.floats(1, 2))
def test_the_gap_turns_its_sign_with_the_ends(sent: float, came: float, ratio: float) -> None:
    assert mirror_gap(sent, came) == pytest.approx(-mirror_gap(came, sent), abs=1e-9)
    shifted = mirror_gap(sent, came) + math.log(ratio)
    assert mirror_gap(sent, came, ratio) == pytest.approx(shifted, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 10**6), st.randoms())
def test_scale_and_order_of_rows_change_no_ratio(scale: int, random: object) -> None:
    plain = hub(ask(ROUTE, direct=["de"]), "kz")
    lines = [line.split() for line in ROUTE.strip().splitlines()]
    random.shuffle(lines)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    text = "\n".join(f"{a} {b} {year} {int(value) * scale} x" for a, b, year, value, _ in lines)
    scaled = hub(ask(text, direct=["de"]), "kz")
    assert scaled.substitution == plain.substitution
    assert scaled.fed == plain.fed
    assert scaled.exports.ratio == plain.exports.ratio
    assert scaled.exports.rise.low == (plain.exports.rise.low or 0) * scale


AMOUNTS = st.fractions(0, 1000)
RANGES = st.tuples(AMOUNTS, AMOUNTS).map(lambda ends: Range(min(ends), max(ends)))


@given(RANGES, RANGES, st.fractions(0, 1), st.fractions(0, 1))
def test_ranges_hold_whatever_lies_within(
    first: Range, second: Range, at: Fraction, to: Fraction
) -> None:
    assert first.low is not None
    assert first.high is not None
    assert second.low is not None
    assert second.high is not None
    one = first.low + (first.high - first.low) * at
    two = second.low + (second.high - second.low) * to

    def holds(found: Range, value: Fraction) -> bool:
        above = found.low is None or found.low <= value
        return above and (found.high is None or value <= found.high)

    assert holds(total([first, second]), one + two)
    assert holds(less(first, second), one - two)
    assert holds(hull([first, second]), one)
    ratio = over(first, second)
    assert two == 0 or ratio is None or holds(ratio, one / two)


def test_an_unknown_fall_leaves_the_ratio_without_an_upper_bound() -> None:
    told = "au ru 2021 1520\ncn ru 2021 1\ncn ru 2022 77"
    cn = hub(ask(told, direct=["au"]), "cn")
    assert cn.substitution == Range(Fraction(76, 1520), None)  # at most all of 1,520 is lost


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"products": ["999999"]}, NotFoundError, "no flow of '999999'"),
        ({"products": ["kz"]}, NotFoundError, "no flow of 'kz'"),
        ({"target": "Atlantis"}, NotFoundError, "no entity is named 'Atlantis'"),
        ({"direct": ["EU"]}, NotFoundError, "name its members"),
        ({"plan": Plan(ratio=Fraction(1, 2))}, InputError, "at least 1"),
    ],
)
def test_refusals(asked: dict[str, object], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ask(ROUTE, **asked)  # type: ignore[arg-type] # one case after another


def test_a_graph_without_the_flow_says_so() -> None:
    answer = ask(ROUTE, target="de")
    assert basket(answer).hubs == ()
    assert basket(answer).unit == ""


def test_the_evidence_of_an_answer_is_told_with_dates() -> None:
    kz = hub(ask(ROUTE, direct=["de"]), "kz")
    assert {claim.observed for claim in kz.claims} == {"2020", "2021", "2022", "2023"}
    assert all(claim.record for claim in kz.claims)


CASES = Path(__file__).parents[4] / "shared" / "cases" / "published_cases.json"


def test_the_published_ratio_of_evasion_of_counter_sanctions() -> None:
    """482 m USD evaded of 5,633 m USD lost: 8.56 % (10419/290114)."""
    if not CASES.exists():
        pytest.skip(f"{CASES} is not there")
    cases = {case["id"]: case for case in json.loads(CASES.read_text("utf-8"))}
    case = cases["evasion-8.56"]
    told = f"de ru 2021 {case['den']} x\nde ru 2022 0 x\nby ru 2021 0 x\nby ru 2022 {case['num']} x"
    found = hub(ask(told, direct=["de"]), "by").substitution
    assert found == Range(Fraction(case["num"], case["den"]), Fraction(case["num"], case["den"]))
    assert 100 * case["num"] / case["den"] == pytest.approx(
        case["expected"]["ratio_pct"], abs=case["tol"]
    )


def test_months_without_a_counterpart_are_known_on_one_side_only() -> None:
    found = hub(ask("kz ru 2021-11 5 x\nkz ru 2021-12 5 x\nkz ru 2022-03 9 x"), "kz").exports
    assert found.before is None
    assert found.after == Range(Fraction(9), Fraction(9))


def test_reconciled_figures_know_every_year_that_they_cover() -> None:
    """BACI leaves out what is nothing: no row of 2021 is 0 in a table that has the year."""
    told = "de fr 2021 7_thousand r\nkz ru 2022 2_thousand r"
    kz = hub(ask(told), "kz").exports
    assert kz.before == Range(Fraction(0), Fraction(0))
    assert kz.rise == Range(Fraction(2000), Fraction(2000))
    assert kz.counted[0].picked.voice == "reconciled"
