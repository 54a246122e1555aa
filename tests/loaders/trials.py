"""Trial loads: what a loader makes of files, without a graph that changes, by the thousand."""

import re
import time
import traceback
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

import spillover.loaders
from spillover.graph.claims import Prepared
from spillover.graph.errors import SpilloverError
from spillover.graph.schema import Entity
from spillover.graph.writer import Writer
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.loaders.hostile import DATA, SAMPLES, Format

TOLERANT = Options(tolerance=1.0, allow_shrink=True)
SLOWEST = 5.0
"""Seconds of work that no file of a test may take."""
_CODED = {"Country", "Programme", "Product"}
"""What is made of codes, and not of names that a source prints."""
_OURS = str(Path(spillover.loaders.__path__[0]).parent)
_TOGETHER = 3
"""Most files of which one sample may need to be together."""


class Outcome(NamedTuple):
    """What became of a trial: a report, or the words of a refusal, or where it crashed."""

    report: Report | None = None
    refusal: str = ""
    crash: str = ""
    texts: frozenset[str] = frozenset()
    """Every text that would have been stored."""
    names: frozenset[str] = frozenset()
    """Those which are names of firms, persons and the like."""

    @property
    def counts(self) -> tuple[object, ...]:
        """What a load of the same data from elsewhere must share."""
        report = self.report
        return (report.tally, report.entities, report.relations) if report else (self.refusal,)


class Trial(Writer):
    """A load that takes everything and keeps nothing."""

    texts: set[str]
    names: set[str]

    def entity(self, entity: Entity) -> str:
        names = (entity.name, *(name.text for name in entity.names))
        self.texts.update(names)
        if entity.schema not in _CODED:
            self.names.update(names)
        self.texts.update(value for _, value in entity.identifiers)
        self.texts.update(text for texts in entity.properties.values() for text in texts)
        return super().entity(entity)

    def relation(self, prepared: Prepared) -> None:
        claim = prepared[0]
        self.texts.update((claim.source, claim.target, claim.evidence.note or ""))
        self.texts.update(text for texts in claim.properties.values() for text in texts)
        super().relation(prepared)

    def commit(self, *_: object, **__: object) -> int:
        return 0  # leaving without a commit undoes everything


def trial(graph: Path, loader: str, files: Iterable[Path], options: Options = TOLERANT) -> Outcome:
    """What a load of these files would do; ``graph`` is there and stays as it is."""
    texts: set[str] = set()
    named: set[str] = set()
    started = time.process_time()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trial, "texts", texts, raising=False)
        patch.setattr(Trial, "names", named, raising=False)
        patch.setattr("spillover.loaders.run.Writer", Trial)
        try:
            outcome = Outcome(run(graph, loader, files, options=options))
        except SpilloverError as error:
            outcome = Outcome(refusal=str(error) or "(no words)")
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            outcome = Outcome(crash=_place(error))
    taken = time.process_time() - started
    if taken > SLOWEST:
        outcome = outcome._replace(crash=f"it took {taken:.1f} seconds")
    return outcome._replace(texts=frozenset(texts), names=frozenset(named))


def _place(error: Exception) -> str:
    """The last line of ours in which an error came up."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(_OURS)]
    where = f"{Path(frames[-1].filename).relative_to(_OURS)}:{frames[-1].lineno}" if frames else "?"
    return f"{where}: {type(error).__name__}: {str(error)[:120]}"


@cache
def companions(graph: Path, loader: str, file: Path) -> tuple[Path, ...] | None:
    """The other samples that a sample needs beside it to load; None when it loads with none."""
    others = [path for path in SAMPLES[loader] if path != file and path.parent == file.parent]
    for count in range(_TOGETHER):
        found = []
        for chosen in combinations(others, count):
            report = trial(graph, loader, [file, *chosen]).report
            if report and report.tally.loaded and report.tally.quarantined < report.tally.read / 2:
                found.append((report.tally.quarantined, chosen))
        if found:
            return min(found)[1]
    return tuple(others) if trial(graph, loader, [file, *others]).report else None


def sample_id(sample: tuple[str, Path]) -> str:
    """A sample as the name of a test."""
    return str(sample[1].relative_to(DATA))


def text_of(data: bytes) -> tuple[str, str]:
    """(text, encoding) of a sample."""
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252"), "cp1252"


def form_of(text: str) -> Format:
    """Whether a text is ``csv``, ``json`` or ``xml``."""
    start = text.lstrip("\ufeff \r\n\t")[:1]
    return "xml" if start == "<" else "json" if start and start in "{[" else "csv"


def whole_values(text: str, form: Format) -> list[str]:
    """The texts that stand whole in a cell, an element or a string, longest first."""
    pattern = {
        "csv": r'(?:^|(?<=[,;\t]))(?:"([^"\r\n]+)"|([^",;\t\r\n]+))(?=[,;\t\r\n]|$)',
        "json": r'"([^"\\]+)"',
        "xml": r'(?:>|")([^<>"&]+)(?:<|")',
    }[form]
    found = {
        next(filter(None, m.groups())).strip() for m in re.finditer(pattern, text, re.MULTILINE)
    }
    letters = {value for value in found if sum(map(str.isalpha, value)) >= 4}
    return sorted(letters, key=lambda value: (-len(value), value))


def replaced(text: str, form: Format, old: str, new: str) -> str:
    """The text with a whole value replaced by another, which is written as the format asks."""
    if form == "csv":
        pattern = rf'(?:^|(?<=[,;\t]))(?:"{re.escape(old)}"|{re.escape(old)})(?=[,;\t\r\n]|$)'
        return re.sub(pattern, lambda _: new, text, flags=re.MULTILINE)
    ends = ('"', '"') if form == "json" else (">", "<")
    return text.replace(old.join(ends), new.join(ends))
