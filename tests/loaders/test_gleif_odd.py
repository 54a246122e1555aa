"""What is odd in a file of GLEIF is signalled, and what cannot be read set aside or refused."""

import json
from pathlib import Path
from typing import Literal

import pytest
from stdnum import lei as stdnum_lei
from stdnum.iso7064 import mod_97_10

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.loaders.detect import detect
from spillover.loaders.gleif.cdf import checked_lei_id
from spillover.loaders.run import run
from tests.loaders.gleif_loads import HOLDING, SAMPLES, Loaded
from tests.loaders.hostile import assert_one_line, naughty, refused, truncations, written


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("rr", ("IS_FEEDER_TO", "IS_COUSIN_OF"), "'IS_COUSIN_OF' is not known as one of rel"),
        ("rr", (">INACTIVE<", ">SLEEPY<"), "'SLEEPY' is not known as one of relationshipStatuses"),
        ("rr", (">ANNULLED<", ">LOST<"), "'LOST' is not known as one of recordStatuses"),
        ("rr", (">PNI<", ">BIC<"), "a node 'PNI-77' of type 'BIC'; expected an LEI or a PNI"),
        ("rr", ("TEST00MASTER00000113", "MASTER"), "'MASTER' is no LEI; expected 20 digits"),
        ("rr", ("2010-01-01T", "2010-13-01T"), "'2010-13-01' is no date"),
        ("rr", ("2010-01-01T", "2013-01-01T"), "ends on 2012-12-31 before it starts on"),
        ("lei2", ("<lei:LEI>TEST00SOLE0000000191", "<lei:LEI>"), "'' is no LEI"),
        ("lei2", (">Jeanne Exemple<", "><"), "TEST00SOLE0000000191: no LegalName"),
        ("repex", (">NO_LEI<", "><"), "told"),
        ("repex", (">NON_PUBLIC<", ">SHY<"), "told"),
        ("repex", ("ULTIMATE_ACCOUNTING", "LAST_ACCOUNTING"), "of no known category"),
    ],
)
def test_a_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, name: str, change: tuple[str, str], reason: str
) -> None:
    text = (SAMPLES / f"{name}.xml").read_text(encoding="utf-8")
    file = tmp_path / "changed.xml"
    file.write_text(text.replace(*change), encoding="utf-8")
    loaded = Loaded(tmp_path, file, tolerance=1.0)
    if reason == "told":  # an unknown reason is signalled, and kept as it stands
        assert loaded.report.quarantined == ()
        assert any(what == "unknown exceptionReasons" for what, _ in loaded.audits())
        return
    assert loaded.report.quarantined
    for one in loaded.report.quarantined:
        assert reason in one.reason
        assert_one_line(one.reason)


@pytest.mark.parametrize(
    ("change", "signal"),
    [
        ((">FUND<", ">CIRCUS<"), ("unknown categories", "CIRCUS")),
        ((">LOCAL_GOVERNMENT<", ">MOON<"), ("unknown subCategories", "MOON")),
        (("TRADING_OR_OPERATING_NAME", "NICK_NAME"), ("unknown nameTypes", "NICK_NAME")),
        ((">RETIRED<", ">TIRED<"), ("unknown registrationStatuses", "TIRED")),
        ((">INACTIVE<", ">ASLEEP<"), ("unknown entityStatuses", "ASLEEP")),
        (("PARTIALLY_CORROBORATED", "HEARSAY"), ("unknown validationSources", "HEARSAY")),
        ((">JP<", ">QQ<"), ("unknown country", "QQ")),
        (("91110000MA0000001L", "91110000MA00000011"), ("number of a register", "9111")),
        (("TEST00SOLE0000000191", "TEST00SOLE0000000192"), ("invalid lei", "TEST00SOLE")),
        (
            ("<lei:SuccessorLEI>TEST00HOLDING0000129", "<lei:SuccessorLEI>?"),
            ("unreadable SuccessorLEI", "?"),
        ),
        (
            ("1999-05-04T00:00:00+02:00", "in May"),
            ("unreadable date of EntityCreationDate", "in May"),
        ),
        (
            ("<lei:EntityStatus>ACTIVE", "<lei:Mood>fine</lei:Mood><lei:EntityStatus>ACTIVE"),
            ("unknown field", "lei: Entity.Mood"),
        ),
        (('xml:lang="fr"', 'xml:lang="fr" colour="red"'), ("unknown field", "Entity.LegalName.@c")),
        (("<lei:RecordCount>9", "<lei:RecordCount>8"), ("header counts other records", "changed")),
    ],
)
def test_what_is_odd_is_signalled(
    tmp_path: Path, change: tuple[str, str], signal: tuple[str, str]
) -> None:
    text = (SAMPLES / "lei2.xml").read_text(encoding="utf-8")
    file = tmp_path / "changed.xml"
    assert change[0] in text
    file.write_text(text.replace(*change), encoding="utf-8")
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == (9, 9, 0, 0, 0)
    assert any(what.startswith(signal[0]) and signal[1] in key for what, key in loaded.audits())


