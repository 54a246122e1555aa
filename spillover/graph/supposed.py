"""What would the graph say if some claims had ended and others were made: nothing is stored.

:class:`SupposedStore` stands over a store (or over another supposed one) and answers as a store
does. What it adds has numbers above all that the file has given out; what it ends keeps its number,
its source and its place, and says who ended it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import Prepared, packed, prepare
from spillover.graph.compiler import PACKED as WORDS
from spillover.graph.dates import last_day
from spillover.graph.errors import InputError
from spillover.graph.evidence import Dataset
from spillover.graph.folding import bare
from spillover.graph.identifiers import normal
from spillover.graph.rows import Load, united
from spillover.graph.schema import Entity, Relation
from spillover.graph.store import Store

DATASET: Final = "scenario"
"""Dataset of every claim that is only supposed."""
ASSUMED: Final = "assumed"
"""Title of the source of every such claim."""
GONE: Final = "gone"
"""Instead of a last day: the claim is taken away, as if nobody had made it."""

_NEVER: Final = -1
_LAST: Final = WORDS.index("last")
Segment = tuple[int, int, bytes]


class SupposedStore(Store):
    """A store of which some claims have ended, and to which others have been added.

    It reads through the file of the store below and is closed with it.

    Args:
        below: the store.
        ended: last day (ISO date) of claims by number, or ``GONE``.
        added: claims to add; an end that nobody describes becomes a stub, as in a load.
        entities: entities to add or to describe further.
        name: what the supposition is called.

    Raises:
        InputError: an added claim is not well formed (see :func:`spillover.graph.claims.prepare`).
        DateError: a last day is no date.
    """

    def __init__(
        self,
        below: Store,
        ended: Mapping[int, str],
        added: Sequence[Relation],
        *,
        entities: Sequence[Entity] = (),
        name: str = "",
    ) -> None:
        self._below = below
        self.path, self.name, self.connection = below.path, below.name, below.connection
        self.version, self.joined = below.version, below.joined
        self._active = below._active  # noqa: SLF001 - of its own kind
        self._said = f"{DATASET} {name}".strip()
        self._ended = {
            number: _NEVER if last == GONE else last_day(last) for number, last in ended.items()
        }
        self._texts = {number: last for number, last in ended.items() if last != GONE}
        self._new: dict[str, int] = {}
        self._entities: dict[int, Entity] = {}
        self._highest = below.entity_count()
        for entity in entities:
            self._describe(entity)
        self._first = below.relation_count() + 1
        self._added = [self._supposed(relation) for relation in added]
        self._terms = _Terms(below)
        self._records = b"".join(map(self._packed, self._added))
        self.loads = (*below.loads, self._load(below.loads))

    def close(self) -> None:
        """Do nothing: the file belongs to the store below."""

    @property
    def key(self) -> str:
        """Name of the version below: what is supposed has no folder of its own."""
        return self._below.key

    # -- what is supposed -----------------------------------------------------------------------

    def _load(self, loads: tuple[Load, ...]) -> Load:
        """What is supposed, among the loads; its number is below all of them."""
        number = min((0, *(load.num for load in loads))) - 1
        claims, parties = len(self._added), len(self._entities)
        dataset = Dataset(DATASET, f"Assumed: {self._said}", self._said, licence="own data")
        said = claims + parties
        return Load(
            number, dataset, DATASET, "", "", said, said, 0, 0, 0, parties, claims, removed_by=None
        )

    def _supposed(self, relation: Relation) -> Prepared:
        """A claim that says of itself that it is supposed."""
        evidence = relation.evidence._replace(publisher=self._said, title=ASSUMED, url="")
        return prepare(relation._replace(evidence=evidence))

    def _describe(self, entity: Entity) -> None:
        number = self._number(entity.id)
        own = entity._replace(datasets=(DATASET,))
        known = self._entities.get(number)
        self._entities[number] = united(known, own) if known else own

    def _number(self, entity_id: str) -> int:
        number = self.number(entity_id)
        if number is None:
            number = self._new[entity_id] = self._highest + len(self._new) + 1
        return number

    # -- entities -------------------------------------------------------------------------------

    def entity_count(self) -> int:
        """Highest entity number."""
        return self._highest + len(self._new)

    def number(self, entity_id: str) -> int | None:
        """Number of the entity with exactly this id."""
        return self._new.get(entity_id) or self._below.number(entity_id)

    def entities(self, numbers: Iterable[int]) -> dict[int, Entity]:
        """Entities by number, with what is supposed of them."""
        wanted = sorted({int(number) for number in numbers})
        found = self._below.entities(number for number in wanted if number <= self._highest)
        ids = {number: entity_id for entity_id, number in self._new.items()}
        for number in wanted:
            own, known = self._entities.get(number), found.get(number)
            if own is not None:
                found[number] = united(known, own) if known and known.datasets else own
            elif known is None:
                found[number] = Entity(ids[number], "Thing", ids[number])
        return found

    def entity_numbers(self) -> list[int]:
        """Numbers of all entities that are described, in order."""
        return sorted({*self._below.entity_numbers(), *self._entities})

    def _named(self, folded: str) -> list[tuple[int, str, str, str, str | None, str]]:
        found = self._below._named(folded)  # noqa: SLF001 - of its own kind
        for number, entity in self._entities.items():
            names = "\n".join(bare(text) for text in (entity.name, *(n.text for n in entity.names)))
            if folded in names:
                row = (entity.name, entity.schema, json.dumps(entity.countries), names)
                found.append((number, entity.id, *row))
        return found

    def _identified(self, written: Iterable[str]) -> set[int]:
        values = set(written)
        own = {
            number
            for number, entity in self._entities.items()
            if any(normal(scheme, value) in values for scheme, value in entity.identifiers)
        }
        return self._below._identified(values) | own  # noqa: SLF001 - of its own kind

    def _ids(self, numbers: set[int]) -> dict[int, str]:
        new = {number: entity_id for entity_id, number in self._new.items() if number in numbers}
        return self._below._ids(numbers - set(new)) | new  # noqa: SLF001 - of its own kind

    # -- claims ---------------------------------------------------------------------------------

    def relations(self, numbers: Iterable[int]) -> dict[int, tuple[Relation, str]]:
        """Claims by number, each with the name of its dataset; ended ones say who ended them."""
        wanted = sorted({int(number) for number in numbers})
        found = self._below.relations(number for number in wanted if number < self._first)
        for number, last in self._texts.items():
            if number in found:
                relation, dataset = found[number]
                properties = {**relation.properties, "ended_by": (self._said,)}
                found[number] = relation._replace(end=last, properties=properties), dataset
        for number in wanted:
            if self._first <= number < self._first + len(self._added):
                relation = self._added[number - self._first].relation
                ends = (self._one(relation.source), self._one(relation.target))
                found[number] = relation._replace(source=ends[0], target=ends[1]), DATASET
        return found

    def _one(self, entity_id: str) -> str:
        """Id of the one that stands for an entity of this id."""
        number = self._number(entity_id)
        return self._ids({number})[number]

    def relation_count(self) -> int:
        """Highest number of a claim."""
        return self._first + len(self._added) - 1

    def segments(self) -> list[Segment]:
        """Packed records as the store below has them, less what has ended, and what is added.

        Raises:
            InputError: a claim that is to end is not in this version of the graph.
        """
        numbers = np.array(sorted(self._ended), np.int64)
        found: list[Segment] = []
        met: set[int] = set()
        for segment in self._below.segments():
            first, count, _ = segment
            here = numbers[(numbers >= first) & (numbers < first + count)]
            met.update(here.tolist())
            found += self._without(segment, here) if len(here) else [segment]
        missing = sorted(self._ended.keys() - met)
        if missing:
            raise InputError(
                f"claim {missing[0]} cannot be ended: this version of the graph has no such claim"
            )
        if self._added:
            found.append((self._first, len(self._added), self._records))
        return found

    def _without(self, segment: Segment, ended: npt.NDArray[np.int64]) -> Iterator[Segment]:
        """A segment in which these claims end; it falls into parts where one is gone."""
        first, count, blob = segment
        records = np.frombuffer(blob, "<i4").reshape(count, -1).copy()
        at = ended - first
        days = np.array([self._ended[number] for number in ended.tolist()])
        records[at, _LAST] = np.minimum(records[at, _LAST], days)
        begin = 0
        for end in (*at[days == _NEVER].tolist(), count):
            if end > begin:
                yield first + begin, end - begin, records[begin:end].tobytes()
            begin = end + 1

    def _packed(self, claim: Prepared) -> bytes:
        """An added claim as a record."""
        relation = claim.relation
        ends = self._number(relation.source), self._number(relation.target)
        return packed(claim, *ends, self._terms.number)

    def term(self, text: str) -> int | None:
        """Number of an interned text."""
        return self._terms.new.get(text) or self._below.term(text)

    def term_count(self) -> int:
        """Highest number of an interned text."""
        return self._below.term_count() + len(self._terms.new)

    def terms(self) -> dict[int, str]:
        """Interned texts by number."""
        own = {number: text for text, number in self._terms.new.items()}
        return self._below.terms() | own


class _Terms:
    """Numbers of texts: those of a store, and fresh ones for what it does not know."""

    def __init__(self, store: Store) -> None:
        self._store, self._highest = store, store.term_count()
        self._known: dict[str, int | None] = {"": 0}
        self.new: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Number of a text; 0 for the empty one."""
        if text not in self._known:
            self._known[text] = self._store.term(text)
        number = self._known[text]
        if number is None:
            number = self._known[text] = self.new[text] = self._highest + len(self.new) + 1
        return number
