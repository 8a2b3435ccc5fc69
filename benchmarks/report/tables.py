"""The main tables in the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table as RichTable
from rich.text import Text

from .content import MARKED, Cell, Table, against_published_table, estimates_table, failures_table, results_table
from .summary import by_case, lines_of

FILE_WIDTH = 140

STYLES = {
    "measured": "bold",
    "estimated": "italic",
    "published": "dim",
    "failed": "bold red",
    "timeout": "bold red",
    "missing": "yellow",
    "differs": "bold red",
}
"""How a cell of each kind looks; the word itself stands beside an energy, so that colour is not needed to tell."""


def print_table(rows: Iterable[Mapping[str, Any]], console: Console | None = None) -> None:
    """Print results, failures and energies.

    Parameters
    ----------
    rows
        Rows of results.
    console
        Where to; the terminal if None.
    """
    rows, console = list(rows), console or _console()
    cases = by_case(lines_of(rows))
    shown = [results_table(case, lines) for case, lines in cases.items()]
    shown += filter(None, [failures_table(rows)])
    shown += filter(None, (estimates_table(case, lines) for case, lines in cases.items()))
    shown += filter(None, [against_published_table(rows)])
    for table in shown:
        console.print(rich_table(table))


def _console() -> Console:
    """The terminal; what goes into a file or a pipe is not broken at 80 characters."""
    console = Console()
    return console if console.is_terminal else Console(width=FILE_WIDTH)


def rich_table(table: Table) -> RichTable:
    """A table for the terminal."""
    drawn = RichTable(
        title=table.title, caption=table.note or None, title_justify="left", caption_justify="left", box=box.SIMPLE_HEAD
    )
    shown = [index for index, column in enumerate(table.columns) if not column.minor]
    for index in shown:
        column = table.columns[index]
        widest = max((len(_text(row[index])) for row in table.rows), default=0)
        justify: JustifyMethod = "right" if column.number else "left"
        drawn.add_column(_broken(column.heading, widest), justify=justify, no_wrap=not column.long)
    for row in table.rows:
        drawn.add_row(*(_text(row[index]) for index in shown))
    return drawn


def _broken(heading: str, width: int) -> str:
    """A heading in lines as wide as the values below it, or as its longest word."""
    return textwrap.fill(heading, max(width, *map(len, heading.split())) if " " in heading else len(heading))


def _text(cell: Cell) -> Text:
    """Without the details, so that a row is a line; the report has them."""
    text = Text(cell.text, style=STYLES.get(cell.kind, ""))
    return text.append(f" {cell.kind}", style="dim") if cell.kind in MARKED else text
