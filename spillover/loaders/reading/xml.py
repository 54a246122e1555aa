"""How is an XML file cut into its records, whatever stands in it.

Nothing outside the file is ever read, no entity is expanded, and a document type, which no list
needs and attacks do, refuses the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Metered, Part, opened

if TYPE_CHECKING:
    from lxml import etree

_SAFE: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def elements(part: Part, tags: Collection[str]) -> Iterator[tuple[str, etree._Element]]:
    """(position, element) of every element with one of these local names, in order.

    An element is freed when the next one is asked for: take from it what is needed. The position
    is the name with its number, ``DistinctParty 17``.

    Raises:
        InputError: not XML, cut off, with a document type, or with a record beyond the limit.
    """
    from lxml import etree

    root(part)
    count = dict.fromkeys(tags, 0)
    with opened(part) as stream:
        metered = Metered(part, stream)
        wanted = [f"{{*}}{tag}" for tag in tags]
        try:
            for _, element in etree.iterparse(metered, events=("end",), tag=wanted, **_SAFE):
                metered.record()
                name = local(element.tag)
                count[name] += 1
                yield f"{name} {count[name]}", element
                _free(element)
        except etree.XMLSyntaxError as error:
            raise _broken(part, error) from error


def _free(element: etree._Element) -> None:
    """Let go of an element and of everything before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def root(part: Part) -> tuple[str, str]:
    """(local name, namespace) of the root of a file.

    Raises:
        InputError: not XML, or it has a document type.
    """
    from lxml import etree

    with opened(part) as stream:
        try:
            first = etree.iterparse(Metered(part, stream), events=("start",), **_SAFE)
            _, element = next(iter(first))
        except etree.XMLSyntaxError as error:
            raise _broken(part, error) from error
        if element.getroottree().docinfo.doctype:
            raise InputError(f"{part}: has a document type (DOCTYPE), which no list needs; refused")
        name = etree.QName(element)
        return name.localname, name.namespace or ""


def _broken(part: Part, error: etree.XMLSyntaxError) -> InputError:
    return InputError(f"{part}: cut off or no well-formed XML ({error.msg}); fetch it again")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def tree(element: etree._Element) -> dict[str, Any]:
    """An element as a dictionary: ``{"@attribute": text, "child": [...], "#text": text}``.

    Namespaces are left out. Children of one name stand in a list; a child with neither attributes
    nor children is its text, which may be empty.
    """
    found: dict[str, Any] = {f"@{local(str(key))}": str(v) for key, v in element.attrib.items()}
    for child in element:
        if isinstance(child.tag, str):
            leaf = not len(child) and not child.attrib
            value: Any = (child.text or "").strip() if leaf else tree(child)
            found.setdefault(local(child.tag), []).append(value)
    text = (element.text or "").strip()
    if text:
        found["#text"] = text
    return found
