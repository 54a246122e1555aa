"""What share does a source's text claim, exactly as printed.

The answer is a :class:`Bounds` in percent, as fractions: nothing is rounded here. A text is
folded to plain characters, its numbers become ``Q``, its words become symbols, and what is left
must be one of the shapes in ``_SHAPES``: a form that is not listed is refused, never guessed.

Decisions that a reader may want to look up:

- "None", "nil" and "all" are refused: "none" may mean no share, or none stated.
- "About 90" widens by one in the last printed place; "nearly 90" is the lower half of that
  without 90, "just over 90" the upper half. "About a third" is refused: it prints no place.
- A fraction is of the whole, so "1/2 %" is refused, and so is a mixed number such as "5 1/2".
- Digits of other scripts (full-width ones aside), superscripts, circled numbers and invisible
  characters are refused: what the eye reads and what the file says may differ.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Scale = Literal["percent", "proportion"]
DecimalSign = Literal[".", ","]

MAX_CHARACTERS: Final = 200
MAX_DIGITS: Final = 64
HUNDRED: Final = Fraction(100)
_PERCENT_PER_ONE: Final = {"percent": 1, "proportion": 100}


class Bounds(NamedTuple):
    """What a text claims: two ends in percent (None = not stated), each in or out of the claim."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False


class Amount(NamedTuple):
    """A printed number in percent, and one in its last printed place (None for a fraction)."""

    percent: Fraction
    step: Fraction | None


def _phrases(table: dict[str, str]) -> dict[str, str]:
    """Turn {meaning: "phrase|phrase"} into {phrase: meaning}."""
    return {phrase: key for key, phrases in table.items() for phrase in phrases.split("|")}


_MISSING: Final = re.compile(
    r"(?:unknown|undisclosed|not (?:stated|known|available|disclosed|specified)|unspecified"
    r"|unavailable|n/a|n\.a\.|na|null|\?|--?|-0-)(?: ?(?:%|percent))?|"
)
_TAILS: Final = ("", " stake", " share", " interest", " shareholding", " owned")
_WORDS: Final = {
    **{f"majority{tail}": Bounds(low=Fraction(50), low_open=True) for tail in _TAILS},
    **{f"minority{tail}": Bounds(high=Fraction(50), high_open=True) for tail in _TAILS},
    **dict.fromkeys(("wholly owned", "fully owned", "entirely owned"), Bounds(HUNDRED, HUNDRED)),
}

# Natures of control of the UK register. The codes do not say which ends they hold; the law does:
# SI 2016/339, Schedule 2, Part 1 ("more than 50% but less than 75%", "75% or more").
_REGISTER: Final = re.compile(
    r"(?:(?:ownership-of-shares|voting-rights|(?:part-)?right-to-share-surplus-assets)-)?"
    r"(25-to-50|50-to-75|75-to-100|more-than-25)-percent(?:-[a-z]+)*"
)
_REGISTER_BANDS: Final = {
    "25-to-50": Bounds(Fraction(25), Fraction(50), low_open=True),
    "50-to-75": Bounds(Fraction(50), Fraction(75), low_open=True, high_open=True),
    "75-to-100": Bounds(Fraction(75), HUNDRED),
    "more-than-25": Bounds(Fraction(25), low_open=True),
}

# Capitals stand for words that have no sign of their own: folded text holds no capital.
_OPERATORS: Final = _phrases(
    {
        ">": "more than|greater than|over|above|exceeding|in excess of",
        "≥": ">=|⩾|≧|at least|not less than|no less than|from|minimum",
        "<": "less than|under|below",
        "≤": "<=|⩽|≦|up to|at most|no more than|not more than|not over|not exceeding|maximum",
        "A": "≈|about|approximately|approx.|approx|around|circa|ca.|ca|c.|roughly|some",
        "N": "nearly|almost|just under|just below",
        "J": "just over|just above",
        "+": "or more|or over|or above|and more|and over|and above",
        "D": "or less|or under|or below|and less|and under|and below",
        "B": "between",
        "T": "to",
        "&": "and|but",
    }
)


