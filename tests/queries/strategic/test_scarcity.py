"""Who needs a good, what does it need itself, and what stands beside it?"""

from __future__ import annotations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.answer import Party
from tests.queries.strategic.goods import ask, firm

CHAIN = """
euv KIND_OF lithography
duv KIND_OF lithography
imprint KIND_OF lithography
lithography INPUT_TO exposure
resist INPUT_TO exposure
exposure INPUT_TO chip
mirror INPUT_TO euv
glass INPUT_TO mirror
A PRODUCES duv 90 basis=market
B PRODUCES glass 70 basis=market
B PRODUCES mirror 20 basis=market
"""


def ids(parties: tuple[Party, ...]) -> list[str]:
    return [party.id for party in parties]


def test_a_good_that_others_cannot_be_made_without() -> None:
    scarcity = ask(CHAIN, "resist").scarcity
    below = scarcity.downstream
    assert (ids(below.direct), ids(below.essential)) == (["exposure"], ["chip", "exposure"])
    assert (ids(below.partly), ids(below.ends)) == ([], ["chip"])
    assert ids(scarcity.upstream.essential) == []
    assert scarcity.others == ()


def test_one_kind_among_others_is_needed_only_in_part() -> None:
    scarcity = ask(CHAIN, "euv", firm("A", "nl"), firm("B", "de")).scarcity
    below = scarcity.downstream
    assert (below.direct, below.essential) == ((), ())
    assert ids(below.partly) == ["chip", "exposure", "lithography"]
    assert ids(below.ends) == ["chip"]
    others = [(other.product.id, other.wider.id) for other in scarcity.others]
    assert others == [("duv", "lithography"), ("imprint", "lithography")]
    duv, imprint = scarcity.others
    assert duv.held is not None
    assert [(land.name, land.part.low) for land in duv.held.lands] == [("NL", 90_000_000)]
    assert imprint.held is None  # nobody is said to make it


def test_what_it_needs_itself_with_the_narrowest_first() -> None:
    scarcity = ask(CHAIN, "euv", firm("A", "nl"), firm("B", "de")).scarcity
    above = scarcity.upstream
    assert (ids(above.direct), ids(above.essential)) == (["mirror"], ["glass", "mirror"])
    assert ids(above.ends) == ["glass"]
    found = [(one.product.id, one.essential, one.held.lands[0].part.low) for one in scarcity.narrow]
    assert found == [("glass", True, 70_000_000), ("mirror", True, 20_000_000)]


def test_a_step_that_a_source_denies_is_no_need() -> None:
    denied = CHAIN + "resist INPUT_TO exposure denies\n"
    below = ask(denied, "resist").scarcity.downstream
    assert (below.essential, ids(below.partly)) == ((), ["chip", "exposure"])
    assert any(claim.stance == "denies" for claim in below.claims)


def test_quantities_of_input_output_tables_are_counted_and_not_followed() -> None:
    below = ask("steel INPUT_TO cars 3 basis=supply", "steel").scarcity.downstream
    assert (below.essential, below.partly, below.quantities) == ((), (), 1)


def test_goods_that_need_each_other() -> None:
    below = ask("a INPUT_TO b\nb INPUT_TO a\nb INPUT_TO c", "a").scarcity.downstream
    assert (ids(below.essential), ids(below.ends)) == (["b", "c"], ["c"])


def test_every_number_has_its_claims() -> None:
    scarcity = ask(CHAIN, "euv").scarcity
    hops = {(claim.kind, claim.source.id, claim.target.id) for claim in scarcity.claims}
    assert ("KIND_OF", "duv", "lithography") in hops  # the kind beside it
    assert ("PRODUCES", "A", "duv") in hops  # where that lies
    assert ("INPUT_TO", "exposure", "chip") in hops
    assert ("INPUT_TO", "glass", "mirror") in hops


STEPS = st.sets(
    st.tuples(
        st.sampled_from("abcde"), st.sampled_from(("INPUT_TO", "KIND_OF")), st.sampled_from("abcde")
    ).filter(lambda step: step[0] != step[2]),
    min_size=1,
    max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(STEPS)
def test_reach_is_that_of_networkx(steps: set[tuple[str, str, str]]) -> None:
    claims = (
        "\n".join(" ".join(step) for step in sorted(steps)) + "\nsand INPUT_TO a\na INPUT_TO end"
    )
    scarcity = ask(claims, "a").scarcity
    strict: nx.DiGraph[str] = nx.DiGraph()
    every: nx.DiGraph[str] = nx.DiGraph()
    for source, kind, target in [*steps, ("sand", "INPUT_TO", "a"), ("a", "INPUT_TO", "end")]:
        every.add_edge(source, target)
        if kind == "INPUT_TO":
            strict.add_edge(source, target)
    for chain, essential, whole, ended in (
        (
            scarcity.downstream,
            nx.descendants(strict, "a"),
            nx.descendants(every, "a"),
            every.out_degree,
        ),
        (scarcity.upstream, nx.ancestors(strict, "a"), nx.ancestors(every, "a"), every.in_degree),
    ):
        assert set(ids(chain.essential)) == essential
        assert set(ids(chain.partly)) == whole - essential
        assert set(ids(chain.ends)) == {name for name in whole if not ended(name)}
