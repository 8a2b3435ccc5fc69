"""Brian2's code generation: cython where a test compilation works, else numpy."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import logging
import sys
from collections.abc import Iterator
from importlib import metadata

from ...errors import PlatformError
from ...files import cache_folder
from .common import warn_once

CYTHON, NUMPY = "cython", "numpy"

KNOWN = "known-"
"""Begins the names of the empty files in the cache that say which code is there already."""


def chosen_target(wanted: str) -> str:
    """The target to use, with a warning if it is not the one that is wanted.

    Raises
    ------
    PlatformError
        If cython code is wanted and can't be compiled.
    """
    failure = None if wanted == NUMPY else why_no_cython()
    if wanted == CYTHON and failure is not None:
        raise PlatformError(f"Brian2's cython code can't be had: {failure}")
    if failure is not None:
        warn_once(
            "Brian2 runs with numpy code, which gives the same spikes and weights but is two to three times slower, "
            f"since cython code can't be compiled: {failure}"
        )
    return NUMPY if wanted == NUMPY or failure is not None else CYTHON


@functools.cache
def why_no_cython() -> str | None:
    """Compile a trivial module into the package's cache, once a process; None if that works, else what Brian2 says."""
    import brian2
    from brian2.codegen.runtime.cython_rt.cython_rt import CythonCodeObject

    folder = cache_folder() / "brian2"
    brian2.prefs.codegen.runtime.cython.cache_dir = str(folder)
    if not importlib.util.find_spec("Cython"):
        return "the package Cython is not installed"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"the cache {folder} can't be written: {error}"
    said = _Listener()
    logger = logging.getLogger("brian2")
    logger.addHandler(said)
    console, level = brian2.BrianLogger.console_handler, brian2.BrianLogger.console_handler.level
    console.setLevel(logging.CRITICAL)
    try:
        works = CythonCodeObject.is_available()
    finally:
        console.setLevel(level)
        logger.removeHandler(said)
    if not works:
        return said.text or "a test compilation failed"
    return None


@contextlib.contextmanager
def announced(code: str) -> Iterator[None]:
    """Say that this code is being compiled, unless it was before on this machine."""
    parts = [code, sys.version, *map(metadata.version, ("brian2", "Cython", "numpy"))]
    known = cache_folder() / "brian2" / f"{KNOWN}{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"
    if not known.exists():
        logging.getLogger(__name__).warning("compiling for Brian2, once, about 30 s")
    yield
    with contextlib.suppress(OSError):
        known.touch()


class _Listener(logging.Handler):
    """Keeps the last message."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by the logger."""
        if record.levelno >= logging.WARNING:
            self.text = record.getMessage()
