"""What stands on the pages about ties: a section for each category, denials, chains, limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views.drawing import NETWORK_LIMIT, edge, node, picture
from spillover.views.grid import Grid, evidence
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, table
from spillover.views.page import Page, Section
from spillover.views.picture import Picture, Strip
from spillover.views.ties import grid as ties_grid
from spillover.views.ties import plain as ties_plain
from spillover.views.ties import ways_grid

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.conditions import Conditions
    from spillover.queries.shocks.paths import Step
    from spillover.queries.ties.by_organ import OrganTies
    from spillover.queries.ties.knowledge import Knowledge
    from spillover.queries.ties.profile import Reached, Ties

_STRIPS: Final = 6
METHOD: Final = (
    """A tie is a claim that an organ of a state or a party owns, controls, supervises, helps,
    buys from or works with an entity. Each tie has one category, by its word, its kind of relation
    and what the organ is; the categories follow the wording of Section 1260H and are the same for
    organs of every country. What fits no category is another tie.""",
    """Ties of owners and stated controllers, of subsidiaries and of partners are told apart, each
    with the steps in between. A tie counts when a claim that counts on the day asserts it and,
    where there are steps, each of them. Denials stand beside the claims; nothing is averaged or
    added into a score.""",
)
NOT_SAID: Final = (
    """That no tie was found means that none is in the datasets below. It does not mean that there
    is none.""",
    """A tie under a paragraph of the law is no finding under that law, and a listing is a finding
    of its authority, not a proof.""",
)
KNOWLEDGE: Final = (
    """A way begins at the organ, goes over its ties, holdings, control, suppliers or own work with
    others to what those hold, and ends at a partner in research or training, a member of one
    programme, an investor, or a foreign firm that is held. Work with others follows work with
    others only through a programme. Of the ways with one last step the shortest is shown.""",
)


def profile_page(answer: Ties) -> Page:
    """The report on the ties of one entity."""
    counted = {item.tie.category.id for item in answer.ties if item.counted}
    own = sum(answer.counts["own"].values())
    found = f"ties of {len(counted)} kinds found" if counted else "no tie found in these datasets"
    notes = _lines(ties_grid.profile(answer))
    network = _network(answer.entity.name, answer.claims, answer.entity, answer.when)
    strips = [
        _strip(item.chain, f"{item.tie.entity.name}: {item.tie.word}, {item.tie.organ.party.name}")
        for item in _first_of_each(answer)
    ]
    sections = [
        Section("In short", notes),
        *_categories(answer),
        *([Section("Chains", strips=tuple(strips))] if strips else []),
        *(Section(one.title, tables=(table(one),)) for one in ties_grid.details(answer)),
        Section("What this does not say", NOT_SAID),
    ]
    return Page(
        title=f"Ties of {answer.entity.name}",
        headline=f"{answer.entity.name}: {found}",
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(
            ("As of", answer.when.as_of),
            ("Own ties", str(own)),
            ("Listed", ", ".join(answer.entity.listed) or "no"),
            ("Entities looked at", str(answer.explored)),
        ),
        sections=tuple(sections),
        network=network,
        datasets=datasets(answer.sources),
        method=(*METHOD, answer.categories.law.remark, *CLAIMS[1:]),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=ties_plain.profile(answer),
    )


def _categories(answer: Ties) -> Iterable[Section]:
    routes = tuple(answer.counts)
    order: dict[str, tuple[int, bool]] = {}
    for item in answer.ties:
        place = (routes.index(item.route), not item.counted)
        order[item.tie.category.id] = min(place, order.get(item.tie.category.id, place))
    listed = [category for category in answer.categories.every if category.id in order]
    for category in sorted(listed, key=lambda category: order[category.id]):
        items = [item for item in answer.ties if item.tie.category == category]
        denials = {c.relation: c for item in items for c in item.tie.denials}
        tables = [table(replace(ties_grid.in_category(answer, items), title=category.title))]
        if denials:
            grid = evidence("Denied", list(denials.values()), whole=True)
            tables.append(table(grid))
        cited = any(item.tie.paragraphs for item in items)
        said = f"Section 1260H: {ties_grid.law_words(category)}".replace("\n", "; ")
        yield Section(category.title, (f"{said}.",) if cited else (), tuple(tables))


def _first_of_each(answer: Ties) -> list[Reached]:
    """A few ties that are not its own to draw: of each holder the first."""
    chosen: dict[int, Reached] = {}
    for item in answer.ties:
        if item.chain and item.counted:
            chosen.setdefault(item.tie.entity.num, item)
    return list(chosen.values())[:_STRIPS]


def organ_page(answer: OrganTies) -> Page:
    """The report on who is tied to organs."""
    named = ", ".join(organ.party.name for organ in answer.organs)
    main = ties_grid.organ_ties(answer)
    network = _network(named, answer.claims, answer.organs[0].party, answer.when)
    return Page(
        title=f"Ties to {named}",
        headline=f"Ties to {named}: {ties_grid.counted_words(answer)}",
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(("As of", answer.when.as_of), ("Explored", str(answer.explored))),
        sections=(
            Section("Who is tied", _lines(main), (table(replace(main, note="")),)),
            *(Section(one.title, tables=(table(one),)) for one in ties_grid.organ_details(answer)),
            Section("What this does not say", NOT_SAID),
        ),
        network=network,
        datasets=datasets(answer.sources),
        method=(*METHOD, answer.categories.law.remark, *CLAIMS[1:]),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=ties_plain.organ_ties(answer),
    )


def knowledge_page(answer: Knowledge) -> Page:
    """The report on who leads to organs."""
    main = ways_grid.knowledge(answer)
    first = {way.partner.num: way for way in reversed(answer.ways)}
    drawn = sorted(first.values(), key=answer.ways.index)[:_STRIPS]
    strips = [_strip(way.links, f"{way.standing}: {', '.join(way.forms)}") for way in drawn]
    subject = answer.entity or (answer.organs[0].party if answer.organs else None)
    network = _network(main.title, answer.claims, subject, answer.when) if subject else None
    return Page(
        title=main.title,
        headline=main.title,
        verdict="SEARCH CUT SHORT" if answer.truncated else "",
        tone="warn" if answer.truncated else "",
        facts=(
            ("As of", answer.when.as_of),
            ("Foreign partners by form", _by_form(answer.counts)),
        ),
        sections=(
            Section("Ways", _lines(main), (table(replace(main, note="")),), strips=tuple(strips)),
            *(Section(one.title, tables=(table(one),)) for one in ways_grid.details(answer)),
            Section("What this does not say", NOT_SAID[:1]),
        ),
        network=network,
        datasets=datasets(answer.sources),
        method=(*KNOWLEDGE, *CLAIMS[1:]),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=ties_plain.knowledge(answer),
    )


def _lines(main: Grid) -> tuple[str, ...]:
    """What is said below a table, as paragraphs."""
    return tuple(filter(None, main.note.split("\n")))


def _by_form(counts: dict[str, int]) -> str:
    return ", ".join(f"{form} {number}" for form, number in counts.items()) or "none"


def _network(title: str, claims: list[Claim], subject: Party, when: Conditions) -> Picture | None:
    below = caption(when, "ties, chains and denials")
    made = picture(title, claims, subject=subject.id, caption=below, limit=NETWORK_LIMIT)
    return made if made.nodes else None


def _strip(links: tuple[Step, ...], words: str) -> Strip:
    """A chain as a strip of boxes, from the organ or the owner down."""
    chain = links if len(links) == 1 or links[0].target == links[1].source else links[::-1]
    parties = [chain[0].source, *(step.target for step in chain)]
    edges = []
    for number, step in enumerate(chain):
        known = step.channel in {"ownership", "equity"} and not step.share.unknown
        label = f"{step.channel} {format_stake(step.share)}" if known else step.channel
        drawn = edge(step.claims[0], highlighted=True)
        edges.append(
            replace(
                drawn,
                id=f"s{number}",
                source=step.source.id,
                target=step.target.id,
                label=label,
                stance="denies" if step.denied else "asserts",
            )
        )
    nodes = tuple(node(party) for party in parties)
    return Strip(f"{parties[0].name} to {parties[-1].name}", nodes, tuple(edges), words)
