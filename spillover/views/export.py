"""How does the whole graph leave: as JSON lines, FollowTheMoney, or GraphML.

JSON and GraphML say which datasets they hold, under which licence; FollowTheMoney has no place for
licences and names the dataset of each line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from spillover.graph.schema import KINDS, SCHEMATA, Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import format_stake
from spillover.views import plain
from spillover.views.text import clean

_BATCH: Final = 5000
_FTM_SCHEMATA: Final = {
    "Thing": "LegalEntity",
    "MilitaryUnit": "PublicBody",
    "University": "Organization",
    "PoliticalParty": "Organization",
    "Regime": "Organization",
}
"""Our schemata that FollowTheMoney has another word for."""
_NO_FTM: Final = frozenset({"Product", "Technology", "Country", "Programme"})
"""Our schemata that it has no word for: they and their links stay out, and are counted."""
_FTM_IDENTIFIERS: Final = {"lei": "leiCode", "register": "registrationNumber", "imo": "imoNumber"}


def export(graph: Graph, form: str, say: Callable[[str], None] = lambda _: None) -> Iterator[str]:
    """The graph as pieces of text: ``json``, ``ftm`` or ``graphml``.

    ``say`` is told what the form has no place for.
    """
    if form == "ftm":
        return _ftm(graph, say)
    return {"json": _json, "graphml": _graphml}[form](graph)


def _json(graph: Graph) -> Iterator[str]:
    """One JSON object a line: first the datasets, then entities, then relations."""
    loads = [plain.load(load) for load in graph.store.loads]
    notice = plain.notice(graph.store.loads)
    yield _line({"format": plain.FORMAT, "licence_notice": notice, "datasets": loads})
    for entity in _entities(graph):
        yield _line({"entity": plain.entity(entity)})
    for number, relation, dataset in _relations(graph):
        yield _line({"relation": _relation(number, relation, dataset)})


def _relation(number: int, relation: Relation, dataset: str) -> dict[str, Any]:
    return {
        "relation": number,
        "kind": relation.kind,
        "source": relation.source,
        "target": relation.target,
        "share": plain.share(relation.stake),
        "share_text": relation.stake_text,
        "basis": relation.basis,
        "start": relation.start,
        "end": relation.end,
        "reported_indirect": relation.reported_indirect,
        "block": relation.block,
        "properties": {key: list(values) for key, values in relation.properties.items()},
        "evidence": {"dataset": dataset, **relation.evidence._asdict()},
    }


def _entities(graph: Graph) -> Iterator[Entity]:
    numbers = graph.numbers()
    for start in range(0, len(numbers), _BATCH):
        found = graph.store.entities(numbers[start : start + _BATCH])
        yield from (found[number] for number in sorted(found))


def _relations(graph: Graph) -> Iterator[tuple[int, Relation, str]]:
    numbers = sorted(graph.index.relation.tolist())
    for start in range(0, len(numbers), _BATCH):
        found = graph.store.relations(numbers[start : start + _BATCH])
        yield from ((number, *found[number]) for number in sorted(found))


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _ftm(graph: Graph, say: Callable[[str], None]) -> Iterator[str]:
    """FollowTheMoney JSON lines; a link that it has no word for is an UnknownLink with its kind.

    It has no denials: one would read as the claim that it denies, so it stays out.
    """
    outside: set[str] = set()
    links = denials = 0
    for entity in _entities(graph):
        if entity.schema in _NO_FTM:
            outside.add(entity.id)
            continue
        yield _line(_ftm_entity(entity))
    for number, relation, dataset in _relations(graph):
        ends = (
            {relation.target}
            if relation.kind == "DESIGNATES"
            else {relation.source, relation.target}
        )
        if relation.evidence.stance == "denies":
            denials += 1
        elif ends & outside:
            links += 1
        else:
            yield _line(_ftm_link(number, relation, dataset))
    if outside or denials:
        say(
            f"left out, as FollowTheMoney has no word for them: {len(outside)} entities, {links}"
            f" links of theirs, {denials} denials"
        )


def _ftm_entity(entity: Entity) -> dict[str, Any]:
    assert entity.schema in SCHEMATA
    properties: dict[str, list[str]] = {"name": [entity.name]}
    for name in entity.names:
        key = {"previous": "previousName", "weak": "weakAlias"}.get(name.role, "alias")
        properties.setdefault(key, []).append(name.text)
    properties["country"] = list(entity.countries)
    properties["topics"] = list(entity.topics)
    for scheme, value in entity.identifiers:
        properties.setdefault(_FTM_IDENTIFIERS.get(scheme, "idNumber"), []).append(value)
    return {
        "id": entity.id,
        "schema": _FTM_SCHEMATA.get(entity.schema, entity.schema),
        "caption": entity.name,
        "datasets": list(entity.datasets),
        "properties": {key: values for key, values in properties.items() if values},
    }


def _ftm_link(number: int, relation: Relation, dataset: str) -> dict[str, Any]:
    schema, source, target = KINDS[relation.kind].ftm or ("UnknownLink", "subject", "object")
    evidence = relation.evidence
    role = relation.kind.lower() if schema == "UnknownLink" and relation.kind != "LINKED_TO" else ""
    said = {
        source: relation.source,
        target: relation.target,
        "percentage": format_stake(relation.stake) if relation.stake else "",
        "role": "; ".join(filter(None, (role, *relation.properties.get("role", ())))),
        "startDate": relation.start,
        "endDate": relation.end,
        "date": evidence.observed,
        "publisher": evidence.publisher,
        "sourceUrl": evidence.url,
        "summary": f"{evidence.confidence} confidence. {evidence.note}".strip(),
    }
    return {
        "id": f"relation-{number}",
        "schema": schema,
        "datasets": [dataset],
        "properties": {key: [value] for key, value in said.items() if value},
    }


def _graphml(graph: Graph) -> Iterator[str]:
    """GraphML; texts lose the control characters that XML cannot hold."""
    import networkx as nx

    from spillover.graph.networkx import to_networkx

    made = to_networkx(graph)
    if any(clean(name) != name for name in made):
        made = nx.relabel_nodes(made, clean)
    for values in (
        *(values for _, values in made.nodes(data=True)),
        *(values for _, _, values in made.edges(data=True)),
    ):
        values.update({k: clean(v) for k, v in values.items() if isinstance(v, str)})
    made.graph["licence_notice"] = plain.notice(graph.store.loads) or ""
    made.graph["datasets"] = json.dumps([plain.load(load) for load in graph.store.loads])
    for line in nx.generate_graphml(made, named_key_ids=True):
        yield line + "\n"
