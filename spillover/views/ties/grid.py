"""How do answers about ties to organs become rows and columns?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views.grid import Cell, Grid, Rows, evidence, made, name

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Sources
    from spillover.queries.shocks.paths import Step
    from spillover.queries.ties.by_organ import OrganTies, Tied
    from spillover.queries.ties.organs import Organ
    from spillover.queries.ties.profile import Reached, Ties
    from spillover.queries.ties.rules import Categories, Category, Paragraph
    from spillover.queries.ties.tie import Tie

ROUTES: Final = {
    "own": "itself",
    "owners": "its owner",
    "subsidiaries": "its subsidiary",
    "partners": "its partner",
}
COLUMNS: Final = (
    "Who has the tie|Organ|Tie|Category|Standing|Since; observed|Share|On whose word|Denied by"
)
NO_SCORE: Final = (
    "A tie is what a source says; ties are counted by kind and not weighed into a score."
)


def profile(answer: Ties) -> Grid:
    """One row for each tie of an entity."""
    rows: Rows = [(_who(item), *tie_cells(item.tie)) for item in answer.ties]
    notes = []
    if answer.organ:
        notes.append(
            f"{answer.entity.name} is itself an organ ({answer.organ.title}): ask with --organ who"
            " is tied to it."
        )
    if not any(item.counted for item in answer.ties):
        notes.append(nothing(answer))
    notes.append(NO_SCORE)
    if answer.truncated:
        notes.append(cut(answer.explored))
    return made(
        f"Ties of {answer.entity.name} to organs of states and parties as of {answer.when.as_of}",
        COLUMNS,
        rows,
        "\n".join(notes),
    )


def nothing(answer: Ties) -> str:
    """What is said when no tie was found: never that there is none."""
    kinds = " of these categories" if answer.asked else ""
    found = f"No tie{kinds} that counts on {answer.when.as_of} was found"
    return f"{found} {in_datasets(answer.sources)}"


def in_datasets(sources: Sources) -> str:
    """Where was looked: the datasets with their dates."""
    named = (f"{load.dataset.name} ({load.dataset.date or 'undated'})" for load in sources.datasets)
    listed = ", ".join(named) or "none is loaded"
    return f"in these datasets: {listed}. That is not to say that there is none."


def cut(explored: int) -> str:
    """What is said when a search was cut short."""
    return f"{explored} explored; the search was cut short: others can be missing (--limit)."


def _who(item: Reached) -> str:
    if not item.chain:
        return ROUTES[item.route]
    steps = f"{'at least ' if item.at_least else ''}{item.hops} hop{'s' if item.hops > 1 else ''}"
    uncounted = "" if all(step.counted for step in item.chain) else "; a step does not count"
    path = chain_words(item.chain, down=item.route != "owners")
    return f"{ROUTES[item.route]}, {steps}{uncounted}: {name(item.tie.entity)}\n{path}"


def chain_words(chain: Sequence[Step], *, down: bool = True) -> str:
    """The steps of a chain, from the entity that was asked about on."""
    first = chain[0].source if down else chain[0].target
    words = first.name
    for step in chain:
        arrow = f"—{link_words(step)}→" if down else f"←{link_words(step)}—"
        words += f" {arrow} {(step.target if down else step.source).name}"
    return words


def link_words(step: Step) -> str:
    """What a step is, with its share where one is stated."""
    said = step.channel if step.channel != "demand" else "supply"
    if step.channel in {"ownership", "equity"}:
        said += f" {format_stake(step.share)}" if not step.share.unknown else " ?"
    said += " (repeats a chain)" if step.repeats else ""
    return said + (" (denied)" if step.denied else "")


def tie_cells(tie: Tie) -> tuple[str | Cell, ...]:
    """A tie as cells: organ, tie, category, standing, time, share, sources, denials."""
    degree = f" ({', '.join(tie.degrees)})" if tie.degrees else ""
    share = format_stake(tie.share) if tie.share is not None else "-"
    time = f"since {tie.since}; " if tie.since else ""
    return (
        organ_words(tie.organ),
        f"{tie.word}{degree}",
        _category(tie),
        tie.status,
        time + (f"observed {tie.observed}" if tie.observed else "undated"),
        share,
        word_of(tie.claims, tie.lists),
        _denial_words(tie),
    )


def organ_words(organ: Organ) -> str:
    """An organ, what it is, and under whom it stands."""
    above = sorted({claim.source.name for claim in organ.under})
    under = f", under {' and '.join(above)}" if above else ""
    return f"{name(organ.party)}: {organ.title}{under}"


def _category(tie: Tie) -> str:
    cited = f"\n1260H{tie.paragraphs[0].paragraph}" if tie.paragraphs else ""
    return tie.category.title + cited


def word_of(claims: Iterable[Claim], lists: Iterable[str]) -> str | Cell:
    """On whose word something stands: publishers, their datasets, how sure, and whose finding."""
    said: dict[str, str] = {}
    for claim in claims:
        text = f"{claim.publisher or claim.dataset} ({claim.dataset}, {claim.confidence})"
        said.setdefault(text, claim.url)
    found = [f"finding of {', '.join(lists)}"] if lists else []
    url = next(iter(said.values())) if len(said) == 1 else ""
    return Cell("\n".join((*said, *found)) or "nobody asserts it", url)


def _denial_words(tie: Tie) -> str:
    lines = list(tie.denied_by)
    for claim in tie.denials:
        from spillover.queries.ties.tie import word

        who = dict(claim.properties).get("denied_by") or claim.publisher or claim.dataset
        said = word(claim)
        if claim.kind == tie.kind and said == tie.word:
            lines = [who, *(line for line in lines if line != who)]
        else:
            lines.append(f"{who} (denies {said})")
    return "\n".join(dict.fromkeys(lines)) or "-"


def kinds(known: Categories, counts: dict[str, dict[str, int]], routes: dict[str, str]) -> Grid:
    """How many ties of each category are counted, by route."""
    rows: Rows = []
    for category in known.every:
        numbers = [counts.get(route, {}).get(category.id, 0) for route in routes]
        if any(numbers):
            rows.append((category.title, category.id, *map(str, numbers), law_words(category)))
    columns = "|".join(("Category", "Id", *routes.values(), "What Section 1260H says"))
    return made("Kinds of ties", columns, rows, f"{known.law.remark}" if rows else "")


def law_words(category: Category) -> str:
    """The paragraphs that speak of a category, and whether they were read."""
    return "\n".join(_paragraph(said) for said in category.law) or "nothing"


def _paragraph(said: Paragraph) -> str:
    unread = "" if said.status == "read" else " (recalled, not read)"
    return f"{said.paragraph}: {said.says}{unread}"


def partners(answer: Ties) -> Grid:
    """With whom the entity works."""
    from spillover.queries.ties.tie import word

    rows: Rows = [
        (
            name(step.target),
            ", ".join(sorted({word(claim) for claim in step.claims})),
            ", ".join(sorted({claim.standing for claim in step.claims})),
            ", ".join(sorted({claim.observed or "undated" for claim in step.claims})),
            "yes" if any(i.tie.entity == step.target for i in answer.ties) else "none found",
            word_of(step.claims, ()),
        )
        for step in answer.partners
    ]
    return made("With whom it works", "Partner|Form|Standing|Observed|Its ties|Source", rows)


def details(answer: Ties) -> tuple[Grid, ...]:
    """Everything beside the ties: counts, partners, listings, other claims, sources."""
    routes = {
        "own": "Itself",
        "owners": "Owners",
        "subsidiaries": "Subsidiaries",
        "partners": "Partners",
    }
    elsewhere = {claim.relation for claim in (*answer.listings, *answer.beside)}
    claims = [claim for claim in answer.claims if claim.relation not in elsewhere]
    found = (
        kinds(answer.categories, answer.counts, routes),
        partners(answer),
        evidence("Listings", list(answer.listings), whole=True),
        evidence("Other claims between it and organs: no ties", list(answer.beside), whole=True),
        evidence("Sources of every tie and step", claims, whole=True),
    )
    return tuple(one for one in found if one.rows)


def organ_ties(answer: OrganTies) -> Grid:
    """One row for each tie of each entity that is tied to an organ."""
    rows: Rows = [
        (_tied(item), str(item.hops), *tie_cells(tie))
        for item in answer.results
        for tie in item.ties
    ]
    named = ", ".join(organ.party.name for organ in answer.organs)
    notes = [counted_words(answer)]
    if not rows:
        notes = [f"No tie to {named} was found {in_datasets(answer.sources)}"]
    if answer.under:
        notes.append(
            "Organs under these count, too: "
            + "; ".join(organ_words(organ) for organ in answer.under)
            + "."
        )
    if answer.truncated:
        notes.append(cut(answer.explored))
    columns = f"Entity|Hops|{COLUMNS.split('|', 1)[1]}"
    title = f"Who is tied to {named} as of {answer.when.as_of}"
    return made(title, columns, rows, "\n".join((*notes, NO_SCORE)))


def counted_words(answer: OrganTies) -> str:
    """How many are tied, themselves and through others."""
    direct = sum(item.hops == 0 and item.counted for item in answer.results)
    below = sum(item.hops > 0 for item in answer.results)
    uncounted = len(answer.results) - direct - below
    words = f"{direct} tied directly, {below} through a chain of owners"
    return words + (f", {uncounted} by ties that do not count on the day" if uncounted else "")


def _tied(item: Tied) -> str:
    words = name(item.entity)
    return f"{words}\n{chain_words(item.chain)}" if item.chain else words


def organ_details(answer: OrganTies) -> tuple[Grid, ...]:
    """Counts and sources."""
    routes = {"direct": "Entities with the tie", "through": "Entities below them"}
    found = (
        kinds(answer.categories, answer.counts, routes),
        evidence("Sources of every tie and step", answer.claims, whole=True),
    )
    return tuple(one for one in found if one.rows)


def in_category(answer: Ties, items: Sequence[Reached]) -> Grid:
    """The rows of some ties only, for a page that parts them by category."""
    rows: Rows = [(_who(item), *tie_cells(item.tie)) for item in items]
    return replace(profile(answer), rows=made("", COLUMNS, rows).rows, note="", title="Ties")
