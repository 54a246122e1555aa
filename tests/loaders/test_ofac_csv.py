"""Rows of OFAC's headerless CSV files become parties, their listings, and ties by name."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.loaders.run import run
from tests.loaders.ofac_loads import DATA, NULL, Loaded, entry, line, table

SDN = [DATA / name for name in ("sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv")]
CONS = [DATA / name for name in ("cons_prim.csv", "cons_add.csv", "cons_alt.csv")]


@pytest.fixture(scope="module")
def sdn(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("sdn"), *SDN, tolerance=0.0, date="2022-01-31")


@pytest.fixture(scope="module")
def cons(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("cons"), *CONS, tolerance=0.0)


def test_every_row_of_every_file_is_counted(sdn: Loaded) -> None:
    """12 entries; 6 addresses, 4 names and 1 line of further remarks are folded into them."""
    assert sdn.report.tally == (12 + 6 + 4 + 1, 12, 6 + 4 + 1, 0, 0)
    assert sdn.noted == {
        ("merged", "address of an entry"): 6,
        ("merged", "alternative name of an entry"): 4,
        ("merged", "further remarks of an entry"): 1,
        ("linked name not resolved", "BUREAU OF SUPPLY: several have it"): 1,
        ("linked name not resolved", "NOBODY LISTED CO: no other party of the files has it"): 1,
        ("linked name not resolved", "Vostok Avia: no other party of the files has it"): 1,
        ("document in words only", "Passport"): 1,
        ("unknown label", "Permit of Passage No."): 1,
    }


def test_the_consolidated_files_end_in_the_byte_0x1a_and_reconcile(cons: Loaded) -> None:
    assert all(path.read_bytes().endswith(b"\n\x1a") for path in CONS)
    assert cons.report.tally == (11 + 2 + 1, 11, 2 + 1, 0, 0)
    assert cons.noted == {
        ("merged", "address of an entry"): 2,
        ("merged", "alternative name of an entry"): 1,
        ("list of an entry not known", "NEW-EO99999"): 1,
    }


def test_a_firm_has_its_names_numbers_and_addresses(sdn: Loaded) -> None:
    firm = sdn.party(90001)
    assert (firm.schema, firm.name) == ("Company", "VOSTOK ENERGO HOLDING, AO")
    assert firm.names == (
        Name("VOSTOK ENERGY HOLDING JSC", role="alias"),
        Name("TVER POWER WORKS", role="previous"),
        Name("VEH", role="weak"),
    )
    assert firm.countries == ("ru",)
    assert firm.identifiers == (
        ("ofac", "90001"),
        ("bic", "VOSTRUMM"),
        ("tax", "7700990011"),
        ("register", "1027700990011"),
        ("lei", "5493007ZZZ00OFACX137"),
    )
    assert firm.properties["address"] == ("1 Naberezhnaya ul., Tver 170001, Russia",)
    assert firm.properties["website"] == ("www.vostok.example", "www.vostok-energo.example")
    assert firm.properties["incorporationDate"] == ("1998-03-12",)
    assert firm.properties["targetType"] == ("State-Owned Enterprise",)
    assert firm.properties["sanctionsInfo"] == (
        "Executive Order 13662 Directive Determination - Subject to Directive 2",
    )
    assert firm.properties["notes"] == (
        "For more information on directives, see the website of OFAC.",
    )


def test_a_person_has_dates_nationalities_and_documents(sdn: Loaded) -> None:
    person = sdn.party(90002)
    assert (person.schema, person.name) == ("Person", "ORLOVSKY, Pavel Igorevich")
    assert person.countries == ("ru", "cy", "kp")
    assert person.identifiers[1:] == (("passport", "75 9000002"), ("national-id", "4509000002"))
    expected = {
        "position": ("Minister of Trade",),
        "birthDate": ("1961-06-07", "1962"),
        "birthPlace": ("Tver, Russia",),
        "nationality": ("ru", "cy"),
        "citizenship": ("kp",),
        "gender": ("Male",),
        "documents": (
            "Passport 75 9000002 (Russia) issued 2014-02-01 expires 2024-02-01",
            "National ID No. 4509000002 (Russia)",
        ),
        "notes": ("Passport issued in Nicosia, Cyprus", "Member of the Board of Trade"),
    }
    assert person.properties == expected
    assert Name("The Miller", role="weak") in person.names


def test_a_ship_and_a_plane_have_what_their_columns_and_remarks_say(sdn: Loaded) -> None:
    ship = sdn.party(90003)
    assert ship.schema == "Vessel"
    assert ship.identifiers[1:] == (("imo", "9000015"), ("mmsi", "273900003"))
    assert ship.countries == ("pa",), "a former flag is no country of the ship"
    assert ship.properties["pastFlags"] == ("mt",), "None Identified is no flag"
    assert {key: ship.properties[key] for key in ("callSign", "type", "tonnage", "owner")} == {
        "callSign": ("UBZZ9",),
        "type": ("Crude Oil Tanker",),
        "tonnage": ("99,144",),
        "owner": ("VOSTOK ENERGO HOLDING, AO",),
    }
    assert ship.properties["grossRegisteredTonnage"] == ("56,068",)
    assert ship.properties["buildDate"] == ("2004",)
    plane = sdn.party(90004)
    assert plane.schema == "Airplane"
    assert plane.properties["serialNumber"] == ("1003490004",)
    assert plane.properties["buildDate"] == ("1990-09-10",)
    assert plane.properties["operator"] == ("Vostok Avia",)


def test_linked_to_is_a_tie_to_the_one_party_of_that_name_and_no_ownership(sdn: Loaded) -> None:
    """The full stop of the remarks is also that of ``S.A. DE C.V.``; the owner of a ship owns."""
    assert sdn.ties() == [
        ("LINKED_TO", "90001", "90002"),
        ("LINKED_TO", "90003", "90001"),
        ("OWNS", "90001", "90003"),
        ("LINKED_TO", "90004", "90001"),
        ("LINKED_TO", "90010", "90001"),
        ("LINKED_TO", "90006", "90005"),
    ]
    (owned,) = sdn.of("OWNS")
    assert (owned.stake, owned.stake_text, owned.evidence.record) == (None, "", "90003")
    tie = sdn.of("LINKED_TO")[0]
    assert tie.properties == {"role": ("Linked To",)}
    assert tie.evidence.note == "Linked To: ORLOVSKY, Pavel Igorevich"
    assert tie.evidence.url == "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=90001"
    assert (tie.evidence.observed, tie.evidence.confidence) == ("2022-01-31", "high")


def test_a_name_of_two_parties_or_of_nobody_stays_text(sdn: Loaded) -> None:
    assert sdn.party(90009).properties["linkedTo"] == ("BUREAU OF SUPPLY", "NOBODY LISTED CO")
    assert not [tie for tie in sdn.ties() if "90009" in tie]


def test_remarks_go_on_in_the_comments_at_the_very_letter(sdn: Loaded) -> None:
    """Cut after 1,000 characters, a space at the end; 20 wallets are numbered 0001 to 0020."""
    remarks = SDN[0].read_text().splitlines()[4].rpartition(',"')[2][:-1]
    assert len(remarks) == 1000
    assert remarks.endswith("; alt. Digital ")
    mixer = sdn.party(90010)
    wallets = tuple(f"XBT bc1qgranite{number:04d}" for number in range(1, 21))
    assert mixer.properties["cryptoWallets"] == wallets
    assert mixer.identifiers[1:] == (("register", "771234"),)
    assert mixer.names == (Name("GRN", role="weak"),)


def test_without_the_comments_the_cut_piece_is_text_and_is_signalled(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, *SDN[:3])
    assert loaded.noted["remarks cut off", "their last piece is kept as text"] == 1
    assert loaded.party(90010).properties["notes"] == ("alt. Digital",)
    assert loaded.report.tally.quarantined == 0


def test_a_cut_name_links_to_nobody(tmp_path: Path) -> None:
    """``Linked To: FEDERAL SE`` is a part of a name, though a party may be called just that."""
    remarks = ("Website " + "w" * 1000)[:979] + "; Linked To: SHORTEN"
    assert len(remarks) == 999
    file = table(tmp_path, "sdn.csv", entry(1, "SHORTEN"), entry(2, "CUT", remarks=remarks + "E"))
    loaded = Loaded(tmp_path, file)
    assert loaded.ties() == []
    assert loaded.party(2).properties["notes"] == ("Linked To: SHORTENE",)


def test_sdn_entries_are_designated_by_their_list_and_what_rules_name_beside_it(
    sdn: Loaded,
) -> None:
    """No file of the legacy formats has the day of a listing of the SDN list."""
    assert {uid: sdn.listed(uid) for uid in (90001, 90002, 90005, 90007, 90010, 90012)} == {
        90001: [
            ("US-OFAC-SDN", None),
            ("US-UKRRUS-REL", None),
            ("US-RUSHAR", None),
            ("US-SSI", None),
            ("US-SSI-D2", None),
        ],
        90002: [("US-OFAC-SDN", None), ("US-RUSHAR", None)],
        90005: [("US-OFAC-SDN", None), ("US-NARCO", None)],
        90007: [("US-OFAC-SDN", None)],
        90010: [("US-OFAC-SDN", None)],
        90012: [("US-OFAC-SDN", None), ("US-TERR", None)],
    }
    claim = next(r for r in sdn.of("DESIGNATES") if r.target == "ofac:90001")
    assert claim.properties["program"] == ("UKRAINE-EO13661", "RUSSIA-EO14024")
    assert claim.properties["list"] == ("SDN List",)
    assert sdn.entities["US-OFAC-SDN"].schema == "Programme"


def test_a_party_listed_for_ethiopia_alone_does_not_start_the_fifty_percent_rule(
    sdn: Loaded,
) -> None:
    assert sdn.listed(90011) == [("US-ETHIOPIA", None)]


def test_the_list_of_a_consolidated_entry_follows_from_its_tags_and_labels(cons: Loaded) -> None:
    assert {uid: cons.listed(uid) for uid in range(90101, 90112)} == {
        90101: [("US-NS-PLC", None)],
        90102: [
            ("US-SSI", None),
            ("US-SSI-D2", None),
            ("US-SSI-D4", None),
            ("US-NS-MBS", "2022-02-24"),
        ],
        90103: [("US-SSI", None), ("US-SSI-D4", None)],
        90104: [("US-NS-CMIC", "2021-06-03")],
        90105: [("US-CAPTA", "2022-02-24"), ("US-NS-MBS", "2022-02-25")],
        90106: [("US-NS-MBS", None)],
        90107: [("US-CAPTA", None)],
        90108: [("US-FSE", None)],
        90109: [("US-OFAC-CONS", None)],
        90110: [("US-NS-MBS", None)],
        90111: [("US-NS-CMIC", "2021-12-16")],
    }


def test_a_chinese_firm_has_its_credit_code_and_its_own_securities_only(cons: Loaded) -> None:
    own, other = cons.party(90104), cons.party(90111)
    assert own.schema == "Company"
    assert own.identifiers[1:] == (("uscc", "91110000710999990A"), ("isin", "CNE10000ZZ13"))
    assert own.properties["ticker"] == ("600990 CN",)
    assert own.properties["effectiveDate"] == ("2021-08-02",)
    assert own.properties["divestmentDate"] == ("2022-06-03",)
    assert other.identifiers == (("ofac", "90111"),), "another issuer is named: whose is it?"
    assert other.properties["isin"] == ("CNE10000ZZ21",)
    assert cons.party(90110).schema == "PublicBody"


def test_entries_of_both_lists_meet_by_their_number(tmp_path: Path) -> None:
    """Each list has its own files; a row of ``alt.csv`` is not one of the consolidated list."""
    files = (
        table(tmp_path, "sdn.csv", entry(1, "BOTH", remarks="Website a.example.")),
        table(tmp_path, "alt.csv", line("1", "5", "aka", "BOTH LTD", "")),
        table(tmp_path, "cons_prim.csv", entry(1, "BOTH", program="NS-PLC")),
        table(tmp_path, "cons_alt.csv", line("1", "6", "fka", "OLD BOTH", "")),
    )
    loaded = Loaded(tmp_path, *files)
    assert loaded.report.tally == (4, 2, 2, 0, 0)
    assert set(loaded.party(1).names) == {
        Name("BOTH LTD", role="alias"),
        Name("OLD BOTH", "", "previous"),
    }
    assert {key for key, _ in loaded.listed(1)} == {"US-OFAC-SDN", "US-TERR", "US-NS-PLC"}


def test_one_number_with_two_names_in_one_file_makes_no_one_party(tmp_path: Path) -> None:
    file = table(tmp_path, "sdn.csv", entry(7, "ANNA"), entry(7, "Anna"), entry(7, "BRICKS LTD"))
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally.quarantined == 1
    assert loaded.reasons() == [
        (
            "number 7 of 'BRICKS LTD' is that of 'ANNA' in the same file; two parties are not made"
            " one: mend the file"
        )
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (entry("x1", "A"), "'x1' is no number of an OFAC entry; is the record cut?"),
        (entry(2, ""), "entry 2 has no name"),
        (
            entry(2, "A", "ghost"),
            "unknown type 'ghost'; known: individual, entity, vessel, aircraft",
        ),
        ("2,A\r\n", "2 cells where the header has 12"),
        (
            entry(2, "A", remarks="Listing Date (CMIC) 31 Feb 2021."),
            "Listing Date (CMIC) '31 Feb 2021' is no date; expected one like 03 Jun 2021",
        ),
        (entry(2, "A")[:-2] + ",extra\r\n", "13 cells where the header has 12"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(tmp_path: Path, row: str, reason: str) -> None:
    file = table(tmp_path, "sdn.csv", entry(1, "FIRST"), row, entry(3, "LAST"))
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == (3, 2, 0, 0, 1)
    assert loaded.reasons()[0].startswith(reason)
    assert loaded.report.quarantined[0].position == "line 2"


@pytest.mark.parametrize(
    ("name", "row", "what"),
    [
        ("add.csv", line("9", "1", "", "Rome", "Italy", ""), "address"),
        ("alt.csv", line("9", "1", "aka", "NINE", ""), "alternative name"),
        ("sdn_comments.csv", line("9", "more."), "further remarks"),
    ],
)
def test_a_row_of_an_entry_that_is_not_there_is_set_aside(
    tmp_path: Path, name: str, row: str, what: str
) -> None:
    loaded = Loaded(tmp_path, table(tmp_path, "sdn.csv", entry(1, "A")), table(tmp_path, name, row))
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert loaded.reasons()[0].startswith(f"{what} of an entry 9, which is not in the files")


def test_what_is_not_known_is_kept_and_signalled(tmp_path: Path) -> None:
    remarks = "nationality Atlantis; Moon Landing Number 11; plain words; Region 5."
    loaded = Loaded(
        tmp_path,
        table(tmp_path, "sdn.csv", entry(1, "A", remarks=remarks)),
        table(tmp_path, "alt.csv", line("1", "5", "qka", "B", "never used")),
    )
    assert loaded.noted == {
        ("merged", "alternative name of an entry"): 1,
        ("unknown country", "Atlantis"): 1,
        ("unknown label", "Moon Landing Number"): 1,
        ("unknown roles", "qka"): 1,
    }
    party = loaded.party(1)
    assert party.names == (Name("B", role="alias"),)
    assert party.properties["nationality"] == ("Atlantis",)
    assert party.properties["notes"] == (
        *("never used", "Moon Landing Number 11", "plain words", "Region 5"),
    )


def test_the_name_of_a_file_of_entries_says_which_list_it_is(tmp_path: Path) -> None:
    file = table(tmp_path, "download.csv", entry(1, "A"))
    with pytest.raises(InputError, match="neither 'sdn' nor 'cons' is in its name"):
        run(tmp_path / "g.db", "ofac", [file])


@pytest.mark.parametrize("text", ["", "ent_num,name\r\n", "<html/>", "1,2,3\r\n", "{}\n"])
def test_a_file_of_somebody_else_is_refused(tmp_path: Path, text: str) -> None:
    file = table(tmp_path, "sdn.csv", text)
    with pytest.raises(InputError, match=r"no file of OFAC's lists|OFAC's files begin with"):
        run(tmp_path / "g.db", "ofac", [file])


def test_a_folder_may_hold_other_files_which_are_named_as_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "ofac"
    folder.mkdir()
    table(folder, "sdn.csv", entry(1, "A"))
    table(folder, "dat_spec.txt", "OFFICE OF FOREIGN ASSETS CONTROL\n")
    assert Loaded(tmp_path, folder).noted == {("file of the folder left out", "dat_spec.txt"): 1}
    (folder / "sdn.csv").unlink()
    with pytest.raises(InputError, match="name files of OFAC's lists"):
        run(tmp_path / "g.db", "ofac", [folder])


def test_a_null_with_or_without_its_space_is_nothing(tmp_path: Path) -> None:
    row = entry(1, "A").replace(NULL, "-0-")
    assert Loaded(tmp_path, table(tmp_path, "sdn.csv", row)).party(1).properties == {}


@pytest.mark.parametrize("end", ["", "-", "-0", '"more'])
def test_a_last_line_without_its_end_is_cut_off(tmp_path: Path, end: str) -> None:
    """The same cell before a line end is whole, if strange: nothing is missing behind it."""
    head = entry(1, "A") + entry(2, "B").removesuffix(f"{NULL}\r\n")
    with pytest.raises(InputError, match="line 2: cut off in the middle of a record"):
        run(tmp_path / "g.db", "ofac", [table(tmp_path, "sdn.csv", head, end)])
    if '"' not in end:
        loaded = Loaded(tmp_path, table(tmp_path, "sdn.csv", head, end, "\n"))
        assert loaded.report.tally == (2, 2, 0, 0, 0)


def test_an_address_may_be_a_country_alone_and_have_a_remark(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        table(tmp_path, "sdn.csv", entry(1, "A")),
        table(
            tmp_path,
            "add.csv",
            line("1", "1", "", "", "Cyprus", "branch"),
            line("1", "2", "", "", "", ""),
        ),
    )
    party = loaded.party(1)
    assert party.countries == ("cy",)
    assert party.properties == {"address": ("Cyprus",), "notes": ("branch",)}


def test_an_alternative_name_that_is_null_is_set_aside(tmp_path: Path) -> None:
    loaded = Loaded(
        tmp_path,
        table(tmp_path, "sdn.csv", entry(1, "A")),
        table(tmp_path, "alt.csv", line("1", "1", "aka", "", ""), "2,A\r\n"),
    )
    assert loaded.report.tally == (3, 1, 0, 0, 2)
    assert loaded.reasons()[0] == "an alternative name of entry 1 that is empty"
