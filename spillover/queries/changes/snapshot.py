"""What stood on a day: who was listed, how everybody stood under each rule, and who was exposed.

A snapshot is the part of the graph that lists and further targets reach, worked out at once, so
that two of them (of two versions, days or scenarios) can be compared: see
:mod:`spillover.queries.changes.comparing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.case import Case
from spillover.queries.changes.change import LISTED, TARGET, WORDS
from spillover.queries.conditions import Conditions
from spillover.queries.costly import too_costly
from spillover.queries.ids import ids
from spillover.queries.ledger import Ledger
from spillover.queries.listings import known, starting
from spillover.queries.rulebook import Rule, rule
from spillover.queries.screening.pruning import above
from spillover.queries.shocks.hops import Channels

if TYPE_CHECKING:
    from spillover.queries.shocks.search import Reached

Ints = npt.NDArray[np.int64]

_DESIGNATES: Final = KIND_CODES["DESIGNATES"]


class Listings(NamedTuple):
    """Designations that count on the day, one element each, in order of their claims."""

    entity: Ints
    programme: Ints
    position: Ints
    """Position of the claim in the index."""

    def only(self, which: npt.NDArray[np.bool_]) -> Listings:
        """Some of them."""
        return Listings(*(column[which] for column in self))


@dataclass(frozen=True, slots=True)
class Ruled:
    """How entities stand under one rule; those that are not here stand as ``not_blocked``."""

    law: Rule
    case: Case | None
    """The question behind it; None when it starts from nobody who could reach anybody."""
    programmes: Ints
    """Entity numbers of the programmes that start it."""
    targets: Ints
    """From whom it starts; sorted."""
    entity: Ints
    """Sorted."""
    word: Ints
    """Codes: positions in :data:`WORDS`."""
    low: Ints
    """What those who are reached hold of it at least, in millionths of a percent."""
    high: Ints
    unsettled: npt.NDArray[np.bool_]
    """Undetermined only because the law leaves something open."""
    skipped: bool = False
    """It sums chains, and too much hangs on those from whom it starts: only these are here."""


@dataclass(frozen=True)
class Snapshot:
    """What stood on a day. It reads its graph when it is compared, so that must still be open."""

    graph: Graph
    when: Conditions
    rules: tuple[Ruled, ...]
    listings: Listings
    exposures: Reached | None
    """The strongest paths from everybody from whom a rule starts; None when not asked for."""
    of: frozenset[int] | None
    """The entities that it is about; None: everybody."""

    @cached_property
    def ids(self) -> dict[int, str]:
        """The id of every entity that it speaks of, by number."""
        numbers = [*self.listings[:2], *(ruled.entity for ruled in self.rules)]
        if self.exposures is not None:
            numbers.append(np.array(self.exposures.entities, np.int64))
        return ids(self.graph, np.unique(np.concatenate(numbers)).tolist())

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of every entity that it speaks of, by id."""
        return {entity_id: number for number, entity_id in self.ids.items()}


def snapshot(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    graph: Graph,
    when: Conditions,
    *,
    rules: Sequence[str],
    targets: Iterable[int] = (),
    of: Iterable[int] | None = None,
    exposures: bool = True,
    limit: int = 10_000,
    most: int | None = None,
) -> Snapshot:
    """Listings, verdicts and the strongest exposures on a day.

    Args:
        graph: the graph; it must stay open until the snapshot has been compared.
        when: day, age and confidence of the claims.
        rules: ids of the rules to ask.
        targets: numbers of entities to take as listed under every rule, beside those that its
            programmes list on the day.
        of: numbers of entities that it is about; None for everybody who is reached.
        exposures: whether to search for exposure paths.
        limit: that search explores at most so many places.
        most: a rule that sums chains is skipped where more entities hang on those from whom it
            starts: the sums are exact, and in a large circle of owners they take hours.

    Raises:
        NotFoundError: a rule.
    """
    further = np.unique(np.fromiter(targets, np.int64))
    about = None if of is None else np.unique(np.fromiter(of, np.int64))
    listings = _listings(graph, when)
    ledger = Ledger(graph, when)
    ruled = tuple(_ruled(ledger, rule(name), (further, about), most) for name in rules)
    reached = None
    if exposures:
        from spillover.queries.shocks.search import search

        starts = np.unique(np.concatenate([further, *(one.targets for one in ruled)]))
        reached = search(Channels(graph.index, when), starts, limit=limit)
    if about is not None:
        listings = listings.only(np.isin(listings.entity, about))
    within = None if about is None else frozenset(about.tolist())
    return Snapshot(graph, when, ruled, listings, reached, within)


def _listings(graph: Graph, when: Conditions) -> Listings:
    index = graph.index
    at = np.flatnonzero(index.kind == _DESIGNATES)
    at = at[(index.flags[at] & DENIES == 0) & when.valid(index, at)]
    return Listings(index.target(at), index.source[at].astype(np.int64), at)


def _ruled(ledger: Ledger, law: Rule, whom: tuple[Ints, Ints | None], most: int | None) -> Ruled:
    """How everybody who is touched stands under a rule, or only those who are asked about."""
    further, about = whom
    graph, when = ledger.graph, ledger.when
    programmes = known(graph, law.programmes)
    listed = starting(graph, when, law)
    targets = np.union1d(listed, further)
    active = _active(ledger, targets)
    if about is not None:
        active = np.intersect1d(active, above(graph.index, about, when))
    skipped = too_costly(ledger, law, active, most)
    case = Case(ledger, active, law, about) if len(active) and not skipped else None
    asked = about
    if asked is None:
        asked = case.touched() if case is not None else targets
    stands = case.stands(np.setdiff1d(asked, targets)) if case is not None else []
    shown = targets if about is None else np.intersect1d(targets, about)
    none = np.zeros(len(shown), np.int64)
    rank = {verdict: code for code, verdict in enumerate(WORDS)}
    columns = (
        np.append(shown, [stand.entity for stand in stands]),
        np.append(
            np.where(np.isin(shown, listed), rank[LISTED], rank[TARGET]),
            [rank[stand.verdict] for stand in stands],
        ),
        np.append(none, [stand.share.low for stand in stands]),
        np.append(none, [stand.share.high for stand in stands]),
        np.append(none, [stand.unsettled for stand in stands]),
    )
    order = np.argsort(columns[0])
    entity, word, low, high, unsettled = (column[order].astype(np.int64) for column in columns)
    sorted_out = (entity, word, low, high, unsettled.astype(bool))
    return Ruled(law, case, programmes, targets, *sorted_out, skipped)


def _active(ledger: Ledger, targets: Ints) -> Ints:
    """Those targets that can reach anybody: of most who are listed nobody says that they own.

    Leaving the others out changes no verdict, and where a rule looks at each person alone it
    spares one cascade for each of them.
    """
    index = ledger.index
    outward = np.diff(index.out_start)[targets] > 0
    _, clients, _ = ledger.ties("REPRESENTS", targets)
    return targets[outward | np.isin(targets, clients)]
