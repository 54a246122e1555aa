"""Which ownership rules are known, and what does each say; they are data in ``rules/``.

A rule decides by a :class:`Reading`: what counts, how it is added up, and how much is enough. Where
the law leaves something open, ``unsettled`` says what a wider reading would count; an entity that
only the wider reading reaches is undetermined.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from spillover.graph.dates import iso
from spillover.graph.errors import NotFoundError
from spillover.graph.stake import parse_stake

_STRICT: Final = ConfigDict(frozen=True, extra="forbid")

Basis = Literal["capital", "votes", "interest"]
Means = Literal["stated", "board", "votes", "golden_share", "contract", "influence"]
Method = Literal["cascade", "products", "simple_paths", "listed"]
Aggregation = Literal["together", "programme", "person"]


class Source(BaseModel):
    """Where the law or guidance stands."""

    model_config = _STRICT

    title: str
    url: str
    date: dt.date


class Threshold(BaseModel):
    """How large a share is enough."""

    model_config = _STRICT

    share: str
    """In percent, as text."""
    operator: Literal[">=", ">"]

    @field_validator("share")
    @classmethod
    def _exact(cls, text: str) -> str:
        if not parse_stake(text).exact:
            raise ValueError(f"{text!r} is no exact share")
        return text

    @property
    def units(self) -> int:
        """In millionths of a percent."""
        return parse_stake(self.share).low

    @property
    def least(self) -> int:
        """The least share that is enough, in millionths of a percent."""
        return self.units + (self.operator == ">")

    def __str__(self) -> str:
        return f"{'at least' if self.operator == '>=' else 'more than'} {self.share} %"


class Reading(BaseModel):
    """What decides under a rule."""

    model_config = _STRICT

    threshold: Threshold | None = None
    """None: no share decides."""
    passes_on: Threshold | None = None
    """How much an owner must be held to pass on its whole stake; as ``threshold`` if unset."""
    alone: Threshold | None = None
    """How much one owner must hold alone for control to be presumed."""
    bases: tuple[tuple[Basis, ...], ...] = (("capital", "interest"),)
    """Groups of bases, each summed apart; one group that passes is enough. In a group with votes
    beside others, votes follow the shares unless they are stated."""
    aggregation: Aggregation = "together"
    """Whose shares are added up: of all targets, of those of one programme, of each one alone."""
    joint_arrangements: bool = False
    """Parties to an arrangement over an asset each hold what all of them hold."""
    joint_holdings: bool = False
    """Whoever holds shares jointly holds all of them."""
    control: tuple[Means, ...] = ()
    """Means of control that are enough; ``stated`` where a source does not say how."""
    acting_for: bool = False
    """Whoever acts for a listed or reached person is reached."""


class Period(BaseModel):
    """From when to when a rule had a state; an open end is None."""

    model_config = _STRICT

    start: dt.date
    end: dt.date | None
    state: Literal["in force", "suspended", "unknown"]
    threshold: Threshold | None = None
    """Where it was another than the rule's."""


class Unsettled(BaseModel):
    """What the law leaves open: each field that is set replaces that of the reading."""

    model_config = _STRICT

    why: str
    threshold: Threshold | None = None
    aggregation: Aggregation | None = None
    joint_holdings: bool | None = None
    control: tuple[Means, ...] | None = None
    acting_for: bool | None = None


class Rule(BaseModel):
    """One ownership rule as dated data."""

    model_config = _STRICT

    id: str
    title: str
    authority: str
    purpose: Literal["sanctions", "beneficial ownership", "close links"]
    effect: str
    """What an entity that the rule reaches is: "blocked", "subject to licence requirements"."""
    summary: str
    method: Method
    reading: Reading
    unsettled: Unsettled | None = None
    rebuttable: bool = False
    """Control that is found may be disproved."""
    programmes: tuple[str, ...]
    """Keys of the programmes whose designations start it; empty where it starts from anybody."""
    red_flags: tuple[
        Literal["control", "minority", "interest", "representation", "unknown_share"], ...
    ]
    """What does not decide under this rule, and is flagged."""
    sources: tuple[Source, ...]
    status: Literal["read", "unverified"]
    verified_on: dt.date
    in_force: tuple[Period, ...]

    def period(self, day: int) -> Period | None:
        """The period in which the day falls."""
        date = dt.date.fromordinal(day)
        for period in self.in_force:
            if period.start <= date and (period.end is None or date <= period.end):
                return period
        return None

    def state(self, day: int) -> str:
        """State of the rule on a day; ``not in force`` outside all its periods."""
        period = self.period(day)
        return period.state if period else "not in force"

    def settled(self, day: int) -> Reading:
        """What decides for certain on a day; before and after its periods as in the nearest."""
        date = dt.date.fromordinal(day)
        begun = [period for period in self.in_force if period.start <= date]
        nearest = begun[-1] if begun else self.in_force[0]
        if nearest.threshold is None:
            return self.reading
        return self.reading.model_copy(update={"threshold": nearest.threshold})

    def widest(self, day: int) -> Reading:
        """What may decide on a day, where the law leaves something open."""
        settled = self.settled(day)
        if self.unsettled is None:
            return settled
        said = self.unsettled.model_dump(exclude={"why"}, exclude_none=True)
        if self.unsettled.threshold is not None:
            said["threshold"] = self.unsettled.threshold
        return settled.model_copy(update=said)

    def remark(self, day: int) -> str:
        """What must be said first about the rule on that day; empty when it was in force."""
        state = self.state(day)
        if state == "in force":
            return ""
        periods = "; ".join(
            f"{period.state} from {period.start} {f'to {period.end}' if period.end else 'on'}"
            for period in self.in_force
        )
        what = "its state is unknown" if state == "unknown" else f"it was {state}"
        return f"{self.id}: {what} on {iso(day)} ({periods}); read the verdicts as a what-if"


def rule_ids() -> list[str]:
    """Every rule by id, sorted."""
    folder = files("spillover.queries") / "rules"
    names = (path.name for path in folder.iterdir())
    return sorted(name.removesuffix(".yml") for name in names if name.endswith(".yml"))


def listing_rules() -> list[str]:
    """Ids of the rules that sanctions lists start, sorted."""
    return [known for known in rule_ids() if rule(known).purpose == "sanctions"]


@cache
def rule(rule_id: str) -> Rule:
    """The rule of this id.

    Raises:
        NotFoundError: there is none.
    """
    if rule_id not in rule_ids():
        raise NotFoundError(f"no rule is named {rule_id!r}; there are: {', '.join(rule_ids())}")
    path = files("spillover.queries") / "rules" / f"{rule_id}.yml"
    return Rule(id=rule_id, **yaml.safe_load(path.read_text(encoding="utf-8")))
