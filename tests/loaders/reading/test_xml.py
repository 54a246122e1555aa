"""An XML file is cut into its records exactly, or refused in one line; nothing else is read."""

import gzip
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # the oracle, of files that the test itself writes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, root, tree


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.xml"


def read(file: Path, data: bytes | str, *tags: str) -> list[Any]:
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [tree(element) for _, element in elements(Part(file), tags or ("a",))]


def refused(file: Path, data: bytes | str, words: str, tags: Collection[str] = ("a",)) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(file, data, *tags)
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


def test_elements_come_in_order_with_name_and_number(file: Path) -> None:
    file.write_text("<r><a>1</a><b>2</b><c><a>3</a></c><d/><b>4</b></r>")
    found = [(place, element.text) for place, element in elements(Part(file), {"a", "b"})]
    assert found == [("a 1", "1"), ("b 1", "2"), ("a 2", "3"), ("b 2", "4")]


@pytest.mark.parametrize(
    "data",
    [
        '<r><a x="1">t</a></r>',
        '<r xmlns="urn:x"><a x="1">t</a></r>',
        '<p:r xmlns:p="urn:x"><p:a p:x="1">t</p:a></p:r>',
        '<r><q:a xmlns:q="urn:other" x="1">t</q:a></r>',
        '<?xml version="1.0"?>\n<!-- note -->\n<?style x?>\n<r><a x="1"><!-- y -->t<?z?></a></r>\n',
        '\ufeff<r>\r\n  <a x="1">\r\n  t\r\n</a>\r\n</r>\r\n',
        '<r><a x="1"><![CDATA[t]]></a></r>',
        '<r><a x="&#49;">&#x74;</a></r>',
        '<?xml version="1.0" encoding="utf-16"?><r><a x="1">t</a></r>'.encode("utf-16"),
        '<?xml version="1.0" encoding="iso-8859-1"?><r><a x="1">t</a></r>'.encode("latin-1"),
        gzip.compress(b'<r><a x="1">t</a></r>'),
    ],
)
def test_the_same_record_in_all_its_forms(file: Path, data: bytes | str) -> None:
    assert read(file, data) == [{"@x": "1", "#text": "t"}]


def test_a_record_inside_another_is_a_part_of_that(file: Path) -> None:
    """Had it come by itself, it would be gone from the outer one when that comes."""
    data = "<r><a><k>1</k><a><k>2</k></a><b><k>3</k></b></a><b><k>4</k></b></r>"
    assert read(file, data, "a", "b") == [
        {"k": ["1"], "a": [{"k": ["2"]}], "b": [{"k": ["3"]}]},
        {"k": ["4"]},
    ]
    assert read(file, "<a><a>1</a><a>2</a></a>") == [{"a": ["1", "2"]}]


def test_elements_are_freed_with_all_that_stands_before_them(file: Path) -> None:
    """Wrappers and what is beside the records, too: none of two hundred is held for long."""
    file.write_text(f"<r>{'<s><t><a><k>1</k></a></t></s><x/>' * 200}</r>")
    held = []
    for _, element in elements(Part(file), {"a"}):
        assert element.findtext("k") == "1"
        held.append(sum(1 for _ in element.getroottree().getroot().iter()))
    assert len(held) == 200
    # The parser reads some thousands of bytes ahead, which may have been built already.
    assert max(held) < 32_768 / len("<s><t><a><k>1</k></a></t></s><x/>") * 5 + 10


def test_the_root_keeps_what_it_says(file: Path) -> None:
    file.write_text('<r date="2024"><a/><a/></r>')
    days = [element.getroottree().getroot().get("date") for _, element in elements(Part(file), "a")]
    assert days == ["2024", "2024"]


