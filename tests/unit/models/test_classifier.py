"""The circuit as a scikit-learn classifier."""

from __future__ import annotations

import inspect
import types

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import Options, Platform
from pynn_backprop.models.classifier import BackpropClassifier
from pynn_backprop.platforms import get_platform
from pynn_backprop.reference.rule import Rule
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.weights import initial_weights

DIGITS = load_digits()
X, Y = DIGITS.data[:200] / 16, DIGITS.target[:200]
OTHER = {
    "simulator": "reference",
    "hidden": 30,
    "epochs": 2,
    "levels": 3,
    "seed": 4,
    "threads": 2,
    "variant": "dopamine",
    "parameters": Parameters(eta=4),
    "callbacks": (print,),
    "code": Graded(4),
    "form": "published",
    "rule": LearningRule(thinning=(1, 2)),
    "shift": 1,
    "image_shape": (4, 2),
    "scale": None,
    "warm_start": True,
    "verbose": True,
    "early_stopping": True,
    "validation_fraction": 0.2,
    "n_iter_no_change": 3,
    "tol": 0.01,
}
LEARNT = {
    "classes_",
    "n_features_in_",
    "weights_",
    "progress_",
    "scaling_",
    "error_samples_curve_",
    "weights_changed_curve_",
    "weights_at_bound_curve_",
    "n_iter_",
    "accuracy_curve_",
    "validation_scores_",
}


def small(**options: object) -> BackpropClassifier:
    """Of values from 0 to 1, with a neuron for each; scaling has its own tests."""
    chosen = {"simulator": "reference", "hidden": 40, "epochs": 3, "levels": 1, "scale": None}
    return BackpropClassifier(**{**chosen, **options})


@pytest.fixture(scope="module")
def fitted() -> BackpropClassifier:
    return small().fit(X, Y)


# --- the rules of scikit-learn


def test_it_is_a_classifier():
    assert is_classifier(BackpropClassifier())


def test_get_params_gives_every_argument_of_the_constructor():
    arguments = inspect.signature(BackpropClassifier).parameters
    assert BackpropClassifier().get_params() == {name: argument.default for name, argument in arguments.items()}
    assert set(OTHER) == set(arguments)


def test_the_constructor_only_stores_what_it_is_given():
    """It neither checks nor copies: that is what clone and set_params rely on."""
    marks = {name: object() for name in OTHER}
    assert vars(BackpropClassifier(**marks)) == marks


def test_set_params_replaces_arguments():
    network = BackpropClassifier()
    assert network.set_params(**OTHER) is network
    assert network.get_params() == OTHER
    with pytest.raises(ValueError, match="learning_rate"):
        network.set_params(learning_rate=1)


def test_a_clone_has_the_arguments_and_is_not_fitted(fitted):
    assert clone(BackpropClassifier(**OTHER)).get_params() == OTHER
    with pytest.raises(NotFittedError):
        clone(fitted).evaluate(X)


def test_a_classifier_on_an_imported_simulator_can_be_cloned():
    simulator = types.ModuleType("simulator")
    assert clone(BackpropClassifier(simulator)).simulator is simulator


def test_fitting_changes_no_argument_and_gives_itself():
    network = small()
    before = network.get_params()
    assert network.fit(X, Y) is network
    assert network.get_params() == before


def test_all_that_fitting_adds_ends_in_an_underscore(fitted):
    added = set(vars(fitted)) - set(fitted.get_params())
    assert added == LEARNT


def test_it_works_in_a_pipeline_and_in_cross_validation():
    pipeline = make_pipeline(MinMaxScaler(), small(epochs=10, scale="minmax"))
    assert cross_val_score(pipeline, DIGITS.data[:400], DIGITS.target[:400], cv=3).min() > 0.5


# --- what it learns


@pytest.mark.parametrize("hidden", [30, 0])
def test_fitting_is_the_rule_for_all_samples_three_times_in_orders_of_the_seed(hidden):
    network = small(hidden=hidden, levels=2, seed=3, rule=LearningRule(eta=4)).fit(X, Y)
    sizes = (128, hidden, 10) if hidden else (128, 10)
    fires = np.stack([X > 1 / 3, X > 2 / 3], axis=2).reshape(len(X), 128)
    rule, right = Rule(initial_weights(sizes, 3), LearningRule(eta=4).parameters(Binary())), []
    for epoch in range(3):
        order = np.random.default_rng([3, epoch]).permutation(len(X))
        outputs = rule.train(fires[order], Y[order]).outputs
        right.append(sum(fired.any() and fired.argmax() == y for fired, y in zip(outputs, Y[order], strict=True)))
    assert list(network.weights_) == list(rule.weights())
    for name, matrix in rule.weights().items():
        np.testing.assert_array_equal(network.weights_[name], matrix)
    assert network.progress_.right.tolist() == right
    assert network.n_features_in_ == 64


