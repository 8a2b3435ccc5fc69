"""Spike trains: one for all neurons of a population, which files hold, or one for each neuron, as Elephant takes them.

Neo and Elephant take a train for that of one neuron.  A train of a whole population therefore says what it is, in its
name and in the annotation ``pooled``; rates and intervals are to be had from the trains of :func:`by_neuron`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import neo
import numpy as np
import quantities as pq

from ..circuit.circuit import Circuit
from ..circuit.parts import Population

NO_LAYER = -1

EDGE = 0.5
"""How long before a step its epoch begins, in ms.  Neo's slices include both of their ends: edges between two steps, on
which no spike lies, are the only ones by which a recording is cut without having spikes twice."""


def pooled_train(circuit: Circuit, name: str, table: np.ndarray, start: int, stop: int) -> neo.SpikeTrain:
    """One train for all neurons of a population.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    name : str
        Of the population.
    table : numpy.ndarray of int64, shape (n_spikes, 2)
        Step and neuron of each spike.
    start, stop : int
        The first step, and the one behind the last.

    Returns
    -------
    neo.SpikeTrain
        With the neuron of each spike as array annotation ``index``.
    """
    population = circuit[name]
    return neo.SpikeTrain(
        table[:, 0].astype(float) * pq.ms,
        t_start=(start - EDGE) * pq.ms,
        t_stop=(stop - EDGE) * pq.ms,
        name=pooled_name(name, population.size),
        array_annotations={"index": table[:, 1]},
        pooled=population.size > 1,
        size=population.size,
        **_said_of(population),
    )


def pooled_name(population: str, size: int) -> str:
    """What a train of all neurons of a population is called."""
    return population if size == 1 else f"{population} ({size} neurons pooled)"


def _said_of(population: Population) -> dict[str, object]:
    layer = NO_LAYER if population.layer is None else population.layer
    return {"population": population.name, "layer": layer, "role": population.role}


def by_neuron(train: neo.SpikeTrain) -> list[neo.SpikeTrain]:
    """One SpikeTrain per neuron of a population's SpikeTrain, silent ones too, named ``<population>[<index>]``.

    Parameters
    ----------
    train : neo.SpikeTrain
        One that was pooled, or cut from such a one.

    Returns
    -------
    list of neo.SpikeTrain
        In the order of the neurons, as Elephant takes them; each says which one it is in its annotation ``index``.
    """
    index, annotations = np.asarray(train.array_annotations["index"]), train.annotations
    order = np.argsort(index, kind="stable")
    ends = np.searchsorted(index[order], np.arange(int(annotations["size"]) + 1))
    times = train.times[order]
    return [
        neo.SpikeTrain(
            times[first:stop],
            t_start=train.t_start,
            t_stop=train.t_stop,
            name=f"{annotations['population']}[{neuron}]",
            population=annotations["population"],
            index=neuron,
            layer=annotations["layer"],
            role=annotations["role"],
        )
        for neuron, (first, stop) in enumerate(pairwise(ends))
    ]


def trains_of(segment: neo.Segment, population: str) -> list[neo.SpikeTrain]:
    """One SpikeTrain per neuron of a population of a segment, however the segment holds them.

    Parameters
    ----------
    segment : neo.Segment
        Of a recording.
    population : str
        Its name, as ``h``.

    Returns
    -------
    list of neo.SpikeTrain
        In the order of the neurons; none if the population was not recorded.
    """
    found = [train for train in segment.spiketrains if train.annotations.get("population") == population]
    return [neuron for train in found for neuron in ([train] if "index" in train.annotations else by_neuron(train))]


def groups_of(circuit: Circuit, trains: Iterable[neo.SpikeTrain]) -> list[neo.Group]:
    """Neo Groups of trains: one for each layer, and one for each population.

    They are not one inside the other, which NIX can't write.

    Parameters
    ----------
    circuit : Circuit
        What ran.
    trains : iterable of neo.SpikeTrain
        Those of all segments.

    Returns
    -------
    list of neo.Group
        The layers' first, then the populations' in the order of the circuit.
    """
    of_population: dict[str, list[neo.SpikeTrain]] = {}
    for train in trains:
        of_population.setdefault(str(train.annotations["population"]), []).append(train)
    populations: list[neo.Group] = []
    of_layer: dict[int, list[neo.SpikeTrain]] = defaultdict(list)
    for population in circuit.populations:
        if population.name in of_population:
            group = neo.Group(of_population[population.name], name=population.name, **_said_of(population))
            populations.append(group)
            of_layer[group.annotations["layer"]] += of_population[population.name]
    layers = [
        neo.Group(members, name="no layer" if layer == NO_LAYER else f"layer {layer}", layer=layer)
        for layer, members in sorted(of_layer.items())
    ]
    return [*layers, *populations]
