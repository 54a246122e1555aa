"""What falls with a target: markets, what hangs on them, and who is downstream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, percent_text
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.markets.collateral import collateral
from spillover.queries.markets.collateral_answer import Collateral
from spillover.queries.markets.lost import Part
from spillover.queries.markets.parts import Link
from tests.graphs import opened, relations

ETO = Path(__file__).parents[3].parent / "shared" / "data" / "eto"
DAY = conditions("2026-11-22")


def product(name: str) -> Entity:
    return Entity(name, "Product", name)


def firm(name: str, country: str = "") -> Entity:
    return Entity(name, "Company", name, countries=(country,) if country else ())


def country(code: str) -> Entity:
    return Entity(code.upper(), "Country", code.upper(), countries=(code,))


def asked(items: Iterable[Entity | Relation], *targets: str, **asked_for: object) -> Collateral:
    with opened(items) as graph:
        return collateral(graph, targets, DAY, **asked_for)  # type: ignore[arg-type] # by keyword


def words(part: Part | None) -> str:
    if part is None:
        return "-"
    ends = percent_text(part.low), percent_text(part.high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]}-{ends[1]}"


def at_risk(answer: Collateral) -> dict[str, tuple[str, str]]:
    """What is lost, and what is at risk, of each product."""
    return {r.product.name: (words(r.lost), words(r.at_risk)) for r in answer.risks}


def lost(answer: Collateral) -> dict[tuple[str, str], str]:
    return {(m.product.name, m.side): words(m.lost) for m in answer.markets if m.speaks}


def way(links: tuple[Link, ...]) -> list[str]:
    return [link.source.name for link in links]


CHAIN: Final[list[Entity | Relation]] = [
    *map(product, ("Lens", "Mirror", "Scanner", "Chip")),
    *(firm("T", "de"), firm("Daughter", "de"), firm("Rival", "jp"), firm("Fab", "tw")),
    *relations(
        """
        T > Daughter 60
        T PRODUCES Lens 40 basis=market
        Rival PRODUCES Lens 50 basis=market
        Daughter PRODUCES Mirror 70 basis=market
        Fab PRODUCES Chip 90 basis=market
        Lens INPUT_TO Scanner
        Mirror KIND_OF Scanner
        Scanner INPUT_TO Chip
        """
    ),
]


def test_what_falls_with_a_target_and_whom_it_blocks() -> None:
    """T owns 60 % of its daughter. Scanners lose 40 % of lenses, and perhaps 70 % of a kind."""
    answer = asked(CHAIN, "T")
    assert lost(answer) == {("Mirror", "firm"): "70", ("Lens", "firm"): "40"}
    assert at_risk(answer) == {
        "Mirror": ("70", "70"),
        "Lens": ("40", "40"),
        "Scanner": ("-", "40-70"),
        "Chip": ("-", "40-70"),
    }
    chip = next(risk for risk in answer.risks if risk.product.name == "Chip")
    assert way(chip.least) == ["Lens", "Scanner"]
    assert way(chip.most) == ["Mirror", "Scanner"]
    assert [(item.party.name, item.why) for item in answer.fallen] == [
        ("Daughter", "rule"),
        ("T", "named"),
    ]
    assert [claim.stake_text for claim in answer.fallen[0].claims] == ["60"]


def test_without_a_rule_only_who_is_named_falls() -> None:
    answer = asked(CHAIN, "T", rule="")
    assert answer.law is None
    assert lost(answer) == {("Lens", "firm"): "40"}
    assert at_risk(answer)["Chip"] == ("-", "40")


def test_the_substitutes_and_what_they_would_have_to_do() -> None:
    """Of lenses 40 % are lost. The rival has 50 %, and with 10 % unnamed 60 % remain: 40/60."""
    loss = next(m for m in asked(CHAIN, "T").markets if m.product.name == "Lens")
    (rival,) = loss.substitutes
    assert rival.producer.party.name == "Rival"
    assert rival.growth == (Fraction(4, 5), Fraction(4, 5))
    assert loss.spare == (Fraction(2, 3), Fraction(2, 3))
    assert loss.before.low == 40**2 + 50**2
    assert loss.before.high == 40**2 + 50**2 + 10**2
    assert loss.after is not None
    assert loss.after.low == Fraction(50**2 * 100**2, 60**2)  # 50 of 60, the rest in crumbs
    assert loss.after.high == Fraction((50**2 + 10**2) * 100**2, 60**2)


def test_who_is_downstream() -> None:
    """Fab makes chips, which need scanners. The rival makes lenses: it is a substitute."""
    (fab,) = asked(CHAIN, "T").bystanders
    assert (fab.country, fab.product.name, words(fab.at_risk)) == ("tw", "Chip", "40-70")
    assert [producer.party.name for producer in fab.firms] == ["Fab"]


def test_who_falls_only_possibly_loses_nothing_for_certain() -> None:
    """What T holds of Half is not known: it can be blocked, and takes 0 to 30 % with it."""
    text = "T > Half\nHalf PRODUCES P 30 basis=market\nP INPUT_TO Q"
    answer = asked(relations(text), "T")
    assert at_risk(answer) == {"P": ("0-30", "0-30"), "Q": ("-", "0-30")}
    (half,) = answer.fallen
    assert (half.certain, half.why) == (False, "rule")


def test_a_blank_share_is_anything_never_nothing() -> None:
    answer = asked(relations("T PRODUCES P\nOther PRODUCES P 30 basis=market"), "T")
    assert at_risk(answer) == {"P": ("0-70", "0-70")}
    (loss,) = answer.markets
    assert loss.unquantified == 1


def test_a_denied_share_is_nothing_at_least_and_its_denial_is_told() -> None:
    text = "T PRODUCES P 40 basis=market\nT PRODUCES P denies observed=2023-02-08"
    answer = asked(relations(text), "T")
    assert at_risk(answer) == {"P": ("0-40", "0-40")}
    (share,) = answer.markets[0].fallen
    assert sorted(claim.stance for claim in share.claims) == ["asserts", "denies"]


COUNTED: Final[list[Entity | Relation]] = [
    *map(product, ("P", "Q")),
    *(country("cn"), country("nl"), firm("C", "cn"), firm("N", "nl"), firm("Nowhere")),
    *relations(
        """
        C PRODUCES P 20 basis=market scope=firm
        N PRODUCES P 70 basis=market scope=firm
        CN PRODUCES P 25 basis=market scope=country
        NL PRODUCES P 75 basis=market scope=country
        Nowhere PRODUCES Q 5 basis=market scope=firm
        N PRODUCES Q 80 basis=market scope=firm
        """
    ),
]


def test_a_country_falls_in_both_counts() -> None:
    """Firms: 20 % of C, and 10 % unnamed that can be Chinese. Countries: 25 %. The hull: 20-30."""
    answer = asked(COUNTED, countries=["CN"])
    assert lost(answer) == {
        ("P", "country"): "25",
        ("P", "firm"): "20-30",
        ("Q", "firm"): "0-20",  # 5 % of a firm of no known country, 15 % unnamed
    }
    assert at_risk(answer)["P"] == ("20-30", "20-30")
    assert {item.party.name: item.why for item in answer.fallen} == {
        "C": "country",
        "CN": "country",
        "Nowhere": "country unknown",
    }
    assert answer.law is None
    assert any("can be of a country that is cut off" in text for text in answer.assumptions)


def test_a_firm_of_two_countries_can_fall_with_either() -> None:
    both = Entity("Both", "Company", "Both", countries=("cn", "nl"))
    shares = relations("Both PRODUCES P 30 basis=market\nOther PRODUCES P 70 basis=market")
    items: list[Entity | Relation] = [both, *shares]
    answer = asked(items, countries=["cn"])
    assert at_risk(answer) == {"P": ("0-100", "0-100")}  # of Other nobody says the country
    assert {item.party.name: (item.certain, item.why) for item in answer.fallen} == {
        "Both": (False, "country"),
        "Other": (False, "country unknown"),
    }
    assert at_risk(asked(items, countries=["cn", "nl"]))["P"][0] == "30-100"


def test_a_country_can_be_named_as_a_target() -> None:
    by_name, by_code = asked(COUNTED, "CN"), asked(COUNTED, countries=["cn"])
    assert lost(by_name) == lost(by_code)
    assert by_name.countries == ("cn",)


def test_the_count_of_countries_says_nothing_of_a_firm() -> None:
    answer = asked(COUNTED, "N")
    assert lost(answer) == {("P", "firm"): "70", ("Q", "firm"): "80"}
    assert [(m.product.name, m.side) for m in answer.markets if not m.speaks] == [("P", "country")]


def test_a_firm_and_a_foreign_country_leave_the_count_of_countries_out() -> None:
    """NL's 75 % say nothing of N, so that only the count of firms tells what both are together."""
    answer = asked(COUNTED, "N", countries=["cn"])
    assert lost(answer)["P", "firm"] == "90-100"
    assert ("P", "country") not in lost(answer)
    own = asked(COUNTED, "N", countries=["nl"])  # its own country: the count of it says all
    assert lost(own) == {("P", "firm"): "70-80", ("P", "country"): "75", ("Q", "firm"): "80-100"}


