"""One question about contagion, while it is being answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from spillover.graph.session import Graph
from spillover.queries.answer import Party, Reporter, sources
from spillover.queries.conditions import Conditions
from spillover.queries.contagion.answer import Known, Systemic, Terms
from spillover.queries.contagion.network import Ints
from spillover.queries.contagion.supplied import Supplied
from spillover.queries.markets.struck import Struck


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and who reports on it."""

    graph: Graph
    terms: Terms
    fallen: Struck
    reporter: Reporter
    when: Conditions
    top: int

    def answer(self, known: Known, firms: Ints, **found: Any) -> Systemic:
        """The answer, with what all measures share."""
        named = self.fallen.targets
        inside = {*firms.tolist()}
        closes = self.terms.measure == "esri"  # the other measures ask of the targets alone
        rest: dict[str, Any] = {"index": None, "losers": (), "ranking": (), "spread": ()}
        rest |= {"fluidity": (0.0, 0.0), "hidden": 0, "settled": True} | found
        return Systemic(
            when=self.when,
            terms=self.terms,
            targets=self._parties(named),
            with_them=self._parties(self.fallen.certain.difference(named) if closes else ()),
            perhaps=self._parties(self.fallen.possible - self.fallen.certain if closes else ()),
            outside=self._parties(number for number in named if number not in inside),
            remark=self.fallen.remark(self.when.day),
            known=known,
            sources=sources(self.graph),
            **rest,
        )

    def _parties(self, numbers: Iterable[int]) -> tuple[Party, ...]:
        wanted = [*numbers]
        found = self.reporter.parties(wanted)
        return tuple(sorted((found[number] for number in wanted), key=lambda p: (p.name, p.id)))


def known(net: Supplied) -> Known:
    """What is known of a network of supplies."""
    inputs, sales = (int(flags.sum()) for flags in net.part)
    return Known(len(net.network), len(net.positions), inputs, sales, net.amounts, sized=net.sized)
