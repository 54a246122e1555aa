"""Does an answer about sectors say who loses, by both models, with the flows and claims behind?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spillover.graph.errors import InputError, NotFoundError, StakeError
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.loaders.context import Options
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.sectors.answer import SectorLosses
from spillover.queries.sectors.losses import sector_losses
from spillover.queries.sectors.ranking import sector_ranking
from tests.queries.sectors import io_oracle
from tests.queries.sectors.io_oracle import loaded

WHEN = conditions("2024-06-30")
ICIO = Path(__file__).parents[2] / "data" / "io_table" / "icio.csv"
Z = [[10, 5, 0, 1], [2, 3, 0, 5], [0, 0, 4, 2], [6, 4, 1, 30]]
X = [40, 20, 10, 100]
"""``tests/data/io_table/icio.csv``: agriculture and computers of Australia and of Taiwan."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    path = tmp_path_factory.mktemp("icio") / "graph.db"
    run(path, "io_table", [ICIO], options=Options(date="2020"))
    with Graph(path) as opened:
        yield opened


def by_id(answer: SectorLosses, model: int = 0) -> list[float]:
    """What each sector loses at most, in the order of the table."""
    found = {line.sector.id: line.losses[model].most for line in answer.sectors}
    ids = ("AUS_01T02", "AUS_26", "TWN_01T02", "TWN_26")
    return [found.get(f"io_table:{one}", 0.0) for one in ids]


def test_taiwan_s_computers_are_extracted(graph: Graph) -> None:
    answer = sector_losses(graph, ["TWN_26"], WHEN)
    assert answer.models == ("extraction", "substituted")
    assert by_id(answer) == pytest.approx(io_oracle.without(Z, X, [3]).tolist())
    (every, own) = (answer.all_sectors[0].most, answer.own[0].most)
    assert own == pytest.approx(100)
    assert every == pytest.approx(io_oracle.without(Z, X, [3]).sum())
    assert [line.target for line in answer.sectors].count(True) == 1
    # What others lose by country, without the target: Australia, and Taiwan's agriculture.
    lost = io_oracle.without(Z, X, [3])
    assert {line.country: line.losses[0].most for line in answer.countries} == pytest.approx(
        {"AU": lost[0] + lost[1], "TW": lost[2]}
    )


def test_the_direct_flows_come_with_their_claims(graph: Graph) -> None:
    """TWN_26 buys 1, 5 and 2, and sells 6, 4 and 1; 30 stay with itself."""
    answer = sector_losses(graph, ["io_table:TWN_26"], WHEN)
    told = [(direct.sector.id[9:], direct.flow) for direct in answer.suppliers.largest]
    assert told == [("AUS_26", 5), ("TWN_01T02", 2), ("AUS_01T02", 1)]
    told = [(direct.sector.id[9:], direct.flow) for direct in answer.customers.largest]
    assert told == [("AUS_01T02", 6), ("AUS_26", 4), ("TWN_01T02", 1)]
    assert (answer.suppliers.total, answer.customers.total, answer.itself) == (8, 11, 30)
    claim = answer.suppliers.largest[0].claims[0]
    assert (claim.stake_text, dict(claim.properties), claim.observed) == (
        "5/100",
        {"flow": "5"},
        "2020",
    )
    assert (claim.source.id, claim.target.id) == ("io_table:AUS_26", "io_table:TWN_26")


def test_all_sectors_of_a_country_fall_out_together(graph: Graph) -> None:
    answer = sector_losses(graph, [], WHEN, country="tw")
    assert [sector.id[9:] for sector in answer.targets] == ["TWN_01T02", "TWN_26"]
    assert by_id(answer) == pytest.approx(io_oracle.without(Z, X, [2, 3]).tolist())
    # By the table's own label of the region, too; a target named beside it is not counted twice.
    again = sector_losses(graph, ["TWN_26"], WHEN, country="TWN")
    assert again == answer
    assert [line.country for line in answer.countries] == ["AU"]  # nothing of Taiwan is left


