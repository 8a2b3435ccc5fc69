"""Answers by a read-out: the most spikes win, ties go to the first and are counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.interfaces import Options
from pynn_backprop.learning.evaluation import Evaluation, answering_circuit, evaluate, tied
from pynn_backprop.platforms import get_platform


def test_the_class_with_most_spikes_answers_and_of_several_the_first():
    readout = np.array([[0, 3, 2], [4, 4, 0], [0, 0, 0], [1, 2, 2]])
    outputs = np.zeros((4, 3), bool)
    outputs[0, 0] = outputs[1, 1] = True
    score = Evaluation(outputs, readout, 0.0, readout).score(np.array([1, 1, 0, 1]))
    assert (score.by_spikes, score.by_single_spikes, score.ties) == (0.5, 0.25, 2)


def test_silence_is_no_tie():
    assert tied(np.array([[0, 0], [1, 1], [0, 1]])).tolist() == [False, True, False]
    assert tied(np.array([[False, False], [True, True]])).tolist() == [False, True]


def test_without_a_read_out_the_outputs_themselves_answer():
    outputs = np.array([[True, True, False], [False, True, False]])
    evaluation = Evaluation(outputs, outputs.astype(int), 0.0)
    score = evaluation.score(np.array([0, 1]))
    assert (score.by_spikes, score.by_single_spikes, score.ties) == (1.0, 1.0, 1)


@pytest.mark.parametrize("variant", ["rule", "steps"])
@pytest.mark.parametrize("code", [Binary(), Graded(4)], ids=lambda code: code.name)
def test_the_read_out_counts_thresholds_below_the_drive(code, variant):
    units, levels = (6, 5, 3), 8
    generator, p = np.random.default_rng(0), Parameters(theta=256 * code.n)
    weights = {
        f"W{k}": generator.integers(-200, 255, (below * code.n, above * code.n))
        for k, (below, above) in enumerate(pairwise(units), 1)
    }
    x = code.fire(generator.random((20, 6)))
    circuit = answering_circuit(training_circuit(units, p, code), levels)
    found = evaluate(get_platform("reference", Options(variant=variant)), circuit, x, weights, windows=2)
    rule = get_platform("reference").build(inference_circuit(units, p, True, code), weights)
    drives = rule.infer(np.repeat(x, 2, axis=0)).potentials
    counts = (drives[:, :, None] > np.array(p.readout(levels))).sum(axis=2)
    np.testing.assert_array_equal(found.readout, code.counts(counts).reshape(20, 2, 3).sum(axis=1))
    assert len(np.unique(found.readout)) > 3


def test_a_circuit_with_a_read_out_names_its_populations():
    circuit = inference_circuit((4, 3), Parameters(), readout_levels=3)
    assert circuit.readout == ("o_1", "o_2", "o_3")
    assert inference_circuit((4, 3)).readout == ()
    assert training_circuit((4, 3)).readout == ()
    gates = {p.post: p.weight for p in circuit.projections if p.pre == "g1" and p.post != "g2"}
    assert gates == {"o": 8704, "o_1": 9216 + 512, "o_2": 9216 - 512, "o_3": 9216 - 1536}
