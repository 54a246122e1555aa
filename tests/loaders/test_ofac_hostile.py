"""Hostile texts stay as they are in every field, and no part of a record passes for all of it."""

import re
import time
from pathlib import Path

import pytest

from spillover.graph.errors import SpilloverError
from spillover.graph.store import Store
from spillover.loaders.run import run
from tests.graph.small import content
from tests.loaders.hostile import assert_one_line, naughty, truncations, written
from tests.loaders.ofac_loads import DATA, Loaded, entry, line, sdn_xml, table

TEXTS = naughty()
CSV_TEXTS = [text for text in TEXTS if written(text, "csv")]
XML_TEXTS = [text for text in TEXTS if written(text, "xml")]


@pytest.mark.parametrize(
    ("sample", "separator"),
    [
        ("sdn.csv", b"\r\n"),
        ("add.csv", b"\r\n"),
        ("alt.csv", b"\r\n"),
        ("sdn_comments.csv", b"\r\n"),
        ("cons_prim.csv", b"\r\n"),
        ("sdn.xml", b"</id>"),
        ("consolidated.xml", b"</sdnEntry>"),
        ("cons_advanced.xml", b"</EntryEvent>"),
        ("enhanced.xml", b"</name>"),
    ],
)
def test_a_file_cut_anywhere_is_refused_or_loads_whole_records_only(
    tmp_path: Path, sample: str, separator: bytes
) -> None:
    """A cut at the end of a row cannot be seen; any other leaves the earlier load as it was.

    A row is whole before its line end and, when its last cell is a null, before the space in it.
    """
    graph, file = tmp_path / "graph.db", tmp_path / sample
    others = (
        [] if sample in ("sdn.csv", "cons_prim.csv") or ".xml" in sample else [DATA / "sdn.csv"]
    )
    whole = (DATA / sample).read_bytes()
    file.write_bytes(whole)
    run(graph, "ofac", [*others, file])
    before = content(graph)
    taken = 0
    cuts = [*truncations(whole, separator=separator)]
    step = max(1, len(cuts) // 60)
    for number, data in enumerate(cuts[:: step if ".xml" in sample else 1]):
        file.write_bytes(data)
        try:
            run(graph, "ofac", [*others, file])
        except SpilloverError as error:
            assert_one_line(str(error).replace(str(tmp_path), ""))
            with Store(graph) as store:
                assert list(store.loads) == before[0]
            if number % 50 == 0:
                assert content(graph) == before
            continue
        taken += 1
        rows = data.removesuffix(b"\r").removesuffix(b"\r\n").split(b"\r\n")
        assert rows[-1].rstrip() in [row.rstrip() for row in whole.split(b"\r\n")]
        run(graph, "ofac", [*others, DATA / sample])
        before = content(graph)
    assert content(graph) == before
    assert taken <= (0 if ".xml" in sample else 3 * 5)


def test_any_text_is_a_name_in_csv(tmp_path: Path) -> None:
    """Only OFAC's own null is none."""
    rows = [entry(number, text) for number, text in enumerate(CSV_TEXTS, 1)]
    loaded = Loaded(tmp_path, table(tmp_path, "sdn.csv", *rows))
    assert loaded.reasons() == [f"entry {CSV_TEXTS.index('-0-') + 1} has no name"]
    for number, text in enumerate(CSV_TEXTS, 1):
        if text != "-0-":
            assert loaded.party(number).name == text


def test_any_text_may_stand_in_every_column(tmp_path: Path) -> None:
    columns = ("title", "call_sign", "vessel_type", "tonnage", "grt", "flag", "owner")
    rows, addresses, names, comments = [], [], [], []
    for number, text in enumerate(CSV_TEXTS, 1):
        cells = dict.fromkeys(columns, text)
        rows.append(entry(number, f"N{number}", "vessel", text, f"{text}; {text}.", **cells))
        addresses.append(line(str(number), "1", text, text, text, text))
        names.append(line(str(number), "1", text, text, text))
        comments.append(line(str(number), f"{text}; Linked To: {text}."))
    loaded = Loaded(
        tmp_path,
        table(tmp_path, "sdn.csv", *rows),
        table(tmp_path, "add.csv", *addresses),
        table(tmp_path, "alt.csv", *names),
        table(tmp_path, "sdn_comments.csv", *comments),
    )
    assert loaded.report.tally.read == 4 * len(CSV_TEXTS)
    number = CSV_TEXTS.index("-0-") + 1
    assert loaded.reasons() == [f"an alternative name of entry {number} that is empty"]
    for number, text in enumerate(CSV_TEXTS, 1):
        if text != "-0-":
            assert loaded.party(number).properties["callSign"] == (text,)
            assert loaded.party(number).properties["owner"] == (text,)


def test_any_text_may_stand_in_every_element_of_the_legacy_xml(tmp_path: Path) -> None:
    entries = []
    for number, text in enumerate(XML_TEXTS, 1):
        x = written(text, "xml")
        entries.append(
            f"<uid>{number}</uid><firstName>{x}</firstName><lastName>{x}</lastName><title>{x}"
            f"</title><sdnType>Individual</sdnType><remarks>{x}; (Linked To: {x})</remarks>"
            f"<programList><program>{x}</program></programList><idList><id><uid>1</uid><idType>"
            f"{x}</idType><idNumber>{x}</idNumber></id><id><uid>1</uid><idType>Passport</idType>"
            f"<idNumber>{x}</idNumber><idCountry>{x}</idCountry><issueDate>{x}</issueDate></id>"
            f"</idList><akaList><aka><type>{x}</type><category>{x}</category><lastName>{x}"
            f"</lastName></aka></akaList><addressList><address><city>{x}</city><country>{x}"
            f"</country></address></addressList><dateOfBirthList><dateOfBirthItem><dateOfBirth>{x}"
            "</dateOfBirth></dateOfBirthItem></dateOfBirthList>"
        )
    loaded = Loaded(tmp_path, sdn_xml(tmp_path, *entries))
    assert loaded.report.tally == (len(XML_TEXTS), len(XML_TEXTS), 0, 0, 0)
    for number, text in enumerate(XML_TEXTS, 1):
        party = loaded.party(number)
        assert party.name == f"{text}, {text}"
        assert ("passport", text.strip()) in party.identifiers or "(" in text


@pytest.mark.parametrize("sample", ["cons_advanced.xml", "enhanced.xml"])
def test_any_text_may_stand_in_every_element_of_the_other_xml(tmp_path: Path, sample: str) -> None:
    """Each text in turn stands in the place of every text of the parties of the sample."""
    source = (DATA / sample).read_text("utf-8")
    start = source.index("<entities>" if sample == "enhanced.xml" else "<Locations>")
    head, body = source[:start], source[start:]
    places = re.compile(r">([^<>]*\w[^<>]*)</")
    file = tmp_path / sample
    graph = tmp_path / "graph.db"
    for text in XML_TEXTS:
        x = written(text, "xml")
        file.write_text(head + places.sub(lambda _: f">{x}</", body), encoding="utf-8")  # noqa: B023 - called at once
        try:
            run(graph, "ofac", [file])
        except SpilloverError as error:
            assert_one_line(str(error))


@pytest.mark.parametrize("old", ["ALMAZNEFT, PAO", "MILLSTONE HOLDING, PAO", "RIVER GUARD TRADING"])
def test_any_text_is_a_name_in_every_sample(tmp_path: Path, old: str) -> None:
    """A text in the place of one name of one sample: it stands in the graph as it is."""
    sample = next(p for p in sorted(DATA.iterdir()) if old in p.read_text("utf-8"))
    form = "xml" if sample.suffix == ".xml" else "csv"
    source = sample.read_text("utf-8")
    for text in (XML_TEXTS if form == "xml" else CSV_TEXTS)[::5]:
        if len(text) > 400 or text == "-0-":
            continue
        quoted = f'"{old}"' if form == "csv" else old
        new = written(text, "xml") if form == "xml" else written(text, "csv")
        file = tmp_path / sample.name
        file.write_bytes(source.replace(quoted, new).encode())
        loaded = Loaded(tmp_path, file)
        assert text in {entity.name for entity in loaded.entities.values()}, text


@pytest.mark.parametrize(
    "remarks",
    [
        "Passport 1" + " issued" * 20_000,
        "Passport 1" + " issued 2001" * 20_000,
        "Passport 1" + " expires 2001 issued 2002" * 10_000 + " (",
        "Passport " + "(" * 100_000,
        "Passport 1 (" + "a" * 200_000,
        "Passport 1" + " (a" * 50_000,
        "Linked To: " * 20_000,
        "a.k.a. '" * 20_000,
        "No No " * 50_000,
        "Aa " * 100_000 + "Number",
        "; " * 100_000,
        "DOB " + "circa " * 50_000,
        "DOB " + "1950 to " * 50_000,
        "x" * 1_000_000,
    ],
    ids=lambda text: text[:24],
)
def test_long_remarks_take_no_long_time(tmp_path: Path, remarks: str) -> None:
    file = table(tmp_path, "sdn.csv", entry(1, "A", remarks=f"{remarks}."))
    started = time.perf_counter()
    loaded = Loaded(tmp_path, file, *[table(tmp_path, "sdn_comments.csv", line("1", "."))])
    assert time.perf_counter() - started < 5
    assert loaded.report.tally == (2, 1, 1, 0, 0)
