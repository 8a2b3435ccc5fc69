"""Whether a simulator can hold the numbers of a learning rule; said in the rule's words before anything is built."""

from __future__ import annotations

from collections.abc import Callable

from ..circuit.circuit import Circuit
from ..circuit.parameters import MAX_READOUT, Parameters
from ..errors import InputError
from ..interfaces import Backend, HoldsWeights


def check_held(backend: Backend, circuit: Circuit) -> None:
    """Check that every number that a learning rule brings into a circuit is held exactly.

    Raises
    ------
    InputError
        Names the option of the rule that is not, its value, and the nearest that is.
    """
    if not isinstance(backend, HoldsWeights):
        return
    p, simulator = circuit.parameters, backend.traits.simulator
    if circuit.schedule.training:
        _check(simulator, "w_max", p.w_max, lambda bound: backend.holds_plastic(1, bound) or _some(backend, bound))
        _check(simulator, "eta", p.eta, lambda eta: backend.holds_plastic(eta, p.w_max))
        if circuit.depth > 1:
            _check(simulator, "hidden_threshold", p.hidden_threshold, lambda d: backend.holds_static(p.low - d))
    if circuit.readout:
        _check(simulator, "readout_levels", len(circuit.readout), lambda levels: _holds_readout(backend, p, levels))


def _some(backend: HoldsWeights, bound: int) -> bool:
    """Whether there is any change for weights of this bound."""
    return any(backend.holds_plastic(eta, bound) for eta in range(1, bound + 1))


def _holds_readout(backend: HoldsWeights, parameters: Parameters, levels: int) -> bool:
    thresholds = parameters.readout(levels) if 1 <= levels <= MAX_READOUT else ()
    return bool(thresholds) and all(backend.holds_static(parameters.above(drive)) for drive in thresholds)


def _check(simulator: str, name: str, value: int, held: Callable[[int], bool]) -> None:
    if held(value):
        return
    distances = range(1, value + 1)
    near = next((other for d in distances for other in (value + d, value - d) if other >= 0 and held(other)), None)
    hint = "" if near is None else f": the nearest that it can is {near}"
    raise InputError(f"{name} is {value}, which {simulator} can't hold exactly{hint}")
