"""PyNN's cells as compartments, by value: thresholds, biases, and what is refused."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

from hardware.integers import Grid
from hardware.lava.translation.neurons import Cells, discretize_cells
from pynn_backprop.errors import InputError

DELTA = {
    "v_rest": 0.0, "v_reset": 0.0, "v_thresh": 1024.5, "tau_m": 0.001, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0,
}  # fmt: skip
EXPONENTIAL = {
    "v_rest": -65.0, "v_reset": -65.0, "v_thresh": -50.0, "tau_m": 20.0, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0,
    "tau_syn_E": 5.0, "tau_syn_I": 5.0,
}  # fmt: skip
STEP = Grid(1.0)
FINE = Grid(1.0, 2.0**-8)
QUARTER = -1 / math.log1p(-1024 / 4096)
"""The time constant in ms that loses a quarter in a step of 1 ms."""


def cells(base: dict[str, float], grid: Grid = STEP, size: int = 1, **changes: object) -> Cells:
    values = {**base, **changes}
    return discretize_cells("pop", {name: np.broadcast_to(value, size) for name, value in values.items()}, grid)


def errors(held: Cells) -> dict[str, float]:
    return {rounding.parameter: rounding.error for rounding in held.roundings}


def biases(held: Cells) -> list[tuple[int, int]]:
    return list(zip(held.bias_mantissa.tolist(), held.bias_exponent.tolist(), strict=True))


BIAS = "the bias (from v_rest - v_reset and i_offset)"
CUT_OFF = "v, by fractions cut off"

# --- decays and scales


def test_a_memoryless_cell_keeps_nothing_and_takes_weights_in_mv():
    held = cells(DELTA, size=2)
    assert (held.du.tolist(), held.dv.tolist()) == ([4095, 4095], [4096, 4096])
    assert (held.weight_scale.tolist(), held.lateness) == ([1.0, 1.0], 0)
    assert cells(DELTA, v_rest=-65, v_reset=-65).origin.dtype == float
    assert errors(held) == {"tau_m": 0.0, BIAS: 0.0, "v_thresh": 0.0, "tau_refrac": 0.0, CUT_OFF: 0.0}


def test_a_cell_with_currents_has_both_decays_and_sees_spikes_a_step_later():
    held = cells(EXPONENTIAL, FINE)
    assert (held.du.tolist(), held.dv.tolist()) == ([741], [200])  # 4096 (1 - exp(-1/5)) = 742.48
    # 20 * 5 / 15 * (exp(-1/20) - exp(-1/5))
    np.testing.assert_allclose(held.weight_scale, 20 / 3 * (math.exp(-0.05) - math.exp(-0.2)), rtol=1e-12)
    assert held.lateness == 1
    assert list(errors(held)) == ["tau_m", "tau_syn_E", BIAS, "v_thresh", "tau_refrac", CUT_OFF]
    # 4096/200 and 4096/742 * 4096/200 fractions of 1/64 of 1/256 mV, of 15 mV.
    assert errors(held)[CUT_OFF] == pytest.approx((20.48 + 113.05) / 64 / 256 / 15, rel=1e-3)
    with pytest.raises(InputError, match="resolution is 1 mV, which is too coarse for 'pop'"):
        cells(EXPONENTIAL)


def test_without_a_leak_nothing_decays_but_currents_need_one():
    held = cells(DELTA, tau_m=math.inf, v_thresh=100.0)
    assert (held.du.tolist(), held.dv.tolist()) == ([4095], [0])
    with pytest.raises(InputError, match=r"tau_m of 'pop' is inf ms.*nearest value is 4095\.5 ms"):
        cells(EXPONENTIAL, FINE, tau_m=math.inf)


def test_a_slow_current_is_refused_by_its_own_name():
    with pytest.raises(InputError, match=r"tau_syn_E of 'pop' is 3000 ms.*nearest value is 4095\.5 ms, 27 % off"):
        cells(EXPONENTIAL, FINE, tau_syn_E=3000.0, tau_syn_I=3000.0)


# --- thresholds


@pytest.mark.parametrize(
    ("threshold", "mantissa"), [(1024.5, 1024), (1024.0, 1024), (1023.9, 1023), (0.5, 0), (1024.99, 1024)]
)
def test_every_threshold_of_a_memoryless_cell_is_held(threshold, mantissa):
    held = cells(DELTA, v_thresh=threshold)
    assert held.threshold.tolist() == [mantissa]
    assert held.threshold.dtype == np.int64
    assert errors(held)["v_thresh"] == 0.0


@pytest.mark.parametrize(
    ("reset", "threshold", "mantissa"), [(-65.1, -55.1, 10), (-0.7, 0.0, 0), (-8192.0, 1024.5, 9216)]
)
def test_thresholds_count_from_the_reset_potential_whatever_floating_point_numbers_make_of_it(
    reset, threshold, mantissa
):
    """-55.1 + 65.1 is 9.999999999999993."""
    held = cells(DELTA, v_rest=reset, v_reset=reset, v_thresh=threshold)
    assert held.threshold.tolist() == [mantissa]
    assert held.origin.tolist() == [reset]
    assert biases(held) == [(0, 0)]


@pytest.mark.parametrize(("below", "mantissa"), [(5e-7, 10), (5e-6, 9)])
def test_a_threshold_is_a_multiple_if_it_lies_a_millionth_below(below, mantissa):
    assert cells(DELTA, v_thresh=10 - below).threshold.tolist() == [mantissa]


def test_a_threshold_of_a_cell_with_memory_is_the_nearest_multiple_of_the_resolution():
    assert cells(DELTA, Grid(1.0, 0.2), tau_m=QUARTER, v_thresh=1000.4).threshold.tolist() == [5002]
    with pytest.raises(InputError) as refused:
        cells(DELTA, tau_m=QUARTER, v_thresh=1000.4)
    assert str(refused.value) == (
        "v_thresh of 'pop' is 1000.4 mV, which the chip's integers can't hold: the nearest value is 1000 mV, 0.04 % "
        "off, and nothing is accepted; a threshold is a multiple of 1 mV, which setup(resolution=...) can change"
    )
    held = cells(DELTA, Grid(1.0, 1.0, 0.001), tau_m=QUARTER, v_reset=-60.0, v_rest=-60.0, v_thresh=940.6)
    assert held.threshold.tolist() == [1001]
    assert held.roundings[2].held == 941.0
    assert held.roundings[2].error == pytest.approx(0.0004 / 1.0006)


def test_a_threshold_of_a_cell_with_currents_may_be_rounded_by_1_percent():
    held = cells(EXPONENTIAL, FINE, v_thresh=-50.001)
    assert held.threshold.tolist() == [3840]
    assert errors(held)["v_thresh"] == pytest.approx(0.001 / 14.999, rel=1e-6)


def test_a_memoryless_cell_with_a_bias_between_two_multiples_is_like_one_with_memory():
    """Then v is no multiple of the resolution."""
    held = cells(DELTA, v_rest=0.5, v_thresh=10.0)
    assert (held.threshold.tolist(), biases(held)) == ([10], [(32, 0)])
    with pytest.raises(InputError, match=r"v_thresh of 'pop' is 10\.7 mV.*nearest value is 11 mV"):
        cells(DELTA, v_rest=0.5, v_thresh=10.7)
    assert cells(DELTA, v_rest=1.0, v_thresh=10.7).threshold.tolist() == [10]


def test_only_a_cell_that_forgets_its_current_too_holds_every_threshold():
    fast = {**EXPONENTIAL, "v_rest": 0.0, "v_reset": 0.0, "v_thresh": 10.7, "tau_m": 0.05}
    held = cells(fast, tau_syn_E=0.06, tau_syn_I=0.06)
    assert (held.threshold.tolist(), errors(held)["v_thresh"]) == ([10], 0.0)
    with pytest.raises(InputError, match=r"v_thresh of 'pop' is 10\.7 mV.*nearest value is 11 mV"):
        cells({**fast, "tau_syn_E": 5.0, "tau_syn_I": 5.0}, Grid(1.0, tolerance=0.02))


@pytest.mark.parametrize(("tau_m", "gap"), [(0.001, 2.0**20 + 0.5), (QUARTER, 2.0**17), (0.001, 131_072.0)])
def test_a_threshold_that_no_potential_reaches_is_the_largest(tau_m, gap):
    held = cells(DELTA, tau_m=tau_m, v_thresh=gap)
    assert held.threshold.tolist() == [131_071]
    assert errors(held)["v_thresh, beyond the range of v"] == 0.0


@pytest.mark.parametrize(("tau_m", "gap"), [(0.001, 131_071.9), (QUARTER, 131_071.0)])
def test_the_largest_threshold_is_within_reach(tau_m, gap):
    held = cells(DELTA, tau_m=tau_m, v_thresh=gap)
    assert held.threshold.tolist() == [131_071]
    assert "v_thresh" in errors(held)


# --- biases


@pytest.mark.parametrize(
    ("rest", "bias"),
    [(1.0, (64, 0)), (63.984375, (4095, 0)), (64.0, (2048, 1)), (-64.0, (-4096, 0)), (-100.0, (-3200, 1)),
     (8190.0, (4095, 7)), (-8192.0, (-4096, 7))],
)  # fmt: skip
def test_what_rest_differs_from_reset_is_a_bias_with_the_smallest_exponent_that_holds_it(rest, bias):
    held = cells(DELTA, v_rest=rest, v_thresh=9000.0)
    assert biases(held) == [bias]
    assert (held.bias_mantissa.dtype, errors(held)[BIAS]) == (np.int64, 0.0)


def test_each_cell_has_its_own_bias():
    assert biases(cells(DELTA, size=3, v_rest=np.array([1.0, 64.0, -100.0]))) == [(64, 0), (2048, 1), (-3200, 1)]


def test_a_bias_is_in_64ths_of_the_resolution():
    assert biases(cells(DELTA, Grid(1.0, 0.25), v_rest=1.0)) == [(256, 0)]


@pytest.mark.parametrize(("rest", "nearest"), [(8192.0, "8190"), (-8200.0, "-8192")])
def test_a_bias_that_is_too_large_is_refused_with_the_largest(rest, nearest):
    with pytest.raises(InputError) as refused:
        cells(DELTA, v_rest=rest, v_thresh=9000.0)
    assert f"{BIAS} of 'pop' is {rest:g} mV, which" in str(refused.value)
    assert f"the nearest value is {nearest} mV" in str(refused.value)
    assert str(refused.value).endswith("and nothing is accepted; a finer resolution in setup() may help")


def test_a_current_is_a_bias_too():
    """A quarter of R I, with R = tau_m / cm."""
    held = cells(DELTA, tau_m=QUARTER, i_offset=2.0, cm=0.5, v_thresh=100.0)
    assert biases(held) == [(round(64 * 0.25 * QUARTER / 0.5 * 2.0), 0)]
    assert errors(held)[BIAS] == pytest.approx(abs(222 / (64 * QUARTER) - 1), rel=1e-6)


def test_without_a_leak_a_current_adds_up():
    assert biases(cells(DELTA, Grid(0.5), tau_m=math.inf, i_offset=3.0, cm=2.0, v_thresh=100.0)) == [(48, 0)]


def test_rest_and_current_add_up():
    held = cells(DELTA, tau_m=QUARTER, v_rest=-10.0, v_reset=-60.0, i_offset=-2.0, v_thresh=100.0)
    assert biases(held) == [(round(64 * 0.25 * (50 - 2 * QUARTER)), 0)]


def test_a_bias_in_mv_is_exact_and_one_that_is_computed_may_be_rounded_by_1_percent():
    with pytest.raises(InputError, match=r"is 1\.3 mV.*nearest value is 1\.296875 mV, 0\.24 % off, and nothing is acc"):
        cells(DELTA, v_rest=1.3, v_thresh=9.0)
    driven = cells(DELTA, i_offset=1300.0, v_thresh=9.0)
    leaky = cells(DELTA, tau_m=QUARTER, v_rest=5.2, v_thresh=9.0)
    fast = cells(EXPONENTIAL, tau_m=0.001, tau_syn_E=0.002, tau_syn_I=0.002, v_rest=-63.7)
    # The leaky cell rests at 333 64ths, of which 84 are lost in a step, and not 83.
    assert [biases(held) for held in (driven, leaky, fast)] == [[(83, 0)], [(84, 0)], [(83, 0)]]
    with pytest.raises(InputError, match=r"bias.*no more than 1 %"):
        cells(DELTA, i_offset=300.0, v_thresh=9.0)


def test_one_cell_with_a_leak_or_a_current_lets_all_biases_be_rounded():
    two = np.array([QUARTER, 0.001])
    assert biases(cells(DELTA, size=2, tau_m=two, v_rest=1.3, v_thresh=9.0)) == [(21, 0), (83, 0)]
    assert biases(cells(DELTA, size=2, i_offset=np.array([0.0, 1000.0]), v_rest=1.3, v_thresh=9.0)) == [
        (83, 0),
        (147, 0),
    ]


def test_the_potential_settles_where_it_does_in_pynn():
    held = cells(DELTA, Grid(1.0, 1 / 16), tau_m=20.0, v_rest=10.0, v_reset=-60.0, v_thresh=1000.0, i_offset=1.5)
    v = 0
    for _ in range(500):
        v = v * (4096 - held.dv[0]) // 4096 + (held.bias_mantissa[0] << held.bias_exponent[0])
    assert held.origin[0] + v / 64 / 16 == pytest.approx(10.0 + 20.0 * 1.5, abs=0.02)


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


# --- what is refused


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"tau_refrac": [0.0, 125.0]},
            "tau_refrac of 'pop' is 125 ms, but must be from 0 to 62 ms: a compartment counts to 62 steps; a longer "
            "timestep allows more",
        ),
        (
            {"v_thresh": [-50.0, -65.0]},
            "v_thresh of 'pop' is -65 mV, but must be above v_reset, which is -65 mV",
        ),
        ({"tau_m": [20.0, 0.0]}, "tau_m of 'pop' is 0 but must be a positive number"),
        ({"tau_m": [20.0, math.nan]}, "tau_m of 'pop' is nan but must be a positive number"),
        ({"cm": [1.0, -1.0]}, "cm of 'pop' is -1 but must be a positive number"),
        ({"tau_syn_E": [5.0, 0.0]}, "tau_syn_E of 'pop' is 0 but must be a positive number"),
        ({"tau_syn_I": [5.0, -3.0]}, "tau_syn_I of 'pop' is -3 but must be a positive number"),
        ({"v_rest": [-65.0, math.nan]}, "v_rest of 'pop' is nan but must be a number"),
    ],
)
def test_what_a_compartment_can_not_do_is_refused_by_the_first_cell_that_wants_it(changes, message):
    with pytest.raises(InputError) as refused:
        cells(EXPONENTIAL, FINE, size=2, **{name: np.array(values) for name, values in changes.items()})
    assert str(refused.value) == message


# --- refractory times and receptors


@pytest.mark.parametrize(("timestep", "time", "steps"), [(1.0, 0.0, 1), (1.0, 2.0, 3), (0.1, 0.3, 4), (0.5, 31.0, 63)])
def test_a_refractory_time_is_a_step_longer_on_the_chip(timestep, time, steps):
    held = cells({**DELTA, "tau_refrac": time, "tau_m": 0.0001}, Grid(timestep))
    assert (held.refractory.tolist(), errors(held)["tau_refrac"]) == ([steps], 0.0)


@pytest.mark.parametrize(("time", "held", "error"), [(0.4, 1, 0.4), (0.6, 2, 0.4), (2.5, 3, 0.2), (2.6, 4, 2 / 13)])
def test_a_refractory_time_between_two_steps_is_never_rounded_without_a_word(time, held, error):
    values = {**DELTA, "tau_refrac": time}
    with pytest.raises(InputError, match=f"tau_refrac of 'pop' is {time:g} ms.*nearest value is {held - 1} ms"):
        cells(values)
    found = cells(values, Grid(1.0, strict=False))
    assert found.refractory.tolist() == [held]
    assert errors(found)["tau_refrac"] == pytest.approx(error)


def test_a_refractory_time_that_is_somewhat_too_long_is_the_longest():
    found = cells({**DELTA, "tau_refrac": 80.0}, Grid(1.0, strict=False))
    assert found.refractory.tolist() == [63]
    assert errors(found)["tau_refrac"] == 18 / 80
    with pytest.raises(InputError, match=r"tau_refrac of 'pop' is 80 ms.*nearest value is 62 ms"):
        cells({**DELTA, "tau_refrac": 80.0})


def test_receptors_that_decay_alike_share_the_compartment_and_others_have_a_dendrite():
    alike = cells(EXPONENTIAL, FINE)
    assert [alike.receptors[name].place for name in ("excitatory", "inhibitory")] == [0, 0]
    assert alike.dendrites == ()
    apart = cells(EXPONENTIAL, FINE, tau_syn_I=10.0)
    assert [apart.receptors[name].place for name in ("excitatory", "inhibitory")] == [0, 1]
    (dendrite,) = apart.dendrites
    assert (dendrite.decay_u.tolist(), dendrite.decay_v.tolist()) == ([390], [4096])
    assert apart.du.tolist() == alike.du.tolist()
    recorded = discretize_cells("pop", {k: np.array([v]) for k, v in EXPONENTIAL.items()}, FINE, separate=True)
    assert [recorded.receptors[name].place for name in ("excitatory", "inhibitory")] == [1, 2]
    assert recorded.du.tolist() == [4095]


def test_an_alpha_current_brings_the_charge_that_it_brings_in_pynn():
    """Summed over all steps, in mV: w e tau / cm."""
    slow = {**EXPONENTIAL, "tau_m": 400.0, "tau_syn_E": 4.0, "tau_syn_I": 4.0, "cm": 0.5}
    values = {name: np.array([value]) for name, value in slow.items()}
    held = discretize_cells("pop", values, Grid(0.1, strict=False), shape="alpha")
    (dendrite,) = held.dendrites
    lost = dendrite.decay_u[0] / 4096
    # In a step of the membrane's 400 ms hardly anything is lost.
    assert held.weight_scale[0] / lost**2 == pytest.approx(math.e * 4.0 / 0.5, rel=2e-4)
    error = errors(held)["the potential after a spike, by the shape of the current with tau_syn_E"]
    assert 0.001 < error < 0.02


def test_a_conductance_is_held_as_the_current_at_rest():
    currents = cells(EXPONENTIAL, FINE)
    conductances = cells({**EXPONENTIAL, "e_rev_E": 0.0, "e_rev_I": -70.0}, FINE)
    for receptor, drive in (("excitatory", 65.0), ("inhibitory", -5.0)):
        np.testing.assert_allclose(
            conductances.receptors[receptor].scale, drive * currents.receptors[receptor].scale, rtol=1e-12
        )


def test_a_cell_that_rests_stays_where_it_rests():
    """Whatever is cut off in every step."""
    for rest, reset in ((-60.0, -65.0), (-65.0, -60.0)):
        held = cells(EXPONENTIAL, Grid(0.1, 2.0**-11, strict=False), v_rest=rest, v_reset=reset)
        v = int((rest - reset) * 64 * 2**11)
        kept = (4096 - held.dv[0]) * abs(v) >> 12
        assert (kept if v > 0 else -kept) + (held.bias_mantissa[0] << held.bias_exponent[0]) == v
