"""Many processes that all run one program, as ``mpirun`` starts them: who they are, what they exchange, how they end.

Every process takes the same steps with the same numbers; what each has only a part of is gathered by all of them.  The
one of rank 0 alone writes and prints.
"""

from .ending import end_all, end_together
from .launcher import Launched, launched, refuse_many, wait_for_turn, without_launcher
from .world import Alone, Processes, agreed, first_alone, world

__all__ = [
    "Alone",
    "Launched",
    "Processes",
    "agreed",
    "end_all",
    "end_together",
    "first_alone",
    "launched",
    "refuse_many",
    "wait_for_turn",
    "without_launcher",
    "world",
]
