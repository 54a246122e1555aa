"""Is the risk that inputs and kinds bring that of every way in which the unknown can turn out?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.markets.chain import Arc, Chain, carried, downstream, upstream
from spillover.queries.markets.lost import NOTHING, Part
from spillover.queries.markets.tracing import Tracing
from tests.graphs import opened

DAY = conditions("2024-06-30")


def percent(low: int, high: int | None = None) -> Part:
    most = low if high is None else high
    return Part(low * UNITS_PER_PERCENT, most * UNITS_PER_PERCENT)


def chain(*arcs: Arc) -> Chain:
    ends = sorted({end for arc in arcs for end in (arc.source, arc.target)})
    return Chain(tuple(ends), tuple(sorted(arcs)), 0)


def needs(source: int, target: int, *, denied: bool = False) -> Arc:
    return Arc(source, target, "INPUT_TO", 0 if denied else WHOLE, WHOLE, ())


def kind(source: int, target: int, low: int = 0, high: int = 100) -> Arc:
    return Arc(source, target, "KIND_OF", *percent(low, high), ())


@pytest.mark.parametrize(
    ("arcs", "own", "risk"),
    [
        # 3 is made with 1 and 2: nothing makes up for the scarcer one.
        ([needs(1, 3), needs(2, 3)], {1: percent(30), 2: percent(20, 50)}, percent(30, 50)),
        # Its own producers lose more than its input.
        ([needs(1, 3)], {1: percent(30), 3: percent(40)}, percent(40)),
        # A source denies that 1 goes into 3.
        ([needs(1, 3, denied=True)], {1: percent(30)}, percent(0, 30)),
        # 1 is a fifth of 3, as stated; half of it is lost.
        ([kind(1, 3, 20, 20)], {1: percent(50)}, percent(10)),
        # How much of 3 it is, nobody states.
        ([kind(1, 3)], {1: percent(50)}, percent(0, 50)),
        # Two kinds that are all of 3: 60 % of 10 and 40 % of 50.
        ([kind(1, 3, 60, 60), kind(2, 3, 40, 40)], {1: percent(10), 2: percent(50)}, percent(26)),
        # Two kinds of unknown parts: together no more than the whole.
        ([kind(1, 3), kind(2, 3)], {1: percent(10), 2: percent(50)}, percent(0, 50)),
        # An input of the wider product counts wholly, a kind of it in its part.
        ([kind(1, 3, 20, 20), needs(2, 3)], {1: percent(50), 2: percent(5)}, percent(10)),
    ],
)
def test_what_a_shock_brings(arcs: list[Arc], own: dict[int, Part], risk: Part) -> None:
    assert carried(chain(*arcs), own)[3] == risk


def test_a_circle_of_inputs_puts_nothing_at_risk_by_itself() -> None:
    """Machines make steel, steel makes machines: nothing is lost, nothing is at risk."""
    circle = chain(needs(1, 2), needs(2, 1), needs(3, 1))
    assert set(carried(circle, {}).values()) == {NOTHING}
    hit = carried(circle, {3: percent(40)})
    assert hit == {1: percent(40), 2: percent(40), 3: percent(40)}


def test_kinds_of_each_other_end_with_bounds_that_hold() -> None:
    """99.999999 % of 2 is 1, all of 1 is 2, and the rest of 2 is 3, of which half is lost.

    Step by step 2 comes nearer to 50 %: at least what was reached, at most the whole.
    """
    most = WHOLE - 1
    circle = chain(
        Arc(1, 2, "KIND_OF", most, most, ()),
        Arc(2, 1, "KIND_OF", WHOLE, WHOLE, ()),
        Arc(3, 2, "KIND_OF", 1, 1, ()),
    )
    found = carried(circle, {3: percent(50)})
    assert found[2].low <= percent(50).low <= found[2].high


def test_quantities_are_no_essential_inputs() -> None:
    """Of A goes 0.2 % into C by an input-output table: it is counted, and not followed."""
    text = "A INPUT_TO B\nA INPUT_TO C 0.2 basis=supply\nB KIND_OF D 30 basis=market"
    with opened(text) as graph:
        names = {graph.store.entity(n).name: n for n in graph.numbers()}
        onward = downstream(graph, DAY, [names["A"]])
        assert set(onward.products) == {names[name] for name in "ABD"}
        assert onward.quantities == 1
        assert [(arc.kind, arc.low, arc.high) for arc in onward.arcs] == [
            ("INPUT_TO", WHOLE, WHOLE),
            ("KIND_OF", *percent(30)),
        ]
        assert upstream(graph, DAY, [names["D"]]).products == onward.products


# -- against every completion ----------------------------------------------------------------

Case = tuple[Chain, dict[int, Part]]
SIZE = 5


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to five products in a row, arcs forward only, losses and parts in tens of percent."""
    arcs: list[Arc] = []
    for target in range(1, SIZE):
        room = 10
        for source in range(target):
            what = draw(st.sampled_from(["", "", "needs", "denied", "kind", "kind"]))
            if what == "kind" and sum(a.kind == "KIND_OF" for a in arcs) < 4:
                low = draw(st.integers(0, room))
                high = draw(st.integers(low, 10))
                room -= low
                arcs.append(kind(source, target, 10 * low, 10 * high))
            elif what in {"needs", "denied"}:
                arcs.append(needs(source, target, denied=what == "denied"))
    own = {}
    for number in draw(st.sets(st.integers(0, SIZE - 1), max_size=3)):
        low = draw(st.integers(0, 10))
        own[number] = percent(10 * low, 10 * draw(st.integers(low, 10)))
    return Chain(tuple(range(SIZE)), tuple(sorted(arcs)), 0), own


