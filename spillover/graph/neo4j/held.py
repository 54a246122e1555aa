"""What does an empty server hold after all of a graph file has come there?

Nodes and relationships one after the other, with their properties: what a push writes step by
step. A property that is None is not there.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from spillover.graph import content
from spillover.graph.dates import now
from spillover.graph.neo4j import encoding, plan
from spillover.graph.neo4j.batches import together
from spillover.graph.neo4j.labels import labels
from spillover.graph.neo4j.state import COMPLETE, FORMAT
from spillover.graph.store import Store

_CHUNK: Final = 20_000
_TOLD: Final = (
    "SELECT entity, load, num, schema, name, folded, names, countries, identifiers, topics,"
    " properties FROM description WHERE entity BETWEEN ? AND ? ORDER BY entity, num"
)
_IDS: Final = "SELECT num, id FROM entity WHERE num BETWEEN ? AND ? ORDER BY num"
_ENDS: Final = "SELECT source, target FROM relation WHERE load = ? AND num BETWEEN ? AND ?"
_LISTED: Final = (
    "SELECT target, max(end IS NULL) FROM relation"
    " WHERE kind = 'DESIGNATES' AND stance = 'asserts' AND load = ? GROUP BY target"
)
_TWICE: Final = (
    "SELECT source, target FROM relation WHERE load = ? GROUP BY source, target HAVING count(*) > 1"
)


class Held(NamedTuple):
    """The node of an entity."""

    num: int
    labels: tuple[str, ...]
    properties: dict[str, Any]
    """All but ``num``."""


class Claimed(NamedTuple):
    """The relationship of a claim."""

    kind: str
    source: int
    target: int
    properties: dict[str, Any]


def entities(store: Store) -> Iterator[Held]:
    """Nodes of all entities that a standing load describes or names, by number.

    Raises:
        StoreError: the file is damaged.
    """
    datasets = {load.num: load.dataset.name for load in store.loads}
    came = {name: place for place, name in enumerate(content.came(store.history()))}
    named, listed = _named(store), _listed(store)
    for start in range(1, store.entity_count() + 1, _CHUNK):
        part = (start, start + _CHUNK - 1)
        rows = [row for row in store.rows(_TOLD, part) if row[1] in datasets]
        rows.sort(key=lambda row: (row[0], came[datasets[row[1]]]))
        told = {number: list(said) for number, said in groupby(rows, itemgetter(0))}
        for number, entity_id in store.rows(_IDS, part):
            if number in told:
                values = _described(entity_id, told[number], datasets)
            elif named[number]:
                values = {"schema": "Thing", "name": entity_id}
            else:
                continue
            values |= {"id": entity_id, "listing": listed.get(number)}
            yield Held(number, labels(values["schema"]), values)


def _described(
    entity_id: str, rows: list[tuple[Any, ...]], datasets: dict[int, str]
) -> dict[str, Any]:
    """What people see of an entity, and what each dataset says of it."""
    told = [(datasets[load], tuple(said)) for _, load, *said in rows]
    if len(told) == 1:
        ((name, said),) = told
        values = encoding.shown_alone(said, name)
    else:
        values = together(entity_id, told)
    for name, said in told:
        values.setdefault(encoding.SAID + name, []).append(encoding.said(said))
    values |= {encoding.OF_LOAD + datasets[row[1]]: row[1] for row in rows}
    return values


def _named(store: Store) -> bytearray:
    """A flag for each number of an entity: whether a standing claim names it."""
    flags = bytearray(store.entity_count() + 1)
    for load in store.loads:
        first, last = content.span(store, "relation", load.num)
        for start in range(first, last + 1, _CHUNK):
            for ends in store.rows(_ENDS, (load.num, start, min(start + _CHUNK - 1, last))):
                for number in ends:
                    flags[number] = 1
    return flags


def _listed(store: Store) -> dict[int, str]:
    """Who is designated by a claim that has not ended, or was by claims that have all ended."""
    found: dict[int, bool] = {}
    for load in store.loads:
        for number, listed in store.rows(_LISTED, (load.num,)):
            found[number] = bool(listed) or found.get(number, False)
    return {number: "listed" if listed else "delisted" for number, listed in found.items()}


def claims(store: Store) -> Iterator[Claimed]:
    """Relationships of all claims of the standing loads, load by load.

    Raises:
        StoreError: the file is damaged.
    """
    for load in store.loads:
        name = load.dataset.name
        twice = set(store.rows(_TWICE, (load.num,)))
        met: Counter[str] = Counter()
        for rows in content.claims(store, load.num):
            for number, source, source_id, target, target_id, *told in rows:
                parts = (name, told[0], source_id, target_id, *told[1:])
                key = encoding.digest(*parts, 0)
                # Few pairs have several claims: only their keys need to be remembered.
                if (source, target) in twice:
                    met[key] += 1
                    if met[key] > 1:
                        key = encoding.digest(*parts, met[key] - 1)
                values = encoding.properties(tuple(told))
                values |= {"key": key, "num": number, "load": load.num, "dataset": name}
                yield Claimed(told[0], source, target, values)


def loads(store: Store, digests: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Properties of the nodes of all loads of the history, replaced ones included.

    Args:
        store: the graph file.
        digests: of what each dataset holds, by its name.
    """
    standing = {load.num for load in store.loads}
    origin = plan.identity(store)
    for load in store.history():
        stands = load.num in standing  # of an earlier version, what was removed since
        values = plan.row(load._replace(removed_by=None) if stands else load)
        _, *lists = content.told(store, load.num)
        files, audits, set_aside = (plan.texts(rows) or None for rows in lists)
        yield {
            "num": load.num,
            **values,
            "origin": origin,
            "origin_num": load.num,
            "complete": True,
            "digest": digests[load.dataset.name] if stands else None,
            "files": files,
            "audits": audits,
            "set_aside": set_aside,
        }


def conflicts(store: Store) -> list[dict[str, Any]]:
    """Properties of the nodes of identifiers that contradict each other."""
    return [
        {"identifier": one.identifier, "why": one.why, "entities": ", ".join(one.entities)}
        for one in store.joined.conflicts()
    ]


def state(store: Store, digest: str, *, entities: int, relations: int) -> dict[str, Any]:
    """Properties of the node that says what the server holds.

    Args:
        store: the graph file.
        digest: of all that it holds.
        entities: how many of them the server has.
        relations: how many claims it has.
    """
    ((last_description,),) = store.rows("SELECT coalesce(max(num), 0) FROM description")
    return {
        "id": "graph",
        "format": FORMAT,
        "state": COMPLETE,
        "tag": uuid.uuid4().hex,
        "identity": plan.identity(store),
        "version": store.version,
        "content": digest,
        "entities": entities,
        "relations": relations,
        "pushed": now(),
        "last_load": max((load.num for load in store.history()), default=0),
        "last_entity": store.entity_count(),
        "last_description": last_description,
        "last_claim": store.relation_count(),
    }