def test_threads_and_variant_are_those_of_the_simulator_when_it_learns_and_when_it_answers(monkeypatch):
    asked: list[tuple[object, Options]] = []

    def spied(simulator: str, options: Options) -> Platform:
        asked.append((simulator, options))
        return get_platform("reference")

    monkeypatch.setattr("pynn_backprop.models.asking.get_platform", spied)
    network = small(simulator="some", threads=3, variant="slow").fit(X, Y)
    assert asked == [("some", Options(3, "slow"))]
    for answer in (network.predict, network.evaluate, lambda x: network.scores(x, Y), lambda x: network.score(x, Y)):
        asked.clear()
        answer(X)
        assert asked == [("some", Options(3, "slow"))]


def test_its_defaults_are_those_of_a_run():
    config, parameters = RunConfig("nest"), BackpropClassifier().get_params()
    same = ("simulator", "form", "epochs", "levels", "seed", "threads", "variant")
    assert config.hidden == (parameters["hidden"],)
    assert {name: parameters[name] for name in same} == {name: getattr(config, name) for name in same}


def test_the_weights_it_has_learnt_can_not_be_changed(fitted):
    with pytest.raises(ValueError, match="read-only"):
        fitted.weights_["W1"][0, 0] = 3


def test_fitting_twice_starts_anew(fitted):
    network = small(seed=1).fit(X[:50], Y[:50]).set_params(seed=0).fit(X, Y)
    np.testing.assert_array_equal(network.weights_["W1"], fitted.weights_["W1"])


def test_callbacks_are_called_with_the_progress():
    shown = []
    small(callbacks=(lambda progress: shown.append(progress.shown),)).fit(X, Y)
    assert shown == [200, 400, 600]


@pytest.mark.parametrize(
    "classes",
    [
        np.array(["no", "yes", "perhaps"]),
        np.array([3, 7, -1]),
        np.array([1.0, 3.0, 2.0]),
        np.array([True, False, True]),
    ],
    ids=["text", "integers", "floats", "bool"],
)
def test_any_labels_are_predicted(classes):
    first = Y < 3
    labels = classes[Y[first]]
    network = small(epochs=10).fit(X[first], labels)
    np.testing.assert_array_equal(network.classes_, np.unique(classes))
    predicted = network.predict(X[first])
    assert predicted.shape == labels.shape
    assert predicted.dtype == classes.dtype
    assert network.score(X[first], labels) > 0.8
    assert network.scores(X[first], labels).by_potential == np.mean(predicted == labels)


def test_the_labels_of_a_subset_are_scored_by_their_class(fitted):
    five = Y == 5
    assert fitted.scores(X[five], Y[five]).by_potential == np.mean(fitted.predict(X[five]) == 5) > 0


def test_the_scores_agree_with_outputs_and_potentials():
    fitted = small(epochs=8).fit(X, Y)
    answers, scores = fitted.evaluate(X), fitted.scores(X, Y)
    assert answers.outputs.shape == answers.potentials.shape == (200, 10)
    np.testing.assert_array_equal(fitted.predict(X), answers.potentials.argmax(axis=1))
    assert scores.samples == 200
    assert scores.by_potential == fitted.score(X, Y) > 0.3
    assert scores.all_right == np.mean((answers.outputs == np.eye(10, dtype=bool)[Y]).all(axis=1)) > 0
    assert scores.all_right <= scores.by_single_spikes


def test_lists_are_taken_as_well_as_arrays(fitted):
    network = small().fit(X.tolist(), Y.tolist())
    np.testing.assert_array_equal(network.weights_["W1"], fitted.weights_["W1"])
    np.testing.assert_array_equal(network.predict(X.tolist()), fitted.predict(X))


# --- the rule


def test_it_learns_by_the_rule_that_is_named_or_given():
    by_name, given = small(rule="published").fit(X, Y), small(parameters=Parameters()).fit(X, Y)
    np.testing.assert_array_equal(by_name.weights_["W1"], given.weights_["W1"])
    assert by_name.evaluate(X).readout is None
    thinned, whole = small(rule=LearningRule(thinning=(1, 2, 4))).fit(X, Y), small().fit(X, Y)
    assert (thinned.weights_["W1"] != whole.weights_["W1"]).any()
    assert 1 < whole.evaluate(X).readout.max() <= 8


