"""How are the packed claims of a store compiled into the arrays of an index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.arrays import FIELDS, Arrays
from spillover.graph.claims import KIND_CODES
from spillover.graph.dates import OPEN_END
from spillover.graph.evidence import CONFIDENCES
from spillover.graph.store import Store
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED

Ints = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]

PACKED: Final = (
    *("source", "target", "low", "high", "first", "last"),
    *("observed", "key", "block", "bytes"),
)
"""Words of one packed record; the last holds four codes (see ``spillover.graph.tables.PACKED``)."""
_BYTES: Final = ("kind", "basis", "confidence", "flags")
_OWNS: Final = KIND_CODES["OWNS"]
_CONTROLS: Final = KIND_CODES["CONTROLS"]
_MEDIUM: Final = CONFIDENCES.index("medium")

PLAIN: Final = 1 << 15
"""Bit of a code: see :func:`_plain`."""


def code(
    kind: npt.NDArray[Any],
    basis: npt.NDArray[Any],
    confidence: npt.NDArray[Any],
    flags: npt.NDArray[Any],
) -> Ints:
    """Kind (5 bits), basis (4), confidence (2) and flags (4) of each claim in one number."""
    packed = flags.astype(np.int32)
    for bits, column in ((2, confidence), (4, basis), (5, kind)):
        packed <<= bits
        packed |= column
    return packed


def compile_arrays(store: Store) -> Arrays:
    """Build the arrays of :class:`spillover.graph.index.Index` from the store's packed segments."""
    segments = store.segments()
    rows = store.entity_count() + 1
    # Not joined as bytes: NumPy keeps large arrays in large pages, which are read faster at random.
    empty = np.empty(0, np.int32)
    packed = np.concatenate([empty, *(np.frombuffer(blob, "<i4") for _, _, blob in segments)])
    packed = packed.reshape(-1, len(PACKED))
    _join(packed, store.joined.every(), rows)
    _rank(packed, store)
    relation = np.concatenate(
        [empty, *(np.arange(first, first + n, dtype=np.int32) for first, n, _ in segments)]
    )
    del segments
    order, pair = _sorted(packed, rows)
    into = packed.take(order, axis=0)  # whole records: several times faster
    claims = _columns(into) | {"pair": pair}
    arrays: Arrays = {name: claims[name].copy() for name in ("last", *_BYTES)}
    arrays |= {"pair": pair, "relation": relation.take(order)}
    several = np.flatnonzero(_several(pair))
    some = {name: column[several] for name, column in claims.items()}
    for level, name in enumerate(("until_low", "until", "until_high")):
        arrays[name] = arrays["last"].copy()
        arrays[name][several] = some[name] = _until(some, level)
    codes = code(*(arrays[name] for name in _BYTES))
    codes |= _plain(claims, several, some) * np.int32(PLAIN)
    # The packed record becomes the compiled one, so that nothing is copied twice.
    into[:, FIELDS.index("until")] = arrays.pop("until")
    into[:, FIELDS.index("code")] = codes
    return arrays | _both_ways(into, rows)


def _join(packed: Ints, joined: list[tuple[int, int]], rows: int) -> None:
    """Let the one that stands for an entity be the end of its claims."""
    if joined:
        canonical = np.arange(rows, dtype=np.int32)
        canonical[[number for number, _ in joined]] = [one for _, one in joined]
        for name in ("source", "target"):
            column = packed[:, PACKED.index(name)]
            column[:] = canonical.take(column)


def texts(store: Store) -> list[str]:
    """What the keys and blocks of an index say, by their numbers in it: 0 is nothing.

    They are in order of the texts. The numbers that a file gave them tell in which order it came
    to know them, and a graph with the same content must give the same answers.
    """
    return ["", *sorted(store.terms().values())]


def _rank(packed: Ints, store: Store) -> None:
    """Give keys and blocks the numbers of :func:`texts`."""
    terms = store.terms()
    if terms:
        ranks = np.zeros(max(terms) + 1, np.int32)
        ranks[sorted(terms, key=terms.__getitem__)] = np.arange(1, len(terms) + 1)
        for name in ("key", "block"):
            column = packed[:, PACKED.index(name)]
            column[:] = ranks.take(column)


