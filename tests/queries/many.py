"""How are many small worlds put to the package at once: as islands of one graph file.

Every id gets the number of its world before it, so that no two worlds meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import Phase

from spillover.graph.schema import Entity
from spillover.queries.blocked import Verdict, blocked
from spillover.queries.case import Case
from spillover.queries.conditions import conditions
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import rule
from tests.graphs import opened
from tests.queries import oracle, stated
from tests.queries.asking import DAY
from tests.queries.worlds import World, broad


def renamed(world: World, prefix: str) -> World:
    """The same world with longer ids; programmes, which rules name, keep theirs."""
    claims = [
        claim._replace(
            source=claim.source if claim.kind == "DESIGNATES" else prefix + claim.source,
            target=prefix + claim.target,
        )
        for claim in world.claims
    ]
    return World(tuple(claims), tuple(prefix + target for target in world.targets))


UNSHRUNK = (Phase.reuse, Phase.generate)
"""A smaller seed is no smaller world: see :func:`smallest`."""


class Island(NamedTuple):
    """A world in a graph file that holds many, and its answer."""

    world: World
    """With longer ids."""
    first: int
    """Number of its first claim."""
    verdicts: dict[str, Verdict]
    """By the ids as they were."""


def islands(worlds: Sequence[World], rule_id: str, *, open_world: bool = False) -> Iterator[Island]:
    """The verdict on everybody who is no target, world by world."""
    longer = [renamed(world, f"{number}:") for number, world in enumerate(worlds)]
    ids = {name for world in longer for name in (*world.others, *world.targets)}
    items = [*(Entity(name, "Company", name) for name in sorted(ids))]
    first = 1
    with opened([*items, *(claim for world in longer for claim in world.claims)]) as graph:
        for world in longer:
            answer = blocked(
                graph,
                world.targets,
                conditions(DAY),
                rule_id=rule_id,
                of=world.others,
                open_world=open_world,
            )
            found = {result.entity.id.partition(":")[2]: result for result in answer.results}
            yield Island(world, first, found)
            first += len(world.claims)


def words(
    worlds: Sequence[World], rule_id: str, *, open_world: bool = False
) -> Iterator[dict[str, str]]:
    """The same in a word each, and without proofs.

    Islands do not touch each other, so they can all be asked about in one question; only the
    chains of undisclosed owners would all be followed for every target, so these are not.
    """
    if open_world:
        for island in islands(worlds, rule_id, open_world=True):
            yield {name: result.verdict for name, result in island.verdicts.items()}
        return
    longer = [renamed(world, f"{number}:") for number, world in enumerate(worlds)]
    ids = {name for world in longer for name in (*world.others, *world.targets)}
    items = [*(Entity(name, "Company", name) for name in sorted(ids))]
    with opened([*items, *(claim for world in longer for claim in world.claims)]) as graph:
        number = {name: graph.store.number(name) or 0 for name in ids}
        targets = np.array([number[name] for world in longer for name in world.targets], np.int64)
        case = Case(Ledger(graph, conditions(DAY)), targets, rule(rule_id))
        others = np.array([number[name] for world in longer for name in world.others], np.int64)
        verdicts = {stand.entity: stand.verdict for stand in case.stands(others)}
    for world in longer:
        yield {name.partition(":")[2]: verdicts[number[name]] for name in world.others}


def marks(rule_id: str) -> tuple[int, ...]:
    """The shares that decide under a rule, in units."""
    readings = (rule(rule_id).settled(oracle.DAY), rule(rule_id).widest(oracle.DAY))
    decisive = [t for r in readings for t in (r.threshold, r.passes_on, r.alone) if t]
    return tuple(threshold.units for threshold in decisive) or (50_000_000,)


def worlds_for(rule_id: str, seeds: Iterable[int | str]) -> list[World]:
    """Worlds that exercise a rule."""
    decisive = marks(rule_id)
    joint = 0.15 if rule(rule_id).method == "cascade" else 0.03
    return [broad(f"{rule_id} {seed}", decisive, joint=joint) for seed in seeds]


def smallest(rule_id: str, world: World, *, open_world: bool = False) -> World:
    """The world with every claim left out that the difference does not need."""
    kept = list(world.claims)
    for claim in world.claims:
        fewer = [other for other in kept if other is not claim]
        named = stated.named(fewer)
        less = World(tuple(fewer), tuple(t for t in world.targets if t in named))
        if less.targets and compared(rule_id, [less], open_world=open_world)[1]:
            kept, world = fewer, less
    return world


def compared(
    rule_id: str, worlds: Sequence[World], *, open_world: bool = False
) -> tuple[Counter[str], list[World]]:
    """Counts of what was compared, and every world where the package and the oracle differ."""
    counts: Counter[str] = Counter()
    differences: list[World] = []
    given = words(worlds, rule_id, open_world=open_world)
    for world, said in zip(worlds, given, strict=True):
        expected = oracle.under(rule(rule_id), *world, open_world=open_world)
        counts["worlds"] += bool(expected)
        counts["left out"] += not expected
        counts.update(expected.values())
        if expected and said != expected:
            differences.append(world)
    return counts, differences


def described(rule_id: str, world: World, *, open_world: bool = False) -> str:
    """The smallest world that tells the two apart, so that it can be read and asked again."""
    world = smallest(rule_id, world, open_world=open_world)
    ((_, _, given),) = islands([world], rule_id, open_world=open_world)
    expected = oracle.under(rule(rule_id), *world, open_world=open_world)
    lines = [f"{rule_id}, targets {' '.join(world.targets)}"]
    for c in world.claims:
        stake = f" {c.stake.low}-{c.stake.high}" if c.stake else ""
        words = (c.basis, c.evidence.stance, "indirect" * c.reported_indirect, c.block, c.end or "")
        more = ("less sure" * (c.evidence.confidence == "low"), *map(str, c.properties.values()))
        lines.append(
            f"  {c.source} {c.kind} {c.target}{stake} {' '.join(filter(None, words + more))}"
        )
    lines += [
        f"  {name}: {given[name].verdict if name in given else None}, by brute force {word}"
        for name, word in expected.items()
        if name not in given or given[name].verdict != word
    ]
    return "\n".join(lines)
