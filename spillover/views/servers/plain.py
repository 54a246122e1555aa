"""What do answers about a server look like as plain data: the stable shape of the JSON output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.neo4j.state import PUSHING
from spillover.views import plain
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from pathlib import Path

    from spillover.graph.neo4j.overview import Overview
    from spillover.graph.neo4j.pull import Pulled
    from spillover.graph.neo4j.push import Pushed
    from spillover.graph.neo4j.state import Cleared
    from spillover.graph.neo4j.verify import Counted, Verification


def pushed(done: Pushed, graph: Path) -> Plain:
    """What a push did."""
    return {
        "question": "neo4j push",
        "server": done.address,
        "graph": str(graph),
        "tag": done.tag,
        "changed": done.changed,
        "resumed": done.resumed,
        "batches": done.batches,
        "datasets": [
            {
                "dataset": one.name,
                "what": one.what,
                "entities": one.entities,
                "relations": one.relations,
            }
            for one in done.datasets
        ],
    }


def pulled(done: Pulled) -> Plain:
    """What a pull did."""
    return {
        "question": "neo4j pull",
        "server": done.address,
        "graph": done.path,
        "tag": done.tag,
        "content": done.content,
        "datasets": list(done.datasets),
        "entities": done.entities,
        "relations": done.relations,
    }


def verification(found: Verification) -> Plain:
    """How file and server compare; a digest is null on the side that lacks the dataset."""
    return {
        "question": "neo4j verify",
        "server": found.address,
        "graph": found.path,
        "equal": found.equal,
        "tag": found.tag,
        "content": {"file": found.file, "server": found.server},
        "datasets": [
            {
                "dataset": one.name,
                "equal": one.equal,
                "file": _counted(one.file),
                "server": _counted(one.server),
            }
            for one in found.datasets
        ],
        "findings": list(found.findings),
    }


def _counted(side: Counted) -> Plain:
    return {
        "content": side.digest or None,
        "entities": side.entities,
        "relations": side.relations,
    }


def overview(found: Overview) -> Plain:
    """What a server holds; everything but its name is empty or null where nothing was pushed."""
    state = found.state
    return {
        "question": "neo4j status",
        "server": found.address,
        "state": state.state if state else None,
        "tag": state.tag if state else None,
        "version": state.version if state else None,
        "content": state.content if state else None,
        "pushed_at": state.pushed if state else None,
        "entities": state.entities if state else 0,
        "relations": state.relations if state else 0,
        "under_way": {"by": state.holder, "since": state.since, "steps_done": state.done}
        if state and state.state == PUSHING
        else None,
        "licence_notice": plain.notice(load for load, _ in found.datasets),
        "datasets": [plain.load(load) | {"origin": origin} for load, origin in found.datasets],
        "verdicts": [
            {
                "rule": one.run.rule,
                "version": one.run.version,
                "as_of": one.run.as_of,
                "targets": one.run.targets,
                "blocked": one.run.blocked,
                "undetermined": one.run.undetermined,
                "written_at": one.run.written,
                "up_to_date": one.up_to_date,
            }
            for one in found.verdicts
        ],
    }


def cleared(done: Cleared, server: str) -> Plain:
    """What was taken away."""
    return {
        "question": "neo4j clear",
        "server": server,
        "entities": done.entities,
        "relations": done.relations,
        "conflicts": done.conflicts,
        "loads": done.loads,
    }
