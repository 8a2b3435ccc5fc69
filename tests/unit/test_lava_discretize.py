"""From PyNN's units to the chip's integers: what is held, how well, and what is refused with which nearest value."""

from __future__ import annotations

import json
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

import hardware.lava as sim
from hardware.lava.translation import ranges as chip
from hardware.integers import EXACT, TOLERANCE, Grid, Rounding, RoundingReport, check_rounding
from hardware.lava.simulator import state
from hardware.lava.translation.discretize import Discretization, discretize
from hardware.lava.translation.neurons import Cells, discretize_cells
from hardware.lava.translation.sources import planned_spikes
from hardware.lava.translation.weights import HALVED, hold_weights
from pynn_backprop.errors import InputError

DELTA = {
    "v_rest": 0.0, "v_reset": 0.0, "v_thresh": 1024.5, "tau_m": 0.001, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0,
}  # fmt: skip
EXPONENTIAL = {
    "v_rest": -65.0, "v_reset": -65.0, "v_thresh": -50.0, "tau_m": 20.0, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0,
    "tau_syn_E": 5.0, "tau_syn_I": 5.0,
}  # fmt: skip
STEP = Grid(1.0)


def cells(base: dict[str, float], grid: Grid = STEP, size: int = 1, **changes: object) -> Cells:
    values = {**base, **changes}
    return discretize_cells("pop", {name: np.broadcast_to(value, size) for name, value in values.items()}, grid)


def decay_time(lost: int, timestep: float = 1.0) -> float:
    """The time constant that loses this many 4096ths in a step."""
    return -timestep / math.log1p(-lost / 4096)


@pytest.fixture
def network():
    """A simulator that describes but does not run, so that no Lava is needed."""
    sim.setup(timestep=1.0, engine=None)
    yield sim
    sim.end()


def population(size: int = 1, label: str = "pop", **changes: object):
    return sim.Population(size, sim.IF_curr_delta(**{**DELTA, **changes}), label=label)


def sources(*trains: list[float], label: str = "sources"):
    return sim.Population(len(trains), sim.SpikeSourceArray(spike_times=list(trains)), label=label)


def discretized() -> Discretization:
    return state.discretized()


# --- memoryless cells


@pytest.mark.parametrize(("threshold", "mantissa"), [(1024.5, 1024), (1024.0, 1024), (1023.9, 1023), (0.5, 0)])
def test_every_threshold_of_a_memoryless_cell_is_held(threshold, mantissa):
    held = cells(DELTA, v_thresh=threshold)
    assert held.threshold.tolist() == [mantissa]
    assert (held.du[0], held.dv[0], held.lateness) == (4095, 4096, 0)
    assert max(rounding.error for rounding in held.roundings) == 0


def test_the_cells_of_the_circuit_need_no_bias():
    held = cells(DELTA, v_rest=-8192.0, v_reset=-8192.0)
    assert held.threshold.tolist() == [9216]
    assert held.bias_mantissa.tolist() == [0]
    assert held.origin.tolist() == [-8192.0]


def test_what_rest_differs_from_reset_is_a_bias():
    held = cells(DELTA, v_rest=-8192.0, v_reset=0.0)
    assert (held.bias_mantissa[0], held.bias_exponent[0]) == (-4096, 7)
    assert held.threshold.tolist() == [1024]


def test_a_bias_has_the_smallest_exponent_that_holds_it():
    held = cells(DELTA, size=3, v_rest=np.array([1.0, 64.0, -100.0]))
    assert held.bias_mantissa.tolist() == [64, 2048, -3200]
    assert held.bias_exponent.tolist() == [0, 1, 1]


def test_a_bias_that_is_too_large_is_refused_with_the_largest():
    with pytest.raises(InputError, match=r"bias .* of 'pop' is 8192 mV.*nearest value is 8190 mV"):
        cells(DELTA, v_rest=8192.0, v_thresh=9000.0)


