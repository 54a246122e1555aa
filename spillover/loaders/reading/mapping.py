"""Which column of a foreign table is which of ours, as the user says in a mapping file.

Columns are named as the file prints them; case and spacing do not matter. What is said here holds
for tables that have all of the mapped columns; others must have the known columns themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.stake_text import DecimalSign, Scale
from spillover.loaders.reading.files import shown

_SIZE_LIMIT: Final = 1024 * 1024
_EVERY: Final = "*"


class ColumnMap(BaseModel):
    """What a mapping file says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    shape: str
    """Which table it makes: stakes, entities, designations, supply or links."""
    columns: dict[str, str] = {}
    """Our column: the column of the file."""
    constants: dict[str, str] = {}
    """Our column: what it holds in every row."""
    ignore: list[str] = []
    """Columns of the file that are left out; ``*`` for all that are not named."""
    sheet: str = ""
    """The one sheet of a workbook to read; empty for all."""
    encoding: str = ""
    """Of a text file; ``--encoding`` goes before it."""
    delimiter: Literal["", ",", ";", "\t", "|"] = ""
    """Of the cells of a text file; empty to read it off the first line."""
    decimal: DecimalSign = "."
    """The sign in numbers that are written as text."""
    scale: Scale = "percent"
    """What a share without a sign counts: percent, or proportions of one."""

    @property
    def ours(self) -> dict[str, str]:
        """Our column by the column of the file, as :func:`column` writes it."""
        return {column(theirs): ours for ours, theirs in self.columns.items()}

    def ignores(self, name: str, *, known: bool) -> bool:
        """Whether a column of the file is left out; ``*`` leaves out those that are not known."""
        return name in map(column, self.ignore) or (_EVERY in self.ignore and not known)


def column(name: str) -> str:
    """The name of a column as names of columns are compared."""
    return fold(name).replace(" ", "_")


def read_mapping(path: Path, shapes: Mapping[str, Mapping[str, list[str]]]) -> ColumnMap:
    """What the mapping file says.

    Args:
        path: a YAML file.
        shapes: by table, the columns that it must and may have.

    Raises:
        InputError: it cannot be read, or says something that is not known.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(_SIZE_LIMIT + 1)
        if len(text) > _SIZE_LIMIT:
            raise InputError(
                f"{shown(path)}: larger than {_SIZE_LIMIT >> 20} MiB; is it a mapping?"
            )
        said = ColumnMap.model_validate(yaml.safe_load(text))
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror or error})") from error
    except ValidationError as error:
        raise InputError(f"{shown(path)}: {_first(error)}") from error
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"{shown(path)}: no YAML that can be read ({reason})") from error
    _check(said, f"{shown(path)}: ", shapes)
    return said


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    wrong: Any = error.errors(include_url=False)[0]
    where = ".".join(map(str, wrong["loc"])) or "the file"
    known = ", ".join(ColumnMap.model_fields)
    return f"{where}: {wrong['msg'][:200]}; a mapping says: {known}"


def _check(said: ColumnMap, where: str, shapes: Mapping[str, Mapping[str, list[str]]]) -> None:
    if said.shape not in shapes:
        raise InputError(f"{where}unknown shape {said.shape!r}; known: {', '.join(shapes)}")
    known = [*shapes[said.shape]["must"], *shapes[said.shape]["may"]]
    given = [*said.columns, *said.constants]
    unknown = [name for name in given if name not in known]
    if unknown:
        names = ", ".join(map(repr, unknown))
        raise InputError(f"{where}{names} is no column of {said.shape}; known: {', '.join(known)}")
    both = sorted(said.columns.keys() & said.constants.keys())
    if both:
        raise InputError(f"{where}{', '.join(both)} is both a column and a constant; say one")
    if len(said.ours) < len(said.columns):
        raise InputError(f"{where}one column of the file stands for two of ours; say one")
