"""Files that can't be used are refused in one line, before anything is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from command_line import DATA, EVALUATE, TRAIN, WEIGHTS, changed, write

BAD_WEIGHTS = {
    "missing": (None, ["not a file"]),
    "text": (b"1 2 3", ["not a whole .npz"]),
    "fraction": ({"W1": WEIGHTS["W1"] + 0.5}, ["W1[0, 0]", "integers"]),
    "NaN": ({"W2": np.where(np.eye(20, 4) == 1, np.nan, 1.0)}, ["W2[0, 0]", "nan", "integers"]),
    "beyond w_max": ({"W1": np.full((40, 20), 255)}, ["W1[0, 0]", "255", "-254 and 254"]),
    "below -w_max": ({"W2": np.full((20, 4), -255)}, ["W2[0, 0]", "-255", "-254 and 254"]),
    "vector": ({"W1": WEIGHTS["W1"].ravel()}, ["W1", "(800,)", "matrix"]),
    "text array": ({"W1": WEIGHTS["W1"].astype(str)}, ["W1", "integers"]),
    "no W1": ({"W1": None}, ["W1", "W2"]),
}


@pytest.mark.parametrize("command", [(*TRAIN, "--init-weights"), EVALUATE], ids=["train", "evaluate"])
@pytest.mark.parametrize(("change", "words"), BAD_WEIGHTS.values(), ids=BAD_WEIGHTS)
def test_bad_weights_are_refused(refused, command, change, words):
    write("bad.npz", WEIGHTS, change)
    refused([*command, "bad.npz"], ["bad.npz", *words])


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"W1": np.zeros((41, 20), int)}, [], ["W1", "(41, 20)", "(40, 20)"]),
        ({"W2": np.zeros((20, 3), int)}, [], ["W2", "(20, 3)", "(20, 4)"]),
        ({"W2": None}, [], ["holds W1", "must hold W1, W2"]),
        ({}, ["--hidden", "6"], ["W1", "(40, 20)", "(40, 6)"]),
        ({}, ["--hidden", "0"], ["holds W1, W2", "must hold W1"]),
        ({}, ["--levels", "2"], ["W1", "(40, 20)", "(80, 20)"]),
    ],
    ids=["inputs", "outputs", "no W2", "hidden", "no hidden", "levels"],
)
def test_initial_weights_of_other_sizes_are_refused(refused, change, options, words):
    write("bad.npz", WEIGHTS, change)
    refused([*TRAIN, "--init-weights", "bad.npz", *options], ["bad.npz", *words])


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"W1": np.zeros((41, 20), int)}, [], ["41 inputs and 4 outputs", "40 and 4"]),
        ({"W2": np.zeros((20, 3), int)}, [], ["40 inputs and 3 outputs", "40 and 4"]),
        ({"W2": None}, [], ["40 inputs and 20 outputs", "40 and 4"]),
        ({}, ["--levels", "2"], ["40 inputs and 4 outputs", "80 and 4", "--levels"]),
        ({"W1": np.zeros((40, 21), int)}, [], ["W2", "(20, 4)", "(21, 4)"]),
    ],
    ids=["inputs", "outputs", "no W2", "levels", "not fitting"],
)
def test_evaluating_weights_of_other_sizes_is_refused(refused, change, options, words):
    write("bad.npz", WEIGHTS, change)
    refused([*EVALUATE, "bad.npz", *options], ["bad.npz", *words])


BAD_DATA = {
    "NaN": (changed("x_train", (3, 2), np.nan), ["x_train[3, 2]", "nan", "0 to 1"]),
    "too large": (changed("x_test", (3, 2), 1.5), ["x_test[3, 2]", "1.5", "0 to 1"]),
    "below 0": (changed("x_train", (3, 2), -0.1), ["x_train[3, 2]", "-0.1", "0 to 1"]),
    "negative label": (changed("y_train", 7, -1), ["y_train[7]", "-1", "0 to n - 1"]),
    "label left out": (changed("y_train", slice(None, None, 4), 4), ["y_train", "is 0"]),
    "unknown label": (changed("y_test", 5, 4), ["y_test[5]", "4", "end at 3"]),
    "float labels": ({"y_train": DATA["y_train"] + 0.0}, ["y_train", "float64", "integer"]),
    "no y_test": ({"y_test": None}, ["lacks", "y_test", "x_train"]),
    "lengths": ({"y_train": DATA["y_train"][:-1]}, ["x_train has 60", "y_train has 59"]),
    "features": ({"x_test": DATA["x_test"][:, :-1]}, ["x_train", "(40,)", "x_test", "(39,)"]),
    "empty": ({"x_test": DATA["x_test"][:0], "y_test": DATA["y_test"][:0]}, ["x_test", "empty"]),
    "text": (b"1 2 3", ["not a whole .npz"]),
}


@pytest.mark.parametrize(("change", "words"), BAD_DATA.values(), ids=BAD_DATA)
def test_bad_data_are_refused(refused, change, words):
    write("bad.npz", DATA, change)
    refused([*TRAIN, "--data", "bad.npz"], ["bad", *words])
    refused([*EVALUATE, "w.npz", "--data", "bad.npz"], ["bad", *words])


@pytest.mark.parametrize(("option", "file"), [("--data", "d.npz"), ("--init-weights", "w.npz")])
def test_a_truncated_file_is_refused(refused, option, file):
    Path("cut.npz").write_bytes(Path(file).read_bytes()[:-50])
    refused([*TRAIN, option, "cut.npz"], ["cut.npz", "not a whole .npz"])
