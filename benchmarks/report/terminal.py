"""What a person sees in the terminal: the main tables, and what a comparison of two files found."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table as RichTable
from rich.text import Text

from ..changes import CHANGED, WITHIN, Change, Changes
from ..row_files import Unreadable
from .content import sections
from .tables.table import MARKED, NOTHING, Cell, Table

FILE_WIDTH = 200

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

COLOURS = {CHANGED: "bold red", WITHIN: "green"}
"""How a change of each verdict looks."""


def print_table(
    rows: Iterable[Mapping[str, Any]], console: Console | None = None, unreadable: Sequence[Unreadable] = ()
) -> None:
    """Print results, failures and energies.

    Parameters
    ----------
    rows : Iterable[dict-like]
        Rows of results.
    console : Console or None
        Where to; the terminal if None.
    unreadable : Sequence[Unreadable]
        Lines of the file that are no rows.
    """
    rows, console = list(rows), console or _console()
    found = sections(rows, unreadable)
    for one in found["glances"]:
        console.print(Text(f"{one.question} {one.answer}", style="bold"))
        console.print(Text(f"  {one.detail}"))
    for table in (*found["results"], *found["learning"], *found["scale"], *found["energy"]):
        print_one(table, console)


def print_one(table: Table, console: Console) -> None:
    """Print a table; where the terminal is too narrow for it, row by row, a line for each value."""
    drawn = rich_table(table)
    if _width(drawn) <= console.width:
        console.print(drawn)
        return
    console.print(Text(f"\n{table.title}", style="italic"))
    for row in table.rows:
        console.print(Text(" ").append(_text(row[0])), style="bold")
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if cell.text and cell.text != NOTHING:
                console.print(Text(f"   {column.heading}: ").append(_text(cell)))
    if table.note:
        console.print(Text(table.note, style="dim"))


def _width(drawn: RichTable) -> int:
    """What it takes to draw a table with nothing cut off: only long texts break into lines."""
    widths = []
    for column in drawn.columns:
        texts = [str(column.header), *map(str, column.cells)]
        pieces = [piece for text in texts for piece in (text.splitlines() if column.no_wrap else text.split())]
        widths.append(max(map(len, pieces)) + 2)
    return sum(widths) + len(widths) + 1


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
        # As wide as the values below it, or as its longest word.
        widest = max(map(len, [*column.heading.split(), *(_text(row[index]).plain for row in table.rows)]))
        justify: JustifyMethod = "right" if column.number else "left"
        drawn.add_column(textwrap.fill(column.heading, widest), justify=justify, no_wrap=not column.long)
    for row in table.rows:
        drawn.add_row(*(_text(row[index]) for index in shown))
    return drawn


def _text(cell: Cell) -> Text:
    """Without the details, so that a row is a line; the report has them."""
    text = Text(cell.text, style=STYLES.get(cell.kind, ""))
    return text.append(f" {cell.kind}", style="dim") if cell.kind in MARKED else text


def print_changes(changes: Changes, console: Console | None = None) -> None:
    """Print a comparison, a table for each row.

    Parameters
    ----------
    changes : Changes
        What was found.
    console : Console or None
        Where to; the terminal if None.
    """
    console = console or _console()
    for row in dict.fromkeys(one.row for one in changes.changes):
        console.print(Text(row, style="italic"))
        table = RichTable("what", "before", "after", "ratio", "verdict")
        for one in changes.changes:
            if one.row == row:
                table.add_row(*_cells(one), style=COLOURS.get(one.verdict))
        console.print(table)
    for name in changes.only_before:
        console.print(Text(f"only before: {name}"))
    for name in changes.only_after:
        console.print(Text(f"only after: {name}"))
    console.print(
        "something changed by more than the noise" if changes.any else "nothing changed by more than the noise"
    )


def _cells(change: Change) -> tuple[str, ...]:
    verdict = change.verdict if change.chance is None else f"{change.verdict} (by chance: at most {change.chance:.1%})"
    ratio = "" if change.ratio is None else f"{change.ratio:.3g}"
    return change.what, _number(change.before), _number(change.after), ratio, verdict


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
