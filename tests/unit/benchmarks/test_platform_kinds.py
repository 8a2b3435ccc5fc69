"""What a platform of the benchmark must be, and the kinds that there are."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.cases import CASES
from benchmarks.meters.cpu_time import CpuTimeMeter
from benchmarks.platforms import PLATFORMS
from benchmarks.platforms.base import BenchmarkPlatform, Task
from benchmarks.platforms.kinds.peer import dense_macs, effective_operations, macs_of_backpropagation, peer
from benchmarks.platforms.kinds.spiking import train_and_test, variants_of
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.platforms import ReferencePlatform


def task(case: str = "digits", hidden: int = 20, **changes) -> Task:
    held = CASES.named(case)
    usual = {"samples": held.load(40, 20, 0), "units": held.units(hidden), "variant": "v", "seed": 0, "epochs": 2}
    return Task(held, **{**usual, "repeats": 3, "threads": 1, "count_samples": 3, **changes})


# --- what it must be


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a:b"}, "name of the platform is 'a:b' but must begin with"),
        ({"name": None}, "name of the platform is None but must begin with"),
        ({"summary": 3}, "summary of the platform p is 3 but must be a str"),
        ({"variants": ()}, r"variants of the platform p is \(\) but must be a tuple of names, each once"),
        ({"variants": "fast"}, "variants of the platform p is 'fast' but must be a tuple of names"),
        ({"variants": ("a", "a")}, r"variants of the platform p is \('a', 'a'\) but must be a tuple"),
        ({"variants": ("a", "")}, "variant of the platform p is '' but must begin with"),
        ({"variants": ("a:b",)}, "variant of the platform p is 'a:b' but must begin with"),
        ({"variants": ("a", "all")}, "variant of the platform p is 'all', which stands for every one"),
        ({"measure": None}, "measure of the platform p is None but must take a Task alone"),
        ({"measure": lambda: None}, "measure of the platform p is <function .*> but must take a Task alone"),
        ({"measure": lambda one, other: None}, "measure of the platform p is <function .*> but must take a Task"),
    ],
)
def test_what_can_not_be_a_platform_is_refused(change, said):
    good = {"name": "p", "summary": "a platform", "variants": ("a", "b"), "measure": lambda task: None}
    assert BenchmarkPlatform(**good).variants == ("a", "b")
    with pytest.raises(InputError, match=said):
        BenchmarkPlatform(**{**good, **change})


def test_a_platform_is_asked_for_with_its_usual_variant_or_another_or_all():
    nest = PLATFORMS.named("nest")
    assert nest.chosen("") == ["compiled"]
    assert nest.chosen("dopamine") == ["dopamine"]
    assert nest.chosen("all") == ["compiled", "dopamine"]
    with pytest.raises(InputError, match="variant of nest is 'cython' but must be one of compiled, dopamine, all"):
        nest.chosen("cython")


def test_variants_are_those_of_the_backend():
    assert variants_of("nest") == PLATFORMS.named("nest").variants == ("compiled", "dopamine")


# --- the circuit


def test_to_train_and_to_test_is_what_the_package_does():
    weights, evaluation = train_and_test(ReferencePlatform(), task())
    assert {name: matrix.shape for name, matrix in weights.items()} == {"W1": (192, 20), "W2": (20, 10)}
    assert evaluation.outputs.shape == (20, 10)
    again, _ = train_and_test(ReferencePlatform(), task())
    once, _ = train_and_test(ReferencePlatform(), task(epochs=1))
    for name, matrix in weights.items():
        np.testing.assert_array_equal(again[name], matrix)
    assert any(np.any(once[name] != matrix) for name, matrix in weights.items())


# --- peers


class Constant:
    """Answers the class 3 and remembers what it was shown."""

    made: list[Constant] = []  # noqa: RUF012

    def __init__(self, task: Task) -> None:
        self.shown: list[tuple[np.ndarray, np.ndarray]] = []
        self.asked = 0
        self.made.append(self)

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        self.shown.append((x, labels))

    def answer(self, x: np.ndarray) -> np.ndarray:
        self.asked += len(x)
        return np.full(len(x), 3)

    def neurobench(self, x: np.ndarray) -> dict[str, float]:
        return {"Footprint": len(x)}

    def macs(self) -> dict[str, int]:
        return {"train": 30, "test": 10}


@pytest.fixture
def constant():
    Constant.made.clear()
    return peer("constant", "always the same", ("v",), Constant, lambda: {"constant": "1.0"})


def test_a_peer_is_warmed_up_timed_and_counted(constant):
    one = task(meter=CpuTimeMeter(10.0))
    found = constant.measure(one)
    assert (constant.peer, constant.threads) == (True, True)
    assert len(Constant.made) == 1 + 3
    warm, *timed = Constant.made
    assert sum(len(x) for x, _ in warm.shown) == 40  # all there are: fewer than it could warm up with
    for learner in timed:
        assert [len(x) for x, _ in learner.shown] == [40, 40]
        assert learner.asked == 20
    assert {stage: len(seconds) for stage, seconds in found.repeat_seconds.items()} == dict.fromkeys(
        ("build", "train", "build_test", "test"), 3
    )
    assert found.metrics == {
        "ClassificationAccuracy": float(np.mean(one.samples.y_test == 3)),
        "Footprint": 20,
    }
    assert found.counts == {"macs_per_sample": 30, "inference": {"macs_per_sample": 10}}
    assert found.versions == {"constant": "1.0"}
    assert (found.weights_equal, found.answers_equal) == (None, None)
    assert [entry["of"] for entry in found.energy] == ["training", "inference"]
    assert found.warm_up_seconds > 0


def test_a_peer_sees_the_samples_in_the_order_of_the_circuit(constant):
    one = task(seed=5, repeats=1)
    constant.measure(one)
    for epoch, (x, labels) in enumerate(Constant.made[-1].shown):
        order = Presentation(seed=5).order(40, epoch)
        np.testing.assert_array_equal(x, one.samples.x_train[order])
        np.testing.assert_array_equal(labels, one.samples.y_train[order])


def test_peers_learn_classes_only(constant):
    with pytest.raises(PlatformError, match="the peers learn classes, but the case xor has values to be learnt"):
        constant.measure(task("xor", 12))


def test_a_class_that_can_not_learn_is_no_peer():
    class Half:
        def learn(self, x, labels): ...

        def answer(self, x): ...

    with pytest.raises(InputError, match=r"make of the peer half is .*Half'>, which lacks the methods neurobench, m"):
        peer("half", "lacks something", ("v",), Half, dict)


def test_the_work_of_backpropagation_is_three_times_that_of_an_answer_but_for_the_input():
    assert dense_macs((4, 3, 2)) == 12 + 6
    # Forward 18, gradients 18, and the error of the hidden layer: 6.
    assert macs_of_backpropagation((4, 3, 2)) == 18 + 18 + 6
    assert macs_of_backpropagation((5, 4, 3, 2)) == 2 * (20 + 12 + 6) + 12 + 6


def test_effective_operations_are_values_times_weights_that_are_not_0():
    activity = np.array([[1, 0, 1], [1, 0, 0]])
    weights = np.array([[1.0, 0.0], [2.0, 2.0], [3.0, 4.0]])
    # Value 0 twice through one weight, value 2 once through two.
    assert effective_operations(activity, weights) == 2 * 1 + 1 * 2
