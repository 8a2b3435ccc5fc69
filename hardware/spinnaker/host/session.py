"""Runs sPyNNaker in a process of its own: it keeps state in its modules, and its configuration lies in the home."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pynn_backprop.errors import PlatformError
from pynn_backprop.files import write_json
from pynn_backprop.spikes import Spikes

from ..translation.description import Cells, Description
from .configuration import NAME, configured_board, virtual_environment

VERSION = "1!7.4.1"
"""The version against whose binaries the arithmetic is judged; others may round otherwise."""

REMEDY = (
    "pip install 'pynn_backprop[spinnaker]', or let PYNN_BACKPROP_SPYNNAKER name a Python that has "
    f"spynnaker=={VERSION}"
)

INTERPRETER = "PYNN_BACKPROP_SPYNNAKER"
"""A variable of the environment: the Python that has sPyNNaker, if it is not the one that runs."""

CELL = ("v_rest", "v_reset", "v_thresh", "tau_m", "cm", "tau_refrac", "i_offset")

LAST_LINES = 12
"""Of what the process wrote, for the message of an error."""


@dataclass(frozen=True)
class Answer:
    """What the process found.

    Parameters
    ----------
    facts
        Version, seconds, cores, chips and shifts; see :mod:`.child`.
    arrays
        Spikes, potentials and weights, as they were asked for.
    """

    facts: dict[str, Any]
    arrays: dict[str, np.ndarray]


def interpreter() -> str | None:
    """The Python that has sPyNNaker, or None."""
    named = os.environ.get(INTERPRETER)
    if named:
        return named
    return sys.executable if importlib.util.find_spec("spynnaker") else None


def require_interpreter() -> str:
    """The same.

    Raises
    ------
    PlatformError
        If sPyNNaker is not installed; says how to get it.
    """
    found = interpreter()
    if found is None:
        raise PlatformError(f"sPyNNaker is not installed: {REMEDY}")
    return found


def ask(
    description: Description,
    spikes: Spikes,
    steps: int,
    *,
    executes: bool = False,
    watched: str | None = None,
    neurons_per_core: int | None = None,
    time_scale_factor: int = 1,
    read_weights: bool = False,
    timeout: float | None = None,
) -> Answer:
    """Build a network with sPyNNaker and run it: on a virtual board, which only places it, or on a board.

    Parameters
    ----------
    description
        The network.
    spikes
        Of the sources: rows of step and neuron, by label.
    steps
        How many.
    executes
        Whether on the board that is configured, with all spikes recorded.
    watched
        A population whose potentials are recorded.
    neurons_per_core
        No core gets more.
    time_scale_factor
        How many times longer than the timestep a step lasts.
    read_weights
        Whether weights and delays are read back as they are stored.
    timeout
        In s.

    Returns
    -------
    Answer

    Raises
    ------
    PlatformError
        If sPyNNaker is not installed, no board is configured, or the process fails; with the end of what it wrote.
    """
    python = require_interpreter()
    board = configured_board() if executes else None
    with tempfile.TemporaryDirectory(prefix="pynn-backprop-spynnaker-") as name:
        folder = Path(name)
        _write(folder, description, spikes, steps, executes, watched, neurons_per_core, time_scale_factor, read_weights)
        environment = dict(os.environ) if executes else virtual_environment(folder)
        if board is not None and board.name == NAME:  # the one that lies where the user is
            shutil.copy(board, folder / NAME)
        command = [python, str(Path(__file__).with_name("child.py")), name]
        _run(command, folder, environment, timeout)
        with np.load(folder / "result.npz", allow_pickle=False) as arrays:
            return Answer(
                json.loads((folder / "result.json").read_text(encoding="utf-8")),
                {key: arrays[key] for key in arrays.files},
            )


def _run(command: list[str], folder: Path, environment: dict[str, str], timeout: float | None) -> None:
    """Start the process and wait; it ends with us."""
    log = folder / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            status = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise PlatformError(f"sPyNNaker has not ended within {timeout:g} s{_end_of(log)}") from None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if status or not (folder / "result.json").is_file():
        raise PlatformError(f"sPyNNaker ended with status {status}{_end_of(log)}")


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    return "".join(f"\n  {line}" for line in lines)


def _write(
    folder: Path,
    description: Description,
    spikes: Spikes,
    steps: int,
    executes: bool,
    watched: str | None,
    neurons_per_core: int | None,
    time_scale_factor: int,
    read_weights: bool,
) -> None:
    arrays: dict[str, np.ndarray] = {}
    populations: list[dict[str, Any]] = []
    for place, population in enumerate(description.populations):
        cell = None
        if isinstance(population, Cells):
            cell = {name: float(getattr(population, name)) for name in CELL}
        else:
            times = spikes.get(population.label, np.zeros((0, 2)))
            arrays[f"times {place}"] = times * np.array([description.timestep, 1])
        populations.append(
            {
                "label": population.label,
                "size": population.size,
                "cell": cell,
                "summed_weight": getattr(population, "summed_weight", None),
                "neurons_per_core": neurons_per_core,
            }
        )
    projections = []
    for place, projection in enumerate(description.projections):
        columns = projection.sources, projection.targets, projection.weight, projection.delay
        arrays[f"rows {place}"] = np.column_stack(columns).astype(float)
        ends = {"pre": projection.pre, "post": projection.post}
        projections.append({"label": projection.label, "receptor": projection.receptor, **ends})
    computing = [population.label for population in description.populations if isinstance(population, Cells)]
    np.savez(folder / "network.npz", **arrays)
    write_json(
        folder / "request.json",
        {
            "timestep": description.timestep,
            "time_scale_factor": time_scale_factor,
            "duration": steps * description.timestep,
            "populations": populations,
            "projections": projections,
            "record": computing if executes else [],
            "watch": [watched] if watched is not None else [],
            "executes": executes,
            "read_weights": read_weights,
        },
    )
