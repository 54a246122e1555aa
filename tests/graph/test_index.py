"""The arrays say what a plain reading of the claims says, for random claims."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.arrays import FIELDS
from spillover.graph.claims import BASES, BASIS_CODES, KIND_CODES, prepare
from spillover.graph.compiler import PLAIN
from spillover.graph.dates import OPEN_END, OPEN_START, day_range, iso
from spillover.graph.evidence import CONFIDENCES, Evidence
from spillover.graph.index import Index, compile_arrays, open_index
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import Stake
from spillover.graph.store import Store
from tests.graph.small import load, owns

DATES = st.sampled_from([None, "2019", "2020-02", "2020-02-03", "2021-06-01"])
NODES = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def claims(draw: st.DrawFn) -> Relation:
    kind = KINDS[draw(st.sampled_from(["OWNS", "CONTROLS", "SUPPLIES", "DESIGNATES"]))]
    stake, stated = None, draw(st.booleans())
    if kind.bases and stated:
        low = draw(st.integers(0, 100))
        stake = Stake(low * 1_000_000, draw(st.integers(low, 100)) * 1_000_000)
    return Relation(
        kind.name,
        draw(NODES),
        draw(NODES),
        stake,
        draw(st.sampled_from(kind.bases)) if kind.bases else "",
        draw(st.sampled_from([None, "2018"])),
        draw(st.sampled_from([None, "2022-03"])),
        Evidence(
            observed=draw(DATES),
            confidence=draw(st.sampled_from(CONFIDENCES)),
            stance=draw(st.sampled_from(["asserts", "asserts", "denies"])),
        ),
        reported_indirect=draw(st.booleans()),
        block=draw(st.sampled_from(["", "B1", "B2"])),
        properties={name: (draw(st.sampled_from(["x", "y"])),) for name in kind.key},
    )


def thing(claim: Relation) -> tuple[object, ...]:
    """What a claim is about: a later observation of the same thing takes its place."""
    kept = tuple(claim.properties.get(name, ()) for name in KINDS[claim.kind].key)
    return (claim.source, claim.target, claim.kind, claim.basis, kept, claim.reported_indirect)


def observed(claim: Relation) -> int:
    date = claim.evidence.observed or claim.start
    return day_range(date)[0] if date else OPEN_START


def until(claim: Relation, everything: list[Relation], level: int) -> int:
    """Oracle: the last day before a later, dated, asserting claim of a share takes its place.

    It takes it when observed, or when it starts where that is later; and not at all when it had
    closed before the other began.
    """
    own = prepare(claim)
    if not own.observed or claim.evidence.stance == "denies":
        return own.last
    later = [
        max(prepare(other).observed, prepare(other).first)
        for other in everything
        if thing(other) == thing(claim)
        and prepare(other).observed > own.observed
        and prepare(other).last >= own.first
        and other.evidence.stance == "asserts"
        and CONFIDENCES.index(other.evidence.confidence) >= level
        and other.stake is not None
        and not other.stake.unknown
    ]
    return min([own.last, *(day - 1 for day in later)])


def opened(path: Path, relations: list[Relation]) -> tuple[Index, dict[str, int]]:
    half = len(relations) // 2
    load(path, *relations[:half], dataset="one")
    load(path, *relations[half:], dataset="two")
    with Store(path) as store:
        numbers = {entity: store.number(entity) or 0 for entity in "abcd"}
        return Index(compile_arrays(store)), numbers


@settings(max_examples=120, deadline=None)
@given(st.lists(claims(), max_size=25))
def test_arrays_equal_a_plain_reading(relations: list[Relation]) -> None:
    with TemporaryDirectory() as folder:
        index, numbers = opened(Path(folder) / "g", relations)
    assert index.claims == len(relations)
    assert sorted(index.relation.tolist()) == list(range(1, len(relations) + 1))
    claim = [relations[number - 1] for number in index.relation.tolist()]
    prepared = [prepare(item) for item in claim]
    everywhere = np.arange(index.claims)
    assert index.source.tolist() == [numbers[c.source] for c in claim]
    assert index.target(everywhere).tolist() == [numbers[c.target] for c in claim]
    assert index.kind.tolist() == [KIND_CODES[c.kind] for c in claim]
    assert index.basis.tolist() == [BASIS_CODES[c.basis] for c in claim]
    stakes = list(zip(index.low.tolist(), index.high.tolist(), strict=True))
    assert stakes == [c.stake or (0, 100_000_000) for c in claim]
    assert index.first.tolist() == [p.first for p in prepared]
    assert index.last.tolist() == [p.last for p in prepared]
    assert index.observed.tolist() == [observed(c) for c in claim]
    assert index.flags.tolist() == [p.flags for p in prepared]
    for level, column in enumerate(index.until):
        assert column.tolist() == [until(c, relations, level) for c in claim]
    check_rows(index, numbers, relations)
    check_runs(index, claim)


def check_rows(index: Index, numbers: dict[str, int], relations: list[Relation]) -> None:
    """Each row, in both directions, lists the claims of its entity and no others."""
    for entity, number in numbers.items():
        row = np.array([number])
        at, about = index.into(row)
        expected = [n for n, c in enumerate(relations, 1) if c.target == entity]
        assert sorted(index.relation[at].tolist()) == expected
        assert set(about.tolist()) <= {number}
        expected = [n for n, c in enumerate(relations, 1) if c.source == entity]
        assert sorted(index.relation[index.out_of(row)].tolist()) == expected
    everyone = np.array(sorted(set(numbers.values()) - {0}), np.int64)
    assert len(index.into(everyone)[0]) == len(relations) == len(index.out_of(everyone))


def check_runs(index: Index, claim: list[Relation]) -> None:
    """All claims of a pair stand together under one number, from 0 up."""
    pairs = [(c.target, c.kind, c.source) for c in claim]
    seen: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for pair, number in zip(pairs, index.pair.tolist(), strict=True):
        seen[pair].add(number)
    assert sorted(n for numbers in seen.values() for n in numbers) == list(range(len(seen)))
    assert all(after - before in (0, 1) for before, after in pairwise(index.pair.tolist()))


def test_a_later_observation_ends_an_earlier_one(tmp_path: Path) -> None:
    """60 % seen on 2020-01-01, 40 % on 2021-01-01: the first counts until 2020-12-31."""
    index, _ = opened(
        tmp_path / "g",
        [
            owns("a", "b", "60", observed="2020-01-01", start="2019"),
            owns("a", "b", "40", observed="2021-01-01", confidence="medium"),
        ],
    )
    low, medium, high = (column.tolist() for column in index.until)
    end = day_range("2020-12-31")[0]
    assert low == medium == [end, OPEN_END]
    assert high == [OPEN_END, OPEN_END]  # the second claim is not sure enough to end the first


def test_a_graph_without_claims_has_empty_arrays(tmp_path: Path) -> None:
    load(tmp_path / "g")
    with Store(tmp_path / "g") as store:
        for _ in range(2):  # compiled, then mapped
            index = open_index(store)
            assert (index.rows, index.claims) == (1, 0)
            assert index.out_of(np.array([], np.int64)).tolist() == []


def test_an_old_version_has_its_own_index(tmp_path: Path) -> None:
    path = tmp_path / "g"
    load(path, owns("a", "b", "60"))
    with Store(path) as old:
        load(path, owns("a", "b", "40"), owns("a", "c", "40"))
        assert open_index(old).low.tolist() == [60_000_000]
    with Store(path) as new:
        assert open_index(new).low.tolist() == [40_000_000, 40_000_000]


def test_codes_follow_the_declarations() -> None:
    assert list(KIND_CODES) == list(KINDS)
    said = {word for kind in KINDS.values() for word in (*kind.bases, *kind.means)}
    assert said == set(BASES) - {""}


def share(start: str | None, end: str | None, observed: str, percent: int) -> Relation:
    stake = Stake(percent * 1_000_000, percent * 1_000_000)
    evidence = Evidence(observed=observed)
    return Relation("OWNS", "a", "b", stake, "capital", start, end, evidence)


def test_a_later_observation_of_the_future_takes_the_place_only_when_it_starts(
    tmp_path: Path,
) -> None:
    """60 seen in 2015; 55 seen in 2016 from 2017 on: the 60 count until the end of 2016."""
    claims = (share(None, None, "2015", 60), share("2017-01-01", None, "2016-01-01", 55))
    index, _ = opened(tmp_path / "g", list(claims))
    assert [iso(day) for day in index.until[0].tolist()[:1]] == ["2016-12-31"]


def test_a_claim_about_an_earlier_time_takes_nobodys_place(tmp_path: Path) -> None:
    """60 since 2013 seen in 2018; 70 from 2010 to 2012 seen in 2020: the 60 still count."""
    claims = (share("2013", None, "2018", 60), share("2010", "2012", "2020", 70))
    index, _ = opened(tmp_path / "g", list(claims))
    assert index.until[0].tolist()[0] == OPEN_END


def test_an_end_seen_later_ends_the_earlier_observation(tmp_path: Path) -> None:
    """60 seen in 2015; 60 until May 2018 seen that June: nothing counts from June 2018 on."""
    claims = (share(None, None, "2015", 60), share(None, "2018-05-01", "2018-06-01", 60))
    index, _ = opened(tmp_path / "g", list(claims))
    assert [iso(day) for day in index.until[0].tolist()] == ["2018-05-31", "2018-05-01"]


def plain(index: Index, *ends: int) -> list[bool]:
    """Whether the claims between these two are plain, oldest observation first."""
    at = (index.source == ends[0]) & (index.target(slice(None)) == ends[1])
    found: list[bool] = (index.code[at] & PLAIN != 0).tolist()
    return found


def test_plain_claims_say_all_there_is_of_a_share_while_they_count(tmp_path: Path) -> None:
    """a > b: 60 seen in 2019, then 40 in 2020. c > b: the same, both by another basis as well."""
    years = ("2019-01-01", "2020-01-01")
    follow = [owns("a", "b", "60", observed=years[0]), owns("a", "b", "40", observed=years[1])]
    beside = [owns("c", "b", "60"), owns("c", "b", "40", basis="votes")]
    others = [
        *(owns("d", "b", "60"), owns("d", "b", stance="denies")),
        *(owns("b", "b", "5"), owns("a", "c", "60", reported_indirect=True)),
        *(owns("a", "d", "60"), Relation("CONTROLS", "a", "d"), Relation("CONTROLS", "b", "c")),
    ]
    index, number = opened(tmp_path / "g", [*follow, *beside, *others])
    a, b, c, d = (number[name] for name in "abcd")
    assert plain(index, a, b) == [True, True]  # they take turns
    assert plain(index, c, b) == plain(index, d, b) == [False, False]
    assert plain(index, b, b) == plain(index, a, c) == [False]
    assert plain(index, a, d) == [True, False]  # a parent who states a holding is no more
    assert plain(index, b, c) == [True]  # a parent whose share is unknown


def test_records_stand_together_in_both_directions(tmp_path: Path) -> None:
    index, number = opened(tmp_path / "g", [owns("a", "b", "60"), owns("a", "c", "30-40")])
    everybody = np.array([number[name] for name in "abc"])
    about, counts = index.records_about(everybody)
    assert counts.tolist() == [0, 1, 1]
    target, low, high = (FIELDS.index(name) for name in ("target", "low", "high"))
    assert about[:, [target, low, high]].tolist() == [
        [number["b"], 60_000_000, 60_000_000],
        [number["c"], 30_000_000, 40_000_000],
    ]
    of = index.records_of(everybody)
    assert of[:, 1:].tolist() == about[:, 1:].tolist()
    assert index.source[of[:, 0]].tolist() == [number["a"]] * 2
