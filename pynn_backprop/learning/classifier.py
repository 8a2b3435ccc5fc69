"""The circuit as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from ..arguments import check_arguments, checked
from ..checks import checked_hidden
from ..circuit.inference import inference_circuit
from ..circuit.parameters import Parameters
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.binary import Binary
from ..codes.code import Code
from ..data.levels import suitable_levels
from ..data.silence import warn_if_silent
from ..errors import InputError
from ..interfaces import Options, Platform
from ..platforms import get_platform
from ..weights import Weights, starting_weights, units_of
from .evaluation import Evaluation, Score, evaluate
from .fitting import EarlyStopping, Fit, learn, report_epoch
from .pickling import ImportedSimulator
from .presentation import Presentation
from .progress import Callback, Progress
from .scaling import MINMAX, Scaling, learnt_scaling, shares
from .validation import SEEN, checked_classes, checked_features, known_classes


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
    levels : int, optional
        Input neurons per value (:func:`pynn_backprop.data.datasets.encode`); if None as many as give about 200 input
        neurons, and 16 at most.  Graded networks have one input unit per value, so that it must be 1, and one more,
        whose value is always 1.
    parameters : Parameters, optional
        Strengths of the circuit; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    callbacks : sequence of callable
        Called after every run with a :class:`~pynn_backprop.learning.progress.Progress`.
    code : Code, optional
        ``Graded(n)`` for n neurons a unit (:mod:`pynn_backprop.codes.code`), binary if None.
    form : str
        Of the circuit that learns, one of :data:`pynn_backprop.circuit.training.FORMS`; the weights are the same.
    scale : str or None
        ``minmax``: in :meth:`fit` the lowest value of each feature becomes 0 and the highest 1; later what is beyond
        them is cut off.  None: values are from 0 to 1 already.
    warm_start : bool
        Whether another :meth:`fit` goes on from the weights and the scaling that there are.
    verbose : bool
        Whether a line is printed after each epoch.
    early_stopping : bool
        Whether samples are held out, and learning ends when their score no longer rises, with the weights that had the
        best one.  A network is then built for each epoch.
    validation_fraction : float
        Share of the samples of each class that is held out.
    n_iter_no_change, tol
        Learning ends after so many epochs whose score is not better by `tol`.

    Attributes
    ----------
    classes_ : numpy.ndarray, shape (n_classes,)
        The labels.
    n_features_in_, feature_names_in_
        Number of the features and, of a DataFrame, their names, which are those of whatever is asked later.
    scaling_ : Scaling or None
        How features become values.
    n_iter_ : int
        Epochs that were learnt.
    accuracy_curve_ : list of float
        Share of the samples of each epoch that were answered rightly before they were learnt.
    validation_scores_ : list of float
        Accuracy on the samples that were held out, after each epoch; empty without early stopping.
    weights_ : Mapping of str to numpy.ndarray of int64, shape (n_pre, n_post)
        The matrices by name.
    progress_ : Progress
        Accuracy while learning last, and times.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> x, y = load_digits(return_X_y=True)
    >>> network = BackpropClassifier("reference", hidden=100, epochs=5).fit(x, y)
    >>> bool(network.score(x, y) > 0.8)
    True
    """

    classes_: np.ndarray
    scaling_: Scaling | None
    weights_: Weights
    progress_: Progress
    n_iter_: int
    accuracy_curve_: list[float]
    validation_scores_: list[float]

    def __init__(
        self,
        simulator: str | ModuleType = "nest",
        hidden: int | Sequence[int] = 200,
        epochs: int = 10,
        levels: int | None = None,
        seed: int = 0,
        threads: int = 1,
        variant: str = "auto",
        parameters: Parameters | None = None,
        callbacks: Sequence[Callback] = (),
        code: Code | None = None,
        form: str = DEFAULT_FORM,
        scale: str | None = MINMAX,
        warm_start: bool = False,
        verbose: bool = False,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-4,
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
        self.scale = scale
        self.warm_start = warm_start
        self.verbose = verbose
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol

    def fit(self, x: np.ndarray, y: np.ndarray) -> BackpropClassifier:
        """Learn.

        Parameters
        ----------
        x : array_like or DataFrame, shape (n, n_features)
            Finite numbers; with ``scale=None`` from 0 to 1.
        y : array_like, shape (n,)
            Labels: text, whole numbers or truth values, of at least two classes.

        Returns
        -------
        BackpropClassifier
            Itself.

        Raises
        ------
        InputError
            If an argument, a value or a label can't be used.
        """
        presentation = Presentation(self.epochs, self.seed)
        return self._learn(x, y, None, presentation, again=self.warm_start and self.__sklearn_is_fitted__())

    def partial_fit(self, x: np.ndarray, y: np.ndarray, classes: np.ndarray | None = None) -> BackpropClassifier:
        """Learn one more epoch of these samples, from the weights that there are.

        With the binary code, as many calls with the same samples as there are epochs come to what :meth:`fit` learns.
        Scaling is that of the first call.

        Parameters
        ----------
        x, y
            As of :meth:`fit`.
        classes : array_like, shape (n_classes,), optional
            All labels that there will be; must be given the first time.

        Returns
        -------
        BackpropClassifier
            Itself.

        Raises
        ------
        InputError
            As of :meth:`fit`, or if `classes` is missing or not what it was.
        """
        again = self.__sklearn_is_fitted__()
        if classes is None and not again:
            raise InputError("classes must be passed on the first call to partial_fit: it is None")
        return self._learn(x, y, classes, None, again)

    def _learn(
        self, x: np.ndarray, y: np.ndarray, classes: np.ndarray | None, presentation: Presentation | None, again: bool
    ) -> BackpropClassifier:
        """Learn from new weights, or `again` from those that there are; one epoch if there is no presentation."""
        check_arguments(
            type(self).__init__, {name: getattr(self, name) for name in ("parameters", "callbacks", "code")}
        )
        hidden = checked_hidden("hidden", self.hidden)
        stopping, platform, code = self._stopping(), self._platform(), self._code()
        values, seen = checked_features(self, x, first=not again)
        labels = checked_classes(y, len(values))
        known = known_classes(labels, classes, self.classes_ if again else None)
        scaling = self.scaling_ if again else learnt_scaling(self.scale, values)
        values = shares(values, scaling)
        fires = self._fires(values)
        units = (fires.shape[1] // code.n, *hidden, len(known))
        circuit = training_circuit(units, self.parameters, code, self.form)
        start = self.weights_ if again else starting_weights(circuit, self.seed, input_mean=np.mean(values, axis=0))
        before = self.n_iter_ if again else 0
        places = np.searchsorted(known, labels)
        if presentation is None:
            order = Presentation(before + 1, self.seed).order(len(fires), before)
            fires, places, stopping = fires[order], places[order], None
        shown = presentation or Presentation(1, self.seed, shuffle=False)
        callbacks = [*self.callbacks, report_epoch] if self.verbose else self.callbacks
        learnt = learn(platform, circuit, shown, fires, places, start, callbacks, stopping)
        # Only now: a fit that is refused or interrupted leaves no half-fitted classifier.
        self.classes_, self.scaling_ = known, scaling
        self._note(learnt, seen, again)
        return self

    def _note(self, learnt: Fit, seen: dict[str, Any], again: bool) -> None:
        """Make what was learnt the classifier's."""
        progress = learnt.progress
        epochs = progress.shown // progress.samples
        curve = [float(right) / progress.samples for right in progress.right[:epochs]]
        if not again:
            self.n_iter_, self.accuracy_curve_, self.validation_scores_ = 0, [], []
            for name in SEEN:
                self.__dict__.pop(name, None)
        self.weights_, self.progress_ = learnt.weights, progress
        self.n_iter_ += epochs
        self.accuracy_curve_ += curve
        self.validation_scores_ += learnt.validation_scores
        self.__dict__.update(seen)

    def __sklearn_is_fitted__(self) -> bool:
        """Whether it has learnt anything."""
        return hasattr(self, "weights_")

    def _stopping(self) -> EarlyStopping | None:
        stopping = EarlyStopping(self.validation_fraction, self.n_iter_no_change, self.tol)
        return stopping if self.early_stopping else None

    def _platform(self) -> Platform:
        return get_platform(self.simulator, Options(self.threads, self.variant))

    def _code(self) -> Code:
        return self.code or Binary()

    def _encoded(self, x: np.ndarray) -> np.ndarray:
        """Which input neurons fire, bool of shape (n, n_in), once it has learnt."""
        values, _ = checked_features(self, x, first=False)
        return self._fires(shares(values, self.scaling_))

    def _fires(self, values: np.ndarray) -> np.ndarray:
        code, levels = self._code(), self.levels
        if levels is None:
            levels = code.value_levels(None) or suitable_levels(values.shape[1])
        fires = code.inputs(values, levels)
        warn_if_silent("x", fires, values, "scale='minmax' brings any features into that range")
        return fires

    def __sklearn_clone__(self) -> BackpropClassifier:
        """A new one with the same parameters; scikit-learn's own clone can't copy a simulator, which is a module."""
        return type(self)(**self.get_params(deep=False))

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: a simulator that is a module by its name."""
        state: dict[str, Any] = dict(super().__getstate__())
        if isinstance(self.simulator, ModuleType):
            state["simulator"] = ImportedSimulator(self.simulator.__name__)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up what was pickled; a module is imported again."""
        simulator = state["simulator"]
        if isinstance(simulator, ImportedSimulator):
            state = {**state, "simulator": simulator.module()}
        super().__setstate__(state)

    @checked
    def evaluate(self, x: np.ndarray, windows: int = 1) -> Evaluation:
        """Output spikes and potentials of the spiking inference circuit.

        Parameters
        ----------
        x : array_like or DataFrame, shape (n, n_features)
            As of :meth:`fit`.
        windows : int
            How often each sample is shown, see :func:`pynn_backprop.learning.evaluation.evaluate`.

        Returns
        -------
        Evaluation
        """
        check_is_fitted(self)
        platform, code, fires = self._platform(), self._code(), self._encoded(x)
        circuit = inference_circuit(units_of(self.weights_, code), self.parameters, probe=True, code=code)
        return evaluate(platform, circuit, fires, self.weights_, windows=windows)

    def decision_function(self, x: np.ndarray) -> np.ndarray:
        """The potentials of the outputs, by which :meth:`predict` decides.

        They are drives in integers, not probabilities: there is no ``predict_proba``.  Scikit-learn's
        ``CalibratedClassifierCV`` makes probabilities of them.

        Parameters
        ----------
        x : array_like or DataFrame, shape (n, n_features)
            As of :meth:`fit`.

        Returns
        -------
        numpy.ndarray of float64
            Shape (n, n_classes); of two classes, as scikit-learn has it, the potential of the second one less that of
            the first, shape (n,).
        """
        potentials = self.evaluate(x).potentials.astype(float)
        return potentials[:, 1] - potentials[:, 0] if len(self.classes_) == 2 else potentials

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
        labels = checked_classes(y, len(evaluation.outputs))
        unknown = np.setdiff1d(labels, self.classes_)
        if len(unknown):
            raise InputError(f"y holds {unknown.tolist()[0]!r}, which was no class in training")
        return evaluation.score(np.searchsorted(self.classes_, labels))
