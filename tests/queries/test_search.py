"""Is the strongest path the strongest of all walks, forward and backward, within every bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.shocks.hops import SHOCKS, Channels, Hop
from spillover.queries.shocks.search import Bounds, Reached, search, spreading
from spillover.queries.shocks.spread import AT_ONCE, Spread
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.shocks import EVERY, FIRMS, Way, network, stated, walks, ways

LONGEST = 7
"""More hops than a path through all entities of these graphs has."""
SEEDS = st.integers(0, 2**32)
SHARES = st.sampled_from([Fraction(0), *(Fraction(n, 100) for n in (1, 9, 10, 30, 50, 100))])


def asked(graph: Graph, names: Iterable[str], **bounds: object) -> Reached:
    channels = Channels(graph.index, conditions(DAY), bounds.pop("channels", ()))  # type: ignore[arg-type]
    return search(channels, graph.find(names), **bounds)  # type: ignore[arg-type]


def found(items: Items, *names: str, **bounds: object) -> dict[str, tuple[str, str]]:
    """Way and strength in percent of the path to each entity."""
    with opened(items) as graph:
        reached = asked(graph, names, **bounds)
        known = {
            number: entity.id for number, entity in graph.store.entities(graph.numbers()).items()
        }
        answer = {}
        for entity in reached.entities:
            hops = reached.hops(entity)
            way = "".join(known[number] for number in (hops[0].source, *(h.target for h in hops)))
            low, high = reached.strength(entity)
            answer[known[entity]] = way, f"{float(low * 100):g}-{float(high * 100):g}"
        return answer


def test_of_several_starts_the_nearest_in_strength_counts() -> None:
    # 0.5 x 0.5 = 25 % from X, 30 % from Y; X itself is a start and so is no answer
    text = "X > A 50\nA > B 50\nY > B 30\nY > X 90"
    assert found(text, "X", "Y") == {"A": ("XA", "50-50"), "B": ("YB", "30-30")}


def test_backward_the_path_is_told_from_whoever_hits() -> None:
    text = "X > A 50\nA SUPPLIES B 40 basis=supply\nC SUPPLIES A 40 basis=supply"
    assert found(text, "B", backward=True) == {
        "A": ("AB", "40-40"),
        "X": ("XAB", "20-20"),
        "C": ("CAB", "16-16"),
    }
    # B loses an input when C does; but A, which loses sales to C, loses no input by that
    assert found(text, "A", backward=True) == {
        "X": ("XA", "50-50"),
        "C": ("CA", "40-40"),
        "B": ("BA", "0-100"),
    }


def test_with_fewer_hops_a_weaker_path_goes_on() -> None:
    # to A: 90 % over two hops or 40 % at once; with two hops only the latter leads on to B
    text = "T > M 90\nM > A 100\nT > A 40\nA > B 50"
    assert found(text, "T")["B"] == ("TMAB", "45-45")
    assert found(text, "T", max_hops=2)["B"] == ("TAB", "20-20")
    assert found(text, "T", max_hops=2)["A"] == ("TMA", "90-90")


def test_a_path_that_is_too_weak_at_the_most_gives_way_to_one_that_is_not() -> None:
    # the surest path to A has 10 %; of those that can have 20 % it is the one of 5 to 50 %
    text = "T > A 10\nT > M 5-50\nM > A 100"
    assert found(text, "T")["A"] == ("TA", "10-10")
    assert found(text, "T", least=Fraction(1, 5))["A"] == ("TMA", "5-50")


def test_strengths_that_round_to_the_same_float_are_told_apart() -> None:
    # (1 - e)(1 - e) is more than 1 - 2e by e x e, which is lost in a float
    text = "T > A 70\nA > B 99.999999\nB > E 99.999999\nT > C 70\nC > E 99.999998"
    stronger = Fraction(70, 100) * Fraction(99999999, 10**8) ** 2
    weaker = Fraction(70, 100) * Fraction(99999998, 10**8)
    assert (float(stronger) == float(weaker), stronger > weaker) == (True, True)
    assert found(text, "T")["E"][0] == "TABE"


def expected(
    every: list[Way], starts: Sequence[str], least: Fraction, hops: int
) -> dict[str, Fraction]:
    """By brute force: what the strongest of all walks to each entity has at the least or most."""
    best: dict[str, tuple[Fraction, Fraction]] = {}
    for _, end, low, high in walks(every, starts, hops):
        if high > 0 and high >= least and end not in starts:
            surest, widest = best.get(end, (Fraction(0), Fraction(0)))
            best[end] = max(surest, low), max(widest, high)
    return {end: surest or widest for end, (surest, widest) in best.items()}


@given(
    SEEDS,
    st.lists(st.sampled_from(FIRMS), min_size=1, max_size=3, unique=True),
    SHARES,
    st.sampled_from([None, None, 1, 2, 3, 4]),
    st.booleans(),
    st.sampled_from([(), EVERY, ("ownership", "supply", "product"), ("equity", "people", "state")]),
)
@settings(max_examples=120, deadline=None)
def test_it_is_the_strongest_of_all_walks(
    seed: int,
    starts: list[str],
    least: Fraction,
    max_hops: int | None,
    backward: bool,
    channels: tuple[str, ...],
) -> None:
    claims = network(seed, further=True)
    starts = [name for name in starts if any(name in claim[1:3] for claim in claims)]
    every = list(ways(claims, channels or SHOCKS))
    with opened(stated(claims)) as graph:
        known = {n: entity.id for n, entity in graph.store.entities(graph.numbers()).items()}
        reached = asked(
            graph, starts, channels=channels, least=least, max_hops=max_hops, backward=backward
        )
        answer = {known[entity]: reached for entity in reached.entities}
        walked = every
        if backward:  # all walks from everybody, and of these the ones that end at the starts
            oracle: dict[str, tuple[Fraction, Fraction]] = {}
            for start, end, low, high in walks(walked, known.values(), max_hops or LONGEST):
                if end in starts and start not in starts and high > 0 and high >= least:
                    surest, widest = oracle.get(start, (Fraction(0), Fraction(0)))
                    oracle[start] = max(surest, low), max(widest, high)
            wanted = {end: surest or widest for end, (surest, widest) in oracle.items()}
        else:
            wanted = expected(walked, starts, least, max_hops or LONGEST)
        assert answer.keys() == wanted.keys()
        assert reached.bound == reached.surer == 0
        for entity in reached.entities:
            strength, path = reached.strength(entity), reached.hops(entity)
            assert (strength.low or strength.high) == wanted[known[entity]]
            assert strength.high >= least
            assert len(path) <= (max_hops or LONGEST)
            check(path, strength, reached.start(entity), entity, backward=backward)


def check(
    path: list[Hop], strength: tuple[Fraction, Fraction], start: int, entity: int, *, backward: bool
) -> None:
    """A path leads from one end to the other, meets nobody twice, and is as strong as its hops."""
    places = [path[0].source, *(hop.target for hop in path)]
    assert places == [*(hop.source for hop in path), path[-1].target]
    assert (places[0], places[-1]) == ((entity, start) if backward else (start, entity))
    assert len(set(places)) == len(places)
    assert strength == (
        prod(Fraction(hop.low, WHOLE) for hop in path),
        prod(Fraction(hop.high, WHOLE) for hop in path),
    )


@given(SEEDS, st.integers(1, 6), SHARES, st.sampled_from([None, 2, 3]))
@settings(max_examples=80, deadline=None)
def test_nothing_stronger_than_the_bound_is_missing(
    seed: int, limit: int, least: Fraction, max_hops: int | None
) -> None:
    claims = network(seed)
    if not any("T" in claim[1:3] for claim in claims):
        return
    best: dict[str, tuple[Fraction, Fraction]] = {}
    for _, end, low, high in walks(list(ways(claims)), ["T"], max_hops or LONGEST):
        if high > 0 and high >= least and end != "T":
            surest, widest = best.get(end, (Fraction(0), Fraction(0)))
            best[end] = max(surest, low), max(widest, high)
    with opened(stated(claims)) as graph:
        reached = asked(graph, ["T"], limit=limit, least=least, max_hops=max_hops)
        known = {graph.store.find(name): name for name in best}
    for number, name in known.items():
        surest, widest = best[name]
        if number not in reached.entities:
            assert widest <= reached.bound
        elif reached.strength(number).low != surest:
            assert surest <= reached.surer
            assert reached.bound > 0


@given(SEEDS, st.sampled_from([None, 2]))
@settings(max_examples=50, deadline=None)
def test_how_far_hops_are_read_ahead_changes_nothing(seed: int, max_hops: int | None) -> None:
    claims = network(seed)
    if not any("T" in claim[1:3] for claim in claims):
        return
    with opened(stated(claims)) as graph:
        channels, (start,) = Channels(graph.index, conditions(DAY)), graph.find(["T"])
        found = [
            spreading(Spread(channels, at_once=at_once), [start], Bounds(9, max_hops=max_hops))
            for at_once in (1, 2, AT_ONCE)
        ]
        first, *others = ([each.hops(entity) for entity in each.entities] for each in found)
        assert others == [first, first]
