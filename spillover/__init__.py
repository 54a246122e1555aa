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
    from spillover.queries.compare import compare
    from spillover.queries.conditions import conditions
    from spillover.queries.exposure import exposure
    from spillover.queries.gaps import gaps
    from spillover.queries.power import power
    from spillover.queries.screening.screen import screen
    from spillover.queries.tree import owners, subsidiaries
    from spillover.queries.why import why

__version__ = "0.1.0"

__all__ = [
    "Graph",
    "__version__",
    "attribution",
    "beneficial",
    "blocked",
    "chokepoints",
    "compare",
    "conditions",
    "exposure",
    "from_networkx",
    "gaps",
    "knowledge",
    "load",
    "organ_ties",
    "owners",
    "power",
    "screen",
    "subsidiaries",
    "ties",
    "to_networkx",
    "why",
]

_HOMES = {
    "Graph": ("spillover.graph.session", "Graph"),
    "attribution": ("spillover.queries.attribution", "attribution"),
    "beneficial": ("spillover.queries.beneficial_owners", "beneficial"),
    "blocked": ("spillover.queries.blocked", "blocked"),
    "chokepoints": ("spillover.queries.chokepoints", "chokepoints"),
    "compare": ("spillover.queries.compare", "compare"),
    "conditions": ("spillover.queries.conditions", "conditions"),
    "exposure": ("spillover.queries.exposure", "exposure"),
    "from_networkx": ("spillover.graph.networkx", "from_networkx"),
    "gaps": ("spillover.queries.gaps", "gaps"),
    "knowledge": ("spillover.queries.ties.knowledge", "knowledge"),
    "load": ("spillover.loaders.run", "run"),
    "organ_ties": ("spillover.queries.ties.by_organ", "organ_ties"),
    "owners": ("spillover.queries.tree", "owners"),
    "power": ("spillover.queries.power", "power"),
    "screen": ("spillover.queries.screening.screen", "screen"),
    "subsidiaries": ("spillover.queries.tree", "subsidiaries"),
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
