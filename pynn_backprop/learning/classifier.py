"""The circuit as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..arguments import check_arguments, checked
from ..checks import as_array, checked_hidden, described
from ..circuit.inference import inference_circuit
from ..circuit.parameters import Parameters
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.binary import Binary
from ..codes.code import Code
from ..errors import InputError
from ..interfaces import Options, Platform
from ..platforms import get_platform
from ..weights import Weights, starting_weights, units_of
from .evaluation import Evaluation, Score, evaluate
from .presentation import Presentation
from .progress import Callback
from .training import Trainer


class BackpropClassifier(ClassifierMixin, BaseEstimator):
    """A network of spiking neurons that learns by backpropagation inside a simulator.

    Parameters
    ----------
    simulator : str or module
        An imported PyNN simulator, or what :class:`~pynn_backprop.runs.config.RunConfig` takes.
    hidden : int or sequence of int
        Units of the hidden layer, or of each one: ``(400, 400)``; 0 for none.  With a graded code one of the hidden
        units hands the bias on.
    epochs, seed, threads, variant
        As in :class:`~pynn_backprop.runs.config.RunConfig`.
    levels : int
        Input neurons per value (:func:`pynn_backprop.data.datasets.encode`).  Graded networks have one input unit per
        value, so that it must be 1, and one more, whose value is always 1.
    parameters : Parameters, optional
        Strengths of the circuit; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    callbacks : sequence of callable
        Called after every run with a :class:`~pynn_backprop.learning.progress.Progress`.
    code : Code, optional
        ``Graded(n)`` for n neurons a unit (:mod:`pynn_backprop.codes.code`), binary if None.
    form : str
        Of the circuit that learns, one of :data:`pynn_backprop.circuit.training.FORMS`; the weights are the same.

    Attributes
    ----------
    classes_ : numpy.ndarray, shape (n_classes,)
        The labels.
    weights_ : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        The matrices by name.
    progress_ : Progress
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
        hidden: int | Sequence[int] = 200,
        epochs: int = 10,
        levels: int = 1,
        seed: int = 0,
        threads: int = 1,
        variant: str = "auto",
        parameters: Parameters | None = None,
        callbacks: Sequence[Callback] = (),
        code: Code | None = None,
        form: str = DEFAULT_FORM,
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
        self.form = form

    def fit(self, x: np.ndarray, y: np.ndarray) -> BackpropClassifier:
        """Learn.

        Parameters
        ----------
        x : numpy.ndarray, shape (n, n_features)
            Values from 0 to 1.
        y : numpy.ndarray, shape (n,)
            Labels.

        Returns
        -------
        BackpropClassifier
            Itself.
        """
        check_arguments(
            type(self).__init__, {name: getattr(self, name) for name in ("parameters", "callbacks", "code")}
        )
        hidden = checked_hidden("hidden", self.hidden)
        presentation, platform = Presentation(self.epochs, self.seed), self._platform()
        code, fires = self._code(), self._encoded(x)
        classes, labels = np.unique(_checked_labels(y, len(fires)), return_inverse=True)
        units = (fires.shape[1] // code.n, *hidden, len(classes))
        circuit = training_circuit(units, self.parameters, code, self.form)
        start = starting_weights(circuit, self.seed, input_mean=np.mean(x, axis=0))
        weights, progress = Trainer(platform, circuit, presentation).train(
            fires, labels, start, callbacks=self.callbacks
        )
        # Only now: a fit that is refused or interrupted leaves no half-fitted classifier.
        self.classes_, self.weights_, self.progress_ = classes, weights, progress
        self.n_features_in_ = np.shape(x)[1]
        return self

    def _platform(self) -> Platform:
        return get_platform(self.simulator, Options(self.threads, self.variant))

    def _code(self) -> Code:
        return self.code or Binary()

    def _encoded(self, x: np.ndarray) -> np.ndarray:
        """Which input neurons fire, bool of shape (n, n_in)."""
        return self._code().inputs(x, self.levels)

    def __sklearn_clone__(self) -> BackpropClassifier:
        """A new one with the same parameters; scikit-learn's own clone can't copy a simulator, which is a module."""
        return type(self)(**self.get_params(deep=False))

    @checked
    def evaluate(self, x: np.ndarray, windows: int = 1) -> Evaluation:
        """Output spikes and potentials of the spiking inference circuit.

        Parameters
        ----------
        x : numpy.ndarray, shape (n, n_features)
            Values from 0 to 1.
        windows : int
            How often each sample is shown, see :func:`pynn_backprop.learning.evaluation.evaluate`.

        Returns
        -------
        Evaluation
        """
        check_is_fitted(self)
        weights: Weights = self.weights_
        platform, code, fires = self._platform(), self._code(), self._encoded(x)
        circuit = inference_circuit(units_of(weights, code), self.parameters, probe=True, code=code)
        return evaluate(platform, circuit, fires, weights, windows=windows)

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
    labels = as_array("y", y)
    if labels.shape != (n_samples,):
        raise InputError(f"y is {described(labels)} but must have one label for each of {n_samples} samples")
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        wrong = int(np.flatnonzero(~np.isfinite(labels))[0])
        raise InputError(f"y[{wrong}] is {labels[wrong]}, which is no label")
    return labels
