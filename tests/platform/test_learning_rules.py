"""Every option of a learning rule on every simulator, alone and together, in each form, at any depth, in each code."""

from __future__ import annotations

import pytest
from scenarios import rules
from scenarios.rules import OPTIONS, rule_case
from simulators import NUMPY, ONE_EACH, run_with_simulators

from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded

EVERYTHING = OPTIONS["all"]


@pytest.mark.parametrize(
    ("form", "option"), [*(("compact", option) for option in OPTIONS), ("published", "margin"), ("published", "all")]
)
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_with_an_option_equals_the_step_simulator(platform, form, option):
    case = rule_case((16, 12, 4), Binary(), form, 60, OPTIONS[option])
    rules.learning_equals_the_rule(platform, case, 20, 27)


@pytest.mark.slow
@run_with_simulators("nest:dopamine", "brian2:cython", "lava:stock")
def test_every_spike_with_all_options_equals_the_step_simulator_in_other_variants(platform):
    samples = 12 if platform.options.variant == "stock" else 60
    rules.learning_equals_the_rule(platform, rule_case((8, 6, 3), Binary(), "published", samples, EVERYTHING), 5)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_of_a_deep_network_equals_the_step_simulator(platform):
    case = rule_case((16, 14, 12, 10, 4), Binary(), "compact", 60, EVERYTHING)
    rules.learning_equals_the_rule(platform, case, 20)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_of_a_graded_network_equals_the_step_simulator(platform):
    rules.learning_equals_the_rule(platform, rule_case((5, 6, 3), Graded(4), "compact", 50, EVERYTHING), 20)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_of_a_graded_network_with_many_inputs_equals_the_step_simulator(platform):
    """Its threshold is higher, and two gates hold each population down."""
    case = rule_case((150, 6, 3), Graded(4), "compact", 12, EVERYTHING)
    assert (case.circuit.parameters.theta, case.circuit.parameters.inhibitors) == (4 * 256, 2)
    rules.learning_equals_the_rule(platform, case, 5)


@pytest.mark.parametrize("levels", [3, 8])
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_read_out_answers_as_the_rule(platform, levels):
    case = rule_case((16, 12, 4), Binary(), "compact", 60, {})
    rules.a_read_out_answers_as_the_rule(platform, case, levels, 20, 27)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_graded_read_out_answers_as_the_rule(platform):
    rules.a_read_out_answers_as_the_rule(platform, rule_case((5, 6, 3), Graded(4), "compact", 40, {}), 8, 20)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_epochs_of_different_thinning_equal_the_rule_and_can_be_resumed(platform):
    """Interrupted in the middle of the second epoch."""
    case = rule_case((16, 12, 4), Binary(), "compact", 30, {"output_error": "margin"})
    rules.epochs_of_different_thinning_equal_the_rule(platform, case, stop=40)
