"""In which words is a scenario told: what was supposed, how somebody stands, how strongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views import plain
from spillover.views.grid import hop_words
from spillover.views.verdicts.grid import VERDICT_WORDS

if TYPE_CHECKING:
    from spillover.queries.changes.change import Causes, Stood, VerdictChange
    from spillover.queries.scenarios.made import Made
    from spillover.queries.scenarios.scenario import Outcome
    from spillover.queries.shocks.search import Strength

STOOD: Final[Mapping[str, str]] = {**VERDICT_WORDS, "listed": "LISTED", "target": "TARGET"}
"""How an entity can stand under a rule."""
NOBODY: Final = "\N{EN DASH}"


def made(change: Made) -> str:
    """One change on one line, with what else it brought about."""
    notes = "".join(f" ({note})" for note in change.notes)
    return f"{change.day}: {change.words}{notes}"


def title(answer: Outcome) -> str:
    """What the scenario is called, and on which day it is looked at."""
    named = f"\N{LEFT DOUBLE QUOTATION MARK}{answer.name}\N{RIGHT DOUBLE QUOTATION MARK}"
    named = named if answer.name else "the scenario"
    return f"What {named} would change on {answer.when.as_of}"


def transition(change: VerdictChange) -> str:
    """What became of an entity: newly blocked, no longer blocked ..."""
    before, after = change.before, change.after
    if before.word == after.word:
        return "other share" if before.share != after.share else "as before, otherwise open"
    if after.word == "not_blocked":
        return f"no longer {STOOD[before.word].lower()}"
    return f"newly {STOOD[after.word].lower()}"


def held(stood: Stood) -> str:
    """What those who are reached hold of it; nothing for somebody who is listed."""
    return NOBODY if stood.word in ("listed", "target") else format_stake(stood.share)


def reasons(causes: Causes) -> str:
    """The claims behind a change, a line each."""
    gone = [f"without {hop_words(claim)}" for claim in causes.gone]
    new = [f"with {hop_words(claim)}" for claim in causes.new]
    return "\n".join((*gone, *new)) or "follows from the other changes"


def strength(value: Strength | None) -> str:
    """A strength for people; a dash where there is no path."""
    if value is None:
        return NOBODY
    low, high = plain.strength(value).values()
    if (low, high) == ("0", "100"):
        return "unknown"
    return f"{low} %" if low == high else f"{low}\N{EN DASH}{high} %"


def counts(of: Mapping[tuple[str, str, str], int]) -> Iterable[str]:
    """How many entities went from which word to which, by rule."""
    for (rule, before, after), number in of.items():
        if before == after:
            yield f"{rule}: {number} {STOOD[after].lower()} as before, with another share"
        else:
            yield f"{rule}: {number} from {STOOD[before].lower()} to {STOOD[after].lower()}"
