"""How much of each asset does an owner have, by one of the methods of ownership.

Methods differ on purpose, and are never mixed: :data:`METHODS` says of each what it counts, by
which formula, and after whom. A new one costs one line there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.index import Index
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Ints
from spillover.queries.methods.integrated import corrected, integrated
from spillover.queries.methods.majorities import below
from spillover.queries.methods.majority_chain import majority_chain
from spillover.queries.methods.majority_control import majority_control
from spillover.queries.methods.network import Network, network, reachable
from spillover.queries.methods.network_control import network_control
from spillover.queries.methods.power_flow import power_flow
from spillover.queries.methods.products import products
from spillover.queries.methods.shares import Shares
from spillover.queries.methods.simple_paths import simple_paths
from spillover.queries.methods.weakest_link import weakest_link

Percent = Fraction | float


class Interval(NamedTuple):
    """A share in percent: exact fractions where the method is exact, else floats."""

    low: Percent
    """At least; never more than 100."""
    high: Percent | None
    """At most; None where nothing bounds it: the formula gives more than the whole, or infinity."""


@dataclass(frozen=True, slots=True)
class Row:
    """The owner's share of one asset."""

    asset: Party
    share: Interval


@dataclass(frozen=True, slots=True)
class Attribution:
    """The answer."""

    owner: Party
    method: str
    when: Conditions
    rows: tuple[Row, ...]
    """Larger least shares first, then larger greatest shares, then by id."""
    residual: float
    """Largest residual of the solution relative to its largest value; 0 for exact shares."""
    error: float
    """Greatest standard error in percent where shares are sampled, else 0."""
    unbounded: tuple[tuple[Party, ...], ...]
    """Closed cycles from which on shares are unbounded, each with its members."""
    truncated: int
    """Assets beyond the limit."""
    cut: int
    """Chains that a method of paths left out, at the most; its bounds allow for them."""
    beyond: Percent
    """What longer chains can give of any asset at the most, in percent; assets that only they
    reach are not in the rows."""
    sources: Sources


@dataclass(frozen=True, slots=True)
class Asked:
    """One owner's question, in numbers of the index."""

    index: Index
    owner: int
    when: Conditions
    of: Ints
    """Assets to answer for; empty for every one."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a method found: assets with least and greatest share, as parts of 1."""

    shares: Iterable[tuple[int, Percent, Percent | None]]
    residual: float = 0.0
    error: float = 0.0
    closed: tuple[tuple[int, ...], ...] = ()
    cut: int = 0
    beyond: Percent = 0.0


class Method(NamedTuple):
    """One method of ownership."""

    ask: Callable[[Asked], Found]
    title: str
    formula: str
    source: str


def attribution(  # noqa: PLR0913 - the question, and how much of the answer
    graph: Graph,
    owner: str,
    when: Conditions,
    *,
    method: str,
    of: Iterable[str] = (),
    limit: int = 500,
) -> Attribution:
    """The owner's share of each asset by this method, or of these assets only.

    Raises:
        NotFoundError, AmbiguousError: an entity.
        InputError: an unknown method, or a question too large for the method.
    """
    if method not in METHODS:
        raise InputError(f"method {method!r} is unknown; use one of {', '.join(METHODS)}")
    asked = Asked(
        graph.index, graph.store.find(owner), when, np.unique(np.array(graph.find(of), np.int64))
    )
    found = METHODS[method].ask(asked)
    wanted = set(asked.of.tolist())
    shares = [
        (number, _interval(low, high))
        for number, low, high in found.shares
        if number in wanted or not wanted
    ]
    reporter = Reporter(graph, when)
    parties = reporter.parties(
        [asked.owner, *(number for number, _ in shares), *(n for c in found.closed for n in c)]
    )
    shares.sort(key=lambda pair: (*_size(pair[1]), parties[pair[0]].id))
    return Attribution(
        parties[asked.owner],
        method,
        when,
        tuple(Row(parties[number], share) for number, share in shares[:limit]),
        found.residual,
        100 * found.error,
        tuple(tuple(parties[number] for number in cycle) for cycle in found.closed),
        max(0, len(shares) - limit),
        found.cut,
        100 * found.beyond,
        sources(graph),
    )


def _interval(low: Percent, high: Percent | None) -> Interval:
    top = None if high is None or high > 1 + _ROUNDING else _percent(high)
    return Interval(_percent(low), top)


def _percent(part: Percent) -> Percent:
    return 100 * min(part, type(part)(1))


def _size(share: Interval) -> tuple[Percent, Percent]:
    return -share.low, -(math.inf if share.high is None else share.high)


def _below(method: Callable[[Network, int], Shares]) -> Callable[[Asked], Found]:
    """A method that runs on what the owner reaches, with all owners of that."""

    def ask(asked: Asked) -> Found:
        start = np.array([asked.owner])
        net = below(asked.index, start, asked.when)
        return _found(net, method(net, int(net.rows(start)[0])))

    return ask


