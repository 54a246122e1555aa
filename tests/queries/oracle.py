"""Verdicts by brute force: every completion of what is vague is tried, one after the other.

A completion gives each vague holding a share in its interval, and says of each disputed tie whether
it is there and of each doubtful holding whether it counts. An entity is blocked when every
completion reaches it, and not blocked when none does. Nothing here is shared with the package but
the claims and the model of a rule. From the checkout, ``python tests/queries/oracle.py --examples
10000 --rule all --jobs 2`` compares more worlds than the tests do.

Only corners are tried (see ``completions``): a sum over chains, too, is greatest at one of them, as
a function of the shares of one asset.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from spillover.graph.dates import as_day
from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE
from spillover.queries.rulebook import Reading, Rule, Threshold, rule_ids
from tests.queries import stated, walks
from tests.queries.completions import Decision, corners, extreme, greatest, subsets, tables
from tests.queries.stated import Asset, Some, hulls

__all__ = ["hulls", "under", "verdicts"]

MOST = 5_000
"""Completions of one world that are tried; of more there is no verdict."""
DAY = as_day("2024-06-30")


class Question(NamedTuple):
    """What is asked of a world."""

    claims: Sequence[Relation]
    targets: Collection[str]
    reading: Reading
    method: str = "cascade"
    open_world: bool = False
    programmes: Collection[str] = ()


def verdicts(claims: Iterable[Relation], targets: Iterable[str], threshold: int) -> dict[str, str]:
    """Verdict of every entity that is no target, by shares of capital alone.

    Empty when there are too many completions.
    """
    share = f"{threshold // 10**6}.{threshold % 10**6:06}"
    reading = Reading(threshold=Threshold(share=share, operator=">="))
    question = Question(tuple(claims), tuple(targets), reading)
    found = reached(question)
    return worded(question, *found) if found else {}


def under(
    law: Rule, claims: Iterable[Relation], targets: Iterable[str], *, open_world: bool = False
) -> dict[str, str]:
    """Verdict of every entity that is no target; empty when there are too many completions."""
    asked = Question(tuple(claims), tuple(targets), law.settled(DAY), law.method)
    asked = asked._replace(open_world=open_world, programmes=law.programmes)
    settled = reached(asked)
    widest = settled
    if law.widest(DAY) != asked.reading:
        widest = reached(asked._replace(reading=law.widest(DAY)))
    if settled is None or widest is None:
        return {}
    return worded(asked, settled[0], settled[1] | widest[1])


def worded(question: Question, certain: set[str], possible: set[str]) -> dict[str, str]:
    """The verdicts in words."""
    words = {(True, True): "blocked", (False, True): "undetermined", (False, False): "not_blocked"}
    return {
        name: words[name in certain, name in possible]
        for name in sorted(stated.named(question.claims) - set(question.targets))
    }


def reached(question: Question) -> tuple[set[str], set[str]] | None:
    """Who is reached in every completion, and who in any; None if there are too many."""
    claims = stated.counting(question.claims)
    if question.method == "listed":
        return set(), set()
    try:
        assets = [
            stated.asset(name, claims, question.reading, open_world=question.open_world)
            for name in sorted(stated.named(question.claims))
        ]
    except stated.DoubtfulError:
        return None
    found = _cascades(question, claims, assets)
    if found is None or question.method == "cascade":
        return found
    sums = chained(question, assets)
    # Both grow with the shares: who is reached by either in every completion is reached by one of
    # them where all shares are least.
    return sums and (found[0] | sums[0], found[1] | sums[1])


def _cascades(
    question: Question, claims: Sequence[Relation], assets: Sequence[Asset]
) -> tuple[set[str], set[str]] | None:
    groups = stated.groups(
        claims, question.targets, question.reading.aggregation, question.programmes
    )
    found = [set(tables(asset, question.reading)) for asset in assets]
    if math.prod(map(len, found)) > MOST // 10:
        found = [extreme(of) for of in found]
    acting = agents(claims) if question.reading.acting_for else [()]
    count = math.prod(map(len, found)) * len(acting)
    if count > MOST:
        return None
    decided = [
        [(asset.actors, dict(zip(subsets(asset.actors), table, strict=True))) for table in of]
        for asset, of in zip(assets, found, strict=True)
    ]
    names = [asset.name for asset in assets]
    times: Counter[str] = Counter()
    for combined in product(*decided):
        decide = dict(zip(names, combined, strict=True))
        for pairs in acting:
            hit: set[str] = set()
            for group in groups:
                below = _cascade(group, decide)
                hit |= below | {agent for agent, client in pairs if client in below | group}
            times.update(hit)
    return {name for name in times if times[name] == count}, set(times)


def _cascade(group: Some, decide: Mapping[str, tuple[Some, Mapping[Some, Decision]]]) -> set[str]:
    """The least fixpoint: whom the group reaches."""
    blocked = group
    while True:
        more = {
            name
            for name, (actors, table) in decide.items()
            if name not in blocked and table[blocked & actors].passes_on
        }
        if not more:
            break
        blocked |= more
    return {
        name
        for name, (actors, table) in decide.items()
        if name not in group and table[blocked & actors].reached
    }


def agents(claims: Sequence[Relation]) -> list[tuple[tuple[str, str], ...]]:
    """Who acts for whom: without what is denied, and with it."""
    said: dict[str, set[tuple[str, str]]] = {"asserts": set(), "denies": set()}
    for claim in claims:
        if claim.kind == "REPRESENTS":
            said[claim.evidence.stance].add((claim.source, claim.target))
    return [tuple(said["asserts"] - said["denies"]), tuple(said["asserts"])]


def chained(question: Question, assets: Sequence[Asset]) -> tuple[set[str], set[str]] | None:
    """Who is reached by chains where every share is least, and who in any completion."""
    certain: set[str] = set()
    possible: set[str] = set()
    for n in range(len(question.reading.bases)):
        held = [asset.held[n] for asset in assets]
        joint = any(len(shares.holders) > 1 for shares in sum(held, ()))
        if joint or any(sum(shares.low for shares in group) > WHOLE for group in held):
            return None
        least = tuple(tuple(shares.low for shares in group) for group in held)
        certain |= by_chains(question, assets, n, least)
        most = [greatest(corners(group)) for group in held]
        if math.prod(map(len, most)) > MOST // 10:
            return None
        for values in product(*most):
            possible |= by_chains(question, assets, n, values)
    return certain, possible


def by_chains(
    question: Question, assets: Sequence[Asset], group: int, values: Sequence[Sequence[int]]
) -> set[str]:
    """Who is reached by the chains from one target alone."""
    found: set[str] = set()
    for target in question.targets:
        shares: dict[tuple[str, str], Fraction] = {}
        for asset, amounts in zip(assets, values, strict=True):
            for (holders, _, _), amount in zip(asset.held[group], amounts, strict=True):
                pair = (next(iter(holders), target), asset.name)
                shares[pair] = shares.get(pair, Fraction(0)) + Fraction(amount, WHOLE)
        held = walks.chains(question.method, shares, target)
        found |= {
            name
            for name, share in held.items()
            if _enough(share * WHOLE, question.reading.threshold)
        }
    return found - set(question.targets)


def _enough(share: int | Fraction, threshold: Threshold | None) -> bool:
    if threshold is None:
        return False
    return share > threshold.units if threshold.operator == ">" else share >= threshold.units


def _chunk(order: tuple[str, str, int, int, bool]) -> tuple[Counter[str], list[str]]:
    """Compare so many worlds of one rule."""
    from tests.queries.many import compared, described, worlds_for

    rule_id, seed, first, count, open_world = order
    worlds = worlds_for(rule_id, (f"{seed} {number}" for number in range(first, first + count)))
    counts, differences = compared(rule_id, worlds, open_world=open_world)
    counts["differ"] = len(differences)
    return counts, [described(rule_id, one, open_world=open_world) for one in differences[:3]]


def main() -> None:
    """Compare the package with the oracle on random worlds, and print the figures."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--examples", type=int, default=10_000, help="worlds for each rule")
    parser.add_argument("--rule", default="all")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--open-world", action="store_true")
    options = parser.parse_args()
    chunk = 50 if options.open_world else 500  # there each question looks at the whole graph file
    rules = rule_ids() if options.rule == "all" else [options.rule]
    orders = [
        (rule_id, options.seed, first, min(chunk, options.examples - first), options.open_world)
        for rule_id in rules
        for first in range(0, options.examples, chunk)
    ]
    counts: dict[str, Counter[str]] = {rule_id: Counter() for rule_id in rules}
    with multiprocessing.Pool(options.jobs) as pool:
        for order, (counted, differences) in zip(orders, pool.imap(_chunk, orders), strict=True):
            counts[order[0]] += counted
            for difference in differences:
                print(difference, flush=True)  # noqa: T201 - run by hand
            if order[2] + chunk >= options.examples:
                print(order[0], dict(counts[order[0]]), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
