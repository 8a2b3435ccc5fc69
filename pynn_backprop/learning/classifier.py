"""The circuit as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..checks import check_count
from ..circuit.parameters import Parameters
from ..codes.code import Binary, Code
from ..codes.graded_weights import graded_initial_weights, with_bias
from ..data import datasets
from ..errors import InputError
from ..interfaces import Options
from ..platforms import get_platform
from ..weights import Weights, initial_weights
from .training import Callback, Evaluation, Score, evaluate, train


class BackpropClassifier(ClassifierMixin, BaseEstimator):
    """A network of spiking neurons that learns by backpropagation inside a simulator.

    Parameters
    ----------
    simulator
        An imported PyNN simulator, or its name: ``nest``, ``brian2``, ``lava``, ``reference`` (the rule without
        spikes), ...
    hidden
        Hidden units; 0 for one weight matrix.  With a graded code one of them hands the bias on.
    epochs
        How often all samples are shown.
    levels
        Input neurons per value (:func:`pynn_backprop.data.datasets.encode`).
    seed
        Decides initial weights and the order of samples.
    threads
        Threads of the simulator.
    variant
        How the simulator does it (:class:`pynn_backprop.interfaces.Options`), ``auto`` for the fastest that
        works.
    parameters
        Strengths of the circuit; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    callbacks
        Called after every run with a :class:`~pynn_backprop.learning.training.Progress`.
    code
        ``Graded(n)`` for n neurons a unit (:mod:`pynn_backprop.codes.code`), binary if None.  Graded networks have one
        input unit per value, so that `levels` must be 1, and one more, whose value is always 1.

    Attributes
    ----------
    classes_
        The labels, shape (n_classes,).
    weights_
        Integer matrices by name, shape (n_pre, n_post).
    progress_
        Accuracy while learning, and times.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> x, y = load_digits(return_X_y=True)
    >>> network = BackpropClassifier("reference", hidden=100, epochs=5, levels=3).fit(x / 16, y)
    >>> bool(network.score(x / 16, y) > 0.8)
    True
    """

    def __init__(
        self,
        simulator: str | ModuleType = "nest",
        hidden: int = 200,
        epochs: int = 10,
        levels: int = 1,
        seed: int = 0,
        threads: int = 1,
        variant: str = "auto",
        parameters: Parameters | None = None,
        callbacks: Sequence[Callback] = (),
        code: Code | None = None,
    ) -> None:
        self.simulator = simulator
        self.hidden = hidden
        self.epochs = epochs
        self.levels = levels
        self.seed = seed
        self.threads = threads
        self.variant = variant
        self.parameters = parameters
        self.callbacks = callbacks
        self.code = code

    def fit(self, x: np.ndarray, y: np.ndarray) -> BackpropClassifier:
        """Learn from values `x` from 0 to 1, shape (n, n_features), and labels `y`, shape (n,)."""
        check_count("hidden", self.hidden, 0)
        check_count("seed", self.seed, 0)
        platform = get_platform(self.simulator, Options(self.threads, self.variant))
        fires = self._encoded(x)
        classes, labels = np.unique(_checked_labels(y, len(fires)), return_inverse=True)
        weights, progress = train(
            platform,
            fires,
            labels,
            self._initial_weights(np.asarray(x), fires.shape[1], len(classes)),
            epochs=self.epochs,
            seed=self.seed,
            parameters=self.parameters,
            code=self.code,
            callbacks=self.callbacks,
        )
        # Only now: a fit that is refused or interrupted leaves no half-fitted classifier.
        self.classes_, self.weights_, self.progress_ = classes, weights, progress
        self.n_features_in_ = np.shape(x)[1]
        return self

    def _encoded(self, x: np.ndarray) -> np.ndarray:
        """Which input neurons fire, bool of shape (n, n_in)."""
        code, fires = self.code or Binary(), datasets.encode(x, self.levels)
        if code.n == 1:
            return fires
        if self.levels != 1:
            raise InputError(f"levels is {self.levels} but must be 1 with a graded code, whose units take any value")
        return code.fire(with_bias(np.asarray(x, dtype=float)))

    def _initial_weights(self, x: np.ndarray, n_in: int, n_classes: int) -> Weights:
        code, hidden = self.code or Binary(), (self.hidden,) if self.hidden else ()
        if code.n == 1:
            return initial_weights((n_in, *hidden, n_classes), self.seed, parameters=self.parameters)
        units = (n_in // code.n, *hidden, n_classes)
        mean = x.mean(axis=0) if hidden else with_bias(x).mean(axis=0)
        return graded_initial_weights(units, self.seed, code, self.parameters, mean)

    def __sklearn_clone__(self) -> BackpropClassifier:
        """A new one with the same parameters; scikit-learn's own clone can't copy a simulator, which is a module."""
        return type(self)(**self.get_params(deep=False))

    def evaluate(self, x: np.ndarray, windows: int = 1) -> Evaluation:
        """Output spikes and potentials of the spiking inference circuit for values `x`, shape (n, n_features).

        Each sample is shown `windows` times, see :func:`pynn_backprop.learning.training.evaluate`.
        """
        check_is_fitted(self)
        platform = get_platform(self.simulator, Options(self.threads, self.variant))
        weights: Weights = self.weights_
        return evaluate(platform, self._encoded(x), weights, self.parameters, code=self.code, windows=windows)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """The class whose output has the largest potential, shape (n,).

        It builds a network: one of the same simulator that is still learning, as in a callback, then ends with a
        :class:`~pynn_backprop.errors.PlatformError`.
        """
        potentials = self.evaluate(x).potentials
        return self.classes_[potentials.argmax(axis=1)]

    def scores(self, x: np.ndarray, y: np.ndarray) -> Score:
        """The three scores of the paper: by output spikes, by potential, all outputs right."""
        evaluation = self.evaluate(x)
        y = _checked_labels(y, len(evaluation.outputs))
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise InputError(f"y holds {unknown[0]!r}, which was no class in training")
        return evaluation.score(np.searchsorted(self.classes_, y))


def _checked_labels(y: np.ndarray, n_samples: int) -> np.ndarray:
    labels = np.asarray(y)
    if labels.shape != (n_samples,):
        raise InputError(f"y has shape {labels.shape} but must have one label for each of {n_samples} samples")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        wrong = int(np.flatnonzero(~np.isfinite(labels))[0])
        raise InputError(f"y[{wrong}] is {labels[wrong]}, which is no label")
    return labels
