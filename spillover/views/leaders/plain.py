"""What do leaders look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.markets.bare import Bare
    from spillover.queries.markets.leaders import Count, Holder, Leaders, Led


def leaders(answer: Leaders) -> Plain:
    """Who leads which product or technology."""
    return {
        "question": "leaders",
        **plain.conditions(answer.when),
        "products": [plain.party(party) for party in answer.asked],
        "totals": {side: dict(totals) for side, totals in answer.totals.items()},
        "technologies": answer.technologies,
        "tallies": {
            side: [
                {
                    "entity": plain.party(tally.party),
                    "certain": tally.certain,
                    "named": tally.named,
                    "contested": tally.contested,
                }
                for tally in tallies
            ]
            for side, tallies in answer.tallies.items()
        },
        "bare_claims": [_bare(item) for item in answer.bare],
        "markets": [_led(item) for item in answer.led],
        "without_producers": [plain.party(party) for party in answer.without],
        **plain.sources(answer.sources),
    }


def _led(item: Led) -> Plain:
    return {
        "product": plain.party(item.product),
        "side": item.side,
        "reach": item.reach,
        "shares": [holder(one) for one in item.holders],
        **_count(item.together),
        "by_source": [
            {
                "dataset": count.dataset,
                "publisher": count.publisher,
                "observed": count.observed or None,
                **_count(count),
            }
            for count in item.counts
        ],
        "evidence": [plain.claim(claim) for claim in item.claims],
    }


def _count(count: Count) -> Plain:
    return {
        "lead": count.lead,
        "leaders": [holder(one) for one in count.leaders],
        "next": holder(count.second) if count.second else None,
        "margin": plain.part(*count.margin) if count.margin else None,
        "producers": count.named,
        "unnamed": plain.part(*count.unnamed),
        "unquantified": plain.part(*count.unquantified),
    }


def holder(value: Holder) -> Plain:
    """A producer with its share."""
    first, *others = value.parties
    return {
        "entity": plain.party(first),
        "also_reported_of": [plain.party(party) for party in others],
        "share": plain.part(value.low, value.high),
        "stated": value.stated,
    }


def _bare(item: Bare) -> Plain:
    return {
        "entity": plain.party(item.party),
        "text": item.text,
        "led": item.led,
        "of": item.of,
        "date": item.date or None,
        "publisher": item.publisher,
        "url": item.url,
        "note": item.note,
        "technologies_in_this_graph": item.covered,
        "led_in_this_graph": item.found,
    }
