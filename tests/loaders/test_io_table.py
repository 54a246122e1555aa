"""Input-output tables: shares by exact arithmetic, balances, and what is left out by name."""

import contextlib
import io
import json
import sqlite3
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Relation
from spillover.graph.stake import Stake, from_fraction
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, REAL, Loaded, audits, cuts, texts

FOLDER = DATA / "io_table"
ICIO, FIGARO, WIOD = (FOLDER / f"{name}.csv" for name in ("icio", "figaro", "wiod2014"))
REAL_TABLE = REAL / "io" / "wiod2011_small.npz"
Z = [[10, 5, 0, 1], [2, 3, 0, 5], [0, 0, 4, 2], [6, 4, 1, 30]]
F = [[20, 4], [8, 2], [1, 3], [-1, 60]]
X = [40, 20, 10, 100]


def packed(file: Path, **said: Any) -> Path:
    """An NPZ file of the same table as ``icio.csv``."""
    arrays: dict[str, Any] = {
        "Z": np.array(Z),
        "F": np.array(F),
        "x": np.array(X),
        "countries": np.array(["AUS", "TWN"]),
        "industries": np.array(["01T02", "26"]),
    } | {
        name: value if isinstance(value, np.ndarray) else np.array(value)
        for name, value in said.items()
    }
    np.savez_compressed(file, **arrays)
    return file


def written(folder: Path, text: str) -> Path:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8", newline="")
    return file


def flow(loaded: Loaded, source: str, target: str) -> Relation:
    ends = (f"io_table:{source}", f"io_table:{target}")
    (found,) = (r for r in loaded.relations if (r.source, r.target) == ends)
    return found


@pytest.fixture(scope="module")
def icio(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("icio"), "io_table", ICIO, options=Options(date="2018"))


def test_every_row_is_a_sector_or_goes_into_the_sectors(icio: Loaded) -> None:
    """16 flows, 4 of them 0; the table balances in every row and column."""
    assert icio.report.tally == (7, 4, 3, 0, 0)
    assert (icio.report.entities, icio.report.relations) == (4, 12)
    assert audits(icio.report) == {
        ("left out", "flow of exactly 0"): 4,
        ("merged", "row of other inputs, into the sectors"): 1,
        ("merged", "row of output, into the sectors"): 1,
        ("merged", "row of value added, into the sectors"): 1,
        ("negative", "final demand"): 1,
        ("not stated", "year of the table; --date tells it"): 1,
    }


def test_a_flow_goes_from_seller_to_buyer_as_a_share_of_the_buyers_output(icio: Loaded) -> None:
    """Taiwan's computers sell 6 to Australia's farms, whose output is 40: 15 %."""
    found = flow(icio, "TWN_26", "AUS_01T02")
    assert (found.kind, found.basis) == ("INPUT_TO", "supply")
    assert found.stake == Stake(15_000_000, 15_000_000)
    assert (found.stake_text, found.properties) == ("6/40", {"flow": ("6",)})
    assert (found.evidence.record, found.evidence.observed) == ("TWN_26", "2018")
    # The other way: 1 of 100.
    assert flow(icio, "AUS_01T02", "TWN_26").stake == Stake(1_000_000, 1_000_000)
    assert flow(icio, "TWN_26", "TWN_26").stake == Stake(30_000_000, 30_000_000)


def test_shares_of_a_buyer_with_its_value_added_make_a_whole(icio: Loaded) -> None:
    """Of the output of 100: flows of 1 + 5 + 2 + 30, taxes of 2, value added of 60."""
    shares = [r.stake for r in icio.relations if r.target == "io_table:TWN_26"]
    assert sum(share.low for share in shares if share) == (100 - 2 - 60) * 1_000_000


def test_a_sector_is_a_product_of_its_country(icio: Loaded) -> None:
    sector = icio.entities["io_table:TWN_26"]
    assert (sector.schema, sector.countries) == ("Product", ("tw",))
    assert sector.name == "Computers, electronic and optical equipment, Taiwan"
    assert icio.names(sector.id) == [("TWN_26", "", "alias")]
    assert sector.properties == {
        "industry": ("26",),
        "region": ("TWN",),
        "output": ("100",),
        "inputs": ("38",),
        "final_demand": ("AUS_HFCE -1", "TWN_HFCE 60"),
        "value_added": ("VA 60",),
        "other_inputs": ("TLS 2",),
    }


