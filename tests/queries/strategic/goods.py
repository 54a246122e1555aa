"""Goods for tests: a graph in the test itself, and the question put to it."""

from __future__ import annotations

from spillover.graph.schema import Entity, Relation
from spillover.queries.conditions import conditions
from spillover.queries.strategic.answer import Good
from spillover.queries.strategic.strategic import strategic
from tests.graphs import opened, relations

DAY = "2026-11-22"


def made(claims: str, *entities: Entity) -> list[Entity | Relation]:
    """The claims of a text and, for each end that is described nowhere else, a product or firm."""
    found = relations(claims)
    known = {entity.id for entity in entities}
    products = {r.target for r in found if r.kind in ("PRODUCES", "INPUT_TO", "KIND_OF", "COVERS")}
    products |= {r.source for r in found if r.kind in ("INPUT_TO", "KIND_OF")}
    described = [Entity(name, "Product", name) for name in sorted(products - known)]
    return [*entities, *described, *found]


def firm(name: str, *countries: str) -> Entity:
    """A firm with its countries."""
    return Entity(name, "Company", name, countries=countries)


def country(code: str) -> Entity:
    """A country."""
    return Entity(f"country:{code}", "Country", code.upper(), countries=(code,))


def ask(
    claims: str, product: str, *entities: Entity, as_of: str = DAY, producers: int = 25
) -> Good:
    """One good."""
    with opened(made(claims, *entities)) as graph:
        when = conditions(as_of)
        (good,) = strategic(graph, [product], when, producers=producers).goods
    return good
