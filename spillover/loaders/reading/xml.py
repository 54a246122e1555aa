"""How is an XML file cut into its records, whatever stands in it.

Nothing outside the file is ever read, no entity is expanded, and a document type, which no list
needs and attacks do, refuses the file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import IO, TYPE_CHECKING, Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import RECORD_LIMIT, Part, opened

if TYPE_CHECKING:
    from lxml import etree

MARKS_LIMIT: Final = 1_000_000
"""Most tags and attributes in one record: each takes far more memory than it has characters."""
_REASON: Final = 300
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

    One inside another of them is a part of that and does not come by itself. An element is freed
    when the next one is asked for: take from it what is needed. The position is the name with its
    number, ``DistinctParty 17``.

    Raises:
        InputError: not XML, cut off, with a document type, or with a record beyond the limit.
    """
    from lxml import etree

    root(part)
    count = dict.fromkeys(tags, 0)
    with opened(part) as stream:
        metered = _Metered(part, stream)
        wanted = [f"{{*}}{tag}" for tag in tags]
        try:
            for _, element in etree.iterparse(metered, events=("end",), tag=wanted, **_SAFE):
                if any(local(above.tag) in count for above in element.iterancestors()):
                    continue
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
    while parent is not None:
        while element.getprevious() is not None:
            del parent[0]
        element, parent = parent, parent.getparent()


def root(part: Part) -> tuple[str, str]:
    """(local name, namespace) of the root of a file.

    Raises:
        InputError: not XML, or it has a document type.
    """
    from lxml import etree

    with opened(part) as stream:
        try:
            first = etree.iterparse(_Metered(part, stream), events=("start",), **_SAFE)
            _, element = next(iter(first))
        except etree.XMLSyntaxError as error:
            raise _broken(part, error) from error
        if element.getroottree().docinfo.doctype:
            raise InputError(f"{part}: has a document type (DOCTYPE), which no list needs; refused")
        name = etree.QName(element)
        return name.localname, name.namespace or ""


def _broken(part: Part, error: etree.XMLSyntaxError) -> InputError:
    why = " ".join(str(error.msg).split())
    if len(why) > _REASON:
        why = f"{why[:_REASON]}…"
    return InputError(f"{part}: cut off or no well-formed XML ({why}); fetch it again")


def local(tag: str) -> str:
    """A tag without its namespace, and without a prefix that stands for none."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def tree(element: etree._Element) -> dict[str, Any]:
    """An element as a dictionary: ``{"@attribute": text, "child": [...], "#text": text}``.

    Namespaces are left out. Children of one name stand in a list; a child with neither attributes
    nor children is its text, which may be empty. Texts between children are joined by a space.
    """
    found: dict[str, Any] = {}
    for key, said in element.attrib.items():
        name = f"@{local(str(key))}"
        while name in found:  # of two namespaces
            name += ".2"
        found[name] = str(said)
    texts = [element.text]
    for child in element:
        if isinstance(child.tag, str):
            leaf = not len(child) and not child.attrib
            value: Any = (child.text or "").strip() if leaf else tree(child)
            found.setdefault(local(child.tag), []).append(value)
            texts.append(child.tail)
    text = " ".join(filter(None, (text.strip() for text in texts if text)))
    if text:
        found["#text"] = text
    return found


class _Metered:
    """A stream that refuses to be read far without a record in it."""

    def __init__(self, part: Part, stream: IO[bytes]) -> None:
        self._part, self._stream = part, stream
        self._read = self._marks = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; the parser asks for some thousands at a time."""
        data = self._stream.read(size)
        self._read += len(data)
        self._marks += data.count(b"<") + data.count(b"=")
        if self._read > RECORD_LIMIT:
            raise InputError(f"{self._part}: a record is longer than {RECORD_LIMIT >> 20} MiB")
        if self._marks > MARKS_LIMIT:
            raise InputError(f"{self._part}: a record has more than {MARKS_LIMIT:,} tags")
        return data

    def record(self) -> None:
        """A record has ended: the next one may be as long again."""
        self._read = self._marks = 0
