"""Functions that numba compiles, and keeps where that is possible."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .files import cache_folder

THREADS = "NUMBA_NUM_THREADS"


@functools.cache
def _numba() -> Any:
    """Numba, whatever the shell has set: nothing here runs in threads of its, and it refuses to start with none."""
    value = os.environ.get(THREADS)
    if value is not None and not (value.isdecimal() and int(value) > 0):
        del os.environ[THREADS]
    import numba
    from numba.core import event

    class Announcer(event.Listener):
        """Is told by numba that it compiles what it did not find in its cache."""

        def on_start(self, compilation: Any) -> None:
            """Called before."""
            if compilation.data["dispatcher"].py_func.__module__.partition(".")[0] == __package__:
                _say_that_it_compiles()

        def on_end(self, compilation: Any) -> None:
            """Called after."""

    event.register("numba:compile", Announcer())
    return numba


if TYPE_CHECKING:

    def compiled(function: Callable[..., Any]) -> Any:
        """See below."""

    def inlined(function: Callable[..., Any]) -> Any:
        """See below."""

else:

    def compiled(function):
        """Compile a function when it is called first, and keep what was compiled beside it or in the cache.

        Where neither can be written, as in a read-only installation without a home, it is compiled anew in every
        process, which is said once.
        """
        return _compiled(function)

    def inlined(function):
        """The same, and put it into whatever compiled function calls it."""
        return _compiled(function, inline="always")


def _compiled(function: Any, **options: Any) -> Any:
    numba = _numba()
    from .files.kept_code import verify

    try:
        return verify(numba.njit(cache=True, **options)(function))
    except RuntimeError:  # "cannot cache function ...: no locator available": nowhere to write
        pass
    folder = cache_folder() / "numba"
    if _can_be_made(folder):
        numba.config.CACHE_DIR = str(folder)
        try:
            return verify(numba.njit(cache=True, **options)(function))
        except RuntimeError:
            pass
    _say_once(str(folder))
    return numba.njit(**options)(function)


def _can_be_made(folder: Any) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


@functools.cache
def _say_that_it_compiles() -> None:
    logging.getLogger(__name__).warning("compiling the rule and the circuit's steps, once, about 20 s")


@functools.cache
def _say_once(folder: str) -> None:
    logging.getLogger(__name__).warning(
        "what is compiled can't be kept, since %s can't be written: every start takes some seconds more; "
        "PYNN_BACKPROP_CACHE may name another folder",
        folder,
    )
