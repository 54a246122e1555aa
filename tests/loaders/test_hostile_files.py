"""Whatever is done to a file, every loader reads it to the record or refuses it in one line.

Loaders are found by their manifests and their samples in ``tests/data/<loader>``, so that a new
source is attacked as soon as it is there.
"""

import contextlib
import gzip
import io
import json
import random
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spillover.graph.errors import SpilloverError
from spillover.loaders.context import Options
from spillover.loaders.detect import detect
from spillover.loaders.manifest import names
from spillover.loaders.run import run
from tests.loaders.hostile import (
    SAMPLES,
    Format,
    assert_one_line,
    naughty,
    refused,
    truncations,
    written,
)
from tests.loaders.mutations import mutations
from tests.loaders.trials import (
    TOLERANT,
    Outcome,
    companions,
    form_of,
    replaced,
    sample_id,
    text_of,
    trial,
    whole_values,
)

PAIRS = [(loader, file) for loader, files in SAMPLES.items() for file in files]
CUTS = 30
"""Most cuts of one sample; the tests of each loader cut at every byte."""
MUTATIONS = 15
"""How many wrong values of one sample are tried."""
LAST = 600
"""Bytes from the end of a file in which it is cut, unless its last three lines are longer."""

IN_UTF_8 = Options(tolerance=1.0, allow_shrink=True, encoding="utf-8")

every_sample = pytest.mark.parametrize("sample", PAIRS, ids=sample_id)
every_xml = pytest.mark.parametrize(
    "sample",
    [pair for pair in PAIRS if form_of(text_of(pair[1].read_bytes())[0]) == "xml"],
    ids=sample_id,
)
every_loader = pytest.mark.parametrize("loader", names())


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph in which another dataset stands already."""
    folder = tmp_path_factory.mktemp("trials")
    file = folder / "earlier.csv"
    file.write_text("owner,asset,stake\nEarlier Owner,Earlier Asset,60\n")
    run(folder / "graph.db", "table", [file], options=Options(name="earlier"))
    return folder / "graph.db"


class Attacks:
    """Trials of one sample in many forms; what crashed is collected."""

    def __init__(self, graph: Path, sample: tuple[str, Path], folder: Path) -> None:
        self.loader, self.original = sample
        self._graph, self._folder = graph, folder
        self.crashes: dict[str, str] = {}

    @property
    def others(self) -> tuple[Path, ...]:
        return companions(self._graph, *(self.loader, self.original)) or ()

    def load(self, what: str, data: bytes, name: str = "", options: Options = TOLERANT) -> Outcome:
        """A trial of the sample with this content."""
        file = self._folder / (name or self.original.name)
        file.write_bytes(data)
        found = trial(self._graph, self.loader, [file, *self.others], options)
        if found.crash:
            self.crashes.setdefault(found.crash, what)
        if found.refusal:
            assert_one_line(found.refusal.replace(str(self._folder), ""))
        if found.report:
            tally = found.report.tally
            assert tally.read == sum(tally[1:])
        return found


@pytest.fixture
def attacks(graph: Path, sample: tuple[str, Path], tmp_path: Path) -> Iterator[Attacks]:
    made = Attacks(graph, sample, tmp_path)
    yield made
    assert not made.crashes, "\n".join(f"{k}   by {v}" for k, v in made.crashes.items())


def test_every_sample_loads(graph: Path) -> None:
    """Alone or beside others; the attacks below would show nothing otherwise."""
    assert [sample_id(pair) for pair in PAIRS if companions(graph, *pair) is None] == []


# -- cut off ------------------------------------------------------------------------------------


def cuts(data: bytes) -> list[bytes]:
    """The data cut at up to so many of its last bytes, and always at the very last."""
    every = [*truncations(data)]
    if len(every) < LAST:
        every = [data[:at] for at in range(max(0, len(data) - LAST), len(data))]
    near = CUTS // 3
    return every[: -near : -(-len(every) // (CUTS - near))] + every[-near:]


def is_document(data: bytes) -> bool:
    """Whether it is XML or one value of JSON: its end shows that it is whole."""
    text, _ = text_of(data)
    form = form_of(text)
    if form != "json":
        return form == "xml"
    with contextlib.suppress(ValueError):
        json.loads(text)
        return True
    return False


@every_sample
def test_a_file_that_is_cut_off_reconciles_or_is_refused(attacks: Attacks) -> None:
    """A table may end at any row; what shows by its end that it is whole is never read in part."""
    data = attacks.original.read_bytes().rstrip()
    loaded = [len(cut) for cut in cuts(data) if attacks.load(f"cut at {len(cut)}", cut).report]
    if is_document(data):
        assert loaded == []


@every_sample
def test_a_cut_off_file_leaves_the_earlier_version(
    graph: Path, tmp_path: Path, sample: tuple[str, Path]
) -> None:
    loader, file = sample
    others = companions(graph, loader, file) or ()
    earlier, cut = tmp_path / "graph.db", tmp_path / file.name
    run(earlier, loader, [file, *others], options=TOLERANT)
    data = file.read_bytes().rstrip()
    cut.write_bytes(data[: len(data) - len(data) // 5] + b'"<{')
    outcome = trial(earlier, loader, [cut, *others], Options())
    if outcome.refusal:
        refused(earlier, loader, [cut, *others])


# -- document types and the like ----------------------------------------------------------------


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file of which nothing may be found in a graph."""
    (tmp_path / "canary.txt").write_text("CANARY-5e1f")
    return tmp_path / "canary.txt"


