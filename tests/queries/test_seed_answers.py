"""What do the built-in facts answer: ChemChina designated, Syngenta hit, and by which claim.

The claims are those of spillover/loaders/seed/relations.csv (F001 to F014): the tender of 2017
ended at 94.7 % (Reuters, 31 May 2017); eight layers of one holding chain report the same 82.2 %
(SEC Schedule 13D, 18 May 2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from spillover.graph.session import Graph
from spillover.loaders.run import run
from spillover.queries.blocked import Verdict, blocked
from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.queries.tree import owners

AG, GROUP, ADAMA = "seed:syngenta-ag", "seed:syngenta-group", "seed:adama"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    path = tmp_path_factory.mktemp("seed") / "graph.db"
    run(path, "seed", [])
    with Graph(path) as opened:
        yield opened


def chemchina(
    graph: Graph, day: str, max_age: str | None = None, min_confidence: str = "medium"
) -> dict[str, Verdict]:
    """Verdicts with ChemChina designated on that day."""
    answer = blocked(graph, ["seed:chemchina"], conditions(day, max_age, min_confidence))
    return {result.entity.id: result for result in answer.results}


def proof(result: Verdict) -> list[tuple[str, str]]:
    """Owner and share as printed of each claim."""
    return [(claim.source.id, claim.stake_text) for claim in result.proof]


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ("2017-05-05", "80.7"),  # F011: preliminary result
        ("2017-05-10", "82.2"),  # F010: definitive interim result
        ("2017-05-18", "82.2"),  # F001: one of eight layers of the same block
        ("2017-05-31", "94.7"),  # F009: the end of the tender
        ("2022-10-05", "94.7"),  # the day on which ChemChina was listed under section 1260H
    ],
)
def test_syngenta_is_blocked_by_the_latest_claim_on_the_parent(
    graph: Graph, day: str, share: str
) -> None:
    result = chemchina(graph, day)[AG]
    assert result.verdict == "blocked"
    assert str(result.share) == f"{share} %"  # not eight times 82.2
    assert proof(result) == [("seed:chemchina", share)]


def test_the_proof_on_the_day_of_the_listing_is_as_old_as_the_tender(graph: Graph) -> None:
    result = chemchina(graph, "2022-10-05")[AG]
    # 2017-05-31 to 2022-10-05: five years of 365 days, one 29 February, 30+31+31+30+5 days
    assert (result.oldest, result.age_days) == ("2017-05-31", 5 * 365 + 1 + 127)
    assert result.proof[0].publisher
    assert "reuters.com" in result.proof[0].url


def test_before_the_tender_nothing_certain_is_known(graph: Graph) -> None:
    # F012 dates the purchase 2017 and states no share: unknown from 1 January, and no sooner.
    assert AG not in chemchina(graph, "2016-12-31")
    result = chemchina(graph, "2017-05-04")[AG]
    assert (result.verdict, result.share.unknown) == ("undetermined", True)


def test_with_high_confidence_only_filings_and_agencies_count(graph: Graph) -> None:
    found = chemchina(graph, "2022-10-05", None, "high")
    assert found[AG].verdict == "blocked"
    assert GROUP not in found  # F014, 99.1 %, is of medium confidence
    assert chemchina(graph, "2022-10-05")[GROUP].verdict == "blocked"


def test_with_an_age_of_one_year_the_tender_is_unknown_and_not_zero(graph: Graph) -> None:
    result = chemchina(graph, "2022-10-05", "1y")[AG]
    assert (result.verdict, result.share.unknown) == ("undetermined", True)
    assert [claim.standing for claim in result.proof] == ["too old"]
    assert chemchina(graph, "2022-10-05", "6y")[AG].verdict == "blocked"


def test_adama_hangs_on_a_share_that_no_source_states(graph: Graph) -> None:
    result = chemchina(graph, "2022-10-05")[ADAMA]
    assert (result.verdict, result.share.unknown) == ("undetermined", True)
    assert "caution_control" in result.flags  # Syngenta Group is its stated parent (F017)


def test_layers_of_the_chain_take_nothing_from_the_direct_holder(graph: Graph) -> None:
    tree = owners(graph, AG, conditions("2017-05-20"))
    assert str(tree.undisclosed) == "17.8 %"  # 100 less the 82.2 of CNAC Saturn (NL) B.V. (F008)


def test_exposure_reaches_syngenta_by_ownership_and_by_stated_control(graph: Graph) -> None:
    answer = exposure(graph, ["seed:chemchina"], conditions("2022-10-05"), to=AG)
    ways = [([step.kind for step in path.hops], path.strength.low) for path in answer.paths]
    assert ways[:2] == [
        (["OWNS", "CONTROLS"], Fraction(991, 1000)),  # 99.1 % of the group, the stated parent
        (["OWNS"], Fraction(947, 1000)),
    ]
    assert all(step.claims for path in answer.paths for step in path.hops)


INSTITUTE = (
    "control China Haohua Chemical Group Co., Ltd.,"
    " control Zhuzhou Rubber Research & Design Institute"
)
EXPOSED = {
    # each with the parties and channels of its strongest path from ChemChina, and its strength
    AG: ("ownership Syngenta Group, control Syngenta AG", "99.1-99.1"),
    # 99.1 % of the group, whose share of the world's pesticides is 24.6 % (F105)
    "seed:product-pesticides-world": (
        "ownership Syngenta Group, product pesticides, world",
        "24.3786-24.3786",
    ),
    # and the firm's 8 % of the world's seeds
    "seed:product-seeds-world": (
        "ownership Syngenta Group, control Syngenta AG, product commercial seeds, world",
        "7.928-7.928",
    ),
    # the institute is owned whole; 80 % of the country's balloons are its (F100)
    "seed:product-balloons-station-cn": (
        f"{INSTITUTE}, product weather-station balloons, China",
        "80-80",
    ),
    # the 75 % of its balloons were stated on 28 December 2022 (F098): unknown before
    "seed:cma": (
        f"{INSTITUTE}, supply China Meteorological Administration",
        "0-100",
    ),
    "seed:pirelli": ("ownership Pirelli & C. S.p.A.", "0-100"),
    "seed:kraussmaffei": ("ownership KraussMaffei Group", "0-100"),
    "seed:elkem": ("ownership China National Bluestar (Group), ownership Elkem ASA", "0-80"),
    # 80 % of Bluestar, about 90 % of Adisseo
    "seed:adisseo": (
        "ownership China National Bluestar (Group), ownership Bluestar Adisseo Company",
        "71.2-72.8",
    ),
}


def test_exposure_to_chemchina_reaches_all_of_them_each_with_path_and_sources(
    graph: Graph,
) -> None:
    answer = exposure(graph, ["ChemChina"], conditions("2022-10-05"))
    assert not answer.truncated
    shown = {path.entity.id: path for path in answer.paths}
    for entity, (way, strength) in EXPOSED.items():
        path = shown[entity]
        assert ", ".join(f"{step.channel} {step.target.name}" for step in path.hops) == way
        assert "-".join(f"{float(end * 100):g}" for end in path.strength) == strength
        for step in path.hops:
            assert step.claims
            assert all(claim.publisher and claim.url for claim in step.claims)


def test_the_denial_stands_beside_the_balloons(graph: Graph) -> None:
    answer = exposure(graph, ["ChemChina"], conditions("2022-10-05"))
    denied = {path.entity.id: path.denials for path in answer.paths}
    for entity in ("seed:zhuzhou-rubber", "seed:cma", "seed:pla-gsd-meteorology"):
        (denial,) = (claim for claim in denied[entity] if claim.kind == "STATE_TIE")  # F103
        assert (denial.stance, denial.standing, denial.observed) == (
            "denies",
            "not yet",
            "2023-02-24",
        )
        assert denial.source.id == "seed:pla"
    assert denied[AG] == ()
    assert {claim.stance for claim in answer.claims} == {"asserts", "denies"}
