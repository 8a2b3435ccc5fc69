"""What each figure shows is what was recorded, and what theory says of it."""

from __future__ import annotations

import json
from collections import Counter

import neo
import numpy as np
import pytest
from figure_blocks import REFERENCE, block_for, theoretical_chains
from legible import words
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import DITHERS, Graded, between_units
from pynn_backprop.errors import EqualityError, InputError
from pynn_backprop.figures import circuit, close_up, convergence, copy, curves, mean_field, passes, recorded, table
from pynn_backprop.figures.accuracy import Learnt, learn
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.plots.unit_bands import SHADE
from pynn_backprop.recording import blocks as recording
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.runs.prepare import samples_of
from pynn_backprop.spikes import between
from pynn_backprop.tasks.copy_chain import drift
from pynn_backprop.tasks.linear_map import map_samples, random_map
from pynn_backprop.weights import initial_weights


def test_circuit_refuses_a_platform_that_fires_where_the_table_says_silence():
    class Wrong(ReferencePlatform):
        def build(self, *arguments):
            running = super().build(*arguments)
            spikes = running.take_spikes
            running.take_spikes = lambda: {name: found + np.array([1, 0]) for name, found in spikes().items()}
            return running

    with pytest.raises(EqualityError, match="x"):
        circuit.record(Wrong())


def test_circuit_shows_the_rotor_and_marks_what_it_lifts():
    shown = words(table.FIGURES["circuit"].draw(block_for("circuit")))
    assert "rotor" in shown
    assert shown.count("λ") == 4  # x, o, d+, d-
    assert any(text.startswith("λ: lifted") for text in shown)
    assert "Training circuit of 4-3 units, 32 neurons each, compact form" in shown
    assert "one to one (from input and t: unit to unit), excites" in shown
    assert "one to one (from t: unit to unit), inhibits" in shown


def test_fig2_has_a_bar_for_every_spike_of_its_rows_early_and_late():
    block = block_for("fig2")
    panels = table.FIGURES["fig2"].draw(block).axes
    assert len(panels) == len(block.segments) == 2
    for axes, segment in zip(panels, block.segments, strict=True):
        spikes = recording.spikes_of(segment)
        bars = [found for found in axes.collections if isinstance(found, LineCollection)]
        assert sum(len(found.get_segments()) for found in bars) == sum(len(spikes.get(row, ())) for row in passes.ROWS)
        assert sum(line.get_linewidth() == 0.9 for line in axes.lines) >= passes.SHOWN + 1


def test_fig2_shows_mask_and_rotor_and_that_the_error_shrinks():
    block = block_for("fig2")
    shown = words(table.FIGURES["fig2"].draw(block))
    assert {"o_low", "o_high", "rotor", "r", passes.MASK_WORD} <= set(shown)
    assert shown.count("λ") == 4  # x, o, d+, d-
    length = recorded.circuit_of(block).schedule.length
    early, late = (
        sum(passes.errors_of(recording.spikes_of(segment), recording.samples_of(segment), length))
        for segment in block.segments
    )
    assert late < early


def test_fig1_and_fig3_show_a_pass_of_fig2_in_which_target_and_both_errors_fire():
    (close,), early = block_for("fig3").segments, recording.spikes_of(block_for("fig2").segments[0])
    (sample,), length = recording.samples_of(close), recorded.circuit_of(block_for("fig3")).schedule.length
    assert 0 <= sample < passes.SHOWN
    for segment in (close, block_for("fig1").segments[0]):
        spikes = recording.spikes_of(segment)
        assert all(len(spikes[name]) for name in ("t", "d+", "d-"))
        for name, table_of in between(early, (sample + 1) * length, (sample + 2) * length).items():
            np.testing.assert_array_equal(np.sort(spikes[name], axis=0), np.sort(table_of, axis=0))


def test_arrows_of_fig3_join_what_fired_as_much_later_as_the_projection_takes():
    block = block_for("fig3")
    spikes, found = recording.spikes_of(block.segments[0]), recorded.circuit_of(block)
    length = found.schedule.length
    handed = {
        (one.pre, one.post, one.at % length, one.arrival % length): one.kind
        for one in close_up.handed_on(found, spikes)
    }
    assert handed["x", "m_x", 1, 3] == close_up.COPY
    assert handed["x", "o", 1, 2] == close_up.WEIGHTS
    assert handed["o_low", "d+", 2, 3] == handed["o_low", "d-", 2, 3] == close_up.PRODUCT
    assert handed["o", "d+", 2, 3] == handed["t", "d-", 2, 3] == close_up.INHIBITS
    assert handed["m_x", "x", 3, 4] == handed["m_x", "x", 3, 6] == close_up.REPLAY
    assert handed["d+", "o", 3, 4] == handed["d-", "o", 3, 6] == close_up.BACK
    assert ("d+", "o", 3, 6) not in handed


