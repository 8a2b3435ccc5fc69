"""What a person sees in the terminal."""

from __future__ import annotations

import io

import pytest
from benchmark_rows import job, lost, made, mixed, row
from rich.console import Console

from benchmarks.changes import compare
from benchmarks.report.tables.table import Cell, Column, Table, words
from benchmarks.report.terminal import print_changes, print_one, print_table, rich_table
from benchmarks.rows import FAILED


def terminal(function, *values, width: int = 200, **options) -> str:
    stream = io.StringIO()
    function(*values, Console(file=stream, width=width, **options))
    return stream.getvalue()


def lines_with(text: str, word: str) -> list[list[str]]:
    """The lines that begin with a word, in their columns."""
    return [line.split() for line in text.splitlines() if line.split()[:1] == [word]]


# --- tables


def test_the_terminal_shows_results_failures_and_energies_in_this_order():
    rows = [*mixed(), made("reference", "steps", layer_sizes=[400, 400, 10]) | {"case": "mnist"}, made("nest", "x")]
    shown = terminal(print_table, rows)
    titles = [
        "Results: mnist, 4-3-2, 40 samples (published form, margin rule)",
        "Results: digits, 4-3-2, 40 samples (published form, margin rule)",
        "Without a result",
        "Energy estimated by model: mnist",
        "Energy estimated by model: digits",
        "The published network: estimated and published",
    ]
    assert [line.strip() for line in shown.splitlines() if line.strip() in titles] == titles
    for shown_there in ("92.0%", "300 mJ measured", "30.0 mJ estimated", "ended after 300 s"):
        assert shown_there in shown
    # The page has the details.
    assert "90.0% to 94.0%" not in shown.partition("Results:")[2]


def test_the_first_answers_are_bold_and_what_is_told_of_them_is_plain():
    rows = [made("[red]one", "v", 5.0), made("[red]two", "v", 9.0)]
    shown = terminal(print_table, rows, force_terminal=True, color_system="standard").splitlines()
    answer = shown.index("\x1b[1mHow fast? 5.00 ms\x1b[0m")
    told, others = shown[answer + 1].split(". ")
    assert told == "  a training sample on [red]one v, 55.0 ms a test sample"
    assert others == "Others, each at its fastest, in ms: [red]two v 9.00."


def test_a_result_is_one_line_in_the_terminal():
    shown = terminal(print_table, mixed(), width=120)
    assert lines_with(shown, "brian2")[:1] == [
        ["brian2", "cython", "90.0%", "yes", "9.00", "55.0", "490", "41.5", "5.25", "30.0", "mJ", "estimated"]
    ]
    assert "…" not in shown.partition("Energy estimated")[0]


def test_a_heading_is_as_wide_as_what_stands_below_it_and_details_are_left_out():
    table = Table(
        "Title",
        (words("name"), Column("a long heading"), Column("left out", minor=True), words("why", long=True)),
        (
            (Cell("one", "detail"), Cell("12", kind="measured"), Cell("3"), Cell("because")),
            (Cell("the other"), Cell("4"), Cell("5"), Cell("no", kind="failed")),
        ),
        "A note.",
    )
    found = terminal(lambda console: console.print(rich_table(table)), width=60).splitlines()
    assert [line.rstrip() for line in found if line.strip()] == [
        "Title",
        "                   a long",
        "  name            heading   why",
        " " + "─" * 35,
        "  one         12 measured   because",
        "  the other             4   no",
        "A note.",
    ]


def test_a_table_too_wide_for_the_terminal_has_a_line_for_each_value():
    table = Table(
        "Title",
        (words("name"), Column("heading"), Column("nothing"), Column("minor", minor=True), words("why", long=True)),
        ((Cell("n" * 40), Cell("12", "detail", kind="measured"), Cell("–"), Cell("3"), Cell("because")),),
        "A note.",
    )
    shown = terminal(print_one, table, width=45)
    assert [line.rstrip() for line in shown.splitlines() if line.strip()] == [
        "Title",
        " " + "n" * 40,
        "   heading: 12 measured",
        "   minor: 3",
        "   why: because",
        "A note.",
    ]


def test_in_a_narrow_terminal_titles_are_slanted_rows_bold_and_notes_faint():
    cells = (Cell("n" * 40), Cell("", "detail"), Cell("12", kind="measured"))
    table = Table("Title", (words("name"), Column("empty"), Column("heading")), (cells,), "A note.")
    shown = terminal(print_one, table, width=45, force_terminal=True, color_system="standard")
    assert shown.splitlines() == [
        "",
        "\x1b[3mTitle\x1b[0m",
        f"\x1b[1m {'n' * 40}\x1b[0m",
        "   heading: \x1b[1m12\x1b[0m\x1b[1;2m measured\x1b[0m",
        "\x1b[2mA note.\x1b[0m",
    ]
    assert "note" not in terminal(print_one, Table("Title", table.columns, table.rows), width=45)


def test_the_width_of_a_table_is_that_of_its_widest_values_and_of_its_longest_words():
    columns = (words("a long heading"), Column("n"), words("why", long=True))
    table = Table("T", columns, ((Cell("ab"), Cell("123", kind="measured"), Cell("one longest word")),))
    # Blanks beside each column and one between: 7 of "heading", 12 of "123 measured", 7 of "longest".
    assert "─" in terminal(print_one, table, width=2 + 7 + 2 + 12 + 2 + 7 + 4)
    assert "─" not in terminal(print_one, table, width=2 + 7 + 2 + 12 + 2 + 7 + 3)


