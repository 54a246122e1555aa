"""Do table, JSON and picture of a sample say the same, beside the certain bounds."""

from __future__ import annotations

import pytest

from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.queries.answer import Reporter
from spillover.queries.conditions import conditions
from spillover.queries.markets.chain import downstream
from spillover.queries.markets.market import markets
from spillover.queries.markets.struck import struck
from spillover.queries.uncertainty.cascades import sample_closure
from spillover.queries.uncertainty.sampled import Sampled, SampledFirms
from spillover.queries.uncertainty.sampling import sample_markets
from spillover.views.amounts.svg import figure_svg
from spillover.views.grid import Grid, csv_text
from spillover.views.samples import firms as sample_firms
from spillover.views.samples.bars import bars
from spillover.views.samples.grid import grids
from spillover.views.samples.plain import sampled as plain
from spillover.views.samples.words import ASSUMPTIONS, likely, percent
from tests.graphs import opened, relations
from tests.queries.asking import Items
from tests.views.pictures import HOSTILE

WHEN = conditions("2024-06-30")
CHAIN = """
A PRODUCES P 20-40 basis=market observed=2023-01-01 publisher=Register
B PRODUCES P 50 basis=market
C PRODUCES Q 10-30 basis=market
P INPUT_TO Q
P KIND_OF R
"""
STORABLE = [name for name in HOSTILE if "\ud800" not in name]
SUPPLIES = """
A SUPPLIES B 20-40 product=steel basis=supply publisher=Register
T > C 40-60
C SUPPLIES B product=wire
"""


def asked(graph: Graph, target: str) -> Sampled:
    (product, *_) = graph.find(["P"])
    chain = downstream(graph, WHEN, [product])
    found = sample_markets(
        chain, markets(graph, WHEN, chain.products), struck(graph, WHEN, [target]), draws=2000
    )
    return found.told(Reporter(graph, WHEN))


def sample(items: Items, target: str = "A") -> Sampled:
    with opened(items) as graph:
        return asked(graph, target)


@pytest.fixture(scope="module")
def found() -> Sampled:
    return sample(CHAIN)


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def test_likely_amounts_stand_beside_the_certain_bounds(found: Sampled) -> None:
    rows = texts(grids(found)[0])
    assert [row[0] for row in rows] == ["P", "Q", "R"]
    assert rows[0][1] == likely(found.products[min(found.products)].lost)
    assert (rows[0][2], rows[0][4]) == ("20–40 %", "20–40 %")
    assert rows[1][1:3] == ["≈ 0 %", "0 %"]
    assert rows[1][3:5] == rows[0][3:5]
    assert rows[2][4] == "0–40 %"
    assert rows[0][5] == "share of A in P (firm): +1.00"


def test_who_makes_what_is_at_risk(found: Sampled) -> None:
    (row,) = texts(grids(found)[1])
    assert row[0] == "C"
    assert row[2] == "20–40 %"


def test_drivers_cite_their_claims(found: Sampled) -> None:
    rows = texts(grids(found)[2])
    assert rows[0] == ["P; Q", "share of A in P (firm)", "+1.00", "Register, 2023-01-01"]
    of_kind = [row[1:] for row in rows if row[0] == "R"]
    assert "how far kinds of R stand in for each other" in [row[0] for row in of_kind]
    assert [row[2] for row in of_kind if row[0].startswith("how far")] == ["nobody says"]


def test_every_assumption_that_is_used_is_printed(found: Sampled) -> None:
    printed = grids(found)[3]
    assert [row[0] for row in texts(printed)] == [ASSUMPTIONS[name] for name, _ in found.used]
    assert all(row[2].endswith(".") and row[3] for row in texts(printed))
    assert "a share that is stated exactly: as it is printed" in printed.note


def test_long_tables_say_what_they_hide(found: Sampled) -> None:
    assert [len(grid.rows) for grid in grids(found, 1)[:3]] == [1, 1, 1]
    assert "2 more are in the JSON" in grids(found, 1)[0].note


def test_json_has_the_same(found: Sampled) -> None:
    said = plain(found)
    assert (said["draws"], said["seed"], said["settled"]) == (2000, 1, True)
    first = said["products"][0]
    assert (first["product"]["id"], first["lost"]["low"], first["lost"]["high"]) == (
        "P",
        "20",
        "40",
    )
    assert 20 < float(first["lost"]["p5"]) < float(first["lost"]["p50"]) < 40
    (evidence,) = first["drivers"][0]["evidence"]
    assert evidence["evidence"]["publisher"] == "Register"
    assert [item["name"] for item in said["assumptions"]] == [name for name, _ in found.used]
    assert [item["producer"]["id"] for item in said["producers"]] == ["C"]
    assert [(item["product"]["id"], item["side"]) for item in said["markets"]] == [("P", "firm")]


def test_the_picture_shows_percentiles_and_words_the_bounds(found: Sampled) -> None:
    drawn = bars(found, 2)
    assert drawn.hidden == 1
    bar = drawn.bars[0]
    spread = found.products[min(found.products)].risk
    assert bar.span.middle == pytest.approx(100 * spread.p50)
    assert (bar.text, bar.note) == (likely(spread), "certain: 20–40 %")
    assert "no probability of an event" in drawn.caption
    assert "certain: 20–40 %" in figure_svg(drawn)


@pytest.mark.parametrize("name", STORABLE)
def test_hostile_names_stay_text(name: str) -> None:
    entities = [Entity("A", "Company", name), Entity("P", "Product", name)]
    claims: list[Entity | Relation] = [*entities, *relations(CHAIN)]
    with opened(claims) as graph:
        answer = asked(graph, "A")
    assert "<script" not in figure_svg(bars(answer)).lower()
    assert not any(
        line.startswith(("=", "@", "+")) for line in csv_text(grids(answer)[0]).split("\n")
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (1, "100"), (0.125, "12.5"), (1e-9, "< 0.1"), (1 - 1e-9, "> 99.9"), (0.5, "50")],
)
def test_an_estimate_never_rounds_to_nothing_or_all(value: float, shown: str) -> None:
    assert percent(value) == shown


@pytest.fixture(scope="module")
def closure() -> SampledFirms:
    with opened(SUPPLIES) as graph:
        return sample_closure(graph, ["A", "T"], WHEN, rule="us-ofac-50", draws=2000)


def test_firms_stand_beside_the_certain_bounds(closure: SampledFirms) -> None:
    first, second, third = sample_firms.grids(closure)
    rows = texts(first)
    assert rows[0][0] == "all output of the network"
    assert {row[0] for row in rows[1:]} == {"B", "C"}
    assert next(row[2] for row in rows if row[0] == "C") == "0–100 %"
    assert ["stake of T in C", "test"] in [[r[0], r[2].split(",")[0]] for r in texts(second)]
    assert [row[0] for row in texts(third)] == [ASSUMPTIONS[name] for name, _ in closure.used]


def test_firms_in_json_and_picture(closure: SampledFirms) -> None:
    said = sample_firms.plain_data(closure)
    assert {item["firm"]["id"] for item in said["firms"]} == {"B", "C"}
    assert float(said["index"]["p5"]) <= float(said["index"]["p50"])
    drawn = sample_firms.bars(closure, 1)
    assert [len(drawn.bars), drawn.hidden] == [2, 1]
    section = sample_firms.section(closure, 1)
    assert len(section.tables) == 3
    assert "1 more are in the JSON" in section.tables[0].note
