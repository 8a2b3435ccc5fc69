"""Where NEST can be used: in the thread that imported it, and after a fork only without threads of its own.

In another thread NEST 3.10 ends the process with a segmentation fault, and with two threads in a forked process it
hangs, since those threads stayed behind; both are refused instead.
"""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass, replace
from typing import Any

from ...errors import PlatformError

NOTE = "pynn_backprop_home"
"""Attribute of the state of PyNN's NEST module that holds the :class:`Home`; ``nest`` itself takes none."""


@dataclass(frozen=True)
class Home:
    """Where NEST was imported.

    Parameters
    ----------
    thread : threading.Thread
        The thread; Python's first one if somebody else imported NEST.  Not its number: that of one that has ended is
        given to another.
    pid : int
        The process.
    threads : int
        With how many threads of its own it has run at most.
    """

    thread: threading.Thread
    pid: int
    threads: int = 1


def remember(imported_here: bool) -> None:
    """Note where NEST was imported, if that was not noted yet.

    Parameters
    ----------
    imported_here : bool
        Whether this thread has just done so.
    """
    if not hasattr(_state(), NOTE):
        thread = threading.current_thread() if imported_here else threading.main_thread()
        setattr(_state(), NOTE, Home(thread, os.getpid()))


def _state() -> Any:
    return sys.modules["pyNN.nest.simulator"].state


def check_home(threads: int = 1) -> None:
    """Refuse to use NEST where it would end the process or hang.

    Parameters
    ----------
    threads : int
        With how many threads of its own it is to run.

    Raises
    ------
    PlatformError
        In another thread than the one that imported NEST, or after a fork where threads are at work.
    """
    remember(imported_here=False)
    home: Home = getattr(_state(), NOTE)
    if threading.current_thread() is not home.thread:
        raise PlatformError(
            f"NEST can only be used in the thread that imported it, and this is {threading.current_thread().name!r}: "
            "do the whole work there, or in a process of its own"
        )
    if os.getpid() != home.pid and max(threads, home.threads) > 1:
        raise PlatformError(
            f"NEST was imported by process {home.pid}, of which this one, {os.getpid()}, is a fork: with threads "
            "(now or before) it would hang here; start the process anew (multiprocessing's 'spawn'), or use threads=1 "
            "in both"
        )
    if threads > home.threads:
        setattr(_state(), NOTE, replace(home, threads=threads))
