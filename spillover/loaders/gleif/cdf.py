"""How are values taken out of a record in the shape of GLEIF's XML, and is an LEI one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.evidence import CONFIDENCES, Confidence
from spillover.loaders.context import Context

Tree = Mapping[str, Any]
_EMPTY: Final[Tree] = {}
_LEI: Final = re.compile(r"[A-Z0-9]{20}", re.ASCII).fullmatch
_DIGITS: Final = {ord(sign): str(int(sign, 36)) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_DAY: Final = len("2026-01-31")


def child(tree: Tree, *path: str) -> Tree:
    """The first element at a path; an empty one where there is none."""
    for name in path:
        several = tree.get(name)
        if not several or not isinstance(several[0], dict):
            return _EMPTY
        tree = several[0]
    return tree


def children(tree: Tree, name: str) -> list[Any]:
    """All elements of a name: dictionaries, or texts where nothing stands beside the text."""
    return tree.get(name) or []


def plain(value: Any) -> str:
    """The text of an element."""
    return value if isinstance(value, str) else str(value.get("#text", ""))


def text(tree: Tree, name: str) -> str:
    """The text of the first child of a name; empty where there is none."""
    several = tree.get(name) if isinstance(tree, dict) else None  # an empty element is a text
    if not several:
        return ""
    first = several[0]
    return first if type(first) is str else plain(first)


def lei_id(lei: str) -> str:
    """The id of an entity by its LEI.

    Raises:
        InputError: not 20 digits and capital letters.
    """
    if not _LEI(lei):
        raise InputError(f"{lei[:40]!r} is no LEI; expected 20 digits and capital letters")
    return f"lei:{lei}"


def checked_lei_id(lei: str, context: Context) -> str:
    """The id of an entity by an LEI that nothing else checks; wrong check digits are signalled.

    They are those of ISO 7064 (97-10): letters count 10 to 35, the rest by 97 is 1. A relationship
    file has a million of them, so this is the bare sum.

    Raises:
        InputError: not 20 digits and capital letters.
    """
    found = lei_id(lei)
    if int(lei.translate(_DIGITS)) % 97 != 1:
        context.note("invalid lei", lei, lei)
    return found


def day(moment: str) -> str:
    """The day of a moment, as it is where it was written down."""
    return moment[:_DAY] if moment[_DAY : _DAY + 1] in {"T", " "} else moment


def incidental_day(moment: str, what: str, context: Context) -> str:
    """The day of a moment on which no claim depends; one that cannot be read is signalled."""
    found = day(moment)
    try:
        if found:
            day_range(found)
    except DateError:
        context.note(f"unreadable date of {what}", moment, moment)
        return ""
    return found


def confidence(source: str, at_most: Confidence | None, context: Context) -> Confidence | None:
    """Confidence by how a record was checked, and at most that; None when nothing is said."""
    found: Confidence | None = context.code("validationSources", source, source) if source else None
    if at_most is None:
        return found
    return min(found or context.confidence, at_most, key=CONFIDENCES.index)
