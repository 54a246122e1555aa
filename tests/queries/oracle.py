"""Ownership cascades by brute force: every completion of the unknown shares is tried.

Nothing here is shared with the package but the claims themselves. From the checkout:
``python tests/queries/oracle.py --examples 20000`` compares more graphs than the tests do.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Iterable
from itertools import chain, product

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE

Family = frozenset[frozenset[str]]
"""The sets of owners that together reach the threshold in one completion of an asset."""


def verdicts(claims: Iterable[Relation], targets: Iterable[str], threshold: int) -> dict[str, str]:
    """Verdict of every entity that is no target; empty when there are too many completions."""
    shares = hulls(claims)
    names = {name for pair in shares for name in pair}
    families = {}
    for asset in sorted(names - set(targets)):
        owners = {owner: held for (owner, owned), held in shares.items() if owned == asset}
        families[asset] = _families(owners, threshold)
    if math.prod(map(len, families.values())) > 20_000:
        return {}
    times: Counter[str] = Counter()
    for combined in product(*families.values()):
        times.update(_cascade(dict(zip(families, combined, strict=True)), set(targets)))
    words = {0: "not_blocked", math.prod(map(len, families.values())): "blocked"}
    return {asset: words.get(times[asset], "undetermined") for asset in families}


def hulls(claims: Iterable[Relation]) -> dict[tuple[str, str], tuple[int, int]]:
    """The smallest interval that holds every stated share of a pair; the whole if there is none."""
    stated: dict[tuple[str, str], set[int]] = {}
    for claim in claims:
        ends = claim.stake if claim.stake != (0, WHOLE) else None
        stated.setdefault((claim.source, claim.target), set()).update(ends or ())
    return {pair: (min(e, default=0), max(e, default=WHOLE)) for pair, e in stated.items()}


def _families(owners: dict[str, tuple[int, int]], threshold: int) -> set[Family]:
    """What the completions of one asset come to: which owners reach the threshold together."""
    subsets = [
        frozenset(owner for owner, taken in zip(owners, marks, strict=True) if taken)
        for marks in product((False, True), repeat=len(owners))
    ]
    found = set()
    for values in product(*(_grid(owner, owners) for owner in owners)):
        if sum(values) <= WHOLE:
            value = dict(zip(owners, values, strict=True))
            found.add(frozenset(s for s in subsets if sum(value[o] for o in s) >= threshold))
    return found


def _grid(owner: str, owners: dict[str, tuple[int, int]]) -> set[int]:
    """Both ends, and what the others leave when each of them stands at one of its ends."""
    low, high = owners[owner]
    others = product(*(interval for name, interval in owners.items() if name != owner))
    left = (WHOLE - sum(values) for values in others)
    return {value for value in chain((low, high), left) if low <= value <= high}


def _cascade(families: dict[str, Family], blocked: set[str]) -> set[str]:
    """The least fixpoint; an owner of itself is not blocked before itself."""
    while True:
        reached = {
            asset
            for asset, family in families.items()
            if asset not in blocked and any(owners <= blocked for owners in family)
        }
        if not reached:
            return blocked
        blocked = blocked | reached


def main() -> None:
    """Compare the package with the oracle on random graphs, and print the figures."""
    from tests.queries.asking import verdicts_of
    from tests.queries.worlds import HALF, world

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for number in range(options.examples):
        case = world(f"{options.seed}-{number}")
        expected = verdicts(case.claims, case.targets, HALF)
        counts["graphs"] += bool(expected)
        counts.update(expected.values())
        if expected and verdicts_of(case) != expected:
            raise SystemExit(f"graph {number}: {verdicts_of(case)}, not {expected}: {case}")
    print(dict(counts))  # noqa: T201 - run by hand


if __name__ == "__main__":
    main()
