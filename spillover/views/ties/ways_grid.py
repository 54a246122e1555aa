"""How do ways between organs and foreign partners become rows and columns?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Cell, Grid, Rows, evidence, made, name
from spillover.views.ties.grid import chain_words, cut, in_datasets, word_of

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party
    from spillover.queries.ties.knowledge import Knowledge, Way


def knowledge(answer: Knowledge) -> Grid:
    """One row for each way."""
    rows: Rows = [_way(way) for way in answer.ways]
    organs = ", ".join(organ.party.name for organ in answer.organs) or "no organ"
    whose = f"{answer.entity.name}: ways" if answer.entity else "Ways of foreign partners"
    foreign = len({way.partner.num for way in answer.ways if way.standing == "foreign"})
    many = "partner" if foreign == 1 else "partners"
    notes = [f"{foreign} foreign {many}; {answer.explored} places explored."]
    if not rows:
        notes = [f"No way was found {in_datasets(answer.sources)}"]
    notes.append(
        f"Only claims of at least {answer.when.min_confidence} confidence make a way"
        " (--min-confidence)."
    )
    if answer.unplaced:
        notes.append(
            f"{answer.unplaced} entities that the organs hold or are tied to have no known country"
            " and are not listed."
        )
    if answer.truncated:
        notes.append(cut(answer.explored))
    title = f"{whose} to {organs} as of {answer.when.as_of}"
    columns = "Partner|Seen from the organ|Form|Hops|Organ|Way|Observed|On whose word"
    return made(title, columns, rows, "\n".join(notes))


def _way(way: Way) -> tuple[str | Cell, ...]:
    claims = [claim for step in way.links for claim in step.claims]
    programmes = [f"programme {one.name}" for one in way.programmes]
    forms = [form for form in way.forms if form != "programme" or not programmes]
    return (
        name(way.partner),
        way.standing,
        "\n".join((*forms, *programmes)),
        str(len(way.links)),
        _brief(way.organ.party),
        chain_words(way.links).removeprefix(way.organ.party.name).strip(),
        ", ".join(dict.fromkeys(_day(claim) for claim in claims)),
        word_of(claims, ()),
    )


def _brief(party: Party) -> str:
    return party.name + (f" ({party.country.upper()})" if party.country else "")


def _day(claim: Claim) -> str:
    return claim.observed or claim.start or "undated"


def details(answer: Knowledge) -> tuple[Grid, ...]:
    """The sources of the ways."""
    if not answer.ways:
        return ()
    return (evidence("Sources of every step", answer.claims, whole=True),)
