"""Which counts of technologies led are printed of countries, without the list behind them?

A bare claim stands as it is printed, with its date and publisher; claims of several editions are
kept side by side and never averaged. Where this graph has the technologies themselves, by the same
publisher and date, the count is made again from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.answer import Party, Reporter
from spillover.queries.described import countries

_SAID: Final = re.compile(
    r"(?P<led>\d+) of (?P<of>\d+) technologies"
    r"(?: \((?P<date>\d{4}[\d-]*)?(?:, )?(?P<publisher>[^;]*?)(?:; (?P<url>[^)\s]*))?\))?"
    r"(?: - (?P<note>.*))?"
).fullmatch
"""``37 of 44 technologies (2023-03-01, ASPI; https://...) - note``."""
_BARE: Final = "technologiesled"
"""End of the name of a property that counts the technologies that a country leads."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A count of technologies led, as somebody printed it: no list stands behind it."""

    party: Party
    text: str
    """As the graph has it."""
    led: int | None
    """None where the text is no count."""
    of: int | None
    date: str
    publisher: str
    url: str
    note: str
    covered: int
    """Technologies of which this graph has a count by country of this publisher and date."""
    found: int
    """Of these, those that the country certainly leads."""


def bare(
    graph: Graph, reporter: Reporter, known: Mapping[tuple[str, str], Sequence[int | None]]
) -> tuple[Bare, ...]:
    """What is printed of the countries of a graph, by country and date.

    Args:
        graph: the graph.
        reporter: names the countries.
        known: by publisher and date, who leads each technology of which the graph has a count by
            country; None where nobody certainly does.
    """
    found = [
        _said(reporter.party(number), text, known)
        for number, country in countries(graph).items()
        for text in _texts(country)
    ]
    return tuple(sorted(found, key=lambda said: (said.party.id, said.date, said.text)))


def _texts(country: Entity) -> list[str]:
    return [
        text
        for name, texts in sorted(country.properties.items())
        if name.lower().endswith(_BARE)
        for text in texts
    ]


def _said(party: Party, text: str, known: Mapping[tuple[str, str], Sequence[int | None]]) -> Bare:
    match = _SAID(text)
    if match is None:
        return Bare(party, text, None, None, "", "", "", "", 0, 0)
    part = match.groupdict(default="")
    led = known.get((part["publisher"], part["date"]), ())
    return Bare(
        party,
        text,
        int(part["led"]),
        int(part["of"]),
        part["date"],
        part["publisher"],
        part["url"],
        part["note"],
        len(led),
        sum(leader == party.num for leader in led),
    )
