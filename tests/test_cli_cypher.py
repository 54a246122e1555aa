"""What does a user see who asks saved questions of a server, and stores verdicts there?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.neo4j_server import Server as Home
from spillover.graph.neo4j.connection import Server
from spillover.queries.cypher.library import question, question_ids
from tests.queries.cypher.team import DAY, graph, pushed
from tests.test_cli import refused, spillover


@pytest.fixture
def home(neo4j_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder beside a server that holds the graph of ``team``."""
    for name, value in neo4j_home.environment.items():
        monkeypatch.setenv(name, value)
    pushed(neo4j_home, graph(tmp_path))
    return tmp_path


def answer(*words: str, home: Path) -> dict[str, Any]:
    """The JSON that a command of the group prints."""
    done = spillover("neo4j", *words, "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_questions_are_listed_and_shown_without_a_server(tmp_path: Path) -> None:
    listed = answer("questions", home=tmp_path)["questions"]
    assert [one["id"] for one in listed] == question_ids()
    done = spillover("neo4j", "questions", home=tmp_path)
    assert "who-is-listed" in done.stdout
    whole = answer("questions", "who-is-listed", home=tmp_path)
    assert whole["rows"] == question("who-is-listed").rows


def test_a_question_is_ready_to_paste_into_browser(tmp_path: Path) -> None:
    done = spillover("neo4j", "questions", "same-name", "entity=O'Neill \\ Sons", home=tmp_path)
    assert done.stdout == (
        "// Which other entities bear one of its names?\n"
        "// entity: whose namesakes are asked for\n"
        "// limit: at most so many rows\n"
        ":param entity => 'O\\'Neill \\\\ Sons';\n"
        ":param limit => 200;\n\n" + question("same-name").picture + ";\n"
    )
    done = spillover(
        *("neo4j", "questions", "same-name", "--rows", "-o", str(tmp_path / "q.cypher")),
        home=tmp_path,
    )
    written = (tmp_path / "q.cypher").read_text(encoding="utf-8")
    assert ":param entity => '<whose namesakes are asked for>';" in written
    assert written.endswith(question("same-name").rows + ";\n")
    done = spillover("neo4j", "questions", "nobody", home=tmp_path)
    assert "no question is named 'nobody'" in refused(done, 4)


def test_a_question_is_answered_in_every_form(home: Path) -> None:
    asked = ("ask", "ownership-chain", "entity=FIRM", "hops=1", f"as_of={DAY}")
    done = spillover("neo4j", *asked, home=home)
    assert "no entity is named 'FIRM'" in refused(done, 4)
    asked = ("ask", "ownership-chain", "entity=Hold B.V.", "hops=1", f"as_of={DAY}")
    found = answer(*asked, home=home)
    assert found["parameters"] == {"entity": "hold", "hops": 1, "as_of": DAY, "limit": 200}
    assert [(row["owner"], row["share"]) for row in found["rows"]] == [
        ("Peak Group", "60 %"),
        ("Side Holding", "40 %"),
    ]
    assert not found["full"]
    assert found["licence_notice"] == "not for commercial use: b (CC BY-NC)"
    done = spillover("neo4j", *asked, "limit=1", home=home)
    assert "Peak Group" in done.stdout
    assert "there may be more" in done.stdout
    assert "not for commercial use" in done.stderr
    done = spillover("neo4j", *asked, "--format", "csv", home=home)
    assert done.stdout.splitlines()[0].startswith("Level,Owner,Owner id,")
    done = spillover("neo4j", *asked, "--format", "html", "-o", str(home / "a.html"), home=home)
    assert "Side Holding" in (home / "a.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("ownership-chain",), 3, "needs entity"),
        (("ownership-chain", "entity=firm", "hops=99"), 3, "no whole number from 1 to 10"),
        (("ownership-chain", "entity=acme ltd"), 4, "names 2 entities"),
        (("nobody",), 4, "no question is named"),
        (("datasets", "--uri", "bolt://127.0.0.1:1"), 6, "no Neo4j server answers there"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    home: Path, words: tuple[str, ...], code: int, why: str
) -> None:
    assert why in refused(spillover("neo4j", "ask", *words, home=home), code)


def test_verdicts_are_stored_and_asked_for(home: Path) -> None:
    # Peak holds 60 of Hold, Hold 100 of Mid. Mid's 80 of Firm are denied: 0 to 80. Mid is stated
    # to control Alt, which is a share that nobody tells. Hold is two nodes: 6 in all.
    stored = answer("verdicts", "--target", "peak", "--as-of", DAY, home=home)
    counts = {key: stored[key] for key in ("targets", "blocked", "undetermined", "nodes")}
    assert counts == {"targets": 1, "blocked": 2, "undetermined": 2, "nodes": 6}
    rows = answer("ask", "blocked-set", home=home)["rows"]
    assert [(r["entity_id"], r["verdict"], r["at_least"], r["at_most"]) for r in rows] == [
        ("peak", "target", None, None),
        ("hold", "blocked", "60", "60"),
        ("mid", "blocked", "100", "100"),
        ("alt", "undetermined", "0", "100"),
        ("firm", "undetermined", "0", "80"),
    ]
    assert all(row["up_to_date"] and row["as_of"] == DAY for row in rows)
    # The same verdicts as those of `blocked`.
    done = spillover(
        *("blocked", "peak", "--as-of", DAY, "--graph", str(home / "team.db"), "--format", "json"),
        home=home,
    )
    told = {one["entity"]["id"]: one for one in json.loads(done.stdout)["results"]}
    for row in rows[1:]:
        assert told[row["entity_id"]]["verdict"] == row["verdict"]
        assert told[row["entity_id"]]["share"] == {"low": row["at_least"], "high": row["at_most"]}

    gone = answer("verdicts", "--forget", home=home)
    assert gone["forgotten"] == 6
    assert answer("ask", "blocked-set", home=home)["rows"] == []


def test_a_rule_that_starts_from_nobody_says_so(home: Path) -> None:
    done = spillover("neo4j", "verdicts", home=home)
    assert done.returncode == 3
    assert "the graph lists nobody there" in done.stderr.splitlines()[-1]  # licences stand first
    done = spillover("neo4j", "verdicts", "--rule", "x", home=home)
    assert "no rule is named 'x'" in refused(done, 4)


def test_while_somebody_pushes_no_verdict_is_stored(home: Path, neo4j_home: Home) -> None:
    from spillover.graph.neo4j.address import address

    with Server(address(environment=neo4j_home.environment)) as server:
        server.write("MATCH (s:SpilloverGraph) SET s.state = 'pushing', s.since = 'noon'")
    done = spillover("neo4j", "verdicts", "--target", "peak", home=home)
    assert "has been changing the graph since noon" in refused(done, 6)
    done = spillover("neo4j", "ask", "datasets", home=home)
    assert "a push is under way" in done.stderr
    assert done.returncode == 0
