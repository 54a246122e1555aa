"""Who is blocked when these targets are designated, how surely, and on what proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Party, Reporter, Sources, oldest, sources
from spillover.queries.case import BLOCKED, NOT_BLOCKED, UNDETERMINED, VERDICTS, Case, Stand
from spillover.queries.conditions import Conditions
from spillover.queries.ledger import Ledger
from spillover.queries.proof import Proof
from spillover.queries.rulebook import Rule, rule

__all__ = ["BLOCKED", "NOT_BLOCKED", "UNDETERMINED", "VERDICTS", "Blocked", "Verdict", "blocked"]

FLAGS: Final = {
    "boundary": "the share is exactly the threshold, at the precision printed",
    "unsettled": "undetermined because the rule leaves it open, not because a share is missing",
    "presumed_control": "control is presumed from the share that one owner holds alone",
    "rebuttable": "control is found and may be disproved",
    "undated": "the proof stands on a claim without any date",
    "over_100": "the shares of declared owners sum to more than 100 %",
    "caution_control": "a blocked person is stated to control it: caution, no verdict",
    "caution_minority": "blocked persons hold a share below the threshold: caution",
    "interest_blocked": "the blocked persons' own interest in it is blocked property",
    "caution_representation": "a blocked person directs it or acts for it: dealing with that"
    " person is prohibited",
    "red_flag_unknown_share": "a listed owner's share is unknown: find it out, or a licence is"
    " needed",
    "denied": "a source denies a holding that counts",
    "repeated_apart": "a blocked person's holding that repeats a chain was not added to another's"
    " direct holding: see that the chain runs through it",
}
"""Every flag that a verdict can carry, in words."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A share that differs between two completions of the unknowns that disagree."""

    owner: Party | None
    """None: owners that nobody declares."""
    asset: Party
    lower: int
    """In the completion that does not reach the entity; in millionths of a percent."""
    upper: int
    """In the completion that does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One entity under one rule on one day."""

    entity: Party
    verdict: str
    ground: str
    """``ownership``, ``control``, ``presumed control``, ``chains``, ``acting for``, or empty."""
    share: Stake
    """What blocked persons hold at least and at most."""
    undisclosed: Stake
    """What no declared direct owner holds."""
    proof: tuple[Claim, ...]
    """For ``blocked`` a smallest set that suffices; for ``undetermined`` what would suffice at
    the most that is possible; for ``not_blocked`` the holdings of blocked persons."""
    completions: tuple[Difference, ...]
    """For ``undetermined``: all shares at their least do not reach it; with these they do."""
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
    open_world: bool
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
    open_world: bool = False,
) -> Blocked:
    """Who is blocked when these targets are designated.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        when: day, age and confidence of the claims.
        rule_id: the ownership rule.
        of: only these entities; without them, everyone whom the targets reach.
        limit: at most so many results (the counts are of all).
        open_world: the share that no declared owner holds can be anybody's, not nobody's.

    Raises:
        NotFoundError, AmbiguousError: a target, an entity or the rule.
    """
    law = rule(rule_id)
    numbers = np.array(graph.find(targets), np.int64)
    asked = np.unique(np.array(graph.find(of), np.int64))
    reporter = Reporter(graph, when)
    case = Case(Ledger(graph, when, open_world=open_world), numbers, law, asked)
    stands = case.stands(asked if len(asked) else case.touched())
    counts = Counter(stand.verdict for stand in stands)
    return Blocked(
        law,
        when,
        open_world,
        law.remark(when.day),
        tuple(reporter.party(number) for number in numbers.tolist()),
        tuple(verdicts(case, stands[:limit], reporter)),
        {verdict: counts[verdict] for verdict in VERDICTS},
        sources(graph),
    )


def verdicts(case: Case, stands: Sequence[Stand], reporter: Reporter) -> list[Verdict]:
    """The verdicts with their proofs, fetched from the store together."""
    entities = np.array([stand.entity for stand in stands], np.int64)
    ordered = np.sort(entities)
    proofs, hands = case.proofs(stands), case.hands(entities)
    low, high = case.ledger.undisclosed(ordered)
    left = {
        e: Stake(*pair)
        for e, *pair in zip(ordered.tolist(), low.tolist(), high.tolist(), strict=True)
    }
    held, denied = case.held(ordered), case.denied(ordered)
    over, apart, presumed = case.over(held), case.apart(held), case.presumed(held)
    claims = reporter.claims(
        {at for proof in proofs.values() for at in proof.claims}
        | {at for positions in hands.values() for at in positions}
    )
    ends = {n for p in proofs.values() for v in p.values for n in (v.owner, v.asset) if n}
    parties = reporter.parties({*entities.tolist(), *ends})
    results = []
    for stand in stands:
        entity, proof = stand.entity, proofs[stand.entity]
        standing = tuple(claims[position] for position in proof.claims)
        cautions = tuple(sorted((claims[position] for position in hands[entity]), key=_content))
        date, age, undated = oldest(standing)
        raised = _raised(case, stand, proof, cautions) | {
            "undated": undated,
            "presumed_control": stand.verdict != NOT_BLOCKED and entity in presumed,
            "over_100": entity in over,
            "denied": entity in denied,
            "repeated_apart": stand.verdict != BLOCKED and entity in apart,
            "red_flag_unknown_share": stand.verdict == UNDETERMINED
            and "unknown_share" in case.law.red_flags
            and any(claim.stake is None or claim.stake.unknown for claim in standing),
        }
        results.append(
            Verdict(
                parties[entity],
                stand.verdict,
                proof.ground,
                stand.share,
                left[entity],
                standing,
                tuple(
                    Difference(
                        parties[v.owner] if v.owner else None, parties[v.asset], v.lower, v.upper
                    )
                    for v in proof.values
                ),
                tuple(flag for flag in FLAGS if raised[flag]),
                cautions,
                date,
                age,
            )
        )
    return results


def _content(claim: Claim) -> tuple[str, ...]:
    """An order of claims that does not hang on how they were loaded."""
    said = (claim.kind, claim.source.id, claim.stance, claim.basis, claim.observed or "")
    return (*said, claim.dataset, claim.record)


def _raised(case: Case, stand: Stand, proof: Proof, cautions: tuple[Claim, ...]) -> dict[str, bool]:
    """Flags that follow from the rule, the share and the ties."""
    threshold = case.found.reading.threshold
    reached, red = stand.verdict == BLOCKED, case.law.red_flags
    minority = threshold is not None and not reached and 0 < stand.share.low < threshold.least
    kinds = {claim.kind for claim in cautions if claim.stance == "asserts"}
    by_control = stand.verdict != NOT_BLOCKED and proof.ground in ("control", "presumed control")
    return {
        "boundary": threshold is not None
        and threshold.units in (stand.share.low, stand.share.high),
        "unsettled": stand.unsettled,
        "rebuttable": by_control and case.law.rebuttable,
        "caution_control": not reached and "control" in red and "CONTROLS" in kinds,
        "caution_minority": minority and "minority" in red,
        "interest_blocked": minority and "interest" in red,
        "caution_representation": "representation" in red
        and bool(kinds & {"DIRECTS", "REPRESENTS"}),
    }
