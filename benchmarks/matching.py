"""How right are matches of names, and how fast: ``python -m benchmarks.matching``.

A portfolio of 1,000 rows is made, from a seed, of real names of GLEIF and the US Consolidated
Screening List: 500 as they stand, 200 spelled otherwise, 100 near misses (a sibling, another
number, another place), 200 firms that are not in the graph. The true firm of a near miss is not in
the graph, so that any certain answer is false. Persons stay in the graph and are not asked for.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.spellings import KINDS, moved, renumbered, spelled
from spillover.graph.dates import now
from spillover.graph.evidence import Dataset
from spillover.graph.folding import bare
from spillover.graph.schema import Entity, is_a
from spillover.graph.session import Graph
from spillover.graph.writer import Tally, Writer
from spillover.loaders.context import Options
from spillover.loaders.run import run
from spillover.queries.matching import Asked, Match, match
from spillover.queries.matching.parsed import parsed

FILES: Final = {
    "gleif": "gleif/20240505-0000-gleif-goldencopy-lei2-intra-day.json",
    "csl": "csl/csl_subset_c2021_repeated_header.csv",
}
EXACT, SPELLED, MISSES, ABSENT = 500, 200, 100, 200
_STANDING, _SIBLING, _ABSENT = "as it stands", "sibling", "not in the graph"
_ORDER: Final = (_STANDING, *KINDS, _SIBLING, "number", "place", _ABSENT)


class Row(NamedTuple):
    """One row of the portfolio."""

    what: str
    asked: Asked
    true: str
    """Id of the entity that it means; empty where that is not in the graph."""
    original: str


# -- the portfolio ---------------------------------------------------------------------------


def _siblings(entities: list[Entity]) -> list[Entity]:
    """Firms whose first two words begin the names of several."""
    groups: dict[tuple[str, ...], list[Entity]] = defaultdict(list)
    for entity in entities:
        words = bare(entity.name).split()
        if len(words) > 3:
            groups[tuple(words[:2])].append(entity)
    return [entity for group in groups.values() if 1 < len(group) < 40 for entity in group]


def firms(data: Path, folder: Path) -> list[Entity]:
    """Every entity of the files."""
    graph = folder / "all.db"
    for loader, name in FILES.items():
        if not (data / name).exists():
            sys.exit(f"benchmarks: {data / name} is not there; name its folder with --data")
        run(graph, loader, [data / name], options=Options(tolerance=0.05))
    with Graph(graph) as opened:
        found = opened.store.entities(opened.store.entity_numbers())
        return sorted(found.values(), key=lambda entity: entity.id)


def portfolio(entities: list[Entity], seed: int) -> tuple[list[Row], list[Entity]]:
    """The rows, and the entities that stay in the graph."""
    draw = random.Random(seed)
    alike = Counter(parsed(name).words for entity in entities for name in _names(entity))
    every = [e for e in entities if is_a(e.schema, "LegalEntity") and e.schema != "Person"]
    draw.shuffle(every)
    able = [
        entity
        for entity in every
        if alike[parsed(bare(entity.name)).words] == 1 and len(entity.name.split()) > 1
    ]
    near = _siblings(able)[: MISSES * 2 // 5]
    taken = {entity.id for entity in near}
    rest = [entity for entity in able if entity.id not in taken]
    rows = [_row(_SIBLING, entity, entity.name, draw, there=False) for entity in near]
    for what, other, count in (("number", renumbered, 30), ("place", moved, 30)):
        made = ((entity, other(entity.name, draw)) for entity in rest)
        fresh = [(e, n) for e, n in made if n and not alike[parsed(bare(n)).words]][:count]
        rows += [_row(what, entity, name, draw, there=False) for entity, name in fresh]
    absent, rest = rest[:ABSENT], rest[ABSENT:]
    rows += [_row(_ABSENT, entity, entity.name, draw, there=False) for entity in absent]
    gone = taken | {entity.id for entity in absent}
    exact = [entity for entity in every if entity.id not in gone][:EXACT]
    rows += [_row(_STANDING, entity, entity.name, draw, there=True) for entity in exact]
    for what in KINDS:
        changed = ((entity, spelled(what, entity.name, draw)) for entity in rest)
        several = [(e, name) for e, name in changed if _fresh(name, e, alike)][
            : SPELLED // len(KINDS)
        ]
        rows += [_row(what, entity, name, draw, there=True) for entity, name in several]
        used = {entity.id for entity, _ in several}
        rest = [entity for entity in rest if entity.id not in used]
    draw.shuffle(rows)
    return rows, [entity for entity in entities if entity.id not in gone]


def _fresh(name: str, entity: Entity, alike: Counter[tuple[str, ...]]) -> bool:
    """Whether a name is spelled otherwise than the entity's, and is not that of another."""
    words = parsed(bare(name)).words
    return name != entity.name and (words == parsed(bare(entity.name)).words or not alike[words])


