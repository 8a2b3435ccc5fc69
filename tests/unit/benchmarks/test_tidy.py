"""Tidy tables: one value in each cell."""

from __future__ import annotations

import csv

from benchmark_rows import made, row

from benchmarks.tidy import tidy, write


def test_every_row_is_a_line_of_runs_and_its_repeats_are_lines_of_times():
    tables = tidy([made("nest", "compiled"), made("brian2", "cython", joule=None)])
    assert [(line["run"], line["platform"], line["network"]) for line in tables["runs"]] == [
        (1, "nest", "4-3-2"),
        (2, "brian2", "4-3-2"),
    ]
    assert len(tables["times"]) == 2 * (3 + 3 + 3 + 3)
    assert tables["times"][4] == {"run": 1, "stage": "train", "repeat": 2, "seconds": 0.08, "samples": 40}


def test_spikes_energies_curves_and_rates_have_a_line_each():
    one = row(validation=5) | {
        "curve": [{"shown": 10, "seconds": None, "right": 0.5}],
        "rates": {"chosen": 0.001, "tried": {"0.001": 0.9, "0.01": 0.4}},
        "energy": [{"kind": "estimated", "of": "training", "by": "m", "joule_per_sample": 2.0, "parts": {"a": 2.0}}],
    }
    tables = tidy([one])
    assert tables["spikes"] == [{"run": 1, "of": "training", "population": "h", "phase": 1, "spikes": 3.5}]
    assert [(line["part"], line["joule_per_sample"]) for line in tables["energies"]] == [("a", 2.0), ("total", 2.0)]
    assert tables["curves"] == [{"run": 1, "shown": 10, "seconds": None, "right": 0.5}]
    assert [(line["rate"], line["right"], line["chosen"]) for line in tables["rates"]] == [
        (0.001, 0.9, True),
        (0.01, 0.4, False),
    ]


def test_no_cell_of_the_files_holds_several_values(tmp_path):
    written = write(tmp_path / "csv", [made("nest", "compiled"), row()])
    assert {path.stem for path in written} == {"runs", "times", "scores", "counts", "spikes", "energies"}
    for path in written:
        with open(path, newline="", encoding="utf-8") as stream:
            for line in csv.DictReader(stream):
                assert not any(value.startswith(("[", "{")) for value in line.values()), (path, line)
