"""What is said of an entity or a relation before and after, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from spillover.graph.rows import Load
from spillover.graph.schema import KINDS
from spillover.graph.stake import Stake, format_stake

ADDED: Final = "added"
REMOVED: Final = "removed"
CHANGED: Final = "changed"
RESTATED: Final = "restated"
WHAT: Final = (ADDED, REMOVED, CHANGED, RESTATED)
"""Restated: the same in other words, or from another page; it is counted and not listed."""
WORDING: Final = frozenset({"share text", "source", "note"})
"""Fields in which a claim that is only restated may differ."""


Said = Mapping[str, Any]
"""A row of the graph file by the names of its columns."""
Pair = tuple[Said | None, Said | None]


class Field(NamedTuple):
    """One field that changed."""

    name: str
    before: str
    after: str


class End(NamedTuple):
    """An end of a relation, or an entity, as a difference names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DatasetChange:
    """A dataset of which another load stands, or none."""

    name: str
    before: Load | None
    after: Load | None

    @property
    def what(self) -> str:
        """``added``, ``removed`` or ``changed``: loaded anew."""
        return ADDED if self.before is None else REMOVED if self.after is None else CHANGED


@dataclass(frozen=True, slots=True)
class EntityChange:
    """An entity of which a dataset says something else."""

    what: str
    dataset: str
    entity: End
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a claim states, as far as it is shown."""

    share: str
    """In words; empty where it states none."""
    basis: str
    start: str
    end: str
    observed: str
    confidence: str
    stance: str
    publisher: str
    url: str
    dataset: str
    record: str


@dataclass(frozen=True, slots=True)
class RelationChange:
    """A claim that came, went, or says something else."""

    what: str
    dataset: str
    kind: str
    source: End
    target: End
    before: Stated | None
    after: Stated | None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinChange:
    """An entity that identifiers join with another one than before."""

    entity: End
    before: End | None
    """The one that stood for it; None: itself."""
    after: End | None


def entity_fields(before: Said, after: Said) -> tuple[Field, ...]:
    """The fields in which two descriptions differ; the order of values does not count."""
    plain = [(name, before[name], after[name]) for name in ("schema", "name")]
    found = [Field(*field) for field in plain if field[1] != field[2]]
    for name in ("names", "countries", "identifiers", "topics"):
        found += _listed(name, _values(before[name]), _values(after[name]))
    one, other = (json.loads(side["properties"] or "{}") for side in (before, after))
    for key in sorted({*one, *other}):
        found += _listed(key, one.get(key, ()), other.get(key, ()))
    return tuple(found)


def united(rows: Sequence[Said]) -> list[dict[str, Any]]:
    """One description for each entity, of all that one load has of it; the first names it."""
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(row["entity"], dict(row))
        if one["num"] == row["num"]:
            continue
        for name in ("names", "countries", "identifiers", "topics"):
            known = json.loads(one[name] or "[]")
            more = [value for value in json.loads(row[name] or "[]") if value not in known]
            one[name] = json.dumps([*known, *more])
        told = json.loads(one["properties"] or "{}")
        for key, values in json.loads(row["properties"] or "{}").items():
            told[key] = list(dict.fromkeys([*told.get(key, ()), *values]))
        one["properties"] = json.dumps(told)
    return list(found.values())


def _values(column: str | None) -> list[str]:
    """The values of a column that holds a JSON list, each as a text."""
    values = json.loads(column) if column else []
    return [value if isinstance(value, str) else " ".join(filter(None, value)) for value in values]


def _listed(name: str, before: Iterable[str], after: Iterable[str]) -> list[Field]:
    """The values that went and those that came; nothing when there are none."""
    one, other = dict.fromkeys(before), dict.fromkeys(after)
    gone = "; ".join(value for value in one if value not in other)
    new = "; ".join(value for value in other if value not in one)
    return [Field(name, gone, new)] if gone or new else []


def relation_fields(before: Said, after: Said) -> tuple[Field, ...]:
    """The fields in which two claims of the same thing differ, in words."""
    plain = [
        Field(name, words(before), words(after))
        for name, columns, words in _FIELDS
        if any(before[column] != after[column] for column in columns)
    ]
    if before["properties"] != after["properties"]:
        first, second = (json.loads(side["properties"] or "{}") for side in (before, after))
        for key in sorted({*first, *second}):
            plain += _listed(key, first.get(key, ()), second.get(key, ()))
    return tuple(plain)


def _text(column: str) -> Callable[[Said], str]:
    return lambda row: str(row[column] or "")


_FIELDS: Final[tuple[tuple[str, tuple[str, ...], Callable[[Said], str]], ...]] = (
    ("share", ("low", "high"), lambda row: share_words(row["low"], row["high"])),
    *(
        (column, (column,), _text(column))
        for column in ("start", "end", "observed", "confidence", "stance")
    ),
    (
        "repeats a chain",
        ("reported_indirect",),
        lambda row: "yes" if row["reported_indirect"] else "no",
    ),
    ("block", ("block",), _text("block")),
    ("share text", ("stake_text",), _text("stake_text")),
    ("source", ("evidence",), _text("evidence")),
    ("note", ("note",), _text("note")),
)
"""What a claim says beside its ends: the field, its columns, and how it is put into words."""


def share_words(low: int | None, high: int | None) -> str:
    """A share in words; empty where none is stated."""
    return "" if low is None or high is None else format_stake(Stake(low, high))


def key_of(row: Said) -> tuple[Any, ...]:
    """What makes two claims claims of the same thing: kind, ends, basis and telling properties."""
    names = KINDS[row["kind"]].key
    stated = row["properties"] or ""
    told = json.loads(stated) if any(f'"{name}"' in stated for name in names) else {}
    telling = tuple(tuple(told.get(name, ())) for name in names)
    return (row["kind"], row["source"], row["target"], row["basis"], telling)


def paired(
    before: Sequence[Said], after: Sequence[Said], *keys: Callable[[Said], Any]
) -> list[Pair]:
    """Rows of both sides that speak of the same, by the first of these keys under which they do.

    Of several with one key the first is paired with the first; what is left over stands alone.
    """
    left, right = list(before), list(after)
    found: list[Pair] = []
    for key in keys:
        waiting: dict[Any, list[Said]] = {}
        for row in reversed(right):
            waiting.setdefault(key(row), []).append(row)
        rest = []
        for row in left:
            there = waiting.get(key(row))
            if there:
                found.append((row, there.pop()))
            else:
                rest.append(row)
        kept = {id(row) for rows in waiting.values() for row in rows}
        left, right = rest, [row for row in right if id(row) in kept]
    return [*found, *((row, None) for row in left), *((None, row) for row in right)]
