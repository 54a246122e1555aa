"""Do the values of a saved question arrive as what they were declared to be?"""

from __future__ import annotations

import datetime as dt

import pytest

from spillover.graph.errors import DateError, InputError, NotFoundError
from spillover.queries.cypher.library import question
from spillover.queries.cypher.values import given, words


def test_what_is_left_out_takes_its_default() -> None:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    assert given(question("ownership-chain"), ["entity=a=b"]) == {
        "entity": "a=b",
        "hops": 5,
        "as_of": today,
        "limit": 200,
    }


@pytest.mark.parametrize(
    ("written", "error", "why"),
    [
        ([], InputError, "ownership-chain needs entity: whose owners are asked for"),
        (["entity= "], InputError, "needs entity"),
        (["entity"], InputError, "'entity' is no value"),
        (["entity=a", "depth=3"], InputError, "names? of entity, hops|NAME=VALUE with a name of"),
        (["entity=a", "entity=b"], InputError, "entity is given twice"),
        (["entity=a", "hops=0"], InputError, "hops='0' is no whole number from 1 to 10"),
        (["entity=a", "hops=11"], InputError, "from 1 to 10"),
        (["entity=a", "hops=1.5"], InputError, "from 1 to 10"),
        (["entity=a", "hops=²"], InputError, "from 1 to 10"),
        (["entity=a", f"limit={'9' * 5000}"], InputError, "from 1 to 10000"),
        (["entity=a", "as_of=2024"], DateError, "as_of: '2024' is not one day"),
        (["entity=a", "as_of=soon"], DateError, "as_of: 'soon' is no date"),
    ],
)
def test_a_value_that_cannot_be_read(written: list[str], error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why) as refused:
        given(question("ownership-chain"), written)
    assert len(str(refused.value)) < 300


def test_a_rule_must_be_known() -> None:
    assert given(question("blocked-set"), ["rule=uk-ofsi"])["rule"] == "uk-ofsi"
    with pytest.raises(NotFoundError, match="no rule is named"):
        given(question("blocked-set"), ["rule=us-ofac-51"])


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Acme Ltd", "acme AND ltd"),
        ("Bread AND Butter", "bread AND and AND butter"),
        ('A/B (C) "D" x*', r"a\/b AND \(c\) AND \"d\" AND x\*"),
        ("先正达", "先正达"),
    ],
)
def test_words_mean_themselves_in_a_full_text_query(text: str, query: str) -> None:
    assert words(text) == query
