"""Which samples of a set are for testing, where it does not say so itself, and which are held out of a training."""

from __future__ import annotations

import numpy as np

from ..errors import InputError

TEST_SHARE = 0.2


def split(x: np.ndarray, y: np.ndarray, test: float | int = TEST_SHARE) -> dict[str, np.ndarray]:
    """Split samples class by class, the same way each time.

    Parameters
    ----------
    x : numpy.ndarray, shape (n, ...)
        Samples.
    y : numpy.ndarray of int, shape (n,)
        Labels.
    test : float or int
        Share, or number, of the samples that are for testing.

    Returns
    -------
    dict of str to numpy.ndarray
        By role: ``x_train``, ``y_train``, ``x_test``, ``y_test``.

    Raises
    ------
    InputError
        If a class has too few samples.
    """
    # Takes a second to import, which nobody should pay whose data are split already.
    from sklearn.model_selection import train_test_split

    try:
        parts = train_test_split(x, y, test_size=test, stratify=y, random_state=0)
    except ValueError as error:
        raise InputError(f"{len(y)} samples can't be split class by class: {error}") from error
    return dict(zip(("x_train", "x_test", "y_train", "y_test"), parts, strict=True))


def hold_out(labels: np.ndarray, share: float, seed: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Hold a share of the samples of each class out.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (n,)
        Labels.
    share : float
        Above 0 and below 1.
    seed : int
        Decides which.
    name : str
        What the share is called, for the error.

    Returns
    -------
    learnt, held_out : numpy.ndarray of int64
        Numbers of the samples, sorted; none is in both, and of each class some are learnt.

    Raises
    ------
    InputError
        If a class has too few samples.
    """
    from sklearn.model_selection import train_test_split

    everything = np.arange(len(labels))
    try:
        learnt, held_out = train_test_split(everything, test_size=share, stratify=labels, random_state=seed % 2**32)
    except ValueError as error:
        raise InputError(
            f"{name} is {share}, but so {len(labels)} samples can't be split class by class: {error}"
        ) from error
    return np.sort(learnt), np.sort(held_out)
