"""All that a report says, as data: the first answers, and tables by what they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..row_files import Unreadable
from ..rows import OK
from .glance import glances
from .groups import Group, by_case, groups_of
from .summary import Line, lines_of
from .tables.counted import neurobench_table, spikes_tables
from .tables.energies import against_published_table, estimates_table, metered_table, models_tables, published_table
from .tables.growth import growth_tables
from .tables.learning import followed_table, target_table
from .tables.results import failures_table, results_table, unreadable_table
from .tables.runs import machines_table, runs_table
from .tables.table import Table


def sections(rows: Sequence[Mapping[str, Any]], unreadable: Sequence[Unreadable] = ()) -> dict[str, Any]:
    """What a report shows of rows.

    Parameters
    ----------
    rows : Sequence[dict-like]
        Rows of results.
    unreadable : Sequence[Unreadable]
        Lines of the file that are no rows.

    Returns
    -------
    dict
        ``glances``: the first answers (:class:`~benchmarks.report.glance.Glance`); ``newest``: when the last row was
        begun; ``total`` and ``failed``: rows, and those without a result; ``published``: a table of what others
        published; and lists of tables: ``results``, ``learning``, ``scale``, ``energy``, ``counts``, ``models`` and
        ``runs``.
    """
    lines = lines_of(rows)
    groups = groups_of(lines)
    cases = by_case(groups)
    results = [results_table(group) for group in groups if not group.first["until"]]
    return {
        "newest": max(row["started"] for row in rows)[:16].replace("T", " "),
        "glances": glances(groups),
        "failed": sum(row["status"] != OK for row in rows),
        "total": len(rows),
        "results": _there([*results, failures_table(rows), unreadable_table(unreadable)]),
        "learning": _there([*map(target_table, groups), followed_table(groups)]),
        "scale": [table for case, group in cases.items() for table in growth_tables(case, _all(group))],
        "energy": _there(
            [
                metered_table(_all(groups)),
                *(estimates_table(case, _all(group)) for case, group in cases.items()),
                against_published_table(rows),
            ]
        ),
        "published": published_table(),
        "counts": _there(
            [
                neurobench_table(_all(groups)),
                *(table for case, group in cases.items() for table in spikes_tables(case, _all(group))),
            ]
        ),
        "models": models_tables(),
        "runs": [machines_table(rows), runs_table(rows)],
    }


def tables_of(found: Mapping[str, Any]) -> list[Table]:
    """The tables of results, learning, growth and energy among :func:`sections`: those that go into papers."""
    return [table for part in ("results", "learning", "scale", "energy") for table in found[part]]


def _all(groups: Iterable[Group]) -> list[Line]:
    """The lines of groups."""
    return [line for group in groups for line in group.lines]


def _there(tables: Iterable[Table | None]) -> list[Table]:
    return [table for table in tables if table is not None]
