"""What a name is made of: words, legal forms, numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from spillover.graph.folding import bare
from spillover.queries.matching.hashes import Known, hashes, listed, powers, shortened
from spillover.queries.matching.parsed import keys, kind, number, parsed
from spillover.queries.matching.tables import distinguishing, forms
from spillover.queries.matching.words import words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("L'Oréal S.A.", ["loreal", "sa"]),
        ("J. P. Morgan & Co.", ["jp", "morgan", "and", "co"]),
        ("AT&T Inc.", ["at", "and", "t", "inc"]),
        ("Rolls-Royce (UK)", ["rolls", "royce", "uk"]),
        ("中国电子 第十三研究所", ["中国电子", "第", "13", "研究所"]),
        ("第二十三研究所", ["第", "23", "研究所"]),
        ("第一百一十研究所", ["第", "110", "研究所"]),
        ("华为Huawei", ["华为", "huawei"]),
        ("Soft\u00adbank", ["softbank"]),
        ("CAST Xi\x92an", ["cast", "xian"]),
        ("Xi An Metals", ["xian", "metals"]),
        ("!!!", ["!!!"]),
    ],
)
def test_words(name: str, expected: list[str]) -> None:
    assert words(bare(name)) == expected


def test_runs_of_chinese_signs_are_looked_up_in_pairs() -> None:
    assert keys("华为技术有限公司 abc").split() == ["华为", "为技", "技术", "abc"]


@pytest.mark.parametrize(
    ("name", "rest", "form"),
    [
        ("Huawei Technologies Co., Ltd.", "huawei technologies", {"limited"}),
        ("ПАО «Роснефть»", "роснефть", {"public-joint-stock"}),
        ("Rosneft PAO", "rosneft", {"public-joint-stock"}),
        ("Public Joint Stock Company Rosneft", "rosneft", {"public-joint-stock"}),
        ("Müller GmbH & Co. KG", "muller", {"gmbh-kg"}),
        ("Deutsche Bank GmbH, London Branch", "deutsche bank london branch", {"gmbh"}),
        ("Cemex S.A.B. de C.V.", "cemex", {"sa-cv"}),
        ("Krajowa Sp. z o.o.", "krajowa", {"sp-zoo"}),
        ("AB Volvo", "volvo", {"ab"}),
        ("トヨタ自動車株式会社", "トヨタ自動車", {"kk"}),
        ("華為有限責任公司", "華為", {"chinese-limited"}),
        ("Tata Sons Private Limited", "tata sons", {"private-limited"}),
        ("SA SA AG", "sa", {"sa", "ag"}),
        ("Ltd", "ltd", set()),
        ("The Limited", "limited", set()),
        ("有限公司", "有限公司", {"chinese-limited"}),
    ],
)
def test_legal_forms(name: str, rest: str, form: set[str]) -> None:
    taken = parsed(bare(name))
    assert (" ".join(taken.words), set(taken.forms)) == (rest, form)


@pytest.mark.parametrize(
    ("word", "value"),
    [("013", "13"), ("13th", "13"), ("no13", "13"), ("xiii", "13"), ("xxxix", "39"), ("ix", "9")],
)
def test_numbers(word: str, value: str) -> None:
    assert number(word) == value


@pytest.mark.parametrize("word", ["i", "v", "mix", "di", "no", "nr13", "iiii", "vx", ""])
def test_what_is_no_number(word: str) -> None:
    assert number(word) is None


def test_ordinals_of_two_words() -> None:
    assert parsed("twenty first bank").words == ("21", "bank")


def test_tables_are_written_as_names_are_compared() -> None:
    """An entry in another spelling would never be met."""
    table = distinguishing()
    every = {*table.places, *table.structure, *table.particles, *table.same, *table.ordinals}
    assert {word for word in every if words(bare(word)) != [word]} == set()
    assert all(spelling and all(spelling) for spelling in (*forms().ending, *forms().leading))


def test_kinds_of_words() -> None:
    kinds = {w: kind(w) for w in ("13", "t90", "hunan", "of", "group", "abc", "metals", "华为")}
    assert list(kinds.values()) == [
        *("number", "number", "place", "particle", "structure", "short", "word", "run")
    ]


letters = st.text("abc", min_size=1, max_size=9)


@given(letters, letters)
def test_the_number_of_two_words_as_one_follows_from_both(one: str, other: str) -> None:
    first, second, whole = hashes(listed([one, other, one + other]))[:, None]
    assert first * powers(len(other))[-1:] + second == whole


@given(st.lists(letters, min_size=1, max_size=20), st.lists(letters, min_size=1, max_size=20))
def test_words_one_letter_apart_are_found(left: list[str], right: list[str]) -> None:
    """The oracle is the distance of rapidfuzz."""
    first, second = listed(left), listed(right)
    known = Known(*shortened(first, hashes(first)))
    numbers, owner = shortened(second, hashes(second))
    at, found = known.joined(numbers)
    pairs = {(left[a], right[b]) for a, b in zip(found.tolist(), owner[at].tolist(), strict=True)}
    for one in left:
        for other in right:
            if min(len(one), len(other)) >= 4 and OSA.distance(one, other) <= 1:
                assert (one, other) in pairs
    assert all(OSA.distance(one, other) <= 2 for one, other in pairs)
