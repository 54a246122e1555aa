"""What does an element of the Swiss list say in one of its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Said = dict[str, Any]


def attribute(said: Said, name: str) -> str:
    """The text of an attribute; empty when it has none."""
    return str(said.get(f"@{name}", "")).strip()


def texts(said: Said, child: str) -> list[str]:
    """The texts of the children of one name that are not empty."""
    values = (v.get("#text", "") if isinstance(v, dict) else v for v in said.get(child, []))
    return [value for value in values if value]


def nested(said: Said, child: str) -> list[Said]:
    """The children of one name that have attributes or children of their own."""
    return [value for value in said.get(child, []) if isinstance(value, dict)]


def english(said: Said, child: str) -> str:
    """The English text of a child that stands once for each language; else the first."""
    children = nested(said, child)
    ranked = sorted(children, key=lambda one: attribute(one, "lang") != "eng")
    return str(ranked[0].get("#text", "")) if ranked else ""


def kept(properties: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The properties that say something, each text once."""
    found = {name: tuple(dict.fromkeys(filter(None, v))) for name, v in properties.items()}
    return {name: told for name, told in found.items() if told}


def joined(said: Said, *children: str) -> str:
    """The texts of several children as one line."""
    return ", ".join(text for child in children for text in texts(said, child))