@pytest.mark.parametrize("measure", ["leontief", "ghosh"])
def test_demand_and_supply_lost_stand_side_by_side(graph: Graph, measure: str) -> None:
    answer = sector_losses(graph, ["TWN_26"], WHEN, measure=measure, lost="30")
    other = "ghosh" if measure == "leontief" else "leontief"
    assert answer.models == (measure, other)
    demand = [0, 0, 0, 0.3 * 59]  # 60 and -1
    added = [0, 0, 0, 0.3 * 62]  # 100 less 38
    expected = {
        "leontief": io_oracle.leontief(Z, X, demand).tolist(),
        "ghosh": io_oracle.ghosh(Z, X, added).tolist(),
    }
    assert by_id(answer, 0) == pytest.approx(expected[measure])
    assert by_id(answer, 1) == pytest.approx(expected[other])


def test_a_range_of_what_is_lost_gives_a_range_of_losses(graph: Graph) -> None:
    answer = sector_losses(graph, ["TWN_26"], WHEN, lost="20-40")
    assert answer.part == Stake(20_000_000, 40_000_000)
    lines = {line.sector.id[9:]: line.losses[0] for line in answer.sectors}
    for end, part in (("least", 0.2), ("most", 0.4)):
        expected = io_oracle.smaller(Z, X, [3], part)
        assert getattr(lines["AUS_26"], end) == pytest.approx(expected[1])
    assert all(one.least <= one.most for one in lines.values())


def test_where_others_step_in_they_gain(graph: Graph) -> None:
    """Australia's computers take over what Taiwan's sold to whomever both supply."""
    answer = sector_losses(graph, ["TWN_26"], WHEN)
    (computers,) = (line for line in answer.sectors if line.sector.id == "io_table:AUS_26")
    assert computers.losses[0].most > 0 > computers.losses[1].most


def test_who_loses_where_adds_up(graph: Graph) -> None:
    answer = sector_losses(graph, ["TWN_26"], WHEN)
    found = answer.pattern
    assert found.countries == ("Australia", "Taiwan")
    assert set(found.industries) == {
        "Agriculture, hunting and forestry",
        "Computers, electronic and optical equipment",
    }
    others = answer.all_sectors[0].most - answer.own[0].most
    assert np.sum(found.losses) == pytest.approx(others)
    assert np.sum(found.outputs) == 40 + 20 + 10  # the target is left out
    assert found.hidden == 0


def test_the_same_question_has_the_same_answer(graph: Graph) -> None:
    assert sector_losses(graph, ["TWN_26"], WHEN) == sector_losses(graph, ["TWN_26"], WHEN)


def test_what_is_beyond_the_top_is_counted(graph: Graph) -> None:
    answer = sector_losses(graph, ["TWN_26"], WHEN, top=1)
    assert (len(answer.sectors), answer.sectors_left_out) == (1, 3)
    assert (len(answer.countries), answer.countries_left_out) == (1, 1)


def test_sectors_are_ranked_each_alone(graph: Graph) -> None:
    answer = sector_ranking(graph, WHEN, top=2, lost="50-100")
    losses = [io_oracle.without(Z, X, [row]) for row in range(4)]
    half = [io_oracle.smaller(Z, X, [row], 0.5) for row in range(4)]
    first = answer.ranks[0]
    assert first.sector is not None
    assert first.sector.id == "io_table:TWN_26"
    assert first.total == pytest.approx((half[3].sum(), losses[3].sum()))
    assert first.others == pytest.approx((half[3][:3].sum(), losses[3][:3].sum()))
    assert first.abroad == pytest.approx((half[3][:2].sum(), losses[3][:2].sum()))
    assert first.total.most == pytest.approx(max(loss.sum() for loss in losses))
    assert (len(answer.ranks), answer.left_out) == (2, 2)


def test_countries_are_ranked_each_alone(graph: Graph) -> None:
    answer = sector_ranking(graph, WHEN, by_country=True)
    taiwan, australia = io_oracle.without(Z, X, [2, 3]), io_oracle.without(Z, X, [0, 1])
    assert [(rank.name, rank.country) for rank in answer.ranks] == [
        ("Taiwan", "TW"),
        ("Australia", "AU"),
    ]
    assert answer.matrix is not None
    assert np.array(answer.matrix) == pytest.approx(
        np.array([[110, taiwan[:2].sum()], [australia[2:].sum(), 60]])
    )
    assert answer.ranks[0].abroad.most == pytest.approx(taiwan[:2].sum())
    ranged = sector_ranking(graph, WHEN, by_country=True, lost="10-100")
    tenth = io_oracle.smaller(Z, X, [2, 3], 0.1)
    assert ranged.ranks[0].total == pytest.approx((tenth.sum(), taiwan.sum()))


