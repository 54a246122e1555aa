"""Which version of a record stands, and under which id is it known in the graph.

A record id is unique for its publisher alone, so it stands behind the name of the dataset. An
entity with a valid LEI goes by that, so that it meets what other sources say of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

from spillover.graph.identifiers import valid
from spillover.loaders.bods.statements import Statement
from spillover.loaders.context import Context

_RANKS: Final = {"new": 0, "updated": 1, "closed": 2}
Key = tuple[str, int, int]


class Versions:
    """What the statements of a load say of each other.

    Args:
        prefix: of the ids: the name of the dataset.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._last: dict[tuple[str, str], Key] = {}
        self._replacers: dict[str, list[str]] = {}
        self._replaced: dict[str, list[str]] = {}
        self._firsts: dict[str, str] = {}
        self._leis: dict[str, str] = {}
        self._seen: dict[str, set[int]] = {}

    def see(self, number: int, raw: object) -> None:
        """Take note of a statement; what is wrong with it is said when it is told."""
        if not isinstance(raw, dict):
            return
        record, kind = raw.get("recordId"), raw.get("recordType")
        if isinstance(record, str) and isinstance(kind, str):
            key = _key(number, raw)
            self._last[kind, record] = max(self._last.get((kind, record), key), key)
        details = raw.get("recordDetails", raw)
        own = record if isinstance(record, str) else raw.get("statementID")
        if isinstance(own, str) and isinstance(details, dict):
            lei = _lei(details.get("identifiers"))
            if lei:
                self._leis[own] = lei
        statement, replaced = raw.get("statementID"), raw.get("replacesStatements")
        if isinstance(statement, str) and isinstance(replaced, list):
            earlier = [one for one in replaced if isinstance(one, str)]
            self._replaced[statement] = earlier
            for one in earlier:
                self._replacers.setdefault(one, []).append(statement)

    def settle(self, context: Context) -> None:
        """Signal statements that replace themselves or each other: none of them is replaced."""
        circular = _stuck(self._replacers) & _stuck(self._replaced)
        for statement in sorted(circular):
            context.note("statements replace each other", statement, statement)
            self._replacers.pop(statement, None)

    def superseded(self, number: int, statement: Statement) -> str:
        """Why a statement does not stand; empty when it does."""
        last = self._last.get((statement.kind, statement.record))
        if last is not None:
            return "" if last[2] == number else "an earlier statement of the record"
        if statement.id in self._replacers:
            return "replaced by a later statement"
        return "the same statement again" if self._again(statement) else ""

    def _again(self, statement: Statement) -> bool:
        """Whether this very statement was told before; two that share an id are both told."""
        digest = hash(repr((statement.envelope, statement.details.values)))
        seen = self._seen.setdefault(statement.id, set())
        if digest in seen:
            return True
        seen.add(digest)
        return False

    def id(self, record: str) -> str:
        """The id in the graph of an entity or person, by its record or any statement of it."""
        first = self._first(record)
        lei = self._leis.get(record) or self._leis.get(first)
        return f"lei:{lei}" if lei else f"{self._prefix}:{first}"

    def other(self, record: str) -> tuple[tuple[str, str], ...]:
        """The id by its record of an entity that goes by its LEI, as an identifier."""
        own = f"{self._prefix}:{self._first(record)}"
        return () if self.id(record) == own else (("bods", own),)

    def _first(self, statement: str) -> str:
        """The first statement of a chain in which each one replaces the one before, alone."""
        path = [statement]
        while (one := path[-1]) not in self._firsts:
            earlier = self._replaced.get(one, [])
            if len(earlier) != 1 or len(self._replacers.get(earlier[0], ())) != 1:
                self._firsts[one] = one
            else:
                path.append(earlier[0])
        first = self._firsts[path[-1]]
        self._firsts.update(dict.fromkeys(path, first))
        return first


def _stuck(edges: Mapping[str, Iterable[str]]) -> set[str]:
    """The nodes from which every way along the edges is blocked by a circle, or that are in one."""
    sorter = TopologicalSorter(edges)
    with contextlib.suppress(CycleError):
        sorter.prepare()
    left = set(edges).union(*edges.values())
    while ready := sorter.get_ready():
        left.difference_update(ready)
        sorter.done(*ready)
    return left


def _key(number: int, raw: dict[str, Any]) -> Key:
    """What makes a statement later than another: its date, its status, its place in the files."""
    date, status = raw.get("statementDate"), raw.get("recordStatus")
    rank = _RANKS.get(status, 0) if isinstance(status, str) else 0
    return (date if isinstance(date, str) else "", rank, number)


def _lei(identifiers: object) -> str:
    """The one LEI among the identifiers whose check digits are right."""
    found = {
        one.get("id")
        for one in (identifiers if isinstance(identifiers, list) else ())
        if isinstance(one, dict) and one.get("scheme") == "XI-LEI"
    }
    right = [one for one in found if isinstance(one, str) and valid("lei", one)]
    return right[0] if len(right) == 1 else ""
