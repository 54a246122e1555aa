"""How are scenarios put together, and written down as a file?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import BaseModel

from spillover.graph.dates import as_day
from spillover.queries.scenarios.file import VERBS, Change, Scenario


def verb_of(said: Change) -> str:
    """The word that a file uses for a change."""
    return next(verb for verb, model in VERBS.items() if type(said) is model)


def text_of(scenario: Scenario) -> str:
    """A scenario as YAML, which :meth:`Scenario.read` reads back to the same scenario."""
    said: dict[str, Any] = _said(scenario)
    said["changes"] = [{verb_of(one): _said(one)} for one in scenario.changes]
    return yaml.dump(said, Dumper=_Texts, allow_unicode=True, sort_keys=False, width=100)


def stacked(scenarios: Sequence[Scenario], at: str | None = None) -> Scenario:
    """Several scenarios as one, in their order; each change keeps the day that it has."""
    changes = [
        one if one.on or not scenario.at else one.model_copy(update={"on": scenario.at})
        for scenario in scenarios
        for one in scenario.changes
    ]
    days = [scenario.at for scenario in scenarios if scenario.at]
    return Scenario(
        name=" + ".join(one.name for one in scenarios if one.name)[:200],
        at=at or max(days, key=as_day, default=None),
        note="\n".join(one.note for one in scenarios if one.note),
        rules=tuple(dict.fromkeys(name for one in scenarios for name in one.rules)),
        targets=tuple(dict.fromkeys(name for one in scenarios for name in one.targets)),
        changes=tuple(changes),
    )


def _said(model: BaseModel) -> dict[str, Any]:
    """What a part says, texts as texts: ``share: '25'``."""
    return model.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"changes"})


class _Texts(yaml.SafeDumper):
    """Quotes texts with signs that YAML would take for a line end, so that they read back."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Texts.add_representer(str, _text)
