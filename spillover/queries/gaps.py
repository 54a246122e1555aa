"""Which missing or vague share should be researched first.

A fact is the direct share of one owner in one asset, known only as an interval. It *settles* a
verdict when the verdict is decided if the share proves to be its least, and also if it proves to
be its greatest; ``always`` says that every value between decides it, too. Facts are ranked by the
number of verdicts that they settle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import Final

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.case import UNDETERMINED, Case
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Ints
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Rule, rule

TRIED: Final = 200
"""Facts that are tried one by one at most."""
PAIRED: Final = 12
"""Facts of one entity that are tried in pairs at most."""
UNSETTLED: Final = 20
"""Entities that no fact settles, of which pairs are tried at most."""

Pair = tuple[int, int]
"""Owner and asset, by entity number."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A share that is not known exactly."""

    owner: Party
    asset: Party
    share: Stake
    """What it can be beside the other owners."""
    claims: tuple[Claim, ...]
    """What is said of it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Facts (one, or two together) and what they would settle."""

    facts: tuple[Fact, ...]
    settles: tuple[Party, ...]
    """Entities whose verdict they decide at the ends of their ranges."""
    always: tuple[Party, ...]
    """Those of them that every value between decides, too; known for single facts only."""
    may_settle: tuple[Party, ...]
    """Entities that they decide at one end only."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """The answer."""

    rule: Rule
    when: Conditions
    remark: str
    targets: tuple[Party, ...]
    undetermined: tuple[Party, ...]
    """Entities whose verdict a share would decide."""
    unsettled: tuple[Party, ...]
    """Entities that no fact decides, because the law is open."""
    gaps: tuple[Gap, ...]
    facts: int
    """Vague shares that could matter."""
    untried: int
    """Of them, those beyond the limit."""
    untried_pairs: int
    """Entities of which pairs of facts were not all tried."""
    sources: Sources


def gaps(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    rule_id: str = "us-ofac-50",
    of: Iterable[str] = (),
    limit: int = 20,
) -> Gaps:
    """Which facts would settle the verdicts that are undetermined if these targets are designated.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        when: day, age and confidence of the claims.
        rule_id: the ownership rule.
        of: only the verdicts on these entities; without them, all that are undetermined.
        limit: at most so many facts in the answer.

    Raises:
        NotFoundError, AmbiguousError: a target, an entity or the rule.
    """
    law, numbers = rule(rule_id), np.array(graph.find(targets), np.int64)
    trial = _Trial(Ledger(graph, when), numbers, law, set(graph.find(of)))
    singles = trial.singles()
    pairs = trial.pairs({entity for gap in singles for entity in gap.settles})
    reporter = Reporter(graph, when)
    found = _ranked((*singles, *pairs), reporter)[:limit]
    return Gaps(
        law,
        when,
        law.remark(when.day),
        tuple(reporter.party(number) for number in numbers.tolist()),
        _named(reporter, trial.undetermined),
        _named(reporter, trial.unsettled),
        tuple(_told(gap, trial, reporter) for gap in found),
        len(trial.facts) + trial.untried,
        trial.untried,
        trial.untried_pairs,
        sources(graph),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """A gap by entity numbers."""

    facts: tuple[Pair, ...]
    settles: frozenset[int]
    always: frozenset[int]
    may_settle: frozenset[int]


def _ranked(found: Iterable[_Found], reporter: Reporter) -> list[_Found]:
    """Single facts first, then those that settle most; equal ones by id."""
    found = list(found)
    parties = reporter.parties({n for gap in found for pair in gap.facts for n in pair})

    def rank(gap: _Found) -> tuple[int, int, int, int, list[str]]:
        sizes = -len(gap.settles), -len(gap.always), -len(gap.may_settle)
        return len(gap.facts), *sizes, [parties[n].id for pair in gap.facts for n in pair[::-1]]

    return sorted(found, key=rank)


class _Trial:
    """The question with shares taken for granted."""

    def __init__(self, ledger: Ledger, targets: Ints, law: Rule, of: set[int]) -> None:
        self.ledger, self.targets, self.law = ledger, targets, law
        self.case = Case(ledger, targets, law)
        stands = [s for s in self.case.stands(self.case.touched()) if s.verdict == UNDETERMINED]
        self.every = sorted(s.entity for s in stands)
        """All entities whose verdict is undetermined: what is asked for can hang on any."""
        wanted = [s for s in stands if not of or s.entity in of]
        self.undetermined = sorted(s.entity for s in wanted if not s.unsettled)
        self.unsettled = sorted(s.entity for s in wanted if s.unsettled)
        self.untried = self.untried_pairs = 0
        self._verdicts: dict[tuple[tuple[Pair, int], ...], dict[int, str]] = {}

    @cached_property
    def facts(self) -> dict[Pair, tuple[Stake, int]]:
        """Vague direct shares in entities that are undetermined: range, and the claim to show."""
        found: dict[Pair, tuple[Stake, int]] = {}
        assets = np.array(self.every, np.int64)
        for bases in self.case.found.test.bases:
            held = self.ledger.held(assets, bases, parents=self.case.found.test.parents)
            plain = held.plain
            floor = np.zeros(self.ledger.index.rows, np.int64)
            np.add.at(floor, held.asset[plain], held.low[plain])
            vague = np.flatnonzero(plain & (held.low < held.high) & (held.owner != held.asset))
            for n in vague.tolist():
                total, low = int(floor[held.asset[n]]), int(held.low[n])
                room = WHOLE if total > WHOLE else WHOLE - total + low
                high = min(int(held.high[n]), room)
                if high > low:
                    pair = int(held.owner[n]), int(held.asset[n])
                    found.setdefault(pair, (Stake(low, high), int(held.widest[n])))
        self.untried = max(0, len(found) - TRIED)
        return dict(sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))[:TRIED])

    def verdicts(self, assumed: tuple[tuple[Pair, int], ...]) -> dict[int, str]:
        """Verdicts on what is undetermined when these shares are taken for granted."""
        if assumed not in self._verdicts:
            ledger = replace(self.ledger, assumed=dict(assumed))
            case = Case(ledger, self.targets, self.law)
            stands = case.stands(np.array(self.undetermined, np.int64))
            self._verdicts[assumed] = {stand.entity: stand.verdict for stand in stands}
        return self._verdicts[assumed]

    def singles(self) -> list[_Found]:
        """What each fact settles alone."""
        found = []
        for pair, (share, _) in self.facts.items():
            ends = [self.verdicts(((pair, end),)) for end in share]
            both, one = self._decided(ends)
            if both or one:
                always = frozenset(e for e in both if self._always(pair, share, e))
                found.append(_Found((pair,), both, always, one))
        return found

    def _decided(self, corners: list[dict[int, str]]) -> tuple[frozenset[int], frozenset[int]]:
        """Entities decided at all of these corners, and at some only."""
        times = {e: sum(c[e] != UNDETERMINED for c in corners) for e in self.undetermined}
        every = frozenset(e for e, n in times.items() if n == len(corners))
        return every, frozenset(e for e, n in times.items() if 0 < n < len(corners))

    def _always(self, pair: Pair, share: Stake, entity: int) -> bool:
        """Whether no value between the ends leaves the entity undetermined.

        A larger share of one owner moves every verdict one way only, so the values of one verdict
        stand together: it is enough to look at the value after the last that is as the least.
        """
        low, high = share
        first, last = (self.verdicts(((pair, end),))[entity] for end in share)
        if first == last:
            return True
        while high - low > 1:
            middle = (low + high) // 2
            same = self.verdicts(((pair, middle),))[entity] == first
            low, high = (middle, high) if same else (low, middle)
        return self.verdicts(((pair, high),))[entity] == last

    def pairs(self, settled: set[int]) -> list[_Found]:
        """Pairs of facts that settle what no single fact does."""
        left = [entity for entity in self.undetermined if entity not in settled]
        self.untried_pairs = max(0, len(left) - UNSETTLED)
        found: dict[tuple[Pair, Pair], set[int]] = {}
        for entity in left[:UNSETTLED]:
            near = self._near(entity)
            self.untried_pairs += len(near) > PAIRED
            for two in combinations(sorted(near[:PAIRED], key=self._ids), 2):
                shares = [self.facts[fact][0] for fact in two]
                corners = [
                    self.verdicts(tuple(zip(two, ends, strict=True)))
                    for ends in product(*shares)
                    if two[0][1] != two[1][1] or self._fit(two, ends)
                ]
                if corners and entity in self._decided(corners)[0]:
                    found.setdefault(two, set()).add(entity)
        nothing: frozenset[int] = frozenset()
        return [_Found(two, frozenset(e), nothing, nothing) for two, e in found.items()]

    def _fit(self, two: tuple[Pair, Pair], ends: tuple[int, ...]) -> bool:
        """Whether two shares in one asset can stand beside each other and the other owners."""
        total = sum(ends)
        rooms = [self.facts[fact][0] for fact in two]
        # Each greatest share already leaves the other its least.
        return total <= max(room.high + other.low for room, other in (rooms, rooms[::-1]))

    def _ids(self, fact: Pair) -> tuple[str, str]:
        """Ids of asset and owner: an order that does not hang on how the graph was loaded."""
        entities = self.ledger.graph.store.entities(fact)
        return entities[fact[1]].id, entities[fact[0]].id

    def _near(self, entity: int) -> list[Pair]:
        """Facts in the entity and in undetermined owners above it, the nearest first."""
        above, order = {entity}, [entity]
        every = set(self.every)
        for asset in order:
            owners, _ = self.ledger.index.into(np.array([asset]))
            for owner in sorted(set(self.ledger.index.source[owners].tolist()) & every - above):
                above.add(owner)
                order.append(owner)
        place = {asset: n for n, asset in enumerate(order)}
        near = [fact for fact in self.facts if fact[1] in place]
        return sorted(near, key=lambda fact: (place[fact[1]], *self._ids(fact)))


def _named(reporter: Reporter, numbers: Iterable[int]) -> tuple[Party, ...]:
    ordered = sorted(numbers)
    parties = reporter.parties(ordered)
    return tuple(parties[number] for number in ordered)


def _told(gap: _Found, trial: _Trial, reporter: Reporter) -> Gap:
    facts = []
    for pair in gap.facts:
        share, position = trial.facts[pair]
        owner, asset = (reporter.party(number) for number in pair)
        facts.append(Fact(owner, asset, share, (reporter.claims([position])[position],)))
    return Gap(
        tuple(facts),
        *(_named(reporter, some) for some in (gap.settles, gap.always, gap.may_settle)),
    )
