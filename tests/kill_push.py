"""Does a graph on a server survive that the server, or the push, dies in the middle of a push?

Run by hand: ``python tests/kill_push.py --times 50``. Each time a real server holds the first
version of a small graph, and the second is pushed by a process of its own through a proxy that
sees every step. At a random step of a given stage the server is killed (SIGKILL) and started
again, or the push is killed. The push then either outlives it, or a second push completes it.
After that every node and relationship must be as an undisturbed push leaves them.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.neo4j_server import BRIEF, Server
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server as Connection
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.verify import verify
from spillover.graph.writer import Writer
from tests.bolt_proxy import Proxy
from tests.graph.small import company, load, owns

BATCH: Final = 50
"""Rows of a batch in the push that is killed: many batches of a small graph."""
FIRMS: Final = 120


class Stage(NamedTuple):
    """Where a push is disturbed: in which part, at which steps, before or after these pass on."""

    part: str
    kinds: tuple[str, ...]
    before: bool
    after: bool


ANY: Final = ("begin", "run", "ran", "commit", "committed")
STAGES: Final = {
    "in the first step": Stage("first step", ANY, before=True, after=True),
    "before a batch": Stage("batch", ("begin",), before=True, after=False),
    "in a batch": Stage("batch", ("run", "ran"), before=True, after=True),
    "at a commit": Stage("batch", ("commit",), before=True, after=True),
    "a commit whose answer is lost": Stage("batch", ("committed",), before=True, after=False),
    "after a batch": Stage("batch", ("committed",), before=False, after=True),
    "in the clean-up": Stage("clean-up", ANY, before=True, after=True),
    "in the last step": Stage("last step", ANY, before=True, after=True),
    "the push itself is killed": Stage("", ANY, before=True, after=True),
}
PUSH_DIES: Final = "the push itself is killed"
PARTS: Final = {
    "first step": "MERGE (s:SpilloverGraph",
    "batch": "SET s.done = $place + 1",
    "last step": "SET l.complete = true",
    "clean-up": "AS ours",
}
"""Parts of a push, by the words that tell their transactions from others."""
HALF: Final = 0.5
MOMENT: Final = 0.02
"""Seconds at most between a step that has passed on and the end."""
DEADLINE: Final = 300
"""Seconds in which a push must end, whatever happens to the server."""
CHILD: Final = f"""
import sys
from spillover.graph.errors import StoreError
from spillover.graph.neo4j import batches, settle
from spillover.graph.neo4j.address import address
from spillover.graph.neo4j.push import push
batches.SIZE = settle.SIZE = {BATCH}
try:
    push(sys.argv[1], address())
except StoreError as error:
    sys.exit(str(error))
