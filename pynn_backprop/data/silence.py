"""A warning where a network would be shown next to nothing."""

from __future__ import annotations

import warnings

import numpy as np


class SilentInputWarning(UserWarning):
    """Most samples make no input neuron fire, so that there is nothing to learn from them."""


MOST = 0.5
"""Share of silent samples above which they are a mistake rather than blank samples among others."""


def warn_if_silent(what: str, fires: np.ndarray, values: np.ndarray, hint: str) -> None:
    """Warn if most of some samples make no input neuron fire.

    Parameters
    ----------
    what : str
        What the samples are called.
    fires : numpy.ndarray of bool, shape (n, n_in)
        Which input neurons fire.
    values : numpy.ndarray, shape (n, n_features)
        The values, from 0 to 1, of which this was made.
    hint : str
        What may be done.
    """
    silent = int(np.sum(~fires.any(axis=1)))
    if len(fires) and silent > MOST * len(fires):
        which = "none" if silent == len(fires) else f"{len(fires) - silent} of {len(fires)}"
        warnings.warn(
            f"{what}: {which} of the samples makes an input neuron fire, since values, from {values.min():.3g} to "
            f"{values.max():.3g}, do not exceed the levels at which neurons fire, which lie between 0 and 1; {hint}",
            SilentInputWarning,
            stacklevel=3,
        )
