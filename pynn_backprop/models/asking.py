"""An estimator that is asked: what it answers, and how right that is."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..arguments import checked
from ..circuit.inference import inference_circuit
from ..codes.binary import Binary
from ..codes.code import Code
from ..data.silence import warn_if_silent
from ..errors import InputError
from ..interfaces import Options, Platform
from ..learning.evaluation import Evaluation, Score, evaluate
from ..learning.scaling import shares
from ..learning.validation import checked_classes, checked_features
from ..platforms import get_platform
from ..weights import units_of
from .stored import Stored


class Asked(Stored):
    """What :class:`~pynn_backprop.models.classifier.BackpropClassifier` answers."""

    simulator: str | ModuleType
    threads: int
    variant: str

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
        units, rule = units_of(self.weights_, code), self._rule()
        strengths = self.parameters or rule.parameters(code, units)
        circuit = inference_circuit(units, strengths, probe=True, code=code, readout_levels=rule.readout_levels)
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

    def _platform(self) -> Platform:
        return get_platform(self.simulator, Options(self.threads, self.variant))

    def _code(self) -> Code:
        return self.code or Binary()

    def _encoded(self, x: np.ndarray) -> np.ndarray:
        """Which input neurons fire, bool of shape (n, n_in), once it has learnt."""
        values, _ = checked_features(self, x, first=False)
        return self._fires(shares(values, self.scaling_))

    def _fires(self, values: np.ndarray) -> np.ndarray:
        fires = self._code().inputs(values, self._levels(values.shape[1]))
        warn_if_silent("x", fires, values, "scale='minmax' brings any features into that range")
        return fires
