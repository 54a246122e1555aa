"""What does a user see who shares a graph on a server: answers, one-line errors, exit codes?"""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from spillover.cli import app
from spillover.commands.servers import neo4j
from spillover.graph.errors import StoreError
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.schema import Name
from spillover.loaders.run import run
from tests.bolt_proxy import Proxy
from tests.graph.small import company, load, owns
from tests.test_cli import FAQ_401_3, refused, spillover

PROMISED: float = 5
"""Seconds within which a refusal is promised."""
HOSTILE = (
    "Rob\"ert'); DROP TABLE x;--",
    "`) DETACH DELETE n //",
    "}) MATCH (n) DETACH DELETE n RETURN {a: '",
    "$rows ${name} {{name}} %s \\u0027 \\",
    "中国化工 \U0001f9ea \u202eDENOITCNAS\u202c \u200b \ufeff",
    "-é̂̃ <script>alert(1)</script> =1+1",
    "a\x1b[31mred\x07 \t\x85 line\nbreak",
    "[:OWNS|CONTROLS*1..] /* comment */",
)
"""Names that would do harm in a query text, a terminal or a page."""


@pytest.fixture
def home(tmp_path: Path, neo4j_server: Address) -> Path:
    """A folder with a graph, beside a server that holds nothing."""
    loaded(tmp_path, FAQ_401_3)
    return tmp_path


def loaded(folder: Path, stakes: str) -> None:
    (folder / "stakes.csv").write_text(stakes, encoding="utf-8")
    run(folder / "g.db", "table", [folder / "stakes.csv"])


def answer(*words: str, home: Path, code: int = 0) -> dict[str, object]:
    """The JSON that a command prints."""
    done = spillover(*words, "--format", "json", home=home)
    assert done.returncode == code, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def nodes(where: Address) -> int:
    with Server(where) as server:
        return int(server.rows("MATCH (n) RETURN count(n) AS n")[0]["n"])


def test_a_graph_is_pushed_asked_pulled_verified_and_cleared(
    home: Path, neo4j_server: Address
) -> None:
    pushed = answer("neo4j", "push", "--graph", "g.db", home=home)
    assert pushed["changed"] is True
    assert pushed["datasets"] == [
        {"dataset": "table", "what": "pushed", "entities": 3, "relations": 3}
    ]
    again = answer("neo4j", "push", "--graph", "g.db", home=home)
    assert (again["changed"], again["tag"]) == (False, pushed["tag"])

    status = answer("neo4j", "status", home=home)
    assert (status["state"], status["tag"]) == ("complete", pushed["tag"])
    assert (status["entities"], status["relations"]) == (3, 3)

    question = ("blocked", "Blocked Person X", "--as-of", "2026-11-22", "--format", "json")
    here = spillover(*question, "--graph", "g.db", home=home)
    there = spillover(*question, "--graph", neo4j_server.uri, home=home)
    assert (there.returncode, there.stdout) == (0, here.stdout)

    assert answer("neo4j", "verify", "--graph", "g.db", home=home)["equal"] is True
    assert spillover("neo4j", "pull", "-o", "copy.db", home=home).returncode == 0
    copied = spillover(*question, "--graph", "copy.db", home=home)
    assert copied.stdout == here.stdout

    cleared = answer("neo4j", "clear", "--yes", home=home)
    assert (cleared["entities"], cleared["relations"]) == (3, 3)
    assert nodes(neo4j_server) == 0


def test_a_server_that_holds_something_else_differs(home: Path) -> None:
    assert spillover("neo4j", "push", "--graph", "g.db", home=home).returncode == 0
    loaded(home, FAQ_401_3.replace("40", "39.9"))
    done = spillover("neo4j", "verify", "--graph", "g.db", home=home)
    assert done.returncode == 10, done.stderr
    assert "table" in done.stdout
    assert answer("neo4j", "verify", "--graph", "g.db", home=home, code=10)["equal"] is False


