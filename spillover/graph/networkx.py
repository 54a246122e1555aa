"""How does a researcher get the graph as a networkx ``MultiDiGraph``, and a subgraph of it.

Nodes are entity ids, edges are claims keyed by their number in the store. Every value on them is
a text, an integer or a boolean, so that networkx can write them in any of its formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph

if TYPE_CHECKING:
    import networkx as nx


def to_networkx(graph: Graph, entities: Iterable[int] | None = None) -> nx.MultiDiGraph[str]:
    """The graph, or the part of it between these entity numbers.

    Node attributes: ``schema``, ``name``, ``countries``, ``datasets``. Edge attributes: ``kind``,
    ``low`` and ``high`` (millionths of a percent; absent when no share is stated), ``basis``,
    ``start``, ``end``, ``observed``, ``confidence``, ``stance``, ``reported_indirect``,
    ``dataset``, ``publisher``, ``url``.
    """
    import networkx as nx

    index = graph.index
    if entities is None:
        at = np.arange(index.claims)
        ends = np.union1d(index.source, index.target(at))
        numbers = np.union1d(np.asarray(graph.store.entity_numbers(), np.int64), ends)
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


def _node(entity: Entity) -> dict[str, str]:
    return {
        "schema": entity.schema,
        "name": entity.name,
        "countries": ";".join(entity.countries),
        "datasets": ";".join(entity.datasets),
    }


def _edge(relation: Relation, dataset: str) -> dict[str, Any]:
    evidence = relation.evidence
    values: dict[str, Any] = {
        "kind": relation.kind,
        "low": relation.stake.low if relation.stake else None,
        "high": relation.stake.high if relation.stake else None,
        "basis": relation.basis,
        "start": relation.start,
        "end": relation.end,
        "observed": evidence.observed,
        "confidence": evidence.confidence,
        "stance": evidence.stance,
        "reported_indirect": relation.reported_indirect,
        "dataset": dataset,
        "publisher": evidence.publisher,
        "url": evidence.url,
    }
    return {key: value for key, value in values.items() if value not in (None, "")}