def test_images_are_moved_only_while_it_learns(fitted):
    moved = small(shift=1, image_shape=(8, 8)).fit(X, Y)
    assert (moved.weights_["W1"] != fitted.weights_["W1"]).any()
    np.testing.assert_array_equal(moved.weights_["W1"], small(shift=1).fit(X, Y).weights_["W1"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rule": "margins"}, "rule is 'margins' but must be one of margin, published"),
        ({"shift": -1}, "shift is -1 but must be a whole number of at least 0"),
        ({"shift": 8}, "shift is 8 but must be a whole number from 1 to 7"),
        ({"shift": 1, "image_shape": (8, 9)}, r"image_shape is \(8, 9\) but .* images of 64 pixels"),
        ({"image_shape": (8, 9)}, r"image_shape is \(8, 9\) but .* images of 64 pixels"),
    ],
    ids=str,
)
def test_what_is_no_rule_and_no_shift_is_refused(options, words):
    with pytest.raises(InputError, match=words):
        small(**options).fit(X, Y)


# --- what is refused


def spoiled(value: float) -> np.ndarray:
    x = X.copy()
    x[3, 2] = value
    return x


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (spoiled(np.nan), "[3, 2] is nan"),
        (spoiled(np.inf), "[3, 2] is inf"),
        (spoiled(1.5), "[3, 2] is 1.5"),
        (spoiled(-0.5), "[3, 2] is -0.5"),
        (X[0], "1D array"),
        (X.reshape(-1, 8, 8), "dim 3"),
        (X.astype(str), "strings"),
        (X[:0], "0 sample(s)"),
    ],
    ids=["NaN", "infinite", "too large", "negative", "one sample", "images", "text", "empty"],
)
def test_values_that_are_no_numbers_from_0_to_1_are_refused(fitted, x, words):
    for call in (lambda: small().fit(x, Y[: len(x)]), lambda: fitted.predict(x), lambda: fitted.evaluate(x)):
        with pytest.raises(InputError) as error:
            call()
        assert words in str(error.value)


@pytest.mark.parametrize("method", ["fit", "scores", "score"])
@pytest.mark.parametrize(
    "y", [Y[:-1], Y[:1], np.stack([Y, Y], axis=1), 3], ids=["one too few", "one label", "two columns", "number"]
)
def test_labels_of_another_shape_are_refused(fitted, method, y):
    network = small() if method == "fit" else fitted
    with pytest.raises((ValueError, TypeError) if method == "score" else InputError):
        getattr(network, method)(X, y)


def test_labels_that_are_nan_are_refused():
    with pytest.raises(InputError, match=r"y.*nan"):
        small().fit(X, np.where(Y == 3, np.nan, Y))


def test_a_label_that_was_no_class_is_refused(fitted):
    with pytest.raises(InputError, match=r"y holds .*11.* no class"):
        fitted.scores(X, np.where(Y == 3, 11, Y))


def test_another_number_of_features_is_refused(fitted):
    for call in (fitted.predict, fitted.evaluate, lambda x: fitted.scores(x, Y), lambda x: fitted.score(x, Y)):
        with pytest.raises(InputError, match="63"):
            call(X[:, :-1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"simulator": "nst"}, ["simulator", "'nst'", "did you mean 'nest'"]),
        ({"simulator": 3}, ["simulator", "3"]),
        ({"simulator": types.ModuleType("simulator")}, ["'simulator'", "there is a backend"]),
        ({"hidden": -1}, ["hidden", "-1", "at least 0"]),
        ({"hidden": 2.5}, ["hidden", "2.5", "at least 0"]),
        ({"epochs": 0}, ["epochs", "0", "at least 1"]),
        ({"levels": 0}, ["levels", "0", "at least 1"]),
        ({"seed": -1}, ["seed", "-1", "at least 0"]),
        ({"threads": 0}, ["threads", "0", "at least 1"]),
    ],
    ids=str,
)
def test_bad_arguments_are_refused_by_fit_which_then_has_learnt_nothing(options, words):
    network = small(**options)
    with pytest.raises(InputError) as error:
        network.fit(X, Y)
    assert [word for word in words if word not in str(error.value)] == []
    with pytest.raises(NotFittedError):
        network.evaluate(X)


@pytest.mark.parametrize("method", ["predict", "evaluate", "scores", "score"])
def test_a_network_that_was_not_fitted_says_so(method):
    with pytest.raises(NotFittedError):
        getattr(small(), method)(*((X, Y) if method.startswith("score") else (X,)))
