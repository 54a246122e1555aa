"""Shares handed down, and shares gathered from all claims, come to the same in every round."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import register
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries import cascade, judging
from spillover.queries.conditions import conditions
from spillover.queries.ledger import Ledger
from spillover.queries.push import can_push, pushed
from spillover.queries.rulebook import Reading, Threshold
from tests.graphs import opened
from tests.queries import worlds
from tests.queries.asking import DAY
from tests.queries.worlds import World, broad, world

SEEDS = st.integers(0, 2**32)
HALF = Threshold(share="50", operator=">=")
OVER = Threshold(share="50", operator=">")
READINGS = {
    "half": Reading(threshold=HALF),
    "over half, passed on by three quarters": Reading(
        threshold=OVER, passes_on=Threshold(share="75", operator=">=")
    ),
    "votes follow the shares": Reading(threshold=HALF, bases=(("capital", "votes"),)),
    "control": Reading(threshold=HALF, control=("stated", "board")),
    "control by contract": Reading(threshold=HALF, control=("contract",)),
    "joint holdings": Reading(threshold=HALF, joint_holdings=True),
    "no share": Reading(control=("stated",)),
}


def said(fix: judging.Fixpoint) -> dict[str, Any]:
    bounds = {
        f"{name} {field}": getattr(bound, field).tolist()
        for name, bound in (("certain", fix.certain), ("possible", fix.possible))
        for field in ("asset", "share", "reached")
    }
    rounds = dict(zip(fix.rounds.entity.tolist(), fix.rounds.number.tolist(), strict=True))
    return {"rounds": rounds, "last": fix.last, **bounds}


def both(graph: Graph, targets: list[str], reading: Reading, **when: str) -> None:
    ledger, test = Ledger(graph, conditions(DAY, **when)), judging.test_of(reading)
    group = np.array(graph.find(targets), np.int64)
    assert can_push(ledger, test)
    assert said(pushed(ledger, group, test)) == said(cascade.gathered(ledger, group, test))


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS.keys())
@given(SEEDS.map(broad))
@settings(max_examples=120, deadline=None)
def test_on_worlds_with_whatever_a_rule_may_look_at(reading: Reading, case: World) -> None:
    with opened(case.claims) as graph:
        both(graph, list(case.targets), reading)


@given(SEEDS.map(lambda seed: world(seed, consistent=False, rich=True)))
@settings(max_examples=150, deadline=None)
def test_on_contradictory_worlds(case: World) -> None:
    with opened(case.claims) as graph:
        both(graph, list(case.targets), READINGS["half"])
        both(graph, list(case.targets), READINGS["half"], max_age="3y")


DAYS = ("2015", "2019-05-01", "2021", "2023-02")


@given(SEEDS)
@settings(max_examples=120, deadline=None)
def test_on_claims_that_follow_one_another(seed: int) -> None:
    """Observations that take each other's place, closed periods, and some that overlap."""
    draw = worlds.seeded(seed)
    case = broad(seed, plain=True)
    claims = [
        claim._replace(
            stake=Stake(low, low + draw.choice((0, 0, 10_000_000))),
            start=draw.choice((None, None, *DAYS)),
            end=draw.choice((None, None, None, "2023-06")),
            basis=draw.choice(("capital", "capital", "interest")),
            evidence=Evidence(
                observed=draw.choice((None, *DAYS)),
                confidence=draw.choice(("high", "medium", "medium", "low")),
                stance=draw.choice(("asserts",) * 9 + ("denies",)),
            ),
        )
        for claim in case.claims
        for low in draw.choices(range(0, 100_000_000, 10_000_000), k=draw.choice((1, 1, 2, 3)))
    ]
    claims = [claim._replace(end=None) if claim.start == "2023-02" else claim for claim in claims]
    with opened([*(Entity(name, "Company", name) for name in case.targets), *claims]) as graph:
        both(graph, list(case.targets), READINGS["half"])
        both(graph, list(case.targets), READINGS["half"], max_age="3y")


def test_on_a_register_with_odd_claims() -> None:
    """Thousands of companies, where a tenth of the claims is of another sort."""
    made = register(20_000)
    draw = worlds.seeded(1)
    claims = []
    for source, target, low, high in zip(*(c.tolist() for c in made[2:6]), strict=True):
        claim = worlds.holds(f"n{source}", f"n{target}", Stake(low, high))
        claims += worlds._odd(draw, claim) if draw.random() < 0.4 else [claim]
    for owner in draw.choices(made.source.tolist(), k=300):
        claims.append(Relation("CONTROLS", f"n{owner}", f"n{draw.choice(made.target.tolist())}"))
    with opened(claims) as graph:
        for number in (1, 50, 1000):
            targets = draw.sample(sorted({claim.source for claim in claims}), number)
            for reading in READINGS.values():
                both(graph, targets, reading)


def test_a_cascade_leaves_nothing_to_the_next() -> None:
    with opened("X > A 60\nY > B 60\nA > B 30") as graph:
        for _ in range(2):
            for target in ("X", "Y"):
                both(graph, [target], READINGS["half"])


@pytest.mark.parametrize(
    ("reading", "when", "open_world"),
    [
        (Reading(threshold=HALF, alone=HALF), {}, False),
        (Reading(threshold=HALF, joint_arrangements=True), {}, False),
        (Reading(threshold=HALF, bases=(("capital",), ("votes",))), {}, False),
        (READINGS["half"], {"min_confidence": "high"}, False),
        (READINGS["half"], {}, True),
    ],
)
def test_other_questions_are_gathered(
    reading: Reading, when: dict[str, str], open_world: bool
) -> None:
    with opened("X > A 60") as graph:
        ledger = Ledger(graph, conditions(DAY, **when), open_world=open_world)
        test, group = judging.test_of(reading), np.array(graph.find(["X"]))
        assert not can_push(ledger, test)
        assert said(cascade.fixpoint(ledger, group, test)) == said(
            cascade.gathered(ledger, group, test)
        )
