"""What stands at a place of a nested record, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spillover.graph.errors import InputError

Node = Mapping[str, Any]


def refuse_delta(node: Node) -> None:
    """Refuse a record of a file of changes.

    Raises:
        InputError: it says what became of the record, so the file is no list.
    """
    for mark in ("@DeltaAction", "@action"):
        if mark in node:
            raise InputError(
                f"a change ({mark[1:]} {node[mark]!r}), not an entry; load the full list instead"
            )


def many(node: Node, *path: str) -> list[Any]:
    """Everything at this path, through all lists on the way."""
    found: list[Any] = [node]
    for key in path:
        found = [
            item
            for above in found
            if isinstance(above, Mapping)
            for item in _listed(above.get(key))
        ]
    return found


def nodes(node: Node, *path: str) -> list[Node]:
    """The records at this path; what is only text there is left out."""
    return [item for item in many(node, *path) if isinstance(item, Mapping)]


def texts(node: Node, *path: str) -> list[str]:
    """The texts at this path that are not empty."""
    return [text for text in map(_text, many(node, *path)) if text]


def one(node: Node, *path: str) -> str:
    """The first text at this path; empty when there is none."""
    return next(iter(texts(node, *path)), "")


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return str(value.get("#text", "") if isinstance(value, Mapping) else value).strip()
