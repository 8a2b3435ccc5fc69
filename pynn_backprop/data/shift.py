"""Images moved a little, anew in each epoch, so that a network does not learn where exactly a stroke was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..errors import InputError

STREAM = 0x5417F7
"""Tells the random numbers of shifts from others that are drawn from the same seed."""


@dataclass(frozen=True)
class Shift:
    """Moves every image by up to some pixels in both directions, at random; what comes in at the edge is silent.

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

    Raises
    ------
    InputError
        Names the field that can't be used.
    """

    pixels: int
    shape: tuple[int, ...]
    seed: int = 0
    neurons: int = 1

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
        generator = np.random.default_rng([self.seed, epoch, STREAM])
        return generator.integers(-self.pixels, self.pixels, (samples, 2), endpoint=True)

    def applied(self, x: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """Move images.

        Parameters
        ----------
        x : numpy.ndarray of bool, shape (n, n_in)
            Which input neurons fire, pixel after pixel, row by row.  Those that remain, such as a unit that is always
            on, stay as they are.
        offsets : numpy.ndarray of int, shape (n, 2)
            By how much each one is moved, see :meth:`offsets`.

        Returns
        -------
        numpy.ndarray of bool, shape (n, n_in)

        Raises
        ------
        InputError
            If there are fewer input neurons than pixels.
        """
        height, width = self.shape
        image = height * width * self.neurons
        if x.shape[1] < image:
            raise InputError(
                f"shift is for images of {height} x {width} pixels with {self.neurons} neurons each, but there are "
                f"{x.shape[1]} inputs"
            )
        moved = np.zeros_like(x)
        moved[:, image:] = x[:, image:]
        before, after = (a[:, :image].reshape(-1, height, width, self.neurons) for a in (x, moved))
        for down, right in np.unique(offsets, axis=0):
            which = np.flatnonzero((offsets == (down, right)).all(axis=1))
            (to_y, from_y), (to_x, from_x) = _overlap(down, height), _overlap(right, width)
            after[which, to_y, to_x] = before[which, from_y, from_x]
        return moved


def _overlap(offset: int, length: int) -> tuple[slice, slice]:
    """Where something goes to along one side, and where it comes from."""
    return slice(max(0, offset), length + min(0, offset)), slice(max(0, -offset), length - max(0, offset))
