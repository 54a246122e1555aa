"""The real files load to the record; totals are counted here by code of its own."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from spillover.graph.store import Store
from tests.loaders.ofac_loads import REAL, Loaded

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of OFAC are not here")
ADVANCED = REAL / "cons_advanced_2020-03-17.xml"
LEGACY = REAL / "consolidated_2022-03-24.xml"
ENHANCED = REAL / "enhanced_yemen_2024-05-24.xml"
UN = "{http://www.un.org/sanctions/1.0}"
SDNLIST = "{http://tempuri.org/sdnList.xsd}"
GAZPROM, ROSTEC, SBERBANK = "ofac:17250", "ofac:17260", "ofac:17018"


@pytest.fixture(scope="module")
def advanced(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("advanced"), ADVANCED, tolerance=0.0)


@pytest.fixture(scope="module")
def root() -> ET.Element:
    return ET.parse(ADVANCED).getroot()  # noqa: S314 - a file that came with the task


@pytest.fixture(scope="module")
def sdn(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = (REAL / name for name in ("sdn.csv", "add.csv", "alt.csv"))
    return Loaded(tmp_path_factory.mktemp("sdn"), *files, tolerance=0.0001)


@pytest.fixture(scope="module")
def cons(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = (REAL / name for name in ("cons_prim.csv", "cons_add.csv"))
    return Loaded(tmp_path_factory.mktemp("cons"), *files, tolerance=0.0)


@pytest.fixture(scope="module")
def legacy(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("legacy"), LEGACY, tolerance=0.0)


def cells(name: str) -> list[list[str]]:
    with (REAL / name).open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.reader(stream) if row and row != ["\x1a"]]


def test_advanced_every_element_is_counted(advanced: Loaded) -> None:
    text = ADVANCED.read_text("ascii")
    tags = ("DistinctParty", "ProfileRelationship", "SanctionsEntry", "Location", "IDRegDocument")
    found = {tag: len(re.findall(rf"<{tag} ", text)) for tag in tags}
    assert found == dict(zip(tags, (375, 276, 759, 464, 573), strict=True))
    umbrella = len(re.findall('<SanctionsEntry [^>]*ListID="91512"', text))
    assert advanced.report.tally == (
        375 + 276 + 759 + 464 + 573,
        375 + 276 + (759 - umbrella),
        464 + 573,
        umbrella,
        0,
    )
    assert umbrella == 375
    assert not [what for what, _ in advanced.noted if what.startswith("unknown")]


def test_advanced_every_relationship_is_control_by_the_party_at_the_to_end(
    advanced: Loaded, root: ET.Element
) -> None:
    stated = sorted(
        (node.attrib["To-ProfileID"], node.attrib["From-ProfileID"])
        for node in root.iter(f"{UN}ProfileRelationship")
        if node.attrib["RelationTypeID"] == "15003"
    )
    assert len(stated) == 276
    assert sorted((s, t) for kind, s, t in advanced.ties() if kind == "CONTROLS") == stated
    controls = advanced.of("CONTROLS")
    assert {(r.stake, r.basis, r.evidence.observed) for r in controls} == {(None, "", "2020-03-17")}
    assert not advanced.of("OWNS")


def test_advanced_the_hubs_have_their_subsidiaries(advanced: Loaded) -> None:
    text = ADVANCED.read_text("ascii")
    names = {
        GAZPROM: "OPEN JOINT STOCK COMPANY GAZPROM",
        ROSTEC: "ROSTEC",
        SBERBANK: "Sberbank of Russia",
    }
    counts = Counter(r.source for r in advanced.of("CONTROLS"))
    for hub, name in names.items():
        assert advanced.entities[hub].name == name
        expected = text.count(f'To-ProfileID="{hub.removeprefix("ofac:")}"')
        assert counts[hub] == expected >= 20
    owned = {
        advanced.entities[r.target].name for r in advanced.of("CONTROLS") if r.source == ROSTEC
    }
    assert "ROSOBORONEKSPORT OAO" in owned


def test_advanced_listings_have_the_earliest_day_of_their_entry(
    advanced: Loaded, root: ET.Element
) -> None:
    keys = {
        "1550": "US-OFAC-SDN",
        "91243": "US-NS-PLC",
        "91469": "US-FSE",
        "91507": "US-SSI",
        "91763": "US-CAPTA",
    }
    expected = set()
    for entry in root.iter(f"{UN}SanctionsEntry"):
        if entry.attrib["ListID"] == "91512":
            continue
        days = [
            "-".join(
                f"{int(date.findtext(f'{UN}{part}', '')):02d}" for part in ("Year", "Month", "Day")
            )
            for date in entry.iter(f"{UN}Date")
        ]
        key = keys[entry.attrib["ListID"]]
        expected.add((key, f"ofac:{entry.attrib['ProfileID']}", min(days)))
    assert expected == {
        (r.source, r.target, r.start)
        for r in advanced.of("DESIGNATES")
        if r.source in keys.values()
    }


def test_advanced_directives_are_those_of_the_measures(advanced: Loaded, root: ET.Element) -> None:
    ids = {"91505": "US-SSI-D1", "91506": "US-SSI-D2", "91513": "US-SSI-D3", "91514": "US-SSI-D4"}
    expected = {
        (ids[measure.attrib["SanctionsTypeID"]], f"ofac:{entry.attrib['ProfileID']}")
        for entry in root.iter(f"{UN}SanctionsEntry")
        for measure in entry.iter(f"{UN}SanctionsMeasure")
        if measure.attrib["SanctionsTypeID"] in ids
    }
    found = {(r.source, r.target) for r in advanced.of("DESIGNATES") if "US-SSI-D" in r.source}
    assert found == expected
    assert Counter(key for key, _ in found) == {
        "US-SSI-D1": 128,
        "US-SSI-D2": 54,
        "US-SSI-D3": 42,
        "US-SSI-D4": 86,
    }


def test_advanced_every_document_number_identifies_its_party(
    advanced: Loaded, root: ET.Element
) -> None:
    owners = {
        identity.attrib["ID"]: f"ofac:{party.attrib['FixedRef']}"
        for party in root.iter(f"{UN}DistinctParty")
        for identity in party.iter(f"{UN}Identity")
    }
    checked = 0
    for document in root.iter(f"{UN}IDRegDocument"):
        number = document.findtext(f"{UN}IDRegistrationNo", "")
        values = {
            v for _, v in advanced.entities[owners[document.attrib["IdentityID"]]].identifiers
        }
        assert number.removesuffix(" (Russia)").strip() in values
        checked += 1
    assert checked == 573


def test_advanced_countries_come_from_addresses_and_registration(
    advanced: Loaded, root: ET.Element
) -> None:
    codes = {
        country.attrib["ID"]: country.attrib.get("ISO2", "").lower()
        for country in root.iter(f"{UN}Country")
    }
    places = {
        location.attrib["ID"]: {
            codes[c.attrib["CountryID"]] for c in location.iter(f"{UN}LocationCountry")
        }
        for location in root.iter(f"{UN}Location")
        if "ID" in location.attrib
    }
    for party in root.iter(f"{UN}DistinctParty"):
        said = set[str]().union(
            *(places[node.attrib["LocationID"]] for node in party.iter(f"{UN}VersionLocation"))
        )
        assert said - {""} <= set(advanced.entities[f"ofac:{party.attrib['FixedRef']}"].countries)


def test_csv_every_row_is_counted_and_the_damaged_ones_are_set_aside(sdn: Loaded) -> None:
    """The last entry of this copy has the number of another party, and its address has its own."""
    rows = {name: len(cells(name)) for name in ("sdn.csv", "add.csv", "alt.csv")}
    assert rows == {"sdn.csv": 9044, "add.csv": 13625, "alt.csv": 12409}
    assert sdn.report.tally == (9044 + 13625 + 12409, 9043, 13624 + 12409, 0, 2)
    where = [(q.file, q.position) for q in sdn.report.quarantined]
    assert where == [("sdn.csv", "line 9044"), ("add.csv", "line 13625")]
    assert sdn.party(2677).name == "AL-ZOMOR, Abboud Abdul Latif Hassan"


def test_csv_parties_have_their_kind_and_their_aliases(sdn: Loaded) -> None:
    rows = cells("sdn.csv")[:-1]
    kinds = Counter(row[2].strip() for row in rows)
    schemata = Counter(entity.schema for entity in sdn.entities.values())
    assert schemata["Person"] == kinds["individual"] == 4643
    assert schemata["Vessel"] == kinds["vessel"] == 420
    assert schemata["Airplane"] == kinds["aircraft"] == 280
    firms = schemata["Organization"] + schemata["Company"] + schemata["PublicBody"]
    assert firms == kinds["-0-"] == 3700
    aliases = defaultdict(set)
    for uid, _, _, name, _ in cells("alt.csv"):
        aliases[f"ofac:{uid}"].add(name.strip())
    for uid, names in aliases.items():
        entity = sdn.entities[uid]
        assert names <= {entity.name, *(name.text for name in entity.names)}


def test_csv_every_entry_is_on_the_sdn_list(sdn: Loaded) -> None:
    base = [r for r in sdn.of("DESIGNATES") if r.source == "US-OFAC-SDN"]
    only_ethiopia = [row for row in cells("sdn.csv") if row[3] == "ETHIOPIA-EO14046"]
    assert len(base) == 9043 - len(only_ethiopia)
    assert len(only_ethiopia) == 6
    terror = {row[0] for row in cells("sdn.csv")[:-1] if {"SDGT", "FTO"} & set(row[3].split("] ["))}
    found = {r.target for r in sdn.of("DESIGNATES") if r.source == "US-TERR"}
    assert found == {f"ofac:{uid}" for uid in terror}


def links(name: str) -> tuple[set[tuple[str, str]], int]:
    """Pairs that ``Linked To: NAME`` makes where one party has that very name; and the rest."""
    rows = [row for row in cells(name) if len(row) == 12]
    by_name = defaultdict(set)
    for row in rows:
        by_name[" ".join(row[1].lower().split())].add(row[0])
    pairs, rest = set(), 0
    for row in rows:
        pieces = row[11].split("; ")
        for piece in pieces[:-1] if len(row[11]) == 1000 else pieces:
            if piece.startswith("Linked To: "):
                key = " ".join(piece[11:].lower().split())
                found = by_name[key] | (by_name[key[:-1]] if key.endswith(".") else set())
                if len(found) == 1:
                    pairs.add((row[0], next(iter(found))))
                else:
                    rest += 1
    return pairs, rest


def linked(loaded: Loaded) -> set[tuple[str, str]]:
    return {
        (r.source.removeprefix("ofac:"), r.target.removeprefix("ofac:"))
        for r in loaded.of("LINKED_TO")
        if r.properties == {"role": ("Linked To",)}
    }


def test_csv_linked_to_is_resolved_by_the_name_alone(sdn: Loaded, cons: Loaded) -> None:
    """Of the SDN file's pairs, two stand in its damaged last line and are not loaded."""
    pairs, rest = links("sdn.csv")
    damaged = {pair for pair in pairs if pair[0] == "2677"}
    assert len(damaged) == 2
    assert linked(sdn) == pairs - damaged
    assert len(pairs) > 3400
    assert ("15036", "15117") in pairs, "ARTAVIL and its company"
    assert rest == sum(len(e.properties.get("linkedTo", ())) for e in sdn.entities.values()) == 9
    pairs, rest = links("cons_prim.csv")
    assert linked(cons) == pairs
    assert (len(pairs), rest) == (282, 1)


