"""Circuits of single mechanisms: every spike and weight equal to the step simulator, and what theory says of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pynn_backprop.circuit.decision import WINS
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.training import FORMS
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.interfaces import Platform
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.spikes import Spikes, check_silence, first_difference, merged
from pynn_backprop.tasks import decision, mechanisms, prediction, synaptic_copy
from pynn_backprop.tasks.trial import Trial, counted
from pynn_backprop.weights import Weights

Found = tuple[Spikes, list[Weights]]

N = 8
WHOLE = 0
"""Of parts: all samples in one run."""


@dataclass(frozen=True)
class Scenario:
    """A trial, how many samples are shown in one run, and what must hold of its spikes and weights."""

    trial: Trial
    holds: Callable[[Trial, Spikes, list[Weights]], None]
    every: int = WHOLE


def numbers(trial: Trial, table: np.ndarray, units: int = 1, phase: int | None = None) -> np.ndarray:
    """Firing neurons of each unit, shape (n_samples, n_units)."""
    circuit = trial.circuit
    return counted(table, circuit.code.n, circuit.schedule.length, trial.samples, units, phase)


def found_on(platform: Platform, scenario: Scenario) -> Found:
    """All spikes but those of the ring's start, and the weights after each part."""
    names = [population.name for population in scenario.trial.circuit.populations if population.name != "start"]
    parts = list(scenario.trial.parts(platform, names, scenario.every or scenario.trial.samples))
    return merged([spikes for spikes, _ in parts]), [weights for _, weights in parts]


def follows_theory_and_equals_the_steps(platform: Platform, scenario: Scenario) -> None:
    """The value that theory gives, silence where the circuit says so, and the same as in integers, spike by spike."""
    spikes, weights = found_on(platform, scenario)
    circuit = scenario.trial.circuit
    scenario.holds(scenario.trial, spikes, weights)
    check_silence(spikes, circuit)
    expected, learnt = found_on(ReferencePlatform("steps"), scenario)
    difference = first_difference(spikes, expected, circuit, (platform.name, "the step simulator"))
    assert difference is None, str(difference)
    for one, other in zip(weights, learnt, strict=True):
        for name, matrix in other.items():
            np.testing.assert_array_equal(one[name], matrix)


# --- decision


def decision_scenario(dither: str = "rotating", contestants: tuple[str, ...] = ("a", "b"), n: int = N) -> Scenario:
    """Every pair of amplitudes, or random ones of several contestants, whose values differ from sample to sample."""
    random = np.random.default_rng(0)
    counts = np.rint(decision.all_pairs(n) * n).astype(int)
    if len(contestants) > 2:
        counts = random.integers(0, n + 1, (60, len(contestants)))
    values = random.integers(0, n + 1, len(counts))
    code = Graded(n, dither, seed=1)

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        won = decision.decided(spikes, trial.circuit.schedule.length, trial.samples, contestants)
        if dither == "noise":
            apart = np.abs(np.subtract(*counts.T)) > 5
            np.testing.assert_array_equal(won[apart], counts.argmax(axis=1)[apart])
            assert (won != np.where(np.subtract(*counts.T) == 0, decision.UNDECIDED, counts.argmax(axis=1))).any()
            return
        most = np.sort(counts, axis=1)
        wanted = np.where(most[:, -1] > most[:, -2], counts.argmax(axis=1), decision.UNDECIDED)
        np.testing.assert_array_equal(won, wanted)
        for place, name in enumerate(contestants):
            for k in range(3):
                arrived = numbers(trial, spikes[f"via {name}{k}"])[:, 0]
                np.testing.assert_array_equal(arrived, np.where(won == place, values, 0))

    return Scenario(decision.decision_trial(code, counts / n, values / n, contestants), holds)


# --- prediction


def prediction_scenario(form: str, samples: int = 50) -> Scenario:
    """A sequence that is learnt from: weights and predictions of the rule that is given the last values."""
    code, order, values = Graded(N), 2, prediction.autoregressive(samples, 1)

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        circuit = trial.circuit
        rule = Rule(trial.weights, circuit.parameters, code, form)
        shown = code.encode(values) / code.n
        response = rule.train(code.fire(prediction.last_values(shown, order)), code.fire(values[:, None]))
        np.testing.assert_array_equal(weights[-1]["W1"], rule.weights()["W1"])
        assert (weights[-1]["W1"] != trial.weights["W1"]).any()
        answers = numbers(trial, spikes["o"], phase=circuit.schedule.output)
        np.testing.assert_array_equal(answers, code.counts(response.outputs))

    return Scenario(prediction.prediction_trial(code, order, values, form=form), holds)


# --- synaptic copy


def copy_scenario() -> Scenario:
    """A matrix that is copied, after each neuron of which as many columns are right."""
    p = Parameters(w_max=14)
    original = synaptic_copy.random_matrix(0, 4, 3, p)

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        for shown, found in enumerate(weights, 1):
            np.testing.assert_array_equal(found["W1"][:shown], original[:shown])
            assert not found["W1"][shown:].any()

    return Scenario(synaptic_copy.copy_trial(original, p), holds, every=7)


