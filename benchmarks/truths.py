"""Made-up worlds of which everything is known, and what a source would let one know of them.

Shares are generated first, and then hidden: some are stated exactly, some as bands, some not at
all; some belong to firms whom nobody names. What happens is reckoned from the whole truth, in plain
loops that share no code with the sampler.

Four sources of truth:

- ``prior``: what is known comes first, then the truth is drawn as the sampler assumes it.
- ``rank-size``: shares fall off with the rank by a power between 0.5 and 2; the named are the
  largest of 5 to 30; the smaller a share is, the more often it is hidden.
- ``lognormal``: the same with sizes from a lognormal distribution (growth in proportion to size).
- ``stubborn``: lognormal, where nobody stands in for anybody, and who can fall does so 9 times in
  10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.contagion.network import ESSENTIAL, LINEAR, Parts, group_of, network
from spillover.queries.contagion.supplied import Supplied
from spillover.queries.markets.chain import Arc, Chain
from spillover.queries.markets.market import Market, Share
from spillover.queries.markets.struck import Struck

Source = Literal["prior", "rank-size", "lognormal", "stubborn"]
SOURCES: Final[tuple[Source, ...]] = ("prior", "rank-size", "lognormal", "stubborn")
_BANDS: Final = (0, 1, 5, 10, 25, 50, 75, 100)
"""In percent: bands like those in which registers print shares."""
_NOBODY: Final = 1e-6
"""Weight of what has none, for a Dirichlet distribution."""


class Seen(NamedTuple):
    """A share as it is, and as one knows it: exactly, in a band, or not at all."""

    share: float
    low: int
    high: int
    stated: bool


@dataclass(frozen=True)
class Chains:
    """Products and their markets: what one knows, and what is true."""

    chain: Chain
    markets: dict[int, list[Market]]
    fallen: Struck
    lost: dict[int, float]
    risk: dict[int, float]


@dataclass(frozen=True)
class Supplies:
    """A production network: what one knows, and what is true."""

    net: Supplied
    fallen: Struck
    index: float
    loss: dict[int, float]


def shares(rng: np.random.Generator, source: Source, most: int = 8) -> list[Seen]:
    """Shares of one whole, of 2 to ``most`` who are named."""
    if source == "prior":
        return _as_assumed(rng, int(rng.integers(2, most)))
    return hidden(rng, source, int(rng.integers(2, most + 1)))


def hidden(rng: np.random.Generator, source: Source, named: int) -> list[Seen]:
    """The largest shares of a whole of up to 30, some of them hidden."""
    every = int(rng.integers(max(5, named), 31))
    if source == "rank-size":
        sizes = np.arange(1, every + 1) ** -rng.uniform(0.5, 2)
    else:
        sizes = np.sort(np.exp(rng.normal(0, rng.uniform(0.5, 2), every)))[::-1]
    found = []
    for place, share in enumerate((sizes / sizes.sum())[:named].tolist()):
        chance = (place + 1) / (named + 1)
        how = rng.choice(["exact", "band", "unstated"], p=[(1 - chance) / 2, 0.5, chance / 2])
        found.append(_seen(share, str(how)))
    return found


def _seen(share: float, how: str) -> Seen:
    """What a source prints of a share."""
    if how == "exact":
        units = round(share * WHOLE)
        return Seen(units / WHOLE, units, units, stated=True)
    if how == "unstated":
        return Seen(share, 0, WHOLE, stated=False)
    low = max(edge for edge in _BANDS if edge <= 100 * share)
    high = min(edge for edge in _BANDS if edge >= 100 * share)
    return Seen(share, low * WHOLE // 100, high * WHOLE // 100, stated=True)


def _as_assumed(rng: np.random.Generator, named: int, others: float = 2) -> list[Seen]:
    """Knowledge first; then the truth: bands by rejection, the rest by a Dirichlet distribution."""
    how = rng.choice(["exact", "band", "unstated"], size=named, p=[0.3, 0.35, 0.35])
    start = rng.integers(0, WHOLE // named, named)
    width = np.where(how == "band", rng.integers(0, WHOLE // 2, named), 0)
    low = np.where(how == "unstated", 0, start) / WHOLE
    high = np.where(how == "unstated", 0, start + width) / WHOLE
    drawn = rng.uniform(low, high)
    while drawn.sum() > 1:
        drawn = rng.uniform(low, high)
    unstated = np.flatnonzero(how == "unstated")
    drawn[unstated] = (1 - drawn.sum()) * _dealt(rng, len(unstated), others)
    return [
        Seen(share, 0, WHOLE, stated=False)
        if one == "unstated"
        else Seen(share, begin, begin + more, stated=True)
        for share, one, begin, more in zip(
            drawn.tolist(), how.tolist(), start.tolist(), width.tolist(), strict=True
        )
    ]


def _dealt(rng: np.random.Generator, count: int, others: float = 2) -> np.ndarray:
    """What so many get of a whole, beside those whom nobody names, as the sampler assumes it."""
    unevenness = np.exp(rng.uniform(np.log(0.3), np.log(3)))
    rest = max(unevenness * rng.uniform(0, others), _NOBODY)
    found: np.ndarray = rng.dirichlet([*[unevenness] * count, rest])[:-1]
    return found


class Fall(NamedTuple):
    """Who falls."""

    certain: set[int]
    possible: set[int]
    truly: set[int]


def _fall(rng: np.random.Generator, source: Source, firms: list[int], falls: float) -> Fall:
    chance = {"prior": rng.random(), "stubborn": 0.9}.get(source, 0.5)
    found = Fall(set(), set(), set())
    for firm in firms:
        kind = rng.choice(["stays", "falls", "can fall"], p=[1 - falls, 0.6 * falls, 0.4 * falls])
        if kind == "stays":
            continue
        found.possible.add(firm)
        if kind == "falls":
            found.certain.add(firm)
        if kind == "falls" or rng.random() < chance:
            found.truly.add(firm)
    return found


def _struck(fall: Fall) -> Struck:
    return Struck((), None, frozenset(), frozenset(fall.certain), frozenset(fall.possible))


def chains(seed: int, source: Source) -> Chains:
    """Four to seven products; the later ones need earlier ones, or have them as kinds."""
    rng = np.random.default_rng([seed, 7])
    products = tuple(range(1, int(rng.integers(5, 9))))
    made = {product: shares(rng, source) for product in products}
    firms = {p: [100 * p + place for place in range(len(seen))] for p, seen in made.items()}
    fall = _fall(rng, source, [firm for some in firms.values() for firm in some], 0.4)
    lost = {
        product: sum(
            one.share for firm, one in zip(firms[product], seen, strict=True) if firm in fall.truly
        )
        for product, seen in made.items()
    }
    arcs, risk = _carried(rng, source, lost)
    markets = {
        product: [
            Market(
                product,
                "firm",
                "",
                tuple(
                    Share(firm, one.low, one.high, one.stated, 0, repeats=False, positions=())
                    for firm, one in zip(firms[product], seen, strict=True)
                ),
            )
        ]
        for product, seen in made.items()
    }
    return Chains(Chain(products, tuple(sorted(arcs)), 0), markets, _struck(fall), lost, risk)


def _carried(
    rng: np.random.Generator, source: Source, lost: dict[int, float]
) -> tuple[list[Arc], dict[int, float]]:
    """How products hang together, and what is at risk of each, from the earlier to the later."""
    arcs: list[Arc] = []
    risk: dict[int, float] = {}
    for product, own in lost.items():
        risk[product] = own
        before = [other for other in lost if other < product]
        if not before:
            continue
        near = rng.choice(before, size=min(len(before), 2), replace=False).tolist()
        if rng.random() < 1 / 2:
            arcs += [Arc(other, product, "INPUT_TO", WHOLE, WHOLE, ()) for other in near]
            risk[product] = max([own, *(risk[other] for other in near)])
        else:
            arcs += [Arc(other, product, "KIND_OF", 0, WHOLE, ()) for other in near]
            parts, replaced = _kinds(rng, source, len(near))
            hit = sum(part * risk[other] for part, other in zip(parts, near, strict=True))
            risk[product] = max(own, hit * (1 - replaced))
    return arcs, risk


def _kinds(rng: np.random.Generator, source: Source, count: int) -> tuple[list[float], float]:
    """What part of the wider product the kinds are, and how far others make up for them."""
    if source == "prior":
        return _dealt(rng, count).tolist(), rng.random()
    sizes = np.exp(rng.normal(0, 1, count + int(rng.integers(0, 4))))
    replaced = 0.0 if source == "stubborn" else float(rng.beta(2, 2))
    return (sizes / sizes.sum())[:count].tolist(), replaced


def supplies(seed: int, source: Source) -> Supplies:
    """Eight to twenty firms of four industries, with three suppliers each, more or less."""
    rng = np.random.default_rng([seed, 11])
    count = int(rng.integers(8, 21))
    industry = rng.integers(0, 4, count)
    pairs = sorted({(int(a), int(b)) for a, b in rng.integers(0, count, (3 * count, 2)) if a != b})
    ends = ([a for a, _ in pairs], [b for _, b in pairs], np.zeros(len(pairs)))
    net = network(ends, industry, rng.choice([0, 1, 2], (4, 4), p=[0.1, 0.4, 0.5]))
    wholes = {
        "essential": np.where(net.kind == ESSENTIAL, group_of(net), -1),
        "linear": np.where(net.kind == LINEAR, net.customer, -1),
        "sales": net.supplier,
    }
    seen = {name: _parts(rng, source, of) for name, of in wholes.items()}
    size = np.ones(count)
    true, low, high, stated = (
        Parts(seen["essential"][end], seen["linear"][end], seen["sales"][end], size)
        for end in ("share", "low", "high", "stated")
    )
    known = Supplied(
        net,
        low,
        high,
        tuple("abcd"),
        ((),) * len(pairs),
        (stated.essential + stated.linear > 0, stated.sales > 0),
        0,
        sized=False,
    )
    fall = _fall(rng, source, list(range(count)), 0.25)
    loss = _cascade(known, true, fall.truly, _passed(rng, source, industry))
    return Supplies(known, _struck(fall), float(loss.mean()), dict(enumerate(loss.tolist())))


def _parts(rng: np.random.Generator, source: Source, of: np.ndarray) -> dict[str, np.ndarray]:
    """Of each edge the part of its whole: as it is, at least, at most, and whether it is stated."""
    found = {name: np.zeros(len(of)) for name in ("share", "low", "high", "stated")}
    for number in np.unique(of[of >= 0]).tolist():
        edges = np.flatnonzero(of == number)
        some = len(edges)
        made = _as_assumed(rng, some, 10) if source == "prior" else hidden(rng, source, some)
        mixed = [made[place] for place in rng.permutation(some).tolist()]
        least = sum(one.low for one in mixed)
        for edge, one in zip(edges.tolist(), mixed, strict=True):
            found["share"][edge] = one.share
            found["low"][edge] = one.low / WHOLE
            found["high"][edge] = min(one.high, WHOLE - least + one.low) / WHOLE
            found["stated"][edge] = one.stated
    return found


def _passed(rng: np.random.Generator, source: Source, industry: np.ndarray) -> np.ndarray:
    """What part of its loss each firm passes on, where others stand in for the rest."""
    if source == "prior":
        return np.asarray(1 - rng.random(4)[industry])
    if source == "stubborn":
        return np.ones(len(industry))
    size = np.exp(rng.normal(0, 1, len(industry)))
    outside = np.exp(rng.normal(0, 1, 4))
    left = np.bincount(industry, size, 4) + outside
    return np.asarray(np.minimum(size / (left[industry] - size), 1.0))


def _cascade(net: Supplied, true: Parts, closed: set[int], passed: np.ndarray) -> np.ndarray:
    """Losses of all firms, firm by firm and edge by edge."""
    count = len(net.network)
    group = group_of(net.network)
    edges = list(zip(net.network.supplier.tolist(), net.network.customer.tolist(), strict=True))
    down, up = ([float(firm in closed) for firm in range(count)] for _ in range(2))
    for _ in range(3_000):
        before = [*down, *up]
        for firm in set(range(count)) - closed:
            goods: dict[int, float] = {}
            linear = sales = 0.0
            for edge, (supplier, customer) in enumerate(edges):
                if customer == firm:
                    arrives = passed[supplier] * down[supplier]
                    goods[group[edge]] = goods.get(group[edge], 0) + true.essential[edge] * arrives
                    linear += true.linear[edge] * arrives
                elif supplier == firm:
                    sales += true.sales[edge] * up[customer]
            down[firm] = min(max([*goods.values(), linear]), 1.0) if goods else 0.0
            up[firm] = min(sales, 1.0)
        if max(abs(a - b) for a, b in zip(before, [*down, *up], strict=True)) < 1e-12:
            break
    return np.maximum(down, up)