def _columns(packed: Ints) -> Columns:
    """Views of the columns of packed records."""
    columns: Columns = {name: packed[:, number] for number, name in enumerate(PACKED[:-1])}
    single = packed.view(np.uint8)[:, -len(_BYTES) :]
    return columns | {name: single[:, number] for number, name in enumerate(_BYTES)}


def _both_ways(into: Ints, rows: int) -> Arrays:
    """The records in both orders, and where the row of each entity starts."""
    source, target = (into[:, FIELDS.index(name)] for name in ("source", "target"))
    # One number for source and position sorts several times as fast as ``argsort``.
    stamped = (source.astype(np.int64) << 32) | np.arange(len(source))
    stamped.sort()
    order = stamped & 0xFFFFFFFF
    out = into.take(order, axis=0)
    out[:, FIELDS.index("source")] = order
    starts = {"into_start": _starts(target, rows), "out_start": _starts(stamped >> 32, rows)}
    return {"into": into, "out": out, **starts}


def _sorted(packed: Ints, rows: int) -> tuple[Positions, Ints]:
    """Order in which claims of a pair stand together, and the number of each claim's pair.

    Most pairs have one claim, so only the claims of the others are sorted by everything else.
    """
    source, target = (packed[:, PACKED.index(name)] for name in ("source", "target"))
    kind = packed.view(np.uint8)[:, -len(_BYTES)]
    kinds = len(KIND_CODES)
    if rows * rows * kinds < 2**63:
        column = target.astype(np.int64)
        column = (column * kinds + kind) * rows + source
        order = np.argsort(column)
        pair = _runs((column.take(order),))
    else:
        order = np.lexsort((source, kind, target))
        pair = _runs(column[order] for column in (target, kind, source))
    several = np.flatnonzero(_several(pair))
    position = order[several]
    some = _columns(packed.take(position, axis=0))
    keys = (some["observed"], some["basis"], some["key"], some["flags"] & INDIRECT, pair[several])
    order[several] = position[np.lexsort((position, *keys))]
    return order, pair


def _several(run: Ints) -> Flags:
    """Which elements stand in a run of more than one; runs have numbers that ascend."""
    same = run[1:] == run[:-1]
    found = np.zeros(len(run), bool)
    found[1:] = same
    found[:-1] |= same
    return found


def _runs(columns: Iterable[npt.NDArray[Any]]) -> Ints:
    """Number of the run of equal values in these columns that each record stands in."""
    first, *others = columns
    new = np.empty(len(first), bool)
    new[:1] = False
    np.not_equal(first[1:], first[:-1], out=new[1:])
    for column in others:
        new[1:] |= column[1:] != column[:-1]
    return np.cumsum(new, dtype=np.int32)


def _starts(ordered: npt.NDArray[Any], rows: int) -> Positions:
    starts = np.zeros(rows + 1, np.int64)
    np.cumsum(np.bincount(ordered, minlength=rows), out=starts[1:])
    return starts


def _plain(claims: Columns, several: Positions, some: Columns) -> Flags:
    """Which claims say all there is of a share between their ends while they count.

    That is a holding held directly and alone, or control of which no means are stated, that is no
    denial, names two ends, and beside which no other claim of a share between the same ends
    counts on any day, at medium confidence.

    Args:
        claims: all of them.
        several: positions of those whose pair has more than one.
        some: the same columns of those.
    """
    found = _alone_plain(claims)
    busy = _shares(some) & (some["confidence"] >= _MEDIUM) & (some["first"] <= some["until"])
    at = np.flatnonzero(busy)
    at = at[np.lexsort((some["first"][at], some["pair"][at]))]
    pair, first = some["pair"][at].astype(np.int64), some["first"][at]
    latest = np.maximum.accumulate((pair << 32) + some["until"][at])
    apart = (pair[1:] << 32) + first[1:] > latest[:-1]
    crowded = _several(np.cumsum(np.append(True, apart)[: len(at)], dtype=np.int32))
    found[several[at[crowded]]] = False
    # A stated parent who holds a share, too, is no unknown share beside it.
    ties = np.flatnonzero(claims["kind"] == _CONTROLS)
    if len(ties):
        held = np.flatnonzero(claims["kind"] == _OWNS)
        found[ties[np.isin(_ends(claims, ties), _ends(claims, held))]] = False
    return found


