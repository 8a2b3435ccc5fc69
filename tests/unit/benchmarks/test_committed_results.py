"""The committed results: tables, report and README are what the code makes of their rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sources import ROOT

from benchmarks import row_files, tidy
from benchmarks.report.content import sections, tables_of
from benchmarks.report.groups import groups_of
from benchmarks.report.html import render
from benchmarks.report.plots.all import all_plots
from benchmarks.report.readme import write_readme
from benchmarks.report.summary import lines_of
from benchmarks.report.writers import write_tables
from benchmarks.rows import Row

RESULTS = ROOT / "benchmarks" / "results"
ANEW = "make them anew: python -m benchmarks report benchmarks/results/results.jsonl"
NOT_KEPT = {"spikes.csv"}
"""What .gitignore leaves out, since it is long."""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return row_files.read(RESULTS / row_files.ROWS)


def check_same(written: list[Path], folder: Path) -> None:
    assert written
    for path in written:
        if path.name not in NOT_KEPT:
            assert path.read_bytes() == (folder / path.name).read_bytes(), ANEW
    assert {path.name for path in folder.iterdir()} - NOT_KEPT == {path.name for path in written} - NOT_KEPT, ANEW


def test_the_tidy_tables_are_those_of_the_rows(rows, tmp_path):
    check_same(tidy.write(tmp_path / "csv", rows), RESULTS / tidy.FOLDER)


def test_the_tables_for_papers_are_those_of_the_rows(rows, tmp_path):
    check_same(write_tables(tables_of(sections(rows)), tmp_path / "tables"), RESULTS / "tables")


def test_the_readme_says_what_the_rows_say(rows):
    readme = ROOT / "README.md"
    assert not write_readme(rows, RESULTS / row_files.ROWS, readme, check=True), (
        "bring it up to date: python -m benchmarks readme benchmarks/results/results.jsonl README.md"
    )
    for picture in re.findall(r"\((benchmarks/results/plots/[^)]+)\)", readme.read_text(encoding="utf-8")):
        assert (ROOT / picture).is_file()


@pytest.mark.slow
def test_the_report_is_that_of_the_rows(rows):
    """But for the drawings, which depend on the version of Matplotlib."""
    made, there = (
        render(rows, all_plots(groups_of(lines_of(rows)))),
        (RESULTS / "report.html").read_text(encoding="utf-8"),
    )
    assert made.count("<svg ") == there.count("<svg ") == len(list((RESULTS / "plots").glob("*.png")))
    assert without_drawings(made) == without_drawings(there), ANEW


def without_drawings(page: str) -> list[str]:
    return re.sub(r"<svg .*?</svg>", "", page, flags=re.DOTALL).splitlines()
