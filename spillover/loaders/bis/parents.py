"""Which parent does a listed name or a table of parents state, and is that control.

Subordination is control without a share. Affiliation says neither who controls whom nor whether
anybody does: it stays a link from the affiliate to the firm under which the list prints it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.bis.listing import TABLES, Listing, Record, addresses, one_day, own_id
from spillover.loaders.context import Context, name_id
from spillover.loaders.reading.screening import party
from spillover.loaders.reading.text import Ragged

_FORMS: Final = [(re.compile(one["form"]), one["relation"]) for one in TABLES["names"]]
_ABBREVIATED: Final = re.compile(r".+\(([^()]+)\)")


class Link(NamedTuple):
    """That a party stands under another one, in the words of the list."""

    words: str
    child: str
    """Its id."""
    parent: str
    """Its name."""
    evidence: Evidence
    citation: tuple[str, ...]


def remember(record: Record | Ragged, context: Context) -> None:
    """Let names in other records mean what this one lists, unless two listings bear the name."""
    if isinstance(record, Ragged):
        return
    name = str(record.get("name") or "").strip()
    if record.form == "cmic":
        _once(context.state["ofac"], fold(name).rstrip("."), f"ofac:{record['ent_num']}")
    if record.form in {"parents", "cmic"} or not name:
        return
    if record.form == "csl":
        try:
            listing = party(record)
        except InputError:  # it is told of when the record itself is read
            return
        if listing.code not in TABLES["lists"]:
            return
        own = f"csl:{listing.key}" if listing.key else name_id(name, "bis")
        _once(context.state["ids"], fold(name), own)
    else:
        own = own_id(name, context, addresses(record))
    context.state["described"].add(own)
    short = _ABBREVIATED.fullmatch(name)
    if short:
        _once(context.state["short"], fold(short[1]), own)


def _once(known: dict[str, str], name: str, own: str) -> None:
    """Keep what a name means, as long as it means one thing."""
    if known.setdefault(name, own) != own:
        known[name] = ""


def stated(
    listing: Listing, context: Context
) -> tuple[str, tuple[Name, ...], tuple[Entity | Relation, ...]]:
    """The party's own name, its further names, and the link to the parent that its name states."""
    for form, relation in _FORMS:
        match = form.fullmatch(listing.name)
        if match:
            child, parent = match["child"].strip(), match["parent"].strip()
            names = (Name(listing.name, role="alias"), *listing.names)
            citation = listing.said.get("citation", ())
            link = Link(relation, listing.id, parent, listing.evidence, citation)
            return child, tuple(name for name in names if name.text != child), _made(link, context)
    return listing.name, listing.names, ()


def parent_row(record: Record, context: Context) -> Iterator[Entity | Relation]:
    """The link that a row of a table of parents states.

    Raises:
        InputError: an empty name, or a relation that is not known.
    """
    child, parent = record["child"], record["parent"]
    if not child or not parent:
        raise InputError("no child or no parent; expected the names of both")
    relation = TABLES["relations"].get(record["relation_in_list"])
    if relation is None:
        raise InputError(f"relation {record['relation_in_list']!r} is not known to this loader")
    printed = relation["printed"].format(child=child, parent=parent)
    own = own_id(printed, context)
    citation = (record["fr_citation"],) if record["fr_citation"] else ()
    observed = one_day(record["effective_date"], printed, context)
    evidence = context.evidence(printed, observed=observed)
    links = _made(Link(record["relation_in_list"], own, parent, evidence, citation), context)
    if not links:
        context.merge("parent that a listing states", printed)
        return
    if own not in context.state["described"]:
        yield Entity(own, "LegalEntity", child, (Name(printed, role="alias"),))
    yield from links


def _made(link: Link, context: Context) -> tuple[Entity | Relation, ...]:
    """The link between a party and its parent; nothing when this load has stated it before."""
    kind = TABLES["relations"][link.words]["kind"]
    folded = fold(link.parent)
    above = context.state["ids"].get(folded) or context.state["short"].get(folded)
    above = above or own_id(link.parent, context)
    key = (kind, link.child, above, " ".join(" ".join(link.citation).split()))
    if key in context.state["linked"]:
        return ()
    context.state["linked"].add(key)
    controls = kind == "CONTROLS"
    if not controls:
        context.note("link without a direction of control", link.words, f"{link.child} and {above}")
    said = {"citation": link.citation} if link.citation else {}
    relation = Relation(
        kind,
        above if controls else link.child,
        link.child if controls else above,
        evidence=link.evidence._replace(note=f"{link.words}: {link.parent}"),
        properties=said if controls else {"role": (link.words,), **said},
    )
    if above in context.state["described"]:
        return (relation,)
    return (Entity(above, "LegalEntity", link.parent), relation)
