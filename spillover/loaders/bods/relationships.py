"""What does a statement about ownership or control claim, and how large is the share.

The interested party is the owner, the subject the asset. An indirect interest repeats a chain of
others, whether or not its components are given, and is never summed with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.evidence import CONFIDENCES, Evidence
from spillover.graph.schema import KINDS, Entity, Relation
from spillover.graph.stake import Stake, parse_stake, stake_of_bounds
from spillover.loaders.bods import parties, phrases
from spillover.loaders.bods.statements import Node, Statement, camel
from spillover.loaders.bods.versions import Versions
from spillover.loaders.context import Context

Bound = str | int | Decimal | None

_BOUNDS: Final = ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_DESCRIBED: Final = ("describedByEntityStatement", "describedByPersonStatement")
_NOBODY: Final = "noBeneficialOwners"
_ANY: Final = {"kind": "OWNS", "basis": "interest", "role": "interest not stated"}
"""What an interest of which nothing is said may be."""


class End(NamedTuple):
    """One end of a relationship."""

    id: str
    made: tuple[Entity, ...] = ()
    """Who stands in its place where nobody is named."""
    reason: str = ""
    """Why nobody is named."""
    more: str = ""


def told(statement: Statement, versions: Versions, context: Context) -> Iterator[Entity | Relation]:
    """One claim for each interest.

    Raises:
        InputError: an end, an interest, a share or a date that cannot be read.
    """
    owner = _end("interestedParty", statement, versions, context)
    asset = _end("subject", statement, versions, context)
    yield from (*owner.made, *asset.made)
    components = (
        *statement.details.texts("componentRecords"),
        *statement.details.texts("componentStatementIDs"),
    )
    if components and statement.details.flag("isComponent") == "true":
        context.note("a component with components", statement.record, statement.id)
    evidence = _evidence(statement, context, owner.more or asset.more)
    said = phrases.gathered(phrases.source(statement.about))
    for interest in _interests(statement, context):
        meaning = _meaning(interest, owner, context)
        stake, text = _share(interest)
        has_share = bool(KINDS[meaning["kind"]].bases)
        properties = said | {
            "beneficial": (interest.flag("beneficialOwnershipOrControl"),),
            "component": (statement.details.flag("isComponent").removesuffix("false"),),
            "recordStatus": ("closed" if statement.status == "closed" else "",),
            "role": (meaning.get("role", ""),),
            "share": ("" if has_share else text,),
            "components": components,
        }
        yield Relation(
            meaning["kind"],
            owner.id,
            asset.id,
            stake if has_share else None,
            meaning.get("basis", ""),
            interest.text("startDate") or None,
            interest.text("endDate") or _closed(statement) or None,
            _noted(evidence, interest.text("details"), meaning),
            reported_indirect=_indirect(interest, components),
            stake_text=text if has_share else "",
            properties={name: values for name, values in properties.items() if any(values)},
        )


def _noted(evidence: Evidence, details: str, meaning: dict[str, Any]) -> Evidence:
    note = "; ".join(filter(None, (details, evidence.note)))
    return evidence._replace(note=note, stance=meaning.get("stance", "asserts"))


def _end(name: str, statement: Statement, versions: Versions, context: Context) -> End:
    """Who stands at one end.

    Raises:
        InputError: nobody is named there, and no reason is given.
    """
    value = statement.details.values.get(name)
    if isinstance(value, str) and value.strip():
        return End(versions.id(value))
    node = statement.details.at(name)
    for key in _DESCRIBED:
        if node.text(key):
            return End(versions.id(node.text(key)))
    why = node.at("unspecified") if "unspecified" in node.values else node
    if not why.text("reason"):
        raise InputError(f"{name} is {str(value)[:80]!r}; expected a record, or why there is none")
    own = versions.id(f"{statement.record}#{name}")
    more = ", ".join(filter(None, (why.text("description"), why.text("details"))))
    context.note("nobody named", f"{name}: {camel(why.text('reason'))}", statement.id)
    return End(own, (parties.not_named(own, why),), camel(why.text("reason")), more)


def _interests(statement: Statement, context: Context) -> list[Node]:
    """The interests; where none is given, one of which nothing is said."""
    values = statement.details.values.get("interests")
    if values is not None and not isinstance(values, list):
        raise InputError(f"interests is {str(values)[:80]!r}; expected a list")
    found = statement.details.several("interests")
    kinds = Counter((one.text("type"), _level(one)) for one in found)
    for (kind, _), times in kinds.items():
        if times > 1:
            context.note("several interests of one type", kind or "not stated", statement.id)
    return found or [Node({}, context)]


def _meaning(interest: Node, owner: End, context: Context) -> dict[str, Any]:
    """What an interest becomes.

    Raises:
        InputError: its type is not known.
    """
    kind = interest.text("type")
    if not kind:
        found = _ANY
        if owner.reason == _NOBODY:
            found = _ANY | {"stance": "denies", "role": "no beneficial owner"}
        return found
    meaning: dict[str, Any] | None = context.code("interestTypes", camel(kind), kind)
    if meaning is None:
        raise InputError(f"interest of type {kind[:80]!r} is not known; see the standard's list")
    return meaning


def _share(interest: Node) -> tuple[Stake | None, str]:
    """The share and the text of it; None where none is given.

    Raises:
        StakeError: a bound is no number from 0 to 100, or the bounds contradict each other.
    """
    value = interest.values.get("share")
    if value is None:
        return None, ""
    if not isinstance(value, dict):
        raise InputError(f"share is {str(value)[:80]!r}; expected an object")
    said = {name: value[name] for name in _BOUNDS if value.get(name) is not None}
    for name, bound in said.items():
        if not isinstance(bound, (str, int, Decimal)):
            raise InputError(f"{name} of the share is {str(bound)[:80]!r}; expected a number")
    if not said:
        return None, ""
    exact = said.pop("exact", None)
    stake = _between(*(said.get(name) for name in _BOUNDS[1:]))
    bounds = ", ".join(f"{name} {str(one).lower()}" for name, one in said.items())
    if exact is None:
        return stake, bounds
    found = parse_stake(exact if isinstance(exact, bool) else str(exact))
    if not stake.low <= found.low <= found.high <= stake.high:
        raise InputError(f"the share {exact} lies outside its own bounds ({bounds})")
    return found, str(exact)


# Registers have few bands for millions of statements; typed, as true is not 1.
@lru_cache(maxsize=4096, typed=True)
def _between(minimum: Bound, maximum: Bound, *exclusive: Bound) -> Stake:
    low, high = exclusive
    return stake_of_bounds(minimum, maximum, exclusive_minimum=low, exclusive_maximum=high)


def _closed(statement: Statement) -> str:
    """The last day of what a closed record says.

    Raises:
        InputError: it does not say when it was closed.
    """
    if statement.status != "closed":
        return ""
    if not statement.date:
        raise InputError("a closed record without a statementDate; give the day it was closed")
    return statement.date


def _level(interest: Node) -> str:
    """``direct``, ``indirect``, ``unknown``, or empty."""
    name = "interestLevel" if "interestLevel" in interest.values else "directOrIndirect"
    return interest.code(name, "levels") or ""


def _indirect(interest: Node, components: tuple[str, ...]) -> bool:
    level = _level(interest)
    return level == "indirect" or (level != "direct" and bool(components))


def _evidence(statement: Statement, context: Context, note: str) -> Evidence:
    about = statement.about
    origin = about.at("source")
    return context.evidence(
        statement.id,
        url=origin.text("url"),
        publisher=about.at("publicationDetails").at("publisher").text("name"),
        observed=statement.date,
        confidence=max(origin.codes("type", "sourceTypes"), key=CONFIDENCES.index, default=None),
        note=note,
    )
