"""Does a proof prove, and is nothing in it to spare? Independent of how proofs are made.

A proof is a handful of claims. Read as they stand, with the targets and the threshold and nothing
else, they must block the entity, and after dropping any one of them they no longer may.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spillover.graph.schema import Relation
from spillover.queries.answer import Claim
from spillover.queries.blocked import Verdict


def flaws(result: Verdict, targets: Iterable[str], threshold: int) -> list[str]:
    """What is wrong with the proof of a blocked entity; empty when nothing is."""
    proof, entity, listed = list(result.proof), result.entity.id, set(targets)
    found = [f"{claim} does not count" for claim in proof if claim.standing != "counted"]
    found += [f"{claim} is no claim of a share" for claim in proof if claim.kind != "OWNS"]
    found += [f"{claim} is a denial" for claim in proof if claim.stance != "asserts"]
    if not blocks(proof, entity, listed, threshold):
        found.append("the proof does not block the entity")
    for number, claim in enumerate(proof):
        if blocks(proof[:number] + proof[number + 1 :], entity, listed, threshold):
            found.append(f"{claim} can be dropped")
    return found


def blocks(proof: Sequence[Claim], entity: str, targets: set[str], threshold: int) -> bool:
    """Whether these claims, at the least that they state, block the entity."""
    blocked = set(targets)
    assets = {claim.target.id for claim in proof}
    while True:
        reached = {
            asset
            for asset in assets - blocked
            if _held([claim for claim in proof if claim.target.id == asset], blocked) >= threshold
        }
        if not reached:
            return entity in blocked
        blocked |= reached


def _held(claims: list[Claim], blocked: set[str]) -> int:
    """Direct shares of blocked owners, each owner once, added up; or the largest repeated one."""
    direct: dict[str, int] = {}
    repeated = [0]
    for claim in claims:
        low = claim.stake.low if claim.stake else 0
        if claim.source.id not in blocked:
            continue
        if claim.reported_indirect:
            repeated.append(low)
        else:
            direct[claim.source.id] = max(low, direct.get(claim.source.id, 0))
    return max(sum(direct.values()), *repeated)


def overstated(proof: Iterable[Claim], everything: Iterable[Relation]) -> list[Claim]:
    """Claims of a proof that another claim of the same pair (and route) puts lower, or denies."""
    return [
        claim
        for claim in proof
        for other in everything
        if (other.source, other.target) == (claim.source.id, claim.target.id)
        and (other.evidence.stance == "denies" or _lower(other, claim))
    ]


def _lower(other: Relation, claim: Claim) -> bool:
    if other.reported_indirect != claim.reported_indirect or not claim.stake:
        return False
    return bool(other.stake and not other.stake.unknown and other.stake.low < claim.stake.low)
