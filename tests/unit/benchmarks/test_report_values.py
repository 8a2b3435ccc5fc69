"""What one part of the report hands to another."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields

import pytest
from benchmark_rows import made, mixed, whole

from benchmarks.report.against_published import compare_row
from benchmarks.report.content import sections, tables_of
from benchmarks.report.glance import glances
from benchmarks.report.groups import groups_of
from benchmarks.report.numbers import Spread
from benchmarks.report.published import TABLE
from benchmarks.report.scaling import HIDDEN, TIME, series_of
from benchmarks.report.summary import lines_of
from benchmarks.report.tables.table import Cell, Column, Table

PREFIXES = {"p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "": 1.0}


def handed_on() -> list[object]:
    rows = whole(mixed())
    lines = lines_of(rows)
    groups = groups_of(lines)
    series = series_of(lines, HIDDEN)[0]
    return [
        *(lines[0], lines[0].energies[0], groups[0], glances(groups)[0], Spread(1.0, 1.0, 1.0, 1)),
        *(series, series.fit(TIME), TABLE[0], compare_row(rows[0])[0]),
        *(Cell("x"), Column("x"), Table("x", (), ())),
    ]


@pytest.mark.parametrize("value", handed_on(), ids=lambda value: type(value).__name__)
def test_nobody_who_is_handed_a_value_can_change_it(value):
    name = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, getattr(value, name))


# --- what the page sorts by


def all_tables() -> list[Table]:
    to_a_score = made("nest", "compiled", validation=9, until=0.9)
    to_a_score["curve"] = [{"shown": 20, "seconds": 0.4, "right": 0.95}]
    published = made("reference", "steps", layer_sizes=[400, 400, 10]) | {"case": "mnist"}
    found = sections([*mixed(), to_a_score, published, *whole([made("nest", "compiled", epochs=2)])])
    return [*tables_of(found), found["published"], *found["counts"], *found["runs"]]


def test_a_number_with_a_unit_carries_its_value_and_no_number_carries_another():
    seen = 0
    for table in all_tables():
        for cell in (row[k] for row in table.rows for k, column in enumerate(table.columns) if column.number):
            text = cell.text.replace(",", "")
            if re.fullmatch(r"\d+(\.\d+)?%?", text):
                number = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
                assert cell.value in (None, pytest.approx(number, rel=0.06)), (table.title, cell)
            elif re.match(r"\d", text):
                number, prefix = float(text.split()[0]), text.split()[1].removesuffix("J").removesuffix("s")
                assert cell.value == pytest.approx(number * PREFIXES[prefix], rel=0.06), (table.title, cell)
                seen += 1
    assert seen > 100
