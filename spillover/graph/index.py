"""What do questions about relations run on: memory-mapped arrays compiled from a graph file.

One compressed sparse row structure in each direction. Row ``n`` of :attr:`Index.into_start` lists
the claims *about* entity ``n`` (its owners, suppliers, controllers ...), sorted so that all claims
of one pair stand together; row ``n`` of ``out_start`` lists those of which ``n`` is the source.
The arrays of one version of the store are written once into a folder beside it, atomically, and
mapped on open: a question reads only the pages that it touches.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from spillover.graph.arrays import FIELDS, Arrays, mapped, write
from spillover.graph.compiler import compile_arrays
from spillover.graph.store import Store

__all__ = ["Index", "compile_arrays", "open_index"]

Ints = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


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
    * ``key``: what tells claims of one pair apart beside the basis (0 nothing); like ``block`` a
      number in :func:`spillover.graph.compiler.texts`;
    * ``pair``: the same number for all claims of one (target, kind, source);
    * ``kind``, ``basis``, ``confidence``, ``flags``: codes (see ``claims`` and ``tables``);
    * ``code``: those four in one number, and whether the claim is plain (see ``compiler``).

    What a cascade asks of a claim stands together in one record (:meth:`records_of`,
    :meth:`records_about`).
    """

    def __init__(self, mapped_or_made: Arrays) -> None:
        # Plain arrays over the mapped memory: slicing a ``memmap`` costs several times as much.
        arrays = {name: np.asarray(array) for name, array in mapped_or_made.items()}
        self.into_start: Positions = arrays["into_start"]
        self.out_start: Positions = arrays["out_start"]
        self._into: Ints = arrays["into"]
        self._out: Ints = arrays["out"]
        self._position: Ints = self._out[:, FIELDS.index("source")]
        into = {name: self._into[:, number] for number, name in enumerate(FIELDS)}
        self.source, self._target = into["source"], into["target"]
        self.relation: Ints = arrays["relation"]
        self.low, self.high = into["low"], into["high"]
        self.first, self.last = into["first"], arrays["last"]
        self.until: tuple[Ints, Ints, Ints] = (
            arrays["until_low"],
            into["until"],
            arrays["until_high"],
        )
        self.observed, self.code = into["observed"], into["code"]
        self.key, self.block = into["key"], into["block"]
        self.pair: Ints = arrays["pair"]
        self.kind: Bytes = arrays["kind"]
        self.basis: Bytes = arrays["basis"]
        self.confidence: Bytes = arrays["confidence"]
        self.flags: Bytes = arrays["flags"]
        self.spare: list[Ints] = []
        """Arrays of zeros, one for each row, that questions lend each other."""

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
        return self._position[positions].astype(np.int64)

    def records_of(self, numbers: npt.NDArray[Any]) -> Ints:
        """Records of all claims of which these entities are the source; a row for each.

        Their fields are :data:`spillover.graph.arrays.FIELDS`, with positions for sources.
        """
        positions, _ = _ranges(self.out_start, numbers)
        return self._out.take(positions, axis=0)

    def records_about(self, numbers: npt.NDArray[Any]) -> tuple[Ints, Positions]:
        """Records of all claims about these entities, and how many each of them has.

        Their fields are :data:`spillover.graph.arrays.FIELDS`.
        """
        positions, counts = _ranges(self.into_start, numbers)
        return self._into.take(positions, axis=0), counts

    def target(self, positions: npt.NDArray[Any] | slice) -> Positions:
        """Target entity of the claims at these positions."""
        found: Positions = self._target[positions].astype(np.int64)
        return found


def _ranges(starts: Positions, rows: npt.NDArray[Any]) -> tuple[Positions, Positions]:
    """All positions of several rows, row after row, and how many each row has."""
    first = starts.take(rows)
    counts = starts.take(np.asarray(rows) + 1) - first
    first -= counts.cumsum() - counts
    positions = first.repeat(counts)
    positions += np.arange(len(positions))
    return positions, counts


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
