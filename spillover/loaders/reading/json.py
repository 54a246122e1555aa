"""How is a JSON file cut into its records without reading all of it at once.

The records may be lines, the elements of one array, or the elements of an array inside an object.
A number that is no integer comes as an exact decimal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Metered, Part, opened

DEPTH_LIMIT: Final = 64
"""Deepest nesting of a record."""
Events = Iterator[tuple[str, Any]]


def documents(
    part: Part,
    under: Collection[str] = (),
    around: Callable[[dict[str, Any]], None] | None = None,
) -> Iterator[tuple[str, Any]]:
    """(position, record) of every record of a file.

    Args:
        part: the file.
        under: dotted keys (``results.bindings``) of the arrays of a top-level object whose
            elements are the records; an object that has none of them is itself a record.
        around: told what stands beside such arrays.

    Raises:
        InputError: no JSON in UTF-8, cut off, nested too deep, or a record beyond the limit.
    """
    import ijson

    number = 0
    with opened(part) as stream:
        metered = Metered(part, stream)
        events = ijson.basic_parse(metered, multiple_values=True, use_float=False)
        try:
            for record in _records(events, frozenset(under), around):
                metered.record()
                number += 1
                yield f"record {number}", record
        except (ijson.JSONError, ValueError, _WrongError) as error:
            why = str(error).partition("\n")[0].strip()
            raise InputError(
                f"{part}: after record {number}: cut off or no JSON in UTF-8 ({why});"
                " fetch it again"
            ) from error


class _WrongError(Exception):
    """What no record of a list looks like."""


def _records(
    events: Events, under: frozenset[str], around: Callable[[dict[str, Any]], None] | None
) -> Iterator[Any]:
    for event, value in events:
        if event == "start_array":
            yield from _elements(events)
        elif event == "start_map":
            yield from _object(events, under, around)
        else:
            yield value


def _elements(events: Events) -> Iterator[Any]:
    """The elements of the array that has just begun."""
    for event, value in events:
        if event == "end_array":
            return
        yield _built(event, value, events, 1)


def _object(
    events: Events,
    under: frozenset[str],
    around: Callable[[dict[str, Any]], None] | None,
    above: str = "",
) -> Iterator[Any]:
    """The records in the object that has just begun, or the object itself."""
    rest: dict[str, Any] = {}
    found = False
    for ending, key in events:
        if ending == "end_map":
            break
        path = above + key
        event, value = next(events)
        if event == "start_array" and path in under:
            found = True
            yield from _elements(events)
        elif event == "start_map" and any(one.startswith(path + ".") for one in under):
            found = True
            yield from _object(events, under, around, path + ".")
        else:
            _put(rest, key, _built(event, value, events, 1))
    if found or above:
        if rest and around:
            around({above + key: value for key, value in rest.items()} if above else rest)
    else:
        yield rest


def _built(event: str, value: Any, events: Events, depth: int) -> Any:
    """The value that has just begun, whole."""
    if depth > DEPTH_LIMIT:
        raise _WrongError(f"nested deeper than {DEPTH_LIMIT}")
    if event == "start_map":
        made: dict[str, Any] = {}
        for inner, key in events:
            if inner == "end_map":
                return made
            _put(made, key, _built(*next(events), events, depth + 1))
    if event == "start_array":
        several: list[Any] = []
        for inner, item in events:
            if inner == "end_array":
                return several
            several.append(_built(inner, item, events, depth + 1))
    return value


def _put(into: dict[str, Any], key: str, value: Any) -> None:
    if key in into:
        raise _WrongError(f"{key[:80]!r} stands twice in one object")
    into[key] = value
