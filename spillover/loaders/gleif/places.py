"""Which elements may a record of the XML have, and how is it read fast.

Every element is looked up at its place, which says its local name and whether the manifest's fields
speak of it. So a record is brought into the shape of the tree and checked in one pass, and only one
with something strange in it is surveyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from spillover.loaders.reading.xml import local

if TYPE_CHECKING:
    from lxml import etree


class Place(dict[str, "Place"]):
    """One place in a record: the places below it, by tag with namespace.

    Args:
        name: the local name of its element.
        fields: the fields of which the manifest speaks.
        path: from the record to here, with dots.
    """

    __slots__ = ("_fields", "_path", "known", "name")

    def __init__(self, name: str, fields: Mapping[str, str], path: str) -> None:
        super().__init__()
        self.name, self._fields, self._path = name, fields, path
        below = (f"{path.rsplit('.', depth)[0]}.*" for depth in range(path.count(".") + 1))
        self.known = path in fields or any(one in fields for one in below)

    def __missing__(self, tag: str) -> Self:
        name = local(tag)
        place = self[tag] = type(self)(
            name, self._fields, f"{self._path}.{name}" if self._path else name
        )
        return place

    def grown(self, element: etree._Element, strange: list[Place]) -> dict[str, Any]:
        """An element as :func:`spillover.loaders.reading.xml.tree` makes it.

        Args:
            element: the element at this place.
            strange: takes every place at which the manifest knows of no value.
        """
        made: dict[str, Any] = {}
        for key in element.keys():  # noqa: SIM118 - an element is iterated by its children
            place = self[f"@{local(str(key))}"]
            made[place.name] = str(element.get(key))
            if not place.known:
                strange.append(place)
        for child in element:
            place = self[child.tag]
            if len(child) or child.keys():
                value: Any = place.grown(child, strange)
            else:
                text = child.text
                value = text.strip() if text else ""
                if not place.known:
                    strange.append(place)
            made.setdefault(place.name, []).append(value)
        text = element.text
        if text and not text.isspace():
            made["#text"] = text.strip()
            if not self["#text"].known:
                strange.append(self)
        return made
