"""The strengths of the circuit: threshold, bias, gates, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..checks import check_count
from ..codes.code import Code
from ..codes.graded import QUANTUM, graded_strengths
from ..errors import InputError


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

    def __post_init__(self) -> None:
        check_count("theta", self.theta, 32)
        if self.theta % 2:
            raise InputError(f"theta is {self.theta} but must be even, so that theta/2 is an integer")
        if self.bias == 0 and not isinstance(self.bias, bool):
            object.__setattr__(self, "bias", 8 * self.theta)
        check_count("bias", self.bias, 2 * self.theta)
        check_count("eta", self.eta, 1)
        check_count("w_max", self.w_max, self.eta)

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
        return self.theta + self.bias - self.inhibition


def default_parameters(code: Code) -> Parameters:
    """The strengths that a circuit has if none are given: the published ones for one neuron a unit."""
    return Parameters(**code.strengths())


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
    return Parameters(**graded_strengths(n, quantum), eta=eta, w_max=w_max)
