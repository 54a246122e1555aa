"""What does one row of a portfolio say: whom it names, where, and for how much money.

Columns are known by many names, which ``portfolio.yml`` lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.identifiers import STRONG
from spillover.loaders.reading.amounts import DecimalSign, amount
from spillover.loaders.reading.countries import alpha2
from spillover.loaders.reading.mapping import column
from spillover.loaders.reading.sheets import Record

_MONEY: Final = re.compile(r"(.+?)_*(?:in_|[(\[])?([a-z]{3})[)\]]?")
_NO_LETTER: Final = re.compile(r"[_\-./:#]+")
_PLACES: Final = 30
"""Most places before or behind the point of an amount."""


class Line(NamedTuple):
    """One row of a portfolio."""

    position: str
    """Where it stands: ``line 5``."""
    id: str
    """The user's own reference; empty when there is none."""
    name: str
    aliases: tuple[str, ...]
    countries: tuple[str, ...]
    """Alpha-2 codes."""
    identifiers: tuple[tuple[str, str], ...]
    """(scheme, value); the scheme is empty where nothing says it."""
    spend: Decimal | None
    currency: str
    notes: tuple[str, ...]
    """What could not be read of it."""
    other: tuple[tuple[str, str], ...]
    """What else the file says of it, by its column."""


class Columns(NamedTuple):
    """Which column of one table is what."""

    of: dict[str, list[str]]
    """Our field: the columns of the file that hold it, in order of preference."""
    schemes: list[tuple[str, str]]
    """Column and scheme of identifiers."""
    other: list[str]
    currency: str
    """That the header of the spend names."""


