"""Every form of a share: the interval that it stands for, or why it is refused.

Units: one is a millionth of a percent. P is one percent:
"more than 25" is [25 * P + 1, 100 * P].
"""

from __future__ import annotations

import enum
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spillover.graph.errors import StakeError
from spillover.graph.stake import (
    UNITS_PER_PERCENT,
    UNKNOWN,
    WHOLE,
    Stake,
    format_stake,
    from_fraction,
    parse_stake,
    percent_text,
    stake_of_bounds,
)

P = UNITS_PER_PERCENT
THIRD = (33_333_333, 33_333_334)
MISSING = (0, 100 * P)

# A pair is the interval in units; a text is a part of the reason that the refusal gives.
FORMS: list[tuple[str, tuple[int, int] | str]] = [
    # plain numbers, and every way to write the percent sign
    ("0", (0, 0)),
    ("0 %", (0, 0)),
    ("100", (100 * P, 100 * P)),
    ("50", (50 * P, 50 * P)),
    ("50%", (50 * P, 50 * P)),
    ("50 %", (50 * P, 50 * P)),
    ("50  %", (50 * P, 50 * P)),
    ("50\u00a0%", (50 * P, 50 * P)),  # no-break space
    ("50\u202f%", (50 * P, 50 * P)),  # narrow no-break space
    ("\t50 %\r\n", (50 * P, 50 * P)),
    ("50 percent", (50 * P, 50 * P)),
    ("50percent", (50 * P, 50 * P)),
    ("50 Per Cent", (50 * P, 50 * P)),
    ("50 pct", (50 * P, 50 * P)),
    ("50 pct.", (50 * P, 50 * P)),
    ("\uff15\uff10\uff05", (50 * P, 50 * P)),  # full-width digits and sign
    ("\uff15\uff10\uff0e\uff15\uff05", (50_500_000, 50_500_000)),  # with a full-width point
    ("50\ufe6a", (50 * P, 50 * P)),  # small percent sign
    ("\U0001d7d3\U0001d7ce", (50 * P, 50 * P)),  # mathematical bold digits
    ("50.00", (50 * P, 50 * P)),
    ("50.0000000000000", (50 * P, 50 * P)),
    ("050", (50 * P, 50 * P)),
    ("00050.50", (50_500_000, 50_500_000)),
    ("82.2", (82_200_000, 82_200_000)),
    ("62.6%", (62_600_000, 62_600_000)),
    ("0.5", (500_000, 500_000)),
    (".5", (500_000, 500_000)),
    ("+7.8", (7_800_000, 7_800_000)),
    ("24.99", (24_990_000, 24_990_000)),
    ("0.000001", (1, 1)),
    ("99.999999", (100 * P - 1, 100 * P - 1)),
    # finer than a unit: the two neighbours, but never a whole percent that it is not
    ("33.3333333", THIRD),
    ("0.0000015", (1, 2)),
    ("49.99999999999999999999", (50 * P - 1, 50 * P - 1)),
    ("50.0000000001", (50 * P + 1, 50 * P + 1)),
    ("0.0000000001", (1, 1)),
    ("99.99999999", (100 * P - 1, 100 * P - 1)),
    ("24.9999995", (25 * P - 1, 25 * P - 1)),
    ("50." + "0" * 61 + "1", (50 * P + 1, 50 * P + 1)),  # 64 digits
    # fractions of the whole
    ("1/3", THIRD),
    ("2/3", (66_666_666, 66_666_667)),
    ("1/2", (50 * P, 50 * P)),
    ("1 / 4", (25 * P, 25 * P)),
    ("3/3", (100 * P, 100 * P)),
    ("0/7", (0, 0)),
    ("1\u22154", (25 * P, 25 * P)),  # division slash
    ("\u00bd", (50 * P, 50 * P)),  # vulgar fractions: a half, a quarter, three quarters, a third
    ("\u00bc", (25 * P, 25 * P)),
    ("\u00be", (75 * P, 75 * P)),
    ("\u2153", THIRD),
    ("half", (50 * P, 50 * P)),
    ("one half", (50 * P, 50 * P)),
    ("One-third", THIRD),
    ("two thirds", (66_666_666, 66_666_667)),
    ("a quarter", (25 * P, 25 * P)),
    ("three-quarters", (75 * P, 75 * P)),
    # 639_441_378 * 52_911_579 < 338_338_536 * 100 * P < 639_441_378 * 52_911_580
    ("338338536/639441378", (52_911_579, 52_911_580)),
    ("more than half", (50 * P + 1, 100 * P)),
    ("at least 1/3", (THIRD[0], 100 * P)),
    ("less than 1/3", (0, THIRD[1])),
    ("more than 49.9999999999", (50 * P - 1, 100 * P)),
    # closed bands
    ("25-50", (25 * P, 50 * P)),
    ("25\u201350", (25 * P, 50 * P)),  # en dash
    ("25\u201450", (25 * P, 50 * P)),  # em dash
    ("25\u221250", (25 * P, 50 * P)),  # minus sign
    ("25\u201050", (25 * P, 50 * P)),  # hyphen
    ("25 - 50", (25 * P, 50 * P)),
    ("25-50%", (25 * P, 50 * P)),
    ("25%-50%", (25 * P, 50 * P)),
    ("25 % \u2013 50 %", (25 * P, 50 * P)),
    ("25 to 50", (25 * P, 50 * P)),
    ("25% to 50%", (25 * P, 50 * P)),
    ("from 25 to 50 percent", (25 * P, 50 * P)),
    ("from 25-50", (25 * P, 50 * P)),
    ("between 25 and 50", (25 * P, 50 * P)),
    ("Between 25% & 50%", (25 * P, 50 * P)),
    ("25~50", (25 * P, 50 * P)),
    ("25\uff5e50\uff05", (25 * P, 50 * P)),  # full-width tilde, as East Asian sources write a band
    ("25\u301c50", (25 * P, 50 * P)),  # wave dash
    ("1/4-1/3", (25 * P, THIRD[1])),
    ("12.5-12.75", (12_500_000, 12_750_000)),
    ("0-100", MISSING),
    ("50-50", (50 * P, 50 * P)),
    ("[25, 50]", (25 * P, 50 * P)),
    ("[25, 50)", (25 * P, 50 * P - 1)),
    ("(25, 50]", (25 * P + 1, 50 * P)),
    ("(25 %, 50 %)", (25 * P + 1, 50 * P - 1)),
    ("[25;50)", (25 * P, 50 * P - 1)),
    # one end
    ("more than 25", (25 * P + 1, 100 * P)),
    ("More than 25 %", (25 * P + 1, 100 * P)),
    ("over 25", (25 * P + 1, 100 * P)),
    ("above 25", (25 * P + 1, 100 * P)),
    ("greater than 25", (25 * P + 1, 100 * P)),
    ("in excess of 25%", (25 * P + 1, 100 * P)),
    ("exceeding 25%", (25 * P + 1, 100 * P)),
    ("> 25", (25 * P + 1, 100 * P)),
    (">25%", (25 * P + 1, 100 * P)),
    ("\uff1e25\uff05", (25 * P + 1, 100 * P)),  # full-width
    ("at least 25", (25 * P, 100 * P)),
    (">= 25", (25 * P, 100 * P)),
    ("\u2265 25", (25 * P, 100 * P)),  # the signs for "at least"
    ("\u226725", (25 * P, 100 * P)),
    ("\u2a7e25", (25 * P, 100 * P)),
    ("not less than 25", (25 * P, 100 * P)),
    ("no less than 25", (25 * P, 100 * P)),
    ("minimum 25", (25 * P, 100 * P)),
    ("25 or more", (25 * P, 100 * P)),
    ("25% or more", (25 * P, 100 * P)),
    ("25 and above", (25 * P, 100 * P)),
    ("25+", (25 * P, 100 * P)),
    ("25 %+", (25 * P, 100 * P)),
    ("from 25", (25 * P, 100 * P)),
    ("less than 50", (0, 50 * P - 1)),
    ("< 50", (0, 50 * P - 1)),
    ("<50%", (0, 50 * P - 1)),
    ("under 50", (0, 50 * P - 1)),
    ("below 50", (0, 50 * P - 1)),
    ("up to 50", (0, 50 * P)),
    ("at most 50", (0, 50 * P)),
    ("<= 50", (0, 50 * P)),
    ("\u2264 50", (0, 50 * P)),
    ("no more than 50", (0, 50 * P)),
    ("not more than 50", (0, 50 * P)),
    ("not exceeding 50", (0, 50 * P)),
    ("maximum 50", (0, 50 * P)),
    ("50 or less", (0, 50 * P)),
    ("50 and below", (0, 50 * P)),
    ("[50 or less]", (0, 50 * P)),
    ("at least 25 and below 50", (25 * P, 50 * P - 1)),
    ("more than 25 and under 50", (25 * P + 1, 50 * P - 1)),
    ("less than 100", (0, 100 * P - 1)),
    ("more than 0", (1, 100 * P)),
    ("50 % (more than)", (50 * P + 1, 100 * P)),
    # two ends
    ("more than 25 up to 50", (25 * P + 1, 50 * P)),
    ("> 25 and <= 50", (25 * P + 1, 50 * P)),
    (">25 <=50", (25 * P + 1, 50 * P)),
    ("more than 25% but not more than 50%", (25 * P + 1, 50 * P)),
    ("more than 50% but less than 75%", (50 * P + 1, 75 * P - 1)),
    ("over 25, up to 50", (25 * P + 1, 50 * P)),
    ("at least 25 and less than 50 %", (25 * P, 50 * P - 1)),
    ("at least 25, but not more than 50", (25 * P, 50 * P)),
    # words
    ("majority", (50 * P + 1, 100 * P)),
    ("Majority stake", (50 * P + 1, 100 * P)),
    ("majority-owned", (50 * P + 1, 100 * P)),
    ("minority", (0, 50 * P - 1)),
    ("minority interest", (0, 50 * P - 1)),
    ("wholly owned", (100 * P, 100 * P)),
    ("Wholly-owned", (100 * P, 100 * P)),
    ("100 per cent", (100 * P, 100 * P)),
    # widened by the printed precision: one in the last place, inside 0 to 100
    ("about 90 %", (89 * P, 91 * P)),
    ("approx. 90", (89 * P, 91 * P)),
    ("approx 90", (89 * P, 91 * P)),
    ("approximately 90", (89 * P, 91 * P)),
    ("around 90", (89 * P, 91 * P)),
    ("roughly 90", (89 * P, 91 * P)),
    ("circa 90", (89 * P, 91 * P)),
    ("c. 90", (89 * P, 91 * P)),
    ("c.90", (89 * P, 91 * P)),
    ("ca. 90", (89 * P, 91 * P)),
    ("ca 90", (89 * P, 91 * P)),
    ("~90", (89 * P, 91 * P)),
    ("\u224890", (89 * P, 91 * P)),  # the sign for "about"
    ("some 90", (89 * P, 91 * P)),
    ("90 % (about)", (89 * P, 91 * P)),
    ("80 % (approx.)", (79 * P, 81 * P)),
    ("about 7.8", (7_700_000, 7_900_000)),
    ("about 7.80", (7_790_000, 7_810_000)),
    ("about 0", (0, 1 * P)),
    ("about 100", (99 * P, 100 * P)),
    ("about 0.5", (400_000, 600_000)),
    ("nearly 95", (94 * P, 95 * P - 1)),
    ("almost 95.5", (95_400_000, 95_500_000 - 1)),
    ("just under 50", (49 * P, 50 * P - 1)),
    ("just over 50", (50 * P + 1, 51 * P)),
    # in brackets, as trackers of plants print them
    ("[62.6%]", (62_600_000, 62_600_000)),
    ("(62.6 %)", (62_600_000, 62_600_000)),
    ("[ 100.00% ]", (100 * P, 100 * P)),
    ("(25-50)", (25 * P, 50 * P)),
    ("(more than 25 %)", (25 * P + 1, 100 * P)),
    # natures of control of the UK register (SI 2016/339, Schedule 2, Part 1)
    ("ownership-of-shares-25-to-50-percent", (25 * P + 1, 50 * P)),
    ("ownership-of-shares-50-to-75-percent", (50 * P + 1, 75 * P - 1)),
    ("ownership-of-shares-75-to-100-percent", (75 * P, 100 * P)),
    ("voting-rights-50-to-75-percent-as-trust", (50 * P + 1, 75 * P - 1)),
    ("voting-rights-75-to-100-percent-as-firm", (75 * P, 100 * P)),
    (
        "ownership-of-shares-more-than-25-percent-registered-overseas-entity",
        (25 * P + 1, 100 * P),
    ),
    (
        "voting-rights-25-to-50-percent-as-trust-limited-liability-partnership",
        (25 * P + 1, 50 * P),
    ),
    ("part-right-to-share-surplus-assets-75-to-100-percent", (75 * P, 100 * P)),
    ("25-to-50-percent", (25 * P + 1, 50 * P)),
    ("50-to-75-percent", (50 * P + 1, 75 * P - 1)),
    ("75-to-100-percent", (75 * P, 100 * P)),
    ("right-to-appoint-and-remove-directors", "load it as control"),
    ("significant-influence-or-control-as-trust", "load it as control"),
    ("ownership-of-shares-30-to-60-percent", "no known form"),
    # missing: never zero
    ("", MISSING),
    ("   ", MISSING),
    ("\u00a0\n", MISSING),
    ("unknown", MISSING),
    ("Unknown %", MISSING),
    ("[unknown %]", MISSING),
    ("(unknown)", MISSING),
    ("n/a", MISSING),
    ("N/A", MISSING),
    ("NA", MISSING),
    ("-", MISSING),
    ("\u2013", MISSING),
    ("\u2014", MISSING),
    ("--", MISSING),
    ("?", MISSING),
    ("null", MISSING),
    ("-0-", MISSING),  # the mark of a missing field in the US sanctions lists
    ("-0- ", MISSING),
    ("not stated", MISSING),
    ("not available", MISSING),
    ("undisclosed", MISSING),
    ("none", "no number"),
    ("nil", "no number"),
    ("all", "no number"),
    ("[]", "no number"),
    ("%", "no number"),
    ("controlling", "no number"),
    # out of range
    ("-5", "below 0"),
    ("\u22125 %", "below 0"),
    ("-.5", "below 0"),
    ("-0", "below 0"),
    ("100.0000000001", "above 100"),
    ("101", "above 100"),
    ("500", "above 100"),
    ("4/3", "above 100"),
    ("1/0", "fraction of zero"),
    ("about 101", "above 100"),
    ("25-101", "above 100"),
    ("50-25", "low end lies above"),
    ("(25, 25]", "low end lies above"),
    ("more than 100", "low end lies above"),
    ("less than 0", "low end lies above"),
    ("nearly 0", "low end lies above"),
    ("more than 50 up to 25", "low end lies above"),
    # the decimal sign is declared, never guessed
    ("50,5", "declared decimal sign"),
    ("50,5 %", "declared decimal sign"),
    ("1.000,5", "declared decimal sign"),
    ("1,000", "declared decimal sign"),
    ("[25,50]", "declared decimal sign"),
    # not a share
    ("338338536 shares", "a count is no share"),
    ("1 share", "a count is no share"),
    ("2016-04-06", "no known form"),
    ("5-5-5", "no known form"),
    ("25 50", "no known form"),
    ("25 and 50", "no known form"),
    ("25--50", "no known form"),
    ("50.5.5", "no known form"),
    ("50.", "no known form"),
    ("50..5", "no known form"),
    ("1/2/3", "no known form"),
    ("1.5/3", "no known form"),
    ("50%%", "no known form"),
    ("50 percentage points", "no known form"),
    ("5 1/2", "no known form"),
    ("5\u00bd", "no known form"),
    ("\u00bd %", "a fraction and a percent sign"),
    ("1/3 %", "a fraction and a percent sign"),
    ("half %", "a fraction and a percent sign"),
    ("about a third", "prints no place"),
    ("more than about 25", "no known form"),
    ("25 about 50", "no known form"),
    ("and more than 25", "no known form"),
    ("more than 25 and and up to 50", "no known form"),
    ("25 or more but less than 50", "no known form"),
    ("50 % of the votes", "no known form"),
    ("37 of 44", "no known form"),
    ("((50))", "no known form"),
    ("[50", "no known form"),
    ("[25]-[50]", "no known form"),
    ("> = 25", "no known form"),
    ("50\u2030", "a character that no form"),  # per mille
    # hostile
    ("1e1000000", "exponent"),
    ("1E5", "exponent"),
    ("5.0e+1", "exponent"),
    ("1e-5 %", "exponent"),
    ("nan", "not a finite number"),
    ("NaN", "not a finite number"),
    ("inf", "not a finite number"),
    ("-Infinity", "not a finite number"),
    ("1_000", "underscores"),
    ("0x32", "no known form"),
    ("9" * 65, "more than 64 digits"),
    ("0." + "3" * 64, "more than 64 digits"),
    (" " * 201, "201 characters"),
    ("50\x00", "U+0000"),
    ("\u202e05", "U+202E"),  # right-to-left override: reads as 50
    ("5\u200b0", "U+200B"),  # zero-width space
    ("\ufeff50", "U+FEFF"),  # byte order mark: the loader strips it from the file
    ("50\x1a", "U+001A"),
    ("5\xad0", "U+00AD"),  # soft hyphen
    ("50\ud800", "U+D800"),  # lone surrogate
    ("50\u2028", "U+2028"),  # line separator
    ("50\u00b2", "U+00B2"),  # superscript two: 502 after compatibility folding
    ("\u2464", "U+2464"),  # circled five
    ("\u2164", "U+2164"),  # Roman numeral five
    ("\u0665\u0660", "a character that no form"),  # Arabic-Indic 50
    ("\u096b\u0966", "a character that no form"),  # Devanagari 50
    ("5\u0660", "a character that no form"),  # two scripts in one number
    ("5O", "no known form"),  # the letter O
    ("l00", "no known form"),  # the letter l
    ("5\u03360", "a character that no form"),  # combining stroke: struck out
    ("\u4e94\u5341", "a character that no form"),  # fifty in Han numerals
    ("=50", "no known form"),
    ("50; DROP TABLE", "no known form"),
    ("<b>50</b>", "no known form"),
    ("Q", "no number"),
    ("Q-Q", "no number"),
    ("BQ&Q", "no number"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS, ids=[ascii(text)[:60] for text, _ in FORMS])
def test_form(text: str, expected: tuple[int, int] | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(StakeError) as refusal:
            parse_stake(text)
        assert expected in str(refusal.value)
    else:
        assert parse_stake(text) == expected


def test_the_table_is_long_enough_and_names_each_form_once() -> None:
    assert len({text for text, _ in FORMS}) == len(FORMS) >= 200


class Block(enum.IntEnum):
    """An int whose text is no number."""

    ALL = 100

    def __str__(self) -> str:
        return "the whole block"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, MISSING),
        (0, (0, 0)),
        (50, (50 * P, 50 * P)),
        (Block.ALL, (100 * P, 100 * P)),
        (Decimal("76.5"), (76_500_000, 76_500_000)),
        (Decimal("50.00"), (50 * P, 50 * P)),
        (Decimal("1E+2"), (100 * P, 100 * P)),
        (Decimal("1E-7"), (1, 1)),
    ],
)
def test_numbers_that_are_no_text(value: int | Decimal | None, expected: tuple[int, int]) -> None:
    assert parse_stake(value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (True, "true and false"),
        (-5, "below 0"),
        (101, "above 100"),
        (Decimal("NaN"), "not finite"),
        (Decimal("-Infinity"), "not finite"),
        (Decimal("1E+1000000"), "exponent beyond 64"),
        (Decimal("0E-1000000"), "exponent beyond 64"),
        (Decimal("-0.1"), "below 0"),
    ],
)
def test_numbers_that_are_refused(value: int | Decimal, reason: str) -> None:
    with pytest.raises(StakeError, match=reason):
        parse_stake(value)


