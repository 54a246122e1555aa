"""Do the contestants of the benchmark of the server find the same? Seconds are not looked at."""

from pathlib import Path

import pytest

from benchmarks import neo4j_contestants as contestants
from benchmarks.neo4j import Figures, check
from benchmarks.running import prepare
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server

EDGES = 7000
"""Enough for 5,000 seeds, no more."""
ROWS = {
    "read": ("read plain", "read chunks"),
    "pull": ("pull", "index"),
    "cascade one": ("cascade one: spillover", "cascade one: plain", "cascade one: indexed"),
    "cascade many": ("cascade many: spillover", "cascade many: plain", "cascade many: indexed"),
}


def test_all_find_the_same(
    tmp_path: Path, neo4j_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contestants, "ENOUGH_SECONDS", 0)
    monkeypatch.setattr(contestants, "LEAST_REPEATS", 1)
    prepare(tmp_path, EDGES, [], 600)
    check("fill", {"plain": _found("plain", tmp_path)}, tmp_path)
    with Server(neo4j_server) as server:
        server.alone("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    check("fill", {name: _found(name, tmp_path) for name in ("push", "export")}, tmp_path)
    for row, names in ROWS.items():
        check(row, {name: _found(name, tmp_path) for name in names}, tmp_path)


def _found(name: str, folder: Path) -> Figures:
    answer = contestants.part(name, folder)
    for key in ("seconds", "cpu", "repeats"):
        answer.pop(key, None)
    return Figures(0, 0, 0, 0, 0, answer)