def test_csv_ships_have_their_imo_numbers(sdn: Loaded) -> None:
    expected = {
        (f"ofac:{row[0]}", number)
        for row in cells("sdn.csv")
        if row[2].strip() == "vessel"
        for number in re.findall(r"Vessel Registration Identification IMO (\d{7})", row[11])
    }
    found = {(e.id, v) for e in sdn.entities.values() for s, v in e.identifiers if s == "imo"}
    assert found == expected
    assert len(found) > 400


def test_consolidated_csv_every_entry_has_its_list(cons: Loaded) -> None:
    rows = cells("cons_prim.csv")
    assert cons.report.tally == (443 + 572, 443, 572, 0, 0)
    assert len(rows) == 443
    listed = {r.target for r in cons.of("DESIGNATES")}
    assert listed == {f"ofac:{row[0]}" for row in rows}
    counts = Counter(r.source for r in cons.of("DESIGNATES"))
    assert counts["US-OFAC-CONS"] == 0
    assert counts["US-NS-CMIC"] == sum("CMIC" in row[3] for row in rows) == 68
    assert counts["US-NS-PLC"] == sum("NS-PLC" in row[3] for row in rows) == 78
    assert counts["US-SSI"] == sum("UKRAINE-EO13662" in row[3] for row in rows) == 286
    for number in "1234":
        wording = f"13662 Directive Determination - Subject to Directive {number};"
        stated = sum(wording in row[11].replace(".", ";") + ";" for row in rows)
        assert counts[f"US-SSI-D{number}"] == stated


