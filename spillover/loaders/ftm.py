"""What do FollowTheMoney JSON lines say: entities, and the links between them.

Missing percentages stay missing. A link with several owners or assets does not say how the share
is divided among them, so each pair gets anything up to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from spillover.graph.dates import day_range
from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS, Entity, Name, Relation
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import lines

Properties = dict[str, list[str]]
Found = tuple[Entity | Relation, ...]

_TABLES: Final = manifest("ftm").tables
_SCHEMATA: Final[dict[str, str]] = _TABLES["schemata"]
_IDENTIFIERS: Final[dict[str, str]] = _TABLES["identifiers"]
_NAMES: Final[dict[str, str]] = _TABLES["names"]
_COUNTRIES: Final[list[str]] = _TABLES["countries"]
_ENVELOPE: Final = frozenset(_TABLES["envelope"])
_LINKS: Final[dict[str, tuple[str, str, str]]] = {
    kind.ftm[0]: (kind.name, kind.ftm[1], kind.ftm[2]) for kind in KINDS.values() if kind.ftm
} | {schema: tuple(link) for schema, link in _TABLES["links"].items()}
_OPERATIONS: Final = ("ADD", "MOD", "DEL")
_HAS: Final = {True: "has already", False: "does not have"}
_DECODER: Final = msgspec.json.Decoder()


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, bytes]]:  # noqa: ARG001 - the contract of all sources
    """Every line of the files; a last line that is cut off refuses the file."""
    if not parts:
        raise InputError("ftm: name a file of FollowTheMoney JSON lines")
    for part in parts:
        name = part.name
        held: tuple[int, bytes] | None = None
        for number, line in lines(part):
            if held:
                yield name, f"line {held[0]}", held[1]
            held = number, line
        if held:
            _whole(part, *held)
            yield name, f"line {held[0]}", held[1]


def _whole(part: Part, number: int, line: bytes) -> None:
    try:
        _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"{part}: line {number}, the last, is cut off or no JSON ({error}); fetch it again"
        ) from error


def transform(record: bytes, context: Context) -> Iterable[Entity | Relation]:
    """The entity or the links that one line states.

    Raises:
        InputError: not a FollowTheMoney entity, or a value that cannot be read.
    """
    data = _object(record)
    if "op" in data:
        data = _renewed(data, context)
        if not data:
            return ()
    entity_id, schema, properties, caption = _opened(data, context)
    if schema in _SCHEMATA:
        return (_entity(entity_id, schema, properties, caption),)
    if schema == "Sanction":
        return _designation(entity_id, properties, context)
    if schema in _LINKS:
        return _links(entity_id, schema, properties, context)
    if schema in _TABLES["ignored"]:
        context.ignore(f"schema {schema}", entity_id)
        return ()
    raise InputError(f"schema {schema!r} is not known to this loader")


def _object(record: bytes) -> dict[str, Any]:
    try:
        data = _DECODER.decode(record)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"no JSON in UTF-8: {error}") from None
    if not isinstance(data, dict):
        raise InputError("not an object; expected a FollowTheMoney entity")
    return data


def _renewed(data: dict[str, Any], context: Context) -> dict[str, Any]:
    """The entity that a line of a delta adds or changes; empty when it takes one away."""
    operation, entity = data.get("op"), data.get("entity")
    if not isinstance(entity, dict) or not isinstance(entity.get("id"), str):
        raise InputError("a delta without an entity, or without its id")
    if operation not in _OPERATIONS:
        raise InputError(f"operation {operation!r}; a delta has {', '.join(_OPERATIONS)}")
    entity_id: str = entity["id"]
    there = entity_id in context.held
    if there == (operation == "ADD"):
        context.note(f"{operation} of an entity that the dataset", _HAS[there], entity_id)
    context.renew(entity_id)
    if operation == "DEL":
        taken = context.merge if there else context.ignore
        taken("taken away by the delta", entity_id)
        return {}
    return entity


def _opened(data: dict[str, Any], context: Context) -> tuple[str, str, Properties, str]:
    """Id, schema, properties and caption of an entity; everything else about it is audited."""
    entity_id, schema = data.pop("id", None), data.pop("schema", None)
    properties = data.pop("properties", None)
    if not isinstance(entity_id, str) or not entity_id or not isinstance(schema, str):
        raise InputError("no id or no schema; expected a FollowTheMoney entity")
    if not isinstance(properties, dict):
        raise InputError("no properties; expected a FollowTheMoney entity")
    _listed(properties)
    caption = data.get("caption")
    for name in data.keys() - _ENVELOPE:
        context.note("unknown field", name, repr(data[name])[:200])
    return entity_id, schema, properties, caption if isinstance(caption, str) else ""


def _listed(properties: dict[str, Any]) -> None:
    """Refuse properties that are not lists of texts; plain loops, as every value passes here."""
    for name, values in properties.items():
        if type(values) is not list:
            raise InputError(f"property {name[:80]!r} is not a list of texts")
        for value in values:
            if type(value) is not str:
                raise InputError(_wrong_value(name, value))


def _wrong_value(name: str, value: object) -> str:
    if isinstance(value, dict):
        return f"property {name[:80]!r} holds whole entities; export them flat, by id"
    return f"property {name[:80]!r} is not a list of texts"


def _entity(entity_id: str, schema: str, properties: Properties, caption: str) -> Entity:
    names = [
        Name(text, role=role)
        for prop, role in _NAMES.items()
        if prop in properties
        for text in properties.pop(prop)
        if text
    ]
    name = caption or (names[0].text if names else entity_id)
    countries = dict.fromkeys(
        code.lower()
        for prop in _COUNTRIES
        if prop in properties
        for code in properties.pop(prop)
        if code
    )
    identifiers = dict.fromkeys(
        (_IDENTIFIERS[prop], value)
        for prop in sorted(_IDENTIFIERS.keys() & properties.keys())
        for value in properties.pop(prop)
        if value.strip()
    )
    topics = tuple(properties.pop("topics", ()))
    return Entity(
        entity_id,
        _SCHEMATA[schema],
        name,
        tuple(other for other in names if other.text != name),
        tuple(countries),
        tuple(identifiers),
        topics,
        {key: tuple(values) for key, values in properties.items()},
    )


def _links(
    entity_id: str, schema: str, properties: Properties, context: Context
) -> Iterator[Relation]:
    kind, source_property, target_property = _LINKS[schema]
    sources = properties.pop(source_property, [])
    targets = properties.pop(target_property, [])
    if not sources or not targets:
        missing = source_property if not sources else target_property
        raise InputError(f"{schema} {entity_id!r} has no {missing}")
    stake, text = _stake(properties) if KINDS[kind].bases else (None, "")
    if len(sources) * len(targets) > 1:
        context.note("link with several ends", schema, entity_id)
        if stake:
            stake = Stake(0, stake.high)
    start, end, observed = _dates(properties)
    evidence = context.evidence(
        entity_id,
        url=_first(properties, "sourceUrl", "publisherUrl", "alephUrl"),
        publisher=_first(properties, "publisher"),
        observed=observed,
        note=_first(properties, "summary", "description"),
    )
    if kind == "LINKED_TO" and schema != "UnknownLink":
        properties["schema"] = [schema]
    rest = {key: tuple(values) for key, values in properties.items()}
    for source in sources:
        for target in targets:
            yield Relation(
                kind,
                source,
                target,
                stake,
                "interest" if stake else "",
                start,
                end,
                evidence,
                stake_text=text,
                properties=rest,
            )


def _stake(properties: Properties) -> tuple[Stake | None, str]:
    """The hull of all printed percentages; None when none is printed."""
    texts = [text for text in properties.pop("percentage", ()) if text.strip()]
    if not texts:
        return None, ""
    stakes = [parse_stake(text) for text in texts]
    if len(stakes) == 1:
        return stakes[0], texts[0]
    hull = Stake(min(s.low for s in stakes), max(s.high for s in stakes))
    return hull, "; ".join(texts)


def _dates(properties: Properties) -> tuple[str | None, str | None, str | None]:
    """Start, end and observation; of several the widest, and the latest observation."""
    seen = (*properties.pop("retrievedAt", ()), *properties.get("date", ()))
    return (
        min(_checked(properties.pop("startDate", ())), key=_first_day, default=None),
        max(_checked(properties.pop("endDate", ())), key=_last_day, default=None),
        max(_checked(seen), key=_first_day, default=None),
    )


def _first_day(text: str) -> int:
    return day_range(text)[0]


def _last_day(text: str) -> int:
    return day_range(text)[1]


def _checked(texts: Sequence[str]) -> list[str]:
    """The dates that are not blank, each one readable."""
    found = [text for text in texts if text.strip()]
    for text in found:
        day_range(text)
    return found


def _designation(entity_id: str, properties: Properties, context: Context) -> Found:
    """A Sanction has one party: each programme at the other end becomes an entity."""
    entities = properties.pop("entity", [])
    if not entities:
        raise InputError(f"Sanction {entity_id!r} has no entity")
    programmes = _programmes(properties)
    start, end, observed = _dates(properties)
    listed = _checked(properties.get("listingDate", ()))
    evidence = context.evidence(
        entity_id,
        url=_first(properties, "sourceUrl"),
        publisher=_first(properties, "authority"),
        observed=observed,
        note=_first(properties, "reason", "summary"),
    )
    rest = {name: tuple(values) for name, values in properties.items()}
    return (
        *programmes,
        *(
            Relation(
                "DESIGNATES",
                programme.id,
                target,
                start=start or min(listed, default=None),
                end=end,
                evidence=evidence,
                properties=rest,
            )
            for programme in programmes
            for target in entities
        ),
    )


def _programmes(properties: Properties) -> list[Entity]:
    """The programmes of a Sanction: by key when it has keys, else by the title as an id."""
    keys = [key for key in properties.get("programId", ()) if key]
    if keys:
        return [Entity(key, "Programme", key) for key in dict.fromkeys(keys)]
    title = _first(properties, "program", "authority") or "unnamed programme"
    return [Entity(name_id(title, "programme"), "Programme", title)]


def _first(properties: Properties, *names: str) -> str:
    for name in names:
        values: Any = properties.get(name)
        if values:
            return str(values[0])
    return ""
