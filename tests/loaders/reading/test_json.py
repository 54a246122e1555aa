"""A JSON file is cut into its records exactly, or refused in one line."""

import contextlib
import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.loaders.reading import json as reading
from spillover.loaders.reading.files import RECORD_LIMIT, Part
from spillover.loaders.reading.json import DEPTH_LIMIT, DIGITS_LIMIT, documents


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def read(file: Path, data: bytes, *under: str) -> list[Any]:
    file.write_bytes(data)
    return [record for _, record in documents(Part(file), under)]


def refused(file: Path, data: bytes, words: str, *under: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read(file, data, *under)
    assert str(caught.value).startswith(f"{file}: after record ")
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


A, B = {"id": 1, "name": "A"}, {"id": 2, "name": "B"}


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": 1, "name": "A"}\n{"id": 2, "name": "B"}\n',
        b'{"id": 1, "name": "A"}\r\n\r\n{"id": 2, "name": "B"}',
        b'{"id": 1, "name": "A"}{"id": 2, "name": "B"}',
        b'[{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]',
        b'\xef\xbb\xbf[{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]\n\x1a',
        b'[{"id": 1, "name": "A"}][{"id": 2, "name": "B"}]',
        b'[{"id": 1, "name": "A"}]\n[]\n{"id": 2, "name": "B"}\n',
        b'{"data": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}',
        b'{"n": 2, "data": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}], "m": [0]}',
        b'{"data": [{"id": 1, "name": "A"}]}\n{"data": [{"id": 2, "name": "B"}]}',
        b'{"data": [{"id": 1, "name": "A"}]}{"id": 2, "name": "B"}',
        gzip.compress(b'[{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]'),
    ],
)
def test_records_stand_in_lines_in_arrays_or_under_a_key(file: Path, data: bytes) -> None:
    assert read(file, data, "data") == [A, B]


def test_positions_count_the_records(file: Path) -> None:
    file.write_bytes(b'[{"id": 1}]\n{"id": 2}')
    assert [position for position, _ in documents(Part(file))] == ["record 1", "record 2"]


@pytest.mark.parametrize(
    ("data", "records"),
    [
        (b'{"a": {"b": [1, 2]}, "c": [3]}', [1, 2]),
        (b'{"a": {"x": {"y": 1}, "b": [1, 2], "z": []}}', [1, 2]),
        (b'{"a": {"b": [1]}, "d": [2]}', [1, 2]),
        (b'{"a": {"b": []}}', []),
        (b'{"a": {"x": 1}}', [{"a": {"x": 1}}]),
        (b'{"a": {"x": 1}, "c": 2}', [{"a": {"x": 1}, "c": 2}]),
        (b'{"a": {"b": {"c": 1}}}', [{"a": {"b": {"c": 1}}}]),
        (b'{"a": 5, "d": {"e": 1}}', [{"a": 5, "d": {"e": 1}}]),
        (b'{"b": [1]}', [{"b": [1]}]),
        (b'{"a.b": [1]}', [{"a.b": [1]}]),
        (b"{}", [{}]),
    ],
)
def test_records_under_nested_keys(file: Path, data: bytes, records: list[object]) -> None:
    """An object in which none of the keys leads to an array is itself a record, and is whole."""
    assert read(file, data, "a.b", "d") == records


def test_what_stands_around_is_told(file: Path) -> None:
    told: list[dict[str, Any]] = []
    file.write_bytes(
        b'{"n": 2, "r": {"m": "x", "d": [1, 2], "o": [3]}, "e": null}\n{"r": {"d": []}}'
    )
    assert [record for _, record in documents(Part(file), ("r.d",), told.append)] == [1, 2]
    assert told == [{"r.m": "x", "r.o": [3]}, {"n": 2, "e": None}]


def test_what_stands_around_is_not_told_of_a_record(file: Path) -> None:
    told: list[dict[str, Any]] = []
    file.write_bytes(b'{"n": 2}')
    assert [record for _, record in documents(Part(file), ("d",), told.append)] == [{"n": 2}]
    assert told == []


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf", b"\x1a", b"[]", b"[ ]\n[]"])
def test_no_records_are_none(file: Path, data: bytes) -> None:
    assert read(file, data) == []


def test_every_kind_of_value_is_exact(file: Path) -> None:
    data = rb"""[null, true, false, 0, -0, 12345678901234567890, 0.1, 1e5, 1E+2, -1.50, 1e1000000,
    "", "\u00e9\ud83d\ude00\u0000\"\\\/\b\f\n\r\t", "\\ud800", [], {}, [[1]], {"": {"a b": []}}]"""
    assert read(file, data) == [
        *(None, True, False, 0, 0, 12345678901234567890),
        *(
            Decimal("0.1"),
            Decimal("1E+5"),
            Decimal("1E+2"),
            Decimal("-1.50"),
            Decimal("1E+1000000"),
        ),
        *("", 'é😀\0"\\/\b\f\n\r\t', "\\ud800", [], {}, [[1]], {"": {"a b": []}}),
    ]
    assert [str(value) for value in read(file, b"[1.50, 33.330]")] == ["1.50", "33.330"]


