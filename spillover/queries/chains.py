"""Whom does a target reach by chains of shares, multiplied along each and added up.

Only rules whose ``method`` says so count in this way (:mod:`spillover.queries.rulebook`); the sums
are exact fractions, so no rounding decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Final

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.cascade import below
from spillover.queries.holdings import Flags, Ints
from spillover.queries.ledger import Ledger
from spillover.queries.methods.network import Network, reachable
from spillover.queries.methods.shares import room
from spillover.queries.rulebook import Method, Reading

if TYPE_CHECKING:
    from spillover.queries.methods.exact_products import ChainSums


_NOBODYS: Final = -1
"""Position of a holding that no claim states: that of undisclosed owners, entity number 0."""


class Chains:
    """The chain sums of targets under one reading."""

    def __init__(self, ledger: Ledger, reading: Reading, method: Method, asked: Ints) -> None:
        self.ledger, self.reading, self.method, self.asked = ledger, reading, method, asked
        self.used = method in ("products", "simple_paths") and reading.threshold is not None
        self._kept: dict[tuple[int, tuple[str, ...]], tuple[Network, ChainSums]] = {}
        self._together: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
        """Of a holding that several claims state, by the position of the first: positions of those
        that surely give a share, and of all."""

    def reached(self, group: Ints, *, most: bool) -> tuple[Ints, Ints, Flags]:
        """Entities with a chain from a target of the group, their shares, and who is reached."""
        best: dict[int, Fraction] = {}
        for target in group.tolist():
            for bases in self.reading.bases:
                _, sums = self.sums(target, bases)
                for entity, value in zip(sums.entity, sums.high if most else sums.low, strict=True):
                    if entity not in (target, 0):
                        best[entity] = max(value, best.get(entity, value))
        entities = np.array(sorted(best), np.int64)
        values = [best[entity] for entity in entities.tolist()]
        share = [
            -(-value.numerator * WHOLE // value.denominator)
            if most
            else value.numerator * WHOLE // value.denominator
            for value in values
        ]
        reached = np.array([self.enough(value) for value in values], bool)
        return entities, np.minimum(np.array(share, np.int64), WHOLE), reached

    def enough(self, value: Fraction) -> bool:
        """Whether a sum reaches."""
        threshold = self.reading.threshold
        assert threshold is not None
        limit = Fraction(threshold.units, WHOLE)
        return value > limit if threshold.operator == ">" else value >= limit

    def proof(
        self, target: int, entity: int, *, most: bool
    ) -> tuple[tuple[int, ...], tuple[tuple[int, int, int, int], ...]] | None:
        """Claims of chains that reach; on greatest shares with (owner, asset, least, value)."""
        threshold = self.reading.threshold
        if not self.used or threshold is None:
            return None
        passing = {"enough": Fraction(threshold.units, WHOLE), "strict": threshold.operator == ">"}
        for bases in self.reading.bases:
            made, sums = self.sums(target, bases)
            known = dict(zip(sums.entity, sums.high if most else sums.low, strict=True))
            if entity not in known or not self.enough(known[entity]):
                continue
            ends = made.rows(np.array([target, entity])).tolist()
            completed, values = self._completed(made, *ends) if most else (made, ())
            claims = self._engine.chain_claims(completed, *ends, **passing)
            if claims is None:  # no completion is known that attains the bound
                values, widest = (), replace(made, low=room(made))
                claims = self._engine.chain_claims(widest, *ends, **passing)
            return self._stated(claims or (), most=most), values
        return None

    def _stated(self, claims: Iterable[int], *, most: bool) -> tuple[int, ...]:
        """Positions of all claims that state these holdings, those of nobody left out."""
        return tuple(
            at
            for claim in claims
            for at in self._together.get(claim, ((claim,), (claim,)))[most]
            if at != _NOBODYS
        )

    def _completed(
        self, made: Network, source: int, asset: int
    ) -> tuple[Network, tuple[tuple[int, int, int, int], ...]]:
        """The network with the shares of the completion that reaches most, and what differs."""
        chosen = {
            (o, a): share for o, a, share in self._engine.chain_completion(made, source, asset)
        }
        owners, assets = made.entity[made.owner].tolist(), made.entity[made.asset].tolist()
        least = made.low.tolist()
        shares = [chosen.get(pair[:2], pair[2]) for pair in zip(owners, assets, least, strict=True)]
        values = tuple(
            (owner, held, low, share)  # undisclosed owners have number 0
            for owner, held, low, share in zip(owners, assets, least, shares, strict=True)
            if share > low
        )
        completed = np.array(shares, np.int64)
        return replace(made, low=completed, high=completed), values

    def sums(self, target: int, bases: tuple[str, ...]) -> tuple[Network, ChainSums]:
        """The network below a target, and what its chains come to."""
        key = target, bases
        if key not in self._kept:
            made = self._network(target, bases)
            row = int(made.rows(np.array([target]))[0])
            self._kept[key] = made, self._engine.chain_sums(made, row)
        return self._kept[key]

    @property
    def _engine(self) -> ModuleType:
        """The method's own way to add chains up."""
        from spillover.queries.methods import exact_products, simple_sums

        return simple_sums if self.method == "simple_paths" else exact_products

    def _network(self, target: int, bases: tuple[str, ...]) -> Network:
        """Direct holdings in everything below a target, those of other owners among them."""
        ledger = self.ledger
        assets = below(ledger, np.array([target]))
        if ledger.open_world:
            assets = reachable(ledger.index, np.union1d(assets, self.asked), ledger.when, "up")
        held = ledger.held(assets, bases, parents="stated" not in self.reading.control)
        direct = ~held.indirect
        # Of shares held jointly nobody knows whose part is how large.
        low = np.where(held.joint > 0, 0, held.low)
        columns = [
            column[direct] for column in (held.owner, held.asset, low, held.high, held.binding)
        ]
        if ledger.open_world:
            columns = _with_undisclosed(columns, np.setdiff1d(assets, [target]), target)
        return self._merged(columns, assets)

    def _merged(self, columns: list[Ints], assets: Ints) -> Network:
        """The network of these holdings; several of one owner in one asset are one holding."""
        owner, asset, low, high, claim = columns
        order = np.lexsort((owner, asset))
        owner, asset, low, high, claim = (c[order] for c in (owner, asset, low, high, claim))
        new = np.append(True, (owner[1:] != owner[:-1]) | (asset[1:] != asset[:-1]))
        first = np.flatnonzero(new[: len(owner)])
        for start, size in zip(first.tolist(), np.diff(first, append=len(owner)), strict=True):
            if size > 1:
                every = slice(start, start + size)
                sure = claim[every][low[every] > 0].tolist()
                self._together[int(claim[start])] = (tuple(sure), tuple(claim[every].tolist()))
        entity = np.unique(np.concatenate((assets, owner)))
        return Network(
            entity,
            np.searchsorted(entity, owner[first]),
            np.searchsorted(entity, asset[first]),
            np.minimum(np.add.reduceat(low, first), WHOLE) if len(first) else low,
            np.minimum(np.add.reduceat(high, first), WHOLE) if len(first) else high,
            claim[first],
        )


def _with_undisclosed(columns: list[Ints], assets: Ints, target: int) -> list[Ints]:
    """Holdings, and those of undisclosed owners, as if the target held all of these owners."""
    _, asset, low, _, _ = columns
    declared = np.zeros(len(assets), np.int64)
    inside = np.isin(asset, assets)
    np.add.at(declared, np.searchsorted(assets, asset[inside]), low[inside])
    left = np.where(declared > WHOLE, WHOLE, WHOLE - declared)
    nothing, nobody = np.zeros(len(assets), np.int64), np.full(len(assets), _NOBODYS)
    more = (nothing, assets, nothing, left, nobody)
    whole = np.array([WHOLE])
    link = (np.array([target]), np.array([0]), whole, whole, np.array([_NOBODYS]))
    return [np.concatenate(parts) for parts in zip(columns, more, link, strict=True)]