def test_a_table_without_output_has_the_sums_of_its_rows(tmp_path: Path) -> None:
    """Germany's chemicals: 20 + 10 + 70.5. France buys 40 and has 59.9: 0.1 off, by rounding."""
    loaded = Loaded(tmp_path, "io_table", FIGARO, options=Options())
    assert loaded.report.tally == (6, 3, 3, 0, 0)
    assert loaded.entities["io_table:DE_C20"].properties["output"] == ("100.5",)
    assert flow(loaded, "FR_M72", "DE_C20").stake == from_fraction(Fraction(50, 1005))
    assert flow(loaded, "FR_M72", "DE_C20").stake_text == "5/100.5"
    signalled = audits(loaded.report)
    assert signalled["computed", "output, as the sum of the row"] == 3
    assert signalled["output of 0", "sector"] == 1
    what = "what a sector buys with its value added and its output differ within it"
    assert signalled["rounding", what] == 1
    (one,) = (audit for audit in loaded.report.audits if audit.what == "rounding")
    assert one.example == "FR_M72: 99.9 against 100, -0.1"


def test_a_table_labelled_by_columns_states_its_year(tmp_path: Path) -> None:
    """Computers: 3.5 of inputs and 1 of value added are 3 below the output of 7.5."""
    loaded = Loaded(tmp_path, "io_table", WIOD, options=Options())
    assert loaded.report.tally == (6, 2, 3, 1, 0)
    found = flow(loaded, "AUS2", "AUS1")
    assert (found.stake, found.evidence.observed) == (Stake(30_000_000, 30_000_000), "2014")
    sector = loaded.entities["io_table:AUS1"]
    assert (sector.name, sector.countries) == ("Crops, animals and hunting, Australia", ("au",))
    assert sector.properties["period"] == ("2014",)
    assert sector.properties["industry"] == ("A01",)
    what = "what a sector buys with its value added and its output differ"
    (one,) = (audit for audit in loaded.report.audits if audit.what == "imbalance")
    assert (one.key, one.example) == (what, "AUS2: 4.5 against 7.5, -3.0")
    assert audits(loaded.report)["ignored", "row of sums"] == 1


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("kind", ["<i8", "<i4", "<f8", ">f8", "<u2"])
def test_arrays_say_the_same_as_text(tmp_path: Path, icio: Loaded, order: Any, kind: str) -> None:
    array = np.asarray(np.array(Z, dtype=kind), order=order)
    file = packed(tmp_path / "t.npz", Z=array, v=[22, 8, 5, 62])
    loaded = Loaded(tmp_path, "io_table", file, options=Options())
    assert loaded.report.tally == (5, 4, 1, 0, 0)
    for one, other in zip(loaded.relations, icio.relations, strict=True):
        assert (one.source, one.target, one.stake, one.stake_text, one.properties) == (
            other.source,
            other.target,
            other.stake,
            other.stake_text,
            other.properties,
        )
    assert not any(audit.what == "imbalance" for audit in loaded.report.audits)
    demand = loaded.entities["io_table:TWN_26"].properties["final_demand"]
    assert demand == ("AUS_final demand 1 -1", "TWN_final demand 1 60")


def test_arrays_may_state_a_year_and_lack_demand_output_and_value_added(tmp_path: Path) -> None:
    file = tmp_path / "t.npz"
    np.savez(
        file,
        Z=np.array([[1.25]]),
        countries=np.array(["JPN"]),
        industries=np.array(["c9"]),
        year=np.array(2011),
    )
    loaded = Loaded(tmp_path, "io_table", file, options=Options())
    sector = loaded.entities["io_table:JPN_c9"]
    assert sector.name == "Chemicals and chemical products, Japan"
    assert (sector.properties["output"], sector.properties["period"]) == (("1.25",), ("2011",))
    assert flow(loaded, "JPN_c9", "JPN_c9").stake_text == "1.25/1.25"
    assert ("not stated", "value added") in audits(loaded.report)


def test_final_demand_that_no_country_can_be_told_for(tmp_path: Path) -> None:
    file = packed(tmp_path / "t.npz", F=[[24], [10], [4], [59]])
    loaded = Loaded(tmp_path, "io_table", file, options=Options())
    demand = loaded.entities["io_table:TWN_26"].properties["final_demand"]
    assert demand == ("all_final demand 1 59",)


