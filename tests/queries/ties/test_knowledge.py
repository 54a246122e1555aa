"""Which foreign partners and investors lead to an organ, through whom, in which form?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.queries.conditions import conditions
from spillover.queries.ties.knowledge import Knowledge, knowledge
from tests.graphs import opened, relations

DAY = "2024-06-30"
BODIES = (
    Entity("pla", "MilitaryUnit", "People's Liberation Army", (), ("cn",)),
    Entity("navy", "MilitaryUnit", "PLA Navy", (), ("cn",)),
    Entity("usarmy", "MilitaryUnit", "US Army", (), ("us",)),
    Entity("sasac", "PublicBody", "SASAC", (), ("cn",)),
    Entity("beihang", "University", "Beihang University", (), ("cn",)),
    Entity("firm", "Company", "A Chinese firm", (), ("cn",)),
    Entity("daughter", "Company", "Its daughter", (), ("cn",)),
    Entity("hk", "Company", "A holding in Hong Kong", (), ("hk",)),
    Entity("mit", "University", "A US university", (), ("us",)),
    Entity("lab", "University", "A German laboratory", (), ("de",)),
    Entity("fund", "Company", "A US fund", (), ("us",)),
    Entity("parent", "Company", "The fund's parent", (), ("us",)),
    Entity("talent", "Programme", "A talent programme", (), ("cn",)),
    Entity("nowhere", "Company", "A firm of no known country"),
)


def asked(claims: str, *organs: str, **how: object) -> Knowledge:
    """The ways in a graph of these claims and the bodies above."""
    with opened([*BODIES, *relations(claims)]) as graph:
        return knowledge(graph, conditions(DAY), organs=organs, **how)  # type: ignore[arg-type] # keywords as they are


def ways(answer: Knowledge) -> list[tuple[str, tuple[str, ...], str]]:
    """Partner, forms, and the parties of each way."""
    return [
        (
            way.partner.id,
            way.forms,
            " ".join([way.links[0].source.id, *(step.target.id for step in way.links)]),
        )
        for way in answer.ways
    ]


def test_a_partner_of_a_university_that_is_tied_to_the_army() -> None:
    answer = asked(
        """pla STATE_TIE beihang tie=supervision observed=2020
        beihang COLLABORATES mit form=joint_laboratory observed=2021"""
    )
    assert ways(answer) == [("mit", ("joint_laboratory",), "pla beihang mit")]
    (way,) = answer.ways
    assert way.standing == "foreign"
    assert [[claim.observed for claim in step.claims] for step in way.links] == [["2020"], ["2021"]]
    assert answer.counts == {"joint_laboratory": 1}


@pytest.mark.parametrize(
    ("claim", "form"),
    [
        ("firm COLLABORATES lab form=partnership", "partnership"),
        ("lab COLLABORATES firm form=licence", "licence"),
        ("lab > firm 20", "investment"),
        ("firm > lab 90", "owned"),
        ("firm CONTROLS lab", "controlled"),
    ],
)
def test_every_form_of_a_last_step(claim: str, form: str) -> None:
    assert ways(asked(f"pla STATE_TIE firm tie=procurement\n{claim}")) == [
        ("lab", (form,), "pla firm lab")
    ]


def test_ways_begin_at_ties_holdings_control_suppliers_and_own_work() -> None:
    for first in (
        "pla STATE_TIE firm",
        "pla > firm 100",
        "pla CONTROLS firm",
        "firm SUPPLIES pla",
        "pla COLLABORATES firm",
    ):
        answer = asked(f"{first}\nfirm COLLABORATES mit form=research")
        found = [] if "COLLABORATES" in first else [("mit", ("research",), "pla firm mit")]
        assert ways(answer) == found, first
    assert ways(asked("pla COLLABORATES mit form=research")) == [("mit", ("research",), "pla mit")]
    assert ways(asked("mit SUPPLIES pla")) == [("mit", ("supply",), "pla mit")]


def test_ways_go_down_to_what_the_tied_hold() -> None:
    answer = asked(
        """pla STATE_TIE firm
        firm > daughter 60
        daughter COLLABORATES mit form=licence"""
    )
    assert ways(answer) == [("mit", ("licence",), "pla firm daughter mit")]


def test_through_a_programme_work_follows_work_and_through_a_partner_it_does_not() -> None:
    answer = asked(
        """pla STATE_TIE beihang
        beihang COLLABORATES talent form=programme
        mit COLLABORATES talent form=talent
        beihang COLLABORATES firm form=partnership
        firm COLLABORATES lab form=partnership"""
    )
    assert ways(answer) == [("mit", ("programme",), "pla beihang talent mit")]
    assert [one.id for one in answer.ways[0].programmes] == ["talent"]


def test_investors_through_investors_and_no_other_holders_of_firms_abroad() -> None:
    answer = asked(
        """pla STATE_TIE firm
        fund > hk 100
        hk > firm 30
        firm > lab 60
        mit > lab 40"""
    )
    # hk counts as China; mit holds a part of a German firm, and brings nothing to China.
    assert ways(answer) == [
        ("fund", ("investment",), "pla firm hk fund"),
        ("lab", ("owned",), "pla firm lab"),
    ]


def test_owners_of_a_foreign_investor_are_not_told_as_investors() -> None:
    answer = asked("pla STATE_TIE firm\nfund > firm 10\nparent > fund 100")
    assert ways(answer) == [("fund", ("investment",), "pla firm fund")]


def test_the_same_country_is_left_out_and_an_unknown_one_is_told() -> None:
    answer = asked(
        """pla STATE_TIE firm
        firm COLLABORATES beihang
        firm COLLABORATES nowhere form=licence
        firm > stub 50"""
    )
    assert ways(answer) == [("nowhere", ("licence",), "pla firm nowhere")]
    assert answer.ways[0].standing == "country unknown"
    # What the firm holds somewhere unknown is counted and not listed.
    assert (answer.counts, answer.unplaced) == ({}, 1)


def test_without_an_organ_every_military_one_is_asked_each_with_its_own_foreigners() -> None:
    answer = asked(
        """pla STATE_TIE firm
        firm COLLABORATES mit form=research
        mit SUPPLIES usarmy
        mit COLLABORATES lab form=project"""
    )
    assert {organ.party.id for organ in answer.organs} == {"pla", "navy", "usarmy"}
    assert ways(answer) == [
        ("firm", ("research",), "usarmy mit firm"),
        ("lab", ("project",), "usarmy mit lab"),
        ("mit", ("research",), "pla firm mit"),
    ]


def test_organs_under_the_organ_count_too() -> None:
    claims = "pla CONTROLS navy\nfirm SUPPLIES navy\nfirm COLLABORATES mit form=research"
    assert ways(asked(claims, "pla")) == [("mit", ("research",), "navy firm mit")]
    assert ways(asked(claims, "sasac")) == []


def test_one_entity_is_asked_for_its_ways_whatever_its_country() -> None:
    claims = """pla STATE_TIE firm
        firm > daughter 60
        daughter COLLABORATES mit form=licence
        usarmy STATE_TIE mit"""
    answer = asked(claims, entity="mit")
    assert ways(answer) == [
        ("mit", ("licence",), "pla firm daughter mit"),
        ("mit", ("state tie",), "usarmy mit"),
    ]
    assert [way.standing for way in answer.ways] == ["foreign", "same country"]
    assert ways(asked(claims, "pla", entity="daughter")) == [
        ("daughter", ("owned",), "pla firm daughter")
    ]


def test_less_sure_ended_and_only_denied_claims_make_no_way() -> None:
    for said in ("confidence=low", "end=2020", "denies"):
        assert ways(asked(f"pla STATE_TIE firm\nfirm COLLABORATES mit {said}")) == []
    disputed = "pla STATE_TIE firm\nfirm COLLABORATES mit\nfirm COLLABORATES mit denies"
    (way,) = asked(disputed).ways
    assert way.links[-1].denied


def test_steps_limits_and_countries() -> None:
    claims = """pla STATE_TIE firm
        firm > daughter 60
        daughter COLLABORATES mit form=licence
        firm COLLABORATES lab form=licence"""
    assert [way.partner.id for way in asked(claims, max_hops=2).ways] == ["lab"]
    assert [way.partner.id for way in asked(claims, countries=["US"]).ways] == ["mit"]
    assert not asked(claims).truncated
    assert asked(claims, limit=4).truncated
    with pytest.raises(NotFoundError):
        asked(claims, "no organ of this name")


# -- against brute force ------------------------------------------------------------------------

PLACES = {"pla": "cn", "navy": "cn", "a": "cn", "b": "cn", "c": "us", "d": "de", "e": "", "p": "cn"}
SCHEMATA = {"pla": "MilitaryUnit", "navy": "MilitaryUnit", "p": "Programme"}
ENTITIES = [
    Entity(name, SCHEMATA.get(name, "Company"), name.upper(), (), (place,) if place else ())
    for name, place in PLACES.items()
]
EDGES = {
    "STATE_TIE": ("state", ""),
    "OWNS": ("ownership", "equity"),
    "CONTROLS": ("control", ""),
    "SUPPLIES": ("", "demand"),
    "COLLABORATES": ("knowledge", "knowledge"),
}


def _two(names: list[str]) -> tuple[str, str]:
    """The first name, and the first other one."""
    return names[0], next(name for name in names if name != names[0])


CLAIMS = st.lists(
    st.builds(
        lambda kind, ends: Relation(kind, *ends),
        st.sampled_from([*EDGES, "COLLABORATES", "COLLABORATES", "OWNS", "OWNS"]),
        st.permutations(["pla", "navy", *"aabcdepp"]).map(_two),
    ),
    min_size=9,
    max_size=16,
).map(lambda drawn: [Relation("STATE_TIE", "pla", "a"), *drawn])
Step = tuple[str, str, str]


def steps(claims: Iterable[Relation]) -> set[Step]:
    """Every claim as (from, channel, to), in each direction that has a channel."""
    found = set()
    for claim in claims:
        forward, backward = EDGES[claim.kind]
        found |= {(claim.source, forward, claim.target)} if forward else set()
        found |= {(claim.target, backward, claim.source)} if backward else set()
    return found


def under(claims: list[Relation]) -> set[str]:
    """The army, and the navy where a claim puts it under the army."""
    above = {(c.source, c.target) for c in claims if c.kind in {"STATE_TIE", "OWNS", "CONTROLS"}}
    return {"pla", "navy"} if ("pla", "navy") in above else {"pla"}


def may_follow(before: Step, after: Step) -> bool:
    """The rule in the words of the page, not in those of the code."""
    held = {"ownership", "control"}
    if before[1] in {"state", "demand"} | held:
        return after[1] in held | {"knowledge", "equity"}
    if before[1] == "equity":
        return after[1] == "equity"
    return after[1] == "knowledge" and after[0] == "p"


def every_way(claims: list[Relation], longest: int) -> Iterator[tuple[Step, ...]]:
    """All ways without repeats from the organs, by depth-first search."""
    organs, edges = under(claims), sorted(steps(claims))

    def onward(way: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        yield way
        if len(way) == longest:
            return
        for step in edges:
            visited = {way[0][0], *(done[2] for done in way)}
            invested = step[1] != "equity" or PLACES[step[0]] in {"cn", ""}
            new = step[0] == way[-1][2] and step[2] not in visited | organs
            if new and invested and may_follow(way[-1], step):
                yield from onward((*way, step))

    for step in edges:
        if step[0] in organs and step[2] not in organs and step[1] != "equity":
            yield from onward((step,))


def shortest(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The fewest steps to each."""
    best: dict[str, int] = {}
    for name, length in found:
        best[name] = min(length, best.get(name, length))
    return best


