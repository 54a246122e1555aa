"""Claims are checked before anything is written; dates are read at their widest."""

import datetime as dt

import pytest

from spillover.graph.claims import key_text, prepare
from spillover.graph.dates import OPEN_END, OPEN_START, age_text, as_day, day_range, iso
from spillover.graph.errors import DateError, InputError
from spillover.graph.evidence import Evidence
from spillover.graph.rows import united
from spillover.graph.schema import KINDS, SCHEMATA, Entity, Relation, is_a
from spillover.graph.stake import Stake
from spillover.graph.tables import DENIES, INDIRECT, PACKED, UNDATED, UNSTATED
from tests.graph.small import owns


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-2-3", "2020-02-03", "2020-02-03"),
        (" 2020-02-03T23:59:59Z ", "2020-02-03", "2020-02-03"),
    ],
)
def test_a_partial_date_covers_all_that_it_can_mean(text: str, first: str, last: str) -> None:
    assert day_range(text) == (day(first), day(last))


@pytest.mark.parametrize(
    "text",
    ["", "20", "2020-13", "2020-02-30", "0000", "03/02/2020", "٢٠٢٠", "2020-02-03x", "2020-"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError, match="is no date"):
        day_range(text)


def test_a_question_is_asked_of_one_day() -> None:
    assert as_day("2022-10-05") == as_day(dt.date(2022, 10, 5)) == day("2022-10-05")
    assert iso(as_day(None)) == dt.datetime.now(dt.UTC).date().isoformat()
    with pytest.raises(DateError, match="not one day"):
        as_day("2022-10")


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (59, "59 days"),
        (60, "1 months"),  # 60 * 12 / 365 = 1.97
        (729, "23 months"),
        (730, "1.9 years"),  # 730 / 365.2425 = 1.9987
        (3653, "10.0 years"),
    ],
)
def test_ages_are_rounded_down(days: int, text: str) -> None:
    assert age_text(days) == text


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (Relation("EATS", "a", "b"), "unknown kind of relation 'EATS'; known: OWNS, "),
        (owns("a", "b", "5", basis="luck"), "OWNS has no basis 'luck'; it has: capital, votes"),
        (
            Relation("CONTROLS", "a", "b", basis="capital"),
            "has no basis 'capital'; it has: board, votes",
        ),
        (Relation("CONTROLS", "a", "b", Stake(5, 5)), "CONTROLS has no share"),
        (owns("a", ""), "names nobody at one of its ends"),
        (owns("", "b"), "names nobody at one of its ends"),
        (owns("a", "b", confidence="sure"), "confidence 'sure'"),
        (owns("a", "b", stance="maybe"), "stance 'maybe' is unknown; use low, medium, high"),
        (owns("a", "b", start="2020", end="2019"), "ends on 2019 before it starts on 2020"),
        (owns("a", "b", start="soon"), "'soon' is no date"),
    ],
)
def test_a_claim_that_is_not_well_formed_is_refused(claim: Relation, words: str) -> None:
    with pytest.raises(InputError, match=words):
        prepare(claim)


@pytest.mark.parametrize(
    ("claim", "days"),  # the first day, the last, the day of observation
    [
        (owns("a", "b"), (OPEN_START, OPEN_END, OPEN_START)),
        (owns("a", "b", start="2020"), (day("2020-01-01"), OPEN_END, day("2020-01-01"))),
        (owns("a", "b", observed="2021"), (day("2021-01-01"), OPEN_END, day("2021-01-01"))),
        (
            owns("a", "b", start="2019", observed="2021"),
            (day("2019-01-01"), OPEN_END, day("2021-01-01")),
        ),
        # It speaks of an end that is past: it was so before, since an unknown day.
        (
            owns("a", "b", end="2020", observed="2021"),
            (OPEN_START, day("2020-12-31"), day("2021-01-01")),
        ),
        # It foretells an end: it is known to be so from the day of observation.
        (
            owns("a", "b", end="2030", observed="2021"),
            (day("2021-01-01"), day("2030-12-31"), day("2021-01-01")),
        ),
    ],
)
def test_from_when_to_when_a_claim_counts(claim: Relation, days: tuple[int, int, int]) -> None:
    prepared = prepare(claim)
    assert (prepared.first, prepared.last, prepared.observed) == days


def test_flags() -> None:
    assert prepare(owns("a", "b")).flags == UNSTATED | UNDATED
    assert prepare(owns("a", "b", "50", observed="2020")).flags == 0
    denial = owns("a", "b", "50", observed="2020", stance="denies", reported_indirect=True)
    assert prepare(denial).flags == DENIES | INDIRECT


def test_the_key_holds_only_what_tells_claims_apart() -> None:
    said = {"form": ("joint laboratory",), "note": ("x",)}
    assert key_text(Relation("COLLABORATES", "a", "b", properties=said)) == '[["joint laboratory"]]'
    assert key_text(Relation("COLLABORATES", "a", "b", properties={"note": ("x",)})) == ""
    assert key_text(owns("a", "b")) == ""


def test_a_packed_claim_has_the_size_that_the_index_reads() -> None:
    assert PACKED.size == 9 * 4 + 4


def test_kinds_are_declared_with_known_words() -> None:
    for kind in KINDS.values():
        assert kind.source in SCHEMATA
        assert kind.target in SCHEMATA
        assert f"[:{kind.name}" in kind.arrow
        assert kind.verb
        for channel in kind.channels:
            assert set(channel.weight or ()) <= set(kind.bases)
            assert channel.carries


def test_every_schema_is_a_thing() -> None:
    assert all(is_a(schema, "Thing") for schema in SCHEMATA)
    assert is_a("MilitaryUnit", "LegalEntity")
    assert not is_a("Vessel", "LegalEntity")


def test_united_keeps_the_narrower_schema_of_two_on_one_line() -> None:
    def united_schema(first: str, second: str) -> str:
        return united(Entity("x", first, "X"), Entity("x", second, "X")).schema

    assert united_schema("LegalEntity", "Company") == "Company"
    assert united_schema("Company", "LegalEntity") == "Company"
    assert united_schema("Company", "Person") == "Company"  # not on one line: the first says


def test_evidence_is_sure_and_asserts_unless_said_otherwise() -> None:
    assert (Evidence().confidence, Evidence().stance) == ("high", "asserts")
