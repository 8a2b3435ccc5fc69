"""What scikit-learn asks of an estimator and what its users expect: any features, names, labels, pickles, history."""

from __future__ import annotations

import pickle
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import check_estimator

from pynn_backprop.codes.graded import Graded
from pynn_backprop.data.levels import suitable_levels
from pynn_backprop.data.silence import SilentInputWarning
from pynn_backprop.errors import InputError
from pynn_backprop.learning.scaling import Scaling
from pynn_backprop.models.classifier import BackpropClassifier

X, Y = load_iris(return_X_y=True)


def small(**options: object) -> BackpropClassifier:
    return BackpropClassifier(**{"simulator": "reference", "hidden": 20, "epochs": 5, **options})


@pytest.fixture(scope="module")
def fitted() -> BackpropClassifier:
    return small().fit(X, Y)


def test_every_check_of_scikit_learn_passes():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(small(epochs=10), on_skip=None, on_fail=None)
    assert [result["check_name"] for result in results if result["status"] not in ("passed", "skipped")] == []
    assert sum(result["status"] == "passed" for result in results) > 50


# --- features of any range


def test_a_pipeline_takes_its_own_training_data():
    """MinMaxScaler makes 1.0000000000000002 of some of them."""
    x, y = load_breast_cancer(return_X_y=True)
    assert MinMaxScaler().fit_transform(x).max() > 1
    for scale in ("minmax", None):
        assert make_pipeline(MinMaxScaler(), small(scale=scale)).fit(x, y).score(x, y) > 0.85


@pytest.mark.parametrize("change", [lambda x: 1e6 * x - 3e7, lambda x: (x * 1e307) - 3e307, lambda x: x / 1e9])
def test_scale_and_origin_of_features_make_no_difference(fitted, change):
    other = small().fit(change(X), Y)
    assert np.mean(other.predict(change(X)) == fitted.predict(X)) > 0.9
    assert other.score(change(X), Y) > 0.8


def test_scaling_is_that_of_training_and_cuts_off_what_is_beyond():
    scaling = Scaling(np.array([-1.0, 5.0, 0.0]), np.array([3.0, 5.0, 1.0]))
    x = np.array([[-1, 5, 0.5], [3, 5, 1], [1, 5, 0], [-9, 4, -0.1], [9, 6, 1.1]])
    assert scaling(x).tolist() == [[0, 0, 0.5], [1, 0, 1], [0.5, 0, 0], [0, 0, 0], [1, 1, 1]]
    assert scaling(x.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("code", [None, Graded(4)])
def test_rounding_errors_beyond_0_and_1_are_none(dtype, code):
    x = ((X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))).astype(dtype)
    beyond = np.where(x == 1, np.nextafter(dtype(1), dtype(2)), np.where(x == 0, -np.finfo(dtype).eps / 4, x))
    one, other = (small(scale=None, levels=1, code=code, epochs=2).fit(each, Y) for each in (x, beyond))
    np.testing.assert_array_equal(one.weights_["W1"], other.weights_["W1"])
    with pytest.raises(InputError, match=r"is 1\.[01]"):
        small(scale=None, levels=1, code=code).fit(x * dtype(1.1), Y)


def test_integers_and_truth_values_are_features(fitted):
    tenths = np.rint(10 * X).astype(int)
    np.testing.assert_array_equal(small().fit(tenths, Y).predict(tenths), fitted.predict(X))
    high = np.greater(X, X.mean(axis=0))
    one, other = (small(levels=1).fit(each, Y) for each in (high, high.astype(float)))
    np.testing.assert_array_equal(one.weights_["W1"], other.weights_["W1"])


@pytest.mark.parametrize(("features", "levels"), [(1, 16), (4, 16), (13, 15), (30, 7), (64, 3), (400, 1), (784, 1)])
def test_few_features_have_many_levels(features, levels):
    assert suitable_levels(features) == levels


def test_an_unknown_scale_is_refused():
    with pytest.raises(InputError, match="scale is 'standard' but must be one of minmax, or None"):
        small(scale="standard").fit(X, Y)