@cache
def known() -> tuple[dict[str, tuple[str, int, str]], dict[str, str]]:
    """By name of a column: our field, its rank and a scheme; and currencies by their sign."""
    import yaml

    text = Path(__file__).with_name("portfolio.yml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    names: dict[str, tuple[str, int, str]] = {}
    for ours, theirs in said["columns"].items():
        names.update({name: (ours, rank, "") for rank, name in enumerate(theirs)})
    for scheme, theirs in said["identifiers"].items():
        names.update({name: ("identifier of", rank, scheme) for rank, name in enumerate(theirs)})
    return names, said["signs"]


def columns_of(header: tuple[str, ...]) -> Columns:
    """Which of these columns is what; of several that hold one thing the better known counts."""
    names, _ = known()
    of: dict[str, list[tuple[int, str]]] = {}
    schemes: list[tuple[str, str]] = []
    other: list[str] = []
    currency = ""
    for theirs in header:
        compared = _NO_LETTER.sub("_", column(theirs)).strip("_")
        ours, rank, scheme = names.get(compared, ("", 0, ""))
        money = None if ours else _MONEY.fullmatch(compared)
        if money and names.get(money[1].strip("_("), ("",))[0] == "spend" and _is_money(money[2]):
            ours, rank, currency = "spend", 0, currency or money[2].upper()
        if ours == "identifier of":
            schemes.append((theirs, scheme))
        elif ours:
            of.setdefault(ours, []).append((rank, theirs))
        else:
            other.append(theirs)
    ordered = {ours: [theirs for _, theirs in sorted(found)] for ours, found in of.items()}
    for single in ("id", "spend", "currency", "scheme"):
        other += ordered.get(single, [])[1:]
        ordered[single] = ordered.get(single, [])[:1]
    return Columns(ordered, schemes, other, currency)


def _is_money(code: str) -> bool:
    import pycountry

    return pycountry.currencies.get(alpha_3=code.upper()) is not None


def line(
    position: str, row: Mapping[str, Any], columns: Columns, decimal: DecimalSign
) -> Line | None:
    """The row by our fields; None when it names nobody."""
    of = columns.of
    names = [name for theirs in of.get("name", ()) for name in texts(row[theirs], parted=False)]
    aliases = [name for theirs in of.get("aliases", ()) for name in texts(row[theirs])]
    said = list(dict.fromkeys((*names, *aliases)))
    identifiers = _identifiers(row, columns)
    if not said and not identifiers:
        return None
    notes: list[str] = []
    countries = [c for theirs in of.get("country", ()) for c in _countries(row[theirs], notes)]
    spend, currency = _spend(row, columns, decimal, notes)
    return Line(
        position,
        _first(row, of["id"]),
        said[0] if said else "",
        tuple(said[1:]),
        tuple(dict.fromkeys(countries)),
        identifiers,
        spend,
        currency,
        tuple(notes),
        tuple((name, text) for name in columns.other if (text := "; ".join(texts(row[name])))),
    )


def texts(value: Any, *, parted: bool = True) -> list[str]:
    """The texts of a cell: of a list each, of a text what stands between semicolons."""
    if value is None or isinstance(value, bool):
        return []
    if isinstance(value, dict):
        value = value.get("name", value.get("text", "")) or [
            f"{key}: {text}" for key, text in value.items()
        ]
    if isinstance(value, list):
        return [text for one in value for text in texts(one, parted=parted)]
    parts = str(value).split(";") if parted else [str(value)]
    return [text.strip() for text in parts if text.strip()]


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((text for name in names for text in texts(row[name], parted=False)), "")


def _identifiers(row: Mapping[str, Any], columns: Columns) -> tuple[tuple[str, str], ...]:
    found = [(scheme, text) for name, scheme in columns.schemes for text in texts(row[name])]
    said = _first(row, columns.of["scheme"]).casefold()
    for name in columns.of.get("identifier", ()):
        found += _of_identifier(row[name], said)
    return tuple(dict.fromkeys(found))


def _of_identifier(value: Any, said: str) -> Iterator[tuple[str, str]]:
    """Identifiers of one cell: ``LEI:5299...``, a scheme beside it, or an object of JSON."""
    if isinstance(value, list):
        for one in value:
            yield from _of_identifier(one, said)
        return
    if isinstance(value, dict):
        pairs = value.items()
        if "value" in value:
            pairs = {str(value.get("scheme") or ""): value["value"]}.items()
        for scheme, inner in pairs:
            yield from ((str(scheme).casefold(), text) for text in texts(inner))
        return
    for text in texts(value):
        scheme, colon, rest = text.partition(":")
        if colon and scheme.strip().casefold() in STRONG:
            yield scheme.strip().casefold(), rest.strip()
        else:
            yield said, text


def _countries(value: Any, notes: list[str]) -> Iterator[str]:
    for text in texts(value):
        code = alpha2(text)
        several = [alpha2(part) for part in re.split("[/|,]", text)]
        if code:
            yield code
        elif all(several):
            yield from several
        else:
            notes.append(f"country {text[:40]!r} is unknown and left out; write its name or code")


def _spend(
    row: Mapping[str, Any], columns: Columns, decimal: DecimalSign, notes: list[str]
) -> tuple[Decimal | None, str]:
    """Amount and currency; the amount is None where it is not stated, or not clear."""
    currency = _first(row, columns.of["currency"]).upper()[:20] or columns.currency
    for name in columns.of["spend"]:
        try:
            spend, mark = _amount(row, name, decimal)
        except InputError as error:
            notes.append(f"spend {error}; taken as unknown")
            return None, currency
        mark = known()[1].get(mark, mark)
        if mark and currency and mark != currency and mark.isalpha():
            notes.append(f"spend in {mark[:20]}, but the currency is {currency}; taken as unknown")
            return None, currency
        return spend, currency or mark
    return None, currency


def _amount(row: Mapping[str, Any], name: str, decimal: DecimalSign) -> tuple[Decimal | None, str]:
    value = row[name]
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if number or (isinstance(row, Record) and name in row.numbers):
        exact = Decimal(value)
        if exact < 0:
            raise InputError(f"{str(value)[:40]!r} is negative; write an amount of 0 or more")
        if not -_PLACES <= exact.adjusted() <= _PLACES:
            raise InputError(f"{str(value)[:40]!r} is beyond all money")
        return exact, ""
    text = _first(row, [name])
    if not text:
        return None, ""
    if text.startswith(("-", "−", "(")):
        raise InputError(f"{text[:40]!r} is negative; write an amount of 0 or more")
    return amount(text, decimal)
