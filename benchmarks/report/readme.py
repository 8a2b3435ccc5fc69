"""The part of the project's README that says what a run came to, made of its rows so that no figure is typed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole

from ..rows import OK, apart_in, platform_in
from .glance import glances, headline
from .groups import Group, groups_of
from .html import PLOTS
from .summary import Line, lines_of
from .tables.learning import target_table
from .tables.results import results_table
from .tables.table import NOTHING, Cell, Table, words
from .writers import markdown

BEGIN, END = "<!-- benchmarks: begin (made by python -m benchmarks readme) -->", "<!-- benchmarks: end -->"

RESULTS = ("right", "= the rule", "ms a training sample", "ms a test sample")
"""Columns of the table of results that the README has; the report has them all."""

TARGET = ("samples", "time", "ms a training sample", "right on test samples")
"""The same of the table of times to a score."""

STRETCHES = "Of a training of which a platform showed some samples, the rule showed all others, before and behind."


def section(rows: Sequence[Mapping[str, Any]], folder: str) -> str:
    """The text between the marks.

    Parameters
    ----------
    rows : Sequence[dict-like]
        Rows of results.
    folder : str
        Where they are, as the README names it.

    Raises
    ------
    InputError
        If no row has a result.
    """
    groups = groups_of(lines_of(rows))
    if not groups:
        raise InputError("rows hold no result of which a README could tell")
    group = headline(groups)
    done, newest = sum(row["status"] == OK for row in rows), max(row["started"] for row in rows)[:10]
    answers = [f"- **{one.question} {one.answer}** {one.detail}" for one in glances(groups)]
    parts = [
        f"From one full run, `sh benchmarks/full_run.sh` ({done} rows with a result, {newest}, all in "
        f"[{folder}]({folder})):",
        "\n".join(answers),
        _results(group),
        *(_times(table) for some in groups if some.case == group.case and (table := target_table(some))),
        _picture(group, folder),
    ]
    return "\n\n".join(part for part in parts if part)


def _results(group: Group) -> str:
    """A row a line: its circuit and its stretch apart from its platform, and no ranges of times."""
    found = _with(results_table(group), RESULTS)
    columns = (words("platform"), words("circuit"), words("shown"), *found.columns)
    some = any(line.first.get("stretch") for line in group.lines)
    rows = tuple(
        (
            Cell(platform_in(line.first)),
            Cell(_circuit(line) or NOTHING),
            Cell(_shown(line) if some else NOTHING),
            *(replace(cell, detail="") for cell in row),
        )
        for line, row in zip(group.lines, found.rows, strict=True)
    )
    return markdown(Table(found.title, columns, rows, STRETCHES if some else "").without_empty())


def _circuit(line: Line) -> str:
    return ", ".join(text for what, text in apart_in(line.first).items() if text and what != "stretch")


def _shown(line: Line) -> str:
    return apart_in(line.first)["stretch"].removeprefix("samples ") or "all"


def _times(table: Table) -> str:
    return markdown(_with(table, (table.columns[0].heading, *TARGET)))


def _with(table: Table, headings: Sequence[str]) -> Table:
    """The same with these columns alone."""
    kept = [k for k, column in enumerate(table.columns) if column.heading in headings]
    rows = tuple(tuple(row[k] for k in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[k] for k in kept), rows=rows)


def _picture(group: Group, folder: str) -> str:
    return f"![Time of a sample on each platform: {group.title}]({folder}/{PLOTS}/time-{group.name}.png)"


def replaced(text: str, new: str) -> str:
    """A README with another text between the marks.

    Raises
    ------
    InputError
        If it has not both marks, once, in this order.
    """
    if (text.count(BEGIN), text.count(END)) != (1, 1) or text.index(BEGIN) > text.index(END):
        raise InputError(f"the README must have the line {BEGIN!r} and after it {END!r}, each once")
    return f"{text[: text.index(BEGIN)]}{BEGIN}\n\n{new}\n\n{text[text.index(END) :]}"


def write_readme(rows: Sequence[Mapping[str, Any]], results: Path, readme: Path, check: bool = False) -> bool:
    """Bring the README up to date; returns whether it was not.

    Parameters
    ----------
    rows : Sequence[dict-like]
        Rows of results.
    results : Path
        Their file.
    readme : Path
        The README.
    check : bool
        Only look, and write nothing.
    """
    try:
        text = readme.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{readme} can't be read: {error.strerror}") from error
    folder = os.path.relpath(results.resolve().parent, readme.resolve().parent)
    new = replaced(text, section(rows, Path(folder).as_posix()))
    if new != text and not check:
        with written_whole(readme) as temporary:
            temporary.write_text(new, encoding="utf-8")
    return new != text
