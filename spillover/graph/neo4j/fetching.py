"""Which entities and claims of a server are fetched for one question, and how?

Entities are found by number, id, identifier and name through the indexes of the server. Those that
identifiers join always come together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from spillover.graph.evidence import Dataset
from spillover.graph.folding import bare
from spillover.graph.identifiers import forms
from spillover.graph.neo4j import encoding
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.mirror import Claimed, Holding, Loaded, Told
from spillover.graph.rows import Load

MOST: Final = 20_000
"""Claims beyond which they are not fetched for one question."""
FEW: Final = 2000
"""Entities of like names beyond which the server ranks them, so that few of them are fetched."""
_TIER: Final = 10**9
"""More than the length of any name: whole names come before beginnings, these before parts."""
_BEYOND: Final = "(?s).*[\\x{10000}-\\x{10FFFF}].*"
"""Names with signs that the server counts as two and Python as one."""

_LOADS: Final = "MATCH (l:SpilloverLoad) RETURN [name IN $columns | l[name]] AS row ORDER BY l.num"
_LOAD: Final = ("num", "dataset", *Dataset._fields[1:], *Load._fields[2:])
_OF_ID: Final = "MATCH (n:Entity {id: $id}) RETURN n.num AS num"
_OF_CODE: Final = "MATCH (n:Entity) WHERE n.codes CONTAINS $code RETURN n.num AS num"
_OF_NAME: Final = (
    "MATCH (n:Entity) WHERE n.folded CONTAINS $folded RETURN n.num AS num LIMIT $limit"
)
_RANKED: Final = """
MATCH (n:Entity) WHERE n.folded CONTAINS $folded
UNWIND [line IN split(n.folded, '\n') WHERE line CONTAINS $folded | size(line) +
    CASE WHEN line = $folded THEN 0 WHEN line STARTS WITH $folded THEN $tier ELSE 2 * $tier END
] AS rank
"""
_LAST: Final = f"""{_RANKED}
OPTIONAL MATCH (n)-[:SAME_AS]->(one:Entity)
WITH coalesce(one, n) AS one, min(rank) AS rank ORDER BY rank LIMIT $limit
RETURN max(rank) AS rank
"""
_UP_TO: Final = f"""{_RANKED}
WITH n, min(rank) AS rank
WHERE rank <= $last OR (rank / $tier = $last / $tier
    AND rank % $tier <= 2 * ($last % $tier) AND n.folded =~ $beyond)
RETURN n.num AS num
"""
_GROUPS: Final = """
UNWIND $numbers AS number
MATCH (n:Entity {num: number})
OPTIONAL MATCH (n)-[:SAME_AS]->(c:Entity)
WITH DISTINCT coalesce(c, n) AS one
OPTIONAL MATCH (m:Entity)-[:SAME_AS]->(one)
RETURN one.num AS one, collect(m.num) AS others
"""
_DEGREES: Final = """
UNWIND $numbers AS number
MATCH (n:Entity {num: number})
RETURN sum(COUNT { (n)--() }) AS claims
"""
_TOLD: Final = (
    " RETURN r.num AS num, r.load AS load, startNode(r).num AS source, endNode(r).num AS target,"
    " type(r) AS kind, [name IN $columns | r[name]] AS columns"
)
_CLAIMS: Final = f"""
UNWIND $numbers AS number
MATCH (n:Entity {{num: number}})-[r]-(:Entity) WHERE r.key IS NOT NULL
WITH DISTINCT r {_TOLD}
"""
_LISTINGS: Final = f"""
UNWIND $numbers AS number
MATCH (n:Entity {{num: number}})<-[r:DESIGNATES]-(:Entity) WHERE r.key IS NOT NULL
{_TOLD}
"""
_ENTITIES: Final = """
UNWIND $numbers AS number
MATCH (n:Entity {num: number})
WITH n, [key IN keys(n) WHERE key STARTS WITH 'said_'] AS said
RETURN n.num AS num, n.id AS id, [key IN said | n['load_' + substring(key, 5)]] AS loads,
    [key IN said | n[key]] AS said
