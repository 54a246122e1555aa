"""Who owns how much of a unit, by a text like ``A [62.6%]; B [unknown %]; other [1%]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from spillover.graph.folding import fold
from spillover.graph.schema import Entity
from spillover.graph.stake import WHOLE, Stake, parse_stake
from spillover.loaders.context import Context, name_id

_SHARE: Final = r"(?:\d[\d.]*|unknown|nan) ?[%％]"
_SEGMENT: Final = re.compile(
    rf"(?P<name>.*?)\s*(?:\[(?P<share>[^\[\]]*[%％][^\[\]]*)\]|\((?P<round>{_SHARE})\))?", re.DOTALL
)
_PIECE: Final = re.compile(
    rf"\s*(?P<name>[^%％]*?)\s*[(（]\s*(?P<share>{_SHARE})\s*[)）](?:[(（][^%％()（）]*[)）])?\s*[,，、]?"
)
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_COMMA: Final = re.compile("[,，、]")
_ID: Final = re.compile(r"E\d+", re.ASCII)


class Owner(NamedTuple):
    """One owner in such a text."""

    id: str
    """Empty for one that is not named."""
    name: str
    stake: Stake | None
    """None where no share is printed."""
    text: str
    """The share as printed."""

    @property
    def entity(self) -> Entity:
        """The owner itself, of whom nothing but the name is known."""
        return Entity(self.id, "LegalEntity", self.name)


def owners(text: str, ids: str, context: Context) -> list[Owner]:
    """The owners of a text, in its order; one who is named twice holds both parts.

    Args:
        text: as the tracker prints it.
        ids: the GEM entity ids that it prints beside, in the same order.
        context: of the load; told of what is odd.

    Raises:
        StakeError: a share that cannot be read.
    """
    segments = [segment.strip() for segment in text.split(";") if segment.strip()]
    known = _ID.findall(ids)
    if known and len(known) != len(segments):
        context.note("ids of owners that do not fit the names", f"{len(known)} ids", text)
        known = []
    found: dict[str, Owner] = {}
    unnamed: list[Owner] = []
    for at, segment in enumerate(segments):
        for name, share, stake in _read(segment, context):
            owner_id = _owner_id(name, known[at] if known else "", context)
            owner = Owner(owner_id, name, stake, share)
            if not owner.id:
                context.note("owner that is not named", fold(name), segment)
                unnamed.append(owner)
            elif owner.id in found:
                context.note("owner named twice in one text", name, text)
                found[owner.id] = _together(found[owner.id], owner)
            else:
                found[owner.id] = owner
    return [*found.values(), *unnamed]


def _owner_id(name: str, given: str, context: Context) -> str:
    """The id of an owner, by GEM's own where it is printed; empty for one that is not named."""
    tables = context.manifest.tables
    if not name or fold(name) in tables["unnamed"] or given in tables["unnamed_ids"]:
        return ""
    return f"gem:{given}" if given else name_id(name, "gem")


def _read(segment: str, context: Context) -> Iterator[tuple[str, str, Stake | None]]:
    """(name, share as printed, stake) of the owners that one segment names; mostly one."""
    match = _SEGMENT.fullmatch(segment)
    assert match, "the pattern takes every text"
    name, share = match["name"], match["share"] or match["round"] or ""
    whole = parsed(share)
    if _HAN.search(name) and re.search("[%％]", name):
        yield from _listed(name, share, whole, context)
    elif _HAN.search(name) and all(map(_HAN.search, (*_COMMA.split(name), "中"))):
        pieces = [piece.strip() for piece in _COMMA.split(name)]
        if len(pieces) > 1:
            context.note("several owners in one name", "with one share", segment)
            whole = Stake(0, whole.high) if whole else None
        yield from ((piece, share, whole) for piece in pieces)
    else:
        yield name, share, whole


def _listed(
    name: str, share: str, whole: Stake | None, context: Context
) -> Iterator[tuple[str, str, Stake | None]]:
    """Owners that a name in Chinese lists with their shares, ``甲公司(51%)，乙公司(49%)``."""
    pieces = list(_PIECE.finditer(name))
    if "".join(piece[0] for piece in pieces) != name:
        context.note("several owners in one name", "that cannot be told apart", name)
        yield name, share, None
        return
    context.note("several owners in one name", "with their shares", f"{name} [{share}]")
    for piece in pieces:
        stake = parsed(piece["share"])
        if len(pieces) == 1 and stake and whole:
            stake = stake.hull(whole)
        yield piece["name"], piece["share"], stake


def parsed(share: str) -> Stake | None:
    """What a printed share means; None when it states none.

    Raises:
        StakeError: a share that cannot be read.
    """
    text = share.replace("％", "%").strip()
    if not text or text.lower().startswith(("unknown", "nan")):
        return None
    return parse_stake(text)


def _together(one: Owner, other: Owner) -> Owner:
    """Two parts of one text that are of one owner: shares of a whole add up."""
    text = " + ".join(filter(None, (one.text, other.text)))
    if one.stake is None or other.stake is None:
        return one._replace(stake=None, text=text)
    low, high = one.stake.low + other.stake.low, one.stake.high + other.stake.high
    return one._replace(stake=Stake(min(low, WHOLE), min(high, WHOLE)), text=text)


def total(found: list[Owner]) -> tuple[int, bool]:
    """(least shares added up, whether every share is known)."""
    stakes = [owner.stake for owner in found if owner.stake]
    return sum(stake.low for stake in stakes), len(stakes) == len(found)
