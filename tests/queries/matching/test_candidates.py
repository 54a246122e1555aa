"""No name that matches is overlooked: the index finds what comparing all with all finds."""

from __future__ import annotations

from random import Random
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spillover.graph.folding import bare
from spillover.graph.schema import Entity
from spillover.queries.matching import Asked, match
from spillover.queries.matching.finder import Finder
from spillover.queries.matching.index import names_of
from spillover.queries.matching.matcher import _scorer
from spillover.queries.matching.parsed import keys, parsed
from tests.graphs import opened
from tests.queries.matching.finding import Found, asked, firm, found, found_all

WORDS: Final = (
    *("Huawei", "Hua", "Wei", "Sinopec", "Sinotec", "Metals", "Metal", "Norway", "Sweden", "13"),
    *("14", "XIII", "Thirteenth", "No.", "Institute", "Intl", "International", "of", "华为技术"),
    *("华为", "Ltd", "Limited", "GmbH", "Group", "ABC", "Hunan", "Henan", "Ромашка"),
)
_FORMS: Final = {"Ltd", "Limited", "GmbH"}
"""A name of nothing else matches only as it is written: these words weigh nothing."""
named = (
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)
    .filter(set(WORDS).difference(_FORMS).intersection)
    .map(" ".join)
)
names = st.lists(named, min_size=1, max_size=12)
_LIKELY = 75
"""Everything that agrees so much has to be found; what agrees less may be left out."""


def _firms(texts: list[str]) -> list[Entity]:
    return [firm(text, id=f"{at}") for at, text in enumerate(texts)]


@settings(max_examples=80, deadline=None)
@given(names, named)
@example(["13 Institute", "ABC"], "Thirteenth Institute")
@example(["Huawei Metals", "ABC"], "Hua Wei Metals")
@example(["Hua Wei Metals", "ABC"], "Huawei Metals")
@example(["华为 华为"], "华为技术 华为")
@example(["华为 中兴", "华为", "中兴"], "华为技术 中兴")
def test_comparing_all_with_all_finds_nothing_better(texts: list[str], name: str) -> None:
    with opened(_firms(texts)) as graph:
        finder = Finder(names_of(graph, sorted(keys(bare(name)).split())))
        every = {bare(text) for text in texts}
        scorer = _scorer(finder, every | {bare(name)})
        compared = [scorer.compare(parsed(bare(name)), parsed(text)) for text in every]
        (matches,) = match(graph, [asked(name)])
    best = max(agreement.score for agreement in compared)
    same = any(agreement.same for agreement in compared)
    if best >= _LIKELY or same:
        assert max((one.score for one in matches), default=0) >= min(best, 95)
    if same:
        assert any("same name" in reason for one in matches for reason in one.reasons)
    assert all(one.score <= best for one in matches)


@settings(max_examples=50, deadline=None)
@given(names, st.data())
def test_an_identical_name_is_always_found(texts: list[str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(texts))
    matches = found(_firms(texts), name)
    assert set(matches[0].reasons) >= {"same name"}
    assert {str(at) for at, text in enumerate(texts) if text == name} <= {m.id for m in matches}


@settings(max_examples=50, deadline=None)
@given(names, named)
def test_a_name_is_never_certain_for_two(texts: list[str], name: str) -> None:
    certain = [one for one in found(_firms(texts), name) if one.certain]
    assert len(certain) <= 1
    if certain:
        assert certain[0].score == 100


@settings(max_examples=40, deadline=None)
@given(names, st.lists(named, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_entities_changes_nothing(
    texts: list[str], rows: list[str], draw: Random
) -> None:
    firms = _firms(texts)
    shuffled, order = draw.sample(firms, len(firms)), draw.sample(range(len(rows)), len(rows))
    first = found_all(firms, [asked(row) for row in rows])
    second = found_all(shuffled, [asked(rows[at]) for at in order])
    assert [first[at] for at in order] == second


@settings(max_examples=40, deadline=None)
@given(names, st.lists(named, min_size=2, max_size=4))
def test_rows_do_not_influence_each_other(texts: list[str], rows: list[str]) -> None:
    firms = _firms(texts)
    alone: list[tuple[Found, ...]] = [found(firms, row) for row in rows]
    assert found_all(firms, [asked(row) for row in rows]) == alone


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_can_be_asked_for(name: str, texts: list[str]) -> None:
    row = Asked("1", name, tuple(texts), ("xx",), tuple(("", text) for text in texts))
    firms = [firm("Huawei Technologies"), firm("13 Institute")]
    assert len(found_all(firms, [row])) == 1


@pytest.mark.parametrize("known", [True, False])
def test_a_changed_letter_is_found_wherever_it_is(*, known: bool) -> None:
    """One letter left out, put in, changed, or swapped with the next: 4 ways at every place."""
    word = "rosneftegaz"
    changed = {word[:i] + word[i + 1 :] for i in range(len(word))}
    changed |= {word[:i] + "x" + word[i:] for i in range(len(word) + 1)}
    changed |= {word[:i] + "x" + word[i + 1 :] for i in range(len(word))}
    changed |= {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    firms = [firm("Rosneftegaz Metals"), firm("Sinopec Glass")]
    rows = sorted(changed - {word})
    if known:  # even where the names of the graph are many
        firms += [firm(f"Other{at} Works") for at in range(300)]
    for row, matches in zip(
        rows, found_all(firms, [asked(f"{r} Metals") for r in rows]), strict=True
    ):
        assert [one.id for one in matches] == ["Rosneftegaz Metals"], row
