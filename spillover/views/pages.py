"""What stands on the page of a tree, of one entity, and of plain tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from spillover.graph.stake import format_stake
from spillover.views import grid, plain
from spillover.views.drawing import NETWORK_LIMIT, picture
from spillover.views.grid import Grid
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.picture import Edge, Node, Picture

if TYPE_CHECKING:
    from spillover.queries.answer import Sources
    from spillover.queries.show import Profile
    from spillover.queries.tree import Tree


def tree_page(answer: Tree) -> Page:
    """The report on owners or subsidiaries."""
    claims = [claim for branch in answer.branches for claim in branch.claims]
    counted = [claim for claim in claims if claim.standing == "counted"]
    subject = answer.subject.id
    below = caption(answer.when, "direct claims")
    branches = grid.tree(answer)
    chart = _with_undisclosed(
        picture(branches.title, counted, subject=subject, caption=below), answer
    )
    network = picture(branches.title, counted, subject=subject, caption=below, limit=NETWORK_LIMIT)
    return Page(
        title=branches.title,
        headline=branches.title,
        facts=(("As of", answer.when.as_of), ("Branches", str(len(answer.branches)))),
        sections=(
            Section("Ownership chart", pictures=(chart,) if chart.nodes else ()),
            Section("Branches", tables=(table(branches),)),
            Section("Sources", tables=(evidence("Every claim", claims),)),
        ),
        network=network if network.nodes else None,
        datasets=datasets(answer.sources),
        method=CLAIMS,
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=plain.tree(answer),
    )


def _with_undisclosed(chart: Picture, answer: Tree) -> Picture:
    """The chart with the owners whom no source names as a box of their own, where there are any."""
    share = answer.undisclosed
    if share is None or not share.high or not chart.nodes:
        return chart
    unknown = Node("undisclosed", "Undisclosed owners", "", status="unknown")
    held = Edge(
        "undisclosed",
        unknown.id,
        answer.subject.id,
        "indirect",
        format_stake(share),
        (share.low, share.high),
        kind="OWNS",
    )
    return replace(chart, nodes=(*chart.nodes, unknown), edges=(*chart.edges, held))


def profile_page(answer: Profile) -> Page:
    """The report on one entity."""
    counted = [claim for claim in answer.claims if claim.standing == "counted"]
    below = caption(answer.when, "every kind of relation")
    network = picture(
        answer.party.name,
        counted,
        subject=answer.party.id,
        caption=below,
        limit=NETWORK_LIMIT,
    )
    said, claims = grid.profile(answer)
    return Page(
        title=answer.party.name,
        headline=grid.name(answer.party),
        facts=(("As of", answer.when.as_of), ("Claims", str(len(answer.claims)))),
        sections=(
            Section("What is said of it", tables=(table(said),)),
            Section("Claims", tables=(table(claims),)),
        ),
        network=network if network.nodes else None,
        datasets=datasets(answer.sources),
        method=CLAIMS,
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=plain.profile(answer),
    )


def listing_page(
    title: str, grids: Iterable[Grid], data: plain.Plain, sources: Sources | None = None
) -> Page:
    """A page of plain tables; with the datasets they stand on, where they stand on claims."""
    sections = tuple(Section(item.title or title, tables=(table(item),)) for item in grids)
    if sources is None:
        return Page(title=title, headline=title, sections=sections, data=data)
    return Page(
        title=title,
        headline=title,
        sections=sections,
        datasets=datasets(sources),
        method=CLAIMS,
        limits=LIMITS,
        data=data,
    )
