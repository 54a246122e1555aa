"""One question of who is reached, while it is being answered: readings, standings and flags."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.stake import WHOLE, Stake
from spillover.graph.tables import DENIES
from spillover.queries.cascade import below
from spillover.queries.holdings import Flags, Holdings, Ints
from spillover.queries.ledger import Ledger
from spillover.queries.proof import Proof, proofs
from spillover.queries.rulebook import Rule
from spillover.queries.standing import Found

BLOCKED: Final = "blocked"
NOT_BLOCKED: Final = "not_blocked"
UNDETERMINED: Final = "undetermined"
VERDICTS: Final = (BLOCKED, UNDETERMINED, NOT_BLOCKED)
"""In the order in which answers list them."""

_TIES: Final = {
    "control": (KIND_CODES["CONTROLS"],),
    "representation": (KIND_CODES["DIRECTS"], KIND_CODES["REPRESENTS"]),
}
"""Kinds of relation behind each red flag."""


class Stand(NamedTuple):
    """How one entity stands."""

    entity: int
    verdict: str
    share: Stake
    """What those who are reached hold of it at least and at most."""
    unsettled: bool
    """Undetermined only because the law leaves something open."""


class Case:
    """Targets, a rule and a ledger."""

    def __init__(self, ledger: Ledger, targets: Ints, law: Rule, asked: Ints | None = None) -> None:
        self.ledger, self.targets, self.law = ledger, targets, law
        asked = targets if asked is None else asked
        day = ledger.when.day
        reading, widest = law.settled(day), law.widest(day)
        self.found = Found(ledger, targets, reading, law=law, asked=asked)
        self.wider = (
            None if widest == reading else Found(ledger, targets, widest, law=law, asked=asked)
        )

    # -- who ----------------------------------------------------------------------------------

    def touched(self) -> Ints:
        """Every entity in which somebody who is possibly reached has a stake or a hand."""
        if self.ledger.open_world:
            hanging = below(self.ledger, self.targets)
        else:
            hanging = self.found.possible.entity
            if self.wider is not None:
                hanging = np.union1d(hanging, self.wider.possible.entity)
        index = self.ledger.index
        at = index.out_of(self.certain)
        at = at[np.isin(index.kind[at], self._ties())]
        at = at[self.ledger.when.valid(index, at)]
        return np.setdiff1d(np.union1d(hanging, index.target(at)), self.targets)

    @cached_property
    def certain(self) -> Ints:
        """Targets and everybody who is reached for certain; sorted."""
        standing = self.found.certain
        return np.union1d(self.targets, standing.entity[standing.reached])

    @cached_property
    def possible(self) -> Ints:
        """Targets and everybody who is possibly reached; sorted."""
        members = self.found.members()
        return members if self.wider is None else np.union1d(members, self.wider.members())

    def stands(self, entities: Ints) -> list[Stand]:
        """How each of these stands, the surest and largest first."""
        entities = np.setdiff1d(entities, self.targets)
        certain, low = self.found.certain.of(entities)
        possible, high = self.found.possible.of(entities)
        wide, wider = (
            self.wider.possible.of(entities) if self.wider is not None else (possible, high)
        )
        high = np.maximum(np.maximum(high, wider), low)
        unsettled = wide & ~possible & ~certain
        place = np.where(certain, 0, np.where(possible | wide, 1, 2))
        order = np.lexsort((entities, -high, -low, place)).tolist()
        return [
            Stand(
                int(entities[n]),
                VERDICTS[place[n]],
                Stake(int(low[n]), int(high[n])),
                bool(unsettled[n]),
            )
            for n in order
        ]

    # -- why ----------------------------------------------------------------------------------

    def proofs(self, stands: Iterable[Stand]) -> dict[int, Proof]:
        """What is enough for each: for certain, or at the most; of others the holdings in them."""
        ways: dict[tuple[str, bool], list[int]] = {}
        for stand in stands:
            ways.setdefault((stand.verdict, stand.unsettled), []).append(stand.entity)
        made: dict[int, Proof] = {}
        for (verdict, unsettled), entities in ways.items():
            if verdict == NOT_BLOCKED:
                made |= {e: Proof("", tuple(c)) for e, c in self._held(entities).items()}
            elif verdict == BLOCKED:
                made |= proofs(self.found, entities, most=False)
            else:
                found = self.wider if unsettled and self.wider is not None else self.found
                made |= proofs(found, entities, most=True)
        return made

    def _held(self, entities: list[int]) -> dict[int, list[int]]:
        """Claims of the holdings that those who are possibly reached have in each entity."""
        assets = np.array(sorted(entities), np.int64)
        found: dict[int, set[int]] = {entity: set() for entity in entities}
        for bases in self.found.test.bases:
            held = self.ledger.held(assets, bases, parents=self.found.test.parents)
            mine = np.isin(held.owner, self.possible)
            for entity, position in zip(
                held.asset[mine].tolist(), held.widest[mine].tolist(), strict=True
            ):
                found[entity].add(position)
        return {entity: sorted(positions) for entity, positions in found.items()}

    def hands(self, entities: Ints) -> dict[int, list[int]]:
        """Claims that somebody reached controls an entity, directs it or acts for it."""
        index = self.ledger.index
        at, about = index.into(entities)
        keep = np.isin(index.kind[at], self._ties())
        at, about = at[keep], about[keep]
        keep = self.ledger.when.valid(index, at) & np.isin(index.source[at], self.certain)
        found: dict[int, list[int]] = {entity: [] for entity in entities.tolist()}
        for entity, position in zip(about[keep].tolist(), at[keep].tolist(), strict=True):
            found[entity].append(position)
        return found

    def _ties(self) -> list[int]:
        """Kinds of relation that the rule takes as a red flag."""
        return [
            kind for flag, kinds in _TIES.items() if flag in self.law.red_flags for kind in kinds
        ]

    # -- what to beware of ----------------------------------------------------------------------

    def held(self, entities: Ints) -> list[Holdings]:
        """Holdings in these entities that claims state, for each group of bases."""
        bases = self.found.test.bases
        return [self.ledger.held(entities, group, parents=False) for group in bases]

    def over(self, groups: Iterable[Holdings]) -> set[int]:
        """Entities whose least direct shares sum over the whole."""
        over: set[int] = set()
        for held in groups:
            assets, row = np.unique(held.asset[held.plain], return_inverse=True)
            total = np.zeros(len(assets), np.int64)
            np.add.at(total, row, held.low[held.plain])
            over.update(assets[total > WHOLE].tolist())
        return over

    def presumed(self, groups: Iterable[Holdings]) -> set[int]:
        """Entities of which somebody reached holds alone what control is just presumed from."""
        alone = self.found.reading.alone
        if alone is None:
            return set()
        found: set[int] = set()
        for held in groups:
            exact = (held.low == alone.units) & held.plain
            found.update(held.asset[exact & np.isin(held.owner, self.certain)].tolist())
        return found

    def apart(self, groups: Iterable[Holdings]) -> set[int]:
        """Entities that one possibly reached owner holds directly and another through a chain.

        The shares are not added. Where they have no block in common, the chain need not run
        through the direct holder.
        """
        found: set[int] = set()
        for held in groups:
            mine = np.isin(held.owner, self.possible)
            if not (mine & held.indirect).any():
                continue
            direct: dict[int, set[tuple[int, int]]] = {}
            columns = (held.asset, held.owner, held.block, held.indirect)
            repeated = []
            for asset, owner, block, indirect in zip(
                *(c[mine].tolist() for c in columns), strict=True
            ):
                if indirect:
                    repeated.append((asset, owner, block))
                else:
                    direct.setdefault(asset, set()).add((owner, block))
            found.update(
                asset
                for asset, owner, block in repeated
                if any(o != owner and (not block or b != block) for o, b in direct.get(asset, ()))
            )
        return found

    def denied(self, entities: Ints) -> set[int]:
        """Those of which a source denies a holding."""
        index = self.ledger.index
        at, about = index.into(entities)
        denial: Flags = (index.kind[at] == KIND_CODES["OWNS"]) & (index.flags[at] & DENIES != 0)
        at, about = at[denial], about[denial]
        return set(about[self.ledger.when.valid(index, at)].tolist())