def test_consolidated_csv_credit_codes_are_found_by_their_label(cons: Loaded) -> None:
    stated = {
        (f"ofac:{row[0]}", code)
        for row in cells("cons_prim.csv")
        for code in re.findall(r"\(USCC\) (\w{18}) \(", row[11])
    }
    found = {(e.id, v) for e in cons.entities.values() for s, v in e.identifiers if s == "uscc"}
    assert found == stated
    assert len(found) == 57, "one of 58 stands where the remarks are cut"


def test_legacy_xml_says_what_its_elements_say(legacy: Loaded) -> None:
    tree = ET.parse(LEGACY).getroot()  # noqa: S314 - a file that came with the task
    entries = tree.findall(f"{SDNLIST}sdnEntry")
    assert legacy.report.tally == (len(entries), 462, 0, 0, 0)
    for entry in entries:
        entity = legacy.entities[f"ofac:{entry.findtext(f'{SDNLIST}uid')}"]
        akas = {
            ", ".join(
                filter(
                    None, (aka.findtext(f"{SDNLIST}lastName"), aka.findtext(f"{SDNLIST}firstName"))
                )
            )
            for aka in entry.iter(f"{SDNLIST}aka")
        }
        assert akas <= {entity.name, *(name.text for name in entity.names)}
    text = LEGACY.read_text("ascii")
    counts = Counter(r.source for r in legacy.of("DESIGNATES"))
    assert counts["US-SSI"] == text.count("<program>UKRAINE-EO13662<") == 290
    assert counts["US-CAPTA"] == text.count("<idType>Listing Date (EO 14024 Directive 2):<") + 1
    linked = len(re.findall(r"Linked To: ", text))
    kept = sum(len(e.properties.get("linkedTo", ())) for e in legacy.entities.values())
    assert len(legacy.of("LINKED_TO")) + kept == linked


