"""In which ways can each asset be reached by those who were reached before it.

A way is a list of items that add up (or of which one is enough), each with the claims that it
stands on. Proofs and completions choose among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Holdings, Ints, largest
from spillover.queries.judging import NEVER, Fixpoint, Test
from spillover.queries.ledger import Ledger


class Item(NamedTuple):
    """One holding, or one tie, of somebody who was reached."""

    owner: int
    low: int
    high: int
    claims: tuple[int, ...]
    """Positions in the index."""
    reached: tuple[int, ...]
    """Who must have been reached for it to count."""
    there: int = 0
    """What is there at least, although nobody knows whose part it is (shares held jointly)."""


@dataclass(frozen=True, slots=True)
class Way:
    """Items of which enough together reach the asset."""

    ground: str
    """``ownership``, ``presumed control`` or ``control``."""
    items: list[Item]
    needed: int
    room: int = WHOLE
    """The most that all items together can come to beside the other owners."""
    undisclosed: bool = False
    """Whether undisclosed owners can fill the room."""


def ways(  # noqa: PLR0913 - the assets, and by keyword what is asked of them
    ledger: Ledger, assets: Ints, fix: Fixpoint, test: Test, *, most: bool, final: Ints
) -> dict[int, list[Way]]:
    """The ways to each of these (sorted) assets.

    Args:
        ledger: what counts.
        assets: entities that were reached.
        fix: the fixpoint that reached them.
        test: the reading.
        most: on greatest shares.
        final: those of which it is enough that they are reached, whether or not they pass on.
    """
    end = 2**31 - 1 if most else fix.last + 1
    own = fix.rounds[assets]
    limit = np.where((own > 0) & (own < end), own, end)
    needed = np.where(np.isin(assets, final), test.enough, test.passes_on)
    gathered = _Gathered(ledger, assets, fix, test, most, limit, needed)
    found: dict[int, list[Way]] = {asset: [] for asset in assets.tolist()}
    for bases in test.bases:
        for asset, way in gathered.by_shares(bases):
            found[asset].append(way)
    for asset, way in gathered.by_control():
        found[asset].append(way)
    return found


@dataclass(frozen=True, slots=True)
class _Gathered:
    ledger: Ledger
    assets: Ints
    fix: Fixpoint
    test: Test
    most: bool
    limit: Ints
    """Only those who were reached in earlier rounds count for each asset."""
    needed: Ints

    def _earlier(self, owner: Ints, row: Ints) -> Flags:
        rounds = self.fix.rounds[owner]
        return (rounds > 0) & (rounds < self.limit[row])

    def by_shares(self, bases: tuple[str, ...]) -> list[tuple[int, Way]]:
        held = self.ledger.held(self.assets, bases, parents=self.test.parents)
        row = np.searchsorted(self.assets, held.asset)
        mine = self._earlier(held.owner, row) & (held.owner != held.asset)
        parties = self._parties(row, held, mine) if self.test.arrangements else {}
        ours = mine.copy()
        ours[list(parties)] = True
        plain = held.plain
        items: dict[int, list[Item]] = {}
        for n in np.flatnonzero(plain & ours).tolist():
            items.setdefault(int(row[n]), []).append(self._item(held, n, parties.get(n)))
        self._add_joint(held, row, items, (ours, parties))
        taken, declared = self._others(held, row, ours)
        found: list[tuple[int, Way]] = []
        for n, of_asset in items.items():
            room = WHOLE if declared[n] > WHOLE else WHOLE - int(taken[n])
            asset, needed = int(self.assets[n]), int(self.needed[n])
            opened = self.most and self.ledger.open_world
            found.append((asset, Way("ownership", of_asset, needed, room=room, undisclosed=opened)))
        if self.most and self.ledger.open_world:
            found += self._undisclosed(items, taken, declared)
        found += self._repeated(held, row, mine, parties)
        if self.test.alone < NEVER:
            found += self._alone(held, row, mine & plain)
        return found

    def _item(self, held: Holdings, n: int, party: tuple[int, ...] | None) -> Item:
        claim = int((held.widest if self.most else held.binding)[n])
        owner = int(held.owner[n])
        reached, ties = ((owner,), ()) if party is None else ((party[0],), party[1:])
        return Item(owner, int(held.low[n]), int(held.high[n]), (claim, *ties), reached)

    def _parties(self, row: Ints, held: Holdings, mine: Flags) -> dict[int, tuple[int, ...]]:
        """Rows of holdings that count through an arrangement: with whom, and by which claims."""
        index = self.ledger.index
        at, about, denied = self.ledger.ties("ACTS_JOINTLY", self.assets)
        if not self.most:
            at, about = at[~denied], about[~denied]
        members: dict[tuple[int, int], dict[int, int]] = {}
        for position, asset in zip(at.tolist(), about.tolist(), strict=True):
            key = asset, int(index.key[position])
            members.setdefault(key, {})[int(index.source[position])] = position
        found: dict[int, tuple[int, ...]] = {}
        rows = {asset: n for n, asset in enumerate(self.assets.tolist())}
        rounds = self.fix.rounds
        for (asset, _), ties in members.items():
            limit = int(self.limit[rows[asset]])
            ours = [o for o in ties if 0 < rounds[o] < limit and o != asset]
            if not ours:
                continue
            first = min(ours, key=lambda o: (int(rounds[o]), o))
            for n in np.flatnonzero((row == rows[asset]) & ~mine).tolist():
                owner = int(held.owner[n])
                if owner in ties and owner != asset:
                    found[n] = (first, ties[owner], ties[first])
        return found

    def _add_joint(
        self,
        held: Holdings,
        row: Ints,
        items: dict[int, list[Item]],
        counted: tuple[Flags, dict[int, tuple[int, ...]]],
    ) -> None:
        ours, parties = counted
        for (asset, _), rows in held.joint_groups(row).items():
            mine = [n for n in rows if ours[n]]
            if not mine:
                continue
            every = len(mine) == len(rows)
            if self.test.joint_holdings or self.most:
                share = held.high if self.most else held.low
                best = max(mine, key=lambda n: (int(share[n]), -n))
                item = self._item(held, best, parties.get(best))
                if not self.test.joint_holdings:
                    low = int(held.low[mine].min()) if every else 0
                    item = item._replace(low=low, there=int(held.low[rows].max()))
                items.setdefault(asset, []).append(item)
            elif every:
                each = [self._item(held, n, parties.get(n)) for n in mine]
                items.setdefault(asset, []).append(
                    Item(
                        each[0].owner,
                        min(item.low for item in each),
                        min(item.high for item in each),
                        tuple(claim for item in each for claim in item.claims),
                        tuple(owner for item in each for owner in item.reached),
                    )
                )

    def _others(self, held: Holdings, row: Ints, ours: Flags) -> tuple[Ints, Ints]:
        """What owners who do not count hold of each asset at least, and what all declared do."""
        taken, declared = (np.zeros(len(self.assets), np.int64) for _ in range(2))
        plain = held.plain
        np.add.at(declared, row[plain], held.low[plain])
        np.add.at(taken, row[plain & ~ours], held.low[plain & ~ours])
        for (asset, _), rows in held.joint_groups(row).items():
            declared[asset] += held.low[rows].max()
            if not ours[rows].any():
                taken[asset] += held.low[rows].max()
        return taken, declared

    def _undisclosed(
        self, items: dict[int, list[Item]], taken: Ints, declared: Ints
    ) -> list[tuple[int, Way]]:
        """Ways by what nobody declares: all owners together where none is known, or one alone."""
        left = np.where(declared > WHOLE, WHOLE, WHOLE - declared).tolist()
        room = np.where(declared > WHOLE, WHOLE, WHOLE - taken).tolist()
        needed, alone = self.needed.tolist(), self.test.alone
        found = []
        for n, asset in enumerate(self.assets.tolist()):
            if n not in items:
                way = Way("ownership", [], needed[n], room=room[n], undisclosed=True)
                found.append((asset, way))
            if alone < NEVER:
                way = Way("presumed control", [], alone, room=left[n], undisclosed=True)
                found.append((asset, way))
        return found

    def _repeated(
        self, held: Holdings, row: Ints, mine: Flags, parties: dict[int, tuple[int, ...]]
    ) -> list[tuple[int, Way]]:
        ours = mine.copy()
        ours[list(parties)] = True
        counts = largest(held, ours & held.indirect, most=self.most)
        items: dict[int, list[Item]] = {}
        for n in np.flatnonzero(counts).tolist():
            items.setdefault(int(row[n]), []).append(self._item(held, n, parties.get(n)))
        return [
            (int(self.assets[n]), Way("ownership", found, int(self.needed[n])))
            for n, found in items.items()
        ]

    def _alone(self, held: Holdings, row: Ints, which: Flags) -> list[tuple[int, Way]]:
        _, floor = self._others(held, row, which)
        of_owner: dict[tuple[int, int], list[Item]] = {}
        for n in np.flatnonzero(which).tolist():
            key = int(row[n]), int(held.owner[n])
            of_owner.setdefault(key, []).append(self._item(held, n, None))
        found = []
        for (n, _), items in of_owner.items():
            total = int(floor[n])
            room = WHOLE if total > WHOLE else WHOLE - total + sum(item.low for item in items)
            opened = self.most and self.ledger.open_world
            way = Way("presumed control", items, self.test.alone, room=room, undisclosed=opened)
            found.append((int(self.assets[n]), way))
        return found

    def by_control(self) -> list[tuple[int, Way]]:
        if not len(self.test.means):
            return []
        index = self.ledger.index
        at, about, denied = self.ledger.ties("CONTROLS", self.assets)
        row = np.searchsorted(self.assets, about)
        source = index.source[at].astype(np.int64)
        counts = np.isin(index.basis[at], self.test.means) & self._earlier(source, row)
        counts &= source != about
        if not self.most:
            counts &= ~denied
        return [
            (
                int(about[n]),
                Way(
                    "control",
                    [Item(int(source[n]), WHOLE, WHOLE, (int(at[n]),), (int(source[n]),))],
                    0,
                ),
            )
            for n in np.flatnonzero(counts).tolist()
        ]
