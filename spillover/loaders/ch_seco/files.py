"""What stands in the Swiss list: targets, and the places and programmes that they refer to.

Each change of a target repeats what it added and removed, with elements of the same names: only
children of the root are records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.loaders.ch_seco.said import Said, attribute, english, nested, texts
from spillover.loaders.context import Context, leaves
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, root, tree

_ROOT: Final = "swiss-sanctions-list"
_TAGS: Final = ("sanctions-program", "target", "place")


class Measures(NamedTuple):
    """One set of measures of a programme."""

    programme: str
    name: str
    """Of the programme's ordinance."""
    text: str
    origin: str


class Target(NamedTuple):
    """One target with the places and the sets of measures of its file."""

    said: Said
    places: dict[str, Said]
    sets: dict[str, Measures]
    generated: str

    def __repr__(self) -> str:
        """What the target itself says; places and sets are those of the whole file."""
        return repr(self.said)


class Folded(NamedTuple):
    """A place or a programme, folded into the targets that refer to it."""

    kind: str
    key: str


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, object]]:
    """Every place, programme and target; the first two are gathered before the first target."""
    if not parts:
        raise InputError("ch_seco: name the XML file of the Swiss list")
    for part in parts:
        found = root(part)[0]
        if found != _ROOT:
            raise InputError(f"{part}: its root is {found!r}, expected {_ROOT!r}")
        places, sets = _folded(part, context)
        generated, count = _generated(part, context), 0
        for element in _children(part, context):
            kind, key = local(str(element.tag)), str(element.get("ssid", ""))
            record: object = Folded(kind, key)
            if kind == "target":
                count += 1
                record = Target(tree(_present(element)), places, sets, generated)
            yield part.name, f"{kind} ssid {key}", record
        if not count:
            raise InputError(f"{part}: holds no target; is it complete?")


def _present(element: Any) -> Any:
    """A target without the states that its changes repeat, which can be most of it."""
    for change in element.iterchildren("{*}modification"):
        for state in list(change.iterchildren("{*}added", "{*}removed")):
            change.remove(state)
    return element


def _children(part: Part, context: Context) -> Iterator[Any]:
    """The records of a file; a child of the root of any other name is signalled."""
    last = None
    for _, element in elements(part, _TAGS):
        top = element.getroottree().getroot()
        if element.getparent() is not top:
            continue
        for other in element.itersiblings(preceding=True):
            _beside(other, part, context)
        yield element
        last = element
    for other in last.itersiblings() if last is not None else ():
        _beside(other, part, context)


def _beside(element: Any, part: Part, context: Context) -> None:
    name = local(str(element.tag))
    if name not in _TAGS and not context.state.setdefault(f"strange {part} {name}", False):
        context.state[f"strange {part} {name}"] = True
        context.note("unknown element", name, part.name)


def _folded(part: Part, context: Context) -> tuple[dict[str, Said], dict[str, Measures]]:
    places: dict[str, Said] = {}
    sets: dict[str, Measures] = {}
    for element in _children(part, context):
        kind = local(str(element.tag))
        if kind == "place":
            places[str(element.get("ssid", ""))] = said = tree(element)
            context.survey(dict(leaves(said)), "place")
        elif kind == "sanctions-program":
            said = tree(element)
            context.survey(dict(leaves(said)), "programme")
            key, name = english(said, "program-key"), english(said, "program-name")
            origin = next(iter(texts(said, "origin")), "")
            for one in nested(said, "sanctions-set"):
                if attribute(one, "lang") in {"", "eng"} or attribute(one, "ssid") not in sets:
                    text = str(one.get("#text", ""))
                    sets[attribute(one, "ssid")] = Measures(key, name, text, origin)
    return places, sets


def _generated(part: Part, context: Context) -> str:
    """The day of the list, which its root states, and a signal when it is not the whole list."""
    for _, element in elements(part, _TAGS):
        top = element.getroottree().getroot()
        day, kind = str(top.get("date", "")).strip(), str(top.get("list-type", ""))
        if kind != "whole-list":
            context.note("not the whole list", kind or "(no list-type)", part.name)
        try:
            day_range(day)
        except DateError:
            raise InputError(f"{part}: date is {day[:40]!r}; expected a day") from None
        context.dated(day)
        return day
    return ""
