"""Do table, JSON, CSV and page of choke points say the same, and what limits them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spillover import Graph, load
from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import Stake
from spillover.queries.chokepoints import chokepoints
from spillover.queries.conditions import conditions
from spillover.views.chokepoints.output import choke_view
from spillover.views.grid import csv_text
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened
from tests.queries.asking import Items

CHAIN = "T > A 60\nA > B 50\nA > B 50 denies\nB > S 40\nT > C 10"


def view(items: Items, *subjects: str, **asked: Any) -> View:
    with opened(items) as graph:
        when = conditions("2024-06-30")
        return choke_view(chokepoints(graph, ["T"], subjects, when, **asked))


def rows(shown: View) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(shown.grids()[0]))))


def data(shown: View) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json_text(shown.plain()))
    return said


def test_every_choke_point_is_a_row() -> None:
    said = rows(view(CHAIN, "S"))
    assert [row["Choke point"] for row in said] == [
        "A",
        "B",
        "T → A: owns, up to 60 %",
        "A → B: owns, up to 50 % (denied)",
        "B → S: owns, up to 40 %",
    ]
    assert {row["Every path"] for row in said} == {"yes"}
    assert said[0]["Carries"] == "≈ 0 % of the least, 100 % of the greatest"


def test_the_cuts_are_a_table_of_their_own() -> None:
    cuts = view(CHAIN, "S").grids()[1]
    assert [row[0].text for row in cuts.rows] == [
        "fewest entities",
        "weakest entities",
        "fewest relations",
        "weakest relations",
    ]
    assert [cell.text for cell in cuts.rows[3]][1:] == [
        "B → S: owns, up to 40 %",
        "1",
        "40 %",
        "proven",
    ]


def test_json_has_totals_strengths_and_claims() -> None:
    said = data(view(CHAIN, "S"))
    (subject,) = said["subjects"]
    assert subject["total"] == {"low": "0", "high": "12"}
    assert [link["strength"] for link in subject["relations"]] == ["60", "50", "40"]
    stances = [claim["stance"] for claim in subject["relations"][1]["evidence"]]
    assert sorted(stances) == ["asserts", "denies"]
    assert said["fewest_relations"]["proven"] is True
    assert said["relations_on_paths"] == len(said["network"]) == 3


def test_a_direct_relation_is_said() -> None:
    shown = view("T > S 10", "S")
    assert data(shown)["fewest_entities"] is None
    assert "straight from a target" in shown.grids()[0].note
    assert shown.grids()[1].rows[0][1].text.startswith("none: a relation leads straight")


def test_nothing_found_is_said() -> None:
    shown = view("T > A 10\nS > B 10", "S")
    assert "S: no path was found" in shown.grids()[0].note
    assert rows(shown) == []
    assert "No path from T to S was found" in render_page(shown.page())


def test_a_search_that_was_cut_short_is_said_everywhere() -> None:
    shown = view(CHAIN, "S", limit=3)
    assert data(shown)["truncated"]
    assert data(shown)["left_out"] == 1
    assert "cut short: 1 entity next to these left out" in shown.grids()[0].note
    assert "SEARCH CUT SHORT" in render_page(shown.page())


def test_the_page_says_on_top_what_every_path_crosses() -> None:
    assert view(CHAIN, "S").page().headline == "Every path from T to S crosses A and B"
    assert view("T > S 10", "S").page().headline == "No entity is on every path from T to S"
    assert view(CHAIN, "S", "C").page().headline.startswith("Choke points from T to S, C as of")


def test_what_was_asked_for_is_said() -> None:
    shown = view(CHAIN, "S", max_hops=4, repeats=False)
    assert "only paths of at most 4 hops" in shown.grids()[0].note
    assert "relations that only repeat a chain are left out" in shown.grids()[0].note
    assert data(shown)["chains_only"]


def test_hostile_names_are_shown_and_do_nothing() -> None:
    name = "=cmd|' /C calc'!A0<script>alert(1)</script>"
    half = Stake(50_000_000, 50_000_000)
    items: list[Entity | Relation] = [
        Entity("T", "Company", "T"),
        Entity("A", "Company", name),
        Entity("S", "Company", "S"),
        Relation("OWNS", "T", "A", half, "capital"),
        Relation("OWNS", "A", "S", half, "capital"),
    ]
    shown = view(items, "S")
    assert rows(shown)[0]["Choke point"].startswith("'=cmd")
    assert "<script>alert" not in render_page(shown.page())


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    path = tmp_path_factory.mktemp("choke") / "facts.db"
    load(path, "seed", ())
    with Graph(path) as graph:
        yield graph


def asked(graph: Graph, subject: str, **options: Any) -> View:
    when = conditions("2022-10-05")
    return choke_view(chokepoints(graph, ["ChemChina"], [subject], when, **options))


def test_the_pesticide_market_hangs_on_syngenta_group(facts: Graph) -> None:
    shown = asked(facts, "pesticides, world", repeats=False)
    (subject,) = data(shown)["subjects"]
    # 99.1 % of the group, whose share is 24.6 %; Syngenta AG's 20 % are a part of it
    assert subject["total"] == {"low": "24.3786", "high": "24.3786"}
    every = [item["entity"]["name"] for item in subject["entities"] if item["every_path"]]
    assert every == ["Syngenta Group"]
    cut = data(shown)["fewest_entities"]
    assert [entity["name"] for entity in cut["entities"]] == ["Syngenta Group"]


def test_with_the_claim_of_the_parent_itself_no_entity_is_on_every_path(facts: Graph) -> None:
    (subject,) = data(asked(facts, "pesticides, world"))["subjects"]
    assert subject["direct"]
    # the parent's 24-26 % repeats the chain: at least 24.3786 by the chain, at most 26
    assert subject["total"] == {"low": "24.3786", "high": "26"}
    assert not any(item["every_path"] for item in subject["entities"])


def test_the_weather_balloons_hang_on_one_chain(facts: Graph) -> None:
    shown = asked(facts, "China Meteorological Administration")
    (subject,) = data(shown)["subjects"]
    assert [item["entity"]["name"] for item in subject["entities"]] == [
        "China Haohua Chemical Group Co., Ltd.",
        "Zhuzhou Rubber Research & Design Institute",
    ]
    assert subject["total"] == {"low": "0", "high": "100"}
    claims = [claim for link in subject["relations"] for claim in link["evidence"]]
    assert all(claim["evidence"]["url"] for claim in claims)


def test_the_page_opens_offline(browser: Any, facts: Graph, tmp_path: Path) -> None:
    path = tmp_path / "choke.html"
    shown = asked(facts, "pesticides, world", repeats=False)
    path.write_text(render_page(shown.page()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    assert said == []
    assert "Syngenta Group" in page.inner_text("main")
    assert page.locator("figure svg").count() >= 1
    page.close()
