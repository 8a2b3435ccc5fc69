r"""What a code is: how a unit's value becomes spikes of its neurons.

A value v in [0, 1] is coded by m of the n neurons of a unit, :math:`m = \lfloor n v + 1/2 \rfloor`, and read back as
m/n; the error is at most 1/(2n), and :math:`1/(12 n^2)` in the mean square for values spread evenly.

For a drive u to become a share of firing neurons, the neurons of a unit must open at different drives: with its *level*
:math:`\lambda \in \{0, \dots, n - 1\}` a neuron fires when

.. math:: u > \theta \, (\lambda + 1/2) / n .

If all neurons of the unit have the same drive and their levels are a permutation of 0 to n - 1, exactly
:math:`\operatorname{clip}(\lceil n u / \theta - 1/2 \rceil, 0, n)` of them fire: the drive rounded to the nearest n-th.
With n = 1 the level is always 0 and the condition is :math:`u > \theta/2`, the binary code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ..checks import as_array, check_choice, described
from ..errors import InputError

LEVELLED = ("x", "h", "o", "hT")
"""The populations whose neurons have levels.  The output error has the levels of o: its neurons compare the target with
the threshold that their own o neuron had."""


class Code(ABC):
    """How numbers become spikes.

    A code is asked whatever depends on it, so that nothing else needs to know which one it is.  Codes can be compared
    and don't change.

    Attributes
    ----------
    kind
        What the class is called in files.
    n
        Neurons of a unit.
    seed
        Of whatever is random in it.
    """

    kind: ClassVar[str]
    in_words: ClassVar[str] = "a code, for example Graded(8)"
    n: int
    seed: int = 0

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def name(self) -> str:
        """The code in a few words.  It says whether weights fit: weights are saved with it."""

    @property
    def words(self) -> str:
        """What to say behind the sizes of a circuit; nothing for one neuron a unit."""
        return ""

    def titled(self, sizes: str) -> str:
        """The sizes of a circuit as the title of a picture has them."""
        return sizes

    @abstractmethod
    def arguments(self) -> dict[str, Any]:
        """What makes an equal code, for files: plain numbers and text, see :func:`code_of`."""

    @classmethod
    def from_arguments(cls, **arguments: Any) -> Code:
        """The inverse of :meth:`arguments`."""
        return cls(**arguments)

    @abstractmethod
    def strengths(self) -> dict[str, int]:
        """Arguments of :class:`~pynn_backprop.circuit.parameters.Parameters` that suit the code."""

    @abstractmethod
    def unit_copy(self, copy: int, quantum: int) -> int:
        """The weight of a synapse that hands the number of a unit on to another one.

        Parameters
        ----------
        copy
            What hands a single spike on.
        quantum
            The drive that is worth one neuron.
        """

    # -- levels ----------------------------------------------------------------------------------------------------

    @property
    def variants(self) -> int:
        """Cycles until the levels repeat; 1 if they don't change, or never repeat."""
        return 1

    @property
    def settled(self) -> bool:
        """Whether one window of each variant says all; not if levels are random."""
        return True

    def rotor(self, population: str, slope: int, centred: bool) -> tuple[int, int, int] | None:
        """How rotor neurons lift a population to its levels.

        Parameters
        ----------
        population
            One of :data:`LEVELLED`.
        slope
            What each level costs a neuron.
        centred
            Whether the gate that opens the population is that of the middle level, or of the lowest one.

        Returns
        -------
        tuple or None
            Base, slope and step of :class:`~pynn_backprop.circuit.connectivity.Levels`; None if it needs no lift.
        """
        return None

    def noise(self, population: str, slope: int) -> tuple[tuple[str, int], ...]:
        """Noise sources that lift a population besides: name, and weight of the one-to-one synapses."""
        return ()

    def noise_spikes(self, population: str, units: int, samples: np.ndarray) -> dict[str, np.ndarray]:
        """Which neurons of the noise sources of a population fire.

        Parameters
        ----------
        population
            One of :data:`LEVELLED`.
        units
            Its units.
        samples
            Numbers of the samples, counted from the start of training, shape (n_samples,).

        Returns
        -------
        dict
            Bool of shape (n_samples, units * n) by name of the source.
        """
        return {}

    @abstractmethod
    def levels(self, population: str, units: int, cycles: np.ndarray) -> np.ndarray:
        """The level of every neuron of a population.

        Parameters
        ----------
        population
            One of :data:`LEVELLED`.
        units
            Units of the population.
        cycles
            Integers, shape (n_cycles,); the first sample is shown in cycle 0.

        Returns
        -------
        numpy.ndarray
            int32, shape (n_cycles, units * n).
        """

    def cycles(self, shown: int, samples: int) -> tuple[int, np.ndarray]:
        """The cycles whose levels `samples` samples need that come after `shown` others.

        Returns
        -------
        tuple
            Index of the first sample's cycle among them, and the cycles, shape (n_cycles,), which are gone through in
            turn, again and again.
        """
        return shown % self.variants, np.arange(self.variants)

    def back_step(self, quantum: int) -> int:
        """How much more backpropagated error a hidden neuron needs when its level is higher by one."""
        return quantum

    # -- values ----------------------------------------------------------------------------------------------------

    def encode(self, values: np.ndarray) -> np.ndarray:
        """Numbers of firing neurons, int32 of the same shape, for values from 0 to 1.

        Rounded to the nearest n-th, halves up: an error of at most 1/(2 n).

        Raises
        ------
        InputError
            If a value is not a number from 0 to 1.
        """
        values = as_array("values", values)
        if values.dtype.kind not in "biuf":
            raise InputError(f"values is {described(values)} but must be numbers from 0 to 1")
        values = values.astype(float)
        if values.size and not (values.min() >= 0 and values.max() <= 1):  # also refuses nan
            raise InputError(f"values run from {values.min()} to {values.max()} but must lie within 0 and 1")
        return np.floor(values * self.n + 0.5).astype(np.int32)

    def thermometer(self, counts: np.ndarray) -> np.ndarray:
        """Which neurons of a source fire, bool of shape (n_samples, units * n): the first ones of every unit."""
        counts = np.asarray(counts)
        *samples, units = counts.shape
        return (np.arange(self.n) < counts[..., None]).reshape(*samples, units * self.n)

    def fire(self, values: np.ndarray) -> np.ndarray:
        """Which neurons of a source fire, bool of shape (n_samples, units * n), for values of shape (n_samples, units).

        What platforms are shown, as inputs and as targets.
        """
        return self.thermometer(self.encode(values))

    def counts(self, fired: np.ndarray) -> np.ndarray:
        """Number of firing neurons of every unit, shape (n_samples, units), from bool of shape (n_samples, units * n).

        Also the sum over each unit's neurons of any other numbers.
        """
        fired = np.asarray(fired)
        *samples, neurons = fired.shape
        return fired.reshape(*samples, neurons // self.n, self.n).sum(-1)

    def value_levels(self, levels: int | None) -> int | None:
        """Input units for each feature if so many were asked for; None for what suits the data set."""
        return levels

    @abstractmethod
    def inputs(self, values: np.ndarray, levels: int) -> np.ndarray:
        """Which input neurons fire for the features of a data set.

        Parameters
        ----------
        values
            From 0 to 1, shape (n_samples, n_features).
        levels
            Input units for each feature.

        Returns
        -------
        numpy.ndarray
            Bool, shape (n_samples, n_in), in neurons.

        Raises
        ------
        InputError
            If a value is out of range, or the code has no use for so many levels.
        """

    # -- weights to start from -------------------------------------------------------------------------------------

    @abstractmethod
    def initial_weights(
        self,
        units: tuple[int, ...],
        seed: int,
        how: str,
        theta: int,
        w_max: int,
        input_mean: float | np.ndarray | None = None,
    ) -> list[np.ndarray]:
        """Random weights between neurons, one even int64 matrix of shape (n_pre, n_post) for each pair of layers.

        Parameters
        ----------
        units
            Units of the layers, input first.
        seed
            Of numpy's default generator.
        how
            One of :data:`~pynn_backprop.codes.binary.INITIALISATIONS`.
        theta, w_max
            Threshold, and bound of the weights.
        input_mean
            Mean value of each feature that the input units stand for, if it is known.

        Raises
        ------
        InputError
            If it can't be done for these units.
        """


def kinds() -> dict[str, type[Code]]:
    """Every code by its kind; a class is there as soon as it is defined."""
    found: dict[str, type[Code]] = {}
    waiting = Code.__subclasses__()
    while waiting:
        code = waiting.pop()
        found[code.kind] = code
        waiting += code.__subclasses__()
    return found


def code_of(arguments: object) -> Code:
    """The code that :meth:`Code.arguments` described; the binary one for nothing.

    Raises
    ------
    InputError
        If there is no such code, or an argument can't be used.
    """
    if arguments is not None and not isinstance(arguments, Mapping):
        raise InputError(f"code is {arguments!r}, which describes no code")
    given = dict(arguments or {})
    # Files of before codes had a kind hold the arguments of the graded one, or none.
    kind = given.pop("kind", "graded" if given else "binary")
    try:
        return kinds()[check_choice("the kind of the code", kind, kinds())].from_arguments(**given)
    except TypeError as error:
        raise InputError(f"code is {given}, which describes no code of the kind {kind!r}: {error}") from error
