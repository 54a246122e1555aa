"""How is an answer shown in a terminal: tables by rich, every text cleaned first."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING, Final

from spillover.views.grid import Cell, Grid
from spillover.views.text import clean, safe_url

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_PIPE_WIDTH: Final = 160
"""Columns of a table that goes to a file or another program."""
_MANY: Final = 10
"""With more columns than this, their names are broken at hyphens."""
_STYLES: Final = {
    "LISTED": "bold red",
    "BLOCKED": "bold red",
    "UNDETERMINED": "bold yellow",
    "not blocked": "green",
}


def show(*grids: Grid, stream: IO[str] | None = None) -> None:
    """Print grids as tables to standard output (or the stream)."""
    from rich.console import Console

    out = stream or sys.stdout
    width = None if out.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for number, grid in enumerate(grids):
        if number:
            console.print()
        _print(console, grid)


def _print(console: Console, grid: Grid) -> None:
    from rich.text import Text

    for line in filter(None, grid.lead.split("\n")):
        console.print(Text(clean(line), style="bold red"))
    if grid.title:
        console.print(Text(clean(grid.title), style="bold"))
    if grid.rows:
        (_blocks if grid.blocks else _table)(console, grid)
    for line in grid.note.split("\n"):
        if line:
            console.print(Text(clean(line), style="dim"))


def _table(console: Console, grid: Grid) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    many = len(grid.columns) > _MANY
    for column in grid.columns:
        table.add_column(column.replace("-", "-\n") if many else column, overflow="fold")
    for row in grid.rows:
        table.add_row(*map(_cell, row))
    console.print(table)


def _blocks(console: Console, grid: Grid) -> None:
    """Each row as a block: its first cell, the others on one line, then addresses."""
    from rich.padding import Padding
    from rich.text import Text

    for first, *others in grid.rows:
        console.print(Padding(Text(clean(first.text)), (0, 0, 0, 2), expand=False))
        said = " · ".join(clean(cell.text) for cell in others if cell.text)
        console.print(Padding(Text(said, style="dim"), (0, 0, 0, 6), expand=False))
        for address in filter(None, (safe_url(cell.url) for cell in others)):
            line = Text(f"      {address}", style=f"dim link {address}")
            console.print(line, soft_wrap=True)


def _cell(cell: Cell) -> Text:
    from rich.text import Text

    text = cell.text
    indent = text[: len(text) - len(text.lstrip(" "))]
    lines = "\n".join(clean(line) for line in text.split("\n"))
    return Text(indent + lines, style=_STYLES.get(text, ""))


def headline(text: str, verdict: str) -> None:
    """Print the one sentence that matters, and the verdict below it."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    console.print()
    console.print(Text(clean(text), style="bold"))
    console.print(Text(clean(verdict), style="bold red" if "NOT" not in verdict else "green"))
    console.print()
