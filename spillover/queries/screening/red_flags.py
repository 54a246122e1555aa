"""What calls for a closer look at an entity, short of a verdict, and on whose word?

A red flag decides nothing. Each carries the claims behind it, or the published list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE, Stake, format_stake
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Party, Reporter
from spillover.queries.holdings import BASES, Flags, Ints
from spillover.queries.ledger import Ledger
from spillover.queries.screening.divestments import sales

RED_FLAGS: Final = {
    "minority_stake": "somebody listed or blocked holds 25 % or more of it, and less than the"
    " threshold",
    "share_unknown": "somebody listed or blocked holds a share of it that no source states",
    "control": "somebody listed or blocked is stated to control it",
    "recent_divestment": "somebody listed or blocked sold it within two years to family or staff",
    "state_tie": "an organ of a state or of a party is tied to it",
    "re_export_hub": "it is in a place that an authority has published as a transshipment point",
}
"""Every red flag of a screening, in words."""

MINORITY: Final = 25 * UNITS_PER_PERCENT
"""From how large a share on a minority stake is flagged, in millionths of a percent."""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One reason to look closer."""

    kind: str
    """One of :data:`RED_FLAGS`."""
    words: str
    claims: tuple[Claim, ...]
    url: str = ""
    """Of the published list, where no claim stands behind it."""


class Persons(NamedTuple):
    """Who is listed on the day, or blocked for certain under a rule; sorted numbers."""

    listed: Ints
    blocked: Ints
    threshold: int
    """Least share that reaches under the rules that are asked, in millionths of a percent."""

    @property
    def all(self) -> Ints:
        """Both."""
        return np.union1d(self.listed, self.blocked)


class _Raised(NamedTuple):
    """A flag whose names and claims are still numbers."""

    kind: str
    entity: int
    who: tuple[int, ...]
    positions: tuple[int, ...]
    share: Stake | None = None


def red_flags(
    ledger: Ledger, entities: Ints, persons: Persons, reporter: Reporter
) -> dict[int, tuple[RedFlag, ...]]:
    """The red flags of each of these (sorted) entities; those without any are left out."""
    raised = [
        *_stakes(ledger, entities, persons),
        *_controls(ledger, entities, persons),
        *_sold(ledger, entities, persons),
        *_state(ledger, entities),
    ]
    claims = reporter.claims(at for flag in raised for at in flag.positions)
    parties = reporter.parties(number for flag in raised for number in flag.who)
    listed = set(persons.listed.tolist())
    found: dict[int, list[RedFlag]] = {}
    for flag in raised:
        who = [_called(parties[number], listed=number in listed) for number in flag.who]
        behind = tuple(claims[at] for at in flag.positions)
        words = _words(flag, who, [parties[number].name for number in flag.who], behind)
        found.setdefault(flag.entity, []).append(RedFlag(flag.kind, words, behind))
    order = list(RED_FLAGS)
    return {
        entity: tuple(sorted(flags, key=lambda f: (order.index(f.kind), f.words)))
        for entity, flags in found.items()
    }


def _called(party: Party, *, listed: bool) -> str:
    return f"{party.name} ({'listed' if listed else 'blocked'})"


def _words(flag: _Raised, who: list[str], names: list[str], claims: tuple[Claim, ...]) -> str:
    if flag.kind == "state_tie":
        ties = {text for claim in claims for key, text in claim.properties if key == "tie"}
        denied = "; a source denies it" if any(c.stance == "denies" for c in claims) else ""
        return f"{names[0]} is tied to it{': ' if ties else ''}{', '.join(sorted(ties))}{denied}"
    if flag.kind == "minority_stake":
        assert flag.share is not None
        return f"{who[0]} holds {format_stake(flag.share)}, below the threshold"
    if flag.kind == "share_unknown":
        return f"{who[0]} holds a share that no source states"
    if flag.kind == "control":
        denied = "; a source denies it" if any(c.stance == "denies" for c in claims) else ""
        return f"{who[0]} is stated to control it{denied}"
    return f"{who[0]} sold to {names[1]}, and the two are related"


def _stakes(ledger: Ledger, entities: Ints, persons: Persons) -> Iterator[_Raised]:
    """Shares of the listed and blocked that do not decide, or that nobody states."""
    held = ledger.held(entities, BASES, parents=False)
    mine = np.isin(held.owner, persons.all) & (held.owner != held.asset)
    minority = (held.high >= MINORITY) & (held.low < persons.threshold)
    for at in np.flatnonzero(mine & minority).tolist():
        share = Stake(int(held.low[at]), int(held.high[at]))
        kind = "share_unknown" if share == (0, WHOLE) else "minority_stake"
        behind = dict.fromkeys((int(held.binding[at]), int(held.widest[at])))
        yield _Raised(kind, int(held.asset[at]), (int(held.owner[at]),), tuple(behind), share)


def _controls(ledger: Ledger, entities: Ints, persons: Persons) -> Iterator[_Raised]:
    at, about = _about(ledger, "CONTROLS", entities)
    mine = np.isin(ledger.index.source[at], persons.all)
    yield from _of_pairs(ledger, "control", at[mine], about[mine])


def _state(ledger: Ledger, entities: Ints) -> Iterator[_Raised]:
    at, about = _about(ledger, "STATE_TIE", entities)
    yield from _of_pairs(ledger, "state_tie", at, about)


def _about(ledger: Ledger, kind: str, entities: Ints) -> tuple[Ints, Ints]:
    """Claims of a kind about these entities that count on the day, denials among them."""
    index = ledger.index
    at, about = index.into(entities)
    keep = index.kind[at] == KIND_CODES[kind]
    at, about = at[keep], about[keep]
    keep = ledger.when.valid(index, at)
    return at[keep], about[keep]


def _of_pairs(ledger: Ledger, kind: str, at: Ints, about: Ints) -> Iterator[_Raised]:
    """A flag for each pair that a claim asserts, with the denials beside it."""
    index = ledger.index
    pairs: dict[tuple[int, int], list[int]] = {}
    for position, entity in zip(at.tolist(), about.tolist(), strict=True):
        pairs.setdefault((entity, int(index.source[position])), []).append(position)
    for (entity, source), positions in pairs.items():
        asserted: Flags = index.flags[np.array(positions)] & DENIES == 0
        if entity != source and asserted.any():
            yield _Raised(kind, entity, (source,), tuple(positions))


def _sold(ledger: Ledger, entities: Ints, persons: Persons) -> Iterator[_Raised]:
    for sale in sales(ledger, entities, persons.all):
        who = (sale.seller, sale.buyer)
        yield _Raised("recent_divestment", sale.asset, who, sale.positions)


@cache
def hubs() -> tuple[dict[str, Any], ...]:
    """The published lists of transshipment points: name, title, publisher, date, countries."""
    import yaml

    text = (files("spillover.queries.screening") / "hubs.yml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))


def hub_flags(countries: Sequence[str]) -> tuple[RedFlag, ...]:
    """A flag for each published list that names one of these countries."""
    found = []
    for hub in hubs():
        there = [code for code in dict.fromkeys(countries) if code in hub["countries"]]
        if there:
            places = ", ".join(code.upper() for code in there)
            words = f"{places}: on the list of {hub['name']} ({hub['publisher']}, {hub['date']})"
            found.append(RedFlag("re_export_hub", words, (), hub["url"]))
    return tuple(found)