def test_a_giant_integer_is_refused_without_printing_it() -> None:
    for value in (10**5000, -(10**5000)):
        with pytest.raises(StakeError, match="an integer of 16610 bits is no share: far outside"):
            parse_stake(value)


@pytest.mark.parametrize("value", [50.0, 0.5, float("nan"), b"50", Fraction(1, 2), [50]])
def test_a_float_is_a_mistake_of_the_caller(value: object) -> None:
    with pytest.raises(TypeError, match="keep the text"):
        parse_stake(value)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(TypeError, match="keep the text"):
        stake_of_bounds(value)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.95", (95 * P, 95 * P)),  # as Wikidata writes P1107 with unit 1
        ("+0.95", (95 * P, 95 * P)),
        ("1", (100 * P, 100 * P)),
        ("0", (0, 0)),
        ("0.333333333", THIRD),
        ("0.4999999999999", (50 * P - 1, 50 * P - 1)),
        ("1/3", THIRD),
        ("0.25-0.5", (25 * P, 50 * P)),
        ("more than 0.25", (25 * P + 1, 100 * P)),
        ("about 0.9", (80 * P, 100 * P)),
        ("about 0.90", (89 * P, 91 * P)),
        ("", MISSING),
        ("50", "above 100 %"),
        ("1.1", "above 100 %"),
        ("95 %", "a percent sign among proportions"),
    ],
)
def test_proportions(text: str, expected: tuple[int, int] | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(StakeError, match=expected):
            parse_stake(text, scale="proportion")
    else:
        assert parse_stake(text, scale="proportion") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50,5", (50_500_000, 50_500_000)),
        ("50,5 %", (50_500_000, 50_500_000)),
        ("50", (50 * P, 50 * P)),
        ("25,5 - 50,75", (25_500_000, 50_750_000)),
        ("[25,5; 50)", (25_500_000, 50 * P - 1)),
        ("about 7,8", (7_700_000, 7_900_000)),
        ("50.5", 'if the source writes "."'),
        ("1.000,5", 'if the source writes "."'),
        ("50,5,5", "no known form"),
    ],
)
def test_decimal_comma(text: str, expected: tuple[int, int] | str) -> None:
    if isinstance(expected, str):
        with pytest.raises(StakeError, match=expected):
            parse_stake(text, decimal=",")
    else:
        assert parse_stake(text, decimal=",") == expected


