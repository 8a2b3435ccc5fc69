"""What the step simulator records: every spike of the named populations, by circuit time."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest

from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.reference import steps
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator

SMALL = Parameters(theta=64)
WEIGHTS = {"W1": np.array([[40, 10]])}
SHOWN = np.array([[True], [False], [True]])


def answering(record: tuple[str, ...] | None = None) -> StepSimulator:
    """Of two outputs the first fires when the only input does."""
    return StepSimulator(inference_circuit((1, 2), SMALL), WEIGHTS, record)


def test_sample_k_is_shown_in_cycle_k_plus_1():
    """A cycle has three steps: input, x, o; the ring fires all the time, and the cycle that starts it is left out."""
    simulator = answering()
    assert simulator.infer(SHOWN).outputs.tolist() == [[True, False], [False, False], [True, False]]
    spikes = {name: table.tolist() for name, table in simulator.take_spikes().items()}
    assert spikes == {
        "input": [[3, 0], [9, 0]],
        "start": [],
        "x": [[4, 0], [10, 0]],
        "o": [[5, 0], [11, 0]],
        "g0": [[3, 0], [6, 0], [9, 0]],
        "g1": [[4, 0], [7, 0], [10, 0]],
        "g2": [[5, 0], [8, 0], [11, 0]],
    }


def test_spikes_are_those_since_they_were_last_taken():
    simulator = answering(("o",))
    assert simulator.recorded == ("o",)
    simulator.infer(SHOWN[:1])
    assert {name: table.tolist() for name, table in simulator.take_spikes().items()} == {"o": [[5, 0]]}
    simulator.infer(SHOWN[1:])
    assert simulator.take_spikes()["o"].tolist() == [[11, 0]]
    nothing = simulator.take_spikes()["o"]
    assert (nothing.shape, nothing.dtype) == ((0, 2), np.int64)


def test_a_read_out_counts_the_neurons_of_each_class_as_the_rule_does():
    weights = {"W1": np.array([[40, 10], [-20, 90]])}
    x = np.array([[True, False], [False, True], [True, True], [False, False]])
    simulator = StepSimulator(inference_circuit((2, 2), SMALL, readout_levels=3), weights)
    found, expected = simulator.infer(x).readout, Rule(weights, SMALL, readout_levels=3).infer(x).readout
    np.testing.assert_array_equal(found, expected)
    assert len(np.unique(expected)) > 2


def test_noise_is_that_of_the_number_of_a_sample_however_samples_are_cut():
    circuit = training_circuit((2, 2), Parameters(), Graded(4, "noise"))
    x, labels = np.ones((6, 8), bool), np.array([0, 1, 1, 0, 1, 0])
    weights, noise = {"W1": np.full((8, 8), 10)}, tuple(circuit.noise(np.arange(1)))
    tables = []
    for cuts in ([0, 6], [0, 1, 4, 6]):
        simulator = StepSimulator(circuit, weights, noise)
        for first, stop in itertools.pairwise(cuts):
            simulator.train(x[first:stop], labels[first:stop])
        tables.append({name: table.tolist() for name, table in simulator.take_spikes().items()})
    assert tables[0] == tables[1]
    assert any(tables[0].values())


@pytest.mark.parametrize("running", [answering(), Rule(WEIGHTS, SMALL)], ids=["steps", "rule"])
def test_fewer_than_no_samples_can_not_be_skipped(running):
    with pytest.raises(InputError, match="samples is -1 but must be a whole number of at least 0"):
        running.skip(-1)


def test_more_spikes_than_there_is_room_for_are_sorted_in_parts(monkeypatch):
    expected, found = [], []
    for room, spikes in ((steps.ROOM, expected), (1, found)):
        monkeypatch.setattr(steps, "ROOM", room)
        simulator = answering()
        response = simulator.infer(np.ones((20, 1), bool))
        assert response.potentials.tolist() == [[40, 10]] * 20
        spikes += [(name, table.tolist()) for name, table in simulator.take_spikes().items()]
    assert sum(len(table) for _, table in found) > 100
    assert found == expected


def test_an_unknown_population_is_named():
    with pytest.raises(InputError, match="no population 'y'"):
        answering(("o", "y"))


def test_skipped_samples_leave_no_gap_in_the_circuit_s_time():
    """The rotor waits for the level of the next sample in cycles of which nothing is recorded."""
    circuit, parts = training_circuit((1, 1), code=Graded(8)), []
    for skipped in (0, 3):
        simulator = StepSimulator(circuit, {"W1": np.full((8, 8), 40)}, ("g0", "x"))
        simulator.train(np.ones((2, 8), bool), np.array([0, 0]))
        simulator.skip(skipped)
        simulator.train(np.ones((2, 8), bool), np.array([0, 0]))
        parts.append(simulator.take_spikes())
    assert parts[0]["g0"][:, 0].tolist() == parts[1]["g0"][:, 0].tolist() == [8, 16, 24, 32]
    np.testing.assert_array_equal(parts[0]["x"], parts[1]["x"])


def test_after_skipped_samples_the_levels_are_those_of_the_next():
    """The second of four levels, then the fourth: a drive of two levels fires neurons 0 and 3, then 1 and 2."""
    weights, x = {"W1": np.full((4, 4), 64)}, np.ones((1, 4), bool)
    simulator = StepSimulator(inference_circuit((1, 1), code=Graded(4)), weights)
    rule = Rule(weights, code=Graded(4))
    for running in (simulator, rule):
        running.skip(1)
        assert running.infer(x).outputs.astype(int).tolist() == [[1, 0, 0, 1]]
        running.skip(1)
        assert running.infer(x).outputs.astype(int).tolist() == [[0, 1, 1, 0]]


def test_a_copy_that_does_not_learn_with_the_others_is_found():
    circuit = training_circuit((1, 2), SMALL)
    *others, last = circuit.copies("W1")
    fixed = [dataclasses.replace(p, plastic=p.plastic and p is not last) for p in circuit.projections]
    simulator = StepSimulator(dataclasses.replace(circuit, projections=tuple(fixed)), WEIGHTS)
    simulator.check_copies()
    simulator.train(SHOWN[:1], np.array([1]))
    assert others
    with pytest.raises(EqualityError, match=re.escape(last.label)):
        simulator.check_copies()


def test_sources_that_are_not_named_are_silent():
    circuit = chain_circuit(1, 2, Graded(2), routes=("a", "b"))
    simulator = StepSimulator(circuit, {})
    simulator.show({"input": np.ones((3, 2), bool), "open b": np.array([[True], [False], [True]])})
    spikes = simulator.take_spikes()
    length = circuit.schedule.length
    assert {name: len(spikes[name]) for name in ("open a", "a0", "a1", "ga1")} == dict.fromkeys(
        ("open a", "a0", "a1", "ga1"), 0
    )
    assert (spikes["b1"][:, 0] // length).tolist() == [1, 1, 3, 3]


def test_the_potentials_are_the_drives_of_the_outputs():
    assert answering().infer(SHOWN).potentials.tolist() == [[40, 10], [0, 0], [40, 10]]


def test_weights_and_copies_are_copies():
    simulator = StepSimulator(training_circuit((1, 2), SMALL), WEIGHTS)
    simulator.weights()["W1"][:] = 0
    for copy in simulator.copies().values():
        copy[:] = 0
    assert simulator.weights()["W1"].tolist() == WEIGHTS["W1"].tolist()
    simulator.check_copies()
    simulator.train(SHOWN[:1], np.array([1]))
    assert simulator.weights()["W1"].tolist() == [[38, 12]]
    assert {copy.tolist()[0][0] for copy in simulator.copies().values()} == {38}
    assert WEIGHTS["W1"].tolist() == [[40, 10]]
    simulator.close()


def test_weights_of_another_circuit_are_refused():
    with pytest.raises(InputError, match=r"W1 has shape \(1, 2\) but must have \(1, 3\)"):
        StepSimulator(inference_circuit((1, 3), SMALL), WEIGHTS)
