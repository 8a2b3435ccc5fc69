"""Values that are wrong for an argument, by what its annotation says; and ones that are right, by its name."""

from __future__ import annotations

import functools
import os
import tempfile
from types import SimpleNamespace
from typing import Any

import numpy as np
from scenarios.stand_in import StandInSimulator

from pynn_backprop import BackpropClassifier, Binary, Network, Rule, StepSimulator
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.weights import initial_weights

UNITS = (6, 5, 3)
NAN, INF = float("nan"), float("inf")


class Unreadable:
    """Its text fails, and numpy can make no array of it."""

    def __repr__(self) -> str:
        raise RuntimeError("it has no text")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("it is no array")


NEVER = [object(), Unreadable(), b"x", 1j, SimpleNamespace(n=3)]
"""What no argument may be."""

WRONG: dict[str, list[Any]] = {
    "int": [*NEVER, None, "x", 1.5, NAN, INF, -1, True, [], {}, -(10**5000)],
    "any int": [*NEVER, None, "x", 1.5, NAN, INF, True, [], {}, 10**5000, -(10**5000)],
    "bool": [*NEVER, None, 0, 1, "yes", 1.0, [], {}, NAN],
    "bool or int": [*NEVER, None, "yes", 1.0, [], {}, NAN],
    "str": [*NEVER, None, 5, 1.5, True, [], {}, NAN, "nonsense"],
    "list[int]": [
        *NEVER,
        None,
        5,
        "abc",
        [1.5, 2],
        [True, 2],
        [-1, 2],
        {},
        NAN,
        [[1, 2], [3]],
        [10**30, 2],
        ["2", "3"],
    ],
    "list[str]": [*NEVER, 5, "xh", [5], ["nobody"], {"x": 1}, NAN, [None], 1.5, True, [["x"]]],
    "list[callable]": [*NEVER, None, 5, "x", [5], ["x"], {}, NAN, [None], 1.5, True, print],
    "array": [
        *NEVER,
        None,
        5,
        "x",
        {},
        NAN,
        [[1.5, 2.5]],
        [["a"]],
        [[1], [1, 2]],
        np.full((2, 99), 7),
        np.zeros(3),
    ],
    "mapping": [*NEVER, None, 5, "x", [], {}, NAN, {"W1": None}, {"W1": "x"}, {"W1": [[NAN]]}, {1: 2}, {"input": [5]}],
    "numbers": [*NEVER, None, 5, "x", {}, NAN, [[1.5, 2.5]], [["a"]], [[1], [1, 2]], np.full((2, 99), 7)],
    "hidden": [*NEVER, None, "x", 1.5, NAN, -1, True, {}, [1.5, 2], [-1, 2], ["2"], [[1], [2, 3]]],
    "pair": [*NEVER, 5, "abc", [1.5, 2], [True, 2], {}, NAN, [[1, 2], [3]], ["2", "3"]],
    "parts": [*NEVER, 5, "x", {"eta": 4}, [5], [None], 1.5, NAN, True, type, print],
    "float": [*NEVER, None, "x", NAN, INF, -1.0, 2.5, True, [], {}, np.zeros(3)],
    "any text": [*NEVER, None, 5, 1.5, True, [], {}, NAN],
    "mean": [*NEVER, "x", [], {}, NAN, INF, [[0.5]], ["a"], -1.0],
    "object": [*NEVER, 5, "x", {"eta": 4}, [], 1.5, NAN, True, (), type, print],
}
"""A dozen and more for each kind of argument."""

KINDS = {
    "int": "int",
    "bool": "bool",
    "bool | int": "bool or int",
    "str": "str",
    "float": "float",
    "str | os.PathLike[str]": "str",
    "Sequence[int]": "list[int]",
    "int | Sequence[int]": "hidden",
    "tuple[int, ...]": "list[int]",
    "Iterable[str]": "list[str]",
    "Sequence[Callback]": "list[callable]",
    "np.ndarray": "array",
    "float | np.ndarray": "array",
    "Weights": "mapping",
    "dict[str, np.ndarray]": "mapping",
    "Parameters": "object",
    "Code": "object",
    "Circuit": "object",
    "Schedule": "object",
    "Options": "object",
    "tuple[Population, ...]": "object",
    "tuple[Projection, ...]": "object",
    "Projection": "object",
    "Any": "object",
    "str | ModuleType": "object",
    "str | LearningRule": "object",
    "tuple[int, int]": "pair",
}
"""What each annotation of the public interface is; one that is not here fails the walk by its name."""

