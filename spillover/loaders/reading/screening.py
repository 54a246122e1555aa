"""What does one record of the US Consolidated Screening List hold.

The list is published as a table, whose cells hold several values between semicolons, and as JSON
with the same fields. Both become one :class:`Party`. What its codes mean is for the loaders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import InputError
from spillover.loaders.reading.countries import alpha2
from spillover.loaders.reading.days import month
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.text import Ragged, records, rows

_WRITTEN: Final = re.compile(r"(?:(\d{1,2}) )?([A-Za-z]{3})[a-z]* (\d{4})", re.ASCII)
_CODE: Final = re.compile(r"\(([A-Z0-9-]+)(?: List)?\)")
_SHORT: Final = ("PRC", "UAE", "USA")
"""Countries of three letters that addresses end with; other words of three are no code for sure."""
_ALSO_PLACES: Final = ("georgia", "jersey", "lebanon", "guernsey")
"""Countries whose name alone may be a state or a town of the United States."""
_ADDRESS: Final = ("address", "city", "state", "postal_code", "country")
_IDENTIFIER: Final = ("number", "country", "issue_date", "expiration_date")
Record = dict[str, Any] | Ragged


class Address(NamedTuple):
    """One address as it is printed, and the country that it ends with."""

    text: str
    country: str


class Identifier(NamedTuple):
    """One entry of the column ``ids``: a number under a label, or a remark under one."""

    label: str
    """Without the signs that end it."""
    value: str
    """Up to the first comma, which stands before a country or a date."""
    rest: str
    """All that stands behind the label."""
    country: str
    """Code of who issued it, where it is printed."""
    printed: str


class Party(NamedTuple):
    """One listing of one party."""

    key: str
    source: str
    code: str
    """Short name of the list, as its title has it in brackets."""
    number: str
    """Of the party at OFAC; empty in lists of others."""
    schema: str
    name: str
    names: tuple[str, ...]
    programs: tuple[str, ...]
    addresses: tuple[Address, ...]
    ids: tuple[Identifier, ...]
    start: str
    end: str
    texts: Mapping[str, tuple[str, ...]]
    """The other fields that hold something."""


def is_json(part: Part) -> bool:
    """Whether a file starts like JSON."""
    with opened(part) as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def header(part: Part, encoding: str) -> list[str]:
    """The columns of a table; none of an empty file.

    Raises:
        InputError: the file is no table in that encoding.
    """
    return [cell.strip() for cell in next(rows(part, encoding), (0, []))[1]]


def listings(
    part: Part, encoding: str, around: Callable[[dict[str, Any]], None] | None = None
) -> Iterator[tuple[str, Record]]:
    """(position, record) of every listing in a file, JSON or table.

    Args:
        part: the file.
        encoding: of a table.
        around: told what stands beside the listings of JSON.

    Raises:
        InputError: the file is neither, or has none of the columns that make a listing.
    """
    if is_json(part):
        for position, record in documents(part, ("results",), around):
            yield position, record if isinstance(record, dict) else {"": record}
        return
    missing = [
        name for name in ("source", "name", "alt_names") if name not in header(part, encoding)
    ]
    if missing:
        raise InputError(
            f"{part}: no column {', '.join(missing)}; expected the Consolidated Screening List"
        )
    yield from records(part, encoding)


def repeats_header(record: Mapping[str, Any]) -> bool:
    """Whether a row only repeats the names of its columns, as joined files do."""
    return all(str(value).strip("\ufeff") == name for name, value in record.items())


def party(record: Mapping[str, Any]) -> Party:
    """The party that a record lists.

    Raises:
        InputError: it has no name or list, or a value of a wrong kind.
    """
    texts = {
        name: several(record[name], name) for name in record if name not in {"addresses", "ids"}
    }
    name, source = _one(texts, "name"), _one(texts, "source")
    if not name or not source:
        raise InputError(
            "no name or no source; expected a party of the Consolidated Screening List"
        )
    code = _CODE.findall(source)
    return Party(
        _one(texts, "_id") or _one(texts, "id"),
        source,
        code[-1] if code else source,
        _one(texts, "entity_number"),
        _one(texts, "type"),
        name,
        tuple(cut(texts.pop("alt_names", ()))),
        tuple(cut(texts.pop("programs", ()))),
        tuple(_addresses(record.get("addresses"))),
        tuple(_identifiers(record.get("ids"))),
        _one(texts, "start_date"),
        _one(texts, "end_date"),
        {field: values for field, values in texts.items() if values},
    )


def several(value: object, field: str) -> tuple[str, ...]:
    """The texts of a field, which may be one, several or none.

    Raises:
        InputError: it holds something else.
    """
    if isinstance(value, list):
        return tuple(chain.from_iterable(several(item, field) for item in value))
    if value is None:
        return ()
    if isinstance(value, str | int | Decimal) and not isinstance(value, bool):
        text = str(value).strip()
        return (text,) if text else ()
    raise InputError(f"field {field!r} holds {str(value)[:80]!r}; expected texts")


def _one(texts: dict[str, tuple[str, ...]], field: str) -> str:
    return "; ".join(texts.pop(field, ()))


def cut(texts: tuple[str, ...]) -> Iterator[str]:
    """The parts of texts between semicolons, each once; "and" before the last one is left out."""
    parts = (part.strip() for text in texts for part in text.split(";"))
    yield from dict.fromkeys(part.removeprefix("and ").strip() for part in parts if part)


def _addresses(value: object) -> Iterator[Address]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                said = ["; ".join(several(item.get(name), name)) for name in _ADDRESS]
                yield Address(", ".join(text for text in said if text), said[-1])
            else:
                yield from located("; ".join(several(item, "addresses")))
    else:
        yield from located("; ".join(several(value, "addresses")))


def located(text: str) -> Iterator[Address]:
    """The addresses of a cell, each up to its country.

    A semicolon inside an address does not cut it: a part that ends with no country goes with the
    next one.
    """
    held: list[str] = []
    for piece in text.split("; "):
        held.append(piece)
        country = _ending(piece)
        if country:
            yield Address("; ".join(held).strip(" ,"), country)
            held = []
    rest = "; ".join(held).strip(" ,;")
    if rest:
        yield Address(rest, "")


def _ending(address: str) -> str:
    """The country, as a code or by its name, that an address ends with."""
    last = address.rstrip(" ,.").rpartition(",")[2].strip()
    if len(last) == 2 and last.isascii() and last.isupper():  # noqa: PLR2004 - a code has two letters
        return last
    named = len(last) > 3 or last in _SHORT  # noqa: PLR2004 - a word of three is no code for sure
    return last if named and last.casefold() not in _ALSO_PLACES and alpha2(last) else ""


def _identifiers(value: object) -> Iterator[Identifier]:
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, dict):
                raise InputError(f"field 'ids' holds {str(item)[:80]!r}; expected label and number")
            said = ["; ".join(several(item.get(name), name)) for name in _IDENTIFIER]
            rest = ", ".join(text for text in said if text)
            yield _identifier("; ".join(several(item.get("type"), "type")), rest)
        return
    held = ""
    for piece in "; ".join(several(value, "ids")).split("; "):
        if ", " not in piece and held:  # a semicolon inside a remark
            held += f"; {piece}"
            continue
        if held:
            yield _identifier(*held.split(", ", 1))
        held = piece if ", " in piece else f"{piece}, "
    if held.strip(" ,"):
        yield _identifier(*held.split(", ", 1))


def _identifier(label: str, rest: str) -> Identifier:
    value, *more = rest.split(", ")
    country = next((text for text in more if re.fullmatch("[A-Z]{2}", text)), "")
    printed = f"{label}, {rest}" if rest else label
    return Identifier(label.rstrip(" -:"), value.strip(), rest.strip(), country, printed)


def day(text: str) -> str:
    """A date as ISO writes it, from ISO or from ``3 Jun 2021``, ``Jun 2021``; empty for none.

    Raises:
        InputError: it cannot be read.
    """
    text = text.strip()
    written = _WRITTEN.fullmatch(text)
    if written:
        parts = (written[3], month(written[2]), (written[1] or "").zfill(2))
        text = "-".join(parts if written[1] else parts[:2])
    if text:
        day_range(text)
    return text