def test_a_number_has_64_digits_at_most(file: Path) -> None:
    most = "9" * DIGITS_LIMIT
    assert read(file, f"[{most}, -{most}, 0.{most[1:]}]".encode()) == [
        *(int(most), -int(most), Decimal(f"0.{most[1:]}")),
    ]
    for number in (most + "9", f"-{most}9", "1" * 5000, "1" * 1_000_000, "0." + "1" * 1_000_000):
        refused(file, f"[{number}]".encode(), "after record 0: .*a number of more than 64 digits")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[NaN]", "NaN is no number"),
        (b"[Infinity]", "Infinity is no number"),
        (b"[-Infinity]", "-Infinity is no number"),
        (b"[1e99999999999999999999]", "1e99999999999999999999 is beyond all numbers"),
        (b"[01]", "'1' where ',' or ']' belongs"),
        (b"[1.]", "'.' where ',' or ']' belongs"),
        (b"[+1]", "Expecting value"),
        (b"[.5]", "Expecting value"),
        (b"[1,]", "after record 1: .*Expecting value"),
        (b"[1 2]", "after record 1: .*'2' where ',' or ']' belongs"),
        (b'{"a": 1,}', "Expecting property name"),
        (b"{a: 1}", "Expecting property name"),
        (b"{'a': 1}", "Expecting property name"),
        (b"[}", "Expecting value"),
        (b"]", "Expecting value"),
        (b"[1]]", "after record 1: .*Expecting value"),
        (b"// note\n[1]", "Expecting value"),
        (b"hello", "Expecting value"),
        (b"<html>", "Expecting value"),
        (b"[1]\x00", "Expecting value"),
        (b"[1]\x1a[2]", "after record 1: .*Expecting value"),
        (b'["a\nb"]', "Invalid control character"),
        (b'["a\x00b"]', "Invalid control character"),
        (rb'["\x41"]', "Invalid .escape"),
        (rb'["\u12"]', "Invalid .uXXXX escape"),
        (b'["\xff"]', "can't decode byte 0xff"),
        (b'["\xc3"]', "can't decode byte 0xc3"),
        (b'["\xed\xa0\x80"]', "can't decode byte 0xed"),  # half a character in UTF-8
        (b'["\xc0\xaf"]', "can't decode byte 0xc0"),  # a slash, longer than need be
        ("[1]".encode("utf-16"), "can't decode byte 0xff"),
        ("[1]".encode("utf-16-le"), "Expecting value"),
        (b'{"a": 1, "a": 1}', "'a' stands twice in one object"),
        (b'[{"a": {"b": [{"c": 1, "c": 2}]}}]', "'c' stands twice in one object"),
    ],
)
def test_what_is_no_json_is_refused(file: Path, data: bytes, words: str) -> None:
    refused(file, data, f"cut off or no JSON in UTF-8.*{words}|{words}")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"d": [1], "x": 1, "x": 2}', "'x' stands twice"),
        (b'{"d": [1], "d": [2]}', "'d' stands twice"),
        (b'{"d": [1], "d": 2}', "'d' stands twice"),
        (b'{"d": [1], 5: 1}', "'5' where a key belongs"),
        (b'{"d": [1], }', "'}' where a key belongs"),
        (b'{"d": [1] "x": 1}', "'\"' where ',' or '}' belongs"),
        (b'{"d" [1]}', "no ':' behind the key 'd'|Expecting ':'"),
        (b'{"d": [1}', "'}' where ',' or ']' belongs|Expecting ','"),
        (b'{"d": [1', "the end where ',' or ']' belongs|Expecting"),
        (b'{"d": [1]', "the end where ',' or '}' belongs|Expecting"),
    ],
)
def test_what_is_no_object_of_records_is_refused(file: Path, data: bytes, words: str) -> None:
    refused(file, data, words, "d")


@pytest.mark.parametrize(
    "text",
    [
        rb"\ud800",
        rb"\udc00",
        rb"\uD800x",
        rb"\ud800\u0041",
        rb"\ud800\ud800\udc00",
        rb"\udc00\ud800",
        rb"\\\ud800",
        rb"\\\\\udfff",
        rb"\ud83d\ude00\ud83d",
        rb"\\ud83d\ude00",
    ],
)
def test_half_a_character_is_refused_and_never_altered(file: Path, text: bytes) -> None:
    """Where a fast parser puts a question mark, or another character altogether."""
    words = "half a character, a lone surrogate"
    refused(file, b'["good", "' + text + b'"]', f"after record 1: .*{words}")
    refused(file, b'{"a": ["' + text + b'"]}', words)
    refused(file, b'{"' + text + b'": 1}', words)


