"""SpiNNaker by name: evaluated in the emulation, refused where there is no board, mapped from the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from hardware.spinnaker.host import session
from hardware.spinnaker.host.configuration import configured_board, virtual_environment
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.cli.main import main
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.learning.evaluation import evaluate
from pynn_backprop.platforms import get_platform
from pynn_backprop.weights import initial_weights


@pytest.fixture(autouse=True)
def no_board(monkeypatch, tmp_path):
    """A home without a configuration, and no sPyNNaker."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv(session.INTERPRETER, raising=False)
    monkeypatch.setattr(session, "interpreter", lambda: None)
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)


def test_the_emulation_answers_as_the_rule():
    circuit = inference_circuit((20, 12, 4), probe=True, readout_levels=8)
    weights = initial_weights((20, 12, 4), 0)
    x = np.random.default_rng(0).random((50, 20)) < 0.4
    platform = get_platform("spinnaker", Options(variant="emulation"))
    ours = evaluate(platform, circuit, x, weights)
    theirs = evaluate(get_platform("reference"), circuit, x, weights)
    for answer in ("outputs", "potentials", "readout"):
        np.testing.assert_array_equal(getattr(ours, answer), getattr(theirs, answer))
    assert platform.describe()["what"] == "arithmetic of SpiNNaker's cores, emulated; not a run on a board"


def test_without_a_board_it_is_said_what_is_missing_and_what_can_be_had():
    platform = get_platform("spinnaker")
    with pytest.raises(
        PlatformError, match=r"no SpiNNaker board is configured: .*\.spynnaker\.cfg.*--variant emulation"
    ):
        platform.build(inference_circuit((4, 3)), initial_weights((4, 3), 0))


def test_a_board_needs_spynnaker():
    Path("spynnaker.cfg").write_text("[Machine]\nmachine_name = board.example\nversion = 5\n")
    with pytest.raises(PlatformError, match=r"sPyNNaker is not installed: pip install 'pynn_backprop\[spinnaker\]'"):
        get_platform("spinnaker").build(inference_circuit((4, 3)), initial_weights((4, 3), 0))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Machine]\nmachineName = board.example\nversion = 5\n", True),
        ("[Machine]\nspalloc_server = spalloc.example\n", True),
        ("[Machine]\nmachine_name = None\nversion = 5\n", False),
        ("[Machine]\nmachine_name = board.example\nvirtual_board = True\n", False),
        ("[Reports]\nx = 1\n", False),
    ],
)
def test_a_board_is_what_the_configuration_of_spynnaker_names(text, found):
    path = Path.home() / ".spynnaker.cfg"
    path.write_text(text)
    if found:
        assert configured_board() == path
    else:
        with pytest.raises(PlatformError, match="no SpiNNaker board is configured"):
            configured_board()


def test_a_configuration_that_is_none_is_named():
    Path("spynnaker.cfg").write_text("machine_name = x\n")
    with pytest.raises(PlatformError, match=r"spynnaker\.cfg can't be read as a configuration of sPyNNaker"):
        configured_board()


def test_the_virtual_board_is_the_only_configuration_of_its_process(tmp_path):
    environment = virtual_environment(tmp_path)
    assert environment["HOME"] == str(tmp_path)
    assert not Path(environment["XDG_CONFIG_HOME"]).exists()
    assert environment["PATH"] == os.environ["PATH"]
    assert "virtual_board = True" in (tmp_path / ".spynnaker.cfg").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(threads=2), "threads is 2 but must be 1 on SpiNNaker"),
        (Options(variant="fast"), "variant on spinnaker is 'fast' but must be one of auto, board, emulation"),
        (Options(layout="fused"), "layout on spinnaker is 'fused'"),
    ],
)
def test_choices_that_it_does_not_have_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        get_platform("spinnaker", options)


def test_a_threshold_beyond_a_core_is_refused_before_anything_is_built():
    platform = get_platform("spinnaker", Options(variant="emulation"))
    with pytest.raises(InputError, match="the threshold, in 32768ths is"):
        platform.check_circuit(inference_circuit((4, 3), Parameters(theta=8192)))


# --- commands


def test_training_is_refused_with_the_reason(capsys):
    data = {"x_train": np.eye(4), "y_train": np.arange(4), "x_test": np.eye(4), "y_test": np.arange(4)}
    np.savez("d.npz", **data)
    assert main(["train", "spinnaker", "--data", "d.npz", "--hidden", "3", "--out", "run"]) == 2
    assert "a circuit that learns can't run on SpiNNaker: sPyNNaker has no signed, gated" in capsys.readouterr().err
    assert not Path("run").exists()


def test_map_prints_writes_and_draws(capsys):
    assert main(["map", "spinnaker", "--sizes", "20", "12", "4", "--json", "map.json", "--plot", "map.png"]) == 0
    said, found = capsys.readouterr().out, json.loads(Path("map.json").read_text())
    assert f"{found['totals']['cores']} cores, at least 3 chips of a board of 48" in said
    assert "sPyNNaker's own count: none, since sPyNNaker is not installed: pip install" in said
    assert found["spynnaker"]["reason"].startswith("sPyNNaker is not installed")
    assert len(found["cores"]) == found["totals"]["cores"]
    assert Path("map.png").stat().st_size > 10_000


def test_map_takes_inference_circuits_and_a_number_of_neurons(capsys):
    assert main(["map", "spinnaker", "--sizes", "20", "12", "4", "--inference", "--per-core", "8"]) == 0
    assert "0 of them" not in capsys.readouterr().out
    assert main(["map", "spinnaker", "--sizes", "20", "4", "--per-core", "257"]) == 2
    assert "neurons_per_core is 257" in capsys.readouterr().err


def test_the_command_says_that_there_is_such_a_machine(capsys):
    assert main(["map", "spinaker"]) == 2
    assert "reference, spinnaker (did you mean 'spinnaker'?)" in capsys.readouterr().err


def test_evaluate_computes_in_the_arithmetic_or_says_what_is_missing(capsys):
    generator = np.random.default_rng(0)
    data = {"x_train": np.eye(4), "y_train": np.arange(4), "x_test": np.eye(4), "y_test": np.arange(4)}
    np.savez("d.npz", **data)
    np.savez("w.npz", W1=generator.integers(-120, 121, (4, 3)), W2=generator.integers(-120, 121, (3, 4)))
    scores = []
    for platform in (["reference"], ["spinnaker", "--variant", "emulation"]):
        asked = ["evaluate", *platform, "--data", "d.npz", "--weights", "w.npz", "--out", "scores.json"]
        assert main(asked) == 0
        scores.append(json.loads(Path("scores.json").read_text()))
    del scores[0]["platform"]
    assert scores[1].pop("platform")["variant"] == "emulation"
    assert scores[0] == scores[1]
    capsys.readouterr()
    assert main(["evaluate", "spinnaker", "--data", "d.npz", "--weights", "w.npz"]) != 0
    assert "no SpiNNaker board is configured" in capsys.readouterr().err
