"""What does contagion look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.exposures.plain import estimate
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.contagion.answer import Ends, Loser, Ranked, Spread, Systemic, Through


def systemic(answer: Systemic) -> Plain:
    """Who loses, or who is systemic."""
    terms, known = answer.terms, answer.known
    return {
        "question": "systemic",
        **plain.conditions(answer.when),
        "measure": terms.measure,
        "targets": [plain.party(party) for party in answer.targets],
        "rule": terms.rule or None,
        "remark": answer.remark,
        "closes_with_them": [plain.party(party) for party in answer.with_them],
        "perhaps_closes": [plain.party(party) for party in answer.perhaps],
        "outside": [plain.party(party) for party in answer.outside],
        "assumed": {
            "essential": terms.essential,
            "replaceable": terms.replaceable,
            "complete": terms.complete,
            "tolerance": terms.tolerance,
            "buffer": estimate(terms.buffer),
        },
        "known": {
            "firms": known.firms,
            "links": known.links,
            "inputs_stated": known.inputs,
            "sales_stated": known.sales,
            "amounts_printed": known.amounts,
            "sizes": known.sized,
        },
        "index": _ends(answer.index) if answer.index else None,
        "losers": [_loser(one) for one in answer.losers],
        "ranking": [_ranked(one) for one in answer.ranking],
        "impact": [_spread(one) for one in answer.spread],
        "fluidity": _two(answer.fluidity),
        "hidden": answer.hidden,
        "settled": answer.settled,
        **plain.sources(answer.sources),
    }


def _ends(ends: Ends) -> Plain:
    return {"low": estimate(ends.low), "high": estimate(ends.high)}


def _loser(one: Loser) -> Plain:
    return {
        "entity": plain.party(one.firm),
        "of": plain.party(one.of) if one.of else None,
        "loss": _ends(one.loss),
        "inputs": _ends(one.inputs),
        "sales": _ends(one.sales),
        "through": [_through(link) for link in one.through],
        "links": one.links,
    }


def _through(link: Through) -> Plain:
    return {
        "side": link.side,
        "other": plain.party(link.other),
        "good": link.good,
        "part": _ends(link.part),
        "loss": _ends(link.loss),
        "evidence": [plain.claim(claim) for claim in link.claims],
    }


def _ranked(one: Ranked) -> Plain:
    return {
        "entity": plain.party(one.firm),
        "index": _ends(one.index),
        "own": estimate(one.own),
        "customers": one.customers,
        "suppliers": one.suppliers,
        "without_share": one.unstated,
    }


def _spread(one: Spread) -> Plain:
    return {
        "entity": plain.party(one.firm),
        "diffusion": _two(one.diffusion),
        "start": _two(one.start),
        "intermediate": _two(one.intermediate),
        "susceptibility": _two(one.susceptibility),
        "brings_down": {"certain": one.reach[0], "possible": one.reach[1]},
    }


def _two(values: tuple[float, float]) -> Plain:
    """A number under two readings: certain links only, all possible ones."""
    return {"certain": round(values[0], 9), "possible": round(values[1], 9)}
