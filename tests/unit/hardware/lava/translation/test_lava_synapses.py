"""Projections as a chip's synapses: ends, delays, rules, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios.described import currents, discretized, plastic, population, sources, static, synapses

import hardware.lava as sim
from hardware.integers import Rounding
from hardware.lava.simulator import state
from hardware.lava.translation.network import Rule
from hardware.lava.translation.ranges import EXCITATORY, MIXED
from hardware.lava.translation.synapses import hold_again, is_plastic
from pynn_backprop.errors import InputError

pytestmark = pytest.mark.usefixtures("described")


def roundings(where: str) -> dict[str, Rounding]:
    return {rounding.parameter: rounding for rounding in discretized().report if rounding.where == where}


def refusal() -> str:
    with pytest.raises(InputError) as refused:
        discretized()
    return str(refused.value)


# --- ends, weights and delays


def test_a_projection_becomes_synapses():
    static(sources([1.0], [2.0]), population(2), np.array([[8, 16], [24, 0]]), 5.0, "drive")
    found = synapses()
    assert (found.label, found.from_input, found.exponent, found.rule) == ("drive", True, 0, None)
    columns = np.column_stack((found.pre, found.post, found.weight, found.delay))
    assert columns.tolist() == [[0, 0, 8, 4], [1, 0, 24, 4], [0, 1, 16, 4], [1, 1, 0, 4]]
    assert (found.delay.dtype, found.weight.dtype) == (np.int64, np.int32)


def test_synapses_from_sources_and_cells_are_kept_apart_and_know_their_places():
    inputs, middle, post = sources([1.0]), population(2, "middle"), population(1, "post")
    static(post, middle)
    static(middle + inputs, post, np.array([[2.0], [4.0], [6.0]]), np.array([[1.0], [2.0], [3.0]]))
    found = discretized()
    assert [(s.from_input, s.pre.tolist()) for s in found.network.synapses] == [
        (False, [2, 2]), (True, [0]), (False, [0, 1])
    ]  # fmt: skip
    assert [(s.weight.tolist(), s.delay.tolist()) for s in found.network.synapses[1:]] == [([6], [2]), ([2, 4], [0, 1])]
    parts = [[(number, places.tolist()) for number, places in held.parts] for held in found.projections]
    assert parts == [[(0, [0, 1])], [(1, [2]), (2, [0, 1])]]
    assert found.projections[1].weights.mantissa.tolist() == [2, 4, 6]


def test_a_projection_without_synapses_is_one_from_compartments():
    cells = population(2)
    sim.Projection(cells, cells, sim.FromListConnector([]), sim.StaticSynapse(), label=None)
    found = synapses()
    assert (found.from_input, len(found.pre), found.label) == (False, 0, "pop→pop")


def test_a_projection_that_lost_its_label_is_called_projection():
    static(population(1), population(1)).label = ""
    assert synapses().label == "projection"


def test_weights_in_mv_are_multiples_of_the_resolution():
    sim.setup(timestep=1.0, engine=None, resolution=0.25, strict=True)
    static(sources([1.0]), population(), 50.0)
    assert (synapses().weight.tolist(), synapses().exponent) == ([200], 0)
    assert discretized().projections[0].scale.tolist() == [4.0]
    assert roundings("static")["weight"] == Rounding("static", "weight", "mV", 50.0, 50.0, 0.0)


def test_weights_in_mv_are_not_rounded():
    static(sources([1.0]), population(), 255.5)
    assert "weight of 'static' is 255.5 mV" in refusal()
    assert ", 0.2 % off, and nothing is accepted" in refusal()


def test_weights_to_currents_are_in_na_may_be_rounded_and_arrive_a_step_later():
    static(sources([1.0]), currents(2), np.array([[300.0, 30.0]]), 3.0)
    assert synapses().delay.tolist() == [3, 3]
    # A weight of 1 nA adds 20/3 (exp(-1/20) - exp(-1/5)) = 0.88332 mV in the first step: 264.997 and 26.4997 units.
    assert (synapses().weight.tolist(), synapses().exponent) == ([132, 13], 1)
    weight = roundings("static")["weight"]
    assert (weight.unit, weight.value) == ("nA", 300.0)
    assert weight.held == pytest.approx(264 / 0.88332, abs=0.01)
    assert weight.error == pytest.approx(0.997 / 264.997, abs=1e-5)


def test_an_assembly_with_currents_has_its_weights_in_na():
    static(sources([1.0]), population(1) + currents(1), 300.0, 2.0)
    assert roundings("static")["weight"].unit == "nA"
    assert synapses().delay.tolist() == [1, 2]


@pytest.mark.parametrize(("delay", "steps"), [(0.1, 0), (0.3, 2), (1.1, 10), (0.3 + 1e-8, 2)])
def test_a_delay_is_a_number_of_steps_whatever_floating_point_numbers_make_of_it(delay, steps):
    """0.3 / 0.1 is 2.9999999999999996."""
    sim.setup(timestep=0.1, engine=None, strict=True, resolution=1.0)
    static(sources([1.0]), population(tau_m=1e-4), 1.0, delay)
    assert synapses().delay.tolist() == [steps]
    assert roundings("static")["delay"].error == 0.0


@pytest.mark.parametrize(("delay", "nearest"), [(1.5, 2), (0.4, 1), (2.2, 2), (2.00001, 2)])
def test_a_delay_between_two_steps_is_refused_with_the_nearest(delay, nearest):
    static(sources([1.0]), population(), 1.0, delay)
    assert refusal().startswith(
        f"delay of 'static' is {delay} ms, which the chip's integers can't hold: the nearest value is {nearest} ms, "
    )
    assert refusal().endswith(
        " and nothing is accepted; a delay is a multiple of the timestep, 1 ms, and at least that"
    )


def test_the_nearest_delay_is_named_in_ms():
    sim.setup(timestep=0.5, engine=None, strict=True, resolution=1.0)
    static(sources([1.0]), population(), 1.0, 1.2)
    assert "the nearest value is 1 ms, 17 % off" in refusal()


def test_a_delay_may_be_rounded_within_the_tolerance():
    sim.setup(timestep=1.0, engine=None, tolerance=0.2, strict=True, resolution=1.0)
    static(sources([1.0]), population(), 1.0, 2.25)
    assert synapses().delay.tolist() == [1]
    assert roundings("static")["delay"] == Rounding("static", "delay", "ms", 2.25, 2.0, 0.25 / 2.25)


# --- rules


def test_a_plastic_projection_has_a_rule():
    projection = plastic(population(2, "pre"), population(3, "post"))
    assert is_plastic(projection)
    assert not is_plastic(static(population(1), population(1)))
    found = discretized().network.synapses[0]
    assert found.rule == Rule(reinforcement=5, eta=2, w_max=254)
    assert (set(found.weight.tolist()), found.exponent, set(found.delay.tolist())) == ({10}, 0, {0})
    assert list(roundings("plastic")) == ["weight", "delay", "eta", "w_max"]


@pytest.mark.parametrize(
    ("changes", "resolution", "rule", "exponent"),
    [
        ({"eta": 3.0, "w_max": 40.0}, 1.0, Rule(5, 6, 80), -1),
        ({"eta": 4.0, "w_max": 400.0, "weight": 12.0}, 1.0, Rule(5, 2, 200), 1),
        ({"eta": 3.0, "w_max": 60.0}, 0.5, Rule(5, 6, 120), 0),
        ({"eta": 4.0, "w_max": 400.0, "weight": 12.0}, 2.0, Rule(5, 2, 200), 0),
    ],
)
def test_changes_and_bounds_have_the_exponent_of_the_weights(changes, resolution, rule, exponent):
    sim.setup(timestep=1.0, engine=None, resolution=resolution, strict=True)
    plastic(population(2, "pre"), population(3, "post"), **changes)
    assert (synapses().rule, synapses().exponent) == (rule, exponent)
    assert [roundings("plastic")[name].value for name in ("eta", "w_max")] == [changes["eta"], changes["w_max"]]
    assert [roundings("plastic")[name].held for name in ("eta", "w_max")] == [changes["eta"], changes["w_max"]]


def test_a_change_may_be_rounded_within_the_tolerance():
    sim.setup(timestep=1.0, engine=None, tolerance=0.4, strict=True, resolution=1.0)
    plastic(population(1, "pre"), population(1, "post"), eta=3.0)
    assert synapses().rule == Rule(2, 4, 254)
    assert roundings("plastic")["eta"] == Rounding("plastic", "eta", "mV", 3.0, 4.0, 1 / 3)


@pytest.mark.parametrize(("name", "value", "nearest"), [("eta", 3.0, "4 mV, 33 %"), ("w_max", 253.0, "252 mV, 0.4 %")])
def test_a_rule_that_mantissas_can_not_hold_is_refused_with_the_nearest(name, value, nearest):
    plastic(population(2, "pre"), population(3, "post"), **{name: value})
    assert refusal() == (
        f"{name} of 'plastic' is {value:g} mV, which the chip's integers can't hold: the nearest value is {nearest} "
        "off, and nothing is accepted; a plastic weight is a multiple of 2 mV, as another resolution can "
        "change"
    )


@pytest.mark.parametrize(("w_max", "said"), [(-1.0, "-1"), (0.0, "0")])
def test_a_bound_must_be_positive(w_max, said):
    plastic(population(2, "pre"), population(3, "post"), w_max=w_max)
    assert refusal() == f"w_max of 'plastic' is {said} but must be positive"


def test_a_bound_below_the_unit_is_refused():
    plastic(population(1, "pre"), population(1, "post"), weight=0.0, w_max=0.25)
    assert "w_max of 'plastic' is 0.25 mV, which the chip's integers can't hold: the nearest value is 0 mV" in refusal()


@pytest.mark.parametrize("post", [population, currents])
def test_a_plastic_projection_with_a_delay_or_onto_currents_is_refused(post):
    plastic(population(1, "pre"), post(1), delay=2.0 if post is population else 1.0)
    assert refusal() == (
        "'plastic' learns, so its delay must be one timestep and its postsynaptic cells IF_curr_delta: Loihi's "
        "learning connections have no delays"
    )


def test_a_plastic_projection_partly_onto_currents_is_refused():
    plastic(population(1, "pre"), population(1) + currents(1))
    assert refusal().startswith("'plastic' learns")


def test_a_reinforcement_that_is_no_cell_is_refused():
    plastic(population(1, "pre"), population(1, "post"), sources([1.0]))
    assert refusal() == (
        "reinforcement of 'plastic' is a spike source, but must be a cell: let the source drive a cell, which fires "
        "one delay later"
    )


def test_a_plastic_projection_without_synapses_has_its_rule_all_the_same():
    pre, post, r = population(1, "pre"), population(1, "post"), population(1, "r")
    rule = sim.ReinforcedHebbianSynapse(r, weight=0.0, eta=4.0, w_max=40.0)
    sim.Projection(pre, post, sim.FromListConnector([]), rule, label="plastic")
    assert synapses().rule == Rule(2, 2, 254)


# --- new weights


def test_new_weights_are_held_with_the_exponent_of_the_first():
    projection = static(sources([1.0]), population(2), np.array([[512.0, 4.0]]))
    found = discretized()
    again = hold_again(projection, np.array([1020.0, 8.0]), found.projections[0], found.numbering.in_mv, state.grid)
    assert (again.mantissa.tolist(), again.exponent, again.mode) == ([255, 2], 2, EXCITATORY)
    with pytest.raises(InputError, match="the weights of 'static' must stay between 0 and 1020 mV"):
        hold_again(projection, np.array([1024.0, 8.0]), found.projections[0], found.numbering.in_mv, state.grid)


def test_new_plastic_weights_are_held_too():
    projection = plastic(population(1, "pre"), population(1, "post"))
    found = discretized()
    again = hold_again(projection, np.array([-4.0]), found.projections[0], found.numbering.in_mv, state.grid)
    assert (again.mantissa.tolist(), again.exponent, again.mode) == ([-4], 0, MIXED)