def test_imbalances_are_signalled_with_their_size_the_largest_first(tmp_path: Path) -> None:
    """Sums of 7 rounded terms may be off by 3.5: 40 against 43 is rounding, 100 against 110 not."""
    file = packed(tmp_path / "t.npz", x=[43, 20, 10, 110])
    report = Loaded(tmp_path, "io_table", file, options=Options()).report
    found = {(one.what, one.key): (one.count, one.example) for one in report.audits}
    what = "what a sector sells and its output differ"
    assert found["imbalance", what] == (1, "TWN_26: 100 against 110, -10")
    assert found["rounding", f"{what} within it"] == (1, "AUS_01T02: 40 against 43, -3")


def test_flows_that_are_no_share_are_kept_without_one(tmp_path: Path) -> None:
    """Below 0, above the buyer's output, or into an output of 0."""
    flows = np.array([[-1, 25, 3, 0], [0] * 4, [0] * 4, [0] * 4])
    file = packed(tmp_path / "t.npz", Z=flows, x=[40, 20, 0, 100])
    loaded = Loaded(tmp_path, "io_table", file, options=Options())
    said = {r.target: (r.stake, r.stake_text, r.properties["flow"]) for r in loaded.relations}
    assert said == {
        "io_table:AUS_01T02": (None, "", ("-1",)),
        "io_table:AUS_26": (None, "", ("25",)),
        "io_table:TWN_01T02": (None, "", ("3",)),
    }
    signalled = audits(loaded.report)
    assert [signalled["no share", why] for why in ("flow below 0", "flow into an output of 0")] == [
        1,
        1,
    ]
    assert signalled["no share", "flow above the output, or output below 0"] == 1
    assert signalled["imbalance", "inputs above output"] == 2


def test_blank_flows_two_outputs_and_regions_that_are_no_country(tmp_path: Path) -> None:
    text = (
        "x,ROW_99,EL_26,QQQ_26,ROW_HFCE,OUT\n"
        "ROW_99,,1,0,4,5\nEL_26,0,0,0,1,1\nQQQ_26,0,0,0,1,1\nOUT,6,1,1,,\n"
    )
    loaded = Loaded(tmp_path, "io_table", written(tmp_path, text), options=Options())
    assert loaded.entities["io_table:ROW_99"].name == "99, Rest of the world"
    assert loaded.entities["io_table:EL_26"].countries == ("gr",)
    assert loaded.entities["io_table:QQQ_26"].countries == ()
    signalled = audits(loaded.report)
    for what, count in {
        ("left out", "blank flow"): 1,
        ("left out", "flow of exactly 0"): 7,
        ("not stated", "words of industry 99"): 1,
        ("two outputs", "ROW_99"): 1,
        ("unknown country", "QQQ"): 1,
    }.items():
        assert signalled[what] == count


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("AUS_26,2,3", "AUS_26,two,3", "column 1: 'two' is no number; write it with a decimal"),
        ("AUS_26,2,3", "AUS_26,nan,3", "column 1: 'nan' is no number"),
        ("AUS_26,2,3", "AUS_26,1e999,3", "column 1: '1e999' is no number"),
        ("VA,21", "VA,?", "VA, AUS_01T02: '?' is no number"),
        ("TLS,1", "LEVY,1", "row 'LEVY' is no sector that has a column"),
        ("TLS,1,1", "TLS,1", "7 cells where the header has 8"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_said(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    text = ICIO.read_text(encoding="utf-8")
    assert old in text
    loaded = Loaded(tmp_path, "io_table", written(tmp_path, text.replace(old, new)))
    (one,) = loaded.report.quarantined
    assert one.reason.startswith(reason)
    assert ("not checked", "balance, as rows cannot be read") in audits(loaded.report)
    assert loaded.report.tally.read == 7


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("AUS_26,2", "AUS_01T02,2", "table.csv: line 3: row 'AUS_01T02' stands twice"),
        ("AUS_26,AUS_HFCE", "x", ""),
        (",AUS_26,", ",AUS_01T02,", "table.csv: a column stands twice"),
        ("AUS_HFCE", "AUS_WHAT", "table.csv: column 'AUS_WHAT' is no sector that has a row"),
        ("TWN_26,6", "TWN_27,6", "table.csv: column 'TWN_26' is no sector that has a row"),
    ],
)
def test_a_table_whose_rows_and_columns_do_not_fit_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = ICIO.read_text(encoding="utf-8").replace(old, new)
    if words:
        found = refused(tmp_path / "g", "io_table", written(tmp_path, text))
        assert found.startswith(words)


