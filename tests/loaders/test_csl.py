"""The thirteen lists of the Consolidated Screening List, as table and as JSON."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import DateError, InputError, LoadRefusedError
from spillover.graph.schema import Name
from spillover.loaders.csl import linked
from spillover.loaders.detect import detect
from spillover.loaders.reading.screening import day, located
from spillover.loaders.run import run
from tests.loaders.us_lists import DATA, NAUGHTY, REAL, Loaded, accepted_cuts, rows, table

TABLE = DATA / "csl" / "lists.csv"
DOCUMENT = DATA / "csl" / "lists.json"
FILE = REAL / "csl" / "csl_subset_c2021_repeated_header.csv"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
EL = "Entity List (EL) - Bureau of Industry and Security"
HEADER = TABLE.read_text(encoding="utf-8").splitlines()[0].split(",")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("csl"), "csl", TABLE, tolerance=0.0)


def made(folder: Path, *said: dict[str, str], columns: list[str] = HEADER) -> Path:
    return table(folder / "list.csv", columns, said)


def document(folder: Path, *records: Any) -> Path:
    file = folder / "list.json"
    file.write_text(json.dumps({"results": records}), encoding="utf-8")
    return file


def test_every_record_of_the_sample_is_accounted_for(sample: Loaded) -> None:
    """17 rows below the first header, one of which is the header again."""
    assert sample.report.tally == (17, 16, 0, 1, 0)
    assert sample.signals == {
        ("address without a country", "SDN"): 1,
        ("ignored", "header row that is repeated"): 1,
        ("linked to a name that is not one party of the file", "UNLISTED CLUB"): 1,
        ("no lei by its form", "Legal Entity Number"): 1,
        ("two descriptions of one id", "ofac:90003"): 1,  # on two lists
    }


def test_every_list_is_its_programme(sample: Loaded) -> None:
    listings = [(r.source, r.target, r.start, r.end) for r in sample.of("DESIGNATES")]
    assert listings == [
        ("US-NS-CMIC", "ofac:90001", "2021-06-03", None),
        ("US-OFAC-SDN", "ofac:90002", None, None),
        ("US-TERR", "ofac:90002", None, None),  # SDGT and FTO are one programme
        ("US-OFAC-SDN", "ofac:90003", None, None),
        ("US-RUSHAR", "ofac:90003", None, None),
        ("US-UKRRUS-REL", "ofac:90003", None, None),
        ("US-OFAC-SDN", "ofac:90004", None, None),
        ("US-ETHIOPIA", "ofac:90005", None, None),  # does not reach what it owns
        ("US-SSI", "ofac:90003", None, None),
        ("US-SSI-D1", "ofac:90003", None, None),
        ("US-SSI-D4", "ofac:90003", None, None),
        ("US-NS-PLC", "ofac:90007", None, None),
        ("US-CAPTA", "ofac:90009", None, None),
        ("US-NS-MBS", "ofac:90010", "2022-02-22", None),  # the first of its two days
        ("US-BIS-EL", "csl:e1", "2001-05-14", None),
        ("US-BIS-MEU", "csl:m1", "2020-12-23", None),
        ("US-BIS-DPL", "csl:d1", "2023-01-31", "2032-05-17"),
        ("US-ISN", "csl:i1", "2022-10-03", None),
        ("US-BIS-UVL", "csl:u1", None, None),
        ("US-FSE", "ofac:90008", None, None),
        ("US-DTC", "csl:t1", None, None),
    ]
    assert {sample.entities[source].schema for source, *_ in listings} == {"Programme"}


def test_a_firm_with_its_identifiers(sample: Loaded) -> None:
    firm = sample.entities["ofac:90001"]
    assert (firm.schema, firm.name) == ("Company", "Nimbus Lens Technology Co., Ltd.")
    assert firm.names == (Name("NIMBUS LENS", role="alias"), Name("Nimbus Optics", role="alias"))
    assert (firm.countries, firm.topics) == (("hk", "cn"), ("sanction",))
    assert firm.identifiers == (
        ("ofac", "90001"),
        ("uscc", "91110000MA00NMB5X1"),
        ("ticker", "009901 CN"),
        ("isin", "CNE00000NB16"),
    )
    assert firm.properties["address"] == (
        "No. 5 Cloud Road, Harbour View, Hong Kong SAR, HK",
        "No. 8 Fog Street, Beijing, 100048, CN",
    )
    assert len(firm.properties["ids"]) == 8
    assert firm.properties["divestmentDate"] == ("2022-06-03",)


def test_a_person_keeps_everything_that_is_printed(sample: Loaded) -> None:
    person = sample.entities["ofac:90002"]
    assert (person.schema, person.countries) == ("Person", ("mx", "us", "ru"))
    assert person.identifiers == (
        ("ofac", "90002"),
        ("passport", "X1234567"),
        ("national-id", "DOXJ560101HCMXXX01"),
    )
    assert {key: value for key, value in person.properties.items() if key != "ids"} == {
        "position": ("Treasurer",),
        "notes": (
            "half-brother of nobody; (Linked To: OAKWOOD HOLDING (OH); Linked To: UNLISTED CLUB)",
        ),
        "citizenship": ("MX", "US"),
        "nationality": ("MX",),
        "birthDate": ("circa 1956", "Feb 1957"),
        "birthPlace": ("Colima, Mexico",),
        "address": ("c/o OAKWOOD; HOLDING, Colima, MX", "Gaza Strip, undetermined"),
        "gender": ("Male",),
        "cryptoWallets": ("1abcDEF",),
        "jurisdiction": ("Russia",),
    }


def test_identifiers_by_their_label(sample: Loaded) -> None:
    firm = sample.entities["ofac:90003"]
    assert set(firm.identifiers) == {
        ("ofac", "90003"),
        ("register", "1027700000000"),
        ("tax", "7700000000"),
        ("okpo", "00000001"),
        ("lei", "0000TESTMISTYOAK0008"),
        ("bic", "OAKWRUMM"),
        ("gb-coh", "01234567"),
    }
    assert "Legal Entity Number, OLD-17" in firm.properties["ids"]
    assert (
        "Secondary sanctions risk: Some Regulations, 31 CFR 1; and more"
        in firm.properties["sanctionsInfo"]
    )
    ship = sample.entities["ofac:90004"]
    assert (ship.schema, ship.countries) == ("Vessel", ("pa",))
    assert ("imo", "9074729") in [(s, v.removeprefix("IMO ")) for s, v in ship.identifiers]
    assert ("mmsi", "273000000") in ship.identifiers


def test_types_of_parties(sample: Loaded) -> None:
    schemata = {key: sample.entities[f"ofac:{key}"].schema for key in (90005, 90009, 90010)}
    assert schemata == {90005: "Airplane", 90009: "Company", 90010: "PublicBody"}
    assert {sample.entities[f"csl:{key}"].schema for key in ("e1", "m1", "d1")} == {"LegalEntity"}


def test_links_run_from_the_party_and_an_owner_to_its_ship(sample: Loaded) -> None:
    assert sample.ends("LINKED_TO", "OWNS") == [
        ("LINKED_TO", "ofac:90002", "ofac:90003"),
        ("LINKED_TO", "ofac:90002", "csl:unlisted-club"),
        ("OWNS", "ofac:90003", "ofac:90004"),
        ("LINKED_TO", "ofac:90005", "ofac:90004"),
    ]
    (owns,) = sample.of("OWNS")
    assert (owns.stake, owns.stake_text, owns.evidence.note) == (
        None,
        "",
        "vessel owner: Oakwood Holding (OH).",
    )
    assert sample.of("LINKED_TO")[0].properties == {"role": ("Linked To",)}


def test_what_a_listing_says(sample: Loaded) -> None:
    listed = next(r for r in sample.of("DESIGNATES") if r.target == "csl:e1")
    assert listed.properties == {
        "citation": ("66 FR 1; 75 FR 2",),
        "licenceRequirement": ("For all items.  (See §744.11)",),
        "licencePolicy": ("Presumption of denial.",),
        "listUrl": ("https://lists.example/el",),
        "list": (EL,),
    }
    evidence = listed.evidence
    assert (evidence.record, evidence.url, evidence.note, evidence.confidence) == (
        "e1",
        "https://about.example/el",
        EL,
        "high",
    )
    institute = sample.entities["csl:e1"]
    assert [name.text for name in institute.names] == [
        "13th Institute",
        "Brack Inst.",
        "Brackwater Works",
        "Brackwater Co., Ltd.",
    ]
    assert institute.countries == ("cn", "hk")
    assert institute.properties["address"] == (
        "No. 6 Brook Street, Chengdu; and No. 90 Reed Street, Chengdu, 610036, CN",
        "2 Quay, Kowloon, Hong Kong",
    )


def test_the_phrase_about_successors_is_no_part_of_the_name(sample: Loaded) -> None:
    firm = sample.entities["csl:i1"]
    assert firm.name == "Flint Trade Co. Ltd."
    assert firm.properties["printedName"] == (
        "Flint Trade Co. Ltd.; and any successor, sub-unit, or subsidiary thereof",
    )


def test_json_says_the_same_as_the_table(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, "csl", DOCUMENT, tolerance=0.0)
    assert loaded.report.tally == (4, 4, 0, 0, 0)
    assert loaded.signals == {
        ("address without a country", "DPL"): 1,
        ("hits of a search, perhaps not the whole list", "total"): 1,
    }
    assert [(r.source, r.target, r.start, r.end) for r in loaded.of("DESIGNATES")] == [
        ("US-BIS-EL", "csl:e1", "2001-05-14", None),
        ("US-OFAC-SDN", "ofac:90002", None, None),
        ("US-TERR", "ofac:90002", None, None),
        ("US-CAPTA", "ofac:90009", None, None),
        ("US-BIS-DPL", "csl:d1", "2023-01-31", "2032-05-17"),
    ]
    assert loaded.ends("LINKED_TO") == [("LINKED_TO", "ofac:90002", "ofac:90009")]
    person = loaded.entities["ofac:90002"]
    assert person.identifiers == (("ofac", "90002"), ("passport", "X1234567"))
    assert person.properties["ids"] == ("Passport, X1234567, MX, 2010-01-01", "Gender, Male")
    assert loaded.entities["csl:e1"].properties["address"] == (
        "No. 6 Brook Street, Chengdu, Sichuan, 610036, CN",
        "2 Quay, Kowloon, HK",
    )
    assert loaded.entities["csl:d1"].countries == ("us",)


def test_what_is_not_known_is_signalled(tmp_path: Path) -> None:
    row = {
        "_id": "7",
        "entity_number": "7",
        "name": "Odd",
        "type": "Comet",
        "addresses": "1 Road, QQ",
        "ids": "Moon Permit, 9; Target Type, Cult",
        "weight": "3",
    }
    ssi = {"source": "x (SSI) - y", "name": "No directive", "entity_number": "8"}
    odd = {
        **ssi,
        "entity_number": "9",
        "ids": "Executive Order 13662 Directive Determination -, Subject to Directive 5",
    }
    file = made(tmp_path, {"source": SDN, **row}, ssi, odd, columns=[*HEADER, "weight"])
    assert Loaded(tmp_path, "csl", file, tolerance=0.0).signals == {
        ("unknown field", "csv: weight"): 3,
        ("unknown types", "Comet"): 1,
        ("unknown target_types", "Cult"): 1,
        ("unknown label of ids", "Moon Permit"): 1,
        ("unknown country", "QQ"): 1,
        ("no directive", "SSI"): 1,
        ("unknown directives", "Subject to Directive 5"): 1,
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"source": "Moon List (MOON) - Nobody", "name": "A"}, "MOON"),
        ({"source": "", "name": "A"}, "no source"),
        ({"source": EL, "name": " "}, "no name"),
        ({"source": SDN, "name": "A", "entity_number": "12a"}, "12a"),
        ({"source": EL, "name": "A", "start_date": "soon"}, "soon"),
        ({"source": EL, "name": "A", "end_date": "2020-13-01"}, "2020-13-01"),
        ({"source": EL, "name": "A", "start_date": "2021", "end_date": "2019"}, "before it starts"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, said: dict[str, str], why: str
) -> None:
    good = {"_id": "g", "source": EL, "name": "Good"}
    loaded = Loaded(tmp_path, "csl", made(tmp_path, {"_id": "x", **said}, good))
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    (aside,) = loaded.report.quarantined
    assert why in aside.reason
    assert [r.target for r in loaded.of("DESIGNATES")] == ["csl:g"]


@pytest.mark.parametrize(
    "record",
    [
        "text",
        None,
        [],
        {"name": {"a": 1}, "source": EL},
        {"name": True, "source": EL},
        {"name": "A", "source": EL, "ids": ["x"]},
        {"name": "A", "source": EL, "addresses": [{"country": {"x": 1}}]},
    ],
)
def test_json_of_a_wrong_shape_is_set_aside(tmp_path: Path, record: object) -> None:
    good = {"id": "g", "source": EL, "name": "Good"}
    assert Loaded(tmp_path, "csl", document(tmp_path, good, record)).report.tally == (2, 1, 0, 0, 1)


def test_a_name_of_two_parties_means_neither(tmp_path: Path) -> None:
    twins = [{"source": SDN, "name": "TWIN", "entity_number": str(n)} for n in (1, 2)]
    third = {"source": SDN, "name": "X", "entity_number": "3", "remarks": "(Linked To: TWIN)"}
    loaded = Loaded(tmp_path, "csl", made(tmp_path, third, *twins))
    assert loaded.ends("LINKED_TO") == [("LINKED_TO", "ofac:3", "csl:twin")]


def test_an_alias_is_enough_where_no_party_has_the_name(tmp_path: Path) -> None:
    firm = {"source": SDN, "name": "FULL NAME", "alt_names": "SHORT, OAO", "entity_number": "1"}
    ship = {"source": SDN, "name": "S", "entity_number": "2", "vessel_owner": "Short, OAO"}
    loaded = Loaded(tmp_path, "csl", made(tmp_path, ship, firm))
    assert loaded.ends("OWNS") == [("OWNS", "ofac:1", "ofac:2")]


def test_a_listing_without_an_id_is_known_by_its_name(tmp_path: Path) -> None:
    """Files of before 2021 have no column _id."""
    columns = [column for column in HEADER if column != "_id"]
    file = made(tmp_path, {"source": EL, "name": "Old Mill"}, columns=columns)
    loaded = Loaded(tmp_path, "csl", file)
    assert [r.target for r in loaded.of("DESIGNATES")] == ["csl:old-mill"]
    assert loaded.signals == {("listing without an id, known by its name", "EL"): 1}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2021-06-03", "2021-06-03"),
        ("03 Jun 2021", "2021-06-03"),
        ("3 June 2021", "2021-06-03"),
        ("Feb 1957", "1957-02"),
        ("1956", "1956"),
        (" ", ""),
    ],
)
def test_days(text: str, date: str) -> None:
    assert day(text) == date


@pytest.mark.parametrize("text", ["Various", "31 Jun 2021", "3 Juli", "06/03/2021", "circa 1956"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        day(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("IQ", [("IQ", "IQ")]),
        ("A, CN; B, AE", [("A, CN", "CN"), ("B, AE", "AE")]),
        ("A; B, CN", [("A; B, CN", "CN")]),
        ("A, Atlanta, Georgia", [("A, Atlanta, Georgia", "")]),
        ("Blok Kat, No; 114, TR", [("Blok Kat, No; 114, TR", "TR")]),
        ("SHANGHAI, PRC", [("SHANGHAI, PRC", "PRC")]),
        ("Kowloon, Hong Kong, ", [("Kowloon, Hong Kong", "Hong Kong")]),
    ],
)
def test_an_address_ends_with_its_country(text: str, parts: list[tuple[str, str]]) -> None:
    assert list(located(text)) == parts


@pytest.mark.parametrize(
    ("remark", "names"),
    [
        ("nothing", []),
        ("(Linked To: A)", ["A"]),
        ("x; (Linked To: A (B)-C; Linked To: D); y", ["A (B)-C", "D"]),
        ("Linked To: A) and more", ["A"]),
        ("(Linked To: )", []),
    ],
)
def test_names_behind_linked_to(remark: str, names: list[str]) -> None:
    assert list(linked(remark)) == names


def test_the_files_are_known_by_their_content() -> None:
    assert list(detect([TABLE, DOCUMENT]).loads()) == ["csl"]


def test_other_tables_and_nothing_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.csv: no column source"):
        run(tmp_path / "g", "csl", [other])
    with pytest.raises(InputError, match="name a file"):
        run(tmp_path / "g", "csl", [])
    (tmp_path / "empty.csv").write_text(",".join(HEADER) + "\n", encoding="utf-8")
    with pytest.raises(LoadRefusedError, match="0 records"):
        run(tmp_path / "g", "csl", [tmp_path / "empty.csv"])


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    fixed = {"source": EL, "entity_number": "", "start_date": "", "end_date": ""}
    said = [dict.fromkeys(HEADER, t) | fixed | {"_id": f"{n}"} for n, t in enumerate(NAUGHTY)]
    loaded = Loaded(tmp_path, "csl", made(tmp_path, *said), tolerance=0.0)
    listings = {r.target: r for r in loaded.of("DESIGNATES")}
    for number, text in enumerate(NAUGHTY):
        party = loaded.entities[f"csl:{number}"]
        assert (party.name, party.properties["position"]) == (text, (text,))
        assert party.properties["notes"] == (text,)
        listed = listings[f"csl:{number}"]
        assert (listed.properties["licencePolicy"], listed.evidence.url) == ((text,), text)


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """The last cell of a row is empty here, so that what is accepted has lost nothing of a row."""
    whole = rows(TABLE.read_bytes())
    accepted = [rows(cut) for cut in accepted_cuts(tmp_path, "csl", TABLE)]
    assert accepted
    assert all(cut == whole[: len(cut)] for cut in accepted)


real = pytest.mark.skipif(not FILE.exists(), reason="the real list is not here")


@pytest.fixture(scope="module")
def actual(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("real"), "csl", FILE, tolerance=0.001)


@real
def test_the_real_file_is_cut_off_and_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cut off"):
        run(tmp_path / "g", "csl", [FILE])


@real
def test_the_real_file_adds_up(actual: Loaded) -> None:
    """Counted by a regular expression: a row starts with its id and its list."""
    text = FILE.read_text(encoding="utf-8")
    lists = re.findall(r'^"[^"]*","[^"]*\(([A-Z-]+)(?: List)?\)[^"]*"', text, re.MULTILINE)
    headers = text.count("_id,source,entity_number")
    rows = len(lists) + headers - 1
    assert actual.report.tally == (rows, rows - 2, 0, headers - 1, 1)  # the last row is cut off
    by_programme = Counter(r.source for r in actual.of("DESIGNATES"))
    expected = Counter(lists) - Counter(["SDN"])
    keys = {"EL": "US-BIS-EL", "DPL": "US-BIS-DPL", "CMIC": "US-NS-CMIC", "SDN": "US-OFAC-SDN"}
    keys |= {"SSI": "US-SSI", "UVL": "US-BIS-UVL", "MEU": "US-BIS-MEU", "ISN": "US-ISN"}
    keys |= {"DTC": "US-DTC", "PLC": "US-NS-PLC", "NS-MBS": "US-NS-MBS"}
    keys |= {"FSE": "US-FSE", "CAP": "US-CAPTA"}
    assert {key: by_programme[keys[key]] for key in expected} == expected


@real
def test_identifiers_and_links_of_the_real_file(actual: Loaded) -> None:
    text = FILE.read_text(encoding="utf-8")
    codes = re.findall(r"Unified Social Credit Code \(USCC\), ([0-9A-Z]{18}), CN", text)
    found = [v for e in actual.entities.values() for s, v in e.identifiers if s == "uscc"]
    assert sorted(found) == sorted(codes)
    assert len(actual.of("LINKED_TO")) == text.count("Linked To:")
    rows = [line for line in text.splitlines() if "(SSI)" in line]
    directives = [re.findall(r"Determination -, Subject to Directive (\d)", row) for row in rows]
    listed = [r.source for r in actual.of("DESIGNATES") if r.source.startswith("US-SSI-D")]
    assert len(listed) == sum(map(len, directives)) > 288
    hikvision = actual.entities["ofac:30946"]
    assert ("uscc", "91330000733796106P") in hikvision.identifiers
    rosneft = [r for r in actual.of("LINKED_TO") if "ROSNEFT" in r.evidence.note]
    assert {r.target for r in rosneft} == {"ofac:17022"}


@real
def test_one_party_on_two_lists_is_one_entity(actual: Loaded) -> None:
    gazprom = [r.source for r in actual.of("DESIGNATES") if r.target == "ofac:17250"]
    assert sorted(gazprom) == ["US-NS-MBS", "US-SSI", "US-SSI-D4"]
