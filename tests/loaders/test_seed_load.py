"""The built-in facts load whole: every row is accounted for and nothing is named in vain."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from spillover.graph.claims import prepare
from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.store import Store
from spillover.loaders.manifest import manifest
from spillover.loaders.run import Report, run
from tests.graph.small import content

FOLDER = files("spillover.loaders.seed")


def count(table: str) -> int:
    with FOLDER.joinpath(f"{table}.csv").open(encoding="utf-8") as file:
        return sum(1 for _ in csv.DictReader(file))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seed") / "graph.db"


@pytest.fixture(scope="module")
def report(graph: Path) -> Report:
    return run(graph, "seed", ())


def test_every_row_is_loaded(report: Report) -> None:
    rows = count("entities") + count("relations")
    assert report.tally == (rows, rows, 0, 0, 0)
    assert (report.entities, report.relations) == (count("entities"), count("relations"))


def test_nothing_is_stubbed_doubled_or_set_aside(report: Report) -> None:
    assert (report.audits, report.quarantined) == ((), ())


def test_every_claim_is_well_formed_and_of_an_emitted_kind(graph: Path, report: Report) -> None:
    claims = [relation for relation, _ in content(graph)[2]]
    assert len(claims) == count("relations")
    assert all(prepare(claim) for claim in claims)
    assert {claim.kind for claim in claims} <= set(manifest("seed").emits)
    assert all(claim.evidence.url.startswith("http") for claim in claims)


def test_attributes_stand_on_their_entity_with_their_source(graph: Path, report: Report) -> None:
    with Store(graph) as store:
        entity = store.entity(store.find("US-DOD-1260H"))
    assert any("2024-01-31" in value for value in entity.properties["companiesListed"])


def test_it_answers_a_search_and_compiles(graph: Path, report: Report) -> None:
    with Graph(graph) as opened:
        assert opened.find(["ChemChina"]) == opened.find(["seed:chemchina"])
        assert opened.index.claims == count("relations")


def test_loading_it_again_says_the_same(graph: Path, report: Report) -> None:
    before = content(graph)[1:3]
    run(graph, "seed", ())
    assert content(graph)[1:3] == before


def test_it_takes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.touch()
    with pytest.raises(InputError, match="take no file; load your own with `table`"):
        run(tmp_path / "g", "seed", [file])


@pytest.mark.parametrize(
    "name", ["RUNBOOK.md", "sources.csv", "entities.csv", "relations.csv", "attributes.csv"]
)
def test_runbook_and_tables_are_inside_the_package(name: str) -> None:
    assert FOLDER.joinpath(name).is_file()
