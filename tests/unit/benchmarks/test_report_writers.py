"""Tables as Markdown and LaTeX."""

from __future__ import annotations

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
        r"  \centering",
        r"  \caption{Results: a \& b. Of 3 seeds.}",
        r"  \label{tab:results-a-b}",
        r"  \begin{tabular}{lrp{4cm}}",
        r"    \toprule",
        r"    platform & right & why \\",
        r"    \midrule",
        r"    x\_1 & 90.0\% (80.0\% to 95.0\%) & a|b \\",
        r"    y & 1 J estimated & -- \\",
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]


def test_signs_that_latex_reads_otherwise_are_written_so_that_they_stand():
    table = Table("µ 100% ~ ^ \\ {x}", (words("a"),), ((Cell("5 µJ × 2 < 3"),),))
    assert r"\textmu{} 100\% \textasciitilde{} \textasciicircum{} \textbackslash{} \{x\}" in latex(table)
    assert r"5 \textmu{}J $\times$ 2 \textless{} 3" in latex(table)


def test_each_table_is_two_files_named_by_its_title(tmp_path):
    written = write_tables([TABLE], tmp_path / "tables")
    assert [path.name for path in written] == ["results-a-b.md", "results-a-b.tex"]
    assert written[0].read_text(encoding="utf-8") == markdown(TABLE) + "\n"
