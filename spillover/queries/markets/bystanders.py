"""Who makes what an input or a kind puts at risk: which countries, and which of their firms?"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from spillover.queries.answer import Party
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market
from spillover.queries.markets.naming import Naming, order
from spillover.queries.markets.parts import Bystander, Producer


def bystanders(
    naming: Naming,
    products: Mapping[int, Part],
    found: Mapping[int, Sequence[Market]],
    fallen: Container[int],
) -> tuple[Bystander, ...]:
    """The producers of these products that do not fall, by country, the surest risk first.

    Args:
        naming: names producers.
        products: what part of each product is at risk.
        found: the markets of each product.
        fallen: who falls for certain.
    """
    made = [
        bystander
        for product, at_risk in products.items()
        for bystander in _of_product(
            naming, (naming.reporter.party(product), at_risk), found.get(product, ()), fallen
        )
    ]
    return tuple(
        sorted(
            made,
            key=lambda item: (
                -item.at_risk.low,
                -item.at_risk.high,
                item.product.id,
                -item.counted.part.low if item.counted else 0,
                not item.country,
                item.country,
                item.counted.party.id if item.counted else "",
            ),
        )
    )


def _of_product(
    naming: Naming,
    hit: tuple[Party, Part],
    counts: Iterable[Market],
    fallen: Container[int],
) -> list[Bystander]:
    product, at_risk = hit
    counted: dict[str, Producer] = {}
    firms: dict[str, list[Producer]] = {}
    falling: dict[str, list[Producer]] = {}
    for market in counts:
        for share in market.shares:
            producer = naming.producer(share)
            place = producer.party.country
            if market.side == "firm":
                group = falling if share.producer in fallen else firms
                group.setdefault(place, []).append(producer)
            elif share.producer not in fallen:
                counted[place or producer.party.id] = producer
    return [
        Bystander(
            counted[key].party.country if key in counted else key,
            product,
            at_risk,
            counted.get(key),
            tuple(sorted(firms.get(key, ()), key=order)),
            tuple(sorted(falling.get(key, ()), key=order)),
        )
        for key in dict.fromkeys((*counted, *firms))
    ]
