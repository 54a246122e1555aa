"""How does an answer become rows and columns: one form for the terminal, CSV and HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from spillover.graph.dates import age_text
from spillover.graph.rows import Hit
from spillover.graph.stake import WHOLE, Stake, format_stake, percent_text
from spillover.views.text import clean, csv_cell

if TYPE_CHECKING:  # the queries bring NumPy along; a search in names needs none of it
    from spillover.queries.answer import Claim, Party
    from spillover.queries.exposure import Path, Step
    from spillover.queries.show import Profile
    from spillover.queries.tree import Tree


class Cell(NamedTuple):
    """A text and, for a source, its web address."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A titled table of cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    lead: str = ""
    """What must be said before it; a page says it in its own place."""
    blocks: bool = False
    """Too wide for a terminal: there each row is a block of lines, its first cell on top."""


Rows = list[tuple[str | Cell, ...]]


def made(title: str, columns: str, rows: Rows, note: str = "", *, lead: str = "") -> Grid:
    """A grid of texts and cells; ``columns`` are parted by bars."""
    cells = tuple(
        tuple(value if isinstance(value, Cell) else Cell(value) for value in row) for row in rows
    )
    return Grid(title, tuple(columns.split("|")), cells, note, lead)


def csv_text(grid: Grid) -> str:
    """A grid as CSV that no spreadsheet can take for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(grid.columns)
    for row in grid.rows:
        writer.writerow([csv_cell(_one_line(cell)) for cell in row])
    return out.getvalue()


def _one_line(cell: Cell) -> str:
    """A cell on one line, with the address of its source behind it."""
    lines = "; ".join(clean(line) for line in cell.text.split("\n"))
    return f"{lines} <{clean(cell.url)}>" if cell.url else lines


def name(party: Party) -> str:
    """Name, country and listings of an entity."""
    country = f" ({party.country.upper()})" if party.country else ""
    listed = f" [listed: {', '.join(party.listed)}]" if party.listed else ""
    return f"{party.name}{country}{listed}"


def kind_words(kind: str) -> str:
    """A kind of relation as words."""
    return kind.lower().replace("_", " ")


def stake_words(claim: Claim) -> str:
    """What a claim states, in words; a denial says so first, whatever it denies."""
    share = format_stake(claim.stake) if claim.stake is not None else ""
    if claim.kind == "OWNS":
        words = share or "share unknown"
    else:
        words = f"{kind_words(claim.kind)} {share}".rstrip()
    words += " (repeats a chain)" if claim.reported_indirect else ""
    return f"DENIED: {words}" if claim.stance == "denies" else words


def age(days: int | None) -> str:
    """Age of an observation; undated stays undated, and hindsight is called so."""
    if days is None:
        return "undated"
    return age_text(days) if days >= 0 else f"said {age_text(-days)} later"


def source(claim: Claim) -> Cell:
    """Publisher of the source, with its address."""
    return Cell(claim.publisher or claim.dataset, claim.url)


def hop_words(claim: Claim) -> str:
    """One hop of a proof on one line."""
    return f"{claim.source.name} → {claim.target.name}: {stake_words(claim)}"


def evidence(
    title: str, claims: Iterable[Claim], *, brief: bool = False, whole: bool = False
) -> Grid:
    """One row for each claim, with its source.

    ``brief`` leaves out addresses and notes; ``whole`` adds to the notes what else it states.
    """
    rows: list[tuple[str | Cell, ...]] = [
        (
            hop_words(claim),
            claim.observed or claim.start or "undated",
            age(claim.age_days),
            f"{claim.confidence} confidence",
            claim.standing,
            source(claim).text if brief else source(claim),
            *(() if brief else (_note(claim, whole=whole),)),
        )
        for claim in dict.fromkeys(claims)
    ]
    columns = "Claim|Observed|Age|Confidence|Standing|Source" + ("" if brief else "|Note")
    return replace(made(title, columns, rows), blocks=True)


def _note(claim: Claim, *, whole: bool) -> str:
    stated = (f"{key}: {value}" for key, value in claim.properties if whole)
    return "; ".join(filter(None, (claim.note, *stated)))


def strength_words(path: Path) -> str:
    """Strength of a path for people: exact where it is short, else outward to two decimals."""
    low, high = path.strength
    exact = low * 10**6
    if low == high and exact.denominator == 1:
        return f"{percent_text(int(exact) * 100)} %"
    return _interval(hundredths(low, up=False), hundredths(high, up=True))


def path_words(path: Path) -> str:
    """The parties of a path, and between them what each hop is."""
    words = path.target.name
    for step in path.hops:
        said = _step_share(step)
        denied = " (denied)" if any(claim.stance == "denies" for claim in step.claims) else ""
        words += f" —{step.channel}{said}{denied}→ {step.target.name}"
    return words


def _step_share(step: Step) -> str:
    """The share of a hop; a hop that hits the whole entity has none."""
    if (step.low, step.high) == (0, WHOLE):
        return " ?"
    stake = Stake(step.low, step.high)
    return "" if all(claim.stake is None for claim in step.claims) else f" {format_stake(stake)}"


def tree(answer: Tree) -> Grid:
    """One row for each branch, indented by its depth."""
    rows: list[tuple[str | Cell, ...]] = []
    for branch in answer.branches:
        counted = [claim for claim in branch.claims if claim.standing == "counted"]
        others = [claim for claim in branch.claims if claim.standing != "counted"]
        rows.append(
            (
                "  " * (branch.depth - 1)
                + name(branch.party)
                + (f" [{branch.mark}]" if branch.mark else ""),
                format_stake(branch.share) if branch.share else "-",
                "; ".join(_dated(claim) for claim in counted) or "-",
                "; ".join(f"{_dated(claim)}: {claim.standing}" for claim in others) or "-",
                "; ".join(dict.fromkeys(source(claim).text for claim in branch.claims)),
            )
        )
    up = answer.direction == "up"
    notes = []
    if answer.undisclosed and answer.undisclosed.high:
        notes.append(f"held by no declared direct owner: {format_stake(answer.undisclosed)}")
    if answer.truncated:
        notes.append(f"{answer.truncated} branches beyond the limits are not shown")
    return made(
        f"{'Owners' if up else 'Subsidiaries'} of {answer.subject.name} as of {answer.when.as_of}",
        f"{'Owner' if up else 'Asset'}|Share|Claims that count|Other claims|Sources",
        rows,
        "; ".join(notes),
    )


def _dated(claim: Claim) -> str:
    return f"{stake_words(claim)} ({claim.observed or claim.start or 'undated'})"


def profile(answer: Profile) -> tuple[Grid, Grid]:
    """What is said of the entity itself, and its claims."""
    entity = answer.entity
    rows: list[tuple[str | Cell, ...]] = [
        ("id", entity.id),
        ("schema", entity.schema),
        ("name", entity.name),
        *(
            (item.role + (f" ({item.lang})" if item.lang else ""), item.text)
            for item in entity.names
        ),
        *(("country", code.upper()) for code in entity.countries),
        *(("listed", programme) for programme in answer.party.listed),
        *entity.identifiers,
        *(("topic", topic) for topic in entity.topics),
        *((key, value) for key, values in entity.properties.items() for value in values),
        *(("dataset", dataset) for dataset in entity.datasets),
    ]
    claims = evidence(f"Claims as of {answer.when.as_of}", list(answer.claims), whole=True)
    return made(entity.name, "Field|Value", rows), claims


def hits(found: list[Hit]) -> Grid:
    """Entities found by name."""
    rows: list[tuple[str | Cell, ...]] = [
        (hit.name, hit.id, hit.schema, ",".join(hit.countries).upper(), hit.matched)
        for hit in found
    ]
    return made("", "Name|Id|Schema|Country|Matched", rows, "" if rows else "nothing found")


def listing(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Grid:
    """A plain table."""
    return made(title, "|".join(columns), [tuple(row) for row in rows])


def hundredths(value: Fraction, *, up: bool) -> str:
    """A fraction in percent, rounded down or up to two decimals."""
    scaled = value * 10_000
    units = (
        -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    )
    whole, rest = divmod(units, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def _interval(low: str, high: str) -> str:
    if (low, high) == ("0", "100"):
        return "unknown"
    return f"{low} %" if low == high else f"{low}–{high} %"
