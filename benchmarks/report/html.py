"""The report as one HTML file: it needs no network and no other file; its one script only filters and sorts tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole

from ..row_files import Unreadable
from .content import sections, tables_of
from .groups import groups_of
from .plots.all import all_plots
from .plots.files import inline_svg, write_plots
from .plots.plot import Plot
from .summary import lines_of
from .tables.table import MARKED
from .writers import FOLDER, write_tables

REPORT = "report.html"
PLOTS = "plots"
HERE = Path(__file__).parent


def write_report(
    rows: Iterable[Mapping[str, Any]], folder: str | Path, unreadable: Sequence[Unreadable] = ()
) -> list[Path]:
    """Write ``report.html``, the plots as PNG, SVG and PDF into ``plots``, and the tables as Markdown and LaTeX into
    ``tables``.

    Parameters
    ----------
    rows : Iterable[dict-like]
        Rows of results, at least one.
    folder : str or Path
        Where to; it must exist.
    unreadable : Sequence[Unreadable]
        Lines of the file that are no rows; they are shown as such.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    InputError
        If there are no rows, or a file can't be written.
    """
    rows, folder = list(rows), Path(folder)
    if not rows:
        raise InputError("rows is empty but must hold at least one row of results")
    if not folder.is_dir():
        raise InputError(f"folder is {str(folder)!r} but must be a folder that exists")
    plots = all_plots(groups_of(lines_of(rows)))
    (folder / PLOTS).mkdir(exist_ok=True)
    written = [*write_plots(plots, folder / PLOTS), *write_tables(tables_of(sections(rows)), folder / FOLDER)]
    page = render(rows, plots, unreadable)
    with written_whole(folder / REPORT) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return [folder / REPORT, *written]


def render(rows: Sequence[Mapping[str, Any]], plots: Iterable[Plot], unreadable: Sequence[Unreadable] = ()) -> str:
    """The page.

    Parameters
    ----------
    rows : Sequence[dict-like]
        Rows of results.
    plots : Iterable[Plot]
        What stands in it as SVG.
    unreadable : Sequence[Unreadable]
        Lines of the file that are no rows.
    """
    drawn: dict[str, list[tuple[Plot, str]]] = {}
    for plot in plots:
        drawn.setdefault(plot.case, []).append((plot, inline_svg(plot)))
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    template = environment.from_string((HERE / "report.html.j2").read_text(encoding="utf-8"))
    style = (HERE / "report.css").read_text(encoding="utf-8")
    script = (HERE / "report.js").read_text(encoding="utf-8")
    return template.render(style=style, script=script, marked=MARKED, plots=drawn, **sections(rows, unreadable))
