"""What does the answer about a coalition look like as plain data?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views import plain
from spillover.views.coalitions import words
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.coalitions.coalition_answer import (
        Bearer,
        Coalition,
        Cover,
        Defection,
        Land,
        Sale,
    )
    from spillover.queries.coalitions.game import Pivot, Smallest
    from spillover.queries.coalitions.regimes import Regime, Regimes


def coalition(answer: Coalition) -> Plain:
    """What is covered, by whom, and what leaving costs."""
    return {
        "question": "coalition",
        **plain.conditions(answer.when),
        "product": plain.party(answer.product),
        "members": [_land(member) for member in answer.members],
        "regimes": [regime(item) for item in answer.regimes],
        "contested": [_land(member) for member in answer.contested],
        "against": _land(answer.target) if answer.target else None,
        "cover": percent_text(answer.quota),
        "denied": plain.part(*answer.denied),
        "denied_by_known_makers": plain.part(*answer.known),
        "least_through": [plain.party(party) for party in answer.least],
        "greatest_through": [plain.party(party) for party in answer.most],
        "products": [_cover(cover) for cover in answer.covers],
        "enough": [
            {
                "members": [_land(member) for member in way.members],
                "products": [plain.party(party) for party in way.products],
            }
            for way in answer.ways
        ],
        "enough_left_out": answer.ways_left_out,
        "leaving": _defection(answer.leaving) if answer.leaving else None,
        "defections": [_defection(item) for item in answer.defections],
        "firms": [_bearer(item) for item in answer.bearers],
        "sales": [_sale(item) for item in answer.sales],
        "no_producers": [plain.party(party) for party in answer.unmade],
        "quantity_inputs": answer.quantities,
        "assumptions": [" ".join(text.split()) for text in words.ASSUMPTIONS],
        **plain.sources(answer.sources),
    }


def _land(value: Land) -> Plain:
    return {"code": value.code, "name": value.name}


def _cover(value: Cover) -> Plain:
    return {
        "product": plain.party(value.product),
        "role": value.role,
        "count": value.side,
        "reach": value.reach,
        "further_counts": value.others,
        "stated": plain.part(*value.stated),
        "covered": plain.part(*value.covered),
        "denied": plain.part(*value.denied),
        "covers": value.covers,
        "countries": [
            {
                **_land(piece.land),
                "share": plain.part(*piece.part) if piece.stated else None,
                "at_most": percent_text(piece.part.high),
            }
            for piece in value.pieces
        ],
        "country_unknown": [plain.party(party) for party in value.unplaced],
        "target_share": plain.part(*value.target) if value.target else None,
        "smallest": {
            "certain": _smallest(value.certain),
            "possible": _smallest(value.possible),
        },
        "power": [_pivot(pivot) for pivot in value.pivots],
        "pivotal_members": [{**_land(land), "drops": word} for land, word in value.pivotal],
        "covered_by_regimes": [plain.claim(item) for item in value.regimes],
        "evidence": [plain.claim(item) for item in value.claims],
    }


def _smallest(value: Smallest) -> Plain:
    return {
        "size": value.size,
        "coalitions": [list(members) for members in value.coalitions],
        "number": value.number,
        "complete": value.complete,
    }


def _pivot(value: Pivot) -> Plain:
    index = value.shapley
    return {
        "code": value.land,
        "shapley_shubik": {"low": _index(index[0]), "high": _index(index[1])} if index else None,
        "veto": value.veto,
    }


def _index(value: Fraction) -> str:
    """An index as an exact fraction."""
    return str(value)


def _defection(value: Defection) -> Plain:
    return {
        "leaving": [_land(member) for member in value.leaving],
        "denied": plain.part(*value.denied),
        "denied_by_known_makers": plain.part(*value.known),
        "changes": [
            {
                "product": plain.party(change.product),
                "before": plain.part(*change.before),
                "after": plain.part(*change.after),
                "drops": change.drops,
            }
            for change in value.changes
        ],
    }


def _bearer(value: Bearer) -> Plain:
    return {
        "firm": plain.party(value.firm),
        "country": _land(value.land),
        "product": plain.party(value.product),
        "share": plain.part(*value.share) if value.stated else None,
        "evidence": [plain.claim(item) for item in value.claims],
    }


def _sale(value: Sale) -> Plain:
    return {
        "firm": plain.party(value.firm),
        "country": _land(value.land),
        "share_of_sales": plain.part(*value.share) if value.stated else None,
        "makes": [plain.party(party) for party in value.makes],
        "evidence": [plain.claim(item) for item in value.claims],
    }


def regime(value: Regime) -> Plain:
    """One regime with its members on the day."""
    return {
        "regime": plain.party(value.party),
        "members": [
            {
                "country": plain.party(member.party),
                "contested": member.contested,
                "evidence": [plain.claim(item) for item in member.claims],
            }
            for member in value.members
        ],
        "ever": value.ever,
        "covers": [plain.party(party) for party in value.covers],
    }


def regimes(answer: Regimes) -> Plain:
    """The regimes that the graph knows."""
    return {
        "question": "regimes",
        **plain.conditions(answer.when),
        "regimes": [regime(item) for item in answer.regimes],
        **plain.sources(answer.sources),
    }
