"""What stands on the page of exposure paths: strips, tables, sources, method, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid, plain
from spillover.views.drawing import NETWORK_LIMIT, picture, strip
from spillover.views.method import CLAIMS, LIMITS, PATHS, caption, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.picture import Picture, Status

if TYPE_CHECKING:
    from spillover.queries.exposure import Exposure, Path

_STRIPS_OF_A_CHANNEL: Final = 2


def exposure_page(answer: Exposure) -> Page:
    """The report on who is exposed."""
    targets = ", ".join(target.name for target in answer.targets)
    reached = len({path.entity.id for path in answer.paths})
    return Page(
        title=f"Exposure to {targets}",
        headline=f"{reached} entities are exposed to {targets}",
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(("As of", answer.when.as_of), ("Explored", str(answer.explored))),
        sections=tuple(exposure_sections(answer)),
        network=_network("Neighbourhood", answer),
        datasets=datasets(answer.sources),
        method=(*PATHS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=plain.exposure(answer),
    )


def _network(title: str, answer: Exposure) -> Picture | None:
    status: dict[str, Status] = {target.id: "target" for target in answer.targets}
    below = caption(answer.when, "all channels")
    made = picture(
        title,
        answer.claims,
        subject=answer.targets[0].id,
        status=status,
        caption=below,
        limit=NETWORK_LIMIT,
    )
    return made if made.nodes else None


def _varied(paths: tuple[Path, ...]) -> list[Path]:
    """The strongest paths to draw: of each last channel at most as many, in order of rank."""
    drawn: dict[str, int] = {}
    chosen = []
    for path in paths:
        channel = path.hops[-1].channel
        drawn[channel] = drawn.get(channel, 0) + 1
        if drawn[channel] <= _STRIPS_OF_A_CHANNEL:
            chosen.append(path)
    return chosen


def exposure_sections(answer: Exposure) -> list[Section]:
    """Ranked paths, the first of them drawn, and their sources."""
    if not answer.paths:
        return [Section("Exposure paths", ("No path leads from the targets to anybody.",))]
    note = "Ranked by their least strength, then by their greatest."
    cut = " The search was cut short: weaker paths can be missing." if answer.truncated else ""
    strips = [
        strip(path, f"strength {grid.strength_words(path)}") for path in _varied(answer.paths)
    ]
    return [
        Section(
            "Exposure paths",
            (note + cut,),
            (table(grid.exposure(answer)),),
            strips=tuple(strips),
        ),
        Section(
            "Exposure paths: the source of every hop",
            tables=(evidence("Path claims", answer.claims),),
        ),
    ]
