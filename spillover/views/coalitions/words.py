"""How is what a coalition covers said in words: parts, countries, smallest coalitions, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import Stake, format_stake, percent_text

if TYPE_CHECKING:
    from spillover.queries.answer import Party
    from spillover.queries.coalitions.coalition_answer import Coalition, Cover, Land, Piece
    from spillover.queries.coalitions.game import Pivot, Smallest
    from spillover.queries.markets.lost import Part

_ALPHA2: Final = 2
ROLE: Final[Mapping[str, str]] = {
    "asked": "the product",
    "essential": "essential input",
    "possible": "kind, or of a kind",
}
COUNT: Final[Mapping[str, str]] = {"country": "by country", "firm": "firms by headquarters"}
ASSUMPTIONS: Final = (
    """What the members cover is taken as lost to whoever is denied: every member forbids, nobody
    circumvents, and nobody outside adds output.""",
    """A product that cannot be made without an input is denied at least as far as the input. There
    is no stock, and no substitute but other makers of the same product.""",
    """A kind denies the wider product within its part of it, which is seldom stated: at least
    nothing, at most as if no other kind could stand in.""",
    """What named producers do not have belongs to others who never join. A producer without a
    stated share has 0 to 100 %, one without a known country can be of any member.""",
    """Firms count for the country of their headquarters, wherever they make it.""",
)
"""What the numbers rest on; printed with every answer."""


def part(value: Part) -> str:
    """A part of a market, at least and at most."""
    return format_stake(Stake(*value))


def land(value: Land) -> str:
    """A country with its code; a region has none."""
    code = value.code.upper()
    return f"{value.name} ({code})" if len(code) == _ALPHA2 and value.name != code else value.name


def lands(values: Iterable[Land]) -> str:
    """Countries, parted by commas."""
    return ", ".join(map(land, values))


def coalition(answer: Coalition) -> str:
    """Who the coalition is: the regimes that were named, else the codes of its members."""
    names = [regime.party.name for regime in answer.regimes]
    inside = frozenset[str]().union(*(regime.codes for regime in answer.regimes))
    names += [member.code.upper() for member in answer.members if member.code not in inside]
    return ", ".join(names) if names else "nobody"


def quota(answer: Coalition) -> str:
    """The part that is to be covered."""
    return f"{percent_text(answer.quota)} %"


def denied(value: Part, known: Part) -> str:
    """How far a product is denied, and how far as far as makers are known."""
    if value == known:
        return part(value)
    return f"{part(value)} ({part(known)} as far as makers are known)"


def piece(value: Piece) -> str:
    """What one country has."""
    if not value.stated:
        return f"{land(value.land)}: share not stated"
    return f"{land(value.land)} {part(value.part)}"


def pieces(values: Iterable[Piece], limit: int) -> str:
    """What the first of several countries have."""
    every = list(values)
    words = [piece(value) for value in every[:limit]]
    more = [f"{len(every) - limit} more"] if len(every) > limit else []
    return "\n".join([*words, *more]) or "-"


def smallest(found: Smallest, names: Mapping[str, str], limit: int = 4) -> str:
    """The smallest coalitions, one a line."""
    if found.size is None:
        return "nobody"
    if not found.coalitions:
        return f"at least {found.size} countries; not searched further"
    said = [" + ".join(names.get(c, c.upper()) for c in m) for m in found.coalitions[:limit]]
    more = found.number - len(said)
    rest = f"{more} more of {found.size}" if found.complete else f"{more} or more of {found.size}"
    return "\n".join([*said, *([rest] if more or not found.complete else [])])


def names(answer: Coalition) -> dict[str, str]:
    """Names of all countries that the answer speaks of, by code."""
    found = {member.code: member.name for member in answer.members}
    found |= {p.land.code: p.land.name for cover in answer.covers for p in cover.pieces}
    return found


def power(pivot: Pivot) -> str:
    """The index of a country; exact where few digits do."""
    if pivot.shapley is None:
        return "not computed: too many countries"
    low, high = (f"{float(value):.4f}".rstrip("0").rstrip(".") for value in pivot.shapley)
    return low if pivot.shapley[0] == pivot.shapley[1] else f"{low} to {high}"


def way(parties: Iterable[Party]) -> str:
    """From the product to that whose cover decides."""
    return " ← ".join(party.name for party in parties)


def count(cover: Cover) -> str:
    """Which count of the market is taken, and how much of it is stated."""
    words = COUNT[cover.side] + (f", {cover.reach}" if cover.reach else "")
    return f"{words}; stated {part(cover.stated)}" if cover.stated.high else f"{words}; none stated"


def summary(answer: Coalition) -> list[str]:
    """What is to be said first, a sentence each, without full stops."""
    said = []
    if answer.members:
        who, name, asked = coalition(answer), answer.product.name, answer.asked
        own = part(asked.covered) if asked else "not known"
        said.append(f"of {name} itself covered by {who}: {own}")
        whole = denied(answer.denied, answer.known)
        said.append(f"{name} denied with all that it is made with: {whole}")
        if answer.denied.low and len(answer.least) > 1:
            said.append(f"at least through {way(answer.least)}")
        if answer.known.high > answer.known.low:
            said.append(f"at most, as far as makers are known, through {way(answer.most)}")
    if answer.leaving:
        gone = lands(answer.leaving.leaving)
        after = denied(answer.leaving.denied, answer.leaving.known)
        said.append(f"without {gone} it is denied: {after}")
    return said + notes(answer)


def notes(answer: Coalition) -> list[str]:
    """What the numbers leave out."""
    said = []
    target = answer.target
    if target and any(target.code in regime.codes for regime in answer.regimes):
        said.append(f"{land(target)} is a member, and is left out of the coalition against it")
    if answer.contested:
        said.append(f"a source denies the membership of {lands(answer.contested)}")
    if answer.unmade:
        few = ", ".join(party.name for party in answer.unmade[:3])
        more = f" and {len(answer.unmade) - 3} more" if len(answer.unmade) > 3 else ""  # noqa: PLR2004 - as many as are named
        said.append(
            f"nobody says who makes {few}{more}, so that the members may have any part of it"
        )
    if answer.quantities:
        said.append(f"{answer.quantities} inputs state a quantity and are not followed")
    others = sum(cover.others for cover in answer.covers)
    if others:
        said.append(f"{others} further counts of the same markets are not added to these")
    return said
