"""How is all that a server holds read, without asking for each row and without holding it all?

The server collects entities and claims in chunks. Claims are read by the entities at their
sources, in ranges of entities at which about equally many claims start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, LiteralString

import msgspec

from spillover.graph.neo4j.ahead import ahead
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.mirror import Claimed, Loaded, Told

CHUNK: Final = 20_000
"""Entities, or claims, that the server puts into one answer, about."""
_HUB: Final = 5 * CHUNK
"""Claims from one entity beyond which they are read one by one: the server would have to hold all
of them at once."""

_LOADS: Final = "MATCH (l:SpilloverLoad) RETURN properties(l) AS load ORDER BY l.num"
_LOAD: Final = (
    *("num", "dataset", "title", "publisher", "url", "licence", "commercial_use", "date"),
    *("loader", "started", "finished", "read", "loaded", "merged", "ignored", "quarantined"),
    *("entities", "relations", "removed_by"),
)
"""Columns of the table ``load``."""
_HIGHEST: Final = "MATCH (n:Entity) RETURN max(n.num) AS num"
_ENTITIES: Final = """
UNWIND range(1, $last, $step) AS first
CALL (first) {
    MATCH (n:Entity) WHERE first <= n.num < first + $step
    WITH n ORDER BY n.num
    RETURN collect(n.num) AS numbers, collect(n.id) AS ids,
        collect([key IN keys(n) WHERE key STARTS WITH 'said_' | n['load_' + substring(key, 5)]])
            AS loads,
        collect([key IN keys(n) WHERE key STARTS WITH 'said_' | n[key]]) AS said,
        collect(COUNT { (n)-->() }) AS degrees
}
RETURN numbers, ids, loads, said, degrees
"""
_CLAIMS: Final = """
UNWIND $ranges AS range
CALL (range) {
    MATCH (n:Entity)-[r]->(m:Entity)
    WHERE range[0] <= n.num <= range[1] AND r.key IS NOT NULL
    WITH n.num AS source, m.num AS target, type(r) AS kind, properties(r) AS r
    RETURN collect([r.num, r.load, source, target, kind, r.low, r.high, r.stake_text, r.basis,
        r.start, r.end, r.observed, r.confidence, r.stance, r.reported_indirect, r.block,
        r.record, r.note, r.properties, r.publisher, r.title, r.url]) AS claims
}
RETURN claims
"""
_CLAIMS_OF_HUB: Final = """
MATCH (n:Entity {num: $num})-[r]->(m:Entity) WHERE r.key IS NOT NULL
RETURN [r.num, r.load, n.num, m.num, type(r), r.low, r.high, r.stake_text, r.basis,
    r.start, r.end, r.observed, r.confidence, r.stance, r.reported_indirect, r.block,
    r.record, r.note, r.properties, r.publisher, r.title, r.url] AS claim
"""
_NODES: Final = """
UNWIND range(1, $last, $step) AS first
CALL (first) {
    MATCH (n:Entity) WHERE first <= n.num < first + $step
    WITH n ORDER BY n.num
    RETURN collect([n.num, labels(n), properties(n)]) AS nodes
}
RETURN nodes
"""
_RELATIONSHIPS: Final = """
UNWIND $ranges AS range
CALL (range) {
    MATCH (n:Entity)-[r]->(m:Entity)
    WHERE range[0] <= n.num <= range[1] AND r.key IS NOT NULL
    RETURN collect([type(r), n.num, m.num, properties(r)]) AS relationships
}
RETURN relationships
"""
_RELATIONSHIPS_OF_HUB: Final = """
MATCH (n:Entity {num: $num})-[r]->(m:Entity) WHERE r.key IS NOT NULL
RETURN [type(r), n.num, m.num, properties(r)] AS relationship
"""
_SAME: Final = "MATCH (n:Entity)-[:SAME_AS]->(m:Entity) RETURN n.num AS entity, m.num AS canonical"
_CONFLICTS: Final = (
    "MATCH (c:SpilloverConflict) RETURN c.identifier AS identifier, c.why AS why,"
    " c.entities AS entities"
)

_PARSED: Final = msgspec.json.Decoder().decode


class Reading:
    """One pass over a server: the loads, then the entities, then the claims.

    Args:
        server: the server.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ranges: list[tuple[int, int]] = []
        self._hubs: list[int] = []

    def loads(self) -> Iterator[Loaded]:
        """Every load of the history, by number."""
        for (load,) in self._server.rows(_LOADS):
            yield Loaded(
                tuple(load.get(name) for name in _LOAD),
                _rows(load.get("files")),
                _rows(load.get("audits")),
                _rows(load.get("set_aside")),
            )

    def entities(self) -> Iterator[Told]:
        """Every entity with what is said of it, by number."""
        ((last,),) = self._server.rows(_HIGHEST)
        chunks = ahead(self._server.stream(_ENTITIES, fetch=1, last=last or 0, step=CHUNK))
        for numbers, ids, loads, said, degrees in chunks:
            self._plan(numbers, degrees)
            for num, entity_id, by, texts in zip(numbers, ids, loads, said, strict=True):
                yield Told(
                    num,
                    entity_id,
                    [
                        (load, _PARSED(text))
                        for load, several in zip(by, texts, strict=True)
                        for text in several
                    ],
                )

    def _plan(self, numbers: list[int], degrees: list[int]) -> None:
        """Part the entities into ranges at which about equally many claims start."""
        first, claims = numbers[0] if numbers else 0, 0
        for num, degree in zip(numbers, degrees, strict=True):
            if claims and claims + degree > CHUNK:
                self._ranges.append((first, num - 1))
                first, claims = num, 0
            if degree > _HUB:
                self._hubs.append(num)
                first = num + 1
            else:
                claims += degree
        if claims:
            self._ranges.append((first, numbers[-1]))

    def claims(self) -> Iterator[Claimed]:
        """Every claim; to be asked for when the entities have been read."""
        for num, load, source, target, *claim in self._at_sources(_CLAIMS, _CLAIMS_OF_HUB):
            yield Claimed(num, load, source, target, tuple(claim))

    def _at_sources(self, query: LiteralString, of_hub: LiteralString) -> Iterator[list[Any]]:
        """Rows of one query for each range of sources, and of another for each hub."""
        for (chunk,) in ahead(self._server.stream(query, fetch=1, ranges=self._ranges)):
            yield from chunk
        for num in self._hubs:
            for (row,) in self._server.stream(of_hub, num=num):
                yield row

    def nodes(self) -> Iterator[tuple[int, list[str], dict[str, Any]]]:
        """Number, labels and properties of every entity, by number."""
        ((last,),) = self._server.rows(_HIGHEST)
        for (chunk,) in ahead(self._server.stream(_NODES, fetch=1, last=last or 0, step=CHUNK)):
            yield from chunk

    def relationships(self) -> Iterator[list[Any]]:
        """Type, numbers of the ends and properties of every claim, in place of ``claims``."""
        return self._at_sources(_RELATIONSHIPS, _RELATIONSHIPS_OF_HUB)

    def same(self) -> Iterator[tuple[int, int]]:
        """(entity, the one that stands for it) wherever the two differ."""
        return ((entity, canonical) for entity, canonical in self._server.stream(_SAME))

    def conflicts(self) -> Iterator[tuple[str, str, str]]:
        """Identifier, why nobody is joined by it, and whom it names."""
        return ((one, why, whom) for one, why, whom in self._server.stream(_CONFLICTS))


def _rows(texts: list[str] | None) -> list[tuple[Any, ...]]:
    return [tuple(_PARSED(text)) for text in texts or ()]
