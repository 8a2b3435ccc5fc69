"""What does not fit is refused before anything is built, with a message that says what was wrong."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from spied_platform import ASKING, CIRCUIT, LABELS, SMALL, WEIGHTS, N, SpiedPlatform, X, trained

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import evaluate
from pynn_backprop.learning.presentation import Record
from pynn_backprop.learning.training import Trainer
from pynn_backprop.weights import Weights


def refused(message: str, x: Any = X, labels: Any = LABELS, weights: Weights = WEIGHTS, train: bool = True) -> None:
    platform = SpiedPlatform()

    def run() -> None:
        if train:
            Trainer(platform, CIRCUIT).train(x, labels, weights)
        else:
            evaluate(platform, ASKING, x, weights)

    with pytest.raises(InputError, match=re.escape(message)):
        run()
    assert platform.built == []


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.where(np.arange(N) == 4, 3, LABELS), "labels run from 0 to 3 but must lie within 0 and 2"),
        (np.where(np.arange(N) == 4, -1, LABELS), "labels run from -1 to 2 but must lie within 0 and 2"),
        (LABELS.astype(float), "labels are float64 of shape (23,) but must be integers of shape (23,)"),
        (LABELS.astype(bool), "labels are bool of shape (23,)"),
        (LABELS.astype(str), "labels are <U21 of shape (23,)"),
        (LABELS[:-1], "labels are int64 of shape (22,) but must be integers of shape (23,)"),
        (LABELS[:, None], "labels are int64 of shape (23, 1)"),
        (np.eye(3, dtype=int)[LABELS], "labels are int64 of shape (23, 3)"),
        (np.eye(3, dtype=bool)[LABELS][:, :2], "targets have shape (23, 2) but must be bool of shape (23, 3)"),
    ],
    ids=["too large", "negative", "float", "bool", "text", "too few", "column", "one-hot", "targets"],
)
def test_bad_labels_are_refused(labels, message):
    refused(message, labels=labels)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (X.astype(float), "x is float64 of shape (23, 6) but must be bool of shape (n, 6)"),
        (X[:, :-1], "x is bool of shape (23, 5) but must be bool of shape (n, 6)"),
        (X[0], "x is bool of shape (6,) but must be bool of shape (n, 6)"),
    ],
    ids=["float", "too narrow", "one sample"],
)
@pytest.mark.parametrize("train", [True, False], ids=["train", "evaluate"])
def test_samples_of_another_type_or_shape_are_refused(x, message, train):
    refused(message, x=x, labels=LABELS[: len(x)], train=train)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({}, "weights holds nothing but must hold W1, W2"),
        ({"W2": WEIGHTS["W2"]}, "weights holds W2 but must hold W1, W2"),
        ({"W1": WEIGHTS["W1"], "W2": WEIGHTS["W1"]}, "weights: W2 has shape (6, 5) but must have (5, 3)"),
        ({**WEIGHTS, "W1": WEIGHTS["W1"] + 0.5}, "weights: W1[0, 0] is"),
        ({**WEIGHTS, "W1": WEIGHTS["W1"] + 1000}, "but must lie within -254 and 254 (w_max)"),
    ],
    ids=["none", "no W1", "do not fit", "no integers", "too large"],
)
@pytest.mark.parametrize("train", [True, False], ids=["train", "evaluate"])
def test_bad_weights_are_refused(weights, message, train):
    refused(message, weights=weights, train=train)


@pytest.mark.parametrize("train", [True, False], ids=["train", "evaluate"])
def test_no_samples_are_refused(train):
    message = "the number of samples is 0 but must be a whole number of at least 1"
    refused(message, x=X[:0], labels=LABELS[:0], train=train)


def test_a_population_that_is_not_there_is_not_recorded():
    platform = SpiedPlatform()
    with pytest.raises(InputError, match="there is no population 'z'; the circuit has input, start"):
        trained(platform, record=Record(["o", "z"]))
    assert platform.built == []


def test_an_inference_circuit_is_not_trained():
    with pytest.raises(InputError, match="circuit is an inference circuit, which can't be trained"):
        Trainer(SpiedPlatform(), ASKING).train(X, LABELS, WEIGHTS)


@pytest.mark.parametrize("circuit", [CIRCUIT, inference_circuit((6, 5, 3), SMALL)], ids=["training", "no probe"])
def test_a_circuit_without_a_probe_is_not_evaluated(circuit):
    with pytest.raises(InputError, match="circuit has no probe"):
        evaluate(SpiedPlatform(), circuit, X, WEIGHTS)


@pytest.mark.parametrize("windows", [0, 1.5])
def test_a_bad_number_of_windows_is_named(windows):
    with pytest.raises(InputError, match=f"windows is {windows} but must be a whole number of at least 1"):
        evaluate(SpiedPlatform(), ASKING, X, WEIGHTS, windows=windows)
