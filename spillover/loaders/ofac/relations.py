"""Which relation does OFAC state between two parties, and in which direction."""

from __future__ import annotations

from typing import Any, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import KINDS, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac.party import TABLES


class Stated(NamedTuple):
    """A relationship as a file states it: FROM is TYPE TO."""

    record: str
    type_id: str
    type: str
    start: str
    """Number of the party at the From end."""
    end: str
    """Number of the party at the To end."""
    quality: str = ""
    former: bool = False
    note: str = ""


def relation(said: Stated, context: Context, observed: str = "") -> Relation:
    """The claim of a relationship.

    A type that the table does not know, or knows by another name, and a former relation are kept
    as a mere link with the words of the type: what they mean is not guessed.

    Raises:
        InputError: the type has neither a known id nor a name.
    """
    kind, source = _kind(said, context)
    ends = (said.start, said.end) if source == "from" else (said.end, said.start)
    role = said.type or TABLES["relations"][said.type_id]["name"]
    if said.former:
        kind, role = "LINKED_TO", f"formerly: {role}"
        ends = (said.start, said.end)
    _look(kind, ends, said, context)
    confidence = context.code("qualities", said.quality, said.record) if said.quality else ""
    return Relation(
        kind,
        f"ofac:{ends[0]}",
        f"ofac:{ends[1]}",
        evidence=context.evidence(
            said.record,
            url=f"{TABLES['page']}{said.start}",
            observed=observed,
            confidence=confidence,
            note=" ".join(filter(None, (role, said.note))),
        ),
        properties={"role": (role,)},
    )


def _kind(said: Stated, context: Context) -> tuple[str, str]:
    """Our kind of a type, and which end is its source."""
    known = TABLES["relations"].get(said.type_id) or _by_name(said.type)
    if known and (not said.type or fold(said.type) == fold(known["name"])):
        return known["kind"], known["source"]
    if not said.type:
        raise InputError(f"relation type {said.type_id!r} is unknown and has no name in the file")
    context.note("unknown relation type", f"{said.type_id} {said.type}".strip(), said.record)
    return "LINKED_TO", "from"


def _by_name(name: str) -> dict[str, Any] | None:
    known: dict[str, dict[str, Any]] = TABLES["relations"]
    return next((entry for entry in known.values() if fold(entry["name"]) == fold(name)), None)


def _look(kind: str, ends: tuple[str, str], said: Stated, context: Context) -> None:
    """Signal a person who is owned or directed: the ends may be the wrong way round."""
    if kind in ("CONTROLS", "DIRECTS") and ends[1] in context.state.get("persons", ()):
        context.note("a person is the owned, controlled or directed end", said.type, said.record)


class Tie(NamedTuple):
    """A relation that a name in the text of a record states."""

    kind: str
    source: str
    """Number of the party."""
    target: str
    record: str
    """Number of the party whose record says it."""
    role: str
    note: str
    """The piece of text that says it."""


def linked(tie: Tie, context: Context, observed: str = "") -> Relation:
    """The claim of a tie."""
    evidence = context.evidence(
        tie.record, url=f"{TABLES['page']}{tie.record}", observed=observed, note=tie.note
    )
    role = {"role": (tie.role,)} if "role" in KINDS[tie.kind].key else {}
    ends = f"ofac:{tie.source}", f"ofac:{tie.target}"
    return Relation(tie.kind, *ends, evidence=evidence, properties=role)
