"""The network model that pyvis builds, and what the fragment makes of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations

from spillover.views.network import capped, network_fragment, network_model
from tests.views.pictures import generated, hostile_picture, owns, small_picture


def test_nodes_keep_their_colours_when_chosen_and_stand_apart() -> None:
    network = network_model(small_picture())
    for node in network.nodes:
        assert node["color"]["highlight"] == node["color"]["hover"]
        assert node["color"]["highlight"]["border"] == node["color"]["border"]
        assert not {"title", "group", "value", "href"} & node.keys()
    places = [(node["x"], node["y"]) for node in network.nodes]
    assert all(abs(x - a) > 150 or abs(y - b) > 40 for (x, y), (a, b) in combinations(places, 2))


def test_edges_have_explicit_ids_and_their_evidence() -> None:
    network = network_model(small_picture())
    assert [edge["id"] for edge in network.edges] == [f"e{i}" for i in range(8)]
    assert [edge["record"]["id"] for edge in network.edges] == list("abcdefgh")
    first, sixth = network.edges[0]["record"], network.edges[5]["record"]
    assert (first["date"], first["confidence"]) == ("2024-12-31", "high")
    assert first["url"] == "https://register.example/filing"
    assert (sixth["url"], sixth["address"]) == ("", "javascript:alert(1)")


def test_status_and_unknown_owners_are_words_in_the_canvas() -> None:
    labels = [node["label"] for node in network_model(small_picture()).nodes]
    assert labels[1] == "中国化工集团 Target Group\nCN · TARGET"
    assert labels[4] == "? Undisclosed owner\nUNKNOWN"
    assert labels[5] == "MV Rosa\nPA · LISTED"


def test_no_physics_and_no_random_layout() -> None:
    network = network_model(small_picture())
    assert network.options["physics"] == {"enabled": False}
    assert network.heading == ""
    assert network.select_menu is False


def test_a_cap_keeps_what_is_near_and_counts_the_rest() -> None:
    """n0 -> n1 -> n2 -> ... -> n9, the cap is 4, and 5 were hidden already."""
    base = generated(10, 9)
    chain = tuple(owns(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(9))
    drawn = capped(replace(base, edges=chain, hidden=5), 4)
    assert [node.id for node in drawn.nodes] == ["n0", "n1", "n2", "n3"]
    assert [edge.id for edge in drawn.edges] == ["e0", "e1", "e2"]
    assert drawn.hidden == 5 + 6


def test_a_cap_keeps_the_path_in_question() -> None:
    """The highlighted edge e8 ends far from the target and is drawn all the same."""
    base = generated(10, 9)
    chain = [owns(f"e{i}", f"n{i}", f"n{i + 1}") for i in range(9)]
    chain[8] = replace(chain[8], highlighted=True)
    drawn = capped(replace(base, edges=tuple(chain)), 4)
    assert {"n0", "n8", "n9"} < {node.id for node in drawn.nodes}


def test_the_model_is_data_that_ends_no_script() -> None:
    fragment = network_fragment(hostile_picture())
    block = re.findall(
        r'<script type="application/json" id="net-data">(.*?)</script>', fragment.html
    )
    assert len(block) == 1
    assert not set("<>&\u2028\u2029") & set(block[0])
    model = json.loads(block[0])
    assert len(model["nodes"]) == len(hostile_picture().nodes)
    assert model["hidden"] == 3
    assert fragment.html.count("<script") == 1


def test_the_same_picture_gives_the_same_fragment() -> None:
    assert network_fragment(generated(40, 60)) == network_fragment(generated(40, 60))