def test_a_heading_above_no_values_is_as_wide_as_its_longest_word():
    table = rich_table(Table("T", (Column("a long heading"), Column("energy")), ()))
    assert [column.header for column in table.columns] == ["a long\nheading", "energy"]


def test_a_table_is_drawn_where_nothing_of_it_is_cut_off():
    table = Table("T", (words("name"), Column("number")), ((Cell("some name"), Cell("123456789")),))
    shown = [terminal(print_one, table, width=width) for width in range(10, 40)]
    assert not [text for text in shown if "…" in text]
    assert "─" not in shown[0]
    assert "─" in shown[-1]


def test_a_heading_is_not_broken_where_its_values_are_as_wide():
    table = Table("T", (Column("a long heading"), Column("energy")), ((Cell("123456789012345"), Cell("1")),))
    assert [column.header for column in rich_table(table).columns] == ["a long heading", "energy"]


def test_numbers_stand_to_the_right_and_only_long_texts_break_into_lines():
    table = Table("T", (words("a"), Column("b"), words("c", long=True)), ((Cell("x"), Cell("y"), Cell("z")),), "note")
    drawn = rich_table(table)
    assert [(one.justify, one.no_wrap) for one in drawn.columns] == [("left", True), ("right", True), ("left", False)]
    assert (drawn.title_justify, drawn.caption_justify, drawn.caption) == ("left", "left", "note")
    assert rich_table(Table("T", table.columns, ())).row_count == 0
    assert rich_table(Table("T", table.columns, ())).caption is None


@pytest.mark.parametrize(
    ("kind", "style"),
    [
        ("measured", "bold"),
        ("estimated", "italic"),
        ("published", "dim"),
        ("failed", "bold red"),
        ("timeout", "bold red"),
        ("missing", "yellow"),
        ("differs", "bold red"),
        ("", ""),
    ],
)
def test_how_a_value_is_known_is_seen_by_its_style(kind, style):
    table = rich_table(Table("T", (words("a"),), ((Cell("x", kind=kind),),)))
    (cell,) = table.columns[0].cells
    assert str(cell.style) == style
    marked = kind in ("measured", "estimated", "published")
    assert cell.plain == (f"x {kind}" if marked else "x")
    assert [(cell.plain[span.start : span.end], span.style) for span in cell.spans] == [(f" {kind}", "dim")] * marked


def test_what_goes_into_a_file_is_not_broken_at_80_characters(capsys):
    print_table([made("nest", "compiled"), lost("missing", "because " * 100)])
    assert max(map(len, capsys.readouterr().out.splitlines())) == 200


# --- changes


def test_every_change_stands_in_its_column():
    before, after = row(train=[1.0, 1.1, 1.2]), row(train=[2.0, 2.1, 2.2], accuracy=0.91)
    shown = terminal(print_changes, compare([before, row(seed=1)], [after, row(seed=2)]))
    assert (
        shown.splitlines()[0].rstrip()
        == "digits 192-20-10 on reference oracle, published form, margin rule, 40x1+20 samples, seed 0"
    )
    (heading,) = lines_with(shown.replace("┃", " "), "what")
    assert heading == ["what", "before", "after", "ratio", "verdict"]
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    assert cells == [
        ["ms a training sample", "27.5", "52.5", "1.91", "changed (by chance: at most 10.0%)"],
        ["ms a test sample", "55", "55", "1", "within the noise"],
        ["s to build", "0.5", "0.5", "1", "within the noise"],
        ["metrics.ClassificationAccuracy", "0.9", "0.91", "1.01", "changed"],
        ["MB of memory at most", "200", "200", "1", "noise unknown"],
    ]
    assert shown.splitlines()[-3:] == [
        "only before: digits 192-20-10 on reference oracle, published form, margin rule, 40x1+20 samples, seed 1",
        "only after: digits 192-20-10 on reference oracle, published form, margin rule, 40x1+20 samples, seed 2",
        "something changed by more than the noise",
    ]


def test_a_name_in_brackets_is_no_style():
    before, after = (row() | {"platform": f"[red]{name}"} for name in ("one", "two"))
    shown = terminal(print_changes, compare([before], [after]))
    assert "only before: digits 192-20-10 on [red]one oracle" in shown
    assert "only after: digits 192-20-10 on [red]two oracle" in shown


def test_rows_have_tables_of_their_own_and_no_ratio_where_there_is_none():
    failed = job(seed=1).row(FAILED, "it broke")
    shown = terminal(print_changes, compare([row(), row(seed=1)], [row(), failed]))
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines() if "│" in line]
    assert ["everything that is counted", "", "", "", "the same"] in cells
    assert cells[-1] == ["status", "ok", "failed", "", "changed"]
    assert shown.count("digits 192-20-10 on reference oracle, published form, margin rule, 40x1+20") == 2


def test_where_nothing_changed_it_says_so():
    shown = terminal(print_changes, compare([row()], [row()]))
    assert shown.splitlines()[-1] == "nothing changed by more than the noise"


def test_a_change_is_red_and_noise_is_green():
    shown = terminal(print_changes, compare([row()], [row(accuracy=0.1)]), force_terminal=True, color_system="standard")
    assert shown.startswith("\x1b[3mdigits 192-20-10 on reference oracle")
    red, green = (next(line for line in shown.splitlines() if what in line) for what in ("Accuracy", "training"))
    assert ("\x1b[1;31m" in red, "\x1b[32m" in red) == (True, False)
    assert ("\x1b[1;31m" in green, "\x1b[32m" in green) == (False, True)
