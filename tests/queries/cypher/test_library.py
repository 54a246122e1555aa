"""Is every saved question well formed, and does it name only what the graph has on a server?"""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j import encoding, labels
from spillover.graph.neo4j.state import State
from spillover.graph.rows import Load
from spillover.graph.schema import KINDS, Entity
from spillover.queries.cypher.library import FORMS, parse, question, question_ids

FOLDER = Path(__file__).parents[3] / "spillover" / "queries" / "cypher"
ASKED_FOR = {
    *("ownership-chain", "ultimate-owners", "blocked-set", "exposure-paths", "shared-directors"),
    *("state-ties", "choke-points"),
}
FILE = """
// id: who
// title: Who?
// description: Everybody,
//   one after the other.
// exact: `spillover search`
// parameter entity: entity; the one asked about
// parameter hops: integer 1 to 9, default 3; at most so many
// columns: name, id

// form: rows
MATCH (e:Entity {id: $entity}) RETURN e.name AS name, e.id AS id LIMIT $hops

// form: picture
MATCH (e:Entity {id: $entity}) RETURN e LIMIT $hops
"""

LABELS = {*labels.LABELS, labels.STATE, labels.LOAD, labels.CONFLICT}
PROPERTIES = {
    *("id", "num", "key", "load", "dataset", "listing", "identifier", "why", "entities"),
    *encoding.shown(Entity("e", "Company", "E"), ""),
    *encoding.properties(("OWNS", 0, 0, *("x" for _ in range(11)), None, *("x" for _ in range(3)))),
    *(name for kind in KINDS.values() for name in kind.key),
    *Dataset._fields,
    *Load._fields,
    *(field.name for field in fields(State)),
}


def unknown(text: str) -> set[str]:
    """Labels, types and properties of a query that the graph on a server does not have."""
    text = re.sub(r"//.*|'[^']*'", "", text)
    names = set(re.findall(r"(?<=:)[A-Za-z_|&!:]+", text))
    words = {word for name in names for word in re.split(r"[|&!:]", name) if word}
    properties = set(re.findall(r"\b[a-z]\w*\.([a-z_]+)\b(?!\.|\()", text))
    return (words - LABELS - set(labels.TYPES)) | (properties - PROPERTIES)


def test_the_questions_that_this_field_asks_are_there() -> None:
    assert set(question_ids()) >= ASKED_FOR


@pytest.mark.parametrize("known", question_ids())
@pytest.mark.parametrize("form", FORMS)
def test_a_question_names_only_what_the_schema_has(known: str, form: str) -> None:
    text = question(known).form("rows" if form == "rows" else "picture")
    assert unknown(text) == set()
    assert "$limit" in text  # none runs away


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n:Firm) RETURN n",
        "MATCH (n:Entity)-[:OWNS|HOLDS]->(m) RETURN m",
        "MATCH (n)-[r]->(m) WHERE r:HOLDS RETURN m",
        "MATCH (n:Entity) RETURN n.nickname",
    ],
)
def test_a_made_up_label_type_or_property_is_found_out(text: str) -> None:
    assert len(unknown(text)) == 1


@pytest.mark.parametrize("known", question_ids())
def test_a_question_says_what_it_asks_and_who_says_it_exactly(known: str) -> None:
    found = question(known)
    assert found.title.endswith("?")
    assert found.description.endswith(".")
    assert "`spillover " in found.exact
    returned = found.rows.rpartition("RETURN")[2]
    assert all(re.search(rf"\b{column}\b", returned) for column in found.columns)


def test_a_file_is_read_whole() -> None:
    found = parse(FILE, "who.cypher")
    assert found.description == "Everybody, one after the other."
    assert [(p.name, p.type, p.default, p.least, p.most) for p in found.parameters] == [
        ("entity", "entity", None, None, None),
        ("hops", "integer", "3", 1, 9),
    ]
    assert found.columns == ("name", "id")
    assert found.picture == "MATCH (e:Entity {id: $entity}) RETURN e LIMIT $hops"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("// title: Who?", "// subject: Who?", "line 2: header 'subject' is unknown"),
        ("// title: Who?", "// id: who", "line 2 says id again"),
        ("// title: Who?", "Who?", "line 2 is no header"),
        ("// title: Who?", "// title who: Who?", "line 2: header 'title who' is unknown"),
        ("// title: Who?\n", "", "lacks the header title"),
        ("// id: who", "// id: whom", "its id is 'whom'"),
        ("// form: picture", "// form: drawing", "its forms are rows, drawing"),
        ("// form: picture", "// form: rows", "its forms are rows, rows"),
        ("MATCH (e:Entity {id: $entity}) RETURN e LIMIT $hops", "", "write each of rows, picture"),
        ("entity: entity;", "entity: person;", "parameter entity cannot be read"),
        ("integer 1 to 9,", "integer,", "whole numbers have bounds"),
        ("LIMIT $hops", "LIMIT $most", "different parameters"),
        ("parameter hops", "parameter jumps", "different parameters: ['hops', 'jumps']"),
    ],
)
def test_a_file_that_is_not_well_formed_is_refused_in_one_line(
    old: str, new: str, why: str
) -> None:
    with pytest.raises(InputError, match=re.escape(why)) as refused:
        parse(FILE.replace(old, new), "who.cypher")
    assert "who.cypher" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_question_that_is_not_there() -> None:
    with pytest.raises(NotFoundError, match="no question is named 'nobody'; there are: blocked-"):
        question("nobody")
    with pytest.raises(NotFoundError):
        question("../library")