def test_nobody_who_falls_is_refused() -> None:
    with pytest.raises(InputError, match="name a target, or a country"):
        asked(CHAIN)
    with pytest.raises(NotFoundError):
        asked(CHAIN, "Nobody")
    with pytest.raises(NotFoundError, match="no rule is named 'no-rule'"):
        asked(CHAIN, "T", rule="no-rule")


def test_who_makes_nothing_puts_nothing_at_risk() -> None:
    answer = asked([firm("Idle"), *CHAIN], "Idle")
    assert (answer.risks, answer.markets, answer.bystanders) == ((), (), ())


def test_every_number_names_its_claims() -> None:
    answer = asked(CHAIN, "T")
    numbers = {claim.relation for claim in answer.claims}
    for loss in answer.markets:
        for producer in loss.producers:
            assert {claim.relation for claim in producer.claims} <= numbers
            assert producer.claims
    assert {claim.relation for link in answer.links for claim in link.claims} <= numbers


def test_the_same_question_gives_the_same_answer() -> None:
    assert asked(COUNTED, countries=["cn"]) == asked(COUNTED, countries=["cn"])


def test_a_sample_lies_within_the_bounds() -> None:
    answer = asked(CHAIN, "T", draws=200, seed=3)
    assert answer.sampled is not None
    bounds = {risk.product.num: risk.at_risk for risk in answer.risks}
    for number, ranges in answer.sampled.products.items():
        found = bounds[number]
        assert ranges.risk.bounds == found
        assert found.low <= ranges.risk.p5 * WHOLE + 1
        assert ranges.risk.p95 * WHOLE - 1 <= found.high


