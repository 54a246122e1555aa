"""What is displayed neither hides, reorders, commands nor calculates."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.views.text import (
    ELLIPSIS,
    REPLACEMENT,
    clean,
    csv_cell,
    safe_url,
    shorten,
    text_width,
    wrap,
)

ANY_TEXT = st.text(st.characters(), max_size=80)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Syngenta AG", "Syngenta AG"),
        ("  two\n lines\t", "two lines"),
        ("中国化工集团 Роснефть", "中国化工集团 Роснефть"),
        ("\u202eDENOITCNAS\u202c", "DENOITCNAS"),
        ("a\u2066b\u2069c\u200ed", "abcd"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;https://evil.example\x1b\\name\x1b]8;;\x1b\\", "name"),
        ("\x1bPq#0\x1b\\name", "name"),
        ("bell\x07", f"bell{REPLACEMENT}"),
        ("nul\x00", f"nul{REPLACEMENT}"),
        ("lone \ud800", f"lone {REPLACEMENT}"),
        ("non\ufffechar", f"non{REPLACEMENT}char"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("line\u2028separator", "line separator"),
        ("tag\U000e0041", "tag"),
        ("z" + "\u0301" * 30, "z" + "\u0301" * 4),
        ("", ""),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(ANY_TEXT)
def test_cleaned_text_is_one_line_of_valid_unicode_without_commands(raw: str) -> None:
    shown = clean(raw)
    assert clean(shown) == shown
    shown.encode("utf-8")
    for char in shown:
        assert char in "\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}
        assert char == " " or not char.isspace()


@pytest.mark.parametrize(
    "url", ["https://sec.gov/a?b=1&c=2#d", "http://例え.jp/x", "HTTPS://GLEIF.ORG/"]
)
def test_web_links_pass(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " https://a.example",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.example",
        "//a.example/x",
        "https:a",
        "https:///x",
        "https://bank.example@evil.example",
        "https://a.example/\u202egpj.exe",
        "https://[bad",
        "https://a.example/\\@evil.example",
        'https://a.example/"onmouseover=x',
        "vbscript:x",
    ],
)
def test_other_addresses_do_not(url: str) -> None:
    assert safe_url(url) == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_formulas_become_text(start: str) -> None:
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["-", "-3", "-3.25", "-3.25 %", "-100%"])
def test_a_dash_and_negative_numbers_stay_as_they_are(text: str) -> None:
    assert csv_cell(text) == text


@pytest.mark.parametrize("text", ["-3+1", "-3.", "-a", "--3", "-3 %%", "-1E5", "-٣", "-3\n"])
def test_what_only_begins_like_a_negative_number_becomes_text(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@given(ANY_TEXT)
def test_csv_cells_round_trip_but_for_the_quote(raw: str) -> None:
    cell = csv_cell(raw)
    assert cell in {raw, f"'{raw}"}
    if "\x00" not in cell:
        out = io.StringIO(newline="")
        csv.writer(out).writerow([cell, "x"])
        assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [cell, "x"]


def test_shorten_and_wrap_keep_to_the_width() -> None:
    assert shorten("short", 12, 200) == "short"
    assert shorten("x" * 100, 12, 50).endswith(ELLIPSIS)
    assert wrap("Federal Agency for State Property", 12, 140) == (
        "Federal Agency for",
        "State Property",
    )
    assert shorten("two words", 12, 45) == "two…"
    assert shorten("wide", 12, 1) == "…"
    assert wrap("国" * 30, 12, 130)[0] == "国" * 10


@given(ANY_TEXT, st.integers(40, 300))
def test_wrapped_lines_fit(raw: str, width: int) -> None:
    lines = wrap(clean(raw), 12, width)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line, 12) <= width for line in lines)
