"""Rows that no table can show are named, and do not stop the others."""

from __future__ import annotations

from benchmark_rows import made

from benchmarks.report.readable import readable
from benchmarks.row_files import Reading, Unreadable


def test_a_row_that_breaks_a_table_is_named_among_the_lines_that_can_not_be_read():
    good, broken = made("nest", "compiled"), made("lava", "fast", repeat_seconds=5)
    half = Unreadable(4, "the line has no end", b"{")
    found = readable(Reading([broken, good], [half], ["a double"], [2, 3]))
    assert (found.rows, found.lines, found.doubles) == ([good], [3], ["a double"])
    why = "the row can't be shown: AttributeError: 'int' object has no attribute 'get'"
    assert found.unreadable == [Unreadable(2, why, b""), half]
