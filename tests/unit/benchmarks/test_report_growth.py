"""The tables of how time, memory and events grow with a network."""

from __future__ import annotations

import pytest
from benchmark_rows import made
from table_cells import by_heading, headings, numbers

from benchmarks.report.summary import lines_of
from benchmarks.report.tables.growth import growth_tables
from benchmarks.report.tables.table import Table
from benchmarks.rows import Row

MB = {50: 300.0, 100: 300.0, 400: 400.0, 800: 600.0}


def grown(platform: str) -> list[Row]:
    """Rows of four sizes: 0.3 ms and 40 events a hidden unit."""
    rows = [made(platform, "v", 0.3 * hidden, layer_sizes=[4, hidden, 2], joule=None) for hidden in MB]
    for row, (hidden, mb) in zip(rows, MB.items(), strict=True):
        row |= {"peak_memory_MB": mb, "host": {"memory_GB": 10.2}}
        row["counts"] = {"synaptic_events_per_sample": 40.0 * hidden}
    return rows


def table_of(rows: list[Row]) -> Table:
    (found,) = growth_tables("digits", lines_of(rows))
    return found


def test_exponents_ranges_and_limits_stand_under_their_headings():
    table = table_of([*grown("nest"), *grown("lava")])
    assert table.title == "Growth with hidden units: digits"
    assert [cells[0].text for cells in table.rows] == [
        f"{name} v, published form, margin rule" for name in ("nest", "lava")
    ]
    assert by_heading(table) == {
        "platform": "nest v, published form, margin rule",
        "hidden units": "50 to 800",
        "exponent of time": "1.00",
        "exponent of memory": "0.24",
        "exponent of events": "1.00",
        "ms a sample, from": "15.0",
        "to": "240",
        "MB, from": "300",
        "to, MB": "600",
        # 0.3 ms for 40 events.
        "least ns an event": "7,500",
        # 200 MB and half a MB a hidden unit, in 10,200 MB.
        "hidden units that fill the memory": "20,000",
    }
    assert numbers(table) == headings(table)[2:]
    assert [cell.value for cell in table.rows[0][2:]] == pytest.approx(
        [1, 0.2414, 1, 15, 240, 300, 600, 7500, 20_000], rel=1e-3
    )


def test_what_is_not_known_of_any_platform_has_no_column():
    rows = grown("nest")
    for row in rows:
        row |= {"counts": {}, "peak_memory_MB": None}
    assert headings(table_of(rows)) == ["platform", "hidden units", "exponent of time", "ms a sample, from", "to"]


def test_fewer_than_three_sizes_have_no_table():
    assert growth_tables("digits", lines_of(grown("nest")[:2])) == []
