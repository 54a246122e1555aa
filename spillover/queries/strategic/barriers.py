"""How hard is it to come into the market of a good: how concentrated is it, and who came?

That somebody is named for the first time is no proof that it is new. Only observations of one
publisher are compared: another publisher names others for its own reasons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.markets.concentration import hhi
from spillover.queries.markets.leaders import holder
from spillover.queries.markets.leading import rivals, top
from spillover.queries.markets.lost import Part, stated
from spillover.queries.markets.market import SIDES, Market, Side
from spillover.queries.strategic.answer import Naming, Structure

_FEW = 3
_AGAIN = 2
"""Observations of one publisher that show a change."""


def barriers(
    graph: Graph, when: Conditions, found: Iterable[Market], reporter: Reporter
) -> tuple[Structure, ...]:
    """How the markets of one good are made up.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        found: every count of the producers of one good.
        reporter: names the producers and their claims.
    """
    counts = list(found)
    observed = _observed(graph, when, {market.product for market in counts}, reporter)
    return tuple(
        _structure(market, observed.get((market.side, market.reach), []), reporter)
        for market in counts
    )


def _structure(market: Market, observed: list[Claim], reporter: Reporter) -> Structure:
    ranked = rivals(market)
    covered = stated(market)
    own = {p for share in market.shares for p in share.positions}
    claims = reporter.claims(own)
    return Structure(
        market.side,
        market.reach,
        hhi([Part(rival.low, rival.high) for rival in ranked]),
        len(ranked),
        sum(rival.stated for rival in ranked),
        top(ranked, 1),
        top(ranked, _FEW),
        Part(WHOLE - covered.high, WHOLE - covered.low),
        tuple(holder(rival, reporter) for rival in ranked),
        tuple(sorted({claim.observed or "" for claim in observed})),
        _naming(observed),
        tuple(dict.fromkeys([*(claims[p] for p in sorted(own)), *observed])),
    )


def _observed(
    graph: Graph, when: Conditions, products: set[int], reporter: Reporter
) -> dict[tuple[Side, str], list[Claim]]:
    """Claims that name producers, by the count to which they belong; superseded ones among them."""
    index = graph.index
    at, _ = index.into(np.array(sorted(products), np.int64))
    keep = (index.kind[at] == KIND_CODES["PRODUCES"]) & (index.flags[at] & DENIES == 0)
    keep &= (index.first[at] <= when.day) & (index.confidence[at] >= when.level)
    groups: dict[tuple[Side, str], list[Claim]] = defaultdict(list)
    claims = reporter.claims(at[keep].tolist())
    for position in sorted(claims):
        claim = claims[position]
        scope = dict(claim.properties).get("scope", "").split("; ")[0]
        side: Side = "country" if claim.source.schema == "Country" else "firm"
        groups[_key(scope, side)].append(claim)
    return groups


def _key(scope: str, own: Side) -> tuple[Side, str]:
    """Side and reach of a claim, as for the markets themselves."""
    said = next((side for side in SIDES if side == scope), None)
    return (said, "") if said else (own, scope)


def _naming(observed: list[Claim]) -> tuple[Naming, ...]:
    """Whom each publisher names when."""
    found: dict[tuple[str, str], dict[str, set[int]]] = {}
    parties = {claim.source.num: claim.source for claim in observed}
    for claim in observed:
        if claim.observed:
            by_date = found.setdefault((claim.publisher, claim.dataset), {})
            by_date.setdefault(claim.observed, set()).add(claim.source.num)
    made = []
    for (publisher, dataset), named in sorted(found.items()):
        dates = sorted(named)
        if len(dates) < _AGAIN:
            continue
        first = {n: date for date in reversed(dates) for n in named[date]}
        new = sorted(
            ((parties[n], date) for n, date in first.items() if date != dates[0]),
            key=lambda one: (one[1], one[0].id),
        )
        gone = sorted((parties[n] for n in first.keys() - named[dates[-1]]), key=lambda p: p.id)
        made.append(Naming(publisher or dataset, tuple(dates), tuple(new), tuple(gone)))
    return tuple(made)
