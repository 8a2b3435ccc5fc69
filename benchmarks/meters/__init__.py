"""Meters of energy, one file each: in each a :class:`~benchmarks.meters.base.MeterKind` named ``METER``."""

from __future__ import annotations

from pynn_backprop.errors import PlatformError

from ..registry import File, Registry
from .base import Meter, MeterKind

METERS = Registry(__name__, "METER", MeterKind)

BEST = ("rapl", "cpu-time")
"""In what order they are tried if the user names none: what measures comes first."""


def open_meter(name: str = "", file: File | None = None, watt: float | None = None) -> Meter | None:
    """The meter that the user names, or the best that this machine has.

    Parameters
    ----------
    name : str
        One of :data:`METERS`, or that of a file; the best one if empty.
    file : File or None
        The user's file.
    watt : float or None
        Power of one busy core in W, as the user declares it.

    Returns
    -------
    Meter or None
        None if the user names none and there is none.

    Raises
    ------
    PlatformError
        If the one that the user names can't meter here; says why.
    """
    if not name:
        found = (METERS.named(one).make(watt) for one in BEST)
        return next((meter for meter in found if meter is not None), None)
    kind = METERS.get(name, file)
    meter = kind.make(watt)
    if meter is None:
        raise PlatformError(f"the meter {name} can't be used here: {kind.why_not()}")
    return meter
