"""One small graph on a server, for all tests of saved questions; each answer follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from scripts.neo4j_server import Server as Home
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j.address import Address, address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import push
from spillover.graph.schema import Entity, Name
from tests.graphs import build, relations

DAY: Final = "2024-06-30"
LEI: Final = "549300TRUWO2CD2G5692"
"""A code with a right check digit; two entities share it, and so are one."""
OTHER_LEI: Final = "5493001KJTIIGC8Y1R12"

NAMES: Final = {
    "peak": "Peak Group",
    "side": "Side Holding",
    "hold": "Hold Holding",
    "mid": "Mid Industries",
    "firm": "Acme Ltd",
    "namesake": "ACME  Ltd",
    "alt": "Alt Works",
    "other": "Other Board",
}

CLAIMS: Final = """
    # Peak 60 -> Hold 100 -> Mid 80 -> Firm 5 -> Side 40 -> Hold; Hold is hold-b elsewhere, too
    peak > hold 60 observed=2023-05
    side > hold 40 observed=2023
    mid > firm 80 observed=2023-01-10 publisher=Register
    firm > side 5 observed=2023
    mid > firm denies observed=2024-01-01 publisher=Herald
    denied > firm 30 denies observed=2023
    old > firm 20 start=2010 end=2023
    future > firm 10 start=2025-01
    mid CONTROLS alt
    firm SUPPLIES alt
    firm PRODUCES widgets 30 basis=market observed=2023
    alt PRODUCES widgets observed=2022
    ann DIRECTS firm role=chair
    ann DIRECTS other role=member
    bob DIRECTS firm
    bob DIRECTS other end=2020
    organ STATE_TIE mid tie=supervision degree=direct observed=2023
    organ STATE_TIE peak tie=procurement observed=2022
    US-X DESIGNATES side start=2023-02-01
    US-X DESIGNATES gone start=2020 end=2021
"""


def company(entity_id: str, name: str = "", **said: Any) -> Entity:
    return Entity(entity_id, "Company", name or NAMES.get(entity_id, entity_id), **said)


def graph(folder: Path) -> Path:
    """The graph file; two datasets, the second of which speaks of Hold by an id of its own."""
    path = folder / "team.db"
    hold = company("hold", identifiers=(("lei", LEI),))
    peak = Entity("peak", "Company", "Peak Group", (Name("先正达集团", "zh"),), ("cn",))
    others = (company(one) for one in NAMES if one not in ("hold", "peak"))
    things = (
        Entity("widgets", "Product", "widgets, world"),
        Entity("US-X", "Programme", "List X"),
        Entity("organ", "PublicBody", "Organ of the State"),
        *(Entity(one, "Person", one.title()) for one in ("ann", "bob")),
        # A person and a firm cannot be one, whatever code they share.
        Entity("carl", "Person", "Carl", identifiers=(("lei", OTHER_LEI),)),
        company("carls", "Carl's", identifiers=(("lei", OTHER_LEI),)),
    )
    build(path, [hold, peak, *others, *things, *relations(CLAIMS)], Dataset("a", "First", date=DAY))
    second = [company("hold-b", "Hold B.V.", identifiers=(("lei", LEI),))]
    dataset = Dataset("b", "Second", licence="CC BY-NC", commercial_use=False)
    return build(path, [*second, *relations("hold-b > mid 100 observed=2022-03")], dataset)


def pushed(home: Home, path: Path) -> Address:
    """Address of a server that holds this graph file and nothing else."""
    where = address(environment=home.environment)
    with Server(where) as server:
        server.alone("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
    push(path, where)
    return where
