"""What must be supposed so that a loss of markets says something of what comes after it?"""

from __future__ import annotations

from typing import Final

from spillover.queries.markets.struck import Struck

_STOPS: Final = "Whoever falls stops supplying everybody, at once and wholly; nobody else stops."
_INPUTS: Final = (
    "A product cannot be made without what is stated to go into it, and nothing takes the place of"
    " an input: the product is at risk by the largest risk among its inputs."
)
_KINDS: Final = (
    "A kind is a part of the wider product, of a size that is seldom stated: at least the wider"
    " product loses nothing by it, at most as if no kind could stand in for another."
)
_NO_ROOM: Final = (
    "There are no stocks and no idle capacity. What the others would have to do to fill a gap is"
    " said beside it; whether they can is not known."
)
_PRINTED: Final = (
    "Shares are as they are printed, for the years that are printed, and everybody who buys on a"
    " market loses the same part of it."
)
_SEATS: Final = (
    "A firm is of the country that its source names, mostly that of its seat, wherever it produces."
)


def assumptions(fallen: Struck, quantities: int, *, unnamed: bool) -> tuple[str, ...]:
    """What an answer supposes, a sentence or two each.

    Args:
        fallen: who falls.
        quantities: inputs that state a quantity, and were not followed.
        unnamed: whether producers that no market names can be among those who fall.
    """
    said = [*of_markets(fallen, unnamed=unnamed)]
    said[said.index(_NO_ROOM) : said.index(_NO_ROOM)] = [_INPUTS, _KINDS]
    if quantities:
        said.append(
            f"{quantities} input{'s' if quantities > 1 else ''} with a stated quantity, as"
            " input-output tables have them, were not followed."
        )
    return tuple(said)


def of_markets(fallen: Struck, *, unnamed: bool) -> tuple[str, ...]:
    """What a loss of markets alone supposes, a sentence or two each.

    Args:
        fallen: who falls.
        unnamed: whether producers that no market names can be among those who fall.
    """
    said = [_STOPS, _by_rule(fallen), _NO_ROOM, _PRINTED, _unnamed(fallen, unnamed=unnamed)]
    return tuple(filter(None, [*said, _SEATS if fallen.countries else ""]))


def _by_rule(fallen: Struck) -> str:
    if fallen.states.issuperset(fallen.targets):
        return ""
    if fallen.law is None:
        return "Only those who are named fall, and nobody whom they own."
    return (
        f"With those who are named falls whom they block under {fallen.law.id}: possibly, where"
        " the known shares do not decide."
    )


def _unnamed(fallen: Struck, *, unnamed: bool) -> str:
    others = "What the named producers do not have of a market belongs to others, who are not hit"
    if not fallen.countries or not unnamed:
        return f"{others}."
    return (
        f"{others} by a target, but can be of a country that is cut off: at most they are, unless"
        " the market counts that country by itself."
    )
