"""What energy models make of counts."""

from __future__ import annotations

import dataclasses
import json

import pytest
from mnist_counts import MNIST

from benchmarks.measure.energy import estimate, estimates
from benchmarks.measure.energy_model import models
from benchmarks.measure.model_counts import Counts, counts_of_row
from benchmarks.rows import INFERENCE, TRAINING
from pynn_backprop.errors import InputError

TEN = Counts(
    neuron_updates=10,
    active_updates=4,
    spikes=3,
    synaptic_events=100,
    plastic_updates=5,
    plastic_sweeps=600,
    messages=8,
    dense_operations=1000,
)


def test_the_energy_of_loihi_is_the_sum_by_hand():
    found = estimate(models()["loihi-events"], TEN)
    hops = 8 * (1.7 + 2.625 * 3.0 + 1.25 * 4.0)
    assert found.joule_per_sample == pytest.approx((100 * 23.6 + 10 * 52 + 4 * 29 + hops + 5 * 120) * 1e-12)
    assert found.parts["weight changes"] == pytest.approx(600e-12)
    assert found.parts["hops east-west"] == pytest.approx(8 * 2.625 * 3.0e-12)


def test_the_hops_are_mean_distances_in_the_mesh():
    def mean(size: int) -> float:
        return sum(abs(a - b) for a in range(size) for b in range(size)) / size**2

    times = {term.part: term.times for term in models()["loihi-sweep"].terms}
    assert times["hops east-west"] == mean(8)
    assert times["hops north-south"] == mean(4)


@pytest.mark.parametrize(
    ("name", "joule"),
    [
        ("loihi-sweep", (2360 + 520 + 116 + 8 * (1.7 + 7.875 + 5.0) + 600 * 120) * 1e-12),
        ("loihi-silicon", (3550 + 512 + 86.4 + 207.9 + 8 * (111 + 7.875 + 5.25)) * 1e-12),
        ("spinnaker1", (1330 + 260) * 1e-9),
        ("spinnaker2", (45 + 21.9) * 1e-9),
        ("cpu-mac", 8600e-9),
        ("gpu-mac", 300e-9),
    ],
)
def test_other_models_give_the_sum_by_hand(name, joule):
    assert estimate(models()[name], TEN).joule_per_sample == pytest.approx(joule)


def test_a_count_that_is_missing_is_named():
    with pytest.raises(InputError, match=r"'loihi-events' needs .*plastic_updates"):
        estimate(models()["loihi-events"], dataclasses.replace(TEN, plastic_updates=None))


def test_active_updates_cost_more_than_idle_ones():
    counts = counts_of_row(MNIST, TRAINING)
    assert counts.active_updates == 11_289
    idle = dataclasses.replace(counts, active_updates=0)
    model = models()["loihi-events"]
    more = estimate(model, counts).joule_per_sample - estimate(model, idle).joule_per_sample
    assert more == pytest.approx(11_289 * 29e-12)


def test_a_row_has_an_estimate_by_every_model_for_training_and_inference():
    entries = estimates(MNIST)
    assert [(entry["of"], entry["by"]) for entry in entries] == [
        (of, name) for of in (TRAINING, INFERENCE) for name in models()
    ]
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries
    entry = next(entry for entry in entries if (entry["of"], entry["by"]) == (TRAINING, "spinnaker1"))
    assert entry == {
        "kind": "estimated",
        "of": TRAINING,
        "by": "spinnaker1",
        "joule_per_sample": pytest.approx(368_518 * 13.3e-9 + 39_396 * 26e-9),
        "parts": {
            "synaptic events": pytest.approx(368_518 * 13.3e-9),
            "neurons, each step": pytest.approx(39_396 * 26e-9),
        },
        "covers": models()["spinnaker1"].covers,
        "leaves_out": list(models()["spinnaker1"].leaves_out),
    }


@pytest.mark.parametrize("of", [TRAINING, INFERENCE])
@pytest.mark.parametrize("name", models())
def test_every_entry_is_the_sum_of_its_parts_by_the_counts_of_its_phase(of, name):
    model, counts = models()[name], counts_of_row(MNIST, of)
    (entry,) = (entry for entry in estimates(MNIST) if (entry["of"], entry["by"]) == (of, name))
    assert entry["parts"] == {
        term.part: pytest.approx(term.joule * getattr(counts, term.count)) for term in model.terms
    }
    assert entry["joule_per_sample"] == pytest.approx(sum(entry["parts"].values()))
    assert (entry["covers"], entry["leaves_out"]) == (model.covers, list(model.leaves_out))


def test_a_network_without_spikes_has_estimates_per_multiply_accumulate_only():
    peer = {**MNIST, "counts": {"macs_per_sample": 1e6, "inference": {"macs_per_sample": 1e5}}}
    found = {(entry["of"], entry["by"]): entry["joule_per_sample"] for entry in estimates(peer)}
    assert found == {
        (TRAINING, "cpu-mac"): pytest.approx(8.6e-3),
        (TRAINING, "gpu-mac"): pytest.approx(0.3e-3),
        (INFERENCE, "cpu-mac"): pytest.approx(8.6e-4),
        (INFERENCE, "gpu-mac"): pytest.approx(0.3e-4),
    }


@pytest.mark.parametrize("counts", [{}, None])
def test_a_row_that_was_not_counted_has_no_estimates(counts):
    assert estimates({**MNIST, "status": "failed", "counts": counts}) == []
