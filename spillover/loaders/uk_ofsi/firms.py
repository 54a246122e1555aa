"""Which firms do the UK lists name beside a target, and as what.

Only columns and labels that say so count: a parent company controls, a subsidiary is controlled,
a current owner of a ship owns it. A share is never stated. "Owner/operator" leaves open which of
both is meant, so it is a link. A firm here is known by its name alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.uk_ofsi.texts import items


class _Says(NamedTuple):
    """What a field of firms says about the target."""

    kind: str
    outward: bool
    """True: from the target to the firm."""
    words: str
    role: str = ""


_FIELDS: Final = {
    "parent": _Says("CONTROLS", outward=False, words="Parent company"),
    "subsidiary": _Says("CONTROLS", outward=True, words="Subsidiary"),
    "owner": _Says("OWNS", outward=False, words="Current owner"),
    "operator": _Says(
        "LINKED_TO", outward=False, words="Current owner/operator", role="current owner or operator"
    ),
    "previous_owner": _Says(
        "LINKED_TO", outward=False, words="Previous owner", role="previous owner or operator"
    ),
}


def links(
    said: Mapping[str, Sequence[str]], entity: Entity, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    """The firms that a target's fields name, and their relation to it."""
    nothing = context.manifest.tables["nothing"]
    for field, says in _FIELDS.items():
        cells = said.get(field, ())
        for name in dict.fromkeys(name for cell in cells for name in items(cell)):
            if name.lower() in nothing:
                continue
            if ", " in name or " and " in name:
                context.note("a name that may be several", name, entity.id)
            firm = Entity(name_id(name, "uk-ofsi"), "LegalEntity", name)
            ends = (entity.id, firm.id) if says.outward else (firm.id, entity.id)
            yield firm
            yield Relation(
                says.kind,
                *ends,
                evidence=evidence._replace(note=f"{says.words}: {name}"),
                properties={"role": (says.role,)} if says.role else {},
            )
