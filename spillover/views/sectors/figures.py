"""Which pictures show the losses of sectors: bars, shifts, flows, and who loses where?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from spillover.views.amounts.figures import (
    Bar,
    Bars,
    Flow,
    Knot,
    Matrix,
    Sankey,
    Shift,
    Shifts,
    Span,
    Square,
)
from spillover.views.sectors import words as sectors_words
from spillover.views.sectors.words import loss, number

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import Amount, Directs, Pair, SectorLosses, SectorRanks

_BARS: Final = 20
_SHIFTS: Final = 12
_MATRIX: Final = 12
_UNIT: Final = "output, unit of the table"


def countries(answer: SectorLosses) -> Bars:
    """What each country loses, by both models."""
    bars = tuple(
        Bar(line.name, _span(line.losses), _words(line.losses), note=f"{line.sectors} sectors")
        for line in answer.countries[:_BARS]
    )
    hidden = len(answer.countries) - len(bars) + answer.countries_left_out
    return Bars(
        "Output lost by country, without the targets",
        _UNIT,
        bars,
        caption=_caption(answer),
        hidden=hidden,
    )


def sectors(answer: SectorLosses) -> Bars:
    """What each sector loses, by both models."""
    lines = [line for line in answer.sectors if not line.target]
    bars = tuple(
        Bar(line.sector.name, _span(line.losses), _words(line.losses)) for line in lines[:_BARS]
    )
    return Bars(
        "Output lost by sector, without the targets",
        _UNIT,
        bars,
        caption=_caption(answer),
        hidden=len(lines) - len(bars) + answer.sectors_left_out,
    )


def _caption(answer: SectorLosses) -> str:
    first, second = (sectors_words.MODELS[model] for model in answer.models)
    return (
        f"Each bar runs between two models, {first} and {second}: solid to the smaller loss, pale"
        f" to the larger; gains are told, not drawn. {sectors_words.about(answer)}"
    )


def _span(losses: Pair) -> Span:
    ends = [max(0.0, end) for amount in losses for end in amount]
    return Span(min(ends), max(ends))


def _words(losses: Pair) -> str:
    return " | ".join(loss(amount) for amount in losses)


def shifts(answer: SectorLosses) -> Shifts:
    """Output of the sectors that lose most, before and after."""
    lines = answer.sectors[:_SHIFTS]
    rows = tuple(
        Shift(
            line.sector.name + (" [target]" if line.target else ""),
            Span(line.output, line.output),
            _left(line.output, line.losses[0]),
            sectors_words.percent(line.losses[0], line.output),
            "bad" if line.target else "",
        )
        for line in lines
    )
    return Shifts(
        f"Output before and after: {sectors_words.MODELS[answer.models[0]]}",
        _UNIT,
        rows,
        caption=sectors_words.about(answer),
        hidden=len(answer.sectors) - len(rows) + answer.sectors_left_out,
    )


def _left(output: float, lost: Amount) -> Span:
    ends = [max(0.0, output - end) for end in lost]
    return Span(min(ends), max(ends))


def flows(answer: SectorLosses) -> Sankey:
    """What the targets buy from whom, and what they sell to whom."""
    name = sectors_words.targets(answer.targets)
    knots = [Knot("target", name, "target", "bad")]
    bands: list[Flow] = []
    for side, found in (("buy", answer.suppliers), ("sell", answer.customers)):
        for knot, flow in _ends(side, found):
            knots.append(knot)
            ends = (knot.id, "target") if side == "buy" else ("target", knot.id)
            bands.append(Flow(*ends, Span(flow, flow), number(flow)))
    return Sankey(
        f"Direct flows to and from {name}",
        _UNIT,
        tuple(knots),
        tuple(bands),
        caption=f"Final demand is not drawn. {sectors_words.about(answer)}",
        hidden=0,
    )


def _ends(side: str, found: Directs) -> list[tuple[Knot, float]]:
    """The other ends on one side; those that are not told make one knot."""
    ends = [
        (Knot(f"{side} {direct.sector.id}", direct.sector.name), direct.flow)
        for direct in found.largest
        if direct.flow > 0
    ]
    rest = found.total - sum(direct.flow for direct in found.largest)
    if found.left_out and rest > 0:
        what = "suppliers" if side == "buy" else "customers"
        ends.append((Knot(f"{side} others", f"{found.left_out:,} other {what}", "", "muted"), rest))
    return ends


def pattern(answer: SectorLosses) -> Matrix:
    """Which industries lose in which countries, as parts of their output."""
    found = answer.pattern
    parts = [
        [lost / output if output > 0 else None for lost, output in zip(*lines, strict=True)]
        for lines in zip(found.losses, found.outputs, strict=True)
    ]
    return Matrix(
        f"Who loses where, in % of output: {sectors_words.MODELS[answer.models[0]]}",
        found.countries,
        found.industries,
        _squares(parts),
        caption=sectors_words.about(answer),
        dark="the largest part",
        hidden=found.hidden,
    )


def _squares(parts: Sequence[Sequence[float | None]]) -> tuple[tuple[Square, ...], ...]:
    most = max((part or 0 for line in parts for part in line), default=0) or 1
    return tuple(
        tuple(
            Square("", 0)
            if part is None
            else Square(f"{100 * part:.2g}", min(1.0, max(0.0, part / most)))
            for part in line
        )
        for line in parts
    )


def ranks(answer: SectorRanks) -> Bars:
    """What each costs alone: solid what others lose, pale with its own loss."""
    bars = tuple(
        Bar(
            rank.name,
            Span(max(0.0, rank.others.most), max(0.0, rank.total.most)),
            f"{loss(rank.total)}, others {loss(rank.others)}",
        )
        for rank in answer.ranks[:_BARS]
    )
    return Bars(
        "Output lost with each alone",
        _UNIT,
        bars,
        caption=f"Solid: what others lose; pale: with its own loss. {sectors_words.about(answer)}",
        hidden=len(answer.ranks) - len(bars) + answer.left_out,
    )


def among(answer: SectorRanks) -> Matrix:
    """Who loses with whom, in % of the output of the country that loses."""
    told = answer.ranks[:_MATRIX]
    parts = [
        [
            lost / rank.output if rank.output > 0 else None
            for lost, rank in zip(line, told, strict=False)
        ]
        for line in (answer.matrix or ())[: len(told)]
    ]
    names = tuple(rank.name for rank in told)
    # A country's own loss would leave all others pale.
    for at, line in enumerate(parts):
        line[at] = None
    return Matrix(
        "Lost by the column without the row, in %",
        names,
        names,
        _squares(parts),
        caption=sectors_words.about(answer),
        dark="the largest part",
        hidden=len(answer.ranks) - len(told) + answer.left_out,
    )
