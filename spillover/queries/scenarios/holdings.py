"""How do holdings change when a share is sold, bought, or taken for known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from spillover.graph.schema import Relation
from spillover.graph.stake import UNKNOWN, WHOLE, Stake, format_stake, parse_stake, percent_text
from spillover.queries.holdings import BASES, holdings
from spillover.queries.scenarios.chains import repeated
from spillover.queries.scenarios.draft import Draft, Ints
from spillover.queries.scenarios.file import ALL, Acquire, Assume, Divest
from spillover.queries.scenarios.stakes import Part, less, more, parts

_UNSTATED = "interest"


def divest(draft: Draft, said: Divest) -> str:
    """An owner gives up a share, to somebody or to nobody whom the graph knows."""
    buyer = None if said.to is None else draft.party(said.to)
    owner, asset = draft.party(said.owner), draft.party(said.asset)
    _transfer(draft, (owner, asset, buyer), said.share, said.basis)
    names = draft.names([owner, asset] if buyer is None else [owner, asset, buyer])
    to = f" to {names[2]}" if buyer is not None else ""
    return f"{names[0]} gives up {_words(said.share)} of {names[1]}{to}"


def acquire(draft: Draft, said: Acquire) -> str:
    """An owner takes a share, from somebody or from owners whom nobody declares."""
    buyer, asset = draft.party(said.owner), draft.party(said.asset)
    if said.source is not None:
        seller = draft.party(said.source)
        _transfer(draft, (seller, asset, buyer), said.share, said.basis)
        names = draft.names([buyer, asset, seller])
        return f"{names[0]} takes {_words(said.share)} of {names[1]} from {names[2]}"
    draft.look(asset)
    bought = parse_stake(said.share)
    gained = _gain(draft, buyer, asset, [(said.basis or _UNSTATED, bought)])
    room(draft, asset, [buyer], min((stake.low for stake in gained), default=0))
    names = draft.names([buyer, asset])
    return f"{names[0]} takes {_words(said.share)} of {names[1]}"


def assume(draft: Draft, said: Assume) -> str:
    """A vague or missing share is taken as this."""
    owner, asset = draft.party(said.owner), draft.party(said.asset)
    draft.look(asset)
    at, value = _on(draft, draft.between(owner, asset, "OWNS"), said.basis), parse_stake(said.share)
    claims, denied = draft.counting(at)
    names = draft.names([owner, asset])
    if not claims and not _parent(draft, owner, asset)[0]:
        raise draft.refuse(
            f"nobody says on {draft.made.day} that {names[0]} holds a share of {names[1]};"
            " use acquire or start"
        )
    for part in (known := parts(claims, denied=denied)):
        if not part.share.low <= value.low <= value.high <= part.share.high:
            raise draft.refuse(
                f"sources say that {names[0]} holds {format_stake(part.share)} of {names[1]}, and"
                f" {said.share} % lies outside; use divest or acquire"
            )
    room(draft, asset, [owner], value.low)
    draft.cut(at)
    plain = Relation("OWNS", draft.id(owner), draft.id(asset), basis=said.basis)
    for part in known or [Part(plain, None)]:
        draft.add(part.holding(value), owner, asset)
    return f"{names[0]} holds {format_stake(value)} of {names[1]}"


def room(draft: Draft, asset: int, apart: Iterable[int], least: int) -> None:
    """See that an asset has so much left beside its other owners.

    Args:
        draft: the draft.
        asset: what is held.
        apart: owners whose present holdings do not count.
        least: what is to be held, in millionths of a percent.

    Raises:
        InputError: the least shares of the others leave less.
    """
    index = draft.index
    held = holdings(index, np.array([asset]), draft.conditions, BASES)
    others = held.plain & ~np.isin(held.owner, list(apart))
    taken = int(held.low[others].sum())
    if taken + least > WHOLE:
        (name,) = draft.names([asset])
        raise draft.refuse(
            f"{percent_text(least)} % of {name} is not there to be held: others hold at least"
            f" {percent_text(taken)} %; say who gives it up"
        )


def _transfer(draft: Draft, ends: tuple[int, int, int | None], share: str, basis: str) -> None:
    """Let a share go from its owner to a buyer, or to nobody."""
    owner, asset, buyer = ends
    if owner == buyer:
        raise draft.refuse("seller and buyer are the same entity; name another buyer")
    draft.look(asset)
    repeats = repeated(draft, owner, asset)
    at = _on(draft, draft.between(owner, asset, "OWNS"), basis)
    claims, denied = draft.counting(at)
    stated, parent = _parent(draft, owner, asset)
    names = draft.names([owner, asset])
    if not claims and not stated:
        raise draft.refuse(
            f"nobody says on {draft.made.day} that {names[0]} holds a share of {names[1]}"
            + (f" of this basis ({basis})" if basis else "")
            + "; name its owner"
        )
    plain = Relation("OWNS", draft.id(owner), draft.id(asset), basis=basis)
    held = parts(claims, denied=denied) or [Part(plain, None)]
    sold = None if share == ALL else parse_stake(share)
    gains = [_sold(draft, part, sold, names) for part in held]
    draft.cut(at)
    draft.cut_repeats(repeats)
    if sold is None:
        draft.cut(parent)
    else:
        for part in held:
            left = less(part.share, sold)
            if left.high:
                draft.add(part.holding(left), owner, asset)
    if any(part.like.reported_indirect for part in held):
        draft.notes.append(
            "the holding repeats a chain: holdings along the chain stay as they are;"
            " a direct holding is what is sold in law"
        )
    if buyer is not None:
        _gain(draft, buyer, asset, gains)


def _on(draft: Draft, at: Ints, basis: str) -> Ints:
    return draft.on_basis(at, basis) if basis else at


def _parent(draft: Draft, owner: int, asset: int) -> tuple[bool, Ints]:
    """Whether somebody is stated to be a parent, which says that there is a share; the claims."""
    at = draft.on_basis(draft.between(owner, asset, "CONTROLS"), "")
    return bool(draft.counting(at)[0]), at


def _sold(
    draft: Draft, part: Part, sold: Stake | None, names: Sequence[str]
) -> tuple[str, Stake | None]:
    """Basis and share that leave a holding; no share where all of an unknown one is sold."""
    if sold is None:
        return part.basis, part.stake
    if sold.low > part.share.high:
        raise draft.refuse(
            f"{names[0]} holds {format_stake(part.share)} of {names[1]}; it cannot give up"
            f" {percent_text(sold.low)} %"
        )
    return part.basis, sold


def _gain(
    draft: Draft, buyer: int, asset: int, gains: Sequence[tuple[str, Stake | None]]
) -> list[Stake]:
    """Let a buyer hold these shares beside what it holds; returns what it holds then.

    What it holds on a basis grows by the share of that basis; one that was bought on another basis
    is the same share.
    """
    at = draft.alone(draft.between(buyer, asset, "OWNS"))
    claims, denied = draft.counting(at)
    plain = Relation("OWNS", draft.id(buyer), draft.id(asset))
    by_basis = dict(gains)
    first = gains[0][1]
    if not claims:
        for basis, stake in by_basis.items():
            fresh = Part(plain._replace(basis=basis), None).holding(stake)
            draft.add(fresh, buyer, asset)
        return [stake or UNKNOWN for stake in by_basis.values()]
    draft.cut(at)
    grown = []
    for part in parts(claims, denied=denied):
        bought = by_basis.get(part.basis, first) or UNKNOWN
        if part.share.low + bought.low > WHOLE:
            (name,) = draft.names([buyer])
            raise draft.refuse(
                f"{name} holds {format_stake(part.share)} and cannot take"
                f" {percent_text(bought.low)} % more"
            )
        grown.append(more(part.share, bought))
        draft.add(part.holding(grown[-1]), buyer, asset)
    return grown


def _words(share: str) -> str:
    return "everything it holds" if share == ALL else format_stake(parse_stake(share))
