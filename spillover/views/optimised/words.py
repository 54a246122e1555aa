"""How are questions, sets, effects and collateral of the optimiser worded?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import percent_text
from spillover.views.markets.words import part_words

if TYPE_CHECKING:
    from spillover.queries.markets.lost import Part
    from spillover.queries.optimiser.answer import Choice, Loss, Named, Optimum

NAMES: Final = 6
"""Members of a set that a label names."""

_STOPS: Final = (
    "Whoever falls stops supplying everybody, at once and wholly; nobody else stops, and nobody"
    " makes up for it."
)
_PRINTED: Final = (
    "Shares are as they are printed, for the years that are printed. A producer whose share nobody"
    " states can have anything from nothing to the whole: for a certain effect it counts as"
    " nothing, in the collateral as all that is left."
)
_EQUAL: Final = (
    "A percentage point of one market counts as much as one of any other. Nothing is weighted by"
    " money, people or need."
)
_FIRST: Final = (
    "Only what falling producers had of a market is collateral; products that are made with"
    " those that are lost are not counted."
)
_KINDS: Final = (
    "A product and the kinds that it comes in are both counted; leave wider products out with"
    " --finest."
)


def question(answer: Optimum) -> str:
    """What was asked."""
    wish = answer.wish
    product = answer.product.name
    surely = "certainly" if wish.sure else "possibly"
    if wish.cut is not None:
        asked = (
            f"Designations that {surely} cut at least {percent_text(wish.cut)} % of {product}"
            " with the least collateral"
        )
    else:
        budget = percent_text(wish.budget or 0)
        asked = (
            f"Designations that {surely} cut most of {product} with at most {budget} points of"
            " collateral"
        )
    return f"{asked}, as of {answer.when.as_of}"


def points_words(part: Part) -> str:
    """A sum of losses: ``462.5 points``."""
    return part_words(part).removesuffix(" %") + " points"


def members_words(members: tuple[Named, ...], most: int | None = None) -> str:
    """The members of a set, with a count of those who are not named."""
    if not members:
        return "nobody"
    shown = members if most is None else members[:most]
    rest = len(members) - len(shown)
    return ", ".join(map(member_words, shown)) + (f" and {rest} more" if rest else "")


def member_words(member: Named) -> str:
    """A member with its country."""
    if member.party is None:
        return f"all of {member.code}"
    country = member.party.country.upper()
    return f"{member.name} ({country})" if country else member.name


def count_words(side: str, reach: str) -> str:
    """Which count of a market is meant."""
    return f"by {side}, {reach}" if reach else f"by {side}"


def loss_words(loss: Loss) -> str:
    """A product and what is lost of it."""
    return f"{loss.product.name} {part_words(loss.part)}"


def falls_words(choice: Choice) -> str:
    """Who falls with a set."""
    if not choice.falls:
        return "nobody"
    return ", ".join(
        fall.party.name + ("" if fall.certain else " (possibly)") for fall in choice.falls
    )


def proven_words(answer: Optimum, choice: Choice) -> str:
    """How sure it is that no set is better."""
    if choice.proven:
        return "proven"
    if choice.bound is None:
        return "not proven: time ran out, and no bound is known"
    if answer.wish.cut is not None:
        return f"not proven: a better set costs at least {percent_text(choice.bound)} points"
    return f"not proven: a better set cuts at most {percent_text(choice.bound)} %"


def collateral_words(answer: Optimum) -> str:
    """What is counted as collateral."""
    wish = answer.wish
    product = answer.product.name
    but = (
        f"{product} and its kinds among them" if wish.spare else f"but for {product} and its kinds"
    )
    whose = (
        f"the part that producers of {', '.join(code.upper() for code in wish.spare)} lose"
        if wish.spare
        else "the part that is lost"
    )
    return (
        f"Collateral is the sum, over all products that somebody who falls makes, {but}, of"
        f" {whose}, in percentage points. The greatest sum that the shares allow is what is kept"
        " small."
    )


def fall_words(answer: Optimum) -> str:
    """Who falls with a designation."""
    if answer.law is None:
        return "Only those who are named fall, and nobody whom they own."
    return (
        f"With those who are named falls whom they block under {answer.law.id}, also several"
        " together whom none of them blocks alone."
    )


def assumptions(answer: Optimum) -> tuple[str, ...]:
    """Everything that the answer supposes."""
    said = [collateral_words(answer), fall_words(answer), _STOPS, _PRINTED, _EQUAL, _FIRST]
    if not answer.wish.finest:
        said.append(_KINDS)
    if answer.wish.inputs:
        said.append(
            "The product is also cut by the largest loss among its essential inputs, and by its"
            " kinds within the part that they are of it; losses of inputs are collateral."
        )
    return tuple(said)


def outcome(answer: Optimum) -> str:
    """The answer in a sentence."""
    wish, product = answer.wish, answer.product.name
    if answer.choices:
        best = answer.choices[0]
        who = members_words(best.members, NAMES)
        if best.members and best.members[0].party is None:  # words of ours, no name
            who = f"A{who[1:]}"
        verb = "cuts" if len(best.members) == 1 else "cut"
        if not best.members:
            return f"Within this budget nobody can be designated who cuts {product}"
        return (
            f"{who} {verb} {part_words(best.effect)} of {product}, at"
            f" {points_words(best.collateral)} of collateral"
        )
    reached = part_words(answer.most)
    if wish.cut is not None and _able(answer) < wish.cut:
        hint = "; --possibly asks what is possible" if answer.most.high >= wish.cut else ""
        return (
            f"No designation of these candidates {'certainly' if wish.sure else 'possibly'} cuts"
            f" {percent_text(wish.cut)} % of {product}: all together cut {reached}{hint}"
        )
    return f"No set was found in time; all candidates together cut {reached} of {product}"


def _able(answer: Optimum) -> int:
    return answer.most.low if answer.wish.sure else answer.most.high
