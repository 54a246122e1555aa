"""Which sources can be loaded, and what does each promise.

A source is ``<name>.yml`` beside ``<name>.py`` (or a folder ``<name>/`` with both inside). It is
discovered by its file; no list names it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

import spillover.loaders
from spillover.graph.errors import NotFoundError
from spillover.graph.evidence import Confidence, Dataset


class Expected(BaseModel):
    """How many records a file of this source has, at least and at most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min: int = 1
    max: int | None = None
    shrink: float = 0.2
    """Share by which a dataset may shrink from one load to the next."""


class Signature(BaseModel):
    """By what a file of a source is known; everything that is stated must hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = ()
    """Columns that its header has."""
    root: str = ""
    """Local name of its XML root."""
    namespace: str = ""
    """A part of the namespace of its XML root."""
    keys: tuple[str, ...] = ()
    """Keys of its first JSON object, alone or in an array."""
    text: str = ""
    """A regular expression found in its first 64 KiB; ``^`` stands at any line."""
    name: str = ""
    """A regular expression found in its name."""


class Manifest(BaseModel):
    """What ``<name>.yml`` says about a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    summary: str
    """What it reads, in one sentence."""
    publisher: str = ""
    url: str = ""
    licence: str = "unknown"
    commercial_use: bool | None = None
    date: str = ""
    confidence: Confidence = "medium"
    """Of claims about which the source says nothing."""
    formats: tuple[str, ...]
    emits: tuple[str, ...]
    """Relation kinds that it can write."""
    expected: Expected = Expected()
    tolerance: float = 0.0
    """Share of unreadable records up to which a load is accepted."""
    tables: dict[str, Any] = {}
    """The source's own code tables, as data."""
    fields: dict[str, dict[str, str]] = {}
    """By table or form: every field of its records, and what becomes of it."""
    detect: tuple[Signature, ...] = ()
    """Any of these makes a file one of this source."""

    def dataset(self) -> Dataset:
        """The dataset that this source makes when the user names none."""
        return Dataset(
            self.name,
            self.title,
            self.publisher,
            self.url,
            self.licence,
            self.commercial_use,
            self.date,
        )


def _found() -> dict[str, Path]:
    """Every manifest by the name of its source, wherever this package looks for its modules."""
    found: dict[str, Path] = {}
    for place in map(Path, spillover.loaders.__path__):
        for path in (*place.glob("*.yml"), *place.glob("*/*.yml")):
            if path.parent == place or path.parent.name == path.stem:
                found.setdefault(path.stem, path)
    return found


def names() -> list[str]:
    """Every source by name, sorted."""
    return sorted(_found())


@cache
def manifest(name: str) -> Manifest:
    """The manifest of a source.

    Raises:
        NotFoundError: there is none of that name.
    """
    path = _found().get(name)
    if path is None:
        raise NotFoundError(f"no loader is named {name!r}; there are: {', '.join(names())}")
    return Manifest(name=name, **yaml.safe_load(path.read_text(encoding="utf-8")))
