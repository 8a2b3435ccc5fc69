"""A name becomes a platform: the rule, the step simulator, a PyNN simulator, or a machine.

A platform builds circuits.  All running circuits have the same methods
(:class:`~pynn_backprop.interfaces.RunningCircuit`), so that training, evaluation and comparison need not know on what
they run.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from types import ModuleType

from .arguments import check_arguments
from .checks import check_choice, shown
from .circuit.circuit import Circuit
from .circuit.training import DEFAULT_FORM
from .errors import InputError
from .interfaces import Options, Platform, RunningCircuit
from .processes import refuse_many
from .reference.rule import Rule
from .reference.steps import StepSimulator
from .simulation.backends.registry import find_machine, for_simulator, load_simulator
from .simulation.delays import check_delays
from .simulation.limits import check_held
from .simulation.network import Network
from .weights import Weights

REFERENCE = "reference"
RULE, STEPS = "rule", "steps"
"""Variants of the reference."""


class ReferencePlatform:
    """The rule; where spikes are to be recorded, the step simulator, which gives the same weights.

    Parameters
    ----------
    variant
        ``rule`` for that, ``steps`` for the step simulator in any case: then every weight is learnt in spikes.
    """

    name = REFERENCE
    samples_per_run = 250

    def __init__(self, variant: str = RULE) -> None:
        self.variant = variant

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`pynn_backprop.interfaces.Platform.build`."""
        running = self._made(circuit, weights, record)
        running.compile()
        return running

    def _made(self, circuit: Circuit, weights: Weights, record: Sequence[str]) -> Rule | StepSimulator:
        if record or self.variant == STEPS:
            return StepSimulator(circuit, weights, record)
        form = circuit.schedule.form or DEFAULT_FORM
        return Rule(weights, circuit.parameters, circuit.code, form, max(1, len(circuit.readout)))

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.interfaces.Platform.describe`."""
        return {"platform": self.name, "variant": self.variant, "numba": metadata.version("numba")}


class PyNNPlatform:
    """A PyNN simulator.

    Parameters
    ----------
    sim
        The imported simulator.
    name
        What the user called it.
    options
        Threads, variant and layout.
    """

    def __init__(self, sim: ModuleType, name: str | None = None, options: Options | None = None) -> None:
        self.sim = sim
        self.name = name or sim.__name__
        self.options = options or Options()
        self.backend = for_simulator(sim)
        self.backend.check_options(self.options)
        traits = self.backend.traits
        self.samples_per_run = traits.samples_per_run_by_variant.get(self.options.variant, traits.samples_per_run)

    def build(self, circuit: Circuit, weights: Weights, record: Sequence[str] = ()) -> RunningCircuit:
        """See :meth:`pynn_backprop.interfaces.Platform.build`."""
        network = Network(self.sim, circuit, weights, record, self.options, keep=False)
        try:
            network.compile()
        except BaseException:
            network.close()
            raise
        return network

    def check_circuit(self, circuit: Circuit) -> None:
        """See :meth:`pynn_backprop.interfaces.Limited.check_circuit`: delays end somewhere, and a chip's numbers."""
        check_delays(circuit, self.backend.traits)
        check_held(self.backend, circuit)

    def describe(self) -> dict[str, str]:
        """See :meth:`pynn_backprop.interfaces.Platform.describe`."""
        return {"platform": self.name, "PyNN": metadata.version("PyNN"), **self.backend.describe(self.options)}


def get_platform(simulator: str | ModuleType, options: Options | None = None) -> Platform:
    """The platform of this name.

    Parameters
    ----------
    simulator
        ``reference``, the short name of a simulator or of a machine, the dotted path of a PyNN module, or the module
        itself.
    options
        Threads, variant and layout.

    Raises
    ------
    InputError
        If there is no such simulator, or no backend for it.
    PlatformError
        If it is not installed, or a launcher started several processes and it runs in one only.
    """
    check_arguments(get_platform, {"options": options})
    if isinstance(simulator, ModuleType):
        return PyNNPlatform(simulator, options=options)
    if not isinstance(simulator, str):
        raise InputError(f"simulator is {shown(simulator)} but must be a name or an imported PyNN simulator")
    if simulator == REFERENCE:
        refuse_many("the reference")
        options = options or Options()
        variant = check_choice("variant on reference", options.variant, ["auto", RULE, STEPS])
        check_choice("layout on reference", options.layout, ["auto"])
        return ReferencePlatform(RULE if variant == "auto" else variant)
    machine = find_machine(simulator)
    if machine is not None:
        refuse_many(f"the machine {simulator!r}")
        return machine.platform(options or Options())
    return PyNNPlatform(load_simulator(simulator), simulator, options)
