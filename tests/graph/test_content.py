"""Do equal graphs have equal digests, and does every difference show?"""

from pathlib import Path

import pytest

from spillover.graph.content import claims_of, content, pairs
from spillover.graph.rows import Quarantined
from spillover.graph.schema import Entity, Name
from spillover.graph.store import Store
from spillover.graph.writer import Writer
from tests.graph.small import Item, add, commit, company, load, owns

SMALL = (company("a", names=(Name("甲"),)), company("b"), owns("a", "b", "60%", record="7"))


@pytest.fixture(autouse=True)
def _one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loads say when they ended; here they all end at once."""
    monkeypatch.setattr("spillover.graph.writer.now", lambda: "2026-01-02T00:00:00Z")


def digests(path: Path) -> dict[str, str]:
    with Store(path) as store:
        return dict(content(store).datasets)


def total(path: Path) -> str:
    with Store(path) as store:
        return content(store).total


def test_numbers_do_not_count(tmp_path: Path) -> None:
    """The second file has met other entities, claims and loads before, and gave numbers to them."""
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    load(one, *SMALL)
    load(other, company("x"), owns("x", "b", "10%"), dataset="x")
    load(other, company("z"), company("b"))
    load(other, *SMALL)
    assert digests(one)["d"] == digests(other)["d"]
    assert total(one) != total(other)


@pytest.mark.parametrize(
    "items",
    [
        (company("a", names=(Name("甲"),)), company("b"), owns("a", "b", "61%", record="7")),
        (company("a", names=(Name("甲"),)), company("b"), owns("a", "b", "60%", record="8")),
        (company("a", names=(Name("甲"),)), company("b"), owns("b", "a", "60%", record="7")),
        (company("a", names=(Name("乙"),)), company("b"), owns("a", "b", "60%", record="7")),
        (company("b"), company("a", names=(Name("甲"),)), owns("a", "b", "60%", record="7")),
        (*SMALL, SMALL[2]),
        SMALL[:2],
        (SMALL[0], SMALL[2]),
        (Entity("a", "Person", "a", (Name("甲"),)), *SMALL[1:]),
    ],
)
def test_every_difference_counts(tmp_path: Path, items: tuple[Item, ...]) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    load(one, *SMALL)
    load(other, *items)
    assert digests(one) != digests(other)
    assert total(one) != total(other)


def test_what_was_set_aside_counts(tmp_path: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    load(one, *SMALL)
    with Writer(other) as writer:
        add(writer, *SMALL)
        commit(writer, quarantined=(Quarantined("f.csv", "2", "no name", "{}"),))
    assert digests(one) != digests(other)


def test_datasets_stand_in_the_order_in_which_they_first_came(tmp_path: Path) -> None:
    """Who came first names an entity, so the total knows; a new load of z does not change it."""
    path, other = tmp_path / "one.db", tmp_path / "other.db"
    load(path, company("a"), dataset="z")
    load(path, company("b"), dataset="b")
    load(path, company("a"), dataset="z")
    assert list(digests(path)) == ["z", "b"]
    load(other, company("b"), dataset="b")
    load(other, company("a"), dataset="z")
    assert digests(path) == digests(other)
    assert total(path) != total(other)


def test_an_earlier_version_has_its_own_digest(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    load(path, *SMALL)
    before = digests(path)
    load(path, company("a"))
    assert digests(path) != before


def test_claims_are_read_pair_by_pair(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    load(path, owns("b", "c", "1%"), owns("a", "b", "2%"), owns("b", "c", "3%"))
    with Store(path) as store:  # numbers: b 1, c 2, a 3
        order = list(pairs(store, 1))
        rows = claims_of(store, [number for *_, number in order])
    assert order == [("OWNS", 1, 2, 1), ("OWNS", 1, 2, 3), ("OWNS", 3, 1, 2)]
    assert [(row[0], row[2], row[4]) for row in rows] == [
        (1, "b", "c"),
        (3, "b", "c"),
        (2, "a", "b"),
    ]
