"""What do the dotted columns of the golden copy's tables say in the shape of the XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part

Steps = tuple[tuple[str, int], ...]

_PATHS: Final[dict[str, str]] = manifest("gleif").tables["columns"]
_ENDS: Final[dict[str, str]] = manifest("gleif").tables["columnEnds"]
_MOST: Final = 99
"""Most repetitions of one column; GLEIF has five."""


class Cell(NamedTuple):
    """Where the cells of one column belong in a record."""

    node: int
    """Number of the element that holds it."""
    name: str
    place: int
    """Which of several children of that name it is."""
    outer: bool
    """Whether further columns belong to the same element."""


class Plan:
    """Where each column of a table belongs in a record.

    Args:
        part: the table, for the message.
        header: its columns.

    Raises:
        InputError: a column is repeated beyond reason, or is both a value and has columns below it.
    """

    def __init__(self, part: Part, header: list[str]) -> None:
        paths = {column: _steps(part, column) for column in header}
        above = {steps[:depth] for steps in paths.values() for depth in range(1, len(steps))}
        inner = {(steps[:-1], steps[-1][0]) for steps in above}
        for column, steps in paths.items():
            if steps not in above and (steps[:-1], steps[-1][0]) in inner:
                raise InputError(f"{part}: column {column[:80]!r} has columns below it; check it")
        numbers: dict[Steps, int] = {(): 0}
        self._nodes: list[tuple[int, str, int]] = [(0, "", 0)]
        for steps in sorted(above):
            numbers[steps] = len(self._nodes)
            self._nodes.append((numbers[steps[:-1]], *steps[-1]))
        self._cells = {
            column: Cell(numbers[steps[:-1]], *steps[-1], steps in above)
            for column, steps in paths.items()
        }

    def grown(self, row: Mapping[str, str], *, empty: bool = False) -> dict[str, Any]:
        """The record of a row; with ``empty`` also its empty cells."""
        made: dict[int, dict[str, Any]] = {0: {}}
        cells = self._cells
        for column, text in row.items():
            if text or empty:
                number, name, place, outer = cells[column]
                node = made.get(number)
                if node is None:
                    node = self._node(made, number)
                if name[:1] == "@":
                    node[name] = text
                elif outer:
                    _element(node, name, place)["#text"] = text
                elif name in node:
                    node[name].append(text)
                else:
                    node[name] = [text]
        return made[0]

    def _node(self, made: dict[int, dict[str, Any]], number: int) -> dict[str, Any]:
        if number not in made:
            outer, name, index = self._nodes[number]
            made[number] = _element(self._node(made, outer), name, index)
        return made[number]


def _element(node: dict[str, Any], name: str, index: int) -> dict[str, Any]:
    several: list[dict[str, Any]] = node.setdefault(name, [])
    while len(several) <= index:
        several.append({})
    return several[index]


def _steps(part: Part, column: str) -> Steps:
    """``Entity.OtherEntityNames.OtherEntityName.2`` is the second child of that name."""
    steps: list[tuple[str, int]] = []
    for name in column.split("."):
        if steps and name.isascii() and name.isdigit():
            steps[-1] = (steps[-1][0], _index(part, column, name))
        else:
            steps.append((name, 0))
    for depth in range(len(steps), 0, -1):
        path = _PATHS.get(".".join(name for name, _ in steps[:depth]))
        if path:
            *above, last = path.split(".")
            steps[:depth] = [*((name, 0) for name in above), (last, steps[depth - 1][1])]
            break
    name, index = steps[-1]
    return (*steps[:-1], (_ENDS.get(name, name), index))


def _index(part: Part, column: str, number: str) -> int:
    if len(number) > len(str(_MOST)) or not 1 <= int(number) <= _MOST:
        raise InputError(f"{part}: column {column[:80]!r} counts beyond 1 to {_MOST}; check it")
    return int(number) - 1
