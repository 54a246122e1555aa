"""Which labels, types, constraints and indexes does the graph have on a server?

All of them come from :mod:`spillover.graph.schema`; nothing else puts a word into a query.
"""

from __future__ import annotations

from typing import Final, LiteralString

from spillover.graph.schema import KINDS, SCHEMATA

ENTITY: Final = "Entity"
"""Label of every entity; it stands for the root of the schemata, ``Thing``."""
SAME_AS: Final = "SAME_AS"
"""(entity)-[:SAME_AS]->(the one that stands for it), where identifiers join them."""
STATE: Final = "SpilloverGraph"
"""Label of the one node that says what the server holds."""
LOAD: Final = "SpilloverLoad"
"""Label of a load of a dataset."""
CONFLICT: Final = "SpilloverConflict"
"""Label of identifiers that contradict each other."""

LABELS: Final = (ENTITY, *(schema for schema in SCHEMATA if SCHEMATA[schema]))
"""Every label that an entity can have."""
TYPES: Final = (*KINDS, SAME_AS)
"""Every type of a relationship."""

NAMES_INDEX: Final = "entity_names"
"""Full-text index over names, in the analyzer that splits Hanzi, Kana and Hangul in pairs."""


def labels(schema: str) -> tuple[str, ...]:
    """Labels of an entity of a schema, widest first: ``Entity``, ..., the schema itself."""
    found: list[str] = []
    while SCHEMATA[schema]:
        found.append(schema)
        schema = SCHEMATA[schema]
    return (ENTITY, *reversed(found))


def statements() -> tuple[LiteralString, ...]:
    """What makes the constraints and indexes; nothing happens where they are there.

    See :mod:`spillover.graph.neo4j.indexes` for when each is made.
    """
    unique = "CREATE CONSTRAINT {} IF NOT EXISTS FOR (n:{}) REQUIRE n.{} IS UNIQUE"
    found = [
        unique.format("entity_id", ENTITY, "id"),
        unique.format("entity_num", ENTITY, "num"),
        unique.format("load_num", LOAD, "num"),
        unique.format("state_id", STATE, "id"),
        _full_text(NAMES_INDEX, "n.name, n.names"),
        f"CREATE TEXT INDEX entity_folded IF NOT EXISTS FOR (n:{ENTITY}) ON (n.folded)",
        f"CREATE TEXT INDEX entity_codes IF NOT EXISTS FOR (n:{ENTITY}) ON (n.codes)",
        f"CREATE INDEX entity_listing IF NOT EXISTS FOR (n:{ENTITY}) ON (n.listing)",
    ]
    found += [
        f"CREATE CONSTRAINT {kind.lower()}_key IF NOT EXISTS"
        f" FOR ()-[r:{kind}]-() REQUIRE r.key IS UNIQUE"
        for kind in KINDS
    ]
    return tuple(found)


def _full_text(name: LiteralString, fields: LiteralString) -> LiteralString:
    options = "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
    return (
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{ENTITY}) ON EACH [{fields}] {options}"
    )
