"""Ctrl-C and SIGTERM as a polite request: the present run is finished, a checkpoint written, and the program leaves."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

from ..processes import launched


class StopRequest:
    """A context in which the first Ctrl-C (or SIGTERM) only sets a flag; the second one interrupts at once.

    Calling the object tells whether a stop was asked for.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}

    def __call__(self) -> bool:
        return self.signal is not None

    def __enter__(self) -> StopRequest:
        # Python gives signals to its first thread only: a training elsewhere is stopped by whoever runs that one.
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in self.SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.signal is not None and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = number
        if not launched().is_first:
            return
        print(
            "\nStopping after the present run, with a checkpoint; Ctrl-C once more stops at once (the last checkpoint "
            "stays).",
            file=sys.stderr,
        )
