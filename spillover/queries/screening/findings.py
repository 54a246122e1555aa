"""What is found against each of many entities: listings, verdicts, exposure, red flags?

Everything is asked for all entities at once: one case for each rule, one search for all paths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import UNITS_PER_PERCENT
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Party, Reporter
from spillover.queries.case import BLOCKED, UNDETERMINED
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Ints
from spillover.queries.ledger import Ledger
from spillover.queries.listings import starting
from spillover.queries.rulebook import Rule
from spillover.queries.screening.judgements import LISTED, Judgement, Law, judgements
from spillover.queries.screening.red_flags import Persons, RedFlag, red_flags
from spillover.queries.shocks.hops import Channels
from spillover.queries.shocks.paths import Found, Path, told
from spillover.queries.shocks.search import Reached, search

EXPOSED: Final = "exposed"
NOTHING: Final = "nothing_found"
_THRESHOLD: Final = 50 * UNITS_PER_PERCENT
"""Where minority stakes end when no rule that is asked has a threshold."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A programme that lists an entity on the day."""

    programme: Party
    since: str | None
    """The earliest start that a claim states."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Everything that was found against one entity."""

    entity: Party
    listings: tuple[Listing, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    """Under a rule that is not here it is not blocked, and nobody listed holds anything of it."""
    route: Path | None = None
    """The strongest exposure path to it from anybody listed."""
    flags: tuple[RedFlag, ...] = ()

    @property
    def status(self) -> str:
        """The gravest of ``listed``, ``blocked``, ``undetermined``, ``exposed``, or nothing."""
        found = {judgement.verdict for judgement in self.judgements if judgement.counts}
        if self.listings or LISTED in found:
            return LISTED
        for verdict in (BLOCKED, UNDETERMINED):
            if verdict in found:
                return verdict
        return EXPOSED if self.route else NOTHING


class Searched(NamedTuple):
    """How far the search for paths went."""

    explored: int
    bound: Fraction
    """No missing path has a greatest strength above this."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the entities."""

    graph: Graph
    when: Conditions
    laws: tuple[Rule, ...]
    targets: Ints
    """Entities that are taken as listed, too."""
    limit: int = 50_000
    least: Fraction = Fraction(0)
    exposures: bool = True
    what_if: frozenset[str] = frozenset()
    """Rules whose verdicts are shown and decide nothing."""
    most: int | None = None
    """Most entities below the listed for which a rule sums chains; None: however many."""


@dataclass(slots=True)
class Findings:
    """What was found, by entity; and who starts each rule."""

    of: dict[int, Finding]
    starts: dict[str, int]
    """How many entities each rule starts from."""
    searched: Searched
    skipped: tuple[str, ...]
    """Rules that were not asked, as too much hangs on the listed to sum all chains."""


def findings(asked: Asked, entities: Iterable[int], reporter: Reporter) -> Findings:
    """What is found against each of these entities."""
    numbers = np.unique(np.fromiter(entities, np.int64))
    ledger = Ledger(asked.graph, asked.when)
    starts = {
        law.id: starting(asked.graph, asked.when, law, asked.targets.tolist()) for law in asked.laws
    }
    listed = np.unique(np.concatenate([asked.targets, *starts.values()])).astype(np.int64)
    laws = [Law(law, starts[law.id], law.id not in asked.what_if) for law in asked.laws]
    judged = judgements(ledger, numbers, laws, reporter, most=asked.most)
    persons = Persons(listed, np.setdiff1d(judged.blocked, listed), _threshold(asked))
    listings = _listings(asked, numbers, reporter)
    flags = red_flags(ledger, numbers, persons, reporter)
    reached = _searched(asked, listed)
    routes = _routes(asked, numbers, reached, reporter) if reached else {}
    parties = reporter.parties(numbers.tolist())
    return Findings(
        {
            number: Finding(
                parties[number],
                listings.get(number, ()),
                tuple(judged.of.get(number, ())),
                routes.get(number),
                flags.get(number, ()),
            )
            for number in numbers.tolist()
        },
        {rule: len(found) for rule, found in starts.items()},
        Searched(reached.explored, reached.bound) if reached else Searched(0, Fraction(0)),
        judged.skipped,
    )


def _threshold(asked: Asked) -> int:
    settled = (law.settled(asked.when.day).threshold for law in asked.laws)
    return max((threshold.least for threshold in settled if threshold), default=_THRESHOLD)


def _listings(asked: Asked, entities: Ints, reporter: Reporter) -> dict[int, tuple[Listing, ...]]:
    """By entity the programmes that list it on the day, denials beside the claims."""
    index = asked.graph.index
    at, about = index.into(entities)
    keep = index.kind[at] == KIND_CODES["DESIGNATES"]
    at, about = at[keep], about[keep]
    keep = asked.when.valid(index, at)
    at, about = at[keep], about[keep]
    pairs: dict[tuple[int, int], list[int]] = {}
    for position, entity in zip(at.tolist(), about.tolist(), strict=True):
        pairs.setdefault((entity, int(index.source[position])), []).append(position)
    asserted = {
        pair: positions
        for pair, positions in pairs.items()
        if any(not index.flags[position] & DENIES for position in positions)
    }
    claims = reporter.claims(at.tolist())
    programmes = reporter.parties(programme for _, programme in asserted)
    found: dict[int, list[Listing]] = {}
    for (entity, programme), positions in asserted.items():
        behind = tuple(claims[position] for position in positions)
        said = [claim.start for claim in behind if claim.start and claim.stance == "asserts"]
        made = Listing(programmes[programme], min(said, default=None), behind)
        found.setdefault(entity, []).append(made)
    return {
        entity: tuple(sorted(listings, key=lambda listing: listing.programme.id))
        for entity, listings in found.items()
    }


def _searched(asked: Asked, listed: Ints) -> Reached | None:
    if not asked.exposures or not len(listed):
        return None
    channels = Channels(asked.graph.index, asked.when)
    return search(channels, listed, limit=asked.limit, least=asked.least)


def _routes(asked: Asked, entities: Ints, reached: Reached, reporter: Reporter) -> dict[int, Path]:
    """The strongest path to each entity that is reached."""
    mine = np.intersect1d(entities, np.array(reached.entities, np.int64)).tolist()
    found = [
        Found(reached.start(entity), entity, reached.strength(entity), reached.hops(entity), None)
        for entity in mine
    ]
    return dict(zip(mine, told(asked.graph, reporter, found), strict=True))
