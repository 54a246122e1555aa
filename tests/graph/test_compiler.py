"""The arrays depend on what the claims say, not on the order in which a file came to know words."""

import shutil
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.arrays import Arrays
from spillover.graph.compiler import PACKED, compile_arrays, texts
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Relation
from spillover.graph.session import Graph
from spillover.graph.store import Store
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.queries.markets.market_question import market
from spillover.queries.show import show
from tests.graph.small import load

TERMS = [PACKED.index(name) for name in ("key", "block")]


def claim(role: str, block: str, target: str) -> Relation:
    return Relation("DIRECTS", "a", target, properties={"role": (role,)}, block=block)


CLAIMS = st.builds(
    claim,
    st.sampled_from(["chair", "clerk", "总经理"]),
    st.sampled_from(["", "B", "C"]),
    st.just("b"),
)


def renumbered(path: Path, order: list[int], extra: tuple[str, ...] = ()) -> Path:
    """A copy of a graph file that met its terms in another order, and others before them."""
    made = path.with_name("renumbered")
    shutil.copy(path, made)
    new = {0: 0} | {old: place for place, old in enumerate(order, 1 + len(extra))}
    with sqlite3.connect(made) as file:
        known = dict(file.execute("SELECT num, text FROM term"))
        file.execute("DELETE FROM term")
        words = dict(enumerate(extra, 1))
        words |= {new[number]: text for number, text in known.items()}
        file.executemany("INSERT INTO term VALUES (?, ?)", words.items())
        for num, blob in file.execute("SELECT num, packed FROM segment").fetchall():
            records = np.frombuffer(blob, "<i4").reshape(-1, len(PACKED)).copy()
            for column in TERMS:
                records[:, column] = [new[number] for number in records[:, column].tolist()]
            file.execute("UPDATE segment SET packed = ? WHERE num = ?", (records.tobytes(), num))
    file.close()
    return made


def compiled(path: Path) -> Arrays:
    with Store(path) as store:
        return compile_arrays(store)


@settings(max_examples=40, deadline=None)
@given(st.lists(CLAIMS, max_size=8), st.data())
def test_other_numbers_of_the_same_terms_make_the_same_arrays(
    claims: list[Relation], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "g"
        load(path, *claims)
        with Store(path) as store:
            order = data.draw(st.permutations(range(1, store.term_count() + 1)))
        before, after = compiled(path), compiled(renumbered(path, order))
    assert before.keys() == after.keys()
    for name, array in before.items():
        assert np.array_equal(array, after[name]), name


def test_keys_and_blocks_are_numbered_by_their_texts(tmp_path: Path) -> None:
    """The file met "clerk", "B", "chair" in this order; sorted: "B" 1, chair 2, clerk 3."""
    load(tmp_path / "g", claim("clerk", "B", "b"), claim("chair", "", "b"))
    with Graph(tmp_path / "g") as graph:
        assert graph.store.terms()[1] == '[["clerk"]]'
        said = texts(graph.store)
        assert said == ["", "B", '[["chair"]]', '[["clerk"]]']
        assert [said[number] for number in graph.index.key.tolist()] == said[2:]
        assert [said[number] for number in graph.index.block.tolist()] == ["", "B"]


def test_a_graph_without_keys_has_no_numbers_for_them(tmp_path: Path) -> None:
    load(tmp_path / "g", Relation("LINKED_TO", "a", "b", evidence=Evidence(observed="2020")))
    with Graph(tmp_path / "g") as graph:
        assert texts(graph.store) == [""]
        assert graph.index.key.tolist() == graph.index.block.tolist() == [0]


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "facts.db"
    run(path, "seed", ())
    return path


def test_answers_do_not_tell_in_which_order_terms_came(facts: Path) -> None:
    """The built-in facts, and a copy that knew other words and took these in backwards."""
    when = conditions("2022-10-05")
    with Graph(facts) as graph:
        backwards = list(range(graph.store.term_count(), 0, -1))
    answers = []
    for path in (facts, renumbered(facts, backwards, ("zzz", "Aardvark"))):
        with Graph(path) as graph:
            everybody = [graph.store.entity(number).id for number in graph.numbers()]
            answers.append(
                (
                    [show(graph, entity, when).claims for entity in everybody],
                    exposure(graph, ["ChemChina"], when),
                    market(graph, ["pesticides, world"], when),
                )
            )
    assert answers[0] == answers[1]
