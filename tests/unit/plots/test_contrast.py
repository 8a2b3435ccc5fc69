"""A right and a wrong sample side by side: each panel has the spikes of its own sample, and says what it cost."""

from __future__ import annotations

import re
from collections import Counter

import neo
import numpy as np
import pytest
from legible import check_legible, words
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from plotted import block_of

from benchmarks.measure.counts import count
from pynn_backprop import plots
from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.learning.progress import Stretch
from pynn_backprop.plots.contrast import pair_of, synaptic_events
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import between
from pynn_backprop.weights import Weights, initial_weights

N, LEARNT = 60, 3000
CIRCUITS = [training_circuit((20, 12, 4), form=form) for form in FORMS] + [
    training_circuit((20, 40, 30, 4), form="compact")
]


def trained(circuit: Circuit) -> tuple[Stretch, Weights]:
    """Patterns with a tenth of the inputs turned, learnt well enough that there are right and wrong answers."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 4, LEARNT + N)
    x = (random.random((4, 20)) < 0.4)[labels] != (random.random((LEARNT + N, 20)) < 0.05)
    rule = Rule(initial_weights(circuit.neurons, 1), form=circuit.schedule.form)
    rule.train(x[:LEARNT], labels[:LEARNT])
    weights = rule.weights()
    steps = StepSimulator(circuit, weights)
    steps.train(x[LEARNT:], labels[LEARNT:])
    return Stretch(0, labels[LEARNT:], steps.take_spikes()), weights


@pytest.fixture(scope="module", params=CIRCUITS, ids=lambda circuit: f"{circuit.schedule.form} {circuit.depth}")
def case(request) -> tuple[Circuit, neo.Block, Stretch, Weights]:
    stretch, weights = trained(request.param)
    return request.param, block_of(request.param, stretch, platform="a platform"), stretch, weights


def bars(axes: Axes) -> list[float]:
    segments = [part for lines in axes.findobj(LineCollection) for part in lines.get_segments()]
    return sorted(np.array(segments).mean(axis=1)[:, 0].round(6).tolist())


def test_each_panel_has_the_spikes_of_its_sample_and_both_the_same_rows(case):
    circuit, block, stretch, _ = case
    figure, length = plots.contrast(block), circuit.schedule.length
    assert len(figure.axes) == 2
    for axes, place in zip(figure.axes, pair_of(block), strict=True):
        shown = between(stretch.spikes, (place + 1) * length, (place + 2) * length)
        expected = sorted(float(step) for table in shown.values() for step in table[:, 0])
        assert bars(axes) == expected
    assert len({axes.get_ylim() for axes in figure.axes}) == 1


def test_it_is_legible_with_and_without_images(case):
    check_legible(plots.contrast(case[1]))
    check_legible(plots.contrast(case[1], images=np.random.default_rng(0).random((N, 8, 8))))


def test_phases_that_strengthen_and_weaken_bear_their_sign(case):
    circuit, block, _, _ = case
    shown = words(plots.contrast(block))
    signs = [text[-1] for text in shown if text in ("+", "−") or re.fullmatch(r"W\d[+−]", text)]
    assert Counter(signs) == {"+": 2 * circuit.depth, "−": 2 * circuit.depth}


def test_the_pair_is_a_sample_without_an_error_and_one_with_a_wrong_answer(case):
    circuit, block, stretch, _ = case
    right, wrong = pair_of(block)
    cycles = np.concatenate([stretch.spikes[name][:, 0] for name in ("d+", "d-")]) // circuit.schedule.length - 1
    assert right not in cycles
    assert wrong in cycles
    shown = words(plots.contrast(block))
    assert any(text.startswith(f"right: shown {stretch.labels[right]}") for text in shown)
    assert any(text.startswith(f"wrong: shown {stretch.labels[wrong]}") for text in shown)


def test_only_the_error_gated_form_is_silent_after_a_right_answer(case):
    silent = [text for text in words(plots.contrast(case[1])) if text.startswith("no error")]
    assert len(silent) == (case[0].schedule.form == "compact")


def test_the_events_are_those_that_are_counted_exactly(case):
    circuit, _, stretch, weights = case
    tally, _ = count(circuit, weights, stretch.spikes, N)
    assert synaptic_events(circuit, stretch.spikes) == tally.synaptic_events


def test_a_recording_without_such_samples_or_without_errors_is_refused():
    circuit = CIRCUITS[0]
    o, t = np.array([[circuit.schedule.length + 3, 0]]), np.zeros((0, 2), np.int64)
    none = Stretch(0, np.array([0]), {"o": o, "d+": t, "d-": t})
    with pytest.raises(InputError, match="of the 1 samples of the segment there is none with a wrong answer"):
        plots.contrast(block_of(circuit, none))
    with pytest.raises(InputError, match="the error 'd\\+' was not recorded, only o"):
        plots.contrast(block_of(circuit, Stretch(0, np.array([0]), {"o": o})))


def test_the_overview_is_the_contrast_of_the_last_stretch_or_a_raster_where_there_is_none(case):
    circuit, block, stretch, _ = case
    assert len(plots.overview(block).axes) == 2
    short = Stretch(0, stretch.labels[:1], between(stretch.spikes, 0, 2 * circuit.schedule.length))
    (axes,) = plots.overview(block_of(circuit, short)).axes
    assert axes.get_xlabel() == "time (ms)"
