"""How does a researcher get the graph as a networkx ``MultiDiGraph``, and put one into a store.

Nodes are entity ids, edges are claims keyed by their number in the store. Every value on them is
a text, an integer or a boolean, so that networkx can write them in any of its formats.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from spillover.graph.attributes import Attributes
from spillover.graph.claims import Prepared, prepare
from spillover.graph.dates import now
from spillover.graph.errors import InputError
from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.schema import SCHEMATA, Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.store import Store
from spillover.graph.writer import Tally, Writer

if TYPE_CHECKING:
    import networkx as nx

DATASETS: Final = "datasets"
"""Attribute of the graph itself: its datasets as JSON, in the order in which they came."""


def to_networkx(graph: Graph, entities: Iterable[int] | None = None) -> nx.MultiDiGraph[str]:
    """The graph, or the part of it between these entity numbers.

    Node attributes: ``schema``, ``name``, ``countries``, ``datasets``, ``topics`` (several by
    ``;``, as a JSON list where a text holds one), and as JSON ``names``, ``identifiers``,
    ``properties``. Edge attributes: ``kind``, ``low`` and ``high`` (millionths of a percent; absent
    when no share is stated), ``share_text``, ``basis``, ``start``, ``end``, ``reported_indirect``,
    ``block``, ``dataset``, the fields of :class:`Evidence`, and as JSON ``properties``. What is
    empty is absent. The graph has ``datasets``: titles, publishers, licences and dates as JSON.
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
    made.graph[DATASETS] = _json(_in_order(graph.store))
    for entity in graph.store.entities(numbers.tolist()).values():
        made.add_node(entity.id, **_node(entity))
    for number, (relation, dataset) in sorted(graph.store.relations(index.relation[at]).items()):
        edge = _edge(relation, dataset)
        made.add_edge(relation.source, relation.target, key=number, **edge)
    return made


def from_networkx(
    made: nx.DiGraph[Any], path: str | os.PathLike[str], dataset: Dataset | None = None
) -> int:
    """Load a graph in the form of :func:`to_networkx` into a graph file.

    Edges need ``kind``; everything else may be absent, and ``share`` (a text such as ``25-50``) may
    stand for ``low`` and ``high``. A node without attributes is only named, by its edges.

    Args:
        made: the graph; everything on it is read before anything is written.
        path: the graph file.
        dataset: what all of it becomes; None for the datasets that the graph itself names, each
            loaded anew. Of an entity that several describe the first then says all, the others
            only that it is there.

    Returns:
        The number of the last load.

    Raises:
        InputError: a node or an edge that is no entity or claim; nothing is changed.
        StoreError: the file is in use or cannot be written.
    """
    if not made.is_directed():
        raise InputError("the graph has no directions; make it a DiGraph or a MultiDiGraph")
    named = [dataset] if dataset else _datasets(made.graph.get(DATASETS))
    parts = {one.name: _Part(one, [], []) for one in named}
    for entity, datasets in _entities(made):
        said = entity
        for name in _ordered(parts, f"node {entity.id!r}", [dataset.name] if dataset else datasets):
            parts[name].entities.append(said)
            said = Entity(entity.id, entity.schema, entity.name)
    for where, claim, name in _claims(made):
        (own,) = _ordered(parts, where, [dataset.name if dataset else name])
        parts[own].claims.append(claim)
    return [_load(path, part) for part in parts.values()][-1]


class _Part(NamedTuple):
    """What becomes of one dataset."""

    dataset: Dataset
    entities: list[Entity]
    claims: list[Prepared]


def _ordered(parts: Mapping[str, _Part], where: str, names: Sequence[str]) -> list[str]:
    """The names of datasets in the order in which these came.

    Raises:
        InputError: there are none, or one is not known.
    """
    unknown = [name for name in names or ("",) if name not in parts]
    if unknown:
        name = unknown[0]
        said = f"dataset {name!r} is none of the graph's own" if name else "of no dataset"
        raise InputError(f"{where}: {said}; give from_networkx one for everything")
    return [name for name in parts if name in names]


