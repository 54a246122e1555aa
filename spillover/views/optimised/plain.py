"""What do sets of designations look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views import plain
from spillover.views.optimised.words import assumptions
from spillover.views.plain import Plain
from spillover.views.verdicts import plain as verdict_plain

if TYPE_CHECKING:
    from spillover.queries.optimiser.answer import Choice, Loss, Named, Optimum, Point


def optimum(answer: Optimum) -> Plain:
    """The sets, what they achieve and cost, and what is supposed."""
    return {
        "question": "optimise",
        **plain.conditions(answer.when),
        "product": plain.party(answer.product),
        "side": answer.side,
        "reach": answer.reach,
        "rule": verdict_plain.rule(answer.law) if answer.law else None,
        "wish": _wish(answer),
        "candidates": [_named(item) for item in answer.candidates],
        "products_counted": answer.counted,
        "all_together": plain.part(*answer.most),
        "sets": [_choice(item) for item in answer.choices],
        "frontier": [_point(item) for item in answer.points],
        "time_ran_out": answer.late,
        "assumptions": list(assumptions(answer)),
        "claims": [plain.claim(item) for item in answer.claims],
        **plain.sources(answer.sources),
    }


def _wish(answer: Optimum) -> Plain:
    wish = answer.wish
    return {
        "cut": None if wish.cut is None else percent_text(wish.cut),
        "budget": None if wish.budget is None else percent_text(wish.budget),
        "certainly": wish.sure,
        "through_inputs": wish.inputs,
        "candidates": list(wish.names),
        "owners": wish.owners,
        "countries": wish.countries,
        "spare": [code.upper() for code in wish.spare],
        "finest": wish.finest,
    }


def _named(item: Named) -> Plain:
    return {
        "name": item.name,
        "entity": plain.party(item.party) if item.party else None,
        "country_cut_off": item.code or None,
    }


def _choice(choice: Choice) -> Plain:
    return {
        "designate": [_named(item) for item in choice.members],
        "cut": plain.part(*choice.effect),
        "collateral": plain.part(*choice.collateral),
        "losses": [_loss(item) for item in choice.losses],
        "falls": [
            {"entity": plain.party(fall.party), "certain": fall.certain} for fall in choice.falls
        ],
        "proven": choice.proven,
        "bound": None if choice.bound is None else percent_text(choice.bound),
    }


def _loss(loss: Loss) -> Plain:
    return {
        "product": plain.party(loss.product),
        "side": loss.side,
        "reach": loss.reach,
        "lost": plain.part(*loss.part),
    }


def _point(point: Point) -> Plain:
    return {
        "at_least": percent_text(point.need),
        "designate": [_named(item) for item in point.members],
        "cut": plain.part(*point.effect),
        "collateral": plain.part(*point.collateral),
        "proven": point.proven,
    }
