"""What becomes of a listing in the graph."""

from __future__ import annotations

from collections.abc import Iterator

from spillover.graph.schema import Entity, Relation
from spillover.loaders.bis.listing import TABLES, Listing
from spillover.loaders.bis.parents import stated
from spillover.loaders.context import Context


def listed(listing: Listing, form: str, context: Context) -> Iterator[Entity | Relation]:
    """The party, its listing, and the parent that its name states.

    A listing that another kind of file has stated in this load is merged.
    """
    citation = " ".join(" ".join(listing.said.get("citation", ())).split())
    key = (listing.id, listing.programme, listing.start, citation)
    if context.state["listed"].setdefault(key, form) != form:
        context.merge("listing that another file of this load states", listing.name)
        return
    name, names, links = stated(listing, context)
    programme = TABLES["programmes"][listing.programme]
    yield Entity(
        listing.id,
        listing.schema,
        name,
        names,
        listing.countries,
        listing.identifiers,
        (programme["topic"],),
        {key: values for key, values in listing.properties.items() if values},
    )
    yield Entity(listing.programme, "Programme", programme["title"], countries=("us",))
    yield Relation(
        "DESIGNATES",
        listing.programme,
        listing.id,
        start=listing.start,
        end=listing.end,
        evidence=listing.evidence,
        properties={key: values for key, values in listing.said.items() if values},
    )
    yield from links
