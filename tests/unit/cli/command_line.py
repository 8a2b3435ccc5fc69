"""A small data set, commands on it, and what they write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.cli.main import main
from pynn_backprop.codes.binary import Binary
from pynn_backprop.data.datasets import encode
from pynn_backprop.learning.presentation import Presentation
from pynn_backprop.reference.rule import Rule
from pynn_backprop.weights import Weights

N, SIZES = 60, (40, 20, 4)
_random = np.random.default_rng(0)
_y = np.arange(N) % SIZES[-1]
_x = np.clip(_random.random((4, SIZES[0])).round()[_y] + _random.normal(0, 0.3, (N, SIZES[0])), 0, 1)
DATA = {"x_train": _x, "y_train": _y, "x_test": _x[::2], "y_test": _y[::2]}
WEIGHTS = {"W1": _random.integers(-120, 121, SIZES[:2]), "W2": _random.integers(-120, 121, SIZES[1:])}
TRAIN = ("train", "reference", "--data", "d.npz", "--hidden", "20", "--epochs", "2", "--out", "run")
EVALUATE = ("evaluate", "reference", "--data", "d.npz", "--weights")
ALWAYS = ["checkpoint.npz", "config.json", "learning_curve.png", "metrics.json", "weights.npz"]
RECORDED = sorted([*ALWAYS, "raster.png", "spikes.nix"])

Refused = Callable[[Sequence[str], Sequence[str]], None]


def content(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder: the bytes of every file, None for a folder."""
    paths = sorted(folder.rglob("*"))
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in paths}


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def read(path: str) -> Weights:
    with np.load(path) as archive:
        return dict(archive)


def read_json(path: str) -> dict:
    return json.loads(Path(path).read_text())


def write(path: str, good: Mapping[str, np.ndarray], change: bytes | Mapping[str, np.ndarray | None] | None) -> None:
    """An .npz with changed arrays (None: left out); or these bytes; or no file."""
    if isinstance(change, Mapping):
        np.savez(path, **{name: array for name, array in {**good, **change}.items() if array is not None})
    elif change is not None:
        Path(path).write_bytes(change)


def changed(name: str, index: object, value: float) -> dict[str, np.ndarray]:
    array = DATA[name].copy()
    array[index] = value
    return {name: array}


def trained(*options: str, out: str = "run") -> Weights:
    """The weights that the command writes."""
    assert main([*TRAIN, "--out", out, *options]) == 0
    return read(f"{out}/weights.npz")


def by_the_rule(weights: Weights, seed: int = 0, shuffle: bool = True, levels: int = 1) -> Weights:
    """The weights after two epochs by the rule alone."""
    parameters = LearningRule().parameters(Binary())
    rule, x, shown = Rule(weights, parameters), encode(DATA["x_train"], levels), Presentation(2, seed, shuffle)
    for epoch in range(2):
        order = shown.order(N, epoch)
        rule.train(x[order], DATA["y_train"][order])
    return rule.weights()


def assert_same(one: Weights, other: Weights) -> None:
    assert list(one) == list(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
