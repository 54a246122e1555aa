"""Which sourced relations are enough for a verdict, with none to spare.

The proof of an entity takes from those who were reached in earlier rounds the largest holdings
until the rule's test passes, or one that is enough alone; then the proofs of those who hold them.
Each holding taken is needed for its sum, each owner for the holding above it, so no relation can
be dropped. On greatest shares the same choice names a completion: which value each vague share
must have for the entity to be reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from spillover.queries.holdings import Ints
from spillover.queries.judging import Fixpoint
from spillover.queries.standing import Found
from spillover.queries.ways import Item, Way, ways


class Value(NamedTuple):
    """The share that one holding has in a completion, in millionths of a percent."""

    owner: int | None
    """None: owners that nobody declares."""
    asset: int
    lower: int
    upper: int


class Step(NamedTuple):
    """What is enough for one asset."""

    ground: str
    claims: tuple[int, ...]
    reached: tuple[int, ...]
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What is enough for one entity, from the targets down to it."""

    ground: str
    claims: tuple[int, ...] = ()
    """Positions in the index, those of earlier rounds first."""
    values: tuple[Value, ...] = ()
    """On greatest shares: what the vague shares among them have to be."""


def proofs(found: Found, entities: Iterable[int], *, most: bool) -> dict[int, Proof]:
    """The proof of each of these entities, all of which were reached on that bound.

    Where several groups reach an entity, the shortest of their proofs.
    """
    of_group: dict[int, list[int]] = {}
    for entity in entities:
        for group in found.groups_of(entity, most=most):
            of_group.setdefault(group, []).append(entity)
    made: dict[int, Proof] = {}
    for group, members in sorted(of_group.items()):
        for entity, proof in _Prover(found, group, most=most).proofs(members).items():
            if entity not in made or len(proof.claims) < len(made[entity].claims):
                made[entity] = proof
    return made