def _operator_pattern(phrase: str) -> str:
    if not phrase[0].isalpha():
        return re.escape(phrase)
    # "25 and less" closes a text; the "and less" of "25 and less than 50" does not.
    after = r"(?=\W?$)" if _OPERATORS[phrase] in {"+", "D"} else r"(?![a-z])"
    return rf"(?<![a-z]){re.escape(phrase)}{after}"


_OPERATOR: Final = re.compile(
    "|".join(map(_operator_pattern, sorted(_OPERATORS, key=len, reverse=True)))
)
_JOIN: Final = re.compile(r"(?<=Q);?&?(?=[<>≤≥])")

# Which ends are open; None = that end is not stated. The first Q is the low end, the last the high.
_ENDS: Final[dict[tuple[bool | None, bool | None], str]] = {
    (False, False): "Q Q-Q QTQ Q~Q ≥Q-Q ≥QTQ BQ&Q ≥Q≤Q [Q;Q]",
    (False, True): "≥Q<Q [Q;Q)",
    (True, False): ">Q≤Q (Q;Q]",
    (True, True): ">Q<Q (Q;Q)",
    (False, None): "≥Q Q+",
    (True, None): ">Q",
    (None, False): "≤Q QD",
    (None, True): "<Q",
}
_SHAPES: Final = {shape: ends for ends, shapes in _ENDS.items() for shape in shapes.split()}
_INTERVAL: Final = re.compile(r"[\[(]Q;Q[\])]")
_WRAPPED: Final = re.compile(r"\[(.*)\]|\((.*)\)")
_NOTE_AFTER: Final = re.compile(r"Q\((.)\)")

_FRACTIONS: Final = _phrases(
    {
        "1/2": "half|one half|a half",
        "1/3": "one third|a third",
        "2/3": "two thirds",
        "1/4": "one quarter|a quarter",
        "3/4": "three quarters",
    }
)


def _amount_pattern(sign: str) -> re.Pattern[str]:
    words = "|".join(_FRACTIONS).replace(" ", "[ -]")
    return re.compile(
        rf"(?P<top>\d+) ?/ ?(?P<bottom>\d+)|(?<![a-z])(?P<word>{words})(?![a-z])"
        rf"|\+?(?P<number>\d+(?:[{sign}]\d+)?|(?<!\w)[{sign}]\d+)"
        r"(?P<unit> ?(?:%|percent|per cent|pct\.?)(?![a-z]))?",
        re.ASCII,
    )


_AMOUNT: Final = {sign: _amount_pattern(sign) for sign in (".", ",")}

# Six dashes and the minus sign, two slashes, the wave dash: alike to every reader.
_ALIKE: Final = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u2044\u2215", "/")
    | {"\u301c": "~"}
)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_FORMS: Final = "write it like 50, 25-50, more than 25 or 1/3"
_REASONS: Final = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"\d ?e ?[+-]?\d", "exponent notation is not read; write the digits out"),
        (r"^[+-]?(?:s?nan|inf)", "it is not a finite number; leave an unknown share empty"),
        (r"^-[ \d.,]", "below 0; a share lies between 0 and 100 %"),
        (
            r"^(?:significant-influence|right-to-appoint|registered-owner)-",
            "a nature of control that states no share; load it as control",
        ),
        (
            r"\d[^%]*\bshares?\b",
            "a count is no share of the whole; write shares held / shares issued",
        ),
        (r"\d_\d", "a number with underscores is not read; write the digits only"),
        (r"/.*%|(?:half|third|quarter)s? ?%", "a fraction and a percent sign; write one of them"),
        (r"[^\x00-\x7f≤≥≈]", f"a character that no form of a share holds; {_FORMS}"),
        (r"^\D*$", "no number in it; leave an unknown share empty"),
    )
)


def _plain_character(char: str) -> str:
    category = unicodedata.category(char)
    if unicodedata.decomposition(char).startswith("<fraction>"):
        # Compatibility folding would glue "5" and a vulgar half into 51/2.
        return " " + char
    if (category in _UNSEEN and char not in "\t\r\n") or category in {"No", "Nl"}:
        code = f"U+{ord(char):04X}"
        raise ValueError(f"character {code} is invisible or no plain digit; mend it at the source")
    return char


