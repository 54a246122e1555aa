"""Places, products, periods and amounts as trade statistics write them."""

from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.loaders.reading.countries import country_name
from spillover.loaders.reading.files import Part, parts
from spillover.loaders.reading.m49 import country, place
from spillover.loaders.reading.trade import (
    amount,
    finished,
    hs6,
    is_zero,
    period,
    product,
    usable,
)


@pytest.mark.parametrize(
    ("code", "entity"),
    [
        ("842", "country:us"),  # Comtrade's numbers beside those of ISO 3166
        ("840", "country:us"),
        ("251", "country:fr"),
        ("757", "country:ch"),
        ("699", "country:in"),
        ("579", "country:no"),
        ("381", "country:it"),
        ("736", "country:sd"),
        ("8", "country:al"),
        ("008", "country:al"),
        (" 36 ", "country:au"),
        ("490", "country:tw"),
        ("S19", "country:tw"),
        ("TWN", "country:tw"),
        ("NAM", "country:na"),
        ("516", "country:na"),
        ("ROM", "country:ro"),
        ("ZAR", "country:cd"),
        ("XKX", "country:xk"),
        ("530", "country:an"),
        ("810", "country:su"),
        ("SUN", "country:su"),
        ("200", "country:cshh"),
        ("SCG", "country:csxx"),
        ("58", "m49:58"),
        ("BLX", "m49:58"),
        ("711", "m49:711"),
        ("ZA1", "m49:711"),
    ],
)
def test_a_code_means_a_country(code: str, entity: str) -> None:
    found = place(code)
    assert found
    assert found.entity
    assert found.entity.id == entity


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("0", "World"),
        ("000", "World"),
        ("W00", "World"),
        ("97", "European Union"),
        ("899", "Areas, nes"),
        ("_X ", "Areas, nes"),
        ("ANS", "Areas, nes"),
        ("837", "Bunkers"),
        ("838", "Free zones"),
        ("X2 ", "Free zones"),
        ("839", "Special categories"),
        ("XX ", "Special categories"),
        ("568", "Other Europe, nes"),
    ],
)
def test_a_code_means_a_place_that_is_no_country(code: str, name: str) -> None:
    found = place(code)
    assert found
    assert (found.name, found.entity) == (name, None)


@pytest.mark.parametrize("code", ["", " ", "998", "-1", "4.0", "²", "Q", "QQQ", "١٢٣", "W99"])
def test_an_unknown_code_means_nothing(code: str) -> None:
    assert place(code) is None


def test_other_asia_says_what_it_stands_for() -> None:
    for code in ("490", "S19"):
        found = place(code)
        assert found
        assert found.remark.startswith("Other Asia, nes: in practice Taiwan")
    plain = place("TWN")
    assert plain
    assert not plain.remark


def test_every_country_has_one_node() -> None:
    for code, letters, number in (("na", "NAM", "516"), ("de", "DEU", "276")):
        nodes = [one.entity for key in (letters, number) if (one := place(key))]
        assert nodes == [country(code)] * 2
        assert country(code).identifiers == (("iso3166", code),)
        assert country(code).name == country_name(code)


def test_periods() -> None:
    assert [period(text) for text in ("2020", "202001", "2020-12")] == [
        "2020",
        "2020-01",
        "2020-12",
    ]
    for text in ("", "20", "20200", "202000", "202013", "2020-1", "0000", "000001", "２０２０"):
        with pytest.raises(InputError, match="no year or month"):
            period(text)


def test_hs6_codes() -> None:
    assert [hs6(text) for text in ("010121", "10121", "9999AA")] == ["010121", "010121", "9999AA"]
    for text in ("", "0101", "01012", "0101211", "A10121", "9999aa", "１０１２１", "1012.1"):
        if text != "01012":
            with pytest.raises(InputError, match="no HS6 code"):
                hs6(text)


def test_amounts_are_kept_as_printed() -> None:
    for text in ("0", "0.0", "1500.50", "007", "1e5", "1.5E-7"):
        assert amount(text, "value") == text
    for text in ("", "-1", "+1", "1,5", ".5", "5.", "NaN", "inf", "1e", "1e1000", "１", "1 000"):
        with pytest.raises(InputError, match=r"value .* is no number of 0 or more"):
            amount(text, "value")
    assert [is_zero(text) for text in ("0", "0.00", "0e5", "10", "0.01")] == [True] * 3 + [
        False
    ] * 2


def test_a_product_is_the_same_in_every_source() -> None:
    assert product("750210", "Nickel", "HS 2022") == product("750210")._replace(
        name="Nickel", properties={"classification": ("HS 2022",)}
    )
    assert (product("750210").id, product("750210").name) == ("hs:750210", "HS 750210")
    assert product("750210").identifiers == (("hs", "750210"),)
    assert product("9999AA").identifiers == ()


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", True),
        (b"a,1\n", True),
        (b"a,1\r\n", True),
        (b"a,1\n\x1a", True),
        ("a,1\n".encode("utf-16-le"), True),
        (b'a,"1"', True),
        (b"a,1", False),
        (b"a,", False),
    ],
)
def test_a_table_whose_last_row_does_not_end_may_be_cut_off(
    tmp_path: Path, data: bytes, whole: bool
) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(data)
    (part,) = parts([file])
    if whole:
        finished(part)
    else:
        with pytest.raises(InputError, match="no line end, so it may be cut off"):
            finished(part)


def test_a_stranger_is_refused_when_named_and_left_out_of_a_folder(tmp_path: Path) -> None:
    for name in ("known.csv", "other.csv"):
        (tmp_path / name).touch()
    noted: list[tuple[str, str, str]] = []

    def known(part: Part) -> str:
        if part.stem != "known":
            raise InputError("what is this?")
        return part.stem

    def note(*said: str) -> None:
        noted.append(said)  # type: ignore[arg-type] # three texts, as Context.note takes them

    found = usable(parts([tmp_path]), known, note)
    assert [(part.name, stem) for part, stem in found] == [("known.csv", "known")]
    assert noted == [("file of the folder left out", "other.csv", "what is this?")]
    with pytest.raises(InputError, match="what is this"):
        list(usable(parts([tmp_path / "other.csv"]), known, note))
