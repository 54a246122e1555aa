"""What must not change a verdict, or may change it in one direction only; under every rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.rulebook import rule, rule_ids
from tests.queries.many import UNSHRUNK, Island, islands, marks, worlds_for
from tests.queries.worlds import World, broad, holds, seeded

SURENESS = {"not_blocked": 0, "undetermined": 1, "blocked": 2}
TOGETHER = 6
"""Worlds in one graph file, each beside its variant."""
SEEDS = st.integers(0, 2**32)
FEW = settings(max_examples=3, deadline=None, phases=UNSHRUNK)
EVERY_RULE = pytest.mark.parametrize("rule_id", rule_ids())

Change = Callable[[World, Random], World | None]


def both(
    rule_id: str, seed: int, change: Change, *, plain: bool = False
) -> list[tuple[World, World, Island, Island]]:
    """Some worlds and their variants with both answers; where the change applies."""
    if plain:
        cases = [
            broad(f"{rule_id} {seed}-{number}", marks(rule_id), plain=True, loose=False)
            for number in range(TOGETHER)
        ]
    else:
        cases = worlds_for(rule_id, (f"{seed}-{number}" for number in range(TOGETHER)))
    draw = seeded(seed)
    pairs = [(case, changed) for case in cases if (changed := change(case, draw))]
    answered = list(islands([world for pair in pairs for world in pair], rule_id))
    return [
        (*pair, *two)
        for pair, two in zip(pairs, zip(answered[::2], answered[1::2], strict=True), strict=True)
    ]


def words(island: Island) -> dict[str, str]:
    return {name: result.verdict for name, result in island.verdicts.items()}


def never_less(before: Island, after: Island) -> bool:
    """Whether no verdict moved away from blocked."""
    old, new = words(before), words(after)
    return all(SURENESS[new[name]] >= SURENESS[old[name]] for name in old.keys() & new)


def stays_blocked(before: Island, after: Island) -> bool:
    old, new = words(before), words(after)
    return all(new[name] == "blocked" for name in old.keys() & new if old[name] == "blocked")


def substance(island: Island) -> dict[str, tuple[object, ...]]:
    """What each answer says, whichever of equal claims it shows."""
    return {
        name: (result.verdict, result.share, result.undisclosed, "unsettled" in result.flags)
        for name, result in island.verdicts.items()
    }


def as_json(island: Island) -> str:
    """Every answer as text, without the numbers that the graph file gives out."""
    verdicts = {name: asdict(result) for name, result in sorted(island.verdicts.items())}
    text = json.dumps(numberless(verdicts), indent=1, sort_keys=True)
    return text.replace(f'"{island.world.targets[0].partition(":")[0]}:', '"')


def numberless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: numberless(v) for k, v in value.items() if k not in {"num", "relation"}}
    return [numberless(one) for one in value] if isinstance(value, list | tuple) else value


def swapped(claims: Iterable[Relation], old: Relation, new: Relation) -> tuple[Relation, ...]:
    return tuple(new if claim is old else claim for claim in claims)


def another_target(case: World, draw: Random) -> World | None:
    if len(case.others) < 2:
        return None
    return case._replace(targets=(*case.targets, draw.choice(case.others)))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_another_target_unblocks_nobody(rule_id: str, seed: int) -> None:
    for *_, before, after in both(rule_id, seed, another_target):
        assert never_less(before, after)


def another_owner(case: World, draw: Random) -> World | None:
    if not case.others:
        return None
    share = draw.randint(0, WHOLE)
    claim = holds("New", draw.choice(case.others), Stake(share, share))
    return World((*case.claims, claim), (*case.targets, "New"))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_a_new_owner_who_is_designated_unblocks_nobody(rule_id: str, seed: int) -> None:
    # What the new owner holds may leave others less, so that what was possible no longer is.
    for *_, before, after in both(rule_id, seed, another_owner):
        assert stays_blocked(before, after)


def stated(case: World) -> list[Relation]:
    """Claims that state a share; a claim that states none says nothing that could be higher."""
    return [
        claim
        for claim in case.claims
        if claim.kind == "OWNS" and claim.stake and not claim.stake.unknown
        if claim.evidence.stance == "asserts"
    ]


def higher_floor(case: World, draw: Random) -> World | None:
    if not stated(case):
        return None
    claim = draw.choice(stated(case))
    low, high = claim.stake or (0, WHOLE)
    raised = claim._replace(stake=Stake(draw.randint(low, high), high))
    return case._replace(claims=swapped(case.claims, claim, raised))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_a_higher_floor_unblocks_nobody(rule_id: str, seed: int) -> None:
    for *_, before, after in both(rule_id, seed, higher_floor):
        assert stays_blocked(before, after)


@pytest.mark.parametrize(
    "rule_id", [name for name in rule_ids() if rule(name).reading.aggregation == "together"]
)
@given(seed=SEEDS)
@FEW
def test_a_higher_floor_of_a_target_makes_nobody_less_sure(rule_id: str, seed: int) -> None:
    # Only where all targets are added up: the floor of another owner leaves them less room. A share
    # within its own claim alone: with others beside it the higher floor may be the other claim's.
    for case, variant, before, after in both(rule_id, seed, higher_floor, plain=True):
        raised = [claim for claim in variant.claims if claim not in case.claims]
        if consistent(variant) and all(claim.source in case.targets for claim in raised):
            assert never_less(before, after)


def consistent(case: World) -> bool:
    """Whether the least shares of no asset sum over the whole, whichever claims are taken."""
    sums: dict[str, int] = {}
    for claim in case.claims:
        if claim.kind == "OWNS" and claim.stake:
            sums[claim.target] = sums.get(claim.target, 0) + claim.stake.low
    return max(sums.values(), default=0) <= WHOLE


def renamed(case: World, draw: Random) -> World:
    old = [*case.targets, *case.others]
    new = dict(
        zip(old, draw.sample([f"{n}-{name}" for n, name in enumerate(old)], len(old)), strict=True)
    )
    claims = tuple(
        claim._replace(
            source=new.get(claim.source, claim.source), target=new.get(claim.target, claim.target)
        )
        for claim in case.claims
    )
    return World(claims, tuple(new[name] for name in case.targets))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_other_ids_change_nothing(rule_id: str, seed: int) -> None:
    for case, variant, before, after in both(rule_id, seed, renamed):
        ends = zip(case.claims, variant.claims, strict=True)
        new = dict(two for old, now in ends for two in zip(old[1:3], now[1:3], strict=True))
        assert {new[name]: word for name, word in words(before).items()} == words(after)


def shuffled(case: World, draw: Random) -> World:
    claims = draw.sample(case.claims, len(case.claims))
    return World(tuple(claims), tuple(draw.sample(case.targets, len(case.targets))))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_the_order_of_the_claims_changes_nothing(rule_id: str, seed: int) -> None:
    # Of several equally short proofs by chains another may be shown; what they prove is the same.
    for *_, before, after in both(rule_id, seed, shuffled):
        assert substance(before) == substance(after)
        if rule(rule_id).method in {"cascade", "listed"}:
            assert as_json(before) == as_json(after)


def pairs(case: World) -> list[tuple[str, str]]:
    return sorted({claim[1:3] for claim in case.claims if claim.source != claim.target})


def through_another(case: World, draw: Random) -> World | None:
    if not pairs(case):
        return None
    owner, asset = draw.choice(pairs(case))
    claims = [
        claim._replace(source="between") if claim[1:3] == (owner, asset) else claim
        for claim in case.claims
    ]
    return case._replace(claims=(*claims, holds(owner, "between", Stake(WHOLE, WHOLE))))


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_a_holding_through_a_company_wholly_owned_changes_nothing(rule_id: str, seed: int) -> None:
    # Plain holdings: who is party to an arrangement, or controls, is no more the one who holds.
    for *_, before, after in both(rule_id, seed, through_another, plain=True):
        new = words(after)
        new.pop("between")
        assert new == words(before)


def split(case: World, draw: Random) -> World | None:
    times = [claim[1:3] for claim in case.claims]
    single = [c for c in stated(case) if times.count(c[1:3]) == 1 and c.source != c.target]
    if not single:
        return None
    claim = draw.choice(single)
    low, high = claim.stake or (0, 0)
    part = Stake(draw.randint(0, low), draw.randint(low, high))
    part = Stake(part.low, part.low + (high - low) // 2)
    rest = Stake(low - part.low, high - part.high)
    claims = (
        *swapped(case.claims, claim, claim._replace(stake=part)),
        claim._replace(source="between", stake=rest),
        holds(claim.source, "between", Stake(WHOLE, WHOLE)),
    )
    return case._replace(claims=claims)


@pytest.mark.parametrize("rule_id", [name for name in rule_ids() if not rule(name).reading.alone])
@given(seed=SEEDS)
@FEW
def test_a_holding_split_in_two_changes_nothing(rule_id: str, seed: int) -> None:
    # Where a share that one owner holds alone decides, the split matters, and should.
    for *_, before, after in both(rule_id, seed, split, plain=True):
        new = words(after)
        new.pop("between")
        assert new == words(before)


def narrower(case: World, draw: Random) -> World | None:
    """A claim that is the only one of its pair says more."""
    times = [claim[1:3] for claim in case.claims if claim.kind in {"OWNS", "CONTROLS"}]
    vague = [
        claim
        for claim in case.claims
        if claim.kind == "OWNS" and claim.stake and not claim.stake.exact
        if times.count(claim[1:3]) == 1
    ]
    if not vague:
        return None
    claim = draw.choice(vague)
    low, high = sorted(draw.randint(*(claim.stake or (0, WHOLE))) for _ in range(2))
    changed = claim._replace(stake=Stake(low, high))
    variant = case._replace(claims=swapped(case.claims, claim, changed))
    return variant if consistent(variant) else None


@EVERY_RULE
@given(seed=SEEDS)
@FEW
def test_a_narrower_share_keeps_what_was_certain(rule_id: str, seed: int) -> None:
    for *_, before, after in both(rule_id, seed, narrower):
        old, new = words(before), words(after)
        assert {
            name: word for name, word in old.items() if word != "undetermined"
        }.items() <= new.items()
