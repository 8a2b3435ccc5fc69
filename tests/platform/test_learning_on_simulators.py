"""The classifier on every simulator, and trainings that are taken up in the middle while they are recorded."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from simulators import NUMPY, run_with_simulators

from pynn_backprop import BackpropClassifier
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.interfaces import Platform
from pynn_backprop.learning.presentation import Presentation, Record
from pynn_backprop.learning.progress import Progress
from pynn_backprop.learning.training import Trainer
from pynn_backprop.platforms import PyNNPlatform, ReferencePlatform
from pynn_backprop.spikes import check_gated, first_difference
from pynn_backprop.weights import Weights, starting_weights

RANDOM = np.random.default_rng(3)
LABELS = np.arange(60) % 3
VALUES = np.clip(RANDOM.random((3, 12)).round()[LABELS] + RANDOM.normal(0, 0.3, (60, 12)), 0, 1)
UNITS = (12, 6, 3)
NAMES = np.array(["one", "two", "three"])[LABELS]


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast")
def test_the_classifier_learns_and_answers_as_on_the_reference(platform: PyNNPlatform):
    choices = {"hidden": 8, "epochs": 2, "seed": 1}
    expected = BackpropClassifier("reference", **choices).fit(VALUES, NAMES)
    network = BackpropClassifier(platform.name, variant=platform.options.variant, **choices).fit(VALUES, NAMES)
    assert_same(network.weights_, expected.weights_)
    assert network.progress_.right.tolist() == expected.progress_.right.tolist()
    answers, wanted = network.evaluate(VALUES), expected.evaluate(VALUES)
    np.testing.assert_array_equal(answers.outputs, wanted.outputs)
    np.testing.assert_array_equal(answers.potentials, wanted.potentials)
    assert network.scores(VALUES, NAMES) == expected.scores(VALUES, NAMES)
    assert network.predict(VALUES).tolist() == expected.predict(VALUES).tolist()


def taken_up(platform: Platform, circuit: Circuit, record: Record) -> tuple[Weights, Progress]:
    """The last 19 of 30 samples, after the rule has learnt the first 11."""
    values, code = VALUES[:30], circuit.code
    shown = Presentation(seed=2)
    seen: list[int] = []
    weights, progress = Trainer(ReferencePlatform(), circuit, shown).train(
        code.fire(values),
        LABELS[:30],
        starting_weights(circuit, 0),
        stop_at=[11],
        callbacks=[lambda progress: seen.append(progress.shown)],
        interrupted=lambda: seen[-1] == 11,
    )
    assert progress.shown == 11
    trainer = Trainer(platform, circuit, shown, record)
    return trainer.train(code.fire(values), LABELS[:30], weights, progress=progress)


CIRCUITS = {
    "binary": training_circuit(UNITS),
    "graded": training_circuit(UNITS, code=Graded(4)),
    "graded, noise": training_circuit(UNITS, code=Graded(4, "noise", seed=5)),
    "published": training_circuit(UNITS, form="published"),
    "three matrices": training_circuit((12, 9, 6, 3), Parameters(theta=256)),
}


@pytest.mark.parametrize("name", CIRCUITS)
@run_with_simulators("nest:compiled", "nest:compiled, fused", "brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_a_training_that_is_taken_up_goes_on_with_its_levels_and_in_its_own_time(platform, name):
    """After 11 samples the levels of a graded code are those of the twelfth, and so are the recorded steps."""
    circuit = CIRCUITS[name]
    record = Record([p.name for p in circuit.populations if p.name != "start"], 7)
    weights, progress = taken_up(platform, circuit, record)
    expected, wanted = taken_up(ReferencePlatform(), circuit, record)
    assert_same(weights, expected)
    assert progress.right.tolist() == wanted.right.tolist()
    (stretch,), (other,) = progress.stretches, wanted.stretches
    assert stretch.first == other.first == 23
    assert first_difference(stretch.spikes, other.spikes, circuit, (platform.name, "reference")) is None
    length = circuit.schedule.length
    steps = np.concatenate([table[:, 0] for table in stretch.spikes.values()])
    assert 24 * length <= steps.min() < steps.max() < 31 * length
    assert all(len(stretch.spikes[p.name]) for p in circuit.populations if p.role == "data" and p.layer)
    if circuit.schedule.form == "compact":
        check_gated(stretch.spikes, circuit)


@pytest.mark.slow
@run_with_simulators("nest:compiled")
def test_the_example_of_three_matrices_says_what_right_and_wrong_samples_cost(platform: PyNNPlatform):
    script = Path(__file__).resolve().parents[2] / "docs/examples/deep_digits.py"
    done = subprocess.run([sys.executable, script, platform.name], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+ samples without an error: \d+ spikes each", done.stdout)
    assert re.search(r"\d+ samples with an error: \d+ spikes each", done.stdout)
