"""What must not change a verdict, or may change it in one direction only."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake
from tests.queries.asking import verdicts_of
from tests.queries.worlds import World, seeded, world

SURENESS = {"not_blocked": 0, "undetermined": 1, "blocked": 2}

SEEDS = st.integers(0, 2**32)
RICH = SEEDS.map(lambda seed: world(seed, rich=True))
PLAIN = SEEDS.map(world)
FEW = settings(max_examples=100, deadline=None)


def never_less(before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether no verdict moved away from blocked."""
    return all(SURENESS[after[name]] >= SURENESS[before[name]] for name in before.keys() & after)


@given(RICH, SEEDS)
@FEW
def test_another_target_unblocks_nobody(case: World, seed: int) -> None:
    if case.others:
        added = seeded(seed).choice(case.others)
        more = case._replace(targets=(*case.targets, added))
        assert never_less(verdicts_of(case), verdicts_of(more))


@given(PLAIN, SEEDS)
@FEW
def test_a_higher_floor_unblocks_nobody(case: World, seed: int) -> None:
    draw = seeded(seed)
    claims = list(case.claims)
    number = draw.randrange(len(claims))
    low, high = claims[number].stake or (0, WHOLE)
    claims[number] = claims[number]._replace(stake=Stake(draw.randint(low, high), high))
    before, after = verdicts_of(case), verdicts_of(case._replace(claims=tuple(claims)))
    certain = {name for name, verdict in before.items() if verdict == "blocked"}
    assert certain <= {name for name, verdict in after.items() if verdict == "blocked"}
    if claims[number].source in case.targets:  # the floor of another owner may leave them less room
        assert never_less(before, after)


@given(RICH, SEEDS)
@FEW
def test_the_order_of_the_rows_changes_nothing(case: World, seed: int) -> None:
    claims = list(case.claims)
    seeded(seed).shuffle(claims)
    assert verdicts_of(case) == verdicts_of(case._replace(claims=tuple(claims)))


@given(RICH)
@FEW
def test_other_ids_change_nothing(case: World) -> None:
    new = {name: f"{ord(name) * 7 % 13}-{name}" for name in (*case.targets, *case.others)}
    claims = [c._replace(source=new[c.source], target=new[c.target]) for c in case.claims]
    renamed = verdicts_of(World(tuple(claims), tuple(new[name] for name in case.targets)))
    assert {new[name]: verdict for name, verdict in verdicts_of(case).items()} == renamed


@given(PLAIN, SEEDS)
@FEW
def test_a_holding_through_a_company_wholly_owned_changes_nothing(case: World, seed: int) -> None:
    pairs = sorted({claim[1:3] for claim in case.claims if claim.source != claim.target})
    if not pairs:
        return
    owner, asset = seeded(seed).choice(pairs)
    whole = Relation("OWNS", owner, "between", Stake(WHOLE, WHOLE), "capital")
    claims = [
        claim._replace(source="between") if claim[1:3] == (owner, asset) else claim
        for claim in case.claims
    ]
    after = verdicts_of(World((*claims, whole), case.targets))
    after.pop("between")
    assert after == verdicts_of(case)
