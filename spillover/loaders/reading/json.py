"""How is a JSON file cut into its records without reading all of it at once.

The records may be lines, the elements of one array, or the elements of an array inside an object.
A number that is no integer comes as an exact decimal. Python's own decoder is used on one record
at a time, since fast streaming parsers alter half characters and die of long numbers.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import RECORD_LIMIT, Part, opened

DEPTH_LIMIT: Final = 64
"""Deepest nesting of a record."""
DIGITS_LIMIT: Final = 64
"""Most digits of a number; a power of ten may stand behind them."""
VALUES_LIMIT: Final = 1_000_000
"""Most values in one record: each takes far more memory than it has characters."""
_CHUNK: Final = 256 * 1024
_POWER: Final = len("-.e+") + 20
_END: Final = "\x1a\r\n\t "
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
_PAIR: Final = re.compile(r"\\\\|\\u[dD][89abAB]..\\u[dD][c-fC-F]..")
_NEAR: Final = 16
"""Where a value is cut off, the decoder stumbles this near to the end, or at an open string."""
_OPEN: Final = "Unterminated string"
Around = Callable[[dict[str, Any]], None]


def documents(
    part: Part, under: Collection[str] = (), around: Around | None = None
) -> Iterator[tuple[str, Any]]:
    """(position, record) of every record of a file.

    Args:
        part: the file.
        under: dotted keys (``results.bindings``) of the arrays of a top-level object whose
            elements are the records; an object that has none of them is itself a record.
        around: told what stands beside such arrays.

    Raises:
        InputError: no JSON in UTF-8, cut off, nested too deep, or a record beyond the limit.
    """
    number = 0
    with opened(part) as stream:
        text = _Text(stream)
        try:
            for record in _records(text, frozenset(under), around):
                number += 1
                yield f"record {number}", record
        except (UnicodeError, json.JSONDecodeError, _WrongError) as error:
            why = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise InputError(
                f"{part}: after record {number}: cut off or no JSON in UTF-8 ({why});"
                " fetch it again"
            ) from error


class _WrongError(Exception):
    """What no record of a list looks like."""


def _records(text: _Text, under: frozenset[str], around: Around | None) -> Iterator[Any]:
    names = {key.partition(".")[0] for key in under}
    while sign := text.sign():
        if sign == "[":
            yield from _elements(text)
        elif sign == "{" and not text.is_whole(names):
            whole = yield from _object(text, under, around, "")
            if whole is not None:
                yield whole
        else:
            yield text.value()


def _elements(text: _Text) -> Iterator[Any]:
    """The elements of the array that begins here."""
    for _ in text.members("]"):
        yield text.value()


def _object(
    text: _Text, under: frozenset[str], around: Around | None, above: str
) -> Generator[Any, None, dict[str, Any] | None]:
    """The records in the object that begins here; when there are none, it comes back whole."""
    rest: dict[str, Any] = {}
    seen: set[str] = set()
    found = False
    for _ in text.members("}"):
        key = text.key()
        if key in seen:
            raise _twice(key)
        seen.add(key)
        path, sign = above + key, text.sign()
        if sign == "[" and path in under and "." not in key:
            found = True
            yield from _elements(text)
            continue
        if sign == "{" and any(one.startswith(path + ".") for one in under):
            inner = yield from _object(text, under, around, path + ".")
            if inner is None:
                found = True
                continue
        else:
            inner = text.value()
        rest[key] = inner
    if not found:
        return rest
    if rest and around:
        around({above + key: value for key, value in rest.items()})
    return None


class _Text:
    """The text of a file, read on when what is there ends in the middle of a value."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoded = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._value = json.JSONDecoder(
            object_pairs_hook=_unique,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_no_constant,
        ).raw_decode
        self._text = ""
        self._at = 0
        self._ended = False

    def _more(self) -> bool:
        """Read on, twice as far each time; False at the end of the file."""
        left = len(self._text) - self._at
        if left >= RECORD_LIMIT:
            raise _WrongError(f"a record is longer than {RECORD_LIMIT >> 20} MiB")
        if left > VALUES_LIMIT and self._count(",[{", len(self._text)) > VALUES_LIMIT:
            raise _WrongError(f"a record has more than {VALUES_LIMIT:,} values")
        if self._ended:
            return False
        data = self._stream.read(max(_CHUNK, left))
        self._ended = not data
        self._text = self._text[self._at :] + self._decoded(data, self._ended)
        self._at = 0
        if self._ended:
            self._text = self._text.rstrip(_END)
        return not self._ended

    def _count(self, signs: str, end: int) -> int:
        return sum(self._text.count(sign, self._at, end) for sign in signs)

    def sign(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            sign = self._text[self._at : self._at + 1]
            if sign and (sign not in _END or self._ended):
                return sign
            if not self._more():
                return self._text[self._at : self._at + 1]

    def _taken(self) -> str:
        sign = self.sign()
        self._at += 1
        return sign

    def members(self, closing: str) -> Iterator[None]:
        """Stop at each member of the array or object that begins here, until it closes."""
        self._at += 1
        if self.sign() == closing:
            self._at += 1
            return
        while True:
            yield
            sign = self._taken()
            if sign == closing:
                return
            if sign != ",":
                what = repr(sign) if sign else "the end"
                raise _WrongError(f"{what} where ',' or {closing!r} belongs")

    def key(self) -> str:
        """The key that begins here, and the colon behind it."""
        if self.sign() != '"':
            raise _WrongError(f"{self.sign()!r} where a key belongs")
        key = str(self.value())
        if self._taken() != ":":
            raise _WrongError(f"no ':' behind the key {key[:80]!r}")
        return key

    def is_whole(self, names: Collection[str]) -> bool:
        """Whether the object that begins here is one to take whole: without these keys."""
        if not names:
            return True
        try:
            value, _ = self._value(self._text, self._at)
        except (json.JSONDecodeError, RecursionError):
            return False
        return bool(value.keys().isdisjoint(names))

    def value(self) -> Any:
        """The value that begins here, whole."""
        self.sign()
        while True:
            try:
                value, end = self._value(self._text, self._at)
            except RecursionError:
                raise _too_deep() from None
            except json.JSONDecodeError as error:
                cut = error.msg.startswith(_OPEN) or error.pos >= len(self._text) - _NEAR
                if not cut or self._ended:
                    raise
            else:
                # A number at the end may go on: 1 and 1e+ may become 12 and 1e+5.
                if self._ended or end < len(self._text) - len("e+"):
                    break
            self._more()
        nested = isinstance(value, dict | list) and self._count("[{", end) > DEPTH_LIMIT
        if nested and _deeper(value, DEPTH_LIMIT):
            raise _too_deep()
        if _HALF.search(self._text, self._at, end):
            _check_halves(self._text[self._at : end], value)
        self._at = end
        return value


def _too_deep() -> _WrongError:
    return _WrongError(f"nested deeper than {DEPTH_LIMIT}")


def _deeper(value: Any, limit: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(inner, str) and isinstance(inner, Iterable):
        return not limit or any(_deeper(one, limit - 1) for one in inner)
    return False


def _check_halves(text: str, value: Any) -> None:
    """Refuse one half of a character, which no file can hold."""
    if _HALF.search(_PAIR.sub("", text)):
        try:
            json.dumps(value, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError as error:
            raise _WrongError("half a character, a lone surrogate") from error


def _twice(key: str) -> _WrongError:
    return _WrongError(f"{key[:80]!r} stands twice in one object")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _twice(next(key for key in keys if keys.count(key) > 1))
    return made


def _whole(text: str) -> int:
    if len(text.lstrip("-")) > DIGITS_LIMIT:
        raise _WrongError(f"a number of more than {DIGITS_LIMIT} digits")
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > DIGITS_LIMIT + _POWER:
        raise _WrongError(f"a number of more than {DIGITS_LIMIT} digits")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise _WrongError(f"{text} is beyond all numbers") from error


def _no_constant(text: str) -> None:
    raise _WrongError(f"{text} is no number")
