"""What does a difference look like as one table: a row for each change, for a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.queries.changes.differences import Field
from spillover.views.changes.grid import load_words, title
from spillover.views.changes.words import listed, path, stated, stood, strength
from spillover.views.grid import Grid, Rows, kind_words, made

if TYPE_CHECKING:
    from spillover.queries.changes.change import Changes
    from spillover.queries.changes.diff import Diff

_NO_FIELD: Final = Field("", "", "")


def flat(answer: Diff) -> Grid:
    """Every change that is shown as one row, for a CSV."""
    return made(title(answer), "Of|Change|Subject|Id|Under|Before|After|Datasets", _flat(answer))


def _flat(answer: Diff) -> Rows:
    said, found = answer.contents, answer.changes
    return [
        *(
            (
                "dataset",
                one.what,
                one.name,
                one.name,
                "",
                load_words(one.before),
                load_words(one.after),
                one.name,
            )
            for one in said.datasets
        ),
        *(
            (
                "entity",
                one.what,
                one.entity.name,
                one.entity.id,
                field.name,
                field.before,
                field.after,
                one.dataset,
            )
            for one in said.entities
            for field in one.fields or (_NO_FIELD,)
        ),
        *(
            (
                *("relation", one.what, f"{one.source.name} → {one.target.name}"),
                *(f"{one.source.id} → {one.target.id}", kind_words(one.kind)),
                *(stated(one.before), stated(one.after), one.dataset),
            )
            for one in said.relations
        ),
        *(
            (
                *("join", "changed", one.entity.name, one.entity.id, ""),
                *(one.before.id if one.before else "", one.after.id if one.after else "", ""),
            )
            for one in said.joins
        ),
        *flat_changes(found),
    ]


def flat_changes(found: Changes) -> Rows:
    """Listings, verdicts and exposures as rows of the same columns."""
    return [
        *(
            (
                *("listing", one.what, one.entity.name, one.entity.id, one.programme.id),
                *(listed(one.before), listed(one.after), ", ".join(one.causes.datasets)),
            )
            for one in found.listings
        ),
        *(
            (
                *("verdict", one.what, one.entity.name, one.entity.id, one.rule),
                *(stood(one.before), stood(one.after), ", ".join(one.causes.datasets)),
            )
            for one in found.verdicts
        ),
        *(
            (
                *(
                    "exposure",
                    one.what,
                    one.entity.name,
                    one.entity.id,
                    path(one.after or one.before),
                ),
                *(strength(one.before), strength(one.after), ", ".join(one.causes.datasets)),
            )
            for one in found.exposures
        ),
    ]
