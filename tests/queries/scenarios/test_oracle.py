"""A scenario's difference equals a full recomputation, on 1,000 random scenarios.

The other side is a second store that really holds the changed claims, made by a plain reading of
what each change means (``changing.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

import pytest

from spillover.graph.schema import Relation
from spillover.graph.session import Graph
from spillover.queries.changes.change import WORDS
from spillover.queries.changes.snapshot import snapshot
from spillover.queries.conditions import conditions
from spillover.queries.scenarios.changes import applied
from spillover.queries.scenarios.file import Scenario
from spillover.queries.scenarios.scenario import run
from tests.graphs import opened
from tests.queries.scenarios.changing import DAY, Claims, apart, real, scenario

RULES = ("us-ofac-50", "uk-ofsi", "us-ofac-ssi", "eu-asset-freeze", "ch-seco", "us-bis-affiliates")
WHEN = conditions(DAY)
Stood = tuple[str, int, int]
Strongest = tuple[str, Fraction]
_NOBODY = ("not_blocked", 0, 0)
Key = TypeVar("Key")
Value = TypeVar("Value")


def content(
    graph: Graph, targets: tuple[str, ...], rules: Sequence[str]
) -> tuple[dict[tuple[str, str], Stood], dict[str, Strongest]]:
    """How everybody stands under each rule, and the strongest path to everybody, by id."""
    said = snapshot(graph, WHEN, rules=rules, targets=graph.find(targets))
    found = {}
    for ruled in said.rules:
        columns = (ruled.entity, ruled.word, ruled.low, ruled.high)
        for entity, word, low, high in zip(*(one.tolist() for one in columns), strict=True):
            found[ruled.law.id, said.ids[entity]] = (WORDS[word], low, high)
    reached = said.exposures
    assert reached is not None
    strengths = {said.ids[n]: decisive(*reached.strength(n)) for n in reached.entities}
    return {one: stood for one, stood in found.items() if stood != _NOBODY}, strengths


def decisive(low: Fraction, high: Fraction) -> Strongest:
    """What makes a path the strongest: its least strength, or else its greatest.

    Of paths that are equal in this, either may be told.
    """
    return ("least", low) if low else ("greatest", high)


def known(claims: Claims) -> Claims:
    """Claims that mean nothing here, so that two stores know the same entities."""
    names = sorted({end for claim in claims for end in claim[1:3]})
    return [Relation("LINKED_TO", name, name) for name in names]


@pytest.mark.parametrize("batch", range(40))
def test_a_thousand_scenarios_equal_stores_that_hold_the_changed_claims(batch: int) -> None:
    """Twenty-five at once, each in a part of the graph of its own, under two of the rules."""
    rules = (RULES[0], RULES[1 + batch % (len(RULES) - 1)])
    several = [apart(seed) for seed in range(batch * 25, batch * 25 + 25)]
    claims = [claim for one, _, _ in several for claim in one]
    targets = tuple(target for _, one, _ in several for target in one)
    changes = [change for _, _, one in several for change in one]
    after = [claim for one, _, said in several for claim in real(one, said)]
    with (
        opened([*claims, *known(claims)]) as graph,
        opened([*after, *known(claims)]) as rebuilt,
    ):
        supposed, _ = applied(graph, [Scenario(changes=tuple(changes))], WHEN, [])
        found, expected = (content(one, targets, rules) for one in (supposed, rebuilt))
    assert differing(found[0], expected[0]) == {}
    assert differing(found[1], expected[1]) == {}


def differing(found: Mapping[Key, Value], expected: Mapping[Key, Value]) -> dict[Key, object]:
    """Found and expected, wherever they differ."""
    keys = found.keys() | expected.keys()
    return {
        key: (found.get(key), expected.get(key))
        for key in keys
        if found.get(key) != expected.get(key)
    }


@pytest.mark.parametrize("batch", range(5))
def test_a_difference_is_that_of_two_stores(batch: int) -> None:
    for seed in range(batch * 20, batch * 20 + 20):
        claims, targets, changes = scenario(seed)
        law = RULES[seed % len(RULES)]
        with (
            opened([*claims, *known(claims)]) as graph,
            opened([*real(claims, changes), *known(claims)]) as after,
        ):
            said = Scenario(changes=tuple(changes))
            found = run(graph, [said], WHEN, rules=[law], targets=targets).changes
            (old, older), (new, newer) = (content(one, targets, [law]) for one in (graph, after))
        verdicts = {
            (one.rule, one.entity.id): tuple(
                (stood.word, *stood.share) for stood in (one.before, one.after)
            )
            for one in found.verdicts
        }
        exposures = {
            one.entity.id: tuple(
                decisive(*side.strength) if side else None for side in (one.before, one.after)
            )
            for one in found.exposures
        }
        assert {key: pair for key, pair in verdicts.items() if pair[0] != pair[1]} == {
            key: (old.get(key, _NOBODY), new.get(key, _NOBODY)) for key in differing(old, new)
        }, seed
        assert {key: pair for key, pair in exposures.items() if pair[0] != pair[1]} == differing(
            older, newer
        ), seed
