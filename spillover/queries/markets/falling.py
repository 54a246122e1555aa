"""Why does a producer fall: is it named, blocked under a rule, or of a country that is cut off?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from spillover.queries.blocked import Verdict, blocked
from spillover.queries.markets.parts import Fallen
from spillover.queries.markets.struck import Struck

if TYPE_CHECKING:
    from spillover.graph.session import Graph
    from spillover.queries.answer import Reporter
    from spillover.queries.conditions import Conditions

Why = Literal["named", "rule", "country", "country unknown"]


class Falling:
    """Why the producers of an answer fall.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        fallen: who falls.
    """

    def __init__(self, graph: Graph, when: Conditions, fallen: Struck) -> None:
        self._graph, self._when, self._fallen = graph, when, fallen

    def reasons(self, producers: Iterable[int], reporter: Reporter) -> tuple[Fallen, ...]:
        """These producers with the reason why each falls; certain ones first, then by name."""
        entities = self._graph.store.entities(set(producers))
        why = {number: self._why(number, {*e.countries}) for number, e in entities.items()}
        verdicts = self._verdicts(entities[n].id for n, reason in why.items() if reason == "rule")
        found = []
        for number, reason in why.items():
            party = reporter.party(number)
            verdict = verdicts.get(party.id)
            share, proof = (verdict.share, verdict.proof) if verdict else (None, ())
            found.append(Fallen(party, number in self._fallen.certain, reason, share, proof))
        return tuple(
            sorted(found, key=lambda item: (not item.certain, item.party.name, item.party.id))
        )

    def _why(self, number: int, lands: set[str]) -> Why:
        if number in self._fallen.targets:
            return "named"
        if number in self._fallen.unplaced:
            return "country unknown"
        if lands & self._fallen.countries and number not in self._fallen.foreign:
            return "country"
        return "rule"

    def _verdicts(self, ids: Iterable[str]) -> dict[str, Verdict]:
        """The verdicts on those who fall by the rule, with their proofs."""
        asked = list(ids)
        if not asked or self._fallen.law is None:
            return {}
        named = set(self._fallen.targets) - self._fallen.states
        targets = [entity.id for entity in self._graph.store.entities(named).values()]
        answer = blocked(self._graph, targets, self._when, rule_id=self._fallen.law.id, of=asked)
        return {verdict.entity.id: verdict for verdict in answer.results}