@pytest.fixture
def calls() -> Iterator[tuple[int, list[object]]]:
    """(port of a listening socket, who called it)."""
    made: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, who = server.accept()
                    connection.close()
                    made.append(who)

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], made
        stop.set()
        thread.join()


def with_doctype(data: str, subset: str, said: str = "", attribute: str = "") -> str:
    """The document with a document type, and what refers to it in its first text or its root."""
    head = re.match(r"\s*(?:<\?xml.*?\?>)?\s*(?:<!--.*?-->\s*)*", data, re.DOTALL)
    assert head
    top = data[head.end() :]
    if attribute:
        top = re.sub(r"^<([\w:.-]+)", lambda m: f'<{m[1]} z="{attribute}"', top)
    if said:
        top = re.sub(r">([^<>\s][^<>]*)</", lambda m: f">{said}{m[1]}</", top, count=1)
    return data[: head.end()] + f"<!DOCTYPE r {subset}>" + top


def doctypes(data: str, canary: Path, port: int) -> dict[str, str]:
    """The document under every attack that a document type allows."""
    lol = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)
    )
    file, web = canary.as_uri(), f"http://127.0.0.1:{port}/x"
    big = f'[<!ENTITY e "{"x" * 200_000}">]'
    return {
        "empty": with_doctype(data, ""),
        "lower case": with_doctype(data, "").replace("<!DOCTYPE", "<!doctype"),
        "entity": with_doctype(data, '[<!ENTITY e "v">]', "&e;"),
        "laughs": with_doctype(data, f"[{lol}]", "&l11;"),
        "laughs in an attribute": with_doctype(data, f"[{lol}]", "", "&l11;"),
        "laughs by default": with_doctype(data, f'[{lol}<!ATTLIST r z CDATA "&l9;">]'),
        "quadratic": with_doctype(data, big, "&e;" * 2000),
        "quadratic in an attribute": with_doctype(data, big, "", "&e;" * 2000),
        "file": with_doctype(data, f'[<!ENTITY e SYSTEM "{file}">]', "&e;"),
        "file in an attribute": with_doctype(data, f'[<!ENTITY e SYSTEM "{file}">]', "", "&e;"),
        "web": with_doctype(data, f'[<!ENTITY e SYSTEM "{web}">]', "&e;"),
        "file outside": with_doctype(data, f'SYSTEM "{file}"'),
        "web outside": with_doctype(data, f'PUBLIC "-//X//X" "{web}"'),
        "parameter of a file": with_doctype(data, f'[<!ENTITY % p SYSTEM "{file}">%p;]'),
        "parameter of the web": with_doctype(data, f'[<!ENTITY % p SYSTEM "{web}">%p;]'),
        "parameters": with_doctype(
            data, '[<!ENTITY % a "aaaa"><!ENTITY % b "%a;%a;"><!ENTITY c "%b;">]', "&c;"
        ),
        "notation": with_doctype(data, f'[<!NOTATION n SYSTEM "{web}">]'),
    }


@every_xml
def test_a_document_type_is_refused_and_nothing_outside_is_read(
    attacks: Attacks, canary: Path, calls: tuple[int, list[object]]
) -> None:
    text, encoding = text_of(attacks.original.read_bytes())
    port, made = calls
    loaded = [
        what
        for what, attack in doctypes(text, canary, port).items()
        if attacks.load(what, attack.encode(encoding)).report
    ]
    assert loaded == []
    assert made == []


@every_xml
def test_a_document_type_in_another_encoding_is_refused(attacks: Attacks) -> None:
    text, _ = text_of(attacks.original.read_bytes())
    text = re.sub(r"<\?xml.*?\?>", "", text)
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = f'<?xml version="1.0" encoding="{encoding[:6]}"?>'
        assert attacks.load(encoding, (mark + with_doctype(text, "")).encode(encoding)).refusal


