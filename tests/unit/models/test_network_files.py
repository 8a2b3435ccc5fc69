"""Trained networks in files of every kind: what was learnt comes back, with all that is needed to ask it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pynn_backprop.circuit.learning_rule import RULES, LearningRule
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.graded import Graded
from pynn_backprop.errors import InputError
from pynn_backprop.exchange import from_nir, to_nir, write_nir
from pynn_backprop.files import read_npz, write_npz
from pynn_backprop.models.classifier import BackpropClassifier
from pynn_backprop.models.reading import read_network, weights_file
from pynn_backprop.models.trained import TrainedNetwork, described
from pynn_backprop.models.writing import write_network
from pynn_backprop.reference.rule import Rule
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.opening import start
from pynn_backprop.weights import check_weights, initial_weights, load_weights, save_weights

random = np.random.default_rng(4)
Y = np.arange(80) % 4
X = np.clip(random.random((4, 10)).round()[Y] + random.normal(0, 0.3, (80, 10)), 0, 1)
WEIGHTS = check_weights(initial_weights((30, 12, 4), 1), Parameters())


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The folder of a run of two epochs with three levels, killed and finished."""
    folder = tmp_path_factory.mktemp("runs")
    data = folder / "d.npz"
    np.savez(data, x_train=X, y_train=Y, x_test=X[::2], y_test=Y[::2])
    choices = {"hidden": (12,), "levels": 3, "epochs": 2, "readout_levels": 5, "checkpoint_every": 80}
    with start(RunConfig("reference", str(data), **choices), folder / "run") as made:
        made.train()
        shutil.copytree(folder / "run", folder / "unfinished")
        made.write_results(made.evaluate())
    return folder / "run"


def assert_same(one: TrainedNetwork, other: TrainedNetwork) -> None:
    assert json.dumps(one.description()) == json.dumps(other.description())
    assert list(one.weights) == list(other.weights)
    for name in one.weights:
        np.testing.assert_array_equal(one.weights[name], other.weights[name])


# --- of runs


@pytest.mark.parametrize("file", [".", "weights.npz", "checkpoint.npz"])
def test_a_run_is_read_from_its_folder_and_its_files(run, file):
    network = read_network(run / file)
    assert (network.units, network.levels, network.crop, network.n_features) == ((30, 12, 4), 3, None, 10)
    assert (network.rule.readout_levels, network.data) == (5, str(run.parent / "d.npz"))
    for name, matrix in load_weights(run / "weights.npz").items():
        np.testing.assert_array_equal(network.weights[name], matrix)


def test_an_unfinished_run_is_its_checkpoint(run):
    unfinished = run.parent / "unfinished"
    assert weights_file(unfinished).name == "checkpoint.npz"
    assert_same(read_network(unfinished), read_network(run / "checkpoint.npz"))


def test_a_checkpoint_alone_says_of_which_run_it_is(run, tmp_path):
    shutil.copy(run / "checkpoint.npz", tmp_path / "c.npz")
    network = read_network(tmp_path / "c.npz")
    assert (network.levels, network.rule.readout_levels, network.data) == (3, 5, None)


def test_a_checkpoint_that_was_changed_is_refused(run, tmp_path):
    arrays = read_npz(run / "checkpoint.npz")
    arrays["W1"] = arrays["W1"] + 2
    write_npz(tmp_path / "c.npz", arrays)
    with pytest.raises(InputError, match="is no whole checkpoint: W1 is not what was written"):
        read_network(tmp_path / "c.npz")
    write_npz(tmp_path / "c.npz", {**read_npz(run / "checkpoint.npz"), "run": np.array("[]")})
    with pytest.raises(InputError, match="is no whole checkpoint"):
        read_network(tmp_path / "c.npz")


def test_what_is_asked_for_goes_before_what_is_said(run):
    network = read_network(run, w_max=300, readout_levels=2)
    assert (network.rule.w_max, network.rule.readout_levels) == (300, 2)
    with pytest.raises(InputError, match=r"W1\[\d+, \d+\] is .* but must lie within -4 and 4"):
        read_network(run, w_max=4)
    for file in ("weights.npz", "checkpoint.npz"):
        with pytest.raises(
            InputError, match="weights of a circuit with the code binary, but the code here is graded 2"
        ):
            read_network(run / file, Graded(2))


def test_any_npz_with_matrices_is_a_network_of_which_little_is_known(tmp_path):
    save_weights(tmp_path / "w.npz", WEIGHTS)
    network = read_network(tmp_path / "w.npz")
    assert (network.rule, network.code, network.levels, network.n_features) == (RULES["margin"], Binary(), None, None)


# --- of networks


def networks() -> dict[str, TrainedNetwork]:
    features = tuple("abcdefghij")
    return {
        "plain": TrainedNetwork(WEIGHTS),
        "much": TrainedNetwork(
            WEIGHTS, LearningRule(thinning=(1, 2), readout_levels=3), levels=3, crop=20, data="mnist", epochs=7,
            classes=np.array(["a", "b", "ü", "d"]), features=features,
        ),
        "strengths": TrainedNetwork(WEIGHTS, parameters=Parameters(theta=2048, eta=4), classes=np.array([-1, 2, 5, 9])),
    }  # fmt: skip


