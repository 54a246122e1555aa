"""Small graphs for tests: a few entities and claims in, one load of one dataset made of them."""

from pathlib import Path
from typing import Any

from spillover.graph.claims import prepare
from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.rows import Load, Quarantined
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import parse_stake
from spillover.graph.store import Store
from spillover.graph.writer import Tally, Writer

Item = Entity | Relation


def company(entity_id: str, name: str = "", **said: Any) -> Entity:
    return Entity(entity_id, "Company", name or entity_id, **said)


def owns(owner: str, asset: str, share: str = "", **said: Any) -> Relation:
    evidence = Evidence(**{key: said.pop(key) for key in Evidence._fields if key in said})
    stake = parse_stake(share) if share else None
    basis = said.pop("basis", "capital")
    return Relation("OWNS", owner, asset, stake, basis, evidence=evidence, stake_text=share, **said)


def add(writer: Writer, *items: Item) -> None:
    for item in items:
        if isinstance(item, Relation):
            writer.relation(prepare(item))
        else:
            writer.entity(item)


def commit(writer: Writer, dataset: str = "d", quarantined: tuple[Quarantined, ...] = ()) -> int:
    tally = Tally(0, 0, 0, 0, 0)
    return writer.commit(
        Dataset(dataset, dataset.title()),
        loader="test",
        started="2026-01-01T00:00:00Z",
        tally=tally,
        quarantined=quarantined,
    )


def load(path: Path, *items: Item, dataset: str = "d") -> int:
    """One load; returns its number."""
    with Writer(path) as writer:
        add(writer, *items)
        return commit(writer, dataset)


Content = tuple[list[Load], list[Entity], list[tuple[Relation, str]], list[tuple[int, int, bytes]]]


def content(path: Path, known_at: str | None = None) -> Content:
    """Everything that a version of a graph says."""
    with Store(path, known_at) as store:
        segments = store.segments()
        claims = [n for first, count, _ in segments for n in range(first, first + count)]
        relations = store.relations(claims)
        numbers = range(1, store.entity_count() + 1)
        return (
            list(store.loads),
            list(store.entities(numbers).values()),
            [relations[number] for number in claims],
            segments,
        )
