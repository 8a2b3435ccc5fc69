"""Reads tables of the report: what stands under which heading."""

from __future__ import annotations

from benchmarks.report.tables.table import Cell, Table


def text_of(cell: Cell) -> str:
    """Text, detail and kind with bars between: ``300 mJ | RAPL | measured``."""
    return " | ".join(part for part in (cell.text, cell.detail, cell.kind) if part)


def by_heading(table: Table, row: int = 0) -> dict[str, str]:
    """A row of a table: what stands under each heading."""
    return dict(zip(headings(table), map(text_of, table.rows[row]), strict=True))


def headings(table: Table) -> list[str]:
    """The headings, which must differ."""
    found = [column.heading for column in table.columns]
    assert len(set(found)) == len(found), table.title
    return found


def column(table: Table, heading: str) -> list[str]:
    """What stands under a heading in all rows."""
    return [text_of(cells[headings(table).index(heading)]) for cells in table.rows]


def numbers(table: Table) -> list[str]:
    """Headings of the columns of numbers."""
    return [one.heading for one in table.columns if one.number]


def long(table: Table) -> list[str]:
    """Headings of the columns whose texts may break into lines."""
    return [one.heading for one in table.columns if one.long]
