"""The yearly lists of Chinese military companies: one entity a company, parents and state ties."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.loaders.context import Context, Options
from spillover.loaders.detect import detect
from spillover.loaders.dod_1260h.notes import ties
from spillover.loaders.manifest import manifest
from spillover.loaders.run import run
from tests.loaders.us_lists import DATA, NAUGHTY, REAL, Loaded, accepted_cuts, rows, table

LISTS, PARENTS = DATA / "dod_1260h" / "lists.csv", DATA / "dod_1260h" / "parents.csv"
FILES = REAL / "dod_1260h"
HEADER = LISTS.read_text(encoding="utf-8").splitlines()[0].split(",")
DFW = "dod_1260h:dragonfly-works-ltd"
LANTERN = "dod_1260h:lantern-optical-digital-co-ltd"
TERN = "dod_1260h:tern-chip-corporation"
MILL = "dod_1260h:old-mill-memory-limited"
SASAC = (
    "dod_1260h:state--owned-assets-supervision-and-administration-commission-of-the-state-council"
)
MIIT = "dod_1260h:ministry-of-industry-and-information-technology"
PLA = "dod_1260h:people's-liberation-army"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("dod"), "dod_1260h", LISTS, tolerance=0.0)


def lists(folder: Path, *said: dict[str, str], columns: list[str] = HEADER) -> Path:
    named = ({"Name": row.get("Clean Name", ""), **row} for row in said)
    return table(folder / "lists.csv", columns, named)


def row(name: str, start: str = "2021-06-03", **said: str) -> dict[str, str]:
    return {"Clean Name": name, "Start date": start, **said}


def test_every_record_of_the_sample_is_accounted_for(sample: Loaded) -> None:
    """15 rows; two repeat a company and state neither parent nor tie (rows 11 and 13)."""
    assert sample.report.tally == (15, 13, 2, 0, 0)
    assert sample.signals == {
        ("merged", "company that another list names, too"): 2,
        ("no end, but not in the latest list", "2022-10-05"): 1,  # Tern
        ("no end, but not in the latest list", "2024-01-31"): 1,  # Swift Vanish
        ("no end, but not in the latest list", "2025-01-07"): 3,  # New Mill, MGI, Heron
        ("name with brackets at its end", "Heron Works (Heron)"): 1,
        ("former name of a company that a list names beside it", "Dragonfly Works Ltd."): 1,
    }


def test_a_company_is_listed_from_its_first_list_to_its_end(sample: Loaded) -> None:
    assert sorted((r.target, r.start, r.end) for r in sample.of("DESIGNATES")) == [
        (DFW, "2021-06-03", None),
        ("dod_1260h:heron-works-heron", "2025-01-07", None),
        ("dod_1260h:kites-rail-company-limited", "2021-06-03", "2025-01-07"),
        (LANTERN, "2021-06-03", "2026-02-17"),  # taken off, and listed anew
        (LANTERN, "2026-06-08", None),
        ("dod_1260h:mgi-tech-co-ltd", "2025-01-07", None),
        (MILL, "2022-10-05", None),
        ("dod_1260h:quiet-engineering", "2022-10-05", "2024-01-31"),
        ("dod_1260h:swift-vanish-partners", "2024-01-31", None),
        (TERN, "2022-10-05", None),
        ("dod_1260h:tern-hong-kong-limited", "2021-06-03", "2024-01-31"),
    ]
    assert {r.source for r in sample.of("DESIGNATES")} == {"US-DOD-1260H"}
    first = next(r for r in sample.of("DESIGNATES") if r.target == LANTERN)
    assert first.properties == {"lists": ("2021-06-03", "2025-01-07")}
    assert (first.evidence.observed, first.evidence.url) == (
        "2025-01-07",
        "https://lists.example/2025.pdf",
    )
    quiet = next(r for r in sample.of("DESIGNATES") if r.target.endswith("quiet-engineering"))
    assert quiet.properties["reason"] == ("No apparent U.S. nexus",)


def test_one_company_whatever_its_spelling(sample: Loaded) -> None:
    lantern = sample.entities[LANTERN]
    assert lantern.name == "Lantern Optical Digital Co., Ltd."  # the latest spelling
    assert lantern.names == (
        Name("Lantern", role="alias"),
        Name("Beijing Lanter", role="alias"),
        Name("Lantern Optical Digital Co Ltd.", role="alias"),
    )
    assert lantern.properties["printedName"][0] == "Lantern Optical Digital Co., Ltd. (Lantern)*"
    assert (lantern.schema, lantern.countries, lantern.topics) == ("Company", (), ("debarment",))


def test_a_former_name_is_the_same_company(sample: Loaded) -> None:
    mill = sample.entities[MILL]
    assert mill.name == "New Mill Memory Limited"
    assert mill.names == (Name("Old Mill Memory Limited", role="previous"),)


def test_a_former_name_that_one_list_names_beside_the_later_is_another_company(
    sample: Loaded,
) -> None:
    """Heron and Dragonfly both stand in the list of 2025."""
    heron = sample.entities["dod_1260h:heron-works-heron"]
    assert Name("Dragonfly Works Ltd.", role="previous") in heron.names
    assert DFW in sample.entities


def test_parents_run_from_the_parent(sample: Loaded) -> None:
    printed = [(r.source, r.target, r.evidence.observed) for r in sample.of("CONTROLS")]
    assert printed == [
        (DFW, LANTERN, "2021-06-03"),
        (DFW, LANTERN, "2026-06-08"),
        (SASAC, DFW, "2026-06-08"),
        (DFW, LANTERN, "2025-01-07"),
        ("dod_1260h:moth-group", "dod_1260h:mgi-tech-co-ltd", "2025-01-07"),
    ]
    first = sample.of("CONTROLS")[0]
    assert (first.stake, first.start, first.evidence.note) == (
        None,
        None,
        "listed under its parent Dragonfly Works Ltd.",
    )
    assert sample.entities["dod_1260h:moth-group"].name == "Moth Group"


def test_state_ties_run_from_the_organ(sample: Loaded) -> None:
    found = [(r.source, r.target, dict(r.properties)) for r in sample.of("STATE_TIE")]
    assert found == [
        (SASAC, LANTERN, {"tie": ("ownership",), "degree": ("indirect",)}),
        (PLA, LANTERN, {"tie": ("affiliation",), "degree": ("direct",)}),
        (SASAC, DFW, {"tie": ("ownership and control",), "degree": ("direct",)}),
        (PLA, DFW, {"tie": ("acting on behalf",)}),
        (MIIT, DFW, {"tie": ("affiliation",)}),
    ]
    evidence = sample.of("STATE_TIE")[0].evidence
    assert (evidence.observed, evidence.url) == ("2026-06-08", "https://lists.example/2026.pdf")
    assert evidence.note.startswith("Lantern is indirectly owned by SASAC")
    assert {key: sample.entities[key].schema for key in (SASAC, MIIT, PLA)} == {
        SASAC: "PublicBody",
        MIIT: "PublicBody",
        PLA: "MilitaryUnit",
    }


def test_what_an_organ_owns_and_what_a_list_denies(sample: Loaded) -> None:
    found = [
        (r.source, r.target, r.stake, r.reported_indirect, r.evidence.stance)
        for r in sample.of("OWNS")
    ]
    assert found == [
        (TERN, "dod_1260h:tern-hong-kong-limited", None, False, "denies"),
        (SASAC, LANTERN, None, True, "asserts"),
        (SASAC, DFW, None, False, "asserts"),
    ]
    assert sample.of("OWNS")[0].evidence.observed == "2024-01-31"


TWO = ("Ministry of Industry and Information Technology", "People's Liberation Army")
STATE = "State-owned Assets Supervision and Administration Commission of the State Council"
SASTIND = "State Administration of Science, Technology and Industry for National Defense"


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("X is affiliated with MIITand the PLA (Section 1).", [(one, "") for one in TWO]),
        (
            (
                "X is directly and indirectly affiliated with the Ministry of Industry and"
                " Information Technology (MIIT) (Section 1)."
            ),
            [(TWO[0], "direct and indirect")],
        ),
        (
            "X is indirectly owned by and indirectly affiliated with SASAC (Section 1).",
            [(STATE, "indirect"), (STATE, "indirect")],
        ),
        (
            (
                "X Co., Ltd. is directly affiliated with SASTIND and it is indirectly affiliated"
                " with SASAC of the State Council. X knowingly received assistance from the"
                " Government of China through efforts provided under its plans; it is affiliated"
                " with the PLA."
            ),
            [
                (SASTIND, "direct"),
                (STATE, "indirect"),
                ("Government of the People's Republic of China", ""),
                (TWO[1], ""),
            ],
        ),
        (
            (
                "X is controlled by Chinese security forces, Chinese law enforcement, the Chinese"
                " Communist Party and the People’s Armed Police (PAP)"
            ),
            [
                ("Chinese security forces", ""),
                ("Chinese law enforcement", ""),
                ("Chinese Communist Party", ""),
                ("People's Armed Police", ""),
            ],
        ),
        ("X makes PLANES for PLAN and MIITS", []),
    ],
)
def test_notes(note: str, found: list[tuple[str, str]]) -> None:
    assert [(tie.organ, tie.degree) for tie in ties(note, Deaf())] == found


class Deaf(Context):
    """A context that nothing may be signalled to."""

    def __init__(self) -> None:
        self.signals: list[tuple[str, str]] = []

    def note(self, what: str, key: str, example: str) -> None:  # noqa: ARG002 - as Context has it
        self.signals.append((what, key))


@pytest.mark.parametrize(
    ("note", "signal"),
    [
        ("X is directly with the PLA (S).", ("organ without a known tie", TWO[1])),
        (
            "X is affiliated with the Bureau of Clouds (Section 1).",
            ("tie with an unknown organ", "the Bureau of Clouds"),
        ),
    ],
)
def test_a_note_that_cannot_be_read_is_signalled(note: str, signal: tuple[str, str]) -> None:
    deaf = Deaf()
    assert not list(ties(note, deaf))
    assert deaf.signals == [signal]


def test_the_table_of_parents_alone(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "dod_1260h", PARENTS, tolerance=0.0)
    assert loaded.report.tally == (3, 3, 0, 0, 0)
    moth = "dod_1260h:moth-group"
    assert loaded.ends("CONTROLS") == [
        ("CONTROLS", DFW, LANTERN),
        ("CONTROLS", DFW, LANTERN),
        ("CONTROLS", moth, "dod_1260h:moth-genomics-inc"),
    ]
    assert loaded.entities["dod_1260h:moth-genomics-inc"].names == (Name("MoGen", role="alias"),)
    assert not loaded.of("DESIGNATES")


def test_parents_that_the_list_states_are_merged(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "dod_1260h", PARENTS, LISTS, tolerance=0.0)
    assert loaded.report.tally == (18, 14, 4, 0, 0)
    assert loaded.signals["merged", "parent that the list itself states"] == 2


def test_every_spelling_of_the_manifest_is_the_other_name(tmp_path: Path) -> None:
    spellings = manifest("dod_1260h").tables["spellings"]
    rows = [row(name, "2021-06-03") for pair in spellings.items() for name in pair]
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, *rows), tolerance=0.0)
    assert len(loaded.of("DESIGNATES")) == len(set(spellings.values()))


def test_punctuation_and_case_make_no_other_company(tmp_path: Path) -> None:
    names = ["Xi’an Kite (BVI) Co., Ltd.*", "XI'AN KITE (BVI) CO LTD", "Xi'an Kite BVI Co. Ltd"]
    other = "Xi'an Kite Group (BVI) Co., Ltd."
    rows = [row(name) for name in (*names, other)]
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, *rows))
    assert sorted({r.target for r in loaded.of("DESIGNATES")}) == [
        "dod_1260h:xian-kite-bvi-co-ltd",
        "dod_1260h:xian-kite-group-bvi-co-ltd",
    ]


def test_former_names_that_run_in_a_circle_end(tmp_path: Path) -> None:
    rows = [
        row("A", "2021", **{"Previous Name": "B"}),
        row("B", "2022", **{"Previous Name": "A"}),
    ]
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, *rows))
    assert len(loaded.of("DESIGNATES")) == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (row("", "2021-06-03"), "no clean name"),
        (row("B", ""), "no start date"),
        (row("B", "June"), "June"),
        (row("B", "2021-06-03", **{"End date": "2020-01-01"}), "before it starts"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside(
    tmp_path: Path, said: dict[str, str], why: str
) -> None:
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, said, row("Good")))
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert why in loaded.report.quarantined[0].reason


def test_a_denied_owner_that_no_list_names_and_a_parent_of_itself(tmp_path: Path) -> None:
    said = [
        row("A", Note="No longer owned by Ghost Ltd."),
        row("B", **{"Parent Name": "B."}),
        row("C", **{"Parent Name": "..."}),
    ]
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, *said))
    assert loaded.ends("OWNS", "CONTROLS") == [("OWNS", "dod_1260h:ghost-ltd", "dod_1260h:a")]
    assert "'...' is no name" in loaded.report.quarantined[0].reason


def test_what_is_not_known_is_signalled(tmp_path: Path) -> None:
    columns = [*HEADER, "Weight"]
    file = lists(tmp_path, row("A", Weight="3"), columns=columns)
    assert Loaded(tmp_path, "dod_1260h", file).signals == {
        ("unknown field", "listings: Weight"): 1,
    }


def test_a_bad_row_of_parents_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "parents.csv"
    head = "child,child_alias,parent,list_date,end_date,source_url\n"
    file.write_text(f"{head}A,,,2021,,\nA,,B,soon,,\nA,,B,2021,,\n", encoding="utf-8")
    assert Loaded(tmp_path, "dod_1260h", file).report.tally == (3, 1, 0, 0, 2)


def test_other_tables_and_nothing_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no table that is known"):
        run(tmp_path / "g", "dod_1260h", [other])
    with pytest.raises(InputError, match="name the table"):
        run(tmp_path / "g", "dod_1260h", [])


def test_the_files_are_known_by_their_content() -> None:
    assert list(detect([LISTS, PARENTS]).loads()) == ["dod_1260h"]


def test_the_licence_forbids_commercial_use() -> None:
    source = manifest("dod_1260h")
    assert (source.licence, source.commercial_use) == ("CC BY-NC 4.0", False)
    assert Options().dataset(source).commercial_use is False


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    """All but names of punctuation alone, which would all be one company."""
    said = [dict.fromkeys(HEADER, t) | {"Start date": "2021", "End date": ""} for t in NAUGHTY]
    loaded = Loaded(tmp_path, "dod_1260h", lists(tmp_path, *said))
    aside = [one.value for one in loaded.report.quarantined]
    signs = [text for text in NAUGHTY if not text.strip("*.,'’‘`()[]\"“”")]
    assert len(aside) == len(signs) < 10
    reasons = {text for r in loaded.of("DESIGNATES") for text in r.properties["reason"]}
    assert reasons == set(NAUGHTY) - set(signs)
    for listed in loaded.of("DESIGNATES"):
        firm = loaded.entities[listed.target]
        names = {firm.name, *(name.text for name in firm.names)}
        assert set(listed.properties["reason"]) <= names


@pytest.mark.parametrize("sample_file", [LISTS, PARENTS])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, sample_file: Path) -> None:
    """Only a cut between rows, or in the last cell of one, is accepted: nobody can see it."""
    whole = rows(sample_file.read_bytes())
    for cut in map(rows, accepted_cuts(tmp_path, "dod_1260h", sample_file)):
        assert cut[:-1] == whole[: len(cut) - 1]
        assert cut[-1][:-1] == whole[len(cut) - 1][:-1]


real = pytest.mark.skipif(not FILES.exists(), reason="the real lists are not here")


@pytest.fixture(scope="module")
def actual(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("real"), "dod_1260h", FILES, tolerance=0.0)


def plain(name: str) -> str:
    """A name by its letters and digits alone, without a short name in brackets at its end."""
    name = re.sub(r"(?<=(?:Ltd| Co|ted)[. ]) ?\((?!Limited)[^()]*\)$", "", name)
    name = re.sub(r"^China SpaceSat Co\.$", "China SpaceSat Co., Ltd.", name)
    name = re.sub(r"^SMIC Northern .*", "Semiconductor Manufacturing North China (Beijing)", name)
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("(beijing) corporation", "(beijing)"))


@real
def test_the_real_lists_add_up(actual: Loaded) -> None:
    """Companies counted by their letters alone, rows and parents by the csv module."""
    with next(FILES.glob("dod*.csv")).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    edges = len(next(FILES.glob("parent*.csv")).read_text(encoding="utf-8").splitlines()) - 1
    firms = defaultdict(list)
    for line in rows:
        firms[plain(line["Clean Name"])].append(line)
    parents = [line for line in rows if line["Parent Name"]]
    assert len(parents) == edges
    denials = sum("No longer owned" in line["Note"] for line in rows)
    repeated = sum(not line["Parent Name"] for lines in firms.values() for line in lines[1:])
    merged = repeated + edges
    assert actual.report.tally == (len(rows) + edges, len(rows) - repeated, merged, 0, 0)
    assert len(actual.of("DESIGNATES")) == len(firms)
    assert len(actual.of("CONTROLS")) == len(parents)
    assert len(actual.of("OWNS")) == denials == 1
    starts = {min(line["Start date"] for line in lines) for lines in firms.values()}
    assert {r.start for r in actual.of("DESIGNATES")} == starts
    ends = sum(1 for line in rows if line["End date"])
    assert sum(r.end is not None for r in actual.of("DESIGNATES")) == ends


@real
@pytest.mark.parametrize(
    ("firm", "start", "end"),
    [
        ("china-national-chemical-corporation-ltd", "2022-10-05", None),
        ("china-electronics-technology-group-corporation", "2021-06-03", None),
        ("hangzhou-hikvision-digital-technology-co-ltd", "2021-06-03", None),
        ("crrc-corporation-limited", "2022-10-05", None),
        ("china-cosco-shipping-corporation-limited", "2025-01-07", None),
        ("aviation-industry-corporation-of-china-ltd", "2021-06-03", None),
        ("yangtze-memory-technologies-co-ltd", "2024-01-31", "2026-02-17"),
        ("china-railway-construction-corporation-limited", "2021-06-03", "2025-01-07"),
        ("dawning-information-industry-co-ltd", "2022-10-05", None),
    ],
)
def test_listings_in_the_real_lists(actual: Loaded, firm: str, start: str, end: str | None) -> None:
    listed = [r for r in actual.of("DESIGNATES") if r.target == f"dod_1260h:{firm}"]
    assert [(r.start, r.end) for r in listed] == [(start, end)]


@real
def test_parents_in_the_real_lists(actual: Loaded) -> None:
    controls = set(actual.ends("CONTROLS"))
    for parent, child in (
        (
            "china-electronics-technology-group-corporation",
            "hangzhou-hikvision-digital-technology-co-ltd",
        ),
        ("huawei-investment-&-holding-co-ltd", "huawei-technologies-co-ltd"),
        (
            "aviation-industry-corporation-of-china-ltd",
            "avic-xian-aircraft-industry-group-company-ltd",
        ),
        ("china-aerospace-science-and-industry-corporation-limited", "aerosun-corporation"),
    ):
        assert ("CONTROLS", f"dod_1260h:{parent}", f"dod_1260h:{child}") in controls
