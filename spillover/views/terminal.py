"""How is an answer shown in a terminal: tables by rich, every text cleaned first."""

from __future__ import annotations

import sys
from typing import IO, TYPE_CHECKING, Final

from spillover.views.grid import Grid
from spillover.views.text import clean, safe_url

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_PIPE_WIDTH: Final = 160
"""Columns of a table that goes to a file or another program."""
_STYLES: Final = {
    "BLOCKED": "bold red",
    "UNDETERMINED": "bold yellow",
    "not blocked": "green",
}


def show(*grids: Grid, stream: IO[str] | None = None) -> None:
    """Print grids as tables to standard output (or the stream)."""
    from rich.console import Console

    out = stream or sys.stdout
    width = None if out.isatty() else _PIPE_WIDTH
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for number, grid in enumerate(grids):
        if number:
            console.print()
        _print(console, grid)


def _print(console: Console, grid: Grid) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if grid.title:
        console.print(Text(clean(grid.title), style="bold"))
    if grid.rows:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
        for column in grid.columns:
            table.add_column(column, overflow="fold")
        for row in grid.rows:
            table.add_row(*(_cell(cell.text, cell.url) for cell in row))
        console.print(table)
    for line in grid.note.split("\n"):
        if line:
            console.print(Text(clean(line), style="dim"))


def _cell(text: str, url: str) -> Text:
    from rich.text import Text

    indent = text[: len(text) - len(text.lstrip(" "))]
    lines = "\n".join(clean(line) for line in text.split("\n"))
    shown = Text(indent + lines, style=_STYLES.get(text, ""))
    if safe_url(url):
        shown.stylize(f"link {url}")
    return shown


def headline(text: str, verdict: str) -> None:
    """Print the one sentence that matters, and the verdict below it."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)
    console.print()
    console.print(Text(clean(text), style="bold"))
    console.print(Text(clean(verdict), style="bold red" if "NOT" not in verdict else "green"))
    console.print()
