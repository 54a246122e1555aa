"""What does a graph of sourced supplies and holdings say of systemic firms, and what not?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.queries.conditions import conditions
from spillover.queries.contagion.answer import Systemic
from spillover.queries.contagion.classes import NONE, read_classes
from spillover.queries.contagion.systemic import systemic
from tests.graphs import opened, relations
from tests.queries.contagion.nets import PARITY

WHEN = conditions("2024-06-30")
BALLOONS = """
Zhuzhou SUPPLIES Met 75 basis=supply product=balloons observed=2022
Zhuzhou SUPPLIES Met 100 basis=sales product=balloons observed=2022
Rubber SUPPLIES Zhuzhou product=rubber
Met SUPPLIES Press 10 basis=supply product=forecasts
"""
"""Met buys 75 % of its balloons from Zhuzhou, who sells nothing else."""


def ask(items: str | Sequence[Entity | Relation], *targets: str, **options: Any) -> Systemic:
    with opened(items) as graph:
        return systemic(graph, targets, WHEN, **options)


def losses(answer: Systemic) -> dict[str, tuple[float, float]]:
    """Loss of each firm, in percent."""
    found = {one.firm.id: one.loss for one in answer.losers}
    return {
        name: (round(100 * low, 6), round(100 * high, 6)) for name, (low, high) in found.items()
    }


def test_stated_parts_are_losses_and_what_is_unstated_stays_open() -> None:
    """Nobody stands in: Met loses 75 %, Press 10 % of that, Rubber 0 to 100 % of its sales."""
    answer = ask(BALLOONS, "Zhuzhou", replaceable=False)
    assert losses(answer) == {"Met": (75, 75), "Press": (7.5, 7.5), "Rubber": (0, 100)}
    assert answer.index is not None
    assert answer.index.low == pytest.approx((1 + 0.75 + 0.075) / 4)  # every firm counts alike
    assert answer.index.high == pytest.approx((1 + 0.75 + 0.075 + 1) / 4)
    met = answer.losers[0]
    assert [(link.side, link.other.id, link.good) for link in met.through] == [
        ("input", "Zhuzhou", "balloons")
    ]
    assert len(met.through[0].claims) == 2  # both claims of that pair and product
    known = answer.known
    assert (known.firms, known.links, known.inputs, known.sales) == (4, 3, 2, 1)


def test_where_nobody_knows_who_stands_in_nothing_downstream_is_certain() -> None:
    answer = ask(BALLOONS, "Zhuzhou")
    assert losses(answer) == {"Met": (0, 75), "Press": (0, 7.5), "Rubber": (0, 100)}


def test_where_sizes_are_not_known_others_stand_in_for_all_or_for_nothing() -> None:
    """A and B make rubber, nobody knows how much: without A, D loses between 0 and its 60 %."""
    graph = (
        "A SUPPLIES D 60 basis=supply product=rubber\nB SUPPLIES E 70 basis=supply product=rubber"
    )
    answer = ask(graph, "A")
    assert losses(answer) == {"D": (0, 60)}
    assert answer.losers[0].through[0].loss == pytest.approx((0, 0.6))
    ranked = {one.firm.id: one.index for one in ask(graph).ranking}
    assert ranked["B"] == pytest.approx((0.25, (1 + 0.7) / 4))


def test_lost_customers_need_nobody_who_stands_in() -> None:
    """Without Met, Zhuzhou loses all of its sales, whoever else makes balloons."""
    assert losses(ask(BALLOONS, "Met"))["Zhuzhou"] == (100, 100)


def test_what_others_are_stated_to_supply_bounds_what_is_unstated() -> None:
    """B and C supply D with rubber, B 60 %: C at most 40 %."""
    graph = "B SUPPLIES D 60 basis=supply product=rubber\nC SUPPLIES D product=rubber"
    assert losses(ask(graph, "C", replaceable=False)) == {"D": (0, 40)}


def test_a_share_of_all_purchases_bounds_that_of_an_essential_good_from_below() -> None:
    graph = "B SUPPLIES D 30 basis=supply"
    assert losses(ask(graph, "B", replaceable=False)) == {"D": (30, 100)}
    assert losses(ask(graph, "B", replaceable=False, classes=NONE)) == {"D": (30, 30)}


def test_essential_is_what_a_table_says() -> None:
    """Rubber is essential to makers of tyres, paint is no short-term need of anybody."""
    table = "good,industry,class\nrubber,tyres,essential\n*,*,negligible\n"
    graph: list[Entity | Relation] = [
        *relations(
            "A SUPPLIES T 80 basis=supply product=rubber\n"
            "B SUPPLIES T 90 basis=supply product=paint"
        ),
        Entity("T", "Company", "T", properties={"industry": ("Tyres",)}),
    ]
    classes = read_classes(table, "needs.csv")
    found = {
        name: losses(ask(graph, name, replaceable=False, classes=classes)) for name in ("A", "B")
    }
    assert found == {"A": {"T": (80, 80)}, "B": {}}


def test_claims_that_disagree_widen_and_a_denial_leaves_nothing_certain() -> None:
    graph = (
        "A SUPPLIES B 20 basis=sales observed=2023 record=1\n"
        "A SUPPLIES B 30 basis=sales observed=2023 record=2"
    )
    assert losses(ask(graph, "B")) == {"A": (20, 30)}
    assert losses(ask(f"{graph}\nA SUPPLIES B denies", "B")) == {"A": (0, 30)}


def test_claims_of_another_time_are_no_links() -> None:
    graph = "A SUPPLIES B 20 basis=sales start=2025-01-01\nC SUPPLIES D 5 basis=sales"
    answer = ask(graph, "B")
    assert answer.losers == ()
    assert [party.id for party in answer.outside] == ["B"]


def test_ranking_closes_each_firm_in_its_turn() -> None:
    answer = ask(BALLOONS, replaceable=False)
    rows = {one.firm.id: one for one in answer.ranking}
    assert [one.firm.id for one in answer.ranking] == ["Met", "Zhuzhou", "Press", "Rubber"]
    # Met: itself, Zhuzhou for want of customers, Press a tenth; Rubber perhaps with Zhuzhou.
    assert rows["Met"].index == pytest.approx(((1 + 1 + 0.1) / 4, (1 + 1 + 0.1 + 1) / 4))
    assert (rows["Met"].customers, rows["Met"].suppliers, rows["Met"].unstated) == (1, 1, 0)
    assert rows["Rubber"].unstated == 1
    assert all(one.own == 0.25 for one in answer.ranking)
    assert ask(BALLOONS, replaceable=False, top=1).hidden == 3


def test_a_rule_closes_those_whom_the_target_owns() -> None:
    """A owns 60 of B and 45 of C, at most 55: B closes with it, C perhaps."""
    graph = "A > B 60\nA > C 45-55\nD SUPPLIES B 30 basis=sales\nE SUPPLIES C 20 basis=sales"
    answer = ask(graph, "A", rule="us-ofac-50")
    assert [party.id for party in answer.with_them] == ["B"]
    assert [party.id for party in answer.perhaps] == ["C"]
    assert losses(answer) == {"D": (30, 30), "C": (0, 100), "E": (0, 20)}


VALUED = """
A SUPPLIES C product=steel value=300
B SUPPLIES C product=steel value=100
C SUPPLIES D product=cars value=500
"""


def test_amounts_are_all_trade_only_when_that_is_said() -> None:
    """Without B, C lacks a quarter of its steel; A is 3/4 of the industry, so stands in.

    Sigma of B is 100 / 300: C loses 1/3 of 1/4, as does D, its only customer. Sales are 300, 100,
    500 and nothing of D, so the index is (100 + 500 / 12) / 900.
    """
    assert losses(ask(VALUED, "B")) == {"C": (0, 100), "D": (0, 100)}
    answer = ask(VALUED, "B", complete=True, tolerance=1e-9)
    twelfth = round(100 / 12, 6)
    assert losses(answer) == {"C": (twelfth, twelfth), "D": (twelfth, twelfth)}
    assert answer.index == pytest.approx(((100 + 500 / 12) / 900,) * 2)
    assert answer.known.sized


def test_amounts_of_two_currencies_or_missing_ones_are_not_all_trade() -> None:
    missing = relations(f"{VALUED}\nD SUPPLIES E")
    dollars = [missing[-1]._replace(properties={"value": ("1.5 USD bn",)})]
    for graph, said in ((missing, "3 of 4 supplies"), (missing[:-1] + dollars, "in 2 currencies")):
        with pytest.raises(InputError, match=said):
            ask(graph, complete=True)


def test_the_published_losses_come_out_of_a_graph() -> None:
    """The network of fastcascade as claims with amounts, industries and a table."""
    table = ["good,industry,class"]
    words = ("negligible", "linear", "essential")
    for good, row in enumerate(PARITY.classes.tolist()):
        table += [f"industry {good},industry {to},{words[kind]}" for to, kind in enumerate(row)]
    items: list[Entity | Relation] = [
        Entity(f"F{firm}", "Company", f"F{firm}", properties={"industry": (f"industry {made}",)})
        for firm, made in enumerate(PARITY.industry)
    ]
    items += [
        made
        for supplier, row in enumerate(PARITY.weights.tolist())
        for customer, amount in enumerate(row)
        if amount
        for made in relations(f"F{supplier} SUPPLIES F{customer} value={amount:g}")
    ]
    answer = ask(
        items,
        "F0",
        complete=True,
        tolerance=1e-12,
        classes=read_classes("\n".join(table), "needs.csv"),
    )
    inputs = {one.firm.id: one.inputs.high for one in answer.losers}
    published = [0.6, 0.789406819748348, 0.0, 0.611111111111111, 0.878667056068598]
    assert [1 - inputs[f"F{firm}"] for firm in range(1, 6)] == pytest.approx(published, abs=1e-9)


HOLDINGS = """
Fund > Parent 40
Parent > Child 50
Child > Plant 100
Fund > Plant 10 indirect
Stranger > Child ?
"""


def test_holders_bear_their_share_and_pass_it_on() -> None:
    """Plant: Child all, Parent 50 %, Fund 40 % of that (more than the 10 % that it reports)."""
    answer = ask(HOLDINGS.replace("?", ""), "Plant", measure="debtrank")
    assert losses(answer) == {
        "Child": (100, 100),
        "Parent": (50, 50),
        "Fund": (20, 20),
        "Stranger": (0, 50),
    }
    fund = next(one for one in answer.losers if one.firm.id == "Fund")
    assert [link.other.id for link in fund.through] == ["Parent", "Plant"]
    assert {claim.kind for claim in answer.claims} == {"OWNS"}


def test_the_ranking_of_assets_adds_up_what_others_lose() -> None:
    answer = ask(HOLDINGS.replace("?", ""), measure="debtrank")
    found = {one.firm.id: one.index for one in answer.ranking}
    assert found["Parent"] == pytest.approx((0.4, 0.4))
    assert found["Child"] == pytest.approx((0.7, 1.2))
    assert found["Plant"] == pytest.approx((1.7, 2.2))


def test_targets_of_equity_are_each_their_own() -> None:
    answer = ask("A > B 60\nA > C 20", "B", "C", measure="debtrank")
    assert [(one.firm.id, one.of and one.of.id) for one in answer.losers] == [
        ("A", "B"),
        ("A", "C"),
    ]
    assert [one.loss.low for one in answer.losers] == pytest.approx([0.6, 0.2])


def test_impact_reads_certain_and_possible_links() -> None:
    """Met cannot do without Zhuzhou's balloons (75 %), nor Zhuzhou without Met (100 %).

    Zhuzhou may sell all of Rubber's product, and need it; Press may buy all that Met sells.
    """
    answer = ask(BALLOONS, measure="impact", buffer=0.5)
    reach = {one.firm.id: one.reach for one in answer.spread}
    assert reach == {"Met": (1, 1), "Press": (0, 1), "Rubber": (0, 1), "Zhuzhou": (1, 2)}
    only = ask(BALLOONS, "Met", measure="impact", buffer=0.5)
    assert [one.firm.id for one in only.spread] == ["Met"]


def test_what_cannot_be_asked_is_refused() -> None:
    for options, said in (
        ({"measure": "gdp"}, "measure 'gdp' is unknown; there are: esri, debtrank, impact"),
        ({"tolerance": 2.0}, "tolerance 2 is not between 0 and 1"),
        ({"buffer": 0.0}, "buffer 0 % is not above 0"),
        ({"rule": "no-such-rule"}, "no-such-rule"),
        ({"rule": "us-ofac-50", "measure": "debtrank"}, "which debtrank does not ask for"),
    ):
        with pytest.raises((InputError, NotFoundError), match=said):
            ask(BALLOONS, "Met", **options)
    with pytest.raises(NotFoundError):
        ask(BALLOONS, "Nobody")


def test_a_graph_too_large_for_a_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from spillover.queries.contagion import equity, spreading

    monkeypatch.setattr(spreading, "MOST", 2)
    with pytest.raises(InputError, match=r"3 firms have links of 50 % or more.*larger --buffer"):
        ask("\n".join(BALLOONS.splitlines()[:-1]), measure="impact", buffer=0.5)
    monkeypatch.setattr(equity, "MOST", 3)
    with pytest.raises(InputError, match=r"5 entities have or are holdings.*name targets"):
        ask(HOLDINGS.replace("?", ""), measure="debtrank")


def test_an_empty_graph_has_nothing_to_close() -> None:
    answer = ask("A > B 50")
    assert answer.ranking == ()
    assert answer.known.firms == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("good,class\n", "the header must be good,industry,class"),
        ("good,industry,class\nsteel,*\n", "line 2: 2 cells, not 3"),
        ("good,industry,class\nsteel,*,vital\n", "class 'vital' is unknown"),
        ("good,industry,class\na,b,linear\na,b,essential\n", "a for b has two classes"),
    ],
)
def test_a_table_that_cannot_be_read_names_the_line(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_classes(text, "needs.csv")


def test_the_most_exact_row_of_a_table_counts() -> None:
    classes = read_classes(
        "class,industry,good\nlinear,*,steel\nnegligible,cars,*\nessential,cars,steel\n", "x.csv"
    )
    assert [classes.of(*pair) for pair in (("steel", "cars"), ("Steel", "ships"))] == [2, 1]
    assert [classes.of(*pair) for pair in (("paint", "Cars"), ("paint", "ships"))] == [0, 2]


SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "supply"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared supply links are not here")
def test_real_supply_links_without_shares_promise_nothing(tmp_path: Path) -> None:
    """22 links, no shares: nothing is certain but the closed firm itself."""
    from spillover import load

    path = tmp_path / "links.db"
    load(path, "supply_links", sorted(SHARED.glob("*.json")))
    from spillover.graph.session import Graph

    with Graph(path) as graph:
        answer = systemic(graph, [], conditions("2026-11-22"))
    assert answer.known.links == 22
    assert (answer.known.inputs, answer.known.sales) == (0, 0)
    assert all(one.index.low == pytest.approx(one.own) for one in answer.ranking)
    assert max(one.index.high for one in answer.ranking) > 0.1
