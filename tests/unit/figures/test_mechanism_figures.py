"""The figures of single mechanisms say what was recorded, and notice where it is not what theory gives."""

from __future__ import annotations

import copy as copying

import neo
import numpy as np
import pytest
from figure_blocks import REFERENCE, block_for
from legible import words

from pynn_backprop.figures import decision, gating, hebbian, memory, prediction, product, synaptic_copy, table, transfer
from pynn_backprop.recording.blocks import spikes_of
from pynn_backprop.tasks.decision import UNDECIDED, chances
from pynn_backprop.tasks.mechanisms import Meeting


def changed(name: str, signal: str, change: float) -> neo.Block:
    """The block of a figure, one signal of which is another in its last reading."""
    block = copying.deepcopy(block_for(name))
    found = next(each for each in block.segments[0].irregularlysampledsignals if each.name == signal)
    found[-1] += change * found.units
    return block


def test_decisions_are_right_without_noise_and_near_the_odds_with_it():
    block = block_for("decision")
    sure = decision.choices(block, 0)
    assert (np.diag(sure) == UNDECIDED).all()
    assert decision.agreement(sure)[0].tolist() == [1.0] * 8
    larger, nobody = decision.agreement(decision.choices(block, 1))
    wanted, undecided = decision.agreement(chances(8))
    pairs = 2 * (8 - np.arange(8))
    assert (np.abs(larger - wanted) <= 4 * np.sqrt(wanted * (1 - wanted) / pairs) + 1e-9).all()
    assert (np.abs(nobody - undecided) <= 4 * np.sqrt(undecided * (1 - undecided) / pairs) + 1e-9).all()
    assert f"{larger[0]:.3f} ({wanted[0]:.3f}) at 1" in decision.caption(block)


def test_agreement_counts_the_larger_amplitude_and_nobody_by_difference():
    won = np.array([[-1, 1, 1], [0, -1, 0], [-1, 0, -1]])
    larger, nobody = decision.agreement(won)
    assert larger.tolist() == [0.75, 0.5]
    assert nobody.tolist() == [0, 0.5]


def test_the_errors_of_a_prediction_are_those_of_its_signals():
    block = block_for("prediction")
    found = prediction.errors(block)
    assert found["least squares"] < found["weights"] < found["spikes"]
    assert f"{found['spikes']:.4f}" in prediction.caption(block)
    assert prediction.errors(changed("prediction", "weights", 0.5))["weights"] > 2 * found["weights"]


def test_a_prediction_is_learnt_in_the_form_that_is_chosen():
    assert table.FIGURES["prediction"].learns
    assert "7 phases" in prediction.record(REFERENCE, 40, "published").annotations["circuit"]
    assert "8 phases" in block_for("prediction").annotations["circuit"]


def test_a_copy_that_differs_is_counted():
    original, copies = synaptic_copy.matrices(block_for("synaptic-copy"))
    np.testing.assert_array_equal(copies[-1], original)
    assert len(copies) == len(original) + 1
    assert "0 of 80 synapses of the copy differ" in synaptic_copy.caption(block_for("synaptic-copy"))
    assert "80 of 80 synapses of the copy differ from the original, by at most 2." in synaptic_copy.caption(
        changed("synaptic-copy", "copy", 2)
    )


def test_a_synapse_that_changes_otherwise_is_counted():
    found = hebbian.changes(block_for("hebbian"))
    assert found[Meeting(True, 0, True)] == 2
    assert found[Meeting(True, 0, False)] == -2
    assert sum(map(abs, found.values())) == 4
    assert "0 of the 24 changes differ" in hebbian.caption(block_for("hebbian"))
    assert "1 of the 24 changes differ" in hebbian.caption(changed("hebbian", "weight", 4))


def test_products_are_those_of_the_numbers():
    block = block_for("product")
    for part in (0, 1):
        wanted, fired = product.products(block, part)
        np.testing.assert_allclose(fired, wanted, atol=1e-12)
        assert 0 < wanted.mean() < 1
    assert product.caption(block).count("is 0.0000") == 2
    shown = words(table.FIGURES["product"].draw(block))
    numbers = product.numbers(block, 0)["error"][0]
    assert set(map(str, numbers.tolist())) <= set(shown)


def test_values_come_back_after_every_gap():
    for segment, gap in zip(block_for("memory").segments, memory.GAPS, strict=True):
        stored, back, other = memory.kept(segment)
        assert segment.annotations["gap"] == gap
        np.testing.assert_array_equal(back, stored)
        assert other == 0
        assert stored.any()


def test_curves_are_those_of_theory_for_both_units():
    for part in (0, 1):
        drives, found, theory = transfer.curves(block_for("transfer"), part)
        assert drives.min() < 0
        for name, table_of_theory in theory.items():
            np.testing.assert_array_equal(found[name], table_of_theory)
    assert transfer.caption(block_for("transfer")).endswith("theta: 0.")


def test_a_value_on_the_wrong_route_is_counted():
    condition, value, found = gating.arrived(block_for("gating"))
    np.testing.assert_array_equal(found["then"] + found["else"], value)
    assert ((found["then"] > 0) == (condition > 16)).all()
    assert "closed one: 0 of 264" in gating.caption(block_for("gating"))
    assert "closed one: 1 of 264" in gating.caption(changed("gating", "value", 1))


@pytest.mark.parametrize("name", ["decision", "synaptic-copy", "hebbian", "gating"])
def test_a_bar_stands_for_every_spike_that_is_shown(name):
    block = block_for(name)
    axes = table.FIGURES[name].draw(block).axes[0]
    low, high = axes.get_xlim()
    bars = sum(len(found.get_segments()) for found in axes.collections)
    segment = block.segments[2 if name == "decision" else 0]
    steps = np.concatenate([each[:, 0] for each in spikes_of(segment).values()])
    assert bars == ((low < steps) & (steps < high)).sum() > 10
