"""Networks on a simulator of a page: whatever its traits, the spikes and weights are those of the step simulator."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scenarios import equality, graded, ownership
from scenarios.cases import random_case
from scenarios.stand_in import StandInSimulator, stand_in

from pynn_backprop.circuit.chain import chain_circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import EqualityError, InputError, PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.simulation.network import Network

CASE = random_case((20, 12, 3), 30, seed=1)
ONE_MATRIX = random_case((12, 3), 30)
GRADED = graded.random_graded_case((2, 3, 2), Graded(4), 24)
LATE = "sources more than a cycle late"
TRAITS = {
    "plain": {},
    "delays a step shorter": {"delay_offset": -1},
    "sources three steps late": {"earliest_source_step": 3},
    "fused": {"layout": "fused"},
    "fused, sources a step late": {"layout": "fused", "earliest_source_step": 1},
    LATE: {"earliest_source_step": 17},
}


@pytest.fixture(params=TRAITS)
def platform(request):
    return stand_in(**TRAITS[request.param])


def built(platform, circuit=None, record=(), case=CASE):
    return platform.build(circuit or training_circuit(case.layer_sizes), case.weights, record)


# --- the same spikes, weights and potentials


@pytest.mark.parametrize("case", [CASE, ONE_MATRIX], ids=["two matrices", "one matrix"])
def test_every_spike_and_weight_while_it_learns_equals_the_step_simulator(platform, case):
    equality.training_spikes_equal_the_step_simulator(platform, case)


def test_every_spike_and_potential_while_it_answers_equals_the_step_simulator(platform):
    equality.inference_spikes_equal_the_step_simulator(platform, CASE)


def test_pauses_lose_no_spike(platform):
    equality.a_pause_of_any_length_between_runs_loses_no_spike(platform, ONE_MATRIX)
    for pause in range(1, 9):
        equality.a_pause_before_the_first_run_loses_no_spike(platform, ONE_MATRIX, pause)


@pytest.mark.parametrize("platform", ["delays a step shorter", "fused, sources a step late", LATE], indirect=True)
def test_graded_circuits_meet_their_levels_whatever_the_pause(platform):
    graded.training_equals_step_simulator_and_oracle(platform, GRADED, 3, 19)
    graded.a_pause_of_any_length_changes_nothing(platform, GRADED, 1, 5, 12, 40)
    for skipped in (1, 13):
        graded.a_network_that_goes_on_equals_the_oracle(platform, GRADED, skipped)


def test_a_chain_copies_values_down_the_route_that_opens(platform):
    graded.a_chain_copies_values_down_the_route_that_opens(platform, n=8, populations=4, samples=20)


def test_infer_in_two_calls_equals_one(platform):
    circuit = inference_circuit(CASE.layer_sizes, probe=True)
    parts = []
    for pieces in ([CASE.x], [CASE.x[:11], CASE.x[11:]]):
        network = built(platform, circuit)
        answers = [network.infer(x) for x in pieces]
        parts.append(
            [np.concatenate([getattr(answer, name) for answer in answers]) for name in ("outputs", "potentials")]
        )
        network.close()
    np.testing.assert_array_equal(parts[0][0], parts[1][0])
    np.testing.assert_array_equal(parts[0][1], parts[1][1])


# --- what the backend is told


def test_the_simulator_is_opened_with_the_longest_delay_and_the_options():
    options = Options(variant="plain", layout="fused")
    platform = stand_in(options, delay_offset=-1)
    circuit = training_circuit(CASE.layer_sizes)
    built(platform, circuit).close()
    longest = max(projection.latency for projection in circuit.projections)
    (opened,) = platform.backend.opened
    assert opened == {"options": options, "max_delay": longest - 1.0, "timestep": 1.0, "mended": True}


@pytest.mark.parametrize(
    ("layout", "of_traits", "fused"),
    [("auto", "fused", True), ("fused", "separate", True), ("separate", "fused", False)],
)
def test_the_layout_is_the_one_of_the_options_or_else_of_the_traits(layout, of_traits, fused):
    platform = stand_in(Options(layout=layout), layout=of_traits)
    network = built(platform, training_circuit(ONE_MATRIX.layer_sizes), case=ONE_MATRIX)
    assert len(platform.sim.populations) == (2 if fused else len(network.circuit.populations))


def test_closing_ends_the_simulation_and_the_session_once():
    platform = stand_in()
    network = built(platform)
    session = network.session
    network.close()
    network.close()
    assert (platform.sim.ended, network.populations, network.projections) == (1, {}, {})
    assert session.closed >= 1


def test_closing_the_older_of_two_networks_does_not_end_the_newer_one():
    platform = stand_in()
    older, newer = built(platform), built(platform)
    older.close()
    assert platform.sim.ended == 0
    newer.close()
    assert platform.sim.ended == 1


def test_closing_does_not_end_what_the_user_has_set_up():
    platform = stand_in()
    network = built(platform)
    platform.sim.setup()
    network.close()
    assert platform.sim.ended == 0


def test_weights_are_settled_before_they_are_read():
    network = built(stand_in())
    network.weights()
    network.copies()
    network.check_copies()
    assert network.session.settled == 3


# --- samples that are skipped


def test_recorded_steps_do_not_count_samples_that_were_skipped():
    """They follow those of the network, from the first one that it shows: training adds where it stands."""
    case = ONE_MATRIX
    circuit = training_circuit(case.layer_sizes)
    steps = StepSimulator(circuit, case.weights)
    steps.train(case.x, case.labels)
    expected = steps.take_spikes()
    network = built(stand_in(), circuit, ("input", "o", "g0"), case)
    network.skip(17)
    network.train(case.x[:10], case.labels[:10])
    first = network.take_spikes()
    network.skip(5)
    network.train(case.x[10:], case.labels[10:])
    second = network.take_spikes()
    length = circuit.schedule.length
    assert first["g0"][:, 0].tolist() == list(range(length, 11 * length, length))
    for name in ("input", "o", "g0"):
        both = np.concatenate([first[name], second[name]])
        np.testing.assert_array_equal(both, expected[name][expected[name][:, 0] >= length], err_msg=name)


def test_samples_that_are_skipped_move_the_noise():
    code = Graded(4, "noise", seed=3)
    case = graded.random_graded_case((2, 3, 2), code, 6)
    circuit, spikes = training_circuit(case.units, case.parameters, case.code), {}
    for skipped in (0, 2):
        network = stand_in().build(circuit, case.weights, [source.name for source in circuit.sources])
        network.skip(skipped)
        network.train(case.x[skipped:], case.targets[skipped:])
        spikes[skipped] = network.take_spikes()
    length = circuit.schedule.length
    noise = [name for name in spikes[0] if name.startswith("noise")]
    assert noise
    for name in noise:
        later = spikes[0][name][spikes[0][name][:, 0] >= 3 * length] - np.array([2 * length, 0])
        np.testing.assert_array_equal(spikes[2][name], later, err_msg=name)


# --- what is refused, and what is noticed


def test_an_inference_circuit_can_not_be_trained():
    network = built(stand_in(), inference_circuit(CASE.layer_sizes))
    with pytest.raises(InputError, match="this is an inference circuit: it can't be trained"):
        network.train(CASE.x, CASE.labels)


def test_weights_that_are_no_integers_any_more_are_noticed():
    network = built(stand_in())
    network.session.falsify_weights = lambda weights: (
        weights + 0.01 * (np.arange(weights.size).reshape(weights.shape) == 5)
    )
    label = network.circuit.copies("W1")[0].label
    for read in (network.weights, network.copies, network.check_copies):
        with pytest.raises(EqualityError) as raised:
            read()
        assert str(raised.value) == f"the weights of {label} are no integers any more"
    assert np.any(network.raw_weights(network.circuit.copies("W1")[0]) % 1)


@pytest.mark.parametrize("error", [1e-7, -9e-7])
def test_weights_that_are_nearly_integers_are_rounded(error):
    network = built(stand_in())
    network.session.falsify_weights = lambda weights: weights + error
    equality.same_weights(network.weights(), CASE.weights)


def test_missing_synapses_are_no_integers():
    network = built(stand_in())
    network.session.falsify_weights = lambda weights: np.where(weights == weights.max(), np.nan, weights)
    with pytest.raises(EqualityError, match="no integers any more"):
        network.weights()


def test_copies_that_differ_are_noticed():
    network = built(stand_in())
    network.check_copies()
    network.session.falsify_weights = greater_by_one_each_time()
    with pytest.raises(EqualityError):
        network.check_copies()


def greater_by_one_each_time():
    """The first matrix that is read is right, every other one greater by one than the one before."""
    calls = iter(range(1000))
    return lambda weights: weights + next(calls)


@pytest.mark.parametrize("step", [0, 7, 8 + 30 * 8])
def test_spikes_where_no_sample_is_shown_are_noticed(step):
    """Here the samples take the steps from 8 to 8 + 30 * 8 - 1."""
    network = built(stand_in(), training_circuit(ONE_MATRIX.layer_sizes), case=ONE_MATRIX)
    network.session.invented_spikes = {"o": [(step, 2)]}
    with pytest.raises(EqualityError, match=rf"'o' fires at step {step}, where no sample is shown"):
        network.train(ONE_MATRIX.x, ONE_MATRIX.labels)


def test_gates_may_fire_where_no_sample_is_shown():
    network = built(stand_in(), training_circuit(ONE_MATRIX.layer_sizes), ("g0", "start"), ONE_MATRIX)
    network.train(ONE_MATRIX.x, ONE_MATRIX.labels)
    spikes = network.take_spikes()
    assert len(spikes["g0"]) == len(ONE_MATRIX.x)
    assert len(spikes["start"]) == 0, "it fires in the idle cycle before, which is not circuit time"


def test_no_samples_are_refused():
    network = built(stand_in())
    with pytest.raises(InputError, match="the number of samples is 0 but"):
        network.train(CASE.x[:0], CASE.labels[:0])


def test_sources_of_another_size_are_refused():
    network = built(stand_in())
    with pytest.raises(InputError, match=r"must be bool of shape \(n, 20\)"):
        network.show({"input": np.ones((3, 11), bool)})


# --- one network at a time


def test_the_older_of_two_networks_refuses_and_the_newer_one_goes_on(platform):
    ownership.the_older_network_refuses_and_the_newer_one_goes_on(platform)
    ownership.a_network_may_be_built_after_one_that_was_not_closed(platform)
    ownership.a_setup_of_the_user_s_is_noticed(platform)


def test_networks_on_two_simulators_leave_each_other_alone():
    networks = [built(platform) for platform in (stand_in(), stand_in())]
    for network in networks:
        network.train(CASE.x, CASE.labels)
    equality.same_weights(*(network.weights() for network in networks))


def test_the_names_of_networks_count_them_on_their_simulator():
    platform = stand_in()
    networks = [built(platform), built(platform, chain_circuit(2, 3, Graded(4)), case=GRADED), built(platform)]
    with pytest.raises(PlatformError) as raised:
        networks[0].weights()
    assert str(raised.value).startswith(
        "network 1 (training, 20-12-3) can't be used any more: network 3 (training, 20-12-3) was opened on Stand-in "
        "after it, and a simulator holds one network at a time"
    )
    populations = len(networks[1].circuit.populations)
    with pytest.raises(PlatformError, match=rf"^network 2 \({populations} populations\) can't"):
        networks[1].weights()
    assert set(networks[2].weights()) == {"W1", "W2"}


def test_a_network_that_can_not_be_opened_leaves_the_one_before_alone():
    platform = stand_in()
    network = built(platform)
    with pytest.raises(InputError, match="W1"):
        platform.build(training_circuit((20, 12, 3)), {"W1": CASE.weights["W1"]})
    network.train(CASE.x, CASE.labels)


class NoState(StandInSimulator):
    """Keeps nothing that a setup would renew."""

    def setup(self, timestep: float = 1.0) -> None:
        self.simulator = SimpleNamespace(state=SimpleNamespace())
        super().setup(timestep)
        del self.simulator


def test_a_module_without_a_state_holds_the_owner_itself():
    sim = NoState()
    older = Network(sim, training_circuit(ONE_MATRIX.layer_sizes), ONE_MATRIX.weights)
    newer = Network(sim, training_circuit(ONE_MATRIX.layer_sizes), ONE_MATRIX.weights)
    with pytest.raises(PlatformError, match=r"network 1 .* network 2 .* was opened"):
        older.weights()
    assert set(newer.weights()) == {"W1"}


# --- what users hold


def test_handles_keep_what_the_network_takes_and_only_of_cells_that_were_asked_for(platform):
    network = Network(platform.sim, training_circuit(CASE.layer_sizes), CASE.weights, ["h"], platform.options)
    network.populations["g0"].record("spikes")
    total = 0
    for x, labels in CASE.chunks(3):
        network.train(x, labels)
        total += len(network.take_spikes()["h"])
        assert sum(map(len, network.populations["h"].get_data().values())) == total > 0
    cycles = platform.sim.step // network.circuit.schedule.length
    assert sum(map(len, network.populations["g0"].get_data().values())) == cycles - 1 > len(CASE.x)
    assert not any(network.populations["o"].get_data().values())
    assert {train.annotations["population"] for train in network.block().segments[0].spiketrains} == {"h", "g0"}
