"""Which graph do all contestants work on: a register of owners, made from a seed.

Companies, persons and states hold companies. Owners are drawn by a power law of their rank, or
stand above in a pyramid of 64 companies; 2 % of the holdings point back up (cross-holdings), half
of them inside one pyramid, where they nearly close a cycle. All of those lie in a core of the
highest ranks, owned by companies, so that the largest strongly connected part has about 6 % of
the nodes.

Run as ``python -m benchmarks.generate EDGES FOLDER``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Random = np.random.Generator

SEED: Final = 20220301
PERCENT: Final = 1_000_000
"""Units of a share in one percent, as the graph file counts them."""
WHOLE: Final = 100 * PERCENT
MAJORITY: Final = 50 * PERCENT
STATES: Final = 200
PYRAMID: Final = 64
COLUMNS: Final = ("source", "target", "low", "high", "year")

_CHUNK: Final = 50_000
_WORDS: Final = ("Alder", "Basalt", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Kestrel")
_TRADES: Final = ("Agro", "Bank", "Chemicals", "Energy", "Holding", "Industries", "Metals", "Seeds")
_PLACES: Final = ("Anshan", "Basel", "Cardiff", "Dakar", "Essen", "Fuzhou", "Genoa")
_FORMS: Final = ("Ltd", "GmbH", "SA", "JSC", "Inc", "Co., Ltd.")
_COUNTRIES: Final = ("us", "gb", "cn", "ru", "de", "fr", "cy", "ae", "sg", "vg", "ch", "kz")


class Register(NamedTuple):
    """The holdings, one element each; nodes are companies, then persons, then states."""

    nodes: int
    companies: int
    source: Ints
    target: Ints
    low: Ints
    """Least share in millionths of a percent; 0 with ``high`` at 100 % is a missing share."""
    high: Ints
    year: Ints


def register(edges: int) -> Register:
    """The register with this many holdings, the same for the same number."""
    rng = np.random.default_rng(SEED)
    nodes = edges * 83 // 100
    companies = nodes * 55 // 100
    owner, asset, weight = _pairs(rng, edges, nodes, companies)
    low, high = _stakes(rng, asset, weight, companies)
    shuffled = rng.permutation(companies)  # numbers say nothing about ranks
    label = np.concatenate([shuffled, np.arange(companies, nodes)])
    order = rng.permutation(len(asset))
    year = rng.integers(1990, 2025, len(asset))
    columns = (label[owner], label[asset], low, high, year)
    return Register(nodes, companies, *(column[order] for column in columns))


def _pairs(rng: Random, edges: int, nodes: int, companies: int) -> tuple[Ints, Ints, Ints]:
    """Owner and asset of each holding by rank, no pair twice, and the owner's weight in it."""
    drawn = edges * 108 // 100  # a few repeat a pair
    core = nodes // 10 // PYRAMID * PYRAMID
    asset = np.concatenate([np.arange(companies), rng.integers(companies, size=drawn - companies)])
    lot, draw = rng.random(drawn), rng.random(drawn)
    crossing = np.flatnonzero(lot > 0.98)
    lot = np.where(asset < core, lot * 0.61, lot)  # only companies own the core
    pyramid = (lot >= 0.34) & (lot < 0.60) & (asset % PYRAMID > 0)
    drawn_by_rank = (asset * draw ** np.where(asset < core, 0.8, 4)).astype(np.int64)
    persons, top = nodes - companies - STATES, asset - asset % PYRAMID
    owner = np.select(
        [pyramid, lot < 0.60, lot < 0.61],
        [
            top + (asset - top - 1) // 3,
            drawn_by_rank,
            companies + persons + (STATES * draw**2).astype(np.int64),
        ],
        companies + (persons * draw**1.5).astype(np.int64),
    )
    weight = np.where(pyramid, 3.0, rng.random(drawn) ** 3)
    asset[crossing], owner[crossing] = _crossing(rng, len(crossing), core)
    weight[crossing] = np.where(rng.random(len(crossing)) < 0.5, 30.0, 0.3)
    kept = np.flatnonzero(owner != asset)
    _, first = np.unique(asset[kept] * nodes + owner[kept], return_index=True)
    kept = np.sort(rng.permutation(kept[first])[:edges])
    return owner[kept], asset[kept], weight[kept]