def test_inputs_that_exceed_no_level_are_warned_of(fitted):
    with pytest.warns(SilentInputWarning, match=r"x: none of the samples .* from 0\.0\d* to 0\.3"):
        small(scale=None, levels=1).fit(X / 25, Y)
    with pytest.warns(SilentInputWarning):
        fitted.predict(X - 10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted.predict(X)


# --- features that are not what they were, or no numbers


def test_columns_in_another_order_are_refused():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["a", "b", "c", "d"])
    network = small().fit(frame, Y)
    assert network.feature_names_in_.tolist() == ["a", "b", "c", "d"]
    with pytest.raises(InputError, match="feature names should match"):
        network.predict(frame[["b", "a", "c", "d"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        network.predict(X)
    assert not hasattr(network.fit(X, Y), "feature_names_in_")


def test_columns_of_objects_and_nullable_columns_with_numbers_are_features(fitted):
    np.testing.assert_array_equal(fitted.predict(X.astype(object)), fitted.predict(X))
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X).astype("Float64")
    np.testing.assert_array_equal(small().fit(frame, Y).predict(frame), fitted.predict(X))
    frame.iloc[3, 2] = pandas.NA
    with pytest.raises(InputError, match=r"x\[3, 2\] is nan"):
        fitted.predict(frame)


@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csc_array], ids=["matrix", "array"])
def test_sparse_features_are_refused_by_that_word(fitted, make):
    for call in (lambda: small().fit(make(X), Y), lambda: fitted.predict(make(X))):
        with pytest.raises(TypeError, match=r"[Ss]parse"):
            call()


def test_another_number_of_features_is_told_in_features(fitted):
    with pytest.raises(InputError, match="X has 3 features, but BackpropClassifier is expecting 4 features"):
        fitted.predict(X[:, :3])


def test_a_fit_that_is_refused_changes_nothing(fitted):
    network = small().fit(X, Y)
    for x, y in ((X[:, :2], np.where(Y == 1, np.nan, Y)), (X[:, :3], Y[:-1]), (X, np.zeros(150, int))):
        with pytest.raises(InputError):
            network.fit(x, y)
    assert network.n_features_in_ == 4
    np.testing.assert_array_equal(network.predict(X), fitted.predict(X))


# --- labels


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (X[:, 0], "Unknown label type: continuous. y holds 5.1"),
        (np.where(Y == 1, np.nan, Y), r"y\[50\] is nan, which is no label"),
        (np.where(Y == 1, None, Y.astype(object)), r"y\[50\] is None, which is no label"),
        (np.where(Y == 1, "one", Y.astype(object)), "y holds text and numbers"),
        (np.zeros(150, int), "y holds one class only, .*0"),
        (np.eye(3, dtype=int)[Y], r"y is int64 of shape \(150, 3\) but must have one label"),
        (None, "y is None"),
    ],
    ids=["continuous", "NaN", "None", "mixed", "one class", "indicators", "no y"],
)
def test_what_is_no_label_is_refused_by_name(y, words):
    with pytest.raises(InputError, match=words):
        small().fit(X, y)


def test_labels_as_a_column_are_taken_with_a_warning(fitted):
    with pytest.warns(UserWarning, match="column-vector"):
        network = small().fit(X, Y[:, None])
    np.testing.assert_array_equal(network.predict(X), fitted.predict(X))


@pytest.mark.parametrize(
    "labels", [np.array(["a", "b", "c"], object), np.array([False, True, True]), np.array([2.0, 4, 8])]
)
def test_labels_of_any_kind_come_back_as_they_are(labels):
    predicted = small().fit(X, labels[Y]).predict(X)
    assert predicted.dtype == labels.dtype
    assert np.mean(predicted == labels[Y]) > 0.7


# --- answers


def test_decision_function_gives_the_potentials_by_which_it_predicts(fitted):
    potentials = fitted.decision_function(X)
    np.testing.assert_array_equal(potentials, fitted.evaluate(X).potentials)
    np.testing.assert_array_equal(fitted.classes_[potentials.argmax(axis=1)], fitted.predict(X))
    two = small().fit(X[:100], Y[:100])
    assert two.decision_function(X).shape == (150,)
    np.testing.assert_array_equal(two.decision_function(X) > 0, two.predict(X) == 1)


def test_probabilities_are_had_by_calibration(fitted):
    assert not hasattr(fitted, "predict_proba")
    probabilities = CalibratedClassifierCV(small(epochs=10), cv=3).fit(X, Y).predict_proba(X)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert np.mean(probabilities.argmax(axis=1) == Y) > 0.8


# --- learning on, and when to stop


def test_partial_fits_of_the_same_samples_are_the_epochs_of_a_fit(fitted):
    network = small()
    for _ in range(5):
        network.partial_fit(X, Y, classes=[0, 1, 2])
    np.testing.assert_array_equal(network.weights_["W1"], fitted.weights_["W1"])
    assert network.accuracy_curve_ == fitted.accuracy_curve_
    assert network.n_iter_ == fitted.n_iter_ == 5


def test_partial_fit_takes_batches_without_all_classes():
    network = small(seed=1).partial_fit(X[:60], Y[:60], classes=[0, 1, 2])
    assert network.classes_.tolist() == [0, 1, 2]
    for _ in range(10):
        for batch in np.array_split(np.random.default_rng(0).permutation(150), 4):
            network.partial_fit(X[batch], Y[batch])
    assert network.n_iter_ == 41
    with pytest.raises(InputError, match="y holds 3, which is none of the classes 0, 1, 2"):
        network.partial_fit(X, Y + 3)
    with pytest.raises(InputError, match=r"classes is .* but was"):
        network.partial_fit(X, Y, classes=[0, 1])
    with pytest.raises(InputError, match="classes must be passed on the first call to partial_fit"):
        small().partial_fit(X, Y)