def test_curves_hold_the_scores_of_the_rule_at_every_stop():
    block = block_for("curves")
    for name, learner in curves.LEARNERS.items():
        shown, scores = recorded.signal_of(block.segments[0], name)
        config = learner.config("digits", None, (20,), "compact", 1)
        samples = samples_of(config)
        again = learn(config, samples, ReferencePlatform("steps"), [50]).scores
        assert shown.tolist() == [50, 400]
        np.testing.assert_array_equal(scores[:1], again)
        assert scores[1, 2] > scores[0, 2]
    assert block.annotations["equal_to_rule"]
    assert "equal at every reading to that of the rule, weights included" in curves.caption(block)


def test_curves_are_equal_only_if_scores_and_weights_are():
    scores, weights = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]), [{"W1": np.zeros((2, 2))}, {"W1": np.ones((2, 2))}]
    whole = Learnt(np.array([1, 2]), scores, weights)
    assert Learnt(np.array([1]), scores[:1], weights[:1]).begins(whole)
    assert not Learnt(np.array([1]), scores[:1] + 0.1, weights[:1]).begins(whole)
    assert not Learnt(np.array([1]), scores[:1], [{"W1": np.eye(2)}]).begins(whole)


def test_cycle_writes_the_number_of_spikes_of_every_unit_that_fires():
    block = block_for("cycle")
    spikes = recording.spikes_of(block.segments[0])
    assert len(spikes["rotor"]) == 1  # the one neuron of the rotor has no number
    gates = [population.name for population in recorded.circuit_of(block).populations if population.size == 1]
    expected = []
    for name, found in spikes.items():
        if name not in ("rotor", *gates):
            keys = np.column_stack((found[:, 0], found[:, 1] // 32))
            expected += np.unique(keys, axis=0, return_counts=True)[1].tolist()
    shown = words(table.FIGURES["cycle"].draw(block_for("cycle")))
    length = recorded.circuit_of(block).schedule.length
    written = Counter(text for text in shown if text.isdigit() and len(text) < 3)
    known = Counter(map(str, [*expected, *range(length)]))  # the phases are numbered, too
    assert known <= written
    assert set(written - known) <= {"0", "1", "2"}  # the units


def test_cycle_shows_hidden_errors_of_both_signs_and_shades_the_memories():
    found = recorded.circuit_of(block_for("cycle"))
    phases = recording.spikes_of(block_for("cycle").segments[0])["hT"][:, 0] % found.schedule.length
    assert set(found.schedule.hidden_error(1)) <= set(phases.tolist())
    figure = table.FIGURES["cycle"].draw(block_for("cycle"))
    shade = [patch for patch in figure.axes[0].patches if patch.get_facecolor() == to_rgba(SHADE)]
    assert len(shade) == sum(population.role == "memory" for population in found.populations) == 3


@pytest.mark.parametrize("dither", DITHERS)
def test_convergence_holds_the_weights_that_the_step_simulator_learns(dither):
    code, matrix, shown = Graded(convergence.NEURONS, dither, convergence.SEED), random_map(convergence.SEED), 40
    steps_circuit = training_circuit((4, 3), code=code)
    weights = initial_weights((4, 3), convergence.SEED, code=code)
    steps = StepSimulator(steps_circuit, weights)
    steps.train(*map_samples(matrix, code, shown, convergence.SEED))
    expected = [
        between_units(each["W1"], code.n, steps_circuit.parameters.quantum(code.n))
        for each in (weights, steps.weights())
    ]
    segment = convergence.record(REFERENCE, shown).segments[0]
    readings, learnt = recorded.signal_of(segment, f"weights {dither}")
    assert readings.tolist() == [0, shown]
    np.testing.assert_array_equal(learnt, expected)
    assert not np.array_equal(*expected)


def test_convergence_reads_the_weights_every_hundred_samples_and_finds_them_equal_to_the_rule():
    block = block_for("fig4")
    for name in (*DITHERS, convergence.FLOAT):
        shown, learnt = recorded.signal_of(block.segments[0], f"weights {name}")
        assert shown.tolist() == [0, 100, 200, 300, 400, 500, 600]
        assert learnt.shape == (7, 4, 3)
    assert json.loads(block.annotations["equal_to_oracle"]) == list(DITHERS)


def test_the_results_of_convergence_are_distances_from_the_map_and_late_output_errors():
    block, matrix = neo.Block(matrix="[[0.5, 0.25]]"), np.array([[0.5, 0.25]])
    block.segments = [neo.Segment(name="by hand")]
    for place, name in enumerate((*DITHERS, convergence.FLOAT)):
        learnt = matrix + np.array([[[9.0, 9.0]], [[0.1, -0.3]]]) / 2**place
        error = np.concatenate([np.full(100, 7.0), np.full(convergence.LAST, 0.5 / 2**place)])
        recorded.add_signals(block.segments[0], np.array([0, 600]), 8, {f"weights {name}": learnt})
        recorded.add_signals(block.segments[0], np.arange(len(error)), 8, {f"output error {name}": error})
    found = convergence.results(block)
    assert list(found) == [*DITHERS, convergence.FLOAT]
    for place, values in enumerate(found.values()):
        assert values == pytest.approx((0.3 / 2**place, 0.2 / 2**place, 0.5 / 2**place))


def test_convergence_says_with_which_dithers_a_platform_differs_from_the_oracle():
    class Wrong(ReferencePlatform):
        def build(self, circuit, weights, record=()):
            changed = {"W1": weights["W1"] + 2 * (circuit.code.dither == "fixed")}
            return super().build(circuit, changed, record)

    caption = convergence.caption(convergence.record(Wrong(), 100))
    assert "equal at every reading: rotating, noise." in caption


def test_float_backpropagation_is_gradient_descent_and_finds_the_map():
    matrix = random_map(1)
    weights, error = convergence.float_map(matrix, 4000, 2 / 128, 1000)
    assert weights.shape == (5, 4, 3)
    np.testing.assert_array_equal(weights[0], 0.25)
    assert np.abs(weights[-1] - matrix).max() < 0.01 < np.abs(weights[1] - matrix).max()
    assert error[-500:].mean() < 0.02 < error[:100].mean()


def test_float_backpropagation_does_not_learn_outside_the_box():
    weights, _ = convergence.float_map(np.full((4, 1), 0.25), 1, 0.0, 1)
    assert weights.shape == (2, 4, 1)
    np.testing.assert_array_equal(weights[0], weights[1])


def test_copies_are_exact_but_for_noise_which_drifts_as_theory_says():
    for dither in ("rotating", "fixed"):
        error, leak = copy.errors(block_for("copy"), dither)
        assert error.tolist() == pytest.approx([0.0] * copy.POPULATIONS, abs=1e-12)
        assert leak == 0.0
    error, leak = copy.errors(block_for("copy"), "noise")
    values, routes, share = copy.shares(block_for("copy"), "noise")
    assert leak == 0.0
    assert set(routes.tolist()) == {0, 1}
    assert share.shape == (120, 2, copy.POPULATIONS)
    copies = np.arange(1, copy.POPULATIONS + 1)
    theory = np.sqrt(np.mean([drift(value, 32, copies) ** 2 for value in values], axis=0))
    np.testing.assert_allclose(error, theory, rtol=0.25)  # 120 samples: a standard deviation of 6 %, and drift adds up


def test_xor_holds_the_margins_of_all_seeds_and_the_spikes_of_the_four_patterns():
    segment = block_for("xor").segments[0]
    _, margins = recorded.signal_of(segment, "margins of seeds")
    _, ours = recorded.signal_of(segment, "margins")
    _, outputs = recorded.signal_of(segment, "outputs")
    assert (margins.shape, outputs.shape) == ((3, 2), (3, 4, 32))
    np.testing.assert_array_equal(margins[:, 0], ours.ravel())
    spikes = recording.spikes_of(segment)
    assert set(spikes) == {"x", "h", "o"}
    fired = np.bincount(spikes["o"][:, 0] // 4 - 1, minlength=16) / 32
    # The recorded windows are cycles 0 to 15, window w of pattern p being cycle 4 p + w; the readings' are 32 p + w.
    np.testing.assert_allclose(fired[:4], outputs[-1, 0, :4])


def test_mean_field_measures_the_gain_that_the_law_gives():
    for chain, segment in zip(mean_field.CHAINS, theoretical_chains().segments, strict=True):
        assert mean_field.gain_per_copy(segment) == pytest.approx(chain.factor, rel=0.01)


def test_mean_field_needs_a_simulator_with_leaky_neurons():
    with pytest.raises(InputError, match="'reference', which lacks IF_curr_exp and DCSource"):
        mean_field.record(REFERENCE)
