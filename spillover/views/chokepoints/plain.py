"""What do choke points look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views import plain
from spillover.views.exposures.plain import estimate
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.shocks.choke_answer import Chokepoints, Cut, Inner, Link, Way
    from spillover.queries.shocks.propagation import Total


def chokepoints(answer: Chokepoints) -> Plain:
    """What every path crosses, and what cuts them all."""
    return {
        "question": "chokepoints",
        **plain.conditions(answer.when),
        "targets": [plain.party(target) for target in answer.targets],
        "subjects": [_way(way) for way in answer.ways],
        "max_hops": answer.max_hops,
        "chains_only": not answer.repeats,
        "fewest_entities": _cut(answer.fewest_entities),
        "weakest_entities": _cut(answer.weakest_entities),
        "fewest_relations": _cut(answer.fewest_links),
        "weakest_relations": _cut(answer.weakest_links),
        "network": [_link(link) for link in answer.network],
        "relations_on_paths": answer.relations,
        "explored": answer.explored,
        "left_out": answer.left_out,
        "truncated": answer.truncated,
        **plain.sources(answer.sources),
    }


def _way(way: Way) -> Plain:
    return {
        "entity": plain.party(way.subject),
        "reached": way.reached,
        "direct": way.direct,
        "total": _total(way.total),
        "complete": way.complete,
        "between": way.between,
        "entities": [_inner(item) for item in way.inner],
        "relations": [_link(link) for link in way.links],
    }


def _inner(item: Inner) -> Plain:
    return {
        "entity": plain.party(item.entity),
        "every_path": item.every,
        "without": _total(item.without),
        "carried": {
            "of_least": estimate(item.carried.low),
            "of_greatest": estimate(item.carried.high),
        },
    }


def _link(link: Link) -> Plain:
    return {
        "kind": link.kind,
        "source": plain.party(link.source),
        "target": plain.party(link.target),
        "strength": percent_text(link.strength),
        "evidence": [plain.claim(item) for item in link.claims],
    }


def _cut(cut: Cut | None) -> Plain | None:
    if cut is None:
        return None
    return {
        "entities": [plain.party(party) for party in cut.entities],
        "relations": [_link(link) for link in cut.links],
        "strength": percent_text(cut.strength),
        "proven": cut.proven,
    }


def _total(value: Total) -> Plain:
    return {"low": estimate(value.low), "high": estimate(value.high)}
