"""What do the values say that a user gives a saved question?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from spillover.graph.dates import as_day, iso
from spillover.graph.errors import DateError, InputError
from spillover.queries.cypher.library import TODAY, Parameter, Question

_SPECIAL: Final = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')
"""What has a meaning of its own in a full-text query."""


def given(question: Question, written: Iterable[str]) -> dict[str, str | int]:
    """The values of all parameters of a question, by name, in the order of the question.

    Entities stand as they are written: which one a name means is known where the graph is.

    Args:
        question: the question.
        written: ``name=value``, each parameter at most once; others take their default.

    Raises:
        InputError: one cannot be read, is unknown, doubled or missing.
        DateError: a day is no full date.
        NotFoundError: a rule is unknown.
    """
    texts: dict[str, str] = {}
    known = {one.name for one in question.parameters}
    for part in written:
        name, found, value = part.partition("=")
        if not found or name not in known:
            raise InputError(
                f"{part[:80]!r} is no value of {question.id}; write NAME=VALUE with a name of"
                f" {', '.join(one.name for one in question.parameters)}"
            )
        if name in texts:
            raise InputError(f"{question.id}: {name} is given twice; give one value")
        texts[name] = value
    return {one.name: _value(question, one, texts) for one in question.parameters}


def _value(question: Question, parameter: Parameter, texts: dict[str, str]) -> str | int:
    text = texts.get(parameter.name, parameter.default or "").strip()
    if not text:
        raise InputError(
            f"{question.id} needs {parameter.name}: {parameter.meaning}; write"
            f" {parameter.name}=VALUE"
        )
    return read(parameter, text)


def read(parameter: Parameter, text: str) -> str | int:
    """The value of a parameter that a text stands for.

    Raises:
        InputError, DateError, NotFoundError: see :func:`given`.
    """
    if parameter.type == "integer":
        return _integer(parameter, text)
    if parameter.type == "day":
        try:
            return iso(as_day(None if text == TODAY else text))
        except DateError as error:
            raise DateError(f"{parameter.name}: {error}") from None
    if parameter.type == "rule":
        from spillover.queries.rulebook import rule

        return rule(text).id
    return words(text) if parameter.type == "words" else text


def _integer(parameter: Parameter, text: str) -> int:
    least, most = parameter.least or 0, parameter.most or 0
    short = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not short or not least <= int(text) <= most:
        raise InputError(
            f"{parameter.name}={text[:40]!r} is no whole number from {least} to {most}"
        )
    return int(text)


def words(text: str) -> str:
    """A full-text query for names with all these words, whatever characters they are made of."""
    # In lower case, AND, OR and NOT are words like others.
    return " AND ".join(_SPECIAL.sub(r"\\\1", word) for word in text.lower().split())
