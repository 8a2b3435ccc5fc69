"""An estimator that is written to a file and read from one, of its own or of a run."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from sklearn.utils.validation import check_is_fitted

from ..arguments import checked
from ..checks import check_count
from ..circuit.learning_rule import RULES, LearningRule, learning_rule
from ..circuit.parameters import Parameters
from ..codes.binary import Binary
from ..codes.code import Code
from ..data.levels import suitable_levels
from ..errors import InputError
from ..learning.scaling import MINMAX, Scaling
from ..weights import Weights, check_weights
from .pickling import Copied
from .reading import read_network
from .trained import TrainedNetwork
from .writing import write_network

Self = TypeVar("Self", bound="Stored")

TOLD = (
    "accuracy_curve_",
    "validation_scores_",
    "error_samples_curve_",
    "weights_changed_curve_",
    "weights_at_bound_curve_",
)
"""What a classifier tells of its epochs."""


class Stored(Copied):
    """What :class:`~pynn_backprop.models.classifier.BackpropClassifier` has to do with files."""

    code: Code | None
    levels: int | None
    parameters: Parameters | None
    rule: str | LearningRule
    classes_: np.ndarray
    n_features_in_: int
    n_iter_: int
    scaling_: Scaling | None
    weights_: Weights

    @checked
    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what was learnt, with all that is needed to ask it elsewhere.

        Parameters
        ----------
        path : str or os.PathLike
            ``.npz`` for this package, with integers ``W1``, ``W2``, ... of shape (n_pre, n_post), or ``.nir`` for the
            programs that read NIR (extra ``nir``; binary code only).

        Raises
        ------
        InputError
            If the ending is another one, the file can't be written, or NIR has no nodes for the code.
        """
        check_is_fitted(self)
        write_network(path, self._network())

    @classmethod
    @checked
    def load(
        cls: type[Self], path: str | os.PathLike[str], simulator: str | ModuleType = "nest", levels: int | None = None
    ) -> Self:
        """A classifier that has learnt what is in a file; it can be asked, and learn on by :meth:`partial_fit`.

        Parameters
        ----------
        path : str or os.PathLike
            What :meth:`save` wrote; or the folder of a run, its ``weights.npz`` or ``checkpoint.npz``, or what
            ``pynn-backprop export`` wrote, which take values from 0 to 1.
        simulator : str or module
            Where it runs; that is in no file.
        levels : int, optional
            Input neurons for each value, if the file does not say.

        Returns
        -------
        BackpropClassifier
            What was told of its epochs is not there.

        Raises
        ------
        InputError
            If there is no network in the file, or nobody says how values become its inputs.
        """
        network = read_network(path)
        if levels is not None:
            network = network.with_levels(check_count("levels", levels))
        n_features = network.n_features
        if n_features is None:
            raise InputError(
                f"levels is {network.levels}, but of the {network.units[0]} inputs of {path} each value must have as "
                "many as in training"
            )
        return cls._of(network, n_features, simulator)

    @classmethod
    def _of(cls: type[Self], network: TrainedNetwork, n_features: int, simulator: str | ModuleType) -> Self:
        made = cls(
            simulator=simulator,
            hidden=network.units[1:-1],
            levels=network.levels,
            parameters=network.parameters,
            code=None if network.code == Binary() else network.code,
            rule=network.rule,
            scale=None if network.scaling is None else MINMAX,
        )
        made.classes_, made.scaling_, made.weights_ = network.labels, network.scaling, network.weights
        made.n_features_in_, made.n_iter_ = n_features, network.epochs
        if network.features is not None:
            made.feature_names_in_ = np.array(network.features, dtype=object)
        for name in TOLD:
            setattr(made, name, [])
        return made

    def _rule(self) -> LearningRule:
        """By which it learns; of strengths that were given, the one that has their name."""
        if self.parameters:
            return RULES[self.parameters.output_error]
        return self.rule if isinstance(self.rule, LearningRule) else learning_rule(self.rule)

    def _network(self) -> TrainedNetwork:
        rule, code = self._rule(), self.code or Binary()
        names: Any = getattr(self, "feature_names_in_", None)
        return TrainedNetwork(
            check_weights(self.weights_, self.parameters or rule.parameters(code)),
            rule,
            code,
            self.parameters,
            levels=self._levels(self.n_features_in_),
            classes=np.asarray(self.classes_),
            scaling=self.scaling_,
            features=None if names is None else tuple(map(str, names)),
            epochs=self.n_iter_,
        )

    def _levels(self, n_features: int) -> int:
        """Input units for each value."""
        wanted = (self.code or Binary()).value_levels(self.levels)
        return suitable_levels(n_features) if wanted is None else wanted