MAKERS, GOODS = "ABCD", "PQRS"
lines = st.lists(
    st.one_of(
        st.builds(
            "{} PRODUCES {} {} basis=market".format,
            st.sampled_from(MAKERS),
            st.sampled_from(GOODS),
            st.sampled_from(["5", "10", "20", "0-25"]),
        ),
        st.builds("{} PRODUCES {}".format, st.sampled_from(MAKERS), st.sampled_from(GOODS)),
        st.builds(
            "{} {} {}".format,
            st.sampled_from(GOODS[:2]),
            st.sampled_from(["INPUT_TO", "KIND_OF"]),
            st.sampled_from(GOODS[2:]),
        ),
        st.builds("{} > {} 55".format, st.sampled_from(MAKERS[:2]), st.sampled_from(MAKERS[2:])),
    ),
    min_size=1,
    max_size=10,
    unique=True,
)


@given(lines, st.sets(st.sampled_from(MAKERS), min_size=1), st.sampled_from(MAKERS))
@settings(max_examples=30, deadline=None)
def test_one_more_target_never_lowers_a_risk(text: list[str], few: set[str], one: str) -> None:
    items: list[Entity | Relation] = [*map(product, GOODS), *map(firm, MAKERS)]
    items += relations("\n".join(text))
    with opened(items) as graph:
        before = collateral(graph, sorted(few), DAY)
        after = collateral(graph, sorted({*few, one}), DAY)
    more = {risk.product.id: risk.at_risk for risk in after.risks}
    for risk in before.risks:
        assert more[risk.product.id].low >= risk.at_risk.low
        assert more[risk.product.id].high >= risk.at_risk.high


# -- the built-in facts ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    path = tmp_path_factory.mktemp("facts") / "graph.db"
    run(path, "seed", [])
    with Graph(path) as opened_graph:
        yield opened_graph


