"""Random scenarios, and what they do to a list of claims, by a plain reading of the docs.

Nothing of the package's arithmetic of scenarios is used: claims that a change ends are left out of
the list, and those that it makes are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from spillover.graph.claims import Prepared, key_text, prepare
from spillover.graph.dates import as_day
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake, percent_text
from spillover.queries.scenarios.file import (
    Acquire,
    Assume,
    Change,
    Delist,
    Designate,
    Divest,
    End,
    Start,
)
from tests.queries.worlds import PROGRAMMES, World, broad

DAY = "2024-06-30"
TODAY = as_day(DAY)
OBSERVED = (None, None, "2019-05-01", "2021", "2023-02-03")
Claims = list[Relation]


class ImpossibleError(Exception):
    """A change that cannot be made."""


def dated(world: World, draw: Random) -> Claims:
    """The claims, some observed on a day, and some with a later or an earlier observation."""
    found: Claims = []
    for claim in world.claims:
        observed = draw.choice(OBSERVED)
        claims = [claim._replace(evidence=claim.evidence._replace(observed=observed))]
        if claim.kind == "OWNS" and draw.random() < 0.15:
            again = claim.evidence._replace(observed=draw.choice(OBSERVED))
            units = draw.randint(0, 40) * 1_000_000
            claims.append(claim._replace(evidence=again, stake=Stake(units, units)))
        found += claims
    return found


def thing(claim: Relation) -> tuple[object, ...]:
    """What a later observation takes the place of."""
    return (*claim[:3], claim.basis, claim.reported_indirect, key_text(claim))


def counting(claims: Claims, *, denials: bool = False) -> Claims:
    """Those that count on the day; no observation takes the place of a denial."""
    groups: dict[tuple[object, ...], list[tuple[Relation, Prepared]]] = {}
    for claim in claims:
        groups.setdefault(thing(claim), []).append((claim, prepare(claim)))
    return [
        claim
        for same in groups.values()
        for claim, own in same
        if own.last >= TODAY
        and claim.evidence.confidence != "low"
        and (claim.evidence.stance == "denies") == denials
        and (denials or not own.observed or not any(takes(other, own) for other in same))
    ]


def takes(other: tuple[Relation, Prepared], own: Prepared) -> bool:
    """Whether the other claim, of the same thing, takes the place of this one."""
    claim, said = other
    return (
        said.observed > own.observed
        and said.last >= own.first
        and claim.evidence.confidence != "low"
        and claim.evidence.stance == "asserts"
        and claim.stake is not None
        and not claim.stake.unknown
    )


def without(claims: Claims, which: Callable[[Relation], bool]) -> Claims:
    """The others."""
    return [claim for claim in claims if not which(claim)]


def reach(claims: Claims, start: str, *, upward: bool) -> set[str]:
    """An entity and everybody above or below it by direct holdings and stated control."""
    found, todo = {start}, [start]
    while todo:
        one = todo.pop()
        for claim in counting(claims):
            if claim.kind not in ("OWNS", "CONTROLS") or claim.reported_indirect:
                continue
            near, far = (claim.target, claim.source) if upward else (claim.source, claim.target)
            if near == one and far not in found:
                found.add(far)
                todo.append(far)
    return found


def unchained(claims: Claims, owner: str, asset: str) -> Claims:
    """Without what repeats a chain in which the owner holds the asset."""
    above, below = reach(claims, owner, upward=True), reach(claims, asset, upward=False)
    return without(
        claims,
        lambda c: (
            c.kind in ("OWNS", "CONTROLS")
            and c.reported_indirect
            and c.source in above
            and c.target in below
            and (c.source, c.target) != (owner, asset)
        ),
    )


def stated(claims: Claims, owner: str, asset: str, *, alone: bool = False) -> Claims:
    """One claim for each basis, block and joint holding of a pair, with the hull of its shares."""
    pair = [c for c in claims if c[:3] == ("OWNS", owner, asset)]
    if alone:
        pair = [c for c in pair if not c.reported_indirect and not key_text(c)]
    floor = any(True for _ in counting(pair, denials=True))
    found: dict[object, Relation] = {}
    for claim in counting(pair):
        if claim.stake is None or claim.stake.unknown or not claim.basis:
            continue
        key = (claim.basis, claim.reported_indirect, claim.block, key_text(claim))
        known = found.get(key, claim).stake
        assert known is not None
        low = min(known.low, claim.stake.low)
        found[key] = claim._replace(stake=Stake(low, max(known.high, claim.stake.high)))
    if not found and counting(pair):
        claim = counting(pair)[0]
        return [claim._replace(stake=None, basis=claim.basis or "interest")]
    return [_floored(claim) if floor else claim for claim in found.values()]


def _floored(claim: Relation) -> Relation:
    assert claim.stake is not None
    return claim._replace(stake=Stake(0, claim.stake.high))


def made(claim: Relation, low: int, high: int) -> Relation:
    """The claim that a scenario makes of a holding: it holds from the day on."""
    evidence = Evidence(observed=DAY)
    return claim._replace(stake=Stake(low, high), start=DAY, end=None, evidence=evidence)


def changed(claims: Claims, said: Change) -> Claims:
    """The claims after one change.

    Raises:
        ImpossibleError: it cannot be made.
    """
    if isinstance(said, (Designate, Delist)):
        return listed(claims, said)
    if isinstance(said, Divest):
        buyer = None if said.to is None else str(said.to)
        return transferred(claims, (said.owner, said.asset, buyer), said.share)
    if isinstance(said, Acquire):
        return acquired(claims, said)
    if isinstance(said, Assume):
        return assumed(claims, said)
    assert isinstance(said, (End, Start))
    return related(claims, said)


def listed(claims: Claims, said: Designate | Delist) -> Claims:
    """After a listing, or its end."""
    entity = str(said.entity)
    listing = {c.source for c in listings(claims, entity)}
    if isinstance(said, Delist):
        if not listing:
            raise ImpossibleError
        return without(claims, lambda c: c[:3] in {("DESIGNATES", p, entity) for p in listing})
    fresh = [programme for programme in said.by if programme not in listing]
    if not fresh:
        raise ImpossibleError
    return claims + [Relation("DESIGNATES", one, entity, start=DAY) for one in fresh]


def related(claims: Claims, said: End | Start) -> Claims:
    """After a relation ended or began."""
    ends = (said.kind, str(said.source), str(said.target))
    there = [c for c in counting(claims) if c[:3] == ends]
    if isinstance(said, Start):
        if any(not c.basis for c in there):
            raise ImpossibleError
        return [*claims, Relation(*ends, start=DAY)]
    if not there:
        raise ImpossibleError
    return without(unchained(claims, *ends[1:]), lambda c: c[:3] == ends)


def acquired(claims: Claims, said: Acquire) -> Claims:
    """After a purchase from somebody, or of what nobody declares."""
    buyer = str(said.owner)
    if said.source is not None:
        return transferred(claims, (said.source, said.asset, buyer), said.share)
    units = int(said.share) * 1_000_000
    found = gained(claims, (buyer, said.asset), {"interest": Stake(units, units)})
    own = stated(found, buyer, said.asset, alone=True)
    room(claims, said.asset, buyer, min(c.stake.low for c in own if c.stake))
    return found


def listings(claims: Claims, entity: str) -> Claims:
    """Listings that count on the day."""
    return [c for c in counting(claims) if c.kind == "DESIGNATES" and c.target == entity]


def transferred(claims: Claims, ends: tuple[str, str, str | None], share: str) -> Claims:
    """After a sale: [low, high] less [s, s] is [max(0, low - s), max(0, high - s)]."""
    owner, asset, buyer = ends
    held = stated(claims, owner, asset)
    parent = [c for c in counting(claims) if c[:3] == ("CONTROLS", owner, asset) and not c.basis]
    if owner == buyer or not (held or parent):
        raise ImpossibleError
    held = held or [Relation("OWNS", owner, asset, None, "interest")]
    everything = share == "all"
    sold = 0 if everything else int(share) * 1_000_000
    if any(sold > (c.stake.high if c.stake else WHOLE) for c in held):
        raise ImpossibleError
    found = without(unchained(claims, owner, asset), lambda c: c[:3] == ("OWNS", owner, asset))
    if everything:
        ends_of_parent = ("CONTROLS", owner, asset, "")
        found = without(found, lambda c: (*c[:3], c.basis) == ends_of_parent)
    for claim in held:
        low, high = claim.stake or (0, WHOLE)
        if not everything and high > sold:
            found.append(made(claim, max(0, low - sold), high - sold))
    if buyer is None:
        return found
    gains = {c.basis: c.stake or Stake(0, WHOLE) if everything else Stake(sold, sold) for c in held}
    return gained(found, (buyer, asset), gains)


def gained(claims: Claims, ends: tuple[str, str], gains: dict[str, Stake]) -> Claims:
    """After a purchase: each basis grows by what was bought on it, or else by what was bought."""
    own = stated(claims, *ends, alone=True)
    if not own:
        plain = Relation("OWNS", *ends, None, "")
        return claims + [made(plain._replace(basis=b), *stake) for b, stake in gains.items()]
    pair = ("OWNS", *ends)
    found = without(claims, lambda c: c[:3] == pair and not c.reported_indirect and not key_text(c))
    first = next(iter(gains.values()))
    for claim in own:
        low, high = claim.stake or (0, WHOLE)
        more = gains.get(claim.basis, first)
        if low + more.low > WHOLE:
            raise ImpossibleError
        found.append(made(claim, low + more.low, min(WHOLE, high + more.high)))
    return found


def assumed(claims: Claims, said: Assume) -> Claims:
    """After a vague share is taken as a number that lies in it."""
    ends = ("OWNS", said.owner, said.asset)
    held = stated(claims, said.owner, said.asset)
    parent = [c for c in counting(claims) if (*c[:3], c.basis) == ("CONTROLS", *ends[1:], "")]
    units = int(said.share) * 1_000_000
    if not held and not parent:
        raise ImpossibleError
    if any(c.stake and not c.stake.low <= units <= c.stake.high for c in held):
        raise ImpossibleError
    room(claims, said.asset, said.owner, units)
    held = held or [Relation(*ends, None, "interest")]
    return without(claims, lambda c: c[:3] == ends) + [made(c, units, units) for c in held]


def room(claims: Claims, asset: str, owner: str, least: int) -> None:
    """See that the other direct owners, who hold alone, leave so much."""
    others = [c for c in claims if c.kind == "OWNS" and c.target == asset and c.source != owner]
    denied = {c.source for c in counting(others, denials=True)}
    lows: dict[tuple[str, str], Claims] = {}
    for c in counting(others):
        if c.source not in denied and not c.reported_indirect and not joint(claims, c):
            lows.setdefault((c.source, key_text(c)), []).append(c)
    for same in lows.values():
        known = [c for c in same if c.stake and not c.stake.unknown and c.basis]
        votes = [c for c in known if c.basis == "votes"] or known
        least += min((c.stake.low for c in votes if c.stake), default=0)
    if least > WHOLE:
        raise ImpossibleError


def joint(claims: Claims, claim: Relation) -> bool:
    """Whether a claim speaks of shares that several hold jointly."""
    key = key_text(claim)
    same = [
        c
        for c in counting(claims)
        if c.kind == "OWNS" and c.target == claim.target and key_text(c) == key
    ]
    return bool(key) and len({c.source for c in same}) > 1


def scenario(seed: int | str) -> tuple[Claims, tuple[str, ...], list[Change]]:
    """Claims, targets and one to three changes that can all be made, one after another."""
    for attempt in range(100):
        draw = Random(f"{seed}-{attempt}")  # noqa: S311 - a test needs a seed, not secrecy
        world = broad(f"{seed}-{attempt}")
        claims = dated(world, draw)
        named = {end for c in claims for end in c[1:3] if not end.startswith("US-")}
        names, now, found = sorted(named), claims, []
        for _ in range(draw.choice((1, 1, 2, 3))):
            said = _change(draw, names, now)
            try:
                now = changed(now, said)
            except ImpossibleError:
                continue
            found.append(said)
        if found and len(names) > 2:
            return claims, world.targets, found
    raise AssertionError(seed)


def _change(draw: Random, names: list[str], claims: Claims) -> Change:
    """A change of something that is there, mostly."""
    holdings = [c for c in claims if c.kind in ("OWNS", "CONTROLS") and c.source != c.target]
    one = draw.choice(holdings or claims)
    owner, asset = one.source, one.target
    third = draw.choice(names)
    share = draw.choice(("5", "10", "20", "30", "50"))
    kind = draw.random()
    if kind < 0.15:
        return Designate(entity=third, by=tuple(draw.sample(PROGRAMMES, draw.randint(1, 2))))
    if kind < 0.25:
        return Delist(entity=third)
    if kind < 0.5:
        to = draw.choice((None, third))
        return Divest(owner=owner, asset=asset, share=draw.choice((share, "all")), to=to)
    if kind < 0.6:
        return Acquire(owner=third, asset=asset, share=share, source=owner)
    if kind < 0.7:
        return Acquire(owner=third, asset=asset, share=share)
    if kind < 0.85:
        low, high = one.stake or (0, WHOLE)
        middle = percent_text((low + high) // 2 // 1_000_000 * 1_000_000)
        return Assume(owner=owner, asset=asset, share=middle)
    if kind < 0.95:
        return End(kind=one.kind, source=owner, target=asset)
    return Start(kind="CONTROLS", source=owner, target=third)


def real(claims: Claims, changes: Iterable[Change]) -> Claims:
    """The claims after all changes."""
    for said in changes:
        claims = changed(claims, said)
    return claims


def apart(seed: int) -> tuple[Claims, tuple[str, ...], list[Change]]:
    """A random scenario of which every entity has a name of its own; programmes are shared."""
    claims, targets, changes = scenario(seed)
    return (
        [c._replace(source=_own(seed, c.source), target=_own(seed, c.target)) for c in claims],
        tuple(_own(seed, target) for target in targets),
        [_renamed(seed, one) for one in changes],
    )


def _own(seed: int, name: str) -> str:
    return name if name.startswith("US-") else f"{seed}-{name}"


def _renamed(seed: int, said: Change) -> Change:
    named = {"owner", "asset", "to", "source", "target", "entity"} & type(said).model_fields.keys()
    names = {field: getattr(said, field) for field in named}
    return said.model_copy(
        update={field: _own(seed, name) for field, name in names.items() if name is not None}
    )
