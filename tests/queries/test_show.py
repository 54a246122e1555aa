"""What is told of one entity, and of those around some."""

from __future__ import annotations

import pytest

from spillover.graph.errors import NotFoundError
from spillover.graph.schema import Entity, Name
from spillover.queries.around import around, claims_about
from spillover.queries.conditions import conditions
from spillover.queries.show import show
from tests.graphs import opened, relations

WHEN = conditions("2024-06-30")
TEXT = """
X > A 60 observed=2018 publisher=Gazette record=F1 note=printed price=7
X > A 40 observed=2020
P DESIGNATES X start=2020
X DIRECTS A role=chair
A > B 30 confidence=low
"""


def test_a_profile_holds_the_descriptions_and_every_claim() -> None:
    described = Entity("X", "Person", "Ivan X", (Name("Иван Х", "rus"),), ("ru", "cy"))
    with opened([described, *relations(TEXT)]) as graph:
        profile = show(graph, "Иван Х", WHEN)
    assert (profile.entity.id, profile.party.country, profile.party.listed) == ("X", "ru", ("P",))
    assert [(claim.kind, claim.standing) for claim in profile.claims] == [
        ("DESIGNATES", "counted"),
        ("DIRECTS", "counted"),
        ("OWNS", "counted"),
        ("OWNS", "superseded"),
    ]
    old = profile.claims[-1]
    assert (old.publisher, old.record, old.note, old.dataset) == (
        "Gazette",
        "F1",
        "printed",
        "test",
    )
    assert (old.stake_text, old.properties) == ("60", (("price", "7"),))
    assert profile.left_out == 0


def test_claims_beyond_the_limit_are_counted() -> None:
    with opened(TEXT) as graph:
        profile = show(graph, "A", WHEN, limit=3)
    assert (len(profile.claims), profile.left_out) == (3, 1)


def test_an_entity_that_nobody_describes_is_named_by_its_id() -> None:
    with opened(TEXT) as graph:
        assert show(graph, "B", WHEN).party.name == "B"


def test_nobody_of_that_name() -> None:
    with opened(TEXT) as graph, pytest.raises(NotFoundError, match="no entity is named 'Nobody'"):
        show(graph, "Nobody", WHEN)


def test_claims_about_an_entity_come_those_that_count_first() -> None:
    with opened(TEXT) as graph:
        found = claims_about(graph, graph.store.find("A"), WHEN)
    assert [(claim.stake_text, claim.standing) for claim in found] == [
        ("40", "counted"),
        ("60", "superseded"),
    ]


def test_claims_around_entities_come_those_between_them_first() -> None:
    with opened(TEXT) as graph:
        numbers = graph.find(["X", "A"])
        claims, left = around(graph, numbers, WHEN)
        few, more = around(graph, numbers, WHEN, limit=1)
        owned, _ = around(graph, numbers, WHEN, kinds=("OWNS",))
    assert sorted(claim.kind for claim in claims[:2]) == ["DIRECTS", "OWNS"]
    assert [claim.kind for claim in claims[2:]] == ["DESIGNATES"]
    assert (left, few, more) == (0, claims[:1], 2)
    assert [claim.stake_text for claim in owned] == ["40"]
