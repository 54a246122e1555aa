"""Which direct flows broke off while the same good took a way through somebody else, and when?

The question of :mod:`~spillover.queries.diversion.diversion` without a target, or without a day:
every supplier, target and year is tried. Only goods with codes and yearly figures are searched.
For each flow the report is taken that names it in most years, the exporter's where both do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.diversion.detector import Bounds, Found, detect
from spillover.queries.diversion.direct import holders, named
from spillover.queries.diversion.flows import VOICES, Flow, Flows, Voice, positions, read
from spillover.queries.diversion.goods import Good, called, catalogue, choose
from spillover.queries.diversion.periods import YEAR, Span, season, window
from spillover.queries.diversion.periods import span as span_of

if TYPE_CHECKING:
    from spillover.queries.diversion.detector import Floats

_USUAL: Final = Bounds()
_LEGS: Final = 3
_ANY: Final = "2000"
"""A day to read memberships by, where no day was named."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One of the three flows of a break, year by year. Amounts are floats: a search estimates."""

    exporter: Party
    importer: Party
    voice: Voice
    amounts: tuple[tuple[str, float | None], ...]
    """Years around the break; None: nobody reports on it."""


@dataclass(frozen=True, slots=True)
class Break:
    """A direct flow that broke off, and the way that its good can have taken."""

    good: Good
    year: str
    """The first year after."""
    unit: str
    direct: Leg
    inward: Leg
    """From the supplier to the hub."""
    outward: Leg
    """From the hub to the target."""
    lost: float
    """Fall of the direct flow, a year."""
    through: float
    """What can have passed through the hub at most, of what was lost, a year."""
    share: float
    """The same over what was lost."""
    claims: tuple[Claim, ...]
    """The rows of the three legs around the break."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Breaks in flows of goods."""

    when: Conditions
    asked: tuple[str, ...]
    target: Party | None
    since: str | None
    bounds: Bounds
    names: Mapping[Good, str]
    breaks: tuple[Break, ...]
    """What can have passed most first."""
    hidden: int
    falls: int
    """Direct flows that broke off: what was tested."""
    flows: int
    """Flows that were searched."""
    unsearched: int
    """Claims that are not searched: no code, no year, no single value, or only a part of a flow."""
    sources: Sources


class _Panel(NamedTuple):
    """Flows of one good in one unit."""

    good: Good
    unit: str
    ends: tuple[int, ...]
    years: tuple[Span, ...]
    amounts: Floats
    voices: Mapping[tuple[int, int], Voice]
    rows: Mapping[tuple[int, int], list[Flow]]


def scan(  # noqa: PLR0913 - what is searched, and how it is narrowed
    graph: Graph,
    products: Sequence[str],
    *,
    when: Conditions,
    target: str | None = None,
    since: str | None = None,
    direct: Sequence[str] = (),
    hubs: Sequence[str] = (),
    top: int = 10,
    bounds: Bounds = _USUAL,
) -> Scan:
    """Breaks in every flow of these goods, or only those to a target, or of one year.

    Args:
        graph: the graph.
        products: HS codes, products, or regimes that cover goods.
        when: day, age and confidence of the claims.
        target: only flows to this importer.
        since: only the first yearly figure of which most days lie after this day.
        direct: only these suppliers: countries or regimes.
        hubs: only ways through these.
        top: breaks to tell; others are counted.
        bounds: from where on something is a break.

    Raises:
        NotFoundError, AmbiguousError: a name.
        InputError: there is no yearly figure of a good with a code.
        DateError: the day.
    """
    known = catalogue(graph)
    chosen = choose(graph, when, known, products)
    flows = read(graph, when, known, positions(graph, known, chosen.goods))
    usable = [row for row in flows.rows if _searched(row)]
    if not usable:
        raise InputError(
            "no yearly figure in a single number is known of these goods by their HS codes, and"
            " only such are searched; name --target and --since to compare what there is"
        )
    only = graph.find([target]) if target else []
    ways = graph.find(hubs)
    around = window(since or _ANY)
    suppliers = None
    if direct:
        ends = graph.store.entities({row.exporter for row in usable})
        suppliers = holders(named(graph, when, around, names=direct), ends)
    found: list[tuple[Found, _Panel]] = []
    falls = searched = 0
    for panel in _panels(flows, usable):
        searched += len(panel.rows)
        years = [n for n, year in enumerate(panel.years) if _begins(around.since, year)]
        if since is not None and not years:
            continue
        among = _among(panel, only, suppliers)
        detected = detect(panel.amounts, bounds, tuple(years if since else ()), among=among)
        falls += detected.falls
        breaks = (one for one in detected.breaks if not ways or panel.ends[one.hub] in ways)
        found += [(one, panel) for one in breaks]
    found.sort(key=lambda pair: (-pair[0].through, pair[1].good, pair[0][:4]))
    reporter = Reporter(graph, when)
    return Scan(
        when,
        chosen.asked,
        reporter.party(only[0]) if only else None,
        since,
        bounds,
        called(graph, known, {panel.good for _, panel in found[:top]}),
        tuple(_break(reporter, one, panel, bounds) for one, panel in found[:top]),
        max(len(found) - top, 0),
        falls,
        searched,
        len(flows.rows) - len(usable),
        sources(graph),
    )


