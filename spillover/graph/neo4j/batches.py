"""How does what a graph file holds go to a server: in which batches, and by which queries?

The batches of a plan are the same whenever they are made, and each stands or falls as a whole, so
that a push which was broken off goes on with the first that does not stand.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, LiteralString, NamedTuple

from spillover.graph import content
from spillover.graph.neo4j import encoding
from spillover.graph.neo4j.labels import labels
from spillover.graph.neo4j.plan import Piece, Plan, texts
from spillover.graph.neo4j.transactions import Steps, Transaction
from spillover.graph.rows import as_entity, united
from spillover.graph.schema import KINDS, SCHEMATA
from spillover.graph.store import Store

SIZE: Final = 10_000
"""Entities or claims of one batch."""
UNSETTLED: Final = "SpilloverUnsettled"
"""Label of an entity of which it has to be worked out anew what people see of it."""

_Row = list[Any]

_ENTITY: Final[dict[str, LiteralString]] = {
    schema: "UNWIND $rows AS row MERGE (n:Entity {id: row[0]}) ON CREATE SET n.num = row[1]"
    " FOREACH (_ IN CASE WHEN n.schema <> $schema AND n.schema <> 'Thing'"
    " OR any(key IN keys(n) WHERE key STARTS WITH 'load_' AND key <> $by) THEN [1] ELSE [] END"
    f" | SET n:{UNSETTLED}) SET n += row[2], n:{':'.join(labels(schema))}"
    for schema in SCHEMATA
}
_STUB: Final = (
    "UNWIND $rows AS row MERGE (n:Entity {id: row[0]})"
    " ON CREATE SET n.num = row[1], n.schema = 'Thing', n.name = row[0]"
)
_ENDS_OF: Final = "UNWIND $rows AS row MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]})"
_CREATED: Final[dict[str, LiteralString]] = {
    kind: f"{_ENDS_OF} CREATE (a)-[r:{kind}]->(b) SET r = row[3]" for kind in KINDS
}
"""Used while a server has no claims and no index of their keys: between two entities of which
each has many claims, a claim could be looked for only among all of them. Each batch stands once."""
_MERGED: Final[dict[str, LiteralString]] = {
    kind: f"{_ENDS_OF} MERGE (a)-[r:{kind} {{key: row[2]}}]->(b) SET r = row[3]" for kind in KINDS
}
_THERE: Final = "UNWIND $ids AS id MATCH (n:Entity {id: id}) RETURN n.id AS id"
_NEXT: Final = (
    "MATCH (s:SpilloverGraph {id: 'graph'}) SET s.last_entity = s.last_entity + $count"
    " RETURN s.last_entity - $count AS last"
)
_TOLD: Final = (
    "MATCH (l:SpilloverLoad {num: $num})"
    " SET l.files = $files, l.audits = $audits, l.set_aside = $set_aside"
)

_SEVERAL: Final = (
    "SELECT entity, num, schema, name, folded, names, countries, identifiers, topics, properties"
    " FROM description WHERE load = :load AND entity IN (SELECT entity FROM description"
    " WHERE load = :load GROUP BY entity HAVING count(*) > 1) ORDER BY num"
)
_ENDS: Final = (
    "SELECT e.id, e.num FROM entity e JOIN (SELECT source AS num FROM relation WHERE load = :load"
    " UNION SELECT target FROM relation WHERE load = :load) r ON r.num = e.num"
    " WHERE NOT EXISTS (SELECT 1 FROM description d WHERE d.entity = e.num AND d.load = :load)"
    " ORDER BY e.num"
)


class Batch(NamedTuple):
    """A part of the content, made only when it has to go to the server."""

    what: str
    """``loads``, ``entities`` or ``relations``."""
    size: int
    make: Callable[[], Steps]


def batches(store: Store, plan: Plan) -> Iterator[Batch]:
    """All batches of a plan, in their order."""
    for load, number in plan.told:
        yield Batch("loads", 1, lambda load=load, number=number: _load(store, load, number))  # type: ignore[misc]
    for piece in plan.pieces:
        yield from _entities(store, plan, piece)
    for piece in plan.pieces:
        yield from _stubs(store, plan, piece)
    for piece in plan.pieces:
        yield from _claims(store, piece, _CREATED if plan.fresh else _MERGED)


def _load(store: Store, load: int, number: int) -> Steps:
    """What stands in long lists on the node of a load."""
    _, *lists = content.told(store, load)
    files, audits, set_aside = (texts(rows) or None for rows in lists)

    def steps(work: Transaction) -> None:
        work.run(_TOLD, num=number, files=files, audits=audits, set_aside=set_aside).consume()

    return steps


# -- entities -------------------------------------------------------------------------------


def _entities(store: Store, plan: Plan, piece: Piece) -> Iterator[Batch]:
    """Entities that a load describes, in the order in which it does so first."""
    several: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for entity, *told in store.rows(_SEVERAL, {"load": piece.load}):
        several[entity].append(tuple(told))
    first, last = content.span(store, "description", piece.load)
    for start in range(first, last + 1, SIZE):
        part = (start, min(start + SIZE - 1, last))

        def make(part: tuple[int, int] = part) -> Steps:
            rows = content.descriptions(store, piece.load, part)
            return _described(plan, piece, [row for some in rows for row in some], several)

        yield Batch("entities", part[1] + 1 - start, make)


def _described(
    plan: Plan,
    piece: Piece,
    rows: list[tuple[Any, ...]],
    several: dict[int, list[tuple[Any, ...]]],
) -> Steps:
    by_schema: dict[str, list[_Row]] = defaultdict(list)
    for number, entity, entity_id, *columns in rows:
        told = several.get(entity) or [(number, *columns)]
        if told[0][0] == number:  # further descriptions went with the first
            values = _values(piece, entity_id, told)
            by_schema[values["schema"]].append([entity_id, entity, values])
    by = encoding.OF_LOAD + piece.dataset

    def steps(work: Transaction) -> None:
        if not plan.own:
            _number(work, [row for some in by_schema.values() for row in some])
        for schema, some in by_schema.items():
            work.run(_ENTITY[schema], rows=some, schema=schema, by=by).consume()

    return steps


def _values(piece: Piece, entity_id: str, told: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Properties of an entity, as if nobody else described it."""
    one, *others = told
    if others:
        values = together(entity_id, [(piece.dataset, said) for said in told])
    else:
        values = encoding.shown_alone(one, piece.dataset)
    said = [encoding.said((number + piece.description, *rest)) for number, *rest in told]
    values[encoding.SAID + piece.dataset] = said
    values[encoding.OF_LOAD + piece.dataset] = piece.number
    return values


