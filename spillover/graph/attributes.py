"""What do the attributes of a node or an edge of somebody else's graph say?

They come from files and tables of all kinds: numbers may stand for texts, and NaN for nothing.
What cannot be meant is refused, with the node or the edge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from operator import index
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Name
from spillover.graph.stake import WHOLE, Stake, parse_stake

_YES_OR_NO: Final = {"true": True, "1": True, "false": False, "0": False}
_PAIR: Final = 2
_SHOWN: Final = 60


class Attributes:
    """The attributes of one node or edge.

    Args:
        where: the node or the edge, as messages name it.
        values: its attributes; None and NaN are left out.
    """

    def __init__(self, where: str, values: Mapping[str, Any]) -> None:
        self.where = where
        self._values = {name: value for name, value in values.items() if _given(value)}

    def has(self, *names: str) -> bool:
        """Whether one of these attributes says something; any one where none is named."""
        return any(self._values.get(name, "") != "" for name in names or self._values)

    def text(self, name: str, otherwise: str = "") -> str:
        """A text, or a whole number as one."""
        value = self._values.get(name, otherwise)
        if isinstance(value, str | Decimal):
            return str(value)
        number = _whole(value)
        if number is None:
            raise self._wrong(name, "is no text; write one")
        return str(number)

    def several(self, name: str) -> tuple[str, ...]:
        """Texts that are parted by ``;``, or that stand as a JSON list."""
        text = self.text(name)
        if text.startswith("["):
            return self._texts(name, self._json(name))
        return tuple(part for part in text.split(";") if part)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """Pairs of texts as JSON, for example ``[["lei", "5299..."]]``."""
        found = [self._texts(name, one) for one in self._list(name)]
        if any(len(one) != _PAIR for one in found):
            raise self._wrong(name, 'holds no pairs; write [["scheme", "value"]]')
        return tuple((first, second) for first, second in found)

    def names(self) -> tuple[Name, ...]:
        """Names as JSON: text, language and role; the last two may be left out."""
        found = [self._texts("names", one) for one in self._list("names")]
        if not all(1 <= len(one) <= len(Name._fields) for one in found):
            raise self._wrong("names", 'holds no names; write [["text", "language", "role"]]')
        return tuple(Name(*one) for one in found)

    def properties(self) -> dict[str, tuple[str, ...]]:
        """Properties as JSON: lists of texts by name."""
        said = self._json("properties") if self.has("properties") else {}
        if not isinstance(said, dict):
            raise self._wrong("properties", 'is no JSON object; write {"role": ["chair"]}')
        return {key: self._texts("properties", value) for key, value in said.items()}

    def flag(self, name: str) -> bool:
        """Whether something is so; not, where nothing is said."""
        said = str(self._values.get(name, False)).lower()
        if said not in _YES_OR_NO:
            raise self._wrong(name, "is neither true nor false")
        return _YES_OR_NO[said]

    def stake(self) -> Stake | None:
        """The share: ``low`` and ``high`` in millionths of a percent, or ``share`` as printed."""
        if not self.has("low", "high"):
            return self._printed() if self.has("share") else None
        low, high = (_whole(self._values.get(name)) for name in ("low", "high"))
        if low is None or high is None or not 0 <= low <= high <= WHOLE:
            said = " and ".join(f"{n} {_shown(self._values.get(n))}" for n in ("low", "high"))
            raise InputError(
                f"{self.where}: {said} are no share; give two whole numbers of millionths of a"
                f" percent, 0 to {WHOLE}"
            )
        return Stake(low, high)

    def _printed(self) -> Stake:
        try:
            return parse_stake(self._values["share"])
        except (InputError, TypeError) as error:
            raise InputError(f"{self.where}: share: {error}") from error

    def _list(self, name: str) -> list[Any]:
        said = self._json(name) if self.has(name) else []
        if not isinstance(said, list):
            raise self._wrong(name, "is no JSON list")
        return said

    def _texts(self, name: str, said: object) -> tuple[str, ...]:
        if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
            raise self._wrong(name, "does not hold lists of texts")
        return tuple(said)

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self.text(name))
        except (ValueError, RecursionError) as error:
            raise self._wrong(name, f"is no JSON ({str(error) or type(error).__name__})") from error

    def _wrong(self, name: str, why: str) -> InputError:
        return InputError(f"{self.where}: {name} {_shown(self._values[name])} {why}")


def _given(value: object) -> bool:
    """Whether a value is one: what does not equal itself, as NaN, stands for nothing."""
    try:
        return value is not None and bool(value == value)  # noqa: PLR0124 - that is what tells NaN
    except TypeError:  # tables have marks for nothing that will not even be compared
        return False


def _whole(value: object) -> int | None:
    """A whole number, also one of NumPy, or a float that is one; else None."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool):
        return None
    try:
        return index(value)  # type: ignore[arg-type] # it says itself whether it is one
    except TypeError:
        return None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
