"""Everything that a server holds, so that two servers, or two moments of one, can be compared."""

from typing import Any

from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server

PASSING = {"tag", "pushed"}
"""Properties that differ after every push."""

Dump = tuple[list[Any], list[Any]]


def dump(where: Address) -> Dump:
    """Labels and properties of all nodes; type, ends and properties of all relationships."""
    with Server(where) as server:
        nodes = server.rows("MATCH (n) RETURN labels(n) AS labels, properties(n) AS values")
        ties = server.rows(
            "MATCH (a)-[r]->(b) RETURN type(r) AS type, a.id AS source, b.id AS target,"
            " properties(r) AS values"
        )
    return (
        sorted((sorted(row["labels"]), sorted(_lasting(row["values"]).items())) for row in nodes),
        sorted(
            (row["type"], row["source"], row["target"], sorted(row["values"].items()))
            for row in ties
        ),
    )


def entities(where: Address) -> dict[str, dict[str, Any]]:
    """Properties of each entity by its id; ``labels`` are among them."""
    with Server(where) as server:
        rows = server.rows("MATCH (n:Entity) RETURN labels(n) AS labels, properties(n) AS values")
    return {row["values"]["id"]: row["values"] | {"labels": set(row["labels"])} for row in rows}


def ties(where: Address) -> list[tuple[str, str, str]]:
    """Source, type and target of every relationship."""
    with Server(where) as server:
        rows = server.rows("MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS t, b.id AS b")
    return sorted((row["a"], row["t"], row["b"]) for row in rows)


def _lasting(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in PASSING}
