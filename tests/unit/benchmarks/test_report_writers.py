"""Tables as Markdown and LaTeX."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pytest
from sources import ROOT

from benchmarks.report.tables.table import Cell, Column, Table, words
from benchmarks.report.writers import latex, markdown, write_tables

TABLE = Table(
    "Results: a & b",
    (words("platform"), Column("right"), words("why", long=True)),
    (
        (Cell("x_1"), Cell("90.0%", "80.0% to 95.0%"), Cell("a|b")),
        (Cell("y"), Cell("1 J", kind="estimated"), Cell("–")),
    ),
    "Of 3 seeds.",
)


def test_a_table_keeps_its_first_column_and_those_in_which_a_row_has_a_value():
    nothing, shown = Cell("–"), Cell("–", "of 3 seeds")
    table = Table("T", tuple(map(Column, "abcd")), ((nothing, nothing, Cell("1"), nothing), (nothing,) * 3 + (shown,)))
    assert [column.heading for column in table.without_empty().columns] == ["a", "c", "d"]
    assert [[cell.text for cell in row] for row in table.without_empty().rows] == [["–", "1", "–"], ["–", "–", "–"]]


def test_a_table_is_written_as_markdown():
    assert markdown(TABLE).splitlines() == [
        "**Results: a & b**",
        "",
        "| platform | right | why |",
        "| --- | ---: | --- |",
        "| x_1 | 90.0% (80.0% to 95.0%) | a\\|b |",
        "| y | 1 J estimated | – |",
        "",
        "Of 3 seeds.",
    ]
    assert markdown(TABLE, title=False).startswith("| platform")


def test_a_table_is_written_as_latex_with_the_rules_of_booktabs():
    assert latex(TABLE).splitlines() == [
        r"\begin{table}",
        r"  \centering\scriptsize\setlength{\tabcolsep}{3pt}",
        r"  \caption{Results: a \& b. Of 3 seeds.}",
        r"  \label{tab:results-a-b}",
        r"  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        r"  \begin{tabular}{lr>{\raggedright\arraybackslash}p{2.8cm}}",
        r"    \toprule",
        r"    platform & right & why \\",
        r"    \midrule",
        r"    x\_1 & \begin{tabular}[t]{@{}r@{}}90.0\% \\ (80.0\% to 95.0\%)\end{tabular} & a|b \\",
        r"    y & 1 J estimated & -- \\",
        r"    \bottomrule",
        r"  \end{tabular}}",
        r"\end{table}",
    ]


def test_long_headings_and_names_break_into_lines():
    table = Table("t", (words("platform"), Column("ms a training sample")), ((Cell("lava " * 6), Cell("5")),))
    lines = latex(table).splitlines()
    assert lines[5] == r"  \begin{tabular}{>{\raggedright\arraybackslash}p{2.8cm}r}"
    assert lines[7] == r"    platform & \begin{tabular}[b]{@{}r@{}}ms a training \\ sample\end{tabular} \\"
    assert lines[9] == f"    {'lava ' * 6} & 5 \\\\"
    for length, kind in ((26, "l"), (27, r">{\raggedright\arraybackslash}p{2.8cm}")):
        cells = Table("t", (words("platform"), Column("n")), ((Cell("l" * length), Cell("1" * 30)),))
        assert latex(cells).splitlines()[5] == rf"  \begin{{tabular}}{{{kind}r}}"


PAPER = r"""\documentclass{article}
\usepackage{array,booktabs,graphicx,textcomp}
\begin{document}
%s
\end{document}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
def test_the_committed_tables_are_papers_tables(tmp_path):
    """They compile, and none is wider than the text."""
    tables = sorted((ROOT / "benchmarks" / "results" / "tables").glob("*.tex"))
    assert tables
    text = "\\clearpage\n".join(table.read_text(encoding="utf-8") for table in tables)
    (tmp_path / "paper.tex").write_text(PAPER % text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


def test_signs_that_latex_reads_otherwise_are_written_so_that_they_stand():
    table = Table("µ 100% ~ ^ \\ {x}", (words("a"),), ((Cell("5 µJ × 2 < 3"),),))
    assert r"\textmu{} 100\% \textasciitilde{} \textasciicircum{} \textbackslash{} \{x\}" in latex(table)
    assert r"5 \textmu{}J $\times$ 2 \textless{} 3" in latex(table)


def test_each_table_is_two_files_named_by_its_title(tmp_path):
    written = write_tables([TABLE], tmp_path / "tables")
    assert [path.name for path in written] == ["results-a-b.md", "results-a-b.tex"]
    assert written[0].read_text(encoding="utf-8") == markdown(TABLE) + "\n"
    assert written[1].read_text(encoding="utf-8") == latex(TABLE) + "\n"
    # Again, over what is there.
    assert write_tables([TABLE], tmp_path / "tables") == written


def test_a_title_too_long_for_a_file_is_cut(tmp_path):
    written = write_tables([replace(TABLE, title="a" * 300)], tmp_path / "tables")
    assert [path.name for path in written] == ["a" * 100 + ".md", "a" * 100 + ".tex"]


def test_a_table_without_rows_is_its_headings():
    empty = replace(TABLE, rows=())
    assert markdown(empty, title=False).startswith("| platform | right | why |\n| --- | ---: | --- |\n\n")
    assert latex(empty).splitlines()[7:10] == [r"    platform & right & why \\", r"    \midrule", r"    \bottomrule"]


def test_tables_of_one_title_have_files_of_their_own(tmp_path):
    names = [path.name for path in write_tables([TABLE, TABLE], tmp_path / "tables")]
    assert names == ["results-a-b.md", "results-a-b.tex", "results-a-b-2.md", "results-a-b-2.tex"]
