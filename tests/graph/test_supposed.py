"""A supposed graph says what one says that really holds the changes; nothing is stored."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spillover.graph.claims import prepare
from spillover.graph.compiler import texts
from spillover.graph.dates import OPEN_START, day_range, iso
from spillover.graph.errors import AmbiguousError, DateError, InputError
from spillover.graph.evidence import CONFIDENCES, Evidence
from spillover.graph.index import Index
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.graph.supposed import DATASET, GONE
from spillover.queries.blocked import blocked
from spillover.queries.conditions import conditions
from spillover.queries.show import show
from tests.graphs import build, opened, relation, relations

NODES = st.sampled_from(["a", "b", "c", "d"])
DATES = st.sampled_from([None, "2019", "2020-02-03", "2021-06-01"])


@st.composite
def claims(draw: st.DrawFn) -> Relation:
    """A claim of capital, votes, control or a listing, dated, denied or repeated at random."""
    kind = draw(st.sampled_from(["OWNS", "OWNS", "OWNS", "CONTROLS", "DESIGNATES"]))
    owns = kind == "OWNS"
    low = draw(st.integers(0, 100)) * 1_000_000
    return Relation(
        kind,
        draw(NODES),
        draw(NODES),
        Stake(low, low) if owns and draw(st.booleans()) else None,
        draw(st.sampled_from(["capital", "votes"])) if owns else "",
        draw(st.sampled_from([None, "2018"])),
        draw(st.sampled_from([None, "2020", "2023"])),
        Evidence(
            observed=draw(DATES),
            confidence=draw(st.sampled_from(CONFIDENCES)),
            stance=draw(st.sampled_from(["asserts", "asserts", "denies"])),
        ),
        reported_indirect=owns and draw(st.booleans()),
        block=draw(st.sampled_from(["", "B1", "B2"])),
        properties={"joint": (draw(st.sampled_from(["x", "y"])),)} if draw(st.booleans()) else {},
    )


def said(graph: Graph) -> list[tuple[object, ...]]:
    """Everything that the arrays say of each claim, with ids and texts in place of numbers."""
    index: Index = graph.index
    names = {number: entity.id for number, entity in graph.store.entities(graph.numbers()).items()}
    words = texts(graph.store)
    columns = [index.low, index.high, index.first, index.last, *index.until, index.observed]
    return sorted(
        (
            names[int(index.source[at])],
            names[int(index.target(slice(None))[at])],
            words[int(index.key[at])],
            words[int(index.block[at])],
            int(index.code[at]),
            *(int(column[at]) for column in columns),
        )
        for at in range(index.claims)
    )


def ended(claim: Relation, last: str) -> Relation:
    """The claim with an earlier end, and the start that it had without it."""
    first = prepare(claim).first
    start = claim.start or (claim.evidence.observed if first > OPEN_START else None)
    assume(day_range(last)[1] >= first)
    end = min(day_range(last)[1], prepare(claim).last)
    return claim._replace(start=start, end=iso(end))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(claims(), min_size=1, max_size=8),
    st.lists(claims(), max_size=3),
    st.data(),
)
def test_it_equals_a_graph_that_holds_the_changed_claims(
    items: list[Relation], added: list[Relation], data: st.DataObject
) -> None:
    changes = st.sampled_from([None, None, GONE, "2019-12-31", "2021-12-31"])
    fates = [data.draw(changes) for _ in items]
    kept = [
        claim if fate is None else ended(claim, fate)
        for claim, fate in zip(items, fates, strict=True)
        if fate != GONE
    ]
    with opened(items) as graph, opened([*kept, *added]) as real:
        ends = {number: fate for number, fate in enumerate(fates, 1) if fate}
        assert said(graph.supposing(ends, added)) == said(real)
        halves = graph.supposing(dict(list(ends.items())[:1]), added[:1])
        stacked = halves.supposing(dict(list(ends.items())[1:]), added[1:])
        assert said(stacked) == said(real)


def test_verdicts_follow_what_is_supposed() -> None:
    # X holds 60 of A. Sold down to 40, A is free; a stack on top of it gives the rest to Y.
    when = conditions("2024-06-30")
    with opened("X > A 60 observed=2020") as graph:
        sold = graph.supposing(
            {}, [relation("X > A 40 observed=2024-06-01 start=2024-06-01")], name="sale"
        )
        joined = sold.supposing({}, relations("Y > A 20"), name="resale")
        answers = [blocked(g, ["X"], when, of=["A"]) for g in (graph, sold, joined)]
        assert [answer.results[0].verdict for answer in answers] == [
            "blocked",
            "not_blocked",  # the later observation takes the place of the earlier one
            "not_blocked",
        ]
        assert blocked(joined, ["X", "Y"], when, of=["A"]).results[0].verdict == "blocked"


def test_a_supposed_claim_says_that_it_is_supposed() -> None:
    with opened("X > A 60 observed=2020 publisher=Register url=https://example.org/") as graph:
        sold = graph.supposing({1: "2024-05-31"}, relations("Y > A 60 publisher=Liar"), name="sale")
        claims = {c.source.id: c for c in show(sold, "A", conditions("2024-06-30")).claims}
        assert (claims["Y"].dataset, claims["Y"].publisher) == (DATASET, "scenario sale")
        assert (claims["Y"].title, claims["Y"].standing) == ("assumed", "counted")
        # What has ended keeps its source, and says who ended it.
        assert (claims["X"].publisher, claims["X"].url) == ("Register", "https://example.org/")
        assert (claims["X"].standing, claims["X"].end) == ("ended", "2024-05-31")
        assert ("ended_by", "scenario sale") in claims["X"].properties
        assert [load.dataset.name for load in sold.store.loads] == ["test", DATASET]
        assert sold.store.loads[-1].relations == 1


def test_an_end_before_the_start_ends_the_claim_and_still_takes_the_place_of_older_ones() -> None:
    with opened("X > A 60 observed=2020\nX > A 55 observed=2024-06-01") as graph:
        sold = graph.supposing({2: "2024-05-31"}, [])
        claims = show(sold, "A", conditions("2024-06-30")).claims
        assert {c.relation: c.standing for c in claims} == {1: "superseded", 2: "ended"}
        gone = graph.supposing({2: GONE}, [])
        claims = show(gone, "A", conditions("2024-06-30")).claims
        assert {c.relation: c.standing for c in claims} == {1: "counted"}


def test_supposed_entities_are_found_by_id_name_and_identifier() -> None:
    buyer = Entity(
        "buyer", "Company", "Käufer GmbH", (Name("Buyer"),), ("de",), (("lei", "5299 00X"),)
    )
    with opened([Entity("X", "Company", "Ex Ltd"), *relations("X > A 60")]) as graph:
        sold = graph.supposing({}, relations("buyer > A 60"), entities=[buyer])
        number = sold.store.find("buyer")
        for name in ("Käufer GmbH", "kaufer gmbh", "Buyer", "529900X"):
            assert sold.store.find(name) == number
        assert sold.store.entity(number).countries == ("de",)
        assert [hit.id for hit in sold.store.search("gmbh")] == ["buyer"]
        assert graph.store.number("buyer") is None
        stub = graph.supposing({}, relations("nobody > A 60"))
        assert stub.store.entity(stub.store.find("nobody")).name == "nobody"
        twice = sold.supposing({}, [], entities=[Entity("other", "Company", "Buyer")])
        with pytest.raises(AmbiguousError, match="names 2 entities"):
            twice.store.find("Buyer")


def test_a_known_entity_can_be_described_further() -> None:
    with opened([Entity("X", "Company", "Ex Ltd", countries=("fr",))]) as graph:
        more = graph.supposing({}, [], entities=[Entity("X", "Company", "Ex", countries=("de",))])
        entity = more.store.entity(more.store.find("Ex"))
        assert (entity.name, entity.countries) == ("Ex Ltd", ("fr", "de"))
        assert entity.datasets == ("test", DATASET)


def test_what_cannot_be_supposed_is_refused() -> None:
    with opened("X > A 60") as graph:
        with pytest.raises(InputError, match="claim 7 cannot be ended"):
            graph.supposing({7: GONE}, []).index  # noqa: B018 - it is compiled when asked for
        with pytest.raises(DateError):
            graph.supposing({1: "soon"}, [])
        with pytest.raises(InputError, match="unknown kind"):
            graph.supposing({}, [Relation("EATS", "X", "A")])


def test_nothing_is_written(tmp_path: Path) -> None:
    path = build(tmp_path / "graph.db", "X > A 60\nA > B 60")
    with Graph(path) as graph:
        graph.index  # noqa: B018 - the folder of the graph itself
        before = contents(tmp_path)
        changed = graph.supposing({1: GONE}, relations("new > B 40"), name="s")
        with changed:
            assert changed.index.claims == 2
        assert graph.store.find("A")  # closing what is supposed leaves the graph open
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder with a digest of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