def test_a_decimal_has_a_point_in_every_locale() -> None:
    assert parse_stake(Decimal("50.5"), decimal=",") == (50_500_000, 50_500_000)


def test_an_undeclared_scale_or_decimal_sign_is_never_guessed() -> None:
    with pytest.raises(KeyError):
        parse_stake("50", scale="per mille")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(KeyError):
        parse_stake("50", decimal="'")  # type: ignore[arg-type]  # the point of the test


def test_a_text_of_a_subclass_is_read_as_text() -> None:
    kind = type("Cell", (str,), {})
    assert parse_stake(kind("more than 25")) == (25 * P + 1, WHOLE)


def test_a_refusal_is_one_short_visible_line() -> None:
    with pytest.raises(StakeError) as refusal:
        parse_stake("x\n\x07\u202e" * 40)
    shown, _, reason = str(refusal.value).partition(" is no share: ")
    assert shown.isprintable()
    assert shown.startswith(r"'x\n\x07\u202ex")
    assert len(shown) == 80
    assert reason.isprintable()


# Bounds as BODS states them.
@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, MISSING),
        ({"minimum": 25, "maximum": 50}, (25 * P, 50 * P)),
        ({"minimum": "25", "maximum": "50 %"}, (25 * P, 50 * P)),
        ({"minimum": Decimal("12.5")}, (12_500_000, 100 * P)),
        ({"exclusive_minimum": 25, "exclusive_maximum": 75}, (25 * P + 1, 75 * P - 1)),
        ({"minimum": 75, "exclusive_maximum": 100}, (75 * P, 100 * P - 1)),
        ({"minimum": 25, "exclusive_minimum": 25}, (25 * P + 1, 100 * P)),
        ({"minimum": 30, "exclusive_minimum": 25}, (30 * P, 100 * P)),
        ({"maximum": 50, "exclusive_maximum": 75}, (0, 50 * P)),
        ({"minimum": 25, "exclusive_minimum": True}, (25 * P + 1, 100 * P)),
        ({"minimum": 25, "exclusive_minimum": False}, (25 * P, 100 * P)),
        ({"maximum": 50, "exclusive_maximum": True}, (0, 50 * P - 1)),
        ({"exclusive_maximum": False}, MISSING),
        ({"minimum": "unknown", "maximum": ""}, MISSING),
        ({"minimum": "1/3", "maximum": "1/3"}, THIRD),
        ({"exclusive_minimum": "1/3"}, (THIRD[0], 100 * P)),
        ({"exclusive_minimum": "49.999999999"}, (50 * P - 1, 100 * P)),
        ({"exclusive_maximum": "50.000000001"}, (0, 50 * P + 1)),
        ({"minimum": 50, "maximum": 25}, "bounds 50 to 25 leave no share"),
        ({"minimum": 25, "exclusive_maximum": 25}, "leave no share"),
        ({"minimum": -5}, "below 0"),
        ({"maximum": 500}, "above 100"),
        ({"exclusive_minimum": 105}, "above 100"),
        ({"minimum": "25-50"}, "a band where one number belongs"),
        ({"minimum": "majority"}, "a band where one number belongs"),
        ({"minimum": True}, "true and false"),
        ({"exclusive_minimum": True}, "no number beside it"),
        ({"maximum": "", "exclusive_maximum": True}, "no number beside it"),
    ],
)
def test_bounds(
    bounds: dict[str, str | int | Decimal | None], expected: tuple[int, int] | str
) -> None:
    if isinstance(expected, str):
        with pytest.raises(StakeError, match=expected):
            stake_of_bounds(**bounds)
    else:
        assert stake_of_bounds(**bounds) == expected


