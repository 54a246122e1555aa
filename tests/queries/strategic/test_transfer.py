"""Which lists cover a good, and which ties to armed forces have those who make it?"""

from __future__ import annotations

from spillover.graph.schema import Entity
from tests.queries.strategic.goods import ask, firm

LISTS = """
hs:854231 KIND_OF hs:8542
hs:8542 KIND_OF hs:85
chpl COVERS hs:854231 tier=1 start=2023-02-24
wassenaar COVERS hs:8542 end=2019
treaty COVERS hs:85
"""
CODES = tuple(
    Entity(f"hs:{code}", "Product", f"goods of {code}", identifiers=(("hs", code),))
    for code in ("854231", "8542", "85")
)


def test_lists_that_cover_it_its_wider_products_and_its_kinds() -> None:
    transfer = ask(LISTS, "hs:8542", *CODES).transfer
    assert [(c.regime.id, c.product.id, c.place, c.standing) for c in transfer.covers] == [
        ("wassenaar", "hs:8542", "itself", "ended"),
        ("treaty", "hs:85", "wider", "counted"),
        ("chpl", "hs:854231", "kind", "counted"),
    ]
    chpl = transfer.covers[-1]
    assert (chpl.since, chpl.said) == ("2023-02-24", (("tier", "1"),))
    assert [code for code, _ in transfer.codes] == ["85", "8542", "854231"]


def test_a_cover_that_is_denied() -> None:
    covers = ask("list COVERS laser\nlist COVERS laser denies", "laser").transfer.covers
    assert [(cover.standing, len(cover.claims)) for cover in covers] == [("stated and denied", 2)]


NAVY = Entity("Navy", "MilitaryUnit", "Navy", countries=("xx",))
TIES = """
Yard PRODUCES ships 60 basis=market
Dock PRODUCES ships 30 basis=market
Pier PRODUCES ships
Yard SUPPLIES Navy observed=2024
Navy STATE_TIE Dock tie=affiliation observed=2024
Navy STATE_TIE Dock tie=affiliation denies observed=2025 publisher=Dock
Holding > Yard 100
LIST DESIGNATES Holding
"""
PARTIES = (
    NAVY,
    firm("Yard"),
    firm("Dock"),
    firm("Pier"),
    firm("Holding"),
    Entity("LIST", "Programme", "A list"),
)


def test_producers_with_ties_denials_and_listed_owners() -> None:
    transfer = ask(TIES, "ships", *PARTIES).transfer
    found = {one.party.id: one for one in transfer.tied}
    assert set(found) == {"Yard", "Dock"}  # of Pier nothing is known
    assert (transfer.looked, transfer.firms) == (3, 3)
    assert [(t.tie.category.id, t.tie.status) for t in found["Yard"].ties] == [
        ("defence-supply", "stated")
    ]
    assert [(t.tie.category.id, t.tie.status) for t in found["Dock"].ties] == [
        ("military-affiliation", "stated and denied")
    ]
    assert [party.id for party, _ in transfer.customers] == ["Yard"]
    (above,) = found["Yard"].above
    assert (above.party.id, above.party.listed, len(above.chain)) == ("Holding", ("LIST",), 1)
    kinds = {(claim.kind, claim.stance) for claim in transfer.claims}
    assert {("OWNS", "asserts"), ("DESIGNATES", "asserts"), ("STATE_TIE", "denies")} <= kinds


def test_of_many_producers_the_largest_are_looked_at() -> None:
    transfer = ask(TIES, "ships", *PARTIES, producers=1).transfer
    assert (transfer.looked, transfer.firms) == (1, 3)
    assert [one.party.id for one in transfer.tied] == ["Yard"]


def test_countries_that_make_it_are_no_firms() -> None:
    land = Entity("country:cn", "Country", "China", countries=("cn",))
    transfer = ask("country:cn PRODUCES gallium 80 basis=market", "gallium", land).transfer
    assert (transfer.firms, transfer.tied, transfer.covers) == (0, (), ())
