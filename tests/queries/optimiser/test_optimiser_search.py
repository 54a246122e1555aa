"""The search finds what trying every set of candidates finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.optimiser.choosing import alternatives, cheapest, strongest
from spillover.queries.optimiser.problem import Picked
from spillover.queries.optimiser.search import Search
from tests.queries.optimiser.puzzles import PERCENT, Puzzle, puzzles, subsets

SECONDS = 60


@given(puzzles(), st.integers(1, 100))
@settings(max_examples=120, deadline=None)
def test_the_least_collateral_of_an_effect(puzzle: Puzzle, percent: int) -> None:
    need = percent * PERCENT
    worths = [(puzzle.worth(picked), len(picked)) for picked in subsets(puzzle.candidates)]
    able = [(collateral, size) for (effect, collateral), size in worths if effect >= need]
    found = cheapest(Search(puzzle.problem(), SECONDS), need)
    if not able:
        assert found is None
        return
    assert found is not None
    effect, collateral = puzzle.worth(found.picked)
    assert effect >= need
    assert (collateral, len(found.picked)) == min(able)
    assert found.proven


@given(puzzles(), st.integers(0, 150))
@settings(max_examples=120, deadline=None)
def test_the_greatest_effect_of_a_budget(puzzle: Puzzle, points: int) -> None:
    cap = points * PERCENT
    worths = [(puzzle.worth(picked), len(picked)) for picked in subsets(puzzle.candidates)]
    able = [(-effect, collateral, size) for (effect, collateral), size in worths
            if collateral <= cap]  # fmt: skip
    found = strongest(Search(puzzle.problem(), SECONDS), cap)
    assert found is not None
    effect, collateral = puzzle.worth(found.picked)
    assert (-effect, collateral, len(found.picked)) == min(able)
    assert found.proven


@given(puzzles(5), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_each_further_set_is_the_best_that_holds_none_before_it(
    puzzle: Puzzle, percent: int
) -> None:
    need = percent * PERCENT
    search = Search(puzzle.problem(), SECONDS)
    offered: list[Picked] = []
    for found in alternatives(search, need=need, cap=None, count=4):
        able = []
        for picked in subsets(puzzle.candidates):
            effect, collateral = puzzle.worth(picked)
            if effect >= need and not any(before <= picked for before in offered):
                able.append((collateral, len(picked)))
        assert (puzzle.worth(found.picked)[1], len(found.picked)) == min(able)
        offered.append(found.picked)
    rest = [
        picked
        for picked in subsets(puzzle.candidates)
        if puzzle.worth(picked)[0] >= need and not any(before <= picked for before in offered)
    ]
    assert len(offered) == 4 or not rest
