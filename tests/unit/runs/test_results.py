"""What a run writes in the end, by value; and its records."""

from __future__ import annotations

import dataclasses
import json
import resource
import subprocess
import sys

import numpy as np
import pytest
from small_runs import CIRCUIT, DATA, SIZES, N

from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.samples import load_samples
from pynn_backprop.errors import EqualityError
from pynn_backprop.files import read_npz
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.recording import blocks
from pynn_backprop.reference.rule import Rule
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import METRICS, RASTER, SPIKES, WEIGHTS
from pynn_backprop.runs.memory import peak_memory
from pynn_backprop.runs.opening import start
from pynn_backprop.runs.run import Run
from pynn_backprop.runs.versions import versions
from pynn_backprop.weights import initial_weights


@pytest.fixture
def trained(config, tmp_path) -> Run:
    """Two epochs, of which the outputs of the first and the last three samples are recorded."""
    run = start(dataclasses.replace(config, epochs=2, record=("o",), record_samples=3), tmp_path / "run")
    assert run.train()
    return run


def test_the_accuracy_of_each_epoch_is_the_share_of_right_answers(trained):
    parameters = LearningRule().parameters(Binary())
    fires, rule, shares = DATA["x_train"] > 0.5, Rule(initial_weights(SIZES, 0), parameters), []
    for epoch in range(2):
        order = np.random.default_rng([0, epoch]).permutation(N)
        outputs = rule.train(fires[order], DATA["y_train"][order]).outputs
        answers = np.where(outputs.any(axis=1), outputs.argmax(axis=1), -1)
        shares.append(np.mean(answers == DATA["y_train"][order]))
    metrics = trained.write_results(trained.evaluate())
    assert metrics["training"]["accuracy_by_epoch"] == shares
    assert 0 < shares[0] < shares[1] < 1
    assert json.loads((trained.folder / METRICS).read_text()) == metrics


def test_times_are_per_sample(trained):
    answered = trained.evaluate()
    trained.progress.seconds, trained.progress.build_seconds = 0.3, 0.125
    metrics = trained.write_results(Evaluation(answered.outputs, answered.potentials, seconds=0.06))
    assert metrics["training"]["seconds"] == 0.3
    assert metrics["training"]["ms_per_sample"] == pytest.approx(0.3 * 1000 / 120)
    assert metrics["test"]["ms_per_sample"] == pytest.approx(0.06 * 1000 / 30)
    assert metrics["network"]["build_seconds"] == 0.125


def test_the_recording_is_that_of_the_training(trained):
    metrics = trained.write_results(trained.evaluate())
    segments = blocks.load(trained.folder / SPIKES).segments
    assert [segment.name for segment in segments] == ["samples 0 to 2", "samples 117 to 119"]
    assert metrics["spikes_per_sample"] == {
        name: len(table) / 3 for name, table in blocks.spikes_of(segments[1]).items()
    }
    assert set(metrics["spikes_per_sample"]) == {"o", "r"}
    assert (trained.folder / RASTER).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("stretch", [0, 1])
def test_a_spike_where_there_must_be_silence_is_no_result(trained, stretch):
    """The weights are written all the same; neither recording nor the metrics of the test are."""
    answered = trained.evaluate()
    recorded = trained.progress.stretches[stretch]
    step = (recorded.first + 2) * CIRCUIT.schedule.length + 1
    table = recorded.spikes["o"]
    recorded.spikes["o"] = np.insert(table, np.searchsorted(table[:, 0], step), [step, 2], axis=0)
    with pytest.raises(EqualityError, match=rf"1 spikes of 'o' .* neuron 2 at step {step} \(phase 1\)"):
        trained.write_results(answered)
    assert not {SPIKES, RASTER}.intersection(path.name for path in trained.folder.iterdir())
    assert "test" not in json.loads((trained.folder / METRICS).read_text())
    np.testing.assert_array_equal(read_npz(trained.folder / WEIGHTS)["W1"], trained.weights["W1"])


# --- records


def test_the_fingerprint_changes_with_every_sample_and_label(config):
    samples = load_samples(config.data)
    seen = {samples.fingerprint}
    for name in DATA:
        array = getattr(samples, name).copy()
        array.flat[-1] = 1 - array.flat[-1]
        seen.add(dataclasses.replace(samples, **{name: array}).fingerprint)
    assert len(seen) == 5
    assert load_samples(config.data).fingerprint == samples.fingerprint


def test_versions_name_the_package_and_what_it_stands_on():
    found = versions()
    assert found["numpy"] == np.__version__
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"pynn_backprop", "machine", "PyNN", "neo", "numba", "scikit-learn"} <= set(found)


@pytest.mark.slow
def test_the_peak_memory_grows_with_what_is_held():
    before = peak_memory()
    ballast = np.ones(int(before * 1e6) // 8 + 25_000_000)  # this much and 200 MB more
    assert peak_memory() >= ballast.nbytes / 1e6 > before
    kernel = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    assert peak_memory() == pytest.approx(kernel / 1e6, rel=0.005), "in units of 10^6 bytes"


@pytest.mark.skipif(sys.platform != "linux", reason="on other systems a process does not inherit its parent's peak")
def test_the_peak_memory_is_that_of_the_run_and_not_of_what_started_it(config: RunConfig, tmp_path):
    """A parent of 1 GB starts the command."""
    command = ["-m", "pynn_backprop.cli.main", "train", "reference", "--data", config.data, "--epochs", "1"]
    parent = (
        "import subprocess, sys; ballast = b'1' * 1_000_000_000; "
        "sys.exit(subprocess.run([sys.executable, *sys.argv[1:]]).returncode)"
    )
    full = [sys.executable, "-c", parent, *command, "--out", str(tmp_path / "run")]
    subprocess.run(full, check=True, capture_output=True, timeout=120)
    metrics = json.loads((tmp_path / "run" / METRICS).read_text())
    assert 50 < metrics["peak_memory_MB"] < 900
