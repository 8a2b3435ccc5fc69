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
    parts = _by_class(x, y, size=test, labels=y, seed=0)
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
    everything, said = np.arange(len(labels)), f"{name} is {share}, but so "
    learnt, held_out = _by_class(everything, size=share, labels=labels, seed=seed % 2**32, said=said)
    return np.sort(learnt), np.sort(held_out)


def _by_class(
    *arrays: np.ndarray, size: float | int, labels: np.ndarray, seed: int, said: str = ""
) -> list[np.ndarray]:
    """Both parts of each array, class by class."""
    # Takes a second to import, which nobody should pay whose data are split already.
    from sklearn.model_selection import train_test_split

    try:
        parts: list[np.ndarray] = train_test_split(*arrays, test_size=size, stratify=labels, random_state=seed)
    except ValueError as error:
        raise InputError(f"{said}{len(labels)} samples can't be split class by class: {error}") from error
    return parts
