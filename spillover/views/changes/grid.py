"""What do the tables of a difference show: a summary, what datasets say, and what follows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from spillover.views.changes.words import (
    causes,
    fields,
    listed,
    path,
    stated,
    stood,
    strength,
)
from spillover.views.grid import Cell, Grid, Rows, kind_words, made, name
from spillover.views.plain import rounded_up
from spillover.views.scenarios.words import STOOD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spillover.graph.rows import Load
    from spillover.queries.changes.change import Changes, VerdictChange
    from spillover.queries.changes.diff import Diff
    from spillover.queries.changes.differences import End, RelationChange
    from spillover.queries.changes.versions import Contents

_WHATS: Final = ("added", "removed", "changed", "restated")


def title(answer: Diff) -> str:
    """The headline of a difference."""
    return f"What changed from {answer.before.label} to {answer.after.label}"


def diff(answer: Diff) -> tuple[Grid, ...]:
    """All tables that have anything to show; the summary first."""
    said, found = answer.contents, answer.changes
    several = (
        _datasets(said),
        _entities(said),
        _relations(said),
        _joins(said),
        *follows(found),
    )
    return (_summary(answer), *(table for table in several if table.rows))


def follows(found: Changes) -> tuple[Grid, ...]:
    """Listings, verdicts and exposures that changed."""
    return _listings(found), _verdicts(found), _exposures(found)


def _summary(answer: Diff) -> Grid:
    """How much there is of everything."""
    said, found = answer.contents, answer.changes
    datasets = Counter(dataset.what for dataset in said.datasets)
    rows: Rows = [
        _counted("datasets", datasets),
        _counted("entities", _by_what(said.entity_counts)),
        _counted("relations", _by_what(said.relation_counts)),
        ("entities joined otherwise", "", "", _number(said.join_count), ""),
        _counted("listings", found.listing_counts),
        *_verdict_counts(found),
        _counted("exposures", found.exposure_counts),
    ]
    kept = [row for row in rows if any(row[1:])]
    days = {side.when.as_of for side in (answer.before, answer.after)}
    notes = ["nothing changed"] if answer.none else []
    if answer.between != "days":
        notes.append(f"asked as of {' and '.join(sorted(days))}")
    return made(
        title(answer),
        "Of|Added|Removed|Changed|Restated",
        kept,
        "\n".join((*notes, *notes_of(found))),
        lead="\n".join(found.remarks),
    )


def notes_of(found: Changes) -> list[str]:
    """What must be said of a search that was cut short."""
    if not found.bound:
        return []
    cut = f"the search for paths was cut short at a strength of {rounded_up(found.bound)} %"
    return [f"{cut}: {found.not_compared} exposures are not compared; raise --explore"]


def _counted(of: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    return (of, *(_number(counts.get(what, 0)) for what in _WHATS))


def _number(count: int) -> str:
    return str(count) if count else ""


def _by_what(counts: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_, what), count in counts.items():
        found[what] += count
    return found


def _verdict_counts(found: Changes) -> Rows:
    """Changes of each pair of states under any rule; shares that changed apart."""
    counts: Counter[tuple[str, str]] = Counter()
    for (_, before, after), count in found.verdict_counts.items():
        counts[before, after] += count
    return [
        (
            f"shares of {STOOD[before]}"
            if before == after
            else f"verdicts: {STOOD[before]} → {STOOD[after]}",
            "",
            "",
            str(count),
            "",
        )
        for (before, after), count in sorted(counts.items())
    ]


def _datasets(said: Contents) -> Grid:
    rows: Rows = [
        (
            item.name,
            item.what,
            load_words(item.before),
            load_words(item.after),
            _numbers(said.entity_counts, item.name),
            _numbers(said.relation_counts, item.name),
        )
        for item in said.datasets
    ]
    return made("Datasets", "Dataset|Change|Before|After|Entities|Relations", rows)


def load_words(load: Load | None) -> str:
    """Of when a dataset is, and when it was loaded."""
    if load is None:
        return "-"
    return f"of {load.dataset.date or 'no date'}, loaded {load.finished[:10]} (v{load.num})"


def _numbers(counts: Mapping[tuple[str, str], int], dataset: str) -> str:
    said = [(what, counts.get((dataset, what), 0)) for what in _WHATS]
    return ", ".join(f"{count} {what}" for what, count in said if count) or "-"


def _entities(said: Contents) -> Grid:
    rows: Rows = [
        (_end(item.entity), item.what, fields(item.fields), item.dataset) for item in said.entities
    ]
    return made(
        "Entities", "Entity|Change|What changed|Dataset", rows, _more(said.entity_counts, rows)
    )


def _end(end: End) -> str:
    return end.name if end.name == end.id else f"{end.name} ({end.id})"


def _more(counts: Mapping[tuple[str, str], int], rows: Rows) -> str:
    left = sum(n for (_, what), n in counts.items() if what != "restated") - len(rows)
    return f"{left} more are not shown; raise --limit" if left > 0 else ""


def _relations(said: Contents) -> Grid:
    rows: Rows = [
        (
            f"{item.source.name} → {item.target.name}: {kind_words(item.kind)}",
            item.what,
            stated(item.before),
            stated(item.after),
            fields(item.fields),
            _source(item),
        )
        for item in said.relations
    ]
    columns = "Relation|Change|Before|After|What changed|Source"
    return made("Relations", columns, rows, _more(said.relation_counts, rows))


def _source(item: RelationChange) -> Cell:
    told = item.after or item.before
    assert told is not None
    publisher = f"{told.publisher} ({item.dataset})" if told.publisher else item.dataset
    return Cell(publisher, told.url)


def _joins(said: Contents) -> Grid:
    rows: Rows = [
        (
            _end(item.entity),
            _end(item.before) if item.before else "itself",
            _end(item.after) if item.after else "itself",
        )
        for item in said.joins
    ]
    left = said.join_count - len(rows)
    note = f"{left} more are not shown; raise --limit" if left > 0 else ""
    return made("Identifiers join otherwise", "Entity|Was one with|Is one with", rows, note)


def _listings(found: Changes) -> Grid:
    rows: Rows = [
        (
            name(item.entity),
            item.what,
            item.programme.name,
            listed(item.before),
            listed(item.after),
            ", ".join(item.causes.datasets),
        )
        for item in found.listings
    ]
    note = _left(sum(found.listing_counts.values()), len(rows))
    return made("Listings", "Entity|Change|Programme|Before|After|Dataset", rows, note)


def _left(count: int, shown: int) -> str:
    return f"{count - shown} more are not shown; raise --limit" if count > shown else ""


def _verdicts(found: Changes) -> Grid:
    """One row for all rules under which an entity's standing changes in the same way."""
    alike: dict[tuple[object, ...], list[VerdictChange]] = {}
    for item in found.verdicts:
        key = (item.entity.id, item.before, item.after, item.causes)
        alike.setdefault(key, []).append(item)
    rows: Rows = [
        (
            name(same[0].entity),
            stood(same[0].before),
            stood(same[0].after),
            ", ".join(item.rule for item in same),
            causes(same[0].causes),
        )
        for same in alike.values()
    ]
    note = _left(sum(found.verdict_counts.values()), len(found.verdicts))
    return made("Verdicts", "Entity|Before|After|Rules|Because of", rows, note)


def _exposures(found: Changes) -> Grid:
    rows: Rows = [
        (
            name(item.entity),
            item.what,
            strength(item.before),
            strength(item.after),
            path(item.after or item.before),
            causes(item.causes),
        )
        for item in found.exposures
    ]
    note = _left(sum(found.exposure_counts.values()), len(rows))
    return made("Exposures", "Entity|Change|Before|After|Path|Because of", rows, note)