print("pushed")
"""

Dump = list[tuple[Any, ...]]


class Step(NamedTuple):
    """One step of a push: what passes, and the text of a query."""

    kind: str
    query: str


def make(folder: Path) -> tuple[Path, Path]:
    """Two versions of a graph: one dataset replaced, one gone, one as it was, one new."""
    first, second = folder / "first.db", folder / "second.db"
    firms = [company(f"a{n}", f"Firm {n} 公司") for n in range(FIRMS)]
    stakes = [owns(f"a{n}", f"a{n * 7 % FIRMS}", "51") for n in range(FIRMS)]
    load(first, *firms, *stakes, dataset="replaced")
    load(first, *(company(f"g{n}") for n in range(FIRMS)), owns("g1", "a1", "5"), dataset="gone")
    load(first, company("k"), owns("k", "a2", "10-20"), dataset="kept")
    shutil.copy(first, second)
    fewer = firms[: FIRMS // 2]
    others = [owns(f"a{n}", f"a{n * 5 % FIRMS}", "25") for n in range(FIRMS)]
    load(second, *fewer, *others, *stakes[: FIRMS // 3], dataset="replaced")
    load(second, *(company(f"n{n}") for n in range(FIRMS)), owns("n1", "g1"), dataset="new")
    with Writer(second) as writer:
        writer.unload("gone")
    return first, second


def dump(where: Address) -> Dump:
    """Every node and relationship that is of the graph, without the times of pushes."""
    with Connection(where) as server:
        nodes = server.rows("MATCH (n) RETURN labels(n) AS labels, properties(n) AS said")
        links = server.rows(
            "MATCH (a)-[r]->(b) RETURN a.id AS source, b.id AS target, type(r) AS type,"
            " properties(r) AS said"
        )
    found: Dump = []
    for row in nodes:
        labels, said = sorted(row["labels"]), dict(row["said"])
        for name in ("tag", "pushed") if "SpilloverGraph" in labels else ():
            said.pop(name, None)
        found.append(("node", labels, _sorted(said)))
    found += [("link", r["type"], r["source"], r["target"], _sorted(r["said"])) for r in links]
    return sorted(found, key=repr)


def _sorted(said: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(said.items())


def wipe(where: Address) -> None:
    """Empty the database."""
    with Connection(where) as server:
        server.alone("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")


def repeated(where: Address) -> int:
    """How many keys of relationships, ids and numbers of nodes stand more than once."""
    queries = (
        "MATCH ()-[r]->() WHERE r.key IS NOT NULL RETURN r.key AS key, count(*) AS n",
        "MATCH (e:Entity) RETURN e.id AS key, count(*) AS n",
        "MATCH (e:Entity) RETURN e.num AS key, count(*) AS n",
        "MATCH (l:SpilloverLoad) RETURN l.num AS key, count(*) AS n",
    )
    with Connection(where) as server:
        return sum(row["n"] > 1 for query in queries for row in server.rows(query))


class Watch:
    """The listener of a push: it notes each step, and acts at one of them.

    Args:
        moment: number of the step at which ``act`` is called; none when negative.
        act: what happens there.
        delay: seconds after the step has passed on; None: before it does.
    """

    def __init__(
        self, moment: int = -1, act: Callable[[], None] | None = None, delay: float | None = None
    ) -> None:
        self.steps: list[Step] = []
        self._moment, self._act, self._delay = moment, act, delay
        self._query = ""
        self._lock = threading.Lock()

    def __call__(self, kind: str, query: str) -> None:
        with self._lock:
            number = len(self.steps)
            self.steps.append(Step(kind, query))
        if number != self._moment or self._act is None:
            return
        if self._delay is None:
            self._act()
            raise ConnectionAbortedError
        threading.Timer(self._delay, self._act).start()


def parts(steps: Iterable[Step]) -> list[str]:
    """To which part of a push each step belongs, by the queries of its transaction."""
    found: list[list[Step]] = []
    for step in steps:
        within = found and found[-1][0].kind == "begin" and found[-1][-1].kind != "committed"
        if within or (found and step.kind == "ran"):
            found[-1].append(step)
        else:
            found.append([step])
    return [_part(transaction) for transaction in found for _ in transaction]


def _part(transaction: list[Step]) -> str:
    asked = "\n".join(step.query for step in transaction)
    return next((part for part, words in PARTS.items() if words in asked), "looking around")


class Outcome(NamedTuple):
    """What became of a push that was disturbed."""

    stage: str
    step: str
    outlived: bool
    said: str
    """The last line of the push that was disturbed."""
    seconds: float


class Trial:
    """A server that holds the first version, and what it must hold in the end.

    Args:
        server: a running server; its database is emptied again and again.
        folder: where the two files are made.
    """

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._where = Address(server.uri, "", "neo4j", server.password)
        self._first, self._second = make(folder)
        self._reset()
        watch = Watch()
        with Proxy(server.port, watch) as proxy:
            process = self._start(proxy)
            _, errors = process.communicate(timeout=DEADLINE)
        assert process.returncode == 0, errors
        self.steps = tuple(zip(watch.steps, parts(watch.steps), strict=True))
        self._expected = dump(self._where)

    def run(self, stage: str, chance: random.Random) -> Outcome:
        """Disturb a push at a random step of a stage; then see that nothing is lost or doubled."""
        wanted = STAGES[stage]
        moments = [
            number
            for number, (step, part) in enumerate(self.steps)
            if step.kind in wanted.kinds and wanted.part in ("", part)
        ]
        assert moments, f"an undisturbed push has no step {stage}"
        moment = chance.choice(moments)
        before = wanted.before and (not wanted.after or chance.random() < HALF)
        self._reset()
        begun = time.monotonic()
        code, said = self._disturbed(stage, moment, None if before else chance.uniform(0, MOMENT))
        if code:
            push(self._second, self._where)
        self._check()
        step = f"{'before' if before else 'after'} {self.steps[moment][0].kind}"
        return Outcome(stage, step, code == 0, said, time.monotonic() - begun)

    def _reset(self) -> None:
        wipe(self._where)
        push(self._first, self._where)

    def _start(self, proxy: Proxy) -> subprocess.Popen[str]:
        signed = self._server.environment | {"NEO4J_URI": proxy.uri}
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, str(self._second)],
            cwd=Path(__file__).parents[1],
            env={**os.environ, **signed},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _disturbed(self, stage: str, moment: int, delay: float | None) -> tuple[int, str]:
        """Exit code and last words of a push during which the server, or it, is killed."""
        running: list[subprocess.Popen[str]] = []
        restarted: Future[None] = Future()

        def act() -> None:
            if stage == PUSH_DIES:
                running[0].send_signal(signal.SIGKILL)
                restarted.set_result(None)
                return
            self._server.kill()
            proxy.cut()
            threading.Thread(target=self._restart, args=(restarted,)).start()

        with Proxy(self._server.port, Watch(moment, act, delay)) as proxy:
            running.append(self._start(proxy))
            said, errors = running[0].communicate(timeout=DEADLINE)
            restarted.result(timeout=DEADLINE)
        return running[0].returncode, (said + errors).strip().split("\n")[-1]

    def _restart(self, done: Future[None]) -> None:
        try:
            self._server.start()
        except BaseException as error:
            done.set_exception(error)
            raise
        done.set_result(None)

    def _check(self) -> None:
        assert repeated(self._where) == 0
        found = dump(self._where)
        amiss = [one for one in found if one not in self._expected][:3]
        lost = [one for one in self._expected if one not in found][:3]
        assert found == self._expected, f"an undisturbed push leaves {lost}, not {amiss}"
        assert verify(self._where, self._second).equal


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - a moment, no secret
    outcomes: Counter[tuple[str, str, str]] = Counter()
    with (
        tempfile.TemporaryDirectory() as name,
        Server(Path(name) / "neo4j", java=BRIEF) as server,
    ):
        trial = Trial(server, Path(name))
        names = list(STAGES)
        for number in range(options.times):
            done = trial.run(names[number % len(names)], chance)
            end = "outlived" if done.outlived else "completed by a second push"
            outcomes[done.stage, done.step, end] += 1
            sys.stderr.write(f"{number + 1}: {done}\n")
    lines = [
        f"{options.times} pushes disturbed; nothing lost, nothing twice",
        "",
        "runs  stage, step, end",
    ]
    for (stage, step, end), count in sorted(outcomes.items()):
        lines.append(f"{count:4}  {stage}: {step} passes: {end}")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
