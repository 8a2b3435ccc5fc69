"""Counts that the benchmarks take from spikes and a circuit, against counts by hand and against the step simulator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tiny_circuit import WEIGHTS, spikes, tiny_circuit

from benchmarks.measure.counts import Tally, count
from pynn_backprop.circuit.connectivity import Levels, Ring, UnitToUnit
from pynn_backprop.circuit.parts import Projection
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.weights import initial_weights


def test_a_tiny_circuit_is_counted_as_by_hand():
    # Step 7: s fires and reaches both a.  Step 8: both a fire and reach b 0 and 1 (at 10), c 0 to 2 twice each
    # (at 9: 254, 10, 0), r twice (at 9).  In the same step c 2 fires, without r: W1[0, 2] and W1[1, 2] become 2 less.
    # Step 10: a 1 fires, and c 0 and r with it: W1[1, 0] stays at its bound.  It reaches b 1 (at 12), c (at 11: 254, 0,
    # 8), r (at 11).
    found = spikes(s=[(7, 0)], a=[(8, 0), (8, 1), (10, 1)], b=[], c=[(8, 2), (10, 0)], r=[(10, 0)])
    tally, weights = count(tiny_circuit(), WEIGHTS, found, 1)
    assert tally.synaptic_events == 2 + (2 + 6 + 2) + (1 + 3 + 1)
    assert tally.effective == 2 + (2 + 4 + 2) + (1 + 2 + 1)
    assert tally.plastic_updates == 2 + 1
    # Of the neurons that are reached, the weights of c 2 cancel at step 9, and that of c 1 is 0 at step 11.
    assert tally.active_updates == 2 + (3 + 1) + 2 + (3 + 1) + 1
    assert tally.membrane_updates == 2 + (2 + 1) + 2 + (2 + 1) + 1
    np.testing.assert_array_equal(weights["W1"], [[0, 10, -12], [254, 0, 8]])
    assert tally.spikes["a"].tolist() == [0, 2, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("sizes", [(6, 4), (12, 9, 4)])
def test_the_spikes_of_the_step_simulator_explain_its_weights(sizes):
    circuit, weights = training_circuit(sizes, form="published"), initial_weights(sizes, 1)
    generator = np.random.default_rng(1)
    x, labels = generator.random((30, sizes[0])) < 0.4, generator.integers(0, sizes[-1], 30)
    simulator = StepSimulator(circuit, weights)
    simulator.train(x, labels)
    tally, explained = count(circuit, weights, simulator.take_spikes(), 30)
    for name, matrix in simulator.weights().items():
        assert np.any(matrix != weights[name])
        np.testing.assert_array_equal(explained[name], matrix)
    changed = sum(int(np.sum(explained[name] != weights[name])) for name in weights)
    assert tally.plastic_updates >= changed


def test_two_stretches_count_as_one():
    sizes = (12, 9, 4)
    circuit, weights = training_circuit(sizes, form="published"), initial_weights(sizes, 1)
    generator = np.random.default_rng(2)
    x, labels = generator.random((10, 12)) < 0.4, generator.integers(0, 4, 10)
    whole, first, second = (StepSimulator(circuit, weights) for _ in range(3))
    whole.train(x, labels)
    together, _ = count(circuit, weights, whole.take_spikes(), 10)
    first.train(x[:6], labels[:6])
    one, between = count(circuit, weights, first.take_spikes(), 6)
    second = StepSimulator(circuit, between)
    second.train(x[6:], labels[6:])
    sum_of_both = one + count(circuit, between, second.take_spikes(), 4)[0]
    for name in ("samples", "synaptic_events", "effective", "plastic_updates", "membrane_updates", "active_updates"):
        assert getattr(sum_of_both, name) == getattr(together, name), name
    for name, phases in together.spikes.items():
        np.testing.assert_array_equal(sum_of_both.spikes[name], phases)


def test_counting_wants_every_population():
    found = spikes(s=[], a=[], b=[])
    with pytest.raises(InputError, match=r"^spikes lacks the populations c, r, without which nothing exact can be "):
        count(tiny_circuit(), WEIGHTS, found, 1)


def test_spikes_of_more_samples_than_said_are_refused():
    found = spikes(s=[(7, 0), (14, 0)], a=[], b=[], c=[], r=[])
    with pytest.raises(InputError, match="samples is 1 but the spikes reach to step 14"):
        count(tiny_circuit(), WEIGHTS, found, 1)


def test_a_spike_in_the_last_step_counts_with_its_sample_although_it_arrives_in_the_next():
    found = spikes(s=[], a=[(6, 0)], b=[], c=[], r=[])
    tally, _ = count(tiny_circuit(), WEIGHTS, found, 1)
    # b 0 after 2 steps, c 0 to 2 (0, 10, -10) and r after 1.
    assert (tally.synaptic_events, tally.active_updates, tally.membrane_updates) == (5, 5, 4)
    assert tally.spikes["a"].tolist() == [0, 0, 0, 0, 0, 0, 1]


def test_weights_that_are_learnt_act_from_the_next_step_on():
    # Both a fire with c 0 in step 0, without r, and again in step 1: W1[0, 0] is 0 in the first and -2 in the second.
    found = spikes(s=[], a=[(0, 0), (1, 0)], b=[], c=[(0, 0)], r=[])
    tally, weights = count(tiny_circuit(), WEIGHTS, found, 1)
    assert weights["W1"].tolist() == [[-2, 10, -10], [254, 0, 10]]
    # One spike reaches c 1, c 2, b 0 and r with weights that are not 0, the other one c 0 too.
    assert (tally.effective, tally.synaptic_events) == (4 + 5, 10)


@pytest.mark.parametrize(
    ("reinforced", "expected"), [(True, [[2, 10, -10], [254, 0, 10]]), (False, [[-2, 10, -10], [252, 0, 10]])]
)
def test_a_coincidence_raises_a_weight_with_reinforcement_and_lowers_it_without(reinforced, expected):
    found = spikes(s=[], a=[(3, 0), (3, 1)], b=[], c=[(3, 0)], r=[(3, 0)] if reinforced else [])
    tally, weights = count(tiny_circuit(), WEIGHTS, found, 1)
    assert weights["W1"].tolist() == expected
    assert tally.plastic_updates == 2


def test_weights_that_cancel_change_no_potential_and_spikes_that_add_up_change_it_once():
    # c 2 gets -10 and 10; c 1 gets 10 and 0; b 0 and b 1 and r are reached by one and two spikes.
    found = spikes(s=[], a=[(0, 0), (0, 1)], b=[], c=[], r=[])
    tally, _ = count(tiny_circuit(), WEIGHTS, found, 1)
    assert (tally.active_updates, tally.membrane_updates) == (2 + 3 + 1, 2 + 2 + 1)


def test_what_arrives_in_one_step_on_two_ways_adds_up():
    # Ways of 1 and 2 steps end at b: s at step 8 and a 0 at step 7 meet in step 9 and cancel at b 0; b 1 has s alone.
    circuit = tiny_circuit()
    circuit = replace(
        circuit,
        projections=(
            *circuit.projections,
            replace(circuit.projections[0], post="b", weight=-520),
            replace(circuit.projections[0], post="c", weight=-10),
        ),
    )
    tally, _ = count(circuit, WEIGHTS, spikes(s=[(8, 0)], a=[(7, 0), (8, 0)], b=[], c=[], r=[]), 1)
    # In step 8, a 0 reaches c 0 to 2 (0, 10, -10) and r.  In step 9, s reaches both a, both b (-520) and c 0 to 2
    # (-10); a 0 reaches b 0 (520, from step 7), c 0 to 2 (0, 10, -10) and r.  In step 10, a 0 reaches b 0.
    assert tally.synaptic_events == 4 + (7 + 5) + 1
    assert tally.active_updates == 4 + (2 + 2 + 3 + 1) + 1
    # b 0 gets -520 + 520, c 1 gets -10 + 10; c 0 and c 2 get -10 and -20.
    assert tally.membrane_updates == 3 + (2 + 1 + 2 + 1) + 1


def test_a_synapse_without_weight_is_an_event_without_effect():
    circuit = tiny_circuit()
    silent = replace(circuit.projections[0], weight=0)
    circuit = replace(circuit, projections=(silent, *circuit.projections[1:]))
    tally, _ = count(circuit, WEIGHTS, spikes(s=[(0, 0)], a=[], b=[], c=[], r=[]), 1)
    assert (tally.synaptic_events, tally.effective) == (2, 0)
    assert (tally.active_updates, tally.membrane_updates) == (2, 0)


def test_weights_stay_within_their_bounds_and_every_coincidence_counts():
    low = {"W1": np.array([[-254, -253, 0], [254, 0, 0]])}
    found = spikes(s=[], a=[(0, 0), (0, 1)], b=[], c=[(0, 0), (0, 1), (0, 2)], r=[])
    tally, weights = count(tiny_circuit(), low, found, 1)
    assert weights["W1"].tolist() == [[-254, -254, -2], [252, -2, -2]]
    assert tally.plastic_updates == 2 * 3


def test_weights_of_other_sizes_are_refused():
    with pytest.raises(InputError, match="W1"):
        count(tiny_circuit(), {"W1": np.zeros((2, 4), int)}, spikes(s=[], a=[], b=[], c=[], r=[]), 1)


def test_what_was_given_stays_as_it_was():
    weights = {"W1": np.array([[0, 10, -10], [254, 0, 10]])}
    count(tiny_circuit(), weights, spikes(s=[], a=[(0, 0)], b=[], c=[(0, 0)], r=[]), 1)
    np.testing.assert_array_equal(weights["W1"], WEIGHTS["W1"])


def test_no_spikes_are_a_count_too():
    tally, weights = count(tiny_circuit(), WEIGHTS, spikes(s=[], a=[], b=[], c=[], r=[]), 3)
    assert (tally.samples, tally.synaptic_events, tally.active_updates) == (3, 0, 0)
    assert tally.spikes["a"].tolist() == [0] * 7
    np.testing.assert_array_equal(weights["W1"], WEIGHTS["W1"])


@pytest.mark.parametrize("samples", [0, -1, 1.5])
def test_a_number_of_samples_that_is_none_is_refused(samples):
    with pytest.raises(InputError, match=f"samples is {samples} but must be a whole number of at least 1"):
        count(tiny_circuit(), WEIGHTS, spikes(s=[], a=[], b=[], c=[], r=[]), samples)


def test_tallies_add_up_and_only_those_of_the_same_populations():
    phases = {"a": np.array([1, 2]), "b": np.array([3, 4])}
    total = Tally(2, phases, 10, 20, 30, 40, 50) + Tally(3, phases, 1, 2, 3, 4, 5)
    assert (total.samples, total.synaptic_events, total.effective) == (5, 11, 22)
    assert (total.plastic_updates, total.membrane_updates, total.active_updates) == (33, 44, 55)
    assert {name: found.tolist() for name, found in total.spikes.items()} == {"a": [2, 4], "b": [6, 8]}
    with pytest.raises(InputError, match=r"^the two tallies are not of the same populations$"):
        total + Tally(1, {"a": phases["a"]}, 0, 0, 0, 0, 0)


# --- graded units


@pytest.mark.parametrize("units", [(3, 2), (3, 4, 1)])
@pytest.mark.parametrize("code", [Graded(4), Graded(4, "fixed"), Graded(4, "noise")], ids=lambda code: code.name)
def test_the_spikes_of_graded_units_explain_their_weights_too(units, code):
    circuit, weights = training_circuit(units, code=code), initial_weights(units, 1, code=code)
    generator = np.random.default_rng(1)
    x, targets = code.fire(generator.random((40, units[0]))), code.fire(generator.random((40, units[-1])))
    simulator = StepSimulator(circuit, weights)
    simulator.train(x, targets)
    recorded = simulator.take_spikes()
    tally, explained = count(circuit, weights, recorded, 40)
    for name, matrix in simulator.weights().items():
        assert np.any(matrix != weights[name])
        np.testing.assert_array_equal(explained[name], matrix)
    # Spike by spike: every synapse that leaves its neuron.
    assert tally.synaptic_events == sum(
        len(recorded[p.pre]) * (circuit.synapses(p) // circuit[p.pre].size) for p in circuit.projections
    )


def test_unit_ring_and_levels_are_counted_as_by_hand():
    code = Graded(2)
    levels = Levels(n=2, units=1, step=1, base=10, slope=10)
    circuit = replace(
        tiny_circuit(),
        code=code,
        projections=(
            Projection("a", "b", UnitToUnit(2), 1, 5),
            Projection("a", "a", Ring(), 1, 7),
            Projection("b", "a", levels, 1),
            *(p for p in tiny_circuit().projections if p.matrix),
        ),
    )
    # Step 7: a 1 reaches both b, a 0 (the ring goes round) and c 0 to 2 (254, 0, 10).  Step 8: b 0 has the levels 0 and
    # 1 for a 0 and a 1, so the weights 10 and 0.
    tally, _ = count(circuit, WEIGHTS, spikes(s=[], a=[(7, 1)], b=[(8, 0)], c=[], r=[]), 1)
    assert (tally.synaptic_events, tally.effective) == (2 + 1 + 3 + 2, 2 + 1 + 2 + 1)
    assert (tally.active_updates, tally.membrane_updates) == (2 + 1 + 3 + 2, 2 + 1 + 2 + 1)
