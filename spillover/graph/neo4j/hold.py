"""How does a push keep a server's graph to itself, and how does each of its steps stand just once?

The node that stands for the graph says whose push is under way. Each step looks there first, in
its own transaction, and batches count themselves there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final, TypeVar

from spillover.graph.dates import now
from spillover.graph.errors import StoreError
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.plan import Change
from spillover.graph.neo4j.state import COMPLETE, FORMAT, PUSHING, State, me
from spillover.graph.neo4j.transactions import Steps, Transaction

T = TypeVar("T")

_LOCK: Final = (
    "MERGE (s:SpilloverGraph {id: 'graph'}) SET s.format = $format"
    " RETURN coalesce(s.ticket, '') AS ticket, coalesce(s.tag, '') AS tag"
)
_TAKE: Final = "MATCH (s:SpilloverGraph {id: 'graph'}) SET s += $values"
_LOADS: Final = "UNWIND $rows AS row MERGE (l:SpilloverLoad {num: row[0]}) SET l += row[1]"
_STEP: Final = (
    "MATCH (s:SpilloverGraph {id: 'graph', ticket: $ticket}) WHERE s.done = $place"
    " SET s.done = $place + 1 RETURN s.done AS done"
)
_OURS: Final = (
    "MATCH (s:SpilloverGraph {id: 'graph'})"
    " RETURN s.ticket = $ticket OR s.tag = $tag AS ours, s.state = 'complete' AS done,"
    " coalesce(s.holder, 'another push') AS holder"
)
_LOADED: Final = "MATCH (l:SpilloverLoad) WHERE NOT l.complete SET l.complete = true"


class Hold:
    """One push's hold of a server's graph.

    Args:
        server: the server.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ticket, self.tag = uuid.uuid4().hex, uuid.uuid4().hex
        """``tag`` is what the server will call what it holds when all is done."""

    def take(self, found: State | None, values: dict[str, Any], changes: list[Change]) -> None:
        """Let the server know what is to be done, and by whom.

        Raises:
            StoreError: another push has taken the graph since we looked.
        """
        seen = (found.ticket, found.tag) if found else ("", "")
        values |= {"state": PUSHING, "ticket": self._ticket, "since": now(), "holder": me()}
        rows = [list(change) for change in changes]

        def steps(work: Transaction) -> None:
            there = work.run(_LOCK, format=FORMAT).single(strict=True)
            if (there["ticket"], there["tag"]) != seen and there["ticket"] != self._ticket:
                raise StoreError(
                    f"{self._server.address}: another push changed the graph just now; push again"
                )
            work.run(_TAKE, values=values).consume()
            work.run(_LOADS, rows=rows).consume()

        self._server.work(steps)

    def batch(self, place: int, steps: Steps) -> None:
        """Let the batch of this place stand, unless it does already."""

        def counted(work: Transaction) -> None:
            # A transaction whose end was not heard of is tried again: it can stand already.
            if work.run(_STEP, ticket=self._ticket, place=place).single():
                steps(work)
            else:
                self._check(work)

        self._server.work(counted)

    def step(self, steps: Callable[[Transaction], T]) -> T:
        """What steps answer that can be repeated."""

        def ours(work: Transaction) -> T:
            self._check(work)
            return steps(work)

        return self._server.work(ours)

    def _check(self, work: Transaction) -> None:
        """Whether the graph is still ours to change.

        Raises:
            StoreError: another push took over.
        """
        found = work.run(_OURS, ticket=self._ticket, tag=self.tag).single()
        if found is None or not found["ours"]:
            who = found["holder"] if found else "a clearing"
            raise StoreError(f"{self._server.address}: {who} took over")

    def end(self, values: dict[str, Any]) -> None:
        """Say that the graph is complete, and let go of it.

        Args:
            values: what the server says of itself from now on.
        """
        nothing = dict.fromkeys(("plan", "done", "ticket", "since", "holder"))
        values = values | nothing | {"state": COMPLETE, "tag": self.tag, "pushed": now()}

        def steps(work: Transaction) -> None:
            work.run(_LOADED).consume()
            work.run(_TAKE, values=values).consume()

        self.step(steps)
