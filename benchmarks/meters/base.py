"""What a meter of energy is, and what makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..registry import check_name


class Meter(Protocol):
    """Something that tells how much energy was used."""

    name: str
    kind: str
    covers: str

    def read(self) -> float:
        """Energy since the meter was made, in J; it never falls."""

    def close(self) -> None:
        """Stop metering."""


def _nothing_against_it() -> str:
    return ""


@dataclass(frozen=True)
class MeterKind:
    """A kind of meter: what a file in this folder, or one of a user's, holds under the name ``METER``.

    Parameters
    ----------
    name, summary : str
        What the user calls it, and what it reads.
    make : Callable[[float or None], Meter or None]
        Makes a meter, from the power of a busy core in W if the user has declared one; None if it can't meter here.
    why_not : Callable[[], str]
        Why it can't, in a sentence.
    """

    name: str
    summary: str
    make: Callable[[float | None], Meter | None]
    why_not: Callable[[], str] = _nothing_against_it

    def __post_init__(self) -> None:
        check_name("name of the meter", self.name)