def test_a_fraction_of_the_whole() -> None:
    assert from_fraction(Fraction(1, 3)) == THIRD
    assert from_fraction(Fraction(7, 13)) == (53_846_153, 53_846_154)  # 0.538461 538461 ...
    for value in (Fraction(-1, 2), Fraction(3, 2)):
        with pytest.raises(StakeError, match="outside 0 to 1"):
            from_fraction(value)
    with pytest.raises(TypeError, match="not float"):
        from_fraction(0.5)  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize(
    ("units", "text"),
    [
        (0, "0"),
        (1, "0.000001"),
        (10, "0.00001"),
        (1_000_000, "1"),
        (10_000_000, "10"),
        (82_200_000, "82.2"),
        (49_999_999, "49.999999"),
        (WHOLE, "100"),
        (-500_000, "-0.5"),
    ],
)
def test_percent_text(units: int, text: str) -> None:
    assert percent_text(units) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0, WHOLE, "unknown"),
        (0, 0, "0 %"),
        (82_200_000, 82_200_000, "82.2 %"),
        (25 * P + 1, 25 * P + 1, "25.000001 %"),
        (25 * P, 50 * P, "25\N{EN DASH}50 %"),
        (*THIRD, "33.333333\N{EN DASH}33.333334 %"),
        (25 * P + 1, WHOLE, "more than 25 %"),
        (1, WHOLE, "more than 0 %"),
        (33_300_001, WHOLE, "more than 33.3 %"),
        (75 * P, WHOLE, "at least 75 %"),
        (75_000_002, WHOLE, "at least 75.000002 %"),
        (0, 50 * P - 1, "less than 50 %"),
        (0, 50 * P, "up to 50 %"),
        (0, 49_999_998, "up to 49.999998 %"),
        (25 * P + 1, 50 * P, "more than 25 up to 50 %"),
        (25 * P, 50 * P - 1, "at least 25 and less than 50 %"),
        (50 * P + 1, 75 * P - 1, "more than 50 and less than 75 %"),
    ],
)
def test_format(low: int, high: int, text: str) -> None:
    stake = Stake(low, high)
    assert format_stake(stake) == str(stake) == f"{stake}" == text


