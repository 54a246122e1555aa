"""From when until when was a target of the Swiss list listed, and under which programmes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.schema import Entity
from spillover.loaders.ch_seco.files import Measures, Target
from spillover.loaders.ch_seco.said import attribute, nested, texts
from spillover.loaders.context import Context

PROGRAMME: Final = Entity("CH-SECO", "Programme", "Swiss sanctions")
OTHER: Final = Entity("CH-SECO-OTHER", "Programme", "Swiss measures that freeze no assets")
_DAYS: Final = ("effective-date", "enactment-date", "publication-date")


class Span(NamedTuple):
    """One time for which a target was listed; None is open."""

    start: str | None
    end: str | None


def spans(target: Target, key: str, context: Context) -> list[Span]:
    """The times for which a target was listed, in order; the last is open while it still is.

    Raises:
        InputError: a change without a readable day closes the listing.
    """
    changes = []
    for change in nested(target.said, "modification"):
        kind = attribute(change, "modification-type")
        effect = context.code("changes", kind, key)
        day = next((text for name in _DAYS if (text := attribute(change, name))), "")
        if effect in {"open", "close"}:
            changes.append((_checked(day, kind, key) if day or effect == "close" else "", effect))
    # The list writes the last change first; of two of one day the later one stands above.
    changes.reverse()
    changes.sort(key=lambda change: change[0])
    found: list[Span] = []
    opened: str | None = None
    listed = not any(effect == "open" for _, effect in changes[:1])
    for day, effect in changes:
        if effect == "open" and not listed:
            opened, listed = day or None, True
        elif effect == "close" and listed:
            found.append(Span(opened, day))
            opened, listed = None, False
    if listed:
        found.append(Span(opened, None))
    if any(span.start is None for span in found):
        context.note("no day of listing", "its changes do not say since when", key)
    return found


def _checked(day: str, kind: str, key: str) -> str:
    try:
        day_range(day)
    except DateError:
        raise InputError(f"{key} is {kind} on {day[:40]!r}; expected a day") from None
    return day


def sets(target: Target, key: str, context: Context) -> list[Measures]:
    """The sets of measures that a target stands under, as far as the file explains them."""
    ids = [*texts(target.said, "sanctions-set-id"), attribute(target.said, "sanctions-set-id")]
    found = []
    for one in dict.fromkeys(filter(None, ids)):
        if one in target.sets:
            found.append(target.sets[one])
        else:
            context.note("set of measures that the file does not explain", one, key)
    return found


def programmes(measures: list[Measures], context: Context) -> Iterator[Entity]:
    """The programme of the listing as such, and those that rules start from."""
    others = [re.compile(text, re.IGNORECASE) for text in context.manifest.tables["others"]]
    named = context.manifest.tables["programmes"]
    freezing = [m for m in measures if not any(one.search(m.text) for one in others)]
    for one in freezing:
        context.note("set of measures read as a freeze of assets", one.text, one.programme)
    if not freezing and measures:
        yield OTHER
        return
    yield PROGRAMME
    for pattern, key in named.items():
        texts_of = (text for one in freezing for text in (one.programme, one.name))
        if any(re.search(pattern, text, re.IGNORECASE) for text in texts_of):
            yield Entity(key, "Programme", key)
