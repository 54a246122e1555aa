"""Who is blocked when these targets are designated, how surely, and on what proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.answer import Claim, Party, Reporter, Sources, oldest, sources
from spillover.queries.cascade import Reach, Test, owned, reach, shares
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Flags, Ints, holdings
from spillover.queries.proof import proof
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
}
"""Every flag that a verdict can carry, in words."""

_CONTROL: Final = (KIND_CODES["CONTROLS"],)
_REPRESENTATION: Final = (KIND_CODES["DIRECTS"], KIND_CODES["REPRESENTS"])


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
    test = Test(law.units, law.operator == ">", law.bases)
    numbers = np.array(graph.find(targets), np.int64)
    asked = graph.find(of)
    case = _Case(graph, numbers, when, law, test)
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

    def __init__(self, graph: Graph, targets: Ints, when: Conditions, law: Rule, test: Test) -> None:
        self.index, self.targets, self.when, self.law, self.test = graph.index, targets, when, law, test
        self.reporter = Reporter(graph, when)
        self.certain: Reach = reach(self.index, targets, when, test, most=False)
        self.possible: Reach = reach(self.index, targets, when, test, most=True)

    def touched(self) -> Ints:
        """Every entity in which a possibly blocked person has a stake or a hand."""
        hands = np.flatnonzero(self.possible.blocked)
        at = self.index.out_of(np.flatnonzero(self.certain.blocked))
        ties = (*self._kinds("control", _CONTROL), *self._kinds("representation", _REPRESENTATION))
        at = at[np.isin(self.index.kind[at], ties) & self.when.valid(self.index, at)]
        found = np.union1d(owned(self.index, hands, self.when), self.index.target(at))
        return np.setdiff1d(found, self.targets)

    def _kinds(self, caution: str, kinds: tuple[int, ...]) -> tuple[int, ...]:
        return kinds if caution in self.law.cautions else ()

    def ranked(self, entities: Ints) -> tuple[list[tuple[int, str, Stake]], dict[str, int]]:
        """(entity, verdict, share), the surest and largest first; and the count of each verdict."""
        entities = np.setdiff1d(entities, self.targets)
        low = self._shares(entities, self.certain.blocked, most=False)
        high = np.maximum(low, self._shares(entities, self.possible.blocked, most=True))
        place = np.where(self.certain.blocked[entities], 0, np.where(self.possible.blocked[entities], 1, 2))
        order = np.lexsort((entities, -high, -low, place)).tolist()
        counts = {verdict: int((place == n).sum()) for n, verdict in enumerate(VERDICTS)}
        return [
            (int(entities[n]), VERDICTS[place[n]], Stake(int(low[n]), int(high[n]))) for n in order
        ], counts

    def _shares(self, entities: Ints, blocked: Flags, *, most: bool) -> Ints:
        share = shares(self.index, entities, blocked, self.when, self.test, most=most)
        return np.minimum(share, WHOLE)

    def verdicts(self, ranked: list[tuple[int, str, Stake]]) -> list[Verdict]:
        """The verdicts with their proofs, fetched from the store together."""
        proofs = {entity: self._proof(entity, verdict) for entity, verdict, _ in ranked}
        hands = {entity: self._hands(entity) for entity, _, _ in ranked}
        everything = [position for found in (proofs, hands) for at in found.values() for position in at]
        claims = self.reporter.claims(everything)
        parties = self.reporter.parties(entity for entity, _, _ in ranked)
        results = []
        for entity, verdict, share in ranked:
            evidence = tuple(claims[position] for position in proofs[entity])
            cautions = tuple(claims[position] for position in hands[entity])
            date, age, undated = oldest(evidence)
            flags = self._flags(entity, verdict, share, cautions, undated=undated)
            results.append(
                Verdict(parties[entity], verdict, share, evidence, flags, cautions, date, age)
            )
        return results

    def _proof(self, entity: int, verdict: str) -> list[int]:
        if verdict == NOT_BLOCKED:
            return self._held_by_blocked(entity)
        most = verdict == UNDETERMINED
        reached = self.possible if most else self.certain
        return proof(self.index, entity, reached, self.when, self.test, most=most)

    def _held_by_blocked(self, entity: int) -> list[int]:
        """Claims of the holdings that possibly blocked persons have in the entity."""
        found: set[int] = set()
        for bases in self.test.bases:
            held = holdings(self.index, np.array([entity]), self.when, bases)
            found.update(held.binding[self.possible.blocked[held.owner]].tolist())
        return sorted(found)

    def _hands(self, entity: int) -> list[int]:
        """Claims that a certainly blocked person controls the entity, directs it or acts for it."""
        at, _ = self.index.into(np.array([entity]))
        kinds = (*self._kinds("control", _CONTROL), *self._kinds("representation", _REPRESENTATION))
        keep = np.isin(self.index.kind[at], kinds) & self.when.valid(self.index, at)
        at = at[keep]
        return sorted(at[self.certain.blocked[self.index.source[at]]].tolist())

    def _flags(
        self, entity: int, verdict: str, share: Stake, cautions: tuple[Claim, ...], *, undated: bool
    ) -> tuple[str, ...]:
        minority = verdict != BLOCKED and share.low > 0 and "minority" in self.law.cautions
        kinds = {claim.kind for claim in cautions if claim.stance == "asserts"}
        over, denied = self._contradictions(entity)
        raised = {
            "boundary": self.test.threshold in (share.low, share.high),
            "undated": undated,
            "over_100": over,
            "caution_control": verdict != BLOCKED and "CONTROLS" in kinds,
            "caution_minority": minority,
            "interest_blocked": minority,
            "caution_representation": bool(kinds & {"DIRECTS", "REPRESENTS"}),
            "denied": denied,
        }
        return tuple(flag for flag in FLAGS if raised[flag])

    def _contradictions(self, entity: int) -> tuple[bool, bool]:
        """Whether the least direct shares sum over the whole, and whether a holding is denied."""
        over = False
        for bases in self.test.bases:
            held = holdings(self.index, np.array([entity]), self.when, bases)
            over |= int(held.low[~held.indirect].sum()) > WHOLE
        at, _ = self.index.into(np.array([entity]))
        at = at[(self.index.kind[at] == KIND_CODES["OWNS"]) & self.when.valid(self.index, at)]
        return over, bool((self.index.flags[at] & 1).any())
