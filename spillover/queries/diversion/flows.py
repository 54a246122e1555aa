"""What do claims say of each flow: whose report it is, of which goods and days, and how much?

An import that B reports from A and an export that A reports to B are two claims about one flow.
They are kept apart, each under whoever said it; nothing is averaged and nothing added up here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions
from spillover.queries.diversion.amounts import Quantity, quantity
from spillover.queries.diversion.goods import Catalogue, Good
from spillover.queries.diversion.periods import Span, span

Voice = Literal["exporter", "reconciled", "importer", "stated"]
"""Whose figure it is: an end's own report, one figure made of both reports, or another source's."""

VOICES: Final[tuple[Voice, ...]] = ("exporter", "reconciled", "importer", "stated")
"""In the order in which they are preferred: the exporter's comes first, because a target of
sanctions may stop publishing its imports."""
Measure = Literal["value", "weight", "quantity"]
MEASURES: Final[tuple[Measure, ...]] = ("value", "weight", "quantity")
_WHOLE: Final = frozenset({"export", "import", ""})
"""Other flows (re-exports, re-imports) are parts of these, and are never added to them."""
_CHUNK: Final = 5000


class Flow(NamedTuple):
    """One claim about one flow."""

    position: int
    """Position of the claim in the index."""
    exporter: int
    importer: int
    good: Good
    days: Span
    voice: Voice
    reporter: int
    """The end that reports; 0 where neither does."""
    part: str
    """Empty for the whole flow, else for example ``re-export``."""
    denied: bool
    amounts: tuple[Quantity | None, Quantity | None, Quantity | None]
    """Value, weight and quantity, each None where it is not stated."""
    edition: str
    """Edition of the Harmonized System, empty where none is stated."""

    def amount(self, measure: Measure) -> Quantity | None:
        """One of its amounts."""
        return self.amounts[MEASURES.index(measure)]


class Unread(NamedTuple):
    """A claim of which something could not be read."""

    position: int
    what: str
    """For example ``value 'a lot'``."""


@dataclass(frozen=True, slots=False)
class Flows:
    """Claims about flows, and who reports when."""

    rows: tuple[Flow, ...]
    """In order of their positions."""
    unread: tuple[Unread, ...]
    beside: tuple[int, ...]
    """Positions of claims about these goods that do not count: less sure, too old, not yet."""

    @cached_property
    def into(self) -> Mapping[int, list[Flow]]:
        """Flows by importer."""
        found: dict[int, list[Flow]] = defaultdict(list)
        for row in self.rows:
            found[row.importer].append(row)
        return found

    @cached_property
    def between(self) -> Mapping[tuple[int, int], list[Flow]]:
        """Flows by exporter and importer."""
        found: dict[tuple[int, int], list[Flow]] = defaultdict(list)
        for row in self.rows:
            found[row.exporter, row.importer].append(row)
        return found

    @cached_property
    def active(self) -> Mapping[int, frozenset[Span]]:
        """Periods in which each end reports any of these goods; 0: with reconciled figures."""
        found: dict[int, set[Span]] = defaultdict(set)
        for row in self.rows:
            if row.voice == "reconciled":
                found[0].add(row.days)
            elif row.reporter:
                found[row.reporter].add(row.days)
        return {reporter: frozenset(spans) for reporter, spans in found.items()}


class _Said(msgspec.Struct):
    """The properties of a claim that matter here; each is a list of texts."""

    value: list[str] = []
    weight: list[str] = []
    quantity: list[str] = []
    flow: list[str] = []
    reporter: list[str] = []
    reconciled: list[str] = []
    classification: list[str] = []


_DECODE: Final = msgspec.json.Decoder(_Said).decode


def positions(
    graph: Graph, known: Catalogue, goods: Iterable[Good], *, into: int | None = None
) -> npt.NDArray[np.int64]:
    """Positions of all claims about flows of these goods, with ``into`` only those into one end."""
    index = graph.index
    if into is None:
        at = np.flatnonzero(index.kind == KIND_CODES["EXPORTS"])
    else:
        at, _ = index.into(np.array([into], np.int64))
        at = at[index.kind[at] == KIND_CODES["EXPORTS"]]
    found: npt.NDArray[np.int64] = at[np.isin(index.key[at], known.keys_of(goods))]
    return found


def read(graph: Graph, when: Conditions, known: Catalogue, at: npt.NDArray[np.int64]) -> Flows:
    """The flows that claims at these positions state.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        known: the goods of all flows.
        at: positions of claims, see :func:`positions`.
    """
    index = graph.index
    at = np.sort(at)
    counts = when.valid(index, at) & ~when.stale(index, at)
    beside = tuple(at[~counts].tolist())
    at = at[counts]
    said = _properties(graph, index.relation[at].tolist())
    columns = zip(
        at.tolist(),
        index.source[at].tolist(),
        index.target(at).tolist(),
        index.key[at].tolist(),
        (index.flags[at] & DENIES != 0).tolist(),
        index.relation[at].tolist(),
        strict=True,
    )
    rows: list[Flow] = []
    unread: list[Unread] = []
    for position, exporter, importer, key, denied, number in columns:
        good, period = known.keys[key]
        days = span(period)
        if days is None:
            unread.append(Unread(position, f"period {period!r}"))
            continue
        properties = _DECODE(said[number])
        amounts = _amounts(properties, position, unread)
        flow = properties.flow[0] if properties.flow else ""
        voice = _voice(properties, flow)
        rows.append(
            Flow(
                position,
                exporter,
                importer,
                good,
                days,
                voice,
                {"exporter": exporter, "importer": importer}.get(voice, 0),
                "" if flow in _WHOLE else flow,
                denied,
                amounts,
                properties.classification[0] if properties.classification else "",
            )
        )
    return Flows(tuple(rows), tuple(unread), beside)


def _properties(graph: Graph, numbers: list[int]) -> dict[int, str]:
    """Properties of claims as they are stored, by number; there may be very many."""
    found: dict[int, str] = {}
    for start in range(0, len(numbers), _CHUNK):
        marks = ",".join(map(str, numbers[start : start + _CHUNK]))
        sql = f"SELECT num, coalesce(properties, '{{}}') FROM relation WHERE num IN ({marks})"  # noqa: S608 - integers
        found.update(graph.store.rows(sql))
    supposed = [number for number in numbers if number not in found]
    for number, (relation, _) in graph.store.relations(supposed).items():
        found[number] = msgspec.json.encode(dict(relation.properties)).decode()
    return found


def _amounts(
    said: _Said, position: int, unread: list[Unread]
) -> tuple[Quantity | None, Quantity | None, Quantity | None]:
    """Value, weight and quantity; those that cannot be read are noted."""
    value, weight, counted = (
        _amount(name, texts, position, unread)
        for name, texts in zip(MEASURES, (said.value, said.weight, said.quantity), strict=True)
    )
    return value, weight, counted


def _amount(name: str, texts: list[str], position: int, unread: list[Unread]) -> Quantity | None:
    if not texts:
        return None
    found = quantity(texts[0]) if len(texts) == 1 else None
    if found is None:
        unread.append(Unread(position, f"{name} {'; '.join(texts)!r}"))
    return found


def _voice(said: _Said, flow: str) -> Voice:
    if said.reconciled:
        return "reconciled"
    if not said.reporter:
        return "stated"
    return "importer" if "import" in flow else "exporter"
