"""Sequences and their prediction: the sequence itself, least squares, and how near to them a circuit learns."""

from __future__ import annotations

import numpy as np
import pytest

from pynn_backprop.circuit.predictive import PAST, UnitShift, predictive_circuit
from pynn_backprop.codes.graded import Graded, between_units
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.tasks.prediction import COEFFICIENTS, autoregressive, last_values, least_squares, prediction_trial


def test_a_circuit_learns_the_weights_of_least_squares():
    """Measured for the seeds 0 and 1: within 0.08 of least squares; eta is 8, so that fewer samples do."""
    code, samples = Graded(32), 4000
    values = autoregressive(samples, 0)
    trial = prediction_trial(code, 2, values, eta=8)
    *_, (_, weights) = trial.parts(ReferencePlatform("steps"), (), samples)
    learnt = between_units(weights["W1"], 32, 128)[:, 0]
    best, error = least_squares(code.encode(values) / 32, 2)
    np.testing.assert_allclose(learnt, best, atol=0.15)
    shown = code.encode(values) / 32
    ours = np.sqrt(np.mean((shown - last_values(shown, 2) @ learnt)[-1000:] ** 2))
    assert ours < 1.1 * error
    assert ours < 0.8 * shown.std()


def test_the_sequence_has_the_coefficients_that_least_squares_find():
    values = autoregressive(20_000, 1, noise=0.05)
    best, error = least_squares(values, 2)
    np.testing.assert_allclose(best, [*COEFFICIENTS, 0.5 * (1 - sum(COEFFICIENTS))], atol=0.03)
    assert error == pytest.approx(0.05, rel=0.03)
    assert 0 <= values.min() < values.max() <= 1
    assert (autoregressive(10, 2) != autoregressive(10, 3)).all()


def test_the_last_values_come_latest_first_and_were_0_before():
    assert last_values(np.array([0.1, 0.2, 0.3]), 2).tolist() == [[0, 0, 1], [0.1, 0, 1], [0.2, 0.1, 1]]


def test_a_memory_of_any_order_holds_the_last_values():
    code, values = Graded(4), np.array([0.25, 1.0, 0.5, 0.0, 0.75])
    trial = prediction_trial(code, 3, values)
    spikes = trial.run(ReferencePlatform("steps"), ["x", PAST])
    length = trial.circuit.schedule.length
    for phase, name in ((1, "x"), (2, PAST)):
        table = spikes[name][spikes[name][:, 0] % length == phase]
        found = np.zeros((5, 4))
        np.add.at(found, (table[:, 0] // length - 1, table[:, 1] // 4), 1)
        np.testing.assert_array_equal(found / 4, last_values(values, 3))


SHIFTED = {(0, 2), (0, 3), (1, 2), (1, 3), (2, 4), (2, 5), (3, 4), (3, 5)}


def test_a_shift_reaches_the_next_unit_where_there_is_one():
    kind = UnitShift(2, 1)
    blocks = kind.blocks(slice(10, 16), slice(20, 26), 3, 1.0)
    pairs = {(int(i) - 10, int(j) - 20) for block in blocks for i, j in zip(*block.indices(), strict=True)}
    assert pairs == SHIFTED
    assert kind.synapses(6, 6) == len(SHIFTED)
    for neuron in range(6):
        wanted = [int((neuron, post) in SHIFTED) for post in range(6)]
        assert kind.arriving(np.array([neuron]), 6).tolist() == wanted
    assert UnitShift(2, 2).synapses(2, 6) == 4
    assert UnitShift(2, 3).synapses(2, 6) == 0


def test_a_bad_argument_of_a_prediction_is_named():
    with pytest.raises(InputError, match="order is 0"):
        predictive_circuit(0)
    with pytest.raises(InputError, match="samples is 0"):
        autoregressive(0, 0)
    with pytest.raises(InputError, match=r"coefficients are \(1.2,\), with which the sequence would grow"):
        autoregressive(5, 0, (1.2,))