def test_a_current_is_a_bias_too():
    held = cells(DELTA, tau_m=decay_time(1024), i_offset=2.0, v_thresh=100.0)
    wanted = 1024 / 4096 * decay_time(1024) * 2.0
    assert held.bias_mantissa[0] << held.bias_exponent[0] == round(64 * wanted)


@given(
    rest=st.integers(-2000, 2000).map(lambda half: 2 * half),
    reset=st.integers(-2000, 2000).map(lambda half: 2 * half),
    gap=st.floats(0.01, 9000),
    drive=st.integers(-20_000, 20_000),
)
def test_a_memoryless_cell_fires_exactly_when_it_does_in_pynn(rest, reset, gap, drive):
    threshold = reset + gap
    held = cells(DELTA, v_rest=float(rest), v_reset=float(reset), v_thresh=threshold)
    v = 64 * drive + (held.bias_mantissa[0] << held.bias_exponent[0])
    assume(abs(rest + drive - threshold) > 1e-5)
    assert (v > held.threshold[0] << 6) == (rest + drive > threshold)


def test_a_threshold_that_no_potential_reaches_is_the_largest():
    held = cells(DELTA, v_thresh=2.0**20 + 0.5)
    assert held.threshold.tolist() == [chip.THRESHOLD.high]
    assert any("beyond the range of v" in rounding.parameter for rounding in held.roundings)


# --- cells with memory


def test_a_decay_that_is_a_multiple_of_a_4096th_is_held_exactly():
    held = cells(DELTA, tau_m=decay_time(300), v_thresh=1000.0)
    assert held.dv.tolist() == [300]
    assert held.roundings[0].error < EXACT


def test_the_error_of_a_decay_is_reported():
    held = cells(EXPONENTIAL, Grid(1.0, 2.0**-8))
    assert (held.du[0], held.dv[0]) == (741, 200)
    tau_m = held.roundings[0]
    assert (tau_m.where, tau_m.parameter, tau_m.unit, tau_m.value) == ("pop", "tau_m", "ms", 20.0)
    assert tau_m.held == pytest.approx(decay_time(200))
    assert tau_m.error == pytest.approx(200 / 4096 / -math.expm1(-1 / 20) - 1)


def test_a_decay_that_is_too_slow_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"tau_m of 'pop' is 3000 ms.* nearest value is 4095\.5 ms, 27 % off"):
        cells(DELTA, tau_m=3000.0, v_thresh=1000.0)
    with pytest.raises(InputError, match=r"1000 ms.*no more than 1 % \(tolerance in setup\(\)\) is accepted"):
        cells(DELTA, tau_m=1000.0, v_thresh=1000.0)
    assert cells(DELTA, Grid(1.0, 2.0**-6, tolerance=0.03), tau_m=1000.0, v_thresh=1000.0).dv.tolist() == [4]


def test_without_any_leak_nothing_decays():
    held = cells(DELTA, tau_m=math.inf, v_thresh=100.0, i_offset=1.0)
    assert held.dv.tolist() == [0]
    assert (held.bias_mantissa[0] << held.bias_exponent[0]) == 64


def test_a_threshold_between_two_multiples_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"v_thresh of 'pop' is 1000\.4 mV.*nearest value is 1000 mV.*nothing is acc"):
        cells(DELTA, tau_m=decay_time(300), v_thresh=1000.4)
    assert cells(DELTA, Grid(1.0, 0.2), tau_m=decay_time(300), v_thresh=1000.4).threshold.tolist() == [5002]


def test_the_potential_settles_where_it_does_in_pynn():
    held = cells(DELTA, Grid(1.0, 1 / 16), tau_m=20.0, v_rest=10.0, v_reset=-60.0, v_thresh=1000.0, i_offset=1.5)
    v = 0
    for _ in range(500):
        v = v * (4096 - held.dv[0]) // 4096 + (held.bias_mantissa[0] << held.bias_exponent[0])
    settled = held.origin[0] + v / 64 / 16
    assert settled == pytest.approx(10.0 + 20.0 * 1.5, abs=0.02)


