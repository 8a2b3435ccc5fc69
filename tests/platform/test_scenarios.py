"""Every scenario on every simulator, in each of its configurations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scenarios import equality, ownership, rule
from scenarios.cases import Case, image_case, random_case
from simulators import COMPILED_ANEW, NEEDS_LAVA, NUMPY, ONE_EACH, OTHERS, run_with_simulators, skip_without_lava

from pynn_backprop import BackpropClassifier
from pynn_backprop.circuit.training import DEFAULT_FORM, FORMS, training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform

CASES = {
    "two matrices": random_case((30, 20, 4), 150),
    "two matrices, low threshold, published": random_case((30, 20, 4), 150, seed=1, theta=256, form="published"),
}
ONE_MATRIX = random_case((30, 4), 150)
DEEP = {
    "one matrix, published": random_case((30, 4), 100, form="published"),
    "two matrices, published": random_case((30, 20, 4), 100, form="published"),
    "three matrices": random_case((30, 20, 16, 4), 100, theta=512),
    "four matrices": random_case((24, 20, 16, 12, 4), 100, seed=2, theta=512),
}
"""With the three above, depths 1 to 4 in every form that there is."""
SMALL = random_case((30, 4), 40)
"""Where much is done beside the samples."""
SMALL_DEEP = random_case((30, 20, 4), 40)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


# --- the same spikes, weights and potentials


@run_with_simulators()
def test_every_spike_while_it_learns_equals_the_step_simulator(platform, case):
    equality.training_spikes_equal_the_step_simulator(platform, case)


@run_with_simulators(slow=COMPILED_ANEW)
def test_every_spike_of_one_matrix_while_it_learns_equals_the_step_simulator(platform):
    equality.training_spikes_equal_the_step_simulator(platform, ONE_MATRIX)


@run_with_simulators()
def test_every_spike_while_it_answers_equals_the_step_simulator(platform, case):
    equality.inference_spikes_equal_the_step_simulator(platform, case)


@run_with_simulators(slow=(*COMPILED_ANEW, *NUMPY))
def test_every_spike_of_one_matrix_while_it_answers_equals_the_step_simulator(platform):
    equality.inference_spikes_equal_the_step_simulator(platform, ONE_MATRIX)


@pytest.mark.parametrize("name", DEEP)
@run_with_simulators(slow=COMPILED_ANEW)
def test_every_spike_at_any_depth_and_in_any_form_equals_the_step_simulator(platform, name):
    equality.training_spikes_equal_the_step_simulator(platform, DEEP[name])


@pytest.mark.slow
@run_with_simulators("lava:stock")
def test_every_spike_of_three_matrices_on_stock_lava_equals_the_step_simulator(platform):
    equality.training_spikes_equal_the_step_simulator(
        platform, random_case((8, 6, 5, 3), 12, seed=1, theta=256, density=0.3), n_chunks=2
    )


@run_with_simulators(*ONE_EACH)
def test_the_same_weights_are_learnt_in_both_forms(platform):
    equality.both_forms_learn_the_same(platform, CASES["two matrices"])


@run_with_simulators(*OTHERS)
@pytest.mark.parametrize("matrices", [2, 1])
def test_every_spike_in_other_layouts_and_on_threads_equals_the_step_simulator(platform, matrices):
    case = CASES["two matrices"] if matrices == 2 else ONE_MATRIX
    equality.training_spikes_equal_the_step_simulator(platform, case)
    equality.inference_spikes_equal_the_step_simulator(platform, case)


@pytest.mark.slow
@run_with_simulators("brian2:numpy, separate")
def test_every_spike_in_the_slow_layout_equals_the_step_simulator(platform):
    case = random_case((30, 20, 4), 20, seed=1)
    equality.training_spikes_equal_the_step_simulator(platform, case, n_chunks=2)
    equality.inference_spikes_equal_the_step_simulator(platform, case, n_chunks=2)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_every_spike_without_a_probe_equals_the_step_simulator(platform):
    equality.inference_spikes_equal_the_step_simulator(platform, CASES["two matrices"], probe=False)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_recording_the_spikes_of_the_probe_keeps_its_potentials(platform):
    equality.inference_spikes_equal_the_step_simulator(platform, CASES["two matrices"], record_probe=True)


@run_with_simulators(
    "nest:compiled",
    "nest:dopamine",
    "brian2:numpy",
    "brian2:cython",
    "lava:emulator",
    "lava:fast",
    slow=("nest:dopamine",),
)
def test_every_spike_of_the_published_network_equals_the_step_simulator(platform, fifty_images):
    equality.training_spikes_equal_the_step_simulator(platform, fifty_images)


@run_with_simulators(*ONE_EACH, "brian2:cython", slow=("nest:compiled", *NUMPY))
def test_every_potential_of_the_published_network_equals_the_step_simulator(platform, fifty_images):
    equality.inference_spikes_equal_the_step_simulator(platform, fifty_images)


@run_with_simulators("nest:compiled", "brian2:cython", "lava:emulator", "lava:fast", slow=("nest:compiled",))
def test_every_weight_of_the_published_network_equals_the_oracle(platform, two_hundred_images):
    """Both forms where a network is built at once; elsewhere the other one has a test of 2,000 images."""
    for form in FORMS if platform.options.variant == "emulator" else (DEFAULT_FORM,):
        equality.weights_equal_the_oracle(platform, replace(two_hundred_images, form=form), n_chunks=4)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:cython", "brian2:numpy", "lava:emulator", "lava:fast")
def test_every_weight_and_spike_of_2000_images_equals_the_step_simulator(platform, two_thousand_images, form):
    equality.training_spikes_equal_the_step_simulator(platform, replace(two_thousand_images, form=form))


@pytest.mark.slow
@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:cython", "brian2:numpy", "lava:emulator", "lava:fast")
def test_every_weight_and_spike_of_1000_images_and_three_matrices_equals_the_step_simulator(platform, images):
    case = image_case(images[0][:1_000], images[1][:1_000], hidden=(200, 100))
    equality.training_spikes_equal_the_step_simulator(platform, case)


@pytest.mark.slow
@run_with_simulators("nest:compiled, fused", "brian2:numpy", "brian2:numpy, separate")
def test_every_weight_of_the_published_network_equals_the_oracle_in_other_configurations(platform, thousand_images):
    equality.weights_equal_the_oracle(platform, thousand_images, n_chunks=2)


@run_with_simulators()
def test_weights_without_recording_equal_the_oracle(platform, case):
    equality.weights_equal_the_oracle(platform, case)


@run_with_simulators(slow=(*COMPILED_ANEW, *NUMPY))
def test_weights_of_one_matrix_without_recording_equal_the_oracle(platform):
    equality.weights_equal_the_oracle(platform, ONE_MATRIX)


@pytest.mark.parametrize("case", [CASES["two matrices"], ONE_MATRIX], ids=["two matrices", "one matrix"])
@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_populations_are_silent_where_they_must_be(platform, case):
    equality.populations_are_silent_where_they_must_be(platform, case, ("x", "o", "d+", "r", "g0"))


# --- several runs and several networks


@run_with_simulators()
def test_reading_weights_in_between_changes_nothing(platform):
    equality.reading_weights_in_between_changes_nothing(platform, CASES["two matrices"])


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_reading_weights_of_one_matrix_in_between_changes_nothing(platform):
    equality.reading_weights_in_between_changes_nothing(platform, SMALL, n_chunks=3)


@run_with_simulators(*ONE_EACH, "nest:compiled, fused", slow=NUMPY)
def test_a_pause_of_any_length_between_runs_loses_no_spike(platform):
    equality.a_pause_of_any_length_between_runs_loses_no_spike(platform, SMALL)


@pytest.mark.parametrize("pause", range(1, 9))
@run_with_simulators("nest:compiled", "nest:compiled, fused")
def test_a_pause_before_the_first_run_loses_no_spike(platform, pause):
    equality.a_pause_before_the_first_run_loses_no_spike(platform, SMALL, pause)


@pytest.mark.parametrize("pause", [1, 5, 6])
@run_with_simulators("brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_a_short_pause_before_the_first_run_loses_no_spike(platform, pause):
    equality.a_pause_before_the_first_run_loses_no_spike(platform, SMALL, pause)


@run_with_simulators()
def test_training_warns_of_nothing(platform):
    equality.training_warns_of_nothing(platform, SMALL_DEEP)


@run_with_simulators(slow=(*COMPILED_ANEW, *NUMPY))
def test_a_second_network_starts_afresh(platform):
    equality.a_second_network_starts_afresh(platform, case=ONE_MATRIX, other=CASES["two matrices"])


@run_with_simulators("nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_platforms_side_by_side_describe_themselves_whatever_is_built(platform):
    """Before, with a network of one of them, and after."""
    if {*NEEDS_LAVA} & {*platform.backend.variants}:
        skip_without_lava()
    others = [get_platform(platform.name, Options(variant=variant)) for variant in platform.backend.variants[1:]]
    expected = list(platform.backend.variants[1:])
    assert len(expected) > 1
    assert [each.describe()["variant"] for each in others] == expected
    network = platform.build(training_circuit(SMALL.layer_sizes), SMALL.weights)
    assert [each.describe()["variant"] for each in others] == expected
    network.train(SMALL.x, SMALL.labels)
    network.close()
    assert [each.describe()["variant"] for each in others] == expected


@run_with_simulators("nest:compiled", "brian2:cython", "lava:emulator")
def test_a_platform_knows_what_auto_comes_to_before_anything_is_built(platform):
    assert get_platform(platform.name).describe() == platform.describe()
    assert platform.describe()["variant"] == platform.options.variant


# --- the rule alone


@pytest.mark.parametrize(("weight", "rounds"), [(10.0, 2), (-10.0, 1), (0.0, 1)])
@run_with_simulators(
    "nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=("brian2:numpy",)
)
def test_every_combination_of_spikes_follows_the_rule(platform, weight, rounds):
    rule.every_combination_of_spikes_follows_the_rule(platform, weight, rounds)


@run_with_simulators(
    "nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=("brian2:numpy",)
)
def test_the_synapse_goes_with_pynn_s_own_connectors(platform):
    rule.every_combination_of_spikes_follows_the_rule(platform, 10.0, connector=platform.sim.AllToAllConnector())


@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_spikes_that_do_not_coincide_change_nothing(platform):
    rule.spikes_that_do_not_coincide_change_nothing(platform)


@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_weights_are_clipped_on_both_sides(platform):
    rule.weights_are_clipped_on_both_sides(platform)


@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast")
def test_coincidences_in_a_row_add_up(platform):
    rule.coincidences_in_a_row_add_up(platform)


@pytest.mark.parametrize("connector", [False, True], ids=["ours", "PyNN's"])
@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast", slow=NUMPY)
def test_every_synapse_type_keeps_its_own_change_bound_and_reinforcement_neuron(platform, connector):
    rule.every_synapse_type_keeps_its_own(platform, connector)


@run_with_simulators("nest:compiled, 2 threads", "nest:dopamine, 2 threads", "lava:stock", slow=("lava:stock",))
def test_every_synapse_type_keeps_its_own_in_other_configurations(platform):
    rule.every_synapse_type_keeps_its_own(platform)


@pytest.mark.slow
@run_with_simulators("brian2:cython")
def test_every_synapse_type_keeps_its_own_where_each_is_compiled(platform):
    rule.every_synapse_type_keeps_its_own(platform)


@run_with_simulators("nest:compiled", "nest:dopamine", "brian2:numpy", "lava:emulator", "lava:fast")
def test_a_change_that_differs_from_synapse_to_synapse_is_refused(platform):
    rule.a_change_that_differs_from_synapse_to_synapse_is_refused(platform)


# --- one network at a time


@run_with_simulators(*ONE_EACH, "nest:dopamine")
def test_the_older_of_two_networks_refuses_and_the_newer_one_goes_on(platform):
    ownership.the_older_network_refuses_and_the_newer_one_goes_on(platform)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_network_may_be_built_after_one_that_was_not_closed(platform):
    ownership.a_network_may_be_built_after_one_that_was_not_closed(platform)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_setup_of_the_user_s_under_a_network_is_noticed(platform):
    ownership.a_setup_of_the_user_s_is_noticed(platform)


@run_with_simulators(*ONE_EACH, slow=NUMPY)
def test_a_classifier_that_predicts_while_another_one_learns_ends_the_training_with_both_names(platform):
    generator = np.random.default_rng(0)
    x, y = generator.random((60, 8)), generator.integers(0, 2, 60)
    choices = {"simulator": platform.name, "variant": platform.options.variant, "levels": 1}
    other = BackpropClassifier(hidden=5, epochs=1, **choices).fit(x, y)
    answers = other.predict(x)
    learning = BackpropClassifier(hidden=10, epochs=4, callbacks=[lambda _: other.predict(x)], **choices)
    with pytest.raises(
        PlatformError, match=r"network \d+ \(training, 8-10-2\) can't .*network \d+ \(inference, 8-5-2\) was opened on"
    ):
        learning.fit(x, y)
    np.testing.assert_array_equal(other.predict(x), answers)
