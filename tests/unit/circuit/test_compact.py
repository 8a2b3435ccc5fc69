"""The error-gated circuit as data: its phases, its size, who opens what."""

from __future__ import annotations

import pytest

from pynn_backprop.circuit.compact import CompactSchedule
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError

PUBLISHED_SIZE = training_circuit((400, 400, 10), form="compact")


def test_the_phases_of_two_matrices():
    schedule = CompactSchedule(2)
    assert (schedule.length, schedule.output, schedule.error, schedule.gate) == (17, 3, 4, 5)
    assert (schedule.learning(2), schedule.hidden_error(1)) == ((6, 8), (7, 9))
    assert (schedule.edges(1), schedule.mask(1), schedule.learning(1)) == (9, 13, (14, 16))
    assert (schedule.replays(0), schedule.replays(1)) == ((9, 11, 14, 16), (6, 8))
    assert (schedule.memory(0), schedule.memory(1), schedule.reinforced) == (6, 3, (6, 14))


def test_the_phases_of_three_matrices():
    schedule = CompactSchedule(3)
    assert (schedule.length, schedule.gate) == (26, 6)
    assert [schedule.learning(matrix) for matrix in (3, 2, 1)] == [(7, 9), (15, 17), (23, 25)]
    assert [schedule.edges(layer) for layer in (2, 1)] == [10, 18]
    assert [schedule.hidden_error(layer) for layer in (2, 1)] == [(8, 10), (16, 18)]
    assert (schedule.replays(0), schedule.replays(1)) == ((18, 20, 23, 25), (10, 12, 15, 17))


@pytest.mark.parametrize(("depth", "length"), [(1, 8), (2, 17), (3, 26), (4, 35), (8, 71)])
def test_the_cycle_has_nine_phases_a_matrix_less_one(depth, length):
    schedule = CompactSchedule(depth)
    assert schedule.length == len(schedule.labels) == length
    assert max(schedule.learning(1)) == length - 1


def test_the_labels_say_what_happens():
    assert CompactSchedule(2).labels == (
        "clear outputs",
        "input",
        "hidden",
        "output and target",
        "output error",
        "is there an error?",
        "W2 potentiation",
        "hidden error, positive part",
        "W2 depression",
        "hidden error, negative part; replay",
        "low edge",
        "replay",
        "high edge",
        "mask",
        "W1 potentiation",
        "clear",
        "W1 depression",
    )


def test_the_size_of_the_published_network():
    """Two copies of W1's edges are gone, 320,000 synapses; the published form has 500,000 plastic ones."""
    count = PUBLISHED_SIZE.count()
    assert (count.neurons, count.synapses, count.plastic_synapses) == (2_488, 194_488, 180_000)
    deep = training_circuit((400, 400, 400, 10), form="compact").count()
    assert (deep.neurons, deep.plastic_synapses) == (4_497, 660_000)


def test_every_matrix_but_the_last_stands_once_in_forward_direction():
    deep = training_circuit((9, 8, 7, 3), form="compact")
    copies = {name: [(p.pre, p.post, p.sign, p.transpose) for p in deep.copies(name)] for name in ("W1", "W2", "W3")}
    assert copies == {
        "W1": [("x", "h1", 1, False)],
        "W2": [("h1", "h2", 1, False), ("h2", "h1T", 1, True), ("h2T-", "h1T", -1, True)],
        "W3": [
            ("h2", "o", 1, False),
            ("h2", "o_low", 1, False),
            ("h2", "o_high", 1, False),
            ("o", "h2T", 1, True),
            ("oT-", "h2T", -1, True),
        ],
    }


@pytest.mark.parametrize("units", [(5, 3), (9, 8, 3), (9, 8, 7, 3)])
def test_the_ring_opens_nothing_behind_e(units):
    circuit = training_circuit(units, form="compact")
    ring = {f"g{phase}" for phase in range(circuit.schedule.length)}
    opened = {p.latency + circuit[p.pre].phases[0] for p in circuit.projections if p.pre in ring and p.post not in ring}
    assert max(opened) <= circuit.schedule.gate
    behind = {p.post for p in circuit.projections if p.pre == "e"}
    assert {"x", "o", "o_low", "o_high", "r"} <= behind


@pytest.mark.parametrize("code", [Graded(1), Graded(8)], ids=lambda code: code.name)
def test_any_spike_of_the_error_makes_e_fire_and_thousands_do_not_overflow(code):
    circuit = training_circuit((5, 20), code=code, form="compact")
    weights = {p.weight for p in circuit.projections if p.post == "e"}
    (weight,) = weights
    e = circuit["e"]
    assert weight > e.bias + e.threshold
    assert weight * (circuit["d+"].size + circuit["d-"].size) * 64 < 2**23


def test_the_longest_delay_grows_by_eight_steps_a_matrix():
    longest = [
        max(p.latency for p in training_circuit((40,) * (depth + 1), form="compact").projections)
        for depth in range(2, 9)
    ]
    assert longest == [12, 20, 28, 36, 44, 52, 60]


def test_the_published_form_has_no_place_for_a_third_matrix():
    with pytest.raises(InputError, match=r"there are 3 weight matrices but must be at most 2 in the published form"):
        training_circuit((4, 3, 3, 2), form="published")


def test_an_unknown_form_is_refused():
    with pytest.raises(InputError, match=r"form is 'compct' but must be one of compact, published .*did you mean"):
        training_circuit((4, 3), form="compct")
    assert list(FORMS) == ["compact", "published"]
