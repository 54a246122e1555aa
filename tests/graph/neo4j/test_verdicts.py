"""Do stored verdicts stand whole, once, and only while the graph is the one they stand on?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scripts.neo4j_server import Server as Home
from spillover.graph.errors import StoreError
from spillover.graph.neo4j import verdicts
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.verdicts import Run, Standing, forget, stored, write
from spillover.graph.neo4j.verify import verify
from spillover.graph.stake import Stake
from tests.queries.cypher.team import DAY, graph, pushed

FIFTY = "us-ofac-50"
HOLD = Standing("hold", "blocked", Stake(60_000_000, 60_000_000))
FIRM = Standing("firm", "undetermined", Stake(0, 33_333_334))


@pytest.fixture
def server(neo4j_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    where = pushed(neo4j_home, graph(tmp_path_factory.mktemp("team")))
    with Server(where) as server:
        yield server


def run(server: Server, rule: str = FIFTY) -> Run:
    (row,) = server.rows("MATCH (s:SpilloverGraph) RETURN s.tag AS tag")
    return Run(
        rule=rule,
        title="Fifty",
        version="2026-01-01",
        as_of=DAY,
        tag=row["tag"],
        open_world=False,
        max_age_days=None,
        min_confidence="medium",
        targets=1,
        blocked=1,
        undetermined=1,
        written="2026-01-02T00:00:00Z",
    )


def kept(server: Server) -> dict[str, dict[str, Any]]:
    """The properties of stored verdicts, of every entity that has some."""
    rows = server.rows(
        "MATCH (e:Entity) WHERE any(key IN keys(e) WHERE key STARTS WITH 'verdict_')"
        " RETURN e.id AS id, properties(e) AS said"
    )
    return {
        row["id"]: {key: row["said"][key] for key in row["said"] if key.startswith("verdict_")}
        for row in rows
    }


def test_a_verdict_is_properties_of_all_that_are_one(server: Server) -> None:
    this = run(server)
    assert write(server, this, [Standing("peak", "target"), HOLD, FIRM]) == 4
    shared = {
        "verdict_us_ofac_50_version": "2026-01-01",
        "verdict_us_ofac_50_as_of": DAY,
        "verdict_us_ofac_50_tag": this.tag,
    }
    hold = {
        "verdict_us_ofac_50": "blocked",
        "verdict_us_ofac_50_low": "60",
        "verdict_us_ofac_50_high": "60",
        **shared,
    }
    assert kept(server) == {
        "peak": {"verdict_us_ofac_50": "target", **shared},
        "hold": hold,
        "hold-b": hold,
        "firm": {
            "verdict_us_ofac_50": "undetermined",
            "verdict_us_ofac_50_low": "0",
            "verdict_us_ofac_50_high": "33.333334",
            **shared,
        },
    }


def test_twice_is_once_and_former_verdicts_go(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "_BATCH", 1)
    this = run(server)
    write(server, this, [HOLD, FIRM])
    before = kept(server)
    write(server, this, [HOLD, FIRM])
    assert kept(server) == before
    write(server, run(server, "uk-ofsi"), [HOLD])  # of another rule
    assert write(server, this, [FIRM]) == 1
    after = kept(server)
    assert set(after) == {"firm", "hold", "hold-b"}
    assert all(key.startswith("verdict_uk_ofsi") for key in after["hold"])
    # A share that is no longer told goes, too.
    write(server, this, [Standing("firm", "target")])
    assert "verdict_us_ofac_50_low" not in kept(server)["firm"]


def test_all_or_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    this = run(server)
    write(server, this, [HOLD])
    before = kept(server)
    batches = verdicts._batches

    def broken(*given: Any) -> Iterator[list[dict[str, Any]]]:
        yield from batches(*given)
        raise StoreError("the server goes away")

    monkeypatch.setattr(verdicts, "_batches", broken)
    with pytest.raises(StoreError, match="goes away"):
        write(server, replace(this, blocked=0), [FIRM])
    assert kept(server) == before
    assert [one.run for one in stored(server)] == [this]


def test_what_is_stored_is_told_by_rule(server: Server) -> None:
    assert stored(server) == ()
    this, other = run(server), run(server, "uk-ofsi")
    write(server, other, [])
    write(server, this, [HOLD])
    assert [(one.run, one.up_to_date) for one in stored(server)] == [(other, True), (this, True)]
    server.write("MATCH (s:SpilloverGraph) SET s.tag = 'another'")
    assert [one.up_to_date for one in stored(server)] == [False, False]


def test_a_graph_that_changed_meanwhile_gets_no_verdict(server: Server) -> None:
    this = run(server)
    with pytest.raises(StoreError, match="changed while the verdicts were computed"):
        write(server, replace(this, tag="former"), [HOLD])
    server.write("MATCH (s:SpilloverGraph) SET s.state = 'pushing', s.since = 'noon'")
    with pytest.raises(StoreError, match="has been changing the graph since noon"):
        write(server, this, [HOLD])
    assert kept(server) == {}


def test_verdicts_are_taken_away(server: Server) -> None:
    write(server, run(server), [HOLD, FIRM])
    write(server, run(server, "uk-ofsi"), [FIRM])
    assert forget(server, FIFTY) == 3
    assert set(kept(server)) == {"firm"}
    assert [one.run.rule for one in stored(server)] == ["uk-ofsi"]
    assert forget(server, FIFTY) == 0


def test_they_are_no_content_of_the_graph(server: Server, tmp_path_factory: Any) -> None:
    path = graph(tmp_path_factory.mktemp("again"))
    where = server.address
    server.alone("MATCH (n) DETACH DELETE n")
    push(path, where)
    write(server, run(server), [HOLD])
    before = kept(server)
    assert not push(path, where).changed
    assert verify(where, path).equal
    assert kept(server) == before
