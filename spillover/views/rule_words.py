"""What does an ownership rule say, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.dates import as_day
from spillover.graph.schema import MEANS

if TYPE_CHECKING:
    from spillover.queries.rulebook import Reading, Rule

_AGGREGATION: Final = {
    "together": "The holdings of all listed persons are added up.",
    "programme": "The holdings of persons listed under one programme are added up, those of"
    " different programmes are not.",
    "person": "The holdings of different listed persons are not added up.",
}
_METHOD: Final = {
    "cascade": "A stake held through another entity counts whole, or not at all: it counts when"
    " that entity is itself {passes}.",
    "products": "Stakes are multiplied along each chain of owners and the chains are added up; and"
    " the stake of an entity that is itself {passes} counts whole.",
    "simple_paths": "Stakes are multiplied along each chain of owners that visits nobody twice,"
    " and the chains are added up; and the stake of an entity that is itself {passes} counts"
    " whole.",
    "listed": "Ownership is not followed: only the listed persons themselves are meant.",
}
_RED_FLAGS: Final = {
    "control": "control",
    "minority": "a share below the threshold",
    "interest": "the blocked persons' own interest",
    "representation": "a listed person who directs it or acts for it",
    "unknown_share": "a listed owner whose share is unknown",
}


def threshold(rule: Rule) -> str:
    """The threshold with its dates, on one line."""
    until = {str(p.threshold): p.end for p in rule.in_force if p.threshold and p.end}
    own = str(rule.reading.threshold) if rule.reading.threshold else "no share decides"
    return "; ".join((own, *(f"{was} until {end}" for was, end in until.items())))


def in_force(rule: Rule) -> str:
    """Every period with its state."""
    return "; ".join(
        f"{p.state} from {p.start} {f'to {p.end}' if p.end else 'on'}" for p in rule.in_force
    )


def control(rule: Rule) -> str:
    """Whether control counts, in a word or two."""
    if not rule.reading.control:
        return "a red flag" if "control" in rule.red_flags else "no"
    return "yes, rebuttable" if rule.rebuttable else "yes"


def explained(rule: Rule) -> list[tuple[str, str]]:
    """Every part of a rule as a heading and a sentence."""
    reading = rule.reading
    rows = [
        ("Rule", f"{rule.id}: {rule.title}"),
        ("Authority", rule.authority),
        ("Summary", rule.summary.strip()),
        ("What it makes of an entity", rule.effect),
        ("Threshold", threshold(rule)),
    ]
    if reading.threshold or rule.method == "listed":
        rows.append(("Indirect stakes", _METHOD[rule.method].format(passes=_passes(reading))))
    if reading.threshold:
        rows.append(("Several owners", _AGGREGATION[reading.aggregation]))
        rows.append(("What is counted", " or, apart, ".join(map(_bases, reading.bases))))
        rows.append(("Held jointly", _joint(reading)))
    if reading.alone:
        rows.append(("Presumption", f"Control is presumed where one owner holds {reading.alone}."))
    rows.append(("Control", _control(rule)))
    if reading.acting_for:
        rows.append(("Acting for", "Whoever acts for a listed person is reached."))
    if rule.unsettled:
        rows.append(
            (
                "Not settled",
                f"{rule.unsettled.why.strip()} What only this could reach is undetermined.",
            )
        )
    rows.append(("Starts from", ", ".join(rule.programmes) or "any person"))
    flags = ", ".join(_RED_FLAGS[flag] for flag in rule.red_flags)
    rows.append(("Red flags", flags or "none"))
    rows.append(("In force", in_force(rule)))
    remark = rule.remark(as_day(None))
    rows.append(("Today", remark or "in force"))
    rows += [("Source", f"{item.title} ({item.date}), {item.url}") for item in rule.sources]
    rows.append(("Status", f"{_STATUS[rule.status]}; verified on {rule.verified_on}"))
    return rows


_STATUS: Final = {
    "read": "the source or an excerpt of it was read",
    "unverified": "stated from memory: check the source before you rely on it",
}


def _passes(reading: Reading) -> str:
    passes = reading.passes_on or reading.threshold
    held = f"held to {passes}" if passes else "controlled"
    return f"{held} or controlled" if reading.control and passes else held


def _bases(bases: tuple[str, ...]) -> str:
    words = {"capital": "capital", "votes": "votes", "interest": "shares of unstated kind"}
    return " and ".join(words[basis] for basis in bases)


def _joint(reading: Reading) -> str:
    arrangement = (
        "Each party to a joint arrangement holds what all hold."
        if reading.joint_arrangements
        else "Joint arrangements do not count."
    )
    shares = (
        "Each of those who hold shares jointly holds all of them."
        if reading.joint_holdings
        else "Shares held jointly surely count only when all their holders do."
    )
    return f"{arrangement} {shares}"


def _control(rule: Rule) -> str:
    if not rule.reading.control:
        return "Control decides nothing" + (
            ", but it is a red flag." if "control" in rule.red_flags else "."
        )
    means = "; ".join(
        "control that a source states without saying how" if name == "stated" else MEANS[name]
        for name in rule.reading.control
    )
    return f"It is enough: {means}." + (" It can be disproved." if rule.rebuttable else "")
