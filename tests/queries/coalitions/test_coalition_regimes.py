"""Who was in which regime on which day? From the cited facts that come with the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from spillover.graph.errors import AmbiguousError, NotFoundError
from spillover.graph.schema import Entity, Name
from spillover.graph.session import Graph
from spillover.loaders.run import run
from spillover.queries.coalitions.regimes import regime, regimes
from spillover.queries.conditions import conditions
from tests.graphs import build, opened, relations


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seed") / "graph.db"
    run(path, "seed", [])
    return path


@pytest.fixture(scope="module")
def facts(seed: Path) -> Iterator[Graph]:
    with Graph(seed) as graph:
        yield graph


def codes(graph: Graph, name: str, day: str) -> frozenset[str]:
    return regime(graph, conditions(day), name).codes


@pytest.mark.parametrize(
    ("name", "country", "before", "since", "after"),
    [
        ("EU", "gb", "1972-12-31", "1973-01-01", "2020-02-01"),  # left on 31 January 2020
        ("EU", "hr", "2013-06-30", "2013-07-01", ""),
        ("NATO", "se", "2024-03-06", "2024-03-07", ""),
        ("NATO", "fi", "2023-04-03", "2023-04-04", ""),
        ("NATO", "me", "2017-06-04", "2017-06-05", ""),
        ("G8", "ru", "1997-12-31", "1998-06-01", "2014-04-01"),  # suspended in March 2014
        ("Wassenaar Arrangement", "in", "2017-12-07", "2017-12-08", ""),
        ("Wassenaar Arrangement", "mx", "2012-01-24", "2012-01-25", ""),
        ("MTCR", "in", "2016-06-26", "2016-06-27", ""),
        ("Australia Group", "mx", "2012-12-31", "2014-01-01", ""),
        ("NSG", "cn", "2003-12-31", "2005-01-01", ""),
    ],
)
def test_states_join_and_leave(
    facts: Graph, name: str, country: str, before: str, since: str, after: str
) -> None:
    assert country not in codes(facts, name, before)
    assert country in codes(facts, name, since)
    if after:
        assert country not in codes(facts, name, after)


@pytest.mark.parametrize(
    ("name", "day", "number"),
    [
        ("Wassenaar Arrangement", "2026-11-22", 42),
        ("Wassenaar Arrangement", "1996-12-31", 33),  # the founders
        ("Wassenaar Arrangement", "2010-01-01", 40),
        ("European Union", "2019-06-01", 28),
        ("European Union", "2021-06-01", 27),
        ("European Union", "2000-01-01", 15),
        ("NATO", "1949-12-31", 12),
        ("NATO", "2023-06-01", 31),
        ("NATO", "2026-11-22", 32),
        ("G7", "2026-11-22", 7),
        ("G8", "2013-06-01", 8),
        ("G8", "2015-06-01", 0),
        ("MTCR", "2026-11-22", 35),
        ("AG", "2026-11-22", 42),
        ("NSG", "2026-11-22", 48),
        ("US-NL-JP chip tool controls (2023)", "2023-06-01", 3),
        ("US-NL-JP chip tool controls (2023)", "2022-12-31", 0),
    ],
)
def test_so_many_states_were_members(facts: Graph, name: str, day: str, number: int) -> None:
    """The numbers that the regimes themselves print: 42, 27, 32, 35, 48 today."""
    assert len(codes(facts, name, day)) == number


def test_russia_takes_part_in_wassenaar_and_china_does_not(facts: Graph) -> None:
    today = codes(facts, "regime:wassenaar", "2026-11-22")
    assert "ru" in today
    assert "cn" not in today


def test_every_membership_has_its_source_and_day(facts: Graph) -> None:
    listed = regimes(facts, conditions("2026-11-22")).regimes
    claims = [c for item in listed for member in item.members for c in member.claims]
    assert len(claims) > 230
    assert all(claim.publisher and claim.url.startswith("http") for claim in claims)
    assert all(claim.observed or claim.start or "ndated" in claim.note for claim in claims)


def test_a_member_of_which_only_the_day_of_the_source_is_known_counts_from_then(
    facts: Graph,
) -> None:
    """South Africa is in a list of November 2012; when it joined is not sourced."""
    assert "za" not in codes(facts, "MTCR", "2012-10-31")
    assert "za" in codes(facts, "MTCR", "2012-11-30")


def test_regimes_are_listed_with_what_they_cover(facts: Graph) -> None:
    found = {r.party.id: r for r in regimes(facts, conditions("2026-11-22")).regimes}
    chips = found["seed:regime-us-nl-jp-2023"]
    assert [party.id for party in chips.covers] == ["seed:product-chip-tools"]
    assert (len(found["seed:regime-g8"].members), found["seed:regime-g8"].ever) == (0, 8)
    assert [r.party.name for r in regimes(facts, conditions("2026-11-22"), ["G7"]).regimes] == [
        "Group of Seven"
    ]


def test_the_regime_of_a_control_list_is_the_one_with_the_members(
    seed: Path, tmp_path: Path
) -> None:
    """``regime:wassenaar`` of a list of goods and the regime of the facts are one."""
    path = tmp_path / "both.db"
    run(path, "seed", [])
    listed: list[Entity] = [
        Entity("regime:wassenaar", "Regime", "Wassenaar Arrangement", (Name("WA", role="alias"),)),
        Entity("eu-annex1:3A001", "Technology", "3A001 electronic items"),
    ]
    build(path, [*listed, *relations("regime:wassenaar COVERS eu-annex1:3A001")])
    with Graph(path) as graph:
        found = regime(graph, conditions("2026-11-22"), "WA")
        assert len(found.members) == 42
        assert [party.id for party in found.covers] == ["eu-annex1:3A001"]


def test_a_membership_that_is_denied_is_contested() -> None:
    with opened(
        [
            Entity("pact", "Regime", "The Pact"),
            *(Entity(c, "Country", c.upper(), countries=(c,)) for c in ("nl", "fr", "de")),
            *relations(
                "nl MEMBER_STATE pact\nfr MEMBER_STATE pact\nfr MEMBER_STATE pact denies\n"
                "de MEMBER_STATE pact denies"
            ),
        ]
    ) as graph:
        found = regime(graph, conditions("2024-06-30"), "the pact")
        assert [(m.party.id, m.contested) for m in found.members] == [("fr", True), ("nl", False)]
        assert found.ever == 3


def test_a_regime_that_is_unknown_or_not_one_is_refused(facts: Graph) -> None:
    with pytest.raises(NotFoundError, match="no regime is called 'OPEC'; the graph knows: Austral"):
        regime(facts, conditions(), "OPEC")
    with pytest.raises(NotFoundError, match="no regime is called 'ASML Holding'"):
        regime(facts, conditions(), "ASML Holding")
    twice = [Entity("a", "Regime", "Pact"), Entity("b", "Regime", "Pact")]
    with opened([*twice, *relations("x MEMBER_STATE a\nx MEMBER_STATE b")]) as graph:
        with pytest.raises(AmbiguousError, match="several regimes are called 'pact': a, b; give"):
            regime(graph, conditions(), "pact")
        assert regime(graph, conditions(), "b").party.id == "b"
