"""What do exposure paths look like as plain data: the stable shape of the JSON output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import Stake
from spillover.views.plain import (
    Plain,
    claim,
    conditions,
    party,
    rounded_down,
    rounded_up,
    share,
    sources,
    strength,
)

if TYPE_CHECKING:
    from spillover.queries.exposure import Exposure, Path, Step, Terms
    from spillover.queries.shocks.propagation import Total


def exposure(answer: Exposure) -> Plain:
    """Ranked exposure paths."""
    return {
        "question": "exposure",
        **conditions(answer.when),
        "backward": answer.backward,
        "targets": [party(target) for target in answer.targets],
        "subjects": [party(subject) for subject in answer.subjects],
        "to": party(answer.to) if answer.to else None,
        **_terms(answer.terms),
        "explored": answer.explored,
        "truncated": answer.truncated,
        "missing_at_most": rounded_up(answer.bound),
        "surer_at_most": rounded_up(answer.surer),
        "left_out": answer.left_out,
        "paths": [_path(path) for path in answer.paths],
        **sources(answer.sources),
    }


def _terms(terms: Terms) -> Plain:
    return {
        "channels": list(terms.channels),
        "kinds": list(terms.kinds),
        "min_strength": rounded_down(terms.min_strength),
        "max_hops": terms.max_hops,
        "countries": list(terms.countries),
        "limit": terms.limit,
        "alternatives": terms.alternatives,
        "diverse": terms.diverse,
    }


def estimate(value: float) -> str:
    """An estimate from 0 to 1 in percent, rounded to six decimals."""
    return f"{100 * value:.6f}".rstrip("0").rstrip(".")


def _path(path: Path) -> Plain:
    return {
        "target": party(path.target),
        "entity": party(path.entity),
        "strength": strength(path.strength),
        "total": _total(path.total),
        "hops": [hop(step) for step in path.hops],
        "denials": [claim(item) for item in path.denials],
    }


def _total(value: Total | None) -> Plain | None:
    return {"low": estimate(value.low), "high": estimate(value.high)} if value else None


def hop(step: Step) -> Plain:
    """One hop of a path, with the claims that it stands on."""
    return {
        "kind": step.kind,
        "channel": step.channel,
        "meaning": f"{step.target.name} {step.carries} {step.source.name}",
        "source": party(step.source),
        "target": party(step.target),
        "share": share(Stake(step.low, step.high)),
        "evidence": [claim(item) for item in step.claims],
    }
