"""Which ownership rules are known, and what does each say; they are data in ``rules/``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from spillover.graph.dates import iso
from spillover.graph.errors import NotFoundError
from spillover.graph.stake import parse_stake


class Source(BaseModel):
    """Where the law or guidance stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    url: str
    date: dt.date


class Period(BaseModel):
    """From when to when a rule had a state; an open end is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: dt.date
    end: dt.date | None
    state: Literal["in force", "suspended", "unknown"]


class Rule(BaseModel):
    """One ownership rule as dated data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    authority: str
    summary: str
    method: Literal["cascade"]
    threshold: str
    """In percent, as text."""
    operator: Literal[">=", ">"]
    bases: tuple[tuple[Literal["capital", "votes", "interest"], ...], ...]
    """Groups of bases, each summed apart; one group that passes is enough."""
    cautions: tuple[Literal["control", "minority", "representation"], ...]
    """What does not decide under this rule, and is flagged."""
    sources: tuple[Source, ...]
    status: Literal["read", "unverified"]
    verified_on: dt.date
    in_force: tuple[Period, ...]

    @property
    def units(self) -> int:
        """The threshold in millionths of a percent."""
        return parse_stake(self.threshold).low

    def state(self, day: int) -> str:
        """State of the rule on a day; ``not in force`` outside all its periods."""
        date = dt.date.fromordinal(day)
        for period in self.in_force:
            if period.start <= date and (period.end is None or date <= period.end):
                return period.state
        return "not in force"

    def remark(self, day: int) -> str:
        """What must be said first about the rule on that day; empty when it was in force."""
        state = self.state(day)
        if state == "in force":
            return ""
        periods = "; ".join(
            f"{period.state} from {period.start} to {period.end or 'now'}"
            for period in self.in_force
        )
        return f"{self.id} was {state} on {iso(day)} ({periods}): read the verdicts as a what-if"


def rule_ids() -> list[str]:
    """Every rule by id, sorted."""
    folder = files("spillover.queries") / "rules"
    names = (path.name for path in folder.iterdir())
    return sorted(name.removesuffix(".yml") for name in names if name.endswith(".yml"))


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
