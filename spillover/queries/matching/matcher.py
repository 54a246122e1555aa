"""Which entities may each row of a portfolio mean.

Identifiers come before names; :mod:`.deciding` says which match is certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from spillover.graph.folding import bare
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.matching.asked import Asked, Match
from spillover.queries.matching.deciding import Named, decided
from spillover.queries.matching.finder import Finder
from spillover.queries.matching.hashes import Ints
from spillover.queries.matching.identifiers import Carried, carried
from spillover.queries.matching.index import names_of
from spillover.queries.matching.parsed import keys, parsed
from spillover.queries.matching.score import LEAST, Scorer
from spillover.queries.matching.words import is_run, pairs

_BATCH: Final = 1000
_CHUNK: Final = 5000
_KEPT: Final = 20
"""Entities by name that are looked at in full; those of the very same name come besides."""


def match(graph: Graph, asked: Sequence[Asked], *, limit: int = 5) -> list[tuple[Match, ...]]:
    """For each row the entities that it may mean, best first; empty where there is none.

    At most one match of a row is certain. Beside it stand, as questions, only those that carry
    almost the same name or one of the row's identifiers. Rows do not influence each other.

    Args:
        graph: the graph.
        asked: the rows; one needs a name or an identifier.
        limit: most entities for a row; those of the very same name are not cut off.

    Raises:
        StoreError: the graph file cannot be read.
    """
    words = {word for row in asked for text in _texts(row) for word in keys(text).split()}
    finder = Finder(names_of(graph, sorted(words)))
    found: list[tuple[Match, ...]] = []
    for start in range(0, len(asked), _BATCH):
        found += _matched(graph, finder, asked[start : start + _BATCH], limit)
    return found


def _texts(row: Asked) -> list[str]:
    """The names of a row as they are compared, each once."""
    folded = dict.fromkeys(bare(name) for name in (row.name, *row.names))
    return [text for text in folded if text]


def _matched(
    graph: Graph, finder: Finder, rows: Sequence[Asked], limit: int
) -> Iterator[tuple[Match, ...]]:
    """The matches of some of the rows."""
    texts = [_texts(row) for row in rows]
    lines = _lines(graph, finder, {text for several in texts for text in several})
    held = carried(graph, rows)
    named = _named(finder, texts, lines)
    wanted = {one.entity for row in held for one in row}.union(*named)
    entities = graph.store.entities(wanted)
    _compare_names(finder, zip(named, texts, held, strict=True), entities)
    for row, by_name, by_number in zip(rows, named, held, strict=True):
        yield decided(row, by_name, by_number, entities, limit=limit)


def _lines(
    graph: Graph, finder: Finder, texts: Iterable[str]
) -> Mapping[str, list[tuple[int, str]]]:
    """Names of the graph that may be each text, with the entity of each."""
    likely = finder.names_like(sorted(texts))
    every = np.unique(np.concatenate([np.zeros(0, np.int64), *likely.values()]))
    names = finder.names
    folded = _folded(graph, np.unique(names.description[every]))
    columns = (names.entity, names.description, names.line)
    said = {
        name: (entity, folded[description][line])
        for name, entity, description, line in zip(
            every.tolist(), *(column[every].tolist() for column in columns), strict=True
        )
    }
    return {text: [said[name] for name in found.tolist()] for text, found in likely.items()}


def _folded(graph: Graph, descriptions: Ints) -> dict[int, list[str]]:
    """The names of these descriptions as they are compared."""
    found = {}
    for start in range(0, len(descriptions), _CHUNK):
        marks = ",".join(map(str, descriptions[start : start + _CHUNK].tolist()))
        sql = f"SELECT num, folded FROM description WHERE num IN ({marks})"  # noqa: S608 - integers
        found.update({number: text.split("\n") for number, text in graph.store.rows(sql)})
    return found


def _named(
    finder: Finder,
    texts: Sequence[Sequence[str]],
    lines: Mapping[str, Sequence[tuple[int, str]]],
) -> list[dict[int, Named]]:
    """For each row the entities with a name like one of its own, with the best of their names."""
    scorer = _scorer(finder, {*lines, *(line for said in lines.values() for _, line in said)})
    return [
        _kept(
            Named(entity, line, scorer.compare(parsed(text), parsed(line)))
            for text in several
            for entity, line in lines[text]
        )
        for several in texts
    ]


def _kept(several: Iterable[Named]) -> dict[int, Named]:
    """The best name of each entity, of the entities whose names agree most."""
    best: dict[int, Named] = {}
    for one in several:
        if one.agreement.score >= LEAST:
            best[one.entity] = min(one, best.get(one.entity, one))
    ordered = sorted(best.values())
    same = sum(one.agreement.same for one in ordered)
    return {one.entity: one for one in ordered[: max(_KEPT, same)]}


def _compare_names(
    finder: Finder,
    rows: Iterable[tuple[dict[int, Named], Sequence[str], Sequence[Carried]]],
    entities: Mapping[int, Entity],
) -> None:
    """Compare the names of entities that carry an identifier of a row, where not done yet."""
    missing = [
        (by_name, several, one.entity)
        for by_name, several, by_number in rows
        for one in by_number
        if one.entity not in by_name
    ]
    own = {number: _own(entities[number]) for _, _, number in missing}
    asked = {text for _, several, _ in missing for text in several}
    scorer = _scorer(finder, asked.union(*own.values()))
    for by_name, several, number in missing:
        compared = [
            Named(number, line, scorer.compare(parsed(text), parsed(line)))
            for text in several
            for line in own[number]
        ]
        if compared:
            by_name[number] = min(compared)


def _own(entity: Entity) -> list[str]:
    """The names of an entity as they are compared."""
    folded = dict.fromkeys(bare(text) for text in (entity.name, *(n.text for n in entity.names)))
    return [text for text in folded if text]


def _scorer(finder: Finder, texts: Iterable[str]) -> Scorer:
    """What compares these names."""
    said = {word for text in texts for word in parsed(text).words}
    runs = {pair for word in said if is_run(word) for pair in pairs(word)}
    return Scorer(finder.weights(said | runs), finder.known(said))
