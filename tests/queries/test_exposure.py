"""Is the strongest exposure path found, and is what is missing bounded."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.exposure import Exposure, exposure
from tests.graphs import opened, relations
from tests.queries.asking import DAY, Items
from tests.queries.shocks import network, simple_paths, stated, ways

SEEDS = st.integers(0, 2**32)


def expose(items: Items, *targets: str, max_age: str | None = None, **asked: Any) -> Exposure:
    with opened(items) as graph:
        return exposure(graph, targets, conditions(DAY, max_age), **asked)


def found(answer: Exposure) -> dict[str, tuple[str, str]]:
    """Way and strength in percent of the path to each entity."""
    return {
        path.entity.id: (
            "".join([path.target.id, *(step.target.id for step in path.hops)]),
            f"{float(path.strength.low * 100):g}-{float(path.strength.high * 100):g}",
        )
        for path in answer.paths
    }


def all_paths(claims: list[Relation]) -> dict[str, list[tuple[Fraction, Fraction]]]:
    """Least and greatest strength of every simple path above nothing from T, by its end."""
    strengths: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for path in simple_paths(list(ways(claims)), "T"):
        low, high = prod(way.low for way in path), prod(way.high for way in path)
        if high > 0:
            strengths.setdefault(path[-1].target, []).append((Fraction(low), Fraction(high)))
    return strengths


@given(SEEDS.map(network))
@settings(max_examples=80, deadline=None)
def test_the_strongest_path_is_that_of_all_simple_paths(claims: list[Relation]) -> None:
    if not any("T" in claim[1:3] for claim in claims):
        return
    expected, answer = all_paths(claims), expose(stated(claims), "T")
    assert {path.entity.id for path in answer.paths} == expected.keys()
    for path in answer.paths:
        strengths = expected[path.entity.id]
        assert tuple(path.strength) in strengths
        best = max(low for low, _ in strengths)
        if best > 0:
            assert path.strength.low == best
        else:
            assert path.strength.high == max(high for _, high in strengths)
    assert not answer.truncated
    assert answer.bound == 0


@given(SEEDS.map(network), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_nothing_that_is_missing_is_stronger_than_the_bound(
    claims: list[Relation], limit: int
) -> None:
    if not any("T" in claim[1:3] for claim in claims):
        return
    answer = expose(stated(claims), "T", limit=limit)
    shown = {path.entity.id for path in answer.paths}
    for entity, strengths in all_paths(claims).items():
        if entity not in shown:
            assert answer.truncated
            assert max(high for _, high in strengths) <= answer.bound


@given(SEEDS.map(network), st.sampled_from("ABCDPQ"), st.integers(1, 8), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_to_one_entity_the_paths_are_the_strongest(
    claims: list[Relation], to: str, limit: int, wanted: int
) -> None:
    if not all(any(end in claim[1:3] for claim in claims) for end in ("T", to)):
        return
    strengths = sorted((high for _, high in all_paths(claims).get(to, [])), reverse=True)
    cut = expose(stated(claims), "T", to=to, limit=limit, alternatives=wanted)
    shown = sorted((path.strength.high for path in cut.paths), reverse=True)
    assert len(shown) <= wanted
    assert shown == strengths[: len(shown)]
    assert all(high <= cut.bound for high in strengths[len(shown) :])
    whole = expose(stated(claims), "T", to=to, alternatives=10**6)
    assert sorted((path.strength.high for path in whole.paths), reverse=True) == strengths
    assert not whole.truncated


@given(SEEDS.map(network))
@settings(max_examples=50, deadline=None)
def test_paths_hang_together_and_every_hop_has_evidence(claims: list[Relation]) -> None:
    if not any("T" in claim[1:3] for claim in claims):
        return
    answer = expose(stated(claims), "T")
    ranks = [(-path.strength.low, -path.strength.high, len(path.hops)) for path in answer.paths]
    assert ranks == sorted(ranks)
    for path in answer.paths:
        places = [path.target.id, *(step.target.id for step in path.hops)]
        assert places == [*(step.source.id for step in path.hops), path.entity.id]
        assert len(set(places)) == len(places)
        assert path.strength == (
            prod(Fraction(step.low, WHOLE) for step in path.hops),
            prod(Fraction(step.high, WHOLE) for step in path.hops),
        )
        for step in path.hops:
            assert step.claims
            ends = {step.source.id, step.target.id}
            assert all({c.source.id, c.target.id} == ends for c in step.claims)
            assert all((c.kind, c.standing) == (step.kind, "counted") for c in step.claims)


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        # a product of shares along the path
        ("T > A 50\nA SUPPLIES B 40 basis=supply", "B", ("TAB", "20-20")),
        # an unknown share is anything from nothing to the whole
        ("T > A\nA SUPPLIES B 40 basis=supply", "B", ("TAB", "0-40")),
        # the surest path is shown before one that may be stronger
        ("T > B 10\nT > A 90\nA > B", "B", ("TB", "10-10")),
        # claims that disagree widen to their hull; a denial lowers the floor to zero
        ("T > A 40\nT > A 60", "A", ("TA", "40-60")),
        ("T > A 40\nT > A denies", "A", ("TA", "0-40")),
        # stated control hits the whole entity
        ("T CONTROLS A", "A", ("TA", "100-100")),
        ("T CONTROLS A\nT CONTROLS A denies", "A", ("TA", "0-100")),
        # a repeated chain is another route to the same share: the larger counts
        ("T > A 40\nT > A 70 indirect", "A", ("TA", "70-70")),
        # an owner has equity at risk; a supplier loses sales
        ("A > T 30", "A", ("TA", "30-30")),
        ("A SUPPLIES T 30 basis=sales", "A", ("TA", "30-30")),
        # a share of sales is no share of supply
        ("T SUPPLIES A 30 basis=sales", "A", ("TA", "0-100")),
        # a programme hits whom it designates
        ("T DESIGNATES A\nA > B 60", "B", ("TAB", "60-60")),
    ],
)
def test_strength_of_a_hop(text: str, entity: str, expected: tuple[str, str]) -> None:
    assert found(expose(text, "T"))[entity] == expected


@pytest.mark.parametrize(
    "text",
    [
        "A > T 30\nA > B 60",  # a parent that loses equity does not block its other daughters
        "T SUPPLIES A 30 basis=supply\nB SUPPLIES A 30 basis=sales",  # nor do others lose sales
        "T COLLABORATES A\nA COLLABORATES B",  # knowledge crosses once
        "T EXPORTS A\nA EXPORTS B",
        "T > A 60 denies\nA > B 60",  # what is only denied carries nothing
        "T > A 0\nA > B 60",
        "T DIRECTS A\nA > B 60",  # shown elsewhere, no channel
        "T > A 60 confidence=low\nA > B 60",
        "T > A 60 end=2020\nA > B 60",
    ],
)
def test_where_a_shock_does_not_go(text: str) -> None:
    assert "B" not in found(expose(text, "T"))


def test_a_hop_that_is_too_old_is_unknown() -> None:
    text = "T > A 60 observed=2015\nT CONTROLS B observed=2015\nT CONTROLS C observed=2024-01-01"
    old = found(expose(text, "T", max_age="1y"))
    assert old == {"A": ("TA", "0-100"), "B": ("TB", "0-100"), "C": ("TC", "100-100")}


def test_supplies_of_two_products_are_two_ways() -> None:
    text = "T SUPPLIES A 30 basis=supply product=x\nT SUPPLIES A 50 basis=supply product=y"
    strengths = [path.strength.low for path in expose(text, "T", to="A").paths]
    assert strengths == [Fraction(1, 2), Fraction(3, 10)]


def test_each_target_has_its_own_path() -> None:
    answer = expose("T > A 60\nU > B 30\nT > U 10", "T", "U")
    ways = [(path.target.id, path.entity.id, len(path.hops)) for path in answer.paths]
    assert ways == [("T", "A", 1), ("U", "B", 1), ("U", "T", 1), ("T", "U", 1), ("T", "B", 2)]


def test_nothing_reaches_the_one_that_is_asked_for() -> None:
    answer = expose("T > A 60\nB > C 60", "T", to="C")
    assert (answer.paths, answer.truncated, answer.to and answer.to.id) == ((), False, "C")


def ends(answer: Exposure) -> list[tuple[str, str]]:
    return [(path.target.id, path.entity.id) for path in answer.paths]


def routes(answer: Exposure) -> list[str]:
    return ["".join([p.target.id, *(step.target.id for step in p.hops)]) for p in answer.paths]


def test_backward_it_is_told_what_hits() -> None:
    text = "X > A 60\nA SUPPLIES B 50 basis=supply\nC COLLABORATES B"
    answer = expose(text, "B", backward=True)
    assert found(answer) == {"B": ("CB", "0-100")}  # the last of three paths that all end at B
    assert routes(answer) == ["AB", "XAB", "CB"]
    assert [party.id for party in answer.subjects] == ["B"]
    assert answer.targets == ()
    assert ends(expose(text, "B", backward=True, to=["X"])) == [("X", "B")]


def test_between_several_and_several_each_pair_has_its_paths() -> None:
    text = "T > A 60\nT > B 30\nU > A 20\nU > C 40\nC > A 50"
    answer = expose(text, "T", "U", to=["A", "B"])
    # 60 % T to A, 30 % T to B, 0.4 x 0.5 = 20 % and 20 % U to A; nothing leads from U to B
    assert sorted(routes(answer)) == ["TA", "TB", "UA", "UCA"]
    assert expose(text, "T", "U", to=["A", "B"], alternatives=1).bound == Fraction(1, 5)


def test_filters_leave_out_what_they_say() -> None:
    items: list[Entity | Relation] = [
        Entity("A", "Company", "A", countries=("cn", "ch")),
        Entity("B", "Company", "B", countries=("de",)),
        *relations("T > A 60\nA > B 50\nA SUPPLIES C 4 basis=supply\nT CONTROLS D"),
    ]
    everybody = [("T", "D"), ("T", "A"), ("T", "B"), ("T", "C")]
    assert ends(expose(items, "T")) == everybody
    assert ends(expose(items, "T", countries=["CH"])) == [("T", "A")]
    assert ends(expose(items, "T", countries=["de"])) == [("T", "B")]  # through A in China
    assert ends(expose(items, "T", min_strength=Fraction(3, 100))) == everybody[:3]  # C: 2.4 %
    assert ends(expose(items, "T", max_hops=1)) == [("T", "D"), ("T", "A")]
    assert ends(expose(items, "T", channels=["ownership"])) == [("T", "A"), ("T", "B")]
    assert ends(expose(items, "T", kinds=["CONTROLS"])) == [("T", "D")]
    assert ends(expose(items, "T", to=["A", "B"], countries=["de"])) == [("T", "B")]
    cut = expose(items, "T", top=2)
    assert (ends(cut), cut.left_out, cut.truncated) == (everybody[:2], 2, False)


@pytest.mark.parametrize("asked", [{"channels": ["owner"]}, {"kinds": ["OWN"]}, {"diverse": True}])
def test_what_is_unknown_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        expose("T > A 60", "T", **asked)


def test_different_ways_are_no_variants_of_stronger_ones() -> None:
    text = """
        T > A 90
        A > B 90
        B > S 90
        T CONTROLS A  # the same parties: a variant of the way by ownership
        B > C 80
        C > S 90      # another last stretch behind A and B: a variant
        T > D 50
        D > B 90      # another way to B
        T > E 10
        E > S 10
    """
    # 1 x 0.9 x 0.9 = 81 %, 72.9 %, 1 x 0.9 x 0.8 x 0.9 = 64.8 %, 58.3 %, 40.5 %, 32.4 %, 1 %
    every = expose(text, "T", to="S")
    assert routes(every) == ["TABS", "TABS", "TABCS", "TABCS", "TDBS", "TDBCS", "TES"]
    assert routes(expose(text, "T", to="S", diverse=True)) == ["TABS", "TDBS", "TES"]
    two = expose(text, "T", to="S", diverse=True, alternatives=2)
    assert (routes(two), two.bound) == (["TABS", "TDBS"], Fraction(1, 100))


@given(SEEDS.map(network), st.sampled_from("ABCDPQ"))
@settings(max_examples=60, deadline=None)
def test_no_two_different_ways_share_all_inner_relations(claims: list[Relation], to: str) -> None:
    if not all(any(end in claim[1:3] for claim in claims) for end in ("T", to)):
        return
    items = stated(claims)
    every = expose(items, "T", to=to, alternatives=10**6)
    chosen = expose(items, "T", to=to, alternatives=10**6, diverse=True)
    ways = [[(s.source.id, s.target.id) for s in path.hops] for path in chosen.paths]
    for number, way in enumerate(ways):
        for other in ways[:number]:
            assert not set(inner(way)) <= set(other)
            assert not set(inner(other)) <= set(way)
    for path in every.paths:  # whatever was passed over is a variant of one that is as strong
        way = [(s.source.id, s.target.id) for s in path.hops]
        assert any(
            taken.strength.high >= path.strength.high
            and (set(inner(way)) <= set(kept) or set(inner(kept)) <= set(way))
            for taken, kept in zip(chosen.paths, ways, strict=True)
        )


def inner(way: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """All pairs but the first and the last, where there are more than two."""
    return way[1:-1] if len(way) > 2 else way


def test_denials_stand_beside_the_path_whatever_their_kind_and_day() -> None:
    text = """
        T > A 60
        A SUPPLIES B
        A SUPPLIES B denies              # of the hop itself: among its claims
        O STATE_TIE A denies start=2025  # of another kind, and said later
        T > Z 10 denies                  # of a party on the path
        X > Y 10 denies                  # of nobody on it
    """
    path = expose(text, "T", to="B").paths[0]
    assert [claim.stance for claim in path.hops[1].claims] == ["asserts", "denies"]
    said = [(claim.source.id, claim.target.id, claim.standing) for claim in path.denials]
    assert said == [("T", "Z", "counted"), ("O", "A", "not yet")]


def test_the_total_adds_up_all_paths() -> None:
    text = "T > A 50\nT > B 20\nA > C 40\nB > C 50"
    totals = {path.entity.id: path.total for path in expose(text, "T").paths}
    assert totals["C"] == pytest.approx((0.3, 0.3))  # 0.5 x 0.4 + 0.2 x 0.5
    (path,) = expose(text, "C", backward=True, max_hops=1, countries=[], top=1).paths
    assert path.target.id == "B"
    assert path.total == pytest.approx((0.5, 0.5))


def test_a_search_that_is_cut_short_has_no_totals() -> None:
    answer = expose("T > A 50\nT > B 20", "T", limit=1)
    assert (ends(answer), answer.bound) == ([("T", "A")], Fraction(1, 5))
    assert answer.paths[0].total is None


@given(SEEDS.map(network))
@settings(max_examples=50, deadline=None)
def test_over_all_paths_an_entity_is_hit_at_least_as_hard(claims: list[Relation]) -> None:
    if not any("T" in claim[1:3] for claim in claims):
        return
    for path in expose(stated(claims), "T").paths:
        assert path.total is not None
        assert path.total.low >= float(path.strength.low) - 1e-9
        assert path.total.high >= float(path.strength.high) - 1e-9