"""

_PARSED: Final = msgspec.json.Decoder().decode


class Fetching:
    """What is fetched from a server for one question.

    Args:
        server: the server.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._entities: set[int] = set()
        self._same: dict[int, int] = {}
        self._claims: dict[int, Claimed] = {}

    # -- who is meant -----------------------------------------------------------------------

    def of_id(self, text: str) -> set[int]:
        """Keep the entity with this id, and those that identifiers join with it."""
        return self._whole(row["num"] for row in self._server.rows(_OF_ID, id=text))

    def identified(self, text: str) -> None:
        """Keep whoever has an identifier that can be written so."""
        for code in sorted(forms(text)):
            self._whole(row["num"] for row in self._server.rows(_OF_CODE, code=f" {code} "))

    def alike(self, text: str, limit: int) -> None:
        """Keep whoever has one of the ``limit`` names that a search for the text finds first.

        Where there are many, the server says how long the last of these is, and only those whose
        names come no later are fetched. It counts some signs twice, so that names with such signs
        may be half as long as it says.
        """
        folded = bare(text)
        if not folded:
            return
        found = self._server.rows(_OF_NAME, folded=folded, limit=FEW + 1)
        if len(found) > FEW:
            ranked = {"folded": folded, "tier": _TIER}
            ((last,),) = self._server.rows(_LAST, limit=limit, **ranked)
            found = self._server.rows(_UP_TO, last=last, beyond=_BEYOND, **ranked)
        self._whole(row["num"] for row in found)

    # -- what is around them ----------------------------------------------------------------

    def around(self, numbers: Iterable[int], hops: int) -> bool:
        """Fetch every claim within so many hops of these entities; False where there are too many.

        Whoever stands at an end of one comes with what designates it.
        """
        near = self._whole(numbers)
        inner: set[int] = set()
        for _ in range(hops):
            inner |= near
            ((claims,),) = self._server.rows(_DEGREES, numbers=sorted(inner))
            if claims > MOST:
                return False
            near = self._whole(self._claimed(self._server.rows(_CLAIMS, **_of(near)))) - inner
        programmes = self._claimed(self._server.rows(_LISTINGS, **_of(near)))
        self._whole(programmes)
        return True

    def _whole(self, numbers: Iterable[int]) -> set[int]:
        """Keep these entities and all that identifiers join with them; all of these."""
        found: set[int] = set()
        for row in self._server.rows(_GROUPS, numbers=sorted(set(numbers))):
            found |= {row["one"], *row["others"]}
            self._same |= dict.fromkeys(row["others"], row["one"])
        self._entities |= found
        return found

    def _claimed(self, rows: Iterable[Iterable[Any]]) -> set[int]:
        """Keep these claims; the numbers at their ends."""
        ends: set[int] = set()
        for num, load, source, target, kind, columns in rows:
            self._claims[num] = Claimed(num, load, source, target, (kind, *columns))
            ends |= {source, target}
        return ends

    # -- the file ---------------------------------------------------------------------------

    def holding(self) -> Holding:
        """All that was fetched, with everything that is said of the entities, and the loads."""
        return Holding(
            {},
            [Loaded(tuple(row)) for (row,) in self._server.rows(_LOADS, columns=_LOAD)],
            list(self._told()),
            [claim for _, claim in sorted(self._claims.items())],
            sorted(self._same.items()),
        )

    def _told(self) -> Iterator[Told]:
        for num, entity_id, loads, said in self._server.rows(
            _ENTITIES, numbers=sorted(self._entities)
        ):
            texts = [
                (load, text) for load, several in zip(loads, said, strict=True) for text in several
            ]
            yield Told(num, entity_id, [(load, _PARSED(text)) for load, text in texts])


def _of(numbers: set[int]) -> dict[str, Any]:
    """Parameters of a query for the claims at these entities."""
    return {"numbers": sorted(numbers), "columns": encoding.COLUMNS}