@pytest.mark.parametrize("suffix", [".npz", ".nir"])
@pytest.mark.parametrize("name", networks())
def test_a_network_comes_back_from_its_file(name, suffix, tmp_path):
    pytest.importorskip("nir", reason="NIR needs the package nir")
    network = networks()[name]
    write_network(tmp_path / f"n{suffix}", network)
    assert_same(read_network(tmp_path / f"n{suffix}"), network)
    assert_same(read_network(tmp_path / f"n{suffix}", readout_levels=4), network.asked_with(readout_levels=4))
    with pytest.raises(InputError, match="code binary, but the code here is graded 4"):
        read_network(tmp_path / f"n{suffix}", Graded(4))


def test_metadata_of_a_graph_say_what_goes_in_and_comes_out(tmp_path):
    pytest.importorskip("nir", reason="NIR needs the package nir")
    write_network(tmp_path / "n.nir", networks()["much"])
    said = from_nir(tmp_path / "n.nir").metadata
    assert (said["levels"], said["crop"], said["dt"]) == (3, 20, 1e-4)
    assert json.loads(said["classes"]) == ["a", "b", "ü", "d"]


def test_a_graded_network_is_no_nir(tmp_path):
    pytest.importorskip("nir", reason="NIR needs the package nir")
    with pytest.raises(InputError, match=r"code is graded 2 rotating but must be binary: which neurons .* turns"):
        write_network(tmp_path / "n.nir", TrainedNetwork(WEIGHTS, code=Graded(2)))
    assert not list(tmp_path.iterdir())


def test_a_graph_of_others_is_no_network_of_ours(tmp_path):
    pytest.importorskip("nir", reason="NIR needs the package nir")
    write_nir(tmp_path / "n.nir", to_nir(WEIGHTS))
    with pytest.raises(InputError, match=r"was not written by this package.*exchange\.from_nir reads it"):
        read_network(tmp_path / "n.nir")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "in the format 2; this version reads 1"),
        ({"rule": None}, "describes no network"),
        ({"rule": {"eta": 2}}, "a rule has the options"),
        ({"levels": -1}, "levels is -1"),
        ({"classes": [1, 1]}, "classes is .* different labels"),
        ({"classes": [[1], [2]]}, "classes is"),
        ({"scaling": [1, 2]}, "describes no network"),
        ({"parameters": {"theta": 3}}, "theta is 3"),
        ({"code": {"kind": "other"}}, "kind of the code"),
        ({"epochs": "x"}, "epochs is 'x'"),
    ],
    ids=str,
)
def test_a_description_that_is_none_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        described({**TrainedNetwork(WEIGHTS).description(), **change}, "it")


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"path is '.*n.h5' but must end in .npz or .nir"):
        write_network(tmp_path / "n.h5", TrainedNetwork(WEIGHTS))


# --- of classifiers


def fitted(**options: object) -> BackpropClassifier:
    chosen = {"simulator": "reference", "hidden": 12, "epochs": 2, **options}
    return BackpropClassifier(**chosen).fit(7 * X - 3, np.array(list("wxyz"))[Y])


@pytest.mark.parametrize("suffix", [".npz", ".nir"])
@pytest.mark.parametrize(
    "options",
    [{}, {"rule": "published", "levels": 2}, {"parameters": Parameters(theta=512)}, {"hidden": 0}, {"code": Graded(4)}],
    ids=str,
)
def test_a_classifier_answers_as_before_and_learns_on(options, suffix, tmp_path):
    if suffix == ".nir":
        pytest.importorskip("nir", reason="NIR needs the package nir")
        if "code" in options:
            pytest.skip("NIR has no node for a graded code")
    network = fitted(**options)
    network.save(tmp_path / f"n{suffix}")
    loaded = BackpropClassifier.load(tmp_path / f"n{suffix}", "reference")
    x, y = 7 * X - 3, np.array(list("wxyz"))[Y]
    np.testing.assert_array_equal(loaded.decision_function(x), network.decision_function(x))
    assert loaded.predict(x).tolist() == network.predict(x).tolist()
    assert loaded.scores(x, y) == network.scores(x, y)
    for each in (network, loaded):
        each.partial_fit(x, y)
    np.testing.assert_array_equal(loaded.weights_["W1"], network.weights_["W1"])
    assert loaded.n_iter_ == 3


def test_names_of_features_are_kept(tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X[:, :2], columns=["a", "b"])
    BackpropClassifier("reference", hidden=4, epochs=1).fit(frame, Y).save(tmp_path / "n.npz")
    loaded = BackpropClassifier.load(tmp_path / "n.npz", "reference")
    assert loaded.predict(frame).shape == (80,)
    with pytest.raises(InputError, match="feature names"):
        loaded.predict(frame[["b", "a"]])


def test_a_classifier_is_loaded_from_a_run(run):
    loaded = BackpropClassifier.load(run, "reference")
    rule = Rule(load_weights(run / "weights.npz"), readout_levels=5)
    response = rule.infer((X[:, :, None] > np.array([1, 2, 3]) / 4).reshape(80, 30))
    np.testing.assert_array_equal(loaded.evaluate(X).readout, response.readout)
    assert (loaded.classes_.tolist(), loaded.n_iter_, loaded.accuracy_curve_) == ([0, 1, 2, 3], 2, [])


def test_levels_that_nobody_says_must_be_given(tmp_path):
    save_weights(tmp_path / "w.npz", WEIGHTS)
    for levels in (None, 7):
        with pytest.raises(InputError, match=rf"levels is {levels}, but of the 30 inputs"):
            BackpropClassifier.load(tmp_path / "w.npz", "reference", levels)
    assert BackpropClassifier.load(tmp_path / "w.npz", "reference", 3).predict(X).shape == (80,)
