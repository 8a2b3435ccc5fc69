"""Whose simulator it is: a simulator holds one network, and whoever calls ``sim.setup`` ends the one before.

Nothing about this is kept here.  The simulator's own state (``sim.simulator.state``, which all of PyNN's common code
uses) is given a note of the network that was opened last, and every ``setup`` gives it a new set of recorders, by which
a ``setup`` that is not ours is noticed; a ``reset`` is noticed by the number of the segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import PlatformError

NOTE = "pynn_backprop_network"
"""Attribute of the simulator's state that holds the :class:`Owner`."""


@dataclass(frozen=True)
class Owner:
    """The network that was opened last on a simulator.

    Parameters
    ----------
    number
        Counted from 1 in this process.
    what
        What it is, for example ``training, 400-400-10``.
    """

    number: int
    what: str

    def __str__(self) -> str:
        return f"network {self.number} ({self.what})"


class Ownership:
    """A network's hold on a simulator that was just set up for it.

    Parameters
    ----------
    sim
        The PyNN module.
    simulator
        Its name, for messages.
    what
        What the network is, for messages.
    guard
        Asked whenever the simulator is to be used; raises a PlatformError where that would do harm.
    """

    def __init__(self, sim: Any, simulator: str, what: str, guard: Callable[[], None] | None = None) -> None:
        self._guard = guard or (lambda: None)
        self._state = getattr(getattr(sim, "simulator", None), "state", sim)
        self._simulator = simulator
        last = getattr(self._state, NOTE, None)
        self.owner = Owner(1 if last is None else last.number + 1, what)
        self._recorders = self._present_recorders()
        self._segment = self._present_segment()
        self._given_up = False
        setattr(self._state, NOTE, self.owner)

    def _present_recorders(self) -> Any:
        return getattr(self._state, "recorders", None)

    def _present_segment(self) -> Any:
        return getattr(self._state, "segment_counter", None)

    @property
    def lost_to(self) -> str | None:
        """What has ended the network, in words; None if it is still the simulator's."""
        newest = getattr(self._state, NOTE)
        if newest is not self.owner:
            return (
                f"{newest} was opened on {self._simulator} after it, and a simulator holds one network at a time; "
                "finish with one before you build the next"
            )
        if self._present_recorders() is not self._recorders:
            return f"setup() of {self._simulator} was called after it was built, which forgets all networks"
        if self._present_segment() != self._segment:
            return f"reset() of {self._simulator} was called after it was built, which stops its ring of gates"
        return None

    def check(self) -> None:
        """Refuse to go on if the simulator is no longer this network's.

        Raises
        ------
        PlatformError
            Names this network, and the newer one if there is one.
        """
        reason = "it was closed" if self._given_up else self.lost_to
        if reason is not None:
            raise PlatformError(f"{self.owner} can't be used any more: {reason}")
        self._guard()

    @property
    def is_ours(self) -> bool:
        """Whether the simulator is still this network's, which then has to end it; asked where it can be."""
        ours = not self._given_up and self.lost_to is None
        if ours:
            self._guard()
        return ours

    def give_up(self) -> None:
        """Let the simulator go."""
        self._given_up = True
        self._recorders = None