_FOLDER = tempfile.TemporaryDirectory()

CIRCUIT, ANSWERS = training_circuit(UNITS), inference_circuit(UNITS)
RIGHT: dict[Any, Any] = {
    "units": UNITS,
    "circuit": CIRCUIT,
    "weights": initial_weights(UNITS, 0),
    "seed": 0,
    "n": 8,
    "name": "digits",
    "values": np.zeros((4, 6)),
    "x": np.zeros((4, 6), bool),
    "y": np.array([0, 1, 2, 0]),
    "labels": np.array([0, 1, 2, 0]),
    "sources": {"input": np.zeros((4, 6), bool)},
    "samples": 3,
    "sim": StandInSimulator(),
    "projection": CIRCUIT.projections[0],
    "neurons": UNITS,
    "schedule": CIRCUIT.schedule,
    "parameters": CIRCUIT.parameters,
    "populations": CIRCUIT.populations,
    "projections": CIRCUIT.projections,
    "population": "x",
    "matrix": "W1",
    "x_train": np.zeros((4, 6)),
    "y_train": np.array([0, 1, 2, 0]),
    "x_test": np.zeros((4, 6)),
    "y_test": np.array([0, 1, 2, 0]),
    "shape": (6,),
    "levels": 1,
    "drive": 0,
    ("BackpropClassifier.fit", "x"): np.zeros((4, 6)),
    ("BackpropClassifier.evaluate", "x"): np.zeros((4, 6)),
    ("BackpropClassifier.predict", "x"): np.zeros((4, 6)),
    ("BackpropClassifier.scores", "x"): np.zeros((4, 6)),
    ("BackpropClassifier.partial_fit", "x"): np.zeros((4, 6)),
    ("BackpropClassifier.decision_function", "x"): np.zeros((4, 6)),
    ("Circuit.noise", "samples"): np.arange(4),
    ("Circuit.__getitem__", "name"): "x",
    "simulator": "reference",
    "path": os.path.join(_FOLDER.name, "network.npz"),
}
"""Values for arguments without a default; one whose name is not here fails the walk."""

OTHERWISE = {
    ("initial_weights", "input_mean"): "mean",
    ("Binary.encode", "values"): "numbers",
    ("Binary.fire", "values"): "numbers",
    ("Circuit", "populations"): "parts",
    ("Circuit", "projections"): "parts",
    ("datasets.Dataset", "name"): "any text",
    ("Parameters.above", "drive"): "any int",
}
"""Arguments of which their annotation says too little."""

SAID_AS = {
    "record": ("population",),
    "sources": ("source",),
    "how": ("initialisation",),
    "name": ("population", "data set"),
    "labels": ("targets",),
    "y": ("labels",),
    "x": ("values",),
    "sim": ("simulator",),
}
"""What a message may call an argument instead."""

PROTOCOL = {"Binary": {"encode", "fire", "inputs"}}
"""Of a class that the package asks, and not its users: the methods that these call all the same."""


@functools.cache
def _kept(name: str) -> Any:
    return _new(name)


def made(name: str) -> Any:
    """An instance of something public; the same one again where calls that are refused change nothing."""
    return _new(name) if name == "Network" else _kept(name)


def _new(name: str) -> Any:
    weights = RIGHT["weights"]
    if name == "Network":
        return Network(StandInSimulator(), CIRCUIT, weights)
    if name == "BackpropClassifier":
        return BackpropClassifier("reference", hidden=4, epochs=1).fit(RIGHT["values"], RIGHT["y"])
    instances: dict[str, Any] = {
        "Circuit": CIRCUIT,
        "Parameters": CIRCUIT.parameters,
        "Rule": Rule(weights),
        "StepSimulator": StepSimulator(CIRCUIT, weights),
        "Binary": Binary(),
    }
    return instances[name]
