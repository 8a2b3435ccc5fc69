"""The way to a board and back, with a stand-in for sPyNNaker in its process: what is asked, and what is answered."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from stand_in_board import write_stand_in

from hardware.spinnaker.host import session
from hardware.spinnaker.host.configuration import NAME
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.platforms import get_platform
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import first_difference
from pynn_backprop.weights import initial_weights


@pytest.fixture(autouse=True)
def board(monkeypatch, tmp_path):
    """A configuration that names one, and a process that finds the stand-in."""
    monkeypatch.chdir(tmp_path)
    Path(NAME).write_text("[Machine]\nmachine_name = board.example\nversion = 5\n")
    write_stand_in(tmp_path / "packages")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    monkeypatch.setenv(session.INTERPRETER, sys.executable)


def test_answers_and_spikes_come_back_in_circuit_time():
    circuit = inference_circuit((12, 8, 4), probe=True, readout_levels=2)
    weights = initial_weights((12, 8, 4), 0)
    names = [population.name for population in circuit.populations]
    running, steps = get_platform("spinnaker").build(circuit, weights, names), StepSimulator(circuit, weights, names)
    x = np.random.default_rng(0).random((6, 12)) < 0.5
    ours, theirs = running.infer(x), steps.infer(x)
    for answer in ("outputs", "potentials", "readout"):
        np.testing.assert_array_equal(getattr(ours, answer), getattr(theirs, answer))
    found = running.take_spikes()
    assert first_difference(found, steps.take_spikes(), circuit) is None
    assert len(found["h"])
    assert running.weights().keys() == weights.keys()


def test_what_goes_wrong_there_is_said_and_nothing_is_left(tmp_path, monkeypatch):
    (tmp_path / "packages/spynnaker/pyNN/__init__.py").write_text("raise RuntimeError('the board is on fire')\n")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = sorted(path.name for path in tmp_path.iterdir())
    running = get_platform("spinnaker").build(inference_circuit((4, 3)), initial_weights((4, 3), 0))
    with pytest.raises(PlatformError, match=r"sPyNNaker ended with status 1\n[\s\S]*the board is on fire"):
        running.infer(np.ones((1, 4), bool))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
