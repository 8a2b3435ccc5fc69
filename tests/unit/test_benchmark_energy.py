"""Energy models: their constants and sources, and what they make of counts."""

from __future__ import annotations

import dataclasses
import json

import pytest

from benchmarks.measure.energy import (
    INFERENCE,
    TRAINING,
    Counts,
    EnergyModel,
    Term,
    counts_of_circuit,
    counts_of_row,
    estimate,
    estimates,
    messages,
    model_of,
    models,
)
from benchmarks.report.against_published import COMPARED, compare, compare_row, published_network
from benchmarks.report.published import LAYER_SIZES, THIS_CIRCUIT
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
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

# The first 100 MNIST samples on the step simulator at 400-400-10, initial weights of seed 1; inference after them is
# of 100 test samples.  Spikes are means per sample by population; those of gates are 1 each.
TRAINED = {
    "input": 96.33,
    "target": 1,
    "x": 288.99,
    "h": 265.3,
    "h_low": 271.5,
    "h_high": 115.1,
    "o": 2.1,
    "o_low": 4.5,
}
TRAINED |= {"o_high": 1.2, "t": 1, "d+": 0.3, "d-": 0.7, "m_x": 96.33, "m_h": 54.1, "hT": 365.8, "oT-": 1, "c_h": 156.5}
TRAINED |= {"r": 2} | {f"g{phase}": 1 for phase in range(12)}
ANSWERED = {"input": 91.1, "x": 91.1, "h": 54.2, "o": 5.3} | {f"g{phase}": 1 for phase in range(4)}
MNIST = {
    "status": "ok",
    "case": "mnist",
    "layer_sizes": [400, 400, 10],
    "counts": {
        "spikes_per_sample": TRAINED,
        "synaptic_events_per_sample": 368_518,
        "plastic_updates_per_sample": 28_691,
        "active_updates_per_sample": 11_289,
        "inference": {
            "spikes_per_sample": ANSWERED,
            "synaptic_events_per_sample": 38_086,
            "plastic_updates_per_sample": 0,
            "active_updates_per_sample": 814,
        },
    },
}


# --- models


def test_there_is_a_model_of_every_device_that_was_asked_for():
    assert set(models()) == {
        "loihi-events",
        "loihi-sweep",
        "loihi-silicon",
        "spinnaker1",
        "spinnaker2",
        "cpu-mac",
        "gpu-mac",
    }


@pytest.mark.parametrize(
    ("model", "constants"),
    [
        ("loihi-events", {23.6, 52, 29, 1.7, 3.0, 4.0, 120}),
        ("loihi-sweep", {23.6, 52, 29, 1.7, 3.0, 4.0, 120}),
        ("loihi-silicon", {35.5, 51.2, 21.6, 69.3, 111, 3.0, 4.2}),
        ("spinnaker1", {13.3, 26}),
        ("spinnaker2", {450, 2.19}),
        ("cpu-mac", {8.6}),
        ("gpu-mac", {0.3}),
    ],
)
def test_constants_are_those_of_the_sources(model, constants):
    assert {term.value for term in models()[model].terms} == constants


@pytest.mark.parametrize("model", models().values(), ids=lambda model: model.name)
def test_every_constant_has_a_source_and_every_model_says_what_it_leaves_out(model):
    assert all(any(year in term.source for year in ("2015", "2018", "2019", "2025")) for term in model.terms)
    assert model.leaves_out
    assert model.assumes
    assert model.covers


def test_learning_by_events_and_by_sweeps_differ_in_nothing_else():
    events, sweep = (models()[name].terms for name in ("loihi-events", "loihi-sweep"))
    assert events[:-1] == sweep[:-1]
    assert (events[-1].count, sweep[-1].count) == ("plastic_updates", "plastic_sweeps")
    assert events[-1].joule == sweep[-1].joule == pytest.approx(120e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "has no source"),
        ({"unit": "eV"}, "unit of 'x' is 'eV' but must be one of pJ"),
        ({"count": "spike"}, "did you mean 'spikes'"),
        ({"value": 0}, "value of 'x' is 0 but must be a number above 0"),
        ({"value": True}, "must be a number above 0"),
        ({"value": float("nan")}, "must be a number above 0"),
        ({"times": 2.5}, "why_times does not say why"),
    ],
)
def test_a_term_that_can_not_be_right_is_refused(change, message):
    good = {"part": "x", "count": "spikes", "value": 1.0, "unit": "pJ", "source": "a paper, 2018"}
    assert Term(**good).joule == 1e-12
    with pytest.raises(InputError, match=message):
        Term(**{**good, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"leaves_out": []}, "does not say what it leaves out"),
        ({"terms": []}, "must have some"),
        ({"colour": "red"}, "is no energy model.*colour"),
        ({"terms": [{"part": "x"}]}, "is no energy model"),
    ],
)
def test_a_broken_file_is_named(change, message):
    good = dataclasses.asdict(models()["spinnaker1"])
    assert model_of(good) == models()["spinnaker1"]
    with pytest.raises(InputError, match=f"^mine.json.*{message}"):
        model_of({**good, **change}, "mine.json")


