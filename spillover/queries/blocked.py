"""Who is blocked when these targets are designated, how surely, and on what proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Party, Reporter, Sources, oldest, sources
from spillover.queries.cascade import Reach, Test, owned, reach, shares
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import OWNS, Ints, holdings, with_control
from spillover.queries.proof import proofs
from spillover.queries.rulebook import Rule, rule

BLOCKED: Final = "blocked"
NOT_BLOCKED: Final = "not_blocked"
UNDETERMINED: Final = "undetermined"
VERDICTS: Final = (BLOCKED, UNDETERMINED, NOT_BLOCKED)
"""In the order in which answers list them."""

FLAGS: Final = {
    "boundary": "the share is exactly the threshold, at the precision printed",
    "undated": "the proof stands on a claim without any date",
    "over_100": "the shares of declared owners sum to more than 100 %",
    "caution_control": "a blocked person is stated to control it: caution, no verdict",
    "caution_minority": "blocked persons hold a share below the threshold: caution",
    "interest_blocked": "the blocked persons' own interest in it is blocked property",
    "caution_representation": "a blocked person directs it or acts for it: dealing with that"
    " person is prohibited",
    "denied": "a source denies a holding that counts",
    "repeated_apart": "a blocked person's holding that repeats a chain was not added to another's"
    " direct holding: see that the chain runs through it",
}
"""Every flag that a verdict can carry, in words."""

_TIES: Final = {
    "control": (KIND_CODES["CONTROLS"],),
    "representation": (KIND_CODES["DIRECTS"], KIND_CODES["REPRESENTS"]),
}
"""Kinds of relation behind each caution."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entity under one rule on one day."""

    entity: Party
    verdict: str
    share: Stake
    """What blocked persons hold at least and at most."""
    proof: tuple[Claim, ...]
    """For ``blocked`` a smallest set that suffices; for ``undetermined`` what would suffice at
    the most that is possible; for ``not_blocked`` the holdings of blocked persons."""
    flags: tuple[str, ...]
    cautions: tuple[Claim, ...]
    """Claims behind the caution flags: stated control, representation."""
    oldest: str | None
    """Date of the oldest observation in the proof."""
    age_days: int | None


@dataclass(frozen=True, slots=True)
class Blocked:
    """The answer."""

    rule: Rule
    when: Conditions
    remark: str
    """What must be said first about the rule on that day; mostly empty."""
    targets: tuple[Party, ...]
    results: tuple[Verdict, ...]
    counts: dict[str, int]
    """Entities by verdict, shown or not."""
    sources: Sources


def blocked(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    rule_id: str = "us-ofac-50",
    of: Iterable[str] = (),
    limit: int | None = None,
) -> Blocked:
    """Who is blocked when these targets are designated.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        when: day, age and confidence of the claims.
        rule_id: the ownership rule.
        of: only these entities; without them, everyone whom the targets reach.
        limit: at most so many results (the counts are of all).

    Raises:
        NotFoundError, AmbiguousError: a target, an entity or the rule.
    """
    law = rule(rule_id)
    numbers = np.array(graph.find(targets), np.int64)
    asked = graph.find(of)
    case = _Case(graph, numbers, when, law)
    entities = np.array(asked, np.int64) if asked else case.touched()
    ranked, counts = case.ranked(np.unique(entities))
    return Blocked(
        law,
        when,
        law.remark(when.day),
        tuple(case.reporter.party(number) for number in numbers.tolist()),
        tuple(case.verdicts(ranked[:limit])),
        counts,
        sources(graph),
    )


