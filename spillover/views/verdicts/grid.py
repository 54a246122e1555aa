"""How do answers about rules become rows and columns: verdicts, proofs, gaps, comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import Stake, format_stake, percent_text
from spillover.views import rule_words
from spillover.views.grid import Grid, Rows, age, evidence, hop_words, made, name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spillover.queries.answer import Party
    from spillover.queries.blocked import Blocked, Verdict
    from spillover.queries.compare import Cell as Compared
    from spillover.queries.compare import Comparison
    from spillover.queries.gaps import Gap, Gaps
    from spillover.queries.rulebook import Rule
    from spillover.queries.why import Step, Why

VERDICT_WORDS: Final = {
    "blocked": "BLOCKED",
    "undetermined": "UNDETERMINED",
    "not_blocked": "not blocked",
}


def counted(counts: dict[str, int]) -> str:
    """How many entities have each verdict."""
    return ", ".join(f"{n} {VERDICT_WORDS[verdict].lower()}" for verdict, n in counts.items())


def flags(results: Iterable[Verdict]) -> str:
    """Every flag that was raised, in words, a line each."""
    from spillover.queries.blocked import FLAGS

    raised = {flag for result in results for flag in result.flags}
    return "\n".join(f"{flag}: {FLAGS[flag]}." for flag in FLAGS if flag in raised)


def blocked(answer: Blocked) -> Grid:
    """One row for each entity."""
    rows: Rows = [
        (
            name(result.entity),
            VERDICT_WORDS[result.verdict],
            format_stake(result.share),
            "\n".join(hop_words(claim) for claim in result.proof) or "-",
            f"{result.oldest} ({age(result.age_days)})" if result.oldest else age(None),
            format_stake(result.undisclosed),
            ", ".join(result.flags),
        )
        for result in answer.results
    ]
    left = sum(answer.counts.values()) - len(rows)
    notes = (
        counted(answer.counts) + (f"; {left} not shown" if left else ""),
        "" if answer.rule.effect == "blocked" else f"Blocked means here: {answer.rule.effect}.",
        flags(answer.results),
    )
    return made(
        f"{answer.rule.id} as of {answer.when.as_of}, if designated: {_names(answer.targets)}"
        + (", undisclosed shares anybody's" if answer.open_world else ""),
        "Entity|Verdict|Held by blocked persons|Through|Oldest observation|Undisclosed|Flags",
        rows,
        "\n".join(filter(None, notes)),
        lead=answer.remark,
    )


def why(answer: Why) -> tuple[Grid, ...]:
    """The verdict, the steps that lead to it, the completions that disagree, the sources."""
    verdict = answer.verdict
    claims = evidence("Sources of every hop", [*verdict.proof, *verdict.cautions])
    said = (blocked(answer.answer), _steps(answer), _completions(verdict), claims)
    return tuple(grid for grid in said if grid.rows)


def _steps(answer: Why) -> Grid:
    verdict = answer.verdict
    rows: Rows = [
        (str(number), name(step.about), "\n".join(map(hop_words, step.claims)), _sum(step))
        for number, step in enumerate(answer.steps, 1)
    ]
    titles = {
        "blocked": "Proof: none of these claims can be dropped",
        "undetermined": "What would be enough, at the most that is possible",
        "not_blocked": "Holdings of those who are or may be blocked",
    }
    notes = []
    if verdict.verdict == "not_blocked":
        notes.append(f"Blocked persons can hold at most {percent_text(verdict.share.high)} %")
    if verdict.verdict != "not_blocked" and verdict.ground:
        notes.append(f"Reached by {verdict.ground}")
    return made(
        titles[verdict.verdict], "Step|About|Claims|Least to greatest sum", rows, "; ".join(notes)
    )


def _sum(step: Step) -> str:
    """Direct shares of one step added up."""
    direct = [c for c in step.claims if c.kind == "OWNS" and not c.reported_indirect]
    if not direct or any(key == "joint" for c in direct for key, _ in c.properties):
        return "-"
    stakes = [c.stake or Stake(0, 100_000_000) for c in direct]
    low, high = sum(s.low for s in stakes), sum(s.high for s in stakes)
    return format_stake(Stake(min(low, 100_000_000), min(high, 100_000_000)))


def _completions(verdict: Verdict) -> Grid:
    """Two completions of the unknown shares that disagree."""
    rows: Rows = [
        (
            f"{name(value.owner) if value.owner else 'undisclosed owners'} in {name(value.asset)}",
            f"{percent_text(value.lower)} %",
            f"{percent_text(value.upper)} %",
        )
        for value in verdict.completions
    ]
    return made(
        "Two completions that disagree: in both, every other share is at its least",
        "Share|Not blocked if|Blocked if",
        rows,
    )


def gaps(answer: Gaps) -> Grid:
    """One row for each fact, or pair of facts, that would settle a verdict."""
    rows: Rows = [
        (
            "\nand ".join(f"{fact.owner.name} → {fact.asset.name}" for fact in gap.facts),
            "\n".join(format_stake(fact.share) for fact in gap.facts),
            str(len(gap.settles)),
            _settled(gap),
            ", ".join(party.name for party in gap.may_settle),
            "; ".join(
                dict.fromkeys(c.publisher or c.dataset for fact in gap.facts for c in fact.claims)
            ),
        )
        for gap in answer.gaps
    ]
    notes = [f"{len(answer.undetermined)} undetermined for want of a share"]
    if answer.unsettled:
        notes.append(f"{len(answer.unsettled)} undetermined because the rule leaves them open")
    if answer.untried:
        notes.append(f"{answer.untried} of {answer.facts} vague shares were not tried")
    if answer.untried_pairs:
        notes.append(f"pairs were not all tried for {answer.untried_pairs} entities")
    return made(
        f"What to find out first: {answer.rule.id} as of {answer.when.as_of}, if designated: "
        + _names(answer.targets),
        "Share to find out|Known|Settles|Verdicts settled|Might settle|Sources",
        rows,
        "\n".join(notes),
        lead=answer.remark,
    )


def _settled(gap: Gap) -> str:
    always = {party.id for party in gap.always}
    return ", ".join(
        party.name + ("" if party.id in always else " (at either end)") for party in gap.settles
    )


def comparison(answer: Comparison) -> Grid:
    """One row for each entity, one column for each rule."""
    rows: Rows = [(name(row.entity), *map(_cell, row.cells)) for row in answer.rows]
    left = sum(answer.counts[answer.rules[0].id].values()) - len(rows)
    return made(
        f"All sanctions rules as of {answer.when.as_of}, if designated: {_names(answer.targets)}",
        "|".join(["Entity", *(rule.id for rule in answer.rules)]),
        rows,
        _KEY + (f"; {left} entities not shown" if left else ""),
        lead="\n".join(answer.remarks),
    )


_KEY: Final = (
    "yes: reached for certain; ?: undetermined for want of a share; law?: the rule leaves it open"
)


def _cell(cell: Compared) -> str:
    if cell.verdict == "undetermined":
        return "law?" if cell.unsettled else "?"
    return "yes" if cell.verdict == "blocked" else "no"


def differences(answer: Comparison) -> Grid:
    """One row for each verdict that differs from that of the first rule, and why."""
    first = answer.rules[0].id
    rows: Rows = [
        (
            name(row.entity),
            cell.rule,
            VERDICT_WORDS[cell.verdict],
            format_stake(cell.share),
            f"{VERDICT_WORDS[row.cells[0].verdict]}, {format_stake(row.cells[0].share)}",
            " and ".join(cell.reasons),
        )
        for row in answer.rows
        for cell in row.cells
        if cell.reasons
    ]
    columns = f"Entity|Rule|Verdict|Held by listed persons|Under {first}|What makes the difference"
    return made(f"Where rules differ from {first}, and why", columns, rows)


def rules(known: Iterable[Rule]) -> Grid:
    """One row for each rule."""
    rows: Rows = [
        (
            rule.id,
            rule.title,
            rule_words.threshold(rule),
            {"together": "yes", "programme": "per programme", "person": "no"}[
                rule.reading.aggregation
            ]
            if rule.reading.threshold
            else "-",
            rule_words.control(rule),
            rule.method.replace("_", " "),
            rule_words.in_force(rule),
            rule.status,
        )
        for rule in known
    ]
    return made(
        "Ownership rules",
        "Rule|Title|Threshold|Adds up owners|Control counts|Indirect stakes|In force|Status",
        rows,
    )


def rule(law: Rule) -> Grid:
    """One rule in plain words."""
    return made(law.title, "What|In words", list(rule_words.explained(law)))


def _names(parties: Iterable[Party]) -> str:
    return ", ".join(party.name for party in parties)