def test_a_warm_start_goes_on_from_the_weights_and_a_cold_one_does_not(fitted):
    network = small(warm_start=True).fit(X, Y)
    first = network.weights_["W1"].copy()
    network.fit(X, Y)
    assert network.n_iter_ == 10 == len(network.accuracy_curve_)
    assert not np.array_equal(network.weights_["W1"], first)
    network.set_params(warm_start=False).fit(X, Y)
    np.testing.assert_array_equal(network.weights_["W1"], first)
    with pytest.raises(InputError, match="none of the classes"):
        network.set_params(warm_start=True).fit(X, Y + 1)


def test_the_history_is_the_share_answered_rightly_in_each_epoch(fitted):
    assert fitted.accuracy_curve_ == (fitted.progress_.right / 150).tolist() != []
    assert fitted.accuracy_curve_[-1] > fitted.accuracy_curve_[0]
    assert fitted.validation_scores_ == []


def test_verbose_prints_a_line_for_each_epoch(capsys):
    network = small(verbose=True, epochs=3).fit(X, Y)
    expected = [f"epoch {n} of 3: {share:.1%} right" for n, share in enumerate(network.accuracy_curve_, 1)]
    assert [
        line[: len(text)] for line, text in zip(capsys.readouterr().out.splitlines(), expected, strict=True)
    ] == expected
    small(epochs=1).fit(X, Y)
    assert capsys.readouterr().out == ""


def test_early_stopping_ends_with_the_best_weights_on_samples_that_are_held_out():
    options = {"early_stopping": True, "validation_fraction": 0.2, "epochs": 40, "seed": 2}
    shown: list[int] = []
    network = small(**options, n_iter_no_change=3, callbacks=(lambda progress: shown.append(progress.samples),)).fit(
        X, Y
    )
    scores = network.validation_scores_
    assert set(shown) == {120}
    assert 3 < network.n_iter_ == len(scores) == len(network.accuracy_curve_) < 40
    best = int(np.argmax(scores))
    assert len(scores) - 1 - best == 3 or max(scores[-3:]) <= scores[best] + 1e-4
    again = small(**{**options, "epochs": best + 1}, n_iter_no_change=100).fit(X, Y)
    assert again.validation_scores_ == scores[: best + 1]
    np.testing.assert_array_equal(again.weights_["W1"], network.weights_["W1"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"validation_fraction": 0.0}, "validation_fraction is 0.0 but must be a number between 0 and 1"),
        ({"validation_fraction": 0.001}, "validation_fraction is 0.001, but so 150 samples can't be split"),
        ({"n_iter_no_change": 0}, "n_iter_no_change is 0"),
        ({"tol": -1}, "tol is -1 but must be a number from 0 to 1"),
    ],
    ids=str,
)
def test_when_to_stop_is_checked(options, words):
    with pytest.raises(InputError, match=words):
        small(early_stopping=True, **options).fit(X, Y)


# --- pickles, clones, searches


def test_a_classifier_is_pickled_with_all_it_has_learnt(fitted):
    other = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(other.decision_function(X), fitted.decision_function(X))
    assert other.accuracy_curve_ == fitted.accuracy_curve_


def test_a_simulator_that_is_a_module_is_pickled_by_name(monkeypatch, tmp_path: Path):
    simulator = types.ModuleType("some.simulator")
    network = BackpropClassifier(simulator)
    stored = pickle.dumps(network)
    assert network.simulator is simulator
    asked: list[str] = []
    monkeypatch.setattr("pynn_backprop.models.pickling.load_simulator", lambda name: asked.append(name) or sys)
    assert pickle.loads(stored).simulator is sys
    assert asked == ["some.simulator"]


def test_callbacks_that_can_not_be_pickled_are_named():
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(small(callbacks=(lambda progress: None,)))


def test_searches_and_cross_validation_work_and_what_joblib_sends_to_other_processes(fitted):
    search = GridSearchCV(small(callbacks=(lambda progress: None,)), {"hidden": [5, 20]}, cv=2).fit(X, Y)
    assert search.best_params_["hidden"] in (5, 20)
    cloudpickle = pytest.importorskip("cloudpickle")
    sent = pickle.loads(cloudpickle.dumps(search.best_estimator_))
    np.testing.assert_array_equal(sent.predict(X), search.predict(X))
    assert cross_val_score(small(epochs=10), X, Y, cv=3).min() > 0.7


def test_one_that_has_not_learnt_says_so():
    with pytest.raises(NotFittedError):
        small().decision_function(X)
