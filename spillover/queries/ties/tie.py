"""What is a tie between an entity and an organ, and how does it stand on the day?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Party
from spillover.queries.ties.organs import Organ
from spillover.queries.ties.rules import Categories, Category, Paragraph

_WORDS: Final = {
    "STATE_TIE": ("tie", "state tie"),
    "OWNS": ("", "ownership"),
    "CONTROLS": ("", "control"),
    "CONSOLIDATES": ("", "consolidation"),
    "DIRECTS": ("role", "direction"),
    "EMPLOYS": ("role", "employment"),
    "SUPPLIES": ("", "supply"),
    "REPRESENTS": ("role", "representation"),
    "MEMBER_OF": ("role", "membership"),
    "COLLABORATES": ("form", "collaboration"),
}
"""By kind: the property that says which tie it is, and the word where a claim has none."""

STATED: Final = "stated"
DISPUTED: Final = "stated and denied"
DENIED: Final = "only denied"
"""How a tie stands; else what all its claims are: ``ended``, ``superseded``, ``not yet``, ..."""
COUNTED: Final = (STATED, DISPUTED)


@dataclass(frozen=True, slots=True)
class Tie:
    """What is said of one way in which one entity is tied to one organ."""

    organ: Organ
    entity: Party
    kind: str
    word: str
    degrees: tuple[str, ...]
    category: Category
    paragraphs: tuple[Paragraph, ...]
    """What the law says of such ties; empty where it does not speak of them."""
    status: str
    share: Stake | None
    """Of an organ that owns it: least and greatest share on the day."""
    since: str | None
    """Earliest start that a claim which counts states."""
    observed: str | None
    """Latest observation."""
    claims: tuple[Claim, ...]
    """Claims that assert it; those that count first."""
    denials: tuple[Claim, ...]
    """Claims that deny any tie between the two, or a relation of another kind."""
    denied_by: tuple[str, ...]
    lists: tuple[str, ...]
    """Lists whose finding it is."""

    @property
    def counted(self) -> bool:
        """Whether it is stated on the day."""
        return self.status in COUNTED

    @property
    def every(self) -> tuple[Claim, ...]:
        """Claims and denials."""
        return (*self.claims, *self.denials)


def word(claim: Claim) -> str:
    """Which tie a claim states, in its source's word (own tables: ``role``) or that of its kind."""
    key, default = _WORDS.get(claim.kind, ("", claim.kind.lower().replace("_", " ")))
    said = dict(claim.properties)
    return (key and (said.get(key) or said.get("role"))) or default


def tie_of(
    known: Categories,
    pair: tuple[Organ, Party],
    group: list[Claim],
    against: list[Claim],
) -> Tie:
    """One tie of claims of one pair, kind and word."""
    organ, entity = pair
    kind, said = group[0].kind, word(group[0])
    asserting = [claim for claim in group if claim.stance == "asserts"]
    asserting.sort(key=lambda c: (c.standing != "counted", c.age_days is None, c.age_days or 0))
    counted = [claim for claim in asserting if claim.standing == "counted"]
    denying = [claim for claim in against if claim.kind == kind and word(claim) == said]
    category = known.of(kind, said, organ.role)
    return Tie(
        organ,
        entity,
        kind,
        said,
        tuple(sorted({d for c in group if (d := dict(c.properties).get("degree"))})),
        category,
        known.paragraphs(category, organ.party.country, organ.role),
        _status(asserting, denying),
        None,
        min((claim.start for claim in counted if claim.start), default=None),
        max((claim.observed for claim in asserting if claim.observed), default=None),
        tuple(asserting),
        tuple(denying + [claim for claim in against if claim not in denying]),
        _denied_by([*asserting, *denying]),
        (),
    )


def _status(asserting: list[Claim], denying: list[Claim]) -> str:
    """How a tie stands on the day."""
    if not asserting:
        return DENIED
    if any(claim.standing == "counted" for claim in asserting):
        denied = [claim for claim in denying if claim.standing in ("counted", "less sure")]
        return DISPUTED if denied or _denied_by(asserting) else STATED
    standings = {claim.standing for claim in asserting}
    return next(standing for standing in _STANDINGS if standing in standings)


_STANDINGS: Final = ("too old", "less sure", "not yet", "superseded", "ended")


def _denied_by(claims: list[Claim]) -> tuple[str, ...]:
    """Who denies it: named by a claim, else the publisher of the denial."""
    said = (
        dict(c.properties).get("denied_by") or (c.publisher if c.stance == "denies" else "")
        for c in claims
    )
    return tuple(sorted(filter(None, set(said))))


def lists_of(tie: Tie, listed: Iterable[Claim]) -> tuple[str, ...]:
    """The lists whose finding a tie is: it says so, or the page of the listing states it."""
    said = {text for c in tie.claims if (text := dict(c.properties).get("list"))}
    pages = {(c.dataset, c.publisher, c.title, c.url) for c in tie.claims if c.title or c.url}
    said |= {c.source.id for c in listed if (c.dataset, c.publisher, c.title, c.url) in pages}
    return tuple(sorted(said))
