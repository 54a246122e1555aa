"""What do saved Cypher questions and their answers look like as plain data?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from spillover.queries.cypher.library import Question
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.graph.neo4j.ask import Rows
    from spillover.graph.neo4j.verdicts import Run


def question(found: Question, *, whole: bool = False) -> Plain:
    """What a question asks for; ``whole``: with its queries."""
    data: Plain = {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "exactly": found.exact,
        "parameters": [asdict(one) for one in found.parameters],
        "columns": list(found.columns),
    }
    if whole:
        data |= {"question": "neo4j questions", "rows": found.rows, "picture": found.picture}
    return data


def answer(asked: Question, values: Mapping[str, str | int], found: Rows, where: str) -> Plain:
    """What a question answered; each row by the names of its columns."""
    return {
        "question": "neo4j ask",
        "id": asked.id,
        "title": asked.title,
        "server": where,
        "tag": found.tag,
        "pushing": found.pushing,
        "parameters": dict(values),
        "columns": list(found.columns),
        "rows": [dict(zip(found.columns, row, strict=True)) for row in found.rows],
        "full": len(found.rows) == values.get("limit"),
        "exactly": asked.exact,
        "licence_notice": found.licence_notice or None,
    }


def stored(run: Run, nodes: int, remark: str, where: str) -> Plain:
    """Which verdicts were stored."""
    return {
        "question": "neo4j verdicts",
        "server": where,
        **asdict(run),
        "remark": remark,
        "nodes": nodes,
    }


def forgotten(rule: str, nodes: int, where: str) -> Plain:
    """That verdicts were taken away."""
    return {"question": "neo4j verdicts", "server": where, "rule": rule, "forgotten": nodes}
