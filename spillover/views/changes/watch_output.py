"""How does it leave what changed for a portfolio: table, JSON, CSV, workbook or page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.grid import Grid, Rows, made
from spillover.views.method import LIMITS, PATHS, VERDICTS, datasets, table
from spillover.views.output import View
from spillover.views.page import Page, Section, Tone
from spillover.views.plain import Plain
from spillover.views.screening.words import STATUS_WORDS

if TYPE_CHECKING:
    from spillover.queries.answer import Sources
    from spillover.queries.changes.looks import Look, Seen, Version
    from spillover.queries.changes.watching import RowChange, Watched

_SHOWN: Final = 200
"""Rows of a table in the shell and on the page; the JSON and the CSV have all."""
_BADGES: Final[dict[int, tuple[str, Tone]]] = {
    0: ("NOTHING CHANGED", "good"),
    10: ("CHANGED", "bad"),
    11: ("QUESTIONS ONLY", "warn"),
}
_FIRST: Final[dict[int, tuple[str, Tone]]] = {
    0: ("FIRST LOOK, NOTHING HIT", "good"),
    10: ("FIRST LOOK, HITS", "bad"),
    11: ("FIRST LOOK, QUESTIONS", "warn"),
}
_METHOD: Final = (
    """A row is known by its own reference, else by its name, countries and identifiers, wherever it
    stands in the file. Verdicts are compared under the rules of both looks.""",
)


def watch_view(answer: Watched, saved: str, sources: Sources) -> View:
    """What changed since the last look.

    Args:
        answer: the comparison.
        saved: where the new look is kept; empty when it is not.
        sources: the datasets that this look stands on.
    """
    return View(
        lambda: plain(answer, saved),
        lambda: _grids(answer, saved, _SHOWN),
        lambda: _page(answer, saved, sources),
        csv=lambda: _changes(answer, None),
        sheets=lambda: _grids(answer, saved, None),
    )


def plain(answer: Watched, saved: str) -> Plain:
    """The same as plain data; field names are a promise (docs/json.md)."""
    return {
        "question": "watch",
        "portfolio": answer.after.portfolio,
        "first_look": answer.before is None,
        "before": _looked(answer.before) if answer.before else None,
        "after": _looked(answer.after),
        "look": saved or None,
        "remarks": list(answer.remarks),
        "datasets_changed": [
            {"dataset": step.name, "before": _version(step.before), "after": _version(step.after)}
            for step in answer.datasets
        ],
        "counts": answer.counts,
        "changes": [
            {
                "row": change.row,
                "key": change.key,
                "entity": change.entity or None,
                "change": change.what,
                "under": change.under,
                "before": change.before or None,
                "after": change.after or None,
                "certain": change.certain,
                "datasets": list(change.datasets),
            }
            for change in answer.changes
        ],
        "hits": [_hit(seen) for seen in _grave(answer.after)],
    }


def _looked(look: Look) -> Plain:
    return {
        "as_of": look.as_of,
        "version": look.version,
        "rules": list(look.rules),
        "targets": list(look.targets),
        "rows": len(look.rows),
        "statuses": look.counts,
    }


def _version(version: Version | None) -> Plain | None:
    return {"date": version.date, "loaded_at": version.loaded} if version else None


def _hit(seen: Seen) -> Plain:
    return {
        "row": seen.name,
        "key": seen.key,
        "status": seen.status,
        "hit": seen.hit,
        "entity": seen.match._asdict() if seen.match else None,
    }


def _grave(look: Look) -> list[Seen]:
    """Rows that are hit or open, the hits first."""
    return sorted((seen for seen in look.rows if seen.hit or seen.open), key=lambda s: not s.hit)


def _title(answer: Watched) -> str:
    since = f" since the look as of {answer.before.as_of}" if answer.before else ": the first look"
    return f"What changed for {answer.after.portfolio}{since}"


def _grids(answer: Watched, saved: str, limit: int | None) -> tuple[Grid, ...]:
    several = [_changes(answer, limit, _note(answer, saved)), _datasets(answer)]
    if answer.before is None:
        several.append(_hits(answer, limit))
    first, *others = several
    return (first, *(item for item in others if item.rows))


def _note(answer: Watched, saved: str) -> str:
    said = ", ".join(
        f"{count} {STATUS_WORDS[status]}" for status, count in answer.after.counts.items() if count
    )
    lines = [f"{len(answer.after.rows)} rows as of {answer.after.as_of}: {said}"]
    if answer.before is None:
        lines.append("there is no earlier look to compare with")
    elif not answer.changes:
        lines.append("nothing changed")
    lines.append(f"the look is saved in {saved}" if saved else "the look is not saved")
    return "\n".join(lines)


def _changes(answer: Watched, limit: int | None, note: str = "") -> Grid:
    rows: Rows = [_cells(change) for change in answer.changes[:limit]]
    left = len(answer.changes) - len(rows)
    more = f"{left} more stand in the CSV and the JSON\n" if left else ""
    return made(
        _title(answer),
        "Row|Entity|Change|Under|Before|After|Certain|Datasets",
        rows,
        more + note,
        lead="\n".join(answer.remarks),
    )


def _cells(change: RowChange) -> tuple[str, ...]:
    return (
        *(change.row, change.entity, change.what, change.under),
        *(_state(change.before), _state(change.after)),
        "yes" if change.certain else "question",
        ", ".join(change.datasets),
    )


def _state(text: str) -> str:
    """A state in words; a dash where there is none."""
    return STATUS_WORDS.get(text, text.replace("not_blocked", "not blocked")) or "-"


def _datasets(answer: Watched) -> Grid:
    rows: Rows = [(step.name, _words(step.before), _words(step.after)) for step in answer.datasets]
    return made("Datasets that are others than at the last look", "Dataset|Before|After", rows)


def _words(version: Version | None) -> str:
    if version is None:
        return "-"
    return f"of {version.date or 'no date'}, loaded {version.loaded[:10]}"


def _hits(answer: Watched, limit: int | None) -> Grid:
    grave = _grave(answer.after)
    rows: Rows = [
        (seen.name, STATUS_WORDS[seen.status], seen.match.name if seen.match else "")
        for seen in grave[:limit]
    ]
    left = len(grave) - len(rows)
    note = f"{left} more stand in the JSON" if left else ""
    return made("Hits and open questions", "Row|Status|Entity", rows, note)


def _page(answer: Watched, saved: str, sources: Sources) -> Page:
    badges = _BADGES if answer.before else _FIRST
    badge, tone = badges[answer.exit_code]
    grids = _grids(answer, saved, _SHOWN)
    before = answer.before
    return Page(
        title=_title(answer),
        headline=_title(answer),
        verdict=badge,
        tone=tone,
        facts=(
            ("Portfolio", f"{answer.after.portfolio}, {len(answer.after.rows)} rows"),
            ("Last look", f"as of {before.as_of}" if before else "none"),
            ("This look", f"as of {answer.after.as_of}"),
            ("Changes", str(len(answer.changes))),
        ),
        sections=tuple(
            Section(
                "Changes" if item is grids[0] else item.title,
                answer.remarks if item is grids[0] else (),
                (table(item),),
            )
            for item in grids
        ),
        datasets=datasets(sources),
        method=(*_METHOD, *VERDICTS, *PATHS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.after.as_of}",
        data=plain(answer, saved),
    )
