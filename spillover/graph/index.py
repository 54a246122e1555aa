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
Flags = npt.NDArray[np.bool_]

PACKED: Final = np.dtype(
    [(name, "<i4") for name in ("source", "target", "low", "high", "first", "last")]
    + [(name, "<i4") for name in ("observed", "key", "block")]
    + [(name, "u1") for name in ("kind", "basis", "confidence", "flags")]
)
"""One packed record of the store's segments (see :data:`spillover.graph.tables.PACKED`)."""

_COLUMNS: Final = (
    "source",
    "target",
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

    def __init__(self, mapped_or_made: Arrays) -> None:
        # Plain arrays over the mapped memory: slicing a ``memmap`` costs several times as much.
        arrays = {name: np.asarray(array) for name, array in mapped_or_made.items()}
        self.into_start: Positions = arrays["into_start"]
        self.out_start: Positions = arrays["out_start"]
        self.out: Positions = arrays["out"]
        self.source: Ints = arrays["source"]
        self._target: Ints = arrays["target"]
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

    def target(self, positions: npt.NDArray[Any] | slice) -> Positions:
        """Target entity of the claims at these positions."""
        found: Positions = self._target[positions].astype(np.int64)
        return found


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
    packed = np.frombuffer(b"".join(blob for _, _, blob in segments), PACKED)
    relation = np.concatenate(
        [np.arange(first, first + count, dtype=np.int64) for first, count, _ in segments]
        or [np.empty(0, np.int64)]
    )
    order, pair = _sorted(packed, rows)
    packed = _taken(packed, order)
    arrays: Arrays = {name: np.ascontiguousarray(packed[name]) for name in _COLUMNS}
    arrays["relation"] = relation[order]
    arrays["pair"] = pair
    arrays["into_start"] = _starts(arrays["target"], rows)
    arrays["out"] = _stable_order(arrays["source"])
    arrays["out_start"] = _starts(arrays["source"], rows)
    several = _several(pair)
    for level, name in enumerate(("until_low", "until_medium", "until_high")):
        arrays[name] = arrays["last"].copy()
        arrays[name][several] = _until(packed[several], pair[several], level)
    return arrays


def _taken(packed: npt.NDArray[Any], order: Positions) -> npt.NDArray[Any]:
    """The records in this order; as plain words, because NumPy takes structures slowly."""
    words = PACKED.itemsize // 4
    return packed.view("<u4").reshape(-1, words)[order].reshape(-1).view(PACKED)


def _stable_order(column: Ints) -> Positions:
    """Positions in order of these numbers (not negative), equal ones in order of position."""
    stamped = (column.astype(np.int64) << 32) | np.arange(len(column))
    stamped.sort()
    return stamped & 0xFFFFFFFF


def _sorted(packed: npt.NDArray[Any], rows: int) -> tuple[Positions, Ints]:
    """Order in which claims of a pair stand together, and the number of each claim's pair.

    Most pairs have one claim, so only the claims of the others are sorted by everything else.
    """
    kinds = len(KIND_CODES)
    if rows * rows * kinds < 2**63:
        column = packed["target"].astype(np.int64)
        column = (column * kinds + packed["kind"]) * rows + packed["source"]
        order = np.argsort(column)
        pair = _runs((column[order],))
    else:
        order = np.lexsort((packed["source"], packed["kind"], packed["target"]))
        pair = _runs(packed[name][order] for name in ("target", "kind", "source"))
    several = _several(pair)
    position = order[several]
    some = packed[position]
    keys = (some["observed"], some["basis"], some["key"], some["flags"] & INDIRECT, pair[several])
    order[several] = position[np.lexsort((position, *keys))]
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


def _until(some: npt.NDArray[Any], pair: Ints, least: int) -> Ints:
    """Last day of each claim before a later observation of the same thing takes its place.

    Only a claim that states a share, is at least so sure, and is no denial takes another's place:
    from its observation on, or from its start where that is later still. One that had closed
    before the other began speaks of another time.

    Args:
        some: packed records in order of pair and thing, oldest observation first.
        pair: the pair of each.
        least: code of the least confidence.
    """
    observed = some["observed"].astype(np.int64)
    thing = _runs((pair, some["flags"] & INDIRECT, some["basis"], some["key"])).astype(np.int64)
    dated = (observed > 0) & (some["flags"] & DENIES == 0)
    takes = dated & (some["confidence"] >= least) & (some["flags"] & UNSTATED == 0)
    place = np.maximum(observed, some["first"])
    stamp = (thing << 32) + observed
    taking = stamp[takes]
    # The earliest place that any later claim of the thing takes: of a later thing all are greater.
    earliest = np.minimum.accumulate(((thing << 32) + place)[takes][::-1])[::-1]
    following = np.searchsorted(taking, stamp, side="right")
    ended = np.full(len(some), OPEN_END, np.int64)
    followed = np.flatnonzero(dated & (following < len(taking)))
    successor = earliest[following[followed]]
    same = successor >> 32 == thing[followed]
    ended[followed[same]] = (successor[same] & 0xFFFFFFFF) - 1
    # Rare: a claim that had closed before an earlier observed one of the thing began.
    begun = np.maximum.accumulate((thing << 32) + some["first"])
    closed = takes[1:] & ((thing[1:] << 32) + some["last"][1:] < begun[:-1])
    for one in np.unique(thing[1:][closed]).tolist():
        within = np.arange(*np.searchsorted(thing, (one, one + 1)))
        ended[within] = _one_by_one(some[within], dated[within], takes[within], place[within])
    until: Ints = np.minimum(some["last"], ended).astype(np.int32)
    return until


def _one_by_one(some: npt.NDArray[Any], dated: Flags, takes: Flags, place: Positions) -> Positions:
    """The same for one thing, where not every later claim takes every earlier one's place."""
    ended = np.full(len(some), OPEN_END, np.int64)
    for n in np.flatnonzero(dated).tolist():
        later = takes & (some["observed"] > some["observed"][n])
        later &= some["last"] >= some["first"][n]
        ended[n] = place[later].min(initial=OPEN_END + 1) - 1
    return ended
