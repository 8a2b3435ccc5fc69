"""Lava's processes are forked; the program around it may have chosen another way for its own."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections.abc import Iterator


@contextlib.contextmanager
def forking() -> Iterator[None]:
    """Let multiprocessing's default be to fork.

    Importing Lava sets this default, and fails where one is set already; its semaphores are made by it.  Whatever the
    program had chosen is chosen again afterwards.
    """
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method(None, force=True)
    try:
        yield
    finally:
        multiprocessing.set_start_method(before, force=True)
