"""Whom may targets reach at the least and at the most, by the formulas; for the checker.

What blocked persons hold at the most is the sum of what they may hold, but no more than the least
shares of all others leave. That needs no completions, as the oracle does, and has to agree with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from spillover.graph.stake import WHOLE
from spillover.queries.rulebook import Reading
from tests.queries import completions, oracle, stated
from tests.queries.stated import Asset, Repeat, Shares, Some

Given = Mapping[tuple[str | None, str], Sequence[int]]
"""Shares by owner and asset, in units: of one holding, or of one alone and one held jointly."""


def completed(asked: oracle.Question, given: Given) -> set[str]:
    """Whom the targets reach with these shares, all others at their least; doubtful ties count."""
    for who, about in given:
        if who is not None and _several(asked, who, about):
            raise stated.DoubtfulError("which of the owner's shares is given is not said")
    return reached(asked, given, most=True)


def _several(asked: oracle.Question, who: str, about: str) -> bool:
    """Whether an owner holds shares in several ways, so that one given share has no one sense."""
    held = stated.asset(about, asked.claims, asked.reading).held
    return any(sum(who in shares.holders for shares in group) > 1 for group in held)


def reached(
    asked: oracle.Question,
    given: Given | None = None,
    *,
    most: bool = False,
) -> set[str]:
    """Whom the targets reach at the least, or at the most, or with the given shares."""
    law, claims = asked.reading, asked.claims
    assets = [stated.asset(name, claims, law) for name in sorted(stated.named(claims))]
    if given is not None:
        assets = [_completed(asset, given) for asset in assets]
    enough, found = completions.Enough.of(law), set[str]()
    for group in stated.groups(claims, asked.targets, law.aggregation, asked.programmes):
        owners, wave = group, group
        held: dict[str, float] = {}
        while wave:
            held = {asset.name: _held(asset, owners, law, most=most) for asset in assets}
            wave = frozenset(name for name in held if held[name] >= enough.passes_on) - owners
            owners |= wave
        hit = {name for name, share in held.items() if share >= enough.reached} - group
        acting = oracle.agents(claims)[most] if law.acting_for else ()
        found |= hit | {agent for agent, client in acting if client in hit | group}
    if asked.method in {"products", "simple_paths"}:
        sums = oracle.chained(asked, assets)
        if sums is None:
            raise stated.DoubtfulError("too many completions")
        found |= sums[most]
    return found if asked.method != "listed" else set()


def _held(asset: Asset, owners: Some, law: Reading, *, most: bool) -> float:
    """The largest share that the owners hold of an asset; infinite where they control it."""
    parties = (both[most] for both in asset.arrangements)
    them = owners.union(*(some for some in parties if some & owners)) - {asset.name}
    if asset.controllers[most] & owners:
        return math.inf
    largest = 0
    for held, repeats in zip(asset.held, asset.repeated, strict=True):
        any_holder = most or law.joint_holdings
        theirs = [s for s in held if s.holders <= them or (any_holder and s.holders & them)]
        largest = max(largest, _sum(theirs, held, most=most), _repeated(repeats, them, most=most))
        for owner in owners - {asset.name} if law.alone else ():
            own = [shares for shares in held if shares.holders == {owner}]
            if _sum(own, held, most=most) >= completions.Enough.of(law).alone:
                return math.inf
    return largest


def _sum(some: Sequence[Shares], held: Sequence[Shares], *, most: bool) -> int:
    least = sum(shares.low for shares in some)
    others = sum(shares.low for shares in held) - least
    if not most:
        return least
    room = WHOLE - others if least + others <= WHOLE else len(held) * WHOLE
    return max(least, min(sum(shares.high for shares in some), room))


def _repeated(repeats: Sequence[Repeat], owners: Some, *, most: bool) -> int:
    """The largest that is repeated; at the most each block is another part of the shares."""
    blocks: dict[str, int] = {}
    for repeat in repeats:
        if repeat.owner in owners:
            value = repeat.high if most else repeat.low
            blocks[repeat.block] = max(value, blocks.get(repeat.block, 0))
    return sum(blocks.values()) if most else max(blocks.values(), default=0)


def _completed(asset: Asset, given: Given) -> Asset:
    """The asset in a completion; a group of bases that the given shares do not fit is at its least.

    Of an owner who holds shares alone and others jointly each takes the next given one that fits.
    """
    left: dict[str | None, list[int]] = {}

    def value(holders: Some, low: int, high: int) -> int:
        for who in sorted(holders):
            said = left.setdefault(who, list(given.get((who, asset.name), ())))
            fitting = [one for one in said if low <= one <= high]
            if fitting:
                said.remove(fitting[0])
                return fitting[0]
        return low

    held = []
    for group in asset.held:
        left.clear()
        values = [value(*shares) for shares in group]
        least = sum(shares.low for shares in group)
        fits = sum(values) <= WHOLE or least > WHOLE
        exact = zip(group, values if fits else [s.low for s in group], strict=True)
        held.append(tuple(Shares(shares.holders, v, v) for shares, v in exact))
    left.clear()
    repeated = tuple(
        tuple(Repeat(*r[:2], *[value(frozenset([r.owner]), *r[2:])] * 2) for r in group)
        for group in asset.repeated
    )
    return replace(asset, held=tuple(held), repeated=repeated)
