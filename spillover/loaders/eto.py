"""Who makes which tool, material or design for chips, and what goes into what, as ETO says.

Shares of firms and of countries are two counts of one market and are never added up: the scope of
a claim tells them apart. A blank share says that a provider is there, and not how large it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import parse_stake
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.countries import country_name
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import Ragged, records, rows

_TABLES: Final[dict[str, Any]] = manifest("eto").tables
_FORMS: Final[dict[str, list[str]]] = _TABLES["forms"]
_UNNAMED: Final = frozenset(map(fold, _TABLES["unnamed"]))
_ORDER: Final = ("stages", "inputs", "providers", "provision", "sequence")
"""Tables that describe come first."""
_LINK: Final = re.compile(r"\]\((https?://[^)\s]+)\)")


class Row(NamedTuple):
    """One row of one of the tables."""

    form: str
    cells: dict[str, str]


class _Known(NamedTuple):
    """What the tables say together, for rows that need more than themselves."""

    described: set[str]
    """Ids of inputs and stages that have a table's row."""
    providers: dict[str, dict[str, str]]
    """The first row of each provider."""
    names: dict[str, dict[str, None]]
    """Every name of each provider."""
    unnamed: dict[str, list[str]]
    """By product: shares of several providers who are not named."""


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row | Ragged]]:
    """Every row of the tables, which are told by their headers."""
    if not parts:
        raise InputError("eto: name the tables: inputs, providers, provision, sequence, stages")
    tables = [(_form(part, context), part) for part in parts]
    forms = [form for form, _ in tables]
    if "provision" in forms and "providers" not in forms:
        raise InputError(
            "eto: the table of providers is missing; without it nobody knows which shares are of"
            " firms and which of countries"
        )
    tables.sort(key=lambda table: _ORDER.index(table[0]))
    found = [
        (part.name, position, record if isinstance(record, Ragged) else Row(form, record))
        for form, part in tables
        for position, record in records(part, context.encoding())
    ]
    known = context.state["known"] = _Known(set(), {}, defaultdict(dict), defaultdict(list))
    for _, _, row in found:
        if isinstance(row, Row):
            _remember(row, known)
    yield from found


def _form(part: Part, context: Context) -> str:
    """Which table a part is.

    Raises:
        InputError: none of this source.
    """
    _, header = next(rows(part, context.encoding()), (0, []))
    found = {cell.strip() for cell in header}
    for form, columns in _FORMS.items():
        if found.issuperset(columns):
            return form
    tables = "; ".join(f"{form}: {', '.join(columns)}" for form, columns in _FORMS.items())
    raise InputError(f"{part}: none of the tables of this source. Tables: {tables}")


def _remember(row: Row, known: _Known) -> None:
    cells = row.cells
    if row.form in {"inputs", "stages"}:
        known.described.add(cells[f"{row.form[:-1]}_id"])
    elif row.form == "providers":
        known.providers.setdefault(cells["provider_id"], cells)
        for name in (cells["provider_name"], cells.get("alias", "")):
            known.names[cells["provider_id"]][name] = None
    elif row.form == "provision":
        known.names[cells["provider_id"]][cells.get("provider_name", "")] = None
        provider = known.providers.get(cells["provider_id"], {})
        if fold(provider.get("provider_name", "")) in _UNNAMED:
            share = cells["share_provided"] or "share not stated"
            year = f" ({cells['year']})" if cells.get("year") else ""
            said = f"{provider['provider_name']}: {share}{year}"
            known.unnamed[cells["provided_id"]].append(said)


def transform(record: Row, context: Context) -> Iterable[Entity | Relation]:
    """What one row says.

    Raises:
        InputError: an id is missing or unknown, or a share cannot be read.
    """
    context.survey(record.cells, record.form)
    return _TRANSFORMS[record.form](record.cells, context)


def _product(cells: dict[str, str], context: Context) -> Iterator[Entity]:
    """An input or a stage."""
    kind = "input" if "input_id" in cells else "stage"
    own = _filled(cells, f"{kind}_id")
    said = {name: (text,) for name, text in cells.items() if text}
    said = {name: text for name, text in said.items() if name not in {f"{kind}_id", f"{kind}_name"}}
    if kind == "stage":
        said["type"] = ("stage",)
    if own in context.state["known"].unnamed:
        said["providers that are not named"] = tuple(context.state["known"].unnamed[own])
    yield Entity(f"eto:{own}", "Product", _filled(cells, f"{kind}_name"), properties=said)


def _provider(cells: dict[str, str], context: Context) -> Iterator[Entity]:
    """A firm or a country; further rows of one provider hold further names of it."""
    known: _Known = context.state["known"]
    own, name = _filled(cells, "provider_id"), _filled(cells, "provider_name")
    if fold(name) in _UNNAMED:
        context.ignore("providers that are not named", name)
    elif known.providers[own] is not cells:
        context.merge("further name of a provider", cells.get("alias") or name)
    else:
        yield _described(cells, tuple(known.names[own]), context)


