"""How is contagion put into words: losses, assumptions, and what is not known?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spillover.queries.answer import Party
    from spillover.queries.contagion.answer import Ends, Loser, Systemic, Through


_SHOWN: Final = 0.00005
"""Less is rounded to nothing."""


def percent(value: float) -> str:
    """An estimate in percent with two decimals; what would be rounded to nothing is said so."""
    if 0 < value < _SHOWN:
        return "< 0.01"
    return f"{100 * value:.2f}".rstrip("0").rstrip(".")


def ends_words(ends: Ends) -> str:
    """An estimate with its ends, as parts of a whole."""
    low, high = map(percent, ends)
    if ends == (0.0, 1.0):
        return "unknown, 0–100 %"
    if ends == (0.0, 0.0):
        return "0 %"
    return f"≈ {high} %" if low == high else f"≈ {low}–{high} %"


def two(values: tuple[float, float]) -> str:
    """A measure under two readings."""
    low, high = (f"{value:.3f}".rstrip("0").rstrip(".") for value in values)
    return low if low == high else f"{low} / {high}"


def title(answer: Systemic) -> str:
    """What was asked."""
    day = f"as of {answer.when.as_of}"
    names = _names(answer.targets)
    if answer.terms.measure == "impact":
        return f"Who can bring down whom{f': {names}' if names else ''}, {day}"
    if answer.terms.measure == "debtrank":
        return f"Who loses equity with {names or 'each firm'}, {day}"
    return (
        f"What is lost without {names}, {day}" if names else f"What is lost with each firm, {day}"
    )


def lead(answer: Systemic) -> str:
    """The index, where targets are named."""
    if answer.index is None:
        return ""
    whose = "all output" if answer.known.sized else f"the output of {answer.known.firms} firms"
    return f"{ends_words(answer.index)} of {whose} is lost"


def _names(parties: Iterable[Party]) -> str:
    return ", ".join(party.name for party in parties)


def side_words(link: Through) -> str:
    """One link by which a firm loses."""
    part, loss = ends_words(link.part), ends_words(link.loss)
    if link.side == "holding":
        return f"holds {part} of {link.other.name}"
    if link.side == "input":
        good = (
            f"{link.good} from {link.other.name}" if link.good else f"inputs from {link.other.name}"
        )
        return f"{good}: {part} of its purchases, loses {loss}"
    return f"sales to {link.other.name}: {part} of its sales, loses {loss}"


def through_words(loser: Loser) -> str:
    """The links by which a firm loses most, and how many more there are."""
    words = [side_words(link) for link in loser.through]
    if loser.links > len(words):
        words.append(f"and {loser.links - len(words)} more")
    return "\n".join(words)


def notes(answer: Systemic) -> list[str]:
    """What is known, what was assumed, and what must be said beside the numbers."""
    said = [*filter(None, [answer.remark])]
    if answer.outside:
        kind = "holding" if answer.terms.measure == "debtrank" else "supply"
        said.append(f"no {kind} is known of {_names(answer.outside)}, so nothing follows from it")
    if answer.with_them:
        why = f"under {answer.terms.rule}" if answer.terms.rule else "as it is of the country"
        said.append(f"closes with them, {why}: {_names(answer.with_them)}")
    if answer.perhaps:
        said.append(f"perhaps closes with them: {_names(answer.perhaps)}")
    said += _holdings(answer) if answer.terms.measure == "debtrank" else _supplies(answer)
    if not answer.settled:
        said.append("the rounds ran out before the losses settled: they are at least these")
    if answer.hidden:
        said.append(f"{answer.hidden} further rows are not shown")
    return said


def _holdings(answer: Systemic) -> list[str]:
    known = answer.known
    links = f"{known.links} holdings among {known.firms} entities"
    return [
        f"{links}, of {known.inputs} the share is known at least in part",
        "nobody states equities: losses are parts of the target's equity",
        "a holding that repeats a chain is another route to the same shares: the larger counts",
        "holders one above the other bear the same loss: their rows are not to be added up",
    ]


def _supplies(answer: Systemic) -> list[str]:
    known, terms = answer.known, answer.terms
    if not known.links:
        return ["no supplies among firms are known on that day"]
    links = f"{known.links} supplies among {known.firms} firms"
    stated = f"{known.inputs} state their part of the purchases, {known.sales} of the sales"
    if terms.complete:
        amounts = "the amounts that claims print are taken as all the trade of these firms"
        said = [links, amounts, _essential(terms.essential)]
    else:
        unknown = "what is not stated is anything from 0 to 100 %"
        said = [f"{links}: {stated}; {unknown}", _essential(terms.essential)]
    if terms.measure == "impact":
        said.append(f"a firm is brought down by the loss of {100 * terms.buffer:g} % or more")
        return [*said, "two readings, no bounds: certain links / all that are possible"]
    said.append(_replaced(answer))
    if not known.sized:
        said.append("nobody states what each firm sells in all: every firm counts alike")
    if terms.complete:
        said.append(f"rounds end when no loss changes by more than {100 * terms.tolerance:g} %")
    return said


def _replaced(answer: Systemic) -> str:
    if not answer.terms.replaceable:
        return "nobody stands in for a supplier that fails"
    if answer.known.sized:
        return "others of its industry stand in for a supplier, by their size"
    least = "at the least loss, they replace all of it"
    return f"how far others stand in for a supplier is not known: {least}"


def _essential(name: str) -> str:
    if name == "all":
        return "every input is taken as essential"
    return "no input is taken as essential" if name == "none" else f"essential inputs as in {name}"
