"""Does a region hold all places that a shock reaches, and say what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.channels import CHANNELS
from spillover.graph.schema import Relation
from spillover.queries.conditions import conditions
from spillover.queries.shocks.hops import Channels
from spillover.queries.shocks.region import NO_CHANNEL, Region, region
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.webs import hangs_together, named, ways, web

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = st.integers(0, 2**32)
NAMES = (*CHANNELS, "start")
Place = tuple[str, str]


class Seen:
    """A region with the ids of its entities."""

    def __init__(self, found: Region, ids: dict[int, str]) -> None:
        self.found, self.ids = found, ids

    def entities(self) -> set[str]:
        return {self.ids[number] for number in self.found.entities.tolist()}

    def places(self) -> list[Place]:
        both = zip(self.found.entity.tolist(), self.found.channel.tolist(), strict=True)
        return [(self.ids[entity], NAMES[channel]) for entity, channel in both]

    def arcs(self) -> list[tuple[Place, Place]]:
        places = self.places()
        ends = zip(self.found.tail.tolist(), self.found.head.tolist(), strict=True)
        return sorted((places[tail], places[head]) for tail, head in ends)


@contextmanager
def explored(
    items: Items,
    *starts: str,
    limit: int = 10_000,
    max_hops: int | None = None,
    backward: bool = False,
    kinds: Iterable[str] = (),
) -> Iterator[Seen]:
    with opened(items) as graph:
        channels = Channels(graph.index, conditions(DAY), kinds=kinds)
        numbers = graph.find(starts)
        found = region(channels, numbers, limit=limit, max_hops=max_hops, backward=backward)
        ids = {n: entity.id for n, entity in graph.store.entities(graph.numbers()).items()}
        yield Seen(found, ids)


def test_an_entity_is_a_place_for_each_channel_on_which_it_is_reached() -> None:
    # T owns and controls A; A owns B. Equity does not go on to the daughters of an owner.
    text = "T > A 60\nT CONTROLS A\nA > B 50\nO > A 40\nO > C 90"
    with explored(text, "T") as seen:
        assert seen.places() == [
            ("T", "start"),
            ("A", "ownership"),
            ("A", "control"),
            ("A", "equity"),
            ("B", "ownership"),
            ("O", "equity"),
        ]
        assert seen.arcs() == [
            (("A", "control"), ("B", "ownership")),
            (("A", "control"), ("O", "equity")),
            (("A", "equity"), ("O", "equity")),
            (("A", "ownership"), ("B", "ownership")),
            (("A", "ownership"), ("O", "equity")),
            (("B", "ownership"), ("A", "equity")),
            (("T", "start"), ("A", "control")),
            (("T", "start"), ("A", "ownership")),
        ]


def test_products_between_one_pair_are_arcs_of_their_own() -> None:
    text = "T SUPPLIES A 40 basis=supply product=steel\nT SUPPLIES A 20 basis=supply product=tin"
    with explored(text, "T") as seen:
        assert seen.arcs() == [(("T", "start"), ("A", "supply"))] * 2
        assert sorted(seen.found.hops.high.tolist()) == [20_000_000, 40_000_000]


def test_the_limit_keeps_the_strongest_and_counts_what_is_left_out() -> None:
    text = "T > A 20\nT > B 90\nT > C 50\nB > D 10\nD > E 10"
    with explored(text, "T", limit=2) as seen:
        assert seen.entities() == {"T", "B", "C"}
        # A was left out at once, D behind B; E stands behind D and was never seen.
        assert seen.found.left_out == 2
        assert seen.found.truncated
    with explored(text, "T", limit=5) as seen:
        assert seen.found.left_out == 0
        assert not seen.found.truncated


def test_nobody_is_reached_from_an_entity_without_relations() -> None:
    with explored("X > A 50\nT > B 0", "T") as seen:
        assert seen.places() == [("T", "start")]
        assert seen.arcs() == []


def _reached(
    claims: list[Relation], starts: tuple[str, ...], *, backward: bool, most: int
) -> set[Place]:
    """Places of all walks of at most so many hops: one more hop at every step."""
    every = [way for way in ways(claims) if (way.source if backward else way.target) not in starts]
    found = {n for n, way in enumerate(every) if (way.target if backward else way.source) in starts}
    for _ in range(most - 1):
        pairs = [
            (new, old) if backward else (old, new) for old in found for new in range(len(every))
        ]
        joined = [pair for pair in pairs if hangs_together([every[n] for n in pair])]
        found |= {before if backward else after for before, after in joined}
    return {(every[n].source if backward else every[n].target, every[n].channel) for n in found}


@given(SEEDS.map(web), st.integers(1, 4), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_places_are_those_of_all_paths(
    claims: list[Relation], hops: int, bounded: bool, backward: bool
) -> None:
    starts = ("S", "T") if named(claims, "S", "T") else ("T",)
    if not named(claims, "T"):
        return
    bound = hops if bounded else None
    expected = _reached(claims, starts, backward=backward, most=bound or 14)
    with explored(claims, *starts, max_hops=bound, backward=backward) as seen:
        expected |= {(start, "start") for start in starts}
        assert set(seen.places()) == expected
        assert seen.entities() == {entity for entity, _ in expected}


@given(SEEDS.map(web))
@settings(max_examples=50, deadline=None)
def test_arcs_join_hops_that_may_follow_each_other(claims: list[Relation]) -> None:
    if not named(claims, "T"):
        return
    with explored(claims, "T") as seen:
        places = set(seen.places())
        every = [way for way in ways(claims) if way.target != "T"]
        expected = [
            ((way.source, before), (way.target, way.channel))
            for way in every
            for entity, before in places
            if entity == way.source
            and seen.found.allows[NAMES.index(before), NAMES.index(way.channel)]
        ]
        assert seen.arcs() == sorted(expected)


@given(SEEDS.map(web), st.integers(1, 6))
@settings(max_examples=50, deadline=None)
def test_with_a_limit_the_region_is_a_part_of_the_whole_one(
    claims: list[Relation], limit: int
) -> None:
    if not named(claims, "T"):
        return
    with explored(claims, "T") as whole, explored(claims, "T", limit=limit) as cut:
        assert set(cut.places()) <= set(whole.places())
        assert len(cut.entities()) == min(limit + 1, len(whole.entities()))
        assert cut.found.truncated == (len(whole.entities()) > limit + 1)
        assert all(arc in whole.arcs() for arc in cut.arcs())


@pytest.mark.parametrize("backward", [False, True])
def test_the_same_question_gives_the_same_arrays(backward: bool) -> None:
    claims = web("repeat", most=40)
    with (
        explored(claims, "T", limit=5, backward=backward) as one,
        explored(claims, "T", limit=5, backward=backward) as two,
    ):
        assert one.places() == two.places()
        assert one.arcs() == two.arcs()
        assert one.found.channel.max() == NO_CHANNEL
        assert np.array_equal(one.found.hops.low, two.found.hops.low)
