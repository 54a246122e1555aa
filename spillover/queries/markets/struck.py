"""Who falls out as a producer when targets are designated, or a whole country is cut off?

Targets fall, and whomever an ownership rule blocks with them: for certain, or possibly. A country
that is cut off takes its own count in every market with it, and every firm that is of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.queries.case import Case
from spillover.queries.conditions import Conditions
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Rule
from spillover.queries.rulebook import rule as rule_of


@dataclass(frozen=True, slots=True)
class Struck:
    """Those who fall out."""

    targets: tuple[int, ...]
    """Who was named."""
    law: Rule | None
    """The rule by which others fall with them; None: only those who are named."""
    countries: frozenset[str]
    """Countries that are cut off (alpha-2)."""
    certain: frozenset[int]
    """Entities that fall whatever is unknown."""
    possible: frozenset[int]
    """Entities that can fall; those of ``certain`` among them."""
    states: frozenset[int] = frozenset()
    """The countries among those that fall, as entities: they stand in the counts of countries."""
    unplaced: frozenset[int] = frozenset()
    """Producers of which nobody states the country, where countries are cut off. They are not
    among ``possible``: a market tells more of them (:mod:`spillover.queries.markets.hit`)."""
    foreign: frozenset[int] = frozenset()
    """Producers that fall by name or rule, or can, and are not of a country that is cut off: a
    count of countries says nothing of them. Told where countries are cut off."""

    @property
    def applied(self) -> Rule | None:
        """The rule, where somebody is named to whom it applies: it says nothing of countries."""
        return None if self.states.issuperset(self.targets) else self.law

    def remark(self, day: int) -> str:
        """What must be said first about the rule on a day; mostly empty."""
        return self.applied.remark(day) if self.applied else ""


NOBODY: Final = Struck((), None, frozenset(), frozenset(), frozenset())


def struck(
    graph: Graph,
    when: Conditions,
    targets: Iterable[str],
    *,
    rule: str = "",
    countries: Iterable[str] = (),
) -> Struck:
    """Who falls out with these targets and countries.

    A target that is a country is a country that is cut off.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        targets: ids, identifiers or names.
        rule: the ownership rule by which others fall with the targets; empty: none does.
        countries: countries that are cut off (alpha-2).

    Raises:
        NotFoundError, AmbiguousError: a target.
        InputError: an unknown rule.
    """
    named = graph.find(targets)
    codes = {code.lower() for code in countries}
    states = {n: e for n, e in graph.store.entities(named).items() if e.schema == "Country"}
    codes.update(code for state in states.values() for code in state.countries)
    law = rule_of(rule) if rule else None
    certain = possible = frozenset(named)
    listed = np.array(sorted(set(named) - set(states)), np.int64)
    if law is not None and len(listed):
        case = Case(Ledger(graph, when), listed, law)
        certain |= frozenset(case.certain.tolist())
        possible |= frozenset(case.possible.tolist())
    if not codes:
        return Struck(tuple(named), law, frozenset(), certain, possible | certain)
    makers = graph.index.source[graph.index.kind == KIND_CODES["PRODUCES"]]
    entities = graph.store.entities(np.unique(makers).tolist())
    lands = {number: {*entity.countries} for number, entity in entities.items()}
    wholly = frozenset(number for number, land in lands.items() if land and land <= codes)
    foreign = (possible & lands.keys()) - wholly - states.keys()
    certain |= wholly
    possible |= certain | {number for number, land in lands.items() if land & codes}
    states.update((n, e) for n, e in entities.items() if n in wholly and e.schema == "Country")
    return Struck(
        tuple(named),
        law,
        frozenset(codes),
        certain,
        possible,
        frozenset(states),
        frozenset(number for number, land in lands.items() if not land) - possible,
        foreign,
    )
