"""What does a sample look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views import plain
from spillover.views.exposures.plain import estimate
from spillover.views.plain import Plain
from spillover.views.samples.words import unknown

if TYPE_CHECKING:
    from spillover.queries.uncertainty.priors import Prior
    from spillover.queries.uncertainty.sampled import Driver, Sampled, SampledFirms, Spread


def sampled(answer: Sampled) -> Plain:
    """Percentiles, bounds, drivers and assumptions."""
    return {
        **head(answer),
        "products": [
            {
                "product": plain.party(answer.parties[number]),
                "lost": spread(ranges.lost),
                "at_risk": spread(ranges.risk),
                "drivers": [driver(answer, item) for item in answer.drivers.get(number, ())],
            }
            for number, ranges in answer.products.items()
            if ranges.risk.bounds.high
        ],
        "markets": [
            {
                "product": plain.party(answer.parties[count.product]),
                "side": count.side,
                "reach": count.reach,
                "lost": spread(count.lost),
            }
            for count in answer.counts
        ],
        "producers": [
            {"producer": plain.party(answer.parties[number]), "at_risk": spread(found)}
            for number, found in answer.makers.items()
        ],
    }


def head(answer: Sampled | SampledFirms) -> Plain:
    """How often was drawn, from which seed and assumptions, and for how many unknowns."""
    return {
        "draws": answer.draws,
        "seed": answer.seed,
        "settled": answer.settled,
        "unknowns": answer.inputs,
        "assumptions": [assumption(name, prior) for name, prior in answer.used],
    }


def spread(value: Spread) -> Plain:
    """Percentiles as rounded estimates in percent, bounds exactly."""
    return {
        "p5": estimate(value.p5),
        "p50": estimate(value.p50),
        "p95": estimate(value.p95),
        "low": percent_text(value.bounds.low),
        "high": percent_text(value.bounds.high),
    }


def driver(answer: Sampled | SampledFirms, item: Driver) -> Plain:
    """An unknown, how it goes with the amount, and what is claimed of it."""
    return {
        "unknown": unknown(item.input, answer.parties),
        "what": item.input.what,
        "subject": plain.party(answer.parties[item.input.subject]),
        "of": plain.party(answer.parties[item.input.product]),
        "market": item.input.where,
        "rank_correlation": f"{item.rank:.3f}",
        "evidence": [plain.claim(answer.claims[position]) for position in item.input.positions],
    }


def assumption(name: str, prior: Prior) -> Plain:
    """One assumption."""
    return {
        "name": name,
        "low": f"{prior.low:g}",
        "high": f"{prior.high:g}",
        "why": prior.why,
        "source": prior.source,
    }
