"""Small graph files for tests, from relations or from a few lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from spillover.graph.claims import prepare
from spillover.graph.dates import now
from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.index import Index, compile_arrays
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import parse_stake
from spillover.graph.writer import Tally, Writer

_OF_EVIDENCE = ("observed", "confidence", "stance", "record", "note", "publisher", "url")
_WORDS = {"denies": ("stance", "denies"), "indirect": ("reported_indirect", True)}


def relation(line: str) -> Relation:
    """One claim from a line: SOURCE KIND TARGET [share] [words and key=value].

    ``>`` stands for OWNS; a share of an OWNS is of the capital unless ``basis=`` says otherwise;
    without a share the claim states none. ``denies`` and ``indirect`` are the words. Keys are
    fields of Relation and Evidence; any other key is a property.

    >>> relation("X > A 25-75 observed=2017 indirect").stake
    Stake(low=25000000, high=75000000)
    """
    source, kind, target, *rest = line.split()
    said: dict[str, Any] = dict(_WORDS[part] for part in rest if part in _WORDS)
    said |= dict(part.split("=", 1) for part in rest if "=" in part)
    text = " ".join(part for part in rest if part not in _WORDS and "=" not in part)
    evidence = Evidence(**{key: said.pop(key) for key in _OF_EVIDENCE if key in said})
    fields = {key: said.pop(key) for key in Relation._fields if key in said}
    if kind == ">":
        kind = "OWNS"
        fields.setdefault("basis", "capital")
    if text:
        fields |= {"stake": parse_stake(text), "stake_text": text}
    properties = {key: (value,) for key, value in said.items()}
    return Relation(kind, source, target, evidence=evidence, properties=properties, **fields)


def relations(text: str) -> list[Relation]:
    """The claims of a text, one a line; empty lines and what follows a # are left out."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [relation(line) for line in lines if line]


_TEST: Final = Dataset("test", "A test")


def build(path: Path, items: Iterable[Entity | Relation] | str, dataset: Dataset = _TEST) -> Path:
    """A graph file with these entities and claims (or the claims of a text) as one dataset.

    Where the file is there, this is one more load into it.
    """
    items = relations(items) if isinstance(items, str) else list(items)
    with Writer(path) as writer:
        for item in items:
            if isinstance(item, Entity):
                writer.entity(item)
            else:
                writer.relation(prepare(item))
        tally = Tally(len(items), len(items), 0, 0, 0)
        writer.commit(dataset, loader="table", started=now(), tally=tally)
    return path


@contextmanager
def opened(items: Iterable[Entity | Relation] | str) -> Iterator[Graph]:
    """The same graph, open; its index stays in memory, which is quicker for many small graphs."""
    with (
        TemporaryDirectory(dir=_fast()) as folder,
        Graph(build(Path(folder) / "graph.db", items)) as graph,
    ):
        graph.__dict__["index"] = Index(compile_arrays(graph.store))
        yield graph


def _fast() -> Path | None:
    """A folder in memory, where there is one: nothing here has to survive a power cut."""
    memory = Path("/dev/shm")  # noqa: S108 - TemporaryDirectory makes a private folder in it
    return memory if memory.is_dir() else None
