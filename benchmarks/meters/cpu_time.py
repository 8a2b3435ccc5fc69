"""Processor time x a power that the user declares: an estimate, for where no counter can be read."""

from __future__ import annotations

import resource
import time

from pynn_backprop.errors import InputError

from ..rows import ESTIMATED
from .base import MeterKind


class CpuTimeMeter:
    """Processor time x a declared power: an estimate.

    Parameters
    ----------
    watt : float
        Power of one busy core, as the user declares it.

    Raises
    ------
    InputError
        If `watt` is not a number above 0.
    """

    kind = ESTIMATED

    def __init__(self, watt: float) -> None:
        if isinstance(watt, bool) or not isinstance(watt, (int, float)) or not 0 < watt < float("inf"):
            raise InputError(f"watt is {watt!r} but must be a number above 0: the power of one busy core")
        self.watt = float(watt)
        self.name = f"CPU time x {self.watt:g} W declared"
        self.covers = (
            "processor time of this process and of those that it started and waited for, at the declared power of a "
            "core; no memory, no idling"
        )
        self._start = _cpu_seconds()

    def read(self) -> float:
        """See :meth:`Meter.read`."""
        return (_cpu_seconds() - self._start) * self.watt

    def close(self) -> None:
        """See :meth:`Meter.close`."""


def _cpu_seconds() -> float:
    """User and system time of this process and of its children that were waited for, in s, finer than ``os.times``."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


METER = MeterKind(
    "cpu-time",
    "processor time x a declared power (--watt)",
    lambda watt: None if watt is None else CpuTimeMeter(watt),
    lambda: "no power is declared: give --watt",
)
