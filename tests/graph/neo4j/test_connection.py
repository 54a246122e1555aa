"""Is a server reached, and is it said in one line when it cannot be?"""

import socket
import time

import pytest

from spillover.graph.errors import InputError, StoreError
from spillover.graph.neo4j.address import Address, address, is_address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.labels import LABELS, labels, statements

SIGN_IN = {"NEO4J_USERNAME": "neo4j", "NEO4J_PASSWORD": "secret"}


def test_it_is_a_real_community_server(neo4j_server: Address) -> None:
    with Server(neo4j_server) as server:
        (row,) = server.rows("CALL dbms.components() YIELD name, versions, edition")
    assert (row["edition"], row["versions"]) == ("community", ["5.26.31"])


def test_every_statement_of_the_schema_is_taken_twice(neo4j_server: Address) -> None:
    with Server(neo4j_server) as server:
        for statement in (*statements(), *statements()):
            server.alone(statement)
        (row,) = server.rows("SHOW FULLTEXT INDEXES YIELD options RETURN options")
    assert row["options"]["indexConfig"]["fulltext.analyzer"] == "cjk"


def test_labels_come_from_the_schema() -> None:
    assert labels("Company") == ("Entity", "LegalEntity", "Organization", "Company")
    assert labels("Thing") == ("Entity",)
    assert "Thing" not in LABELS


def test_a_wrong_password_is_refused_at_once(neo4j_server: Address) -> None:
    wrong = Address(neo4j_server.uri, user="neo4j", password="wrong")
    begun = time.monotonic()
    with pytest.raises(StoreError, match="does not accept this user and password") as refused:
        Server(wrong)
    assert time.monotonic() - begun < 5  # the promise is five seconds
    assert "\n" not in str(refused.value)


def test_a_port_at_which_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(StoreError, match="no Neo4j server answers there"):
        Server(Address(f"bolt://127.0.0.1:{port}", user="neo4j", password="secret"))
    assert time.monotonic() - begun < 5  # the promise is five seconds


@pytest.mark.parametrize(
    ("text", "uri", "database"),
    [
        ("neo4j://localhost", "neo4j://localhost:7687", ""),
        ("bolt://127.0.0.1:17687/people", "bolt://127.0.0.1:17687", "people"),
        ("neo4j+s://graph.example.org/team", "neo4j+s://graph.example.org:7687", "team"),
        ("bolt://[::1]:7688", "bolt://[::1]:7688", ""),
    ],
)
def test_an_address_names_server_and_database(text: str, uri: str, database: str) -> None:
    found = address(text, environment=SIGN_IN)
    assert (found.uri, found.database, found.user) == (uri, database, "neo4j")
    assert "secret" not in repr(found)
    assert is_address(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("neo4j://graph.example.org", "plain text"),
        ("bolt://10.0.0.5:7687", "plain text"),
        ("bolt://neo4j:hunter2@localhost", "NEO4J_PASSWORD"),
        ("https://localhost", "cannot be read"),
        ("bolt://", "cannot be read"),
        ("bolt://localhost:99999", "cannot be read"),
        ("bolt://localhost/a/b", "one database"),
    ],
)
def test_an_address_that_is_none_or_is_not_safe(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        address(text, environment=SIGN_IN)
    assert "hunter2" not in str(refused.value)


def test_plain_text_is_allowed_by_a_word_of_its_own() -> None:
    said = SIGN_IN | {"SPILLOVER_NEO4J_PLAIN": "yes"}
    assert address("bolt://10.0.0.5", environment=said).uri == "bolt://10.0.0.5:7687"


def test_without_an_address_the_environment_is_asked() -> None:
    said = SIGN_IN | {"NEO4J_URI": "bolt://localhost:1", "NEO4J_DATABASE": "team"}
    assert str(address(environment=said)) == "bolt://localhost:1/team"
    with pytest.raises(InputError, match="no server named"):
        address(environment=SIGN_IN)


@pytest.mark.parametrize("path", ["graph.db", "/data/graph.db", "C:\\graph.db", "file://x"])
def test_a_file_is_no_address(path: str) -> None:
    assert not is_address(path)
