"""A table as data, for the terminal and for HTML."""

from __future__ import annotations

from dataclasses import dataclass

from ...rows import ESTIMATED, MEASURED
from ..numbers import with_prefix
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
    """

    text: str
    detail: str = ""
    kind: str = ""


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


def words(heading: str, long: bool = False) -> Column:
    """A column of words."""
    return Column(heading, number=False, long=long)


def energy_cell(energy: Energy) -> Cell:
    """An energy and how it is known."""
    if energy.joule <= 0:
        return Cell(NOTHING, f"too short for {energy.by}")
    return Cell(with_prefix(energy.joule, "J"), kind=energy.kind)
