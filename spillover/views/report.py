"""What stands on the page of exposure paths: strips, tables, sources, method, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.drawing import NETWORK_LIMIT, picture, strip
from spillover.views.exposures import grid as exposure_grid
from spillover.views.exposures import plain as exposure_plain
from spillover.views.method import CLAIMS, LIMITS, PATHS, caption, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.picture import Picture, Status

if TYPE_CHECKING:
    from spillover.queries.exposure import Exposure, Path

_STRIPS_OF_A_CHANNEL: Final = 2


def exposure_page(answer: Exposure) -> Page:
    """The report on who is exposed, or on what hits."""
    return Page(
        title=exposure_grid.exposure_title(answer),
        headline=_headline(answer),
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=_facts(answer),
        sections=tuple(exposure_sections(answer)),
        network=_network("Neighbourhood", answer),
        datasets=datasets(answer.sources),
        method=(*PATHS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=exposure_plain.exposure(answer),
    )


def _headline(answer: Exposure) -> str:
    targets, subjects = (
        ", ".join(party.name for party in parties) for parties in (answer.targets, answer.subjects)
    )
    if answer.between:
        count = len(answer.paths)
        return f"{count} path{'' if count == 1 else 's'} from {targets} to {subjects}"
    listed = {exposure_grid.listed(answer, path).id for path in answer.paths}
    reached = len(listed) + answer.left_out
    if answer.backward:
        return f"{reached} entities hit {subjects}" if reached else f"Nobody hits {subjects}"
    return f"{reached} entities are exposed to {targets}"


def _facts(answer: Exposure) -> tuple[tuple[str, str], ...]:
    terms = "; ".join(exposure_grid.terms_words(answer))
    return (
        ("As of", answer.when.as_of),
        ("Explored", str(answer.explored)),
        *((("Limited to", terms),) if terms else ()),
    )


def _network(title: str, answer: Exposure) -> Picture | None:
    status: dict[str, Status] = {target.id: "target" for target in answer.asked}
    below = caption(answer.when, "; ".join(["exposure paths", *exposure_grid.terms_words(answer)]))
    made = picture(
        title,
        answer.claims,
        subject=answer.asked[0].id,
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
        return [Section("Exposure paths", (_nothing(answer), *_remarks(answer)))]
    strips = [strip(path, _strip_caption(path)) for path in _varied(answer.paths)]
    return [
        Section(
            "Exposure paths",
            ("Ranked by their least strength, then by their greatest.", *_remarks(answer)),
            (table(exposure_grid.exposure(answer)),),
            strips=tuple(strips),
        ),
        Section(
            "Exposure paths: the source of every hop, and what is denied",
            tables=(evidence("Path claims", answer.claims),),
        ),
    ]


def _nothing(answer: Exposure) -> str:
    if answer.between:
        return "No path leads from the ones to the others."
    where = "from anybody to the subjects" if answer.backward else "from the targets to anybody"
    return f"No path leads {where}."


def _remarks(answer: Exposure) -> list[str]:
    """What limits the answer."""
    remarks = []
    if answer.truncated:
        most = grid.hundredths(answer.bound, up=True)
        remarks.append(
            "The search was cut short: weaker paths can be missing, of a strength of at most"
            f" {most} %."
        )
    if answer.left_out:
        remarks.append(f"{answer.left_out} weaker paths are not listed.")
    terms = exposure_grid.terms_words(answer)
    return [*remarks, *([f"Limited to: {'; '.join(terms)}."] if terms else [])]


def _strip_caption(path: Path) -> str:
    """What stands below a strip: strength, exposure over all paths, and what is denied."""
    words = [f"strength {grid.strength_words(path)}"]
    if path.total is not None:
        words.append(f"over all paths {exposure_grid.total_words(path.total)}")
    words += [grid.hop_words(claim) for claim in path.denials]
    return "; ".join(words)