def test_every_command_answers_in_every_form(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    for words in (
        ["push", "--graph", "g.db"],
        ["status"],
        ["verify", "--graph", "g.db"],
        ["pull", "-o", "copy.db", "--replace"],
        ["clear", "--yes"],
        ["status"],
    ):
        for form in ("table", "json", "csv", "html"):
            assert said("neo4j", *words, "--format", form).strip(), (words, form)


def test_clear_says_what_it_would_delete_and_leaves_a_strangers_nodes(
    home: Path, neo4j_server: Address
) -> None:
    with Server(neo4j_server) as server:
        server.write("CREATE (:Person {name: 'Ann'})-[:KNOWS]->(:Person {name: 'Bob'})")
    assert spillover("neo4j", "push", "--graph", "g.db", home=home).returncode == 0
    held = nodes(neo4j_server)
    said = refused(spillover("neo4j", "clear", home=home), 3)
    assert "3 entities" in said
    assert "3 relations" in said
    assert "--yes" in said
    assert nodes(neo4j_server) == held
    assert on_a_terminal("neo4j", "clear", home=home, says="n\n") != 0
    assert nodes(neo4j_server) == held
    assert on_a_terminal("neo4j", "clear", home=home, says="y\n") == 0
    assert nodes(neo4j_server) == 2
    with Server(neo4j_server) as server:
        assert server.rows("MATCH ()-[r:KNOWS]->() RETURN count(r) AS n")[0]["n"] == 1


def on_a_terminal(*words: str, home: Path, says: str) -> int:
    """Exit code of a command that can ask."""
    mine, its = pty.openpty()
    command = [sys.executable, "-c", "from spillover.cli import main; main()", *words]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, cwd=home) as process:
        os.write(mine, says.encode())
        os.close(its)
        try:
            while os.read(mine, 4096):
                pass
        except OSError:  # the terminal ends with the process
            pass
        os.close(mine)
        return process.wait()


REFUSED = {
    "wrong password": ({"NEO4J_PASSWORD": "hunter2"}, (), 6, "does not accept this user"),
    "no password": ({"NEO4J_PASSWORD": ""}, (), 6, "NEO4J_PASSWORD"),
    "nobody listens": ({"NEO4J_URI": "bolt://127.0.0.1:{free}"}, (), 6, "no Neo4j server answers"),
    "no database": ({}, ("--database", "nowhere"), 6, "no such database"),
    "plain text": ({}, ("--uri", "bolt://198.51.100.7"), 3, "plain text"),
    "password in the address": (
        {},
        ("--uri", "bolt://neo4j:hunter2@localhost"),
        3,
        "NEO4J_PASSWORD",
    ),
    "no server named": ({"NEO4J_URI": ""}, (), 3, "no server named"),
    "no address": ({}, ("--uri", "localhost:7687"), 3, "cannot be read"),
}
"""What is wrong, the environment, options, the exit code, and what is said."""


COMMANDS = ("push --graph g.db", "pull -o copy.db", "verify --graph g.db", "clear --yes")


@pytest.mark.parametrize(
    ("wrong", "command"),
    [
        *((wrong, "status") for wrong in REFUSED),
        *(("wrong password", command) for command in COMMANDS),
    ],
)
def test_what_is_wrong_is_said_in_one_line_within_seconds(
    home: Path, wrong: str, command: str
) -> None:
    environment, options, code, said = REFUSED[wrong]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    signed = {name: value.format(free=free) for name, value in environment.items()}
    seconds = []
    for _ in range(2):  # the better of two: the first also wakes the disk
        begun = time.monotonic()
        done = spillover("neo4j", *command.split(), *options, home=home, **signed)
        seconds.append(time.monotonic() - begun)
    assert min(seconds) < PROMISED
    line = refused(done, code)
    assert said in line
    assert "hunter2" not in line