def test_wrong_check_digits_are_signalled_and_the_claim_stands(tmp_path: Path) -> None:
    text = (SAMPLES / "rr.csv").read_text(encoding="utf-8")
    file = tmp_path / "rr.csv"
    file.write_text(text.replace("TEST00HOLDING0000129", "TEST00HOLDING0000130"), "utf-8")
    loaded = Loaded(tmp_path, file)
    assert loaded.audits()["invalid lei", "TEST00HOLDING0000130"] == 1
    assert loaded.relations[0].source == "lei:TEST00HOLDING0000130"


def test_check_digits_agree_with_stdnum() -> None:
    """Every one of the 100 ends of some stems, beside python-stdnum."""

    class Noted:
        def __init__(self) -> None:
            self.seen: list[str] = []

        def note(self, *said: str) -> None:
            self.seen.append(said[1])

    for stem in ("TEST00HOLDING00001", "529900T8BM49AURSDO", "0" * 18, "Z" * 18):
        noted = Noted()
        numbers = [f"{stem}{end:02d}" for end in range(100)]
        for number in numbers:
            checked_lei_id(number, noted)  # type: ignore[arg-type] # it only signals
        assert [n for n in numbers if n not in noted.seen] == [
            n for n in numbers if stdnum_lei.is_valid(n)
        ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.xml", "<other/>", "its XML root is 'other'; expected LEIData"),
        ("a.csv", "LEI,Name\nx,y\n", "columns LEI, Name are none of GLEIF's golden copy"),
        ("a.csv", "LEI,Entity.LegalName,Entity.X.999999999.Y\na,b,c\n", "counts beyond 1 to 99"),
        ("a.csv", "LEI,Entity.LegalName,X.2,X.1.Y\na,b,c,d\n", "'X.2' has columns below it"),
        ("a.json", "[]", "0 records, expected 1 to 20000000"),
        ("a.json", '{"data": {"type": "moons"}}', "records of type 'moons' are not known"),
        ("a.json", '{"LEI": "x", "Entity": {}}', "not wrapped in {'$': ...}"),
        ("a.json", '[{"name": "x"}]', "neither a record of GLEIF's golden copy nor of its API"),
        ("a.json", '{"data": {"type": "isins", "attributes": 5}}', "'attributes' is '5'"),
        ("a.json", "[1]", "neither a record of GLEIF's golden copy"),
        ("a.json", '{"records": [', "cut off or no JSON"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert reason in refused(tmp_path / "graph.db", "gleif", file)


ISIN = {"type": "isins", "attributes": {"lei": "TEST00HOLDING0000129", "isin": "DE0001234565"}}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**ISIN, "attributes": {"lei": "TEST00HOLDING0000129"}}, "an empty ISIN"),
        ({**ISIN, "attributes": {"lei": [{}], "isin": "x"}}, "'lei' is '[{}]'; expected a text"),
        ({**ISIN, "attributes": {"lei": {}, "isin": "x"}}, "'lei' is '{}'; expected a text"),
        (
            {"type": "lei-records", "attributes": {"lei": "x", "entity": {"otherNames": "x"}}},
            "'otherNames' is 'x'; expected a list of objects",
        ),
        (
            {"type": "lei-records", "attributes": {"lei": "TEST00HOLDING0000129"}},
            "TEST00HOLDING0000129: no LegalName",
        ),
        (
            {"LEI": {"$": "x"}, "ExceptionCategory": {"$": {}}},
            "'{}' stands where a text belongs",
        ),
        (
            {
                "LEI": {"$": "TEST00HOLDING0000129"},
                "ExceptionCategory": {"$": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"},
            },
            "an exception without a reason",
        ),
    ],
)
def test_a_json_record_that_cannot_be_read_is_set_aside(
    tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([record, ISIN]), encoding="utf-8")
    (set_aside,) = Loaded(tmp_path, file, tolerance=1.0).report.quarantined
    assert reason in set_aside.reason
    assert_one_line(set_aside.reason)


def test_exceptions_behind_an_lei_record_in_one_file_are_not_lost(tmp_path: Path) -> None:
    """No file of GLEIF is so; another description of the entity takes them, and is signalled."""
    records = [
        json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))[under]
        for name, under in (("lei2", "records"), ("repex", "exceptions"))
    ]
    file = tmp_path / "mixed.json"
    file.write_text(json.dumps([one for several in records for one in several]), encoding="utf-8")
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == (3, 1, 2, 0, 0)
    assert loaded.audits() == {("two descriptions of one id", HOLDING): 2}
    assert {"noDirectParent", "noUltimateParent"} <= loaded.entities[HOLDING].properties.keys()


