"""Small pictures of amounts that the tests of this folder share."""

from __future__ import annotations

import math

from spillover.views.amounts.figures import (
    Bar,
    Bars,
    Figure,
    Flow,
    Knot,
    Matrix,
    Sankey,
    Shift,
    Shifts,
    Span,
    Square,
)
from tests.views.pictures import HOSTILE


def bars() -> Bars:
    """Four firms: exact, ranged with a middle, unknown, nothing."""
    return Bars(
        "Market share lost",
        "% of the market",
        (
            Bar("ASML Holding", Span(100, 100), "100 %", "bad", "NL · 2021"),
            Bar("Nikon & Söhne <KK>", Span(20, 45.5, 30), "20-45.5 %", note="JP"),
            Bar("中国电子科技集团, a name far too long for its column", Span(0, 100), "unknown"),
            Bar("Nobody", Span(0, 0), "0 %", "muted"),
        ),
        top=100,
        caption="As of 2026-11-22; sources in the tables",
        hidden=3,
    )  # fmt: skip


def shifts() -> Shifts:
    """Concentration of two markets before and after."""
    return Shifts(
        "Concentration",
        "points of the Herfindahl-Hirschman index",
        (
            Shift("Lithography", Span(6800, 6800), Span(10000, 10000), "6 800 to 10 000", "bad"),
            Shift("Etching", Span(2100, 2900, 2500), Span(2300, 10000), "2 100 to 10 000"),
        ),
        hidden=1,
    )


def sankey() -> Sankey:
    """A -> B -> D, A -> C -> D, A -> D past the middle, and D -> A, which closes a circle."""
    knots = (
        Knot("a", "Lithography tools", "lost: 81.5-100 %", "bad"),
        Knot("b", "Photolithography"),
        Knot("c", "Wafers made with very long words in the name of the product", "at risk"),
        Knot("d", "Logic chips", look="warn"),
    )
    flows = (
        Flow("a", "b", Span(81.5, 100), "81.5-100 %", "bad"),
        Flow("a", "c", Span(0, 40), "up to 40 %"),
        Flow("b", "d", Span(81.5, 100), "81.5-100 %"),
        Flow("c", "d", Span(0, 0), "0 %", "muted"),
        Flow("a", "d", Span(10, 10), "10 %"),
        Flow("d", "a", Span(5, 5), "5 %"),
    )
    return Sankey("How the shock spreads", "% of the product", knots, flows, "As of 2026", 2)


def matrix() -> Matrix:
    """Countries by products: shares, an unknown one, an empty cell."""
    return Matrix(
        "Who makes what",
        ("Netherlands", "Japan"),
        ("EUV lithography tools", "Resist processing", "Wafers"),
        (
            (Square("100 %", 1), Square("unknown", None), Square("", 0)),
            (Square("", 0), Square("91 %", 0.91), Square("5-6 %", 0.055)),
        ),
        "As of 2026",
        4,
    )


def every_figure() -> tuple[Figure, ...]:
    """One of each."""
    return (bars(), shifts(), sankey(), matrix())


def hostile_figures() -> tuple[Figure, ...]:
    """Every payload in every text of each picture."""
    text = "".join(HOSTILE)
    span = Span(1, 2, 1.5)
    knots = tuple(Knot(f"{t}{n}", t, t, "bad") for n, t in enumerate(HOSTILE))
    flows = tuple(
        Flow(knots[n].id, knots[(n * 2 + 1) % len(knots)].id, span, t)
        for n, t in enumerate(HOSTILE)
    )
    line = tuple(Square(t, None if n % 2 else 0.5) for n, t in enumerate(HOSTILE[:9]))
    return (
        Bars(text, text, tuple(Bar(t, span, t, "bad", t) for t in HOSTILE), None, text, 1),
        Shifts(text, text, tuple(Shift(t, span, span, t) for t in HOSTILE), (text, text), text),
        Sankey(text, text, knots, flows, text, 1),
        Matrix(text, HOSTILE[:9], HOSTILE[:9], (line,) * 9, text, 1),
    )


def crowded_sankey() -> Sankey:
    """40 boxes in up to eight layers with 90 flows, many of them thin, some without a bound."""
    knots = tuple(Knot(f"k{n}", f"Product number {n} of a chain", f"{n} %") for n in range(40))
    flows = tuple(
        Flow(
            f"k{n % 40}",
            f"k{min((n % 40) + 1 + (n * 7) % 11, 39)}",
            Span(n % 5, math.inf if n % 17 == 0 else n % 5 + n % 30),
            f"{n} %",
        )
        for n in range(90)
        if n % 40 != 39
    )
    return Sankey("Crowded", "%", knots, flows)