def _load(path: str | os.PathLike[str], part: _Part) -> int:
    started = now()
    with Writer(path) as writer:
        for entity in part.entities:
            writer.entity(entity)
        for claim in part.claims:
            writer.relation(claim)
        records = len(part.entities) + len(part.claims)
        tally = Tally(records, records, 0, 0, 0)
        return writer.commit(part.dataset, loader="networkx", started=started, tally=tally)


def _datasets(said: object) -> list[Dataset]:
    """The datasets that a graph names.

    Raises:
        InputError: it names none, or they cannot be read.
    """
    try:
        found = [Dataset(*one) for one in json.loads(str(said or "[]"))]
    except (ValueError, TypeError) as error:
        raise InputError(f"the graph's attribute {DATASETS} cannot be read ({error})") from error
    if not found:
        raise InputError(
            "the graph names no dataset; give from_networkx one: Dataset('mine', 'My graph')"
        )
    return found


def _in_order(store: Store) -> list[Dataset]:
    """The datasets of a store, those that came into it first before others."""
    of = {load.dataset.name: load.dataset for load in store.loads}
    came = dict.fromkeys(load.dataset.name for load in store.history())
    return [of[name] for name in {**came, **of} if name in of]


# -- out ------------------------------------------------------------------------------------


def _node(entity: Entity) -> dict[str, str]:
    values = {
        "schema": entity.schema,
        "name": entity.name,
        "countries": _parted(entity.countries),
        "datasets": _parted(entity.datasets),
    }
    more = {
        "topics": _parted(entity.topics),
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


def _parted(texts: tuple[str, ...]) -> str:
    """Texts parted by ``;``; as JSON where they could not be parted again."""
    text = ";".join(texts)
    plain = text.count(";") == max(0, len(texts) - 1) and all(texts) and text[:1] != "["
    return text if plain else _json(texts)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


# -- in -------------------------------------------------------------------------------------


def _entities(made: nx.DiGraph[Any]) -> Iterator[tuple[Entity, tuple[str, ...]]]:
    """Every entity that is described, and by which datasets."""
    met: dict[str, object] = {}
    for node, values in made.nodes(data=True):
        entity_id = str(node)
        if met.setdefault(entity_id, node) is not node:
            raise InputError(f"two nodes are {entity_id!r} as a text; rename one of them")
        said = Attributes(f"node {entity_id!r}", values)
        stub = {"schema": "Thing", "name": entity_id, "countries": "", "datasets": ""}
        if said.has() and values != stub:
            yield _entity(entity_id, said), said.several("datasets")


def _entity(entity_id: str, said: Attributes) -> Entity:
    schema = said.text("schema") or "LegalEntity"
    if schema not in SCHEMATA:
        raise InputError(f"{said.where}: unknown schema {schema!r}")
    return Entity(
        entity_id,
        schema,
        said.text("name", entity_id),
        said.names(),
        said.several("countries"),
        said.pairs("identifiers"),
        said.several("topics"),
        said.properties(),
    )


def _claims(made: nx.DiGraph[Any]) -> Iterator[tuple[str, Prepared, str]]:
    """Every claim with the edge that it stands on, and its dataset."""
    for source, target, values in made.edges(data=True):
        said = Attributes(f"edge {f'{source} -> {target}'!r}", values)
        if not said.has("kind"):
            raise InputError(f"{said.where} has no kind; name one, for example OWNS")
        relation = _relation(str(source), str(target), said)
        try:
            yield said.where, prepare(relation), said.text("dataset")
        except InputError as error:
            raise InputError(f"{said.where}: {error}") from error


def _relation(source: str, target: str, said: Attributes) -> Relation:
    evidence = {name: said.text(name) for name in Evidence._fields if said.has(name)}
    return Relation(
        said.text("kind"),
        source,
        target,
        said.stake(),
        said.text("basis"),
        said.text("start") or None,
        said.text("end") or None,
        Evidence(**evidence),  # type: ignore[arg-type] # unknown words are refused by prepare
        said.flag("reported_indirect"),
        said.text("block"),
        said.text("share_text") or said.text("share"),
        said.properties(),
    )
