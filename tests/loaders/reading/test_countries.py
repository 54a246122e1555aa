"""Names and codes of countries mean one country or none; nothing is guessed."""

from pathlib import Path

import pycountry
import pytest
import yaml

from spillover.loaders.reading import countries
from spillover.loaders.reading.countries import alpha2, country_name

SPELLINGS: dict[str, list[str]] = yaml.safe_load(
    Path(countries.__file__).with_suffix(".yml").read_text(encoding="utf-8")
)
FIELDS = ("alpha_2", "alpha_3", "name", "official_name", "common_name")
STANDARD = [
    (text, country.alpha_2.lower())
    for country in pycountry.countries
    for field in FIELDS
    if (text := getattr(country, field, ""))
]


def test_every_code_and_name_of_the_standard_is_known() -> None:
    """249 countries, each with two codes and a name at least."""
    assert len(pycountry.countries) == 249
    assert len(STANDARD) > 3 * 249
    assert [(text, code) for text, code in STANDARD if alpha2(text) != code] == []


def test_every_further_spelling_is_known() -> None:
    listed = [(name, code) for code, names in SPELLINGS.items() for name in names]
    assert [(name, code) for name, code in listed if alpha2(name) != code] == []


def test_no_further_spelling_takes_a_name_of_the_standard_for_another_country() -> None:
    standard = {text.casefold(): code for text, code in STANDARD}
    listed = {name.casefold(): code for code, names in SPELLINGS.items() for name in names}
    assert {n: c for n, c in listed.items() if standard.get(n, c) != c} == {}
    reserved = SPELLINGS.keys() - {code for _, code in STANDARD}
    assert reserved == {"an", "su", "xk"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("CN", "cn"), ("cn", "cn"), ("CHN", "cn"), ("China", "cn"), (" CHINA. ", "cn")),
        *(("Korea, North", "kp"), ("Korea, South", "kr"), ("Hong Kong", "hk"), ("Taiwan", "tw")),
        *(("UK", "gb"), ("U.K.", "gb"), ("u.s.a.", "us"), ("United  States", "us")),
        *(("Türkiye", "tr"), ("Turkey", "tr"), ("TURKIYE", "tr"), ("Réunion", "re")),
        *(("Côte d'Ivoire", "ci"), ("Cote d’Ivoire", "ci"), ("CÔTE D’IVOIRE", "ci")),
        *(("Congo", "cg"), ("Congo, Democratic Republic of the", "cd"), ("DRC", "cd")),
        *(("Niger", "ne"), ("Nigeria", "ng"), ("Guinea", "gn"), ("Guinea-Bissau", "gw")),
        *(("Dominica", "dm"), ("Dominican Republic", "do"), ("Austria", "at"), ("Australia", "au")),
        *(
            ("中国", "cn"),
            ("香港", "hk"),
            ("Kosovo", "xk"),
            ("XK", "xk"),
            ("SU", "su"),
            ("AN", "an"),
        ),
        *(("Georgia", "ge"), ("Jersey", "je"), ("NO", "no"), ("NA", "na")),
    ],
)
def test_how_lists_write_countries(text: str, code: str) -> None:
    assert alpha2(text) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "-", "--", "0", "156", "N/A", "n/a", "NULL", "None", "nan", "unknown"),
        *("Undetermined", "various", "Europe", "European Union", "EU", "Asia", "Crimea", "Texas"),
        *("Chin", "Chinaa", "China, Iran", "China/Hong Kong", "CN, HK", "CN;HK", "CN-BJ", "C N"),
        *("Сhina", "Ｃhina1", "chіna", "\u202eanihC", "China\u200b", "china\x00", "<b>China</b>"),
        *("ZZ", "XX", "QQQ", "ЮК", "🇨🇳", "'; DROP TABLE entity;--", "x" * 100_000),
    ],
)
def test_what_is_no_country_has_no_code(text: str) -> None:
    assert alpha2(text) == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("cn", "China"), ("tw", "Taiwan"), ("ir", "Iran"), ("gb", "United Kingdom")),
        *(("xk", "Kosovo"), ("su", "USSR"), ("an", "Netherlands Antilles"), ("zz", "ZZ")),
    ],
)
def test_a_country_has_an_english_name(code: str, name: str) -> None:
    """Reserved codes have that of our own list; what is none names itself."""
    assert country_name(code) == name
    assert country_name(code.upper()) == name


def test_names_lead_back_to_their_codes() -> None:
    codes = {code for _, code in STANDARD} | SPELLINGS.keys()
    assert [code for code in codes if alpha2(country_name(code)) != code] == []
