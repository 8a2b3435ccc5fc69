"""Copies and pickles of an estimator whose simulator is a module: modules can't be pickled, their names can."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from sklearn.base import BaseEstimator

from ..simulation.backends.registry import load_simulator


@dataclass(frozen=True)
class ImportedSimulator:
    """A PyNN simulator by the name of its module.

    Parameters
    ----------
    name : str
        Dotted.
    """

    name: str

    def module(self) -> ModuleType:
        """The module, imported if need be.

        Raises
        ------
        PlatformError
            If it is not installed here.
        """
        return load_simulator(self.name)


class Copied(BaseEstimator):
    """An estimator with a parameter `simulator`, a name or a module."""

    simulator: str | ModuleType

    def __sklearn_clone__(self) -> Any:
        """A new one with the same parameters; scikit-learn's own clone can't copy a module."""
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
