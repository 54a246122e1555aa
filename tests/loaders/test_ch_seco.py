"""The Swiss list: names in parts and scripts, changes in time, places and programmes apart."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.hostile import refused, truncations
from tests.loaders.listed import DATA, Loaded, audits, cuts, texts

SAMPLE = DATA / "ch_seco" / "whole_list.xml"
HEAD = '<swiss-sanctions-list list-type="whole-list" date="2026-03-10">'
TAIL = "</swiss-sanctions-list>"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("ch"), "ch_seco", SAMPLE)


def whole(folder: Path, body: str, head: str = HEAD) -> Path:
    file = folder / "list.xml"
    file.write_text(head + body + TAIL, encoding="utf-8", newline="")
    return file


def target(number: int | str, inside: str, around: str = "", kind: str = "individual") -> str:
    return (
        f'<target ssid="{number}"><{kind}><identity main="true"><name name-type="primary-name">'
        f'<name-part order="1"><value>A</value></name-part></name>{inside}</identity></{kind}>'
        f"{around}</target>"
    )


def change(kind: str, day: str, attribute: str = "effective-date") -> str:
    return f'<modification modification-type="{kind}" {attribute}="{day}"/>'


def test_every_child_of_the_root_is_accounted_for(sample: Loaded) -> None:
    """Six targets, one without a name; two programmes and two places; history is no record."""
    assert sample.report.tally == (10, 5, 4, 0, 1)
    assert [(q.position, q.reason) for q in sample.report.quarantined] == [
        ("target ssid 600", "600 has no name; expected a name-part with a value")
    ]
    assert audits(sample.report) == {
        ("merged", "place"): 2,
        ("merged", "sanctions-program"): 2,
        ("no day of listing", "its changes do not say since when"): 2,
        ("set of measures read as a freeze of assets", "annex 8 -- Financial sanctions"): 1,
        ("set of measures read as a freeze of assets", "article 2 -- Freeze of assets"): 2,
        ("set of measures that the file does not explain", "99"): 1,
        ("unknown documentTypes", "fishing-licence"): 1,
        ("unknown relationTypes", "parent-of"): 1,
    }
    assert "Old Name" not in {entity.name for entity in sample.entities.values()}


def test_a_person_with_names_in_parts(sample: Loaded) -> None:
    """Parts in their order, not in that of the file; a Latin variant fills up with the value."""
    assert sample.entities["ch-seco:100"] == Entity(
        "ch-seco:100",
        "Person",
        "Holub Borys Petrovych",
        (
            Name("Golub Boris Petrovych", "rus", "name"),
            Name("Голуб Борис Петрович", "rus", "name"),
            Name("The Dove", "", "weak"),
            Name("Borys Kryvko", "", "previous"),
            Name("Bohdan Sokol", "", "alias"),
        ),
        ("ua",),
        (("ch-seco", "100"), ("un-sc", "QDi.901"), ("passport", "ZZ777888")),
        ("sanction",),
        {
            "title": ("Colonel",),
            "gender": ("male",),
            "address": ("Mill House, Lane 4, 79000, Millport, Belarus",),
            "birthPlace": ("Brodford, North, Ukraine",),
            "nationality": ("Ukraine",),
            "document": (
                "passport, ZZ777888, Ukraine, reported lost, date-of-issue 2010-05-01",
                "fishing-licence, F-1",
            ),
            "foreignIdentifier": ("QDi.901",),
            "notes": ("Seen in 2019.",),
            "birthDate": ("1971-08-03",),
            "birthDateNote": ("1972 (weak)",),
        },
        ("ch_seco",),
    )


def test_an_organisation_and_a_ship(sample: Loaded) -> None:
    """The IMO number that a firm's note prints may be that of any ship."""
    mill, ship = sample.entities["ch-seco:200"], sample.entities["ch-seco:500"]
    assert (mill.schema, mill.name, mill.countries) == ("Organization", "Holub Mill LLC", ("by",))
    assert mill.identifiers == (("ch-seco", "200"), ("tax", "7700112233"))
    assert mill.properties["incorporationDate"] == ("1999-02",)
    assert (ship.schema, ship.identifiers) == ("Vessel", (("ch-seco", "500"), ("imo", "9074729")))
    assert ship.properties["foreignIdentifier"] == ("140",)


