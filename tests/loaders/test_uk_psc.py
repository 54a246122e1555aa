"""Lines of the UK register become owners, bands and statements, each under its own id."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError, LoadRefusedError
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.context import Options
from spillover.loaders.manifest import manifest
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import naughty, truncations
from tests.loaders.listed import cuts

SAMPLE = Path(__file__).parents[1] / "data" / "uk_psc" / "psc-snapshot-2025-03-14.txt"
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "psc"
NATURES = manifest("uk_psc").tables["natures"]
LINK = "/company/01000009/persons-with-significant-control/individual/zzz9"


def person(company: str = "01000009", **said: Any) -> dict[str, Any]:
    data = {
        "kind": "individual-person-with-significant-control",
        "name": "Ann",
        "links": {"self": LINK},
        "natures_of_control": ["voting-rights-25-to-50-percent"],
        "notified_on": "2020-01-01",
    }
    kept = {key: value for key, value in {**data, **said}.items() if value is not None}
    return {"company_number": company, "data": kept}


def body(**said: Any) -> dict[str, Any]:
    return person(
        kind="corporate-entity-person-with-significant-control", name="Firm", identification=said
    )


class Loaded:
    """The records given, loaded into a graph of their own."""

    def __init__(self, folder: Path, *records: object, tolerance: float = 1.0) -> None:
        self.graph, self.file = folder / "graph.db", folder / "file.txt"
        texts = [text if isinstance(text, str) else json.dumps(text) for text in records]
        self.file.write_text("\n".join(texts) + "\n", encoding="utf-8")
        options = Options(tolerance=tolerance, allow_shrink=True)
        self.report: Report = run(self.graph, "uk_psc", [self.file], options=options)
        _, entities, claims, _ = content(self.graph)
        self.entities = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.noted = {(a.what, a.key): a.count for a in self.report.audits}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("psc"), *SAMPLE.read_text("utf-8").splitlines())


def claims(loaded: Loaded, owner: str) -> list[tuple[str, str, str, Stake | None]]:
    return [(r.kind, r.target, r.basis, r.stake) for r in loaded.relations if r.source == owner]


def test_the_sample_reconciles_to_the_record(sample: Loaded) -> None:
    """15 lines: the totals are left out; the second statement of one company repeats the first."""
    assert sample.report.tally == (15, 13, 1, 1, 0)
    assert sample.noted == {
        ("ignored", "totals of the snapshot"): 1,
        ("ceased on a day that is not stated", "ends with the snapshot"): 1,
        ("exemptions instead of a person", "psc-exempt-as-trading-on-regulated-market"): 2,
        ("statements instead of a person", "psc-has-failed-to-confirm-changed-details"): 1,
        ("statements instead of a person", "steps-to-find-psc-not-yet-completed"): 1,
        ("unknown nationality", "Ruritanian"): 1,
    }


def test_a_person_with_a_share_and_more_votes(sample: Loaded) -> None:
    ada = "uk_psc:01000001/aaa1"
    assert sample.entities[ada] == Entity(
        ada,
        "Person",
        "Ms Ada Mary Quill",
        countries=("gb", "ie"),
        properties={
            "birthDate": ("1961-04",),
            "nationality": ("British,Irish",),
            "countryOfResidence": ("England",),
            "address": ("1, Long Lane, Ambridge, AM1 1AA, England",),
            "title": ("Ms",),
            "firstName": ("Ada",),
            "middleName": ("Mary",),
            "lastName": ("Quill",),
            "identityVerification": (
                "appointment_verification_start_on: 2025-11-18",
                "anti_money_laundering_supervisory_bodies: hmrc, icaew",
            ),
        },
        datasets=("uk_psc",),
    )
    assert claims(sample, ada) == [
        ("OWNS", "gb-coh:01000001", "capital", Stake(25_000_001, 50_000_000)),
        ("OWNS", "gb-coh:01000001", "votes", Stake(50_000_001, 74_999_999)),
    ]
    first = next(r for r in sample.relations if r.source == ada)
    assert (first.start, first.end) == ("2016-04-06", None)
    assert first.stake_text == first.evidence.note == "ownership-of-shares-25-to-50-percent"
    assert first.evidence.observed == "2025-03-14"
    assert first.evidence.record == (
        "/company/01000001/persons-with-significant-control/individual/aaa1"
    )
    assert first.evidence.url.endswith("/company/01000001/persons-with-significant-control")
    assert first.properties["etag"] == ("e01",)


def test_one_name_of_two_notifications_stays_two_people(sample: Loaded) -> None:
    adas = {key for key, entity in sample.entities.items() if entity.name == "Ms Ada Mary Quill"}
    assert adas == {"uk_psc:01000001/aaa1", "uk_psc:OC300004/ddd1"}


def test_a_firm_at_companies_house_is_one_with_the_company(sample: Loaded) -> None:
    """Its number is printed without the leading zero; as a company it has no name in the file."""
    holding = sample.entities["gb-coh:01000002"]
    assert (holding.name, holding.countries) == ("Quill Holdings Limited", ("gb",))
    assert holding.identifiers == (("gb-coh", "01000002"),)
    assert claims(sample, "gb-coh:01000002") == [
        ("OWNS", "gb-coh:01000001", "capital", Stake(50_000_001, 74_999_999)),
        ("CONTROLS", "gb-coh:01000001", "board", None),
    ]
    owned = [r for r in sample.relations if r.target == "gb-coh:01000002"]
    assert {r.source for r in owned} == {"uk_psc:01000002/bbb1", "uk_psc:01000002/bbb2"}
    past = next(r for r in sample.relations if r.source == "gb-coh:01000002")
    assert (past.start, past.end) == ("2017-01-05", "2019-06-30")
    assert past.properties["legalForm"] == ("Private Company",)
    assert not [a for a in sample.report.audits if a.what == "two descriptions of one id"]


def test_what_a_trust_holds_bounds_the_share_from_above_only(sample: Loaded) -> None:
    """The share held directly keeps its floor: the two stand apart."""
    trustees = sample.entities["uk_psc:01000002/bbb1"]
    assert (trustees.countries, trustees.identifiers) == (("je",), (("register", "98765"),))
    assert claims(sample, trustees.id) == [
        ("OWNS", "gb-coh:01000002", "capital", Stake(0, 100_000_000)),
        ("OWNS", "gb-coh:01000002", "capital", Stake(25_000_001, 50_000_000)),
    ]
    through, direct = [r for r in sample.relations if r.source == trustees.id]
    assert through.properties["joint"] == ("through a trust, uk_psc:01000002/bbb1",)
    assert through.properties["through"] == ("control over a trust whose trustees hold it",)
    assert "joint" not in direct.properties


def test_an_organ_of_a_state(sample: Loaded) -> None:
    assert sample.entities["uk_psc:01000002/bbb2"].schema == "PublicBody"
    assert sample.entities["uk_psc:OE000005/eee3"].schema == "Organization"
    assert claims(sample, "uk_psc:01000002/bbb2") == [
        ("CONTROLS", "gb-coh:01000002", "influence", None)
    ]


def test_a_protected_person_is_an_unknown_owner_with_the_reason(sample: Loaded) -> None:
    now, past = sample.entities["uk_psc:SC000003/ccc1"], sample.entities["uk_psc:SC000003/ccc2"]
    assert now.name == past.name == "Person whose details are withheld by law"
    assert now.properties == {
        "reason": (
            "details withheld under regulations made under section 790ZG of the Companies Act 2006",
        )
    }
    assert claims(sample, now.id) == [("OWNS", "gb-coh:SC000003", "", None)]
    ends = {r.source: r.end for r in sample.relations}
    assert (ends[now.id], ends[past.id]) == (None, "2025-03-14")  # the day of the snapshot
    assert sample.entities["uk_psc:OE000005/eee4"].properties["reason"] == (
        "details withheld because restrictions on their use are in force",
    )


def test_an_overseas_entity_that_holds_land(sample: Loaded) -> None:
    entity = sample.entities["gb-coh:OE000005"]
    assert (entity.schema, entity.countries) == ("Company", ())
    rook = sample.entities["uk_psc:OE000005/eee1"]
    assert (rook.countries, rook.topics) == (("gg",), ("sanction",))
    assert rook.properties["address"] == ("Jersey", "St Peter Port, Guernsey")
    assert claims(sample, rook.id) == [
        ("OWNS", "gb-coh:OE000005", "capital", Stake(25_000_001, 100_000_000))
    ]
    assert claims(sample, "gb-coh:OE000005") == [("REPRESENTS", rook.id, "", None)]
    assert claims(sample, "uk_psc:OE000005/eee2") == [
        ("OWNS", "gb-coh:OE000005", "votes", Stake(0, 100_000_000)),
        ("LINKED_TO", "gb-coh:OE000005", "", None),
    ]


def test_why_nobody_is_named_stands_on_the_company(sample: Loaded) -> None:
    assert sample.entities["gb-coh:01000006"].properties == {
        "statement": (
            "steps-to-find-psc-not-yet-completed from 2016-09-11 to 2018-01-01",
            "psc-has-failed-to-confirm-changed-details from 2018-01-01 about Mr Bo Rook",
        )
    }
    assert sample.entities["gb-coh:01000007"].properties == {
        "exemption": (
            "psc-exempt-as-trading-on-regulated-market from 2016-06-30 to 2020-12-31",
            "psc-exempt-as-trading-on-regulated-market from 2021-01-01",
        )
    }


BANDS = {  # SI 2016/339, schedule 2, in millionths of a percent
    "25-to-50": (25_000_001, 50_000_000),
    "50-to-75": (50_000_001, 74_999_999),
    "75-to-100": (75_000_000, 100_000_000),
    "more-than-25": (25_000_001, 100_000_000),
}


@pytest.mark.parametrize("code", sorted(NATURES))
def test_every_nature_of_control(tmp_path: Path, code: str) -> None:
    loaded = Loaded(tmp_path, person(natures_of_control=[code]))
    (relation,) = loaded.relations
    assert not [key for key in loaded.noted if key[0].startswith("unknown")]
    assert relation.properties["nature"] == (code,)
    band = next((band for band in BANDS if f"-{band}-percent" in code), "")
    through = re.search(r"-(trust|firm)\b", code)
    if band:
        low, high = BANDS[band]
        assert (relation.kind, relation.stake) == ("OWNS", Stake(0 if through else low, high))
        assert relation.basis == ("votes" if code.startswith("voting") else "capital")
        assert parse_stake(code) == Stake(low, high)
    elif code.startswith("registered-owner-as-nominee-person"):
        assert (relation.kind, relation.source) == ("REPRESENTS", "gb-coh:01000009")
    elif code.startswith("registered-owner"):
        assert (relation.kind, relation.target) == ("LINKED_TO", "gb-coh:01000009")
    else:
        means = "influence" if code.startswith("significant") else "board"
        assert (relation.kind, relation.basis, relation.stake) == ("CONTROLS", means, None)
    assert ("through" in relation.properties) == bool(through)


def test_there_are_as_many_natures_as_the_law_makes() -> None:
    """Bands, directly or through a trust or a firm; overseas entities in five ways, no bands."""
    companies = 2 * 3 * 3 + 2 * 3  # shares and votes; board and influence
    partnerships = companies + 3 * 3 + 3  # the Scottish ones share codes with companies
    assert len(NATURES) == companies + partnerships + 4 * 5 + 2 * 3


@pytest.mark.parametrize("code", sorted(manifest("uk_psc").tables["statements"]))
def test_every_statement(tmp_path: Path, code: str) -> None:
    kind = "persons-with-significant-control-statement"
    loaded = Loaded(tmp_path, person(kind=kind, statement=code, name=None))
    assert loaded.entities["gb-coh:01000009"].properties["statement"] == (
        f"{code} from 2020-01-01",
    )
    assert loaded.noted[("statements instead of a person", code)] == 1
    assert not [key for key in loaded.noted if key[0].startswith("unknown")]


@pytest.mark.parametrize(
    ("said", "entity_id"),
    [
        ({"registration_number": "123", "country_registered": "England"}, "gb-coh:00000123"),
        ({"registration_number": "sc 123456", "place_registered": "Scotland"}, "gb-coh:SC123456"),
        (
            {"registration_number": "SC123", "place_registered": "Companies House"},
            "gb-coh:SC000123",
        ),
        (
            {
                "registration_number": "01234567",
                "place_registered": "Registrar Of Companies For England And Wales",
                "country_registered": "England And Wales",
            },
            "gb-coh:01234567",
        ),
        ({"registration_number": "01234567"}, ""),  # nothing says whose number it is
        ({"registration_number": "01234567", "country_registered": "Jersey"}, ""),
        (
            {
                "registration_number": "01234567",
                "place_registered": "Companies House",
                "country_registered": "Cyprus",
            },
            "",
        ),
        ({"registration_number": "01234567", "place_registered": "Charity Commission"}, ""),
        ({"registration_number": "123456789", "place_registered": "Companies House"}, ""),
        ({"registration_number": "0", "place_registered": "Companies House"}, ""),
        ({"registration_number": "XX123456", "place_registered": "Companies House"}, ""),
    ],
)
def test_whose_number_it_is(tmp_path: Path, said: dict[str, str], entity_id: str) -> None:
    loaded = Loaded(tmp_path, body(**said))
    (relation,) = loaded.relations
    assert relation.source == (entity_id or "uk_psc:01000009/zzz9")
    if not entity_id:
        number = said["registration_number"]
        assert loaded.entities[relation.source].identifiers == (("register", number),)


def test_a_number_of_an_unknown_register_is_signalled(tmp_path: Path) -> None:
    charity = body(registration_number="1", place_registered="Charity Commission")
    loaded = Loaded(tmp_path, charity, body(registration_number="1X", country_registered="UK"))
    assert loaded.noted["register not known to be Companies House", "Charity Commission: 1"] == 1
    assert loaded.noted["no number of Companies House", "1X"] == 1


def test_two_spellings_of_one_firm_are_two_names(tmp_path: Path) -> None:
    one = body(registration_number="5", country_registered="UK")
    other = body(registration_number="5", country_registered="UK")
    other["data"]["name"] = "FIRM (HOLDINGS)"
    loaded = Loaded(tmp_path, one, other)
    firm = loaded.entities["gb-coh:00000005"]
    assert (firm.name, firm.names) == ("Firm", (Name("FIRM (HOLDINGS)", role="alias"),))


@pytest.mark.parametrize(
    ("record", "noted"),
    [
        (person(shoe_size="44"), ("unknown field", "data.shoe_size")),
        (person(natures_of_control=["shares-of-moon"]), ("unknown natures", "shares-of-moon")),
        (person(natures_of_control=[]), ("no nature of control", "kept as an unknown share")),
        (person(notified_on="1083-01-01"), ("notified before the register began", "1083")),
        (person("XQ000001"), ("unknown prefix of a company number", "XQ")),
        (
            person(date_of_birth={"month": 13, "year": 1980}),
            ("unreadable date of birth", "{'month': 13, 'year': 1980}"),
        ),
        (
            person(kind="persons-with-significant-control-statement", statement="new"),
            ("unknown statements", "new"),
        ),
        (
            person(kind="exemptions", exemptions={"a": {"exemption_type": "new"}}),
            ("unknown exemptions", "new"),
        ),
        (
            person(kind="super-secure-beneficial-owner", description="new"),
            ("unknown descriptions", "new"),
        ),
        (body(country_registered="Narnia"), ("unknown country", "Narnia")),
    ],
)
def test_what_is_unknown_is_signalled(
    tmp_path: Path, record: dict[str, Any], noted: tuple[str, str]
) -> None:
    loaded = Loaded(tmp_path, record)
    assert loaded.noted[noted] == 1
    assert loaded.report.tally == (1, 1, 0, 0, 0)


def test_an_unknown_nature_is_kept_as_a_link(tmp_path: Path) -> None:
    (relation,) = Loaded(tmp_path, person(natures_of_control=["shares-of-moon"])).relations
    assert (relation.kind, relation.properties["role"]) == ("LINKED_TO", ("shares-of-moon",))


def test_no_nature_is_an_unknown_share(tmp_path: Path) -> None:
    (relation,) = Loaded(tmp_path, person(natures_of_control=None)).relations
    assert (relation.kind, relation.stake, relation.stake_text) == ("OWNS", None, "")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (person(""), "no company_number"),
        (person(kind="robot"), "kind 'robot' is not known"),
        (person(kind=None), "kind '' is not known"),
        (person(name=""), "an owner without a name"),
        (person(name=7), "name is '7', no text"),
        (person(links=None), "neither links.self nor etag"),
        (person(notified_on="soon"), "'soon' is no date"),
        (person(notified_on="2020-01-02", ceased_on="2020-01-01"), "ends on 2020-01-01 before"),
        (person(ceased=True), "ceased on a day that is not stated; give --date"),
        (person(natures_of_control="all"), "natures_of_control is 'all', no list"),
        (person(kind="exemptions", exemptions={}), "an exemption without a type"),
        (person(kind="persons-with-significant-control-statement"), "a statement that says noth"),
        ([1], "no object with company_number"),
        ({"company_number": "1", "data": 2}, "no object with company_number"),
        ("{", "no object with company_number"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, record: object, reason: str
) -> None:
    loaded = Loaded(tmp_path, record, person())
    assert loaded.report.tally == (2, 1, 0, 0, 1)
    assert reason in loaded.report.quarantined[0].reason
    assert loaded.report.quarantined[0].position == "line 1"


def test_a_link_of_another_form_and_an_etag_alone_still_make_ids(tmp_path: Path) -> None:
    loaded = Loaded(tmp_path, person(links={"self": "/x"}), person(links=None, etag="e99"))
    assert [r.source for r in loaded.relations] == ["uk_psc:/x", "uk_psc:e99"]


@pytest.mark.parametrize(
    ("nationality", "countries"),
    [
        ("British", ("gb",)),
        ("English/Scottish", ("gb",)),
        ("Chinese; Hong Konger", ("cn", "hk")),
        ("citizen of the Dominican Republic", ("do",)),
        ("Norwegian", ("no",)),
        ("", ()),
        ("Martian", ()),
    ],
)
def test_nationalities(tmp_path: Path, nationality: str, countries: tuple[str, ...]) -> None:
    loaded = Loaded(tmp_path, person(nationality=nationality))
    assert loaded.entities["uk_psc:01000009/zzz9"].countries == countries


def test_nationalities_are_countries() -> None:
    from spillover.loaders.reading.countries import alpha2

    codes = manifest("uk_psc").tables["nationalities"]
    states = codes.keys() - {"xk"}  # Kosovo has no code of ISO 3166
    assert {alpha2(code) for code in states} == states
    assert max(Counter(name for names in codes.values() for name in names).values()) == 1


def test_totals_are_compared_over_all_parts(tmp_path: Path) -> None:
    """Two persons and a statement in two parts; the totals line says three persons."""
    totals = {
        "kind": "totals#persons-of-significant-control-snapshot",
        "persons_of_significant_control_count": 3,
        "statements_count": 1,
        "exemptions_count": 0,
        "generated_at": "2024-02-03T01:00:00Z",
    }
    kind = "persons-with-significant-control-statement"
    statement = person(kind=kind, statement="psc-details-not-confirmed")
    files = [tmp_path / "psc-snapshot-2024-02-01_1of2.txt", tmp_path / "part2.txt"]
    files[0].write_text(json.dumps(person()) + "\n")
    files[1].write_text("\n".join(map(json.dumps, (person("2"), statement, {"data": totals}))))
    report = run(tmp_path / "g", "uk_psc", files)
    assert [(a.key, a.example) for a in report.audits if a.what == "totals differ"] == [
        ("persons_of_significant_control_count", "3 stated, 2 read")
    ]
    claims_ = [relation for relation, _ in content(tmp_path / "g")[2]]
    assert {r.evidence.observed for r in claims_} == {"2024-02-03"}
    report = run(tmp_path / "g", "uk_psc", files[:1], options=Options(allow_shrink=True))
    assert ("no totals line", "whether records are missing is unknown") in [
        (a.what, a.key) for a in report.audits
    ]
    (first,) = [relation for relation, _ in content(tmp_path / "g")[2]]
    assert first.evidence.observed == "2024-02-01"  # from the name of the file


def test_no_file_and_a_wrong_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the snapshot, or all its parts"):
        run(tmp_path / "g", "uk_psc", [])
    (tmp_path / "w.json").write_text('{"a": 1}\n{"b": 2}\n')
    with pytest.raises(InputError, match="line 1: no object with company_number"):
        run(tmp_path / "g", "uk_psc", [tmp_path / "w.json"])


def test_too_many_unreadable_records_change_nothing(tmp_path: Path) -> None:
    good = [person(f"{number:08}") for number in range(1, 50)]
    Loaded(tmp_path, *good)
    with pytest.raises(LoadRefusedError, match="1 of 50 records cannot be read"):
        Loaded(tmp_path, *good, person(name=""), tolerance=0.01)
    assert [load.read for load in content(tmp_path / "graph.db")[0]] == [49]


def test_naughty_texts_stay_as_they_are(tmp_path: Path) -> None:
    """In every text of a body and of a person; the id of each is its place in the list."""
    records, wanted = [], {}
    for number, text in enumerate(naughty(), start=1):
        firm = body(legal_form=text, registration_number=text, country_registered="Jersey")
        link = f"/company/01000009/persons-with-significant-control/x/{number}"
        firm["data"] |= {"name": text, "links": {"self": link}, "natures_of_control": [text]}
        records += [firm, person(nationality=text, address={"region": text}, etag=text)]
        wanted[f"uk_psc:01000009/{number}"] = text
    loaded = Loaded(tmp_path, *records)
    found = {key: loaded.entities[key] for key in wanted}
    assert {key: entity.name for key, entity in found.items()} == wanted
    stripped = {key: text.strip() for key, text in wanted.items()}
    assert {key: firm.properties["legalForm"][0] for key, firm in found.items()} == stripped
    assert {
        r.source: r.properties["role"][0] for r in loaded.relations if r.kind == "LINKED_TO"
    } == wanted


def test_cut_off_anywhere_it_is_refused_or_whole(tmp_path: Path) -> None:
    """At every byte of the last three records; what is accepted ends with a record."""
    data = SAMPLE.read_bytes()
    (tmp_path / "whole.txt").write_bytes(data)
    run(tmp_path / "graph.db", "uk_psc", [tmp_path / "whole.txt"])
    for cut in cuts(tmp_path, "uk_psc", list(truncations(data)), suffix=".txt"):
        assert cut.rstrip(b"\n").endswith(b"}}")
        assert data.startswith(cut.rstrip(b"\n") + b"\n")


@pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")
def test_the_real_file(tmp_path: Path) -> None:
    """Counts by patterns on the text, which share nothing with the loader."""
    (file,) = REAL.glob("*.jsonl")
    text = file.read_text(encoding="utf-8")
    report = run(tmp_path / "g", "uk_psc", [file])
    lines = text.count("\n")
    assert report.tally == (lines, lines - 1, 0, 1, 0)
    _, entities, claims_, _ = content(tmp_path / "g")
    stated = re.findall(
        r'"(?:ownership-of-shares|voting-rights|right-to-|significant-)[^"]*"', text
    )
    assert report.relations == len(stated)
    companies = set(re.findall(r'"company_number":"([^"]+)"', text))
    assert companies <= {entity.id.removeprefix("gb-coh:") for entity in entities}
    noted = {(a.what, a.key): a.example for a in report.audits}
    assert noted["totals differ", "statements_count"] == "774422 stated, 1 read"
    by_name = {entity.name: entity for entity in entities}
    safe = by_name["State Administration Of Foreign Exchange"]
    assert safe.schema == "PublicBody"
    held = [(r.target, r.stake, r.start) for r, _ in claims_ if r.source == safe.id]
    assert held == [("gb-coh:07102351", Stake(75_000_000, 100_000_000), "2016-04-06")]
    assert by_name["Robert Hitchins Limited"].id == "gb-coh:00686734"
    assert by_name["Clientlogic Holding Limited"].id == "gb-coh:03530981"
    assert {r.evidence.observed for r, _ in claims_} == {"2024-11-22"}