def test_a_stake_knows_what_it_says() -> None:
    half = parse_stake("50")
    assert (half.exact, half.unknown) == (True, False)
    assert (UNKNOWN.exact, UNKNOWN.unknown) == (False, True)
    assert not parse_stake("more than 25").unknown
    assert not parse_stake("up to 50").unknown
    assert half.hull(parse_stake("25-30")) == (25 * P, 50 * P)
    assert UNKNOWN.hull(half) == UNKNOWN
    assert {half, parse_stake("1/2")} == {half}
    assert UNKNOWN < parse_stake("25") < half


UNITS = st.integers(0, WHOLE)
STAKES = st.tuples(UNITS, UNITS).map(lambda ends: Stake(min(ends), max(ends)))
DIGITS = st.text("0123456789", max_size=40)
NEAR_WHOLE = st.builds(
    lambda places, near: near * places, st.integers(0, 40), st.sampled_from("09")
)
DECIMALS = st.builds(
    lambda whole, near, rest: f"{whole}.{near}{rest}"[:64].rstrip("."),
    st.integers(0, 99),
    NEAR_WHOLE,
    DIGITS,
)


WORDS = (
    *("more than", "less than", "up to", "at least", "and", "but", "between", "or more", "about"),
    *("to", "half", "nearly", "majority", "unknown", "50", "25.5", "1/3", "-5", "%", "[", "]"),
    *("(", ")", ",", ";", "-", ">", "<=", "~", "+"),
)


