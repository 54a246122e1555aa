"""Who owns this entity, and what does it own: a tree upward or downward, claim by claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.graph.tables import DENIES, UNSTATED
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, holdings
from spillover.queries.ledger import Ledger

Direction = Literal["up", "down"]

_TIES: Final = (KIND_CODES["OWNS"], KIND_CODES["CONTROLS"])


@dataclass(frozen=True, slots=True)
class Branch:
    """One owner (or asset) at one place of the tree."""

    party: Party
    parent: Party
    depth: int
    """1 for the subject's own owners (or assets)."""
    share: Stake | None
    """Direct share in the hull of all claims that count; None when none of them is a holding."""
    claims: tuple[Claim, ...]
    """Every claim of the pair that speaks of the day, those that count first."""
    mark: str
    """``cycle``: it stands above itself; ``repeated``: its branch is shown elsewhere; or empty."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The answer: branches in the order of reading, each after the one it hangs on."""

    subject: Party
    direction: Direction
    when: Conditions
    branches: tuple[Branch, ...]
    undisclosed: Stake | None
    """Upward only: the share of the subject that no declared direct owner holds."""
    truncated: int
    """Branches left out beyond the limits of depth or number."""
    sources: Sources


def owners(
    graph: Graph, entity: str, when: Conditions, *, depth: int = 10, limit: int = 500
) -> Tree:
    """The tree upward: owners and stated controllers, theirs, and so on.

    Raises:
        NotFoundError, AmbiguousError: the entity.
    """
    return _tree(graph, entity, when, direction="up", depth=depth, limit=limit)


def subsidiaries(
    graph: Graph, entity: str, when: Conditions, *, depth: int = 10, limit: int = 500
) -> Tree:
    """The tree downward: holdings and stated control, theirs, and so on.

    Raises:
        NotFoundError, AmbiguousError: the entity.
    """
    return _tree(graph, entity, when, direction="down", depth=depth, limit=limit)


def _tree(  # noqa: PLR0913 - one private body of two public questions
    graph: Graph, entity: str, when: Conditions, *, direction: Direction, depth: int, limit: int
) -> Tree:
    number = graph.store.find(entity)
    walk = _Walk(graph, when, direction)
    walk.walk(number, depth, limit)
    return Tree(
        walk.reporter.party(number),
        direction,
        when,
        tuple(walk.branches),
        _undisclosed(graph, number, when) if direction == "up" else None,
        walk.truncated,
        sources(graph),
    )


def _undisclosed(graph: Graph, number: int, when: Conditions) -> Stake:
    """What direct declared owners leave over, at least and at most."""
    low, high = Ledger(graph, when).undisclosed(np.array([number]))
    return Stake(int(low[0]), int(high[0]))


class _Walk:
    """One tree while it is being walked."""

    def __init__(self, graph: Graph, when: Conditions, direction: Direction) -> None:
        self.index, self.when, self.up = graph.index, when, direction == "up"
        self.reporter = Reporter(graph, when)
        self.branches: list[Branch] = []
        self.truncated = 0
        self._seen: set[int] = set()

    def walk(self, subject: int, depth: int, limit: int) -> None:
        """Add branches in the order of reading; below one that stands elsewhere already, none.

        ``above`` is the line from the subject down to the entity whose branches come next.
        """
        self._seen.add(subject)
        above = [subject]
        levels = [iter(self._neighbours(subject))]
        while levels:
            following = next(levels[-1], None)
            if following is None:
                levels.pop()
                above.pop()
                continue
            other, positions = following
            if len(self.branches) >= limit or len(above) > depth:
                self.truncated += 1
                continue
            mark = "cycle" if other in above else "repeated" if other in self._seen else ""
            self._add(above[-1], other, positions, depth=len(above), mark=mark)
            if not mark and self._counts(positions):
                self._seen.add(other)
                above.append(other)
                levels.append(iter(self._neighbours(other)))

    def _neighbours(self, number: int) -> list[tuple[int, list[int]]]:
        """Owners or assets with the positions of their claims; larger shares first."""
        index = self.index
        if self.up:
            at, _ = index.into(np.array([number]))
            others = index.source[at].astype(np.int64)
        else:
            at = index.out_of(np.array([number]))
            others = index.target(at)
        keep = np.isin(index.kind[at], _TIES)
        found: dict[int, list[int]] = {}
        for other, position in zip(others[keep].tolist(), at[keep].tolist(), strict=True):
            found.setdefault(other, []).append(position)
        return sorted(found.items(), key=lambda item: (-self._size(item[1]), item[0]))

    def _counts(self, positions: list[int]) -> bool:
        at = np.array(positions)
        return bool((self.when.valid(self.index, at) & (self.index.flags[at] & DENIES == 0)).any())

    def _size(self, positions: list[int]) -> int:
        at = np.array(positions)
        valid = self.when.valid(self.index, at) & (self.index.flags[at] & (DENIES | UNSTATED) == 0)
        return int(self.index.low[at[valid]].max(initial=-1))

    def _add(self, number: int, other: int, positions: list[int], *, depth: int, mark: str) -> None:
        claims = self.reporter.claims(positions)
        parties = self.reporter.parties((number, other))
        ordered = sorted(
            (claims[position] for position in positions),
            key=lambda claim: (
                claim.standing != "counted",
                claim.age_days is None,
                claim.age_days,
                claim.relation,
            ),
        )
        share = self._share(number, other)
        branch = Branch(parties[other], parties[number], depth, share, tuple(ordered), mark)
        self.branches.append(branch)

    def _share(self, number: int, other: int) -> Stake | None:
        asset, owner = (number, other) if self.up else (other, number)
        held = holdings(self.index, np.array([asset]), self.when, BASES)
        mine = held.owner == owner
        if not mine.any():
            return None
        return Stake(int(held.low[mine].max()), int(held.high[mine].max()))
