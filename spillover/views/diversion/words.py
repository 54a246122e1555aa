"""How are amounts, ratios and findings on diversion put into words, thin data said to be thin?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.queries.diversion.periods import MONTH_NAMES, YEAR
from spillover.queries.diversion.ranges import Range

if TYPE_CHECKING:
    from spillover.queries.diversion.answer import Basket, Diversion, Hub
    from spillover.queries.diversion.did import Compared
    from spillover.queries.diversion.mirror import Mirror
    from spillover.queries.diversion.totals import Total

_Scales = tuple[tuple[int, str], ...]
_PLAIN: Final[_Scales] = ((1, ""),)
_MONEY: Final[_Scales] = ((10**9, "bn"), (10**6, "m"), (10**3, "thousand"), (1, ""))
_MASS: Final[_Scales] = ((10**9, "Mt"), (10**3, "t"), (1, "kg"))
_DIGITS: Final = 4
"""Digits that words keep; the JSON keeps more."""
_FINEST: Final = 9
"""Decimal places at most."""
_NEGLIGIBLE: Final = Fraction(1, 10_000)
_LITTLE: Final = 20
"""Times by which something grew from nearly nothing."""
_VOICES: Final = {
    "exporter": "as the exporter reports",
    "importer": "as the importer reports",
    "reconciled": "one figure made of both reports",
    "stated": "as the source prints it",
}


def number(value: Fraction, places: int | None = None) -> str:
    """A number to four digits (or so many decimal places), with commas, without an exponent."""
    digits = _places(abs(value)) if places is None else places
    text = f"{float(round(value, digits)):,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _places(size: Fraction) -> int:
    """Decimal places by which a size has four digits."""
    digits = 0
    while size and size * 10**digits < 10 ** (_DIGITS - 1) and digits < _FINEST:
        digits += 1
    return digits


def count(size: int, what: str) -> str:
    """A number of things, in the plural but for one."""
    return f"{size:,} {what}" if size == 1 else f"{size:,} {what}s"


def amount(value: Range | None, unit: str) -> str:
    """An amount in its unit: ``74 m USD``, ``0–2 thousand USD``, ``330 t``, ``unknown``."""
    if value is None or (value.low is None and value.high is None):
        return "unknown"
    factor, word = scale(unit, max((abs(end) for end in value if end), default=Fraction(0)))
    said = interval(Range(*(None if end is None else end / factor for end in value)))
    return f"{said} {word}"


def scale(unit: str, size: Fraction) -> tuple[int, str]:
    """How many of a unit are one of the multiple that suits a size, and its name: ``m USD``."""
    scales = _MASS if unit == "kg" else _MONEY if unit.isupper() else _PLAIN
    factor, word = next((pair for pair in scales if size >= pair[0]), scales[-1])
    return factor, word if unit == "kg" else " ".join(filter(None, (word, unit)))


def interval(value: Range) -> str:
    """Two bounds in words; a bound that is not there is named."""
    low, high = value
    if low is None:
        return f"at most {number(high)}" if high is not None else "unknown"
    if high is None:
        return f"at least {number(low)}"
    if low == high:
        return number(low)
    places = _places(max(abs(low), abs(high)))
    while places < _FINEST and number(low, places) == number(high, places):
        places += 1
    return f"{number(low, places)} to {number(high, places)}"


def times(total: Total) -> str:
    """After over before."""
    if not total.complete:
        return "unknown"
    ratio = total.ratio
    if ratio is None:
        return "from nothing" if total.after and total.after.low else "unknown"
    if ratio.high is not None and ratio.high < 1:
        fell = Range(1 - ratio.high, None if ratio.low is None else 1 - ratio.low)
        return f"down {percent(fell)}"
    return f"{interval(ratio)} times"


def percent(value: Range | None) -> str:
    """A part of something in percent."""
    if value is None:
        return "unknown"
    if value.high is not None and 0 < value.high < _NEGLIGIBLE:
        return "under 0.01 %"
    return f"{interval(Range(*(None if end is None else end * 100 for end in value)))} %"


def part_of_year(part: str) -> str:
    """What a level covers: ``a year``, ``the same months``, ``January to May``."""
    if part == YEAR:
        return "a year"
    if part == "months":
        return "the same months of a year"
    first, _, last = part.partition("/")
    ends = [_day(first), _day(last.rpartition("-")[2] if last.startswith("+") else last)]
    return " to ".join(filter(None, ends))


def _day(text: str) -> str:
    if not text:
        return ""
    month, _, day = text.partition("-")
    return f"{int(day)} {MONTH_NAMES[int(month)]}" if day else MONTH_NAMES[int(month)]


def why(hub: Hub, basket: Basket, answer: Diversion) -> str:
    """One plain sentence: what rose, measured against what fell, and what could have fed it."""
    exports, name = hub.exports, hub.party.name
    before = amount(exports.before, basket.unit)
    after = amount(exports.after, basket.unit)
    covers = "" if basket.measure == "quantity" else f" in {part_of_year(exports.part)}"
    end = answer.target.name
    if exports.before is None:
        said = f"{name}: sent {after} to {end}{covers}; before is not known"
    else:
        grew = times(exports)
        told = f" ({grew})" if grew != "unknown" else ""
        said = f"{name}: exports to {end} went from {before} to {after}{covers}{told}"
    return "; ".join([said, _substituted(hub, basket), _fed(hub, basket)]) + "."


def _substituted(hub: Hub, basket: Basket) -> str:
    if basket.direct is None:
        return "no fall of direct exports is known to set this against"
    if hub.substitution is None:
        return "direct exports did not fall, or it is not known whether they did"
    rates = "" if hub.exports.part == basket.direct.part else ", both as rates for a year"
    return f"that is {percent(hub.substitution)} of the fall of direct exports{rates}"


def _fed(hub: Hub, basket: Basket) -> str:
    bought = hub.imports
    if hub.bought_nothing:
        return (
            "no imports from the direct suppliers are reported, which speaks for goods of its own"
            " or of others"
        )
    if bought is None or not bought.complete:
        known = "" if bought is None else " both before and after"
        return f"what it bought from the direct suppliers is not known{known}"
    if bought.rise.high is not None and bought.rise.high <= 0:
        return (
            "its own imports from the direct suppliers did not rise, which speaks for goods of its"
            " own or of others"
        )
    rise = amount(bought.rise, basket.unit)
    part = "" if hub.fed is None else f", of the same goods enough for {percent(hub.fed)} of it"
    return f"its own imports from the direct suppliers rose by {rise}{part}"


def cautions(hub: Hub) -> list[str]:
    """What makes the numbers of a hub weak."""
    exports = hub.exports
    said: list[str] = []
    if exports.before is None:
        said.append("nothing is known of before")
    elif exports.fewest == 1:
        said.append("one period before")
    ratio = exports.ratio
    if exports.complete and (ratio is None or (ratio.low or 0) >= _LITTLE):
        said.append("from nearly nothing")
    if exports.silent:
        said.append(f"{count(exports.silent, 'period')} that its reporter does not name: 0")
    if exports.mixed:
        said.append("the first period after begins before the day")
    if exports.apart:
        said.append(f"{count(len(exports.apart), 'good')} known in one window only: left out")
    if any(one.denied for one in exports.counted):
        said.append("denied")
    if any(one.editions for one in exports.counted):
        said.append("several editions of the HS")
    if exports.widest != exports.rise:
        said.append("reports of the two ends differ")
    return said


def voice(total: Total) -> str:
    """Whose figures a total stands on."""
    voices = sorted({one.picked.voice for one in total.counted})
    return "; ".join(_VOICES[one] for one in voices)


def gap(mirror: Mirror | None) -> str:
    """Log gap of two reports, and what was sent but not reported as arrived."""
    if mirror is None:
        return "exporter does not report"
    if not mirror.met and not mirror.unanswered:
        return "importer does not report"
    if mirror.gap is None:
        return "nothing arrived" if mirror.exported.low else "nothing sent"
    low, high = (f"{end:+.2f}" for end in mirror.gap)
    return low if low == high else f"{low} to {high}"


def compared(found: Compared | None) -> str:
    """A difference in differences in words."""
    if found is None:
        return "not computed: other goods are not known by codes"
    counts = f"{found.controlled} controlled, {count(found.others, 'other good')}"
    if found.effect is None or found.error is None or found.percent is None:
        return f"too few goods ({counts})"
    thin = ", thin" if found.thin else ""
    logs = f"{found.effect:+.2f} ± {found.error:.2f} in logs"
    return f"≈ {found.percent:+.0f} % ({logs}; {counts}{thin})"


def rank_note(basket: Basket) -> str:
    """How the hubs of a basket are ordered, and how many are not shown."""
    hidden = f"; {count(basket.hidden, 'further hub')} not shown" if basket.hidden else ""
    return f"in order of the rise; those of which before is unknown stand last{hidden}"