@given(UNITS)
def test_every_unit_survives_its_text(units: int) -> None:
    assert parse_stake(percent_text(units)) == (units, units)


@given(DECIMALS)
@example("49.99999999999999999999")
@example("50.0000000001")
def test_rounding_never_reaches_a_whole_percent(text: str) -> None:
    """Oracle: the exact fraction, and the two multiples of a unit around it."""
    value = Fraction(text) * P
    low, high = parse_stake(text)
    assert abs(low - value) < 1
    assert abs(high - value) < 1
    if value.denominator == 1:
        assert low == high == value
        return
    floor = value.numerator // value.denominator
    kept = [unit for unit in (floor, floor + 1) if unit % P]
    assert [low, high] == [kept[0], kept[-1]]
    for whole in range(101):
        assert (value < whole * P) == (high < whole * P)
        assert (value > whole * P) == (low > whole * P)


@given(DECIMALS, DECIMALS)
def test_order_is_kept(one: str, other: str) -> None:
    if Fraction(one) > Fraction(other):
        one, other = other, one
    assert parse_stake(one) <= parse_stake(other)
    low, high = parse_stake(f"{one}-{other}"[:200]) if len(one + other) < 64 else (0, 0)
    assert low <= high


@given(UNITS, UNITS)
def test_bands_mean_the_same_in_every_form(one: int, other: int) -> None:
    low, high = min(one, other), max(one, other) + 1
    if high > WHOLE:
        low, high = 0, 1
    a, b = percent_text(low), percent_text(high)
    assert parse_stake(f"{a}-{b}") == parse_stake(f"[{a}, {b}]") == (low, high)
    assert parse_stake(f"[{a}, {b})") == parse_stake(f">= {a} and < {b}") == (low, high - 1)
    assert parse_stake(f"({a}, {b}]") == parse_stake(f"over {a} up to {b} %") == (low + 1, high)
    assert stake_of_bounds(a, b) == (low, high)
    assert stake_of_bounds(a, exclusive_maximum=b) == (low, high - 1)
    assert stake_of_bounds(None, b, exclusive_minimum=a) == (low + 1, high)


