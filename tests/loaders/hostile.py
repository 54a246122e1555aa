"""Hostile input for the tests of all loaders: texts, cut-off files, and how a refusal must look."""

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal
from xml.sax.saxutils import escape

import pytest

from spillover.graph.errors import SpilloverError, StoreError
from spillover.loaders.context import Options
from spillover.loaders.manifest import names
from spillover.loaders.run import run
from spillover.views.text import clean
from tests.graph.small import Content, content

Format = Literal["csv", "json", "xml"]

DATA: Final = Path(__file__).parents[1] / "data"
MESSAGE_LIMIT: Final = 1500
"""Most characters of a message: more than a screen is read by nobody."""


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(p for p in folder.rglob("*") if p.is_file() and p.name[0] != "."))


SAMPLES: Final = {name: files for name in names() if (files := _files(DATA / name))}
"""The sample files of every loader that has some in ``tests/data/<loader>``."""


def naughty() -> list[str]:
    """Texts that break programs; each can be stored, and none begins or ends with white space.

    Not every format can hold each of them: see :func:`written`.
    """
    return [
        # pages
        "<script>alert('spillover')</script>",
        '"><img src=x onerror=alert(1)>',
        "</title></textarea></script><svg/onload=alert(1)>",
        "javascript:alert(document.cookie)",
        "<!-- --><b>&lt;&amp;&#60;&nbsp;]]>",
        "{{7*7}} ${7*7} #{7*7} <%= 7*7 %> {% raw %}",
        # statements
        "Robert'); DROP TABLE entity;--",
        "' OR '1'='1",
        '" OR ""="',
        "x'; ATTACH DATABASE '/tmp/spillover-canary' AS c;--",
        "'}) DETACH DELETE n //",
        "`}) MATCH (n) DETACH DELETE n; //`",
        "\\'; RETURN 1; --",
        "a%' ESCAPE '\\",
        "NEAR(a b) AND * NOT name:x",
        # spreadsheets and shells
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1:A9)",
        "=cmd|'/C calc'!A0",
        '=HYPERLINK("https://example.org","click")',
        "|cat /etc/passwd",
        "$(touch /tmp/spillover-canary)",
        "`touch /tmp/spillover-canary`",
        "&& echo x; #",
        # paths
        "../../../../etc/passwd",
        "/dev/null",
        "C:\\Windows\\system32\\config",
        "file:///etc/passwd",
        "\\\\server\\share",
        "con",
        # formats
        "%s%n%d%x",
        "{0}{name!r}{__class__}",
        "{}",
        "[]",
        "%00%0a%0d",
        "\\n\\t\\x00\\u0000",
        # what other programs take for nothing, a number, a date or a truth
        "NULL",
        "None",
        "nan",
        "NaN",
        "-inf",
        "undefined",
        "true",
        "N/A",
        "-0-",
        "-",
        "0",
        "-0",
        "007",
        "1e1000000",
        "5.49e138",
        "0x1F",
        "1_000",
        "9" * 400,
        "1/2",
        "MARCH1",
        "2020-02-30",
        "NO",
        "#REF!",
        # separators
        ",",
        ";",
        "|",
        "a,b;c\td|e",
        '"',
        '""',
        '"quoted"',
        "it's",
        "O`Neil’s ‘firm’",
        "''''",
        "a\nb",
        "a\rb",
        "a\r\nb",
        "a\tb",
        "a\n\n\nb",
        "a\vb\fc",
        "a\u2028b\u2029c",
        "a\x85b",
        "a\u00a0b\u2003c\u3000d",
        # controls and what is not seen
        "a\x00b",
        "a\x01\x07\x08\x1fb",
        "a\x7fb",
        "a\x80\x9fb",
        "a\x1ab",
        "\x1b[31mred\x1b[0m\x1b]0;title\x07",
        "\x1b[2J\x1b[H",
        "a\u200bb\u200c\u200d\u2060c",
        "\ufeffmark",
        "soft\u00adhyphen",
        "\u202eDENOITCNAS\u202c Ltd",
        "\u2066abc\u2069 \u200fdef\u200e",
        "tag\U000e0041\U000e0042\U000e007f",
        "\ufff9anchor\ufffaabove\ufffb",
        "no\ufdd0character\U0010ffff",
        "\ufffe\uffff",
        "\ufffd",
        "private\ue000\U000f0000",
        # combining marks
        "Z" + "\u0351\u036b\u0343\u036a\u0302" * 40 + "algo",
        "\u0301starts with a mark",
        "e\u0301 is \u00e9 is e",
        "\u1100\u1161\u11a8 \uac01",
        "\ufdfa",
        # scripts
        "中国石油天然气集团有限公司",
        "𠮷野家 𪚥",
        "株式会社ﾊﾝｶｸ",
        "شركة النفط الوطنية ١٢٣",
        "חברה בע״מ",
        "ООО «Ромашка»",
        "Αθήνα Α.Ε.",
        "บริษัท จำกัด",
        "कम्पनी लिमिटेड",
        "Straße ẞ ﬁrma ŉ",
        "İstanbul ıŞğ",
        "ǅ ʼn Ω K Å",
        # look-alikes
        "Sаnсtiоned Ваnk",
        "ＧＡＺＰＲＯＭ",
        "𝐆𝐚𝐳𝐩𝐫𝐨𝐦",
        "Ⅷ ½ ² ① 五 ൬",
        # pictures
        "🏴‍☠️ 👨‍👩‍👧‍👦 👍🏽",
        "🇷🇺🇨🇳",
        "💣" * 50,
        # ids
        "lei:",
        "name:",
        ":",
        "ofac:1",
        "US-OFAC-SDN",
        "__proto__",
        "constructor",
        "__class__",
        # length
        "x" * 10_000,
        "long word " * 2_000 + "end",
        "中" * 5_000,
        "(" * 2_000,
        "<" * 2_000,
    ]