def _ends(claims: Columns, at: Positions) -> Positions:
    ends: Positions = (claims["target"][at].astype(np.int64) << 32) + claims["source"][at]
    return ends


def _alone_plain(claims: Columns) -> Flags:
    """Which claims are plain where no other has the same ends."""
    direct = (claims["flags"] & INDIRECT == 0) & (claims["key"] == 0)
    found = (claims["flags"] & DENIES == 0) & (claims["source"] != claims["target"])
    owns = claims["kind"] == _OWNS
    parent = (claims["kind"] == _CONTROLS) & (claims["basis"] == 0)
    plain: Flags = found & np.where(owns, direct, parent)
    return plain


def _shares(some: Columns) -> Flags:
    """Which claims say that there is a share, or deny it."""
    parent = (some["kind"] == _CONTROLS) & (some["basis"] == 0) & (some["flags"] & DENIES == 0)
    shares: Flags = (some["kind"] == _OWNS) | parent
    return shares


def _until(some: Columns, least: int) -> Ints:
    """Last day of each claim before a later observation of the same thing takes its place.

    Only a claim that states a share, is at least so sure, and is no denial takes another's place:
    from its observation on, or from its start where that is later still. One that had closed
    before the other began speaks of another time.

    Args:
        some: claims in order of pair and thing, oldest observation first.
        least: code of the least confidence.
    """
    observed = some["observed"].astype(np.int64)
    columns = (some["pair"], some["flags"] & INDIRECT, some["basis"], some["key"])
    thing = _runs(columns).astype(np.int64)
    dated = (observed > 0) & (some["flags"] & DENIES == 0)
    takes = dated & (some["confidence"] >= least) & (some["flags"] & UNSTATED == 0)
    place = np.maximum(observed, some["first"])
    stamp = (thing << 32) + observed
    taking = stamp[takes]
    # The earliest place that any later claim of the thing takes: of a later thing all are greater.
    earliest = np.minimum.accumulate(((thing << 32) + place)[takes][::-1])[::-1]
    following = np.searchsorted(taking, stamp, side="right")
    ended = np.full(len(thing), OPEN_END, np.int64)
    followed = np.flatnonzero(dated & (following < len(taking)))
    successor = earliest[following[followed]]
    same = successor >> 32 == thing[followed]
    ended[followed[same]] = (successor[same] & 0xFFFFFFFF) - 1
    # Rare: a claim that had closed before an earlier observed one of the thing began.
    begun = np.maximum.accumulate((thing << 32) + some["first"])
    closed = takes[1:] & ((thing[1:] << 32) + some["last"][1:] < begun[:-1])
    for one in np.unique(thing[1:][closed]).tolist():
        within = slice(*np.searchsorted(thing, (one, one + 1)).tolist())
        few = {name: column[within] for name, column in some.items()}
        ended[within] = _one_by_one(few, dated[within], takes[within], place[within])
    until: Ints = np.minimum(some["last"], ended).astype(np.int32)
    return until


def _one_by_one(some: Columns, dated: Flags, takes: Flags, place: Positions) -> Positions:
    """The same for one thing, where not every later claim takes every earlier one's place."""
    ended = np.full(len(dated), OPEN_END, np.int64)
    for n in np.flatnonzero(dated).tolist():
        later = takes & (some["observed"] > some["observed"][n])
        later &= some["last"] >= some["first"][n]
        ended[n] = place[later].min(initial=OPEN_END + 1) - 1
    return ended
