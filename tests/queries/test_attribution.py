"""Is an owner's share of each asset told by every method, with its bounds and what they rest on?"""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from spillover.graph.errors import InputError, NotFoundError
from spillover.queries.attribution import METHODS, Attribution, Interval, attribution
from spillover.queries.conditions import conditions
from spillover.queries.methods import products as products_module
from tests.graphs import opened
from tests.queries.asking import DAY


def ask(text: str, owner: str, method: str, *of: str, limit: int = 500) -> Attribution:
    with opened(text) as graph:
        return attribution(graph, owner, conditions(DAY), method=method, of=of, limit=limit)


def told(text: str, owner: str, method: str, *of: str) -> dict[str, tuple[float, float | None]]:
    rows = ask(text, owner, method, *of).rows
    return {row.asset.id: _rounded(row.share) for row in rows}


def _rounded(share: Interval) -> tuple[float, float | None]:
    low, high = share
    return round(float(low), 6), None if high is None else round(float(high), 6)


# -- published examples: each names its source ------------------------------------------------

CHAINS = ("products", "integrated", "corrected", "network-control", "simple-paths")


@pytest.mark.parametrize("method", CHAINS)
def test_irs_1065_c_constructive_ownership(method: str) -> None:
    # Form 1065 instructions, constructive ownership, Example 1: 15 % and 50 % of 70 % are 50 %.
    text = "A > B 50\nB > C 70\nB > D 70\nA > C 15\nA > D 15"
    assert told(text, "A", method) == {"B": (50, 50), "C": (50, 50), "D": (50, 50)}


@pytest.mark.parametrize("method", CHAINS)
def test_resights_chain(method: str) -> None:
    # ResightsTest calculator tests: C2 has 70 % of C1, C1 50 % of FC. An ended claim is none.
    text = "C1 > FC 50\nC2 > C1 70\nC3 > C2 50 end=2020"
    assert told(text, "C2", method) == {"C1": (70, 70), "FC": (35, 35)}
    assert told(text, "C1", method) == {"FC": (50, 50)}
    assert told(text, "C3", method) == {}


@pytest.mark.parametrize("method", CHAINS)
def test_resights_down(method: str) -> None:
    # ResightsTest calculator tests: FC has 50 % of S1, S1 25 % of S2.
    assert told("FC > S1 50\nS1 > S2 25", "FC", method) == {"S1": (50, 50), "S2": (12.5, 12.5)}


@pytest.mark.parametrize("method", CHAINS)
def test_resights_range(method: str) -> None:
    # ResightsTest calculator tests: "10-20%" is [10, 20] and "<30%" [0, 30]. Its middles (15) are
    # no shares that anybody states. Less than 30 % ends one unit below it.
    text = "C1 > FC 10-20%\nC2 > FC <30%"
    assert told(text, "C1", method) == {"FC": (10, 20)}
    assert told(text, "C2", method) == {"FC": (0, 29.999999)}


@pytest.mark.parametrize("method", CHAINS)
def test_cashflow_16(method: str) -> None:
    # Corporate strategy quiz, rights to cash flow: 80 % x 50 % x 40 % = 16 %.
    assert told("F > A 80\nA > B 50\nB > C 40", "F", method, "C") == {"C": (16, 16)}


@pytest.mark.parametrize("method", CHAINS)
def test_coursera_32(method: str) -> None:
    # Coursera, Corporate Strategy, "How to control more than you own": 100 x 80 x 40 % = 32 %.
    text = "Family > Firm 100\nFirm > Parent 80\nParent > Business 40"
    assert told(text, "Family", method, "Business") == {"Business": (32, 32)}


def test_amlr_52() -> None:
    # Regulation (EU) 2024/1624, Article 52(1): 50 % of 50 % is 25 %, which reaches 25 % exactly.
    (row,) = ask("P > X 50\nX > T 50", "P", "products", "T").rows
    assert isinstance(row.share.low, Fraction)
    assert row.share == Interval(Fraction(25), Fraction(25))


# -- the methods side by side -----------------------------------------------------------------


def test_why_the_method_matters() -> None:
    # A owns 50 % of B and 15 % of C, B 70 % of C. B is no majority of A's; its power over B is 1/2
    # (the rest of B may be one other), and over C that half of B's 70 %, which decides alone.
    text = "A > B 50\nB > C 70\nA > C 15"
    by_method = {name: told(text, "A", name, "C").get("C") for name in METHODS}
    low, high = by_method.pop("power-index") or (0, 0)
    assert (round(low / 5), high) == (10, 100)
    assert by_method == {
        "products": (50, 50),
        "integrated": (50, 50),
        "corrected": (50, 50),
        "network-control": (50, 50),
        "simple-paths": (50, 50),
        "weakest-link": (65, 65),
        "majority-chain": (15, 15),
        "majority-control": None,
    }


