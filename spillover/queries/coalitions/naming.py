"""What are countries called of which only the code is known?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spillover.graph.errors import AmbiguousError, NotFoundError
from spillover.graph.session import Graph
from spillover.queries.coalitions.coalition_answer import Land


def lands_of(graph: Graph, codes: Iterable[str], named: Iterable[int]) -> dict[str, Land]:
    """Countries and regions by their codes, with the names of the entities that stand for them.

    Args:
        graph: the graph.
        codes: countries (alpha-2), and ids of regions.
        named: numbers of entities among which countries and regions are; others are looked up.
    """
    known = _names(graph, named)
    return {code: Land(code, known.get(code) or _found(graph, code)) for code in sorted(codes)}


def _names(graph: Graph, numbers: Iterable[int]) -> Mapping[str, str]:
    entities = [entity for _, entity in sorted(graph.store.entities(set(numbers)).items())]
    found = {entity.id: entity.name for entity in entities if not entity.countries}
    countries = [e for e in entities if e.schema == "Country" and len(e.countries) == 1]
    return found | {entity.countries[0]: entity.name for entity in countries}


def _found(graph: Graph, code: str) -> str:
    """The name of the country that bears this code as an identifier, else the code itself."""
    try:
        entity = graph.store.entity(graph.store.find(code))
    except (NotFoundError, AmbiguousError):
        return code.upper()
    stands = entity.schema == "Country" and entity.countries == (code,)
    return entity.name if stands else code.upper()
