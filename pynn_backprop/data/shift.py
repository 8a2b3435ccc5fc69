"""Images moved a little, anew in each epoch, so that a network does not learn where exactly a stroke was."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np

from ..checks import check_count
from ..errors import InputError

STREAM = 0x5417F7
"""Tells the random numbers of shifts from others that are drawn from the same seed."""


@dataclass(frozen=True)
class Shift:
    """Moves every image by up to some pixels in both directions, at random.

    Parameters
    ----------
    pixels : int
        By how many at most.
    shape : tuple of int
        Height and width of the images, in pixels.
    seed : int
        Decides the shifts, with the epoch and the number of the sample and nothing else.
    neurons : int
        Input neurons of each pixel, one after the other.
    around : numpy.ndarray of bool, shape (n, height + 2 pixels, width + 2 pixels, neurons), optional
        The samples with what surrounds them, which comes in at the edge when they are moved, see
        :func:`~pynn_backprop.data.samples.load_around`; silence if None.

    Raises
    ------
    InputError
        Names the field that can't be used.
    """

    pixels: int
    shape: tuple[int, ...]
    seed: int = 0
    neurons: int = 1
    around: np.ndarray | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_count("seed", self.seed, 0)
        check_count("neurons", self.neurons)
        if len(self.shape) != 2:
            raise InputError(
                f"shift is {self.pixels} but only images can be shifted, and a sample has the shape {self.shape}"
            )
        object.__setattr__(self, "shape", tuple(int(side) for side in self.shape))
        check_count("shift", self.pixels, 1, max(1, min(self.shape) - 1))

    def offsets(self, epoch: int, samples: int) -> np.ndarray:
        """By how many pixels down and right each of the first `samples` samples is moved, int64 (samples, 2).

        Those of a sample depend on seed, epoch and its number alone.
        """
        return _offsets(self.seed, epoch, self.pixels, samples)

    def shown(self, x: np.ndarray, epoch: int, chosen: np.ndarray) -> np.ndarray:
        """Some samples as an epoch shows them.

        Parameters
        ----------
        x : numpy.ndarray of bool, shape (n, n_in)
            Which input neurons fire for each sample, pixel after pixel, row by row.  Those that remain, such as a unit
            that is always on, stay as they are.
        epoch : int
            Which epoch, counted from 0.
        chosen : numpy.ndarray of int, shape (m,)
            Numbers of the samples.

        Returns
        -------
        numpy.ndarray of bool, shape (m, n_in)

        Raises
        ------
        InputError
            If there are fewer input neurons than pixels, or other samples than those that surroundings are known of.
        """
        height, width = self.shape
        image = height * width * self.neurons
        if x.shape[1] < image:
            raise InputError(
                f"shift is for images of {height} x {width} pixels with {self.neurons} neurons each, but there are "
                f"{x.shape[1]} inputs"
            )
        offsets, moved = self.offsets(epoch, len(x))[chosen], x[chosen]
        wide = self._wide(x, chosen, image)
        target = np.zeros((len(chosen), height, width, self.neurons), bool)
        for down, right in np.unique(offsets, axis=0):
            which = np.flatnonzero((offsets == (down, right)).all(axis=1))
            top, left = self.pixels - down, self.pixels - right
            target[which] = wide[which, top : top + height, left : left + width]
        moved[:, :image] = target.reshape(len(chosen), image)
        return moved

    def _wide(self, x: np.ndarray, chosen: np.ndarray, image: int) -> np.ndarray:
        """The chosen images with what surrounds them."""
        if self.around is None:
            edge = (self.pixels, self.pixels)
            return np.pad(x[chosen, :image].reshape(-1, *self.shape, self.neurons), ((0, 0), edge, edge, (0, 0)))
        if len(self.around) != len(x):
            raise InputError(f"shift knows what surrounds {len(self.around)} samples, but there are {len(x)}")
        return np.asarray(self.around[chosen])


@functools.lru_cache(maxsize=1)
def _offsets(seed: int, epoch: int, pixels: int, samples: int) -> np.ndarray:
    """Kept, since an epoch is shown in hundreds of parts; nobody may change it."""
    drawn = np.random.default_rng([seed, epoch, STREAM]).integers(-pixels, pixels, (samples, 2), endpoint=True)
    drawn.flags.writeable = False
    return drawn
