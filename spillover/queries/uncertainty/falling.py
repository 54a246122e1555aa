"""Who falls in which draw, among those who can fall?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from spillover.queries.markets.struck import Struck
from spillover.queries.uncertainty.drawing import Die, Reals
from spillover.queries.uncertainty.owning import Decided, Stakes, decided
from spillover.queries.uncertainty.priors import Priors
from spillover.queries.uncertainty.sampled import Input

Flags = npt.NDArray[np.bool_]


class Falls:
    """Who falls, draw by draw; the same for all markets in which one stands."""

    def __init__(
        self, fallen: Struck, die: Die, priors: Priors, stakes: Stakes | None = None
    ) -> None:
        self._certain = fallen.certain
        self._die = die
        self._chance: Reals = die.uniform(priors.falls, "chance of falling")
        self._drawn: dict[int, Flags] = {}
        self._decided = Decided({}, [])
        if stakes is not None:
            owners = {stake.owner for some in stakes.of.values() for stake in some}
            apart = sorted(owners.intersection(fallen.possible) - stakes.of.keys())
            others = {number: self.drawn(number) for number in apart}
            self._decided = decided(stakes, others, die, priors)

    def drawn(self, producer: int) -> Flags:
        """In which draws one falls who can; shape [draws]."""
        if producer in self._certain:
            return np.ones(self._die.draws, bool)
        if producer in self._decided.falls:
            return self._decided.falls[producer]
        if producer not in self._drawn:
            stream = self._die.stream("falls", producer)
            self._drawn[producer] = stream.random(self._die.draws) < self._chance
        return self._drawn[producer]

    def unknowns(self) -> list[tuple[Input, Reals]]:
        """What was drawn so far: stakes, and those who fall or not as such."""
        return [
            *self._decided.inputs,
            *(
                (Input("falls", number, number, "", ()), self._drawn[number].astype(float))
                for number in sorted(self._drawn)
            ),
        ]
