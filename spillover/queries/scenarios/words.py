"""How is a change said in a few words, as a command line gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS
from spillover.queries.scenarios.file import Change, change

_PAIR: Final = r"(?P<owner>[^>]+)>(?P<asset>[^>=]+)"
_TIE: Final = rf"(?P<source>.+?)\s+(?P<kind>{'|'.join(KINDS)})\s+(?P<target>.+?)"
_FORMS: Final = {
    "divest": ("OWNER > ASSET = SHARE > BUYER", rf"{_PAIR}(=(?P<share>[^>]+))?(>(?P<to>.+))?"),
    "acquire": (
        "OWNER > ASSET = SHARE from SELLER",
        rf"{_PAIR}=(?P<share>[^>]+?)(\sfrom\s(?P<from>.+))?",
    ),
    "assume": ("OWNER > ASSET = SHARE", rf"{_PAIR}=(?P<share>.+)"),
    "end": ("SOURCE KIND TARGET", _TIE),
    "start": ("SOURCE KIND TARGET = SHARE", rf"{_TIE}(\s*=\s*(?P<share>[^=]+))?"),
}
"""What the words of each change look like, for people and as a pattern."""


def in_words(verb: str, text: str, by: Iterable[str] = ()) -> Change:
    """One change from a few words: ``divest``, ``X > A = 25 > Buyer``.

    Args:
        verb: which change.
        text: its words; a listing is said by the name of the entity alone.
        by: programmes of a listing.

    Raises:
        InputError: the words do not have the form of that change; the message shows it.
    """
    where = f"--{verb} {text[:120]!r}"
    if verb not in _FORMS:
        entity = {"entity": text.strip()}
        return change({verb: entity | ({"by": list(by)} if by else {})}, where)
    form, pattern = _FORMS[verb]
    match = re.fullmatch(pattern, text.strip(), re.DOTALL)
    if not match:
        raise InputError(f"{where}: write {form}")
    details = {key: value.strip() for key, value in match.groupdict().items() if value}
    return change({verb: details}, where)
