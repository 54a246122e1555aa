"""A real Neo4j server for the tests that ask for one; it starts with the first of them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.neo4j_server import BRIEF, Server, missing
from spillover.graph.neo4j.address import Address, address


@pytest.fixture(scope="session")
def neo4j_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server; what tests leave in it is no concern of others (see ``neo4j_server``)."""
    lacking = missing()
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"a Neo4j server needs Java 17 and Maven; {lacking}")
    assert not lacking, f"continuous integration must install Java and Maven; {lacking}"
    with Server(tmp_path_factory.mktemp("neo4j"), java=BRIEF) as server:
        yield server


@pytest.fixture
def neo4j_server(neo4j_home: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Address:
    """Address of a server that holds nothing; the environment says how to sign in."""
    from spillover.graph.neo4j.connection import Server as Connection

    for name, value in neo4j_home.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    where = address()
    with Connection(where) as server:
        server.alone("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    return where
