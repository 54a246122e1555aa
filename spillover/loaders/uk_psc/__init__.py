"""What does the UK register of people with significant control say of each company.

The files are read twice: what they say of one company in several places is put together first, so
that every record describes it alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import lines
from spillover.loaders.uk_psc.claims import claims
from spillover.loaders.uk_psc.owners import owner
from spillover.loaders.uk_psc.record import KINDS, company_number, exemptions, statement, text
from spillover.loaders.uk_psc.snapshot import Snapshot

_DECODER: Final = msgspec.json.Decoder()


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
    """Every line of the parts of a snapshot; a last line that is cut off refuses the part."""
    if not parts:
        raise InputError("uk_psc: name the snapshot, or all its parts")
    snapshot = context.state["snapshot"] = Snapshot()
    for part in parts:
        for _, record in _records(part):
            snapshot.remember(record)
    snapshot.check([part.name for part in parts], context)
    for part in parts:
        name = part.name
        for number, record in _records(part):
            yield name, f"line {number}", record


def _records(part: Part) -> Iterator[tuple[int, Any]]:
    """The decoded lines; one that is no JSON as it stands."""
    broken: tuple[int, bytes] | None = None
    for number, line in lines(part):
        if broken:
            yield broken
            broken = None
        try:
            yield number, _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            broken = number, line
    if broken:
        raise InputError(
            f"{part}: line {broken[0]}, the last, is cut off or no JSON; fetch it again"
        )


def transform(record: Any, context: Context) -> Iterable[Entity | Relation]:
    """The owner, the company and the claims of one line, or what it says of the company alone.

    Raises:
        InputError: no record of the register, or a value that cannot be read.
    """
    if not isinstance(record, dict) or not isinstance(record.get("data"), dict):
        raise InputError("no object with company_number and data in UTF-8; is this the snapshot?")
    context.survey(record)
    data = record["data"]
    kind = KINDS.get(text(data, "kind"))
    if kind is None:
        raise InputError(f"kind {text(data, 'kind')[:80]!r} is not known to this loader")
    if kind == "totals":
        context.ignore("totals of the snapshot", text(data, "generated_at"))
        return ()
    company = context.state["snapshot"].company(company_number(record), context)
    if kind == "statement":
        _note("statements", statement(data).split(" ", 1)[0], company, context)
        return (company,)
    if kind == "exemptions":
        for code, _ in exemptions(data):
            _note("exemptions", code, company, context)
        return (company,)
    found, details = owner(data, kind, context)
    return found, company, *claims(data, (found, company), details, context)


def _note(table: str, code: str, company: Entity, context: Context) -> None:
    """Signal why a company names nobody, also where the code is known."""
    context.code(table, code, company.id)
    context.note(f"{table} instead of a person", code, company.id)