def _searched(row: Flow) -> bool:
    """Whether a claim is a yearly figure of a good with a code."""
    value = row.amounts[0]
    single = value is not None and value.low == value.high
    whole = not row.part and not row.denied and row.exporter != row.importer
    return bool(row.good.code) and single and whole and season(row.days) == YEAR


def _begins(since: int, year: Span) -> bool:
    """Whether a year is the first of which most days lie after a day."""
    after = year.last - since + 1
    return year.days < 2 * after <= 3 * year.days


def _panels(flows: Flows, rows: Iterable[Flow]) -> Iterable[_Panel]:
    """The flows of each good and unit, good after good."""
    by_good: dict[tuple[Good, str], list[Flow]] = defaultdict(list)
    for row in rows:
        value = row.amounts[0]
        by_good[row.good, value.unit if value else ""].append(row)
    for (good, unit), found in sorted(by_good.items()):
        yield _panel(flows, good, unit, found)


def _panel(flows: Flows, good: Good, unit: str, rows: Sequence[Flow]) -> _Panel:
    ends = tuple(sorted({end for row in rows for end in (row.exporter, row.importer)}))
    spans = sorted({row.days for row in rows})
    years = tuple(_every_year(spans))
    place = {end: number for number, end in enumerate(ends)}
    when = {span: number for number, span in enumerate(years)}
    amounts = np.full((len(ends), len(ends), len(years)), np.nan)
    reports = {end: _mask(flows.active.get(end, ()), when) for end in (0, *ends)}
    for end in ends:  # who reports, but names no flow, says that there was none
        amounts[place[end], :, reports[end]] = 0.0
    amounts[:, :, reports[0]] = 0.0
    by_pair: dict[tuple[int, int], list[Flow]] = defaultdict(list)
    for row in rows:
        by_pair[row.exporter, row.importer].append(row)
    voices: dict[tuple[int, int], Voice] = {}
    for pair, claims in by_pair.items():
        counts = Counter(row.voice for row in claims)
        voice = min(counts, key=lambda name: (-counts[name], VOICES.index(name)))
        voices[pair] = voice
        line = np.full(len(years), np.nan)
        speaker = {"exporter": pair[0], "importer": pair[1], "reconciled": 0}.get(voice)
        if speaker is not None:
            line[reports[speaker]] = 0.0
        for row in claims:
            value = row.amounts[0]
            if row.voice == voice and value is not None:
                line[when[row.days]] = float(value.low)
        amounts[place[pair[0]], place[pair[1]]] = line
    return _Panel(good, unit, ends, years, amounts, voices, by_pair)


def _every_year(spans: Sequence[Span]) -> list[Span]:
    """All years from the first to the last, also those without any figure."""
    known = {span.text[:4]: span for span in spans}
    first, last = int(min(known)), int(max(known))
    return [known.get(f"{year:04}", _year(year)) for year in range(first, last + 1)]


def _year(year: int) -> Span:
    found = span_of(f"{year:04}")
    if found is None:
        raise ValueError(f"{year} is no year")
    return found


def _mask(spans: Iterable[Span], when: Mapping[Span, int]) -> list[int]:
    return [when[span] for span in spans if span in when]


def _among(
    panel: _Panel, targets: Collection[int], suppliers: Collection[int] | None
) -> npt.NDArray[np.bool_]:
    """Direct flows that are asked for."""
    sends = [suppliers is None or end in suppliers for end in panel.ends]
    takes = [not targets or end in targets for end in panel.ends]
    among: npt.NDArray[np.bool_] = np.outer(sends, takes)
    return among


def _break(reporter: Reporter, one: Found, panel: _Panel, bounds: Bounds) -> Break:
    supplier, hub, target = (panel.ends[row] for row in one[:_LEGS])
    shown = range(max(one.year - bounds.before, 0), min(one.year + bounds.after, len(panel.years)))
    pairs = (supplier, target), (supplier, hub), (hub, target)
    direct, inward, outward = (_leg(reporter, panel, pair, shown) for pair in pairs)
    days = {panel.years[number] for number in shown}
    at = [row.position for pair in pairs for row in panel.rows.get(pair, ()) if row.days in days]
    claims = reporter.claims(at)
    return Break(
        panel.good,
        panel.years[one.year].text,
        panel.unit,
        direct,
        inward,
        outward,
        one.lost,
        one.through,
        one.share,
        tuple(claims[position] for position in at),
    )


def _leg(reporter: Reporter, panel: _Panel, pair: tuple[int, int], shown: Iterable[int]) -> Leg:
    places = [panel.ends.index(end) for end in pair]
    line = panel.amounts[places[0], places[1]]
    return Leg(
        reporter.party(pair[0]),
        reporter.party(pair[1]),
        panel.voices.get(pair, "exporter"),
        tuple((panel.years[n].text, None if np.isnan(line[n]) else float(line[n])) for n in shown),
    )