def test_mixed_content_and_null_objects_are_signalled_or_left_out(tmp_path: Path) -> None:
    text = (SAMPLES / "lei2.xml").read_text(encoding="utf-8")
    file = tmp_path / "lei2.xml"
    file.write_text(text.replace("<lei:Registration><lei", "<lei:Registration>x<lei"), "utf-8")
    audits = Loaded(tmp_path, file).audits()
    assert audits == {
        ("described by nobody", "entities that relations name"): 1,
        ("unknown field", "lei: Registration.#text"): 6,
    }


def test_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="name at least one file of GLEIF"):
        run(tmp_path / "graph.db", "gleif", [])


def test_an_unknown_column_is_signalled_once(tmp_path: Path) -> None:
    lines = (SAMPLES / "lei2.csv").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "lei2.csv"
    file.write_text("\n".join([f"{lines[0]},Entity.Mood", *(f"{x}," for x in lines[1:])]), "utf-8")
    loaded = Loaded(tmp_path, file)
    assert loaded.audits() == {("unknown field", "lei: Entity.Mood"): 1}


@pytest.mark.parametrize("form", ["xml", "json", "csv"])
def test_naughty_texts_stay_as_they_are(
    tmp_path: Path, form: Literal["xml", "json", "csv"]
) -> None:
    """As the name, another name, the number in the register and a city of one record each."""
    record, wrapped = {
        "xml": (
            (
                "<LEIRecord><LEI>{lei}</LEI><Entity><LegalName>{x}</LegalName><OtherEntityNames>"
                '<OtherEntityName type="PREVIOUS_LEGAL_NAME">{x}</OtherEntityName>'
                "</OtherEntityNames><LegalAddress><City>{x}</City></LegalAddress><RegistrationAuthority>"
                "<RegistrationAuthorityEntityID>{x}</RegistrationAuthorityEntityID>"
                "</RegistrationAuthority></Entity></LEIRecord>"
            ),
            "<LEIData>{all}</LEIData>",
        ),
        "json": (
            (
                '{{"LEI":{{"$":"{lei}"}},"Entity":{{"LegalName":{{"$":"{x}"}},"OtherEntityNames":'
                '{{"OtherEntityName":[{{"@type":"PREVIOUS_LEGAL_NAME","$":"{x}"}}]}},'
                '"LegalAddress":{{"City":{{"$":"{x}"}}}},"RegistrationAuthority":'
                '{{"RegistrationAuthorityEntityID":{{"$":"{x}"}}}}}}}}\n'
            ),
            "{all}",
        ),
        "csv": (
            "{lei},{x},{x},PREVIOUS_LEGAL_NAME,{x},{x}\n",
            (
                "LEI,Entity.LegalName,Entity.OtherEntityNames.OtherEntityName.1,"
                "Entity.OtherEntityNames.OtherEntityName.1.type,Entity.LegalAddress.City,"
                "Entity.RegistrationAuthority.RegistrationAuthorityEntityID\n{all}"
            ),
        ),
    }[form]
    texts, records = {}, []
    for number, text in enumerate(naughty()):
        put = written(text, form)
        if put:
            stem = f"TEST{number:014}"
            lei = stem + mod_97_10.calc_check_digits(stem)
            texts[f"lei:{lei}"] = text
            records.append(record.format(lei=lei, x=put))
    file = tmp_path / f"naughty.{form}"
    file.write_bytes(wrapped.format(all="".join(records)).encode())
    loaded = Loaded(tmp_path, file)
    assert loaded.report.tally == (len(texts), len(texts), 0, 0, 0)
    for entity_id, text in texts.items():
        found = loaded.entities[entity_id]
        assert found.name == text
        assert found.names == (Name(text, role="previous"),)
        assert found.properties["legalAddress"] == (text,)
        assert found.identifiers[1] == ("register", text)


@pytest.mark.parametrize(
    ("name", "separator", "step"),
    [
        ("rr.xml", b"</rr:RelationshipRecord>", 17),
        ("repex.xml", b"</repex:Exception>", 1),
        ("repex.csv", b"\n", 1),
        ("repex.json", b"}\n", 1),
        ("api_isins.json", b"}}", 1),
    ],
)
def test_a_file_that_is_cut_off_is_refused(
    tmp_path: Path, name: str, separator: bytes, step: int
) -> None:
    """Wherever it is cut in its last records; what the graph held stays."""
    graph, file = tmp_path / "graph.db", tmp_path / name
    whole = (SAMPLES / name).read_bytes()
    file.write_bytes(whole)
    run(graph, "gleif", [file])
    for cut in list(truncations(whole, 3, separator))[::step]:
        if cut.strip() != whole.strip():
            file.write_bytes(cut)
            assert_one_line(refused(graph, "gleif", file))


def test_every_sample_is_known_by_its_content() -> None:
    found = detect([SAMPLES])
    assert {one.part.name: one.loader for one in found.found} == {
        path.name: "gleif" for path in SAMPLES.iterdir() if path.name != "api_countries.json"
    }
    assert [part.name for part, _ in found.unknown] == ["api_countries.json"]
