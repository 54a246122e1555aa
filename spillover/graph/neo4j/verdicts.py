"""How does a verdict become properties that Browser and Bloom can colour by?

Spillover's own kernel decides; the server only keeps what it said, with the rule, its version, the
day, and the tag of the graph on which it stands. These properties are no content of the graph: a
push neither sends nor compares them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

from spillover.graph.errors import StoreError
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.standing import complete, ready
from spillover.graph.stake import Stake, percent_text

PREFIX: Final = "verdict_"
"""Start of every property that a stored verdict has."""
TARGET: Final = "target"
"""Verdict of an entity from which the rule starts."""
PARTS: Final = ("", "_low", "_high", "_version", "_as_of", "_tag")
"""Ends of the properties of one verdict."""

_BATCH: Final = 5000
_STANDS: Final = (
    "MATCH (s:SpilloverGraph {id: 'graph'}) WHERE s.state = 'complete' AND s.tag = $tag"
    " SET s += $run RETURN count(*) AS found"
)
_FORGET: Final = (
    "MATCH (e:Entity) WHERE e[$property] IS NOT NULL SET e += $nothing RETURN count(*) AS gone"
)
_WRITE: Final = (
    "UNWIND $rows AS row MATCH (e:Entity {id: row.id})<-[:SAME_AS]-{0,1}(one)"
    " SET one += row.values RETURN count(*) AS written"
)
_RUNS: Final = "MATCH (s:SpilloverGraph {id: 'graph'}) RETURN properties(s) AS said"


class Standing(NamedTuple):
    """How one entity stands."""

    id: str
    verdict: str
    """``target``, ``blocked`` or ``undetermined``."""
    share: Stake | None = None
    """What blocked persons hold; None where no share was asked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """What all verdicts of one rule on a server have in common."""

    rule: str
    title: str
    version: str
    """Day on which the rule was last read against its source."""
    as_of: str
    tag: str
    """Of the graph on which they stand."""
    open_world: bool
    max_age_days: int | None
    min_confidence: str
    targets: int
    blocked: int
    undetermined: int
    written: str
    """When, in UTC."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Verdicts of one rule, and whether they still stand on what the server holds."""

    run: Run
    up_to_date: bool


def write(server: Server, run: Run, standings: Sequence[Standing]) -> int:
    """Put the verdicts of a rule on their entities; those that it had before are taken away.

    All of it stands or falls together, and doing it twice is doing it once. Whoever is joined with
    an entity gets the same properties.

    Returns:
        Nodes that have a verdict now.

    Raises:
        StoreError: the graph is no longer the one on which the verdicts stand.
    """
    property_ = name(run.rule)
    nothing = dict.fromkeys(property_ + part for part in PARTS)
    text = json.dumps(asdict(run), ensure_ascii=False, sort_keys=True)

    def steps(work: Any) -> int:
        found = work.run(_STANDS, tag=run.tag, run={property_: text}).single(strict=True)
        if not found["found"]:
            return -1
        work.run(_FORGET, property=property_, nothing=nothing).consume()
        written = 0
        for rows in _batches(run, standings):
            written += work.run(_WRITE, rows=rows).single(strict=True)["written"]
        return written

    complete(server)
    written = server.work(steps)
    if written < 0:
        raise StoreError(
            f"{server.address}: the graph was changed while the verdicts were computed; nothing was"
            " stored, run the same command again"
        )
    return written


def forget(server: Server, rule: str) -> int:
    """Take the verdicts of a rule away.

    Returns:
        Nodes that had one.
    """
    property_ = name(rule)
    nothing = dict.fromkeys(property_ + part for part in PARTS)

    def steps(work: Any) -> int:
        gone = work.run(_FORGET, property=property_, nothing=nothing).single(strict=True)["gone"]
        work.run(
            "MATCH (s:SpilloverGraph {id: 'graph'}) SET s += $run", run={property_: None}
        ).consume()
        return int(gone)

    ready(server)
    return server.work(steps)


def stored(server: Server) -> tuple[Stored, ...]:
    """The verdicts that a server keeps, by rule."""
    rows = server.rows(_RUNS)
    said: dict[str, Any] = rows[0]["said"] if rows else {}
    current = said.get("tag") if said.get("state") == "complete" else None
    runs = (Run(**json.loads(said[key])) for key in sorted(said) if key.startswith(PREFIX))
    return tuple(Stored(run, run.tag == current) for run in runs)


def name(rule: str) -> str:
    """Name of the property that holds the verdict of a rule."""
    return PREFIX + rule.replace("-", "_")


def _batches(run: Run, standings: Sequence[Standing]) -> Iterator[list[dict[str, Any]]]:
    """Ids and properties; shares are decimal texts in percent, exact."""
    property_ = name(run.rule)
    shared = {"_version": run.version, "_as_of": run.as_of, "_tag": run.tag}
    for start in range(0, len(standings), _BATCH):
        rows = []
        for one in standings[start : start + _BATCH]:
            values = {"": one.verdict, **shared}
            if one.share is not None:
                low, high = one.share
                values |= {"_low": percent_text(low), "_high": percent_text(high)}
            rows.append(
                {"id": one.id, "values": {property_ + part: v for part, v in values.items()}}
            )
        yield rows