class _Case:
    """One question while it is being answered."""

    def __init__(self, graph: Graph, targets: Ints, when: Conditions, law: Rule) -> None:
        self.index, self.targets, self.when, self.law = graph.index, targets, when, law
        self.test = Test(law.units, law.operator == ">", law.bases)
        self.reporter = Reporter(graph, when)
        self.certain = reach(self.index, targets, when, self.test)
        self.possible = reach(self.index, targets, when, self.test, since=self.certain)

    def touched(self) -> Ints:
        """Every entity in which a possibly blocked person has a stake or a hand."""
        hands = np.flatnonzero(self.possible.blocked)
        at = self.index.out_of(np.flatnonzero(self.certain.blocked))
        at = at[np.isin(self.index.kind[at], self._ties()) & self.when.valid(self.index, at)]
        found = np.union1d(owned(self.index, hands, self.when), self.index.target(at))
        return np.setdiff1d(found, self.targets)

    def _ties(self) -> list[int]:
        """Kinds of relation that the rule takes as a caution."""
        return [
            kind
            for caution, kinds in _TIES.items()
            if caution in self.law.cautions
            for kind in kinds
        ]

    def ranked(self, entities: Ints) -> tuple[list[tuple[int, str, Stake]], dict[str, int]]:
        """(entity, verdict, share), the surest and largest first; and the count of each verdict."""
        entities = np.setdiff1d(entities, self.targets)
        low = self._shares(entities, self.certain)
        high = np.maximum(low, self._shares(entities, self.possible))
        certain, possible = self.certain.blocked[entities], self.possible.blocked[entities]
        place = np.where(certain, 0, np.where(possible, 1, 2))
        order = np.lexsort((entities, -high, -low, place)).tolist()
        counts = {verdict: int((place == n).sum()) for n, verdict in enumerate(VERDICTS)}
        return [
            (int(entities[n]), VERDICTS[place[n]], Stake(int(low[n]), int(high[n]))) for n in order
        ], counts

    def _shares(self, entities: Ints, reached: Reach) -> Ints:
        blocked, most = reached.blocked, reached.most
        share = shares(self.index, entities, blocked, self.when, test=self.test, most=most)
        return np.minimum(share, WHOLE)

    def verdicts(self, ranked: list[tuple[int, str, Stake]]) -> list[Verdict]:
        """The verdicts with their proofs, fetched from the store together."""
        entities = np.array([entity for entity, _, _ in ranked], np.int64)
        evidence, hands = self._proofs(ranked), self._hands(entities)
        over, denied, apart = self._over(entities), self._denied(entities), self._apart(entities)
        needed = {
            at for found in (evidence, hands) for positions in found.values() for at in positions
        }
        claims = self.reporter.claims(needed)
        parties = self.reporter.parties(entities.tolist())
        results = []
        for entity, verdict, share in ranked:
            proof = tuple(claims[position] for position in evidence[entity])
            cautions = tuple(claims[position] for position in hands[entity])
            date, age, undated = oldest(proof)
            raised = self._cautions(verdict, share, cautions) | {
                "boundary": self.test.threshold in (share.low, share.high),
                "undated": undated,
                "over_100": entity in over,
                "denied": entity in denied,
                "repeated_apart": verdict != BLOCKED and entity in apart,
            }
            flags = tuple(flag for flag in FLAGS if raised[flag])
            results.append(
                Verdict(parties[entity], verdict, share, proof, flags, cautions, date, age)
            )
        return results

    def _proofs(self, ranked: list[tuple[int, str, Stake]]) -> dict[int, list[int]]:
        """Positions of the claims of each proof."""
        of = {verdict: [n for n, found, _ in ranked if found == verdict] for verdict in VERDICTS}
        found = self._held(np.array(of[NOT_BLOCKED], np.int64))
        for verdict, reached in ((BLOCKED, self.certain), (UNDETERMINED, self.possible)):
            found |= proofs(self.index, of[verdict], reached, self.when, test=self.test)
        return found

    def _held(self, entities: Ints) -> dict[int, list[int]]:
        """Claims of the holdings that possibly blocked persons have in each entity."""
        found: dict[int, set[int]] = {entity: set() for entity in entities.tolist()}
        for bases in self.test.bases:
            held = with_control(self.index, entities, self.when, bases)
            mine = self.possible.blocked[held.owner]
            for entity, position in zip(
                held.asset[mine].tolist(), held.widest[mine].tolist(), strict=True
            ):
                found[entity].add(position)
        return {entity: sorted(positions) for entity, positions in found.items()}

    def _hands(self, entities: Ints) -> dict[int, list[int]]:
        """Claims that a certainly blocked person controls an entity, directs it or acts for it."""
        at, about = self.index.into(entities)
        keep = np.isin(self.index.kind[at], self._ties()) & self.when.valid(self.index, at)
        keep &= self.certain.blocked[self.index.source[at]]
        found: dict[int, list[int]] = {entity: [] for entity in entities.tolist()}
        for entity, position in zip(about[keep].tolist(), at[keep].tolist(), strict=True):
            found[entity].append(position)
        return found

    def _cautions(self, verdict: str, share: Stake, cautions: tuple[Claim, ...]) -> dict[str, bool]:
        minority = verdict != BLOCKED and share.low > 0 and "minority" in self.law.cautions
        kinds = {claim.kind for claim in cautions if claim.stance == "asserts"}
        return {
            "caution_control": verdict != BLOCKED and "CONTROLS" in kinds,
            "caution_minority": minority,
            "interest_blocked": minority,
            "caution_representation": bool(kinds & {"DIRECTS", "REPRESENTS"}),
        }

    def _over(self, entities: Ints) -> set[int]:
        """Those whose least direct shares sum over the whole."""
        over: set[int] = set()
        for bases in self.test.bases:
            held = holdings(self.index, entities, self.when, bases)
            direct = ~held.indirect
            total = np.zeros(self.index.rows, np.int64)
            np.add.at(total, held.asset[direct], held.low[direct])
            over.update(np.flatnonzero(total > WHOLE).tolist())
        return over

    def _apart(self, entities: Ints) -> set[int]:
        """Those that one possibly blocked person holds directly and another through a chain.

        The shares are not added. Where they have no block in common, the chain need not run
        through the direct holder.
        """
        found: set[int] = set()
        for bases in self.test.bases:
            held = holdings(self.index, entities, self.when, bases)
            mine = self.possible.blocked[held.owner]
            direct: dict[int, set[tuple[int, int]]] = {}
            rows = zip(
                *(part[mine].tolist() for part in (held.asset, held.owner, held.block)),
                held.indirect[mine].tolist(),
                strict=True,
            )
            repeated = []
            for asset, owner, block, indirect in rows:
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

    def _denied(self, entities: Ints) -> set[int]:
        """Those of which a source denies a holding."""
        at, about = self.index.into(entities)
        denial = (self.index.kind[at] == OWNS) & (self.index.flags[at] & DENIES != 0)
        return set(about[denial & self.when.valid(self.index, at)].tolist())
