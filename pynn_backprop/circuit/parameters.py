"""The strengths of the circuit: threshold, bias, gates, weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ..checks import check_choice, check_count
from ..codes.code import Code
from ..codes.graded import QUANTUM, graded_strengths
from ..errors import InputError
from .thinning import ADVANCE, STRIDE, check_thinning

MARGIN, PUBLISHED = "margin", "published"
OUTPUT_ERRORS = (MARGIN, PUBLISHED)
"""When an output neuron has an error, see :class:`Parameters`."""
MAX_READOUT = 64
"""Levels of a read-out at most."""

PER_INHIBITOR = 512
"""Neurons of a layer for which one inhibitory gate is enough: within 60 epochs 400 inputs of MNIST drive silent neurons
with up to 18,300 (see :attr:`Parameters.inhibition`)."""

LARGEST_INHIBITION = 2**17 - 1
"""What all of them and the bias come to at most: a chip whose potentials have 24 bits can't hold more."""


@dataclass(frozen=True)
class Parameters:
    r"""Strengths of the circuit, in units of a weight (integers).

    Parameters
    ----------
    theta
        Threshold :math:`\theta`.  Even, so that :math:`\theta/2` is an integer.
    bias
        What keeps a neuron silent; :math:`8\theta` if not given.
    eta
        Weight change per coincidence.
    w_max
        Plastic weights are clipped to [-w_max, w_max].
    output_error
        ``published``: an output neuron has an error where it does not do what its target does, inside the box of the
        derivative.  ``margin``: where its drive is not above :math:`\theta` though its target fires, or above 0
        though it does not.
    hidden_threshold
        D: a hidden neuron has an error where the one that is propagated back is larger than D, in units of a weight.
    inhibitors
        How many gates hold a population down where a replay drives neurons that must stay silent.
    thinning
        k: in each sample only every k-th presynaptic neuron learns, see
        :class:`~pynn_backprop.circuit.thinning.Thinning`; all do if 1.

    Notes
    -----
    Three gates open a neuron so that it fires when its drive :math:`u` fulfils

    ======  ==========================  ===================
    half    bias + :math:`\theta`/2     :math:`u > \theta/2`
    low     bias + :math:`\theta`       :math:`u > 0`
    high    bias                        :math:`u > \theta`
    ======  ==========================  ===================

    The defaults are those of Renner et al. (2024) - threshold 1024, bias 8192, gates 8704, 9216 and 8192, copies of
    +-520, gating chain 9280 - but for a stronger inhibition, see :attr:`inhibition`.  Graded circuits need others,
    see :func:`graded_parameters`.
    """

    in_words: ClassVar[str] = "Parameters, for example Parameters(eta=4)"
    theta: int = 1024
    bias: int = 0
    eta: int = 2
    w_max: int = 254
    output_error: str = PUBLISHED
    hidden_threshold: int = 0
    thinning: int = 1
    inhibitors: int = 1

    def __post_init__(self) -> None:
        check_count("theta", self.theta, 32)
        if self.theta % 2:
            raise InputError(f"theta is {self.theta} but must be even, so that theta/2 is an integer")
        if self.bias == 0 and not isinstance(self.bias, bool):
            object.__setattr__(self, "bias", 8 * self.theta)
        check_count("bias", self.bias, 2 * self.theta)
        check_count("eta", self.eta, 1)
        check_count("w_max", self.w_max, self.eta)
        check_choice("output_error", self.output_error, OUTPUT_ERRORS)
        check_count("hidden_threshold", self.hidden_threshold, 0, self.low)
        check_thinning("thinning", self.thinning)
        check_count("inhibitors", self.inhibitors)

    def quantum(self, n: int) -> int:
        r"""The drive :math:`q = \theta / n` that is worth one of the n neurons of a unit."""
        check_count("n", n)
        if self.theta % (2 * n):
            raise InputError(f"theta is {self.theta} but must be a multiple of 2 n = {2 * n} for units of {n} neurons")
        return self.theta // n

    @property
    def half(self) -> int:
        """Gate that opens for a drive above theta/2."""
        return self.bias + self.theta // 2

    @property
    def low(self) -> int:
        """Gate that opens for a drive above 0."""
        return self.bias + self.theta

    @property
    def high(self) -> int:
        """Gate that opens for a drive above theta."""
        return self.bias

    @property
    def hidden_error(self) -> int:
        """Gate that opens for a drive above the hidden threshold."""
        return self.low - self.hidden_threshold

    def readout(self, levels: int) -> tuple[int, ...]:
        r"""The drives above which the neurons of a read-out of so many levels fire, one for each level.

        They are spread evenly from :math:`-\theta` to :math:`2 \theta`, :math:`((k + 1/2) \, 3 / K - 1) \theta` for
        level k of K; a single one is at :math:`\theta / 2`, where the output neuron itself fires.
        """
        check_count("readout_levels", levels, 1, MAX_READOUT)
        # Drives are whole numbers, so that a threshold may be rounded down.
        return tuple((2 * k + 1) * 3 * self.theta // (2 * levels) - self.theta for k in range(levels))

    def above(self, drive: int) -> int:
        """Gate that opens for a drive above this one, which must be among those of a :meth:`readout`."""
        return self.low - check_count("drive", drive, -self.theta, 2 * self.theta)

    @property
    def copy(self) -> int:
        """A one-to-one synapse that hands a spike on to a half-open neuron: just above theta/2."""
        return self.theta // 2 + max(8, self.theta // 128)

    @property
    def chain(self) -> int:
        """A synapse that makes its target fire without a gate."""
        return self.bias + self.theta + self._margin

    @property
    def inhibition(self) -> int:
        """An inhibitory gate, for steps in which a replay drives neurons that must stay silent.

        Twice the -8128 of the paper's table.  Within 60 epochs of MNIST at 400-400-10 replays drive silent neurons with
        15,000 to 18,300, depending on the initial weights; bias, threshold and 8128 together hold 17,344.
        """
        return -2 * (self.bias - self._margin)

    @property
    def _margin(self) -> int:
        """As published up to a threshold of 1024; above it grows, so that weights stay short binary numbers."""
        return max(64, self.theta // 16)

    @property
    def largest_silent_drive(self) -> int:
        """The largest drive at which an inhibited neuron is still silent."""
        return self.theta + self.bias - self.inhibitors * self.inhibition


def check_turns(parameters: Parameters, code: Code) -> None:
    """Check that every neuron learns at each of its levels.

    Raises
    ------
    InputError
        If thinning and rotating levels come round together: a neuron would then learn at some of its levels only.
    """
    k, variants = parameters.thinning, code.variants
    if math.gcd(k, variants) > 1:
        near = next(j for j in (*range(k + 1, k + 10), 1) if math.gcd(j, variants * STRIDE * ADVANCE) == 1)
        raise InputError(
            f"thinning is {k} but must have no common divisor with the {variants} turns of {code.name}, for example "
            f"{near}"
        )


def default_parameters(code: Code, units: Sequence[int] = ()) -> Parameters:
    """The strengths that a circuit has if none are given: the published ones for one neuron a unit.

    Parameters
    ----------
    code
        Neurons of a unit.
    units
        Units of the layers, input first, if they are known: the more neurons drive another one, the more must be held
        down while they are replayed, and with a graded code the less each of them must count.
    """
    strengths: dict[str, Any] = {**code.strengths(units[0] if len(units) else 0)}
    alone = Parameters(**strengths)
    wanted = -(-code.n * max(units, default=1) // PER_INHIBITOR)
    most = (LARGEST_INHIBITION - alone.bias) // -alone.inhibition
    return replace(alone, inhibitors=max(1, min(wanted, most)))


def graded_parameters(n: int, quantum: int = QUANTUM, eta: int = 2, w_max: int = 254) -> Parameters:
    r"""Strengths for units of n neurons: the threshold is :math:`\theta = q n`.

    A presynaptic unit of value 1 whose synapses all have the weight w drives a neuron with n w, that is, a *unit
    weight* of 1 is the weight q.  So unit weights reach w_max / q and change by eta / q: 1.98 and 0.016.

    Parameters
    ----------
    n
        Neurons of a unit.
    quantum
        q.
    eta, w_max
        See :class:`Parameters`.

    Returns
    -------
    Parameters
    """
    strengths: dict[str, Any] = {**graded_strengths(n, quantum)}
    return Parameters(**strengths, eta=eta, w_max=w_max)
