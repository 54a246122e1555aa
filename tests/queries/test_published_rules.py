"""Do verdicts under the rules beside us-ofac-50 equal those that were published.

Every case is written out by hand with the id and the source under which the survey keeps it. What
a source calls restricted, owned, controlled, deemed owned, covered or prohibited is ``blocked``
here: the effect of the rule says what it means.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from spillover.graph.stake import parse_stake
from spillover.queries.blocked import Blocked, Verdict, blocked
from spillover.queries.conditions import conditions
from spillover.queries.gaps import gaps
from tests.graphs import opened
from tests.queries.test_ofac_50 import published as published_of_ofac_50

CASES: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "published_cases.json"
BIS: Final = "2025-10-01"
"""A day on which the Affiliates Rule was in force."""


class Case(NamedTuple):
    """One published case."""

    id: str
    title: str
    rule: str
    day: str
    graph: str
    targets: str
    verdicts: dict[str, str]
    """By entity; names with hyphens for the spaces of the source."""
    ground: str = ""
    """Ground of the first verdict, where the source says more than that it is owned."""
    flag: str = ""


PUBLISHED: Final = (
    Case(
        "ssi-373",
        "OFAC FAQ 373 (SSI)",
        "us-ofac-ssi",
        "2024-06-30",
        "SSI-Bank > Sub 50",
        "SSI-Bank",
        {"Sub": "blocked"},
        ground="ownership",
    ),
    Case(
        "nscmic-857",
        "OFAC FAQ 857 (as amended Jun 2021)",
        "us-ns-cmic",
        "2024-06-30",
        "CMIC > Sub 100",
        "CMIC",
        {"Sub": "not_blocked"},
    ),
    Case(
        "nsmbs-869",
        "OFAC FAQ 869",
        "us-ns-mbs",
        "2024-06-30",
        "MBS-Person > Sub 100",
        "MBS-Person",
        {"Sub": "not_blocked"},
    ),
    Case(
        "bis-agg-20-30",
        "Third-party worked example (smassie.com)",
        "us-bis-affiliates",
        BIS,
        """
        EL-A > C 20
        EL-B > C 30  # 20 + 30 = 50
        """,
        "EL-A EL-B",
        {"C": "blocked"},
        ground="ownership",
    ),
    Case(
        "bis-agg-30-25",
        'Third-party worked example (chipclaims.com; securepointusa.com "Blue Harbor")',
        "us-bis-affiliates",
        BIS,
        """
        EL-A > Blue-Harbor 30
        EL-B > Blue-Harbor 25  # 30 + 25 = 55
        """,
        "EL-A EL-B",
        {"Blue-Harbor": "blocked"},
        ground="ownership",
    ),
    Case(
        "bis-faq-control",
        "BIS FAQ (Sept 2025): ownership not control",
        "us-bis-affiliates",
        BIS,
        """
        EL-A > C 40
        EL-A CONTROLS C basis=board
        """,
        "EL-A",
        {"C": "not_blocked"},
        flag="caution_control",
    ),
    Case(
        "bis-unknown-pct",
        "Red Flag 29 (Supp. 3 to part 732; Supp. 8 to part 744 (a))",
        "us-bis-affiliates",
        BIS,
        "EL-A > C",
        "EL-A",
        {"C": "undetermined"},
        flag="red_flag_unknown_share",
    ),
    Case(
        "bis-chain-by-rule",
        "15 CFR 744 Supp. 8(a),(b)",
        "us-bis-affiliates",
        BIS,
        """
        EL-A > Sub1 50
        Sub1 > Sub2 50
        """,
        "EL-A",
        {"Sub1": "blocked", "Sub2": "blocked"},
        ground="ownership",
    ),
    Case(
        "eu-faq8",
        "European Commission FAQ 8 asset freeze (8 Apr 2022)",
        "eu-asset-freeze",
        "2022-04-08",
        """
        L1 > E 30
        L2 > E 25  # 30 + 25 = 55, more than 50
        """,
        "L1 L2",
        {"E": "blocked"},
        ground="ownership",
    ),
    Case(
        "eu-emsystem-50",
        "CJEU C-84/24 EM System (12 Mar 2026)",
        "eu-asset-freeze",
        "2026-03-12",
        "A.V.S. > EM-SYSTEM-UAB 50",
        "A.V.S.",
        {"EM-SYSTEM-UAB": "blocked"},
        flag="presumed_control",
    ),
    Case(
        "eu-bp2024-50",
        "Council Best Practices update 3 Jul 2024",
        "eu-asset-freeze",
        "2024-07-03",
        "L1 > E 50",
        "L1",
        {"E": "blocked"},
        ground="ownership",
    ),
    Case(
        "eu-agg-no-concert",
        "Council Best Practices 2024 (aggregation regardless of concert)",
        "eu-asset-freeze",
        "2024-07-03",
        """
        L1 > E 25
        L2 > E 25  # 25 + 25 = 50
        """,
        "L1 L2",
        {"E": "blocked"},
        ground="ownership",
    ),
    Case(
        "uk-ofsi-noagg",
        "OFSI General Guidance para 4.14 (aggregation)",
        "uk-ofsi",
        "2024-06-30",
        """
        DP1 > C 30
        DP2 > C 25
        """,
        "DP1 DP2",
        {"C": "not_blocked"},
    ),
    Case(
        "uk-ofsi-joint",
        "SI 2019/855 Sch.1 para 3 (joint arrangement)",
        "uk-ofsi",
        "2024-06-30",
        """
        DP1 > C 30
        DP2 > C 25  # each holds 30 + 25 = 55
        DP1 ACTS_JOINTLY C arrangement=pact
        DP2 ACTS_JOINTLY C arrangement=pact
        """,
        "DP1 DP2",
        {"C": "blocked"},
        ground="ownership",
    ),
    Case(
        "uk-ofsi-50",
        'SI 2019/855 reg 7(2)(a) "more than 50%"',
        "uk-ofsi",
        "2024-06-30",
        "DP1 > C 50",
        "DP1",
        {"C": "not_blocked"},
    ),
    Case(
        "uk-board",
        "SI 2019/855 reg 7(2)(c)",
        "uk-ofsi",
        "2024-06-30",
        "DP1 CONTROLS C basis=board",
        "DP1",
        {"C": "blocked"},
        ground="control",
    ),
    Case(
        "ch-seco-50",
        "SECO FAQ 13 Jun 2024",
        "ch-seco",
        "2024-06-13",
        "L1 > E 50",
        "L1",
        {"E": "not_blocked"},
    ),
    Case(
        "ca-sema-50",
        "SEMA s.2.1 (22 Jun 2023)",
        "ca-sema",
        "2024-06-30",
        "Listed > E 50",
        "Listed",
        {"E": "blocked"},
        ground="ownership",
    ),
    Case(
        # The second listed holder is left out: the survey did not read his percentage.
        "au-qal-rusal",
        "Alumina & Bauxite Co v QAL [2024] FCA 43; appeal dismissed 8 Nov 2024",
        "au-asr",
        "2024-06-30",
        """
        Oleg-Deripaska > Rusal 25.6
        Rusal > ABC 100  # 25.6 x 100 % = 25.6
        """,
        "Oleg-Deripaska",
        {"Rusal": "blocked", "ABC": "blocked"},
    ),
    Case(
        "ndaa805-control",
        "P.L. 118-31 s.805(a)(2)",
        "us-1260h-805",
        "2026-06-30",
        """
        1260H-Co > Sub 30
        1260H-Co CONTROLS Sub
        """,
        "1260H-Co",
        {"Sub": "blocked"},
        ground="control",
    ),
)

RULES: Final = {
    "OFAC-SSI": "us-ofac-ssi",
    "OFAC-NS-CMIC": "us-ns-cmic",
    "OFAC-NS-MBS": "us-ns-mbs",
    "BIS-AFFILIATES": "us-bis-affiliates",
    "EU-OWN": "eu-asset-freeze",
    "UK-OFSI": "uk-ofsi",
    "CH-SECO": "ch-seco",
    "CA-SEMA": "ca-sema",
    "AU-ASR": "au-asr",
    "US-NDAA-805": "us-1260h-805",
}
"""Our rule for each name that the survey uses."""

WORDS: Final = {
    "restricted_directive": "blocked",
    "restricted": "blocked",
    "not_restricted": "not_blocked",
    "license_required_unresolved": "undetermined",
    "owned": "blocked",
    "not_owned": "not_blocked",
    "presumed_controlled": "blocked",
    "controlled": "blocked",
    "deemed_owned": "blocked",
    "prohibited_benefit": "blocked",
    "covered": "blocked",
}
"""Our verdict for each word that the survey uses."""


def asked(graph: str, targets: str, rule: str, day: str) -> Blocked:
    """The answer on a graph of a few lines."""
    with opened(graph) as file:
        return blocked(file, targets.split(), conditions(day), rule_id=rule)


def by_name(found: Blocked) -> dict[str, Verdict]:
    return {result.entity.id: result for result in found.results}


def words(graph: str, targets: str, rule: str, day: str = "2024-08-01") -> dict[str, str]:
    """The verdict word on each entity."""
    return {name: v.verdict for name, v in by_name(asked(graph, targets, rule, day)).items()}


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: f"{case.id}: {case.title}")
def test_published_case(case: Case) -> None:
    answer = asked(case.graph, case.targets, case.rule, case.day)
    found = by_name(answer)
    assert {name: found[name].verdict for name in case.verdicts} == case.verdicts
    assert answer.remark == ""
    first = found[next(iter(case.verdicts))]
    if case.ground:
        assert first.ground == case.ground
    if case.flag:
        assert case.flag in first.flags


@pytest.mark.parametrize("case", [case for case in PUBLISHED if case.rule == "us-bis-affiliates"])
def test_on_the_day_of_the_survey_the_affiliates_rule_is_a_what_if(case: Case) -> None:
    answer = asked(case.graph, case.targets, case.rule, "2026-11-22")
    assert answer.remark == (
        "us-bis-affiliates: its state is unknown on 2026-11-22"
        " (in force from 2025-09-29 to 2025-11-09; suspended from 2025-11-10 to 2026-11-09;"
        " unknown from 2026-11-10 on); read the verdicts as a what-if"
    )
    found = by_name(answer)
    assert {name: found[name].verdict for name in case.verdicts} == case.verdicts


class TestOneGraphManyRules:
    """The same holdings, judged differently."""

    THIRTY_AND_25: Final = "L1 > E 30\nL2 > E 25"

    @pytest.mark.parametrize(
        ("rule", "verdict"),
        [
            ("us-ofac-50", "blocked"),  # 55, added up
            ("eu-asset-freeze", "blocked"),
            ("ch-seco", "blocked"),
            ("uk-ofsi", "not_blocked"),  # neither holds more than 50
            ("ca-sema", "undetermined"),  # silent on adding up
            ("eu-833-art5", "undetermined"),
            ("au-asr", "blocked"),  # 30 is more than a court has found to suffice
            ("us-1260h-805", "undetermined"),  # 55 suggests control, which is not defined
            ("us-ns-cmic", "not_blocked"),
            ("us-ns-mbs", "not_blocked"),
            ("us-ethiopia", "not_blocked"),
            ("us-uflpa", "not_blocked"),
        ],
    )
    def test_thirty_and_25(self, rule: str, verdict: str) -> None:
        assert words(self.THIRTY_AND_25, "L1 L2", rule) == {"E": verdict}

    @pytest.mark.parametrize(
        ("rule", "day", "verdict"),
        [
            ("us-ofac-50", "2024-08-01", "blocked"),
            ("eu-asset-freeze", "2024-07-03", "blocked"),
            ("uk-ofsi", "2024-08-01", "not_blocked"),
            ("ch-seco", "2024-08-01", "not_blocked"),
            ("ca-sema", "2024-08-01", "blocked"),
            ("eu-833-art5", "2024-08-01", "not_blocked"),
            ("us-ofac-ssi", "2024-08-01", "blocked"),
            ("us-bis-affiliates", BIS, "blocked"),
        ],
    )
    def test_exactly_50(self, rule: str, day: str, verdict: str) -> None:
        assert words("L > E 50", "L", rule, day) == {"E": verdict}

    def test_au_qal_rusal_is_not_blocked_by_ofac(self) -> None:
        case = next(case for case in PUBLISHED if case.id == "au-qal-rusal")
        found = words(case.graph, case.targets, "us-ofac-50")
        assert found["Rusal"] == "not_blocked"
        assert found.get("ABC", "not_blocked") == "not_blocked"

    def test_below_what_the_court_saw_australia_is_open(self) -> None:
        assert words("L > E 25.58", "L", "au-asr") == {"E": "blocked"}
        answer = by_name(asked("L > E 25.57\nE > F 10", "L", "au-asr", "2024-08-01"))
        assert {name: v.verdict for name, v in answer.items()} == {
            "E": "undetermined",
            "F": "undetermined",
        }
        assert "unsettled" in answer["E"].flags

    @pytest.mark.parametrize(
        ("rule", "verdict"),
        [
            ("us-ofac-50", "not_blocked"),
            ("eu-asset-freeze", "blocked"),
            ("uk-ofsi", "blocked"),
            ("ch-seco", "blocked"),
            ("ca-sema", "blocked"),
            ("us-1260h-805", "blocked"),
            ("au-asr", "undetermined"),
            ("eu-833-art5", "not_blocked"),
        ],
    )
    def test_the_right_to_appoint_the_board_beside_a_tenth_of_the_shares(
        self, rule: str, verdict: str
    ) -> None:
        graph = "L > E 10\nL CONTROLS E basis=board"
        assert words(graph, "L", rule) == {"E": verdict}

    @pytest.mark.parametrize("rule", ["eu-asset-freeze", "uk-ofsi", "ch-seco", "ca-sema"])
    def test_control_of_which_a_source_does_not_say_how(self, rule: str) -> None:
        found = by_name(asked("L > E 10\nL CONTROLS E", "L", rule, "2024-08-01"))["E"]
        assert (found.verdict, "unsettled" in found.flags) == ("undetermined", True)


class TestSectoralDirectives:
    """ssi-373 and what FAQ 415 leaves open."""

    def test_owners_under_one_directive_are_added_up(self) -> None:
        graph = """
        US-SSI-D1 DESIGNATES Bank-A
        US-SSI-D1 DESIGNATES Bank-B
        Bank-A > Sub 25
        Bank-B > Sub 25  # 25 + 25 = 50
        """
        assert words(graph, "Bank-A Bank-B", "us-ofac-ssi") == {"Sub": "blocked"}

    def test_owners_under_different_directives_may_be_added_up(self) -> None:
        graph = """
        US-SSI-D1 DESIGNATES Bank-A
        US-SSI-D2 DESIGNATES Oil-B
        Bank-A > Sub 25
        Oil-B > Sub 25
        """
        found = by_name(asked(graph, "Bank-A Oil-B", "us-ofac-ssi", "2024-08-01"))["Sub"]
        assert (found.verdict, "unsettled" in found.flags) == ("undetermined", True)


class TestUnitedKingdom:
    def test_each_party_to_a_joint_arrangement_holds_what_all_hold(self) -> None:
        graph = """
        DP > C 30
        Partner > C 25
        DP ACTS_JOINTLY C arrangement=pact
        Partner ACTS_JOINTLY C arrangement=pact
        """
        assert words(graph, "DP", "uk-ofsi")["C"] == "blocked"

    def test_shares_held_jointly_count_whole_for_each(self) -> None:
        graph = "DP > C 60 joint=couple\nSpouse > C 60 joint=couple"
        assert words(graph, "DP", "uk-ofsi")["C"] == "blocked"
        assert words(graph, "DP", "us-ofac-50")["C"] == "undetermined"

    def test_a_chain_of_majority_stakes(self) -> None:
        graph = """
        DP > A 51
        A > B 51
        DP > M 50
        M > N 100
        """
        assert words(graph, "DP", "uk-ofsi") == {
            "A": "blocked",
            "B": "blocked",
            "M": "not_blocked",
        }

    def test_most_of_the_votes(self) -> None:
        assert words("DP > C 50.01 basis=votes", "DP", "uk-ofsi") == {"C": "blocked"}


class TestEurope:
    def test_exactly_50_alone_is_presumed_control_and_was_so_under_the_old_threshold(self) -> None:
        found = by_name(asked("L > E 50", "L", "eu-asset-freeze", "2024-07-02"))["E"]
        assert (found.verdict, found.ground) == ("blocked", "presumed control")
        assert {"presumed_control", "rebuttable"} <= set(found.flags)

    def test_exactly_50_of_two_was_not_enough_under_the_old_threshold(self) -> None:
        graph = "L1 > E 25\nL2 > E 25"
        assert words(graph, "L1 L2", "eu-asset-freeze", "2024-07-02") == {"E": "not_blocked"}
        assert words(graph, "L1 L2", "eu-asset-freeze", "2024-07-03") == {"E": "blocked"}

    def test_whoever_acts_for_a_listed_entity_is_covered_by_the_sectoral_measures(self) -> None:
        assert words("Agent REPRESENTS Bank", "Bank", "eu-833-art5") == {"Agent": "blocked"}


class TestBeneficialOwnership:
    """Products along chains, and control beside them."""

    AMLR_DAY: Final = "2027-07-10"

    @pytest.mark.parametrize(("share", "verdict"), [("50", "blocked"), ("49", "not_blocked")])
    def test_amlr_52_half_of_a_half_is_a_quarter(self, share: str, verdict: str) -> None:
        # Reg (EU) 2024/1624 Art 52(1): 50 % x 50 % = 25 %, and 49 % x 50 % = 24.5 %.
        graph = f"P > X {share}\nX > T 50"
        found = by_name(asked(graph, "P", "eu-amlr-ubo", self.AMLR_DAY))
        assert found["X"].verdict == "blocked"
        assert found["T"].verdict == verdict
        if verdict == "blocked":
            assert found["T"].ground == "chains"

    def test_chains_are_summed(self) -> None:
        # 50 % x 30 % + 50 % x 20 % = 25 %.
        graph = "P > X 50\nP > Y 50\nX > T 30\nY > T 20"
        assert words(graph, "P", "eu-amlr-ubo", self.AMLR_DAY)["T"] == "blocked"

    def test_whoever_controls_an_owner_of_a_quarter_is_a_beneficial_owner(self) -> None:
        # Article 54, point a: 51 % of X, which holds 25 % of T; the product is 12.75 %.
        assert words("P > X 51\nX > T 25", "P", "eu-amlr-ubo", self.AMLR_DAY)["T"] == "blocked"

    def test_it_does_not_apply_yet(self) -> None:
        answer = asked("P > X 25", "P", "eu-amlr-ubo", "2026-11-22")
        assert answer.remark.startswith("eu-amlr-ubo: it was not in force on 2026-11-22")

    def test_irs_1065_c_tax_multiplies_where_ofac_attributes_85(self) -> None:
        # A holds 50 % of B and 15 % of C; B holds 70 % of C: 15 + 50 % x 70 % = 50 % for tax, and
        # 15 + 70 = 85 % for OFAC.
        graph = "A > B 50\nB > C 70\nA > C 15"
        found = by_name(asked(graph, "A", "us-ofac-50", "2024-06-30"))
        assert found["C"].share == parse_stake("85")
        assert (found["B"].verdict, found["C"].verdict) == ("blocked", "blocked")
        assert words(graph, "A", "eu-amlr-ubo", self.AMLR_DAY)["C"] == "blocked"
        # B is not held by majority, so only the 15 % count.
        assert words(graph, "A", "uk-psc")["C"] == "not_blocked"

    def test_significant_control_needs_a_majority_at_every_tier_above(self) -> None:
        graph = "P > A 51\nA > B 26\nP > M 50\nM > N 100"
        found = words(graph, "P", "uk-psc")
        assert {name: found.get(name, "not_blocked") for name in "ABMN"} == {
            "A": "blocked",
            "B": "blocked",  # 26, through the majority of A
            "M": "blocked",  # 50 is more than 25, but no majority
            "N": "not_blocked",
        }

    @pytest.mark.parametrize(
        ("graph", "verdict"),
        [
            ("Bank > X 40\nX > T 50", "blocked"),  # 40 % x 50 % = 20 %
            ("Bank > X 40\nX > T 49", "not_blocked"),  # 19.6 %
            ("Bank > X 51\nX > T 20", "blocked"),  # whole, from a majority
        ],
    )
    def test_a_close_link(self, graph: str, verdict: str) -> None:
        assert words(graph, "Bank", "ecb-close-link").get("T", "not_blocked") == verdict


class TestExamplesOfThePage:
    """Numbers that docs/verdicts.md explains and no published case has."""

    VAGUE: Final = "X > A 30-60\nX > B 40\nA > B 10"

    def test_two_completions_that_disagree(self) -> None:
        found = by_name(asked(self.VAGUE, "X", "us-ofac-50", "2024-08-01"))
        assert found["B"].verdict == "undetermined"
        (share,) = found["B"].completions
        assert share.owner is not None
        assert (share.owner.id, share.asset.id) == ("X", "A")
        assert (share.lower, share.upper) == (30_000_000, 50_000_000)

    def test_the_share_to_research_first(self) -> None:
        with opened(self.VAGUE) as graph:
            first = gaps(graph, ["X"], conditions("2024-08-01")).gaps[0]
        assert [(fact.owner.id, fact.asset.id) for fact in first.facts] == [("X", "A")]
        assert {party.id for party in first.settles} == {"A", "B"}

    def test_others_leave_55(self) -> None:
        found = by_name(asked("X > A 30-60\nY > A 45", "X", "us-ofac-50", "2024-08-01"))["A"]
        assert found.share == parse_stake("30-55")

    @pytest.mark.parametrize(
        ("open_world", "verdict"), [(False, "not_blocked"), (True, "undetermined")]
    )
    def test_owners_whom_nobody_declares(self, open_world: bool, verdict: str) -> None:
        with opened("X > A 40") as graph:
            answer = blocked(graph, ["X"], conditions("2024-08-01"), open_world=open_world)
        found = by_name(answer)["A"]
        assert (found.verdict, found.undisclosed) == (verdict, parse_stake("60"))
        if open_world:
            assert [(d.owner, d.upper) for d in found.completions] == [(None, 10_000_000)]

    @pytest.mark.parametrize("rule", ["uk-ofsi", "eu-asset-freeze", "ch-seco", "ca-sema"])
    @pytest.mark.parametrize(
        ("means", "verdict"),
        [
            ("board", "blocked"),
            ("votes", "blocked"),
            ("contract", "blocked"),
            ("influence", "blocked"),
            ("golden_share", "undetermined"),
        ],
    )
    def test_means_of_control(self, rule: str, means: str, verdict: str) -> None:
        assert words(f"L CONTROLS E basis={means}", "L", rule) == {"E": verdict}


def survey() -> list[dict[str, Any]]:
    """The rows of this kind; none where the file is not there."""
    if not CASES.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    return [row for row in rows if row["kind"] == "sanctions_ownership"]


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES}: it stands beside the checkout")
class TestNoneIsForgotten:
    def test_every_row_is_named(self) -> None:
        here = [case.id for case in PUBLISHED]
        there = [row["id"] for row in published_of_ofac_50()]
        assert len(set(here + there)) == len(here) + len(there)
        assert {row["id"] for row in survey()} == set(here + there)

    @pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.id)
    def test_it_is_copied_without_a_mistake(self, case: Case) -> None:
        row = next(row for row in survey() if row["id"] == case.id)
        assert (row["source_title"], RULES[row["rule"]]) == (case.title, case.rule)
        expected = {name.replace(" ", "-"): WORDS[word] for name, word in row["expected"].items()}
        assert expected == case.verdicts
        lines = [line.split("#")[0].split() for line in case.graph.splitlines()]
        stated = {(line[0], line[2], *line[3:]) for line in lines if line[1:2] == [">"]}
        assert stated == {
            tuple(
                str(part).replace(" ", "-")
                for part in (link["owner"], link["owned"], link["percent"])
                if part is not None
            )
            for link in row["owners"]
        }
