"""How does a graph file get to a server, whole, even when the server stumbles?

The server is told first what is to be done, and that its graph is being changed. Everything goes
in batches; each counts itself in its own transaction, so that none is lost and none is doubled.
The last step makes the graph complete and gives it a new tag.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from spillover.graph.content import came, total
from spillover.graph.errors import StoreError
from spillover.graph.neo4j import indexes, joining, settle
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.batches import batches
from spillover.graph.neo4j.comparison import Comparison
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.hold import Hold
from spillover.graph.neo4j.plan import LEFT, PUSHED, REMOVED, Plan, identity, read
from spillover.graph.neo4j.state import PUSHING, ServerLoad, State, at_work, clear, loads, state
from spillover.graph.schema import KINDS
from spillover.graph.store import Store

Progress = Callable[[str], None]

_STRANGER: Final = "MATCH (n:Entity) WHERE n.num IS NULL RETURN n.id AS id LIMIT 1"
_COUNT: Final = " UNION ALL ".join(
    f"MATCH ()-[r:{kind}]->() RETURN count(r) AS count, '{kind}' AS kind" for kind in KINDS
)
_OWN: Final = " UNION ALL ".join(
    f"MATCH ()-[r:{kind}]->() WHERE r.key IS NOT NULL RETURN count(r) AS count, '{kind}' AS kind"
    for kind in KINDS
)
_ENTITIES: Final = "MATCH (n:Entity) RETURN count(n) AS count"


@dataclass(frozen=True, slots=True)
class PushedDataset:
    """What became of one dataset."""

    name: str
    what: str
    """``pushed``, ``unchanged``, ``removed``, or ``left alone`` when it is not the file's."""
    entities: int
    relations: int


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did."""

    address: str
    tag: str
    """Text that the server has for what it holds now."""
    changed: bool
    resumed: bool
    """Whether it went on with a push that was broken off."""
    batches: int
    """Batches that were sent; 0 when the server had everything."""
    datasets: tuple[PushedDataset, ...]


def push(  # noqa: PLR0913 - what may happen to a team's graph is said by name
    path: str | os.PathLike[str],
    where: Address,
    *,
    datasets: Iterable[str] = (),
    replace: bool = False,
    take_over: bool = False,
    progress: Progress | None = None,
) -> Pushed:
    """Let a server hold what the newest version of a graph file holds.

    Args:
        path: the graph file.
        where: the server.
        datasets: names of those to push; all when empty.
        replace: also put an earlier load in the place of a later one.
        take_over: go on although another push has not ended. What that one left unfinished is
            removed, unless this file holds it.
        progress: told what is being done.

    Raises:
        StoreError: the file cannot be read, the server cannot be reached, or somebody else is
            pushing. What was pushed so far stands; the same call goes on with it.
        LoadRefusedError: the server has a later load of a dataset.
        NotFoundError: the file has no such dataset.
    """
    with Store(path) as store, Server(where) as server:
        return _Push(store, server, progress).run(
            tuple(sorted(set(datasets))), replace=replace, take_over=take_over
        )


class _Push:
    """One push."""

    def __init__(self, store: Store, server: Server, progress: Progress | None) -> None:
        self._store, self._server = store, server
        self._tell = progress or (lambda _: None)
        self._hold = Hold(server)

    def run(self, only: tuple[str, ...], *, replace: bool, take_over: bool) -> Pushed:
        found = self._found(take_over=take_over)
        plan = read(found.plan) if found and found.state == PUSHING else None
        mine = plan and plan.identity == identity(self._store)
        if found and plan and mine and (plan.version, plan.only) == (self._store.version, only):
            self._hold.take(found, {"done": found.done}, [])
            return self._do(plan, found.done, resumed=True)
        self._tell("comparing with the server")
        compared = Comparison(self._store, found, loads(self._server))
        todo = compared.plan(only, replace=replace)
        if todo is None:
            assert found is not None
            return self._report(compared.unchanged(only), found.tag, None)
        plan, changes = todo
        indexes.constrain(self._server, fresh=plan.fresh)
        self._hold.take(found, {"plan": plan.text(), "done": 0, **_highest(plan)}, changes)
        return self._do(plan, 0, resumed=False)

    def _found(self, *, take_over: bool) -> State | None:
        """What the server holds, when this push may change it.

        Raises:
            StoreError: somebody else is pushing, or the database is another program's.
        """
        found = state(self._server)
        if found is None and self._server.rows(_STRANGER):
            raise StoreError(
                f"{self._server.address}: holds nodes labelled Entity that are not Spillover's;"
                " name another database with --database"
            )
        if found is None or found.state != PUSHING:
            return found
        plan = read(found.plan)
        mine = plan and plan.identity == identity(self._store)
        clearing = plan is None
        if not take_over and (at_work(found.holder) or not (mine or clearing)):
            raise StoreError(
                f"{self._server.address}: {found.holder} has been changing the graph since"
                f" {found.since}; wait for it, or push with --take-over if it has ended"
            )
        if clearing:
            clear(self._server)
            return None
        return found

    # -- the work ---------------------------------------------------------------------------

    def _do(self, plan: Plan, done: int, *, resumed: bool) -> Pushed:
        try:
            sent = self._send(plan, done)
            self._settle(plan)
        except StoreError as error:
            if (
                error.__cause__ is None
            ):  # a refusal of our own: the same command would meet it again
                raise
            raise StoreError(
                f"{error}; what was pushed so far stands, the same command goes on with it"
            ) from error
        return self._report(plan.results, self._hold.tag, sent, resumed=resumed)

    def _send(self, plan: Plan, done: int) -> int:
        """Send the batches that do not stand yet; the next is made while one is under way."""
        sent, counts = 0, {"loads": 0, "entities": 0, "relations": 0}
        waiting: Future[None] | None = None
        with ThreadPoolExecutor(1) as line:
            for place, batch in enumerate(batches(self._store, plan)):
                counts[batch.what] += batch.size
                if place < done:
                    continue
                steps = batch.make()
                if waiting:
                    waiting.result()
                waiting = line.submit(self._hold.batch, place, steps)
                sent += 1
                self._tell(f"{batch.what}: {counts[batch.what]:,}")
            if waiting:
                waiting.result()
        return sent

    def _settle(self, plan: Plan) -> None:
        self._tell("settling what follows from all datasets")
        history = loads(self._server)
        standing = {
            one.load.dataset.name: one.load.num for one in history if one.load.removed_by is None
        }
        order = came(one.load for one in history)
        changed = {name for name, what in plan.results if what in {PUSHED, REMOVED}}
        older = {one.load.dataset.name for one in history if one.load.removed_by is not None}
        if not plan.fresh and changed & older:
            settle.remove(self._server, self._hold.step, standing, sorted(changed & older))
        if plan.broken:
            settle.sweep(self._server, self._hold.step)
        settle.settle(self._server, self._hold.step, order)
        numbers = standing.values()
        found = (
            joining.in_file(self._store, numbers)
            if plan.own
            else joining.on_server(self._server, numbers)
        )
        settle.join(self._server, self._hold.step, *found)
        settle.list_designated(self._server, self._hold.step)
        self._tell("making indexes")
        indexes.index(self._server)
        self._end(plan, history, order)

    def _end(self, plan: Plan, history: tuple[ServerLoad, ...], order: list[str]) -> None:
        """Say that the graph is complete, in one step."""
        stand = {one.load.dataset.name: one for one in history if one.load.removed_by is None}
        found = state(self._server) or State(0, "")
        claims = self._counted(sum(one.load.relations for one in stand.values()))
        values = {
            "identity": found.identity or plan.identity,
            "version": max((one.load.num for one in history), default=0),
            "content": total([(name, stand[name].digest) for name in order if name in stand]),
            "entities": self._server.rows(_ENTITIES)[0]["count"],
            "relations": claims,
        }
        self._hold.end(values)

    def _counted(self, wanted: int) -> int:
        """The number of claims on the server.

        Raises:
            StoreError: they are not all there, or more.
        """
        for query in (_COUNT, _OWN):  # the first is known without counting
            there = sum(row["count"] for row in self._server.rows(query))
            if there == wanted:
                return wanted
        raise StoreError(
            f"{self._server.address}: holds {there:,} claims instead of {wanted:,}; somebody else"
            " changed them: take the graph away with `spillover neo4j clear` and push again"
        )

    def _report(
        self,
        results: Iterable[tuple[str, str]],
        tag: str,
        sent: int | None,
        *,
        resumed: bool = False,
    ) -> Pushed:
        """What was done; ``sent`` is None when there was nothing to do."""
        mine = {load.dataset.name: load for load in self._store.loads}
        there = {one.load.dataset.name: one.load for one in loads(self._server)}
        told = []
        for name, what in sorted(results):
            load = there[name] if what == LEFT or name not in mine else mine[name]
            told.append(PushedDataset(name, what, load.entities, load.relations))
        return Pushed(
            address=str(self._server.address),
            tag=tag,
            changed=sent is not None,
            resumed=resumed,
            batches=sent or 0,
            datasets=tuple(told),
        )


def _highest(plan: Plan) -> dict[str, int]:
    """The numbers that a plan takes, so that nobody else does."""
    return {
        "last_load": plan.last_load,
        "last_entity": plan.last_entity,
        "last_description": plan.last_description,
        "last_claim": plan.last_claim,
    }
