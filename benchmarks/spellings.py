"""How are names misspelt, and altered so that they are another firm's.

One function for each kind of alteration; each takes the draw that it needs from the same seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from spillover.graph.folding import bare
from spillover.queries.matching.parsed import kind, number
from spillover.queries.matching.tables import distinguishing, forms


def _typo(name: str, draw: random.Random) -> str:
    """One letter left out, doubled or swapped with the next, in a word of five or more."""
    places = [
        (at, len(word))
        for at, word in _spans(name)
        if len(word) >= 5 and word.isalpha() and word.isascii()
    ]
    if not places:
        return name
    start, length = draw.choice(places)
    at = start + draw.randrange(1, length - 1)
    changed = draw.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )
    return changed if changed != name else name[:at] + name[at + 1 :]


def _spans(name: str) -> Iterator[tuple[int, str]]:
    at = 0
    for word in name.split(" "):
        yield at, word
        at += len(word) + 1


def _form(name: str, _: random.Random) -> str:
    """The legal form left out, or one added."""
    words = name.split()
    if _last(words) in forms().words and len(words) > 2:
        return " ".join(words[:-1]).rstrip(",")
    return f"{name} Ltd"


def _form_spelled(name: str, _: random.Random) -> str:
    """The legal form written in full, or short."""
    words = name.split()
    longer = {"ltd": "Limited", "limited": "Ltd.", "corp": "Corporation", "inc": "Incorporated"}
    longer |= {"corporation": "Corp.", "llc": "Limited Liability Company", "gmbh": "G.m.b.H."}
    return " ".join([*words[:-1], longer.get(_last(words), words[-1])])


def _last(words: list[str]) -> str:
    return bare(words[-1]).replace(".", "").strip(",")


def _accent(name: str, draw: random.Random) -> str:
    """An accent on one vowel, or the accents left out."""
    if not name.isascii():
        return bare(name)
    vowels = [at for at, sign in enumerate(name) if sign.lower() in "aeou"]
    at = draw.choice(vowels) if vowels else 0
    marks = dict(zip("aeouAEOU", "áéóüÁÉÓÜ", strict=True))
    return name[:at] + marks.get(name[at], name[at]) + name[at + 1 :]


def _case(name: str, draw: random.Random) -> str:
    return name.title() if name.isupper() or draw.random() < 0.5 else name.upper()


def _order(name: str, draw: random.Random) -> str:
    """Two neighbouring words change places."""
    words = name.split()
    if len(words) < 3:
        return " ".join(reversed(words))
    at = draw.randrange(len(words) - 2)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _joined(name: str, draw: random.Random) -> str:
    """Two words as one, or one as two."""
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) > 7 and word.isalpha()]
    if long and draw.random() < 0.5:
        at = draw.choice(long)
        cut = draw.randrange(3, len(words[at]) - 3)
        words[at] = f"{words[at][:cut]} {words[at][cut:]}"
        return " ".join(words)
    if len(words) < 3:
        return name.replace(" ", "")
    return " ".join([words[0] + words[1], *words[2:]])


def _signs(name: str, draw: random.Random) -> str:
    """Other punctuation."""
    plain = name.replace(",", "").replace(".", "").replace("-", " ")
    return plain if plain != name else name.replace(" ", draw.choice((" - ", ", ")), 1)


def _short(name: str, draw: random.Random) -> str:
    """A word abbreviated."""
    words = name.split()
    same = distinguishing().same
    able = [at for at, word in enumerate(words) if same.get(bare(word))]
    if not able:
        return name
    at = draw.choice(able)
    words[at] = min(same[bare(words[at])], key=lambda other: (len(other), other))
    return " ".join(words)


SPELLINGS: Final[Mapping[str, Callable[[str, random.Random], str]]] = {
    "letter wrong": _typo,
    "legal form more or less": _form,
    "legal form spelled": _form_spelled,
    "accent": _accent,
    "case": _case,
    "order of words": _order,
    "words joined or split": _joined,
    "punctuation": _signs,
    "abbreviation": _short,
}
TWICE: Final = "two of these"
KINDS: Final = (*SPELLINGS, TWICE)


def renumbered(name: str, draw: random.Random) -> str:
    """The name with one of its numbers changed; empty when it has none."""
    words = name.split()
    able = [at for at, word in enumerate(words) if word.isdigit() or number(bare(word))]
    if not able:
        return ""
    at = draw.choice(able)
    value = int(number(bare(words[at])) or 0)
    words[at] = str(value + draw.choice((1, 2, 10)))
    return " ".join(words)


def moved(name: str, draw: random.Random) -> str:
    """The name with one place changed for another; empty when it has none."""
    words = name.split()
    able = [at for at, word in enumerate(words) if kind(bare(word).strip(",.()")) == "place"]
    if not able:
        return ""
    words[draw.choice(able)] = draw.choice(
        ("Norway", "Sweden", "Hunan", "Henan", "Osaka", "Northern", "Kenya", "Lisbon")
    )
    return " ".join(words)


def spelled(what: str, name: str, draw: random.Random) -> str:
    """The name altered in one of these ways, or in two of them."""
    if what in SPELLINGS:
        return SPELLINGS[what](name, draw)
    first, second = draw.sample(list(SPELLINGS.values()), 2)
    once = first(name, draw)
    return second(once, draw) if once != name else name
