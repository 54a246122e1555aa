"""Is the strongest exposure path found, and is what is missing bounded."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.channels import FOLLOWERS
from spillover.graph.evidence import Evidence
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.conditions import conditions
from spillover.queries.exposure import Exposure, exposure
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.worlds import seeded

FIRMS = ("T", "A", "B", "C", "D")
GOODS = ("P", "Q")
SHAPES = (
    ("OWNS", "capital", FIRMS, FIRMS),
    ("CONTROLS", "", FIRMS, FIRMS),
    ("SUPPLIES", "supply", FIRMS, FIRMS),
    ("SUPPLIES", "sales", FIRMS, FIRMS),
    ("PRODUCES", "market", FIRMS, GOODS),
    ("INPUT_TO", "supply", GOODS, GOODS),
    ("COLLABORATES", "", FIRMS, FIRMS),
)
SEEDS = st.integers(0, 2**32)
Hop = tuple[str, str, str, Fraction, Fraction]
"""source, target, channel, least and greatest share."""


def expose(
    items: Items,
    *targets: str,
    to: str | None = None,
    limit: int = 10_000,
    alternatives: int = 10,
    max_age: str | None = None,
) -> Exposure:
    with opened(items) as graph:
        when = conditions(DAY, max_age)
        return exposure(graph, targets, when, to=to, limit=limit, alternatives=alternatives)


def found(answer: Exposure) -> dict[str, tuple[str, str]]:
    """Way and strength in percent of the path to each entity."""
    return {
        path.entity.id: (
            "".join([path.target.id, *(step.target.id for step in path.hops)]),
            f"{float(path.strength.low * 100):g}-{float(path.strength.high * 100):g}",
        )
        for path in answer.paths
    }


def network(seed: int) -> list[Relation]:
    """One claim of each pair and kind at most, with unknown, denied and 100 % shares among them."""
    draw = seeded(seed)
    claims: dict[tuple[str, str, str], Relation] = {}
    for _ in range(draw.randint(1, 12)):
        kind, basis, sources, targets = draw.choice(SHAPES)
        source, target = draw.choice(sources), draw.choice(targets)
        low, high = sorted(draw.choices((0, 10, 30, 50, 80, 100, 100), k=2))
        stake = Stake(low * 10**6, high * 10**6) if basis and draw.random() < 0.8 else None
        evidence = Evidence(stance="denies" if draw.random() < 0.1 else "asserts")
        claim = Relation(kind, source, target, stake, basis, evidence=evidence)
        claims.setdefault((kind, source, target), claim)
        if draw.random() < 0.1 and evidence.stance == "asserts":
            claims[kind, source, target] = claim._replace(block="denied")
    return list(claims.values())


def stated(claims: list[Relation]) -> list[Relation]:
    """The claims of a network, and a denial beside those that are marked as denied."""
    denials = [c._replace(block="", evidence=Evidence(stance="denies")) for c in claims if c.block]
    return [claim._replace(block="") for claim in claims] + denials


def hops(claims: list[Relation]) -> Iterator[Hop]:
    """Every way in which a shock crosses one of these claims, by the declarations of the kinds."""
    for claim in claims:
        for channel in KINDS[claim.kind].channels:
            ends = (claim.source, claim.target) if channel.forward else (claim.target, claim.source)
            if channel.weight is None:
                low, high = WHOLE, WHOLE
            elif claim.stake and not claim.stake.unknown and claim.basis in channel.weight:
                low, high = claim.stake
            else:
                low, high = 0, WHOLE
            if claim.evidence.stance == "asserts":
                low = 0 if claim.block else low
                yield *ends, channel.name, Fraction(low, WHOLE), Fraction(high, WHOLE)


def simple_paths(every: list[Hop], path: tuple[Hop, ...], at: str) -> Iterator[tuple[Hop, ...]]:
    """All paths on from here that meet nobody twice and follow the rules of the channels."""
    seen = {"T", *(hop[1] for hop in path)}
    for hop in every:
        if hop[0] != at or hop[1] in seen or (path and hop[2] not in FOLLOWERS[path[-1][2]]):
            continue
        yield (*path, hop)
        yield from simple_paths(every, (*path, hop), hop[1])


def all_paths(claims: list[Relation]) -> dict[str, list[tuple[Fraction, Fraction]]]:
    """Least and greatest strength of every simple path above nothing from T, by its end."""
    strengths: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for path in simple_paths(list(hops(claims)), (), "T"):
        low, high = prod(hop[3] for hop in path), prod(hop[4] for hop in path)
        if high > 0:
            strengths.setdefault(path[-1][1], []).append((Fraction(low), Fraction(high)))
    return strengths


@given(SEEDS.map(network))
@settings(max_examples=200, deadline=None)
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
@settings(max_examples=100, deadline=None)
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
@settings(max_examples=100, deadline=None)
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
