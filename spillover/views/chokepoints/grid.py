"""How do choke points become tables: what every path crosses, what cuts them all, the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views import grid
from spillover.views.exposures import grid as exposure_grid
from spillover.views.grid import Cell, Grid, Rows

if TYPE_CHECKING:
    from spillover.queries.shocks.choke_answer import Chokepoints, Cut, Inner, Link, Way


def chokepoints(answer: Chokepoints) -> Grid:
    """One row for each entity and relation, subject after subject."""
    rows: Rows = []
    for way in answer.ways:
        rows += [_entity(way, item) for item in way.inner if item.every]
        rows += [_relation(way, link) for link in way.links]
        rows += [_entity(way, item) for item in way.inner if not item.every]
    return grid.made(
        title(answer),
        "Subject|Choke point|Every path|Carries|Total without it",
        rows,
        "; ".join([*map(subject_words, answer.ways), *notes(answer)]),
    )


def title(answer: Chokepoints) -> str:
    """What was asked."""
    targets, subjects = (
        ", ".join(party.name for party in parties) for parties in (answer.targets, answer.subjects)
    )
    return f"Choke points from {targets} to {subjects} as of {answer.when.as_of}"


def subject_words(way: Way) -> str:
    """How one subject stands."""
    name = way.subject.name
    if not way.reached:
        return f"{name}: no path was found"
    words = f"{name}: total exposure over all paths {exposure_grid.total_words(way.total)}"
    crossed = sum(item.every for item in way.inner)
    if way.direct:
        words += ", a relation leads straight from a target to it"
    elif not crossed:
        words += ", no entity is on every path"
    if way.between > len(way.inner):
        words += f", {len(way.inner)} of {way.between} entities between are shown"
    return words


def notes(answer: Chokepoints) -> list[str]:
    """How far was looked."""
    said = [_entities(answer.explored, "explored")]
    if answer.max_hops is not None:
        said.append(
            f"only paths of at most {answer.max_hops} hop{'s' if answer.max_hops > 1 else ''}"
        )
    if not answer.repeats:
        said.append("relations that only repeat a chain are left out")
    if answer.truncated:
        said.append(
            f"the search was cut short: {_entities(answer.left_out, 'next to these left out')}, and"
            " paths through what was left out can avoid a choke point"
        )
    return said


def _entities(count: int, rest: str) -> str:
    return f"{count} {'entity' if count == 1 else 'entities'} {rest}"


def _entity(way: Way, item: Inner) -> tuple[str | Cell, ...]:
    return (
        way.subject.name,
        grid.name(item.entity),
        "yes" if item.every else "no",
        _carried(item),
        exposure_grid.total_words(item.without),
    )


def _carried(item: Inner) -> str:
    """The parts of the least and of the greatest total that are lost with it."""
    low, high = (f"{100 * value:.1f}".rstrip("0").rstrip(".") for value in item.carried)
    return f"≈ {low} %" if low == high else f"≈ {low} % of the least, {high} % of the greatest"


def _relation(way: Way, link: Link) -> tuple[str | Cell, ...]:
    return way.subject.name, link_words(link), "yes", "-", "≈ 0 %"


def link_words(link: Link) -> str:
    """A relation in words, with its strength."""
    words = f"{link.source.name} → {link.target.name}: {grid.kind_words(link.kind)}"
    denied = any(claim.stance == "denies" for claim in link.claims)
    repeats = all(claim.reported_indirect for claim in link.claims if claim.stance == "asserts")
    marks = (" (repeats a chain)" if repeats else "") + (" (denied)" if denied else "")
    return f"{words}, up to {percent_text(link.strength)} %{marks}"


def cuts(answer: Chokepoints) -> Grid:
    """The smallest and the weakest sets."""
    rows: Rows = [
        ("fewest entities", *_cut(answer.fewest_entities)),
        ("weakest entities", *_cut(answer.weakest_entities)),
        ("fewest relations", *_cut(answer.fewest_links)),
        ("weakest relations", *_cut(answer.weakest_links)),
    ]
    names = ", ".join(party.name for party in answer.subjects)
    return grid.made(f"What frees {names}", "Set|Members|Number|Strength together|Smallest", rows)


def _cut(cut: Cut | None) -> tuple[str, str, str, str]:
    if cut is None:
        return "none: a relation leads straight from a target to a subject", "-", "-", "-"
    members = [grid.name(party) for party in cut.entities] + [link_words(i) for i in cut.links]
    proven = "proven" if cut.proven else "not proven: a smaller one can exist"
    if not members:
        return "nothing: no path was found", "0", "-", proven
    return "\n".join(members), str(len(members)), f"{percent_text(cut.strength)} %", proven
