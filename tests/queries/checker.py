"""Does a verdict prove what it says? Independent of how verdicts and proofs are made.

``blocked``: the claims of the proof alone block the entity, and no longer do without any of them.
``not_blocked``: the most that blocked persons may hold is not enough. ``undetermined``: the shares
at their least do not reach it, and with those that the completions name they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spillover.graph.schema import Relation
from spillover.queries.blocked import Verdict
from spillover.queries.rulebook import Rule
from tests.queries import oracle, stated
from tests.queries.bounds import completed, reached
from tests.queries.worlds import World


def flaws(result: Verdict, world: World, law: Rule, first: int = 1) -> list[str]:
    """What is wrong with a verdict, where the claims of the world are numbered from ``first``.

    Raises:
        DoubtfulError: what the claims state has no one sense.
    """
    claims = stated.counting(world.claims)
    _must_name_all_holders(claims)
    asked = oracle.Question(claims, world.targets, law.settled(oracle.DAY), law.method)
    asked = asked._replace(programmes=law.programmes)
    wider = asked._replace(reading=law.widest(oracle.DAY))
    entity = result.entity.id
    if result.verdict == "blocked":
        proof = [world.claims[claim.relation - first] for claim in result.proof]
        return list(_unproved(entity, proof, asked))
    if result.verdict == "not_blocked":
        may = reached(asked, most=True) | reached(wider, most=True)
        return ["it may be reached"] * (entity in may)
    if law.method == "simple_paths" and not result.completions:
        return []  # the bound may be an outer one: then no completion is known
    given: dict[tuple[str | None, str], list[int]] = {}
    for one in result.completions:
        given.setdefault((one.owner.id if one.owner else None, one.asset.id), []).append(one.upper)
    may = completed(asked, given) | completed(wider, given)
    found = ["the second completion does not reach it"] * (entity not in may)
    return found + ["the first completion reaches it"] * (entity in reached(asked))


def _unproved(entity: str, proof: list[Relation], asked: oracle.Question) -> Iterator[str]:
    """What is wrong with the proof of a blocked entity."""
    listed = [claim for claim in asked.claims if claim.kind == "DESIGNATES"]

    def suffices(claims: Sequence[Relation]) -> bool:
        others = [claim for claim in listed if claim not in claims]
        return entity in reached(asked._replace(claims=[*claims, *others]))

    if not all(claim in asked.claims for claim in proof):
        yield "a claim of the proof does not count"
    if not suffices(proof):
        yield "the proof does not suffice"
    # Whether all holders of joint shares are blocked is not to be seen from fewer of their claims.
    all_must_be = not asked.reading.joint_holdings
    for n, claim in enumerate(proof):
        joint = claim.properties.get("joint") and all_must_be
        if not joint and suffices(proof[:n] + proof[n + 1 :]):
            yield f"{claim} can be dropped"
    slots = {_slot(claim) for claim in proof}
    beside = [c for c in asked.claims if _slot(c) in slots or c.evidence.stance == "denies"]
    if not suffices(beside):
        yield "another claim says less than one of the proof, or denies it"


def _must_name_all_holders(claims: Sequence[Relation]) -> None:
    """Doubtful: joint shares of which one holder is named, beside what he holds alone."""
    holders: dict[tuple[str, object], set[str]] = {}
    for claim in claims:
        if claim.kind == "OWNS" and "joint" in claim.properties:
            joint = claim.target, claim.properties["joint"]
            holders.setdefault(joint, set()).add(claim.source)
    if any(len(named) == 1 for named in holders.values()):
        raise stated.DoubtfulError("who else holds joint shares is not said")


def _slot(claim: Relation) -> tuple[object, ...]:
    """Claims of one slot speak of the same thing."""
    joint, arrangement = claim.properties.get("joint"), claim.properties.get("arrangement")
    who = None if joint else claim.source
    return (claim.kind, who, claim.target, claim.reported_indirect, joint, arrangement)
