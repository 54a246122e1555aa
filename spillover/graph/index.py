"""What do questions about relations run on: memory-mapped arrays compiled from a graph file.

One compressed sparse row structure in each direction. Row ``n`` of :attr:`Index.into` lists the
claims *about* entity ``n`` (its owners, suppliers, controllers ...), sorted so that all claims of
one pair stand together; row ``n`` of ``out_start`` lists where in that table the claims stand of
which ``n`` is the source. The arrays of one version of the store are written once into a folder
beside it, atomically, and mapped on open: a question reads only the pages that it touches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.arrays import Arrays, mapped, write
from spillover.graph.claims import KIND_CODES
from spillover.graph.dates import OPEN_END
from spillover.graph.store import Store
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]

PACKED: Final = np.dtype(
    [(name, "<i4") for name in ("source", "target", "low", "high", "first", "last")]
    + [(name, "<i4") for name in ("observed", "key", "block")]
    + [(name, "u1") for name in ("kind", "basis", "confidence", "flags")]
)
"""One packed record of the store's segments (see :data:`spillover.graph.tables.PACKED`)."""

_COLUMNS: Final = (
    "source",
    "low",
    "high",
    "first",
    "last",
    "observed",
    "key",
    "block",
    "kind",
    "basis",
    "confidence",
    "flags",
)


class Index:
    """The compiled arrays of one version of a store.

    Entity numbers are the store's (from 1; row 0 is empty). All arrays but the two row starts
    have one element for each claim, in order of (target, kind, source, ...):

    * ``source``: its source end (:meth:`target` gives the other);
    * ``relation``: its number in the store;
    * ``low``, ``high``: the share in millionths of a percent;
    * ``first``, ``last``: first and last day on which it counts, before later observations;
    * ``until``: three arrays, one for each least confidence: last day before a later observation
      of the same owner, asset, kind and basis that is at least so sure;
    * ``observed``: day of observation (0 unknown); ``block``: 0 or the block it repeats;
    * ``key``: what tells claims of one pair apart beside the basis (0 nothing);
    * ``pair``: the same number for all claims of one (target, kind, source);
    * ``kind``, ``basis``, ``confidence``, ``flags``: codes (see ``claims`` and ``tables``).
    """

    def __init__(self, arrays: Arrays) -> None:
        self.into_start: Positions = arrays["into_start"]
        self.out_start: Positions = arrays["out_start"]
        self.out: Positions = arrays["out"]
        self.source: Ints = arrays["source"]
        self.low: Ints = arrays["low"]
        self.high: Ints = arrays["high"]
        self.first: Ints = arrays["first"]
        self.last: Ints = arrays["last"]
        self.until: tuple[Ints, Ints, Ints] = (
            arrays["until_low"],
            arrays["until_medium"],
            arrays["until_high"],
        )
        self.observed: Ints = arrays["observed"]
        self.key: Ints = arrays["key"]
        self.block: Ints = arrays["block"]
        self.pair: Ints = arrays["pair"]
        self.relation: Positions = arrays["relation"]
        self.kind: Bytes = arrays["kind"]
        self.basis: Bytes = arrays["basis"]
        self.confidence: Bytes = arrays["confidence"]
        self.flags: Bytes = arrays["flags"]

    @property
    def rows(self) -> int:
        """Number of rows: the highest entity number plus one."""
        return len(self.into_start) - 1

    @property
    def claims(self) -> int:
        """Number of claims."""
        return len(self.source)

    def into(self, numbers: npt.NDArray[Any]) -> tuple[Positions, Positions]:
        """Positions of all claims about these entities, and for each which entity it is about."""
        positions, counts = _ranges(self.into_start, numbers)
        return positions, np.repeat(np.asarray(numbers, np.int64), counts)

    def out_of(self, numbers: npt.NDArray[Any]) -> Positions:
        """Positions of all claims of which these entities are the source."""
        positions, _ = _ranges(self.out_start, numbers)
        return self.out[positions]

    def target(self, positions: npt.NDArray[Any]) -> Positions:
        """Target entity of the claims at these positions."""
        return np.searchsorted(self.into_start, positions, side="right") - 1


