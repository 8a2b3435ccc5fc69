"""Stand-ins for PyNN's models that a chip has not: names can be imported, and say why not when used."""

from __future__ import annotations

from typing import Any

from pyNN.standardmodels import ModelNotAvailable

from pynn_backprop.errors import InputError

from .refused import WHY, refusal


class NotOnChipError(InputError, NotImplementedError):
    """A model of PyNN that Loihi can't have; PyNN's own simulators raise NotImplementedError for theirs."""


class NotOnChip(ModelNotAvailable):
    """Base of the stand-ins."""

    def __init__(self, *arguments: Any, **parameters: Any) -> None:
        raise NotOnChipError(refusal(type(self).__name__))


def stand_ins(without: set[str]) -> dict[str, type[NotOnChip]]:
    """A class for each model that is refused, by its name, but for those that there are in some other way."""
    return {name: type(name, (NotOnChip,), {"__doc__": refusal(name)}) for name in WHY if name not in without}
