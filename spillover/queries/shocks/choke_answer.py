"""What does an answer about choke points consist of?"""

from __future__ import annotations

from dataclasses import dataclass

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.propagation import Total


@dataclass(frozen=True, slots=True)
class Link:
    """One relation, as its claims have it."""

    kind: str
    source: Party
    target: Party
    strength: int
    """Greatest share that it carries, in millionths of a percent."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Inner:
    """An entity between the targets and a subject."""

    entity: Party
    every: bool
    """Whether every path crosses it."""
    without: Total
    """Total exposure of the subject if this entity passed nothing on."""
    carried: Total
    """By which part of itself the least and the greatest total exposure falls then, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Way:
    """What lies between the targets and one subject."""

    subject: Party
    reached: bool
    direct: bool
    """Whether one relation leads from a target to the subject itself."""
    total: Total
    """Total exposure of the subject over all paths."""
    complete: bool
    """False: what was left out could add to the greatest total exposure."""
    inner: tuple[Inner, ...]
    """Entities on the paths; first those that every path crosses, in its order, then by what they
    carry."""
    between: int
    """Number of entities on the paths, of which ``inner`` has those that carry most."""
    links: tuple[Link, ...]
    """Relations that every path crosses, in its order."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Entities or relations that together free all subjects."""

    entities: tuple[Party, ...]
    links: tuple[Link, ...]
    strength: int
    """Sum of their strengths, in millionths of a percent."""
    proven: bool
    """False: the search was cut short; the cut holds, but a smaller one can exist."""


@dataclass(frozen=True, slots=True)
class Chokepoints:
    """The answer."""

    when: Conditions
    targets: tuple[Party, ...]
    subjects: tuple[Party, ...]
    max_hops: int | None
    repeats: bool
    """Whether relations that only repeat a chain count as paths."""
    ways: tuple[Way, ...]
    """One for each subject."""
    fewest_entities: Cut | None
    """The fewest entities, of equal sets the weakest; None where one relation leads from a target
    to a subject, so that no entity stands between."""
    weakest_entities: Cut | None
    """Entities of the least strength together, of equal sets the fewest."""
    fewest_links: Cut
    weakest_links: Cut
    network: tuple[Link, ...]
    """The relations on the paths, those of the shortest first, up to a limit."""
    relations: int
    """Number of relations on the paths."""
    explored: int
    """Entities that were looked at."""
    left_out: int
    """Entities next to these that the limit left out: the answer holds without them only."""
    sources: Sources

    @property
    def truncated(self) -> bool:
        """Whether the limit left something out."""
        return self.left_out > 0

    @property
    def claims(self) -> list[Claim]:
        """Every claim of a relation that is named; those of choke points and cuts first."""
        cuts = (self.fewest_links, self.weakest_links)
        links = [link for way in self.ways for link in way.links]
        links += [link for cut in cuts for link in cut.links]
        links += self.network
        return list(dict.fromkeys(claim for link in links for claim in link.claims))
