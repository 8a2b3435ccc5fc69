"""How time, memory and events grow with a network, as fitted exponents."""

from __future__ import annotations

from collections.abc import Sequence

from ..numbers import significant
from ..scaling import AXES, EVENTS, MEMORY, TIME, Series, series_of
from ..summary import Line
from .table import NOTHING, Cell, Column, Table, words

_NOTE = (
    "Exponents are slopes of straight lines through the logarithms of size and quantity, by least squares: 1 means "
    "that twice the size takes twice as much. Memory has what every process takes, whatever its size. Least time an "
    "event: that of the size at which it was least; no size can be faster than its events times that. Hidden units "
    "that fill the memory of this machine: by a straight line through the memory of the larger sizes; beyond, NEST "
    "runs on several machines by MPI."
)


def growth_tables(case: str, lines: Sequence[Line]) -> list[Table]:
    """A table for each size that grows, if at least three were measured."""
    found = ((along, series_of(lines, along)) for along in AXES)
    return [_table(case, along, series) for along, series in found if series]


def _table(case: str, along: str, series: Sequence[Series]) -> Table:
    columns = (
        words("platform"),
        words(along),
        Column("exponent of time"),
        Column("exponent of memory"),
        Column("exponent of events"),
        Column("ms a sample, from"),
        Column("to"),
        Column("MB, from"),
        Column("to, MB"),
        Column("least ns an event"),
        Column("hidden units that fill the memory"),
    )
    return Table(f"Growth with {along}: {case}", columns, tuple(map(_row, series)), _NOTE).without_empty()


def _row(series: Series) -> tuple[Cell, ...]:
    slopes, ranges = [], []
    for quantity in (TIME, MEMORY, EVENTS):
        fit = series.fit(quantity)
        slopes.append(Cell(NOTHING) if fit is None else Cell(f"{fit.slope:.2f}", value=fit.slope))
        if quantity != EVENTS:
            ends = (None, None) if fit is None else (fit.values[0], fit.values[-1])
            ranges += [Cell(NOTHING) if end is None else Cell(significant(end), value=end) for end in ends]
    limit = series.limit
    sizes = f"{series.sizes[0]:,} to {series.sizes[-1]:,}"
    last = Cell(NOTHING) if limit is None else Cell(significant(limit[0]), value=limit[0])
    most = series.most_hidden
    full = Cell(NOTHING) if most is None else Cell(f"{most:,}", value=most)
    return (Cell(series.name), Cell(sizes), *slopes, *ranges, last, full)