_XML_LOW: Final = frozenset(map(chr, range(32))) - {"\t", "\n", "\r"} | {"\ufffe", "\uffff"}


def written(text: str, form: Format) -> str:
    """The text as a file of this format holds it; empty when the format cannot hold it.

    In XML it may stand in an element or, unless it has a line end or a tab, in an attribute.
    """
    if form == "json":
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if form == "csv":
        return "" if "\x00" in text else '"' + text.replace('"', '""') + '"'
    if _XML_LOW & set(text):
        return ""
    return escape(text, {'"': "&quot;", "'": "&apos;", "\r": "&#13;"})


def truncations(
    data: bytes, records: int = 3, separator: bytes = b"\n"
) -> Iterator[bytes]:  # the whole is none of them
    """The file cut at every byte of its last records.

    Args:
        data: the whole file.
        records: how many of its last records are cut through.
        separator: what ends a record, as ``b"</Entry>"``.
    """
    end = len(data.removesuffix(separator))
    start = end
    for _ in range(records):
        start = max(data.rfind(separator, 0, start), 0)
    for cut in range(start, len(data)):
        yield data[:cut]


def refused(
    graph: Path, loader: str, file: Path | Iterable[Path], options: Options | None = None
) -> str:
    """The words with which a load is refused; whatever the graph held before, it holds after."""
    files = [file] if isinstance(file, Path) else list(file)
    before = _held(graph)
    with pytest.raises(SpilloverError) as caught:
        run(graph, loader, files, options=options)
    text = str(caught.value)
    for one in files:
        text = text.replace(str(one), one.name)
    assert_one_line(text)
    assert _held(graph) == before
    return text


def _held(graph: Path) -> Content | None:
    """What a graph file says; None when no load into it has ever finished."""
    with contextlib.suppress(StoreError):
        return content(graph)
    return None


def assert_one_line(text: str) -> None:
    """A message is one line as it is shown, and no longer than a person would read."""
    shown = clean(text)
    assert shown
    assert shown.isprintable() or "\u200c" in shown or "\u200d" in shown
    assert len(shown.splitlines()) == 1
    assert len(shown) < MESSAGE_LIMIT, shown
