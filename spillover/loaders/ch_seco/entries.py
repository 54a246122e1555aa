"""What does one target of the Swiss list say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.ch_seco.files import Folded, Target
from spillover.loaders.ch_seco.listing import Span, programmes, sets, spans
from spillover.loaders.ch_seco.names import names, titles
from spillover.loaders.ch_seco.said import Said, attribute, joined, kept, nested, texts
from spillover.loaders.context import Context, leaves

_KINDS: Final = ("individual", "entity", "object")
_UN_NUMBER: Final = re.compile(r"[A-Z]{2}[ie]\.\d{3}", re.IGNORECASE)
_LABELLED: Final = {
    "imo": re.compile(r"IMO [Nn]umber ?: ?(\d{7})\.?"),
    "tax": re.compile(r"Taxpayer [Ii]dentification [Nn]umber ?: ?(\d+)\.?"),
    "register": re.compile(r"(?:State |Business )?[Rr]egistration number ?: ?(\d+)\.?"),
}
_ADDRESS: Final = ("c-o", "address-details", "p-o-box", "zip-code")


def transform(record: Target | Folded, context: Context) -> Iterable[Entity | Relation]:
    """The person, organisation or thing, its listings, and its links to other targets.

    Raises:
        InputError: no number, no name or no type, or an unreadable day of listing.
    """
    if isinstance(record, Folded):
        context.merge(record.kind, record.key)
        return []
    target = dict(record.said)
    kind = next((kind for kind in _KINDS if kind in target), "")
    key = attribute(target, "ssid")
    details = next(iter(nested(target, kind)), None)
    if not key or details is None:
        raise InputError(f"target {key!r} is neither individual, entity nor object, or has no ssid")
    around = {name: value for name, value in target.items() if name != kind}
    context.survey(dict(leaves(around)), "target")
    inside = {name: value for name, value in details.items() if name != "identity"}
    context.survey(dict(leaves(inside)), "details")
    for identity in nested(details, "identity"):
        context.survey(dict(leaves(identity)), "identity")
    subject = _Subject(record, key, kind, details, spans(record, key, context))
    entity = _entity(subject, context)
    return [
        entity,
        *_listings(subject, entity.id, context),
        *_links(details, entity.id, record.generated, context),
    ]


class _Subject(NamedTuple):
    """A target, what it is, and when it was listed."""

    target: Target
    key: str
    kind: str
    details: Said
    times: list[Span]


def _entity(subject: _Subject, context: Context) -> Entity:
    target, key, kind, details, times = subject
    schema = context.manifest.tables["schemata"].get(kind)
    if not schema:
        schema = context.code("objectTypes", attribute(details, "object-type"), key) or "Asset"
    identities = sorted(
        nested(details, "identity"), key=lambda one: attribute(one, "main") != "true"
    )
    called = [
        name
        for number, identity in enumerate(identities)
        for name in names(identity, context, main=number == 0)
    ]
    if not called:
        raise InputError(f"{key} has no name; expected a name-part with a value")
    called.sort(key=lambda name: name.role != "name" or bool(name.lang))
    numbers, documents = _documents(identities, context)
    notes = texts(details, "other-information")
    foreign = texts(target.said, "foreign-identifier")
    properties = {
        "title": [text for one in identities for text in titles(one)],
        "gender": [attribute(details, "sex")],
        "address": [place for one in identities for place in _places(one, "address", target)],
        "birthPlace": [
            place for one in identities for place in _places(one, "place-of-birth", target)
        ],
        "nationality": [text for _, text in _nationalities(identities)],
        "document": documents,
        "foreignIdentifier": foreign,
        "notes": notes,
        **_days(identities, schema, key, context),
    }
    return Entity(
        f"ch-seco:{key}",
        schema,
        called[0].text,
        tuple(name for name in dict.fromkeys(called[1:]) if name.text != called[0].text),
        tuple(dict.fromkeys(_countries(identities, schema, target, context))),
        tuple(
            dict.fromkeys(
                (
                    ("ch-seco", key),
                    *_united(foreign, schema, context),
                    *numbers,
                    *_labelled(notes, schema),
                )
            )
        ),
        ("sanction",) if times and times[-1].end is None else (),
        kept(properties),
    )


def _united(foreign: list[str], schema: str, context: Context) -> Iterator[tuple[str, str]]:
    """UN reference numbers; the third letter tells a person from anything else."""
    for text in filter(_UN_NUMBER.fullmatch, foreign):
        if (text[2].lower() == "i") == (schema == "Person"):
            yield "un-sc", text
        else:
            context.note("UN reference number of another kind of party", text, schema)


def _labelled(notes: list[str], schema: str) -> Iterator[tuple[str, str]]:
    """Identifiers that a note is nothing but the label and number of; a firm's ship has the IMO."""
    for scheme, pattern in _LABELLED.items():
        if (scheme == "imo") == (schema == "Vessel"):
            yield from ((scheme, m[1]) for text in notes if (m := pattern.fullmatch(text)))