def test_a_server_that_takes_calls_and_says_nothing_is_refused_within_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = Address(f"bolt://127.0.0.1:{silent.getsockname()[1]}", "", "neo4j", "secret")
        for _ in range(2):  # the first time also imports the driver
            begun = time.monotonic()
            with pytest.raises(StoreError, match="no Neo4j server answers"):
                Server(address)
        assert time.monotonic() - begun < PROMISED


@pytest.mark.parametrize(
    "command", ["neo4j pull -o copy.db", "neo4j verify --graph g.db", "blocked X --graph {uri}"]
)
def test_a_server_without_a_graph_says_how_to_bring_one(
    home: Path, neo4j_server: Address, command: str
) -> None:
    words = command.format(uri=neo4j_server.uri).split()
    assert "neo4j push" in refused(spillover(*words, home=home), 6)


def test_status_of_a_server_without_a_graph_is_an_answer(home: Path) -> None:
    assert answer("neo4j", "status", home=home)["state"] is None
    assert "holds no graph" in spillover("neo4j", "status", home=home).stdout


def test_a_strangers_entities_are_not_taken_for_ones_own(home: Path, neo4j_server: Address) -> None:
    with Server(neo4j_server) as server:
        server.write("CREATE (:Entity {id: 'a'}), (:Entity {id: 'b'})")
    line = refused(spillover("neo4j", "push", "--graph", "g.db", home=home), 6)
    assert "Entity" in line
    assert nodes(neo4j_server) == 2


def hostile(path: Path, names: tuple[str, ...]) -> Path:
    """A graph in which every text that a source chooses is one of these."""
    items = [
        company(
            f"id {number} {name.strip()}",
            name,
            names=(Name(name, "alias"),),
            identifiers=(("lei", name),),
            topics=(name,),
            properties={name: (name,)},
        )
        for number, name in enumerate(names)
    ]
    ids = [item.id for item in items]
    stakes = [
        owns(one, other, "51", record=name, note=name, publisher=name, title=name, url=name)
        for one, other, name in zip(ids, ids[1:], names, strict=False)
    ]
    load(path, *items, *stakes)
    return path


def test_hostile_names_arrive_unchanged_and_no_query_text_varies(
    tmp_path: Path, neo4j_server: Address
) -> None:
    plain = tuple(f"Firm {number}" for number in range(len(HOSTILE)))
    harmless = asked_of(neo4j_server, hostile(tmp_path / "plain.db", plain))
    said("neo4j", "clear", "--yes")
    file = hostile(tmp_path / "g.db", HOSTILE)
    assert asked_of(neo4j_server, file) == harmless
    copy = tmp_path / "copy.db"
    said("neo4j", "pull", "-o", str(copy))
    for number, name in enumerate(HOSTILE):
        words = ("show", f"id {number} {name.strip()}", "--format", "json", "--graph")
        here = said(*words, str(file))
        assert json.loads(here)["entity"]["names"][0]["text"] == name
        assert said(*words, str(copy)) == here, name
        assert said(*words, neo4j_server.uri) == here, name


def said(*words: str) -> str:
    """What a command that succeeds prints, without a process of its own."""
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def asked_of(where: Address, file: Path) -> list[str]:
    """Every query text that a push of the file, and a comparison with it, send to the server."""
    queries: list[str] = []
    port = int(where.uri.rpartition(":")[2])
    with Proxy(port, lambda _, query: queries.append(query)) as proxy:
        for command in ("push", "verify"):
            said("neo4j", command, "--graph", str(file), "--uri", proxy.uri)
    return [query for query in queries if query]


def test_every_option_is_documented() -> None:
    docs = Path(__file__).parents[1] / "docs"
    said = "".join((docs / f"{page}.md").read_text("utf-8") for page in ("neo4j", "command-line"))
    commands = typer.main.get_command(neo4j).commands  # type: ignore[attr-defined] # a group
    own = ("push", "pull", "verify", "status", "clear")
    options = {option for name in own for p in commands[name].params for option in p.opts}
    assert {option for option in options if f"`{option}" not in said} == set()
