"""How does each change of a scenario change the claims of a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from spillover.graph.claims import key_text
from spillover.graph.dates import as_day
from spillover.graph.schema import KINDS, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import parse_stake
from spillover.queries.conditions import Conditions
from spillover.queries.rulebook import Rule, rule, rule_ids
from spillover.queries.scenarios.chains import repeated
from spillover.queries.scenarios.draft import Draft
from spillover.queries.scenarios.file import (
    Acquire,
    Assume,
    Change,
    Delist,
    Designate,
    Divest,
    End,
    Scenario,
    Start,
)
from spillover.queries.scenarios.holdings import acquire, assume, divest, room
from spillover.queries.scenarios.made import Made
from spillover.queries.scenarios.saved import verb_of


def applied(
    graph: Graph, scenarios: Sequence[Scenario], when: Conditions, laws: Sequence[Rule]
) -> tuple[Graph, tuple[Made, ...]]:
    """The graph with the changes of all scenarios, and what each of them did.

    Changes are made in order of their days; those of one day in the order in which they stand.

    Raises:
        NotFoundError, AmbiguousError: a name that a change uses.
        InputError: a change that is impossible, or that is made after the day of the question.
    """
    draft = Draft(graph, when)
    planned = [
        (Made(scenario.name, number, verb_of(one), one.on or scenario.at or when.as_of), one)
        for scenario in scenarios
        for number, one in enumerate(scenario.changes, 1)
    ]
    made: list[Made] = []
    for plan, said in sorted(planned, key=lambda item: as_day(item[0].day)):
        draft.begin(plan)
        if draft.day > when.day:
            raise draft.refuse(
                f"it is made on {plan.day}, after the day of the question ({when.as_of});"
                " ask for a later day, or leave it out"
            )
        words = _made(draft, said, laws)
        made.append(replace(plan, words=words, notes=tuple(draft.notes)))
    return draft.graph, tuple(made)


def _made(draft: Draft, said: Change, laws: Sequence[Rule]) -> str:
    if isinstance(said, Designate):
        return _designate(draft, said, laws)
    return _HOW[type(said)](draft, said)


def _designate(draft: Draft, said: Designate, laws: Sequence[Rule]) -> str:
    entity = draft.party(said.entity)
    known = [programme for name in rule_ids() for programme in rule(name).programmes]
    own = dict.fromkeys(law.programmes[0] for law in laws if law.programmes)
    by = list(dict.fromkeys(draft.programme(one, known=known) for one in said.by or own))
    if not by:
        raise draft.refuse("no rule that is asked starts from a programme; say by which ('by')")
    draft.look(entity)
    listing = set(draft.sources(draft.about(entity, "DESIGNATES")))
    fresh = [programme for programme in by if programme not in listing]
    (name,) = draft.names([entity])
    if not fresh:
        raise draft.refuse(f"{name} is listed by {_ids(draft, by)} already on {draft.made.day}")
    for programme in fresh:
        listing_claim = Relation("DESIGNATES", draft.id(programme), draft.id(entity))
        draft.add(listing_claim, programme, entity)
    already = [programme for programme in by if programme in listing]
    if already:
        draft.notes.append(f"listed already by {_ids(draft, already)}")
    return f"{name} is listed by {_ids(draft, fresh)}"


def _delist(draft: Draft, said: Delist) -> str:
    entity = draft.party(said.entity)
    draft.look(entity)
    listing = list(dict.fromkeys(draft.sources(draft.about(entity, "DESIGNATES"))))
    (name,) = draft.names([entity])
    if not listing:
        raise draft.refuse(f"no programme lists {name} on {draft.made.day}")
    by = [draft.party(one) for one in said.by] or listing
    for programme in by:
        if programme not in listing:
            raise draft.refuse(
                f"{draft.id(programme)} does not list {name} on {draft.made.day}; it is listed by"
                f" {_ids(draft, listing)}"
            )
    for programme in by:
        draft.cut(draft.between(programme, entity, "DESIGNATES"))
    return f"{name} is no longer listed by {_ids(draft, by)}"


def _end(draft: Draft, said: End) -> str:
    source, target = draft.party(said.source), draft.party(said.target)
    draft.look(target)
    holding = said.kind in ("OWNS", "CONTROLS")
    repeats = repeated(draft, source, target) if holding else None
    at = draft.between(source, target, said.kind)
    if said.basis:
        at = draft.on_basis(at, said.basis)
    names = draft.names([source, target])
    sentence = f"{names[0]} {KINDS[said.kind].verb} {names[1]}"
    if not draft.counting(at)[0]:
        raise draft.refuse(
            f"nobody says that {sentence} on {draft.made.day}; there is nothing to end"
        )
    draft.cut(at)
    if repeats is not None:
        draft.cut_repeats(repeats)
    return f"{sentence} no longer"


def _start(draft: Draft, said: Start) -> str:
    source, target = draft.party(said.source), draft.party(said.target)
    draft.look(target)
    kind, stake = KINDS[said.kind], parse_stake(said.share) if said.share else None
    basis = said.basis or ("interest" if said.kind == "OWNS" else "")
    if stake and not basis and kind.bases:
        basis = kind.bases[0]
    claim = Relation(
        said.kind,
        draft.id(source),
        draft.id(target),
        stake,
        basis,
        stake_text=said.share or "",
        properties=dict(said.properties),
    )
    names = draft.names([source, target])
    sentence = f"{names[0]} {kind.verb} {names[1]}"
    counting, _ = draft.counting(draft.between(source, target, said.kind))
    if any((one.basis, key_text(one)) == (basis, key_text(claim)) for one in counting):
        raise draft.refuse(
            f"sources say already that {sentence} on {draft.made.day}; end that first"
        )
    if said.kind == "OWNS" and stake:
        room(draft, target, [source], stake.low)
    draft.add(claim, source, target)
    share = f": {stake}" if stake else ""
    return f"{sentence}{share}{f' ({said.basis})' if said.basis else ''}"


_HOW: Final[dict[type[Change], Callable[[Draft, Any], str]]] = {
    Delist: _delist,
    Divest: divest,
    Acquire: acquire,
    Assume: assume,
    End: _end,
    Start: _start,
}


def _ids(draft: Draft, programmes: Iterable[int]) -> str:
    """Programmes by their keys, which rules name them by."""
    return ", ".join(draft.id(programme) for programme in programmes)