def test_the_opening_example(facts: Graph) -> None:
    """ChemChina's 24-26 %, Syngenta Group's 24.6 and Syngenta AG's 20 % are one share: the largest.

    Whether its institute in Zhuzhou is blocked is not decided by what is known: 0 to 80 % of the
    balloons. Nothing is added up over the three markets.
    """
    answer = collateral(facts, ["ChemChina"], conditions("2022-10-05"))
    assert at_risk(answer) == {
        "pesticides, world": ("24.6-26", "24.6-26"),
        "commercial seeds, world": ("8", "8"),
        "weather-station balloons, China": ("0-80", "0-80"),
    }
    pesticides = answer.markets[0]
    assert pesticides.reach == "world"
    assert {producer.party.name: producer.part.low for producer in pesticides.fallen} == {
        "China National Chemical Corporation": 24_000_000,
        "Syngenta Group": 24_600_000,
        "Syngenta AG": 20_000_000,
    }
    assert pesticides.substitutes[0].producer.party.name == "Bayer"
    # Bayer's 16 % would have to become 40.6 to 42 %.
    assert pesticides.substitutes[0].growth == (Fraction(246, 160), Fraction(260, 160))


# -- the real chain of semiconductors ----------------------------------------------------------


@pytest.fixture(scope="module")
def chips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    if not ETO.is_dir():
        pytest.skip("the tables of the supply chain stand beside a checkout, not in it")
    path = tmp_path_factory.mktemp("chips") / "graph.db"
    run(path, "eto", sorted(ETO.glob("*.csv")))
    with Graph(path) as opened_graph:
        yield opened_graph


def test_without_asml(chips: Graph) -> None:
    """Shares of provision.csv; the tools go into photolithography, and that into every chip."""
    answer = collateral(chips, ["ASML"], DAY)
    found = at_risk(answer)
    assert found["EUV lithography tools"] == ("100", "100")
    assert found["Lithography tools"] == ("81.5", "81.5-100")
    assert found["Finished logic chip"] == ("-", "81.5-100")
    chip = next(risk for risk in answer.risks if risk.product.name == "Finished logic chip")
    assert way(chip.least)[0] == "Lithography tools"
    assert way(chip.most)[:2] == ["EUV lithography tools", "Lithography tools"]
    euv = next(m for m in answer.markets if m.product.name == "EUV lithography tools")
    assert euv.after is None
    assert euv.substitutes == ()
    (share,) = euv.fallen
    assert [(c.stake_text, c.record, c.observed) for c in share.claims] == [
        ("100.0", "P88 N20", "2025")
    ]
    dutch = next(b for b in answer.bystanders if b.country == "nl")
    assert [producer.party.name for producer in dutch.falling] == ["ASML"]


def test_without_tokyo_electron(chips: Graph) -> None:
    found = at_risk(collateral(chips, ["Tokyo Electron"], DAY))
    assert found["Resist processing tools"] == ("92.6", "92.6")
    assert found["Photolithography"] == ("-", "92.6")


def test_without_smic(chips: Graph) -> None:
    """The table has it as a maker of photomasks, without a share: anything, not nothing."""
    answer = collateral(chips, ["SMIC"], DAY)
    found = at_risk(answer)
    assert found["Photomasks"] == ("0-100", "0-100")
    assert found["Finished logic chip"] == ("-", "0-100")
    assert {risk.at_risk.low for risk in answer.risks} == {0}
    assert answer.markets[0].unquantified == 1


def test_without_all_chinese_providers(chips: Graph) -> None:
    answer = collateral(chips, [], DAY, countries=["cn"])
    found = lost(answer)
    assert found["Lithography tools", "country"] == "0.2"
    assert found["Linear and discrete testing tools", "country"] == "59"
    # Chinese firms have 59.0 % by name; 2.6 % of the market are of firms that are not named.
    assert found["Linear and discrete testing tools", "firm"] == "59-61.6"
    assert at_risk(answer)["Linear and discrete testing tools"][0] == "59-61.6"
    assert found["Electronic design automation software", "country"] == "1"
    assert found["Wafer", "country"] == "4"
    assert all(item.why == "country" for item in answer.fallen)
    assert {item.country for item in answer.bystanders} >= {"us", "jp", "nl", "kr", "tw"}


def test_without_the_netherlands_no_euv_tool_is_made(chips: Graph) -> None:
    answer = collateral(chips, [], DAY, countries=["nl"])
    assert lost(answer)["EUV lithography tools", "country"] == "100"
    assert lost(answer)["EUV lithography tools", "firm"] == "100"