def _documents(identities: list[Said], context: Context) -> tuple[list[tuple[str, str]], list[str]]:
    identifiers, told = [], []
    fields = ("number", "issuer", "date-of-issue", "expiry-date", "remark", "remarks")
    for document in (one for i in identities for one in nested(i, "identification-document")):
        kind, text = attribute(document, "document-type"), joined(document, *fields)
        scheme = context.code("documentTypes", kind, text) if kind else ""
        identifiers += [(scheme, number) for number in texts(document, "number") if scheme]
        days = [
            f"{field} {_day(one)}"
            for field in ("date-of-issue", "expiry-date")
            for holder in nested(document, field)
            for one in nested(holder, "day-month-year")
        ]
        told.append(", ".join(filter(None, (kind, text, *days))))
    return identifiers, told


def _days(identities: list[Said], schema: str, key: str, context: Context) -> dict[str, list[str]]:
    """Days of birth of a person, of foundation of an organisation; weak ones as a note."""
    word = "birthDate" if schema == "Person" else "incorporationDate"
    found: dict[str, list[str]] = {word: [], f"{word}Note": []}
    for one in (day for identity in identities for day in nested(identity, "day-month-year")):
        text, calendar = _day(one), attribute(one, "calendar")
        strong = context.code("qualities", attribute(one, "quality"), key)
        ours = context.code("calendars", calendar, key)
        try:
            day_range(text)
        except DateError:
            context.note("unreadable date", text, key)
            continue
        if ours and strong is not False:
            found[word].append(text)
        else:
            found[f"{word}Note"].append(f"{text} ({'weak' if ours else calendar})")
    return found


def _day(said: Said) -> str:
    """A day as exact as its attributes are."""
    parts = []
    for name in ("year", "month", "day"):
        text = attribute(said, name)
        if text in {"", "0"}:
            break
        parts.append(text.zfill(2) if text.isdigit() else text)
    return "-".join(parts)


def _places(identity: Said, child: str, target: Target) -> Iterator[str]:
    for one in nested(identity, child):
        place = target.places.get(attribute(one, "place-id"), {})
        lines = joined(one, *_ADDRESS), joined(place, "location", "area", "country")
        yield ", ".join(filter(None, (*lines, joined(one, "remarks"))))


def _nationalities(identities: list[Said]) -> Iterator[tuple[str, str]]:
    """(code, text) of every nationality."""
    for one in (n for identity in identities for n in nested(identity, "nationality")):
        for country in nested(one, "country"):
            yield attribute(country, "iso-code"), str(country.get("#text", ""))


def _countries(
    identities: list[Said], schema: str, target: Target, context: Context
) -> Iterator[str]:
    """Countries of the nationalities of a person, and of the addresses of others."""
    if schema == "Person":
        found = list(_nationalities(identities))
    else:
        ids = (attribute(a, "place-id") for i in identities for a in nested(i, "address"))
        countries = (c for one in ids for c in nested(target.places.get(one, {}), "country"))
        found = [(attribute(c, "iso-code"), str(c.get("#text", ""))) for c in countries]
    return filter(None, (context.country(code or text) for code, text in found))


def _listings(subject: _Subject, entity: str, context: Context) -> Iterator[Entity | Relation]:
    target, key, _, details, times = subject
    measures = sets(target, key, context)
    reasons = texts(details, "justification")
    evidence = context.evidence(key, observed=target.generated, note=" ".join(reasons))
    properties = kept(
        {
            "program": [one.programme for one in measures],
            "measure": [one.text for one in measures],
            "ordinance": [one.name for one in measures],
            "origin": [one.origin for one in measures],
        }
    )
    for programme in programmes(measures, context):
        yield programme
        for start, end in times:
            yield Relation(
                "DESIGNATES",
                programme.id,
                entity,
                start=start,
                end=end,
                evidence=evidence,
                properties=properties,
            )


def _links(details: Said, entity: str, generated: str, context: Context) -> Iterator[Relation]:
    """The relations that a target states; it is their source end."""
    for one in nested(details, "relation"):
        other, kind = attribute(one, "target-id"), attribute(one, "relation-type")
        if not other:
            raise InputError(f"a relation {kind!r} without target-id; it needs its other end")
        known = context.code("relationTypes", kind, f"{entity} {other}")
        yield Relation(
            known or "LINKED_TO",
            entity,
            f"ch-seco:{other}",
            evidence=context.evidence(
                attribute(one, "ssid") or entity,
                observed=generated,
                note=" ".join([str(one.get("#text", "")), *texts(one, "remark")]).strip(),
            ),
            properties={} if known else {"role": (kind,)},
        )
