"""What do strategic goods look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.leaders.plain import holder
from spillover.views.markets.plain import growth, points
from spillover.views.plain import Plain
from spillover.views.strategic.reasons import reasons
from spillover.views.strategic.words import LOGICS
from spillover.views.ties import plain as ties_plain

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.strategic.answer import (
        Chained,
        Cover,
        Good,
        Held,
        Scarcity,
        Strategic,
        Structure,
        Tied,
        Transfer,
    )
    from spillover.queries.ties.profile import Reached


def strategic(answer: Strategic) -> Plain:
    """The three logics of some goods."""
    return {
        "question": "strategic",
        **plain.conditions(answer.when),
        "producers_looked_at_most": answer.producers,
        "goods": [_good(good) for good in answer.goods],
        **plain.sources(answer.sources),
    }


def _good(good: Good) -> Plain:
    said = {
        key: {"for": of.speaks_for, "against": of.against, "unknown": of.unknown}
        for key, of in zip(("barriers", "scarcity", "transfer"), reasons(good), strict=True)
    }
    return {
        "product": plain.party(good.product),
        "logics": dict(zip(said, LOGICS, strict=True)),
        "barriers": {"markets": [_structure(one) for one in good.barriers], **said["barriers"]},
        "scarcity": {**_scarcity(good.scarcity), **said["scarcity"]},
        "transfer": {**_transfer(good.transfer), **said["transfer"]},
    }


def _structure(one: Structure) -> Plain:
    return {
        "side": one.side,
        "reach": one.reach,
        "hhi": points(one.hhi),
        "producers": one.producers,
        "with_stated_share": one.quantified,
        "largest": plain.part(*one.first),
        "three_largest": plain.part(*one.three),
        "unquantified": plain.part(*one.unquantified),
        "shares": [holder(each) for each in one.holders],
        "observations": [date or None for date in one.observations],
        "entry": [
            {
                "publisher": naming.publisher,
                "dates": list(naming.dates),
                "new": [{"entity": plain.party(who), "since": date} for who, date in naming.new],
                "gone": _parties(naming.gone),
            }
            for naming in one.naming
        ],
        "evidence": _claims(one.claims),
    }


def _scarcity(one: Scarcity) -> Plain:
    return {
        "jurisdictions": [_held(held) for held in one.held],
        "other_kinds": [
            {
                "product": plain.party(other.product),
                "wider": plain.party(other.wider),
                "jurisdictions": _held(other.held) if other.held else None,
            }
            for other in one.others
        ],
        "downstream": _chained(one.downstream),
        "upstream": _chained(one.upstream),
        "inputs": [
            {
                "product": plain.party(narrow.product),
                "essential": narrow.essential,
                "jurisdictions": _held(narrow.held),
            }
            for narrow in one.narrow
        ],
        "evidence": _claims(one.claims),
    }


def _held(held: Held) -> Plain:
    return {
        "side": held.side,
        "reach": held.reach,
        "largest": plain.part(*held.largest),
        "growth_of_the_rest": growth(held.growth) if held.growth else None,
        "shares": [
            {
                "country": land.code,
                "name": land.name,
                "share": plain.part(*land.part),
                "producers_outside": land.outside,
            }
            for land in held.lands
        ],
    }


def _chained(chain: Chained) -> Plain:
    return {
        "direct": _parties(chain.direct),
        "essential": _parties(chain.essential),
        "in_part": _parties(chain.partly),
        "ends": _parties(chain.ends),
        "quantities_not_followed": chain.quantities,
    }


def _transfer(one: Transfer) -> Plain:
    return {
        "covers": [_cover(cover) for cover in one.covers],
        "customs_codes": [
            {"code": code, "product": plain.party(party)} for code, party in one.codes
        ],
        "producers": [_tied(tied) for tied in one.tied],
        "military_customers": [
            {"producer": plain.party(party), "customer": plain.party(organ.party)}
            for party, organ in one.customers
        ],
        "looked_at": one.looked,
        "firms": one.firms,
        "truncated": one.truncated,
    }


def _cover(cover: Cover) -> Plain:
    return {
        "regime": plain.party(cover.regime),
        "product": plain.party(cover.product),
        "place": cover.place,
        "standing": cover.standing,
        "since": cover.since,
        "properties": dict(cover.said),
        "evidence": _claims(cover.claims),
    }


def _tied(tied: Tied) -> Plain:
    return {
        "entity": plain.party(tied.party),
        "counted": tied.counted,
        "ties": [_reached(one) for one in tied.ties],
        "listings": _claims(tied.listings),
        "listed_above": [
            {
                "entity": plain.party(above.party),
                "chain": [ties_plain.link(step) for step in above.chain],
                "listings": _claims(above.listings),
            }
            for above in tied.above
        ],
    }


def _reached(one: Reached) -> Plain:
    return {
        "route": one.route,
        "hops": one.hops,
        "at_least": one.at_least,
        "chain": [ties_plain.link(step) for step in one.chain],
        **ties_plain.tie(one.tie),
        "counted": one.counted,
    }


def _parties(parties: tuple[Party, ...]) -> list[Plain]:
    return [plain.party(party) for party in parties]


def _claims(claims: tuple[Claim, ...]) -> list[Plain]:
    return [plain.claim(claim) for claim in claims]
