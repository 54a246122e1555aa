"""How do the datasets of a graph, and what their loads met, leave as an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from spillover.graph.errors import NotFoundError
from spillover.views import grid, plain
from spillover.views.datasets import grid as dataset_grid
from spillover.views.output import View, listing

if TYPE_CHECKING:
    from spillover.graph.session import Graph


def status_view(graph: Graph) -> View:
    """The datasets of a graph."""
    store = graph.store
    data = plain.status(store, graph.known_at)
    today = dt.datetime.now(dt.UTC).date()
    return listing(f"Graph {store.name}", data, dataset_grid.status(store, today))


def quarantine_view(graph: Graph, dataset: str | None, limit: int) -> View:
    """What the loads of a graph, or of one dataset of it, set aside and noted.

    Raises:
        NotFoundError: the graph has no such dataset.
    """
    store = graph.store
    names = [load.dataset.name for load in store.loads]
    if dataset is not None and dataset not in names:
        raise NotFoundError(
            f"no dataset is named {dataset!r}; the graph has: {', '.join(names) or 'none'}"
        )
    found = [
        (load, store.audits(load.num), store.quarantined(load.num))
        for load in store.loads
        if dataset in (None, load.dataset.name)
    ]
    grids = dataset_grid.quarantine(found, limit)
    return listing(f"Set aside in {store.name}", plain.quarantine(found), grids)


def load_view(graph: Graph, number: int) -> View:
    """What one load did, with what it ignored and set aside."""
    store = graph.store
    load = next(item for item in store.history() if item.num == number)
    audits, aside = store.audits(number), store.quarantined(number)
    data = {"question": "load", **plain.load(load), **plain.aside(audits, aside)}
    grids = (dataset_grid.datasets((load,)), *dataset_grid.audit(audits, aside))
    return listing(f"Loaded {load.dataset.name}", data, grids)


def loads_view(graph: Graph, numbers: Sequence[int], detected: Sequence[tuple[str, ...]]) -> View:
    """What several loads did, and why each file went to its loader."""
    store = graph.store
    loads = [item for item in store.history() if item.num in numbers]
    taken = grid.listing("Files", ("File", "Loader", "Why"), detected)
    noted = tuple(item for number in numbers for item in store.audits(number))
    aside = tuple(item for number in numbers for item in store.quarantined(number))
    data = {
        "question": "load",
        "files": [dict(zip(("file", "loader", "why"), row, strict=True)) for row in detected],
        "loads": [
            {**plain.load(load), **plain.aside(store.audits(load.num), store.quarantined(load.num))}
            for load in loads
        ],
    }
    grids = (taken, dataset_grid.datasets(loads), *dataset_grid.audit(noted, aside))
    return listing("Loaded", data, grids)


def loaders_view(rows: Sequence[tuple[str, ...]]) -> View:
    """The sources that can be loaded."""
    columns = ("name", "title", "summary", "formats", "licence")
    data = {"loaders": [dict(zip(columns, row, strict=True)) for row in rows]}
    return listing("Loaders", data, (grid.listing("", columns, rows),))
