"""What do answers of the methods of ownership look like as plain data (docs/json.md)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from spillover.views.plain import Plain, conditions, party, share, sources

if TYPE_CHECKING:
    from spillover.queries.attribution import Attribution, Interval
    from spillover.queries.beneficial_owners import Beneficial
    from spillover.queries.power import Power


def _number(value: Fraction | float | None) -> str | None:
    """A number as text: a decimal; a fraction where the decimal would have no end."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        return str(value)
    return repr(float(value))


def _interval(value: Interval) -> Plain:
    return {"low": _number(value.low), "high": _number(value.high)}


def attribution(answer: Attribution) -> Plain:
    """One owner's shares by one method."""
    from spillover.queries.attribution import METHODS

    method = METHODS[answer.method]
    return {
        "question": "shares",
        "method": {
            "name": answer.method,
            "title": method.title,
            "formula": method.formula,
            "source": method.source,
        },
        **conditions(answer.when),
        "owner": party(answer.owner),
        "results": [
            {"asset": party(row.asset), "percent": _interval(row.share)} for row in answer.rows
        ],
        "residual": answer.residual,
        "standard_error": answer.error,
        "unbounded": [[party(one) for one in cycle] for cycle in answer.unbounded],
        "truncated": answer.truncated,
        "chains_left_out": answer.cut,
        "longer_chains_at_most": _number(answer.beyond),
        **sources(answer.sources),
    }


def beneficial(answer: Beneficial) -> Plain:
    """Ultimate owners."""
    return {
        "question": "beneficial",
        **conditions(answer.when),
        "entity": party(answer.entity),
        "owners": [
            {"owner": party(one.party), "percent": _interval(one.share)} for one in answer.owners
        ],
        "unattributed": _interval(answer.unattributed),
        "circles": [
            {
                "members": [party(one) for one in circle.members],
                "closed": circle.closed,
                "percent": _interval(circle.share),
            }
            for circle in answer.circles
        ],
        "overstated": [party(one) for one in answer.overstated],
        **sources(answer.sources),
    }


def power(answer: Power) -> Plain:
    """Voting power of shareholders."""
    return {
        "question": "power",
        **conditions(answer.when),
        "entity": party(answer.entity),
        "undisclosed": answer.undisclosed,
        "holders": [
            {
                "owner": party(holder.party),
                "share": share(holder.share),
                **{
                    index: {
                        "low": str(getattr(holder, index)[0]),
                        "high": str(getattr(holder, index)[1]),
                    }
                    for index in ("shapley", "banzhaf", "normalised")
                },
            }
            for holder in answer.holders
        ],
        **sources(answer.sources),
    }
