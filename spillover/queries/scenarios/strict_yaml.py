"""How is a YAML file read in which every value is the text that stands there."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from spillover.graph.errors import InputError


def texts_of(text: str | bytes, where: str) -> Any:
    """Texts, lists and mappings of a YAML text; a number such as 25.05 stays as it is written.

    Raises:
        InputError: it is no YAML, or a key stands twice; the message begins with ``where``.
    """
    try:
        return yaml.load(text, _Texts)  # noqa: S506 - builds texts, lists and mappings only
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        raise InputError(f"{where}: no YAML that can be read ({_fault(error)})") from error


class _Texts(yaml.SafeLoader):
    """Reads every scalar as the text that stands there, and refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        keys = [key.value for key, _ in node.value if isinstance(key.value, str)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.YAMLError(f"line {node.start_mark.line + 1}: {twice!r} stands twice")
        return super().construct_mapping(node, deep=deep)


_Texts.yaml_implicit_resolvers = {}


def _fault(error: Exception) -> str:
    """What is wrong with the YAML, and in which line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    if mark is None or not problem:
        return " ".join(str(error).split())[:200]
    return f"line {mark.line + 1}: {problem}"
