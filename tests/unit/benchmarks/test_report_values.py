"""What one part of the report hands to another."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest
from benchmark_rows import mixed, whole

from benchmarks.report.against_published import compare_row
from benchmarks.report.glance import glances
from benchmarks.report.groups import groups_of
from benchmarks.report.numbers import Spread
from benchmarks.report.published import TABLE
from benchmarks.report.scaling import HIDDEN, TIME, fits, series_of
from benchmarks.report.summary import lines_of
from benchmarks.report.tables.table import Cell, Column, Table


def handed_on() -> list[object]:
    rows = whole(mixed())
    lines = lines_of(rows)
    groups = groups_of(lines)
    return [
        *(lines[0], lines[0].energies[0], groups[0], glances(groups)[0], Spread(1.0, 1.0, 1.0, 1)),
        *(series_of(lines, HIDDEN)[0], fits(lines, TIME)[0], TABLE[0], compare_row(rows[0])[0]),
        *(Cell("x"), Column("x"), Table("x", (), ())),
    ]


@pytest.mark.parametrize("value", handed_on(), ids=lambda value: type(value).__name__)
def test_nobody_who_is_handed_a_value_can_change_it(value):
    name = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, getattr(value, name))
