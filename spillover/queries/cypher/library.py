"""Which saved Cypher questions are there, what do they ask for, and what do they say?

One ``.cypher`` file is one question: a header of comments, then the query in two forms. ``rows``
answers with a table; ``picture`` returns paths and nodes for Neo4j Browser. Values only ever reach
a query as its parameters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, LiteralString, cast, get_args

from spillover.graph.errors import InputError, NotFoundError

Type = Literal["entity", "integer", "day", "rule", "words"]
"""What a parameter holds: an entity's id, a whole number, a day, a rule's id, words of a name."""
Form = Literal["rows", "picture"]

TYPES: Final[tuple[Type, ...]] = get_args(Type)
FORMS: Final[tuple[Form, ...]] = get_args(Form)
TODAY: Final = "today"
"""Default of a day: that on which the question is asked."""

_TEXTS: Final = ("id", "title", "description", "exact", "columns")
_HEADER: Final = re.compile(r"// (?P<key>[a-z]+)(?: (?P<name>[a-z_]+))?: (?P<text>\S.*)")
_MORE: Final = re.compile(r"//   (?P<text>\S.*)")
_FORM: Final = re.compile(r"^// form: (.*)\n", re.MULTILINE)
_PARAMETER: Final = re.compile(
    r"(?P<type>[a-z]+)(?: (?P<least>\d+) to (?P<most>\d+))?(?:, default (?P<default>\S+))?"
    r"; (?P<meaning>.+)"
)
_USED: Final = re.compile(r"\$([A-Za-z_]+)")
_SHIPPED: Final = "spillover.queries.cypher"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that a question asks for."""

    name: str
    type: Type
    meaning: str
    default: str | None
    """As it is written; None: a value must be given."""
    least: int | None
    most: int | None
    """Bounds of a whole number, both included."""


@dataclass(frozen=True, slots=True)
class Question:
    """One saved question."""

    id: str
    title: str
    description: str
    exact: str
    """Which command of Spillover says exactly what Cypher can only list."""
    columns: tuple[str, ...]
    """Columns of the row form, in order."""
    parameters: tuple[Parameter, ...]
    rows: LiteralString
    picture: LiteralString

    def form(self, form: Form) -> LiteralString:
        """The query in one of its forms."""
        return self.rows if form == "rows" else self.picture


def question_ids() -> list[str]:
    """Every question by id, sorted."""
    names = (path.name for path in files(_SHIPPED).iterdir())
    return sorted(name.removesuffix(".cypher") for name in names if name.endswith(".cypher"))


@cache
def question(question_id: str) -> Question:
    """The question of this id.

    Raises:
        NotFoundError: there is none.
    """
    known = question_ids()
    if question_id not in known:
        raise NotFoundError(
            f"no question is named {question_id[:80]!r}; there are: {', '.join(known)}"
        )
    name = f"{question_id}.cypher"
    return parse((files(_SHIPPED) / name).read_text(encoding="utf-8"), name)


def parse(text: str, file: str) -> Question:
    """The question that a file holds.

    Raises:
        InputError: a header is unknown, doubled or missing, a form is missing, or the parameters
            declared are not those used.
    """
    head, *parts = _FORM.split(text)
    said, parameters = _header(head, file)
    forms = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    if len(parts) // 2 != len(FORMS) or set(forms) != set(FORMS) or not all(forms.values()):
        raise _wrong(file, f"its forms are {', '.join(parts[::2]) or 'none'}; write each of rows,"
                           " picture once, with its query")  # fmt: skip
    if said["id"] != file.removesuffix(".cypher"):
        raise _wrong(file, f"its id is {said['id']!r}; name the file as the id")
    declared, used = {one.name for one in parameters}, set(_USED.findall(" ".join(forms.values())))
    if declared != used:
        raise _wrong(file, f"declares and uses different parameters: {sorted(declared ^ used)}")
    columns = tuple(name.strip() for name in said["columns"].split(","))
    # What ships with the package is as constant as a text in a module.
    rows, picture = (cast("LiteralString", forms[form]) for form in FORMS)
    words = (said["id"], said["title"], said["description"], said["exact"])
    return Question(*words, columns, tuple(parameters), rows, picture)


def _header(head: str, file: str) -> tuple[dict[str, str], list[Parameter]]:
    """The texts of a header by key, and its parameters."""
    said: dict[tuple[str, str], str] = {}
    last: tuple[str, str] | None = None
    for number, line in enumerate(head.strip().splitlines(), 1):
        more, begun = _MORE.fullmatch(line), _HEADER.fullmatch(line)
        if more and last:
            said[last] += " " + more["text"]
            continue
        if not begun:
            raise _wrong(file, f"line {number} is no header; write // KEY: TEXT")
        last = begun["key"], begun["name"] or ""
        if last in said:
            raise _wrong(file, f"line {number} says {' '.join(last).strip()} again; say it once")
        if (last[0] != "parameter" or not last[1]) and last not in {(key, "") for key in _TEXTS}:
            raise _wrong(
                file,
                f"line {number}: header {' '.join(last).strip()!r} is unknown; there are:"
                f" {', '.join(_TEXTS)}, parameter NAME",
            )
        said[last] = begun["text"]
    missing = [key for key in _TEXTS if (key, "") not in said]
    if missing:
        raise _wrong(file, f"lacks the header {', '.join(missing)}; add it")
    parameters = [_parameter(n, t, file) for (key, n), t in said.items() if key == "parameter"]
    return {key: said[key, ""] for key in _TEXTS}, parameters


def _parameter(name: str, text: str, file: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if not match or match["type"] not in TYPES:
        raise _wrong(
            file,
            f"parameter {name} cannot be read; write TYPE [LEAST to MOST][, default VALUE]; MEANING"
            f" with a type of {', '.join(TYPES)}",
        )
    least, most = (int(match[end]) if match[end] else None for end in ("least", "most"))
    kind = cast("Type", match["type"])
    if (kind == "integer") != (least is not None):
        raise _wrong(file, f"parameter {name}: whole numbers have bounds, others have none")
    return Parameter(name, kind, match["meaning"], match["default"], least, most)


def _wrong(file: str, what: str) -> InputError:
    return InputError(f"saved question {file}: {what}")
