"""How are the numbers of the three logics worded, the same in tables, pages and JSON?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE
from spillover.queries.ties.tie import word
from spillover.views.grid import hundredths
from spillover.views.leaders.words import part_words

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.markets.concentration import Points
    from spillover.queries.strategic.answer import (
        Chained,
        Cover,
        Good,
        Held,
        Structure,
        Tied,
        Transfer,
    )

BARRIERS: Final = "barriers and scale"
SCARCITY: Final = "leverage from scarcity"
TRANSFER: Final = "transfer to military use"
LOGICS: Final = (BARRIERS, SCARCITY, TRANSFER)
PLACES: Final = {"itself": "it", "wider": "a wider product", "kind": "a kind of it"}
NOBODY: Final = "nobody is said to make it"
_NAMED: Final = 5


def names(parties: Iterable[Party], most: int = _NAMED) -> str:
    """Names in a row; of many the first, and how many more."""
    return listed([party.name for party in parties], most)


def listed(texts: Sequence[str], most: int = _NAMED) -> str:
    """Texts in a row; of many the first, and how many more."""
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def number_words(number: int, word: str, plural: str = "") -> str:
    """A number with its word: one good, two goods."""
    return f"{number} {word if number == 1 else plural or word + 's'}"


def points_of(points: Points) -> str:
    """An index of concentration, rounded outward to whole points."""
    low = points.low.numerator // points.low.denominator
    high = -(-points.high.numerator // points.high.denominator)
    return f"{low:,}" if low == high else f"{low:,}\N{EN DASH}{high:,}"


def growth_words(held: Held) -> str:
    """By how much the rest would have to grow to stand in for the first jurisdiction."""
    if held.growth is None:
        return "unknown"
    low, high = held.growth
    if low is None:
        return "nothing is left that could"
    if high is None:
        return f"at least {hundredths(low, up=False)} %"
    ends = hundredths(low, up=False), hundredths(high, up=True)
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]}\N{EN DASH}{ends[1]} %"


def largest_words(held: Held) -> str:
    """Which jurisdiction has most, and how much."""
    if not held.largest.low:
        return f"unknown: {part_words(*held.largest)}" if held.lands else "no country is named"
    first = held.lands[0]
    sure = all(land.part.high < first.part.low for land in held.lands[1:])
    return f"{first.name}: {part_words(*first.part)}{'' if sure else ' (others can have more)'}"


def entry_words(structure: Structure) -> str:
    """What several observations say of entry."""
    if structure.naming:
        return "; ".join(
            f"{one.publisher}, {one.dates[0]} to {one.dates[-1]}:"
            f" {len(one.new)} named that were not, {len(one.gone)} not named any more"
            for one in structure.naming
        )
    dates = [date or "undated" for date in structure.observations]
    if len(dates) == 1:
        return f"one observation ({dates[0]}): entry unknown"
    return f"no publisher speaks of two dates ({', '.join(dates)}): entry unknown"


def chain_words(chain: Chained) -> str:
    """How many goods are on one side of the chain."""
    if not (chain.essential or chain.partly):
        return "none is known"
    partly = f", {len(chain.partly)} more in part" if chain.partly else ""
    return f"{len(chain.direct)} directly, {len(chain.essential)} over all steps{partly}"


def cover_words(cover: Cover) -> str:
    """A regime with its tier, its day and how its claim stands."""
    said = [f"{key} {value}" for key, value in cover.said]
    said += [f"since {cover.since}"] if cover.since else []
    said += [cover.standing] if cover.standing != "counted" else []
    return cover.regime.name + (f" ({'; '.join(said)})" if said else "")


def covering(transfer: Transfer, place: str) -> list[Cover]:
    """Covers that count on the day, of one place."""
    return [c for c in transfer.covers if c.place == place and c.counted]


def tied_words(transfer: Transfer) -> str:
    """How many producers have a stated tie."""
    if not transfer.firms:
        return "no firm is named as a producer: unknown"
    counted = sum(one.counted for one in transfer.tied)
    rest = transfer.firms - transfer.looked
    words = f"{counted} of {transfer.looked} looked at"
    words += f", {rest} not looked at" if rest else ""
    return words if counted else f"{words}: none is known, which is not to say that there is none"


def listings(transfer: Transfer) -> list[str]:
    """Producers whom a programme lists on the day, and those whose owners it lists."""
    found = [f"{one.party.name} ({', '.join(own)})" for one in transfer.tied if (own := _own(one))]
    found += [
        f"above {one.party.name}: {above.party.name} ({', '.join(above.party.listed)})"
        for one in transfer.tied
        for above in one.above
    ]
    return found


def _own(tied: Tied) -> list[str]:
    counted = (c for c in tied.listings if c.standing == "counted" and c.stance != "denies")
    return sorted({claim.source.id for claim in counted})


def brief(name: str, most: int = 60) -> str:
    """A name that is short enough for a title."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def denials(transfer: Transfer) -> list[str]:
    """Who denies which tie, and which cover."""
    found = [
        f"{reached.tie.entity.name} and {reached.tie.organ.party.name}: {word(claim)} denied by"
        f" {_denier(claim)}"
        for one in transfer.tied
        for reached in one.ties
        for claim in reached.tie.every
        if claim.stance == "denies" or "denied_by" in dict(claim.properties)
    ]
    found += [
        f"{cover.regime.name} covers {cover.product.name}: denied by {_denier(claim)}"
        for cover in transfer.covers
        for claim in cover.claims
        if claim.stance == "denies"
    ]
    return list(dict.fromkeys(found))


def _denier(claim: Claim) -> str:
    return dict(claim.properties).get("denied_by") or claim.publisher or claim.dataset


def end_words(good: Good) -> str:
    """The goods at which the chain ends, those that cannot be made without it first."""
    chain = good.scarcity.downstream
    strict = {party.num for party in chain.essential}
    ends = sorted(chain.ends, key=lambda party: (party.num not in strict, party.name))
    return listed([p.name + ("" if p.num in strict else " (in part)") for p in ends])


def whole(units: int) -> float:
    """Millionths of a percent as a part of 1, to draw with."""
    return units / WHOLE
