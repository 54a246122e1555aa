"""What speaks for each logic, what against it, and what is unknown, in plain sentences?

The sentences repeat numbers of the answer. Two borders come from elsewhere and are named: half of a
market, and the steps of the US merger guidelines of 2023 (1,000 and 1,800 points).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from spillover.graph.stake import WHOLE
from spillover.views.leaders.words import part_words
from spillover.views.markets.words import count_words
from spillover.views.strategic import words

if TYPE_CHECKING:
    from spillover.queries.strategic.answer import Good, Held, Structure

MODERATE, HIGH = 1_000, 1_800
"""Points above which the merger guidelines call a market moderately and highly concentrated."""
_HALF: Final = WHOLE // 2
_LOADED: Final = "what is not loaded can say otherwise"


class Reasons(NamedTuple):
    """Sentences about one logic of one good."""

    logic: str
    speaks_for: list[str]
    against: list[str]
    unknown: list[str]


def reasons(good: Good) -> tuple[Reasons, ...]:
    """The three logics of a good, in order."""
    return _barriers(good), _scarcity(good), _transfer(good)


def _barriers(good: Good) -> Reasons:
    made = Reasons(words.BARRIERS, [], [], [])
    if not good.barriers:
        made.unknown.append("Nobody is said to make it: neither shares nor producers are known.")
    for structure in good.barriers:
        _concentration(structure, made)
        _entry(structure, made)
    return made


def _concentration(structure: Structure, made: Reasons) -> None:
    by = _by(structure)
    if not structure.quantified:
        named = words.number_words(structure.producers, "producer")
        made.unknown.append(f"{by}, {named} and no share: the concentration is open.")
        return
    low, high = structure.hhi
    said = f"{by}, the index of concentration is {words.points_of(structure.hhi)} points"
    if low > HIGH:
        made.speaks_for.append(f"{said}: highly concentrated (above 1,800).")
    elif high <= MODERATE:
        made.against.append(f"{said}: not concentrated (at most 1,000).")
    elif low > MODERATE and high <= HIGH:
        made.against.append(f"{said}: only moderately concentrated (1,000 to 1,800).")
    else:
        made.unknown.append(f"{said}: the shares that are known leave it open.")
    if structure.first.low >= _HALF:
        made.speaks_for.append(f"{by}, the largest has {part_words(*structure.first)}.")
    if structure.unquantified.high:
        part = part_words(*structure.unquantified)
        made.unknown.append(f"{by}, no share is stated for {part} of the market.")


def _by(one: Structure | Held) -> str:
    return f"Counted by {count_words(one.side, one.reach)}"


def _entry(structure: Structure, made: Reasons) -> None:
    by = _by(structure)
    for one in structure.naming:
        span = f"{by}, {one.publisher} names from {one.dates[0]} to {one.dates[-1]}"
        if one.new:
            who = words.names([party for party, _ in one.new])
            made.against.append(f"{span} producers whom it had not named: {who}.")
        else:
            made.speaks_for.append(f"{span} nobody new.")
    if not structure.naming:
        made.unknown.append(f"{by}: {words.entry_words(structure)}.")


def _scarcity(good: Good) -> Reasons:
    made = Reasons(words.SCARCITY, [], [], [])
    scarcity = good.scarcity
    if not scarcity.held:
        made.unknown.append("Nobody is said to make it: in which jurisdictions is unknown.")
    for held in scarcity.held:
        _jurisdiction(held, made)
    if scarcity.others:
        wider = words.listed(sorted({other.wider.name for other in scarcity.others}))
        made.against.append(
            f"Beside it stand {words.number_words(len(scarcity.others), 'other kind')} of {wider},"
            " which may or may not be able to stand in."
        )
    else:
        made.unknown.append("No dataset here names what could stand in for it.")
    _needed(good, made)
    _needs(good, made)
    return made


def _jurisdiction(held: Held, made: Reasons) -> None:
    by = _by(held)
    low, high = held.largest
    if not low:
        made.unknown.append(f"{by}, how much lies in one jurisdiction is unknown.")
    elif low >= _HALF:
        first = held.lands[0]
        grow = words.growth_words(held)
        rest = (
            "nothing is left elsewhere that could stand in"
            if held.growth and held.growth[0] is None
            else f"the rest would have to grow by {grow} to stand in"
        )
        made.speaks_for.append(
            f"{by}, {part_words(*first.part)} of it lies in {first.name}; {rest}."
        )
    elif high < _HALF:
        most = part_words(*held.largest)
        made.against.append(f"{by}, no jurisdiction can have half of it: the largest has {most}.")
    else:
        most = words.largest_words(held)
        made.unknown.append(f"{by}, whether one jurisdiction has half of it is open: {most}.")


def _needed(good: Good, made: Reasons) -> None:
    chain = good.scarcity.downstream
    if chain.essential:
        verb = "needs" if len(chain.essential) == 1 else "need"
        made.speaks_for.append(
            f"{words.number_words(len(chain.essential), 'good')} {verb} it, {len(chain.direct)}"
            f" directly; the chain ends in {words.end_words(good)}."
        )
    elif chain.partly:
        made.unknown.append(
            f"{words.number_words(len(chain.partly), 'good')} follow only through a wider product"
            f" of which it is a kind (to {words.end_words(good)}): whether they need this kind is"
            " not said."
        )
    else:
        made.unknown.append(f"No dataset here says what is made with it; {_LOADED}.")
    if chain.quantities:
        made.unknown.append(
            f"{words.number_words(chain.quantities, 'use')} in input-output tables not followed:"
            " they state quantities, not needs."
        )


def _needs(good: Good, made: Reasons) -> None:
    chain, narrow = good.scarcity.upstream, good.scarcity.narrow
    if not (chain.essential or chain.partly):
        made.unknown.append(f"No dataset here says what it is made with; {_LOADED}.")
        return
    said = f"It needs {words.number_words(len(chain.essential), 'input')} itself"
    if chain.partly:
        said += f", and {len(chain.partly)} more as kinds"
    if narrow:
        most = narrow[0]
        said += f"; of {most.product.name} {words.largest_words(most.held)}"
    made.against.append(f"{said}.")


def _transfer(good: Good) -> Reasons:
    made = Reasons(words.TRANSFER, [], [], [])
    transfer = good.transfer
    for place, what in words.PLACES.items():
        covers = words.covering(transfer, place)
        if covers:
            regimes = list(dict.fromkeys(words.cover_words(cover) for cover in covers))
            made.speaks_for.append(f"Control lists cover {what}: {words.listed(regimes)}.")
    if not any(cover.counted for cover in transfer.covers):
        made.unknown.append(f"No control list in these datasets covers it; {_LOADED}.")
    counted = [one for one in transfer.tied if one.counted]
    if counted:
        who = words.names(one.party for one in counted)
        made.speaks_for.append(
            f"Of {words.number_words(transfer.looked, 'producer')} looked at, {len(counted)} with a"
            f" stated tie to armed forces, security organs or the defence industry: {who}."
        )
    else:
        made.unknown.append(f"Producers with such ties: {words.tied_words(transfer)}.")
    lists = words.listings(transfer)
    if lists:
        made.speaks_for.append(f"Listed: {words.listed(lists)}.")
    if transfer.customers:
        pairs = [f"{party.name} to {organ.party.name}" for party, organ in transfer.customers]
        made.speaks_for.append(f"Supplied to armed forces: {words.listed(pairs)}.")
    made.against.extend(f"Denied: {said}." for said in words.denials(transfer))
    if transfer.looked < transfer.firms:
        rest = words.number_words(transfer.firms - transfer.looked, "producer")
        made.unknown.append(f"The ties of {rest} were not looked at.")
    if transfer.truncated:
        made.unknown.append("Among owners or subsidiaries the search was cut short.")
    return made
