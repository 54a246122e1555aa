"""How do exposure paths become rows and columns?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import (
    Cell,
    Grid,
    hop_words,
    hundredths,
    kind_words,
    made,
    name,
    path_words,
    source,
    strength_words,
)

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.exposure import Exposure, Path
    from spillover.queries.shocks.propagation import Total


def exposure(answer: Exposure) -> Grid:
    """One row for each path."""
    rows: list[tuple[str | Cell, ...]] = [
        (
            name(listed(answer, path)),
            strength_words(path),
            total_words(path.total),
            "\n".join((path_words(path), *map(_denial_words, path.denials))),
            _path_sources(path),
        )
        for path in answer.paths
    ]
    notes = [f"{answer.explored} explored"]
    if answer.left_out:
        notes.append(f"{answer.left_out} weaker paths are not listed")
    if answer.truncated:
        cut = hundredths(answer.bound, up=True)
        notes.append(f"the search was cut short: a missing path has a strength of at most {cut} %")
    notes += terms_words(answer)
    return made(
        exposure_title(answer),
        "Entity|Strength|Over all paths|Path|Sources",
        rows,
        "; ".join(notes),
    )


def listed(answer: Exposure, path: Path) -> Party:
    """Which of the two ends of a path the answer lists: the one that was not named."""
    return path.target if answer.backward and not answer.between else path.entity


def exposure_title(answer: Exposure) -> str:
    """What was asked."""
    targets, subjects = (
        ", ".join(party.name for party in parties) for parties in (answer.targets, answer.subjects)
    )
    if answer.backward and not answer.between:
        return f"What hits {subjects} as of {answer.when.as_of}"
    of = f" of {subjects}" if subjects else ""
    return f"Exposure{of} as of {answer.when.as_of} to {targets}"


def terms_words(answer: Exposure) -> list[str]:
    """What the question was limited to, where that was said."""
    terms = answer.terms
    words = []
    if terms.channels:
        words.append(f"channels followed: {', '.join(terms.channels)}")
    if terms.kinds:
        words.append(f"relations followed: {', '.join(map(kind_words, terms.kinds))}")
    if terms.min_strength:
        words.append(f"only paths of at least {hundredths(terms.min_strength, up=False)} %")
    if terms.max_hops is not None:
        words.append(f"only paths of at most {terms.max_hops} hops")
    if terms.countries:
        words.append(f"only entities of {', '.join(terms.countries).upper()}")
    if terms.diverse:
        words.append("no variants of stronger paths")
    return words


def total_words(total: Total | None) -> str:
    """An estimate of the exposure over all paths, rounded; nothing where there is none."""
    if total is None:
        return ""
    low, high = (f"{100 * value:.2f}".rstrip("0").rstrip(".") for value in total)
    return f"≈ {low} %" if low == high else f"≈ {low}–{high} %"


def _denial_words(claim: Claim) -> str:
    return f"{hop_words(claim)} ({claim.observed or claim.start or 'undated'})"


def _path_sources(path: Path) -> str:
    claims = (*(claim for step in path.hops for claim in step.claims), *path.denials)
    said = dict.fromkeys(source(claim).text for claim in claims)
    return "; ".join(said)
