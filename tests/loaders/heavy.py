"""Reads heavy files and prints what they took; run in a process of its own by the tests.

``python tests/loaders/heavy.py loaders|streams|readers FOLDER`` prints lines of JSON: what was
read, what became of it, seconds of work, highest memory so far in MiB.
"""

import gzip
import json
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

from spillover.graph.errors import InputError
from spillover.loaders.context import Options
from spillover.loaders.manifest import names
from spillover.loaders.reading.files import Part, parts
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.text import lines, records
from spillover.loaders.reading.xml import elements, tree
from spillover.loaders.run import run
from tests.loaders.hostile import SAMPLES, Format
from tests.loaders.trials import form_of, text_of, trial

MIB = 1024 * 1024
LINE = 16 * MIB
ADDRESSES = 3072 * MIB
"""No attack may endanger the machine that runs the tests."""
RECORDS = 200_000


def peak() -> int:
    """Highest memory of this process so far, in MiB.

    What the system counts for a process begins with what its parent had, so that Linux is asked
    for the highest mark of the memory itself.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (mark,) = re.findall(r"^VmHWM:\s*(\d+) kB", status.read_text(), re.MULTILINE)
        return int(mark) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def tell(what: str, outcome: str, started: float) -> None:
    told = [what, outcome[:300], round(time.process_time() - started, 2), peak()]
    print(json.dumps(told), flush=True)  # noqa: T201 - read by the tests


# -- every loader -------------------------------------------------------------------------------


def lengthened(text: str, form: Format) -> str:
    """A sample with a line beyond the limit where its first record begins."""
    if form == "csv":
        head, _, rest = text.partition("\n")
        return f"{head}\n{'x' * (LINE + 1)}\n{rest}"
    if form == "xml":
        return text.replace("</", "x" * LINE + "</", 1)
    return text.replace('"', '"spillover": "' + "x" * LINE + '", "', 1)


def loaders(folder: Path) -> None:
    """A line of 16 MiB and more, in one sample of each form of each loader."""
    graph = folder / "graph.db"
    (folder / "earlier.csv").write_text("owner,asset,stake\nA,B,60\n")
    run(graph, "table", [folder / "earlier.csv"], options=Options(name="earlier"))
    for loader in names():
        seen = set()
        for sample in SAMPLES.get(loader, ()):
            text, encoding = text_of(sample.read_bytes())
            if form_of(text) in seen:
                continue
            seen.add(form_of(text))
            file = folder / sample.name
            file.write_text(lengthened(text, form_of(text)), encoding=encoding)
            started = time.process_time()
            found = trial(graph, loader, [file])
            said = found.crash or found.refusal.replace(str(folder), "") or "loaded"
            tell(f"{loader} {sample.name}", said, started)
            file.unlink()


# -- the readers --------------------------------------------------------------------------------


def _csv(part: Part) -> Iterator[object]:
    return (record for _, record in records(part))


def _json(part: Part) -> Iterator[object]:
    return (record for _, record in documents(part, ("data",)))


def _xml(part: Part) -> Iterator[object]:
    return (tree(element) for _, element in elements(part, {"e"}))


def _lines(part: Part) -> Iterator[object]:
    return (line for _, line in lines(part))


def read(folder: Path, what: str, reader: Callable[[Part], Iterator[object]], data: Any) -> None:
    """Read a file of these pieces to its end and tell how many records there were."""
    file = folder / "file"
    with file.open("wb") as stream:
        stream.writelines([data] if isinstance(data, bytes) else data)
    part = parts([file])[0]
    started = time.process_time()
    try:
        told = f"read {sum(1 for _ in reader(part))}"
    except InputError as error:
        told = str(error).replace(str(folder), "")
    tell(what, told, started)
    file.unlink()


def around(head: bytes, body: bytes | Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    yield from [body] if isinstance(body, bytes) else body
    yield tail


def streams(folder: Path) -> None:
    """Files of many records, of which only one is held at a time."""
    many, fewer = RECORDS, RECORDS // 4
    record = b'{"id": 1, "name": "A firm with a name", "list": [1.5, null]}'
    element = b'<e id="1"><name>A firm with a name</name></e>'
    read(folder, "csv", _csv, repeat(b"1,2,A firm with a name\n", many))
    read(folder, "json lines", _json, repeat(record + b"\n", fewer))
    read(folder, "json array", _json, around(b"[0", repeat(b"," + record, many - 1), b"]"))
    within = around(b'{"data": [0', repeat(b"," + record, fewer - 1), b"]}")
    read(folder, "json under a key", _json, within)
    read(folder, "xml", _xml, around(b"<r>", repeat(element, many), b"</r>"))
    nested = repeat(b"<s><t>" + element + b"</t></s>", fewer)
    read(folder, "xml in wrappers", _xml, around(b"<r>", nested, b"</r>"))
    spaced = repeat(element + b"<!-- nothing --><?x y?>\n", fewer)
    read(folder, "xml with comments", _xml, around(b"<r>", spaced, b"</r>"))
    packed = folder / "lists.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = b"".join(b"%d,%d,A firm with a name\n" % (n, n * n) for n in range(fewer))
        with archive.open("a.csv", "w") as member:
            member.writelines(repeat(rows, 4))
    started = time.process_time()
    tell("zip", f"read {sum(1 for _ in _csv(parts([packed])[0]))}", started)


def readers(folder: Path) -> None:
    """Records that take far more memory than they have characters, within limits and beyond."""
    read(folder, "line", _lines, b"x" * (LINE + 1))
    read(folder, "row", _csv, b"a,b\n" + b"x" * (LINE + 1))
    read(folder, "row of bombs", _csv, b"a,b\n" + "💣".encode() * (LINE // 4))
    read(folder, "cells", _csv, b"a,b\n" + b"ab," * (LINE // 3 - 9))
    read(folder, "cells over lines", _csv, b"a,b\n" + b'"\n",' * LINE)
    read(folder, "columns", _csv, b"a," * (LINE // 2 - 9) + b"\n1\n")
    read(folder, "blank lines", _lines, b"\n" * 1_100_000)
    read(folder, "text", _json, b'["' + b"x" * LINE + b'"]')
    for value in (b"1.5", b"{}", b'"ab"', b"[]"):
        some = (value + b",") * 200_000
        read(folder, f"many {value.decode()}", _json, b"[[" + some + b"0]]")
        most = (value + b",") * 1_100_000
        read(folder, f"most {value.decode()}", _json, b"[[" + most + b"0]]")
    keys = b"".join(b'"k%d": 1, ' % number for number in range(200_000))
    read(folder, "many keys", _json, b"[{" + keys + b'"k": 1}]')
    read(folder, "blanks", _json, b"[" + b" " * (4 * LINE) + b"1]")
    read(folder, "elements", _xml, b"<r><e>" + b"<b/>" * (LINE // 4 - 9) + b"</e></r>")
    read(folder, "many elements", _xml, b"<r><e>" + b'<b c=""/>' * 450_000 + b"</e></r>")
    read(folder, "elements beside", _xml, b"<r>" + b"<b/>" * (LINE // 4) + b"<e/></r>")
    names_of = b" ".join(b'a%d=""' % number for number in range(1_200_000))
    read(folder, "attributes", _xml, b"<r><e><b " + names_of + b"/></e></r>")
    read(folder, "attribute", _xml, b'<r><e c="' + b"x" * (LINE - 99) + b'"/></r>')
    read(folder, "content", _xml, b"<r><e>" + b"x" * (LINE - 99) + b"</e></r>")
    read(folder, "comment", _xml, b"<r><!--" + b"x" * LINE + b"--><e/></r>")
    read(folder, "depth", _xml, b"<r>" + b"<e>" * 100_000)
    read(folder, "bomb", _lines, gzip.compress((b"x" * 99 + b"\n") * MIB))
    read(folder, "bomb of one line", _lines, gzip.compress(bytes(64 * MIB)))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    {"loaders": loaders, "streams": streams, "readers": readers}[sys.argv[1]](Path(sys.argv[2]))