def _around(method: Callable[[Network, int, Ints], Shares]) -> Callable[[Asked], Found]:
    """A method that runs on the assets with everything above them."""

    def ask(asked: Asked) -> Found:
        start = np.array([asked.owner])
        reached = reachable(asked.index, start, asked.when, "down")
        assets = np.intersect1d(reached, asked.of) if len(asked.of) else reached
        assets = assets[assets != asked.owner]
        above = reachable(asked.index, assets, asked.when, "up")
        net = network(asked.index, asked.when, among=np.append(above, start))
        return _found(net, method(net, int(net.rows(start)[0]), net.rows(assets)))

    return ask


def _found(net: Network, shares: Shares) -> Found:
    columns = net.entity[shares.row].tolist(), shares.low.tolist(), shares.high.tolist()
    closed = tuple(tuple(net.entity[rows].tolist()) for rows in shares.closed)
    return Found(zip(*columns, strict=True), shares.residual, shares.error, closed)


def _majorities(method: Callable[[Network, int], Iterable[Any]]) -> Callable[[Asked], Found]:
    """A method of majorities: what it finds has an asset and bounds in whole units."""

    def units(net: Network, row: int) -> Iterator[tuple[int, Percent, Percent]]:
        for one in method(net, row):
            number = one.asset if hasattr(one, "asset") else one.controlled
            yield number, Fraction(one.low, WHOLE), Fraction(one.high, WHOLE)

    def ask(asked: Asked) -> Found:
        start = np.array([asked.owner])
        net = below(asked.index, start, asked.when)
        return Found(list(units(net, int(net.rows(start)[0]))))

    return ask


def _ends(asked: Asked) -> tuple[int, int | None]:
    """The owner, and the asset where one alone is asked for: that is quicker and tighter."""
    return asked.owner, int(asked.of[0]) if len(asked.of) == 1 else None


def _simple_paths(asked: Asked) -> Found:
    found = simple_paths(asked.index, _ends(asked), asked.when)
    shares = [(share.asset, share.low, share.high) for share in found.shares]
    return Found(shares, cut=sum(share.cut for share in found.shares), beyond=found.beyond)


def _weakest_link(asked: Asked) -> Found:
    found = weakest_link(asked.index, _ends(asked), asked.when)
    shares = [(right.asset, right.control_low, right.control_high) for right in found.rights]
    return Found(shares, cut=sum(right.cut for right in found.rights), beyond=found.beyond)


_ROUNDING: Final = 1e-9
"""So much above the whole is rounding, as large as the greatest residual of a solution."""

METHODS: Final = {
    "products": Method(
        _below(products),
        "Shares multiplied along chains, chains added up",
        "sum over chains from x to y of the product of W[i, j], x not passed again",
        "Regulation (EU) 2024/1624, Article 52",
    ),
    "integrated": Method(
        _below(integrated),
        "Integrated ownership",
        "W (I - W)^-1",
        "Brioschi, Buzzacchi, Colombo 1989",
    ),
    "corrected": Method(
        _below(corrected),
        "Integrated ownership without ownership of oneself",
        "diag((I - W)^-1)^-1 W (I - W)^-1",
        "Baldone, Brioschi, Paleari 1998; Chapelle, Szafarz 2005",
    ),
    "network-control": Method(
        _below(network_control),
        "Network control",
        "W_i (I - B)^-1, where B is W with column i zero",
        "Vitali, Glattfelder, Battiston 2011",
    ),
    "power-index": Method(
        _around(power_flow),
        "Network Power Index and Flow",
        "probability that x is on the line of pivots above y",
        "Mizuno, Doi, Kurizaki 2020 and 2023",
    ),
    "simple-paths": Method(
        _simple_paths,
        "Shares multiplied along paths, paths added up",
        "sum over simple paths from x to y of the product of W[i, j]",
        "Guideline (EU) 2015/510, Article 138 (close links)",
    ),
    "weakest-link": Method(
        _weakest_link,
        "Weakest link",
        "sum over simple paths from x to y of the smallest W[i, j]",
        "La Porta, Lopez-de-Silanes, Shleifer 1999",
    ),
    "majority-chain": Method(
        _majorities(lambda net, row: majority_chain(net, row).shares),
        "Whole stakes of everything majority-held",
        "W[x, y] + sum of W[z, y] over z with a share of more than 50 %",
        "SI 2019/855, Schedule 1",
    ),
    "majority-control": Method(
        _majorities(lambda net, row: majority_control(net, [row])),
        "Company control",
        "W[x, y] + sum of W[z, y] over z that x controls, where more than 50 %",
        "Ceri, Gottlob, Tanca 1990",
    ),
}
"""By name: what a method counts, by which formula, after whom."""
