"""What does the answer about a coalition say? On a small chain, with the arithmetic beside it.

Chips need light sources and wafers. Of light sources the Netherlands make 80, Japan 15, China 5; of
wafers Japan 60, China 30, and Korea a share that nobody states. Extreme light is a kind of light
source that one Dutch firm makes alone.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity
from spillover.queries.coalitions.coalition import coalition
from spillover.queries.coalitions.coalition_answer import Coalition, Cover
from spillover.queries.coalitions.denial import roles
from spillover.queries.conditions import conditions
from spillover.queries.markets.chain import Arc, Chain
from spillover.queries.markets.lost import Part
from tests.graphs import opened, relations
from tests.queries.asking import Items

CLAIMS = """
light INPUT_TO chips
wafers INPUT_TO chips
extreme KIND_OF light
nl PRODUCES light 80 scope=country basis=market
jp PRODUCES light 15 scope=country basis=market
cn PRODUCES light 5 scope=country basis=market
jp PRODUCES wafers 60 scope=country basis=market
cn PRODUCES wafers 30 scope=country basis=market
kr PRODUCES wafers scope=country
Lens PRODUCES extreme 100 scope=firm basis=market
Lens PRODUCES light 80 scope=firm basis=market
Lens SUPPLIES cn 29 basis=sales observed=2023
Slab PRODUCES wafers scope=firm
Slab SUPPLIES us 50 basis=sales
Other SUPPLIES cn 45 basis=sales
nl MEMBER_STATE pact start=2023
jp MEMBER_STATE pact start=2023 end=2024
pact COVERS light
"""


def items(claims: str = CLAIMS) -> Items:
    return [
        *(Entity(p, "Product", p.capitalize()) for p in ("chips", "light", "wafers", "extreme")),
        *(Entity(c, "Country", c.upper(), countries=(c,)) for c in ("nl", "jp", "cn", "kr", "us")),
        Entity("pact", "Regime", "Pact"),
        Entity("Lens", "Company", "Lens", countries=("nl",)),
        Entity("Slab", "Company", "Slab", countries=("jp",)),
        Entity("Other", "Company", "Other", countries=("us",)),
        *relations(claims),
    ]


def ask(product: str = "chips", day: str = "2024-06-30", **asked: Any) -> Coalition:
    with opened(items()) as graph:
        return coalition(graph, product, conditions(day), **asked)


def cover(answer: Coalition, product: str) -> Cover:
    (found,) = (one for one in answer.covers if one.product.id == product)
    return found


def percent(part: Part | None) -> tuple[float, float]:
    assert part is not None
    return part.low / 10**6, part.high / 10**6


def test_a_coalition_covers_what_its_members_have() -> None:
    answer = ask(members=["nl", "jp"])
    light, wafers = cover(answer, "light"), cover(answer, "wafers")
    assert percent(light.covered) == (95, 95)
    assert percent(wafers.covered) == (60, 60)  # Korea has 0 to 10: it is no member
    assert (light.covers, wafers.covers) == ("yes", "no")
    korean = ask(members=["kr"])
    assert percent(cover(korean, "wafers").covered) == (0, 10)
    assert percent(korean.known) == (0, 10)


def test_the_product_is_denied_by_the_largest_cover_among_what_it_cannot_do_without() -> None:
    """Chips: at least 95 % through light sources, at most all, if extreme light is all of them."""
    answer = ask(members=["nl", "jp"])
    assert percent(answer.denied) == percent(answer.known) == (95, 100)
    assert [party.id for party in answer.least] == ["chips", "light"]
    assert [party.id for party in answer.most] == ["chips", "light", "extreme"]
    assert [(one.product.id, one.role) for one in answer.covers] == [
        ("light", "essential"),
        ("wafers", "essential"),
        ("extreme", "possible"),
    ]
    assert [party.id for party in answer.unmade] == ["chips"]


def test_who_makes_it_is_never_taken_for_nobody() -> None:
    """Chips are made with light sources and wafers; who makes chips is not known."""
    with opened([Entity("chips", "Product", "Chips")]) as graph:
        answer = coalition(graph, "chips", conditions("2024-06-30"), members=["nl"])
    assert percent(answer.denied) == (0, 100)
    assert percent(answer.known) == (0, 0)
    assert percent(ask(members=["nl"], without=["nl"]).denied) == (80, 100)


def test_firms_stand_for_their_countries_where_no_country_is_counted() -> None:
    extreme = cover(ask(members=["nl"]), "extreme")
    assert (extreme.side, percent(extreme.covered)) == ("firm", (100, 100))
    assert [(p.land, p.shapley) for p in extreme.pivots] == [("nl", (Fraction(1), Fraction(1)))]
    assert cover(ask(members=["nl"]), "light").others == 1  # its firms are not added


def test_the_smallest_coalitions_for_anything_essential_are_enough() -> None:
    """80 % of light sources are Dutch; of wafers Japan and China have 90 together."""
    answer = ask()
    assert [[land.code for land in way.members] for way in answer.ways] == [["nl"]]
    assert [party.id for party in answer.ways[0].products] == ["light"]
    wafers = cover(answer, "wafers")
    assert wafers.certain.coalitions == (("cn", "jp"),)
    assert wafers.possible.coalitions == (("cn", "jp"),)
    assert percent(answer.denied) == (0, 0)  # nobody was named
    assert [p.land for p in wafers.pivots if p.veto == "yes"] == ["cn", "jp"]


def test_a_defection_costs_what_the_others_do_not_cover() -> None:
    """Without the Netherlands: light 15, wafers 60; without Japan: light 80, wafers nothing."""
    answer = ask(members=["nl", "jp"], cover="60")
    dutch, japanese = answer.defections
    assert [land.code for land in dutch.leaving] == ["nl"]
    assert percent(dutch.known) == (60, 60)
    assert percent(dutch.denied) == (60, 100)  # Japan may make the chips themselves: nobody says
    changes = {c.product.id: (percent(c.before), percent(c.after), c.drops) for c in dutch.changes}
    assert changes == {
        "light": ((95, 95), (15, 15), "yes"),
        "extreme": ((100, 100), (0, 0), "yes"),
    }
    assert percent(japanese.denied) == (80, 100)
    assert [(c.product.id, c.drops) for c in japanese.changes] == [
        ("wafers", "yes"),
        ("light", "no"),
    ]
    assert [(land.code, word) for land, word in cover(answer, "light").pivotal] == [("nl", "yes")]


def test_several_can_leave_together() -> None:
    answer = ask(members=["nl", "jp", "us"], without=["nl", "jp"])
    assert answer.leaving is not None
    assert percent(answer.leaving.known) == (0, 0)
    assert len(answer.leaving.changes) == 3
    assert len(answer.defections) == 2  # the United States have no part of any of it


def test_a_regime_stands_for_its_members_on_the_day() -> None:
    assert [land.code for land in ask(regimes=["Pact"]).members] == ["jp", "nl"]
    later = ask(regimes=["Pact"], day="2025-06-30", members=["us"])
    assert [land.code for land in later.members] == ["nl", "us"]
    assert [claim.source.id for claim in cover(later, "light").regimes] == ["pact"]


def test_a_member_of_a_regime_is_not_in_the_coalition_against_itself() -> None:
    answer = ask(regimes=["Pact"], against="jp")
    assert [land.code for land in answer.members] == ["nl"]
    assert percent(cover(answer, "light").target) == (15, 15)


def test_firms_of_members_bear_the_loss_and_sell_to_whom_it_is_denied() -> None:
    answer = ask(members=["nl", "jp", "us"], against="cn")
    made = [(b.firm.id, b.land.code, b.product.id, b.stated) for b in answer.bearers]
    assert made == [
        ("Lens", "nl", "light", True),
        ("Slab", "jp", "wafers", False),
        ("Lens", "nl", "extreme", True),
    ]
    lens, other = answer.sales  # what Slab sells to the United States is no matter here
    assert (lens.firm.id, percent(lens.share)) == ("Lens", (29, 29))
    assert [party.id for party in lens.makes] == ["light", "extreme"]
    assert (other.firm.id, other.makes) == ("Other", ())
    assert percent(cover(answer, "wafers").target) == (30, 30)


def test_every_share_has_its_claims() -> None:
    light = cover(ask(members=["nl"]), "light")
    assert sorted(claim.source.id for claim in light.claims) == ["cn", "jp", "nl"]
    assert {claim.stake_text for claim in light.claims} == {"80", "15", "5"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"product": "Lens"}, "'Lens' is a Company, not a product; name a product"),
        ({"cover": "0"}, "cover '0' is no single percentage above 0"),
        ({"cover": "50-60"}, "cover '50-60' is no single percentage"),
        ({"members": ["nl"], "without": ["jp"]}, "JP: no member, and cannot leave"),
        ({"members": ["cn"], "against": "CN"}, "CN is a member and cannot be denied"),
    ],
)
def test_what_makes_no_sense_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ask(**asked)


def test_a_product_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        ask("teleporters")


def test_what_goes_into_a_kind_or_is_denied_is_not_essential() -> None:
    """1 needs 2; 3 is a kind of 2; 4 goes into 3; a source denies that 5 goes into 1."""
    whole = 100_000_000
    arcs = (
        Arc(2, 1, "INPUT_TO", whole, whole, ()),
        Arc(3, 2, "KIND_OF", 0, whole, ()),
        Arc(4, 3, "INPUT_TO", whole, whole, ()),
        Arc(5, 1, "INPUT_TO", 0, whole, ()),
    )
    assert roles(Chain((1, 2, 3, 4, 5), arcs, 0), 1) == {
        1: "asked",
        2: "essential",
        3: "possible",
        4: "possible",
        5: "possible",
    }