def test_tables_that_are_none_are_refused(tmp_path: Path) -> None:
    for text, words in {
        "": "table.csv: empty; expected a header of sectors",
        "a,AUS_HFCE\nx,1\n": "table.csv: no row has the label of a column; transpose it?",
        WIOD.read_text(encoding="utf-8").replace(
            "1,2014", "1,2013"
        ): "table.csv: rows of several years",
    }.items():
        assert refused(tmp_path / "g", "io_table", written(tmp_path, text)).startswith(words)
    with pytest.raises(InputError, match="name a CSV or NPZ file"):
        run(tmp_path / "g", "io_table", [])


def test_the_tables_are_known_by_their_labels(tmp_path: Path) -> None:
    packed(tmp_path / "t.npz")
    found = detect([tmp_path / "t.npz", WIOD]).found
    assert {one.loader for one in found} == {"io_table"}
    assert len(found) == 6


def _npy(array: npt.NDArray[Any], *, pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=pickle)
    return stream.getvalue()


def _head(text: str) -> bytes:
    head = text.encode().ljust(118 - 1) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head


@pytest.mark.parametrize(
    ("member", "data", "words"),
    [
        ("Z.npy", b"", "no NumPy array"),
        ("Z.npy", b"hello, world", "no NumPy array"),
        ("Z.npy", _npy(np.array(Z))[:-1], "cut off; fetch it again"),
        ("Z.npy", _npy(np.array(Z).T)[:-1], "cut off; fetch it again"),
        ("Z.npy", _npy(np.array([[{}]]), pickle=True), "only numbers and texts are read"),
        ("x.npy", _npy(np.array([object()] * 4), pickle=True), "only numbers and texts are read"),
        ("x.npy", _npy(np.array([1 + 2j] * 4)), "only numbers and texts are read"),
        ("x.npy", _npy(np.array([1, 2])), "2 outputs of 4 sectors"),
        ("v.npy", _npy(np.array([1, 2])), "value added of 2 of 4 sectors"),
        ("F.npy", _npy(np.array([[1, 2]])), "shape (1, 2); expected 4 rows"),
        ("Z.npy", _npy(np.array([1, 2, 3, 4])), "shape (4,); expected 4 rows"),
        ("Z.npy", _npy(np.zeros((4, 3))), "shape (4, 3); expected 4 rows"),
        ("Z.npy", _npy(np.zeros((4, 4, 1))), "expected up to 20,000 rows and columns"),
        ("year.npy", _npy(np.array("soon")), "period 'soon' is no year"),
        ("countries.npy", _npy(np.array(["AUS", "AUS"])), "a column stands twice"),
        (
            "Z.npy",
            _head("{'descr': '<i8', 'fortran_order': False, 'shape': (99999, 4)}"),
            "expected up to",
        ),
        (
            "Z.npy",
            _head("{'descr': '<i8', 'fortran_order': True, 'shape': (19999, 19999)}"),
            "bytes at once",
        ),
        (
            "Z.npy",
            _head("{'descr': '<i8', 'fortran_order': True, 'shape': (-1, 4)}"),
            "no NumPy array",
        ),
        ("Z.npy", _head("{'descr': '<U999999999', 'fortran_order': False, 'shape': (4, 4)}"), ""),
        (
            "Z.npy",
            _head("__import__('os').system('touch /tmp/spillover-canary')"),
            "no NumPy array",
        ),
        ("Z.npy", _head("(" * 100), "no NumPy array"),
        (
            "Z.npy",
            _head("{'descr': [('a', 'O')], 'fortran_order': True, 'shape': (4, 4)}"),
            "only numbers",
        ),
    ],
)
def test_hostile_arrays_are_refused_in_one_line(
    tmp_path: Path, member: str, data: bytes, words: str
) -> None:
    whole, file = packed(tmp_path / "whole.npz", v=[22, 8, 5, 62], year=2018), tmp_path / "t.npz"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            target.writestr(name, data if name == member else source.read(name))
    assert words in refused(tmp_path / "g", "io_table", file)
    assert not Path("/tmp/spillover-canary").exists()  # noqa: S108 - what the hostile head would make


def test_missing_and_unknown_arrays(tmp_path: Path) -> None:
    file = tmp_path / "t.npz"
    np.savez(file, countries=np.array(["AUS"]), industries=np.array(["c1"]))
    assert "no array Z of flows" in refused(tmp_path / "g", "io_table", file)
    np.savez(file, what=np.array(["AUS"]))
    assert "no array Z of flows" in refused(tmp_path / "g", "io_table", file)
    report = Loaded(tmp_path, "io_table", packed(file, notes=[1])).report
    assert audits(report)["unknown field", "arrays: notes.npy"] == 1


