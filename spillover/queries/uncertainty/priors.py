"""What is assumed where nobody states it: ranges that draws are taken from, as data.

The assumptions stand in ``priors.yml`` beside this module; a file of the user's can replace any of
them. They are no findings. Each is printed with the answer that it was used for.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from spillover.graph.errors import InputError
from spillover.queries.scenarios.strict_yaml import texts_of

_STRICT: Final = ConfigDict(frozen=True, extra="forbid")
SIZE_LIMIT: Final = 64 * 1024
"""Most bytes of a file of priors."""
_GREATEST: Final = 100.0


class Prior(BaseModel):
    """One assumption: a range from which every draw takes a value."""

    model_config = _STRICT

    low: float = Field(ge=0, le=_GREATEST, allow_inf_nan=False)
    high: float = Field(ge=0, le=_GREATEST, allow_inf_nan=False)
    why: str = "as the file of priors has it"
    source: str = "the user's file of priors"

    @model_validator(mode="after")
    def _ordered(self) -> Prior:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self

    def __str__(self) -> str:
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


class Chance(Prior):
    """A probability, or a part of a whole."""

    low: float = Field(ge=0, le=1, allow_inf_nan=False)
    high: float = Field(ge=0, le=1, allow_inf_nan=False)


class Unevenness(Prior):
    """The parameter of a symmetric Dirichlet distribution."""

    low: float = Field(ge=0.05, le=_GREATEST, allow_inf_nan=False)
    high: float = Field(ge=0.05, le=_GREATEST, allow_inf_nan=False)


class Priors(BaseModel):
    """All assumptions of a sample."""

    model_config = _STRICT

    unevenness: Unevenness
    unnamed_producers: Prior
    unnamed_fall: Chance
    falls: Chance
    unnamed_owners: Prior
    unnamed_kinds: Prior
    substitution: Chance
    denied_input: Chance
    unnamed_partners: Prior
    replacement: Chance

    def assumption(self, name: str) -> Prior:
        """One of the assumptions by its name."""
        found: Prior = getattr(self, name)
        return found


NAMES: Final = tuple(Priors.model_fields)
"""The assumptions, in the order in which answers print them."""


@cache
def default_priors() -> Priors:
    """The assumptions that come with Spillover."""
    text = (files(__package__) / "priors.yml").read_text(encoding="utf-8")
    return Priors.model_validate(texts_of(text, "priors.yml"))


def read_priors(path: Path) -> Priors:
    """The assumptions of a user's file; those that it does not name are as they come.

    Raises:
        InputError: the file cannot be read, or an entry of it is none; in one line.
    """
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise InputError(f"{path}: larger than {SIZE_LIMIT} bytes; a file of priors is short")
        said = texts_of(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    if not isinstance(said, dict):
        raise InputError(f"{path}: write one entry a line, for example substitution: ...")
    known: dict[str, Any] = default_priors().model_dump()
    try:
        return Priors.model_validate(known | said)
    except ValidationError as error:
        raise InputError(f"{path}: {_fault(error)}") from error


def _fault(error: ValidationError) -> str:
    """The first fault: where, what, and what there is instead."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        return f"{where!r} is no assumption; there are: {', '.join(NAMES)}"
    if first["type"] == "extra_forbidden":
        return f"{where} is no field; there are: low, high, why, source"
    if first["type"] == "model_type":
        return f"{where}: {first['input']!r} is no range; write its low, high, why and source"
    shown = f" (not {first['input']!r})" if not isinstance(first["input"], dict) else ""
    return f"{where}: {first['msg'].removeprefix('Value error, ')}{shown}"
