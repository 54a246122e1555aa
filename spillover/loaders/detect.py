"""Which source is a file of, by its content.

Every manifest says by what its files are known (:class:`~spillover.loaders.manifest.Signature`).
The signature with the most conditions wins; of two that say as much, nobody is guessed.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.manifest import Signature, manifest, names
from spillover.loaders.reading.files import Part, opened, parts
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.sheets import is_sheets, sheets
from spillover.loaders.reading.xml import root

_HEAD: Final = 64 * 1024
_UNDER: Final = ("data", "results", "records", "relations", "exceptions", "results.bindings")
"""Where the first record of a JSON file may stand beside its top level."""


class Detected(NamedTuple):
    """What a file was taken for."""

    part: Part
    loader: str
    why: str


class Detection(NamedTuple):
    """What was found in the files that were named."""

    found: tuple[Detected, ...]
    unknown: tuple[tuple[Part, str], ...]
    """Files of no source, or of two, with the reason."""

    def loads(self) -> dict[str, list[Part]]:
        """The files of each loader, in order."""
        files: dict[str, list[Part]] = {}
        for part, loader, _ in self.found:
            files.setdefault(loader, []).append(part)
        return files


@dataclass
class _Head:
    """What a signature may ask of a file; worked out when it is first asked."""

    part: Part
    raw: bytes

    @cached_property
    def text(self) -> str:
        bom = self.raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return self.raw.decode("utf-16" if bom else "utf-8-sig", "replace")

    @cached_property
    def root(self) -> tuple[str, str]:
        if self.text.lstrip()[:1] != "<":
            return "", ""
        with contextlib.suppress(InputError):
            return root(self.part)
        return "", ""

    @cached_property
    def keys(self) -> frozenset[str]:
        if self.text.lstrip()[:1] not in ("{", "["):
            return frozenset()
        around: list[Mapping[str, Any]] = []
        with contextlib.suppress(InputError):
            first: Any = next((r for _, r in documents(self.part, _UNDER, around.append)), {})
            return frozenset(first) if isinstance(first, dict) else frozenset()
        return frozenset()

    @cached_property
    def columns(self) -> frozenset[str]:
        if is_sheets(self.part):
            return _headers(self.part)
        line = self.text.partition("\n")[0].strip("\r")
        found: set[str] = set()
        for sign in "\t,;":
            with contextlib.suppress(csv.Error, StopIteration):
                found.update(cell.strip() for cell in next(csv.reader([line], delimiter=sign)))
        return frozenset(found)


def _headers(part: Part) -> frozenset[str]:
    """The cells of the first row of every sheet."""
    firsts = (next(sheet.rows(), None) for sheet in sheets(part))
    return frozenset(cell.strip() for first in firsts if first for cell in first[1])


def _matches(signature: Signature, head: _Head) -> list[str]:
    """What of the signature the file has, in words; empty when anything is missing."""
    said: list[str] = []
    asked: tuple[tuple[object, Callable[[], list[str]]], ...] = (
        (signature.columns, lambda: _all("column", signature.columns, head.columns)),
        (signature.keys, lambda: _all("key", signature.keys, head.keys)),
        (signature.root or signature.namespace, lambda: _root(signature, head)),
        (signature.text, lambda: _text("text", signature.text, head.text)),
        (signature.name, lambda: _text("name", signature.name, head.part.name)),
    )
    for wanted, found in asked:
        if wanted:
            words = found()
            if not words:
                return []
            said += words
    return said


def _all(what: str, wanted: tuple[str, ...], found: frozenset[str]) -> list[str]:
    return [f"{what} {one!r}" for one in wanted] if found.issuperset(wanted) else []


def _root(signature: Signature, head: _Head) -> list[str]:
    name, namespace = head.root
    if not name or signature.root not in ("", name) or signature.namespace not in namespace:
        return []
    words = [f"root <{name}>"] if signature.root else []
    return words + ([f"namespace {namespace!r}"] if signature.namespace else [])


def _text(what: str, pattern: str, text: str) -> list[str]:
    match = re.search(pattern, text, re.MULTILINE)
    return [f"{what} {match[0][:60]!r}"] if match else []


def detect(paths: Iterable[Path]) -> Detection:
    """Of which source each of the files, archives and folders is.

    Raises:
        InputError: a path cannot be read at all.
    """
    found, unknown = [], []
    for part in parts(paths):
        answer = _of(part)
        if isinstance(answer, Detected):
            found.append(answer)
        else:
            unknown.append((part, answer))
    return Detection(tuple(found), tuple(unknown))


def _of(part: Part) -> Detected | str:
    try:
        if is_sheets(part):
            head = _Head(part, b"")
        else:
            with opened(part) as stream:
                head = _Head(part, stream.read(_HEAD))
    except InputError as error:
        return str(error)
    best: dict[str, list[str]] = {}
    for name in names():
        said = max((_matches(one, head) for one in manifest(name).detect), key=len, default=[])
        if said:
            best[name] = said
    most = max(map(len, best.values()), default=0)
    sources = [name for name, said in best.items() if len(said) == most]
    if not sources:
        return "known to no loader by its content; name the loader"
    if len(sources) > 1:
        return f"it could be {' or '.join(sources)}; name the loader"
    return Detected(part, sources[0], ", ".join(best[sources[0]]))
