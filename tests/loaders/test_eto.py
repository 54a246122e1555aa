"""Shares of markets of firms and of countries, and what goes into what."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from spillover.graph.errors import InputError, SpilloverError
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import parse_stake
from spillover.graph.store import Store
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders import hostile

DATA = Path(__file__).parents[1] / "data" / "eto"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "eto"
PROVIDERS = "provider_name,alias,provider_id,provider_type,country\n"
PROVISION = "provider_name,provider_id,provided_name,provided_id,share_provided,year,source\n"


class Loaded:
    """Files loaded into a graph of their own."""

    def __init__(self, folder: Path, *files: Path, tolerance: float = 1.0) -> None:
        options = Options(tolerance=tolerance)
        self.report: Report = run(folder / "graph.db", "eto", files, options=options)
        _, entities, claims, _ = content(folder / "graph.db")
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.signals = {(a.what, a.key): a.count for a in self.report.audits}

    def of(self, kind: str) -> list[Relation]:
        return [relation for relation in self.relations if relation.kind == kind]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("eto"), DATA)


def test_every_record_of_the_sample_is_accounted_for(sample: Loaded) -> None:
    """1 stage, 4 inputs, 11 providers, 16 shares and 4 rows of the sequence.

    Merged: 2 further names of Webco, 3 shares of several who are not named. Ignored: these 2
    themselves, and their share in a product that no table describes.
    """
    assert sample.report.tally == (36, 21, 5, 3, 7)
    assert [(q.file, q.position, q.reason[:40]) for q in sample.report.quarantined] == [
        ("providers.csv", "line 11", "unknown type of provider 'guild'; known:"),
        ("providers.csv", "line 12", "'ZZZ' is no country that is known; corre"),
        ("provision.csv", "line 13", "provider 'P77' is not in the table of pr"),
        ("provision.csv", "line 14", "unknown type of provider 'guild'; known:"),
        ("provision.csv", "line 15", "'140' is no share: above 100 %; correct "),
        ("provision.csv", "line 16", "year: 'last year' is no date; write YYYY"),
        ("sequence.csv", "line 5", "input 'N4' goes into nothing and is a ty"),
    ]
    assert sample.signals == {
        ("ignored", "providers that are not named"): 2,
        ("ignored", "share of providers that are not named"): 1,
        ("merged", "further name of a provider"): 2,
        ("merged", "share of providers that are not named"): 3,
        ("product that no table describes", "N8"): 1,
        ("product that no table describes", "N9"): 1,
        ("share of zero in print, of a provider that is there", "0.0"): 1,
        ("unknown country", "MOO"): 2,
        ("unknown country", "ZZZ"): 1,
        ("unknown types", "guild"): 2,
    }


def test_shares_of_firms_and_of_countries_are_told_apart(sample: Loaded) -> None:
    assert [
        (r.source, r.target, str(r.stake) if r.stake else "", r.basis, r.properties["scope"][0])
        for r in sample.of("PRODUCES")
    ] == [
        ("country:jp", "eto:N2", "60.5 %", "market", "country"),
        ("eto:P2", "eto:N2", "39.4 %", "market", "country"),
        ("eto:P4", "eto:N2", "35 %", "market", "firm"),
        ("eto:P4", "eto:N3", "", "", "firm"),  # there, and nobody says how large
        ("eto:P5", "eto:N3", "", "", "firm"),
        ("eto:P5", "eto:N2", "0 %", "market", "firm"),
        ("country:jp", "eto:S1", "61 %", "market", "country"),
        ("eto:P7", "eto:N9", "12.5 %", "market", "firm"),
    ]
    negligible = sample.of("PRODUCES")[4]
    assert dict(negligible.properties) == {"scope": ("firm",), "share": ("negligible",)}


def test_a_claim_names_its_source_and_year(sample: Loaded) -> None:
    first, *_, blank = (r.evidence for r in sample.of("PRODUCES")[:3])
    assert (first.url, first.observed, first.record) == ("https://loom.example/c", "2025", "P1 N2")
    assert first.note.startswith("Loom Union, [study]")
    assert (blank.url, blank.note) == (manifest("eto").url, "A paper without an address.")
    assert sample.of("PRODUCES")[-1].evidence.observed is None


def test_what_goes_into_what(sample: Loaded) -> None:
    """Jet looms are a kind of looms; looms go into the building of looms."""
    assert [(r.kind, r.source, r.target, r.stake) for r in sample.relations[8:]] == [
        ("INPUT_TO", "eto:N2", "eto:N1", None),
        ("KIND_OF", "eto:N3", "eto:N2", None),
        ("INPUT_TO", "eto:N4", "eto:S1", None),
        ("KIND_OF", "eto:N4", "eto:N8", None),
    ]


def test_countries_meet_those_of_other_sources(sample: Loaded) -> None:
    japan = sample.entities["country:jp"]
    assert (japan.schema, japan.name, japan.countries) == ("Country", "Japan", ("jp",))
    assert japan.identifiers == (("iso3166", "jp"),)
    europe = sample.entities["eto:P2"]
    assert (europe.schema, europe.name, europe.countries) == ("Thing", "Europe", ())


def test_a_provider_has_all_its_names(sample: Loaded) -> None:
    webco = sample.entities["eto:P4"]
    assert (webco.schema, webco.name, webco.countries) == ("Organization", "Webco", ("de",))
    assert [name.text for name in webco.names] == [
        "Webco Maschinen",
        "Old Webco",
        "Webco Maschinen GmbH",  # as the table of shares calls it
    ]
    assert set(webco.names) == {Name(name.text, role="alias") for name in webco.names}


def test_products_keep_what_their_rows_say(sample: Loaded) -> None:
    assert dict(sample.entities["eto:N2"].properties) == {
        "type": ("tool_resource",),
        "description": ("Machines, all kinds.",),
        "year": ("2025",),
        "market_share_chart_global_market_size_info": ("$1.3 billion (2025)",),
        "market_share_chart_source": ("[Loom Union](https://loom.example/b)",),
        "providers that are not named": (
            "Various countries: 0.1 (2025)",
            "Various companies: 5% (2025)",
        ),
    }
    assert sample.entities["eto:N3"].properties["providers that are not named"] == (
        "Various companies: share not stated",
    )
    assert sample.entities["eto:N1"].properties["stage_name"] == ("Weaving",)
    assert sample.entities["eto:S1"].properties["type"] == ("stage",)
    assert {e.schema for i, e in sample.entities.items() if i.startswith(("eto:N", "eto:S"))} == {
        "Product"
    }


def test_the_order_of_the_files_does_not_matter(tmp_path: Path, sample: Loaded) -> None:
    files = sorted(DATA.iterdir(), key=lambda file: file.name, reverse=True)
    other = Loaded(tmp_path, *files)
    assert other.report.tally == sample.report.tally
    assert (other.entities, other.relations) == (sample.entities, sample.relations)


def test_an_unknown_column_is_signalled(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(
        "provider_name,alias,provider_id,provider_type,country,mood\nWebco,,P4,organization,DEU,good\n"
    )
    loaded = Loaded(tmp_path, tmp_path / "p.csv")
    assert loaded.signals == {("unknown field", "providers: mood"): 1}


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([PROVISION + "A,P1,B,N1,1,2020,\n"], "eto: the table of providers is missing"),
        (["a,b\n1,2\n"], "none of the tables of this source. Tables: provision:"),
        ([PROVIDERS], "0 records, expected 1"),
        ([""], "none of the tables of this source"),
        ([PROVIDERS + 'A,,P1,organization,"D\n'], "cut off in the middle of a record"),
    ],
)
def test_what_is_none_of_its_tables_is_refused(
    tmp_path: Path, texts: list[str], words: str
) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text)
    assert words in hostile.refused(tmp_path / "g", "eto", files)
    with pytest.raises(InputError, match="name the tables"):
        run(tmp_path / "g", "eto", [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,P1,organization,DEU", "empty cell 'provider_name'"),
        ("A,,,organization,DEU", "empty cell 'provider_id'"),
        ("A,,P1,organization,DEU,more", "6 cells where the header has 5"),
    ],
)
def test_rows_that_cannot_be_read_are_set_aside(tmp_path: Path, row: str, reason: str) -> None:
    (tmp_path / "p.csv").write_text(PROVIDERS + row + "\nB,,P2,organization,DEU\n")
    loaded = Loaded(tmp_path, tmp_path / "p.csv")
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert reason in loaded.report.quarantined[0].reason


def test_the_samples_and_only_they_are_known_by_their_content() -> None:
    found = detect([DATA])
    assert ([one.loader for one in found.found], found.unknown) == (["eto"] * 5, ())


def test_the_licence_forbids_commercial_use() -> None:
    assert (manifest("eto").licence, manifest("eto").commercial_use) == ("CC BY-NC 4.0", False)


# -- hostile --------------------------------------------------------------------------------------


def test_names_stay_as_they_are(tmp_path: Path) -> None:
    texts = [text for text in hostile.naughty() if hostile.written(text, "csv")]
    tables: dict[str, list[list[str]]] = {
        "inputs": [["input_id", "input_name", "type", "description"]],
        "providers": [PROVIDERS.strip().split(",")],
        "provision": [PROVISION.strip().split(",")],
    }
    for number, text in enumerate(texts):
        tables["inputs"].append([f"N{number}", text, text, text])
        tables["providers"].append([text, text, f"P{number}", "organization", ""])
        tables["provision"].append([text, f"P{number}", text, f"N{number}", "1", "2020", text])
    for name, rows in tables.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
    loaded = Loaded(tmp_path, *tmp_path.glob("*.csv"))
    assert loaded.report.tally == (3 * len(texts), 3 * len(texts), 0, 0, 0)
    for number, text in enumerate(texts):
        assert loaded.entities[f"eto:N{number}"].name == text
        assert loaded.entities[f"eto:P{number}"].name == text
        assert loaded.relations[number].evidence.note == text


@pytest.mark.parametrize("name", ["provision.csv", "sequence.csv"])
def test_a_file_cut_anywhere_is_refused_or_read_and_never_more(tmp_path: Path, name: str) -> None:
    graph, file = tmp_path / "graph.db", tmp_path / name
    others = [path for path in DATA.iterdir() if path.name != name]
    loads = 0
    for data in hostile.truncations((DATA / name).read_bytes()):
        file.write_bytes(data)
        try:
            run(graph, "eto", [*others, file], options=Options(tolerance=0.5))
        except SpilloverError as error:
            hostile.assert_one_line(str(error).replace(str(tmp_path), ""))
        else:
            loads += 1
        if loads:
            with Store(graph) as store:
                assert len(store.loads) == 1  # the latest that was whole, and no other
    assert loads > 1


# -- the real files -------------------------------------------------------------------------------

real = pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("real"), REAL, tolerance=0.0)


def rows(name: str) -> list[dict[str, str]]:
    with (REAL / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@real
def test_the_tally_of_the_real_files(whole: Loaded) -> None:
    """126 + 403 + 1,300 + 139 + 3 rows; 134 shares are of several who are not named (P5, P370)."""
    several = len(
        re.findall(r"(?m)^Various[^,]*,P(?:5|370),", (REAL / "provision.csv").read_text())
    )
    again = 403 - len({row["provider_id"] for row in rows("providers")})
    assert (several, again) == (134, 7)
    read = sum(len(rows(n)) for n in ("inputs", "providers", "provision", "sequence", "stages"))
    assert whole.report.tally == (read, read - several - again - 2, several + again, 2, 0)
    assert read == 1971


@real
def test_the_real_shares_by_scope(whole: Loaded) -> None:
    """246 shares are blank, some of them of several who are not named; sums as printed."""
    kinds = {row["provider_id"]: row["provider_type"] for row in rows("providers")}
    printed: Counter[str] = Counter()
    blank = 0
    for row in rows("provision"):
        if row["provider_id"] not in {"P5", "P370"}:
            printed[kinds[row["provider_id"]]] += Decimal(row["share_provided"] or 0)  # type: ignore[assignment] # a sum of decimals
            blank += not row["share_provided"]
    found: Counter[str] = Counter()
    for relation in whole.of("PRODUCES"):
        found[relation.properties["scope"][0]] += relation.stake.low if relation.stake else 0
    assert found["country"] == printed["country"] * 1_000_000
    assert found["firm"] == printed["organization"] * 1_000_000
    assert blank == sum(r.stake is None for r in whole.of("PRODUCES"))
    assert len(re.findall(r",,20\d\d,", (REAL / "provision.csv").read_text())) == 246


@real
def test_the_real_links(whole: Loaded) -> None:
    """139 rows: 53 of them go into something, 86 are a type of something."""
    assert (len(whole.of("INPUT_TO")), len(whole.of("KIND_OF"))) == (53, 86)
    kinds = {
        (whole.entities[r.source].name, whole.entities[r.target].name) for r in whole.of("KIND_OF")
    }
    assert ("EUV lithography tools", "Lithography tools") in kinds
    into = {
        (whole.entities[r.source].name, whole.entities[r.target].name) for r in whole.of("INPUT_TO")
    }
    assert {("Wafer", "Fabrication materials"), ("Testing", "Finished logic chip")} <= into


@real
def test_named_facts_of_the_real_files(whole: Loaded) -> None:
    """The only maker of EUV tools, by firm and by country; and what nobody quantifies."""
    euv = [
        r for r in whole.of("PRODUCES") if whole.entities[r.target].name == "EUV lithography tools"
    ]
    assert {(r.source, r.properties["scope"][0], r.stake) for r in euv} == {
        ("country:nl", "country", parse_stake("100")),
        ("eto:P88", "firm", parse_stake("100")),
    }
    assert whole.entities["eto:P88"].name == "ASML"
    assert not [key for key in whole.signals if key[0].startswith(("unknown", "product"))]
    assert whole.signals["share of zero in print, of a provider that is there", "0.0"] == 10
