"""Which place does a number or code of trade statistics mean: a country, or none.

The numbers are those of ISO 3166 and, where ``m49.yml`` says so, those that the United Nations
statistics use in their place. A place that is no country (World, Bunkers, Areas nes) has no entity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from spillover.graph.schema import Entity
from spillover.loaders.reading.countries import alpha2, country_name


class Place(NamedTuple):
    """What a code of trade statistics means."""

    name: str
    entity: Entity | None
    """Its node; None of a sum over countries and of what is nowhere."""
    remark: str = ""
    """What a reader of its flows should know."""


def country(code: str) -> Entity:
    """The node of a country by its alpha-2 code in lower case, the same in every source."""
    name = country_name(code)
    return Entity(
        f"country:{code}", "Country", name, countries=(code,), identifiers=(("iso3166", code),)
    )


@lru_cache(maxsize=4096)
def place(code: str) -> Place | None:
    """The place of a number (``842``, also ``008`` or ``8``) or of letters (``USA``, ``S19``).

    None when neither ISO 3166 nor the United Nations' lists, as far as known here, have it.
    """
    key = code.strip().upper()
    return _places().get(key.lstrip("0") or "0" if key.isdecimal() else key) or _letters(key)


def _letters(key: str) -> Place | None:
    code = alpha2(key) if key.isalpha() else ""
    return _of_country(code) if code else None


def _of_country(code: str, remark: str = "") -> Place:
    entity = country(code)
    return Place(entity.name, entity, remark)


@cache
def _places() -> Mapping[str, Place]:
    import yaml

    tables = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    found = dict(_iso_numbers())
    remarks = tables["remarks"]
    for number, code in tables["numbers"].items():
        found[number] = _of_country(code, remarks.get(number, ""))
    for letters, code in tables["letters"].items():
        found[letters] = _of_country(code)
    found["S19"] = found["490"]
    found.update(_own(tables))
    return found


def _iso_numbers() -> Iterator[tuple[str, Place]]:
    import pycountry

    for record in pycountry.countries:
        yield record.numeric.lstrip("0"), _of_country(record.alpha_2.lower())


def _own(tables: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    """Former countries, unions of countries and areas, each by its number and its letters."""
    for code, (name, *keys) in tables["former"].items():
        yield from _each(keys, Place(name, _former(code, name)))
    for number, (name, letters, codes) in tables["unions"].items():
        entity = Entity(f"m49:{number}", "Country", name, countries=tuple(codes))
        yield from _each([number, letters], Place(name, entity))
    for number, (name, *letters) in tables["areas"].items():
        yield from _each([number, *letters], Place(name, None))


def _former(code: str, name: str) -> Entity:
    two = len(code) == len("an")
    return Entity(
        f"country:{code}",
        "Country",
        name,
        countries=(code,) if two else (),
        identifiers=(("iso3166" if two else "iso3166-3", code),),
    )


def _each(keys: list[str], one: Place) -> Iterator[tuple[str, Place]]:
    return ((key, one) for key in keys if key)
