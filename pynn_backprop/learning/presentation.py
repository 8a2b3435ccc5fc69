"""How samples are shown in a training, and which of them are recorded: epochs, order, runs and recorded stretches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..checks import check_bound, check_count
from ..data.shift import Shift
from ..errors import InputError

MOST_EPOCHS = 10**6
SECONDS_BY_RULE = 1e-5
"""No sample of a network worth the name is learnt faster on any platform (docs/performance.md)."""

MOST_SEED = 2**63 - 1


@dataclass(frozen=True)
class Presentation:
    """How often, and in which order, samples are shown.

    Parameters
    ----------
    epochs : int
        How often all samples are shown.
    seed : int
        Decides the order of each epoch.
    shuffle : bool
        A new order each epoch; the given one if False.
    shift : Shift, optional
        How images are moved in each epoch; they are not if None.

    Raises
    ------
    InputError
        Names the field that can't be used.
    """

    epochs: int = 1
    seed: int = 0
    shuffle: bool = True
    shift: Shift | None = None

    def __post_init__(self) -> None:
        check_count("epochs", self.epochs)
        days = self.epochs * 1000 * SECONDS_BY_RULE / 86_400
        why = f"a thousand samples each would take at least {days:.2g} days even by the integer rule"
        check_bound("epochs", self.epochs, MOST_EPOCHS, why)
        check_count("seed", self.seed, 0)
        check_bound("seed", self.seed, MOST_SEED, "it is kept as a number of 64 bits")
        if not isinstance(self.shuffle, bool):
            raise InputError(f"shuffle is {self.shuffle!r} but must be true or false")

    def order(self, samples: int, epoch: int) -> np.ndarray:
        """The order in which an epoch shows its samples; it depends on seed and epoch alone.

        Parameters
        ----------
        samples : int
            How many samples there are.
        epoch : int
            Which epoch, counted from 0.

        Returns
        -------
        numpy.ndarray of int64, shape (samples,)
            A permutation of 0 to samples - 1.
        """
        return np.random.default_rng([self.seed, epoch]).permutation(samples) if self.shuffle else np.arange(samples)

    def shown(self, x: np.ndarray, epoch: int, chosen: np.ndarray) -> np.ndarray:
        """Samples as an epoch shows them.

        Parameters
        ----------
        x : numpy.ndarray of bool, shape (n, n_in)
            All samples.
        epoch : int
            Which epoch, counted from 0.
        chosen : numpy.ndarray of int64, shape (m,)
            Numbers of those that are shown.

        Returns
        -------
        numpy.ndarray of bool, shape (m, n_in)
        """
        return x[chosen] if self.shift is None else self.shift.shown(x, epoch, chosen)


@dataclass(frozen=True)
class Record:
    """Which spikes of a training are kept.

    Parameters
    ----------
    populations : sequence of str
        Names of the populations; nothing is recorded if there are none.
    samples : int
        How many samples at the start, and how many at the end of training are recorded.

    Raises
    ------
    InputError
        Names the field that can't be used.
    """

    populations: Sequence[str] = ()
    samples: int = 20

    def __post_init__(self) -> None:
        named = isinstance(self.populations, (tuple, list)) and all(isinstance(name, str) for name in self.populations)
        if not named:
            raise InputError(f"populations is {self.populations!r} but must be a list of names")
        check_count("the number of recorded samples", self.samples)
        object.__setattr__(self, "populations", tuple(self.populations))

    def legs(self, shown: int, total: int) -> Iterator[tuple[int, bool]]:
        """The parts of a training that have a network of their own, since recording slows a simulator.

        Parameters
        ----------
        shown, total : int
            How many samples were shown before, and how many there are, in all epochs.

        Yields
        ------
        end : int
            After how many samples, counted from the start of training, a part ends.
        recorded : bool
            Whether it is recorded.
        """
        legs = [(self.samples, True), (total - self.samples, False), (total, True)]
        if not self.populations:
            legs = [(total, False)]
        elif 2 * self.samples >= total:
            legs = [(total, True)]
        for end, recorded in legs:
            if shown < end:
                yield end, recorded


def runs_of(start: int, end: int, samples: int, most: int, stops: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """The runs in which samples are shown one after the other, counted through all epochs.

    Parameters
    ----------
    start, end : int
        Which samples.
    samples : int
        How many an epoch has; a run ends with it.
    most : int
        How many a run has at most.
    stops : sequence of int
        Where a run must end besides.

    Yields
    ------
    epoch, first, stop : int
        The epoch, the first sample of the run and the one behind its last.
    """
    while start < end:
        epoch = start // samples
        later = (stop for stop in stops if stop > start)
        stop = min([start + most, (epoch + 1) * samples, end, *later])
        yield epoch, start, stop
        start = stop
