"""How is the answer about a coalition put together from the counts of a chain's markets?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Claim, Reporter
from spillover.queries.coalitions.coalition_answer import (
    Change,
    Cover,
    Defection,
    Land,
    Piece,
    Way,
)
from spillover.queries.coalitions.count import Count
from spillover.queries.coalitions.denial import ROLES, Denial, Role, denial, roles
from spillover.queries.coalitions.game import Game, Said
from spillover.queries.coalitions.regimes import covering
from spillover.queries.conditions import Conditions
from spillover.queries.markets.chain import Chain, carried
from spillover.queries.markets.lost import Part, stated
from spillover.queries.markets.market import Market

_WAYS: Final = 20
"""Smallest coalitions for something essential that are listed."""
_ORDER: Final[tuple[Said, Said, Said]] = ("yes", "perhaps", "no")


@dataclass(slots=True)
class Assembly:
    """One question about a coalition, while it is being answered."""

    graph: Graph
    when: Conditions
    chain: Chain
    product: int
    markets: Mapping[int, Sequence[Market]]
    counts: Mapping[int, Count]
    members: AbstractSet[str]
    quota: int
    lands: Mapping[str, Land]
    reporter: Reporter
    games: dict[int, Game] = field(init=False)
    parts: dict[int, Part] = field(init=False)
    """What the members have of each product."""
    known: dict[int, Part] = field(init=False)
    """The same with what it is made with, as far as makers are known."""
    risk: dict[int, Part] = field(init=False)
    """The same where nobody knows who makes what has no makers."""

    def __post_init__(self) -> None:
        """Work out once what every part of the answer needs."""
        self.games = {n: Game.of(count, self.quota) for n, count in self.counts.items()}
        self.parts = {n: count.cover(self.members) for n, count in self.counts.items()}
        self.known, self.risk = self._carried(self.parts, self.members)

    def _carried(
        self, parts: Mapping[int, Part], members: AbstractSet[str]
    ) -> tuple[dict[int, Part], dict[int, Part]]:
        """What is denied of each product, as far as makers are known, and whoever they are."""
        known = carried(self.chain, dict(parts))
        unmade = [n for n in self.chain.products if n not in self.counts] if members else []
        if not unmade:
            return known, known
        return known, carried(self.chain, {**dict.fromkeys(unmade, Part(0, WHOLE)), **parts})

    def denied(self) -> Denial:
        """How far the product is denied, as far as makers are known."""
        return denial(self.chain, self.parts, self.known, self.product)

    def covers(self, target: str) -> tuple[Cover, ...]:
        """What the members have of each product of which anybody says who makes it."""
        kinds = roles(self.chain, self.product)
        controls = covering(self.graph, self.when, self.counts)
        # All at once: the reporter keeps what it has fetched.
        self.reporter.claims(p for c in self.counts.values() for p in _positions(c))
        found = [
            self._cover(product, kinds[product], target, tuple(controls.get(product, ())))
            for product in self.counts
        ]
        found.sort(key=_covered)
        return tuple(found)

    def _cover(self, product: int, role: Role, target: str, controls: tuple[Claim, ...]) -> Cover:
        count, game = self.counts[product], self.games[product]
        claims = self.reporter.claims(_positions(count))
        nowhere = [number for number, place in count.places.items() if not place.lands]
        return Cover(
            self.reporter.party(product),
            role,
            count.market.side,
            count.market.reach,
            len(self.markets[product]) - 1,
            stated(count.market),
            self.parts[product],
            self.risk[product],
            game.covers(self.members),
            tuple(self._pieces(count)),
            tuple(self.reporter.party(number) for number in sorted(nowhere)),
            count.cover({target}) if target else None,
            game.smallest(certain=True),
            game.smallest(certain=False),
            game.pivots(),
            tuple(self._pivotal(game)),
            controls,
            tuple(claims[position] for position in sorted(claims)),
        )

    def _pieces(self, count: Count) -> list[Piece]:
        known = {
            land
            for share in count.market.shares
            if share.stated
            for land in count.places[share.producer].lands
        }
        found = [Piece(self.lands[c], count.cover({c}), c in known) for c in count.players]
        found.sort(key=lambda p: (not p.stated, -p.part.low, -p.part.high, p.land.code))
        return found

    def _pivotal(self, game: Game) -> list[tuple[Land, Said]]:
        inside = [code for code in game.players if code in self.members]
        found = [(self.lands[code], game.pivotal(self.members, {code})) for code in inside]
        decided = [(land, word) for land, word in found if word != "no"]
        return sorted(decided, key=lambda item: (_ORDER.index(item[1]), item[0].code))

    def ways(self, covers: Iterable[Cover]) -> tuple[tuple[Way, ...], int]:
        """The smallest coalitions for anything essential, and how many more there are."""
        needed = [c for c in covers if c.role != "possible" and c.certain.size is not None]
        least = min((cover.certain.size or 0 for cover in needed), default=0)
        best = [cover for cover in needed if cover.certain.size == least]
        ways: dict[tuple[str, ...], list[Cover]] = {}
        for cover in best:
            for members in cover.certain.coalitions:
                ways.setdefault(members, []).append(cover)
        ordered = sorted(ways.items(), key=lambda item: (-len(item[1]), item[0]))
        found = tuple(
            Way(tuple(self.lands[c] for c in members), tuple(c.product for c in which))
            for members, which in ordered[:_WAYS]
        )
        unlisted = sum(c.certain.number - len(c.certain.coalitions) for c in best)
        return found, len(ordered) - len(found) + unlisted

    def defection(self, leaving: AbstractSet[str]) -> Defection:
        """What it costs when these members leave."""
        staying = self.members - leaving
        touched = [n for n, count in self.counts.items() if count.touches(leaving)]
        after = {n: self.counts[n].cover(staying) for n in touched}
        fallen = {n: part for n, part in after.items() if part != self.parts[n]}
        known, risk = self._carried({**self.parts, **fallen}, staying)
        changes = [
            Change(
                self.reporter.party(n),
                self.parts[n],
                part,
                self.games[n].pivotal(self.members, leaving),
            )
            for n, part in fallen.items()
        ]
        changes.sort(key=_fall)
        lands = tuple(self.lands[code] for code in sorted(leaving))
        return Defection(lands, risk[self.product], known[self.product], tuple(changes))

    def defections(self) -> tuple[Defection, ...]:
        """What it costs when one member leaves, where that changes anything; the dearest first."""
        found = [self.defection({code}) for code in sorted(self.members)]
        found = [item for item in found if item.changes]
        found.sort(key=_cost)
        return tuple(found)


def _positions(count: Count) -> list[int]:
    """The claims of all shares of a count."""
    return [position for share in count.market.shares for position in share.positions]


def _covered(cover: Cover) -> tuple[int, int, int, str, str]:
    part, product = cover.covered, cover.product
    return ROLES.index(cover.role), -part.low, -part.high, product.name, product.id


def _fall(change: Change) -> tuple[int, int, int, str]:
    low = change.after.low - change.before.low
    high = change.after.high - change.before.high
    return _ORDER.index(change.drops), low, high, change.product.id


def _cost(item: Defection) -> tuple[int, int, int, int, str]:
    """The least denial first, then the most products that fall below the quota, then the falls."""
    drops = sum(change.drops == "yes" for change in item.changes)
    falls = sum(change.before.low - change.after.low for change in item.changes)
    code = item.leaving[0].code if item.leaving else ""
    return item.denied.low, item.known.high, -drops, -falls, code
