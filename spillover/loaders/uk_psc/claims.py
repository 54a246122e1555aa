"""What does each nature of control say that a person holds.

The register states bands ("more than 50, less than 75") and each keeps its open ends. Where a trust
or a firm stands between the person and the company, the band is that of the trust: how much of it
is the person's own is not stated, so it bounds the share from above only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.context import Context
from spillover.loaders.uk_psc.owners import Properties
from spillover.loaders.uk_psc.record import TABLES, text

_BANDS: Final = {band: parse_stake(said) for band, said in TABLES["bands"].items()}
_FOREIGN: Final = "gb-coh:OE"
"""How the ids of overseas entities begin: their owners may be older than the register."""


def claims(
    data: Any, ends: tuple[Entity, Entity], details: Properties, context: Context
) -> Iterator[Relation]:
    """One claim for each nature of control; an unknown share where none is stated.

    Args:
        data: the record.
        ends: owner and company.
        details: what is said of this notification.
        context: of the load.

    Raises:
        InputError: it has ended, and nothing says by when.
    """
    owner, company = ends
    natures = data.get("natures_of_control") or []
    if not isinstance(natures, list) or not all(isinstance(one, str) for one in natures):
        raise InputError(f"natures_of_control is {str(natures)[:80]!r}, no list of texts")
    start, end = _time(data, ends, context)
    reason = owner.properties.get("reason", ())
    evidence = context.evidence(
        text(data.get("links"), "self") or owner.id,
        url=TABLES["page"].format(company.identifiers[0][1]),
        observed=context.state["snapshot"].observed,
        note="; ".join(reason),
    )
    claim = Relation("OWNS", owner.id, company.id, None, "", start, end, evidence)
    if not natures:
        if not reason:
            context.note("no nature of control", "kept as an unknown share", owner.id)
        yield claim._replace(properties=details)
    for code in natures:
        yield _claim(str(code), claim._replace(properties={**details, "nature": (code,)}), context)


def _time(
    data: Any, ends: tuple[Entity, Entity], context: Context
) -> tuple[str | None, str | None]:
    """From when until when the person has been notified as one with significant control."""
    owner, company = ends
    start, end = text(data, "notified_on"), text(data, "ceased_on")
    if data.get("ceased") is True and not end:
        end = context.state["snapshot"].observed or context.dataset.date
        if not end:
            raise InputError("ceased on a day that is not stated; give --date")
        context.note("ceased on a day that is not stated", "ends with the snapshot", owner.id)
    if start and start < TABLES["began"] and not company.id.startswith(_FOREIGN):
        context.note("notified before the register began", start[:4], owner.id)
    return start or None, end or None


def _claim(code: str, claim: Relation, context: Context) -> Relation:
    """The claim of one nature of control; a link by its own name where the code is unknown."""
    row: list[str] = context.code("natures", code, claim.source) or ["LINKED_TO"]
    kind, basis, band, through = (*row, *[""] * (4 - len(row)))
    properties: Properties = {**claim.properties}
    if kind in {"LINKED_TO", "REPRESENTS"}:
        properties["role"] = (code,)
    if through:
        properties["through"] = (TABLES["through"][through],)
    if kind == "REPRESENTS":  # the company holds land for the person
        claim = claim._replace(source=claim.target, target=claim.source)
    if kind == "OWNS":
        stake = _BANDS[band]
        if through:
            # A name of its own keeps it from widening what the same person holds directly.
            properties["joint"] = (f"through a {through}, {claim.source}",)
            stake = Stake(0, stake.high)
        claim = claim._replace(stake=stake, stake_text=code)
    evidence = claim.evidence._replace(note=code)
    return claim._replace(kind=kind, basis=basis, evidence=evidence, properties=properties)
