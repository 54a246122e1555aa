"""What stands on the page of contagion: bars with ranges, the tables, sources, method, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views.method import CLAIMS, LIMITS, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.systemic import grid as systemic_grid
from spillover.views.systemic import plain as systemic_plain
from spillover.views.systemic.figures import bars, flows
from spillover.views.systemic.words import ends_words, lead, notes, title

if TYPE_CHECKING:
    from spillover.queries.contagion.answer import Systemic

METHOD: Final = {
    "esri": (
        """The Economic Systemic Risk Index (Diem and others, Scientific Reports 12:7719, 2022). A
        firm that lacks an essential input loses the part of it that fails; of several the largest
        counts. Other inputs add up. A supplier loses the sales to customers who lose output.
        Rounds go on until no loss changes; of both losses of a firm the larger counts.""",
        """A larger part nowhere makes a loss smaller. So least parts give the least losses and
        greatest parts losses that are never exceeded; they need not occur together.""",
    ),
    "debtrank": (
        """Linear DebtRank (Bardoscia and others, PLoS ONE 10(6), 2015): a holder writes its share
        down by the part of its equity that a firm has lost. Here the target loses all of its
        equity, and losses are told as parts of it.""",
    ),
    "impact": (
        """Impact susceptibility and diffusion (Silva, Souza, Tabak, Working Paper 392, Central Bank
        of Brazil, 2015). Walks along the links are counted, those of length k divided by k!.
        Susceptibility above 1: a firm can be reached from beyond its neighbours. Diffusion: how
        far the susceptibility of all falls when a firm passes nothing on.""",
    ),
}
_ESTIMATE: Final = (
    """All numbers here are estimates in rounded numbers, marked by ≈. They say what would follow
    from the model; they are no forecast: stocks, substitutes abroad, prices and time are left
    out.""",
)


def systemic_page(answer: Systemic) -> Page:
    """The report on contagion."""
    found = systemic_grid.systemic(answer)
    losses, shock = bars(answer), flows(answer)
    figures = (*((losses,) if losses.bars else ()), *((shock,) if shock.flows else ()))
    words = tuple(f"{note[0].upper()}{note[1:]}." for note in notes(answer))
    claims = answer.claims
    sources = (Section("Sources", tables=(evidence("Every link", claims),)),) if claims else ()
    return Page(
        title=found.title,
        headline=_headline(answer),
        facts=(
            ("As of", answer.when.as_of),
            ("Firms", str(answer.known.firms)),
            ("Links", str(answer.known.links)),
        ),
        sections=(
            Section("What was assumed, and what is not known", words),
            Section("Losses", figures=figures),
            Section("In full", tables=(table(replace(found, note="", lead="")),)),
            *sources,
        ),
        datasets=datasets(answer.sources),
        method=(*METHOD[answer.terms.measure], *_ESTIMATE, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=systemic_plain.systemic(answer),
    )


def _headline(answer: Systemic) -> str:
    if answer.index is not None:
        names = ", ".join(party.name for party in answer.targets)
        return f"Without {names}, {lead(answer)}"
    if answer.ranking:
        first = answer.ranking[0]
        return f"Most is lost for certain with {first.firm.name}: {ends_words(first.index)}"
    return title(answer)
