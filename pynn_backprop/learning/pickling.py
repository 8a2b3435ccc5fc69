"""A simulator that was given as a module, in a file: modules can't be pickled, their names can."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

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
