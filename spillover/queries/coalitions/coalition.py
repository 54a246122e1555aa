"""What does a coalition of countries have of a product and of all that it is made with?

For the product and everything in the chain above it: the part that the coalition covers, who else
has much, the smallest coalitions that cover the quota, and who is pivotal. Then how far all this
denies the product, what it costs when a member leaves, and whose firms lose the market.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from spillover.graph.errors import InputError
from spillover.graph.schema import is_a
from spillover.graph.session import Graph
from spillover.graph.stake import parse_stake
from spillover.queries.answer import Reporter, sources
from spillover.queries.coalitions.assembling import Assembly
from spillover.queries.coalitions.bearing import bearers, sales
from spillover.queries.coalitions.coalition_answer import Coalition, Land
from spillover.queries.coalitions.count import counts
from spillover.queries.coalitions.naming import lands_of
from spillover.queries.coalitions.regimes import Regime, regime
from spillover.queries.conditions import Conditions
from spillover.queries.markets.chain import upstream
from spillover.queries.markets.market import markets


def coalition(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    product: str,
    when: Conditions,
    *,
    members: Iterable[str] = (),
    regimes: Iterable[str] = (),
    without: Iterable[str] = (),
    cover: str = "80",
    against: str = "",
) -> Coalition:
    """What these countries cover of a product and of what it is made with.

    Args:
        graph: the graph.
        product: id, identifier or name.
        when: day, age and confidence of the claims.
        members: countries of the coalition (alpha-2).
        regimes: regimes whose members on the day are of the coalition, too.
        without: members that leave.
        cover: the part that is to be covered, in percent.
        against: the country that is to be denied the product (alpha-2); where it is a member of a
            regime, it is none of the coalition.

    Raises:
        NotFoundError, AmbiguousError: the product or a regime.
        InputError: something that is no product; a cover that is no percentage above 0; somebody
            who leaves or is denied and is no member, or is one.
    """
    number = graph.store.find(product)
    entity = graph.store.entity(number)
    if not is_a(entity.schema, "Product"):
        raise InputError(f"{entity.name!r} is a {entity.schema}, not a product; name a product")
    quota = _quota(cover)
    named = [regime(graph, when, name) for name in dict.fromkeys(regimes)]
    leaving, target = _codes(without), against.strip().lower()
    through = frozenset[str]().union(*(item.codes for item in named))
    codes = _codes(members) | (through - {target})
    _check(codes, leaving, target)

    chain = upstream(graph, when, [number])
    found = markets(graph, when, chain.products)
    taken = counts(graph, found)
    players = frozenset[str]().union(*(count.players for count in taken.values()))
    states = {member.party.num for item in named for member in item.members}
    producers = {number for count in taken.values() for number in count.places}
    lands = lands_of(graph, players | codes | ({target} - {""}), states | producers)
    reporter = Reporter(graph, when)
    assembly = Assembly(graph, when, chain, number, found, taken, codes, quota, lands, reporter)
    covers = assembly.covers(target)
    ways, left_out = assembly.ways(covers)
    denied = assembly.denied()
    parties = reporter.parties(chain.products)
    ordered = {cover.product.num: found[cover.product.num] for cover in covers}
    mine = {code: lands[code] for code in sorted(codes)}
    makers = bearers(graph, ordered, mine, reporter)
    return Coalition(
        when,
        parties[number],
        tuple(mine.values()),
        tuple(named),
        _contested(named, _codes(members), lands),
        lands[target] if target else None,
        quota,
        covers,
        assembly.risk[number],
        denied.part,
        tuple(parties[item] for item in denied.least),
        tuple(parties[item] for item in denied.most),
        ways,
        left_out,
        assembly.defection(leaving) if leaving else None,
        assembly.defections(),
        makers,
        sales(graph, when, target, made=makers, lands=mine) if target else (),
        tuple(sorted((parties[n] for n in chain.products if n not in taken), key=lambda p: p.id)),
        chain.quantities,
        sources(graph),
    )


def _codes(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names)


def _quota(cover: str) -> int:
    """The part to be covered, in millionths of a percent."""
    stake = parse_stake(cover)
    if not stake.exact or not stake.low:
        raise InputError(f"cover {cover!r} is no single percentage above 0; write for example 80")
    return stake.low


def _check(codes: AbstractSet[str], leaving: AbstractSet[str], target: str) -> None:
    strangers = ", ".join(sorted(leaving - codes)).upper()
    if strangers:
        raise InputError(f"{strangers}: no member, and cannot leave; name members with --without")
    if target in codes:
        raise InputError(f"{target.upper()} is a member and cannot be denied; name another country")


def _contested(
    named: Iterable[Regime], members: AbstractSet[str], lands: Mapping[str, Land]
) -> tuple[Land, ...]:
    """Members only by a membership that a source denies."""
    sure = {m.party.country for item in named for m in item.members if not m.contested}
    doubted = {m.party.country for item in named for m in item.members if m.contested}
    return tuple(lands[code] for code in sorted(doubted - sure - members - {""}))