def test_the_formats_meet_under_one_number(advanced: Loaded, legacy: Loaded, cons: Loaded) -> None:
    """Gazprom has three names in five years, and one number, one tax number, one country."""
    for loaded in (advanced, legacy, cons):
        entity = loaded.entities[GAZPROM]
        assert ("tax", "7736050003") in entity.identifiers
        assert entity.countries == ("ru",)
    common = advanced.entities.keys() & legacy.entities.keys() & cons.entities.keys()
    assert len(common) > 300


def test_enhanced_yemen(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, ENHANCED, tolerance=0.0)
    text = ENHANCED.read_text("utf-8")
    assert loaded.report.tally == (text.count("<entity id="), 10, 0, 0, 0)
    assert loaded.noted == {}
    person = loaded.party(30624)
    assert person.name == "ZABIN, Sultan"
    assert ("national-id", "10010095104") in person.identifiers
    assert loaded.listed(30624) == [("US-OFAC-SDN", "2020-12-10")]
    stored = {name.text for entity in loaded.entities.values() for name in entity.names}
    stored |= {entity.name for entity in loaded.entities.values()}
    full = set(re.findall("<formattedFullName>(.*?)</formattedFullName>", text))
    assert full <= stored


def test_a_graph_of_all_files_can_be_asked(tmp_path: Path) -> None:
    """The whole folder loads at once; what is not of OFAC is named."""
    loaded = Loaded(tmp_path, REAL, tolerance=0.001)
    assert loaded.report.tally.read == 2447 + 462 + 10 + 1015 + 35078
    assert loaded.noted["file of the folder left out", "dat_spec.txt"] == 1
    with Store(loaded.graph) as store:
        number = store.find("OPEN JOINT STOCK COMPANY GAZPROM")
        assert store.entity(number).id == GAZPROM
