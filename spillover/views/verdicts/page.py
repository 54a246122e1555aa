"""What stands on the pages of verdicts: headline, verdicts, pictures, proof, method, limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.graph.session import Graph
from spillover.graph.stake import format_stake
from spillover.views import grid
from spillover.views.drawing import CHART_LIMIT, NETWORK_LIMIT, picture
from spillover.views.grid import Grid
from spillover.views.method import (
    BESIDE,
    CLAIMS,
    LIMITS,
    PATHS,
    TONES,
    VERDICTS,
    caption,
    datasets,
    evidence,
    table,
)
from spillover.views.page import Page, Section
from spillover.views.picture import Status
from spillover.views.plain import Plain
from spillover.views.report import exposure_sections
from spillover.views.verdicts import grid as verdict_grid
from spillover.views.verdicts import plain as verdict_plain

if TYPE_CHECKING:
    from spillover.queries.answer import Sources
    from spillover.queries.blocked import Blocked, Verdict
    from spillover.queries.rulebook import Rule
    from spillover.queries.why import Why

_DETAILS: Final = 3
_PATHS: Final = 200
"""Exposure paths that the page lists at most."""


def blocked_page(answer: Blocked, graph: Graph, subject: Verdict | None = None) -> Page:
    """The report on who is blocked; with ``subject`` its headline speaks of that entity."""
    from spillover.queries.around import around
    from spillover.queries.exposure import exposure

    targets = ", ".join(target.name for target in answer.targets)
    exposed = exposure(graph, [target.id for target in answer.targets], answer.when, top=_PATHS)
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
            (table(verdict_grid.blocked(answer)),),
        ),
        Section("Ownership chart", pictures=(chart,) if chart.nodes else ()),
        Section("Proof: the source of every hop", tables=(evidence("Proof claims", proofs),)),
        Section("The rule in plain words", tables=(table(verdict_grid.rule(answer.rule)),)),
        *_details(answer, graph, head),
        *exposure_sections(exposed),
    ]
    return Page(
        title=f"If {targets} were designated",
        headline=_headline(answer, head, targets),
        verdict=_verdict_words(head),
        tone=TONES.get(verdict_grid.VERDICT_WORDS[head.verdict], "") if head else "",
        facts=_facts(answer),
        sections=tuple(sections),
        network=network if network.nodes else None,
        datasets=datasets(answer.sources),
        method=(*VERDICTS, *CLAIMS, *PATHS, _rule_sources(answer.rule)),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=verdict_plain.blocked(answer),
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
    verdict = verdict_grid.VERDICT_WORDS[head.verdict].upper()
    return f"{verdict} · {format_stake(head.share)} held by blocked persons"


def _facts(answer: Blocked) -> tuple[tuple[str, str], ...]:
    counts = verdict_grid.counted(answer.counts)
    rule = answer.rule
    return (
        ("As of", answer.when.as_of),
        ("Rule", f"{rule.id}: {rule.title}, {_threshold(answer)}"),
        ("Targets", ", ".join(grid.name(target) for target in answer.targets)),
        ("Entities", counts),
        ("Least confidence", answer.when.min_confidence),
        ("Oldest age", "any" if answer.when.max_age is None else f"{answer.when.max_age} days"),
    )


def _threshold(answer: Blocked) -> str:
    """The threshold on the day of the question."""
    threshold = answer.rule.settled(answer.when.day).threshold
    return str(threshold) if threshold else "no share decides"


def _rule_sources(rule: Rule) -> str:
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


def why_page(answer: Why, graph: Graph) -> Page:
    """The report on one entity: the page of its verdict, with the steps of the proof first."""
    page = blocked_page(answer.answer, graph, answer.verdict)
    steps = Section("Step by step", tables=tuple(map(table, verdict_grid.why(answer)[1:])))
    verdicts, *others = page.sections
    return replace(page, sections=(verdicts, steps, *others), data=verdict_plain.why(answer))


def tables_page(grids: Iterable[Grid], data: Plain, sources: Sources) -> Page:
    """A page of tables about verdicts: what to find out first, or rules side by side."""
    shown = tuple(grids)
    remarks = tuple(line for item in shown for line in item.lead.split("\n") if line)
    return Page(
        title="A question of ownership rules",
        headline=shown[0].title,
        sections=(Section("Answer", remarks, tuple(map(table, shown))),),
        datasets=datasets(sources),
        method=(*VERDICTS, *CLAIMS),
        limits=LIMITS,
        data=data,
    )
