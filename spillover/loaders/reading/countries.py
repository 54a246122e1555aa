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

    Codes that are reserved or withdrawn stand for what has none, as ``xk`` for Kosovo.
    """
    return _codes().get(bare(text).strip(" ."), "")


@cache
def _codes() -> Mapping[str, str]:
    import pycountry
    import yaml

    found: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            name = getattr(country, field, "")
            if name:
                found[bare(name)] = country.alpha_2.lower()
    own = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    for code, names in own.items():
        found.update((bare(name), code) for name in names)
    return found


def country_name(code: str) -> str:
    """The English name of a country by its alpha-2 code; the code itself when it has none."""
    import pycountry

    if code in _RESERVED:
        return _RESERVED[code]
    country = pycountry.countries.get(alpha_2=code.upper())
    return str(getattr(country, "common_name", country.name)) if country else code.upper()
