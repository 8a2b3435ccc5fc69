"""``pynn-backprop map``: how a circuit would sit on neuromorphic hardware.

Only what has a chip behind it can say so: a simulator whose backend is a :class:`~pynn_backprop.interfaces.Maps`, or a
:class:`~pynn_backprop.interfaces.Machine`.
"""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import InputError
from ..interfaces import Mapping, Maps
from .choices import add_choices
from .pictures import add_print, check_print
from .words import simulators

SUMMARY = "Report how a circuit would sit on a chip: cores, memory, axons."
SIZES = (400, 400, 10)
SEED = 0
EXAMPLES = (
    ("map lava --sizes 400 400 10 --plot cores.png", "the place of a circuit on a Loihi chip"),
    ("map lava --sizes 192 200 10 --inference --json map.json", "that of the inference circuit, to a file"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("simulator", metavar="SIMULATOR", help=simulators())
    parser.add_argument(
        "--sizes",
        nargs="+",
        type=int,
        default=SIZES,
        metavar="N",
        help=f"neurons of the layers, input first (default: {' '.join(map(str, SIZES))})",
    )
    add_choices(parser, "form")
    parser.add_argument("--inference", action="store_true", help="the inference circuit")
    parser.add_argument(
        "--per-core",
        type=int,
        metavar="N",
        help="at most N neurons a core, for more cores that learn faster (default: as many as fit)",
    )
    parser.add_argument("--json", metavar="FILE", help="also write the report to a JSON file")
    parser.add_argument("--plot", metavar="FILE", help="also draw how full the cores are (.png, .svg, .pdf)")
    add_print(parser)


def run(options: argparse.Namespace) -> int:
    """Print the report, and write and draw it where `options` say; returns 0."""
    from .. import plots
    from ..circuit.inference import inference_circuit
    from ..circuit.training import training_circuit
    from ..files import check_writable, write_json
    from ..plots.parts import title_of

    check_print(options)
    for file in (options.json, options.plot):
        if file:
            check_writable(file)
    sizes, form = options.sizes, options.form
    circuit = inference_circuit(sizes) if options.inference else training_circuit(sizes, form=form)
    mapping = map_circuit(options.simulator, circuit, options.per_core)
    print(f"{title_of(circuit)} on {options.simulator}\n{mapping}")
    if options.json:
        write_json(options.json, mapping.to_dict())
        print(f"report: {options.json}")
    if options.plot:
        plots.save(mapping.figure(title_of(circuit), options.width), options.plot, options.dpi)
        print(f"drawn: {options.plot}")
    return 0


def map_circuit(simulator: str, circuit: Any, compartments_per_core: int | None = None) -> Mapping:
    """Build a circuit, with random weights, and ask the platform where it would put it.

    Parameters
    ----------
    simulator
        Short name of a simulator or a machine, or dotted path of a PyNN module.
    circuit
        A :class:`~pynn_backprop.circuit.published.Circuit`.
    compartments_per_core
        No core gets more; as many as fit if None.

    Returns
    -------
    Mapping

    Raises
    ------
    InputError
        If the platform has no chip, or the circuit can't be placed on one.
    """
    from ..platforms import REFERENCE
    from ..simulation.backends.registry import find_machine, for_simulator, load_simulator
    from ..simulation.network import Network
    from ..weights import initial_weights

    no_chip = InputError(f"the simulator is {simulator!r}, which has no chip to map a network to")
    if simulator == REFERENCE:
        raise no_chip
    weights = initial_weights(circuit.neurons, SEED, parameters=circuit.parameters)
    machine = find_machine(simulator)
    if machine is not None:
        return machine.map_circuit(circuit, weights, compartments_per_core)
    sim = load_simulator(simulator)
    backend = for_simulator(sim)
    if not isinstance(backend, Maps):
        raise no_chip
    network = Network(sim, circuit, weights)
    try:
        return backend.mapping_report(sim, compartments_per_core)
    finally:
        network.close()
