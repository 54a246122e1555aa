"""How does a researcher get the graph as a networkx ``MultiDiGraph``, and put one into a store.

Nodes are entity ids, edges are claims keyed by their number in the store. Every value on them is
a text, an integer or a boolean, so that networkx can write them in any of its formats.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spillover.graph.claims import prepare
from spillover.graph.dates import now
from spillover.graph.errors import InputError
from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.schema import SCHEMATA, Entity, Name, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.graph.writer import Tally, Writer

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(graph: Graph, entities: Iterable[int] | None = None) -> nx.MultiDiGraph[str]:
    """The graph, or the part of it between these entity numbers.

    Node attributes: ``schema``, ``name``, ``countries``, ``datasets``, ``topics`` (several by
    ``;``), and as JSON ``names``, ``identifiers``, ``properties``. Edge attributes: ``kind``,
    ``low`` and ``high`` (millionths of a percent; absent when no share is stated), ``share_text``,
    ``basis``, ``start``, ``end``, ``reported_indirect``, ``block``, ``dataset``, the fields of
    :class:`Evidence`, and as JSON ``properties``. What is empty is absent.
    """
    import networkx as nx

    index = graph.index
    if entities is None:
        at = np.arange(index.claims)
        numbers = np.array(graph.numbers(), np.int64)
    else:
        numbers = np.unique(np.fromiter(entities, np.int64))
        at = index.out_of(numbers)
        at = at[np.isin(index.target(at), numbers)]
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for entity in graph.store.entities(numbers.tolist()).values():
        made.add_node(entity.id, **_node(entity))
    for number, (relation, dataset) in sorted(graph.store.relations(index.relation[at]).items()):
        edge = _edge(relation, dataset)
        made.add_edge(relation.source, relation.target, key=number, **edge)
    return made


def from_networkx(
    made: nx.MultiDiGraph[str], path: str | os.PathLike[str], dataset: Dataset
) -> int:
    """Load a graph in the form of :func:`to_networkx` into a graph file, as one dataset.

    Edges need ``kind``; everything else may be absent. A node without attributes is only named.

    Returns:
        The number of the load.

    Raises:
        InputError: a node or an edge that is no entity or claim; nothing is changed.
        StoreError: the file is in use or cannot be written.
    """
    started = now()
    with Writer(path) as writer:
        for entity_id, values in made.nodes(data=True):
            if values.get("name", entity_id) != entity_id or len(values) > len(_STUB):
                writer.entity(_entity(str(entity_id), values))
        for source, target, values in made.edges(data=True):
            writer.relation(prepare(_relation(str(source), str(target), values)))
        records = made.number_of_nodes() + made.number_of_edges()
        tally = Tally(records, records, 0, 0, 0)
        return writer.commit(dataset, loader="networkx", started=started, tally=tally)


_STUB = ("schema", "name", "countries", "datasets")
"""Attributes of a node that claims name and nobody describes."""


def _node(entity: Entity) -> dict[str, str]:
    values = {
        "schema": entity.schema,
        "name": entity.name,
        "countries": ";".join(entity.countries),
        "datasets": ";".join(entity.datasets),
    }
    more = {
        "topics": ";".join(entity.topics),
        "names": _json(entity.names),
        "identifiers": _json(entity.identifiers),
        "properties": _json(entity.properties),
    }
    return values | {key: value for key, value in more.items() if value}


def _edge(relation: Relation, dataset: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": relation.kind,
        "low": relation.stake.low if relation.stake else None,
        "high": relation.stake.high if relation.stake else None,
        "share_text": relation.stake_text,
        "basis": relation.basis,
        "start": relation.start,
        "end": relation.end,
        "reported_indirect": relation.reported_indirect,
        "block": relation.block,
        "dataset": dataset,
        "properties": _json(relation.properties),
        **relation.evidence._asdict(),
    }
    return {key: value for key, value in values.items() if value not in (None, "")}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _entity(entity_id: str, values: Mapping[str, Any]) -> Entity:
    schema = values.get("schema", "LegalEntity")
    if schema not in SCHEMATA:
        raise InputError(f"node {entity_id!r}: unknown schema {schema!r}")
    return Entity(
        entity_id,
        schema,
        str(values.get("name", entity_id)),
        tuple(Name(*parts) for parts in _read(entity_id, values, "names")),
        tuple(filter(None, values.get("countries", "").split(";"))),
        tuple((scheme, value) for scheme, value in _read(entity_id, values, "identifiers")),
        tuple(filter(None, values.get("topics", "").split(";"))),
        _properties(entity_id, values),
    )


def _relation(source: str, target: str, values: Mapping[str, Any]) -> Relation:
    where = f"{source} -> {target}"
    if "kind" not in values:
        raise InputError(f"edge {where!r} has no kind; name one, for example OWNS")
    said = {field: values[field] for field in Evidence._fields if field in values}
    return Relation(
        values["kind"],
        source,
        target,
        _stake(where, values),
        values.get("basis", ""),
        values.get("start"),
        values.get("end"),
        Evidence(**said),
        bool(values.get("reported_indirect", False)),
        values.get("block", ""),
        values.get("share_text", ""),
        _properties(where, values),
    )


def _stake(where: str, values: Mapping[str, Any]) -> Stake | None:
    low, high = values.get("low"), values.get("high")
    if low is None and high is None:
        return None
    if type(low) is not int or type(high) is not int or not 0 <= low <= high <= WHOLE:
        raise InputError(
            f"edge {where!r}: low {low!r} and high {high!r} are no share; give two whole numbers"
            f" of millionths of a percent, 0 to {WHOLE}"
        )
    return Stake(low, high)


def _properties(where: str, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    said = dict(_read(where, values, "properties"))
    return {key: tuple(several) for key, several in said.items()}


def _read(where: str, values: Mapping[str, Any], name: str) -> Any:
    """A value that stands as JSON; empty when there is none."""
    try:
        return json.loads(values.get(name, "[]"))
    except (TypeError, ValueError) as error:
        raise InputError(f"{where!r}: {name} is no JSON ({error})") from error
