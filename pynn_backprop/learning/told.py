"""An epoch in words, as the command line and ``verbose`` tell it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from .curve import UNKNOWN
from .progress import Progress


def told(progress: Progress) -> str:
    """What was found in the epoch that ended last."""
    epoch, curve = progress.ended - 1, progress.curve
    words = [f"{progress.right[epoch] / progress.samples:.1%} right before it was learnt"]
    if curve.error_samples[epoch] != UNKNOWN:
        words.append(f"{curve.error_samples[epoch]:,} error samples of {progress.samples:,}")
    for share, what in (
        (curve.weights_changed[epoch], "of the weights changed"),
        (curve.weights_at_bound[epoch], "at the bound"),
    ):
        if not np.isnan(share):
            words.append(f"{share:.1%} {what}")
    if not np.isnan(curve.validation[epoch]):
        words.append(f"validation {curve.validation[epoch]:.1%}")
    return f"epoch {epoch + 1} of {progress.epochs}: {', '.join(words)}"


def told_within(progress: Progress) -> str:
    """How far the present epoch is."""
    epoch = max(progress.shown - 1, 0) // progress.samples
    return (
        f"epoch {epoch + 1} of {progress.epochs}: {progress.shown - epoch * progress.samples:,} of "
        f"{progress.samples:,} samples, {progress.accuracy:.1%} right so far"
    )


class NowAndThen:
    """A callback that tells how far an epoch is, once nothing was told for a while.

    Parameters
    ----------
    tell : callable
        Takes the words.
    seconds : float
        How long it is silent at least.
    clock : callable
        What time it is, in s.
    """

    def __init__(
        self, tell: Callable[[str], None], seconds: float = 10.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._seconds, self._clock = tell, seconds, clock
        self._last = clock()

    def __call__(self, progress: Progress) -> None:
        """Called after every run."""
        now = self._clock()
        if progress.within_epoch and now - self._last < self._seconds:
            return
        if progress.within_epoch:
            self._tell(told_within(progress))
        self._last = now
