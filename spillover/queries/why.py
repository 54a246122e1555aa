"""Why does an entity stand as it does: the proof in order, step by step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party
from spillover.queries.blocked import Blocked, Verdict, blocked
from spillover.queries.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Step:
    """What is proved of one entity, by claims about it."""

    about: Party
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The answer."""

    answer: Blocked
    verdict: Verdict
    steps: tuple[Step, ...]
    """In the order in which they follow from each other; the last one is about the entity."""


def why(  # noqa: PLR0913 - the question, and by keyword its conditions
    graph: Graph,
    entity: str,
    targets: Iterable[str],
    when: Conditions,
    *,
    rule_id: str = "us-ofac-50",
    open_world: bool = False,
) -> Why:
    """Why an entity is blocked, is not, or cannot be decided, if these targets are designated.

    Raises:
        InputError: the entity is one of the targets.
        NotFoundError, AmbiguousError: the entity, a target or the rule.
    """
    answer = blocked(graph, targets, when, rule_id=rule_id, of=[entity], open_world=open_world)
    if not answer.results:
        raise InputError(f"{entity} is one of the targets: it is designated, not reached")
    verdict = answer.results[0]
    return Why(answer, verdict, _steps(verdict))


def _steps(verdict: Verdict) -> tuple[Step, ...]:
    """The claims of the proof by the entity that they are about; acting for somebody comes last."""
    claims: dict[str, list[Claim]] = {}
    parties: dict[str, Party] = {}
    for claim in verdict.proof:
        about = claim.source if claim.kind == "REPRESENTS" else claim.target
        parties[about.id] = about
        claims.setdefault(about.id, []).append(claim)
    return tuple(Step(parties[about], tuple(found)) for about, found in claims.items())
