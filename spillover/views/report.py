"""What stands on the page of each answer: headline, verdicts, pictures, sources, method, limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from spillover.graph.session import Graph
from spillover.graph.stake import format_stake
from spillover.views import grid, plain
from spillover.views.drawing import CHART_LIMIT, NETWORK_LIMIT, picture, strip
from spillover.views.method import (
    BESIDE,
    CASCADE,
    CLAIMS,
    LIMITS,
    PATHS,
    TONES,
    caption,
    datasets,
    evidence,
    table,
)
from spillover.views.page import Page, Section
from spillover.views.picture import Picture, Status

if TYPE_CHECKING:
    from spillover.queries.blocked import Blocked, Verdict
    from spillover.queries.exposure import Exposure, Path

_STRIPS_OF_A_CHANNEL: Final = 2
_DETAILS: Final = 3


def blocked_page(answer: Blocked, graph: Graph, subject: Verdict | None = None) -> Page:
    """The report on who is blocked; with ``subject`` its headline speaks of that entity."""
    from spillover.queries.around import around
    from spillover.queries.exposure import exposure

    targets = ", ".join(target.name for target in answer.targets)
    exposed = exposure(graph, [target.id for target in answer.targets], answer.when)
    proofs = [claim for result in answer.results for claim in result.proof]
    certain = [c for result in answer.results if result.verdict == "blocked" for c in result.proof]
    status, subject_id = _status(answer), answer.targets[0].id
    numbers = [party.num for party in answer.targets] + [
        result.entity.num for result in answer.results[:CHART_LIMIT]
    ]
    ties, _ = around(graph, numbers, answer.when, kinds=("OWNS", "CONTROLS"))
    everything, _ = around(graph, numbers, answer.when)
    below = caption(answer.when, f"rule {answer.rule.id}")
    head = subject or (answer.results[0] if answer.results else None)
    chart = picture(
        "Ownership chart", ties, subject=subject_id, status=status, proof=certain, caption=below
    )
    network = picture(
        "Neighbourhood",
        everything,
        subject=subject_id,
        status=status,
        proof=certain,
        caption=below,
        limit=NETWORK_LIMIT,
    )
    sections = [
        Section(
            "Verdicts",
            (answer.rule.summary.strip(), *([answer.remark] if answer.remark else [])),
            (table(grid.blocked(answer)),),
        ),
        Section("Ownership chart", pictures=(chart,) if chart.nodes else ()),
        Section("Proof: the source of every hop", tables=(evidence("Proof claims", proofs),)),
        *_details(answer, graph, head),
        *_exposure_sections(exposed),
    ]
    return Page(
        title=f"If {targets} were designated",
        headline=_headline(answer, head, targets),
        verdict=_verdict_words(head),
        tone=TONES.get(grid.VERDICT_WORDS[head.verdict], "") if head else "",
        facts=_facts(answer),
        sections=tuple(sections),
        network=network if network.nodes else None,
        datasets=datasets(answer.sources),
        method=(*CASCADE, *CLAIMS, *PATHS, _rule_sources(answer)),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=plain.blocked(answer),
    )


def _headline(answer: Blocked, head: Verdict | None, targets: str) -> str:
    if head is None:
        return f"Nobody is reached if {targets} were designated"
    words = {
        "blocked": "would be blocked, with certainty,",
        "undetermined": "might be blocked: the known facts do not decide it",
        "not_blocked": "would not be blocked by ownership",
    }[head.verdict]
    return f"{head.entity.name} {words} under {answer.rule.id} if {targets} were designated"


def _verdict_words(head: Verdict | None) -> str:
    if head is None:
        return "NOBODY REACHED"
    verdict = grid.VERDICT_WORDS[head.verdict].upper()
    return f"{verdict} · {format_stake(head.share)} held by blocked persons"


def _facts(answer: Blocked) -> tuple[tuple[str, str], ...]:
    counts = ", ".join(f"{n} {grid.VERDICT_WORDS[v].lower()}" for v, n in answer.counts.items())
    rule = answer.rule
    return (
        ("As of", answer.when.as_of),
        ("Rule", f"{rule.id}: {rule.title}, threshold {rule.operator} {rule.threshold} %"),
        ("Targets", ", ".join(grid.name(target) for target in answer.targets)),
        ("Entities", counts),
        ("Least confidence", answer.when.min_confidence),
        ("Oldest age", "any" if answer.when.max_age is None else f"{answer.when.max_age} days"),
    )


def _rule_sources(answer: Blocked) -> str:
    rule = answer.rule
    said = "; ".join(f"{item.title} ({item.date}), {item.url}" for item in rule.sources)
    return f"Sources of the rule ({rule.status}, verified on {rule.verified_on}): {said}."


def _status(answer: Blocked) -> dict[str, Status]:
    found: dict[str, Status] = {
        result.entity.id: _STATUSES[result.verdict] for result in answer.results
    }
    return found | {target.id: "target" for target in answer.targets}


_STATUSES: Final[Mapping[str, Status]] = {
    "blocked": "blocked",
    "undetermined": "undetermined",
    "not_blocked": "not_blocked",
}


def _details(answer: Blocked, graph: Graph, head: Verdict | None) -> list[Section]:
    """For the first entities: every claim about them, what stands beside the proof included."""
    from spillover.queries.around import claims_about

    chosen = list(dict.fromkeys(filter(None, (head, *answer.results[:_DETAILS]))))[:_DETAILS]
    return [
        Section(
            f"Everything said of who holds {result.entity.name}",
            (BESIDE,),
            (
                evidence(
                    f"Claims about {result.entity.name}",
                    claims_about(graph, result.entity.num, answer.when),
                ),
            ),
        )
        for result in chosen
    ]


def exposure_page(answer: Exposure) -> Page:
    """The report on who is exposed."""
    targets = ", ".join(target.name for target in answer.targets)
    reached = len({path.entity.id for path in answer.paths})
    return Page(
        title=f"Exposure to {targets}",
        headline=f"{reached} entities are exposed to {targets}",
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(("As of", answer.when.as_of), ("Explored", str(answer.explored))),
        sections=tuple(_exposure_sections(answer)),
        network=_network("Neighbourhood", answer),
        datasets=datasets(answer.sources),
        method=(*PATHS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=plain.exposure(answer),
    )


def _network(title: str, answer: Exposure) -> Picture | None:
    status: dict[str, Status] = {target.id: "target" for target in answer.targets}
    below = caption(answer.when, "all channels")
    made = picture(
        title,
        answer.claims,
        subject=answer.targets[0].id,
        status=status,
        caption=below,
        limit=NETWORK_LIMIT,
    )
    return made if made.nodes else None


def _varied(paths: tuple[Path, ...]) -> list[Path]:
    """The strongest paths to draw: of each last channel at most as many, in order of rank."""
    drawn: dict[str, int] = {}
    chosen = []
    for path in paths:
        channel = path.hops[-1].channel
        drawn[channel] = drawn.get(channel, 0) + 1
        if drawn[channel] <= _STRIPS_OF_A_CHANNEL:
            chosen.append(path)
    return chosen


def _exposure_sections(answer: Exposure) -> list[Section]:
    if not answer.paths:
        return [Section("Exposure paths", ("No path leads from the targets to anybody.",))]
    note = "Ranked by their least strength, then by their greatest."
    cut = " The search was cut short: weaker paths can be missing." if answer.truncated else ""
    strips = [
        strip(path, f"strength {grid.strength_words(path)}") for path in _varied(answer.paths)
    ]
    return [
        Section(
            "Exposure paths",
            (note + cut,),
            (table(grid.exposure(answer)),),
            strips=tuple(strips),
        ),
        Section(
            "Exposure paths: the source of every hop",
            tables=(evidence("Path claims", answer.claims),),
        ),
    ]