def together(entity_id: str, told: list[tuple[str, tuple[Any, ...]]]) -> dict[str, Any]:
    """What people see of an entity of which several things are said.

    Args:
        entity_id: its id.
        told: dataset and description, in the order in which the datasets came.
    """
    entities, lines = [], []
    for dataset, (_, schema, name, folded, *rest) in told:
        entities.append(as_entity(entity_id, (schema, name, *rest, dataset)))
        lines += folded.split("\n")
    one, *others = entities
    for other in others:
        one = united(one, other)
    return encoding.shown(one, "\n".join(dict.fromkeys(lines)))


def _stubs(store: Store, plan: Plan, piece: Piece) -> Iterator[Batch]:
    """Entities that a load names and does not describe; most are described by another."""
    rows = [list(row) for row in store.rows(_ENDS, {"load": piece.load})]
    for start in range(0, len(rows), SIZE):
        some = rows[start : start + SIZE]

        def steps(work: Transaction, some: list[_Row] = some) -> None:
            if not plan.own:
                _number(work, some)
            work.run(_STUB, rows=some).consume()

        yield Batch("entities", len(some), lambda steps=steps: steps)  # type: ignore[misc]


def _number(work: Transaction, rows: list[_Row]) -> None:
    """Give those of the entities that the server has not met the next numbers."""
    there = {row["id"] for row in work.run(_THERE, ids=[row[0] for row in rows])}
    new = sorted((row for row in rows if row[0] not in there), key=lambda row: row[1])
    record = work.run(_NEXT, count=len(new)).single(strict=True)
    for number, row in enumerate(new, record["last"] + 1):
        row[1] = number


# -- claims ---------------------------------------------------------------------------------


def _claims(store: Store, piece: Piece, queries: dict[str, LiteralString]) -> Iterator[Batch]:
    """Claims of a load, kind by kind and pair by pair."""
    order, several = array("q"), array("q")
    kinds: Counter[str] = Counter()
    last: tuple[str, int, int] | None = None
    for kind, source, target, number in content.pairs(store, piece.load):
        if last == (kind, source, target):
            if not several or several[-1] != order[-1]:
                several.append(order[-1])
            several.append(number)
        order.append(number)
        kinds[kind] += 1
        last = (kind, source, target)
    again = _again(store, several)
    first = 0
    for kind, count in kinds.items():
        for start in range(first, first + count, SIZE):
            numbers = order[start : min(start + SIZE, first + count)]

            def make(kind: str = kind, numbers: array[int] = numbers) -> Steps:
                return _claimed(queries[kind], _keyed(store, piece, numbers, again))

            yield Batch("relations", len(numbers), make)
        first += count


def _again(store: Store, several: array[int]) -> dict[int, int]:
    """How many claims of the same words stand before a claim, where some do.

    Args:
        store: the graph file.
        several: the claims of all pairs of which a load makes more than one, pair by pair.
    """
    found: dict[int, int] = {}
    met: Counter[tuple[Any, ...]] = Counter()
    pair: tuple[Any, ...] = ()
    for start in range(0, len(several), SIZE):
        for number, source, _, target, _, kind, *told in content.claims_of(
            store, several[start : start + SIZE]
        ):
            if pair != (kind, source, target):
                pair = (kind, source, target)
                met.clear()
            words = tuple(told)
            if met[words]:
                found[number] = met[words]
            met[words] += 1
    return found


def _claimed(query: LiteralString, rows: list[_Row]) -> Steps:
    def steps(work: Transaction) -> None:
        work.run(query, rows=rows).consume()

    return steps


def _keyed(store: Store, piece: Piece, numbers: array[int], again: dict[int, int]) -> list[_Row]:
    """Ids of the ends, key and properties of claims."""
    found = []
    for number, _, source, _, target, *told in content.claims_of(store, numbers):
        kind, *columns = told
        key = encoding.digest(piece.dataset, kind, source, target, *columns, again.get(number, 0))
        values = encoding.properties(tuple(told))
        values |= {
            "key": key,
            "num": number + piece.claim,
            "load": piece.number,
            "dataset": piece.dataset,
        }
        found.append([source, target, key, values])
    return found
