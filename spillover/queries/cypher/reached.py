"""Whom does a rule reach from those whom its programmes list, entity by entity, how surely?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.case import BLOCKED, UNDETERMINED, Case
from spillover.queries.conditions import Conditions
from spillover.queries.ledger import Ledger
from spillover.queries.listings import starting
from spillover.queries.rulebook import Rule, rule


@dataclass(frozen=True, slots=True)
class Reached:
    """One entity that a rule reaches, or may reach."""

    id: str
    verdict: str
    """``blocked`` or ``undetermined``."""
    share: Stake
    """What blocked persons hold at least and at most."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The answer."""

    rule: Rule
    when: Conditions
    open_world: bool
    remark: str
    """What must be said first about the rule on that day; mostly empty."""
    targets: tuple[str, ...]
    """Ids of the entities from which the rule starts, sorted."""
    reached: tuple[Reached, ...]
    """By id."""


def reach(
    graph: Graph,
    when: Conditions,
    rule_id: str = "us-ofac-50",
    *,
    targets: Iterable[str] = (),
    open_world: bool = False,
) -> Reach:
    """Whom a rule reaches.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        rule_id: the ownership rule.
        targets: ids, identifiers or names of entities to take as listed, too.
        open_world: the share that no declared owner holds can be anybody's, not nobody's.

    Raises:
        NotFoundError, AmbiguousError: a target or the rule.
        InputError: nobody is listed from whom the rule could start.
    """
    law = rule(rule_id)
    numbers = starting(graph, when, law, graph.find(targets))
    if not len(numbers):
        lists = ", ".join(law.programmes) or "no programme"
        raise InputError(
            f"{law.id} starts from {lists}, and the graph lists nobody there on {when.as_of};"
            " name a target with --target, or load the list"
        )
    case = Case(Ledger(graph, when, open_world=open_world), numbers, law, np.array([], np.int64))
    stands = [one for one in case.stands(case.touched()) if one.verdict in (BLOCKED, UNDETERMINED)]
    entities = graph.store.entities([*numbers.tolist(), *(one.entity for one in stands)])
    found = (Reached(entities[one.entity].id, one.verdict, one.share) for one in stands)
    return Reach(
        law,
        when,
        open_world,
        law.remark(when.day),
        tuple(sorted(entities[number].id for number in numbers.tolist())),
        tuple(sorted(found, key=lambda one: one.id)),
    )