def test_nesting_ends_at_64(file: Path) -> None:
    def nested(depth: int) -> bytes:
        return b"[" + b'{"a":[' * (depth // 2) + b"]}" * (depth // 2) + b"]"

    assert len(read(file, nested(DEPTH_LIMIT))) == 1
    refused(file, nested(DEPTH_LIMIT + 2), "nested deeper than 64")
    for deep in (b"[" * 100_000, b'{"a":' * 100_000, b'[{"a":' + b"[" * 100_000, nested(900)):
        refused(file, deep, "nested deeper than 64")
        refused(file, deep, "nested deeper than 64", "a", "a.a")


def test_a_record_may_be_16_mib_long(file: Path) -> None:
    text = "x" * (RECORD_LIMIT - 300_000)
    assert read(file, f'[1, "{text}", 2]'.encode()) == [1, text, 2]
    refused(file, f'[1, "{"x" * RECORD_LIMIT}"]'.encode(), "a record is longer than 16 MiB")


def test_a_fault_far_from_the_end_is_told_as_what_it_is(file: Path) -> None:
    data = b'[{"a": 1}, {"a": nothing}, ' + b"1, " * 7_000_000 + b"1]"
    refused(file, data, "after record 1: .*Expecting value")


EVERYTHING = (
    b'{"n": 12.5e+1, "r": [{"a": [1, {"b": "\\u00e9\\ud83d\\ude00 \xc3\xa9"}], "c": null}, true,'
    b' -1.5e-3, "x\\\\"], "e": {"f": [], "g": {}}}'
)


@pytest.mark.parametrize("under", [(), ("r",), ("r", "e.h")])
def test_a_document_cut_at_any_byte_is_refused(file: Path, under: tuple[str, ...]) -> None:
    for data in (EVERYTHING, b"[" + EVERYTHING + b"]"):
        for at in range(1, len(data)):
            refused(file, data[:at], "cut off or no JSON", *under)


def test_lines_cut_anywhere_give_whole_records_or_are_refused(file: Path) -> None:
    data = (EVERYTHING + b"\n") * 3
    for at in range(len(data)):
        cut = data[:at]
        if cut.rstrip() in {b"", EVERYTHING, (EVERYTHING + b"\n" + EVERYTHING)}:
            assert len(read(file, cut)) == cut.rstrip().count(b"\n") + bool(cut.strip())
        elif at < len(data) - 1:
            refused(file, cut, "cut off or no JSON")


@pytest.mark.parametrize("chunk", [1, 2, 3, 5, 7, 16, 61, 4096])
def test_it_does_not_matter_where_the_file_is_read_on(
    file: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = EVERYTHING + b"\n[1, 23, 456.5, 7e+8, -9]  12 3.5e1\n" + EVERYTHING + b"\n\x1a"
    whole = read(file, data, "r")
    around: list[object] = []
    monkeypatch.setattr(reading, "_CHUNK", chunk)
    assert read(file, data, "r") == whole
    list(documents(Part(file), ("r",), around.append))
    assert around == [{"n": Decimal(125), "e": {"f": [], "g": {}}}] * 2
    assert whole[4:11] == [1, 23, Decimal("456.5"), Decimal("7E+8"), -9, 12, Decimal(35)]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**DIGITS_LIMIT) + 1, 10**DIGITS_LIMIT - 1)
    | st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
    | st.text(max_size=8)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


class Exact(float):
    """A decimal that :mod:`json` writes with all of its digits."""

    def __new__(cls, value: Decimal) -> Self:
        made = super().__new__(cls, 0)
        made.text = format(value, "f")
        return made

    text: str

    def __repr__(self) -> str:
        return self.text


def writable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: writable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [writable(inner) for inner in value]
    return Exact(value) if isinstance(value, Decimal) else value


@given(st.lists(VALUES, max_size=5), st.booleans(), st.sampled_from([None, 1]), st.integers(1, 40))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[Any],
    ascii_only: bool,
    indent: int | None,
    chunk: int,
) -> None:
    """As an array, as lines and under a key, read on at any place."""
    file = tmp_path_factory.mktemp("json") / "file"

    def dumped(value: Any) -> str:
        text = json.dumps(writable(value), ensure_ascii=ascii_only, indent=indent)
        return text.encode("utf-8", "replace").decode()

    records = json.loads(dumped(records), parse_float=Decimal)
    forms = {
        "array": dumped(records),
        "key": dumped({"first": 1, "data": records, "last": [2]}),
        "lines": "\n".join(map(dumped, [{"id": record} for record in records])),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_CHUNK", chunk)
        assert read(file, forms["array"].encode()) == records
        assert read(file, forms["key"].encode(), "data") == records
        assert read(file, forms["lines"].encode(), "data") == [{"id": r} for r in records]


@given(st.binary(max_size=60) | st.text('[]{}":,\\u1e. \n\ufeff', max_size=60).map(str.encode))
def test_any_bytes_are_read_as_python_reads_them_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "file"
    with contextlib.suppress(InputError):
        found = read(file, data)
        with contextlib.suppress(ValueError):
            whole = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
            assert found == (whole if isinstance(whole, list) else [whole])
