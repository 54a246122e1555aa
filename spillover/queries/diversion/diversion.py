"""Did controlled goods come to a target through others when direct exports fell?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from spillover.graph.dates import iso
from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Reporter, sources
from spillover.queries.conditions import Conditions
from spillover.queries.diversion import hubs as measures
from spillover.queries.diversion.answer import Basket, Diversion, Supplier
from spillover.queries.diversion.direct import Direct, holders, named, of_regimes
from spillover.queries.diversion.flows import Flow, Flows, Measure, positions, read
from spillover.queries.diversion.goods import (
    Catalogue,
    Chosen,
    Good,
    called,
    catalogue,
    choose,
    controlled,
)
from spillover.queries.diversion.mirror import CIF_FOB
from spillover.queries.diversion.periods import Window, window
from spillover.queries.diversion.published import published
from spillover.queries.diversion.totals import Total, fallen, summed

TOLD: Final = 50
"""Claims that cover goods, do not count, or cannot be read, that are told; others are counted."""
_NOBODY: Final = "whoever's exports to the target fell, because nobody was named"


@dataclass(frozen=True, slots=True)
class Plan:
    """How is asked: lengths, measures, and how many hubs are told."""

    baseline: str = "3y"
    """How far is looked before the day."""
    horizon: str = "3y"
    """How far is looked after it."""
    measure: Measure | None = None
    """What is compared; None: what most flows state."""
    ratio: Fraction = CIF_FOB
    """Import over export value."""
    controls: tuple[str, ...] = ()
    """Goods to compare the controlled ones with; none: all that no regime covers."""
    top: int = 10


def diversion(  # noqa: PLR0913 - who sends what to whom since when, and how it is asked
    graph: Graph,
    products: Sequence[str],
    target: str,
    *,
    since: str,
    when: Conditions,
    direct: Sequence[str] = (),
    regimes: Sequence[str] = (),
    hubs: Sequence[str] = (),
    plan: Plan = Plan(),
) -> Diversion:
    """Hubs through which goods may come to a target since a day, each with every measure.

    Args:
        graph: the graph.
        products: HS codes, products, words of flows, or regimes that cover goods.
        target: the importer.
        since: the day from which direct exports were controlled (``2022-02``).
        when: day, age and confidence of the claims.
        direct: countries or groups of them whose exports count as direct; else the members of the
            regime that covers the goods; else whoever's exports fell.
        regimes: regimes whose members' exports count as direct.
        hubs: only these exporters; else all whose exports rose.
        plan: lengths, measures, and how many hubs are told.

    Raises:
        NotFoundError, AmbiguousError: a name.
        InputError: a ratio or a number that makes no sense.
        DateError: the day.
    """
    if plan.ratio < 1 or plan.top < 1:
        raise InputError("the ratio of import to export value is at least 1, and so is --top")
    around = window(since, plan.baseline, plan.horizon)
    (importer,) = graph.find([target])
    only = graph.find(hubs)
    known = catalogue(graph)
    chosen = choose(graph, when, known, products)
    senders = (
        named(graph, when, around, names=(*direct, *regimes))
        if direct or regimes
        else of_regimes(graph, when, around, chosen.regimes)
    )
    flows = read(graph, when, known, positions(graph, known, chosen.goods))
    reporter = Reporter(graph, when)
    none = Flows((), (), ())
    asking = _Asking(graph, reporter, flows, none, around, plan, importer, senders, tuple(only))
    asking = replace(asking, others=_others(asking, when, known, chosen))
    baskets = tuple(asking.basket(name, goods) for name, goods in _baskets(known, chosen))
    compared = {basket.measure for basket in baskets} | {"period"}
    failed = [one for one in flows.unread if one.what.partition(" ")[0] in compared]
    unread = failed[:TOLD]
    claims = reporter.claims(one.position for one in unread)
    numbers = {end for row in flows.rows for end in (row.exporter, row.importer)}
    return Diversion(
        when,
        reporter.party(importer),
        iso(around.since),
        around,
        plan.baseline,
        plan.horizon,
        plan.ratio,
        chosen.asked,
        senders.said or _NOBODY,
        called(graph, known, chosen.goods),
        chosen.tiers,
        *_told(reporter, chosen.covers),
        reporter.parties(numbers | {importer}),
        baskets,
        published(graph, reporter.party(importer).name),
        tuple((one.what, claims[one.position]) for one in unread),
        len(failed) - len(unread),
        *_told(reporter, flows.beside),
        sources(graph),
    )


def _baskets(known: Catalogue, chosen: Chosen) -> list[tuple[str, tuple[Good, ...]]]:
    """Goods with codes together, each other one alone."""
    coded = tuple(good for good in chosen.goods if good.code)
    named_goods = [good for good in chosen.goods if not good.code]
    title = f"HS {coded[0].code}" if len(coded) == 1 else f"{len(coded)} HS codes"
    made = [(title, coded)] if coded else []
    return made + [(known.names[good], (good,)) for good in named_goods]


def _others(asking: _Asking, when: Conditions, known: Catalogue, chosen: Chosen) -> Flows:
    """Flows into the target of goods to compare with, by those who send the goods asked for."""
    graph, controls = asking.graph, asking.plan.controls
    if not any(good.code for good in chosen.goods):
        return asking.others
    if controls:
        goods = set(choose(graph, when, known, controls).goods) - set(chosen.goods)
    else:
        goods = set(known.codes) - set(chosen.goods) - controlled(graph, when, known)
    at = positions(graph, known, goods, into=asking.target)
    senders = {row.exporter for row in asking.flows.into.get(asking.target, ())}
    return read(graph, when, known, at[np.isin(graph.index.source[at], sorted(senders))])


def _told(reporter: Reporter, at: Sequence[int]) -> tuple[tuple[Claim, ...], int]:
    claims = reporter.claims(at[:TOLD])
    return tuple(claims[position] for position in at[:TOLD]), max(len(at) - TOLD, 0)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question while it is being answered."""

    graph: Graph
    reporter: Reporter
    flows: Flows
    others: Flows
    around: Window
    plan: Plan
    target: int
    senders: Direct
    only: tuple[int, ...]

    def basket(self, name: str, goods: tuple[Good, ...]) -> Basket:
        """The hubs of goods that may be added up."""
        wanted = frozenset(goods)
        measure, unit = measures.measured(
            self.flows, wanted, self.target, window=self.around, asked=self.plan.measure
        )
        frame = measures.Frame(
            self.flows,
            self.others,
            wanted,
            self.target,
            self.around,
            measure,
            unit,
            self.plan.ratio,
            self.reporter,
            comparable=all(good.code for good in goods),
        )
        exports = self._exports(frame)
        origins = self._sources(exports)
        direct = summed([one for n in origins for one in frame.changes(n, self.target)])
        rose = self._rose(exports, origins)
        shown = rose[: self.plan.top]
        claims, hidden = frame.claims([direct])
        return Basket(
            name,
            goods,
            measure,
            unit,
            direct,
            measures.fall_of(direct),
            self._suppliers(frame, origins),
            measures.versus(frame, origins) if origins else None,
            tuple(measures.hub(frame, number, direct, origins) for number in shown),
            len(rose) - len(shown),
            measures.together([exports[number] for number in rose], direct),
            claims,
            hidden,
            self._elsewhere(frame),
        )

    def _exports(self, frame: measures.Frame) -> dict[int, Total]:
        """What each exporter sends to the target, in order of their numbers."""
        senders = {row.exporter for row in self.flows.into.get(self.target, ())} - {self.target}
        made = {n: summed(frame.changes(n, self.target)) for n in sorted(senders)}
        return {number: found for number, found in made.items() if found is not None}

    def _sources(self, exports: dict[int, Total]) -> list[int]:
        """Direct suppliers among the exporters; where nobody was named, those that fell."""
        if not self.senders.countries:
            return [n for n, total in exports.items() if measures.falling(total)]
        ends = {row.exporter for row in self.flows.rows}
        entities = self.graph.store.entities(ends)
        return sorted(holders(self.senders, entities) - {self.target})

    def _rose(self, exports: dict[int, Total], direct: Sequence[int]) -> list[int]:
        """Hubs in order."""
        ids = {n: party.id for n, party in self.reporter.parties(exports).items()}
        if self.only:
            return measures.ranked({n: exports[n] for n in self.only if n in exports}, ids)
        rose = {
            number: total
            for number, total in exports.items()
            if number not in direct and measures.rising(total)
        }
        return measures.ranked(rose, ids)

    def _suppliers(self, frame: measures.Frame, direct: Sequence[int]) -> tuple[Supplier, ...]:
        found = [measures.supplier(frame, number) for number in direct]
        return tuple(sorted(filter(None, found), key=_by_fall))

    def _elsewhere(self, frame: measures.Frame) -> int:
        """Claims into the target of which the amount that is compared is not stated."""
        return sum(
            row.good in frame.goods and not row.part and _unit(row, frame.measure) != frame.unit
            for row in self.flows.into.get(self.target, ())
        )


def _unit(row: Flow, measure: Measure) -> str:
    amount = row.amount(measure)
    return amount.unit if amount else ""


def _by_fall(one: Supplier) -> tuple[bool, Fraction, str]:
    """The largest fall first; then those of which one window is unknown."""
    fall = fallen(one.exports)
    least = fall.low if one.exports.complete else fall.high
    return not one.exports.complete, -(least or Fraction(0)), one.party.id
