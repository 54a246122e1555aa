"""What does an answer about diversion look like as plain data?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from spillover.graph.dates import iso
from spillover.views import plain
from spillover.views.diversion.words import cautions, why
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.diversion.answer import Basket, Diversion, Hub, Mirrors
    from spillover.queries.diversion.change import Change, GoodChange, Level
    from spillover.queries.diversion.did import Compared
    from spillover.queries.diversion.goods import Good
    from spillover.queries.diversion.mirror import Mirror
    from spillover.queries.diversion.ranges import Range
    from spillover.queries.diversion.totals import Total
    from spillover.queries.diversion.unit_values import Jump

_PLACES: Final = 6


def diversion(answer: Diversion) -> Plain:
    """Hubs of each basket with every measure."""
    return {
        "question": "diversion",
        **plain.conditions(answer.when),
        "target": plain.party(answer.target),
        "since": answer.since,
        "baseline": {"length": answer.baseline, "first_day": iso(answer.window.begins)},
        "horizon": {"length": answer.horizon, "last_day": iso(answer.window.ends - 1)},
        "import_over_export_value": decimal(answer.ratio),
        "goods_asked": list(answer.asked),
        "direct_suppliers": answer.direct,
        "published": list(answer.published),
        "baskets": [_basket(answer, basket) for basket in answer.baskets],
        "covered_by": [plain.claim(one) for one in answer.covers],
        "covered_by_left_out": answer.covers_hidden,
        "unread": [{"what": what, "claim": plain.claim(one)} for what, one in answer.unread],
        "unread_left_out": answer.unread_hidden,
        "not_counted": [plain.claim(one) for one in answer.beside],
        "not_counted_left_out": answer.beside_hidden,
        **plain.sources(answer.sources),
    }


def decimal(value: Fraction | None) -> str | None:
    """A number as decimal text, rounded to six places where it has more; null without a bound."""
    if value is None:
        return None
    scaled = round(value * 10**_PLACES)
    text = f"{Decimal(scaled).scaleb(-_PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(value: Range | None) -> Plain | None:
    """Two bounds; null where nothing is known, a null bound where there is none."""
    return value and {"low": decimal(value.low), "high": decimal(value.high)}


def _percent(value: Range | None) -> Plain | None:
    if value is None:
        return None
    low, high = (None if end is None else end * 100 for end in value)
    return {"low": decimal(low), "high": decimal(high)}


def _good(answer: Diversion, good: Good) -> Plain:
    return {
        "hs6": good.code or None,
        "name": answer.names[good],
        "tier": answer.tiers.get(good),
    }


def _basket(answer: Diversion, basket: Basket) -> Plain:
    return {
        "name": basket.name,
        "goods": [_good(answer, good) for good in basket.goods],
        "measure": basket.measure,
        "unit": basket.unit,
        "direct": _total(basket.direct),
        "fall": span(basket.fall),
        "suppliers": [
            {"entity": plain.party(one.party), "exports": _total(one.exports)}
            for one in basket.suppliers
        ],
        "controlled_against_others": _compared(basket.compared),
        "hubs": [_hub(answer, basket, hub) for hub in basket.hubs],
        "hubs_left_out": basket.hidden,
        "substitution_percent": _percent(basket.substitution),
        "claims": [plain.claim(one) for one in basket.claims],
        "claims_left_out": basket.claims_hidden,
        "in_other_units": basket.elsewhere,
    }


def _hub(answer: Diversion, basket: Basket, hub: Hub) -> Plain:
    return {
        "entity": plain.party(hub.party),
        "why": why(hub, basket, answer),
        "beware": cautions(hub),
        "exports": _total(hub.exports),
        "goods": [_good_change(answer, one) for one in (*hub.exports.counted, *hub.exports.apart)],
        "substitution_percent": _percent(hub.substitution),
        "imports_from_direct_suppliers": _total(hub.imports),
        "no_imports_reported": hub.bought_nothing,
        "fed_percent": _percent(hub.fed),
        "mirror_into_hub": _mirrors(hub.inward),
        "mirror_to_target": _mirrors(hub.outward),
        "controlled_against_others": _compared(hub.compared),
        "unit_value_jumps": [_jump(answer, one) for one in hub.jumps],
        "unit_values_with_short_history": hub.thin_prices,
        "reexports": span(hub.reexports),
        "claims": [plain.claim(one) for one in hub.claims],
        "claims_left_out": hub.claims_hidden,
    }


def _total(found: Total | None) -> Plain | None:
    if found is None:
        return None
    return {
        "part_of_year": found.part,
        "before": span(found.before),
        "after": span(found.after),
        "rise": span(found.rise),
        "rise_by_either_report": span(found.widest),
        "times": span(found.ratio),
        "goods_counted": len(found.counted),
        "goods_apart": len(found.apart),
        "fewest_periods_before": found.fewest,
        "periods_counted_as_nothing": found.silent,
        "straddles_the_day": found.mixed,
    }


def _good_change(answer: Diversion, one: GoodChange) -> Plain:
    return {
        **_good(answer, one.good),
        "picked": _change(one.picked),
        "other_reports": [_change(other) for other in one.others],
        "editions": list(one.editions),
        "denied": one.denied,
    }


def _change(found: Change) -> Plain:
    return {
        "report": found.voice,
        "part_of_year": found.part,
        "before": _level(found.before),
        "after": _level(found.after),
    }


def _level(found: Level | None) -> Plain | None:
    if found is None:
        return None
    return {
        "amount": span(found.amount),
        "periods": list(found.periods),
        "counted_as_nothing": found.silent,
    }


def _mirrors(found: Mirrors) -> dict[str, Any]:
    return {"before": _mirror(found.before), "after": _mirror(found.after)}


def _mirror(found: Mirror | None) -> Plain | None:
    if found is None:
        return None
    gap = found.gap
    return {
        "exported": span(found.exported),
        "imported_less_freight": span(found.imported),
        "log_gap": gap and {"low": round(gap[0], _PLACES), "high": round(gap[1], _PLACES)},
        "never_arrived": span(found.ghost),
        "both_report": found.met,
        "importer_names_none": found.unanswered,
        "importer_reports_nothing": found.unknown,
    }


def _compared(found: Compared | None) -> Plain | None:
    if found is None:
        return None
    return {
        "effect_log": _rounded(found.effect),
        "standard_error": _rounded(found.error),
        "percent": _rounded(found.percent),
        "controlled_goods": found.controlled,
        "other_goods": found.others,
        "only_after": found.begun,
        "only_before": found.ended,
        "thin": found.thin,
    }


def _jump(answer: Diversion, found: Jump) -> Plain:
    return {
        **_good(answer, found.good),
        "report": found.voice,
        "period": found.period,
        "per_kg": _rounded(found.unit_value),
        "usual_per_kg": _rounded(found.usual),
        "robust_z": _rounded(found.z),
        "history_periods": found.history,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)
