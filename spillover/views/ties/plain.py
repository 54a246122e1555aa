"""What do answers about ties to organs look like as plain data?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.plain import Plain, claim, conditions, party, share, sources

if TYPE_CHECKING:
    from spillover.queries.shocks.paths import Step
    from spillover.queries.ties.by_organ import OrganTies
    from spillover.queries.ties.knowledge import Knowledge
    from spillover.queries.ties.organs import Organ
    from spillover.queries.ties.profile import Ties
    from spillover.queries.ties.rules import Categories, Category
    from spillover.queries.ties.tie import Tie


def profile(answer: Ties) -> Plain:
    """The ties of one entity."""
    return {
        "question": "ties",
        **conditions(answer.when),
        "entity": party(answer.entity),
        "is_organ": organ(answer.organ) if answer.organ else None,
        "found": any(item.counted for item in answer.ties),
        "counts": answer.counts,
        "ties": [
            {
                "route": item.route,
                "hops": item.hops,
                "at_least": item.at_least,
                "chain": [link(step) for step in item.chain],
                **tie(item.tie),
                "counted": item.counted,
            }
            for item in answer.ties
        ],
        "partners": [link(step) for step in answer.partners],
        "listings": [claim(item) for item in answer.listings],
        "beside": [claim(item) for item in answer.beside],
        "categories": categories(answer.categories),
        "asked": [one.id for one in answer.asked],
        "explored": answer.explored,
        "truncated": answer.truncated,
        **sources(answer.sources),
    }


def organ(value: Organ) -> Plain:
    """An organ."""
    return {
        **party(value.party),
        "role": value.role,
        "role_title": value.title,
        "under": [claim(item) for item in value.under],
    }


def tie(value: Tie) -> Plain:
    """One tie."""
    return {
        "organ": organ(value.organ),
        "entity": party(value.entity),
        "kind": value.kind,
        "tie": value.word,
        "degrees": list(value.degrees),
        "category": value.category.id,
        "paragraphs": [said.paragraph for said in value.paragraphs],
        "standing": value.status,
        "counted": value.counted,
        "share": share(value.share),
        "since": value.since,
        "observed": value.observed,
        "lists": list(value.lists),
        "denied_by": list(value.denied_by),
        "claims": [claim(item) for item in value.claims],
        "denials": [claim(item) for item in value.denials],
    }


def link(value: Step) -> Plain:
    """One step of a chain."""
    return {
        "kind": value.kind,
        "channel": value.channel,
        "meaning": f"{value.target.name} {value.carries} {value.source.name}",
        "source": party(value.source),
        "target": party(value.target),
        "share": share(value.share) if value.channel in {"ownership", "equity"} else None,
        "repeats_a_chain": value.repeats,
        "evidence": [claim(item) for item in value.claims],
    }


def categories(known: Categories) -> Plain:
    """The categories, and the law whose wording they follow."""
    return {
        "law": known.law.title,
        "country": known.law.country,
        "verified_on": known.law.verified_on.isoformat(),
        "categories": [_category(one, known) for one in known.every],
    }


def _category(value: Category, known: Categories) -> Plain:
    return {
        "id": value.id,
        "title": value.title,
        "law": [
            {
                "paragraph": said.paragraph,
                "says": said.says,
                "status": said.status,
                "title": known.sources[said.source].title,
                "url": known.sources[said.source].url,
                "date": known.sources[said.source].date.isoformat(),
            }
            for said in value.law
        ],
    }


def organ_ties(answer: OrganTies) -> Plain:
    """Who is tied to organs."""
    return {
        "question": "ties",
        **conditions(answer.when),
        "organs": [organ(one) for one in answer.organs],
        "under": [organ(one) for one in answer.under],
        "counts": answer.counts,
        "results": [
            {
                "entity": party(item.entity),
                "hops": item.hops,
                "of": party(item.of),
                "chain": [link(step) for step in item.chain],
                "counted": item.counted,
                "ties": [tie(said) for said in item.ties],
            }
            for item in answer.results
        ],
        "categories": categories(answer.categories),
        "asked": [one.id for one in answer.asked],
        "countries": list(answer.countries),
        "explored": answer.explored,
        "truncated": answer.truncated,
        **sources(answer.sources),
    }


def knowledge(answer: Knowledge) -> Plain:
    """Ways between organs and partners."""
    return {
        "question": "knowledge",
        **conditions(answer.when),
        "organs": [organ(one) for one in answer.organs],
        "entity": party(answer.entity) if answer.entity else None,
        "counts": answer.counts,
        "unplaced": answer.unplaced,
        "ways": [
            {
                "partner": party(way.partner),
                "standing": way.standing,
                "forms": list(way.forms),
                "programmes": [party(one) for one in way.programmes],
                "organ": party(way.organ.party),
                "links": [link(step) for step in way.links],
            }
            for way in answer.ways
        ],
        "explored": answer.explored,
        "truncated": answer.truncated,
        **sources(answer.sources),
    }
