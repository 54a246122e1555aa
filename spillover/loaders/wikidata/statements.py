"""What does one statement of an item say of its value: since when, how much, by which source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.wikidata.claims import OWNING, RELATIONS, Said, claims, ended, unknown
from spillover.loaders.wikidata.values import (
    TABLES,
    is_none,
    item_of,
    listed,
    mapping,
    share,
    shown,
    times,
    value_of,
)

_QUALIFIERS: Final[dict[str, str]] = TABLES["qualifiers"]
_NO_SOURCE: Final = frozenset(TABLES["no_source"])
_RANKS: Final = ("preferred", "normal")


class Statement(NamedTuple):
    """One statement that links an item to another."""

    item: str
    number: str
    """Of its property."""
    data: dict[str, Any]
    modified: str
    """When the item was last edited, where the file says it."""

    def __repr__(self) -> str:
        return f"{self.item} {self.number} {self.data!r}"


def statement(record: Statement, context: Context) -> Iterable[Entity | Relation]:
    """The claims of a statement; none when it is deprecated or says that there is nobody.

    Raises:
        InputError: a value, a date or a share that cannot be read.
    """
    item, number, data, modified = record
    key = str(data.get("id") or f"{item} {number}")
    snak = mapping(data.get("mainsnak"), "mainsnak")
    if data.get("rank") == "deprecated":
        context.ignore(f"deprecated statement: {number}", key)
        return ()
    if data.get("rank") not in _RANKS:
        context.note("unknown rank", str(data.get("rank")), key)
    kind = RELATIONS[number]["kind"]
    if is_none(snak):
        context.ignore(f"stated to have none: {number}", key)
        return ()
    somebody = snak.get("snaktype") == "somevalue"
    if somebody and kind not in OWNING:
        context.ignore(f"unknown value: {number}", key)
        return ()
    said = Said(item, number, key if somebody else item_of(snak), key)
    _qualify(said, data, modified, context)
    _refer(said, data)
    return [*((unknown(said),) if somebody else ()), *claims(said, context)]


def _qualify(said: Said, data: dict[str, Any], modified: str, context: Context) -> None:
    """Read the qualifiers into the statement; those without a use are kept as properties."""
    found: dict[str, list[Any]] = {}
    for number, several in mapping(data.get("qualifiers"), "qualifiers").items():
        use = _QUALIFIERS.get(number)
        if use is None:
            context.note("unknown qualifier", number, said.record)
            use = number
        if not use.startswith("ignored"):
            found.setdefault(use, []).extend(listed(several, number))
    _date(said, found, modified, context)
    _measure(said, found, context)
    if found.get("doubt"):
        said.confidence = "low"
    for use, several in found.items():
        texts = tuple(filter(None, map(shown, several)))
        if texts:
            said.properties["qualifiedRole" if use == "role" else use] = texts


def _date(said: Said, found: dict[str, list[Any]], modified: str, context: Context) -> None:
    start, end, seen = (
        [times(snak, context.note)[at] for snak in found.pop(use, ()) if not is_none(snak)]
        for use, at in (("start", 0), ("end", 1), ("observed", 0))
    )
    if len(start) > 1 or len(end) > 1:
        context.note("several dates of one statement", "the widest count", said.record)
    if not all(start):
        context.note("unknown or unreadable date", "start: left open", said.record)
    said.start = min(start) if start and all(start) else None
    if end:
        if not all(end):
            context.note("unknown or unreadable date", "end: no later than known", said.record)
        said.end = max(end) if all(end) else ended(modified, context)
    said.observed = max(seen, default="")


def _measure(said: Said, found: dict[str, list[Any]], context: Context) -> None:
    """The share; one of a part of the item only is kept as words."""
    several = [snak for snak in found.pop("share", ()) if value_of(snak) is not None]
    if not several:
        return
    shares = [share(snak) for snak in several]
    said.stake_text = "; ".join(text for _, text in shares)
    if found.get("part"):
        context.note("share of a part only", RELATIONS[said.number]["role"], said.record)
        said.properties["shareOfPart"], said.stake_text = (said.stake_text,), ""
        return
    said.stake = shares[0][0]
    for stake, _ in shares[1:]:
        said.stake = said.stake.hull(stake)


def _refer(said: Said, data: dict[str, Any]) -> None:
    """Address, day and weight of the sources; what only another wiki says has no source."""
    sourced = False
    seen: list[str] = []
    for reference in listed(data.get("references"), "references"):
        snaks = mapping(mapping(reference, "a reference").get("snaks"), "snaks")
        sourced |= bool(snaks.keys() - _NO_SOURCE)
        for snak in listed(snaks.get("P854"), "P854"):
            said.url = said.url or shown(snak)
        seen += [times(snak)[0] for snak in listed(snaks.get("P813"), "P813")]
    said.observed = said.observed or max(seen, default="")
    if sourced and not said.confidence:
        said.confidence = "medium"
