"""What does the whole snapshot say of one company, and is the snapshot complete."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Context
from spillover.loaders.uk_psc import record
from spillover.loaders.uk_psc.record import KINDS, PREFIXES, TABLES, text

_DATED: Final = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")


@dataclass(slots=True)
class _Company:
    """What is said of a company beside who controls it."""

    names: dict[str, None] = field(default_factory=dict)
    statements: dict[str, None] = field(default_factory=dict)
    exemptions: dict[str, None] = field(default_factory=dict)


class Snapshot:
    """What must be known of all records before the first is loaded."""

    def __init__(self) -> None:
        self.observed = ""
        """The day of the snapshot."""
        self._companies: dict[str, _Company] = {}
        self._counted: Counter[str] = Counter()
        self._stated: Counter[str] = Counter()

    def remember(self, said: Any) -> None:
        """Keep what a record says of a company; what is wrong with it shows when it is loaded."""
        data = said.get("data") if isinstance(said, dict) else None
        kind = KINDS.get(str(data.get("kind")), "") if isinstance(data, dict) else ""
        self._counted[kind] += 1
        try:
            if kind == "totals":
                self._total(data)
            elif kind in {"statement", "exemptions"}:
                self._alone(said, kind)
            elif kind:
                self._named(data)
        except (InputError, TypeError, ValueError, AttributeError):
            pass

    def _total(self, data: Any) -> None:
        self.observed = max(self.observed, text(data, "generated_at")[:10])
        for count in TABLES["totals"]:
            self._stated[count] += int(data.get(count) or 0)

    def _alone(self, said: Any, kind: str) -> None:
        number, data = record.company_number(said), said["data"]
        if kind == "statement":
            self._about(number).statements[record.statement(data)] = None
        else:
            found = dict.fromkeys(shown for _, shown in record.exemptions(data))
            self._about(number).exemptions.update(found)

    def _named(self, data: Any) -> None:
        number, _ = record.registered(data)
        name = text(data, "name")
        if number and name:
            self._about(number).names[name] = None

    def _about(self, number: str) -> _Company:
        return self._companies.setdefault(number, _Company())

    def check(self, files: Sequence[str], context: Context) -> None:
        """Compare the totals line with the records; without it, the file names tell the day."""
        if not self._stated:
            context.note("no totals line", "whether records are missing is unknown", files[-1])
        for count, stated in self._stated.items():
            counted = sum(self._counted[kind] for kind in TABLES["totals"][count])
            if stated != counted:
                context.note("totals differ", count, f"{stated} stated, {counted} read")
        dates = (match[1] for name in files for match in _DATED.finditer(name))
        self.observed = self.observed or max(dates, default="")

    def company(self, number: str, context: Context) -> Entity:
        """The company of this number, alike in every record that is about it."""
        known = self._companies.get(number) or _Company()
        prefix = re.sub(r"\d.*", "", number)
        country, schema = PREFIXES.get(prefix, ("", "Company"))
        if prefix not in PREFIXES:
            context.note("unknown prefix of a company number", prefix, number)
        name, *others = known.names or (number,)
        said = {"statement": tuple(known.statements), "exemption": tuple(known.exemptions)}
        return Entity(
            f"gb-coh:{number}",
            schema,
            name,
            tuple(Name(other, role="alias") for other in others),
            (country,) if country else (),
            (("gb-coh", number),),
            properties={key: texts for key, texts in said.items() if texts},
        )
