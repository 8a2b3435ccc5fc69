"""Iris and wine are learnt as well as by a multilayer perceptron."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris, load_wine
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.neural_network import MLPClassifier

from pynn_backprop import BackpropClassifier
from pynn_backprop.codes.graded import Graded


@pytest.mark.parametrize("load", [load_iris, load_wine], ids=["iris", "wine"])
def test_small_tables_are_learnt_as_well_as_by_an_mlp(load):
    """5 splits.  Measured on 20: 0.957 and 0.974, MLP 0.953 and 0.978; a split's standard deviation is 0.02."""
    x, y = load(return_X_y=True)
    graded, mlp = [], []
    for seed, (train, test) in enumerate(StratifiedShuffleSplit(5, test_size=0.3, random_state=2000).split(x, y)):
        low, high = x[train].min(axis=0), x[train].max(axis=0)
        a, b = (np.clip((x[part] - low) / (high - low), 0, 1) for part in (train, test))
        network = BackpropClassifier("reference", hidden=12, epochs=40, seed=seed, code=Graded(32)).fit(a, y[train])
        graded.append(network.score(b, y[test]))
        mlp.append(MLPClassifier((12,), max_iter=3_000, random_state=seed).fit(a, y[train]).score(b, y[test]))
    assert np.mean(graded) > np.mean(mlp) - 0.02
    assert np.mean(graded) > 0.93
