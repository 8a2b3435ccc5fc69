"""Tables as Markdown, and as LaTeX with the rules of booktabs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pynn_backprop.files import written_whole

from .tables.table import MARKED, Cell, Column, Table

FOLDER = "tables"

HEADING = 13
"""Characters of a line of a heading in LaTeX."""

LONG = r">{\raggedright\arraybackslash}p{2.8cm}"
"""Columns of LaTeX whose texts break into lines."""

_LATEX = {
    "\\": r"\textbackslash{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "µ": r"\textmu{}",
    "×": r"$\times$",
    "–": "--",
    "—": "---",
    "±": r"$\pm$",
    "θ": r"$\theta$",
}
"""Signs that LaTeX reads as something else, or that its usual fonts lack."""


def markdown(table: Table, title: bool = True) -> str:
    """A table as Markdown, with its title above and its note below."""
    head = [column.heading for column in table.columns]
    rule = ["---:" if column.number else "---" for column in table.columns]
    rows = [[_plain(cell).replace("|", "\\|") for cell in row] for row in table.rows]
    lines = [f"| {' | '.join(line)} |" for line in (head, rule, *rows)]
    return "\n".join(
        [*([f"**{table.title}**", ""] if title else []), *lines, *(["", table.note] if table.note else [])]
    )


def latex(table: Table) -> str:
    """A table as LaTeX; it needs the packages array, booktabs, graphicx and textcomp.

    Headings, and a value and its range, are in lines of their own, and what is wider than the text is scaled to it.
    """
    columns = [_column(column, [row[k] for row in table.rows]) for k, column in enumerate(table.columns)]
    head, *body = (" & ".join(texts) for texts in zip(*(texts for _, texts in columns), strict=True))
    return "\n".join(
        [
            r"\begin{table}",
            r"  \centering\scriptsize\setlength{\tabcolsep}{3pt}",
            rf"  \caption{{{_escaped(table.title)}. {_escaped(table.note)}}}",
            rf"  \label{{tab:{slug(table.title)}}}",
            r"  \resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
            rf"  \begin{{tabular}}{{{''.join(kind for kind, _ in columns)}}}",
            r"    \toprule",
            rf"    {head} \\",
            r"    \midrule",
            *(rf"    {line} \\" for line in body),
            r"    \bottomrule",
            r"  \end{tabular}}",
            r"\end{table}",
        ]
    )


def _column(column: Column, cells: Sequence[Cell]) -> tuple[str, list[str]]:
    """Its kind, and its heading and cells as LaTeX."""
    texts, side = [_plain(cell) for cell in cells], "r" if column.number else "l"
    head = _stacked(textwrap.wrap(column.heading, HEADING), side, "b")
    if column.long or (not column.number and max(map(len, texts), default=0) > 2 * HEADING):
        return LONG, [head, *map(_escaped, texts)]
    return side, [head, *(_stacked(_lines(cell), side, "t") for cell in cells)]


def _lines(cell: Cell) -> list[str]:
    """What stands in a cell, its detail in a line of its own."""
    return [_plain(replace(cell, detail="")), *([f"({cell.detail})"] if cell.detail else [])]


def _stacked(lines: list[str], side: str, level: str) -> str:
    """Lines on top of each other, of which the last one (``b``) or the first one (``t``) is level with the row."""
    if len(lines) < 2:
        return _escaped("".join(lines))
    return rf"\begin{{tabular}}[{level}]{{@{{}}{side}@{{}}}}" + r" \\ ".join(map(_escaped, lines)) + r"\end{tabular}"


def slug(title: str) -> str:
    """A title in the name of a file or of a label."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def write_tables(tables: Iterable[Table], folder: Path) -> list[Path]:
    """Write each table as Markdown and as LaTeX into a folder, which is made.

    Parameters
    ----------
    tables : Iterable[Table]
        Of those with the same title the second has a 2 at the end of its name, and so on.
    folder : Path
        Where to.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    folder.mkdir(exist_ok=True)
    written, names = [], list[str]()
    for table in tables:
        name = slug(table.title)[:100]
        names.append(name)
        number = f"-{names.count(name)}" if names.count(name) > 1 else ""
        for suffix, text in ((".md", markdown(table)), (".tex", latex(table))):
            path = folder / f"{name}{number}{suffix}"
            with written_whole(path) as temporary:
                temporary.write_text(text + "\n", encoding="utf-8")
            written.append(path)
    return written


def _plain(cell: Cell) -> str:
    """Text, kind and detail in a line."""
    text = f"{cell.text} {cell.kind}" if cell.kind in MARKED else cell.text
    return f"{text} ({cell.detail})" if cell.detail else text


def _escaped(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)
