"""How does the answer about a coalition become tables?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.coalitions import words
from spillover.views.grid import Grid, Rows

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.coalitions.coalition_answer import Coalition, Cover, Defection

SHOWN: Final = 60
"""Rows of a long table that a terminal or a page shows."""


def title(answer: Coalition) -> str:
    """What was asked."""
    who = f"by {words.coalition(answer)} " if answer.members else ""
    against = f" against {words.land(answer.target)}" if answer.target else ""
    return f"{answer.product.name}{against}: covered {who}as of {answer.when.as_of}"


def covers(answer: Coalition) -> Grid:
    """One row for each product of the chain."""
    inside = {member.code for member in answer.members}
    names = words.names(answer)
    rows: Rows = []
    for cover in answer.covers:
        mine = [piece for piece in cover.pieces if piece.land.code in inside]
        others = [piece for piece in cover.pieces if piece.land.code not in inside]
        rows.append(
            (
                cover.product.name,
                words.ROLE[cover.role],
                words.part(cover.covered),
                words.part(cover.denied),
                cover.covers,
                words.pieces(mine, 4),
                words.pieces(others, 3),
                words.smallest(cover.certain, names),
                words.count(cover),
            )
        )
    enough = f"Covers {words.quota(answer)}"
    return grid.made(
        title(answer),
        f"Product|Role|Covered|With inputs|{enough}|Members|Others|Smallest to cover it|Count",
        rows,
        "; ".join(words.summary(answer)),
    )


def smallest(answer: Coalition) -> Grid:
    """The smallest coalitions for the product and what it cannot be made without."""
    names = words.names(answer)
    rows: Rows = [
        (
            cover.product.name,
            words.smallest(cover.certain, names, 12),
            words.smallest(cover.possible, names, 12),
            ", ".join(names[p.land] for p in cover.pivots if p.veto == "yes") or "-",
        )
        for cover in essential(answer)
    ]
    return grid.made(
        f"Smallest coalitions that cover {words.quota(answer)}",
        "Product|Certainly|Possibly|Nobody without",
        rows,
        "; ".join(_ways(answer)),
    )


def essential(answer: Coalition) -> list[Cover]:
    """The product, and what it cannot be made without."""
    return [cover for cover in answer.covers if cover.role != "possible"]


def _ways(answer: Coalition) -> list[str]:
    said = [
        f"{' + '.join(words.land(member) for member in way.members)} would be enough to deny"
        f" {answer.product.name} to {words.quota(answer)}, through"
        f" {', '.join(party.name for party in way.products)}"
        for way in answer.ways
    ]
    more = [f"{answer.ways_left_out} more such coalitions"] if answer.ways_left_out else []
    return said + more


def defections(answer: Coalition) -> Grid:
    """What it costs when a member leaves."""
    found = [*([answer.leaving] if answer.leaving else []), *answer.defections]
    rows: Rows = [
        (
            words.lands(item.leaving),
            words.denied(answer.denied, answer.known),
            words.denied(item.denied, item.known),
            _falls(item, "yes"),
            _falls(item, "perhaps"),
            _largest(item),
        )
        for item in dict.fromkeys(found)
    ]
    quiet = len(answer.members) - len(answer.defections)
    note = f"{quiet} of {len(answer.members)} members have no part of it" if quiet else ""
    return grid.made(
        "If a member leaves",
        f"Leaving|Denied before|Denied after|Fall below {words.quota(answer)}"
        "|Perhaps fall below|Largest falls",
        rows,
        note,
    )


def _falls(item: Defection, word: str) -> str:
    names = [change.product.name for change in item.changes if change.drops == word]
    if len(names) > 4:  # noqa: PLR2004 - as many as a cell holds
        return f"{len(names)} products: {', '.join(names[:4])} ..."
    return ", ".join(names) or "-"


def _largest(item: Defection) -> str:
    largest = sorted(item.changes, key=lambda c: (c.after.low - c.before.low, c.product.id))[:3]
    return "\n".join(
        f"{c.product.name}: {words.part(c.before)} → {words.part(c.after)}" for c in largest
    )


def power(answer: Coalition) -> Grid:
    """How pivotal each country is for the product and what it cannot be made without."""
    inside = {member.code for member in answer.members}
    rows: Rows = []
    for cover in essential(answer):
        have = {piece.land.code: piece for piece in cover.pieces}
        drops = {land.code: word for land, word in cover.pivotal}
        for pivot in cover.pivots:
            piece = have[pivot.land]
            rows.append(
                (
                    cover.product.name,
                    words.land(piece.land),
                    words.part(piece.part) if piece.stated else "not stated",
                    words.power(pivot),
                    pivot.veto,
                    drops.get(pivot.land, "no") if pivot.land in inside else "no member",
                )
            )
    return grid.made(
        f"Who is pivotal when {words.quota(answer)} is to be covered",
        "Product|Country|Share|Shapley-Shubik|Nobody without it|Its leaving drops the cover",
        rows,
    )


def firms(answer: Coalition) -> Grid:
    """Firms of members that lose the market which is denied."""
    rows: Rows = [
        (
            item.firm.name,
            words.land(item.land),
            item.product.name,
            words.part(item.share) if item.stated else "not stated",
        )
        for item in answer.bearers
    ]
    return grid.made(
        "Firms of members that make it", "Firm|Country|Product|Share of the market", rows
    )


def sales(answer: Coalition) -> Grid:
    """What those firms sell to the country that is denied."""
    rows: Rows = [
        (
            item.firm.name,
            words.land(item.land),
            words.part(item.share) if item.stated else "not stated",
            "\n".join(map(_said, item.claims)),
            ", ".join(party.name for party in item.makes) or "none of it, as far as is known",
        )
        for item in answer.sales
    ]
    target = words.land(answer.target) if answer.target else ""
    return grid.made(
        f"Sales to {target} at risk",
        "Firm|Country|Part of its sales|By claims|Makes",
        rows,
        "a firm that is not listed can sell there all the same: nobody says so",
    )


def _said(claim: Claim) -> str:
    """What one claim states of sales."""
    text = claim.stake_text if claim.stake and claim.basis == "sales" else "share not stated"
    denied = "DENIED: " if claim.stance == "denies" else ""
    return f"{denied}{text} ({claim.observed or claim.start or 'undated'}, {claim.publisher})"


def membership(answer: Coalition) -> list[Claim]:
    """Claims of the memberships that make the coalition."""
    return [c for r in answer.regimes for member in r.members for c in member.claims]


def evidence(answer: Coalition) -> list[Claim]:
    """Claims of what is sold, then of every share that is counted, the product first."""
    found = [c for item in answer.sales for c in item.claims]
    found += [c for cover in answer.covers for c in (*cover.claims, *cover.regimes)]
    found += [c for item in answer.bearers for c in item.claims]
    return list(dict.fromkeys(found))


def grids(answer: Coalition, limit: int | None) -> tuple[Grid, ...]:
    """All tables; long ones up to a number of rows, and then how many are left out."""
    made = [covers(answer), smallest(answer)]
    if answer.members:
        made += [defections(answer), power(answer), firms(answer)]
    if answer.target:
        made.append(sales(answer))
    if answer.regimes:
        made.append(claims("Who is a member, by whose word", membership(answer)))
    made.append(claims("Sources of the shares", evidence(answer)))
    return tuple(capped(item, limit) for item in made)


def claims(title: str, said: Iterable[Claim]) -> Grid:
    """Claims with their sources."""
    return grid.evidence(title, said)


def capped(found: Grid, limit: int | None) -> Grid:
    """The first rows of a table, with a count of those that are not shown."""
    if limit is None or len(found.rows) <= limit:
        return found
    said = f"{len(found.rows) - limit} more rows, in the JSON, CSV or workbook"
    note = "; ".join(filter(None, (found.note, said)))
    return replace(found, rows=found.rows[:limit], note=note)
