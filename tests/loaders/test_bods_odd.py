"""What is odd in a statement is signalled, and what cannot be read is set aside or refused."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.loaders.detect import detect
from spillover.loaders.run import run
from tests.loaders.bods_loads import MODERN, OLDER, SAMPLES, loaded, relationship, statement
from tests.loaders.hostile import assert_one_line, naughty, refused, truncations


@pytest.mark.parametrize(
    ("share", "stake", "text"),
    [
        ({"exact": 0}, (0, 0), "0"),
        ({"exact": 33.333333333}, (33_333_333, 33_333_334), "33.333333333"),
        ({"minimum": 25, "maximum": 50}, (25_000_000, 50_000_000), "minimum 25, maximum 50"),
        ({"exclusiveMinimum": 50}, (50_000_001, 100_000_000), "exclusiveMinimum 50"),
        ({"minimum": 50, "exclusiveMinimum": True}, (50_000_001, 100_000_000), None),
        ({"minimum": 50, "exclusiveMinimum": False}, (50_000_000, 100_000_000), None),
        ({"maximum": 10, "exclusiveMaximum": True}, (0, 9_999_999), None),
        ({"exact": "12.5"}, (12_500_000, 12_500_000), "12.5"),
        ({"exact": None, "minimum": 75}, (75_000_000, 100_000_000), "minimum 75"),
        ({}, None, ""),
        (None, None, ""),
    ],
)
def test_shares(
    tmp_path: Path, share: object, stake: tuple[int, int] | None, text: str | None
) -> None:
    (claim,) = loaded(tmp_path, relationship({"type": "shareholding", "share": share})).relations
    assert claim.stake == stake
    assert text is None or claim.stake_text == text


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        ({"exact": 101}, "above 100 %"),
        ({"exact": -1}, "below 0"),
        ({"exact": 50, "maximum": 40}, "the share 50 lies outside its own bounds (maximum 40)"),
        ({"minimum": 60, "maximum": 40}, "leave no share between them"),
        ({"exclusiveMinimum": True}, "true has no number beside it"),
        ({"exact": True}, "true and false are no shares"),
        ({"exact": "a lot"}, "'a lot' is no share"),
        ({"exact": [50]}, "exact of the share is '[50]'; expected a number"),
        (50, "share is '50'; expected an object"),
    ],
)
def test_a_share_that_cannot_be_read_is_set_aside(
    tmp_path: Path, share: object, reason: str
) -> None:
    found = loaded(tmp_path, relationship({"type": "shareholding", "share": share}))
    (set_aside,) = found.report.quarantined
    assert reason in set_aside.reason
    assert_one_line(set_aside.reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (5, "'5' is no object; expected a BODS statement"),
        ({"name": "x"}, "no statementType and no recordType; expected a BODS statement"),
        ({"statementID": "x", "statementType": "other"}, "statementType 'other' is not known"),
        ({"statementID": "", "statementType": "entityStatement"}, "statementID is ''"),
        (statement("firm", "x", {}), "recordType 'firm' is not known"),
        (statement("entity", "x", {}, recordStatus="live"), "recordStatus 'live' is not known"),
        (statement("entity", "x", {}, statementDate="soon"), "'soon' is no date"),
        (statement("entity", "x", {}, recordDetails=[]), "recordDetails is '[]'"),
        (relationship(subject=None), "subject is 'None'; expected a record"),
        (relationship(interestedParty={"name": "x"}), "interestedParty is \"{'name': 'x'}\""),
        (relationship({"type": "friendship"}), "interest of type 'friendship' is not known"),
        (relationship(interests={}), "interests is '{}'; expected a list"),
        (relationship({"startDate": "2020", "endDate": "2019"}), "ends on 2019 before it starts"),
        (relationship({"startDate": "yesterday"}), "'yesterday' is no date"),
        (
            statement(
                "relationship",
                "x",
                {"subject": "a", "interestedParty": "b"},
                recordStatus="closed",
                statementDate=None,
            ),
            "a closed record without a statementDate",
        ),
    ],
)
def test_a_statement_that_cannot_be_read_is_set_aside(
    tmp_path: Path, raw: object, reason: str
) -> None:
    report = loaded(tmp_path, raw, statement("entity", "good", {"name": "Good"})).report
    assert report.tally == (2, 1, 0, 0, 1)
    assert reason in report.quarantined[0].reason
    assert_one_line(report.quarantined[0].reason)


@pytest.mark.parametrize(
    ("details", "signal"),
    [
        ({"entityType": {"type": "circus"}}, ("unknown entityTypes", "circus")),
        ({"entityType": {"type": "state", "subtype": "trust"}}, ("subtype that does not fit", "t")),
        ({"entityType": {"type": "state", "subtype": "x"}}, ("unknown entitySubtypes", "x")),
        ({}, ("entity without a type", "entityType")),
        ({"entityType": {"type": "state"}, "name": ""}, ("entity without a name", "state")),
        ({"name": 5}, ("not a text", "recordDetails.name")),
        ({"foundingDate": "in May"}, ("not a date", "recordDetails.foundingDate")),
        ({"addresses": [{"type": "moon", "address": "x"}]}, ("unknown addressTypes", "moon")),
        ({"addresses": {}}, ("not a list of objects", "recordDetails.addresses")),
        ({"alternateNames": "x"}, ("not a list of texts", "recordDetails.alternateNames")),
        ({"jurisdiction": {"code": "QQ"}}, ("unknown country", "QQ")),
        ({"jurisdiction": "QQ"}, ("not an object", "recordDetails.jurisdiction")),
        ({"isComponent": "no"}, ("not true or false", "recordDetails.isComponent")),
        ({"identifiers": [{"id": "1"}]}, ("identifier without a scheme", "1")),
        ({"mood": "fine"}, ("unknown field", "entity: mood")),
        ({"identifiers": [{"id": "1", "scheme": "XI-LEI"}]}, ("invalid lei", "1")),
    ],
)
def test_what_is_odd_about_an_entity_is_signalled(
    tmp_path: Path, details: dict[str, Any], signal: tuple[str, str]
) -> None:
    found = loaded(tmp_path, statement("entity", "a", {"name": "A", **details}))
    assert found.report.tally == (1, 1, 0, 0, 0)
    assert any(
        what.startswith(signal[0]) and key.startswith(signal[1]) for what, key in found.audits()
    )
    assert found.entities.keys() == {"bods:a"}


def test_what_is_odd_about_other_statements_is_signalled(tmp_path: Path) -> None:
    person = {"personType": "ghost", "names": [{"type": "x"}], "politicalExposure": {"status": "x"}}
    found = loaded(
        tmp_path,
        statement("person", "a", person, source={"type": ["rumour"]}),
        relationship(
            {"type": "shareholding", "directOrIndirect": "sideways"},
            {"type": "boardMember", "directOrIndirect": "direct"},
            {"type": "boardMember", "directOrIndirect": "direct"},
            componentRecords=["x"],
            isComponent=True,
        ),
    )
    assert found.audits() == {
        ("a component with components", "rel"): 1,
        ("described by nobody", "entities that relations name"): 1,
        ("person without a name", "ghost"): 1,
        ("several interests of one type", "boardMember"): 1,
        ("unknown levels", "sideways"): 2,
        ("unknown nameTypes", "x"): 1,
        ("unknown pepStatuses", "x"): 1,
        ("unknown personTypes", "ghost"): 1,
        ("unknown sourceTypes", "rumour"): 1,
    }


def test_naughty_texts_stay_as_they_are(tmp_path: Path) -> None:
    texts = naughty()
    statements: Iterable[dict[str, Any]] = (
        statement(
            "entity",
            f"r{number}",
            {
                "name": text,
                "alternateNames": [text],
                "entityType": {"type": "registeredEntity", "details": text},
                "identifiers": [{"id": text, "schemeName": "x"}],
                "addresses": [{"address": text}],
            },
        )
        for number, text in enumerate(texts)
    )
    found = loaded(tmp_path, *statements)
    assert found.report.tally == (len(texts), len(texts), 0, 0, 0)
    for number, text in enumerate(texts):
        entity = found.entities[f"bods:r{number}"]
        assert entity.name == text
        assert entity.names == (Name(text, role="alias"),)
        assert entity.identifiers == (("register", text),)
        assert entity.properties["entityTypeDetails"] == (text,)
        assert entity.properties["address"] == (text,)


@pytest.mark.parametrize("place", ["type", "interestedParty", "subject", "details", "startDate"])
def test_naughty_texts_in_a_relationship_do_not_crash(tmp_path: Path, place: str) -> None:
    statements = []
    for number, text in enumerate(naughty()):
        said = relationship({"type": "shareholding", "details": text if place == "details" else ""})
        if place in {"type", "startDate"}:
            said["recordDetails"]["interests"][0][place] = text
        else:
            said["recordDetails"][place] = text
        statements.append({**said, "recordId": str(number)})
    tally = loaded(tmp_path, *statements).report.tally
    assert tally.read == len(statements) == tally.loaded + tally.quarantined
    assert (tally.loaded == 0) == (place in {"type", "startDate"})


@pytest.mark.parametrize("sample", [MODERN, OLDER])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, sample: Path) -> None:
    """Wherever it is cut in its last records; JSON lines that end with a line are whole."""
    graph, file = tmp_path / "graph.db", tmp_path / sample.name
    whole = sample.read_bytes()
    ends = [place for place, byte in enumerate(whole) if byte == ord("\n")]
    lines = {whole[:end] for end in ends} if sample == OLDER else set()
    file.write_bytes(whole)
    run(graph, "bods", [file])
    for cut in list(truncations(whole, 3, b"\n"))[::3]:
        if cut.strip() != whole.strip() and cut.strip() not in lines:
            file.write_bytes(cut)
            assert_one_line(refused(graph, "bods", file))


def test_no_file_and_no_statement_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name at least one file of BODS"):
        run(tmp_path / "graph.db", "bods", [])
    file = tmp_path / "empty.json"
    file.write_text("[]", encoding="utf-8")
    assert "0 records, expected" in refused(tmp_path / "graph.db", "bods", file)


def test_every_sample_is_known_by_its_content() -> None:
    assert [one.loader for one in detect([SAMPLES]).found] == ["bods", "bods"]
