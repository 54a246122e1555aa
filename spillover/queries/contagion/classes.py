"""Which inputs are essential to whom, by a table of a user's?

A table has the columns ``good``, ``industry`` and ``class``: without the good (or what an industry
makes) an industry makes nothing (``essential``), less in proportion (``linear``), or as much as
before (``negligible``). ``*`` stands for every good or every industry. The most exact row counts:
good and industry, then good, then industry, then neither; what no row names is essential.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from spillover.graph.errors import InputError
from spillover.queries.contagion.network import ESSENTIAL, LINEAR, NEGLIGIBLE

_CLASSES: Final = {"essential": ESSENTIAL, "linear": LINEAR, "negligible": NEGLIGIBLE}
_COLUMNS: Final = ("good", "industry", "class")
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Classes:
    """How industries need goods."""

    name: str
    """What the answer calls it: ``all``, ``none``, or the name of a file."""
    rows: Mapping[tuple[str, str], int]
    """By good and industry, in lower case."""

    def of(self, good: str, industry: str) -> int:
        """The class of a good for an industry: one of the constants of a network."""
        good, industry = good.lower(), industry.lower()
        for key in ((good, industry), (good, _ANY), (_ANY, industry), (_ANY, _ANY)):
            if key in self.rows:
                return self.rows[key]
        return ESSENTIAL


ALL: Final = Classes("all", {})
"""Every input is essential."""
NONE: Final = Classes("none", {(_ANY, _ANY): LINEAR})
"""No input is: losses of inputs add up."""


def read_classes(text: str, name: str) -> Classes:
    """A table as CSV.

    Raises:
        InputError: a column is missing, a class unknown, or two rows say different things.
    """
    try:
        lines = [*enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), start=1)]
    except csv.Error as error:
        raise InputError(f"{name}: is no CSV ({error}); save it as comma-separated text") from error
    header = [cell.strip().lower() for cell in (lines[0][1] if lines else [])]
    if sorted(header) != sorted(_COLUMNS):
        raise InputError(f"{name}: the header must be {','.join(_COLUMNS)}")
    rows: dict[tuple[str, str], int] = {}
    for number, row in lines[1:]:
        if not any(cell.strip() for cell in row):
            continue
        line = f"{name}, line {number}"
        if len(row) != len(header):
            raise InputError(f"{line}: {len(row)} cells, not {len(header)}; mend the row")
        said = dict(zip(header, (cell.strip().lower() for cell in row), strict=True))
        if said["class"] not in _CLASSES:
            known = ", ".join(_CLASSES)
            raise InputError(f"{line}: class {said['class']!r} is unknown; write one of {known}")
        key, value = (said["good"] or _ANY, said["industry"] or _ANY), _CLASSES[said["class"]]
        if rows.setdefault(key, value) != value:
            raise InputError(f"{line}: {' for '.join(key)} has two classes; keep one")
    return Classes(name, rows)