@given(STAKES)
@example(Stake(1, WHOLE - 1))
@example(Stake(25 * P + 1, 25 * P + 9_999))
@example(Stake(0, 1))
def test_what_is_shown_can_be_read_back(stake: Stake) -> None:
    assert parse_stake(format_stake(stake)) == stake


@given(STAKES, STAKES)
def test_a_hull_holds_both_and_no_more(one: Stake, other: Stake) -> None:
    hull = one.hull(other)
    assert hull == other.hull(one)
    assert set(hull) <= {*one, *other}
    assert all(hull.low <= stake.low <= stake.high <= hull.high for stake in (one, other))


@given(st.fractions(0, 1))
def test_a_fraction_reads_like_its_text(value: Fraction) -> None:
    text = f"{value.numerator}/{value.denominator}"
    assert from_fraction(value) == parse_stake(text)


@given(st.fractions(0, 1, max_denominator=10**6), st.integers(1, 10**6))
def test_a_fraction_is_the_same_in_other_terms(value: Fraction, by: int) -> None:
    assert parse_stake(f"{value.numerator * by}/{value.denominator * by}") == from_fraction(value)


@given(
    st.one_of(
        st.text(max_size=210),
        st.text("0123456789.,-+%/()[]<>=~e_ \u2013\u00bd\u2264", max_size=30),
        st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
    )
)
def test_any_text_is_a_share_or_a_refusal(text: str) -> None:
    try:
        low, high = parse_stake(text)
    except StakeError as refusal:
        message = str(refusal)
        assert message.isprintable()
        assert len(message) < 250
    else:
        assert 0 <= low <= high <= WHOLE
