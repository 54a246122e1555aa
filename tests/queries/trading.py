"""Flows of trade for tests, from short lines, in the shapes that loaders of trade give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Relation
from spillover.queries.conditions import conditions
from spillover.queries.diversion.answer import Basket, Diversion, Hub
from spillover.queries.diversion.diversion import diversion
from tests.graphs import opened

DAY = "2026-11-22"
CODE = "854231"


ROUTE = """
de ru 2020 100 x
de ru 2021 120 x
de ru 2022 10 x
de ru 2023 20 x
kz ru 2020 2 x
kz ru 2021 4 x
kz ru 2022 30 x
kz ru 2023 40 x
de kz 2020 5 x
de kz 2021 5 x
de kz 2022 29 x
de kz 2023 31 x
"""
"""Germany's exports to Russia fall from 110 to 15 a year; Kazakhstan's rise from 3 to 35, and
what it buys from Germany from 5 to 30."""

YEARS = range(2016, 2026)
SERIES = {
    ("de", "ru"): [100] * 5 + [10] * 5,
    ("de", "kz"): [10] * 5 + [15] + [90] * 4,  # starts a year later
    ("kz", "ru"): [5] * 5 + [6] + [80] * 4,
    ("de", "fr"): [300] * 10,
    ("fr", "ru"): [50] * 10,
}
"""Germany loses 90 of 100 in 2021; 75 more reach Russia from Kazakhstan, 80 more Kazakhstan."""


def country(code: str) -> Entity:
    """A country as loaders of trade make it."""
    return Entity(f"country:{code}", "Country", code.upper(), (), (code,), (("iso3166", code),))


def flow(line: str) -> Relation:
    """One claim: EXPORTER IMPORTER PERIOD AMOUNT..., and words.

    ``x`` and ``m`` say that the exporter or the importer reports it, ``r`` that it is a reconciled
    figure, ``rx`` that it is a re-export; other flows are of another source. ``hs=`` is the code,
    ``words=`` a product without one, ``kg=`` the weight.

    >>> flow("us kz 2021 100 x").properties["value"]
    ('100 USD',)
    """
    exporter, importer, period, value, *words = line.split()
    said = dict(word.split("=", 1) for word in words if "=" in word)
    marks = [word for word in words if "=" not in word]
    properties: dict[str, tuple[str, ...]] = {"period": (period,)}
    properties |= (
        {"product": (said["words"].replace("_", " "),)}
        if "words" in said
        else {"hs6": (said.get("hs", CODE),)}
    )
    if value != "-":
        properties["value"] = (f"{value.replace('_', ' ')} USD",)
    if "kg" in said:
        properties["weight"] = (f"{said['kg']} kg",)
    for mark, (reporter, kind) in {
        "x": (exporter, "export"),
        "rx": (exporter, "re-export"),
        "m": (importer, "import"),
    }.items():
        if mark in marks:
            properties |= {"reporter": (reporter,), "flow": (kind,)}
    if "r" in marks:
        properties["reconciled"] = ("true",)
    evidence = Evidence(
        said.get("by", "UN"),
        observed=period.rpartition("/")[2],
        stance="denies" if "denies" in marks else "asserts",
        confidence="low" if "low" in marks else "high",
        record=line,
    )
    ends = f"country:{exporter}", f"country:{importer}"
    return Relation("EXPORTS", *ends, evidence=evidence, properties=properties)


def flows(text: str | Iterable[str]) -> list[Entity | Relation]:
    """The claims of a text, one a line, and the countries that they name."""
    lines = text.strip().splitlines() if isinstance(text, str) else text
    claims = [flow(line) for line in lines if line.strip()]
    codes = sorted({end.partition(":")[2] for one in claims for end in (one.source, one.target)})
    return [*map(country, codes), *claims]


def told() -> str:
    """The same, as exporters report it."""
    return "\n".join(
        f"{exporter} {importer} {year} {value} x"
        for (exporter, importer), values in SERIES.items()
        for year, value in zip(YEARS, values, strict=True)
    )


def ask(
    items: str | Sequence[Entity | Relation],
    *,
    products: Sequence[str] = (CODE,),
    target: str = "ru",
    since: str = "2022-02",
    **asked: Any,
) -> Diversion:
    """The answer for a small graph."""
    with opened(flows(items) if isinstance(items, str) else items) as graph:
        return diversion(graph, products, target, since=since, when=conditions(DAY), **asked)


def basket(answer: Diversion) -> Basket:
    """The only basket."""
    (one,) = answer.baskets
    return one


def hub(answer: Diversion, code: str) -> Hub:
    """One hub by its country."""
    return {one.party.country: one for one in basket(answer).hubs}[code]