@every_xml
def test_what_an_xml_file_points_to_is_not_fetched(
    attacks: Attacks, canary: Path, calls: tuple[int, list[object]]
) -> None:
    """Inclusions, schemas and style sheets; the texts are kept as they stand."""
    text, encoding = text_of(attacks.original.read_bytes())
    port, made = calls
    web = f"http://127.0.0.1:{port}/x"
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary.as_uri()}"'
    for what, attack in {
        "inclusion": re.sub(r"</", f'{include} parse="text"/></', text, count=1),
        "inclusion of xml": re.sub(r"</", f"{include}/></", text, count=1),
        "schema": re.sub(
            r"<([A-Za-z][\w:.-]*)",
            rf'<\1 xmlns:q="http://www.w3.org/2001/XMLSchema-instance" q:schemaLocation="x {web}"',
            text,
            count=1,
        ),
        "style sheet": re.sub(
            r"^(\s*(?:<\?xml.*?\?>)?)", rf'\1<?xml-stylesheet href="{web}"?>', text, count=1
        ),
    }.items():
        found = attacks.load(what, attack.encode(encoding))
        assert not any("CANARY" in stored for stored in found.texts)
    assert made == []


# -- what is no file of any source --------------------------------------------------------------


def garbage() -> dict[str, bytes]:
    """Files that no source has ever written."""
    chance = random.Random(20220223)  # noqa: S311 - any bytes, always the same
    half = b'{"id": "\\ud800", "name": "\\udfff\\ud800"}'
    return {
        "nothing": b"",
        "a mark": b"\xef\xbb\xbf",
        "a mark of UTF-16": b"\xff\xfe",
        "an end": b"\x1a",
        "a line end": b"\n",
        "blank lines": b" \r\n" * 1000,
        "NULs": b"\x00" * 5000,
        "chance": chance.randbytes(5000),
        "chance in lines": b"\n".join(chance.randbytes(40) for _ in range(100)),
        "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + chance.randbytes(200),
        "a program": b"\x7fELF\x02\x01\x01" + bytes(200),
        "a document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        "a page": b"<!DOCTYPE html>\n<html><body><p>404 Not Found<br></body></html>\n",
        "a page without a type": b"<html><body><p>404 Not Found</p></body></html>\n",
        "a word": b"hello",
        "a message": b'{"message": "API rate limit exceeded"}',
        "commas": b"," * 5000 + b"\n" + b"," * 5000,
        "quotes": b'"' * 5001,
        "one column": b"a\n1\n2\n",
        "columns of one name": b"a,a,a\n1,2,3\n",
        "an empty array": b"[]",
        "an empty object": b"{}",
        "an empty element": b"<r/>",
        "scalars": b'[1, null, true, "x", 1.5, [], {}, [[]], [{}]]',
        "scalars in lines": b'1\nnull\ntrue\n"x"\n1.5\n[]\n{}\n[[]]\n',
        "a number": b"12",
        "wrong brackets": b"[}",
        "half characters": half,
        "half characters in an array": b"[" + half + b"]",
        "a key twice": b'{"id": 1, "id": 2}',
        "a key twice in an array": b'[{"id": 1, "id": 2}]',
        "not a number": b'[{"id": NaN, "x": Infinity}]',
        "a giant power": b'[{"id": 1e999999999999999999999}]',
        "no UTF-8": b'[{"id": "\xff\xfe\xed\xa0\x80"}]',
        "deep": b"[" * 100_000,
        "deep objects": b'{"a":' * 100_000,
        "deep elements": b"<a>" * 100_000,
        "deep in a record": b'[{"id": ' + b"[" * 100_000,
        "a long number": b'[{"id": ' + b"9" * 1_000_000 + b"}]",
        "a long decimal": b'[{"id": 0.' + b"9" * 1_000_000 + b"}]",
        "UTF-16": '[{"id": 1}]'.encode("utf-16"),
        "UTF-32": "a,b\n1,2\n".encode("utf-32"),
        "gzip of nothing": gzip.compress(b""),
        "half a gzip": gzip.compress(bytes(5000))[:-6],
        "gzip in gzip": gzip.compress(gzip.compress(b"a,b\n1,2\n")),
        "an archive in gzip": gzip.compress(packed({"a.csv": b"a,b\n1,2\n"})),
        "an archive of nothing": packed({}),
        "an archive of an archive": packed({"a.zip": packed({"a.csv": b"a"})}),
        "an archive of words": packed({"a.csv": b"hello", "b/c.json": b"{}", "d.xml": b"<a/>"}),
        "a spreadsheet of nothing": packed({"[Content_Types].xml": b"<Types/>"}),
        "a broken spreadsheet": packed({"[Content_Types].xml": b"<Types>", "xl/workbook.xml": b""}),
    }


