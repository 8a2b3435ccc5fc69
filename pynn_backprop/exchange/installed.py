"""The package ``nir``, which only what reads or writes NIR needs."""

from __future__ import annotations

import importlib
from types import ModuleType

from ..errors import PlatformError

REMEDY = "pip install 'pynn_backprop[nir]'"


def require_nir() -> ModuleType:
    """Import it.

    Raises
    ------
    PlatformError
        If it is not installed; says how to get it.
    """
    try:
        return importlib.import_module("nir")
    except ImportError as error:
        raise PlatformError(f"NIR needs the package nir, which is not installed ({error}): {REMEDY}") from error
