"""How are the entities of two snapshots numbered alike, whatever their graphs number them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from spillover.queries.answer import Party
from spillover.queries.changes.tracing import Tracer

if TYPE_CHECKING:
    from spillover.queries.changes.snapshot import Snapshot

Ints = npt.NDArray[np.int64]


class Pair:
    """Two snapshots with one numbering of their entities, in order of their ids."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.before, self.after = before, after
        self.ids = sorted({*before.ids.values(), *after.ids.values()})
        self._codes = {entity_id: code for code, entity_id in enumerate(self.ids)}
        self.tracer = Tracer(before, after)

    def codes(self, side: Snapshot, numbers: Ints) -> Ints:
        """Codes of entities of one side."""
        known = side.ids
        return np.array([self._codes[known[n]] for n in numbers.tolist()], np.int64)

    def parties(self, codes: Iterable[int]) -> dict[int, Party]:
        """Parties by code: as they are after, or were before where they are no more."""
        found: dict[int, Party] = {}
        wanted = set(codes)
        for side, reporter in zip((self.before, self.after), self.tracer.reporters, strict=True):
            numbers = side.numbers
            here = {c: numbers[self.ids[c]] for c in wanted if self.ids[c] in numbers}
            parties = reporter.parties(here.values())
            found |= {code: parties[number] for code, number in here.items()}
        return found
