"""What stands on the page of choke points: the paths drawn, the tables, sources, method, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views.chokepoints import grid as choke_grid
from spillover.views.chokepoints import plain as choke_plain
from spillover.views.drawing import NETWORK_LIMIT, picture
from spillover.views.method import CLAIMS, LIMITS, PATHS, caption, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.picture import Picture, Status

if TYPE_CHECKING:
    from spillover.queries.shocks.choke_answer import Chokepoints

METHOD: Final = (
    """An entity or relation is a choke point when no path leads from any target to the subject
    without it. A relation is everything that is claimed of one pair and kind, in both directions
    and for all products.""",
    """The smallest set is found exactly, by an integer program over the paths that earlier sets
    missed. The strength of a relation is the greatest share that it carries, that of an entity
    what can enter it at most; neither is more than the whole.""",
    """Total exposure adds up all paths, where no entity is hit more than wholly. It is an estimate.
    What repeats a chain, or is of one block, is not added to it; other shares in one thing are
    taken to be of different parts of it. An entity carries the part by which the subject's total
    falls without it.""",
)


def choke_page(answer: Chokepoints) -> Page:
    """The report on choke points."""
    found, cuts = choke_grid.chokepoints(answer), choke_grid.cuts(answer)
    said = [f"{note[0].upper()}{note[1:]}" for note in choke_grid.notes(answer)]
    words = [*map(choke_grid.subject_words, answer.ways), *said]
    chart = _picture(answer, "The paths, choke points thick", 60)
    network = _picture(answer, "The paths", NETWORK_LIMIT)
    return Page(
        title=found.title,
        headline=_headline(answer),
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(("As of", answer.when.as_of), ("Explored", str(answer.explored))),
        sections=(
            Section("In short", tuple(f"{text}." for text in words)),
            Section("Paths", pictures=(chart,) if chart.nodes else ()),
            Section("Choke points", tables=(table(replace(found, note="")),)),
            Section("Smallest sets", tables=(table(cuts),)),
            Section("Sources", tables=(evidence("Every relation", answer.claims),)),
        ),
        network=network if network.nodes else None,
        datasets=datasets(answer.sources),
        method=(*METHOD, *PATHS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=choke_plain.chokepoints(answer),
    )


def _headline(answer: Chokepoints) -> str:
    """What every path crosses, where there is one subject."""
    if len(answer.ways) > 1:
        return choke_grid.title(answer)
    (way,) = answer.ways
    ends = f"{', '.join(party.name for party in answer.targets)} to {way.subject.name}"
    crossed = " and ".join(item.entity.name for item in way.inner if item.every)
    if not way.reached:
        return f"No path from {ends} was found"
    if not crossed:
        return f"No entity is on every path from {ends}"
    return f"Every path from {ends} crosses {crossed}"


def _picture(answer: Chokepoints, title: str, limit: int) -> Picture:
    """The relations on the paths; those that every path crosses are thick."""
    status: dict[str, Status] = {target.id: "target" for target in answer.targets}
    crossed = [claim for way in answer.ways for link in way.links for claim in link.claims]
    made = picture(
        title,
        [claim for link in answer.network for claim in link.claims],
        subject=answer.targets[0].id,
        status=status,
        proof=crossed,
        caption=caption(answer.when, "relations on the paths"),
        limit=limit,
    )
    points = {item.entity.id for way in answer.ways for item in way.inner if item.every}
    ends = {party.id for party in answer.subjects}
    notes = dict.fromkeys(points, "choke point") | dict.fromkeys(ends, "subject")
    nodes = tuple(
        replace(node, note="; ".join(filter(None, (notes.get(node.id, ""), node.note))))
        for node in made.nodes
    )
    return replace(made, nodes=nodes)