def packed(files: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


GARBAGE = garbage()


def names_for(loader: str) -> list[str]:
    """Names of files under which a loader expects something: a sample of each ending, or any."""
    found = {file.suffix: file.name for file in SAMPLES.get(loader, ())}
    return [*found.values()][:2] or ["x.csv"]


@every_loader
def test_garbage_is_refused_or_set_aside(graph: Path, tmp_path: Path, loader: str) -> None:
    crashes: dict[str, str] = {}
    loaded = []
    for what, data in GARBAGE.items():
        for name in names_for(loader):
            file = tmp_path / name
            file.write_bytes(data)
            found = trial(graph, loader, [file])
            if found.crash:
                crashes.setdefault(found.crash, f"{what} as {name}")
            elif found.refusal:
                assert_one_line(found.refusal.replace(str(tmp_path), ""))
            elif found.report and found.report.tally.loaded:
                loaded.append(f"{what} as {name}")
    assert not crashes, "\n".join(f"{k}   by {v}" for k, v in crashes.items())
    assert loaded == []


def test_garbage_is_of_no_source(tmp_path: Path) -> None:
    for number, data in enumerate(GARBAGE.values()):
        (tmp_path / f"{number}").write_bytes(data)
    for number in range(len(GARBAGE)):
        with contextlib.suppress(SpilloverError):
            assert detect([tmp_path / f"{number}"]).found == ()


# -- well formed and wrong ----------------------------------------------------------------------


@every_sample
def test_a_wrong_value_is_set_aside_or_signalled(attacks: Attacks) -> None:
    """Missing, twice, of another kind or nonsense, anywhere in a sample."""
    for what, data in mutations(attacks.original.read_bytes(), MUTATIONS):
        attacks.load(what, data, options=IN_UTF_8)


# -- packing ------------------------------------------------------------------------------------


@every_sample
def test_a_packed_file_loads_as_the_plain_one(
    graph: Path, tmp_path: Path, sample: tuple[str, Path]
) -> None:
    loader, file = sample
    files = [file, *(companions(graph, loader, file) or ())]
    plain = trial(graph, loader, files)
    assert plain.report
    content = {f"lists/{one.name}": one.read_bytes() for one in files}
    (tmp_path / "lists.zip").write_bytes(packed(content))
    assert trial(graph, loader, [tmp_path / "lists.zip"]).counts == plain.counts
    for one in files:
        (tmp_path / f"{one.name}.gz").write_bytes(gzip.compress(one.read_bytes()))
    assert trial(graph, loader, sorted(tmp_path.glob("*.gz"))).counts == plain.counts
    (tmp_path / "lists").mkdir()
    for one in files:
        (tmp_path / "lists" / one.name).write_bytes(one.read_bytes())
    assert trial(graph, loader, [tmp_path / "lists"]).counts == plain.counts


# -- texts --------------------------------------------------------------------------------------

AT_ONCE = 10
"""How many values of a sample are replaced at once."""
NOTHING = {"NULL", "None", "nan", "NaN", "undefined", "N/A", "-0-", "-"}
"""What some sources print where they have nothing; there it is no name."""


def chosen(text: str, form: Format, named: frozenset[str]) -> list[str]:
    """Names that come into the graph as the sample prints them; without any, its longest texts."""
    values = whole_values(text if form != "csv" else text.partition("\n")[2], form)
    return ([value for value in values if value in named] or values)[:AT_ONCE]


def is_stored(text: str, stored: frozenset[str]) -> bool:
    """Whether a text is stored as it is, or in pieces where a cell may list several names.

    Two names that differ in white space alone are one, which is stored as it came first.
    """
    spaced = " ".join(text.split())
    if any(spaced in " ".join(one.split()) for one in stored):
        return True
    listed = re.search(r"[;|()]|^\.|\.$", text)
    return bool(listed) and set(re.findall(r"\w{3,}", text)) <= set(
        re.findall(r"\w{3,}", " ".join(stored))
    )


@every_sample
def test_hostile_texts_are_stored_as_they_are(attacks: Attacks) -> None:
    """Each stands in the place of a name; it is stored whole, or its record is set aside."""
    data = attacks.original.read_bytes()
    text, _ = text_of(data)
    form = form_of(text)
    named = attacks.load("whole", data).names
    values = chosen(text, form, named)
    texts = [one for one in naughty() if written(one, form)]
    altered = {}
    for at in range(0, len(texts) if values else 0, len(values) or 1):
        batch = dict(zip(values, texts[at:], strict=False))
        attack = text
        for old, new in batch.items():
            attack = replaced(attack, form, old, written(new, form))
        found = attacks.load(f"{texts[at]!r} ...", attack.encode("utf-8"), options=IN_UTF_8)
        if found.report and not found.report.tally.quarantined:
            for old, new in batch.items():
                gone = old in named and old not in found.texts and new not in NOTHING
                if gone and not is_stored(new, found.texts):
                    altered[new] = old
    assert altered == {}
