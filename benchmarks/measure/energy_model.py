"""Energy models: what an operation costs on a device, by which source.

A model is a file in ``models``: the cost of each kind of operation, what it covers, assumes and leaves out.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.errors import InputError
from pynn_backprop.files import read_json

from .model_counts import COUNTS, is_number

FOLDER = Path(__file__).with_name("models")

JOULE = {"pJ": 1e-12, "nJ": 1e-9, "uJ": 1e-6, "mJ": 1e-3, "J": 1.0}
"""What a unit is in joules."""


@dataclass(frozen=True)
class Term:
    """One kind of operation and what it costs.

    Parameters
    ----------
    part : str
        What to call it.
    count : str
        Which of :class:`Counts` it goes with.
    value, unit : float and str
        Energy of one operation.
    source : str
        Where `value` is from.
    times : float
        Operations per count, for example hops of a message.
    why_times : str
        Where `times` is from; must be there unless it is 1.

    Raises
    ------
    InputError
        If a value is not allowed, or something has no source.
    """

    part: str
    count: str
    value: float
    unit: str
    source: str
    times: float = 1.0
    why_times: str = ""

    def __post_init__(self) -> None:
        check_choice(f"count of {self.part!r}", self.count, COUNTS)
        check_choice(f"unit of {self.part!r}", self.unit, JOULE)
        for name in ("value", "times"):
            value = getattr(self, name)
            if not is_number(value) or value <= 0:
                raise InputError(f"{name} of {self.part!r} is {value!r} but must be a number above 0")
        if not self.source:
            raise InputError(f"{self.part!r} has no source; a constant without one is not used")
        if self.times != 1 and not self.why_times:
            raise InputError(f"{self.part!r} counts {self.times} times but why_times does not say why")

    @property
    def joule(self) -> float:
        """Energy of one count, in J."""
        return self.value * JOULE[self.unit] * self.times


@dataclass(frozen=True)
class EnergyModel:
    """What operations cost on a device.

    Parameters
    ----------
    name, title : str
        Short, and for people.
    device : str
        What it is a model of.
    terms : tuple[Term, ...]
        The costs.
    covers : str
        What the sum of them includes, in words.
    assumes, leaves_out : tuple[str, ...]
        What was assumed, and what is not in the sum.

    Raises
    ------
    InputError
        If it has no terms, two of the same name, or does not say what it leaves out.
    """

    name: str
    title: str
    device: str
    terms: tuple[Term, ...]
    covers: str
    assumes: tuple[str, ...]
    leaves_out: tuple[str, ...]

    def __post_init__(self) -> None:
        parts = [term.part for term in self.terms]
        if not parts or len(set(parts)) < len(parts):
            raise InputError(f"the energy model {self.name!r} has the parts {parts} but must have some, each once")
        if not self.leaves_out:
            raise InputError(f"the energy model {self.name!r} does not say what it leaves out")

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts that it needs."""
        return tuple(dict.fromkeys(term.count for term in self.terms))


@functools.cache
def models() -> Mapping[str, EnergyModel]:
    """All energy models by name.

    Raises
    ------
    InputError
        If a file is broken, or lacks or has something more than a model.
    """
    found = [model_of(read_json(file), file.name) for file in sorted(FOLDER.glob("*.json"))]
    return {model.name: model for model in found}


def model_of(content: Any, source: str = "the model") -> EnergyModel:
    """A model from the content of its file.

    Raises
    ------
    InputError
        Names `source` and what is wrong with it.
    """
    try:
        terms = tuple(Term(**term) for term in content["terms"])
        lists = {name: tuple(content[name]) for name in ("assumes", "leaves_out")}
        return EnergyModel(**{**content, **lists, "terms": terms})
    except (KeyError, TypeError) as error:
        raise InputError(f"{source} is no energy model: {error}") from error
    except InputError as error:
        raise InputError(f"{source}: {error}") from error
