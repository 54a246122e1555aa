"""How are parts of markets, concentration, spare output and ways between products worded?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import Stake, format_stake, percent_text
from spillover.views import grid

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.markets.concentration import Points
    from spillover.queries.markets.lost import Part
    from spillover.queries.markets.market import Side
    from spillover.queries.markets.parts import Fallen, Growth, Link, MarketLoss, Producer

SIDES: Final[dict[Side, str]] = {"firm": "firms", "country": "countries"}
"""What a market counts."""
_TENTH = Fraction(1, 10)


def part_words(part: Part) -> str:
    """A part of a whole: ``81.5 %``, ``24.6–26 %``, ``0–100 %``."""
    if part.low == part.high:
        return f"{percent_text(part.low)} %"
    return f"{percent_text(part.low)}\N{EN DASH}{percent_text(part.high)} %"


def points_words(points: Points | None) -> str:
    """The index of concentration in whole points, rounded outward."""
    if points is None:
        return "nobody remains"
    low, high = points.low.__floor__(), points.high.__ceil__()
    if points.low == points.high or high - low <= 1:
        return f"{round((points.low + points.high) / 2):,}"
    return f"{low:,}\N{EN DASH}{high:,}"


def growth_words(growth: Growth) -> str:
    """By how much something would have to grow; what is needed is rounded up."""
    if growth.low is None:
        return "nobody remains"
    if growth.high is None:
        return f"at least {_tenths(growth.low, up=False)} %"
    if growth.low == growth.high:
        return f"{_tenths(growth.high, up=True)} %"
    return f"{_tenths(growth.low, up=False)}\N{EN DASH}{_tenths(growth.high, up=True)} %"


def _tenths(value: Fraction, *, up: bool) -> str:
    """A fraction in percent, rounded to a tenth."""
    scaled = value * 100 / _TENTH
    units = scaled.__ceil__() if up else scaled.__floor__()
    whole, tenth = divmod(units, 10)
    return f"{whole:,}.{tenth}" if tenth else f"{whole:,}"


def share_words(producer: Producer) -> str:
    """What part of a market a producer has."""
    return format_stake(Stake(*producer.part)) if producer.stated else "not stated"


def producer_words(producer: Producer) -> str:
    """A producer and its part."""
    return f"{producer.party.name} ({share_words(producer)})"


def names(producers: Iterable[Producer], most: int = 5) -> str:
    """Producers and their parts, so many at most; of the others the number."""
    listed = list(producers)
    said = [producer_words(producer) for producer in listed[:most]]
    if len(listed) > most:
        said.append(f"{len(listed) - most} more")
    return ", ".join(said)


def count_words(side: Side, reach: str) -> str:
    """Which count of a market it is."""
    return SIDES[side] + (f", {reach}" if reach else "")


def way_words(links: Sequence[Link]) -> str:
    """The products along a way; a kind is called one."""
    if not links:
        return "its own producers"
    words = links[0].source.name
    for link in links:
        words += f" {'—kind of→' if link.kind == 'KIND_OF' else '→'} {link.target.name}"
    return words


def substitutes_words(loss: MarketLoss, most: int = 3) -> str:
    """Who could fill the gap, and by how much each would have to grow alone."""
    if not loss.substitutes:
        return "nobody who is named"
    said = [
        f"{producer_words(item.producer)}: {growth_words(item.growth)}"
        if item.growth.high != 0
        else producer_words(item.producer)
        for item in loss.substitutes[:most]
    ]
    more = loss.remaining - len(said)
    return "\n".join([*said, *([f"{more} more"] if more else [])])


def reason_words(item: Fallen, rule: str) -> str:
    """Why somebody falls."""
    sure = "" if item.certain else "possibly "
    if item.why == "rule":
        held = f", {format_stake(item.share)} held by those who fall" if item.share else ""
        return f"{sure}blocked under {rule}{held}"
    if item.why == "country":
        return f"{sure}of {item.party.country.upper()}"
    return "possibly: its country is not known" if item.why == "country unknown" else "named"


def falls_words(
    targets: Sequence[Party], countries: Sequence[str], fallen: Iterable[Fallen] = ()
) -> str:
    """Who falls, as it was asked: for a title. Countries go by the names of those that fall."""
    said = [party.name for party in targets if party.schema != "Country"]
    parties = [*targets, *(item.party for item in fallen)]
    states = {party.country: party.name for party in parties if party.schema == "Country"}
    said += [states.get(code, code.upper()) for code in countries]
    return ", ".join(said)


def cited(producer: Producer) -> tuple[str, str, grid.Cell]:
    """What claims print of a share, when, and where: the claims that count."""
    claims = [claim for claim in producer.claims if claim.standing == "counted"]
    texts = [
        f"DENIED {claim.stake_text}".rstrip() if claim.stance == "denies" else claim.stake_text
        for claim in claims
    ]
    days = [claim.observed or claim.start or "undated" for claim in claims]
    publishers = [grid.source(claim).text for claim in claims]
    url = next((claim.url for claim in claims if claim.url), "")
    return (
        "; ".join(dict.fromkeys(filter(None, texts))) or "not stated",
        "; ".join(dict.fromkeys(days)),
        grid.Cell("; ".join(dict.fromkeys(publishers)), url),
    )


def evidence(title: str, claims: Sequence[Claim], top: int | None = None) -> grid.Grid:
    """Claims with their sources and the records that these have them from."""
    shown = list(claims)[:top]
    told = grid.evidence(title, shown, whole=True)
    rows = tuple(
        (*row, grid.Cell(f"record {claim.record}" if claim.record else ""))
        for row, claim in zip(told.rows, shown, strict=True)
    )
    more = len(claims) - len(shown)
    note = f"{more:,} more claims are in the JSON and in the workbook" if more else ""
    return replace(told, columns=(*told.columns, "Record"), rows=rows, note=note)
