"""A learning rule as data: what decides by how much, and when, a weight changes.

It is the choice of a whole training.  What a single circuit is built with, the thinning of its epoch among it, stands
in its :class:`~pynn_backprop.circuit.parameters.Parameters`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from ..checks import check_choice, check_count
from ..codes.binary import Binary
from ..codes.code import Code
from ..errors import InputError
from .parameters import MARGIN, PUBLISHED, Parameters, default_parameters
from .thinning import check_thinning


@dataclass(frozen=True)
class LearningRule:
    """A rule that circuits can learn by.

    Parameters
    ----------
    output_error
        When an output neuron has an error, ``margin`` or ``published``.
    hidden_threshold
        How large an error must be propagated back for a hidden neuron to learn, in units of a weight.
    thinning
        One factor k for each epoch, the last one for all that follow: every k-th presynaptic neuron learns in a sample.
    eta
        Weight change per coincidence.
    w_max
        Weights are clipped to [-w_max, w_max].
    readout_levels
        Neurons with which each output neuron answers test samples.

    Raises
    ------
    InputError
        Names the option that can't be used.

    Notes
    -----
    See :class:`~pynn_backprop.circuit.parameters.Parameters` for what each option does.
    """

    output_error: str = MARGIN
    hidden_threshold: int = 64
    thinning: tuple[int, ...] = (1,)
    eta: int = 2
    w_max: int = 254
    readout_levels: int = 8

    def __post_init__(self) -> None:
        factors = self.thinning
        if not isinstance(factors, (tuple, list)) or not factors:
            raise InputError(f"thinning is {factors!r} but must be one or more factors, the last one stays")
        checked = tuple(check_thinning(f"thinning[{epoch}]", k) for epoch, k in enumerate(factors))
        object.__setattr__(self, "thinning", checked)
        self.parameters(Binary()).readout(check_count("readout_levels", self.readout_levels))

    def parameters(self, code: Code, units: Sequence[int] = (), epoch: int = 0) -> Parameters:
        """Strengths of a circuit with this code and these units that learns an epoch, counted from 0, by this rule."""
        return replace(
            default_parameters(code, units),
            eta=self.eta,
            w_max=self.w_max,
            output_error=self.output_error,
            hidden_threshold=self.hidden_threshold,
            thinning=self.thinning[min(epoch, len(self.thinning) - 1)],
        )

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain numbers, text and lists."""
        return {**asdict(self), "thinning": list(self.thinning)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> LearningRule:
        """The inverse of :meth:`as_dict`.

        Raises
        ------
        InputError
            If an option is missing, can't be used, or is none of a rule.
        """
        names = {field.name for field in fields(cls)}
        if set(stored) != names:
            odd = ", ".join(sorted(names.symmetric_difference(stored)))
            raise InputError(f"a rule has the options {', '.join(sorted(names))}, but these are missing or more: {odd}")
        return cls(**stored)

    def __str__(self) -> str:
        """In words."""
        thinning = ", ".join(map(str, self.thinning))
        return (
            f"output error {self.output_error}, hidden threshold {self.hidden_threshold}, thinning {thinning}, weight "
            f"change {self.eta}, weights within ±{self.w_max}, read-out of {self.readout_levels} levels"
        )


RULES: Mapping[str, LearningRule] = MappingProxyType(
    {MARGIN: LearningRule(), PUBLISHED: LearningRule(PUBLISHED, hidden_threshold=0, readout_levels=1)}
)
"""Rules by name: the one that learns best, and that of Renner et al. (2024)."""


def learning_rule(name: str, **options: Any) -> LearningRule:
    """A rule by name, but for the options that are given.

    Parameters
    ----------
    name
        One of :data:`RULES`.
    **options
        Of :class:`LearningRule`; those that are None are the named rule's.

    Raises
    ------
    InputError
        If there is no such rule, or an option can't be used.
    """
    named = RULES[check_choice("rule", name, RULES)]
    return replace(named, **{option: value for option, value in options.items() if value is not None})
