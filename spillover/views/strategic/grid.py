"""How do strategic goods become tables: numbers by logic, reasons, details, and their sources?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import grid
from spillover.views.grid import Grid, Rows
from spillover.views.leaders.words import holder_words, part_words, share_words
from spillover.views.markets.words import count_words
from spillover.views.strategic import words
from spillover.views.strategic.reasons import reasons

if TYPE_CHECKING:
    from spillover.queries.strategic.answer import Good, Held, Strategic, Structure

_CLAIMS = 80
"""Claims that a terminal shows; a workbook, a page and the JSON have all of them."""
NO_SCORE = "three logics side by side: no score adds them up"
_Row = tuple[str, str, str]


def numbers(answer: Strategic) -> Grid:
    """One row for each number of each logic of each good."""
    rows: Rows = []
    for good in answer.goods:
        for logic, of in zip(words.LOGICS, (_barriers, _scarcity, _transfer), strict=True):
            rows += [(good.product.name, logic, *row) for row in of(good)]
    return grid.made(title(answer), "Good|Logic|Number|Value|Counted by", rows, NO_SCORE)


def title(answer: Strategic) -> str:
    """What was asked."""
    asked = words.listed([words.brief(good.product.name, 40) for good in answer.goods], 3)
    return f"Strategic or not: {asked}, as of {answer.when.as_of}"


def _barriers(good: Good) -> list[_Row]:
    if not good.barriers:
        return [("producers", words.NOBODY, "-")]
    return [row for structure in good.barriers for row in _structure(structure)]


def _structure(structure: Structure) -> list[_Row]:
    by = count_words(structure.side, structure.reach)
    named = f"{structure.producers}, {structure.quantified} with a stated share"
    return [
        ("concentration (HHI, of 10,000)", words.points_of(structure.hhi), by),
        ("producers named", named, by),
        ("largest share", part_words(*structure.first), by),
        ("three largest together", part_words(*structure.three), by),
        ("no stated share", part_words(*structure.unquantified), by),
        ("entry", words.entry_words(structure), by),
    ]


def _scarcity(good: Good) -> list[_Row]:
    scarcity = good.scarcity
    rows = [row for held in scarcity.held for row in _held(held)]
    below, above = scarcity.downstream, scarcity.upstream
    rows += [
        ("other kinds of a wider product", _others(good), "-"),
        ("goods that need it", words.chain_words(below), "-"),
        ("where the chain ends", words.end_words(good) or "-", "-"),
        ("inputs that it needs itself", words.chain_words(above), "-"),
    ]
    if scarcity.narrow:
        most = scarcity.narrow[0]
        said = f"{most.product.name}: {words.largest_words(most.held)}"
        by = count_words(most.held.side, most.held.reach)
        rows.append(("input that lies most in one jurisdiction", said, by))
    return rows


def _held(held: Held) -> list[_Row]:
    by = count_words(held.side, held.reach)
    outside = str(held.lands[0].outside) if held.lands and held.largest.low else "unknown"
    return [
        ("largest share in one jurisdiction", words.largest_words(held), by),
        ("growth of the rest to stand in for it", words.growth_words(held), by),
        ("producers named who are not of it", outside, by),
    ]


def _others(good: Good) -> str:
    others = good.scarcity.others
    return (
        f"{len(others)}: {words.names(other.product for other in others)}"
        if others
        else "none is known"
    )


def _transfer(good: Good) -> list[_Row]:
    transfer = good.transfer
    rows = [
        (f"control lists that cover {what}", _covers(good, place), "-")
        for place, what in words.PLACES.items()
        if place == "itself" or words.covering(transfer, place)
    ]
    codes = [code for code, _ in transfer.codes]
    lists = words.listings(transfer)
    customers = [f"{party.name} to {organ.party.name}" for party, organ in transfer.customers]
    rows += [
        ("customs codes (HS)", words.listed(codes) or "none is linked to it", "-"),
        ("producers with ties to defence", words.tied_words(transfer), "firms"),
        ("producers and owners of them on lists", words.listed(lists) or "none is known", "firms"),
        ("supplied to armed forces", words.listed(customers) or "nothing is known", "firms"),
        ("denials", "\n".join(words.denials(transfer)) or "none is known", "-"),
    ]
    return rows


def _covers(good: Good, place: str) -> str:
    covers = words.covering(good.transfer, place)
    found = list(dict.fromkeys(words.cover_words(cover) for cover in covers))
    return f"{len(found)}: {words.listed(found)}" if found else "none is known in these datasets"


def judgements(answer: Strategic) -> Grid:
    """What speaks for each logic, what against it, what is unknown."""
    rows: Rows = [
        (
            good.product.name,
            of.logic,
            *("\n".join(text.rstrip(".") for text in texts) or "-" for texts in of[1:]),
        )
        for good in answer.goods
        for of in reasons(good)
    ]
    return grid.made("The three logics in words", "Good|Logic|For|Against|Unknown", rows)


def shares(answer: Strategic) -> Grid:
    """Producers and jurisdictions with their shares."""
    rows: Rows = []
    for good in answer.goods:
        for structure in good.barriers:
            by = count_words(structure.side, structure.reach)
            rows += [
                (good.product.name, by, holder_words(one), share_words(one))
                for one in structure.holders
            ]
        for held in good.scarcity.held:
            if held.side == "firm":
                rows += [
                    (good.product.name, "jurisdictions of firms", land.name, part_words(*land.part))
                    for land in held.lands
                ]
    return grid.made("Who has which share", "Good|Counted by|Who|Share", rows)


def related(answer: Strategic) -> Grid:
    """Other kinds, goods that need it, and inputs, with where most of them lies."""
    rows: Rows = []
    for good in answer.goods:
        name, scarcity = good.product.name, good.scarcity
        rows += [
            (name, f"other kind of {one.wider.name}", one.product.name, _lies(one.held))
            for one in scarcity.others
        ]
        rows += [(name, "needs it", party.name, "-") for party in scarcity.downstream.essential]
        rows += [(name, "reached in part", p.name, "-") for p in scarcity.downstream.partly]
        rows += [
            (
                name,
                "input" if one.essential else "input, in part",
                one.product.name,
                _lies(one.held),
            )
            for one in scarcity.narrow
        ]
    columns = "Good|Relation|Other good|Largest share in one jurisdiction"
    return grid.made("Other goods beside it, after it and before it", columns, rows)


def _lies(held: Held | None) -> str:
    return words.largest_words(held) if held else words.NOBODY


def military(answer: Strategic) -> Grid:
    """Control lists, ties and listings, one a row; those that do not count among them."""
    rows: Rows = []
    for good in answer.goods:
        name, transfer = good.product.name, good.transfer
        rows += [
            (name, f"control list, of {words.PLACES[one.place]}", one.regime.name, one.product.name,
             one.standing, words.cover_words(one))
            for one in transfer.covers
        ]  # fmt: skip
        for one in transfer.tied:
            rows += [
                (name, f"{reached.tie.category.title} ({reached.route})", one.party.name,
                 reached.tie.organ.party.name, reached.tie.status,
                 f"{reached.tie.entity.name}: {reached.tie.word}")
                for reached in one.ties
            ]  # fmt: skip
            rows += [
                (
                    name,
                    "listing",
                    one.party.name,
                    claim.source.name,
                    claim.standing,
                    claim.start or "-",
                )
                for claim in one.listings
            ]
            rows += [
                (name, f"listing, above {one.party.name}", above.party.name, claim.source.name,
                 claim.standing, claim.start or "-")
                for above in one.above
                for claim in above.listings
            ]  # fmt: skip
    columns = "Good|What|Who|Of whom or what|Standing|Said"
    return grid.made("Control lists, ties and listings", columns, rows)


def evidence(answer: Strategic, most: int | None = _CLAIMS) -> Grid:
    """The claims; of very many the first, and where the others are."""
    claims = answer.claims
    if most is None or len(claims) <= most:
        return grid.evidence("Sources of every number", claims, whole=True)
    found = grid.evidence("Sources of the numbers", claims[:most], whole=True)
    note = f"{len(claims) - most} more claims: see the workbook, the page or the JSON"
    return Grid(found.title, found.columns, found.rows, note, blocks=found.blocks)


def every(answer: Strategic, most: int | None = _CLAIMS) -> tuple[Grid, ...]:
    """All tables that say something."""
    tables: tuple[Grid, ...] = (
        judgements(answer),
        shares(answer),
        related(answer),
        military(answer),
    )
    filled = tuple(table for table in tables if table.rows)
    return (numbers(answer), *filled, evidence(answer, most))
