"""How does every entity stand under one reading of a rule, over all groups of targets.

Whose shares are added up differs between rules: those of all targets, of the targets of one
programme, or of each target alone. An entity is reached when one of the groups reaches it: by its
cascade, by chains of shares where the rule multiplies along them, or because it acts for somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spillover.queries.cascade import fixpoint
from spillover.queries.chains import Chains
from spillover.queries.holdings import Flags, Ints
from spillover.queries.judging import Bound, Fixpoint, Test, test_of
from spillover.queries.ledger import Ledger
from spillover.queries.listings import known
from spillover.queries.rulebook import Reading, Rule

_KEPT: Final = 4
"""Fixpoints that are kept for proofs; each has an array as long as the graph."""
_TRIED: Final = 10
"""Groups by which an entity is proved, to find the shortest proof."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Entities on one bound, over all groups; sorted, targets left out."""

    entity: Ints
    share: Ints
    """The largest share that a group holds, in millionths of a percent."""
    reached: Flags
    reaching: tuple[Ints, Ints]
    """Entity and group, for every group that reaches it; in this order."""

    def of(self, entities: Ints) -> tuple[Flags, Ints]:
        """Whether each of these is reached, and its share; nothing is held of those not here."""
        if not len(self.entity):
            return np.zeros(len(entities), bool), np.zeros(len(entities), np.int64)
        row = np.minimum(np.searchsorted(self.entity, entities), len(self.entity) - 1)
        known = self.entity[row] == entities
        return known & self.reached[row], np.where(known, self.share[row], 0)


class _Part(NamedTuple):
    """What one group comes to on one bound."""

    entity: Ints
    share: Ints
    reached: Flags


class Found:
    """Both bounds of one reading, and what it takes to prove them."""

    def __init__(
        self, ledger: Ledger, targets: Ints, reading: Reading, *, law: Rule, asked: Ints
    ) -> None:
        self.ledger, self.reading = ledger, reading
        self.test: Test = test_of(reading)
        self.groups = groups(ledger, targets, reading, law.programmes)
        self._fixpoints: dict[int, Fixpoint] = {}
        self.chains = Chains(ledger, reading, law.method, asked)
        least: list[list[_Part]] = []
        greatest: list[list[_Part]] = []
        for number, group in enumerate(self.groups):
            found = self.fixpoint(number)
            least.append(self._parts(group, found.certain))
            greatest.append(self._parts(group, found.possible))
        self.certain, self.possible = _merged(least, targets), _merged(greatest, targets)

    def fixpoint(self, group: int) -> Fixpoint:
        """The fixpoint of one group."""
        if group not in self._fixpoints:
            if len(self._fixpoints) >= _KEPT:
                self._fixpoints.clear()
            self._fixpoints[group] = fixpoint(self.ledger, self.groups[group], self.test)
        return self._fixpoints[group]

    def groups_of(self, entity: int, *, most: bool) -> list[int]:
        """Groups by which an entity is reached: the first few."""
        standing = self.possible if most else self.certain
        first, last = np.searchsorted(standing.reaching[0], (entity, entity + 1))
        found: list[int] = standing.reaching[1][first:last][:_TRIED].tolist()
        return found

    def members(self) -> Ints:
        """Targets and everybody who possibly passes on a stake."""
        reached = self.possible.entity[self.possible.reached]
        return np.unique(np.concatenate((*self.groups, reached)))

    def _parts(self, group: Ints, bound: Bound) -> list[_Part]:
        parts = [_Part(bound.asset, bound.share, bound.reached)]
        if self.chains.used:
            parts.append(_Part(*self.chains.reached(group, most=bound.most)))
        if self.reading.acting_for:
            clients = [part.entity[part.reached] for part in parts]
            agents = acting(self.ledger, np.concatenate((group, *clients)), most=bound.most)
            parts.append(_Part(agents, agents * 0, agents >= 0))
        return parts


def groups(
    ledger: Ledger, targets: Ints, reading: Reading, programmes: tuple[str, ...]
) -> list[Ints]:
    """The groups of targets whose shares are added up.

    Args:
        ledger: what counts.
        targets: entity numbers.
        reading: what decides.
        programmes: keys of those whose designations make a group; others make none.
    """
    if reading.aggregation == "together" or len(targets) < 2:  # noqa: PLR2004 - one is together
        return [targets]
    entities = ledger.graph.store.entities(targets.tolist())
    ordered = sorted(targets.tolist(), key=lambda number: entities[number].id)
    alone = [np.array([number]) for number in ordered]
    if reading.aggregation == "person":
        return alone
    at, entity, _ = ledger.ties("DESIGNATES", targets)
    programme = ledger.index.source[at]
    counts = np.isin(programme, known(ledger.graph, programmes))
    programme, entity = programme[counts], entity[counts]
    listed = [np.unique(entity[programme == one]) for one in np.unique(programme).tolist()]
    return listed + [one for one in alone if one[0] not in entity]


def acting(ledger: Ledger, clients: Ints, *, most: bool) -> Ints:
    """Who acts for any of these; sorted."""
    at, _, denied = ledger.ties("REPRESENTS", np.unique(clients))
    return np.unique(ledger.index.source[at if most else at[~denied]]).astype(np.int64)


def _merged(of_groups: list[list[_Part]], targets: Ints) -> Standing:
    """One line for each entity: reached if by any, with the largest share."""
    parts = [part for found in of_groups for part in found]
    group = np.repeat(np.arange(len(of_groups)), [sum(len(p.entity) for p in f) for f in of_groups])
    entity, share, reached = (np.concatenate(column) for column in zip(*parts, strict=True))
    others = ~np.isin(entity, targets)
    entity, share, reached, group = (c[others] for c in (entity, share, reached, group))
    if len(parts) > 1:
        order = np.lexsort((group, entity))
        entity, share, reached, group = (c[order] for c in (entity, share, reached, group))
    first = np.flatnonzero(np.append(True, entity[1:] != entity[:-1])[: len(entity)])
    pairs = np.stack((entity[reached], group[reached]))
    pairs = np.unique(pairs, axis=1) if len(parts) > 1 else pairs
    if len(first) < len(entity):
        share = np.maximum.reduceat(share, first)
        reached = np.bitwise_or.reduceat(reached, first)
        entity = entity[first]
    by_any: Flags = reached.astype(bool)
    return Standing(entity, share, by_any, (pairs[0], pairs[1]))