# -- trees --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("", {}),
        ("  \n ", {}),
        (" t ", {"#text": "t"}),
        ("<k/>", {"k": [""]}),
        ("<k> </k>", {"k": [""]}),
        ("<k>1</k><k>2</k><l>3</l><k>4</k>", {"k": ["1", "2", "4"], "l": ["3"]}),
        ('<k x="1"/>', {"k": [{"@x": "1"}]}),
        ('<k x="">t</k>', {"k": [{"@x": "", "#text": "t"}]}),
        ("<k><l>1</l></k><k>2</k>", {"k": [{"l": ["1"]}, "2"]}),
        ("one<k/>two<k>x</k>three", {"k": ["", "x"], "#text": "one two three"}),
        ("one<!-- c -->two<?p?>three", {"#text": "onetwothree"}),
        ("<k>one<!-- c -->two</k>", {"k": ["onetwo"]}),
        ("<![CDATA[<b>&amp;]]>", {"#text": "<b>&amp;"}),
        ("&lt;script&gt;&#x202e;", {"#text": "<script>\u202e"}),
        ('<k xmlns:x="urn:x" x:nil="true"/>', {"k": [{"@nil": "true"}]}),
        ('<k xmlns:x="u" t="1" x:t="2"/>', {"k": [{"@t": "1", "@t.2": "2"}]}),
        ('<k xmlns:x="u" xmlns:y="v" t="1" x:t="2" y:t="3"/>', None),
        ('<k xmlns="u">1</k><k xmlns="v">2</k>', {"k": ["1", "2"]}),
    ],
)
def test_an_element_as_a_dictionary(
    file: Path, inner: str, expected: dict[str, Any] | None
) -> None:
    (found,) = read(file, f"<r><a>{inner}</a></r>")
    if expected is None:
        assert sorted(found["k"][0].values()) == ["1", "2", "3"]
    else:
        assert found == expected


TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    max_size=6,
)
NAME = st.sampled_from(["k", "l", "m"])


@st.composite
def built(draw: st.DrawFn, depth: int = 3) -> ET.Element:
    made = ET.Element(draw(NAME), draw(st.dictionaries(NAME, TEXT, max_size=2)))
    made.text = draw(TEXT)
    for _ in range(draw(st.integers(0, 3)) if depth else 0):
        child = draw(built(depth - 1))
        child.tail = draw(TEXT)
        made.append(child)
    return made


def as_dictionary(element: ET.Element) -> dict[str, Any]:
    """What :func:`tree` promises, of a tree of the standard library."""
    made: dict[str, Any] = {f"@{key}": value for key, value in element.attrib.items()}
    for child in element:
        plain = not len(child) and not child.attrib
        value = (child.text or "").strip() if plain else as_dictionary(child)
        made.setdefault(child.tag, []).append(value)
    texts = [(text or "").strip() for text in (element.text, *(c.tail for c in element))]
    said = " ".join(text for text in texts if text)
    return {**made, "#text": said} if said else made


@given(st.lists(built(), min_size=1, max_size=4), st.sampled_from(["utf-8", "utf-16", "us-ascii"]))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, records: list[ET.Element], encoding: str
) -> None:
    top = ET.Element("root")
    for record in records:
        holder = ET.SubElement(top, "record")
        holder.append(record)
    file = tmp_path_factory.mktemp("xml") / "file.xml"
    file.write_bytes(ET.tostring(top, encoding, xml_declaration=True))
    found = [tree(element) for _, element in elements(Part(file), {"record"})]
    assert found == [as_dictionary(holder) for holder in top]


# -- the root -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("<r/>", ("r", "")),
        ('<r xmlns="urn:x"/>', ("r", "urn:x")),
        ('<p:sdnList xmlns:p="http://a/b"/>', ("sdnList", "http://a/b")),
        ("<!-- a --><?b?><r><a", ("r", "")),
    ],
)
def test_the_root_tells_what_a_file_is(file: Path, data: str, expected: tuple[str, str]) -> None:
    """It is read from the start of the file alone."""
    file.write_text(data)
    assert root(Part(file)) == expected


def test_local_names() -> None:
    assert [local(tag) for tag in ("a", "{urn:x}a", "{}a", "p:a")] == ["a"] * 4


