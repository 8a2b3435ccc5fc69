"""The circuits of single mechanisms, step by step: what theory says of each; and what can't be asked of them."""

from __future__ import annotations

import numpy as np
import pytest
from scenarios import mechanisms as scenarios

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.tasks import mechanisms
from pynn_backprop.tasks.trial import counted, fair_coins, levels_below

STEPS = ReferencePlatform("steps")


@pytest.mark.parametrize("name", scenarios.SCENARIOS)
def test_a_mechanism_follows_theory_step_by_step(name):
    scenarios.follows_theory_and_equals_the_steps(STEPS, scenarios.SCENARIOS[name]())


def test_noisy_decisions_keep_their_odds_step_by_step():
    scenarios.noisy_decisions_keep_their_odds(STEPS, times=20)


def test_a_synapse_changes_only_where_both_neurons_fire_in_one_step():
    assert {meeting.change(2) for meeting in mechanisms.MEETINGS if meeting.pre and meeting.offset == 0} == {2, -2}
    others = [meeting for meeting in mechanisms.MEETINGS if not meeting.pre or meeting.offset != 0]
    assert len(others) == len(mechanisms.MEETINGS) - 2 == 22
    assert {meeting.change(2) for meeting in others} == {0}
    both = (mechanisms.Meeting(True, 0, True), mechanisms.Meeting(True, 0, False))
    assert mechanisms.weights_after(both * 2, 8, Parameters(eta=3, w_max=10)) == [10, 7, 10, 7]


def test_levels_below_a_drive_are_counted_as_the_definition_says():
    quantum, n = 128, 5
    for drive in range(-300, 900, 7):
        expected = sum(drive > quantum * (level + 0.5) for level in range(n))
        assert levels_below(np.array(drive), n, quantum) == expected


def test_spikes_are_counted_by_sample_unit_and_phase():
    table = np.array([[10, 0], [10, 1], [11, 3], [20, 2]])
    assert counted(table, 2, 10, 2, 2).tolist() == [[2, 1], [0, 1]]
    assert counted(table, 2, 10, 2, 2, phase=0).tolist() == [[2, 0], [0, 1]]


def test_coins_are_fair_belong_to_noise_only_and_follow_the_seed():
    noisy, quiet = (
        mechanisms.gating_trial(Graded(8, dither, 3), [0.5] * 400, [1.0] * 400) for dither in ("noise", "fixed")
    )
    assert fair_coins(quiet.circuit, 400) == {}
    coins = fair_coins(noisy.circuit, 400)
    assert set(coins) == {source.name for source in noisy.circuit.sources if source.name.startswith("noise")}
    every = np.concatenate([table.ravel() for table in coins.values()])
    assert every.mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(every.size))
    assert all((noisy.sources[name] == table).all() for name, table in coins.items())


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: mechanisms.product_trial(Graded(4), np.zeros((1, 0)), np.zeros((1, 0))), "units is 0"),
        (lambda: mechanisms.memory_trial(Graded(4), 2, np.ones((1, 1)), np.ones((1, 1))), "gap is 2 .* at least 3"),
        (lambda: mechanisms.transfer_trial(Graded(4), 128, 0), "inputs is 0"),
        (lambda: mechanisms.gating_trial(Graded(4), [1.5], [0.0]), "values run from 1.5"),
    ],
)
def test_what_is_wrong_is_named(ask, message):
    with pytest.raises(InputError, match=message):
        ask()


def test_the_rule_without_spikes_can_not_be_shown_a_mechanism():
    trial = mechanisms.hebbian_trial(mechanisms.MEETINGS, 10)
    with pytest.raises(InputError, match="the platform is 'reference', which can't be shown sources one by one"):
        list(trial.parts(ReferencePlatform(), (), 1))
