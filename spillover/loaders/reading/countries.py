"""Which country does a name or code mean.

ISO 3166 by pycountry, with the further spellings of lists in ``countries.yml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from spillover.graph.folding import bare

_RESERVED: Final = {"xk": "Kosovo", "su": "Soviet Union", "an": "Netherlands Antilles"}
"""Codes that ISO 3166 reserves or has withdrawn."""


def alpha2(text: str) -> str:
    """The ISO 3166 alpha-2 code in lower case of a country's name or code; empty when unknown.

    Reserved codes stand for what has no other: ``xk`` Kosovo, ``su`` the Soviet Union, ``an`` the
    Netherlands Antilles.
    """
    return _codes().get(_plain(text).strip(" ."), "")


def _plain(name: str) -> str:
    return bare(name).replace("’", "'")


@cache
def _spellings() -> Mapping[str, list[str]]:
    import yaml

    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = yaml.safe_load(text)
    return found


@cache
def _codes() -> Mapping[str, str]:
    import pycountry

    found: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            name = getattr(country, field, "")
            if name:
                found[_plain(name)] = country.alpha_2.lower()
    for code, names in _spellings().items():
        found.update((_plain(name), code) for name in (code, *names))
    return found


def country_name(code: str) -> str:
    """The English name of a country by its alpha-2 code; the code itself when it has none."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code.upper())
    if country:
        return str(getattr(country, "common_name", country.name))
    return _spellings().get(code.lower(), (code.upper(),))[0]
