"""How do answers of the methods of ownership become rows and columns."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views.grid import Grid, Rows, made, name

if TYPE_CHECKING:
    from spillover.queries.attribution import Attribution, Interval
    from spillover.queries.beneficial_owners import Beneficial
    from spillover.queries.power import Power

_DIGITS: Final = 6


def number(value: Fraction | float) -> str:
    """A number to six digits, without zeros behind it."""
    return f"{float(value):.{_DIGITS}f}".rstrip("0").rstrip(".")


def interval(share: Interval) -> str:
    """A share in percent in words; "≈" where it is no short exact decimal."""
    low = number(share.low)
    ends = [end for end in share if end is not None]
    sign = "" if all(map(_short, ends)) else "≈ "
    if share.high is None:
        return f"{sign}{low} % or more, unbounded"
    high = number(share.high)
    return f"{sign}{low} %" if low == high else f"{sign}{low}–{high} %"


def _short(value: Fraction | float) -> bool:
    """Whether the digits shown are all that there are."""
    return isinstance(value, Fraction) and (value * 10**_DIGITS).denominator == 1


def attribution(answer: Attribution) -> Grid:
    """One row for each asset."""
    from spillover.queries.attribution import METHODS

    method = METHODS[answer.method]
    rows: Rows = [(name(row.asset), interval(row.share)) for row in answer.rows]
    notes = [f"{method.title}: {method.formula} ({method.source})"]
    if answer.residual:
        notes.append(f"largest residual {answer.residual:.1e}")
    if answer.error:
        notes.append(f"sampled, standard error at most {answer.error:.2g} points")
    notes += [
        f"unbounded because of a closed cycle: {', '.join(party.name for party in cycle)}"
        for cycle in answer.unbounded
    ]
    if answer.cut:
        notes.append(f"{answer.cut} chains were left out; the bounds allow for them")
    if answer.beyond:
        notes.append(
            f"longer chains were not followed: of any asset they give at most"
            f" {number(answer.beyond)} %"
        )
    if answer.truncated:
        notes.append(f"{answer.truncated} assets beyond the limit are not shown")
    return made(
        f"Shares of {answer.owner.name} by {answer.method}, as of {answer.when.as_of}",
        "Asset|Share",
        rows,
        "\n".join(notes),
    )


def beneficial(answer: Beneficial) -> Grid:
    """One row for each ultimate owner, then what nobody accounts for."""
    rows: Rows = [(name(owner.party), interval(owner.share)) for owner in answer.owners]
    rows += [
        (
            f"closed circle: {', '.join(party.name for party in circle.members)}",
            interval(circle.share),
        )
        for circle in answer.circles
        if circle.closed
    ]
    rows.append(("nobody that is declared", interval(answer.unattributed)))
    notes = [
        f"{', '.join(party.name for party in circle.members)} hold parts of each other"
        for circle in answer.circles
        if not circle.closed
    ]
    notes += [
        f"the declared owners of {party.name} hold over 100 %: the claims contradict each other"
        for party in answer.overstated
    ]
    return made(
        f"Ultimate owners of {answer.entity.name} as of {answer.when.as_of}",
        "Ultimate owner|Share through all chains",
        rows,
        "\n".join(notes),
    )


def power(answer: Power) -> Grid:
    """One row for each shareholder."""
    rows: Rows = [
        (
            name(holder.party),
            format_stake(holder.share),
            _ends(holder.shapley),
            _ends(holder.banzhaf),
            _ends(holder.normalised),
        )
        for holder in answer.holders
    ]
    return made(
        f"Voting power in {answer.entity.name} as of {answer.when.as_of}",
        "Shareholder|Share|Shapley-Shubik|Banzhaf|Banzhaf, normalised",
        rows,
        "no declared shareholder"
        if not rows
        else {
            "absent": "more than half of the declared votes decide; undeclared ones are not cast",
            "silent": "more than half of all votes decide; undeclared ones never agree",
        }[answer.undisclosed],
    )


def _ends(ends: tuple[Fraction, Fraction]) -> str:
    low, high = map(number, ends)
    return low if low == high else f"{low} to {high}"
