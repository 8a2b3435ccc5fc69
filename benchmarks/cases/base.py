"""A case: a task that every platform gets in the same form, and what "correct" means in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from pynn_backprop.checks import check_choice, check_count, checked_hidden
from pynn_backprop.circuit.learning_rule import RULES
from pynn_backprop.circuit.parameters import MARGIN, PUBLISHED
from pynn_backprop.codes.binary import Binary
from pynn_backprop.codes.code import Code
from pynn_backprop.codes.graded import Graded
from pynn_backprop.data.samples import Samples, load_samples
from pynn_backprop.errors import InputError
from pynn_backprop.learning.evaluation import Evaluation
from pynn_backprop.weights import Weights, initial_weights

from ..registry import check_name

Hidden = int | tuple[int, ...]
"""Units of the hidden layer, or of each one; 0 for none."""

GRADED_NEURONS = 32
"""Neurons of a unit in the graded cases."""


@dataclass(frozen=True)
class Case:
    """A task.

    Parameters
    ----------
    name : str
        What the user calls it.
    summary : str
        What is learnt, in a few words.
    inputs, outputs : int
        Units of the first and the last layer.
    hidden : int or tuple[int, ...]
        Units of the hidden layer, or of each one, if the user does not choose; 0 for none.
    hidden_sizes : tuple[int or tuple[int, ...], ...]
        The same of the networks of a scaling series.
    seeds : tuple[int, ...]
        Seeds of a full run.
    samples, test_samples, epochs : int
        The whole training that the case states, and what is shown if the user does not choose: the first training
        samples in each epoch, the first test samples.
    correct : str
        What "correct" means, in words.
    floor : float
        The share of right answers (by output spikes) that every seed of `seeds` reaches with `samples`, `epochs`,
        `hidden` and `rule` as they are here.
    data, crop, levels : str, and int or None
        The data set, and how it is encoded (:func:`pynn_backprop.data.samples.load_samples`).
    code : Code
        Neurons of a unit and their dither; one neuron, if not given.
    rule : str
        The learning rule (:data:`~pynn_backprop.circuit.learning_rule.RULES`), if the user does not choose.
    """

    name: str
    summary: str
    inputs: int
    outputs: int
    hidden: Hidden
    samples: int
    test_samples: int
    epochs: int
    correct: str
    floor: float = 0.0
    seeds: tuple[int, ...] = (0, 1, 2)
    hidden_sizes: tuple[Hidden, ...] = (50, 100, 200, 400, 800, 1600, 3200)
    data: str = ""
    crop: int | None = None
    levels: int | None = None
    code: Code = field(default_factory=Binary)
    rule: str = MARGIN

    def __post_init__(self) -> None:
        check_name("name of the case", self.name)
        for name in ("inputs", "outputs", "samples", "test_samples", "epochs"):
            check_count(f"{name} of the case {self.name}", getattr(self, name))
        checked_hidden(f"hidden of the case {self.name}", self.hidden)
        check_choice(f"rule of the case {self.name}", self.rule, RULES)
        if not 0.0 <= self.floor < 1.0:
            raise InputError(f"floor of the case {self.name} is {self.floor!r} but must be from 0 to 1")
        for name in ("seeds", "hidden_sizes"):
            if not getattr(self, name):
                raise InputError(f"the case {self.name} needs {name}")
        for seed in self.seeds:
            check_count(f"seeds of the case {self.name}", seed, 0)
        for hidden in self.hidden_sizes:
            checked_hidden(f"hidden_sizes of the case {self.name}", hidden)
        for name, kind in (("summary", str), ("correct", str), ("code", Code)):
            if not isinstance(getattr(self, name), kind):
                value = getattr(self, name)
                raise InputError(f"{name} of the case {self.name} is {value!r} but must be a {kind.__name__}")

    def units(self, hidden: Hidden | None = None) -> tuple[int, ...]:
        """Units of the layers, input first; 0 hidden units leave the hidden layer out."""
        middle = checked_hidden("hidden", self.hidden if hidden is None else hidden)
        return (self.inputs, *middle, self.outputs)

    def coded(self, code: Code) -> Case:
        """The same task with its values in another code.

        Raises
        ------
        InputError
            If the case makes samples of its own, which have one code.
        """
        if code == self.code:
            return self
        if not self.data or self.code != Binary():
            raise InputError(f"code is {code.name}, but the case {self.name} has one of its own, {self.code.name}")
        levels = self.levels or 1
        silent = np.zeros((1, self.inputs // levels))
        inputs = code.inputs(silent, code.value_levels(None) or levels).shape[1] // code.n
        return replace(self, code=code, inputs=inputs)

    def load(self, samples: int, test_samples: int, seed: int) -> Samples:
        """The first samples of the case; those of a data set are the same for all seeds.

        Raises
        ------
        InputError
            If there are fewer.
        DataNotFoundError
            If the data set is not on this machine and can't be downloaded.
        """
        levels = self.code.value_levels(self.levels if self.code == Binary() else None)
        loaded = load_samples(self.data, self.crop, levels, samples, test_samples, self.code.inputs)
        found = (loaded.x_train.shape[1] // self.code.n, loaded.n_classes)
        if found != (self.inputs, self.outputs):
            raise InputError(
                f"the case {self.name} is for {(self.inputs, self.outputs)} units but its data for {found}"
            )
        return loaded

    def initial_weights(self, units: tuple[int, ...], seed: int) -> Weights:
        """What training starts from."""
        return initial_weights(units, seed, code=self.code)

    def score(self, evaluation: Evaluation, samples: Samples, weights: Weights, seed: int) -> dict[str, float]:
        """How good the answers to the test samples are, and the weights."""
        score = evaluation.score(samples.y_test)
        return {
            "ClassificationAccuracy": score.by_spikes,
            "ClassificationAccuracyBySingleSpikes": score.by_single_spikes,
            "ClassificationAccuracyByPotential": score.by_potential,
            "ClassificationAccuracyAllRight": score.all_right,
        }

    def reached(self, metrics: Mapping[str, Any]) -> bool:
        """Whether metrics, those of :meth:`score` among them, are what the case's own sizes must reach."""
        return bool(metrics.get("ClassificationAccuracy", 0.0) >= self.floor)

    @property
    def wanted(self) -> str:
        """What :meth:`reached` asks for, in words."""
        return f"at least {self.floor:.0%} right"


@dataclass(frozen=True)
class GradedCase(Case):
    """A case whose values are graded: each is the share of the neurons of a unit that fire.

    Parameters as those of :class:`Case`; the levels of the neurons rotate, if no other code is given.  The output error
    of a margin is made for classes, so the published one is taken.
    """

    code: Code = field(default_factory=lambda: Graded(GRADED_NEURONS))
    rule: str = PUBLISHED
