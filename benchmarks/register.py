"""What do benchmarks on the generated register share: its files, and graphs of peers of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    import numpy.typing as npt
    import rustworkx as rx

Answer = dict[str, Any]
Work = Callable[[], Answer]
Contestant = Callable[[Path], Work]

MAJORITY: Final = 50_000_000
WHOLE: Final = 100_000_000
GRAPH: Final = "graph.db"
FILE: Final = "register.ftm.json"
CASCADES: Final = ("cascade one", "cascade many", "cascade usual")
PEERS: Final = ("networkx", "rustworkx", "igraph", "duckdb")
ENOUGH_SECONDS: Final = 1.5
LEAST_REPEATS: Final = 5


@cache
def facts_of(folder: Path) -> dict[str, Any]:
    """What the generator says of a register: its size, and which owners are asked about."""
    return dict(json.loads((folder / "register.json").read_text(encoding="ascii")))


def columns_of(folder: Path) -> tuple[npt.NDArray[np.int32], ...]:
    """Source, target, least and greatest share of every holding."""
    import numpy as np

    return tuple(np.load(folder / f"{name}.npy") for name in ("source", "target", "low", "high"))


def answer_of(numbers: npt.NDArray[Any]) -> Answer:
    """Who is blocked, in a form that can be compared."""
    from benchmarks.generate import digest

    return {"blocked": len(numbers), "digest": digest(numbers)}


def rustworkx_graph(nodes: int, arrays: tuple[npt.NDArray[np.int32], ...]) -> rx.PyDiGraph:
    """The register as a graph of rustworkx."""
    import rustworkx as rx

    source, target, low, high = (array.tolist() for array in arrays)
    graph = rx.PyDiGraph(node_count_hint=nodes, edge_count_hint=len(source))
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(list(zip(source, target, zip(low, high, strict=True), strict=True)))
    return graph


def networkx_graph(nodes: int, arrays: tuple[npt.NDArray[np.int32], ...]) -> nx.MultiDiGraph[int]:
    """The register as a graph of networkx."""
    import networkx as nx

    source, target, low, high = (array.tolist() for array in arrays)
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(
        (owner, asset, {"low": least, "high": most})
        for owner, asset, least, most in zip(source, target, low, high, strict=True)
    )
    return graph
