"""How does an answer become a picture: parties into boxes, claims into arrows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE, Stake, format_stake
from spillover.views.grid import age, kind_words
from spillover.views.picture import Edge, Node, Picture, Status, Strip, Style

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.exposure import Path, Step

CHART_LIMIT: Final = 60
"""Entities that a chart shows at most; the rest is counted."""
NETWORK_LIMIT: Final = 200
"""Entities that an interactive neighbourhood shows at most."""


def node(party: Party, status: Status = "") -> Node:
    """A box; a listed entity says so when nothing stronger is to be said."""
    listed = ", ".join(party.listed)
    shown = status or ("listed" if listed else "")
    note = f"listed: {listed}" if listed else ""
    return Node(party.id, party.name, party.schema, party.country.upper(), shown, note)


def edge(claim: Claim, *, highlighted: bool = False) -> Edge:
    """An arrow with what its source says."""
    low_high = (claim.stake.low, claim.stake.high) if claim.stake else None
    return Edge(
        f"r{claim.relation}",
        claim.source.id,
        claim.target.id,
        _style(claim),
        _label(claim),
        low_high,
        highlighted,
        claim.kind,
        claim.observed or claim.start or "undated",
        age(claim.age_days),
        claim.confidence,
        claim.stance,
        f"{claim.publisher}: {claim.title}" if claim.title else claim.publisher,
        claim.url,
    )


def _style(claim: Claim) -> Style:
    if claim.kind == "OWNS":
        unknown = claim.stake is None or claim.stake.unknown
        return "indirect" if unknown or claim.reported_indirect else "owns"
    return "controls" if claim.kind == "CONTROLS" else "link"


def _label(claim: Claim) -> str:
    share = format_stake(claim.stake) if claim.stake is not None else ""
    if claim.kind == "OWNS":
        return share or "unknown"
    return f"{kind_words(claim.kind)} {share}".rstrip()


def picture(  # noqa: PLR0913 - what is drawn, and how it is called, all by keyword
    title: str,
    claims: Iterable[Claim],
    *,
    subject: str,
    status: Mapping[str, Status] = MappingProxyType({}),
    proof: Iterable[Claim] = (),
    caption: str = "",
    limit: int = CHART_LIMIT,
) -> Picture:
    """A picture of claims around a subject: the proof first and thick, others up to the limit."""
    thick = {claim.relation for claim in proof}
    ordered = sorted(dict.fromkeys((*proof, *claims)), key=lambda c: c.relation not in thick)
    parties: dict[str, Party] = {}
    hidden: set[str] = set()
    shown = []
    for claim in ordered:
        ends = {claim.source.id: claim.source, claim.target.id: claim.target}
        if len(parties.keys() | ends.keys()) > limit:
            hidden |= ends.keys()
            continue
        parties.update(ends)
        shown.append(edge(claim, highlighted=claim.relation in thick))
    first = sorted(parties.values(), key=lambda party: party.id != subject)
    nodes = tuple(node(party, status.get(party.id, "")) for party in first)
    return Picture(title, nodes, tuple(shown), len(hidden - parties.keys()), caption)


def strip(path: Path, caption: str = "") -> Strip:
    """One exposure path as a strip of boxes and arrows."""
    parties = [path.target, *(step.target for step in path.hops)]
    nodes = [node(path.target, "target"), *(node(party) for party in parties[1:])]
    edges = tuple(_step_edge(number, step) for number, step in enumerate(path.hops))
    return Strip(f"{path.target.name} to {path.entity.name}", tuple(nodes), edges, caption)


def _step_edge(number: int, step: Step) -> Edge:
    first = edge(step.claims[0])
    share = (step.low, step.high)
    known = share != (0, WHOLE)
    words = format_stake(Stake(*share)) if known else "unknown"
    whole = step.channel in {"control", "designation"}
    return replace(
        first,
        id=f"s{number}",
        label=step.channel if whole else f"{step.channel} {words}",
        share=share if known else None,
        highlighted=True,
        stance="denies" if any(claim.stance == "denies" for claim in step.claims) else "asserts",
    )
