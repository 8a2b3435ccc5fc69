"""The circuit as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin

from ..arguments import check_arguments
from ..checks import check_count, checked_hidden
from ..circuit.learning_rule import LearningRule
from ..circuit.parameters import MARGIN, Parameters
from ..circuit.training import DEFAULT_FORM, training_circuit
from ..codes.code import Code
from ..data.shift import Shift
from ..errors import InputError
from ..learning.evaluation import answering_circuit
from ..learning.fitting import EarlyStopping, Fit, learn, report_epoch, say
from ..learning.presentation import Presentation
from ..learning.progress import Callback, Progress
from ..learning.scaling import MINMAX, Scaling, learnt_scaling, shares
from ..learning.told import NowAndThen
from ..learning.training import Trainer
from ..learning.validation import SEEN, checked_classes, checked_features, checked_image_shape, known_classes
from ..weights import Weights, starting_weights
from .asking import Asked


class BackpropClassifier(ClassifierMixin, Asked):
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
        Strengths of the circuit, with all that they say of the rule; those that follow from `rule` if None.
    callbacks : sequence of callable
        Called after every run with a :class:`~pynn_backprop.learning.progress.Progress`.
    code : Code, optional
        ``Graded(n)`` for n neurons a unit (:mod:`pynn_backprop.codes.code`), binary if None.
    form : str
        Of the circuit that learns, one of :data:`pynn_backprop.circuit.training.FORMS`; the weights are the same.
    rule : str or LearningRule
        By which it learns: ``margin``, ``published``, or any
        :class:`~pynn_backprop.circuit.learning_rule.LearningRule`.
    shift : int
        By up to how many pixels images are moved, anew in every epoch.
    image_shape : tuple of int, optional
        Height and width of the images, which are square if None.
    scale : str or None
        ``minmax``: in :meth:`fit` the lowest value of each feature becomes 0 and the highest 1; later what is beyond
        them is cut off.  None: values are from 0 to 1 already.
    warm_start : bool
        Whether another :meth:`fit` goes on from the weights and the scaling that there are.
    verbose : bool or int
        Whether a line is printed after each epoch, and every ten seconds within a long one.
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
    error_samples_curve_, weights_changed_curve_, weights_at_bound_curve_ : list
        Of each epoch, see :class:`~pynn_backprop.learning.curve.Curve`.
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
    error_samples_curve_: list[int]
    weights_changed_curve_: list[float]
    weights_at_bound_curve_: list[float]

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
        rule: str | LearningRule = MARGIN,
        shift: int = 0,
        image_shape: tuple[int, int] | None = None,
        scale: str | None = MINMAX,
        warm_start: bool = False,
        verbose: bool | int = False,
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
        self.rule = rule
        self.shift = shift
        self.image_shape = image_shape
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
        again = self.warm_start and self.__sklearn_is_fitted__()
        return self._learn(x, y, None, check_count("epochs", self.epochs), again, self._stopping())

    def partial_fit(self, x: np.ndarray, y: np.ndarray, classes: np.ndarray | None = None) -> BackpropClassifier:
        """Learn one more epoch of these samples, from the weights that there are.

        As many calls with the same samples as there are epochs come to what :meth:`fit` learns.  Scaling is that of the
        first call.

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
        return self._learn(x, y, classes, 1, again, None)

    def _learn(
        self,
        x: np.ndarray,
        y: np.ndarray,
        classes: np.ndarray | None,
        epochs: int,
        again: bool,
        stopping: EarlyStopping | None,
    ) -> BackpropClassifier:
        """Learn so many epochs from new weights, or `again` from those that there are."""
        asked = ("parameters", "callbacks", "code", "image_shape", "warm_start", "verbose", "early_stopping")
        check_arguments(type(self).__init__, {name: getattr(self, name) for name in asked})
        hidden = checked_hidden("hidden", self.hidden)
        platform, code, rule = self._platform(), self._code(), self._rule()
        values, seen = checked_features(self, x, first=not again)
        labels = checked_classes(y, len(values))
        known = known_classes(labels, classes, self.classes_ if again else None)
        scaling = self.scaling_ if again else learnt_scaling(self.scale, values)
        values = shares(values, scaling)
        fires, before = self._fires(values), self.n_iter_ if again else 0
        units = (fires.shape[1] // code.n, *hidden, len(known))
        circuit = training_circuit(units, self.parameters or rule.parameters(code, units), code, self.form)
        start = self.weights_ if again else starting_weights(circuit, self.seed, input_mean=np.mean(values, axis=0))
        presentation = Presentation(before + epochs, self.seed, shift=self._shift(values.shape[1]))
        trainer = Trainer(platform, circuit, presentation, thinning=() if self.parameters else rule.thinning)
        answering = answering_circuit(circuit, rule.readout_levels)
        verbose, callbacks = [report_epoch] if self.verbose else [], list(self.callbacks)
        if self.verbose:
            callbacks.append(NowAndThen(say))
        places = np.searchsorted(known, labels)
        learnt = learn(trainer, answering, fires, places, start, before, callbacks, stopping, verbose)
        # Only now: a fit that is refused or interrupted leaves no half-fitted classifier.
        self.classes_, self.scaling_ = known, scaling
        self._note(learnt, seen, again)
        return self

    def _note(self, learnt: Fit, seen: dict[str, Any], again: bool) -> None:
        """Make what was learnt the classifier's."""
        progress = learnt.progress
        epochs = progress.shown // progress.samples
        if not again:
            self.n_iter_, self.accuracy_curve_, self.validation_scores_ = 0, [], []
            self.error_samples_curve_, self.weights_changed_curve_, self.weights_at_bound_curve_ = [], [], []
            for name in SEEN:
                self.__dict__.pop(name, None)
        self.weights_, self.progress_ = learnt.weights, progress
        self.accuracy_curve_ += [float(right) / progress.samples for right in progress.right[self.n_iter_ : epochs]]
        new, curve = slice(self.n_iter_, epochs), progress.curve
        self.error_samples_curve_ += curve.error_samples[new].tolist()
        self.weights_changed_curve_ += curve.weights_changed[new].tolist()
        self.weights_at_bound_curve_ += curve.weights_at_bound[new].tolist()
        self.n_iter_ = epochs
        self.validation_scores_ += learnt.validation_scores
        self.__dict__.update(seen)

    def __sklearn_is_fitted__(self) -> bool:
        """Whether it has learnt anything."""
        return hasattr(self, "weights_")

    def _stopping(self) -> EarlyStopping | None:
        stopping = EarlyStopping(self.validation_fraction, self.n_iter_no_change, self.tol)
        return stopping if self.early_stopping else None

    def _shift(self, n_features: int) -> Shift | None:
        """How images of so many pixels are moved; not at all if None."""
        shape = checked_image_shape(self.image_shape, n_features)
        if not check_count("shift", self.shift, 0):
            return None
        return Shift(self.shift, shape, self.seed, self._levels(n_features) * self._code().n)
