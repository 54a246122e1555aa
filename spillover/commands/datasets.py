"""Commands that load datasets into a graph, list them, and take them away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import (
    FileOption,
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    Output,
    graph_path,
    opened,
    say,
    write,
)
from spillover.graph.evidence import Confidence

if TYPE_CHECKING:
    from spillover.loaders.context import Options
    from spillover.loaders.reading.files import Part

AUTO = "auto"


def load(
    loader: Annotated[
        str, typer.Argument(help="A loader, see `spillover loaders`; `auto`: by the content.")
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Its files, archives or folders.")
    ] = None,
    graph: FileOption = None,
    name: Annotated[
        str | None, typer.Option(help="Key of the dataset; the loader's if unset.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the dataset.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it is published.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under which licence.")] = None,
    date: Annotated[
        str | None, typer.Option(help="As of when it speaks: (partial) ISO date.")
    ] = None,
    confidence: Annotated[
        Confidence | None, typer.Option(help="Of its claims: low, medium, high.")
    ] = None,
    tolerance: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of unreadable records to accept.")
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="Encoding of text; what the source declares if unset.")
    ] = "",
    mapping: Annotated[
        Path | None, typer.Option(help="YAML that maps foreign columns; for `table`.")
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Accept far fewer records than last time.")
    ] = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Load files into the graph: the dataset is replaced as a whole, or nothing changes."""
    from spillover.loaders.context import Options
    from spillover.views.datasets.output import load_view

    said = Options(
        name=name,
        title=title,
        publisher=publisher,
        url=url,
        licence=licence,
        date=date,
        confidence=confidence,
        tolerance=tolerance,
        encoding=encoding,
        mapping=mapping,
        allow_shrink=allow_shrink,
    )
    path = graph_path(graph)
    if loader == AUTO:
        _load_detected(path, files or [], said, form, output)
        return
    number = _load(path, loader, files or [], said)
    with opened(path) as found:
        write(load_view(found, number), form, output)


def _load(path: Path, loader: str, files: Sequence[Path | Part], said: Options) -> int:
    from spillover.loaders.run import run
    from spillover.views.progress import progress

    with progress(f"loading {loader}") as advance:
        return run(path, loader, files, options=said, progress=advance).load


def _load_detected(
    path: Path, files: list[Path], said: Options, form: Format, output: Path | None
) -> None:
    """Give each file to the loader that knows its content."""
    from spillover.graph.errors import InputError, SpilloverError
    from spillover.loaders.detect import detect
    from spillover.views.datasets.output import loads_view

    if not files:
        raise InputError("auto: name at least one file, archive or folder")
    detection = detect(files)
    for part, why in detection.unknown:
        say(f"left out: {part}: {why}")
    loads = detection.loads()
    if not loads:
        raise InputError("auto: none of the files is known; name the loader")
    if said.name is not None and len(loads) > 1:
        raise InputError(f"auto: one --name for {len(loads)} datasets; leave it out")
    numbers: list[int] = []
    failed: list[SpilloverError] = []
    for loader, several in loads.items():
        try:
            numbers.append(_load(path, loader, several, said))
        except SpilloverError as error:
            say(f"{loader}: {error}")
            failed.append(error)
    taken = [(part.name, loader, why) for part, loader, why in detection.found]
    with opened(path) as found:
        write(loads_view(found, numbers, taken), form, output)
    if failed:
        raise typer.Exit(failed[0].exit_code)


def loaders(form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the sources that can be loaded."""
    from spillover.loaders.manifest import manifest, names
    from spillover.views.datasets.output import loaders_view

    rows = [
        (item.name, item.title, item.summary, ", ".join(item.formats), item.licence)
        for item in map(manifest, names())
    ]
    write(loaders_view(rows), form, output)


def status(
    graph: GraphOption = None,
    known_at: KnownAt = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show the datasets of the graph: dates, ages, licences, counts, contradictions."""
    from spillover.views.datasets.output import status_view

    with opened(graph, known_at) as found:
        write(status_view(found), form, output)


def quarantine(
    dataset: Annotated[str | None, typer.Argument(help="Only of this dataset.")] = None,
    graph: GraphOption = None,
    known_at: KnownAt = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 100,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show which records were set aside and why, and what else the loads noted."""
    from spillover.views.datasets.output import quarantine_view

    with opened(graph, known_at) as found:
        write(quarantine_view(found, dataset, limit), form, output)


def unload(
    dataset: Annotated[str, typer.Argument(help="Key of a dataset; see `spillover status`.")],
    graph: FileOption = None,
) -> None:
    """Take a dataset out of the graph; `--known-at` an earlier day still answers from it."""
    from spillover.graph.writer import Writer

    path = graph_path(graph)
    with opened(path), Writer(path) as writer:
        writer.unload(dataset)
    say(f"unloaded {dataset} from {path}")
