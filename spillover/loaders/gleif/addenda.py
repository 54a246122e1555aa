"""What do other files add to an entity: why it reports no parent, and its ISINs.

One LEI has up to two exceptions and many ISINs, each a record of its own, mostly in another file
than its LEI record. They are gathered before anything is told, and told with the LEI record where
the load has it; else the first of them describes the entity, by its LEI for want of a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity
from spillover.loaders.context import Context
from spillover.loaders.gleif.cdf import Tree, child, children, lei_id, plain, text
from spillover.loaders.gleif.forms import Raw, looked_at

TABLES: Final = ("repex", "isin")
_STATE: Final = "addenda"
_TOLD: Final = "told"
"""Stands before what was gathered once an entity has been told with it."""


class Addendum(NamedTuple):
    """What is added to one entity."""

    properties: dict[str, tuple[str, ...]]
    isins: tuple[tuple[str, str], ...]


def gather(records: Iterable[Any], context: Context) -> None:
    """Keep what the records of a file add, by LEI; unreadable ones are set aside when told."""
    kept = context.state.setdefault(_STATE, {})
    for raw in records:
        for lei, said in _said(raw):
            _keep(lei, (*kept.get(lei, ()), said), context)


def _keep(lei: str, texts: tuple[str, ...], context: Context) -> None:
    """Keep what many entities have in common only once: there are millions of them."""
    shared: dict[tuple[str, ...], tuple[str, ...]] = context.state.setdefault("shared", {})
    context.state[_STATE][lei] = shared.setdefault(texts, texts)


def _said(raw: Any) -> Iterator[tuple[str, str]]:
    """(LEI, what is said) as short texts."""
    try:
        raw = raw if raw.table else looked_at(raw)
    except (InputError, AttributeError):
        return
    lei = text(raw.tree, "LEI")
    if raw.table == "isin":
        yield lei, f"isin {text(raw.tree, 'ISIN')}"
    elif raw.table == "repex" and not _withdrawn(raw.tree):
        category = text(raw.tree, "ExceptionCategory")
        for reason in _reasons(raw.tree):
            yield lei, f"{category} {reason}"


def _reasons(tree: Tree) -> list[str]:
    """Every reason; what the entity adds to them in its own words stands with the first."""
    reasons = [plain(one) for one in children(tree, "ExceptionReason")]
    references = " ".join(filter(None, map(plain, children(tree, "ExceptionReference"))))
    if reasons and references:
        reasons[0] = f"{reasons[0]} {references}"
    return reasons


def _withdrawn(tree: Tree) -> str:
    return text(child(tree, "Extension", "Deletion"), "DeletedAt")


def taken(entity_id: str, context: Context) -> Addendum:
    """What was gathered for an entity, which is now told."""
    lei = entity_id.removeprefix("lei:")
    said = context.state.get(_STATE, {}).get(lei, ())
    if said and said[0] != _TOLD:
        said = (_TOLD, *said)
        _keep(lei, said, context)
    return _read(said[1:], context)


def _read(said: Iterable[str], context: Context) -> Addendum:
    tables = context.manifest.tables
    properties: dict[str, list[str]] = {}
    isins = []
    for one in dict.fromkeys(said):
        what, _, rest = one.partition(" ")
        if what == "isin":
            isins.append(("isin", rest))
            continue
        reason, _, reference = rest.partition(" ")
        words = tables["exceptionReasons"].get(reason, "a reason that is not known here")
        line = f"{reason}: {words}" + (f" ({reference})" if reference else "")
        properties.setdefault(tables["exceptionCategories"].get(what, what), []).append(line)
    return Addendum({name: tuple(lines) for name, lines in properties.items()}, tuple(isins))


def told(raw: Raw, context: Context) -> Iterator[Entity]:
    """The entity, where no LEI record of this load describes it and no earlier addendum did.

    Raises:
        InputError: no LEI, or what it adds cannot be read.
    """
    tree, lei = raw.tree, text(raw.tree, "LEI")
    entity_id = lei_id(lei)
    if raw.table == "repex":
        _check(tree, lei, context)
        if _withdrawn(tree):
            context.ignore("exception that was withdrawn", lei)
            return
    elif not text(tree, "ISIN"):
        raise InputError(f"{lei}: an empty ISIN")
    gathered = context.state.setdefault(_STATE, {}).get(lei, ())
    if not {said for _, said in _said(raw)}.issubset(gathered):
        gather([raw], context)  # in a file that began with records of another table
    elif gathered[0] == _TOLD:
        context.merge(f"{raw.table}: told with the entity", lei)
        return
    else:
        context.note("entity without an LEI record", f"described by {raw.table} alone", lei)
    found = taken(entity_id, context)
    yield Entity(
        entity_id,
        "LegalEntity",
        lei,
        identifiers=(("lei", lei), *found.isins),
        properties=found.properties,
    )


def _check(tree: Tree, lei: str, context: Context) -> None:
    category, reasons = text(tree, "ExceptionCategory"), children(tree, "ExceptionReason")
    if not context.code("exceptionCategories", category, lei):
        raise InputError(f"{lei}: exception {category[:80]!r} is of no known category")
    if not reasons:
        raise InputError(f"{lei}: an exception without a reason")
    for reason in reasons:
        context.code("exceptionReasons", plain(reason), lei)
