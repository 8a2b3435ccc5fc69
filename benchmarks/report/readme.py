"""The part of the project's README that says what a run came to, made of its rows so that no figure is typed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole

from ..rows import OK
from .glance import glances, headline
from .groups import Group, groups_of
from .html import PLOTS
from .summary import lines_of
from .tables.learning import target_table
from .tables.results import results_table
from .tables.table import Table
from .writers import markdown

BEGIN, END = "<!-- benchmarks: begin (made by python -m benchmarks readme) -->", "<!-- benchmarks: end -->"

SHOWN = ("platform", "right", "= the rule", "ms a training sample", "ms a test sample")
"""Columns of the table of results that the README has; the report has them all."""


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
        _shown(results_table(group), SHOWN),
        *(markdown(table) for some in groups if some.case == group.case and (table := target_table(some))),
        _picture(group, folder),
    ]
    return "\n\n".join(part for part in parts if part)


def _shown(table: Table, headings: Sequence[str]) -> str:
    """Some columns of a table; details of times and the note are left to the report."""
    kept = [k for k, column in enumerate(table.columns) if column.heading in headings]
    rows = tuple(tuple(replace(row[k], detail="") for k in kept) for row in table.rows)
    return markdown(replace(table, columns=tuple(table.columns[k] for k in kept), rows=rows, note=""))


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
