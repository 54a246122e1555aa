"""Under which names does the Swiss list know a target.

A name is made of parts in a stated order. A part has a value and spelling variants, each in a
language and script; a variant of the whole name exists where all parts have one, or where the
script is the Latin one, in which the value of a part can stand beside variants of others.
"""

from __future__ import annotations

from collections.abc import Iterator

from spillover.graph.schema import Name
from spillover.loaders.ch_seco.said import Said, attribute, nested, texts
from spillover.loaders.context import Context

Culture = tuple[str, str]


def names(identity: Said, context: Context, *, main: bool) -> Iterator[Name]:
    """The names of one identity; the primary name of another than the main one is an alias."""
    for name in nested(identity, "name"):
        kind = attribute(name, "name-type")
        role = context.code("nameTypes", kind, attribute(name, "ssid")) or "alias"
        if role == "name" and not main:
            role = "alias"
        if context.code("qualities", attribute(name, "quality"), attribute(name, "ssid")) is False:
            role = "weak"
        parts = [part for part in _ordered(name, context) if not _title(part)]
        plain = " ".join(text for part in parts for text in texts(part, "value")[:1])
        if plain:
            yield Name(plain, role=role)
        for language, text in _variants(parts):
            if text != plain:
                yield Name(text, language, role)


def titles(identity: Said) -> list[str]:
    """The titles that stand among the parts of names."""
    parts = (part for name in nested(identity, "name") for part in nested(name, "name-part"))
    return [text for part in parts if _title(part) for text in texts(part, "value")]


def _title(part: Said) -> bool:
    return attribute(part, "name-part-type") == "title"


def _ordered(name: Said, context: Context) -> list[Said]:
    parts = nested(name, "name-part")
    for part in parts:
        context.code("nameParts", attribute(part, "name-part-type"), attribute(name, "ssid"))
    numbers = [attribute(part, "order") for part in parts]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        return parts
    return sorted(parts, key=lambda part: int(attribute(part, "order")[:9]))


def _variants(parts: list[Said]) -> Iterator[tuple[str, str]]:
    """(language, whole name) of every way to spell all parts."""
    for culture in dict.fromkeys(key for part in parts for key, _ in _spelled(part)):
        columns = []
        for part in parts:
            spelled = [text for key, text in _spelled(part) if key == culture]
            if not spelled and culture[1] in {"", "LATN"}:
                spelled = texts(part, "value")[:1]
            columns.append(spelled)
        if all(columns):
            for number in range(max(map(len, columns))):
                words = (column[min(number, len(column) - 1)] for column in columns)
                yield culture[0], " ".join(words)


def _spelled(part: Said) -> Iterator[tuple[Culture, str]]:
    """((language, script), text) of the spelling variants of a part."""
    for variant in part.get("spelling-variant", []):
        if isinstance(variant, str):
            if variant:
                yield ("", ""), variant
        elif text := str(variant.get("#text", "")):
            culture = attribute(variant, "lang").lower(), attribute(variant, "script").upper()
            yield culture, text