# --- single mechanisms


def hebbian_scenario() -> Scenario:
    """A synapse near its bound sees everything that can happen to it, and then coincidences only."""
    p, weight = Parameters(), 252
    meetings = (*mechanisms.MEETINGS, *[mechanisms.Meeting(True, 0, True)] * 3, mechanisms.Meeting(True, 0, False))

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        found = [int(each["W1"][0, 0]) for each in weights]
        assert found == mechanisms.weights_after(meetings, weight, p)
        assert max(found) == p.w_max
        assert found[-1] == p.w_max - p.eta

    return Scenario(mechanisms.hebbian_trial(meetings, weight, p), holds, every=1)


def product_scenario() -> Scenario:
    """Two units with a mask of 0 or 1, and two whose mask is graded, in every turn of the levels."""
    errors, masks = np.tile([5, 7, 3, 6], (N, 1)), np.tile([N, 0, 5, 1], (N, 1))

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        found = numbers(trial, spikes["product"], 4)
        np.testing.assert_array_equal(found[:, :2], np.tile([5, 0], (N, 1)))
        np.testing.assert_allclose(found.mean(axis=0), (errors * masks)[0] / N)

    return Scenario(mechanisms.product_trial(Graded(N), errors / N, masks / N), holds)


def memory_scenario(gap: int = 20) -> Scenario:
    """Values come back after the gap, in the same neurons, though others have passed."""
    values, between = np.random.default_rng(0).integers(0, N + 1, (2, 12, 2))

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        length, x = trial.circuit.schedule.length, spikes["x"]
        np.testing.assert_array_equal(numbers(trial, x, 2, 1), values)
        np.testing.assert_array_equal(numbers(trial, x, 2, 3), between)
        first, back = (x[x[:, 0] % length == phase] - np.array([phase, 0]) for phase in (1, 1 + gap))
        np.testing.assert_array_equal(back, first)

    return Scenario(mechanisms.memory_trial(Graded(N), gap, values / N, between / N), holds)


def transfer_scenario(graded: bool) -> Scenario:
    """The clipped rectified drive, or a step at half of theta; the edges and the mask."""
    code, weight, inputs = (Graded(N), 192, 1) if graded else (Binary(), 64, 20)

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        theta = trial.circuit.parameters.theta
        drives = mechanisms.transfer_drives(code, weight, inputs)
        found = {name: numbers(trial, spikes[name])[:, 0] for name in ("o", "o_low", "o_high", "c_o")}
        wanted = mechanisms.transferred(drives, code.n, theta // code.n)
        for name, table in wanted.items():
            np.testing.assert_array_equal(found[name], table, name)
        assert drives.min() < 0 < theta < drives.max()
        np.testing.assert_allclose(found["o"] / code.n, np.clip(drives / theta, 0, 1), atol=0.5 / code.n)

    return Scenario(mechanisms.transfer_trial(code, weight, inputs), holds)


def gating_scenario() -> Scenario:
    """Every condition; the value goes one way where more than half of the neurons fire, else the other."""
    conditions = np.arange(N + 1)
    values = 1 + conditions % N

    def holds(trial: Trial, spikes: Spikes, weights: list[Weights]) -> None:
        more = conditions > N // 2
        for route, opened in (("then", more), ("else", ~more)):
            np.testing.assert_array_equal(numbers(trial, spikes[route])[:, 0], np.where(opened, values, 0))

    return Scenario(mechanisms.gating_trial(Graded(N), conditions / N, values / N), holds)


SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "decision": decision_scenario,
    "decision with noise": lambda: decision_scenario("noise"),
    "decision of three": lambda: decision_scenario(contestants=("a", "b", "c")),
    **{f"prediction, {form}": lambda form=form: prediction_scenario(form) for form in FORMS},
    "synaptic copy": copy_scenario,
    "hebbian": hebbian_scenario,
    "product": product_scenario,
    "memory": memory_scenario,
    "transfer, graded": lambda: transfer_scenario(True),
    "transfer, binary": lambda: transfer_scenario(False),
    "gating": gating_scenario,
}


def noisy_decisions_keep_their_odds(platform: Platform, n: int = N, times: int = 8) -> None:
    """With noise each contestant wins as often as the Markov chain says, within four standard deviations."""
    pairs = np.repeat(decision.all_pairs(n), times, axis=0)
    trial = decision.decision_trial(Graded(n, "noise", seed=2), pairs, np.full(len(pairs), 0.5))
    spikes = trial.run(platform, [f"{name}{WINS}" for name in "ab"])
    won = decision.decided(spikes, trial.circuit.schedule.length, trial.samples, ("a", "b"))
    a, b = np.rint(pairs * n).astype(int).T
    odds = decision.chances(n)
    distance = np.abs(a - b)
    for d in range(n + 1):
        there = distance == d
        larger = np.where(a >= b, 0, 1)[there]
        p = odds[a[there], b[there], larger]
        bound = 4 * np.sqrt((p * (1 - p)).sum()) + 1e-9
        assert abs((won[there] == larger).sum() - p.sum()) <= bound, d
