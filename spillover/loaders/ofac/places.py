"""How are the parts of an address and of a name put together, as OFAC prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from spillover.loaders.context import Context
from spillover.loaders.ofac.party import TABLES

_UNSPACED: Final = ("zh", "ja", "ko")
"""Languages whose names have the family name first and no space."""


def address(parts: Mapping[str, str], context: Context) -> list[str]:
    """Streets; then city, state and postal code; then what else there is.

    Args:
        parts: text by kind of part.
        context: hears of an unknown kind.
    """
    for kind in parts.keys() - set(TABLES["address_parts"]):
        context.note("unknown part of an address", kind, parts[kind])
    get = parts.get
    streets = [get(f"ADDRESS{number}", "") for number in (1, 2, 3)]
    place = ", ".join(filter(None, (get("CITY", ""), get("STATE/PROVINCE", ""))))
    place = " ".join(filter(None, (place, get("POSTAL CODE", ""))))
    used = {"ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE"}
    return [*streets, place, *(text for kind, text in sorted(parts.items()) if kind not in used)]


def name(parts: Iterable[tuple[str, str]], script: str, context: Context) -> str:
    """``LAST, First`` in Latin; in other scripts as their readers write it.

    Args:
        parts: (kind, text) in the order of the record.
        script: of all of them.
        context: hears of an unknown kind.
    """
    sides: dict[str, list[str]] = {"last": [], "first": []}
    for kind, text in parts:
        side = TABLES["name_parts"].get(kind)
        if side is None:
            context.note("unknown part of a name", kind, text)
        sides[side or "last"].append(text)
    last, first = (" ".join(filter(None, sides[side])) for side in ("last", "first"))
    if script in ("Latin", ""):
        return ", ".join(filter(None, (last, first)))
    if TABLES["scripts"].get(script) in _UNSPACED:
        return last + first
    return " ".join(filter(None, (first, last)))
