"""The committed results: their table and their report are what the code makes of their rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import row_files
from benchmarks.report.html import render
from benchmarks.report.plots.all import all_plots
from benchmarks.report.summary import lines_of

RESULTS = Path(__file__).resolve().parents[3] / "benchmarks" / "results"
ANEW = "make them anew: python -m benchmarks report benchmarks/results/results.jsonl"


@pytest.fixture
def rows():
    return row_files.read(RESULTS / row_files.ROWS)


def test_the_table_is_that_of_the_rows(rows, tmp_path):
    row_files.write_csv(tmp_path / "r.csv", rows)
    assert (tmp_path / "r.csv").read_bytes() == (RESULTS / row_files.TABLE).read_bytes(), ANEW


def test_the_report_is_that_of_the_rows(rows):
    """But for the drawings, which depend on the version of Matplotlib."""
    made, there = render(rows, all_plots(lines_of(rows))), (RESULTS / "report.html").read_text(encoding="utf-8")
    assert made.count("<svg ") == there.count("<svg ") == len(list((RESULTS / "plots").glob("*.png")))
    assert without_drawings(made) == without_drawings(there), ANEW


def without_drawings(page: str) -> list[str]:
    return re.sub(r"<svg .*?</svg>", "", page, flags=re.DOTALL).splitlines()
