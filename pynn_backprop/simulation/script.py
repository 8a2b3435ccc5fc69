"""The simulator of a script in PyNN's style: ``python script.py nest``."""

from __future__ import annotations

import argparse
import importlib
import warnings
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from ..errors import PynnBackpropError
from ..processes import end_all, launched, wait_for_turn
from .backends.registry import find_backend, load_simulator, simulators

BAD_INPUT = 2
"""Exit status, as argparse has it."""

OTHERS = r"(?!pynn_backprop|hardware|__main__)"
"""Modules that are neither this package nor the script: what they warn of, its user can't change."""


def get_simulator(*arguments: Sequence[Any]) -> tuple[ModuleType, argparse.Namespace]:
    """Import the simulator that is named on the command line, as PyNN's function of this name does.

    It knows all simulators that this package knows, Lava among them, and is quiet: banners and warnings of other
    libraries are shown with ``-v`` only.

    Parameters
    ----------
    *arguments : tuples
        More arguments of the script, as PyNN takes them: name, help, and where need be a dict for
        ``ArgumentParser.add_argument``.

    Returns
    -------
    sim : module
        The simulator.
    options : argparse.Namespace
        All arguments, with the simulator's name as `simulator`.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("simulator", help=f"{', '.join(simulators())}, or the dotted path of a PyNN module")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what other libraries print and warn of")
    for name, text, *more in arguments:
        parser.add_argument(name, help=text, **(more[0] if more else {}))
    if not launched().is_first:
        warnings.simplefilter("ignore")
    options = parser.parse_args()
    try:
        return _imported(options.simulator, options.verbose), options
    except PynnBackpropError as error:
        wait_for_turn()
        try:
            parser.error(str(error))
        finally:
            end_all(BAD_INPUT)


def _imported(name: str, verbose: bool) -> ModuleType:
    if verbose and name in simulators():
        return importlib.import_module(find_backend(name).module)
    if not verbose:
        warnings.filterwarnings("ignore", module=OTHERS)
    return load_simulator(name)