def test_a_resolution_that_is_too_coarse_is_refused_and_the_one_that_is_advised_accepted():
    with pytest.raises(InputError, match=r"resolution is 1 mV.*'pop'.*setup\(resolution=(\S+)\) is fine") as refused:
        cells(EXPONENTIAL)
    advised = float(str(refused.value).split("resolution=")[1].split(")")[0])
    assert math.log2(advised) == round(math.log2(advised))
    held = cells(EXPONENTIAL, Grid(1.0, advised))
    assert held.roundings[-1].error <= TOLERANCE
    with pytest.raises(InputError, match="too coarse"):
        cells(EXPONENTIAL, Grid(1.0, 2 * advised))


@pytest.mark.parametrize(("tau_m", "tau_syn"), [(20.0, 5.0), (5.0, 20.0), (10.0, 10.0), (10.0, 10.0 + 1e-9)])
def test_the_response_to_a_current_is_that_of_the_differential_equation(tau_m, tau_syn):
    held = cells(EXPONENTIAL, Grid(1.0, 2.0**-9), tau_m=tau_m, tau_syn_E=tau_syn, tau_syn_I=tau_syn, cm=0.25)
    n = 100_000
    time = (np.arange(n) + 0.5) / n
    exact = np.mean(np.exp(-time / tau_syn) * np.exp(-(1 - time) / tau_m)) / 0.25
    np.testing.assert_allclose(held.weight_scale, exact, rtol=1e-6)
    assert held.lateness == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tau_refrac": 2.0}, "tau_refrac of 'pop' is 2 ms.*nearest value is 0 ms"),
        ({"tau_syn_I": 6.0}, "tau_syn_I of 'pop' is 6 ms.*nearest value is that of tau_syn_E, 5 ms"),
        ({"v_thresh": -65.0}, "v_thresh of 'pop' is -65 mV, but must be above v_reset"),
        ({"tau_m": 0.0}, "tau_m of 'pop' is 0 but must be a positive number"),
        ({"cm": -1.0}, "cm of 'pop' is -1 but must be a positive number"),
        ({"v_rest": math.nan}, "v_rest of 'pop' is nan but must be a number"),
    ],
)
def test_what_a_compartment_can_not_do_is_refused(changes, message):
    with pytest.raises(InputError, match=message):
        cells(EXPONENTIAL, Grid(1.0, 2.0**-8), **changes)


def test_a_refractory_time_below_half_a_step_is_none():
    assert cells(DELTA, tau_refrac=0.1).threshold.tolist() == [1024]


def test_the_worst_of_many_cells_is_the_one_that_is_named():
    tau = np.array([decay_time(300), 2500.0, decay_time(400)])
    with pytest.raises(InputError, match="tau_m of 'pop' is 2500 ms"):
        cells(DELTA, size=3, tau_m=tau, v_thresh=1000.0)


# --- weights


def hold(*units: float, tolerance: float = EXACT, rule=None, like=None):
    return hold_weights("proj", np.array(units, float), "mV", np.array(1.0), tolerance, rule, like)[0]


@pytest.mark.parametrize(
    ("units", "mantissas", "exponent", "mode"),
    [
        ((255.0,), [255], 0, chip.EXCITATORY),
        ((256.0,), [128], 1, chip.EXCITATORY),
        ((8192.0,), [128], 6, chip.EXCITATORY),
        ((-1024.0, -512.0), [-128, -64], 3, chip.INHIBITORY),
        ((-255.0, 0.0), [-255, 0], 0, chip.INHIBITORY),
        ((-2.0, 2.0), [-2, 2], 0, chip.MIXED),
        ((-256.0, 254.0), [-256, 254], 0, chip.MIXED),
        ((-512.0, 256.0), [-256, 128], 1, chip.MIXED),
        ((-128.0, 127.0), [-256, 254], HALVED, chip.MIXED),
        ((0.0,), [0], 0, chip.EXCITATORY),
        ((), [], 0, chip.EXCITATORY),
    ],
)
def test_weights_have_the_smallest_exponent_that_holds_them(units, mantissas, exponent, mode):
    held = hold(*units)
    assert held.mantissa.tolist() == mantissas
    assert (held.exponent, held.mode) == (exponent, mode)
    np.testing.assert_array_equal(held.units, units)


