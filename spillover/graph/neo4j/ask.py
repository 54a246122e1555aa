"""What does a question in Cypher answer on a server, and which entity does a name mean there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from spillover.graph.errors import AmbiguousError, NotFoundError
from spillover.graph.evidence import Dataset, licence_notice
from spillover.graph.folding import bare
from spillover.graph.identifiers import forms
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.standing import ready
from spillover.graph.neo4j.state import COMPLETE

PATIENCE: Final = 30.0
"""Seconds after which the server stops a question."""

Value = str | int | float | bool | tuple[str, ...] | None

_BY_ID: Final = "MATCH (e:Entity {id: $text}) RETURN e.id AS id"
_BY_NAME: Final = (
    "MATCH (e:Entity) WHERE e.folded CONTAINS $folded"
    " OPTIONAL MATCH (e)-[:SAME_AS]->(one)"
    " WITH coalesce(one, e) AS found, max($folded IN split(e.folded, '\\n')) AS whole"
    " RETURN found.id AS id, found.name AS name, found.countries AS countries, whole"
    " ORDER BY whole DESC, size(name), name, id LIMIT 1000"
)
_BY_IDENTIFIER: Final = (
    "MATCH (e:Entity) WHERE any(said IN e.identifiers WHERE"
    " toLower(replace(substring(said, size(split(said, ' ')[0]) + 1), ' ', '')) IN $forms)"
    " OPTIONAL MATCH (e)-[:SAME_AS]->(one) WITH DISTINCT coalesce(one, e) AS found"
    " RETURN found.id AS id, found.name AS name, found.countries AS countries, true AS whole"
    " ORDER BY id LIMIT 1000"
)
_LICENCES: Final = (
    "MATCH (l:SpilloverLoad) WHERE l.removed_by IS NULL"
    " RETURN l.dataset AS name, l.licence AS licence, l.commercial_use AS commercial_use"
    " ORDER BY l.num"
)
_SUGGESTED: Final = 5
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Rows:
    """What a question answered."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    tag: str
    """Of the last push that was complete."""
    pushing: bool
    """A push was under way or ended meanwhile: the rows may mix old and new."""
    licence_notice: str
    """What the licences of the datasets forbid; mostly empty."""


def ask(
    server: Server,
    query: LiteralString,
    values: Mapping[str, str | int],
    *,
    columns: tuple[str, ...],
    seconds: float = PATIENCE,
) -> Rows:
    """What a question answers; nothing can be changed by it.

    Args:
        server: where the graph is.
        query: a text of ours; values are its parameters.
        values: by the name of the parameter.
        columns: of the answer, in order.
        seconds: after which the server stops it.

    Raises:
        StoreError: the server holds no graph of Spillover's, or the question took too long.
    """
    before = ready(server)
    found = server.within(seconds, query, values)
    after = ready(server)
    rows = tuple(tuple(_plain(row[column]) for column in columns) for row in found)
    datasets = [
        Dataset(row["name"], "", licence=row["licence"], commercial_use=row["commercial_use"])
        for row in server.rows(_LICENCES)
    ]
    still = before.state == after.state == COMPLETE and before.tag == after.tag
    return Rows(columns, rows, after.tag, not still, licence_notice(datasets))


def named(server: Server, text: str) -> str:
    """The id of the one entity that a text names: by id, by exact name, or by identifier.

    Case, accents and the number of spaces do not count in a name. Entities that identifiers join
    are one. Identifiers are looked for last: there is no index of them on a server.

    Raises:
        NotFoundError: none; similar names are suggested.
        AmbiguousError: several; the first of them are listed.
    """
    ready(server)
    if server.rows(_BY_ID, text=text):
        return text
    folded = bare(text)
    near = server.rows(_BY_NAME, folded=folded) if folded else []
    found = [row for row in near if row["whole"]]
    if not found and (written := sorted(forms(text))):
        found = server.rows(_BY_IDENTIFIER, forms=written)
    if len(found) == 1:
        return str(found[0]["id"])
    if not found:
        like = "; ".join(f"{row['name']} ({row['id']})" for row in near[:_SUGGESTED])
        hint = f"did you mean: {like}" if like else "try the question find-by-name"
        raise NotFoundError(f"no entity is named {text!r}; {hint}")
    candidates = tuple((row["id"], row["name"], ",".join(row["countries"] or ())) for row in found)
    listed = "; ".join(f"{i} ({n}{', ' + c if c else ''})" for i, n, c in candidates[:_LISTED])
    raise AmbiguousError(f"{text!r} names {len(found)} entities; use an id: {listed}", candidates)


def _plain(value: Any) -> Value:
    """A value of a row as one of ours; lists are of texts."""
    return tuple(map(str, value)) if isinstance(value, list) else value
