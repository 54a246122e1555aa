"""What stands on the page of strategic goods: reasons, shares, goods side by side, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.amounts.figures import Bar, Bars, Look, Matrix, Square, span
from spillover.views.leaders.page import capped
from spillover.views.leaders.words import holder_words, part_words, share_words
from spillover.views.markets.words import count_words
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, table
from spillover.views.page import Page, Section, Table
from spillover.views.strategic import grid as strategic_grid
from spillover.views.strategic import plain as strategic_plain
from spillover.views.strategic import words
from spillover.views.strategic.reasons import reasons

if TYPE_CHECKING:
    from spillover.queries.markets.leaders import Holder
    from spillover.queries.strategic.answer import Good, Held, Land, Strategic, Structure

_BARS: Final = 10
_CLAIMS: Final = 250
METHOD: Final = (
    """Three logics by which a good is strategic are asked apart, after Ding and Dafoe, The Logic of
    Strategic Assets, Security Studies 30(2), 2021: barriers and scale, leverage from scarcity,
    transfer to military use. Nothing adds them up: a good can be strategic by one alone.""",
    """The index of concentration (Herfindahl and Hirschman) is the sum of the squared shares in
    percent, 10,000 for one producer. Least: what no share covers belongs to very many; most: to
    one. Above 1,800 points a market is highly concentrated by the US merger guidelines of 2023.""",
    """Firms lie where their country is; one with several countries can be of each, one without any
    of every one, and so can those whom nobody names. The rest of a market has to grow by the part
    that falls out, divided by what is left.""",
    """A good needs another where it is said to be made with it, without a stated quantity. Over
    kinds of a wider product goods are reached in part only.""",
    """Ties of producers are those to armed forces, security organs and the defence industry: their
    own, and of owners, subsidiaries and partners. Denials stand beside the claims.""",
)
NOT_SAID: Final = (
    """Nothing found is not nothing there: each unknown is listed as unknown. That somebody is named
    for the first time does not prove that it is new. Other kinds of a product may not be able to
    stand in for it. A tie of a producer says nothing of the use of one good.""",
)


def strategic_page(answer: Strategic) -> Page:
    """The report on strategic goods."""
    numbers = strategic_grid.numbers(answer)
    sections = [Section("The three logics in words", tables=_judgements(answer))]
    if len(answer.goods) > 1:
        sections.append(Section("Side by side", figures=(_matrix(answer),)))
    figures = tuple(bars for good in answer.goods if (bars := _bars(good, answer)) is not None)
    if figures:
        sections.append(Section("Shares drawn", figures=figures))
    sections.append(Section("Numbers", tables=(table(capped(numbers)),)))
    sections += [
        Section(one.title, tables=(table(capped(one)),))
        for one in (
            strategic_grid.shares(answer),
            strategic_grid.related(answer),
            strategic_grid.military(answer),
        )
        if one.rows
    ]
    claims = grid.evidence("Every claim", answer.claims, whole=True)
    sections.append(Section("Sources", tables=(table(capped(claims, _CLAIMS)),)))
    sections.append(Section("What this does not say", NOT_SAID))
    return Page(
        title=numbers.title,
        headline=_headline(answer),
        facts=(("As of", answer.when.as_of), ("Goods", str(len(answer.goods)))),
        sections=tuple(sections),
        datasets=datasets(answer.sources),
        method=(*METHOD, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=strategic_plain.strategic(answer),
    )


def _headline(answer: Strategic) -> str:
    """How many sentences speak for which logic of one good; of several their names."""
    if len(answer.goods) > 1:
        return f"Three logics of {len(answer.goods)} goods"
    (good,) = answer.goods
    speaking = [of.logic for of in reasons(good) if of.speaks_for]
    if not speaking:
        return f"{words.brief(good.product.name)}: nothing here speaks for any of the three logics"
    return f"{words.brief(good.product.name)}: something speaks for {', '.join(speaking)}"


def _judgements(answer: Strategic) -> tuple[Table, ...]:
    """What speaks for and against each logic, one table for each good."""
    return tuple(
        Table(
            good.product.name,
            ("Logic", "For", "Against", "Unknown"),
            tuple(
                (of.logic, *(" ".join(texts) or "-" for texts in of[1:])) for of in reasons(good)
            ),
        )
        for good in answer.goods
    )


def _bars(good: Good, answer: Strategic) -> Bars | None:
    """Shares of producers in each count, and of the jurisdictions of firms where nobody counts."""
    bars: list[Bar] = []
    hidden = 0
    for one in good.barriers:
        if one.quantified:
            by = count_words(one.side, one.reach)
            bars += [_share(holder, by) for holder in one.holders[:_BARS]]
            hidden += max(0, len(one.holders) - _BARS)
    counted = {one.side for one in good.barriers if one.quantified}
    for held in good.scarcity.held:
        if held.largest.low and counted == {"firm"}:
            bars += [_land(land) for land in held.lands[:_BARS]]
            hidden += max(0, len(held.lands) - _BARS)
    if not bars:
        return None
    below = caption(answer.when, "firms and countries are two counts of one market")
    return Bars(
        f"Shares in {words.brief(good.product.name)}", "% of the market", tuple(bars),
        top=100, caption=below, hidden=hidden,
    )  # fmt: skip


def _land(land: Land) -> Bar:
    return Bar(land.name, span(*land.part), part_words(*land.part), note="jurisdiction of firms")


def _share(holder: Holder, by: str) -> Bar:
    look: Look = "" if holder.stated else "muted"
    width = span(holder.low, holder.high)
    return Bar(holder_words(holder), width, share_words(holder), look, note=by)


_COLUMNS: Final = (
    "concentration, points",
    "largest producer",
    "one jurisdiction",
    "goods that need it",
    "regimes that cover it",
    "producers with ties",
)


def _matrix(answer: Strategic) -> Matrix:
    """Goods by numbers; counts are as dark as they are large among these goods."""
    rows = [_numbers(good) for good in answer.goods]
    most = [max(row[column][1] or 0 for row in rows) for column in range(len(_COLUMNS))]
    return Matrix(
        "Goods by the numbers of the three logics",
        tuple(words.brief(good.product.name) for good in answer.goods),
        _COLUMNS,
        tuple(
            tuple(
                Square(text, None if value is None else min(value / max(most[at], 1.0), 1.0))
                for at, (text, value) in enumerate(row)
            )
            for row in rows
        ),
        caption=caption(answer.when, "numbers of different kinds: not to be added up"),
    )


def _numbers(good: Good) -> list[tuple[str, float | None]]:
    """Text and amount of each column; None where it is unknown."""
    structure = _clearest(good.barriers)
    held = max(good.scarcity.held, key=lambda one: one.largest.low, default=None)
    needed = len(good.scarcity.downstream.essential)
    found = good.transfer.covers
    covers = len({cover.regime.id for cover in found if cover.counted})
    tied = sum(one.counted for one in good.transfer.tied)
    known = structure is not None and structure.quantified
    return [
        (words.points_of(structure.hhi), float(structure.hhi.low / 10_000))
        if structure is not None and known
        else ("?", None),
        (part_words(*structure.first), words.whole(structure.first.low))
        if structure is not None and known
        else ("?", None),
        _jurisdiction(held),
        (str(needed), float(needed)) if needed else ("none known", None),
        (str(covers), float(covers)) if covers else ("none known", None),
        (str(tied), float(tied)) if tied else ("none known", None),
    ]


def _jurisdiction(held: Held | None) -> tuple[str, float | None]:
    if held is None or not held.largest.low:
        return "?", None
    return f"{held.lands[0].name} {part_words(*held.largest)}", words.whole(held.largest.low)


def _clearest(found: tuple[Structure, ...]) -> Structure | None:
    """The count that leaves least open."""
    return min(found, key=lambda one: one.hhi.high - one.hhi.low, default=None)
