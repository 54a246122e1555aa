"""What does an edge of the database say that one node is to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Relation
from spillover.loaders.context import Context
from spillover.loaders.icij.dates import iso_date
from spillover.loaders.icij.tables import TABLES, TYPES, Memory, Row, folded

_LINKS: Final = {
    text: tuple(kinds.split())
    for kinds, groups in TABLES["links"].items()
    for texts in groups
    for text in texts
}
_CURRENT: Final = re.compile(r"through\D*(\d{4})")


def edge(row: Row, context: Context) -> Iterable[Relation]:
    """The claims of one edge; none when it guesses, or tells the address of a node.

    Raises:
        InputError: no id at an end, or a date that cannot be read.
    """
    start, end, said, link = row["start"], row["end"], row["type"], row.get("link", "")
    if not (start.isalnum() and end.isalnum()):
        raise InputError(f"{start[:40]!r} and {end[:40]!r} are no ids of two nodes")
    memory: Memory = context.state["memory"]
    kinds = memory.meanings.get((said, link)) or _meaning(said, link, context)
    record = row.get("id") or f"{start} {said} {end}"
    if kinds == ("same",):
        context.ignore(f"guess that two nodes are the same: {folded(said)}", record)
        return ()
    note = link or said
    if kinds == ("address",):
        if end in memory.addresses and start in memory.placed:
            context.merge("address of a node", record)
            return ()
        kinds, note = ("LINKED_TO",), memory.addresses.get(end, "")
    properties = {"role": (link or said,)}
    if row.get("status"):
        properties["status"] = (row["status"],)
    claim = Relation(
        kinds[0],
        f"icij:{start}",
        f"icij:{end}",
        start=_day(row, "start_date"),
        end=_day(row, "end_date"),
        evidence=_evidence(row, context)._replace(record=record, note=note),
        properties=properties,
    )
    return [_of_kind(kind, claim) for kind in kinds]


def _of_kind(kind: str, claim: Relation) -> Relation:
    if kind == "EMPLOYS":  # the leak names the employee first
        return claim._replace(kind=kind, source=claim.target, target=claim.source)
    return claim if kind == claim.kind else claim._replace(kind=kind)


def _meaning(said: str, link: str, context: Context) -> tuple[str, ...]:
    """Kinds of claim that an edge makes; the link decides where its kind leaves it open."""
    memory: Memory = context.state["memory"]
    rule = TYPES.get(folded(said), "by link")
    kinds = (rule,) if rule != "by link" else _LINKS.get(folded(link or said))
    if kinds is None:  # not remembered, so that every one of them is counted
        context.note("unknown link", link or said, said)
        return ("LINKED_TO",)
    memory.meanings[said, link] = kinds
    return kinds


def _evidence(row: Row, context: Context) -> Evidence:
    """The leak that says so; its own words, or those of its nodes, tell how current it is."""
    memory: Memory = context.state["memory"]
    leak, current = row.get("sourceID", ""), row.get("valid_until", "")
    kept = memory.evidence.get((leak, current))
    if kept is None:
        years = {year_of(current, context)} if current else memory.current.get(leak, set())
        observed = next(iter(years)) if len(years) == 1 else ""
        kept = context.evidence("", title=leak, observed=observed)
        memory.evidence[leak, current] = kept
    return kept


def year_of(current: str, context: Context) -> str:
    """The year of "... data is current through 2015"; empty, and a signal, when there is none."""
    match = _CURRENT.search(current)
    if not match:
        context.note("unreadable valid_until", current, current)
    return match[1] if match else ""


def _day(row: Row, column: str) -> str | None:
    text = row.get(column)
    if not text:
        return None
    day = iso_date(text)
    if not day:
        raise InputError(f"{column} {text[:40]!r} is no date; write YYYY-MM-DD")
    return day