def test_plastic_weights_have_both_signs_and_room_to_grow():
    assert hold(10.0, rule=(2.0, 254.0)).mode is chip.MIXED
    assert hold(10.0, rule=(2.0, 254.0)).exponent == 0
    assert hold(12.0, rule=(4.0, 500.0)).exponent == 1
    odd = hold(10.0, rule=(3.0, 40.0))
    assert (odd.exponent, odd.mantissa.tolist()) == (HALVED, [20])


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ((256.0, 1.0), "weight of 'proj' is 1 mV.*nearest value is 0 mV.*multiples of 2 times the resolution"),
        ((0.5,), r"weight of 'proj' is 0\.5 mV"),
        ((-200.0, 201.0), "weight of 'proj' is 201 mV.*nearest value is 20[02] mV"),
        ((40000.0,), "weight of 'proj' is, or may become, 40000 mV.*too large.*coarser"),
    ],
)
def test_weights_that_no_mantissa_holds_are_refused_with_the_nearest(units, message):
    with pytest.raises(InputError, match=message):
        hold(*units)


def test_weights_are_rounded_within_a_tolerance_of_the_largest():
    held = hold(1000.0, 3.0, tolerance=0.01)
    assert held.mantissa.tolist() == [250, 1]
    with pytest.raises(InputError, match="nearest"):
        hold(1000.0, 3.0, tolerance=0.0005)


def test_new_weights_keep_the_exponent_and_the_sign():
    first = hold(512.0, 4.0)
    assert hold(1020.0, 0.0, like=first).mantissa.tolist() == [255, 0]
    for wrong in (1024.0, -4.0):
        with pytest.raises(InputError, match=r"'proj' must stay between 0 and 1020 mV.*reset\(\)"):
            hold(wrong, like=first)
    with pytest.raises(InputError, match=r"weight of 'proj' is 5 mV.*was chosen for the first run"):
        hold(5.0, like=first)


@given(st.lists(st.integers(-127, 127), min_size=1, max_size=20), st.integers(0, 6))
def test_weights_of_one_size_are_always_exact(mantissas, exponent):
    units = np.array(mantissas) * 2.0**exponent
    np.testing.assert_array_equal(hold(*units).units, units)
    held = hold(*units)
    assert held.mode.holds(held.mantissa).all()


# --- networks


def test_cells_with_equal_decays_are_one_group(network):
    slow, fast = {"tau_m": decay_time(300), "v_thresh": 100.0}, {}
    population(2, "a", **fast), population(3, "b", **slow), population(1, "c", **fast)
    sources([3.0])
    found = discretized()
    groups, parts = found.network.compartments, found.network.parts
    assert [(g.label, g.first, g.size, g.dv) for g in groups] == [("b", 0, 3, 300), ("a, c", 3, 3, 4096)]
    assert [(p.label, p.first, p.size, p.offset) for p in parts] == [("b", 0, 3, 0), ("a", 3, 2, 0), ("c", 5, 1, 0)]
    assert found.numbering.number.tolist() == [3, 4, 0, 1, 2, 5, 0]
    assert found.numbering.neuron.tolist() == [2, 3, 4, 0, 1, 5]
    assert found.network.forgets.tolist() == [False] * 3 + [True] * 3
    assert found.network.compartments[1].threshold.tolist() == [1024] * 3


def test_a_population_with_different_decays_is_in_several_parts(network):
    mixed = np.array([0.001, decay_time(300), decay_time(300), 0.001])
    population(4, "mixed", tau_m=mixed, v_thresh=100.0)
    parts = discretized().network.parts
    assert [(p.first, p.size, p.offset) for p in parts] == [(0, 2, 1), (2, 1, 0), (3, 1, 3)]


