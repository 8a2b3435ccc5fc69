"""A trained network as data: its weights, and all that is needed to ask it or to let it learn on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from .. import __version__
from ..checks import check_count, shown
from ..circuit.circuit import Circuit
from ..circuit.inference import inference_circuit
from ..circuit.learning_rule import RULES, LearningRule
from ..circuit.parameters import MARGIN, Parameters
from ..codes.binary import Binary
from ..codes.code import Code, code_of
from ..errors import InputError
from ..learning.scaling import Scaling
from ..weights import CheckedWeights, units_of

FORMAT = 1
"""Of :meth:`TrainedNetwork.description`."""


@dataclass(frozen=True, eq=False)
class TrainedNetwork:
    """A network that has learnt.

    Parameters
    ----------
    weights : CheckedWeights
        The matrices by name, integers of shape (n_pre, n_post).
    rule : LearningRule
        By which it learnt, with the read-out by which it answers.
    code : Code
        How numbers become spikes.
    parameters : Parameters, optional
        Strengths of the circuit if they are not those that follow from rule, code and units.
    levels : int, optional
        Input neurons for each value; None if it is not known.
    crop : int, optional
        Side of the central square of the images that it takes, in pixels.
    data : str, optional
        Name or path of what it learnt.
    classes : numpy.ndarray, optional
        The label of each output; their numbers if None.
    scaling : Scaling, optional
        How features become values from 0 to 1; None if they are that.
    features : tuple of str, optional
        Names of the features.
    epochs : int
        How many it has learnt; 0 if that is not known.
    """

    weights: CheckedWeights
    rule: LearningRule = RULES[MARGIN]
    code: Code = field(default_factory=Binary)
    parameters: Parameters | None = None
    levels: int | None = None
    crop: int | None = None
    data: str | None = None
    classes: np.ndarray | None = None
    scaling: Scaling | None = None
    features: tuple[str, ...] | None = None
    epochs: int = 0

    @property
    def units(self) -> tuple[int, ...]:
        """Units of the layers, input first."""
        return units_of(self.weights, self.code)

    @property
    def strengths(self) -> Parameters:
        """Of its circuits."""
        return self.parameters or self.rule.parameters(self.code, self.units)

    @property
    def labels(self) -> np.ndarray:
        """The label of each output, shape (n_out,)."""
        return np.arange(self.units[-1]) if self.classes is None else self.classes

    @property
    def n_features(self) -> int | None:
        """How many values a sample has; None if levels are not known, or no number of values gives these inputs."""
        if self.levels is None:
            return None
        neurons = self.units[0] * self.code.n
        most = self.units[0] // self.levels
        fitting = (n for n in (most, most - 1) if n > 0)
        shapes = {n: self.code.inputs(np.zeros((1, n)), self.levels).shape[1] for n in fitting}
        return next((n for n, inputs in shapes.items() if inputs == neurons), None)

    def circuit(self) -> Circuit:
        """What answers: the inference circuit, with a probe."""
        return inference_circuit(self.units, self.strengths, True, self.code, self.rule.readout_levels)

    def asked_with(self, w_max: int | None = None, readout_levels: int | None = None) -> TrainedNetwork:
        """The same with another bound, or read-out; what is None stays."""
        return replace(self, rule=asked_with(self.rule, w_max, readout_levels))

    def with_levels(self, levels: int) -> TrainedNetwork:
        """The same with so many input neurons for each value."""
        return replace(self, levels=levels)

    # -- in files --------------------------------------------------------------------------------------------------

    def description(self) -> dict[str, Any]:
        """All but the weights, as JSON has it."""
        scaling = self.scaling
        return {
            "format": FORMAT,
            "version": __version__,
            "rule": self.rule.as_dict(),
            "code": self.code.arguments(),
            "parameters": None if self.parameters is None else asdict(self.parameters),
            "levels": self.levels,
            "crop": self.crop,
            "data": self.data,
            "classes": None if self.classes is None else self.classes.tolist(),
            "scaling": None if scaling is None else [_as_list(scaling.data_min_), _as_list(scaling.data_max_)],
            "features": None if self.features is None else list(self.features),
            "epochs": self.epochs,
        }


def asked_with(rule: LearningRule, w_max: int | None, readout_levels: int | None) -> LearningRule:
    """The same rule with another bound, or read-out; what is None stays."""
    given: dict[str, Any] = {"w_max": w_max, "readout_levels": readout_levels}
    return replace(rule, **{name: number for name, number in given.items() if number is not None})


def described(stored: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The inverse of :meth:`TrainedNetwork.description`: all arguments of a network but its weights.

    Parameters
    ----------
    stored : Mapping of str to object
        What :meth:`~TrainedNetwork.description` gave.
    source : str
        Where it is from, for errors.

    Raises
    ------
    InputError
        If it is of another version, or describes no network.
    """
    if stored.get("format") != FORMAT:
        raise InputError(
            f"{source} describes a network in the format {stored.get('format')!r}; this version reads {FORMAT}"
        )
    try:
        return {
            "rule": LearningRule.from_dict(stored["rule"]),
            "code": code_of(stored["code"]),
            "parameters": None if stored["parameters"] is None else Parameters(**stored["parameters"]),
            **{name: None if stored[name] is None else check_count(name, stored[name]) for name in ("levels", "crop")},
            "data": None if stored["data"] is None else str(stored["data"]),
            "classes": None if stored["classes"] is None else _labels(stored["classes"]),
            "scaling": None if stored["scaling"] is None else Scaling(*map(_as_array, stored["scaling"])),
            "features": None if stored["features"] is None else tuple(map(str, stored["features"])),
            "epochs": check_count("epochs", stored["epochs"], 0),
        }
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{source} describes no network: {error!r}") from error


def _labels(given: Any) -> np.ndarray:
    labels = np.asarray(given)
    if labels.ndim != 1 or labels.dtype.kind not in "biuU" or len(np.unique(labels)) < len(labels):
        raise InputError(f"classes is {shown(given)} but must be a list of different labels")
    return labels


def _as_list(values: np.ndarray) -> dict[str, Any]:
    return {"dtype": values.dtype.name, "values": values.tolist()}


def _as_array(stored: Mapping[str, Any]) -> np.ndarray:
    values = np.array(stored["values"], dtype=np.dtype(stored["dtype"]))
    if values.ndim != 1 or values.dtype.kind != "f" or not np.isfinite(values).all():
        raise InputError(f"scaling is {shown(stored)} but must be the range of each feature")
    return values
