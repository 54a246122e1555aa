"""Into which category does a tie to an organ fall, and which paragraph of the law speaks of it.

The categories are data in ``categories.yml``. They follow the wording of Section 1260H and have
neutral names: the same tie to an organ of another country has the same category, without the law.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from spillover.graph.errors import NotFoundError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity

_FILE: Final = "categories.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))


class Source(_Strict):
    """Where a paragraph was read, or stands."""

    title: str
    url: str
    date: dt.date


class Paragraph(_Strict):
    """What a paragraph of the law says of such ties, in our words."""

    paragraph: str
    says: str
    status: Literal["read", "recalled"]
    source: str
    organs: tuple[str, ...] = ()
    """Roles of the organs of which it speaks; all if none are named."""


class Fit(_Strict):
    """One way in which a tie fits a category."""

    ties: tuple[str, ...] | None = None
    """Words of ties, or names of groups of words; every word if empty, no STATE_TIE if unset."""
    kinds: tuple[str, ...] = ()
    organs: tuple[str, ...] = ()


class Category(_Strict):
    """One kind of tie."""

    id: str
    title: str
    rules: tuple[Fit, ...] = ()
    law: tuple[Paragraph, ...] = ()


class Role(_Strict):
    """What an organ is."""

    id: str
    title: str
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    schemata: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    alone: bool = True
    """Whether the role makes an organ; else only a claim that calls it one does."""

    @cached_property
    def folded(self) -> frozenset[str]:
        """Its names as they are compared."""
        return frozenset(fold(name) for name in self.names)

    def fits(self, entity: Entity, names: frozenset[str]) -> bool:
        """Whether an entity with these folded names has the role."""
        return (
            not names.isdisjoint(self.folded)
            or entity.schema in self.schemata
            or not set(entity.topics).isdisjoint(self.topics)
            or (
                entity.schema in _BODIES
                and any(
                    f" {_plain(word)} " in f" {_plain(name)} "
                    for word in self.words
                    for name in names
                )
            )
        )


def _plain(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text).split())


_SIGNS: Final = re.compile(r"\W+")
_BODIES: Final = ("PublicBody", "MilitaryUnit", "Organization")
"""Schemata in whose names words are looked for: a firm called "Navy Pier" is no navy."""


class Law(_Strict):
    """The law whose wording the categories follow."""

    title: str
    country: str
    programmes: tuple[str, ...]
    """Lists of those who are found to have such ties."""
    remark: str
    verified_on: dt.date


class Categories(_Strict):
    """All of ``categories.yml``."""

    law: Law
    sources: dict[str, Source]
    roles: tuple[Role, ...]
    military: tuple[str, ...]
    parts: dict[str, str]
    """Codes of places that count as the country of a state's organs."""
    defence: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    categories: tuple[Category, ...]
    other: Category

    @property
    def every(self) -> tuple[Category, ...]:
        """All categories, in the order in which answers list them."""
        return (*self.categories, self.other)

    def category(self, name: str) -> Category:
        """The category of this id.

        Raises:
            NotFoundError: there is none.
        """
        for known in self.every:
            if known.id == name:
                return known
        ids = ", ".join(known.id for known in self.every)
        raise NotFoundError(f"no category of ties is named {name!r}; there are: {ids}")

    def role(self, entity: Entity) -> Role | None:
        """What an organ is; None when nothing says that the entity is one."""
        names = frozenset({fold(entity.name), *(fold(name.text) for name in entity.names)})
        if entity.schema in _NO_ORGANS:
            return None
        return next((role for role in self.roles if role.fits(entity, names)), None)

    def home(self, entity: Entity) -> frozenset[str]:
        """Countries of an entity, places that count as part of one as that one."""
        return frozenset(self.parts.get(code, code) for code in entity.countries)

    def of(self, kind: str, word: str, role: str) -> Category:
        """The category of a tie, by its kind of relation, its word and the organ's role."""
        word = fold(word.replace("_", " "))
        for category in self.categories:
            if any(self._fits(rule, kind, word, role) for rule in category.rules):
                return category
        return self.other

    def _fits(self, rule: Fit, kind: str, word: str, role: str) -> bool:
        if rule.organs and role not in rule.organs:
            return False
        if kind != "STATE_TIE":
            return kind in rule.kinds
        if rule.ties is None:
            return False
        return not rule.ties or any(word in self.words.get(tie, (tie,)) for tie in rule.ties)

    def paragraphs(self, category: Category, country: str, role: str) -> tuple[Paragraph, ...]:
        """Paragraphs of the law that speak of such a tie to an organ of this country and role."""
        if country != self.law.country:
            return ()
        return tuple(p for p in category.law if not p.organs or role in p.organs)


_NO_ORGANS: Final = ("Person", "Company", "Programme", "Product", "Technology", "Vessel")
"""Schemata of what is no organ, whatever its topics: a politician, a firm of the state."""


@cache
def categories() -> Categories:
    """The categories of ties."""
    text = (files("spillover.queries.ties") / _FILE).read_text(encoding="utf-8")
    return Categories.model_validate(yaml.safe_load(text))
