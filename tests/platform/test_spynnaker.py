"""sPyNNaker on its virtual board, in a process of its own: it places what we describe, and stores what we predict."""

from __future__ import annotations

import numpy as np
import pytest

from hardware.integers import Grid
from hardware.spinnaker.chip.mapping import map_network
from hardware.spinnaker.host import session
from hardware.spinnaker.machine import MACHINE, count_of_tool
from hardware.spinnaker.translation.description import Cells, Connections, Description, Sources
from hardware.spinnaker.translation.discretize import discretize
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import FORMS, training_circuit
from pynn_backprop.errors import PlatformError
from pynn_backprop.weights import initial_weights

pytestmark = pytest.mark.skipif(session.interpreter() is None, reason="sPyNNaker is not installed")


def small() -> tuple[Description, Connections, Connections]:
    """Two projections of random weights and delays, one of either sign, onto 30 cells that are told nothing of sums."""
    generator = np.random.default_rng(0)
    projections = []
    for receptor, sign in (("excitatory", 1), ("inhibitory", -1)):
        pre, post = (grid.ravel() for grid in np.meshgrid(np.arange(20), np.arange(30), indexing="ij"))
        weight, delay = sign * generator.integers(1, 255, len(pre)), generator.integers(1, 20, len(pre))
        columns = weight.astype(float), delay.astype(float)
        projections.append(Connections(receptor, "source", "cells", receptor, pre, post, *columns))
    populations = Sources("source", 20), Cells("cells", 30, 1000.5)
    return Description(populations, tuple(projections)), *projections


def sorted_rows(table: np.ndarray) -> np.ndarray:
    return table[np.lexsort(table.T[::-1])]


def test_weights_and_delays_are_stored_as_the_translation_says():
    description, *projections = small()
    answer = session.ask(description, {"source": np.array([[3, 0], [4, 19]])}, 20, read_weights=True)
    network = discretize(description).network
    for place, projection in enumerate(projections):
        ours = network.synapses[place]
        expected = np.column_stack((projection.sources, projection.targets, np.abs(ours.weight), ours.delay))
        np.testing.assert_array_equal(sorted_rows(np.abs(answer.arrays[f"held {place}"])), sorted_rows(expected))
    assert answer.facts["shifts"] == {"cells": [15, 15]}
    assert [core["neurons"] for core in sorted(answer.facts["cores"], key=lambda core: core["label"])] == [30, 20]


@pytest.mark.slow
def test_the_shifts_that_it_chooses_by_itself_are_those_that_we_say():
    pre, post = (grid.ravel() for grid in np.meshgrid(np.arange(400), np.arange(10), indexing="ij"))
    weight = np.random.default_rng(0).integers(1, 255, len(pre)).astype(float)
    ones = np.ones(len(pre))
    populations = Sources("source", 400), Cells("cells", 10, 1000.5, summed_weight=None)
    alone = Description(
        populations,
        (
            Connections("+", "source", "cells", "excitatory", pre, post, weight, ones),
            Connections("-", "source", "cells", "inhibitory", pre[:50], post[:50], -weight[:50], ones[:50]),
        ),
    )
    answer = session.ask(alone, {}, 10)
    (cells,) = discretize(alone, Grid(1.0, strict=False)).network.cells
    assert tuple(answer.facts["shifts"]["cells"]) == cells.shifts == cells.chosen_shifts
    assert cells.shifts[0] > 15


@pytest.mark.slow
@pytest.mark.parametrize("per_core", [None, 8])
def test_it_takes_as_many_cores_as_we_count(per_core):
    circuit = inference_circuit((20, 12, 4), probe=True)
    mapping = MACHINE.map_circuit(circuit, initial_weights((20, 12, 4), 0), per_core)
    assert mapping.tool.cores + mapping.tool.delay_cores == len(mapping.cores)
    assert set(mapping.tool.shifts.values()) == {(15, 15)}
    assert mapping.tool.version == session.VERSION


@pytest.mark.slow
def test_long_delays_take_a_core_of_the_sender_there_too():
    synapses = Connections(
        "long", "source", "cells", "excitatory", np.arange(2), np.arange(2), np.ones(2), np.full(2, 40.0)
    )
    description = Description((Sources("source", 2), Cells("cells", 300, 9.5)), (synapses,))
    tool, ours = count_of_tool(description), map_network(discretize(description))
    assert (tool.cores, tool.delay_cores) == (3, ours.totals["delay_cores"]) == (3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("form", [*FORMS, "inference"])
def test_the_whole_network_takes_as_many_cores_as_we_count(form):
    sizes = (400, 400, 10)
    circuit = inference_circuit(sizes) if form == "inference" else training_circuit(sizes, form=form)
    mapping = MACHINE.map_circuit(circuit, initial_weights(sizes, 0, parameters=circuit.parameters))
    assert mapping.tool.cores + mapping.tool.delay_cores == len(mapping.cores)
    assert mapping.tool.chips >= mapping.n_chips


@pytest.mark.slow
def test_what_it_refuses_is_said_with_its_own_words():
    description = Description((Sources("source", 2), Cells("cells", 2, v_thresh=70_000.0)), ())
    with pytest.raises(PlatformError, match=r"sPyNNaker ended with status 1\n[\s\S]*70000"):
        session.ask(description, {}, 10)


def test_a_time_limit_ends_its_process():
    description, *_ = small()
    with pytest.raises(PlatformError, match=r"sPyNNaker has not ended within 0\.05 s"):
        session.ask(description, {}, 20, timeout=0.05)
