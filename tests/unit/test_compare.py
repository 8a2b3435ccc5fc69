"""The comparison of platforms: what is equal is called equal, and every kind of difference is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from pynn_backprop import plots
from pynn_backprop.circuit.parts import Circuit
from pynn_backprop.circuit.published import training_circuit
from pynn_backprop.comparison.compare import compare, platforms_named
from pynn_backprop.comparison.result import Comparison
from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import EqualityError, InputError, PlatformError
from pynn_backprop.interfaces import Response
from pynn_backprop.learning.training import order_of_epoch
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.plots.style import BLUE, VERMILION
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes
from pynn_backprop.weights import Weights

SIZES, N, N_TEST, PER_RUN = (14, 9, 3), 20, 8, 6
_random = np.random.default_rng(1)
SAMPLES = Samples(
    _random.random((N, SIZES[0])) < 0.4,
    _random.integers(0, SIZES[-1], N),
    _random.random((N_TEST, SIZES[0])) < 0.4,
    _random.integers(0, SIZES[-1], N_TEST),
    SIZES[-1],
)
WEIGHTS = {"W1": _random.integers(-200, 254, SIZES[:2]), "W2": _random.integers(-100, 254, SIZES[1:])}
CIRCUIT = training_circuit(SIZES)
LENGTH = CIRCUIT.schedule.length


@dataclass
class Altered:
    """The reference with something changed; `when` is training or inference, `run` counts the runs of that circuit."""

    spikes: Callable[[Spikes], Any] = lambda spikes: spikes
    response: Callable[[Response], Response] = lambda response: response
    learnt: Callable[[Weights], Weights] = lambda weights: weights
    copies: str = ""
    raises: BaseException | None = None
    training: bool = True
    run: int = 1
    name: str = "altered"
    samples_per_run: int = PER_RUN
    built: list[_Runner] = field(default_factory=list)

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> _Runner:
        self.built.append(_Runner(self, StepSimulator(circuit, weights, record)))
        return self.built[-1]

    def describe(self) -> dict[str, str]:
        return {"platform": self.name, "version": "1"}


class _Runner:
    def __init__(self, platform: Altered, steps: StepSimulator) -> None:
        self.platform, self.steps = platform, steps
        self.meant = platform.training == steps.circuit.schedule.training
        self.runs, self.closed = 0, 0

    def _now(self) -> bool:
        return self.meant and self.runs == self.platform.run + 1

    def _answer(self, show: Callable[[], Response]) -> Response:
        self.runs += 1
        if self._now() and self.platform.raises is not None:
            raise self.platform.raises
        return self.platform.response(show()) if self._now() else show()

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        return self._answer(lambda: self.steps.train(x, labels))

    def infer(self, x: np.ndarray) -> Response:
        return self._answer(lambda: self.steps.infer(x))

    def take_spikes(self) -> Spikes:
        spikes = self.steps.take_spikes()
        return self.platform.spikes(spikes) if self._now() else spikes

    def weights(self) -> Weights:
        return self.platform.learnt(self.steps.weights()) if self.meant else self.steps.weights()

    def check_copies(self) -> None:
        if self.platform.copies:
            raise EqualityError(self.platform.copies)

    def close(self) -> None:
        self.closed += 1


def against_reference(platform: Any, **options: Any) -> Comparison:
    return compare({"good": ReferencePlatform(), "bad": platform}, SAMPLES, WEIGHTS, **options)


def all_spikes() -> Spikes:
    """What must fire in training, from the step simulator alone."""
    order = order_of_epoch(N, 0, 0, True)
    steps = StepSimulator(CIRCUIT, WEIGHTS)
    steps.train(SAMPLES.x_train[order], SAMPLES.y_train[order])
    return steps.take_spikes()


SPIKES = all_spikes()


def in_run(run: int, population: str) -> np.ndarray:
    """The spikes of a population in one of the runs of PER_RUN samples."""
    table = SPIKES[population]
    sample = table[:, 0] // LENGTH - 1
    return table[sample // PER_RUN == run]


def without(population: str, index: int) -> Callable[[Spikes], Spikes]:
    return lambda spikes: {**spikes, population: np.delete(spikes[population], index, axis=0)}


def changed(population: str, change: Callable[[np.ndarray], Any]) -> Callable[[Spikes], Spikes]:
    return lambda spikes: {**spikes, population: change(spikes[population])}


# --- equal


@pytest.mark.parametrize("per_run", [1, 6, 7, 100])
def test_platforms_that_do_the_same_in_runs_of_any_length_are_equal(per_run):
    comparison = against_reference(Altered(samples_per_run=per_run))
    (pair,) = comparison.pairs
    assert comparison.equal
    assert pair.equal
    assert (pair.standard, pair.other, pair.first, pair.failures) == ("good", "bad", None, ())
    assert pair.training.compared == sum(map(len, SPIKES.values())) > 1000
    assert pair.inference.compared == sum(comparison.results[0].inference.spikes.values()) > 100
    assert [array.compared for _, array in pair.arrays()] == [14 * 9, 9 * 3, N * 3, N_TEST * 3, N_TEST * 3]
    assert comparison.results[1].training.spikes == comparison.results[0].training.spikes
    recorded = set(comparison.results[0].training.spikes)
    assert {name: len(table) for name, table in SPIKES.items() if name in recorded} == comparison.results[
        1
    ].training.spikes
    assert set(SPIKES) - recorded == {"start"}


@pytest.mark.parametrize(("seed", "shuffle"), [(0, True), (5, True), (0, False)])
def test_samples_come_in_the_order_of_the_first_epoch_of_a_training(seed, shuffle):
    comparison = against_reference(ReferencePlatform(), seed=seed, shuffle=shuffle)
    order, oracle = order_of_epoch(N, 0, seed, shuffle), Rule(WEIGHTS)
    answers = oracle.train(SAMPLES.x_train[order], SAMPLES.y_train[order])
    for result in comparison.results:
        np.testing.assert_array_equal(result.training.outputs, answers.outputs)
        for name, matrix in oracle.weights().items():
            np.testing.assert_array_equal(result.weights[name], matrix)
        asked = oracle.infer(SAMPLES.x_test)
        np.testing.assert_array_equal(result.inference.outputs, asked.outputs)
        np.testing.assert_array_equal(result.inference.potentials, asked.potentials)
    assert comparison.changed == {name: int((m != WEIGHTS[name]).sum()) for name, m in oracle.weights().items()}
    assert min(comparison.changed.values()) > 0


def test_every_platform_is_compared_with_the_first():
    platforms = {"a": ReferencePlatform(), "b": Altered(spikes=without("h", 0)), "c": Altered()}
    comparison = compare(platforms, SAMPLES, WEIGHTS)
    assert [(pair.standard, pair.other, pair.equal) for pair in comparison.pairs] == [
        ("a", "b", False),
        ("a", "c", True),
    ]
    assert not comparison.equal
    assert [result.description["platform"] for result in comparison.results] == ["reference", "altered", "altered"]


def test_a_platform_and_the_one_it_is_held_against_may_change_places():
    comparison = compare({"bad": Altered(spikes=without("h", 0)), "good": ReferencePlatform()}, SAMPLES, WEIGHTS)
    (pair,) = comparison.pairs
    assert pair.training.first is not None
    assert pair.training.first.only_in == "good"


# --- spikes


@pytest.mark.parametrize("run", [0, 1, 3])
@pytest.mark.parametrize("population", ["x", "h", "o_low", "hT", "g4"])
def test_a_spike_that_is_missing_is_named(population, run):
    there = in_run(run, population)
    index = len(there) // 2
    step, neuron = there[index]
    (pair,) = against_reference(Altered(spikes=without(population, index), run=run)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.neuron, first.step, first.only_in) == (population, neuron, step, "good")
    assert (first.phase, first.sample) == (step % LENGTH, step // LENGTH - 1)
    assert pair.training.differing == {**dict.fromkeys(pair.training.differing, 0), population: 1}
    assert pair.inference.total == 0
    assert not pair.equal


def test_a_spike_too_many_is_named():
    step = (PER_RUN + 2) * LENGTH  # no neuron of h may fire in phase 0
    more = changed("h", lambda table: inserted(table, step, 3))
    (pair,) = against_reference(Altered(spikes=more)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.neuron, first.step, first.phase, first.only_in) == ("h", 3, step, 0, "bad")
    assert (pair.training.total, pair.equal) == (1, False)


def inserted(table: np.ndarray, step: int, neuron: int) -> np.ndarray:
    return np.array(sorted([*map(tuple, table.tolist()), (step, neuron)]))


def test_a_spike_that_comes_a_step_later_differs_twice():
    late = changed("r", lambda table: np.vstack((table[:1] + np.array([1, 0]), table[1:])))
    (pair,) = against_reference(Altered(spikes=late)).pairs
    first = pair.training.first
    assert first is not None
    assert (first.population, first.step, first.only_in) == ("r", in_run(1, "r")[0][0], "good")
    assert (pair.training.differing["r"], pair.training.total) == (2, 2)


def test_the_earliest_difference_of_all_populations_is_the_first():
    late, early = in_run(1, "x")[-1], in_run(1, "m_h")[0]
    both = lambda spikes: without("x", len(spikes["x"]) - 1)(without("m_h", 0)(spikes))  # noqa: E731
    (pair,) = against_reference(Altered(spikes=both)).pairs
    assert early[0] < late[0]
    assert pair.training.first is not None
    assert (pair.training.first.population, pair.training.first.step) == ("m_h", early[0])
    assert pair.training.total == 2


def test_the_spikes_of_a_run_that_are_lost_all_differ():
    lost = lambda spikes: {name: table[:0] for name, table in spikes.items()}  # noqa: E731
    (pair,) = against_reference(Altered(spikes=lost)).pairs
    assert pair.training.total == sum(len(in_run(1, name)) for name in SPIKES)
    assert not pair.equal


def test_a_difference_in_inference_is_found_and_is_not_one_in_training():
    (pair,) = against_reference(Altered(spikes=without("h", 0), training=False)).pairs
    assert (pair.training.total, pair.inference.total, pair.equal) == (0, 1, False)
    assert pair.first is not None
    assert pair.first[0] == "inference"


def test_spikes_around_the_first_difference_are_kept_and_no_others():
    index, run = 5, 1
    step = in_run(run, "h")[index][0]
    (pair,) = against_reference(Altered(spikes=without("h", index), run=run)).pairs
    assert pair.training.around is not None
    good, bad = pair.training.around
    assert len(good["h"]) == len(bad["h"]) + 1
    steps = np.concatenate([table[:, 0] for table in good.values()])
    assert step // LENGTH * LENGTH - LENGTH <= steps.min() <= step <= steps.max() < (step // LENGTH + 2) * LENGTH


# --- weights, copies, answers


def altered_weights(name: str, index: tuple[int, int], change: int) -> Callable[[Weights], Weights]:
    def alter(weights: Weights) -> Weights:
        matrix = weights[name].copy()
        matrix[index] += change if abs(matrix[index] + change) <= 254 else -change
        return {**weights, name: matrix}

    return alter


@pytest.mark.parametrize(("name", "index"), [("W1", (13, 8)), ("W2", (0, 1))])
def test_one_weight_that_differs_is_counted(name, index):
    (pair,) = against_reference(Altered(learnt=altered_weights(name, index, 6))).pairs
    found = {matrix: (array.differing, array.largest) for matrix, array in pair.weights.items()}
    assert found == {"W1": (0, 0), "W2": (0, 0), name: (1, 6)}
    assert (pair.training.total, pair.equal) == (0, False)
    assert pair.inference.total == pair.outputs.differing == pair.potentials.differing == 0, "asked with equal weights"


@pytest.mark.parametrize("names", [("good", "bad"), ("bad", "good")])
def test_copies_that_differ_on_one_platform_are_a_failure(names):
    by_name = {"good": ReferencePlatform(), "bad": Altered(copies="W1 of x->h differs")}
    (pair,) = compare({name: by_name[name] for name in names}, SAMPLES, WEIGHTS).pairs
    assert pair.failures == ("bad: W1 of x->h differs",)
    assert not pair.equal


def flipped(response: Response) -> Response:
    outputs = response.outputs.copy()
    outputs[2, 1] ^= True
    return replace(response, outputs=outputs)


@pytest.mark.parametrize(
    ("platform", "where"),
    [
        (Altered(response=flipped), "training outputs"),
        (Altered(response=flipped, training=False, run=0), "test outputs"),
        (
            Altered(
                response=lambda r: replace(r, potentials=r.potentials + np.eye(PER_RUN, 3, dtype=int)),
                training=False,
                run=0,
            ),
            "test potentials",
        ),
    ],
)
def test_an_answer_that_differs_is_counted(platform, where):
    (pair,) = against_reference(platform).pairs
    differing = {name: array.differing for name, array in pair.arrays() if array.differing}
    assert differing == {where: 3 if "potentials" in where else 1}
    assert not pair.equal


@pytest.mark.parametrize("run", [0, 1])
def test_potentials_that_are_missing_are_no_equality(run):
    platform = Altered(response=lambda r: replace(r, potentials=None), training=False, run=run)
    (pair,) = against_reference(platform).pairs
    assert pair.potentials.compared == 0
    assert not pair.equal


def test_a_platform_without_potentials_says_so():
    platform = Altered(response=lambda r: replace(r, potentials=None), training=False, run=0, samples_per_run=100)
    (pair,) = against_reference(platform).pairs
    assert pair.failures == ("bad gives no potentials in inference",)


# --- what is no result at all


def nan_in(weights: Weights) -> Weights:
    return {**weights, "W1": np.where(np.eye(*SIZES[:2]) == 1, np.nan, weights["W1"])}


RUN_LONG, THREE_ON = np.array([PER_RUN * LENGTH, 0]), np.array([0, 3])
NO_RESULTS = {
    "a population is missing": (Altered(spikes=lambda s: {n: t for n, t in s.items() if n != "m_h"}), ["m_h"], 6),
    "a population too many": (Altered(spikes=lambda s: {**s, "z": s["h"]}), ["z"], 6),
    "a spike is there twice": (Altered(spikes=changed("h", lambda t: np.repeat(t, 2, axis=0))), ["'h'", "twice"], 6),
    "spikes are not sorted": (Altered(spikes=changed("h", lambda t: t[::-1])), ["'h'", "not sorted"], 6),
    "a run comes twice": (Altered(spikes=changed("x", lambda t: t - RUN_LONG)), ["'x'", "84 to 155"], 6),
    "a run too late": (Altered(spikes=changed("x", lambda t: t + RUN_LONG)), ["'x'", "84 to 155"], 6),
    "a neuron that is not there": (Altered(spikes=changed("o", lambda t: t + THREE_ON)), ["'o'", "outside 0 to 2"], 6),
    "spikes with NaN": (Altered(spikes=changed("o", lambda t: t * np.nan)), ["'o'", "float64"], 6),
    "spikes without neurons": (Altered(spikes=changed("o", lambda t: t[:, 0])), ["'o'", "shape"], 6),
    "too few answers": (Altered(response=lambda r: Response(r.outputs[1:], r.potentials)), ["outputs", "(5, 3)"], 6),
    "answers of numbers": (Altered(response=lambda r: Response(r.outputs * np.nan)), ["outputs", "float64"], 6),
    "potentials with NaN": (
        Altered(response=lambda r: Response(r.outputs, r.potentials * np.nan)),
        ["potentials", "float64"],
        6,
    ),
    "weights with NaN": (Altered(learnt=nan_in), ["W1[0, 0]", "nan", "integers"], N),
    "weights beyond the bound": (Altered(learnt=lambda w: {**w, "W2": w["W2"] + 999}), ["W2[0, 0]", "254"], N),
    "a matrix is missing": (Altered(learnt=lambda w: {"W1": w["W1"]}), ["holds W1", "W2"], N),
    "it raises": (Altered(raises=EqualityError("fires where no sample is shown")), ["no sample is shown"], 6),
}


@pytest.mark.parametrize(("platform", "words", "shown"), NO_RESULTS.values(), ids=NO_RESULTS)
def test_what_can_be_no_result_is_a_failure_with_its_reason(platform, words, shown):
    (pair,) = against_reference(platform).pairs
    assert not pair.equal
    (failure,) = pair.failures
    assert failure.startswith(f"bad broke off in training, after {shown} samples: ")
    assert [word for word in words if word not in failure] == [], failure
    assert all(matrix.compared == 0 for matrix in pair.weights.values())
    assert pair.inference.compared > 0, "the rest is compared all the same"
    assert (pair.inference.total, pair.outputs.differing) == (0, 0)


@pytest.mark.parametrize(("platform", "words", "shown"), NO_RESULTS.values(), ids=NO_RESULTS)
def test_a_standard_that_gives_no_result_ends_the_comparison(platform, words, shown):
    with pytest.raises(EqualityError, match="bad can't be the standard, it broke off in training") as caught:
        compare({"bad": platform, "good": ReferencePlatform()}, SAMPLES, WEIGHTS)
    assert [word for word in words if word not in str(caught.value)] == []


def test_networks_are_closed_whatever_happens():
    for raises in (None, EqualityError("no"), KeyboardInterrupt()):
        platform = Altered(raises=raises)
        try:
            against_reference(platform)
        except KeyboardInterrupt:
            assert isinstance(raises, KeyboardInterrupt)
        assert [running.closed for running in platform.built] == [1] * (
            1 if isinstance(raises, KeyboardInterrupt) else 2
        )


def test_a_simulator_that_breaks_is_no_difference():
    with pytest.raises(PlatformError, match="died"):
        against_reference(Altered(raises=PlatformError("a process died")))


# --- input


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["reference"], ["reference", "at least two"]),
        ([], ["none", "at least two"]),
        (["reference", "referenc"], ["'referenc'", "did you mean 'reference'"]),
        (["reference", "reference:"], ["'reference:'", "NAME:VARIANT"]),
        (["reference", ":fast"], ["':fast'", "NAME:VARIANT"]),
        (["reference", "reference:a:b:c"], ["'reference:a:b:c'", "NAME:VARIANT:LAYOUT"]),
        (["reference", "reference:fast"], ["variant", "'fast'", "auto"]),
        (["reference", "reference:auto:wide"], ["layout", "'wide'", "fused"]),
    ],
)
def test_platforms_that_can_not_be_compared_are_refused(names, words):
    with pytest.raises(InputError) as caught:
        platforms_named(names)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_platform_may_be_named_twice():
    assert list(platforms_named(["reference", "reference:auto", "reference"])) == [
        *("reference", "reference:auto", "reference (2)")
    ]


def test_one_platform_alone_can_not_be_compared():
    with pytest.raises(InputError, match=r"number of platforms is 1 .* at least 2"):
        compare({"a": ReferencePlatform()}, SAMPLES, WEIGHTS)


# --- what is told of it


def test_progress_is_told_before_building_and_after_every_run():
    told: list[tuple] = []
    compare(
        {"a": Altered(samples_per_run=12), "b": Altered(samples_per_run=100)},
        SAMPLES,
        WEIGHTS,
        tick=lambda *now: told.append(now),
    )
    assert told == [
        *(("a", "training", shown, N) for shown in (0, 12, 20)),
        *(("a", "inference", shown, N_TEST) for shown in (0, 8)),
        *(("b", "training", shown, N) for shown in (0, 20)),
        *(("b", "inference", shown, N_TEST) for shown in (0, 8)),
    ]


def test_a_comparison_can_be_written_as_json():
    comparison = against_reference(Altered(spikes=without("h", 0), learnt=altered_weights("W2", (1, 1), 4)))
    told = json.loads(json.dumps(comparison.as_dict(), allow_nan=False))
    (pair,) = told["pairs"]
    assert (told["equal"], pair["equal"], told["samples"], told["test_samples"]) == (False, False, N, N_TEST)
    assert pair["spikes"]["training"]["first"]["population"] == "h"
    assert pair["weights of W2"] == {"compared": 27, "differing": 1, "largest": 4}
    good, bad = (platform["training"]["spikes"]["h"] for platform in told["platforms"])
    assert good == len(SPIKES["h"]) == bad + 1


def test_the_picture_shows_the_spikes_that_only_one_has():
    (pair,) = against_reference(Altered(spikes=without("h", 4))).pairs
    first, around = pair.training.first, pair.training.around
    assert first is not None
    assert around is not None
    figure = plots.difference(CIRCUIT, first, around, ("good", "bad"))
    (axes,) = figure.axes
    drawn = [
        (to_hex(c.get_color()[0]).upper(), len(c.get_segments())) for c in axes.collections if hasattr(c, "get_color")
    ]
    assert sum(bars for colour, bars in drawn if colour == BLUE) == 1
    assert sum(bars for colour, bars in drawn if colour == VERMILION) == 0
    assert sum(bars for _, bars in drawn) == sum(map(len, around[0].values()))
    (ring,) = (line for line in axes.lines if line.get_marker() == "o")
    assert ring.get_xdata()[0] == first.step
    assert str(first) in figure.get_suptitle()