def _described(cells: dict[str, str], names: tuple[str, ...], context: Context) -> Entity:
    name, where = cells["provider_name"], cells.get("country", "")
    schema, scope = _type(cells, context)
    if scope == "country" and name not in _TABLES["regions"]:
        code = context.country(name)
        if not code:
            raise InputError(f"{name!r} is no country that is known; correct its code")
        identifiers = (("iso3166", code),)
        return Entity(f"country:{code}", schema, country_name(code), (), (code,), identifiers)
    name = (scope == "country" and cells.get("alias")) or name
    region = where if where in _TABLES["regions"] else ""
    code = context.country(where) if not region else ""
    return Entity(
        f"eto:{cells['provider_id']}",
        "Thing" if scope == "country" else schema,
        name,
        tuple(Name(text, role="alias") for text in names if text and text != name),
        (code,) if code else (),
        properties={"region": (region,)} if region else {},
    )


def _type(cells: Mapping[str, str], context: Context) -> tuple[str, str]:
    """(schema, scope) of a provider."""
    found = context.code("types", cells["provider_type"], cells["provider_name"])
    if not found:
        known = ", ".join(_TABLES["types"])
        raise InputError(f"unknown type of provider {cells['provider_type']!r}; known: {known}")
    return found[0], found[1]


def _provision(cells: dict[str, str], context: Context) -> Iterator[Entity | Relation]:
    """A share of the market of one product, or the word that a provider is there."""
    known: _Known = context.state["known"]
    own, product = _filled(cells, "provider_id"), _filled(cells, "provided_id")
    provider = known.providers.get(own)
    if provider is None:
        raise InputError(f"provider {own!r} is not in the table of providers; add it")
    if fold(provider["provider_name"]) in _UNNAMED:
        # The share stands with the product, where a table describes it.
        put = context.merge if product in known.described else context.ignore
        put("share of providers that are not named", f"{own} in {product}")
        return
    yield from _undescribed(product, cells.get("provided_name", ""), context)
    text = cells["share_provided"]
    stake = parse_stake(text) if text else None
    if stake and not stake.high:
        context.note(
            "share of zero in print, of a provider that is there", text, f"{own} {product}"
        )
    said = {"scope": (_type(provider, context)[1],)}
    negligible = cells.get("negligible_market_share") or cells.get("negligible_share")
    if negligible:
        said["share"] = (negligible,)
    source = cells.get("source", "")
    links = _LINK.findall(source)
    yield Relation(
        "PRODUCES",
        _described(provider, (), context).id,
        f"eto:{product}",
        stake,
        "market" if stake else "",
        evidence=context.evidence(
            f"{own} {product}",
            url=links[0] if links else "",
            observed=_year(cells.get("year", "")),
            note=source,
        ),
        stake_text=text,
        properties=said,
    )


def _year(text: str) -> str:
    """The year for which a share is stated.

    Raises:
        InputError: it is no year.
    """
    try:
        if text:
            day_range(text)
    except DateError as error:
        raise InputError(f"year: {error}") from error
    return text


def _sequence(cells: dict[str, str], context: Context) -> Iterator[Entity | Relation]:
    """What an input goes into, and what it is a kind of."""
    own = _filled(cells, "input_id")
    links = [("INPUT_TO", "goes_into"), ("KIND_OF", "is_type_of")]
    found = [
        (kind, cells[f"{column}_id"], column) for kind, column in links if cells[f"{column}_id"]
    ]
    if not found:
        raise InputError(f"input {own!r} goes into nothing and is a type of nothing; name one")
    yield from _undescribed(own, cells.get("input_name", ""), context)
    for kind, other, column in found:
        yield from _undescribed(other, cells.get(f"{column}_name", ""), context)
        yield Relation(
            kind, f"eto:{own}", f"eto:{other}", evidence=context.evidence(f"{own} {other}")
        )


def _undescribed(own: str, name: str, context: Context) -> Iterator[Entity]:
    """A product of which only a link speaks."""
    if own not in context.state["known"].described:
        context.note("product that no table describes", own, name)
        yield Entity(f"eto:{own}", "Product", name or own)


def _filled(cells: Mapping[str, str], column: str) -> str:
    if not cells.get(column):
        raise InputError(f"empty cell {column!r}, or no such column")
    return cells[column]


_TRANSFORMS: Final[dict[str, Callable[[dict[str, str], Context], Iterator[Entity | Relation]]]] = {
    "stages": _product,
    "inputs": _product,
    "providers": _provider,
    "provision": _provision,
    "sequence": _sequence,
}
