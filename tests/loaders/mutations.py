"""Files that are well formed and wrong: a value missing, twice, of another kind, or nonsense."""

import copy
import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from tests.loaders.trials import form_of, text_of

WORDS = [
    *("", " ", "x", "0", "-1", "-5", "101", "1.5", "1,5", "1/0", "½", "²", "٣", "1e1000000", "NaN"),
    *(
        "-0-",
        "null",
        "true",
        "{}",
        "中",
        "\u202e",
        "é" * 10,
        "x" * 5000,
        "%",
        "[1%]",
        "A [",
        "A [1%]; B [",
    ),
    *("2020-13-45", "31/02/2020", "0000-00-00", "00/00/1980", "99999-01-01", "DOB 31 Foo 1980"),
    *(
        "a;b;c",
        "a,b",
        "a|b",
        "CN;XX",
        "ZZ",
        "(1) x (2) y",
        "lei:",
        "ofac:",
        "name:x",
        "Linked To: ",
    ),
]
VALUES: list[Any] = [
    *WORDS,
    *(None, True, False, 0, -1, 1.5, 10**30, "a\x00b"),
    *([], {}, [[]], [{}], [None], [1], ["x"], {"a": 1}, {"a": {"b": []}}),
]


def mutations(data: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """(what was done, the file in UTF-8) of so many mutations, the same each time."""
    text, _ = text_of(data)
    chance = random.Random(len(data))  # noqa: S311 - any, always the same
    form = form_of(text)
    mutated: Callable[[], tuple[str, bytes]]
    if form == "xml":
        top = etree.fromstring(data)
        mutated = lambda: _xml(copy.deepcopy(top), chance)  # noqa: E731 - one of three
    elif form == "json":
        whole, dumped = _documents(text)
        mutated = lambda: _json(copy.deepcopy(whole), dumped, chance)  # noqa: E731 - one of three
    else:
        sign = max("\t,;", key=text.partition("\n")[0].count)
        table = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) if row]
        mutated = lambda: _csv([[*row] for row in table], sign, chance)  # noqa: E731 - one of three
    for _ in range(count):
        yield mutated()


Dumped = Callable[[Any], str]


def _documents(text: str) -> tuple[Any, Dumped]:
    try:
        return json.loads(text), json.dumps
    except ValueError:
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
        return lines, lambda value: "\n".join(map(json.dumps, value))


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of everything in a value."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def _json(whole: Any, dumped: Dumped, chance: random.Random) -> tuple[str, bytes]:
    holder, key = chance.choice([*_places(whole)])
    value = chance.choice(VALUES)
    done = chance.choice(["set", "set", "set", "wrap", "delete", "repeat"])
    if done == "set":
        holder[key] = value
    elif done == "wrap":
        holder[key] = [holder[key]]
    elif done == "delete":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder["spillover"] = value
    return f"{done} {key!r} {value!r:.40}", dumped(whole).encode("utf-8")


def _xml(top: etree._Element, chance: random.Random) -> tuple[str, bytes]:
    every = [*top.iter("*")]
    element = chance.choice(every[1:])
    holder = element.getparent()
    assert holder is not None
    word = chance.choice(WORDS).replace("\u202e", "")
    done = chance.choice(["delete", "repeat", "text", "text", "empty", "inner", "attribute"])
    if done == "delete":
        holder.remove(element)
    elif done == "repeat":
        element.addnext(copy.deepcopy(element))
    elif done in {"text", "empty"}:
        del element[:]
        element.text = word if done == "text" else None
    elif done == "inner":
        etree.SubElement(element, "spillover").text = word
    elif element.attrib:
        name = chance.choice([*element.attrib])
        element.set(name, word)
        if chance.random() < 1 / 3:
            del element.attrib[name]
    else:
        element.set("spillover", word)
    said = f"{done} <{etree.QName(element).localname}> {word!r:.40}"
    return said, etree.tostring(top, encoding="utf-8", xml_declaration=True)


def _csv(table: list[list[str]], sign: str, chance: random.Random) -> tuple[str, bytes]:
    row = chance.choice(table[1:] or table)
    at, word = chance.randrange(len(row)), chance.choice(WORDS)
    done = chance.choice(["set"] * 6 + ["blank", "short", "long", "repeat", "delete", "column"])
    if done == "set":
        row[at] = word
    elif done == "blank":
        row[:] = ["", *row[1:2]] + [""] * (len(row) - 2)
    elif done == "short":
        row.pop()
    elif done == "long":
        row.append(word)
    elif done == "repeat":
        table.append(row)
    elif done == "delete":
        table.remove(row)
    else:
        for cells in table:
            del cells[at : at + 1]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign, lineterminator="\n").writerows(table)
    return f"{done} column {at} {word!r:.40}", text.getvalue().encode("utf-8")
