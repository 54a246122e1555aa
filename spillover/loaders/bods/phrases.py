"""How do the parts of a statement that occur in several kinds of it read as words.

An identifier, an address, a place, a reason why nobody is named, and where the statement is from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spillover.loaders.bods.statements import Node, Statement
from spillover.loaders.context import Context

Pairs = Iterator[tuple[str, str]]


def reason(node: Node) -> str:
    """Why nobody is named, in words; an unknown code as it stands."""
    return node.code("reason", "unspecifiedReasons") or node.text("reason")


def reasons(node: Node) -> tuple[str, ...]:
    """The code of the reason, and what is said beside it."""
    return node.each("reason", "description", "details")


def unspecified(said: Node, details: str) -> Pairs:
    """Why an entity or person is not named, as properties."""
    yield "unspecified", joined(*reasons(said.at(details)))
    yield "unspecified", said.text("missingInfoReason")


def common(statement: Statement) -> Pairs:
    """What statements of all kinds may say beside their matter."""
    said, about = statement.details, statement.about
    if said.flag("isComponent") == "true":
        yield "component", "true"
    if statement.status == "closed":
        yield "recordStatus", f"closed {statement.date}".strip()
    for one in said.several("identifiers"):
        yield "registered", joined(*one.each("scheme", "schemeName", "id", "uri"))
    for one in said.several("addresses"):
        one.code("type", "addressTypes")
        yield "address", address(one)
    about.at("source").codes("type", "sourceTypes")
    yield from source(about)


def source(about: Node) -> Pairs:
    """What the envelope says of where a statement comes from."""
    origin = about.at("source")
    yield "source", origin.text("description")
    yield "retrievedAt", origin.text("retrievedAt")
    for one in origin.several("assertedBy"):
        yield "assertedBy", joined(*one.each("name", "uri"))
    for one in about.several("annotations"):
        one.code("motivation", "motivations")
        yield "annotation", joined(*one.each("motivation", "description", "url"))


def joined(*parts: str) -> str:
    """The parts that are not empty, each once."""
    return ", ".join(part for part in dict.fromkeys(parts) if part)


def gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Properties by name, without empty and repeated ones."""
    found: dict[str, dict[str, None]] = {}
    for name, value in pairs:
        if value:
            found.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in found.items()}


def identifiers(said: Node, context: Context) -> Pairs:
    """Identifiers by our schemes."""
    schemes, ends = context.manifest.tables["schemes"], context.manifest.tables["personSchemes"]
    for one in said.several("identifiers"):
        scheme, value = one.text("scheme"), one.text("id").strip()
        if not scheme and not one.text("schemeName"):
            context.note("identifier without a scheme", value, value)
        ours = schemes.get(scheme) or ends.get(scheme.partition("-")[2], "register")
        if value:
            yield ours, value


def address(one: Node) -> str:
    """``registered: 1 High Street, AB1 2CD, United Kingdom``."""
    where, kind = place(one), one.text("type")
    return f"{kind}: {where}" if kind and where else where


def place(one: Node) -> str:
    """An address without what it is the address for."""
    code = one.text("postCode") or one.text("postcode")
    return joined(one.text("address").strip(), code, *_country_texts(one)[-1:])


def _country_texts(one: Node) -> tuple[str, ...]:
    """Code and name of the country of an address; before 0.4 the code alone."""
    value = one.values.get("country")
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    return tuple(filter(None, one.at("country").each("code", "name")))


def address_countries(said: Node, context: Context) -> Iterator[str]:
    """The country of each address."""
    for one in said.several("addresses"):
        for text in _country_texts(one)[:1]:
            yield context.country(text)


def country(node: Node, context: Context) -> str:
    """The country of a jurisdiction or nationality, by its code, else by its name."""
    code, name = node.text("code").partition("-")[0], node.text("name")
    return context.country(code or name)


def countries(found: Iterable[str]) -> tuple[str, ...]:
    """The countries that are known, each once."""
    return tuple(dict.fromkeys(code for code in found if code))