class _Prover:
    """Proofs from one group."""

    def __init__(self, found: Found, group: int, *, most: bool) -> None:
        self.found, self.group, self.most = found, group, most
        self.fix: Fixpoint = found.fixpoint(group)
        self.bound = self.fix.possible if most else self.fix.certain
        self.steps: dict[tuple[int, bool], Step] = {}
        """What is enough for each entity: to be reached (True), or to pass on (False)."""
        self.same = found.test.enough == found.test.passes_on

    def proofs(self, entities: list[int]) -> dict[int, Proof]:
        cascaded = [entity for entity in entities if entity in self.reached]
        self._prove(cascaded)
        made = {entity: self._collected([(entity, True)]) for entity in cascaded}
        for entity in entities:
            chained = self._by_chains(entity)
            if entity not in made:
                made[entity] = chained or self._acting(entity)
            elif chained is not None and len(chained.claims) < len(made[entity].claims):
                made[entity] = chained
        return made

    @cached_property
    def reached(self) -> set[int]:
        """Everybody whom the cascade reaches on that bound."""
        return set(self.bound.asset[self.bound.reached].tolist())

    def _prove(self, entities: list[int]) -> None:
        """Find the step of each entity and of everybody whom it needs, wave by wave."""
        waiting = {(entity, True) for entity in entities} - self.steps.keys()
        while waiting:
            found: dict[tuple[int, bool], Step] = {}
            for final in (True, False):
                wave = np.array(sorted(e for e, f in waiting if f is final), np.int64)
                found |= {(e, final): step for e, step in self._steps(wave, final=final).items()}
            self.steps |= found
            needed = {(owner, self.same) for step in found.values() for owner in step.reached}
            waiting = {
                (owner, final)
                for owner, final in needed - self.steps.keys()
                if self.fix.rounds[owner] > 1
            }

    def _steps(self, assets: Ints, *, final: bool) -> dict[int, Step]:
        if not len(assets):
            return {}
        # Whoever passes on was reached; one that is asked about may be reached without.
        last = assets if final else assets[:0]
        found = ways(
            self.found.ledger, assets, self.fix, self.found.test, most=self.most, final=last
        )
        return {asset: self._shortest(asset, options) for asset, options in found.items()}

    def _shortest(self, asset: int, options: list[Way]) -> Step:
        """Of all ways that pass the one with the fewest claims; of those the shortest chain."""
        passing = []
        for number, way in enumerate(options):
            step = _completed(asset, way) if self.most else _sufficient(way)
            if step is not None:
                depth = max((int(self.fix.rounds[owner]) for owner in step.reached), default=1)
                passing.append((len(step.claims), depth, number, step))
        return min(passing)[3]

    def _collected(self, roots: list[tuple[int, bool]]) -> Proof:
        """Steps that these need, those of earlier rounds first."""
        needed: set[tuple[int, bool]] = set()
        waiting = list(roots)
        while waiting:
            one = waiting.pop()
            if one in self.steps and one not in needed:
                needed.add(one)
                waiting += [(owner, self.same) for owner in self.steps[one].reached]
        rounds = self.fix.rounds
        order = sorted(needed, key=lambda one: (one[1], int(rounds[one[0]]), one[0]))
        steps = [self.steps[one] for one in order]
        claims = dict.fromkeys(claim for step in steps for claim in step.claims)
        values = dict.fromkeys(value for step in steps for value in step.values)
        return Proof(self.steps[roots[0]].ground, tuple(claims), tuple(values))

    def _by_chains(self, entity: int) -> Proof | None:
        """Proof by chains of shares from one target of the group."""
        if not self.found.chains.used:
            return None
        for target in self.found.groups[self.group].tolist():
            taken = self.found.chains.proof(target, entity, most=self.most)
            if taken is not None:
                claims, values = taken
                said = tuple(Value(owner or None, *rest) for owner, *rest in values)
                return Proof("chains", claims, said)
        return None

    def _acting(self, entity: int) -> Proof:
        """Proof of one that acts for a target or for somebody who was reached."""
        ledger = self.found.ledger
        at = ledger.index.out_of(np.array([entity]))
        clients = np.unique(ledger.index.target(at))
        tie, client, denied = ledger.ties("REPRESENTS", clients)
        mine = (ledger.index.source[tie] == entity) & (self.most | ~denied)
        options = []
        for position, other in zip(tie[mine].tolist(), client[mine].tolist(), strict=True):
            base = Proof("")
            if self.fix.rounds[other] != 1:
                if other in self.reached:
                    self._prove([other])
                    base = self._collected([(other, True)])
                else:
                    chained = self._by_chains(other)
                    if chained is None:
                        continue
                    base = chained
            options.append(Proof("acting for", (*base.claims, position), base.values))
        return min(options, key=lambda proof: (len(proof.claims), proof.claims))


def _sufficient(way: Way) -> Step | None:
    """The largest items until they pass on their least shares; others fall out."""
    total, taken = 0, []
    for item in sorted(way.items, key=lambda item: (-item.low, item.owner)):
        if not item.low:
            break
        taken.append(item)
        total += item.low
        if total >= way.needed:
            return _step(way, taken)
    return None


def _completed(asset: int, way: Way) -> Step | None:
    """Items with the values that let them pass: least shares first, then vague ones are raised."""
    certain = _sufficient(way)
    if certain is not None:
        return certain
    if way.room < way.needed:
        return None
    values = {
        item: max(item.low, min(item.there, item.high))
        for item in way.items
        if item.low or item.there
    }
    missing = way.needed - sum(values.values())
    for item in sorted(way.items, key=lambda item: (item.low - item.high, item.owner)):
        value = values.get(item, item.low)
        raised = min(missing, item.high - value)
        if raised > 0:
            values[item] = value + raised
            missing -= raised
    if missing > 0 and not way.undisclosed:
        return None
    raised_items = [
        Value(item.owner, asset, item.low, values[item])
        for item in way.items
        if values.get(item, item.low) > item.low
    ]
    if missing > 0:
        raised_items.append(Value(None, asset, 0, missing))
    ordered = sorted(values, key=lambda item: (-values[item], item.owner))
    return _step(way, ordered, tuple(raised_items))


def _step(way: Way, items: list[Item], values: tuple[Value, ...] = ()) -> Step:
    claims = dict.fromkeys(claim for item in items for claim in item.claims)
    reached = dict.fromkeys(owner for item in items for owner in item.reached)
    return Step(way.ground, tuple(claims), tuple(reached), values)