def _names(entity: Entity) -> set[str]:
    return {bare(text) for text in (entity.name, *(name.text for name in entity.names))}


def _row(what: str, entity: Entity, name: str, draw: random.Random, *, there: bool) -> Row:
    """A row that states the country half of the time, and no identifier."""
    countries = entity.countries[:1] if draw.random() < 0.5 else ()
    return Row(what, Asked("", name, (), countries), entity.id if there else "", entity.name)


def build(path: Path, entities: list[Entity]) -> Path:
    """A graph file of these entities."""
    with Writer(path) as writer:
        for entity in entities:
            writer.entity(entity._replace(properties={}))
        count = len(entities)
        tally = Tally(count, count, 0, 0, 0)
        writer.commit(Dataset("bench", "Names"), loader="table", started=now(), tally=tally)
    return path


# -- the figures -----------------------------------------------------------------------------


def report(graph: Graph, rows: list[Row], found: list[tuple[Match, ...]]) -> None:
    """Print precision and recall, and every false certain answer."""
    ids = graph.store.entities(m.entity for matches in found for m in matches)
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for row, matches in zip(rows, found, strict=True):
        said = [ids[match.entity] for match in matches]
        certain = [e for e, match in zip(said, matches, strict=True) if match.certain]
        for name in (row.what, "all"):
            count = table[name]
            count["rows"] += 1
            count["certain"] += bool(certain)
            count["right"] += any(entity.id == row.true for entity in certain)
            count["among"] += any(entity.id == row.true for entity in said)
            count["first"] += bool(said) and said[0].id == row.true
            count["asked"] += bool(said) and not certain
            count["candidates"] += len(said) if not certain else 0
        for entity in certain:
            if entity.id != row.true:
                print(f"false: {row.what}: {row.asked.name} -> {entity.name} ({entity.id})")
        if row.true and not any(entity.id == row.true for entity in said):
            print(f"not found: {row.what}: {row.asked.name} (from {row.original})")
    print("| rows | count | certain | of them right | true one found | first | questions | each |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in (*_ORDER, "all"):
        count = table[name]
        each = count["candidates"] / max(1, count["asked"])
        print(
            f"| {name} | {count['rows']} | {count['certain']} | {count['right']} |"
            f" {count['among']} | {count['first']} | {count['asked']} | {each:.1f} |"
        )


def main() -> None:
    """Parse, build, match, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        rows, kept = portfolio(firms(asked.data, Path(folder)), asked.seed)
        with Graph(build(Path(folder) / "graph.db", kept)) as graph:
            started, wall = time.process_time(), time.perf_counter()
            found = match(graph, [row.asked for row in rows])
            cpu, seconds = time.process_time() - started, time.perf_counter() - wall
            report(graph, rows, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(rows)} rows, {len(kept)} entities: {cpu:.1f} s CPU, {seconds:.1f} s, {peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
