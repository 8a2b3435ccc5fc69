"""What is said about a network on a chip: which numbers do not fit, and where everything would be placed.

The stages that lead there are the same for every chip: the network is translated into integers, these are validated,
and what is left is mapped to cores.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from pynn_backprop.errors import InputError
from pynn_backprop.files import write_json

from .integers import Range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ERROR, WARNING = "error", "warning"

DISCLAIMER = "A placement that was computed from the network; nothing has run on a chip."

# -- numbers that do not fit ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """Something that does not fit the chip.

    Parameters
    ----------
    level
        ``error`` or ``warning``.
    where
        The population or the projection.
    what
        The parameter, or the sum.
    value
        What it is, or can become.
    allowed
        What it must be; for a warning, what the chip does.
    """

    level: str
    where: str
    what: str
    value: str
    allowed: str

    def __str__(self) -> str:
        """One sentence."""
        verb = "but must be" if self.level == ERROR else "but"
        return f"{self.where}: {self.what} is {self.value} {verb} {self.allowed}"


def outside(where: str, what: str, values: ArrayLike, allowed: Range, offset: int = 0) -> Iterator[Finding]:
    """One error, or none, for the values that are outside a range; see :func:`wrong`."""
    yield from wrong(where, what, values, allowed.holds(values), str(allowed), offset)


def wrong(
    where: str, what: str, values: ArrayLike, right: ArrayLike, allowed: str, offset: int = 0
) -> Iterator[Finding]:
    """One error, or none, for all wrong values.

    Parameters
    ----------
    where, what, allowed
        See :class:`Finding`.
    values
        Integers: one, or an array of shape (n,).
    right
        Which of them are right, bool of the same shape.
    offset
        Number of the first value, for the message.

    Yields
    ------
    Finding
        With the first of the wrong values and their extremes.
    """
    numbers, places = np.atleast_1d(np.asarray(values)), np.flatnonzero(~np.atleast_1d(np.asarray(right)))
    if not len(places):
        return
    found = numbers[places]
    value = f"{found[0]:,}"
    if np.ndim(values):
        value += f" at [{places[0] + offset}]"
    if len(places) > 1:
        value += f" and wrong {len(places):,} times of {len(numbers):,}, from {found.min():,} to {found.max():,},"
    yield Finding(ERROR, where, what, value, allowed)


def refuse_errors(found: Iterable[Finding], chip: str) -> None:
    """Refuse a network with errors.

    Parameters
    ----------
    found
        Errors and warnings.
    chip
        Name of the chip that measures it.

    Raises
    ------
    InputError
        Names every error: where it is, the value, and what is allowed.
    """
    errors = [finding for finding in found if finding.level == ERROR]
    if errors:
        lines = "".join(f"\n  {error}" for error in errors)
        raise InputError(f"the network has {len(errors)} error(s), measured by what {chip} can represent:{lines}")


# -- the place of everything ------------------------------------------------------------------------------------------


class Mapping(ABC):
    """How a network would sit on chips; as text it is a summary, a table of the cores, and what there is to warn of."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, numbers and strings, for a JSON file."""

    @abstractmethod
    def figure(self, title: str = "", width: float | None = None) -> Figure:
        """A picture of how full the cores are, so many mm wide, or 180."""

    @abstractmethod
    def __str__(self) -> str:
        """For people."""

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write :meth:`to_dict` as a JSON file."""
        write_json(path, self.to_dict())


def chips_of(cores: int, cores_per_chip: int) -> int:
    """How many chips so many cores take."""
    return -(-cores // cores_per_chip)


def extent(cores: int, cores_per_chip: int) -> str:
    """How many cores of how many chips, in words."""
    chips = chips_of(cores, cores_per_chip)
    if chips == 1:
        return f"{cores} of the {cores_per_chip} cores of a chip"
    return f"{cores:,} cores, {chips} chips of {cores_per_chip}"


def contents(populations: Sequence[tuple[str, int]], length: int) -> str:
    """The populations on a core in words, cut after whole words to about this many characters.

    Parameters
    ----------
    populations
        Their labels, and how many of the neurons on the core belong to each.
    length
        Characters; the first population is named even if it takes more.
    """
    words: list[str] = []
    for number, (label, share) in enumerate(populations):
        word, others = f"{share:,} {label}", len(populations) - number
        if words and len(", ".join([*words, word])) > length:
            return ", ".join([*words, f"{others} more"])
        words.append(word)
    return ", ".join(words)
