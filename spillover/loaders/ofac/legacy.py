"""What do both legacy formats leave open: the list of an entry, and whom a name in it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac.dates import iso
from spillover.loaders.ofac.listing import Listing, designations
from spillover.loaders.ofac.party import TABLES, Party
from spillover.loaders.ofac.relations import Tie, linked
from spillover.loaders.reading.files import Part

SDN: Final = "SDN List"


@dataclass(frozen=True, slots=True)
class Source:
    """What all records of one legacy file share."""

    file: str
    sdn: bool
    """Whether it is of the SDN list; else of the consolidated list."""
    observed: str = ""


def is_sdn(part: Part) -> bool:
    """Whether a file is of the SDN list; its content does not tell, so its name must.

    Raises:
        InputError: the name does not tell.
    """
    name = part.stem.lower()
    if "cons" in name:
        return False
    if "sdn" in name:
        return True
    raise InputError(
        f"{part}: neither 'sdn' nor 'cons' is in its name, and nothing in it says which list it is;"
        " give it back the name under which OFAC publishes it"
    )


def remember(name: str, uid: str, context: Context) -> None:
    """Let remarks name this party; every file is gone through for this before any is loaded."""
    names: dict[str, set[str]] = context.state.setdefault("names", {})
    names.setdefault(fold(name), set()).add(uid)


def described(
    party: Party,
    context: Context,
    *,
    tags: Iterable[str],
    names: Iterable[tuple[str, ...]],
    source: Source,
) -> Iterator[Entity | Relation]:
    """The party, its listings, and its ties to others of the files.

    Args:
        party: with everything that the record says.
        context: of the load.
        tags: its programme tags.
        names: that its remarks link it to, each in all its readings.
        source: the file.
    """
    ties = [*_linked(party, names, context), *_tied(party, context)]
    yield party.entity(source.file)
    for listing in _listings(party, tuple(tags), source, context):
        yield from designations(listing, context, source.observed)
    for tie in ties:
        yield linked(tie, context, source.observed)


def _linked(party: Party, names: Iterable[tuple[str, ...]], context: Context) -> Iterator[Tie]:
    for readings in names:
        uid = _meant(readings, party, context)
        if uid:
            note = f"Linked To: {readings[0]}"
            yield Tie("LINKED_TO", party.uid, uid, party.uid, "Linked To", note)
        else:
            party.put("linkedTo", readings[0])


def _tied(party: Party, context: Context) -> Iterator[Tie]:
    """Claims of features that name another party: the owner of a ship, who operates a plane."""
    for label, name in party.features:
        kind = TABLES["ties"].get(label)
        uid = _meant((name,), party, context) if kind else ""
        if uid:
            yield Tie(kind, uid, party.uid, party.uid, label, f"{label} {name}")


def _meant(readings: tuple[str, ...], party: Party, context: Context) -> str:
    """The one party of the files whose own name this is; else nobody, and a signal."""
    names: dict[str, set[str]] = context.state.get("names", {})
    found = set().union(*(names.get(fold(name), ()) for name in readings))
    if len(found) == 1 and party.uid not in found:
        return str(found.pop())
    what = "several have it" if len(found) > 1 else "no other party of the files has it"
    context.note("linked name not resolved", f"{readings[0]}: {what}", party.uid)
    return ""


def _listings(
    party: Party, tags: tuple[str, ...], source: Source, context: Context
) -> Iterator[Listing]:
    """The lists of an entry: the file's own, and those that its tags and labels tell."""
    lists = _labelled(party)
    if source.sdn:
        lists = {SDN: "", **lists}
    else:
        for name in _told(party, tags):
            lists.setdefault(name, "")
        if not lists:
            context.note("list of an entry not known", " ".join(tags), party.uid)
            lists[TABLES["umbrella"]] = ""
    measures = tuple(dict.fromkeys(v for _, v in party.features if v in TABLES["directives"]))
    for name, day in lists.items():
        yield Listing(party.uid, name, tags, measures, start=day)


def _labelled(party: Party) -> dict[str, str]:
    """Lists that labels of the entry name, with the earliest day that one of them gives.

    Raises:
        InputError: such a day is no date.
    """
    lists: dict[str, str] = {}
    for label, value in party.features:
        found = TABLES["legacy_labels"].get(label)
        if found:
            day = iso(value) if label in TABLES["legacy_dates"] else ""
            if not day and label in TABLES["legacy_dates"]:
                raise InputError(f"{label} {value!r} is no date; expected one like 03 Jun 2021")
            lists[found] = min(filter(None, (day, lists.get(found, ""))), default="")
    return lists


def _told(party: Party, tags: tuple[str, ...]) -> list[str]:
    """Lists that the tags or values of an entry of the consolidated list tell."""
    found = [TABLES["legacy_tags"][tag] for tag in tags if tag in TABLES["legacy_tags"]]
    for label, value in party.features:
        starts = TABLES["legacy_values"].get(label, {})
        found += [name for start, name in starts.items() if value.startswith(start)]
    if not found:
        table = TABLES["legacy_measures"]
        found = [table[label] for label, _ in party.features if label in table]
    return found