def _plain(text: str) -> str:
    """Fold look-alikes, case and spaces; refuse what can be seen or read in more than one way."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"{len(text)} characters; a share takes at most {MAX_CHARACTERS}")
    seen = "".join(map(_plain_character, text))
    folded = unicodedata.normalize("NFKC", seen).translate(_ALIKE).casefold()
    if sum(map(str.isdigit, folded)) > MAX_DIGITS:
        raise ValueError(f"more than {MAX_DIGITS} digits; give the share to fewer places")
    return " ".join(folded.split())


def _amount(match: re.Match[str], scale: Scale) -> Amount:
    if match["number"]:
        if match["unit"] and scale == "proportion":
            raise ValueError('a percent sign among proportions; declare scale="percent"')
        whole, _, part = match["number"].replace(",", ".").partition(".")
        step = Fraction(_PERCENT_PER_ONE[scale], 10 ** len(part))
        return Amount(int(whole + part) * step, step)
    if match["word"]:
        return Amount(Fraction(_FRACTIONS[match["word"].replace("-", " ")]) * 100, None)
    if not int(match["bottom"]):
        raise ValueError("a fraction of zero; correct the total")
    return Amount(Fraction(int(match["top"]), int(match["bottom"])) * 100, None)


def _shape(text: str, scale: Scale, decimal: DecimalSign) -> tuple[str, list[Amount]]:
    amounts: list[Amount] = []

    def take(match: re.Match[str]) -> str:
        amounts.append(_amount(match, scale))
        return "Q"

    shape = _OPERATOR.sub(lambda match: _OPERATORS[match[0]], _AMOUNT[decimal].sub(take, text))
    shape = _JOIN.sub("", shape.replace(", ", ";").replace(" ", ""))
    wrapped = None if _INTERVAL.fullmatch(shape) else _WRAPPED.fullmatch(shape)
    if wrapped:
        shape = wrapped[1] or wrapped[2] or ""
    return _NOTE_AFTER.sub(r"\1Q", shape), amounts


def _approximate(symbol: str, amount: Amount) -> Bounds:
    value, step = amount
    if step is None:
        raise ValueError("an approximate fraction prints no place to widen by; give the band")
    below, above = max(value - step, Fraction(0)), min(value + step, HUNDRED)
    if symbol == "N":
        return Bounds(below, value, high_open=True)
    return Bounds(value, above, low_open=True) if symbol == "J" else Bounds(below, above)


def _claimed(shape: str, amounts: Sequence[Amount]) -> Bounds | None:
    """Put the amounts into the shape; None where no such shape is known."""
    approximate = shape in {"~Q", "AQ", "NQ", "JQ"}
    if not approximate and shape not in _SHAPES:
        return None
    if max(amount.percent for amount in amounts) > HUNDRED:
        raise ValueError("above 100 %; correct the value or the declared scale")
    if approximate:
        return _approximate(shape[0], amounts[0])
    low_open, high_open = _SHAPES[shape]
    low = None if low_open is None else amounts[0].percent
    high = None if high_open is None else amounts[-1].percent
    return Bounds(low, high, bool(low_open), bool(high_open))


def _why_not(text: str, decimal: DecimalSign) -> str:
    for pattern, reason in _REASONS:
        if pattern.search(text):
            return reason
    other = "," if decimal == "." else "."
    if re.search(rf"\d[{other}]\d", text):
        return f'"{decimal}" is the declared decimal sign; if the source writes "{other}", say so'
    return f"no known form of a share; {_FORMS}"


def read_text(text: str, scale: Scale, decimal: DecimalSign) -> Bounds:
    """Bounds in percent that ``text`` claims; without ends where it marks the share as missing.

    Raises:
        ValueError: the text has no known form; the message says why, and the mend.
    """
    plain = _plain(text)
    inner = plain[1:-1].strip() if _WRAPPED.fullmatch(plain) else plain
    if _MISSING.fullmatch(plain) or (inner and _MISSING.fullmatch(inner)):
        return Bounds()
    code = _REGISTER.fullmatch(plain)
    if code:
        return _REGISTER_BANDS[code[1]]
    bounds = _WORDS.get(plain.replace("-", " ")) or _claimed(*_shape(plain, scale, decimal))
    if bounds is None:
        raise ValueError(_why_not(plain, decimal))
    return bounds