def test_a_file_that_lacks_a_field_is_named():
    with pytest.raises(InputError, match=r"^mine\.json is no energy model: 'terms'"):
        model_of({"name": "x"}, "mine.json")


# --- estimates


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


@pytest.mark.parametrize("value", [-1, True, "3", float("nan"), float("inf")])
def test_a_count_that_is_no_count_is_refused(value):
    with pytest.raises(InputError, match=r"spikes is .* but must be a number of at least 0, or None"):
        Counts(spikes=value)


# --- counts


def test_counts_of_a_tiny_circuit_are_those_by_hand():
    circuit = inference_circuit((3, 2, 1))
    spikes = {"input": 2.0, "x": 2.0, "h": 1.0, "o": 1.0, "g0": 1.0, "g1": 1.0, "g2": 1.0, "g3": 1.0}
    found = counts_of_circuit(circuit, {"spikes_per_sample": spikes, "synaptic_events_per_sample": 20.5})
    # 3 + 2 + 1 neurons and 4 gates, for 4 steps; no number of active updates is given, so all count as active.
    assert (found.neuron_updates, found.active_updates) == (40, 40)
    assert (found.spikes, found.synaptic_events) == (8, 20.5)
    assert (found.plastic_updates, found.plastic_sweeps) == (0, 0)
    assert found.dense_operations == 4 * circuit.count().synapses


def test_a_spike_is_one_message_to_each_core_with_a_target():
    circuit = inference_circuit((3, 5, 1))
    only_x = {"x": 2.0}
    assert messages(circuit, only_x, neurons_per_core=5) == 2
    assert messages(circuit, only_x, neurons_per_core=2) == 2 * 3  # 5 hidden neurons lie on 3 cores


def test_active_updates_cost_more_than_idle_ones():
    counts = counts_of_row(MNIST, TRAINING)
    assert counts.active_updates == 11_289
    idle = dataclasses.replace(counts, active_updates=0)
    model = models()["loihi-events"]
    more = estimate(model, counts).joule_per_sample - estimate(model, idle).joule_per_sample
    assert more == pytest.approx(11_289 * 29e-12)


def test_a_row_has_an_estimate_by_every_model_for_training_and_inference():
    entries = estimates(MNIST)
    assert {(entry["of"], entry["by"]) for entry in entries} == {
        (of, name) for of in (TRAINING, INFERENCE) for name in models()
    }
    for entry in entries:
        assert entry["kind"] == "estimated"
        assert entry["joule_per_sample"] == pytest.approx(sum(entry["parts"].values()))
        assert entry["covers"]
        assert entry["leaves_out"]
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries


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


# --- against the published energies


def test_the_published_circuit_has_the_published_size():
    counts = counts_of_row(MNIST, TRAINING)
    assert counts.plastic_sweeps == 500_000 * 12
    # The reinforcement neuron is counted apart in the circuit, and costs energy like any other.
    assert counts.neuron_updates == (3_282 + 1) * 12 == (training_circuit(LAYER_SIZES).count().neurons + 1) * 12


def test_sweeps_come_near_the_published_training_energy_and_events_do_not():
    ratios = {one.model: one.ratio for one in compare(TRAINING, counts_of_row(MNIST, TRAINING))}
    assert 1.1 < ratios["loihi-sweep"] < 1.4
    assert ratios["loihi-events"] < 0.05
    assert ratios["loihi-silicon"] < 0.05


def test_inference_is_estimated_at_half_to_all_of_the_published_energy():
    ratios = {one.model: one.ratio for one in compare(INFERENCE, counts_of_row(MNIST, INFERENCE))}
    assert 0.4 < ratios["loihi-events"] < ratios["loihi-silicon"] < 1


def test_every_comparison_says_why():
    found = compare_row(MNIST)
    assert [(one.of, one.model) for one in found] == [(of, model) for of, names in COMPARED.items() for model in names]
    assert all(one.published_mJ == THIS_CIRCUIT[one.of].mJ for one in found)
    reasons = {(one.of, one.model): one.reason for one in found}
    assert "28,691 synapses" in reasons[TRAINING, "loihi-events"]
    assert "6,000,000 visits at 120 pJ" in reasons[TRAINING, "loihi-sweep"]
    assert "96 pJ a visit would give the published figure" in reasons[TRAINING, "loihi-sweep"]
    assert "no cost of learning was fitted" in reasons[TRAINING, "loihi-silicon"]
    assert "17.7 µJ, 7 times as much" in reasons[INFERENCE, "loihi-events"]


def test_only_the_published_network_is_compared():
    others = [{**MNIST, "case": "digits"}, {**MNIST, "layer_sizes": [400, 200, 10]}, {**MNIST, "counts": {}}]
    assert published_network(others) is None
    assert published_network([*others, MNIST]) is MNIST
    assert compare(TRAINING, None) == []


def test_a_model_is_frozen():
    model = models()["loihi-sweep"]
    assert isinstance(model, EnergyModel)
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.name = "other"