def _ranges(starts: Positions, rows: npt.NDArray[Any]) -> tuple[Positions, Positions]:
    """All positions of several rows, row after row, and how many each row has."""
    first = starts[rows]
    counts = starts[np.asarray(rows) + 1] - first
    total = int(counts.sum())
    offsets = np.repeat(first - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return np.arange(total, dtype=np.int64) + offsets, counts


def open_index(store: Store, *, progress: Callable[[str], None] | None = None) -> Index:
    """The index of the store's version: mapped from its folder, compiled first when need be.

    Where the folder cannot be written (a read-only medium) the arrays stay in memory.
    """
    folder = Path(f"{store.path}.index") / store.key
    arrays = mapped(folder)
    if arrays is None:
        if progress:
            progress("compiling the index")
        arrays = compile_arrays(store)
        if write(folder, arrays):
            arrays = mapped(folder) or arrays
    return Index(arrays)


def compile_arrays(store: Store) -> Arrays:
    """Build the arrays of :class:`Index` from the packed segments of the store's version."""
    segments = store.segments()
    rows = store.entity_count() + 1
    packed = np.concatenate(
        [np.frombuffer(blob, PACKED) for _, _, blob in segments] or [np.empty(0, PACKED)]
    )
    relation = np.concatenate(
        [np.arange(first, first + count, dtype=np.int64) for first, count, _ in segments]
        or [np.empty(0, np.int64)]
    )
    order, pair = _sorted(packed, rows)
    packed = packed[order]
    arrays: Arrays = {name: np.ascontiguousarray(packed[name]) for name in _COLUMNS}
    arrays["relation"] = relation[order]
    arrays["pair"] = pair
    arrays["into_start"] = _starts(packed["target"], rows)
    arrays["out"] = np.argsort(packed["source"], kind="stable")
    arrays["out_start"] = _starts(packed["source"], rows)
    for level, name in enumerate(("until_low", "until_medium", "until_high")):
        arrays[name] = _until(packed, pair, level)
    return arrays


def _sorted(packed: npt.NDArray[Any], rows: int) -> tuple[Positions, Ints]:
    """Order in which claims of a pair stand together, and the number of each claim's pair.

    Most pairs have one claim, so only the claims of the others are sorted by everything else.
    """
    kinds = len(KIND_CODES)
    if rows * rows * kinds < 2**63:
        column = packed["target"].astype(np.int64)
        column = (column * kinds + packed["kind"]) * rows + packed["source"]
        order = np.argsort(column, kind="stable")
    else:
        order = np.lexsort((packed["source"], packed["kind"], packed["target"]))
    pair = _runs(packed[name][order] for name in ("target", "kind", "source"))
    several = _several(pair)
    some = packed[order[several]]
    keys = (some["observed"], some["key"], some["basis"], some["flags"] & INDIRECT, pair[several])
    order[several] = order[several][np.lexsort(keys)]
    return order, pair


def _several(pair: Ints) -> Positions:
    """Positions of the claims whose pair has more than one."""
    return np.flatnonzero(np.bincount(pair, minlength=1)[pair] > 1)


def _runs(columns: Iterable[npt.NDArray[Any]]) -> Ints:
    """Number of the run of equal values in these columns that each record stands in."""
    first, *others = columns
    new = np.empty(len(first), bool)
    new[:1] = False
    np.not_equal(first[1:], first[:-1], out=new[1:])
    for column in others:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new, dtype=np.int32)


def _starts(column: npt.NDArray[Any], rows: int) -> Positions:
    counts = np.bincount(column, minlength=rows)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _until(packed: npt.NDArray[Any], pair: Ints, least: int) -> Ints:
    """Last day of each claim before a later observation of the same thing takes its place.

    Only a claim that states a share, is at least so sure, and is no denial takes another's place.
    """
    until = packed["last"].copy()
    several = _several(pair)
    some = packed[several]
    observed = some["observed"].astype(np.int64)
    thing = _runs((pair[several], some["flags"] & INDIRECT, some["basis"], some["key"]))
    dated = (observed > 0) & (some["flags"] & DENIES == 0)
    takes = dated & (some["confidence"] >= least) & (some["flags"] & UNSTATED == 0)
    stamp = (thing.astype(np.int64) << 32) + observed
    taking = stamp[takes]
    following = np.searchsorted(taking, stamp, side="right")
    ended = np.full(len(several), OPEN_END, np.int64)
    followed = dated & (following < len(taking))
    successor = taking[following[followed]]
    same = successor >> 32 == thing[followed]
    ended[np.flatnonzero(followed)[same]] = (successor[same] & 0xFFFFFFFF) - 1
    until[several] = np.minimum(until[several], ended)
    return until
