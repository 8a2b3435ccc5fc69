"""One network on many processes of NEST: the spikes and weights of the rule and of one process.

``make test-all`` runs these where there is an ``mpirun``, and builds NEST with MPI first (``make nest-mpi``).
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from mpi import ROOT, Done, built_python, mpirun, skip_without_mpirun

from pynn_backprop.data.samples import load_samples
from pynn_backprop.errors import PynnBackpropError
from pynn_backprop.recording import blocks as recording
from pynn_backprop.runs.folder import METRICS, SPIKES
from pynn_backprop.weights import load_weights

skip_without_mpirun()
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


@pytest.fixture(scope="session")
def python() -> str:
    return str(built_python())


def answer(done: Done) -> dict:
    assert done.status == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("variant", ["compiled", "dopamine"])
@pytest.mark.parametrize(("n", "threads"), [(1, 1), (2, 1), (4, 1), (2, 2)])
def test_spikes_and_weights_are_those_of_the_rule(python, tmp_path, n, threads, variant):
    """Of two and three matrices, in both forms."""
    command = ("-m", "scenarios.many_processes", "equal", variant, str(threads))
    assert answer(mpirun(tmp_path, n, python, *command, seconds=1200)) == {"processes": n, "found": 3}


@pytest.mark.parametrize("n", [1, 2, 4])
def test_pynn_gathers_what_was_recorded_on_the_first_process(python, tmp_path, n):
    found = answer(mpirun(tmp_path, n, python, "-m", "scenarios.many_processes", "handles", "compiled", "1"))
    assert set(found["found"]) == {"x", "h", "o", "r"}
    assert all(found["found"].values())


IMAGES = [("compiled", "400", 2000), ("compiled", "60-30", 2000), ("dopamine", "400", 100)]


@pytest.mark.parametrize(("variant", "hidden", "samples"), IMAGES)
def test_images_are_learnt_to_the_same_weights_by_any_number_of_processes(python, tmp_path, variant, hidden, samples):
    try:
        load_samples("mnist", 20, samples=1, test_samples=1)
    except PynnBackpropError as error:
        pytest.skip(str(error))
    command = ("-m", "scenarios.many_processes", "images", variant, "1", str(samples), hidden)
    sums = {n: answer(mpirun(tmp_path, n, python, *command, seconds=1800))["found"] for n in (1, 2, 4)}
    assert len(set(sums.values())) == 1, sums


TRAIN = (
    *("train", "nest", "--hidden", "40", "--samples", "300", "--test-samples", "60", "--epochs", "2"),
    *("--checkpoint-every", "100", "--record", "h", "o", "--record-samples", "15", "--check"),
)


def weights_of(folder: Path) -> dict[str, np.ndarray]:
    return dict(load_weights(folder / "weights.npz"))


def test_the_command_writes_what_one_process_writes_and_says_it_once(python, tmp_path):
    command = (python, "-m", "pynn_backprop", *TRAIN, "--out")
    alone, many = (mpirun(tmp_path, n, *command, f"run{n}") for n in (1, 2))
    assert alone.status == many.status == 0, alone.stderr + many.stderr
    one, two = tmp_path / "run1", tmp_path / "run2"
    assert sorted(path.name for path in one.iterdir()) == sorted(path.name for path in two.iterdir())
    for name, matrix in weights_of(one).items():
        np.testing.assert_array_equal(matrix, weights_of(two)[name])
    assert many.stdout.count("accuracy") == alone.stdout.count("accuracy")
    found = [json.loads((folder / METRICS).read_text()) for folder in (one, two)]
    assert found[0]["test"]["by_spikes"] == found[1]["test"]["by_spikes"]
    assert found[0]["spikes_per_sample"] == found[1]["spikes_per_sample"]
    assert found[1]["platform"]["processes"] == "2"
    spikes = [[recording.spikes_of(s) for s in recording.load(folder / SPIKES).segments] for folder in (one, two)]
    for ours, theirs in zip(*spikes, strict=True):
        assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
    ask = (python, "-m", "pynn_backprop", "evaluate", "nest", "--weights", "run1", "--out")
    scores = [mpirun(tmp_path, n, *ask, f"{n}.json") for n in (1, 3)]
    assert [done.status for done in scores] == [0, 0], scores[1].stderr
    (first, second) = (json.loads((tmp_path / f"{n}.json").read_text()) for n in (1, 3))
    assert first["by_spikes"] == second["by_spikes"]


def test_the_script_of_the_issue_prints_once_and_the_same(python, tmp_path):
    script = str(ROOT / "docs/examples/learn_digits.py")
    one, four = (mpirun(tmp_path, n, python, script, "nest", "--plot-figure", seconds=900) for n in (1, 4))
    assert one.status == four.status == 0, one.stderr + four.stderr
    assert one.stdout == four.stdout
    assert one.stdout.count("Score(") == 1


def test_the_deep_example_runs_on_many_too(python, tmp_path):
    script = str(ROOT / "docs/examples/deep_digits.py")
    one, two = (mpirun(tmp_path, n, python, script, "nest", seconds=900) for n in (1, 2))
    assert one.status == two.status == 0, one.stderr + two.stderr
    assert one.stdout == two.stdout


@pytest.mark.parametrize("simulator", ["brian2", "lava", "reference", "spinnaker"])
def test_what_runs_in_one_process_is_refused_once(tmp_path, simulator):
    if simulator in ("reference", "spinnaker"):
        command = ("-m", "pynn_backprop", "train", simulator, "--out", "run")
    else:
        command = (str(ROOT / "docs/examples/learn_digits.py"), simulator)
    done = mpirun(tmp_path, 2, sys.executable, *command, seconds=120)
    assert done.status != 0
    assert done.stderr.count("runs in one process, but this is one of 2") == 1, done.stderr
    assert not list(tmp_path.glob("run*"))


@pytest.mark.parametrize(
    "command",
    [("-m", "pynn_backprop", "train", "nest", "--out", "run"), (str(ROOT / "docs/examples/learn_digits.py"), "nest")],
    ids=["the command", "a script"],
)
def test_a_nest_without_mpi_is_refused_once(tmp_path, command):
    """As in an environment with the wheel of NEST."""
    if os.path.realpath(sys.prefix) == os.path.realpath(ROOT / ".venv-mpi"):
        pytest.skip("this Python has the NEST with MPI")
    done = mpirun(tmp_path, 2, sys.executable, *command, seconds=120)
    assert done.status != 0
    assert done.stderr.count("one of 2 processes that mpirun") == 1, done.stderr
    assert done.stderr.count("make nest-mpi") == 1
    assert not list(tmp_path.glob("run*"))