# -- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        *("", " \n", "\ufeff", "hello", "a,b\n1,2\n", "{}", "<", "<r", "<r>", "<r><a>1</a>"),
        *("<r></s>", "<r><a>1</r>", "<r/><r/>", "<r/>junk", "<r><a>&nbsp;</a></r>"),
        *("<r><a b='1' b='2'/></r>", "<r><a b=1/></r>", "<r><q:a>1</q:a></r>"),
        *("<r><a>&#0;</a></r>", "<r><a>&#xD800;</a></r>", "<r><a>\x01</a></r>"),
        *("<html><body><p>404<br></body></html>", "<?xml version='1.0' encoding='klingon'?><r/>"),
        *(b"<r><a>\xff</a></r>", b"<r><a>\xed\xa0\x80</a></r>", b"\x89PNG\r\n\x1a\n", bytes(99)),
        "<r><a></" + "b" * 40_000 + "></a></r>",
        "<r><" + "b" * 40_000 + "></c></r>",
        "<r>" + "<a>" * 100_000,
    ],
)
def test_what_is_no_xml_is_refused(file: Path, data: bytes | str) -> None:
    refused(file, data, r"cut off or no well-formed XML \(.*\); fetch it again")


def test_a_file_cut_at_any_byte_is_refused(file: Path) -> None:
    data = '<?xml version="1.0"?>\n<r><a x="1">é</a><!-- b --><a><![CDATA[c]]></a></r>'.encode()
    for at in range(len(data)):
        refused(file, data[:at], "cut off or no well-formed XML")
    assert len(read(file, data)) == 2


DOCTYPES = [
    "<!DOCTYPE r>",
    "<!DOCTYPE r [<!ENTITY e 'v'>]>",
    "<!-- a -->\n<!DOCTYPE r SYSTEM 'file:///etc/passwd'>",
    "<!DOCTYPE r PUBLIC '-//X//X' 'http://127.0.0.1:9/x'>",
    "<!DOCTYPE r [<!ATTLIST r a CDATA 'v'>]>",
    "<!DOCTYPE r [<!ELEMENT r ANY>]>",
]


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_any_document_type_is_refused(file: Path, doctype: str, encoding: str) -> None:
    data = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<r><a>1</a></r>'
    refused(file, data.encode(encoding), r"has a document type \(DOCTYPE\), which no list needs")
    with pytest.raises(InputError, match="DOCTYPE"):
        root(Part(file))


def test_a_document_type_that_comes_late_is_no_xml(file: Path) -> None:
    refused(file, "<r><!DOCTYPE r><a/></r>", "no well-formed XML")
    refused(file, "<r/><!DOCTYPE r>", "no well-formed XML")


@pytest.mark.parametrize("where", ["<r x='&l9;'><a/></r>", "<r><a>&l9;</a></r>"])
def test_a_billion_laughs_are_refused(file: Path, where: str) -> None:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    data = f"<!DOCTYPE r [<!ENTITY l0 'lol'>{entities}]>{where}"
    refused(file, data, "DOCTYPE|amplification")


def test_what_is_not_needed_may_be_large_but_not_without_end(file: Path) -> None:
    filler = "x" * 1000 + "\n"
    between = f"<!-- {filler * 5000} --><a/>"
    assert len(read(file, f"<r>{between * 4}</r>")) == 4
    refused(file, f"<r><!-- {filler * 17_000} --><a/></r>", "a record is longer than 16 MiB")


def test_a_million_tags_are_enough_for_a_record(file: Path) -> None:
    assert len(read(file, f"<r>{'<b/>' * 200_000}<a/>{'<b/>' * 700_000}<a/></r>")) == 2
    refused(file, f"<r><a>{'<b/>' * 1_010_000}</a></r>", "a record has more than 1,000,000 tags")


def test_messages_quote_no_more_than_a_line(file: Path) -> None:
    """The parser's own words have line ends, and the file's names in full."""
    with pytest.raises(InputError) as caught:
        read(file, "<r><" + "b" * 40_000 + "></c></r>")
    assert re.search(r"mismatch: b{200,300}…\); fetch it again$", str(caught.value))