def test_a_projection_becomes_synapses(network):
    pre, post = sources([1.0], [2.0]), population(2)
    synapse = sim.StaticSynapse(weight=np.array([[8, 16], [24, 0]]), delay=5.0)
    sim.Projection(pre, post, sim.AllToAllConnector(), synapse, label="drive")
    (synapses,) = discretized().network.synapses
    assert (synapses.label, synapses.from_input, synapses.exponent) == ("drive", True, 0)
    assert synapses.rule is None
    columns = (synapses.pre, synapses.post, synapses.weight, synapses.delay)
    assert sorted(np.column_stack(columns).tolist()) == [[0, 0, 8, 4], [0, 1, 16, 4], [1, 0, 24, 4], [1, 1, 0, 4]]


def test_synapses_from_sources_and_cells_are_kept_apart(network):
    inputs, middle, post = sources([1.0]), population(2, "middle"), population(1, "post")
    sim.Projection(middle + inputs, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=4.0))
    found = discretized()
    assert [(s.from_input, s.pre.tolist()) for s in found.network.synapses] == [(True, [0]), (False, [0, 1])]
    assert [places.tolist() for _, places in found.projections[0].parts] == [[2], [0, 1]]


def test_currents_arrive_a_step_later(network):
    exponential = {**EXPONENTIAL, "v_thresh": 5000.0}
    pre, post = sources([1.0]), sim.Population(1, sim.IF_curr_exp(**exponential), label="exp")
    sim.Projection(pre, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=300.0, delay=1.0))
    (synapses,) = discretized().network.synapses
    assert synapses.delay.tolist() == [1]
    report = sim.rounding_report()
    (weight,) = [rounding for rounding in report if rounding.parameter == "weight"]
    assert weight.unit == "nA"
    assert weight.value == 300.0
    assert 0 < weight.error < 0.004


def plastic(network, pre, post, **changes: float):
    r = population(1, "r")
    synapse = sim.ReinforcedHebbianSynapse(r, **{"weight": 10.0, "eta": 2.0, "w_max": 254.0, **changes})
    return sim.Projection(pre, post, sim.AllToAllConnector(), synapse, label="plastic")


def test_a_plastic_projection_has_a_rule(network):
    plastic(network, population(2, "pre"), population(3, "post"))
    (synapses,) = discretized().network.synapses
    assert synapses.rule is not None
    assert (synapses.rule.reinforcement, synapses.rule.eta, synapses.rule.w_max) == (5, 2, 254)


def test_odd_changes_halve_the_mantissas(network):
    plastic(network, population(2, "pre"), population(3, "post"), eta=3.0, w_max=40.0)
    (synapses,) = discretized().network.synapses
    assert (synapses.exponent, synapses.rule.eta, synapses.rule.w_max) == (-1, 6, 80)
    assert set(synapses.weight) == {20}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"delay": 2.0}, "'plastic' learns, so its delay must be one timestep"),
        ({"eta": 3.0}, r"eta of 'plastic' is 3 mV.*multiple of 2 mV"),
        ({"w_max": 253.0}, "w_max of 'plastic' is 253 mV.*nearest value is 25[24] mV"),
        ({"w_max": -1.0}, "w_max of 'plastic' is -1 but"),
    ],
)
def test_rules_that_the_chip_does_not_have_are_refused(network, changes, message):
    plastic(network, population(2, "pre"), population(3, "post"), **changes)
    with pytest.raises(InputError, match=message):
        discretized()


def test_plastic_synapses_onto_currents_are_refused(network):
    plastic(network, population(1, "pre"), sim.Population(1, sim.IF_curr_exp(**{**EXPONENTIAL, "v_thresh": 5000.0})))
    with pytest.raises(InputError, match=r"'plastic' learns.*IF_curr_delta"):
        discretized()


def test_a_reinforcement_that_is_no_cell_is_refused(network):
    synapse = sim.ReinforcedHebbianSynapse(sources([1.0]), weight=0.0)
    sim.Projection(population(1, "a"), population(1, "b"), sim.AllToAllConnector(), synapse, label="plastic")
    with pytest.raises(InputError, match="reinforcement of 'plastic' is a spike source, but must be a cell"):
        discretized()


