"""What processes exchange, and that all of them go one way; with threads and stand-ins in place of MPI."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scenarios.processes import MPI, together

from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.processes import Alone, agreed, end_all, end_together, first_alone, launcher, world
from pynn_backprop.simulation.gathering import all_columns, all_spikes


@pytest.fixture
def mpi(monkeypatch):
    """mpi4py, of the second of three processes; what it does to the interpreter is undone."""
    stand_in = MPI(1, 3)
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", stand_in)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(launcher, "PATIENCE", 0.0)
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", "1")
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "3")
    return stand_in


# --- the world


def test_without_a_launcher_there_is_one_process():
    assert world() == Alone()
    assert world().gather("part") == ["part"]


def test_mpi_knows_the_others(mpi):
    processes = world()
    assert (processes.rank, processes.size) == (1, 3)
    assert processes.gather("part") == ["part"] * 3


def test_processes_that_can_not_find_one_another_are_refused(mpi, monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", MPI(0, 1))
    with pytest.raises(PlatformError, match=r"one of 3 processes .* mpi4py knows of 1.*make nest-mpi"):
        world()
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", None)
    with pytest.raises(PlatformError, match=r"one of 3 processes .* mpi4py can't be imported.*make nest-mpi"):
        world()


# --- ending together


def test_an_exception_that_nobody_catches_ends_all(mpi, capsys):
    world()
    world()
    sys.excepthook(ValueError, ValueError("wrong"), None)
    assert mpi.COMM_WORLD.aborted == [1]
    assert capsys.readouterr().err.splitlines() == [
        "process 1 of 3 has failed, and ends all:",
        "ValueError: wrong",
    ]
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert mpi.COMM_WORLD.aborted == [1, 130]


def test_where_mpi_is_not_at_work_an_exception_ends_one_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    end_together()
    end_all(3)
    sys.excepthook(ValueError, ValueError("wrong"), None)
    assert capsys.readouterr().err == "ValueError: wrong\n"


# --- going one way


def test_the_first_works_alone_and_all_get_what_it_found():
    worked = []

    def work(processes):
        return first_alone(processes, lambda: worked.append(processes.rank) or "found")

    assert together(3, work) == ["found"] * 3
    assert worked == [0]


class Unsendable(Exception):
    def __reduce__(self):
        raise TypeError("it holds an open file")


class Unreadable(Exception):
    def __reduce__(self):
        return int, ("no number",)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (InputError("no such data"), InputError),
        (Unsendable("no pickle"), PlatformError),
        (Unreadable("half a pickle"), PlatformError),
    ],
)
def test_what_the_first_raises_is_raised_by_all(error, kind):
    def fail():
        raise error

    outcomes = together(2, lambda processes: first_alone(processes, fail))
    assert [type(outcome) for outcome in outcomes] == [kind, kind]
    assert [str(outcome) for outcome in outcomes] == [str(error)] * 2


def test_alone_an_exception_is_what_it_was():
    def fail():
        raise Unsendable("no pickle")

    with pytest.raises(Unsendable):
        first_alone(Alone(), fail)


def test_one_that_wants_to_stop_stops_all():
    asked = together(3, lambda processes: agreed(processes, lambda: processes.rank == 2)())
    assert asked == [True] * 3
    assert together(2, lambda processes: agreed(processes, lambda: False)()) == [False] * 2
    assert agreed(Alone(), lambda: True)()


# --- what each has a part of


@pytest.mark.parametrize("size", [1, 2, 3])
def test_all_get_the_spikes_of_all(size):
    times = np.arange(7.0)

    def work(processes):
        ours = np.arange(7) % processes.size == processes.rank
        return all_spikes(processes, times[ours], np.flatnonzero(ours))

    for found_times, neurons in together(size, work):
        order = np.argsort(neurons)
        np.testing.assert_array_equal(neurons[order], np.arange(7))
        np.testing.assert_array_equal(found_times[order], times)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_all_get_the_columns_of_all(size):
    """The second process of four has none; what no process has stays nan."""
    whole = np.arange(12.0).reshape(4, 3)
    whole[1, 2] = np.nan
    whole = np.column_stack((whole, np.full(4, np.nan)))
    owner = np.array([0, 2, 3, 0]) % size

    def work(processes):
        return all_columns(processes, np.where(owner == processes.rank, whole, np.nan))

    for found in together(size, work):
        np.testing.assert_array_equal(found, whole)
