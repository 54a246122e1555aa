"""Which sets of candidates are offered: the best, the next best, and what each effect costs?

With a desired effect: the least collateral, and of sets that cost the same the smallest. With a
budget: the greatest effect, of those the least collateral, and of those the smallest. A further set
never holds one that was offered before it as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spillover.queries.optimiser.problem import Picked
from spillover.queries.optimiser.search import Best, Limits, Search


@dataclass(frozen=True, slots=True)
class Chosen:
    """A set of candidates, and how sure it is that none is better."""

    picked: Picked
    proven: bool
    """Whether no set is better, in every respect that counts."""
    bound: int | None
    """What a better set could reach at best (collateral, or with a budget the effect), in
    millionths of a percent; None: nothing is known."""


def cheapest(search: Search, need: int, *, apart: tuple[Picked, ...] = ()) -> Chosen | None:
    """The set that reaches an effect with the least collateral; None: none, or none in time."""
    limits = Limits(need=need, apart=apart)
    return _narrowed(search, search.best("collateral", limits), limits)


def strongest(search: Search, cap: int, *, apart: tuple[Picked, ...] = ()) -> Chosen | None:
    """The set of the greatest effect within a budget; None: none, or none in time."""
    limits = Limits(cap=cap, apart=apart)
    best = search.best("effect", limits)
    if best is None:
        return None
    limits = replace(limits, need=best.value)
    then = _narrowed(search, search.best("collateral", limits), limits)
    if then is None:
        return Chosen(best.picked, proven=False, bound=best.bound)
    return Chosen(then.picked, proven=best.proven and then.proven, bound=best.bound)


def _narrowed(search: Search, best: Best | None, limits: Limits) -> Chosen | None:
    """The smallest of the sets that cost no more than the best."""
    if best is None:
        return None
    fewest = search.best("number", replace(limits, cap=best.value))
    if fewest is None:
        return Chosen(best.picked, proven=False, bound=best.bound)
    return Chosen(fewest.picked, proven=best.proven and fewest.proven, bound=best.bound)


def alternatives(
    search: Search, *, need: int | None, cap: int | None, count: int
) -> Iterator[Chosen]:
    """The best sets, at most so many, for an effect or for a budget."""
    apart: tuple[Picked, ...] = ()
    for _ in range(count):
        if need is not None:
            found = cheapest(search, need, apart=apart)
        else:
            found = strongest(search, cap or 0, apart=apart)
        if found is None:
            return
        yield found
        if not found.picked:
            return
        apart = (*apart, found.picked)


def frontier(search: Search, needs: Iterable[int]) -> Iterator[tuple[int, Chosen]]:
    """The least collateral of each of these effects, as far as they can be reached in time."""
    for need in needs:
        found = cheapest(search, need)
        if found is not None:
            yield need, found