def corners(case: Case) -> Iterator[list[Fraction]]:
    """The risk of each product at every corner of the unknown: losses, parts, and denied inputs.

    The largest parts of kinds are those of each order in which they take what room there is.
    """
    made, own = case
    ends = [sorted({*own[number]}) for number in sorted(own)]
    essential = [[True, False] if not a.low else [True] for a in made.arcs if a.kind == "INPUT_TO"]
    inputs = [arc for arc in made.arcs if arc.kind == "INPUT_TO"]
    weights = [list(_parts([a for a in made.arcs if a.target == t])) for t in range(SIZE)]
    for losses in product(*ends):
        lost = dict(zip(sorted(own), losses, strict=True))
        for counts in product(*essential):
            used = [arc for arc, counted in zip(inputs, counts, strict=True) if counted]
            for chosen in product(*weights):
                yield _risks(lost, used, chosen)


def _parts(arcs: list[Arc]) -> Iterator[dict[int, int]]:
    kinds = [arc for arc in arcs if arc.kind == "KIND_OF"]
    yield {arc.source: arc.low for arc in kinds}
    for order in permutations(kinds):
        room = WHOLE - sum(arc.low for arc in kinds)
        parts = {}
        for arc in order:
            more = min(arc.high - arc.low, room)
            parts[arc.source] = arc.low + more
            room -= more
        yield parts


def _risks(
    lost: Mapping[int, int], inputs: list[Arc], parts: tuple[dict[int, int], ...]
) -> list[Fraction]:
    found: list[Fraction] = []
    for number in range(SIZE):
        brought = [found[arc.source] for arc in inputs if arc.target == number]
        kinds = sum(
            (Fraction(part, WHOLE) * found[source] for source, part in parts[number].items()),
            Fraction(0),
        )
        found.append(max(Fraction(lost.get(number, 0)), kinds, *brought))
    return found


@given(cases())
@settings(max_examples=60, deadline=None)
def test_the_bounds_hold_every_corner_and_are_reached(case: Case) -> None:
    """Rounding to units moves a bound outward by less than a unit for each kind on the way."""
    made, own = case
    found = carried(made, own)
    seen = list(zip(*corners(case), strict=True))
    for number in range(SIZE):
        least, most = min(seen[number]), max(seen[number])
        assert least - SIZE < found[number].low <= least
        assert most <= found[number].high < most + SIZE


@given(cases(), cases())
@settings(deadline=None)
def test_a_larger_loss_never_lowers_a_risk(case: Case, other: Case) -> None:
    made, own = case
    more = {
        number: Part(
            max(own.get(number, NOTHING).low, other[1].get(number, NOTHING).low),
            max(own.get(number, NOTHING).high, other[1].get(number, NOTHING).high),
        )
        for number in {*own, *other[1]}
    }
    before, after = carried(made, own), carried(made, more)
    for number in range(SIZE):
        assert after[number].low >= before[number].low
        assert after[number].high >= before[number].high


@given(cases())
@settings(deadline=None)
def test_a_way_leads_from_a_loss_to_the_product(case: Case) -> None:
    """Arc after arc; over inputs alone the loss at its beginning is the bound itself."""
    made, own = case
    risk = carried(made, own)
    tracing = Tracing(made, own, risk)
    for number in range(SIZE):
        for end in ("low", "high"):
            bound = getattr(risk[number], end)
            way = tracing.way(number, end)
            if not way:
                assert bound == getattr(own.get(number, NOTHING), end)
                continue
            assert [arc.target for arc in way][-1] == number
            assert [arc.target for arc in way[:-1]] == [arc.source for arc in way[1:]]
            start = getattr(own[way[0].source], end)
            assert start > 0
            if all(arc.kind == "INPUT_TO" for arc in way):
                assert start == bound


def test_a_way_out_of_a_circle_is_found() -> None:
    circle = chain(needs(1, 2), needs(2, 1), needs(3, 1))
    own = {3: percent(40)}
    tracing = Tracing(circle, own, carried(circle, own))
    assert [(arc.source, arc.target) for arc in tracing.way(2, "low")] == [(3, 1), (1, 2)]
    assert tracing.reached(2)
    assert not tracing.reached(3)
