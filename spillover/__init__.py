"""Spillover: who else is hit when a parent is sanctioned, how hard, and through which path."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spillover.graph.networkx import from_networkx, to_networkx
    from spillover.graph.session import Graph
    from spillover.loaders.run import run as load
    from spillover.queries.attribution import attribution
    from spillover.queries.beneficial_owners import beneficial
    from spillover.queries.blocked import blocked
    from spillover.queries.chokepoints import chokepoints
    from spillover.queries.coalitions.coalition import coalition
    from spillover.queries.coalitions.regimes import regimes
    from spillover.queries.compare import compare
    from spillover.queries.conditions import conditions
    from spillover.queries.contagion.systemic import systemic
    from spillover.queries.diversion.diversion import diversion
    from spillover.queries.diversion.scan import scan as diversion_scan
    from spillover.queries.exposure import exposure
    from spillover.queries.gaps import gaps
    from spillover.queries.markets.collateral import collateral
    from spillover.queries.markets.leaders import leaders
    from spillover.queries.markets.market_question import market
    from spillover.queries.optimiser.answer import Wish
    from spillover.queries.optimiser.optimise import optimise
    from spillover.queries.power import power
    from spillover.queries.screening.screen import screen
    from spillover.queries.sectors.losses import sector_losses
    from spillover.queries.sectors.ranking import sector_ranking
    from spillover.queries.strategic.strategic import strategic
    from spillover.queries.tree import owners, subsidiaries
    from spillover.queries.uncertainty.cascades import sample_closure
    from spillover.queries.uncertainty.priors import read_priors
    from spillover.queries.why import why

__version__ = "0.1.0"

__all__ = [
    "Graph",
    "Wish",
    "__version__",
    "attribution",
    "beneficial",
    "blocked",
    "chokepoints",
    "coalition",
    "collateral",
    "compare",
    "conditions",
    "diversion",
    "diversion_scan",
    "exposure",
    "from_networkx",
    "gaps",
    "knowledge",
    "leaders",
    "load",
    "market",
    "optimise",
    "organ_ties",
    "owners",
    "power",
    "read_priors",
    "regimes",
    "sample_closure",
    "screen",
    "sector_losses",
    "sector_ranking",
    "strategic",
    "subsidiaries",
    "systemic",
    "ties",
    "to_networkx",
    "why",
]

_HOMES = {
    "Graph": ("spillover.graph.session", "Graph"),
    "Wish": ("spillover.queries.optimiser.answer", "Wish"),
    "attribution": ("spillover.queries.attribution", "attribution"),
    "beneficial": ("spillover.queries.beneficial_owners", "beneficial"),
    "blocked": ("spillover.queries.blocked", "blocked"),
    "chokepoints": ("spillover.queries.chokepoints", "chokepoints"),
    "coalition": ("spillover.queries.coalitions.coalition", "coalition"),
    "collateral": ("spillover.queries.markets.collateral", "collateral"),
    "compare": ("spillover.queries.compare", "compare"),
    "conditions": ("spillover.queries.conditions", "conditions"),
    "diversion": ("spillover.queries.diversion.diversion", "diversion"),
    "diversion_scan": ("spillover.queries.diversion.scan", "scan"),
    "exposure": ("spillover.queries.exposure", "exposure"),
    "from_networkx": ("spillover.graph.networkx", "from_networkx"),
    "gaps": ("spillover.queries.gaps", "gaps"),
    "knowledge": ("spillover.queries.ties.knowledge", "knowledge"),
    "leaders": ("spillover.queries.markets.leaders", "leaders"),
    "load": ("spillover.loaders.run", "run"),
    "market": ("spillover.queries.markets.market_question", "market"),
    "optimise": ("spillover.queries.optimiser.optimise", "optimise"),
    "organ_ties": ("spillover.queries.ties.by_organ", "organ_ties"),
    "owners": ("spillover.queries.tree", "owners"),
    "power": ("spillover.queries.power", "power"),
    "read_priors": ("spillover.queries.uncertainty.priors", "read_priors"),
    "regimes": ("spillover.queries.coalitions.regimes", "regimes"),
    "sample_closure": ("spillover.queries.uncertainty.cascades", "sample_closure"),
    "screen": ("spillover.queries.screening.screen", "screen"),
    "sector_losses": ("spillover.queries.sectors.losses", "sector_losses"),
    "sector_ranking": ("spillover.queries.sectors.ranking", "sector_ranking"),
    "strategic": ("spillover.queries.strategic.strategic", "strategic"),
    "subsidiaries": ("spillover.queries.tree", "subsidiaries"),
    "systemic": ("spillover.queries.contagion.systemic", "systemic"),
    "ties": ("spillover.queries.ties.profile", "profile"),
    "to_networkx": ("spillover.graph.networkx", "to_networkx"),
    "why": ("spillover.queries.why", "why"),
}


def __getattr__(name: str) -> object:
    """The public names, imported when first asked for: a cold command needs few of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)