def _crossing(rng: Random, count: int, core: int) -> tuple[Ints, Ints]:
    """Assets and owners of holdings that point back up: half inside a pyramid, half anywhere."""
    ends = np.sort(rng.integers(core, size=(count, 2)), axis=1)
    inside = rng.random(count) < 0.5
    asset, owner = ends.T
    tops = asset - asset % PYRAMID
    owner = np.where(inside, tops + rng.integers(1, PYRAMID, count), owner)
    asset = np.where(inside, tops + (owner - tops - 1) // 6, asset)
    return asset, owner


def _stakes(rng: Random, asset: Ints, weight: Ints, companies: int) -> tuple[Ints, Ints]:
    """Share of each holding: those of one asset sum to at most 100 %.

    Shares are whole percents or hundredths; 5 % are bands, 5 % are missing.
    """
    owners = np.bincount(asset, minlength=companies)
    declared = np.where(rng.random(companies) < 0.6, 1.0, rng.uniform(0.5, 1.0, companies))
    grid = np.where(rng.random(companies) < 0.7, 100, 10_000)
    spread = (declared * (grid - owners) / np.bincount(asset, weight, companies).clip(1e-9))[asset]
    share = (1 + (weight * spread).astype(np.int64)) * (WHOLE // grid)[asset]
    form = rng.random(len(asset))
    quarter = np.minimum(share // (25 * PERCENT), 3) * 25 * PERCENT
    low = np.select([form < 0.05, form < 0.10], [quarter, 0], share)
    high = np.select([form < 0.05, form < 0.10], [quarter + 25 * PERCENT, WHOLE], share)
    return low, high


# -- as FollowTheMoney ----------------------------------------------------------------------


def node_id(number: int) -> str:
    """Id of a node in the file."""
    return f"bench-{number:08}"


def ftm_lines(made: Register) -> Iterator[str]:
    """The register as FollowTheMoney JSON lines: entities, then holdings."""
    for number in range(made.nodes):
        yield _entity(number, made)
    for start in range(0, len(made.source), _CHUNK):
        part = slice(start, start + _CHUNK)
        columns = (column[part].tolist() for column in made[2:])
        for number, (source, target, low, high, year) in enumerate(
            zip(*columns, strict=True), start
        ):
            share = _percentage(low, high)
            yield (
                f'{{"id":"bench-own-{number:08}","schema":"Ownership","datasets":["bench"],'
                f'"properties":{{"owner":["{node_id(source)}"],"asset":["{node_id(target)}"],'
                f'{share}"startDate":["{year}-{number % 12 + 1:02}-{number % 28 + 1:02}"]}}}}\n'
            )


def _entity(number: int, made: Register) -> str:
    word = _WORDS[number % 8]
    country = _COUNTRIES[number * number % 41 % 12]
    if number < made.companies:
        trade, place = _TRADES[number // 8 % 8], _PLACES[number // 64 % 7]
        name = f"{word} {trade} {place} {number:07} {_FORMS[number % 6]}"
        rest = f'"jurisdiction":["{country}"],"registrationNumber":["R{number:08}"]'
        schema = "Company"
    elif number < made.nodes - STATES:
        name, rest = f"{word} Person {number:07}", f'"nationality":["{country}"]'
        schema = "Person"
    else:
        name, rest = f"State of {word} {number:07}", f'"country":["{country}"]'
        schema = "PublicBody"
    return (
        f'{{"id":"{node_id(number)}","schema":"{schema}","datasets":["bench"],'
        f'"properties":{{"name":["{name}"],{rest}}}}}\n'
    )


def _percentage(low: int, high: int) -> str:
    if low == 0 and high == WHOLE:
        return ""
    if low != high:
        return f'"percentage":["{low // PERCENT}-{high // PERCENT}"],'
    text = str(low // PERCENT) if low % PERCENT == 0 else f"{low / PERCENT:.2f}"
    return f'"percentage":["{text}"],'


# -- the questions and their answers --------------------------------------------------------


def digest(blocked: npt.NDArray[Any]) -> str:
    """Fingerprint of a set of nodes, equal for equal sets."""
    return hashlib.sha256(np.sort(blocked).astype(np.int64).tobytes()).hexdigest()[:16]


def blocked_by(made: Register, seeds: Ints) -> Ints:
    """Nodes blocked by a 50 % cascade on least shares: a plain fixpoint over all holdings."""
    blocked = np.zeros(made.nodes, bool)
    blocked[seeds] = True
    while True:
        held = np.bincount(made.target, np.where(blocked[made.source], made.low, 0), made.nodes)
        new = (held >= MAJORITY) & ~blocked
        if not new.any():
            return np.flatnonzero(blocked)
        blocked |= new


def questions(made: Register) -> dict[str, list[int]]:
    """Seeds of each question: the hub that blocks most, a usual node, and 5,000 nodes."""
    rng = np.random.default_rng(SEED)
    majority = made.low >= MAJORITY
    holdings = np.bincount(made.source[majority], minlength=made.nodes)
    hubs = np.argsort(-holdings, kind="stable")[:10]
    best = max(hubs.tolist(), key=lambda hub: len(blocked_by(made, np.array([hub]))))
    usual = int(np.flatnonzero(holdings == 2)[0])
    return {
        "hub": [best],
        "usual": [usual],
        "many": np.sort(rng.choice(made.nodes, 5000, replace=False)).tolist(),
    }


def core_size(made: Register) -> int:
    """Number of nodes of the largest strongly connected part."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ends = (made.source, made.target)
    matrix = csr_array((np.ones(len(made.source), np.int8), ends), (made.nodes, made.nodes))
    return int(np.bincount(connected_components(matrix, connection="strong")[1]).max())


def write(edges: int, folder: Path) -> None:
    """Write the arrays, the file, and the questions with their expected answers."""
    folder.mkdir(parents=True, exist_ok=True)
    made = register(edges)
    for name in COLUMNS:
        np.save(folder / f"{name}.npy", getattr(made, name).astype(np.int32))
    with (folder / "register.ftm.json").open("w", encoding="ascii", newline="\n") as stream:
        stream.writelines(ftm_lines(made))
    asked = questions(made)
    answers = {name: blocked_by(made, np.array(seeds)) for name, seeds in asked.items()}
    about = {
        "nodes": made.nodes,
        "edges": len(made.source),
        "core": core_size(made),
        "seeds": asked,
        "blocked": {name: len(found) for name, found in answers.items()},
        "digest": {name: digest(found) for name, found in answers.items()},
    }
    (folder / "register.json").write_text(json.dumps(about), encoding="ascii")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