@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_cycles_intervals_and_nothing(method: str) -> None:
    text = "X > A 60\nA > B 60-70\nB > A 10\nB > C\nX > X 5"
    answer = ask(text, "X", method)
    assert answer.owner.id == "X"
    assert answer.method == method
    for row in answer.rows:
        low, high = row.share
        assert 0 <= low <= 100
        assert high is None or low <= high <= 100
    sizes = [(-row.share.low, -(row.share.high or math.inf)) for row in answer.rows]
    assert sizes == sorted(sizes)
    assert answer.residual <= 1e-9
    assert ask(text, "C", method).rows == ()
    assert [load.dataset.name for load in answer.sources.datasets] == ["test"]


@pytest.mark.parametrize("method", METHODS)
def test_only_the_assets_asked_for_are_told(method: str) -> None:
    text = "X > A 60\nA > B 60\nB > C 60"
    everything = told(text, "X", method)
    assert told(text, "X", method, "B", "C") == {k: everything[k] for k in ("B", "C")}
    assert told(text, "X", method, "X") == {}


def test_methods_are_described() -> None:
    for method in METHODS.values():
        assert method.title
        assert method.formula
        assert any(character.isdigit() for character in method.source)


def test_an_owner_inside_a_cycle_is_inflated_by_one_formula_only() -> None:
    # 0.8 / (1 - 0.4) = 133 %: more than there is, and so no bound.
    text = "A > B 80\nB > A 50\nB > C 60"
    assert told(text, "A", "integrated") == {
        "B": (100, None),
        "C": (80, 80),
        "A": (66.666667, 66.666667),
    }
    assert told(text, "A", "corrected") == {"B": (80, 80), "C": (48, 48), "A": (40, 40)}
    assert told(text, "A", "network-control") == {"B": (80, 80), "C": (48, 48)}
    assert told(text, "A", "products") == {"B": (80, 80), "C": (48, 48)}


def test_closed_cycles_are_named() -> None:
    text = "P > Q 100\nQ > P 100\nQ > R 60\nX > R 10"
    answer = ask(text, "P", "integrated")
    assert [[party.id for party in cycle] for cycle in answer.unbounded] == [["P", "Q"]]
    assert {row.asset.id: row.share.high for row in answer.rows} == {
        "P": None,
        "Q": None,
        "R": None,
    }
    assert ask(text, "P", "network-control").unbounded == ()
    assert told(text, "P", "network-control") == {"Q": (100, 100), "R": (60, 60)}


def test_owners_beside_the_chain_leave_less() -> None:
    # Y holds at least 40 % of A, so X's unknown share is 60 % at most, and half of it in B.
    text = "X > A\nY > A 40-60\nA > B 50"
    for method in ("products", "integrated", "network-control"):
        assert told(text, "X", method) == {"A": (0, 60), "B": (0, 30)}


def test_shares_are_fractions_while_the_network_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "X > A 1/3\nA > B 50\nB > A 10"
    exact = ask(text, "X", "products")
    assert all(isinstance(end, Fraction) for row in exact.rows for end in row.share)
    monkeypatch.setattr(products_module, "FEW", 0)
    rough = ask(text, "X", "products")
    assert all(isinstance(end, float) for row in rough.rows for end in row.share)
    assert [_rounded(row.share) for row in rough.rows] == [
        _rounded(row.share) for row in exact.rows
    ]


def test_what_the_limit_leaves_out_is_counted() -> None:
    answer = ask("X > A 60\nX > B 50\nX > C 40", "X", "products", limit=2)
    assert [row.asset.id for row in answer.rows] == ["A", "B"]
    assert answer.truncated == 1


def test_sampled_shares_have_an_error() -> None:
    answer = ask("X > A 50\nY > A 50", "X", "power-index")
    assert answer.error == pytest.approx(0.5, rel=0.01)
    assert ask("X > A 50", "X", "integrated").error == 0


def test_mistakes_are_told() -> None:
    with pytest.raises(InputError, match="method 'chains' is unknown; use one of products, "):
        ask("X > A 50", "X", "chains")
    with pytest.raises(NotFoundError):
        ask("X > A 50", "Z", "products")
    with pytest.raises(NotFoundError):
        ask("X > A 50", "X", "products", "Z")
