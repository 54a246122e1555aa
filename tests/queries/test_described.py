"""Is an entity a country only as long as some dataset that stands says so?"""

from __future__ import annotations

from pathlib import Path

from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.described import countries
from tests.loads import load, unload

TAIWAN = Entity("tw", "Country", "Taiwan", countries=("tw",))
AGENCY = Entity("tw", "PublicBody", "An agency of Taiwan", countries=("tw",))


def named(path: Path, known_at: str | None = None) -> list[str]:
    with Graph(path, known_at) as graph:
        return [entity.name for entity in countries(graph).values()]


def test_what_a_replaced_load_called_a_country_is_none_any_more(tmp_path: Path) -> None:
    path = load(tmp_path / "graph.db", [TAIWAN])
    assert named(path) == ["Taiwan"]
    load(path, [AGENCY])
    assert named(path) == []


def test_one_dataset_that_stands_is_enough(tmp_path: Path) -> None:
    path = load(tmp_path / "graph.db", [AGENCY], "agencies")
    load(path, [TAIWAN], "countries")
    assert named(path) == ["An agency of Taiwan"]  # the first dataset names it
    unload(path, "countries")
    assert named(path) == []


def test_an_earlier_day_knows_nothing_of_later_loads(tmp_path: Path) -> None:
    path = load(tmp_path / "graph.db", [TAIWAN])
    assert named(path, "2001") == []


def test_several_that_an_identifier_joins_are_one(tmp_path: Path) -> None:
    wikidata = (("wikidata", "Q865"),)
    one = TAIWAN._replace(identifiers=wikidata)
    other = Entity("xx", "Country", "Taiwan, other", countries=("tw",), identifiers=wikidata)
    path = load(tmp_path / "graph.db", [one], "first")
    load(path, [other], "second")
    assert named(path) == ["Taiwan"]
