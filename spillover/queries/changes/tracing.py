"""Which claims brought a change: those of a proof or a path that count on one side alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.stake import Stake
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Reporter
from spillover.queries.case import VERDICTS, Stand
from spillover.queries.changes.change import WORDS, Causes

if TYPE_CHECKING:
    from spillover.queries.changes.snapshot import Ruled, Snapshot

Ints = npt.NDArray[np.int64]
Positions = set[int]

_HOLDING: Final = [KIND_CODES[k] for k in ("OWNS", "CONTROLS", "ACTS_JOINTLY", "REPRESENTS")]
_LEVELS: Final = 12
_MOST: Final = 4000
"""How far causes are looked for above an entity whose own proof has not changed."""
_DESIGNATES: Final = KIND_CODES["DESIGNATES"]


class _Said(NamedTuple):
    """Claims behind how an entity stands on one side."""

    proof: Positions
    """Those that are enough for it, and the listings of those from whom they start."""
    about: Ints
    """Entities of which they speak."""


class Tracer:
    """Compares claims of two snapshots by what they say."""

    def __init__(self, before: Snapshot, after: Snapshot) -> None:
        self.sides = (before, after)
        self.reporters = tuple(Reporter(side.graph, side.when) for side in self.sides)
        self._numbers: tuple[dict[str, int | None], ...] = ({}, {})
        self._alone: tuple[dict[int, bool], ...] = ({}, {})
        """Of each claim that was looked at: whether it counts on its side alone."""

    def causes(self, before: Iterable[int], after: Iterable[int]) -> Causes:
        """Those of these claims (positions on each side) that count on that side alone."""
        found = []
        for number, positions in enumerate((before, after)):
            wanted = sorted(set(positions))
            self._look(number, wanted)
            alone = [position for position in wanted if self._alone[number][position]]
            claims = self.reporters[number].claims(alone).values()
            found.append(tuple(sorted(claims, key=_order)))
        return Causes(*found)

    def of_verdicts(self, rows: Sequence[tuple[int, str]]) -> list[Causes]:
        """Causes of each (number of the rule, id of the entity) that stands otherwise."""
        said = [self._of_rows(number, rows) for number in (0, 1)]
        for number, of_rows in enumerate(said):
            self._look(number, {at for one in of_rows for at in one.proof})
        found = []
        for before, after, (rule, _) in zip(*said, rows, strict=True):
            causes = self.causes(before.proof, after.proof)
            if not causes.gone and not causes.new:
                causes = self._upward(rule, (before.about, after.about))
            found.append(causes)
        return found

    def _upward(self, rule: int, about: tuple[Ints, Ints]) -> Causes:
        """Causes among all holdings in these entities, then in their owners, level by level.

        The share of an owner who is in neither proof can leave more or less to others, and an owner
        who has been reached before the share is counted is proved in a place of its own.
        """
        causes = Causes()
        for _ in range(_LEVELS):
            held = [self._held(number, rule, entities) for number, entities in enumerate(about)]
            causes = self.causes(*(positions for positions, _ in held))
            before, after = (
                np.union1d(old, new) for old, (_, new) in zip(about, held, strict=True)
            )
            grown = len(before) > len(about[0]) or len(after) > len(about[1])
            if causes.gone or causes.new or not grown or len(before) + len(after) > _MOST:
                break
            about = before, after
        return causes

    def of_exposure(self, entity_id: str) -> Causes:
        """Causes of a change of the strongest path to an entity."""
        return self.causes(*(self._path(number, entity_id) for number in (0, 1)))

    # -- claims behind a state ------------------------------------------------------------------

    def _of_rows(self, number: int, rows: Sequence[tuple[int, str]]) -> list[_Said]:
        side = self.sides[number]
        by_rule: dict[int, list[int]] = {}
        for rule, entity_id in rows:
            if entity_id in side.numbers:
                by_rule.setdefault(rule, []).append(side.numbers[entity_id])
        proved = {
            (rule, entity): proof
            for rule, entities in by_rule.items()
            for entity, proof in _proofs(side.rules[rule], entities).items()
        }
        return [
            self._said(number, rule, entity_id, proved.get((rule, side.numbers.get(entity_id, 0))))
            for rule, entity_id in rows
        ]

    def _said(self, number: int, rule: int, entity_id: str, proof: tuple[int, ...] | None) -> _Said:
        """The claims of a proof (None: of somebody whom nothing is proved of), and its listings."""
        side = self.sides[number]
        index, ruled = side.graph.index, side.rules[rule]
        entity = self._number(number, entity_id)
        at = np.array(proof or (), np.int64)
        roots = np.intersect1d(index.source[at], ruled.targets)
        about = index.target(at)
        if entity is not None:
            about = np.append(about, entity)
            roots = np.append(roots, entity)
        proof_and_listings = {*at.tolist(), *self._listings(number, rule, roots)}
        return _Said(proof_and_listings, np.unique(about))

    def _listings(self, number: int, rule: int, entities: Ints) -> list[int]:
        """Claims by which programmes of a rule list these entities."""
        side = self.sides[number]
        index = side.graph.index
        at, _ = index.into(np.unique(entities))
        at = at[np.isin(index.source[at], side.rules[rule].programmes)]
        at = at[index.kind[at] == _DESIGNATES]
        found: list[int] = at[side.when.valid(index, at)].tolist()
        return found

    def _held(self, number: int, rule: int, about: Ints) -> tuple[Positions, Ints]:
        """All claims of holdings in these entities and of their listings; and who holds them."""
        side = self.sides[number]
        index = side.graph.index
        at, _ = index.into(about)
        at = at[np.isin(index.kind[at], _HOLDING)]
        at = at[side.when.valid(index, at)]
        owners = np.unique(index.source[at]).astype(np.int64)
        return {*at.tolist(), *self._listings(number, rule, about)}, owners

    def _path(self, number: int, entity_id: str) -> Positions:
        """The claims of the strongest path to an entity, and the listings of its start."""
        side = self.sides[number]
        entity = side.numbers.get(entity_id)
        if side.exposures is None or entity is None:
            return set()
        try:
            hops = side.exposures.hops(entity)
        except KeyError:
            return set()
        index = side.graph.index
        at, _ = index.into(np.array([side.exposures.start(entity)]))
        at = at[(index.kind[at] == _DESIGNATES) & (index.flags[at] & DENIES == 0)]
        listings = at[side.when.valid(index, at)].tolist()
        return {*listings, *(position for hop in hops for position in hop.positions)}

    # -- the same claim on the other side -------------------------------------------------------

    def _look(self, number: int, positions: Iterable[int]) -> None:
        """Find out of these claims which count on their side alone."""
        new = [position for position in positions if position not in self._alone[number]]
        if not new:
            return
        claims = self.reporters[number].claims(new)
        there = self._contents(1 - number, claims.values())
        for position, claim in claims.items():
            self._alone[number][position] = _content(claim) not in there

    def _contents(self, number: int, claims: Iterable[Claim]) -> set[tuple[Any, ...]]:
        """What is said on this side of the ends of these claims."""
        side = self.sides[number]
        index = side.graph.index
        ends = {(claim.source.id, claim.target.id) for claim in claims}
        pairs = [
            (source, target)
            for ids in ends
            for source, target in [tuple(self._number(number, one) for one in ids)]
            if source is not None and target is not None
        ]
        if not pairs:
            return set()
        wanted = np.array(pairs, np.int64)
        at, target = index.into(np.unique(wanted[:, 1]))
        keys = index.source[at].astype(np.int64) * index.rows + target
        at = at[np.isin(keys, wanted[:, 0] * index.rows + wanted[:, 1])]
        at = at[side.when.valid(index, at)]
        return {_content(claim) for claim in self.reporters[number].claims(at).values()}

    def _number(self, number: int, entity_id: str) -> int | None:
        known = self._numbers[number]
        if entity_id not in known:
            side = self.sides[number]
            known[entity_id] = side.numbers.get(entity_id) or side.graph.store.number(entity_id)
        return known[entity_id]


def _proofs(ruled: Ruled, entities: list[int]) -> dict[int, tuple[int, ...]]:
    """The claims that are enough for how each of these stands."""
    stands = []
    for entity in sorted(set(entities)):
        at = int(np.searchsorted(ruled.entity, entity))
        if at == len(ruled.entity) or ruled.entity[at] != entity:
            continue
        word = WORDS[ruled.word[at]]
        if word in VERDICTS:
            share = Stake(int(ruled.low[at]), int(ruled.high[at]))
            stands.append(Stand(entity, word, share, bool(ruled.unsettled[at])))
    if ruled.case is None or not stands:
        return {}
    return {entity: proof.claims for entity, proof in ruled.case.proofs(stands).items()}


def _content(claim: Claim) -> tuple[Any, ...]:
    """What a claim says and how it stands, whatever its number and the day."""
    return (
        claim.kind,
        claim.source.id,
        claim.target.id,
        claim.stake,
        claim.basis,
        (claim.start, claim.end, claim.observed),
        claim.standing,
        (claim.confidence, claim.stance, claim.reported_indirect),
        (claim.dataset, claim.record),
        claim.properties,
    )


def _order(claim: Claim) -> tuple[str, ...]:
    """An order of claims that does not hang on how they were loaded."""
    dates = (claim.observed or "", claim.start or "", claim.end or "")
    ends = (claim.source.id, claim.target.id)
    return (claim.kind, *ends, claim.dataset, claim.record, *dates, str(claim.stake))
