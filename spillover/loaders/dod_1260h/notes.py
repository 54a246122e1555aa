"""Which state or party organs does a note of the list name, and what tie does it state.

A note reads like "X is indirectly owned by SASAC and is directly affiliated with MIIT and the PLA".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest

_TABLES: Final[dict[str, Any]] = manifest("dod_1260h").tables
_DEGREES: Final[dict[str, str]] = _TABLES["degrees"]
_TIES: Final[dict[str, dict[str, Any]]] = _TABLES["ties"]
_WORDS: Final = re.compile(
    rf"(?:\b({'|'.join(_DEGREES)}) )?\b({'|'.join(sorted(_TIES, key=len, reverse=True))})\b"
)
_ORGANS: Final[dict[str, dict[str, Any]]] = _TABLES["organs"]
_TEXTS: Final = {text: organ for organ, said in _ORGANS.items() for text in said["texts"]}
_ORGAN: Final = re.compile(
    rf"(?<![A-Za-z])({'|'.join(map(re.escape, sorted(_TEXTS, key=len, reverse=True)))})(?![A-Z])"
)
_STOP: Final = re.compile(r"\(Sections? |; |\. (?=[A-Z])")


class Tie(NamedTuple):
    """One tie that a note states."""

    organ: str
    words: str
    degree: str


def noted(
    note: str, firm: str, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    """The ties of a company to state organs, and what they own or control, by a note."""
    for tie in dict.fromkeys(ties(note, context)):
        said = _ORGANS[tie.organ]
        own = name_id(tie.organ, "dod_1260h")
        names = (Name(said["short"], role="alias"),) if "short" in said else ()
        yield Entity(own, said["schema"], tie.organ, names, ("cn",))
        degree = {"degree": (tie.degree,)} if tie.degree else {}
        yield Relation(
            "STATE_TIE",
            own,
            firm,
            evidence=evidence,
            properties={"tie": (_TIES[tie.words]["tie"],), **degree},
        )
        for kind in _TIES[tie.words]["kinds"]:
            yield Relation(
                kind, own, firm, evidence=evidence, reported_indirect=tie.degree == "indirect"
            )


def ties(note: str, context: Context) -> Iterator[Tie]:
    """Every tie to a state organ that a note states.

    Words that no organ follows share the organs of the next ones ("owned by and affiliated with").
    An organ without such words, or words without an organ, are signalled.
    """
    note = note.replace("’", "'")
    found = list(_WORDS.finditer(note))
    waiting: list[tuple[str, str]] = []
    told: set[int] = set()
    for place, match in enumerate(found):
        limit = found[place + 1].start() if place + 1 < len(found) else len(note)
        stop = _STOP.search(note, match.end(), limit)
        end = stop.start() if stop else limit
        organs = list(_ORGAN.finditer(note, match.end(), end))
        waiting.append((match[2], _DEGREES.get(match[1] or "", "")))
        if not organs and not stop and place + 1 < len(found):
            continue
        text = note[match.end() : end]
        if not organs and not any(zone in text for zone in _TABLES["no_organs"]):
            context.note("tie with an unknown organ", text.strip()[:80], note)
        told.update(organ.start() for organ in organs)
        for name in dict.fromkeys(_TEXTS[organ[1]] for organ in organs):
            yield from (Tie(name, words, degree) for words, degree in waiting)
        waiting.clear()
    for organ in _ORGAN.finditer(note):
        if organ.start() not in told:
            context.note("organ without a known tie", _TEXTS[organ[1]], note)
