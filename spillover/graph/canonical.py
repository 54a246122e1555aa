"""Which entities of different sources are one, and which identifiers contradict each other.

Entities that share a strong identifier are one, and those of which a dataset states that they are
the same; the oldest of them in the file stands for all.
What identifiers join is computed anew from the loads that stand, so that unloading a source undoes
its part. Where they contradict each other nobody is joined, and that is reported. A name joins
nobody.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final, NamedTuple

from spillover.graph.identifiers import SAME_AS, STRONG, names, valid
from spillover.graph.schema import is_a

_CHUNK: Final = 5000
_SHOWN: Final = 5
"""Most entities that the report of a conflict names."""
_MOST: Final = 64
"""Most entities that one identifier joins; more carry it by mistake."""


class Conflict(NamedTuple):
    """An identifier by which nobody is joined, and why."""

    why: str
    identifier: str
    entities: tuple[str, ...]
    """Their ids; the first few of many."""

    def __str__(self) -> str:
        """The entities, with the reason."""
        return f"{self.why}: {', '.join(self.entities)}"


class _Thing:
    """What is known of one entity, or of several that are one."""

    def __init__(self) -> None:
        self.members: list[int] = []
        self.schemata: set[str] = set()
        self.countries: set[str] = set()
        self.identifiers: dict[str, set[str]] = defaultdict(set)

    def clash(self, other: _Thing, scheme: str) -> str:
        """Why these two cannot be one; empty when they can."""
        if not all(_alike(a, b) for a in self.schemata for b in other.schemata):
            return "one identifier on two kinds"
        apart = self.countries and other.countries and not self.countries & other.countries
        if apart and scheme in STRONG and STRONG[scheme].national:
            return "one identifier in two countries"
        for one, values in self.identifiers.items():
            others = other.identifiers.get(one)
            if others and STRONG[one].single and values != others:
                return f"two identifiers {one} on one entity"
        return ""

    def join(self, other: _Thing) -> None:
        """Take in another one."""
        self.members += other.members
        self.schemata |= other.schemata
        self.countries |= other.countries
        for scheme, values in other.identifiers.items():
            self.identifiers[scheme] |= values


def update(connection: sqlite3.Connection, load: int, loads: Iterable[int]) -> list[Conflict]:
    """Bring the tables ``same`` and ``conflict`` up to the loads that stand.

    Args:
        connection: inside the transaction of a load.
        load: its number.
        loads: those that stand when it is done.

    Returns:
        The conflicts that were not there before.
    """
    joined, conflicts = resolve(connection, loads)
    _replace(connection, load, "same", set(joined.items()))
    rows = {(found.identifier, found.why, ", ".join(found.entities)) for found in conflicts}
    new = _replace(connection, load, "conflict", rows)
    return [Conflict(why, identifier, tuple(ids.split(", "))) for identifier, why, ids in new]


def _replace(
    connection: sqlite3.Connection, load: int, table: str, rows: set[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """Let a table hold these rows from this load on; returns the new ones in order."""
    stored = {
        tuple(row): number
        for number, *row, _, _ in connection.execute(
            f"SELECT rowid, * FROM {table} WHERE removed_by IS NULL"  # noqa: S608 - own table names
        )
    }
    gone = [(load, number) for row, number in stored.items() if row not in rows]
    connection.executemany(f"UPDATE {table} SET removed_by = ? WHERE rowid = ?", gone)  # noqa: S608 - as above
    new = sorted(rows - stored.keys())
    if new:
        marks = ",".join("?" * len(new[0]))
        sql = f"INSERT INTO {table} VALUES ({marks}, {int(load)}, NULL)"  # noqa: S608 - as above
        connection.executemany(sql, new)
    return new


def resolve(
    connection: sqlite3.Connection, loads: Iterable[int]
) -> tuple[dict[int, int], list[Conflict]]:
    """(entity: the one that stands for it, conflicts) under the descriptions of these loads.

    Entities that stand for themselves are left out.
    """
    active = ",".join(map(str, sorted(loads))) or "0"
    holders = _holders(connection, active) | _stated(connection, active)
    numbers = sorted({number for found in holders.values() for number in found})
    things, ids = _things(connection, active, numbers)
    conflicts = list(_two_of_one(things, ids))
    of = dict(things)
    order = {scheme: place for place, scheme in enumerate((*STRONG, SAME_AS))}
    for scheme, value in sorted(holders, key=lambda key: (order[key[0]], key[1])):
        several = _apart(holders[scheme, value], scheme, things, of)
        why = _clash(several, scheme)
        if why:
            members = sorted(ids[n] for one in several for n in one.members)
            conflicts.append(Conflict(why, f"{scheme} {value}", tuple(members[:_SHOWN])))
            continue
        for other in several[1:]:
            several[0].join(other)
            of.update(dict.fromkeys(other.members, several[0]))
    joined = {number: min(thing.members) for number, thing in of.items()}
    return {number: one for number, one in joined.items() if number != one}, conflicts


def _apart(
    numbers: set[int], scheme: str, things: dict[int, _Thing], of: dict[int, _Thing]
) -> list[_Thing]:
    """Those of the holders that the identifier can join and that are not one yet."""
    found = {}
    for number in sorted(numbers):
        thing = things[number]
        if scheme == SAME_AS or _carries(thing, scheme):
            found[id(of[number])] = of[number]
    return list(found.values())


def _carries(thing: _Thing, scheme: str) -> bool:
    """Whether the thing can have such an identifier, and has only one where there is only one."""
    twice = STRONG[scheme].single and len(thing.identifiers[scheme]) > 1
    return not twice and any(names(scheme, schema) for schema in thing.schemata)


def _clash(several: list[_Thing], scheme: str) -> str:
    """Why these cannot all be one; empty when they can."""
    if len(several) > _MOST:
        return f"one identifier on {len(several)} entities"
    clashes = (first.clash(second, scheme) for first, second in combinations(several, 2))
    return next(filter(None, clashes), "")


def _alike(one: str, other: str) -> bool:
    """Whether a thing can be of both schemata."""
    both = is_a(one, "Organization") and is_a(other, "Organization")
    return both or is_a(one, other) or is_a(other, one)


def _holders(connection: sqlite3.Connection, active: str) -> dict[tuple[str, str], set[int]]:
    """The entities that carry each valid strong identifier which several carry."""
    marks = ",".join("?" * len(STRONG))
    rows = connection.execute(
        f"SELECT DISTINCT scheme, value, entity FROM identifier WHERE load IN ({active})"  # noqa: S608 - integers and marks
        f" AND scheme IN ({marks}) AND value IN"
        " (SELECT value FROM identifier GROUP BY value HAVING min(entity) < max(entity))",
        tuple(STRONG),
    )
    holders: dict[tuple[str, str], set[int]] = defaultdict(set)
    for scheme, value, entity in rows:
        if valid(scheme, value):
            holders[scheme, value].add(entity)
    return {key: found for key, found in holders.items() if len(found) > 1}


def _stated(connection: sqlite3.Connection, active: str) -> dict[tuple[str, str], set[int]]:
    """The pairs of entities of which a dataset states that they are the same."""
    rows = connection.execute(
        "SELECT i.value, i.entity, e.num FROM identifier i JOIN entity e ON e.id = i.value"  # noqa: S608 - integers
        f" WHERE i.scheme = ? AND i.load IN ({active}) AND e.num <> i.entity AND EXISTS"
        f" (SELECT 1 FROM description d WHERE d.entity = e.num AND d.load IN ({active}))",
        (SAME_AS,),
    )
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for value, *ends in rows:
        found[SAME_AS, value].update(ends)
    return dict(found)


def _things(
    connection: sqlite3.Connection, active: str, numbers: list[int]
) -> tuple[dict[int, _Thing], dict[int, str]]:
    """What these loads say of the entities, and their ids."""
    things: dict[int, _Thing] = {}
    ids: dict[int, str] = {}
    for marks in _chunks(numbers):
        rows = connection.execute(
            "SELECT e.num, e.id, d.schema, d.countries FROM description d"  # noqa: S608 - integers
            f" JOIN entity e ON e.num = d.entity WHERE e.num IN ({marks}) AND d.load IN ({active})"
        )
        for number, entity_id, schema, countries in rows:
            thing = things.setdefault(number, _Thing())
            thing.members = [number]
            thing.schemata.add(schema)
            thing.countries |= set(json.loads(countries)) if countries else set()
            ids[number] = entity_id
        rows = connection.execute(
            f"SELECT entity, scheme, value FROM identifier WHERE entity IN ({marks})"  # noqa: S608 - integers
            f" AND load IN ({active})"
        )
        for number, scheme, value in rows:
            if scheme in STRONG and valid(scheme, value):
                things[number].identifiers[scheme].add(value)
    return things, ids


def _chunks(numbers: list[int]) -> Iterator[str]:
    for start in range(0, len(numbers), _CHUNK):
        yield ",".join(map(str, numbers[start : start + _CHUNK]))


def _two_of_one(things: dict[int, _Thing], ids: dict[int, str]) -> Iterator[Conflict]:
    """Entities that carry two of an identifier of which one thing has one."""
    for number, thing in sorted(things.items()):
        for scheme, values in sorted(thing.identifiers.items()):
            if STRONG[scheme].single and len(values) > 1:
                text = f"{scheme} {' and '.join(sorted(values))}"
                yield Conflict(f"two identifiers {scheme} on one entity", text, (ids[number],))