def test_what_happened_last_decides(sample: Loaded) -> None:
    """Listed, delisted and listed again makes two times; the list writes the last one first."""
    assert sample.listings("ch-seco:100") == [("CH-SECO", "2014-04-02", None)]
    assert sample.listings("ch-seco:200") == [
        ("CH-SECO", "2016-01-10", "2018-07-01"),
        ("CH-SECO", "2022-03-05", None),
        ("SECO-UKRAINE", "2016-01-10", "2018-07-01"),
        ("SECO-UKRAINE", "2022-03-05", None),
    ]
    assert sample.listings("ch-seco:400") == [("CH-SECO", None, "2016-03-01")]
    assert sample.entities["ch-seco:400"].topics == ()
    assert sample.listings("ch-seco:500") == [("CH-SECO", None, None)]


def test_measures_that_freeze_nothing_are_another_programme(sample: Loaded) -> None:
    assert sample.listings("ch-seco:300") == [("CH-SECO-OTHER", "2014-09-01", None)]
    (listed,) = (
        r for r in sample.relations if r.target == "ch-seco:300" and r.kind == "DESIGNATES"
    )
    assert listed.properties == {
        "program": ("Westland (key)",),
        "measure": ("article 9 -- Restrictions on the money and capital market",),
        "ordinance": ("Ordinance of 1 April 2014 on measures against Westland",),
        "origin": ("EU",),
    }
    assert listed.evidence.observed == "2026-03-10"
    reasons = {r.evidence.note for r in sample.relations if r.source == "CH-SECO"}
    assert "Owned by Borys Holub. Grinds for the army." in reasons


def test_relations_run_from_the_target_that_states_them(sample: Loaded) -> None:
    """A type that is not known is kept in its own words, and nothing is made of its direction."""
    links = [
        (r.source, r.target, dict(r.properties), r.evidence.record, r.evidence.note)
        for r in sample.relations
        if r.kind == "LINKED_TO"
    ]
    assert links == [
        ("ch-seco:100", "ch-seco:200", {}, "122", ""),
        ("ch-seco:200", "ch-seco:100", {}, "208", ""),
        ("ch-seco:200", "ch-seco:300", {"role": ("parent-of",)}, "209", "annual report"),
    ]
    assert {r.kind for r in sample.relations} == {"LINKED_TO", "DESIGNATES"}


@pytest.mark.parametrize(
    ("changes", "times"),
    [
        ("", [(None, None)]),
        (change("listed", "2020-01-02"), [("2020-01-02", None)]),
        (change("listed", "2020-01-02", "publication-date"), [("2020-01-02", None)]),
        (change("amended", "2020-01-02"), [(None, None)]),
        (change("de-listed", "2021"), [(None, "2021")]),
        (change("de-listed", "2021-05-01") + change("listed", "2020"), [("2020", "2021-05-01")]),
        # The day decides, not the order of the file.
        (change("listed", "2020") + change("de-listed", "2021-05-01"), [("2020", "2021-05-01")]),
        # Of one day the one above is the later one.
        (change("listed", "2021") + change("de-listed", "2021"), [(None, "2021"), ("2021", None)]),
        (change("melted", "2021"), [(None, None)]),
    ],
)
def test_times(tmp_path: Path, changes: str, times: list[tuple[str | None, str | None]]) -> None:
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, target(1, "", changes)))
    assert [(start, end) for _, start, end in loaded.listings("ch-seco:1")] == times
    assert (("unknown changes", "melted") in audits(loaded.report)) == ("melted" in changes)


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (target(1, "", change("de-listed", "")), "1 is de-listed on ''; expected a day"),
        (target(1, "", change("listed", "soon")), "1 is listed on 'soon'; expected a day"),
        (
            '<target ssid="1"/>',
            "target '1' is neither individual, entity nor object, or has no ssid",
        ),
        (
            target("", ""),
            "target '' is neither individual, entity nor object, or has no ssid",
        ),
        (
            target(1, "").replace("</individual>", '<relation relation-type="x"/></individual>'),
            "a relation 'x' without target-id; it needs its other end",
        ),
    ],
)
def test_records_that_are_set_aside(tmp_path: Path, record: str, why: str) -> None:
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, record + target(2, "")))
    assert [q.reason for q in loaded.report.quarantined] == [why]


