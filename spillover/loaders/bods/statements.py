"""What is a BODS statement, whatever its version, and how are values taken out of it.

A value on which a claim depends must be right, or the statement is set aside. Any other value that
is not of the type that the standard asks for is signalled, and kept as text where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.loaders.context import Context

_ENVELOPE: Final = (
    "statementID",
    "statementType",
    "statementDate",
    "replacesStatements",
    "publicationDetails",
    "source",
    "annotations",
)
"""What stands beside the details in one object before 0.4."""
_DAY: Final = len("2026-01-31")


class Node:
    """One object of a statement.

    Args:
        values: its values.
        context: where what is odd is signalled.
        path: where it stands, for the signal.
    """

    __slots__ = ("_context", "_path", "values")

    def __init__(self, values: Mapping[str, Any], context: Context, path: str = "") -> None:
        self.values, self._context, self._path = values, context, path

    def text(self, name: str) -> str:
        """A text; empty where there is none. A number or truth is signalled, and is its text."""
        value = self.values.get(name)
        if value is None or type(value) is str:
            return value or ""
        self._odd(name, "a text", value)
        return str(value) if isinstance(value, (int, Decimal)) else ""

    def each(self, *names: str) -> tuple[str, ...]:
        """Several texts."""
        return tuple(self.text(name) for name in names)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(type(one) is str for one in value):
            self._odd(name, "a list of texts", value)
            several = value if isinstance(value, list) else [value]
            return tuple(str(one) for one in several if isinstance(one, (str, int, Decimal)))
        return tuple(value)

    def flag(self, name: str) -> str:
        """``true`` or ``false``; empty where neither is said."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, bool):
            self._odd(name, "true or false", value)
        return str(value).lower()

    def at(self, name: str) -> Node:
        """An object inside it; an empty one where there is none."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            self._odd(name, "an object", value)
        return Node(value if isinstance(value, dict) else {}, self._context, self._below(name))

    def several(self, name: str) -> list[Node]:
        """The objects of a list inside it."""
        value = self.values.get(name, [])
        found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if not isinstance(value, list) or len(found) < len(value):
            self._odd(name, "a list of objects", value)
        return [Node(one, self._context, self._below(name)) for one in found]

    def code(self, name: str, table: str) -> Any:
        """What the manifest makes of a code; None where there is none, or it is unknown."""
        value = self.text(name)
        return self._context.code(table, camel(value), self._below(name)) if value else None

    def codes(self, name: str, table: str) -> list[Any]:
        """What the manifest makes of the codes of a list; unknown ones are left out."""
        known = (self._context.code(table, camel(v), self._below(name)) for v in self.texts(name))
        return [one for one in known if one is not None]

    def day(self, name: str) -> str:
        """A date on which no claim depends; one that cannot be read is signalled and left out."""
        found = self.text(name)[:_DAY]
        try:
            if found:
                day_range(found)
        except DateError:
            self._odd(name, "a date", self.values[name])
            return ""
        return found

    def _below(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def _odd(self, name: str, expected: str, value: object) -> None:
        self._context.note(f"not {expected}", self._below(name), str(value))


class Statement(NamedTuple):
    """One statement in the form of all versions."""

    id: str
    """``statementId``."""
    record: str
    """``recordId``; before 0.4 the id of the statement."""
    kind: str
    """``entity``, ``person`` or ``relationship``."""
    status: str
    """``new``, ``updated`` or ``closed``; before 0.4 empty."""
    date: str
    """The day for which it speaks; empty when it does not say."""
    envelope: Mapping[str, Any]
    about: Node
    """The envelope."""
    details: Node


def opened(raw: object, context: Context) -> Statement:
    """A statement of any version.

    Raises:
        InputError: not a statement, or of a kind, status or date that cannot be read.
    """
    if not isinstance(raw, dict):
        raise InputError(f"{str(raw)[:80]!r} is no object; expected a BODS statement")
    modern = "recordDetails" in raw or "recordType" in raw or "statementId" in raw
    if not modern and "statementType" not in raw:
        raise InputError("no statementType and no recordType; expected a BODS statement")
    if modern:
        details = raw.get("recordDetails")
        if not isinstance(details, dict):
            raise InputError(f"recordDetails is {str(details)[:80]!r}; expected an object")
        envelope = {key: value for key, value in raw.items() if key != "recordDetails"}
    else:
        envelope = {key: raw[key] for key in _ENVELOPE if key in raw}
        details = {key: value for key, value in raw.items() if key not in envelope}
    statement_id = _must(raw, "statementId" if modern else "statementID")
    kind = _known(raw, "recordType" if modern else "statementType", "statementTypes", context)
    status = ""
    if raw.get("recordStatus") is not None:
        _known(raw, "recordStatus", "recordStatuses", context)
        status = raw["recordStatus"]
    return Statement(
        statement_id,
        _must(raw, "recordId") if modern else statement_id,
        kind,
        status,
        _date(raw),
        envelope,
        Node(envelope, context),
        Node(details, context, "recordDetails" if modern else ""),
    )


def _must(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{name} is {str(value)[:80]!r}; expected a text")
    return value


def _known(raw: Mapping[str, Any], name: str, table: str, context: Context) -> str:
    value = _must(raw, name)
    known: Mapping[str, str] = context.manifest.tables[table]
    if value not in known:
        raise InputError(f"{name} {value[:80]!r} is not known; known: {', '.join(known)}")
    return known[value]


def _date(raw: Mapping[str, Any]) -> str:
    if raw.get("statementDate") is None:
        return ""
    date = _must(raw, "statementDate")[:_DAY]
    day_range(date)
    return date


def camel(code: str) -> str:
    """A code before 0.3 (``voting-rights``) as later versions write it (``votingRights``)."""
    first, *rest = code.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
