"""What do beneficial ownership statements say, and which version of each stands.

Only the last version of a record stands; the others are merged into it. A statement of BODS 0.4
names its record, one of 0.1 to 0.3 the statements that it replaces. The files are read twice: to
find out which version stands, and to tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.bods import parties, relationships
from spillover.loaders.bods.statements import Statement, opened
from spillover.loaders.bods.versions import Versions
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.json import documents


class Numbered(NamedTuple):
    """A statement and its place among all of the load."""

    number: int
    raw: object

    def __repr__(self) -> str:
        """The statement alone, as a report quotes it."""
        return repr(self.raw)


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Numbered]]:
    """Every statement of the files with its number.

    Raises:
        InputError: a file is cut off or no JSON.
    """
    if not parts:
        raise InputError("bods: name at least one file of BODS statements")
    versions = context.state["versions"] = Versions(context.dataset.name)
    number = 0
    for part in parts:
        for _, record in documents(part):
            number += 1
            versions.see(number, record)
    versions.settle(context)
    number = 0
    for part in parts:
        for position, record in documents(part):
            number += 1
            yield part.name, position, Numbered(number, record)


def transform(record: Numbered, context: Context) -> Iterable[Entity | Relation]:
    """What one statement says, if its version stands.

    Raises:
        InputError: not a statement, or a value on which a claim depends cannot be read.
    """
    number, raw = record
    statement = opened(raw, context)
    context.survey(statement.envelope, "statement")
    context.survey(statement.details.values, statement.kind)
    versions: Versions = context.state["versions"]
    why = versions.superseded(number, statement)
    if why:
        context.merge(why, statement.id)
        return ()
    return _told(statement, versions, context)


def _told(
    statement: Statement, versions: Versions, context: Context
) -> Iterable[Entity | Relation]:
    if statement.kind == "entity":
        return (parties.entity(statement, versions, context),)
    if statement.kind == "person":
        return (parties.person(statement, versions, context),)
    return relationships.told(statement, versions, context)