def test_unknown_things_are_signalled(tmp_path: Path) -> None:
    inside = '<day-month-year year="1350" calendar="Moon"/><day-month-year year="x"/><mood/>'
    body = target(1, inside, "<sanctions-set-id/>", kind="object") + "<legend/>"
    body = body.replace("<object>", '<object object-type="balloon">') + "<legend/>"
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, body, HEAD.replace("whole", "delta")))
    assert audits(loaded.report) == {
        ("no day of listing", "its changes do not say since when"): 1,
        ("not the whole list", "delta-list"): 1,
        ("unknown calendars", "Moon"): 1,
        ("unknown element", "legend"): 1,
        ("unknown field", "identity: mood"): 1,
        ("unknown objectTypes", "balloon"): 1,
        ("unreadable date", "x"): 1,
    }
    assert loaded.entities["ch-seco:1"].schema == "Asset"
    assert loaded.entities["ch-seco:1"].properties == {"incorporationDateNote": ("1350 (Moon)",)}


def test_a_un_number_of_the_other_kind_of_party_is_no_key(tmp_path: Path) -> None:
    body = target(1, "", "<foreign-identifier>QDe.002</foreign-identifier>")
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, body))
    assert loaded.entities["ch-seco:1"].identifiers == (("ch-seco", "1"),)
    assert audits(loaded.report)["UN reference number of another kind of party", "QDe.002"] == 1


def test_variants_of_one_script_pair_up(tmp_path: Path) -> None:
    """A part with two variants beside one with one; a script that a part lacks makes no name."""
    name = (
        '<target ssid="1"><entity><identity main="true"><name>'
        "<name-part><value>Alpha</value>"
        '<spelling-variant lang="RUS" script="LATN">Alfa</spelling-variant>'
        '<spelling-variant lang="RUS" script="LATN">Al\'fa</spelling-variant>'
        '<spelling-variant lang="ARA" script="ARAB">ألفا</spelling-variant></name-part>'
        '<name-part><value>Bank</value><spelling-variant lang="RUS" script="LATN">Bankk'
        "</spelling-variant></name-part></name></identity></entity></target>"
    )
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, name))
    assert loaded.entities["ch-seco:1"].name == "Alpha Bank"
    assert loaded.names("ch-seco:1") == [
        ("Alfa Bankk", "rus", "alias"),
        ("Al'fa Bankk", "rus", "alias"),
    ]


def test_it_is_known_by_its_root() -> None:
    assert [d.loader for d in detect([SAMPLE]).found] == ["ch_seco"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<list/>", "its root is 'list', expected 'swiss-sanctions-list'"),
        (HEAD + "<place/>" + TAIL, "holds no target; is it complete?"),
        (
            HEAD.replace("2026-03-10", "soon") + target(1, "") + TAIL,
            "date is 'soon'; expected a day",
        ),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "f.xml"
    file.write_text(text)
    assert refused(tmp_path / "g.db", "ch_seco", file) == f"f.xml: {why}"


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name the XML file"):
        run(tmp_path / "g.db", "ch_seco", [])


def test_hostile_texts_stay_as_they_are(tmp_path: Path) -> None:
    cases = {one: t for one, t in texts("xml").items() if not set(t) & set("\n\r\t\v\f\x85")}
    body = "".join(
        f'<target ssid="{n}"><sanctions-set-id>{one}</sanctions-set-id>'
        f"<foreign-identifier>{one}</foreign-identifier><entity><identity main='{one}'>"
        f'<name name-type="{one}" quality="{one}"><name-part order="{one}" name-part-type="{one}">'
        f'<value>{one}</value><spelling-variant lang="{one}" script="{one}">{one}'
        f'</spelling-variant></name-part></name><address place-id="{one}"/>'
        f'<identification-document document-type="{one}"><number>{one}</number>'
        f"</identification-document></identity><justification>{one}</justification>"
        f'<relation target-id="{one}" relation-type="{one}"/>'
        f"<other-information>{one}</other-information></entity></target>"
        for n, one in enumerate(cases)
    )
    loaded = Loaded(tmp_path, "ch_seco", whole(tmp_path, body), options=Options())
    assert loaded.report.tally == (len(cases), len(cases), 0, 0, 0)
    for number, text in enumerate(cases.values()):
        entity = loaded.entities[f"ch-seco:{number}"]
        assert (entity.name, entity.properties["notes"]) == (text, (text,))


def test_a_cut_off_file_is_refused_and_the_earlier_one_stays(tmp_path: Path) -> None:
    Loaded(tmp_path, "ch_seco", SAMPLE, options=Options(tolerance=0.5))
    data = list(truncations(SAMPLE.read_bytes(), 3, b"</target>"))
    assert cuts(tmp_path, "ch_seco", data[::5], suffix=".xml") == []
