"""How do statistics write products, periods and amounts, and is a table of them whole.

All of them are kept as printed; what cannot be read is refused, never repaired, but for the leading
zero that a spreadsheet takes from a product code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, TypeVar

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity
from spillover.loaders.reading.files import Part, opened

Known = TypeVar("Known")

_AMOUNT: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII).fullmatch
_PERIOD: Final = re.compile(r"(\d{4})(?:-?(0[1-9]|1[0-2]))?", re.ASCII).fullmatch
_HS6: Final = re.compile(r"\d{4}[0-9A-Z]{2}", re.ASCII).fullmatch
_SHORT: Final = 5
"""Digits of an HS6 code without its leading zero."""
_SHOWN: Final = 40
_BLOCK: Final = 1 << 20
_ENDS: Final = b'\n\r\x1a\x00"'
"""Last bytes of a finished table: line ends, in UTF-16 too, or the quote that closes a cell."""


def finished(part: Part) -> None:
    """Check that the last row ends: a number that is cut off would still be a number.

    Raises:
        InputError: it does not, or the file cannot be read.
    """
    last = b"\n"
    with opened(part) as stream:
        while block := stream.read(_BLOCK):
            last = block[-1:]
    if last not in _ENDS:
        raise InputError(
            f"{part}: the last row has no line end, so it may be cut off; fetch it again, or end it"
        )


def usable(
    parts: Iterable[Part], known: Callable[[Part], Known], note: Callable[[str, str, str], None]
) -> Iterator[tuple[Part, Known]]:
    """Each part with what it is known as; a stranger in a folder is signalled and left out.

    Raises:
        InputError: a file that was named itself is not known.
    """
    for part in parts:
        try:
            found = known(part)
        except InputError as error:
            if part.folder is None:
                raise
            note("file of the folder left out", part.name, str(error))
            continue
        yield part, found


def amount(text: str, what: str) -> str:
    """The text, which is a number of 0 or more with a decimal point.

    Raises:
        InputError: it is none.
    """
    if not _AMOUNT(text):
        raise InputError(
            f"{what} {text[:_SHOWN]!r} is no number of 0 or more; correct it, or leave it blank"
        )
    return text


def is_zero(text: str) -> bool:
    """Whether an amount is nothing: ``0`` or ``0.00``."""
    return not text.lower().partition("e")[0].strip("0.")


@lru_cache(maxsize=4096)
def period(text: str) -> str:
    """A year or month (``2020``, ``202001``, ``2020-01``) as a partial date.

    Raises:
        InputError: it is none.
    """
    match = _PERIOD(text)
    if match is None or match[1] == "0000":
        raise InputError(f"period {text[:_SHOWN]!r} is no year or month; expected 2020 or 202001")
    return "-".join(filter(None, match.groups()))


@lru_cache(maxsize=16384)
def hs6(text: str) -> str:
    """A product's six digits, with the leading zero that it lost.

    The United Nations' own ``9999AA`` (commodities of no kind) passes, too.

    Raises:
        InputError: it is no such code.
    """
    code = f"0{text}" if len(text) == _SHORT and text.isdecimal() else text
    if not _HS6(code):
        raise InputError(f"{text[:_SHOWN]!r} is no HS6 code; expected six digits")
    return code


def product(code: str, words: str = "", classification: str = "") -> Entity:
    """The node of a product by its HS code, the same in every source."""
    return Entity(
        f"hs:{code}",
        "Product",
        words or f"HS {code}",
        identifiers=(("hs", code),) if code.isdecimal() else (),
        properties={"classification": (classification,)} if classification else {},
    )
