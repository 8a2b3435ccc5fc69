r"""A decision by interacting chains: amplitudes compete, and the chain that wins opens its route by itself.

Wang, Sornborger and Tao (2016) let graded chains interact and read a decision from their amplitudes.  Here every
contestant is a gated chain of populations of N neurons.  From each population to the next one its amplitude m, the
number of firing neurons, is doubled, and those of the others are taken off:

.. math:: m_i' = \operatorname{clip}\Bigl(2 m_i - \sum_{j \neq i} m_j, 0, N\Bigr) .

With two contestants what both have in common stays, with three it goes.  A difference grows by the factor 3 as long as
neither end of the range is met, and by 2 there, so that after :math:`\lceil\log_2 N\rceil + 1` rounds a difference of
one neuron has become the whole range.  With four, the largest of nearly equal ones could be taken off as a whole.

A deciding neuron of each contestant fires where its amplitude exceeds the sum of all others by more than N/2.  It is a
gate: it opens the first population of the contestant's route, along which the value that was shown beside the
amplitudes travels on, and starts the gates of the others.  Equal amplitudes decide nothing, and no route opens; with
noise each neuron fires with the probability that the clipped sum gives, and chance decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from ..checks import check_count
from ..codes.code import LEVELLED, Code
from ..errors import InputError
from .builder import Builder
from .circuit import Circuit
from .connectivity import AllToAll, OneToOne, UnitToUnit
from .parameters import Parameters, default_parameters
from .parts import Projection
from .schedule import NamedSchedule

GAIN, MOST = 2, 3
"""By which an amplitude grows from one population to the next; and how many contestants there may be."""

WINS, VALUE = " wins", "v"
"""Behind the name of a contestant that of its deciding neuron; and the population that holds the value."""


def rounds_for(n: int) -> int:
    """Rounds after which a difference of one of n neurons has become the whole range."""
    return (n - 1).bit_length() + 1


def decision_circuit(
    code: Code,
    contestants: Sequence[str] = ("a", "b"),
    populations: int = 3,
    parameters: Parameters | None = None,
) -> Circuit:
    """Chains that compete, and routes of which the winner opens its own.

    Parameters
    ----------
    code
        Neurons of a unit, and their dither.
    contestants
        Names of two or three chains, of letters only.  Population k of chain a is ``a<k>``, its amplitude comes from
        the source ``input a``, its deciding neuron is ``a wins``, and its route consists of ``via a<k>``.
    populations
        Populations of a route.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.

    Returns
    -------
    Circuit
        Without weight matrices.  The source ``input`` brings the value that is to be handed on.

    Raises
    ------
    InputError
        If there are not two or three contestants, two have the same name, or a number is not positive.
    """
    check_count("populations", populations)
    names = tuple(contestants)
    if not 2 <= len(set(names)) == len(names) <= MOST or not all(str(name).isalpha() for name in names):
        raise InputError(f"contestants are {names} but must be two or three different names of letters only")
    build = _DecisionBuilder(code, names, populations, parameters or default_parameters(code))
    build.contest()
    build.routes()
    build.ring()
    return build.circuit()


class _DecisionBuilder(Builder):
    """Adds the contest, and then the routes."""

    def __init__(self, code: Code, contestants: tuple[str, ...], populations: int, parameters: Parameters) -> None:
        self.contestants, self.populations_of_route = contestants, populations
        self.rounds = rounds_for(code.n)
        self.decides = self.rounds + 2
        phases = ["rest", "amplitudes and value", *(f"round {k + 1}" for k in range(self.rounds)), "decision"]
        phases += [f"route, population {k}" for k in range(populations)]
        super().__init__((1,), NamedSchedule(0, tuple(phases)), parameters, code)
        self.source("input", code.n, None)
        self.source("start", 1, None, self.schedule.length - 1)

    def contest(self) -> None:
        """The value, and the chains up to their deciding neurons."""
        n, strength = self.code.n, self.strength
        self.graded(VALUE, 1, "input", 0)
        for name in self.contestants:
            self.source(f"input {name}", n, None)
            self.graded(f"{name}0", 1, f"input {name}", 0)
        for k, (name, other) in itertools.product(
            range(1, self.rounds + 1), itertools.product(self.contestants, repeat=2)
        ):
            if name == other:
                self.populated(f"{name}{k}", k + 1, k)
            weight = GAIN * self.quantum if name == other else -self.quantum
            self.projections.append(Projection(f"{other}{k - 1}", f"{name}{k}", UnitToUnit(n), 1, weight))
        for name, other in itertools.product(self.contestants, repeat=2):
            if name == other:
                self.add(name + WINS, 1, "gate", None, [self.decides])
                self.open(self.decides, name + WINS, strength.half)
            weight = self.quantum if name == other else -self.quantum
            self.projections.append(Projection(f"{other}{self.rounds}", name + WINS, AllToAll(), 1, weight))

    def routes(self) -> None:
        """The routes; the first population is opened by the deciding neuron, the others by gates that it starts."""
        for name in self.contestants:
            gate, below, delay = name + WINS, VALUE, self.decides
            for k in range(self.populations_of_route):
                post, phase = f"via {name}{k}", self.decides + 1 + k
                self.add(post, self.code.n, "data", k, [phase])
                self.projections.append(Projection(gate, post, AllToAll(), 1, self.strength.half))
                self.unit_to_unit(below, post, 1, delay)
                self.levels(post, phase, k)
                if k < self.populations_of_route - 1:
                    self.add(f"g{name}{k + 1}", 1, "gate", None, [phase])
                    self.projections.append(Projection(gate, f"g{name}{k + 1}", OneToOne(), 1, self.strength.chain))
                gate, below, delay = f"g{name}{k + 1}", post, 1

    def graded(self, name: str, phase: int, source: str, place: int) -> None:
        """A population that takes the value of a source."""
        self.populated(name, phase, place)
        self.unit_to_unit(source, name, 1, phase)

    def populated(self, name: str, phase: int, place: int) -> None:
        """A population of one unit that the ring opens."""
        self.add(name, self.code.n, "data", place, [phase])
        self.open(phase, name, self.strength.half)
        self.levels(name, phase, place)

    def levels(self, name: str, phase: int, place: int) -> None:
        """Lift a population to the levels of one of those that have some, in turn."""
        self.lift(phase, name, LEVELLED[place % len(LEVELLED)], self.quantum, noise=f"{name}_")
