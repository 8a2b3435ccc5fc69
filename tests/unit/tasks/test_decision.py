"""Decisions: which amplitude wins by the equations, and how likely it is with noise."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pynn_backprop.circuit.decision import decision_circuit, rounds_for
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.tasks.decision import UNDECIDED, chances, contest, contestants_of, decided, decision_trial, winner


@pytest.mark.parametrize(("n", "contestants"), [(4, 2), (32, 2), (128, 2), (8, 3), (32, 3)])
def test_the_largest_amplitude_wins_every_contest_and_equal_ones_none(n, contestants):
    counts = np.array(list(itertools.product(range(n + 1), repeat=contestants)))
    won = winner(contest(counts, n), n)
    ranked = np.sort(counts, axis=1)
    wanted = np.where(ranked[:, -1] > ranked[:, -2], counts.argmax(axis=1), UNDECIDED)
    np.testing.assert_array_equal(won, wanted)


def test_two_rounds_fewer_are_too_few():
    n = 32
    counts = np.array(list(itertools.product(range(n + 1), repeat=2)))
    late = winner(contest(counts, n, rounds_for(n) - 2), n)
    assert ((late == UNDECIDED) & (counts[:, 0] != counts[:, 1])).any()


def test_a_round_doubles_a_difference_at_least():
    assert contest(np.array([18, 16]), 32, 1).tolist() == [20, 14]
    assert contest(np.array([32, 31]), 32, 1).tolist() == [32, 30]
    assert contest(np.array([1, 0]), 32, 1).tolist() == [2, 0]
    assert contest(np.array([8, 7, 7]), 8, 1).tolist() == [2, 0, 0]


def test_chances_are_fair_sure_where_there_is_no_rival_and_grow_with_the_difference():
    odds = chances(8)
    np.testing.assert_allclose(odds[..., 0], odds[..., 1].T, atol=1e-12)
    assert odds[8, 0, 0] == pytest.approx(1)
    assert odds[0, 0].tolist() == [0, 0]
    assert (np.diff(odds[:, 4, 0]) > 0).all()
    assert (odds.sum(axis=-1) <= 1 + 1e-12).all()


def test_chances_are_those_of_drawing_again_and_again():
    n, odds, random = 4, chances(4), np.random.default_rng(0)
    m = np.tile([3, 2], (20_000, 1))
    m = random.binomial(n, m / n)
    for _ in range(rounds_for(n)):
        m = random.binomial(n, np.clip(2 * m - m[:, ::-1], 0, n) / n)
    won = winner(m, n)
    for place in range(2):
        p = odds[3, 2, place]
        assert (won == place).mean() == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / len(m)))


def test_a_circuit_knows_its_contestants_and_no_source_opens_a_route():
    circuit = decision_circuit(Graded(4), ("left", "right"), 2)
    assert contestants_of(circuit) == ("left", "right")
    routes = {"via left0", "via left1", "via right0", "via right1", "gleft1", "gright1"}
    sources = {source.name for source in circuit.sources}
    assert not [p for p in circuit.projections if p.pre in sources and p.post in routes]
    assert sources == {"input", "input left", "input right", "start"}


def test_two_winners_in_one_sample_are_refused():
    spikes = {"a wins": np.array([[10, 0]]), "b wins": np.array([[12, 0]])}
    with pytest.raises(InputError, match="two contestants win sample 0"):
        decided(spikes, 10, 1, ("a", "b"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Graded(4), ("a",)), r"contestants are \('a',\) but must be two or three"),
        ((Graded(4), ("a", "a")), "contestants are"),
        ((Graded(4), ("a", "b", "c", "d")), "contestants are"),
        ((Graded(4), ("a", "b1")), "contestants are"),
        ((Graded(4), ("a", "b"), 0), "populations is 0"),
    ],
)
def test_a_bad_argument_of_a_decision_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        decision_circuit(*arguments)


def test_amplitudes_and_values_must_fit():
    with pytest.raises(InputError, match=r"have the shapes \(3, 2\) and \(2,\) but must have \(n_samples, 2\)"):
        decision_trial(Graded(4), np.zeros((3, 2)), np.zeros(2))
