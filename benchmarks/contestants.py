"""What does each contestant do: prepare outside the clock, then one piece of work inside it.

A contestant takes the folder of a generated register and returns the work as a function; the
work returns what can be compared with the other contestants. Peers get the most direct code that
their public interface allows. Each runs in a process of its own:
``python -m benchmarks.contestants ROW NAME FOLDER`` prints its measurement as JSON.
"""

from __future__ import annotations

import json
import pickle
import resource
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.register import (
    CASCADES,
    ENOUGH_SECONDS,
    FILE,
    GRAPH,
    LEAST_REPEATS,
    PEERS,
    Answer,
    Contestant,
    Work,
    columns_of,
    facts_of,
    networkx_graph,
    rustworkx_graph,
)

# -- load: from a FollowTheMoney file to a graph that can be asked ---------------------------


def load_spillover(folder: Path) -> Work:
    """Stored, searchable, with provenance, and its index compiled."""
    from spillover.graph.session import Graph
    from spillover.loaders.run import run

    for old in folder.glob(f"{GRAPH}*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()

    def work() -> Answer:
        report = run(folder / GRAPH, "ftm", [folder / FILE])
        with Graph(folder / GRAPH) as graph:
            return {"nodes": report.entities, "edges": graph.index.claims}

    return work


def _records(folder: Path) -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    with (folder / FILE).open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            yield record["id"], record["schema"], record["properties"]


def _share(properties: dict[str, list[str]]) -> tuple[float, float]:
    text = properties.get("percentage", ["0-100"])[0]
    low, _, high = text.partition("-")
    return float(low), float(high or low)


def load_networkx(folder: Path) -> Work:
    """The plain script: json lines into a MultiDiGraph in memory."""
    import networkx as nx

    def work() -> Answer:
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for key, schema, properties in _records(folder):
            if schema == "Ownership":
                low, high = _share(properties)
                start = properties["startDate"][0]
                ends = properties["owner"][0], properties["asset"][0]
                graph.add_edge(*ends, key=key, low=low, high=high, start=start)
            else:
                graph.add_node(key, schema=schema, **properties)
        return {"nodes": graph.number_of_nodes(), "edges": graph.number_of_edges()}

    return work


def load_rustworkx(folder: Path) -> Work:
    """The same script into a PyDiGraph, with a dictionary from id to node."""
    import rustworkx as rx

    def work() -> Answer:
        graph = rx.PyDiGraph()
        numbers: dict[str, int] = {}
        edges = []
        for key, schema, properties in _records(folder):
            if schema == "Ownership":
                start = properties["startDate"][0]
                ends = numbers[properties["owner"][0]], numbers[properties["asset"][0]]
                edges.append((*ends, (key, *_share(properties), start)))
            else:
                numbers[key] = graph.add_node((key, schema, properties))
        graph.add_edges_from(edges)
        return {"nodes": graph.num_nodes(), "edges": graph.num_edges()}

    return work


# -- index: from stored rows, or from arrays, to a graph that can be asked ------------------


def index_spillover(folder: Path) -> Work:
    """Compile from the store, write to disk, map."""
    from spillover.graph.index import open_index
    from spillover.graph.store import Store

    shutil.rmtree(folder / f"{GRAPH}.index", ignore_errors=True)
    store = Store(folder / GRAPH)
    return lambda: {"edges": open_index(store).claims}


def index_rustworkx(folder: Path) -> Work:
    """Nodes and weighted edges in two calls."""
    import rustworkx as rx  # noqa: F401 - imported outside the clock

    arrays = columns_of(folder)
    return lambda: {"edges": rustworkx_graph(facts_of(folder)["nodes"], arrays).num_edges()}


def index_networkx(folder: Path) -> Work:
    """Nodes and edges with attributes in two calls."""
    import networkx as nx  # noqa: F401 - imported outside the clock

    arrays = columns_of(folder)
    return lambda: {"edges": networkx_graph(facts_of(folder)["nodes"], arrays).number_of_edges()}


# -- cascade: who is blocked at 50 % ----------------------------------------------------------


def _cascade(row: str, name: str) -> Contestant:
    def contestant(folder: Path) -> Work:
        from benchmarks.cascades import contestant as asked

        return asked(row, name)(folder)

    return contestant


# -- cold: what a fresh process has to do -----------------------------------------------------


def pickle_networkx(folder: Path) -> None:
    """Leave the graph as a researcher would keep it between two runs."""
    graph = networkx_graph(facts_of(folder)["nodes"], columns_of(folder))
    with (folder / "networkx.pickle").open("wb") as stream:
        pickle.dump(graph, stream, protocol=pickle.HIGHEST_PROTOCOL)


def cold_networkx(folder: Path) -> None:
    """Read the pickled graph, ask the cascade of the hub, print the answer."""
    from benchmarks.cascades import networkx_work

    with (folder / "networkx.pickle").open("rb") as stream:
        graph = pickle.load(stream)  # noqa: S301 - written by pickle_networkx
    print(networkx_work(graph, facts_of(folder)["seeds"]["hub"])())


# -- the clock --------------------------------------------------------------------------------

CONTESTANTS: Final[dict[tuple[str, str], Contestant]] = {
    ("load", "spillover"): load_spillover,
    ("load", "networkx"): load_networkx,
    ("load", "rustworkx"): load_rustworkx,
    ("index", "spillover"): index_spillover,
    ("index", "networkx"): index_networkx,
    ("index", "rustworkx"): index_rustworkx,
} | {
    (row, name): _cascade(row, name)
    for row in CASCADES
    for name in ("spillover", "spillover, gathering", *PEERS)
}


def measure(row: str, name: str, folder: Path) -> Answer:
    """CPU seconds, wall seconds and peak memory of one piece of work, with its answer.

    Short work is done once to warm up, then until it adds up; its times are medians.
    """
    work = CONTESTANTS[row, name](folder)
    if row in CASCADES:
        work()
    cpu: list[float] = []
    wall: list[float] = []
    while not cpu or (row in CASCADES and (len(cpu) < LEAST_REPEATS or sum(wall) < ENOUGH_SECONDS)):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        answer = work()
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"cpu": statistics.median(cpu), "wall": statistics.median(wall)}
    return {**times, "peak": peak, "answer": answer}


if __name__ == "__main__":
    _, asked, who, where = sys.argv
    if asked == "pickle":
        pickle_networkx(Path(where))
    elif asked == "cold":
        cold_networkx(Path(where))
    else:
        print(json.dumps(measure(asked, who, Path(where))))
