"""Tables as Markdown, and as LaTeX with the rules of booktabs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from pynn_backprop.files import written_whole

from .tables.table import MARKED, Cell, Table

FOLDER = "tables"

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
    """A table as LaTeX; it needs the packages booktabs and textcomp."""
    columns = "".join("r" if column.number else "p{4cm}" if column.long else "l" for column in table.columns)
    head = " & ".join(_escaped(column.heading) for column in table.columns)
    body = [" & ".join(_escaped(_plain(cell)) for cell in row) + r" \\" for row in table.rows]
    return "\n".join(
        [
            r"\begin{table}",
            r"  \centering",
            rf"  \caption{{{_escaped(table.title)}. {_escaped(table.note)}}}",
            rf"  \label{{tab:{slug(table.title)}}}",
            rf"  \begin{{tabular}}{{{columns}}}",
            r"    \toprule",
            rf"    {head} \\",
            r"    \midrule",
            *(f"    {line}" for line in body),
            r"    \bottomrule",
            r"  \end{tabular}",
            r"\end{table}",
        ]
    )


def slug(title: str) -> str:
    """A title in the name of a file or of a label."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def write_tables(tables: Iterable[Table], folder: Path) -> list[Path]:
    """Write each table as Markdown and as LaTeX into a folder, which is made.

    Parameters
    ----------
    tables : Iterable[Table]
        Their titles differ.
    folder : Path
        Where to.

    Returns
    -------
    list of pathlib.Path
        The files.
    """
    folder.mkdir(exist_ok=True)
    written = []
    for table in tables:
        for suffix, text in ((".md", markdown(table)), (".tex", latex(table))):
            path = folder / f"{slug(table.title)[:100]}{suffix}"
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
