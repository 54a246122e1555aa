"""What does a report say of its method and its limits, and how do claims become its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.datasets import grid as dataset_grid
from spillover.views.grid import Grid
from spillover.views.page import Cell, Table, Tone

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Sources
    from spillover.queries.conditions import Conditions

TONES: Final[Mapping[str, Tone]] = {
    "LISTED": "bad",
    "BLOCKED": "bad",
    "UNDETERMINED": "warn",
    "not blocked": "good",
    "denies": "warn",
    "superseded": "muted",
    "less sure": "muted",
    "not yet": "muted",
    "ended": "muted",
    "too old": "muted",
}
CLAIMS: Final = (
    """A share is an interval of exact integers in millionths of a percent; no floating-point
    number takes part in a verdict. A missing percentage is anything from 0 to 100 %.""",
    """A claim counts from its reported start, else from the day for which its source speaks, until
    its end or until a later observation of the same owner, asset and basis. Claims for the same
    time that disagree widen to their hull.""",
    """A claim that repeats a chain of holdings (every layer of one filing, an ultimate parent) is
    another route to the same share: it is never added to the chain, the larger of the two
    counts.""",
)
VERDICTS: Final = (
    """The rule decides by whom the listed persons' shares are counted, how they are added up and
    how much is enough. Where stakes of owned entities count whole, the least fixpoint is taken,
    so a closed cycle of cross-holdings never blocks itself.""",
    """BLOCKED holds for every completion of what is unknown, not blocked for none, UNDETERMINED for
    some, or because the rule leaves it open. The proof is a set of claims from which none can be
    dropped. Whoever is only stated to be a parent holds an unknown share, unless the rule counts
    stated control. The share that no declared owner holds is nobody's unless anybody's is asked
    for.""",
)
PATHS: Final = (
    """A path's strength is the product of the shares that its hops state, as an interval. It ranks
    paths; it is not an estimate of loss. Products are exact; no rounding decides which of two paths
    is the stronger.""",
    """The exposure over all paths adds up what comes along every path, with at most the whole of
    each entity hit and at most the share of each relation passed on. It is an estimate in rounded
    numbers, marked by ≈, and left out where the search for it would be too long.""",
    """Denials stand beside the claims that they contradict: those of the hops themselves lower
    their least share to zero; others that concern a party on the path are told with it.""",
)
BESIDE: Final = """Claims that count on the day, and beside them those that were superseded, are
less sure, deny, or speak of another time."""
LIMITS: Final = (
    """The answer knows only the datasets below. What they do not say is not thereby untrue.""",
    """Shares are as the cited sources print them, on the dates given; they were not checked
    against registers. Old observations stand until a newer one is loaded: see the ages.""",
    """This is research, not legal advice.""",
)


def caption(when: Conditions, method: str) -> str:
    """What every picture says below it: its day, its method, where its sources stand."""
    return f"As of {when.as_of}; {method}; sources in the tables"


def evidence(title: str, claims: Iterable[Claim]) -> Table:
    """Claims with their sources."""
    return table(grid.evidence(title, list(claims)))


def datasets(sources: Sources) -> Table:
    """The datasets of an answer, with dates and licences."""
    return table(dataset_grid.datasets(sources.datasets))


def table(source: Grid) -> Table:
    """A grid as a table of the page, with verdicts and standings in their colours."""
    rows = tuple(
        tuple(Cell(_one_line(cell.text), cell.url, TONES.get(cell.text, "")) for cell in row)
        for row in source.rows
    )
    return Table(source.title, source.columns, rows, _one_line(source.note))


def _one_line(text: str) -> str:
    return "; ".join(text.rstrip(".\n").split("\n")) if "\n" in text else text
