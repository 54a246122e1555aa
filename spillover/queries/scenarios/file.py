"""What does a scenario say: its day, its rules and its changes, read from a YAML file.

Everything in it is text. A number such as 25.05 is read as it is written, never as a float; a key
that is not known, or that stands twice, is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic import model_validator as checks

from spillover.graph.dates import as_day
from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS, SCHEMATA
from spillover.graph.stake import parse_stake
from spillover.queries.rulebook import rule_ids
from spillover.queries.scenarios.strict_yaml import texts_of

_STRICT: Final = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
SIZE_LIMIT: Final = 1024 * 1024
"""Most bytes of a scenario file."""
ALL: Final = "all"
"""Instead of a share: whatever is held."""


def _day(text: str) -> str:
    try:
        as_day(text)
    except InputError as error:
        raise ValueError(str(error)) from error
    return text


def _share(text: str) -> str:
    try:
        unknown = text != ALL and parse_stake(text).unknown
    except InputError as error:
        raise ValueError(str(error)) from error
    if unknown:
        raise ValueError(f"{text!r} states no share; write a number of percent")
    return text


def _one_share(text: str) -> str:
    if text == ALL:
        raise ValueError(f"{ALL!r} is no share here; write a number of percent")
    return _share(text)


def _kind(text: str) -> str:
    if text not in KINDS:
        raise ValueError(f"{text!r} is no kind of relation; there are: {', '.join(KINDS)}")
    return text


def _schema(text: str) -> str:
    if text not in SCHEMATA:
        raise ValueError(f"{text!r} is no kind of entity; there are: {', '.join(SCHEMATA)}")
    return text


def _rule(text: str) -> str:
    if text not in rule_ids():
        raise ValueError(f"no rule is named {text!r}; there are: {', '.join(rule_ids())}")
    return text


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _party(value: object) -> object:
    return {"new": value[4:].strip()} if isinstance(value, str) and value[:4] == "new:" else value


Text = Annotated[str, Field(min_length=1, max_length=500)]
Day = Annotated[Text, AfterValidator(_day)]
Several = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Share = Annotated[Text, AfterValidator(_share)]
OneShare = Annotated[Text, AfterValidator(_one_share)]


class New(BaseModel):
    """An entity that the graph does not know."""

    model_config = _STRICT

    new: Text
    """Its name."""
    schema_: Annotated[str, AfterValidator(_schema)] = Field("LegalEntity", alias="schema")
    country: str = ""


Party = Annotated[Text | New, BeforeValidator(_party)]
"""An id, identifier or name; or a new entity."""


class Change(BaseModel):
    """What every change may say."""

    model_config = _STRICT

    on: Day | None = None
    """From which day on; else from the day of the scenario."""


class Designate(Change):
    """Programmes list an entity."""

    entity: Party
    by: Several = ()
    """Programmes; else, for each rule that is asked, the first that it names."""


class Delist(Change):
    """Programmes list it no longer."""

    entity: Text
    by: Several = ()
    """Programmes; else all that list it."""


class Divest(Change):
    """An owner gives up a share."""

    owner: Text
    asset: Text
    share: Share = ALL
    to: Party | None = None
    """Who takes it; else nobody whom the graph knows."""
    basis: str = ""
    """Only shares of this: capital, votes or interest; else all that are stated."""


class Acquire(Change):
    """An owner takes a share."""

    owner: Party
    asset: Text
    share: Share
    source: Text | None = Field(None, alias="from")
    """Who gives it up; else it comes from owners whom nobody declares."""
    basis: str = ""

    @checks(mode="after")
    def _known(self) -> Acquire:
        if self.share == ALL and self.source is None:
            raise ValueError(f"share {ALL!r} needs to say 'from' whom")
        return self


class Assume(Change):
    """An unknown or vague share is taken as this."""

    owner: Text
    asset: Text
    share: OneShare
    basis: str = ""


class End(Change):
    """A relation ends."""

    kind: Annotated[Text, AfterValidator(_kind)]
    source: Text
    target: Text
    basis: str = ""


class Start(Change):
    """A relation begins."""

    kind: Annotated[Text, AfterValidator(_kind)]
    source: Party
    target: Party
    share: OneShare | None = None
    basis: str = ""
    properties: dict[Text, Several] = {}


VERBS: Final[dict[str, type[Change]]] = {
    "designate": Designate,
    "delist": Delist,
    "divest": Divest,
    "acquire": Acquire,
    "assume": Assume,
    "end": End,
    "start": Start,
}
"""Every change by the word that a file uses for it."""


class Scenario(BaseModel):
    """Changes, and under which rules and on which day they are looked at."""

    model_config = _STRICT

    name: str = Field("", max_length=200)
    at: Day | None = None
    """Day of the question, and of changes that name none of their own."""
    note: str = ""
    rules: Annotated[
        tuple[Annotated[Text, AfterValidator(_rule)], ...], BeforeValidator(_listed)
    ] = ()
    targets: Several = ()
    """Who is taken as listed, beside those whom programmes list."""
    changes: tuple[Change, ...] = Field(min_length=1)

    @classmethod
    def read(cls, text: str | bytes, where: str) -> Scenario:
        """The scenario of a YAML text.

        Args:
            text: the YAML.
            where: name of the file, for messages; its stem names a scenario that has no name.

        Raises:
            InputError: it is no YAML, or says what a scenario cannot say.
        """
        said = texts_of(text, where)
        if not isinstance(said, dict):
            raise InputError(f"{where}: no scenario; it says: {', '.join(cls.model_fields)}")
        changes = said.get("changes")
        try:
            if isinstance(changes, list):
                made = [change(one, f"change {n}") for n, one in enumerate(changes, 1)]
                said = {**said, "changes": made}
            return cls(**said)
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        except (ValidationError, TypeError) as error:
            raise InputError(f"{where}: {_first(error, cls)}") from error


def change(said: object, where: str) -> Change:
    """One change from what a file says: ``{divest: {owner: ..., asset: ...}}``.

    Raises:
        InputError: no change that is known; the message begins with ``where``.
    """
    if not isinstance(said, dict) or len(said) != 1:
        known = ", ".join(VERBS)
        raise InputError(f"{where}: say one thing of it, with its details below: {known}")
    ((verb, details),) = said.items()
    model = VERBS.get(verb)
    if model is None:
        raise InputError(f"{where}: {verb!r:.80} is no change; there are: {', '.join(VERBS)}")
    if not isinstance(details, dict):
        fields = ", ".join(_keys(model))
        raise InputError(f"{where} ({verb}): give its details by name: {fields}")
    try:
        return model(**details)
    except (ValidationError, TypeError) as error:
        raise InputError(f"{where} ({verb}): {_first(error, model)}") from error


def _keys(model: type[BaseModel]) -> Iterable[str]:
    return (field.alias or name for name, field in model.model_fields.items())


def _first(error: ValidationError | TypeError, model: type[BaseModel]) -> str:
    """The first thing that is wrong, in one line."""
    keys = ", ".join(_keys(model))
    if isinstance(error, TypeError):  # a key that is no text
        return f"its keys are words: {keys}"
    errors: list[Any] = list(error.errors(include_url=False))
    # Of the two ways to name a party, what is wrong with the longer one is told first.
    wrong = min(errors, key=lambda one: _UNION[0] in one["loc"])
    where = ".".join(str(part) for part in wrong["loc"] if part not in _UNION)
    if wrong["type"] == "extra_forbidden":
        return f"{where[:80]!r} is not known; it says: {keys}"
    if wrong["type"] == "missing":
        return f"{where!r} is missing; it says: {keys}"
    cause = wrong.get("ctx", {}).get("error")
    reason = str(cause) if cause else f"{wrong['msg']} (not {repr(wrong['input'])[:80]})"
    return f"{where}: {reason[:300]}" if where else reason[:300]


_UNION: Final = ("constrained-str", "New")
"""What pydantic calls the two ways to name a party: no part of the file."""
