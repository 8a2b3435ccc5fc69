"""The report as one HTML file: it needs no network, no script and no other file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from pynn_backprop.errors import InputError
from pynn_backprop.files import written_whole

from ..measure.energy import TRAINING
from ..measure.meters import MEASURED
from ..rows import OK
from . import content
from .plot_files import inline_svg, write_plots
from .plots import Plot, all_plots
from .summary import Line, by_case, lines_of, main_size, same_counts, significant

REPORT = "report.html"
PLOTS = "plots"


def write_report(rows: Iterable[Mapping[str, Any]], folder: str | Path) -> list[Path]:
    """Write ``report.html``, and the plots as PNG and SVG into ``plots``.

    Parameters
    ----------
    rows
        Rows of results, at least one.
    folder
        Where to; it must exist.

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
    plots = all_plots(lines_of(rows))
    (folder / PLOTS).mkdir(exist_ok=True)
    written = write_plots(plots, folder / PLOTS)
    page = render(rows, plots)
    with written_whole(folder / REPORT) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return [folder / REPORT, *written]


def render(rows: Sequence[Mapping[str, Any]], plots: Iterable[Plot]) -> str:
    """The page.

    Parameters
    ----------
    rows
        Rows of results.
    plots
        What stands in it as SVG.
    """
    drawn: dict[str, list[tuple[Plot, str]]] = {}
    for plot in plots:
        drawn.setdefault(plot.case, []).append((plot, inline_svg(plot)))
    here = resources.files(__package__)
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    template = environment.from_string((here / "report.html.j2").read_text(encoding="utf-8"))
    style = (here / "report.css").read_text(encoding="utf-8")
    return template.render(style=style, marked=content.MARKED, plots=drawn, **_sections(rows))


def _sections(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    lines = lines_of(rows)
    cases = by_case(lines)
    estimates = [content.estimates_table(case, group) for case, group in cases.items()]
    energy = [content.metered_table(lines), *estimates, content.against_published_table(rows)]
    return {
        "newest": max(row["started"] for row in rows)[:16].replace("T", " "),
        "findings": [*(_finding(case, group) for case, group in cases.items()), _energy_finding(lines)],
        "failed": sum(row["status"] != OK for row in rows),
        "total": len(rows),
        "results": _there([*(content.results_table(*item) for item in cases.items()), content.failures_table(rows)]),
        "energy": _there(energy),
        "published": content.published_table(),
        "counts": _there(
            [content.neurobench_table(lines), *(t for item in cases.items() for t in content.spikes_tables(*item))]
        ),
        "models": content.models_tables(),
        "runs": [content.machines_table(rows), content.runs_table(rows)],
    }


def _there(tables: Iterable[content.Table | None]) -> list[content.Table]:
    return [table for table in tables if table is not None]


def _finding(case: str, lines: Sequence[Line]) -> str:
    """What a reader wants to know first of a case."""
    lines = main_size(lines)
    right = [line.accuracy.median for line in lines if line.accuracy]
    parts = [f"{case}, {lines[0].sizes}: {len(lines)} {'platform' if len(lines) == 1 else 'platforms'}"]
    if right:
        low, high = f"{min(right):.1%}", f"{max(right):.1%}"
        parts.append(f"{low} right" if low == high else f"{low} to {high} right")
    timed = [(time.median, line) for line in lines if (time := line.ms_per_sample(TRAINING))]
    if timed:
        ms, fastest = min(timed, key=lambda pair: pair[0])
        parts.append(f"fastest {fastest.name} with {significant(ms)} ms a training sample")
    groups = same_counts(lines, TRAINING)
    together = [", ".join(line.name for line in group) for group in groups if len(group) > 1]
    if together:
        parts.append(f"the same spikes on {'; on '.join(together)}")
    return ", ".join(parts) + "."


def _energy_finding(lines: Sequence[Line]) -> str:
    """By what the energies are known."""
    metered = [energy for line in lines for energy in line.energies if not energy.model]
    meters = sorted({energy.by for energy in metered if energy.kind == MEASURED})
    declared = sorted({energy.by for energy in metered if energy.kind != MEASURED})
    if meters:
        return f"Energy of the runs was measured by {', '.join(meters)}; that of chips is estimated by models."
    if declared:
        words = ", ".join(declared)
        return f"No energy was measured here. That of the runs is estimated as {words}; that of chips by models."
    return "No energy was measured here: there was no meter. What energies there are, are estimated by models."