@pytest.mark.parametrize(("delay", "nearest"), [(1.5, 2), (0.4, 1), (2.2, 2)])
def test_a_delay_between_two_steps_is_refused_with_the_nearest(network, delay, nearest):
    sim.Projection(sources([1.0]), population(), sim.AllToAllConnector(), sim.StaticSynapse(weight=1.0, delay=delay))
    with pytest.raises(InputError, match=rf"delay of 'sources→pop' is {delay} ms.*nearest value is {nearest} ms"):
        discretized()


def test_a_rounding_report_names_every_parameter(network):
    pre, post = sources([1.0]), population(1, "cells", tau_m=20.0, v_thresh=1000.0)
    sim.Projection(pre, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=8.0), label="drive")
    report = sim.rounding_report()
    named = {(rounding.where, rounding.parameter) for rounding in report}
    assert {("cells", "tau_m"), ("cells", "v_thresh"), ("drive", "weight"), ("drive", "delay")} <= named
    assert report.largest_error == pytest.approx(200 / 4096 / -math.expm1(-1 / 20) - 1)
    assert "cells: tau_m 20 ms is held as 19.9758 ms, error 0.12%" in str(report)
    assert json.loads(json.dumps(report.as_dict()))[0]["parameter"] == "tau_m"


def test_an_empty_network_is_no_error(network):
    assert discretize((), (), STEP).network.n_compartments == 0
    assert str(sim.rounding_report()) == "0 of 0 parameters are held exactly"


# --- spikes of sources


def planned(*trains: list[float], after: int = 0, tolerance: float | None = None) -> list[list[int]]:
    sources(*trains)
    return np.column_stack(
        planned_spikes(state.populations, state.discretized().numbering.number, Grid(1.0, 1.0, tolerance), after)
    ).tolist()


def test_spikes_are_steps_and_inputs_in_order(network):
    sources([4.0], label="first")
    assert planned([3.0, 7.0], [], [3.0]) == [[3, 1], [3, 3], [4, 0], [7, 1]]


def test_spikes_that_are_past_are_left_out(network):
    assert planned([3.0, 7.0, 8.0], after=7) == [[8, 0]]


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ([3.0, 4.3], r"spike_times of 'sources' is 4\.3 ms.*nearest value is 4 ms"),
        ([0.0, 4.0], "spike_times of 'sources' hold 0 ms, but the first step.*nearest value, is 1 ms"),
        ([-3.0], "spike_times of 'sources' hold -3 ms"),
        ([4.0, 4.0], "neuron 1 of 'sources' fires twice at 4 ms"),
        ([math.nan], "spike_times of 'sources' hold nan but must be numbers"),
    ],
)
def test_spikes_that_no_step_has_are_refused(network, train, message):
    with pytest.raises(InputError, match=message):
        planned([2.0], train)


def test_spikes_are_moved_to_a_step_within_the_tolerance(network):
    assert planned([3.2, 4.4], tolerance=0.5) == [[3, 0], [4, 0]]


# --- rounding


def test_a_report_lists_the_worst_first():
    good, bad = (Rounding(name, "w", "mV", 1.0, 1.0, error) for name, error in (("good", 0.001), ("bad", 0.01)))
    lines = str(RoundingReport((good, bad))).splitlines()
    assert lines[0] == "0 of 2 parameters are held exactly"
    assert lines[1].startswith("bad: w")


def test_nothing_can_be_rounded_wrongly():
    none = np.zeros(0)
    assert check_rounding("x", "w", "mV", none, none, none, 0.0).error == 0.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"timestep": 0.0}, "timestep is 0.0 but must be a positive number"),
        ({"timestep": 1.0, "resolution": -1.0}, "resolution is -1.0 but"),
        ({"timestep": 1.0, "resolution": math.inf}, "resolution is inf but"),
        ({"timestep": 1.0, "tolerance": 2.0}, "tolerance is 2.0 but must be None or a number from 0 to 1"),
        ({"timestep": True}, "timestep is True but"),
    ],
)
def test_a_grid_of_nonsense_is_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        Grid(**arguments)
