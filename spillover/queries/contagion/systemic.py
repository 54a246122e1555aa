"""What would be lost with these firms, or with each firm: which are systemic?

Three measures. ``esri``: output, along supplies (:mod:`spillover.queries.contagion.losses`).
``debtrank``: equity, along holdings (:mod:`spillover.queries.contagion.equity`). ``impact``: who
can bring down whom (:mod:`spillover.queries.contagion.spreading`). All numbers are estimates, in
floats. Where shares are not known they come as ends: from the least parts with those who close for
certain, and from the greatest parts with those who possibly do.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.contagion.answer import (
    MEASURES,
    Ends,
    Loser,
    Ranked,
    Systemic,
    Terms,
    Through,
)
from spillover.queries.contagion.asking import Question, known
from spillover.queries.contagion.classes import ALL, Classes
from spillover.queries.contagion.losses import Losses, losses, passed_on, score
from spillover.queries.contagion.network import Floats, Ints, Parts
from spillover.queries.contagion.supplied import OWN, Supplied, supplied

_LEAST: Final = 1e-9
"""A smaller loss is none: what rounding leaves."""
_BOUND: Final = 1e-9
"""Tolerance of bounds; that of published runs holds where all trade is known."""
_ROUNDS: Final = 1_000
_LINKS: Final = 3
"""Links that are named for each loss."""


def systemic(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    measure: str = "esri",
    rule: str = "",
    classes: Classes = ALL,
    replaceable: bool = True,
    complete: bool = False,
    tolerance: float | None = None,
    buffer: float = 0.2,
    top: int = 50,
) -> Systemic:
    """What is lost with the targets together, or, if none are named, with each firm alone.

    Args:
        graph: the graph.
        targets: ids, identifiers or names of those who close; none: every firm in its turn.
        when: day, age and confidence of the claims.
        measure: ``esri``, ``debtrank`` or ``impact``.
        rule: the ownership rule by which others close with the targets (esri); empty: none does.
        classes: which inputs are essential to whom (esri, impact).
        replaceable: whether others of its industry stand in for a supplier (esri).
        complete: take the amounts that claims print as all the trade of these firms.
        tolerance: rounds end when no loss changes by more; 1e-9, or 0.01 with ``complete``.
        buffer: part of its purchases or sales that a firm can lose (impact), 0 to 1.
        top: at most so many rows.

    Raises:
        NotFoundError, AmbiguousError: a target.
        InputError: an unknown measure or rule, a number out of its range, amounts that are not
            complete, or a network too large for the measure.
    """
    from spillover.queries.contagion.equity import equity
    from spillover.queries.contagion.spreading import spreading
    from spillover.queries.markets.struck import struck

    chosen = next((name for name in MEASURES if name == measure), None)
    if chosen is None:
        raise InputError(f"measure {measure!r} is unknown; there are: {', '.join(MEASURES)}")
    if rule and chosen != "esri":
        raise InputError(f"a rule closes others with the targets, which {chosen} does not ask for")
    if tolerance is None:
        from spillover.queries.contagion.esri import TOLERANCE

        tolerance = TOLERANCE if complete else _BOUND
    if not 0 < tolerance < 1:
        raise InputError(f"tolerance {tolerance:g} is not between 0 and 1; write for example 0.01")
    if not 0 < buffer <= 1:
        raise InputError(f"buffer {100 * buffer:g} % is not above 0 and at most 100 %; correct it")
    terms = Terms(chosen, classes.name, replaceable, complete, tolerance, buffer, rule)
    fallen = struck(graph, when, targets, rule=rule)
    asked = Question(graph, terms, fallen, Reporter(graph, when), when=when, top=top)
    if chosen == "debtrank":
        return equity(asked)
    net = supplied(graph, when, classes, complete=complete)
    return spreading(asked, net) if chosen == "impact" else _esri(asked, net)


def _esri(asked: Question, net: Supplied) -> Systemic:
    low = net.low
    if asked.terms.replaceable and not net.sized:
        # Nobody knows how much of an industry stands ready: perhaps all that is lost.
        nothing = np.zeros_like(low.essential)
        low = low._replace(essential=nothing, linear=nothing)
    if asked.fallen.targets:
        return _joint(asked, net, low)
    return _ranking(asked, net, low)


def _by_size(asked: Question, net: Supplied) -> bool:
    """Whether others stand in by their sizes; where these are not known, perhaps nobody does."""
    return asked.terms.replaceable and net.sized


def _ranking(asked: Question, net: Supplied, low: Parts) -> Systemic:
    from spillover.queries.contagion.esri import esri

    firms, terms = net.network.firms, asked.terms
    least, most = (
        esri(
            net.network,
            amounts=amounts,
            replaceable=_by_size(asked, net),
            tolerance=terms.tolerance,
            rounds=_ROUNDS,
            threads=os.cpu_count() or 1,
        )
        for amounts in (low, net.high)
    )
    order = np.lexsort((firms, -most.score, -least.score))[: asked.top]
    parties = asked.reporter.parties(firms[order].tolist())
    whole = net.low.size.sum()
    counts = [np.bincount(end, minlength=len(firms)) for end in _ends(net)]
    unknown = ~(net.part[0] | net.part[1])
    unstated = sum(np.bincount(end[unknown], minlength=len(firms)) for end in _ends(net))
    rows = tuple(
        Ranked(
            parties[int(firms[firm])],
            Ends(float(least.score[firm]), float(max(most.score[firm], least.score[firm]))),
            float(net.low.size[firm] / whole) if whole else 0.0,
            int(counts[0][firm]),
            int(counts[1][firm]),
            int(np.asarray(unstated)[firm]),
        )
        for firm in order.tolist()
    )
    done = least.settled and most.settled
    return asked.answer(
        known(net), firms, ranking=rows, hidden=len(firms) - len(rows), settled=done
    )


def _ends(net: Supplied) -> tuple[Ints, Ints]:
    return net.network.supplier, net.network.customer


def _joint(asked: Question, net: Supplied, low: Parts) -> Systemic:
    firms, terms = net.network.firms, asked.terms
    runs = [
        losses(
            net.network,
            amounts,
            np.flatnonzero(np.isin(firms, list(closed))),
            replaceable=_by_size(asked, net),
            tolerance=terms.tolerance,
            rounds=_ROUNDS,
        )
        for amounts, closed in ((low, asked.fallen.certain), (net.high, asked.fallen.possible))
    ]
    ends = [score(run.both, net.low.size) for run in runs]
    inside = np.isin(firms, list(asked.fallen.possible)).any()
    losers = _losers(asked, net, (low, net.high), (runs[0], runs[1]))
    return asked.answer(
        known(net),
        firms,
        index=Ends(float(ends[0]), float(ends[1])) if inside else None,
        losers=losers[: asked.top],
        hidden=max(0, len(losers) - asked.top),
        settled=runs[0].settled and runs[1].settled,
    )


def _losers(
    asked: Question, net: Supplied, parts: tuple[Parts, Parts], runs: tuple[Losses, Losses]
) -> tuple[Loser, ...]:
    firms = net.network.firms
    least, most = runs[0].both, runs[1].both
    hit = (most > _LEAST) & ~np.isin(firms, list(asked.fallen.certain))
    order = np.lexsort((firms, -most, -least))
    links = _Links(asked, net, parts, runs)
    found = order[hit[order]].tolist()
    shown = {*found[: asked.top]}
    parties = asked.reporter.parties(firms[found].tolist())
    return tuple(
        Loser(
            parties[int(firms[firm])],
            None,
            _pair(runs[0].down, runs[1].down, firm),
            _pair(runs[0].up, runs[1].up, firm),
            _pair(least, most, firm),
            *(links.of(firm) if firm in shown else ((), 0)),
        )
        for firm in found
    )


def _pair(low: Floats, high: Floats, place: int) -> Ends:
    return Ends(float(low[place]), float(max(high[place], low[place])))


class _Links:
    """The links by which firms lose."""

    def __init__(
        self,
        asked: Question,
        net: Supplied,
        parts: tuple[Parts, Parts],
        runs: tuple[Losses, Losses],
    ) -> None:
        self.asked, self.net, self.parts = asked, net, parts
        self.flows = [
            passed_on(net.network, some, run, replaceable=_by_size(asked, net))
            for some, run in zip(parts, runs, strict=True)
        ]

    def of(self, firm: int) -> tuple[tuple[Through, ...], int]:
        """The links that add most to the greatest loss of a firm, and how many add to it."""
        net = self.net.network
        found = [
            (float(most[edge]), side, edge)
            for side, mine, most in (
                ("input", net.customer, self.flows[1][0]),
                ("sales", net.supplier, self.flows[1][1]),
            )
            for edge in np.flatnonzero((mine == firm) & (most > _LEAST)).tolist()
        ]
        found.sort(key=lambda link: (-link[0], link[1], link[2]))
        return tuple(self._link(side, edge) for _, side, edge in found[:_LINKS]), len(found)

    def _link(self, side: str, edge: int) -> Through:
        net, reporter = self.net, self.asked.reporter
        inward = side == "input"
        other = (net.network.supplier if inward else net.network.customer)[edge]
        low, high = (
            np.maximum(some.essential, some.linear) if inward else some.sales
            for some in (net.low, net.high)
        )
        where = net.positions[edge]
        claims = reporter.claims(where)
        return Through(
            "input" if inward else "sales",
            reporter.party(int(net.network.firms[other])),
            _said(net.goods[net.network.good[edge]]),
            _pair(low, high, edge),
            _pair(self.flows[0][not inward], self.flows[1][not inward], edge),
            tuple(claims[position] for position in where),
        )


def _said(good: str) -> str:
    """The name of a good; none where it only stands for what one firm makes."""
    return "" if good.startswith(OWN) else good
