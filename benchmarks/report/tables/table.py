"""A table as data, for whatever writes it: terminal, page, Markdown, LaTeX."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...rows import ESTIMATED, MEASURED
from ..numbers import Spread, percent_text, spread_text, with_prefix
from ..published import PUBLISHED
from ..summary import Energy

MARKED = (MEASURED, ESTIMATED, PUBLISHED)
"""The kinds of cells whose word is written beside the value."""

NOTHING = "–"
"""Stands where there is no value."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text : str
        What it says.
    detail : str
        A second, smaller line, for example a range.
    kind : str
        ``measured``, ``estimated`` or ``published`` where that must be marked, a row's status, or empty.
    value : float or None
        What the text says, where it is one number: rows can be sorted and filtered by it.
    """

    text: str
    detail: str = ""
    kind: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Column:
    """A column.

    Parameters
    ----------
    heading : str
        What is in it.
    number : bool
        Whether it holds numbers, which stand to the right.
    long : bool
        Whether its texts may break into lines.
    minor : bool
        Whether it is left out in the terminal, which is narrow.
    """

    heading: str
    number: bool = True
    long: bool = False
    minor: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Parameters
    ----------
    title : str
        What is in it.
    columns : tuple[Column, ...]
        Its headings; the first column names the row.
    rows : tuple[tuple[Cell, ...], ...]
        As many cells each as there are columns.
    note : str
        What a reader must know to read it, in sentences.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def without_empty(self) -> Table:
        """The same without the columns in which no row has a value."""
        kept = [
            k
            for k in range(len(self.columns))
            if k == 0 or any(row[k].text != NOTHING or row[k].detail for row in self.rows)
        ]
        rows = tuple(tuple(row[k] for k in kept) for row in self.rows)
        return replace(self, columns=tuple(self.columns[k] for k in kept), rows=rows)


def words(heading: str, long: bool = False) -> Column:
    """A column of words."""
    return Column(heading, number=False, long=long)


def energy_cell(energy: Energy) -> Cell:
    """An energy and how it is known."""
    if energy.joule <= 0:
        return Cell(NOTHING, f"too short for {energy.by}")
    return Cell(with_prefix(energy.joule, "J"), kind=energy.kind, value=energy.joule)


def spread_cell(found: Spread | None) -> Cell:
    """Median, and the range where there is one."""
    return Cell(*spread_text(found), value=None if found is None else found.median)


def share_cell(found: Spread | None) -> Cell:
    """The same for a share, in per cent."""
    return Cell(*percent_text(found), value=None if found is None else found.median)
