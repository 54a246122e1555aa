"""What does a relationship record claim, how surely, and until when.

StartNode is the child and EndNode the parent. An accounting consolidation is never a share: the
percentage that some records print beside it says how much of the child's figures is consolidated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.evidence import CONFIDENCES
from spillover.graph.schema import Relation
from spillover.loaders.context import Context
from spillover.loaders.gleif.cdf import (
    Tree,
    checked_lei_id,
    child,
    children,
    confidence,
    day,
    incidental_day,
    text,
)

_OTHER_PERIODS: Final = {
    "ACCOUNTING_PERIOD": "accountingPeriod",
    "DOCUMENT_FILING_PERIOD": "documentFilingPeriod",
}


class Period(NamedTuple):
    """From when to when a relationship stands; None where it is not said."""

    start: str | None
    end: str | None


def told(record: Tree, context: Context) -> Iterator[Relation]:
    """One claim for each period of the relationship; mostly one.

    Raises:
        InputError: a relationship or status that is not known, or a node without an id.
    """
    link, kept = child(record, "Relationship"), child(record, "Registration")
    kind = text(link, "RelationshipType")
    meaning = _coded("relationshipTypes", kind, context)
    status = _coded("relationshipStatuses", text(link, "RelationshipStatus"), context)
    registered = _coded("recordStatuses", text(kept, "RegistrationStatus"), context)
    start, end = (_node(child(link, name), context) for name in ("StartNode", "EndNode"))
    if registered.get("merged"):
        context.merge(registered["merged"], f"{start} {kind}")
        return
    ends = _end(record, status, registered, context)
    properties = _properties(meaning, link, kept)
    evidence = context.evidence(
        text(record, "id") or f"{start.removeprefix('lei:')}|{kind}",
        observed=incidental_day(text(kept, "LastUpdateDate"), "LastUpdateDate", context),
        confidence=_confidence(text(kept, "ValidationSources"), status, registered, context),
        stance="denies" if registered.get("denied") else "",
        **_reference(text(kept, "ValidationReference")),
    )
    child_first = meaning["from"] == "start"
    for period in _periods(link, properties):
        yield Relation(
            meaning["kind"],
            start if child_first else end,
            end if child_first else start,
            start=period.start,
            end=period.end or ends,
            evidence=evidence,
            reported_indirect=meaning.get("repeats", False),
            properties={name: tuple(values) for name, values in properties.items()},
        )


def _coded(table: str, value: str, context: Context) -> dict[str, Any]:
    found: dict[str, Any] | None = context.code(table, value, value)
    if found is None:
        known = ", ".join(context.manifest.tables[table])
        raise InputError(f"{value[:80]!r} is not known as one of {table}; known: {known}")
    return found


def _node(node: Tree, context: Context) -> str:
    """The id of a node: an LEI, or the provisional number of a parent that has none."""
    value, kind = text(node, "NodeID"), text(node, "NodeIDType")
    if kind in {"LEI", ""}:
        return checked_lei_id(value, context)
    if not value or kind != "PNI":
        raise InputError(f"a node {value[:40]!r} of type {kind[:40]!r}; expected an LEI or a PNI")
    context.note("provisional node without an LEI", value, value)
    return f"gleif:pni-{value}"


def _confidence(
    source: str, status: dict[str, Any], registered: dict[str, Any], context: Context
) -> str | None:
    limits = [one["at_most"] for one in (status, registered) if "at_most" in one]
    return confidence(source, min(limits, key=CONFIDENCES.index, default=None), context)


def _end(
    record: Tree, status: dict[str, Any], registered: dict[str, Any], context: Context
) -> str | None:
    """The last day on which a relationship can have stood that its record says is over."""
    deleted = text(child(record, "Extension", "Deletion"), "DeletedAt")
    if deleted:
        context.note("relationship deleted by GLEIF", day(deleted)[:4], deleted)
        return day(deleted)
    if status.get("over") or registered.get("over"):
        return day(text(child(record, "Registration"), "LastUpdateDate")) or None
    return None


def _periods(link: Tree, properties: dict[str, list[str]]) -> list[Period]:
    """The periods of the relationship itself; those of its papers go to the properties."""
    found = []
    for item in children(child(link, "RelationshipPeriods"), "RelationshipPeriod"):
        start, end = (day(text(item, name)) for name in ("StartDate", "EndDate"))
        kind = text(item, "PeriodType")
        if kind == "RELATIONSHIP_PERIOD":
            found.append(Period(start or None, end or None))
        elif start or end:
            name = _OTHER_PERIODS.get(kind, "otherPeriod")
            properties.setdefault(name, []).append(f"{start or '..'}/{end or '..'}")
    return found or [Period(None, None)]


def _properties(meaning: dict[str, Any], link: Tree, kept: Tree) -> dict[str, list[str]]:
    """What tells claims apart, and what the papers say."""
    found: dict[str, list[str]] = {
        name: [meaning[name]] for name in ("level", "role") if name in meaning
    }
    for name, value, usual in (
        ("relationshipStatus", text(link, "RelationshipStatus"), "ACTIVE"),
        ("registrationStatus", text(kept, "RegistrationStatus"), "PUBLISHED"),
        ("validationDocuments", text(kept, "ValidationDocuments"), ""),
    ):
        if value != usual:
            found[name] = [value]
    for item in children(child(link, "RelationshipQualifiers"), "RelationshipQualifier"):
        standard = (text(item, "QualifierDimension"), text(item, "QualifierCategory"))
        found.setdefault("accountingStandard", []).append(": ".join(filter(None, standard)))
    for item in children(child(link, "RelationshipQuantifiers"), "RelationshipQuantifier"):
        names = ("QuantifierAmount", "QuantifierUnits", "MeasurementMethod")
        values = (text(item, name) for name in names)
        found.setdefault("consolidated", []).append(" ".join(filter(None, values)))
    return found


def _reference(reference: str) -> dict[str, str]:
    """Where the document stands; words that are no address are the note."""
    return {"url" if reference.startswith(("https://", "http://")) else "note": reference}
