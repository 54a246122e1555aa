"""Which words say a legal form, tell firms apart, or are one word in several spellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from spillover.graph.folding import bare
from spillover.queries.matching.words import is_run, words

_FOLDER: Final = Path(__file__).parent
_SHORT: Final = 2

Spelling = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forms:
    """Legal forms by their spellings, which are words."""

    ending: Mapping[Spelling, str]
    leading: Mapping[Spelling, str]
    anywhere: Mapping[Spelling, str]
    runs: Mapping[str, str]
    """Chinese and Japanese forms, which stand at the end of a run of signs; longest first."""
    leading_runs: frozenset[str]
    """Those that stand at its beginning as well."""
    words: frozenset[str]
    """Every word that alone is a spelling."""
    longest: int
    """Most words of a spelling."""


@cache
def forms() -> Forms:
    """The table ``legal_forms.yml``."""
    said = _read("legal_forms.yml")
    ends = set(said["ends"])
    ending: dict[Spelling, str] = {}
    leading: dict[Spelling, str] = {}
    runs: dict[str, str] = {}
    leading_runs: set[str] = set()
    for form, entry in said["forms"].items():
        for text in entry["spellings"]:
            if is_run(text):
                runs[text] = form
            else:
                ending[tuple(words(bare(text)))] = form
        before = entry.get("leading", ())
        leading |= {tuple(words(bare(text))): form for text in before if not is_run(text)}
        leading_runs |= {text for text in before if is_run(text)}
    anywhere = {
        spelling: form
        for spelling, form in ending.items()
        if len(spelling) > 1 or (len(spelling[0]) > _SHORT and spelling[0] not in ends)
    }
    return Forms(
        ending,
        leading,
        anywhere,
        dict(sorted(runs.items(), key=lambda item: (-len(item[0]), item[0]))),
        frozenset(leading_runs),
        frozenset(spelling[0] for spelling in (*ending, *leading) if len(spelling) == 1),
        max(map(len, ending)),
    )


@dataclass(frozen=True, slots=True)
class Distinguishing:
    """Words that tell firms apart."""

    ordinals: Mapping[str, int]
    tens: Mapping[str, int]
    before_number: frozenset[str]
    ignored: frozenset[str]
    particles: frozenset[str]
    places: frozenset[str]
    structure: frozenset[str]
    signs: tuple[str, ...]
    """Chinese places and words for branches."""
    same: Mapping[str, frozenset[str]]
    """Other spellings of a word."""


@cache
def distinguishing() -> Distinguishing:
    """The table ``distinguishing.yml``, with the names of countries."""
    said = _read("distinguishing.yml")
    same: dict[str, set[str]] = defaultdict(set)
    for group in said["same_word"]:
        for word in group:
            same[word] |= {*group} - {word}
    listed = ("compass", "countries_also", "cities", "chinese_places")
    return Distinguishing(
        said["ordinals"],
        said["tens"],
        frozenset(said["before_number"]),
        frozenset(said["ignored"]),
        frozenset(said["particles"]),
        _countries().union(*(said[key] for key in listed)),
        frozenset(said["structure"]),
        tuple(said["chinese_signs"]),
        {word: frozenset(others) for word, others in same.items()},
    )


def _countries() -> frozenset[str]:
    """The words of the countries' names that are not ordinary words."""
    import pycountry

    said = {word for country in pycountry.countries for word in words(bare(country.name))}
    common = {"and", "of", "the", "republic", "democratic", "people", "peoples", "s", "islands"}
    common |= {"island", "state", "states", "saint", "united", "part", "territory", "territories"}
    common |= {"federated", "outlying", "minor", "federation", "plurinational", "kingdom", "city"}
    return frozenset(word for word in said - common if len(word) > _SHORT)


def _read(name: str) -> dict[str, Any]:
    import yaml

    table: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
    return table