def square(folder: Path, labels: list[str], cells: list[str]) -> Path:
    """A table of sectors that sell the cell of their row to the first of them, and 1 to others."""
    head = ",".join(("x", *labels, "AUS_HFCE"))
    rest = ",".join("1" for _ in labels)
    lines = [f"{label},{cell},{rest}" for label, cell in zip(labels, cells, strict=True)]
    return written(folder, "\n".join((head, *lines)) + "\n")


def test_hostile_cells_are_refused_or_kept_but_never_crash(tmp_path: Path) -> None:
    cells = list(texts("csv"))
    file = square(tmp_path, [f"AUS_{n}" for n in range(len(cells))], cells)
    report = Loaded(tmp_path, "io_table", file).report
    assert report.tally.read == len(cells)
    assert report.tally.loaded == sum(text in {"0", "-0", "007"} for text in texts("csv").values())
    assert all(len(one.reason) < 200 for one in report.quarantined)


@pytest.mark.parametrize("row", [6, 7])
def test_hostile_cells_below_the_sectors_never_crash(tmp_path: Path, row: int) -> None:
    lines = ICIO.read_text(encoding="utf-8").splitlines()
    for number, one in enumerate(list(texts("csv"))[row::20]):
        cells = lines[row].split(",")
        cells[1 + number % 4] = one
        text = "\n".join((*lines[:row], ",".join(cells), *lines[row + 1 :])) + "\n"
        folder = tmp_path / str(number)
        folder.mkdir()
        assert Loaded(folder, "io_table", written(folder, text)).report.tally.read == 7


def test_hostile_labels_stay_as_they_are(tmp_path: Path) -> None:
    cases = texts("csv")
    file = square(tmp_path, list(cases), ["1"] * len(cases))
    loaded = Loaded(tmp_path, "io_table", file, options=Options())
    assert set(loaded.entities) == {f"io_table:{text}" for text in cases.values()}
    assert loaded.report.relations == len(cases) ** 2


@pytest.mark.parametrize("file", [ICIO, FIGARO, WIOD])
def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path, file: Path) -> None:
    """Rows below the sectors may be missing as a whole: the balance or a computed output tells."""
    data = file.read_bytes()
    Loaded(tmp_path, "io_table", file, options=Options())
    accepted = cuts(tmp_path, "io_table", list(truncations(data)), suffix=".csv")
    assert all(cut.endswith(b"\n") for cut in accepted)


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    data = packed(tmp_path / "t.npz").read_bytes()
    Loaded(tmp_path, "io_table", tmp_path / "t.npz", options=Options())
    whole = [data[:cut] for cut in range(1, len(data), 37)]
    assert cuts(tmp_path, "io_table", whole, suffix=".npz") == []


@pytest.mark.skipif(not REAL_TABLE.exists(), reason="the shared input-output table is not here")
def test_the_real_table_adds_up(tmp_path: Path) -> None:
    graph = tmp_path / "graph.db"
    report = run(graph, "io_table", [REAL_TABLE], options=Options(date="2011"))
    with np.load(REAL_TABLE, allow_pickle=False) as table:
        flows, demand, output = (table[name] for name in ("Z", "F", "x"))
        labels = [f"io_table:{c}_{i}" for c in table["countries"] for i in table["industries"]]
    assert report.tally == (1_435, 1_435, 0, 0, 0)
    assert report.relations == np.count_nonzero(flows) == 413_525
    signalled = audits(report)
    assert signalled["left out", "flow of exactly 0"] == (flows == 0).sum() == 1_645_700
    assert signalled["negative", "final demand"] == (demand < 0).sum() == 352
    assert signalled["output of 0", "sector"] == (output == 0).sum() == 22
    off = flows.sum(axis=1) + demand.sum(axis=1) - output
    within = "what a sector sells and its output differ within it"
    assert signalled["rounding", within] == np.count_nonzero(off) == 1_384
    assert not any(what == "imbalance" for what, _ in signalled)
    with contextlib.closing(sqlite3.connect(graph)) as connection:
        ids = dict(connection.execute("SELECT num, id FROM entity"))
        claims = connection.execute("SELECT source, target, low, high, properties FROM relation")
        number = {label: at for at, label in enumerate(labels)}
        assert set(ids.values()) == set(labels)
        loaded = np.zeros_like(flows)
        for source, target, low, high, properties in claims:
            at = number[ids[source]], number[ids[target]]
            loaded[at] = value = int(json.loads(properties)["flow"][0])
            share = Fraction(value * 100_000_000, int(output[at[1]]))
            assert low <= share <= high <= low + 1
    assert np.array_equal(loaded, flows)
