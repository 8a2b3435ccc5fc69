"""An epoch in words, as the command line and ``verbose`` tell it."""

from __future__ import annotations

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
