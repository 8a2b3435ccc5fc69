"""The run loop: runs, order, resuming, recorded stretches, evaluation and its scores."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np
import pytest

from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.parts import Circuit
from pynn_backprop.circuit.published import inference_circuit, training_circuit
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Response, RunningCircuit
from pynn_backprop.learning.training import Evaluation, Progress, Stretch, evaluate, first_firing, order_of_epoch, train
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.spikes import Spikes, first_difference, merged
from pynn_backprop.weights import Weights

SMALL = Parameters(theta=64)
SIZES = (6, 5, 3)
N, EPOCHS = 23, 3
CIRCUIT = training_circuit(SIZES, SMALL)
X = np.random.default_rng(0).random((N, SIZES[0])) < 0.5
LABELS = np.random.default_rng(1).integers(0, SIZES[-1], N)
WEIGHTS = {f"W{k}": np.random.default_rng(k).integers(-100, 100, SIZES[k - 1 : k + 1]) for k in (1, 2)}


class SpiedRunner:
    """The oracle, or the step simulator, that notes what it is shown."""

    def __init__(self, running: RunningCircuit) -> None:
        self.running = running
        self.runs: list[tuple[np.ndarray, np.ndarray]] = []
        self.closed = False

    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        self.runs.append((x, labels))
        return self.running.train(x, labels)

    def infer(self, x: np.ndarray) -> Response:
        self.runs.append((x, np.zeros(0, int)))
        return self.running.infer(x)

    def weights(self) -> Weights:
        return self.running.weights()

    def take_spikes(self) -> Spikes:
        return self.running.take_spikes()

    def close(self) -> None:
        self.closed = True


class SpiedPlatform(ReferencePlatform):
    def __init__(self, samples_per_run: int = 7) -> None:
        self.samples_per_run = samples_per_run
        self.built: list[SpiedRunner] = []

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        self.built.append(SpiedRunner(super().build(circuit, weights, record)))
        return self.built[-1]

    @property
    def lengths(self) -> list[int]:
        """Samples in each run."""
        return [len(labels) for running in self.built for _, labels in running.runs]

    @property
    def shown(self) -> tuple[np.ndarray, np.ndarray]:
        """All samples and labels that were shown, in order."""
        x, labels = zip(*(run for running in self.built for run in running.runs), strict=True)
        return np.concatenate(x), np.concatenate(labels)


def trained(platform: SpiedPlatform | None = None, **options: object) -> tuple[Weights, Progress]:
    options = {"epochs": EPOCHS, "seed": 5, "parameters": SMALL, **options}
    return train(platform or SpiedPlatform(), X, LABELS, WEIGHTS, **options)  # type: ignore[arg-type]


def trained_until(cut: int, **options: object) -> tuple[Weights, Progress]:
    """Interrupted after `cut` samples."""
    seen: list[int] = []
    return trained(
        stop_at=[cut], callbacks=[lambda p: seen.append(p.shown)], interrupted=lambda: seen[-1] == cut, **options
    )


def assert_equal_weights(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name, matrix in one.items():
        np.testing.assert_array_equal(matrix, other[name], err_msg=name)


def all_spikes(progress: Progress) -> Spikes:
    return merged([stretch.spikes for stretch in progress.stretches])


# --- training


def test_training_is_the_rule_sample_by_sample():
    weights, progress = trained()
    oracle = Rule(WEIGHTS, SMALL)
    right = []
    for epoch in range(EPOCHS):
        order = order_of_epoch(N, epoch, 5, shuffle=True)
        response = oracle.train(X[order], LABELS[order])
        right.append(int(np.sum(first_firing(response.outputs) == LABELS[order])))
    assert_equal_weights(weights, oracle.weights())
    assert progress.right.tolist() == right
    assert progress.shown == progress.total == N * EPOCHS
    assert any((weights[name] != WEIGHTS[name]).any() for name in weights)


def test_the_weights_that_are_handed_in_are_not_changed():
    before = copy.deepcopy(WEIGHTS)
    trained()
    assert_equal_weights(WEIGHTS, before)


@pytest.mark.parametrize("record", [(), ("o",)], ids=["oracle", "step simulator"])
def test_the_order_of_the_names_of_the_weights_does_not_matter(record):
    turned = dict(reversed(WEIGHTS.items()))
    weights, _ = train(SpiedPlatform(), X, LABELS, turned, parameters=SMALL, record=record)
    assert_equal_weights(weights, train(SpiedPlatform(), X, LABELS, WEIGHTS, parameters=SMALL)[0])


def test_one_weight_matrix_is_trained_too():
    weights, _ = train(SpiedPlatform(), X[:, :5], LABELS, {"W1": WEIGHTS["W2"]}, parameters=SMALL)
    oracle = Rule({"W1": WEIGHTS["W2"]}, SMALL)
    order = order_of_epoch(N, 0, 0, shuffle=True)
    oracle.train(X[order, :5], LABELS[order])
    assert_equal_weights(weights, oracle.weights())


# --- runs


def test_runs_have_the_platform_s_length_and_end_with_the_epoch():
    platform = SpiedPlatform(samples_per_run=7)
    trained(platform)
    assert platform.lengths == [7, 7, 7, 2] * EPOCHS


def test_a_run_may_be_longer_than_an_epoch():
    platform = SpiedPlatform(samples_per_run=1000)
    trained(platform)
    assert platform.lengths == [N] * EPOCHS


def test_runs_end_at_every_stop():
    platform = SpiedPlatform(samples_per_run=20)
    trained(platform, stop_at=[3, 30, 25, N * EPOCHS])
    assert platform.lengths == [3, 20, 2, 5, 16, 20, 3]


def test_runs_end_where_recording_starts_and_stops():
    platform = SpiedPlatform(samples_per_run=20)
    trained(platform, record=["o"], record_samples=4)
    assert platform.lengths == [4, 19, 20, 3, 19, 4]


@pytest.mark.parametrize("samples_per_run", [1, 4, 1000])
@pytest.mark.parametrize("stop_at", [(), (2, 3, 40)])
def test_how_the_runs_are_cut_does_not_matter(samples_per_run, stop_at):
    weights, progress = trained(SpiedPlatform(samples_per_run), stop_at=stop_at)
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)


def test_callbacks_are_called_after_each_run_with_the_weights_of_that_moment():
    seen: list[tuple[int, Weights]] = []
    _, progress = trained(
        SpiedPlatform(10), epochs=1, callbacks=[lambda p: seen.append((p.shown, p.running.weights()))]
    )
    assert [shown for shown, _ in seen] == [10, 20, N]
    for shown, weights in seen:
        assert_equal_weights(weights, trained_until(shown, epochs=1)[0])
    assert progress.running is None


def test_the_accuracy_is_that_of_the_present_epoch():
    seen: list[tuple[int, float, int]] = []
    trained(callbacks=[lambda p: seen.append((p.shown, p.accuracy, int(p.right[(p.shown - 1) // N])))])
    assert [accuracy for _, accuracy, _ in seen] == [right / ((shown - 1) % N + 1) for shown, _, right in seen]
    assert Progress(N, EPOCHS).accuracy == 0


def test_the_runner_is_closed_in_the_end_and_after_an_error():
    def fail(_: Progress) -> None:
        raise RuntimeError("a callback fails")

    good, bad = SpiedPlatform(), SpiedPlatform()
    trained(good)
    with pytest.raises(RuntimeError, match="a callback fails"):
        trained(bad, callbacks=[fail])
    assert [running.closed for running in (*good.built, *bad.built)] == [True, True]


# --- order


def test_each_epoch_shows_all_samples_in_an_order_of_its_own():
    orders = [order_of_epoch(N, epoch, seed, shuffle=True) for epoch in range(3) for seed in range(3)]
    assert all(sorted(order) == list(range(N)) for order in orders)
    assert len({tuple(order) for order in orders}) == len(orders)


def test_the_order_depends_on_seed_and_epoch_alone():
    first = order_of_epoch(N, 2, 5, shuffle=True)
    np.random.default_rng(0).random(3)
    np.testing.assert_array_equal(order_of_epoch(N, 2, 5, shuffle=True), first)


@pytest.mark.parametrize(
    "options", [{"stop_at": [3, 50]}, {"record": ["x"], "record_samples": 5}], ids=["stop", "record"]
)
def test_training_shows_the_order_of_each_epoch(options):
    platform = SpiedPlatform()
    trained(platform, **options)
    x, labels = platform.shown
    expected = np.concatenate([order_of_epoch(N, epoch, 5, shuffle=True) for epoch in range(EPOCHS)])
    np.testing.assert_array_equal(x, X[expected])
    np.testing.assert_array_equal(labels, LABELS[expected])


def test_without_shuffling_every_epoch_has_the_given_order():
    platform = SpiedPlatform()
    trained(platform, shuffle=False)
    np.testing.assert_array_equal(platform.shown[0], np.tile(X, (EPOCHS, 1)))
    np.testing.assert_array_equal(platform.shown[1], np.tile(LABELS, EPOCHS))


# --- resuming


@pytest.mark.parametrize("cut", [1, 6, 7, N - 1, N, N + 1, 2 * N, 2 * N + 11, N * EPOCHS - 1, N * EPOCHS])
def test_a_training_that_is_resumed_gives_the_same_weights_and_counts(cut):
    half, progress = trained_until(cut)
    assert progress.shown == cut
    assert progress.right.sum() == trained_until(cut)[1].right.sum()
    platform = SpiedPlatform()
    weights, progress = train(platform, X, LABELS, half, epochs=EPOCHS, seed=5, parameters=SMALL, progress=progress)
    assert sum(platform.lengths) == N * EPOCHS - cut
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)
    assert progress.shown == N * EPOCHS


def test_a_training_may_be_resumed_from_the_number_of_samples_and_the_counts_alone():
    half, so_far = trained_until(30)
    progress = Progress(N, EPOCHS, shown=30, right=so_far.right.copy())
    weights, progress = train(
        SpiedPlatform(), X, LABELS, half, epochs=EPOCHS, seed=5, parameters=SMALL, progress=progress
    )
    expected, uncut = trained()
    assert_equal_weights(weights, expected)
    np.testing.assert_array_equal(progress.right, uncut.right)


def test_a_training_that_is_done_is_returned_as_it_is():
    weights, progress = trained()
    platform = SpiedPlatform()
    again, _ = train(platform, X, LABELS, weights, epochs=EPOCHS, seed=5, parameters=SMALL, progress=progress)
    assert_equal_weights(again, weights)
    assert platform.built == []


# --- recorded stretches


def recorded_without_cuts(record: Sequence[str]) -> tuple[Spikes, np.ndarray]:
    """All spikes and labels of the whole training, in circuit time."""
    order = np.concatenate([order_of_epoch(N, epoch, 5, shuffle=True) for epoch in range(EPOCHS)])
    steps = StepSimulator(CIRCUIT, WEIGHTS, record)
    steps.train(X[order], LABELS[order])
    return steps.take_spikes(), LABELS[order]


def assert_stretch_is(stretch: Stretch, first: int, end: int) -> None:
    spikes, labels = recorded_without_cuts(tuple(stretch.spikes))
    length = CIRCUIT.schedule.length
    inside = {
        name: table[((first + 1) * length <= table[:, 0]) & (table[:, 0] < (end + 1) * length)]
        for name, table in spikes.items()
    }
    assert stretch.first == first
    np.testing.assert_array_equal(stretch.labels, labels[first:end])
    assert first_difference(stretch.spikes, inside, CIRCUIT) is None
    assert all(len(table) for table in inside.values())


RECORD = ("x", "h", "o", "g0", "r")


@pytest.mark.parametrize("samples_per_run", [3, 1000])
def test_the_first_and_the_last_samples_are_recorded_in_circuit_time(samples_per_run):
    _, progress = trained(SpiedPlatform(samples_per_run), record=RECORD, record_samples=10)
    assert len(progress.stretches) == 2
    assert_stretch_is(progress.stretches[0], 0, 10)
    assert_stretch_is(progress.stretches[1], N * EPOCHS - 10, N * EPOCHS)


@pytest.mark.parametrize("record_samples", [N * EPOCHS // 2 + 1, N * EPOCHS, 1000])
def test_a_short_training_is_recorded_as_one_stretch(record_samples):
    _, progress = trained(record=RECORD, record_samples=record_samples)
    assert len(progress.stretches) == 1
    assert_stretch_is(progress.stretches[0], 0, N * EPOCHS)


@pytest.mark.parametrize("cut", [4, 10, 30, N * EPOCHS - 3])
def test_steps_and_stretches_are_the_same_after_resuming(cut):
    options = {"record": RECORD, "record_samples": 10}
    half, progress = trained_until(cut, **options)
    _, progress = train(
        SpiedPlatform(), X, LABELS, half, epochs=EPOCHS, seed=5, parameters=SMALL, progress=progress, **options
    )
    assert len(progress.stretches) == 2
    assert_stretch_is(progress.stretches[0], 0, 10)
    assert_stretch_is(progress.stretches[1], N * EPOCHS - 10, N * EPOCHS)


def test_nothing_is_recorded_unless_asked():
    assert trained()[1].stretches == []


# --- what is refused


@pytest.mark.parametrize(
    "labels",
    [
        np.where(np.arange(N) == 4, 3, LABELS),
        np.where(np.arange(N) == 4, -1, LABELS),
        LABELS.astype(float),
        LABELS.astype(bool),
        LABELS.astype(str),
        LABELS[:-1],
        LABELS[:, None],
        np.eye(3, dtype=int)[LABELS],
    ],
    ids=["too large", "negative", "float", "bool", "text", "too few", "column", "one-hot"],
)
def test_bad_labels_are_refused_before_anything_is_built(labels):
    platform = SpiedPlatform()
    with pytest.raises(InputError, match="labels"):
        train(platform, X, labels, WEIGHTS, parameters=SMALL)
    assert platform.built == []


@pytest.mark.parametrize("x", [X.astype(float), X[:, :-1], X[0]], ids=["float", "too narrow", "one sample"])
def test_samples_of_another_type_or_shape_are_refused(x):
    with pytest.raises(InputError):
        train(SpiedPlatform(), x, LABELS[: len(x)], WEIGHTS, parameters=SMALL)
    with pytest.raises(InputError):
        evaluate(SpiedPlatform(), x, WEIGHTS, SMALL)


@pytest.mark.parametrize("options", [{"epochs": 0}, {"epochs": 1.5}, {"record": ["z"]}], ids=str)
def test_bad_options_are_refused_before_anything_is_built(options):
    platform = SpiedPlatform()
    with pytest.raises(InputError):
        trained(platform, **options)
    assert platform.built == []


@pytest.mark.parametrize("record_samples", [0, -1, 2.5])
def test_a_bad_number_of_recorded_samples_is_refused(record_samples):
    with pytest.raises(InputError, match="record_samples"):
        trained(record=["o"], record_samples=record_samples)


@pytest.mark.parametrize(
    "weights",
    [{}, {"W2": WEIGHTS["W2"]}, {"W1": WEIGHTS["W1"], "W2": WEIGHTS["W1"]}, {"W1": WEIGHTS["W2"] + 0.5}],
    ids=["none", "no W1", "do not fit", "no integers"],
)
def test_bad_weights_are_refused(weights):
    x = np.ones((N, len(next(iter(weights.values()), X.T))), bool)
    with pytest.raises(InputError):
        train(SpiedPlatform(), x, LABELS * 0, weights, parameters=SMALL)
    with pytest.raises(InputError):
        evaluate(SpiedPlatform(), x, weights, SMALL)


def test_no_samples_are_refused():
    with pytest.raises(InputError):
        evaluate(SpiedPlatform(), X[:0], WEIGHTS, SMALL)
    with pytest.raises(InputError):
        train(SpiedPlatform(), X[:0], LABELS[:0], WEIGHTS, parameters=SMALL)


# --- evaluation

OUTPUTS = np.array([[0, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 0, 1], [0, 0, 0]], dtype=bool)
POTENTIALS = np.array([[0, 9, 1], [7, 8, 1], [1, 5, 5], [-3, -2, -1], [6, 0, 9], [0, 0, 0]])
ANSWERS = Evaluation(OUTPUTS, POTENTIALS, seconds=1.0)


def test_the_first_firing_output_is_the_answer_and_silence_is_none():
    assert first_firing(OUTPUTS).tolist() == [1, 0, 1, -1, 0, -1]


def test_three_scores():
    score = ANSWERS.score(np.array([1, 1, 1, 2, 0, 0]))
    assert score.samples == 6
    assert score.by_spikes == 3 / 6  # samples 0, 2, 4
    assert score.by_potential == 5 / 6  # all but sample 4
    assert score.all_right == 1 / 6  # sample 0


@pytest.mark.parametrize(("label", "by_spikes", "by_potential"), [(0, 2 / 6, 1 / 6), (1, 2 / 6, 3 / 6), (2, 0, 2 / 6)])
def test_the_scores_of_a_constant_label(label, by_spikes, by_potential):
    score = ANSWERS.score(np.full(6, label))
    assert (score.by_spikes, score.by_potential) == (by_spikes, by_potential)


def test_silence_is_never_the_answer():
    silent = Evaluation(np.zeros((2, 3), bool), np.zeros((2, 3), int), 0.0)
    for label in range(3):
        score = silent.score(np.full(2, label))
        assert (score.by_spikes, score.all_right) == (0, 0)


def test_evaluation_asks_the_inference_circuit_in_runs():
    platform, shown = SpiedPlatform(samples_per_run=10), []
    answers = evaluate(platform, X, WEIGHTS, SMALL, callback=shown.append)
    expected = Rule(WEIGHTS, SMALL).infer(X)
    np.testing.assert_array_equal(answers.outputs, expected.outputs)
    np.testing.assert_array_equal(answers.potentials, expected.potentials)
    assert shown == [10, 20, N]
    assert [len(x) for x, _ in platform.built[0].runs] == [10, 10, 3]
    assert platform.built[0].closed


def test_the_inference_circuit_step_by_step_gives_the_same_scores():
    steps = StepSimulator(inference_circuit(SIZES, SMALL, probe=True), WEIGHTS).infer(X)
    score = Evaluation(steps.outputs, steps.potentials, 0.0).score(LABELS)
    assert score == evaluate(SpiedPlatform(), X, WEIGHTS, SMALL).score(LABELS)
    assert 0 < score.by_potential < 1
