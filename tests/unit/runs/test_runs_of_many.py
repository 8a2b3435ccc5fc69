"""A run that many processes do together, with threads in their place: the first one writes, and all know all."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from scenarios.processes import together
from small_runs import TOTAL, assert_same_end, contents

from pynn_backprop.errors import InputError
from pynn_backprop.files import read_json
from pynn_backprop.processes import Alone
from pynn_backprop.runs import opening
from pynn_backprop.runs import run as run_module
from pynn_backprop.runs.folder import CONFIG
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.runs.place import Guest


@pytest.fixture
def as_many(monkeypatch):
    """Does a work in so many threads, each of which takes itself for a process."""
    mine = threading.local()
    for module in (opening, run_module):
        monkeypatch.setattr(module, "world", lambda: getattr(mine, "processes", Alone()))

    def do(size, work):
        def as_one(processes):
            mine.processes = processes
            return work(processes)

        outcomes = together(size, as_one)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        return outcomes

    return do


def trained(run):
    with run:
        assert run.train(check=True)
        return run, run.write_results(run.evaluate())


def test_the_first_one_writes_what_one_alone_would(config, whole, tmp_path, as_many):
    folder = tmp_path / "run"
    runs = as_many(2, lambda processes: trained(start(config, folder)))
    assert [run.writes for run, _ in runs] == [True, False]
    assert [isinstance(run.place, Guest) for run, _ in runs] == [False, True]
    assert {run.folder for run, _ in runs} == {folder}
    for run, metrics in runs:
        assert_same_end(run, whole.run)
        assert metrics["test"]["samples"] == runs[0][1]["test"]["samples"]
    alone, _ = trained(start(config, tmp_path / "alone"))
    assert set(contents(folder)) == set(contents(alone.folder))
    assert contents(folder)["weights.npz"] == contents(alone.folder)["weights.npz"]


def test_it_is_taken_up_by_another_number_of_processes(config, whole, tmp_path, as_many):
    folder = tmp_path / "run"

    def stopped(processes):
        """By the last process, which alone was told to."""
        run = start(config, folder)
        told = processes.rank == processes.size - 1
        assert not run.train(interrupted=lambda: told and run.progress.shown >= 50)
        return run.progress.shown

    assert as_many(3, stopped) == [50, 50, 50]
    for run, _ in as_many(2, lambda processes: trained(resume(folder))):
        assert run.progress.shown == TOTAL
        assert_same_end(run, whole.run)


def test_a_folder_without_a_name_is_the_same_for_all(config, tmp_path, as_many):
    (tmp_path / "run").mkdir()

    def begun(processes):
        with start(config, tmp_path / "run", fresh=True) as run:
            return run.folder

    assert as_many(3, begun) == [tmp_path / "run-2"] * 3
    assert read_json(tmp_path / "run-2" / CONFIG)["data"] == config.data


def test_a_replacement_takes_its_place_for_all(config, tmp_path, as_many):
    small = dataclasses.replace(config, epochs=1, record=())
    first, _ = trained(start(small, tmp_path / "run"))
    before = contents(first.folder)["weights.npz"]
    other = dataclasses.replace(small, seed=3)
    runs = as_many(2, lambda processes: trained(start(other, tmp_path / "run", overwrite=True)))
    assert {run.place.files for run, _ in runs} == {tmp_path / "run"}
    assert contents(first.folder)["weights.npz"] != before


def test_what_the_first_one_is_refused_all_are(config, tmp_path, as_many):
    with pytest.raises(InputError, match="holds no run to resume"):
        as_many(2, lambda processes: resume(tmp_path / "none"))

    held = start(config, tmp_path / "held")
    refused = []

    def begin(processes):
        try:
            resume(held.folder)
        except InputError as error:
            refused.append(str(error))

    as_many(3, begin)
    held.close()
    assert len(refused) == 3
    assert all("is in use by" in reason for reason in refused)


def test_all_must_see_the_same_data(config, tmp_path, as_many):
    x = np.load(config.data)
    np.savez(tmp_path / "other.npz", **{**x, "y_train": np.roll(x["y_train"], 1)})

    def begin(processes):
        mine = config if processes.rank == 0 else dataclasses.replace(config, data=str(tmp_path / "other.npz"))
        return start(mine, tmp_path / "run")

    with pytest.raises(InputError, match="process 1 of 2 does not do the run of the first one"):
        as_many(2, begin)
    assert not (tmp_path / "run").exists()