def test_regions_whose_names_hold_commas_are_told_apart(tmp_path: Path) -> None:
    """CN1 and CN2 are both China; the words of their industries are those that Australia leaves."""
    path = loaded(
        tmp_path,
        Z=[[1, 2, 3], [1, 1, 1], [2, 0, 1]],
        x=[20, 20, 20],
        countries=["AUS", "CN1", "CN2"],
        industries=["26"],
    )
    with Graph(path) as graph:
        answer = sector_losses(graph, ["AUS_26"], WHEN)
        assert answer.pattern.industries == ("Computers, electronic and optical equipment",)
        assert answer.pattern.countries[0] == "CN"
        both = sector_losses(graph, [], WHEN, country="CN")
        assert [sector.region for sector in both.targets] == ["CN1", "CN2"]
        one = sector_losses(graph, [], WHEN, country="CN2")
        assert [sector.region for sector in one.targets] == ["CN2"]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"targets": []}, InputError, "no sector is named"),
        ({"targets": ["DEU_26"]}, NotFoundError, "no entity is named 'DEU_26'"),
        ({"targets": [], "country": "DE"}, NotFoundError, "no sector of 'DE'; it has: AU, TW"),
        (
            {"measure": "hhi"},
            InputError,
            "measure 'hhi' is unknown; use extraction, leontief, ghosh",
        ),
        ({"lost": "0"}, InputError, "lost '0' is nothing"),
        ({"lost": "much"}, StakeError, "'much' is no share"),
        ({"lost": "120"}, StakeError, "'120' is no share"),
        ({"dataset": "wiod"}, NotFoundError, "no input-output table is named 'wiod'"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    graph: Graph, asked: dict[str, Any], error: type[Exception], said: str
) -> None:
    targets = asked.pop("targets", ["TWN_26"])
    with pytest.raises(error, match=said):
        sector_losses(graph, targets, WHEN, **asked)


def test_an_entity_that_is_no_sector_is_no_target(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    run(path, "seed", ())
    run(path, "io_table", [ICIO], options=Options(date="2020"))
    with Graph(path) as both, pytest.raises(NotFoundError, match="is no sector of io_table; name"):
        sector_losses(both, ["ChemChina"], WHEN)


WIOD = Path(__file__).parents[3].parent / "shared" / "data" / "io" / "wiod2011_small.npz"


@pytest.fixture(scope="module")
def wiod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    if not WIOD.exists():
        pytest.skip(f"{WIOD} is not there")
    path = tmp_path_factory.mktemp("wiod") / "graph.db"
    run(path, "io_table", [WIOD], options=Options(date="2011"))
    with Graph(path) as opened:
        yield opened


def test_taiwan_s_electronics_in_the_world_of_2011(wiod: Graph) -> None:
    """1,435 sectors: every flow as printed, and the loss that striking out row and column gives."""
    answer = sector_losses(wiod, ["TWN_c14"], WHEN, top=1435)
    arrays = np.load(WIOD)
    z, x = arrays["Z"].astype(np.float64), arrays["x"].astype(np.float64)
    ids = [f"io_table:{c}_{i}" for c in arrays["countries"] for i in arrays["industries"]]
    row = ids.index("io_table:TWN_c14")
    expected = dict(zip(ids, io_oracle.without(z, x, [row]).tolist(), strict=True))
    found = {line.sector.id: line.losses[0].most for line in answer.sectors}
    assert found == pytest.approx({one: expected[one] for one in found}, abs=1e-3)
    basis = answer.basis
    assert (basis.sectors, basis.flows, basis.exact, basis.error) == (1435, 413_525, 1435, 0)
    assert basis.output == x.sum() == 141_767_904
    assert (len(basis.idle), basis.negative_cells) == (22, 352)
    assert basis.residual < 1e-12
    total = float(sum(expected.values()))
    assert answer.all_sectors[0].most == pytest.approx(total)
    assert 437_223 < total < 437_224
    # Suppliers and customers of the printed table, and itself, are its column and its row.
    assert answer.suppliers.total + answer.itself == z[:, row].sum() == 118_133
    assert answer.customers.total + answer.itself == z[row].sum()
    names = [line.name for line in answer.countries[:5]]
    assert names == ["Taiwan", "China", "Rest of the world", "Japan", "South Korea"]
