"""What stands on the page about a coalition: pictures, tables, sources, method and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views.coalitions import figures, words
from spillover.views.coalitions import grid as grids
from spillover.views.coalitions import plain as coalition_plain
from spillover.views.coalitions import regimes as coalition_regimes
from spillover.views.method import CLAIMS, LIMITS, datasets, table
from spillover.views.page import Page, Section, Table, Tone

if TYPE_CHECKING:
    from spillover.queries.coalitions.coalition_answer import Coalition
    from spillover.queries.coalitions.regimes import Regimes
    from spillover.views.grid import Grid

METHOD: Final = (
    """One count of each market is taken: by country where a country's share is stated, else firms
    by headquarters. Countries and firms are never added up.""",
    """The part that a coalition covers is at least the sum of its members' least shares, at most
    what their greatest shares leave room for beside the least shares of all others.""",
    """A coalition is one of the smallest when no coalition of fewer countries covers the quota; for
    certain, whatever is unknown, or possibly, for one way in which the unknown can be.""",
    """The index of Shapley and Shubik is the part of all orders of joining in which a country is
    the one that completes the quota. It is counted exactly, at least and at most; whatever the
    shares are, it lies between. Nobody covers the quota without a country that has a veto.""",
)
_TONES: Final[dict[str, Tone]] = {"yes": "bad", "perhaps": "warn", "no": "muted"}


def coalition_page(answer: Coalition) -> Page:
    """The report on a coalition."""
    asked = answer.asked
    verdict = _verdict(answer)
    said = words.summary(answer)
    return Page(
        title=grids.title(answer),
        headline=_headline(answer),
        verdict=verdict,
        tone=_TONES[asked.covers] if asked and answer.members else "",
        facts=(
            ("As of", answer.when.as_of),
            ("Members", str(len(answer.members))),
            ("To be covered", words.quota(answer)),
            ("Products in the chain", str(len(answer.covers) + len(answer.unmade))),
        ),
        sections=tuple(_sections(answer, said)),
        datasets=datasets(answer.sources),
        method=(*METHOD, *words.ASSUMPTIONS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=coalition_plain.coalition(answer),
    )


def _sections(answer: Coalition, said: list[str]) -> list[Section]:
    limit = grids.SHOWN
    short = tuple(f"{text[0].upper()}{text[1:]}." for text in said)
    who = tuple(f"{text}." for text in (_members(answer),) if text)
    bars = (figures.bars(answer),) if answer.members else ()
    found = [
        Section("In short", (*who, *short)),
        Section("What is covered", figures=bars, tables=(_table(grids.covers(answer), limit),)),
        Section("Who has how much", figures=(figures.matrix(answer),)),
        Section("Smallest coalitions", tables=(_table(grids.smallest(answer), limit),)),
    ]
    if answer.members:
        shifts = figures.shifts(answer)
        found += [
            Section(
                "If a member leaves",
                figures=(shifts,) if shifts else (),
                tables=(_table(grids.defections(answer), limit),),
            ),
            Section("Who is pivotal", tables=(_table(grids.power(answer), limit),)),
            Section("Whose firms lose the market", tables=(_table(grids.firms(answer), limit),)),
        ]
    if answer.target:
        found.append(Section("Sales at risk", tables=(_table(grids.sales(answer), limit),)))
    if answer.regimes:
        claims = grids.claims("Who is a member, by whose word", grids.membership(answer))
        found.append(Section("Membership", tables=(_table(claims, limit),)))
    shares = grids.claims("Every share that is counted", grids.evidence(answer))
    found.append(Section("Sources", tables=(_table(shares, limit),)))
    return found


def _table(found: Grid, limit: int) -> Table:
    note = found.note if found.title.startswith("Smallest") else ""
    return table(grids.capped(replace(found, note=note), limit))


def _members(answer: Coalition) -> str:
    return f"Members: {words.lands(answer.members)}" if answer.members else ""


def _verdict(answer: Coalition) -> str:
    asked = answer.asked
    if asked is None or not answer.members:
        return ""
    said = {"yes": "COVERS", "perhaps": "MAY COVER", "no": "DOES NOT COVER"}[asked.covers]
    return f"{said} {words.quota(answer)} OF THE PRODUCT ITSELF"


def _headline(answer: Coalition) -> str:
    """How far the product is denied; without members, who could deny it."""
    if answer.members:
        who, what = words.coalition(answer), answer.product.name
        return f"{what}: {words.part(answer.denied)} denied by {who}"
    if not answer.ways:
        return f"No coalition is known to deny {answer.product.name} to {words.quota(answer)}"
    few = " or ".join(" + ".join(member.name for member in way.members) for way in answer.ways[:4])
    return f"{few} could deny {answer.product.name} to {words.quota(answer)}"


def regimes_page(answer: Regimes) -> Page:
    """The report on regimes and their members."""
    listed = coalition_regimes.regimes(answer)
    return Page(
        title=listed.title,
        headline=f"{len(answer.regimes)} regimes, and their members on {answer.when.as_of}",
        facts=(("As of", answer.when.as_of),),
        sections=(
            Section("Regimes", tables=(table(listed),)),
            Section("Members", tables=(table(coalition_regimes.members(answer)),)),
        ),
        datasets=datasets(answer.sources),
        method=(
            """A state is a member while a claim of its membership counts: from the day on which it
            is said to have joined, else from the day for which the source speaks, to its end.""",
        ),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=coalition_plain.regimes(answer),
    )
