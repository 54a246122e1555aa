"""What do collateral losses look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.markets import plain as market_plain
from spillover.views.plain import Plain
from spillover.views.verdicts import plain as verdict_plain

if TYPE_CHECKING:
    from spillover.queries.markets.collateral_answer import Collateral
    from spillover.queries.markets.parts import Bystander, Risk


def collateral(answer: Collateral) -> Plain:
    """Who falls, what is lost and at risk, and who makes it."""
    return {
        "question": "collateral",
        **plain.conditions(answer.when),
        "targets": [plain.party(target) for target in answer.targets],
        "countries": list(answer.countries),
        "rule": verdict_plain.rule(answer.law) if answer.law else None,
        "remark": answer.remark,
        "assumptions": list(answer.assumptions),
        "fallen": [market_plain.fallen(item) for item in answer.fallen],
        "markets": [market_plain.loss(item) for item in answer.markets],
        "at_risk": [_risk(item) for item in answer.risks],
        "downstream": [_bystander(item) for item in answer.bystanders],
        "links": [market_plain.link(item) for item in answer.links],
        "sampled": _sampled(answer),
        "claims": [plain.claim(item) for item in answer.claims],
        **plain.sources(answer.sources),
    }


def _risk(item: Risk) -> Plain:
    return {
        "product": plain.party(item.product),
        "lost": plain.part(*item.lost) if item.lost else None,
        "at_risk": plain.part(*item.at_risk),
        "at_least_through": [market_plain.link(one) for one in item.least],
        "at_most_through": [market_plain.link(one) for one in item.most],
        "through_inputs_or_kinds": item.reached,
    }


def _bystander(item: Bystander) -> Plain:
    return {
        "country": item.country,
        "product": plain.party(item.product),
        "at_risk": plain.part(*item.at_risk),
        "counted": market_plain.producer(item.counted) if item.counted else None,
        "firms": [market_plain.producer(one) for one in item.firms],
        "falling": [market_plain.producer(one) for one in item.falling],
    }


def _sampled(answer: Collateral) -> Plain | None:
    if answer.sampled is None:
        return None
    from spillover.views.samples.plain import sampled

    return sampled(answer.sampled)
