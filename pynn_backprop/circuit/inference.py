"""The circuit that only answers."""

from __future__ import annotations

from collections.abc import Sequence

from ..arguments import checked
from ..codes.binary import Binary
from ..codes.code import Code
from .builder import LayerBuilder
from .circuit import Circuit
from .parameters import Parameters, default_parameters
from .parts import PROBE, PROBE_THRESHOLD, READOUT, Population
from .schedule import InferenceSchedule, depth_of


@checked
def inference_circuit(
    units: Sequence[int],
    parameters: Parameters | None = None,
    probe: bool = False,
    code: Code | None = None,
    readout_levels: int = 1,
) -> Circuit:
    """The circuit that only computes the output.

    Parameters
    ----------
    units
        Units of the layers, input first.
    parameters
        Strengths; if None the published ones, or those of :func:`~pynn_backprop.circuit.parameters.graded_parameters`.
    probe
        Add the population ``v_o``, which receives what the output receives and never fires: its membrane potential
        is the output's drive, without the reset that a spike brings.
    code
        How many neurons a unit has, and their dither; one neuron if None.
    readout_levels
        K: with more than one the output answers through K more populations, ``o_1`` to ``o_K``, with thresholds of
        their own (:meth:`~pynn_backprop.circuit.parameters.Parameters.readout`): the more of a class's neurons fire,
        the larger its drive.

    Returns
    -------
    Circuit

    Raises
    ------
    InputError
        If a number is not positive, or theta does not suit the code.

    Examples
    --------
    >>> print(inference_circuit((400, 400, 10)).count())
    814 neurons, 165,215 synapses, 0 of them plastic
    """
    code, schedule = code or Binary(), InferenceSchedule(depth_of(units))
    build = _InferenceBuilder(units, schedule, parameters or default_parameters(code, units), code)
    build.sources()
    build.layers()
    build.readout(readout_levels)
    if probe:
        build.probe()
    build.ring()
    return build.circuit()


class _InferenceBuilder(LayerBuilder):
    """Adds the parts of the inference circuit."""

    def layers(self) -> None:
        """The layers, if they only have to answer."""
        for layer, (name, size) in enumerate(zip(self.names, self.sizes, strict=True)):
            phase = self.schedule.forward(layer)
            self.add(name, size, "data", layer, [phase])
            self.open(phase, name, self.strength.half)
            self.lift(phase, name, name, self.quantum)
            if layer:
                self.carry(self.names[layer - 1], name, layer)
        self.unit_to_unit("input", "x", 1, self.schedule.forward(0))

    def readout(self, levels: int) -> None:
        """A population for each level; they see what the output sees, and differ in their gates."""
        thresholds = self.strength.readout(levels)
        for k, threshold in enumerate(thresholds if levels > 1 else (), 1):
            name = f"{READOUT}{k}"
            self.add(name, self.sizes[-1], "data", self.depth, [self.schedule.output])
            self.open(self.schedule.output, name, self.strength.above(threshold))
            self.carry(self.names[-2], name, self.depth)

    def probe(self) -> None:
        """A population that shows the drive of the output."""
        phases: tuple[int, ...] = ()
        self.populations[PROBE] = Population(PROBE, self.sizes[-1], "probe", self.depth, phases, 0, PROBE_THRESHOLD)
        self.carry(self.names[-2], PROBE, self.depth)
