"""Packages that only a part of what is here needs, and that are installed with an extra of setup.cfg."""

from __future__ import annotations

import importlib
from types import ModuleType

from .errors import PlatformError


def require(module: str, what: str, extra: str | None = None) -> ModuleType:
    """Import a module that may not be installed.

    Parameters
    ----------
    module : str
        Its name, which is that of its package.
    what : str
        What needs it, as the error begins.
    extra : str, optional
        Of pynn_backprop, with which it is installed; that of the same name if None.

    Raises
    ------
    PlatformError
        If it can't be imported; says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise PlatformError(
            f"{what} needs the package {module}, which is not installed ({error}): pip install "
            f"'pynn_backprop[{extra or module}]'"
        ) from error
