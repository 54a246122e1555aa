"""What do answers about markets look like as plain data?

Claims stand once, in a list of their own; everything else names them by their numbers in the graph.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.plain import Plain
from spillover.views.verdicts import plain as verdict_plain

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.markets.concentration import Points
    from spillover.queries.markets.market_answer import MarketAnswer, MarketReport, ProductReport
    from spillover.queries.markets.parts import Fallen, Growth, Link, MarketLoss, Producer


def market(answer: MarketAnswer) -> Plain:
    """Markets, and what they lose."""
    return {
        "question": "market",
        **plain.conditions(answer.when),
        "targets": [plain.party(target) for target in answer.targets],
        "countries": list(answer.countries),
        "rule": verdict_plain.rule(answer.law) if answer.law else None,
        "remark": answer.remark,
        "assumptions": list(answer.assumptions),
        "fallen": [fallen(item) for item in answer.fallen],
        "products": [_product(item) for item in answer.products],
        "claims": [plain.claim(item) for item in answer.claims],
        **plain.sources(answer.sources),
    }


def _product(item: ProductReport) -> Plain:
    return {
        "product": plain.party(item.product),
        "providers_not_named": list(item.not_named),
        "markets": [_market(count) for count in item.markets],
        "made_with": [link(one) for one in item.inputs],
        "goes_into": [link(one) for one in item.outputs],
    }


def _market(count: MarketReport) -> Plain:
    return {
        "side": count.side,
        "reach": count.reach,
        "producers": [producer(one) for one in count.producers],
        "stated_sum": plain.part(*count.printed),
        "left": plain.part(*count.left),
        "unquantified": count.unquantified,
        "hhi": points(count.hhi),
        "largest": producer(count.largest) if count.largest else None,
        "surely_largest": count.surely,
        "loss": loss(count.loss) if count.loss else None,
    }


def loss(item: MarketLoss) -> Plain:
    """What one count of a market loses."""
    return {
        "product": plain.party(item.product),
        "side": item.side,
        "reach": item.reach,
        "computed": item.speaks,
        "lost": plain.part(*item.lost) if item.speaks else None,
        "fallen": [producer(one) for one in item.fallen],
        "certain": list(item.certain),
        "unquantified": item.unquantified,
        "hhi_before": points(item.before),
        "hhi_after": points(item.after) if item.after else None,
        "remaining": item.remaining,
        "substitutes": [
            {**producer(one.producer), "growth": growth(one.growth)} for one in item.substitutes
        ],
        "growth_of_all": growth(item.spare) if item.speaks else None,
    }


def producer(item: Producer) -> Plain:
    """Somebody who makes a product."""
    return {
        "entity": plain.party(item.party),
        "share": plain.part(*item.part),
        "stated": item.stated,
        "share_text": _texts(item.claims),
        "block": item.block or None,
        "repeats": item.repeats,
        "claims": _numbers(item.claims),
    }


def link(item: Link) -> Plain:
    """One product goes into another, or is a kind of it."""
    return {
        "source": plain.party(item.source),
        "target": plain.party(item.target),
        "kind": item.kind,
        "share": plain.part(*item.part) if item.stated else None,
        "claims": _numbers(item.claims),
    }


def fallen(item: Fallen) -> Plain:
    """Somebody who falls, and why."""
    return {
        "entity": plain.party(item.party),
        "certain": item.certain,
        "why": item.why,
        "share": plain.share(item.share),
        "claims": _numbers(item.claims),
    }


def points(value: Points) -> Plain:
    """Concentration in points, to six decimals, rounded outward."""
    return {
        "low": plain.rounded_down(value.low / 100),
        "high": plain.rounded_up(value.high / 100),
    }


def growth(value: Growth) -> Plain:
    """A growth in percent, to six decimals, rounded outward; null where nothing bounds it."""
    return {
        "low": _percent(value.low, up=False),
        "high": _percent(value.high, up=True),
    }


def _percent(value: Fraction | None, *, up: bool) -> str | None:
    if value is None:
        return None
    return plain.rounded_up(value) if up else plain.rounded_down(value)


def _texts(claims: Iterable[Claim]) -> list[str]:
    """What counted claims print, without repeats."""
    counted = [claim.stake_text for claim in claims if claim.standing == "counted"]
    return list(dict.fromkeys(filter(None, counted)))


def _numbers(claims: Iterable[Claim]) -> list[int]:
    return sorted(claim.relation for claim in claims)
