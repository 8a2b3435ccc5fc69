"""What a launcher says of the processes that it started, and what is refused to be many of."""

from __future__ import annotations

import sys
import warnings

import pytest
from scenarios.stand_in import stand_in

from pynn_backprop.cli.main import main
from pynn_backprop.errors import PlatformError
from pynn_backprop.platforms import get_platform
from pynn_backprop.processes import Launched, launched, launcher, refuse_many, without_launcher
from pynn_backprop.processes.launcher import SAID
from pynn_backprop.simulation.backends import nest, nest_build
from pynn_backprop.simulation.backends.registry import load_simulator, machines, simulators

TWO = {"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"}


@pytest.fixture
def second_of_two(monkeypatch):
    monkeypatch.setattr(launcher, "PATIENCE", 0.0)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name, value in TWO.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize(("rank", "size"), SAID)
def test_every_launcher_is_understood(rank, size):
    assert launched({rank: "2", size: "4"}) == Launched(2, 4)
    assert not launched({rank: "2", size: "4"}).is_first
    assert launched({rank: "0", size: "4"}).is_first


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"OMPI_COMM_WORLD_SIZE": "2"},
        {"OMPI_COMM_WORLD_RANK": "x", "OMPI_COMM_WORLD_SIZE": "2"},
        {"PMI_RANK": "2", "PMI_SIZE": "2"},
        # Slurm's array of independent programs.
        {"SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "4"},
    ],
)
def test_without_a_launcher_it_is_the_only_process(environment):
    assert launched(environment) == Launched(0, 1)


def test_a_program_of_its_own_does_not_take_itself_for_one_of_many():
    environment = {**TWO, "PMIX_RANK": "1", "PMI_FD": "3", "PATH": "/bin", "SLURM_JOB_ID": "7"}
    assert without_launcher(environment) == {"PATH": "/bin", "SLURM_JOB_ID": "7"}


@pytest.mark.parametrize("name", sorted({"reference", *simulators(), *machines()} - {"nest"}))
def test_what_runs_in_one_process_is_refused_to_many_before_it_is_imported(name, second_of_two):
    with pytest.raises(PlatformError, match=f"{name}.* runs in one process, but this is one of 2 .*docs/scaling.md"):
        get_platform(name)


def test_a_module_that_was_imported_is_refused_too(request):
    assert stand_in().name == "stand-in"
    request.getfixturevalue("second_of_two")
    with pytest.raises(PlatformError, match="'stand-in' runs in one process"):
        stand_in()


def test_a_nest_without_mpi_is_refused_before_it_ends_the_process(second_of_two, monkeypatch, tmp_path):
    """It leaves by itself, with a message of its own from each process."""
    folder = tmp_path / "nest/include/nest"
    folder.mkdir(parents=True)
    (tmp_path / "nest/__init__.py").touch()
    (folder / "nest_extension_interface.h").touch()
    (folder / "config.h").write_text("/* #undef HAVE_MPI */\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nest", raising=False)
    with pytest.raises(PlatformError, match=r"one of 2 processes .* this NEST was built without MPI; `make nest-mpi`"):
        nest.BACKEND.import_simulator()
    assert "nest" not in sys.modules
    (folder / "config.h").write_text("#define HAVE_MPI 1\n")
    assert not nest_build.lacks_mpi()


def test_one_process_is_refused_nothing(monkeypatch):
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", "0")
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "1")
    refuse_many("anything")
    assert get_platform("reference").name == "reference"


def test_an_unknown_simulator_is_still_called_unknown(second_of_two):
    with pytest.raises(ValueError, match="nonsense"):
        load_simulator("nonsense")


@pytest.mark.parametrize(
    ("arguments", "status", "first"),
    [
        (["compare", "reference", "reference:steps"], 2, "'compare' runs in one process, but this is one of 2"),
        (["train", "nonsense"], 2, "error"),
        (["train", "--nonsense"], 2, "unrecognized arguments"),
        (["--version"], 0, ""),
    ],
    ids=["a command for one", "a wrong simulator", "a wrong argument", "a version"],
)
def test_many_processes_say_once_what_all_find_wrong(arguments, status, first, second_of_two, monkeypatch, capsys):
    """No launcher ends the second one here when the first has spoken: it speaks as well, where it may have reasons."""
    said = []
    for rank in ("0", "1"):
        monkeypatch.setenv("OMPI_COMM_WORLD_RANK", rank)
        with warnings.catch_warnings():
            try:
                ended = main(arguments)
            except SystemExit as left:
                ended = left.code
        assert ended == status
        said.append(capsys.readouterr())
    assert first in said[0].err
    assert not said[1].out
    assert bool(said[0].out) == (arguments == ["--version"])
    if "--nonsense" in arguments:
        assert not said[1].err
