"""The operating system's processes in which Lava's processes run: watched by their parent, and gone when it is gone."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

from pynn_backprop.errors import PlatformError

READY = b"+"
READ_AT_ONCE = 65536
LONGEST_REPORT = 32768
"""Bytes; a pipe holds 64 KiB, so that writing a report never blocks."""

PARENT_CHECK = 0.25
"""Seconds between two looks whether the parent still lives."""

STOPPING = (signal.SIGINT, signal.SIGTERM)
"""What a terminal or a batch system may send to all processes of a program: the parent alone decides what follows."""


class Worker:
    """One forked process that builds and runs a Lava process, or Lava's runtime service.

    Parameters
    ----------
    name
        For messages.
    builder
        Lava's builder: ``build()`` makes an actor, ``start()`` of it runs until Lava's stop command.
    """

    def __init__(self, name: str, builder: Any) -> None:
        self.name = name
        self.ready = False
        self._report = b""
        self._status: int | None = None
        self._pipe, theirs = os.pipe()
        parent = os.getpid()
        # What waits in the buffers would otherwise be written twice.
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        try:
            self.pid = os.fork()
        except OSError as error:
            os.close(self._pipe)
            os.close(theirs)
            raise PlatformError(f"the Lava process {name!r} can't be started: {error}") from error
        if self.pid == 0:
            _work(builder, theirs, parent)
        os.close(theirs)
        os.set_blocking(self._pipe, False)

    def failure(self) -> str | None:
        """What went wrong, with the traceback if there is one; None while all is well."""
        self._look()
        if self._report:
            text = self._report.decode(errors="replace").strip()
            return f"the Lava process {self.name!r} failed: {text.splitlines()[-1]}\n{text}"
        if self._status is None:
            return None
        if self._status < 0:
            number = -self._status
            with contextlib.suppress(ValueError):
                return f"the Lava process {self.name!r} was ended by signal {number} ({signal.Signals(number).name})"
            return f"the Lava process {self.name!r} was ended by signal {number}"
        return f"the Lava process {self.name!r} ended by itself, with status {self._status}"

    def kill(self) -> None:
        """End the process and remove every trace of it."""
        if self._pipe < 0:
            return
        self._look()
        if self._status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
            self._status = -signal.SIGKILL
        os.close(self._pipe)
        self._pipe = -1

    def _look(self) -> None:
        if self._status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else has fetched it
                self._status = 0
            else:
                self._status = os.waitstatus_to_exitcode(status) if pid else None
        if self._pipe >= 0:
            with contextlib.suppress(BlockingIOError):
                found = os.read(self._pipe, READ_AT_ONCE)
                if not self.ready and found.startswith(READY):
                    self.ready, found = True, found[1:]
                self._report += found


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Let no signal's handler come in between, as between a fork and the note that it happened; it comes afterwards.

    Blocking the signals would not do: with several threads another one takes them, and the handler comes all the same.
    """
    if threading.current_thread() is not threading.main_thread():  # Python calls handlers only there
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in STOPPING}
    held = [number for number, handler in before.items() if handler not in (None, signal.SIG_IGN)]
    try:
        for number in held:
            signal.signal(number, lambda number, frame: came.append(number))
        yield
    finally:
        for number in held:
            signal.signal(number, before[number])
        for late in came:
            signal.raise_signal(late)


def _work(builder: Any, report: int, parent: int) -> None:
    """What a worker does; it never returns."""
    status = 1
    try:
        _settle_in(parent)
        actor = builder.build()
        os.write(report, READY)
        actor.start()
        status = 0
    except BaseException:
        with contextlib.suppress(OSError):
            os.write(report, traceback.format_exc().encode()[-LONGEST_REPORT:])
    finally:
        os._exit(status)


def _settle_in(parent: int) -> None:
    # Objects of the parent (other simulators, other engines) must not be finalized here.
    gc.freeze()
    signal.set_wakeup_fd(-1)
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    # Warnings of Lava's arithmetic would reach the user once for every process.
    warnings.simplefilter("ignore")
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """Works on every Unix; Linux's PDEATHSIG would fire when the *thread* ends that made the engine."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK)
    os._exit(1)
