"""When do two names of the lists mean one company.

Names are compared folded and without punctuation; the manifest holds other spellings. A former name
that a list prints means the same company, unless one list names both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.loaders.manifest import manifest

_TABLES: Final[dict[str, Any]] = manifest("dod_1260h").tables
_SIGNS: Final = str.maketrans("", "", _TABLES["signs"])
_FORMERLY: Final = re.compile(r"\(formerly (.+)\)\W*$")


def bare_key(name: str) -> str:
    """A name without case and punctuation."""
    return " ".join(fold(name).translate(_SIGNS).split())


SPELLINGS: Final = {bare_key(other): bare_key(name) for other, name in _TABLES["spellings"].items()}


def folded(name: str) -> str:
    """What is the same for every spelling of a name."""
    key = bare_key(name)
    return SPELLINGS.get(key, key)


def named(name: str) -> str:
    """The same, of what must be a name: those of signs alone would all be one company.

    Raises:
        InputError: it has neither letters nor digits.
    """
    key = folded(name)
    if not key:
        raise InputError(f"{name!r} is no name of a company; expected letters or digits")
    return key


def former(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Later names of companies: the former name under which the lists name them, too.

    A list that names both at once speaks of two companies.
    """
    lists = defaultdict(set)
    for row in rows:
        lists[folded(row["Clean Name"])].add(row["Start date"])
    found = {}
    for row in rows:
        now = folded(row["Clean Name"])
        for name in previous(row):
            old = folded(name)
            if old != now and old in lists and not lists[old] & lists[now]:
                found[now] = old
    return found


def previous(row: Mapping[str, str]) -> list[str]:
    """Former names that a row states, in their column or in the name as it is printed."""
    printed = _FORMERLY.search(row["Name"])
    column = [name.strip() for name in row.get("Previous Name", "").split(";")]
    names = [*column, printed[1] if printed and not any(column) else ""]
    return [name for name in names if name]


def aliases(cell: str) -> list[str]:
    """The names in a cell; a comma with a space behind it stands before a legal form."""
    return [text.strip() for text in re.split(r";|,(?! )", cell) if text.strip()]