@settings(max_examples=120, deadline=None)
@given(CLAIMS)
def test_foreign_partners_equal_brute_force(claims: list[Relation]) -> None:
    with opened([*ENTITIES, *claims]) as graph:
        answer = knowledge(graph, conditions(DAY), organs=["pla"], max_hops=4)
    found = list(every_way(claims, 4))
    foreign = shortest((w[-1][2], len(w)) for w in found if PLACES[w[-1][2]] in {"us", "de"})
    assert foreign == shortest(
        (way.partner.id, len(way.links)) for way in answer.ways if way.standing == "foreign"
    )
    by_last = {w[-1]: len(w) for w in sorted(found, key=len, reverse=True)}
    for way in answer.ways:
        path = [(step.source.id, step.channel, step.target.id) for step in way.links]
        assert all(may_follow(*pair) for pair in pairwise(path))
        assert len(path) == by_last[path[-1]]


@settings(max_examples=120, deadline=None)
@given(CLAIMS, st.sampled_from("abcde"))
def test_the_ways_of_one_entity_equal_brute_force(claims: list[Relation], entity: str) -> None:
    with opened([*ENTITIES, *claims]) as graph:
        answer = knowledge(graph, conditions(DAY), organs=["pla"], entity=entity, max_hops=4)
    found = [w for w in every_way(claims, 4) if w[-1][2] == entity]
    expected = {(w[0][0], w[-1]): len(w) for w in sorted(found, key=len, reverse=True)}
    ways_of = {}
    for way in answer.ways:
        last = way.links[-1]
        key = (way.links[0].source.id, (last.source.id, last.channel, last.target.id))
        ways_of[key] = len(way.links)
    assert ways_of == expected
