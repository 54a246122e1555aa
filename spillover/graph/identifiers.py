"""Which identifiers name one thing in the world, and how are they written and checked.

Entities of different sources are one when they share a *strong* identifier: a number that one
authority gives to one thing. Check digits are those of python-stdnum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from spillover.graph.folding import code
from spillover.graph.schema import is_a


@dataclass(frozen=True, slots=True)
class Scheme:
    """A strong identifier."""

    names: str
    """Schema of what it names; an entity of another kind that carries it is another thing."""
    form: str
    """Regular expression of its written form, folded."""
    single: bool = True
    """Whether one thing has only one of them."""
    national: bool = True
    """Whether two holders with different countries only cannot be the same."""
    check: str = ""
    """The module of python-stdnum that knows its check digit."""
    prefix: str = ""
    """What people write before it."""
    width: int = 0
    """Digits to which it is filled up with zeros."""


STRONG: Final[Mapping[str, Scheme]] = MappingProxyType(
    {
        "lei": Scheme("LegalEntity", "[0-9a-z]{18}[0-9]{2}", check="lei"),
        "uscc": Scheme("LegalEntity", "[0-9a-z]{18}", check="cn.uscc"),
        "gb-coh": Scheme("LegalEntity", "[0-9a-z]{2}[0-9]{6}|r0[0-9a-z]{6}", width=8),
        "ofac": Scheme("Thing", "[1-9][0-9]*", national=False),
        "un-sc": Scheme("Thing", r"[a-z]{2}[ie]\.[0-9]{3,4}", national=False),
        "wikidata": Scheme("Thing", "q[1-9][0-9]*"),
        "isin": Scheme("LegalEntity", "[a-z]{2}[0-9a-z]{9}[0-9]", single=False, check="isin"),
        "imo": Scheme("Vessel", "[0-9]{7}", national=False, check="imo", prefix="imo"),
        "iso3166": Scheme("Country", "[a-z]{2}"),
        "hs": Scheme("Product", "[0-9]{2}|[0-9]{4}|[0-9]{6}"),
    }
)
"""Every strong identifier; the order is that in which they join entities."""


SAME_AS: Final = "same_as"
"""Scheme of a statement that an entity is the one with this id; somebody looked at both."""


def normal(scheme: str, value: str) -> str:
    """An identifier as it is compared and stored."""
    if scheme == SAME_AS:
        return value
    text = code(value)
    strong = STRONG.get(scheme)
    if strong is None:
        return text
    text = text.removeprefix(strong.prefix).strip(":-#.")
    return text.zfill(strong.width) if strong.width and text.isdigit() else text


def forms(text: str) -> set[str]:
    """Every normal form that a text can be of, whatever the scheme."""
    return {code(text), *(normal(scheme, text) for scheme in STRONG)} - {""}


@lru_cache(maxsize=65536)
def valid(scheme: str, value: str) -> bool:
    """Whether an identifier has the form and the check digit of its scheme, if it is strong."""
    strong = STRONG.get(scheme)
    if strong is None:
        return True
    text = normal(scheme, value)
    if not re.fullmatch(strong.form, text):
        return False
    return not strong.check or _checker(strong.check)(text.upper())


@lru_cache(maxsize=8)
def _checker(name: str) -> Callable[[str], bool]:
    from importlib import import_module

    checker: Callable[[str], bool] = import_module(f"stdnum.{name}").is_valid
    return checker


def names(scheme: str, schema: str) -> bool:
    """Whether this strong identifier can name a thing of this schema.

    A schema above the one that it names may be that.
    """
    ends = STRONG[scheme].names
    return is_a(schema, ends) or is_a(ends, schema)
