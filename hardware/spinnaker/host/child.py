"""Builds a network with sPyNNaker, runs it, and writes what was found: a script that runs in a process of its own.

``python child.py FOLDER`` reads ``request.json`` and ``network.npz`` of the folder and writes ``result.json`` and
``result.npz`` there, the first one last.  It imports nothing of this package, so that any Python with sPyNNaker will
do. What sPyNNaker reads as its configuration is decided by whoever starts it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np


def main(folder: Path) -> None:
    """Do what the request says."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    import spynnaker.pyNN as sim

    begin = time.perf_counter()
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    with np.load(folder / "network.npz") as stored:
        table = {name: stored[name] for name in stored.files}
    sim.setup(timestep=request["timestep"], time_scale_factor=request["time_scale_factor"])
    made: dict[str, Any] = {}
    for place, population in enumerate(request["populations"]):
        made[population["label"]] = build(sim, population, table.get(f"times {place}"))
    projections = []
    for place, projection in enumerate(request["projections"]):
        projections.append(connect(sim, projection, made, table[f"rows {place}"]))
    for label in request["record"]:
        made[label].record("spikes")
    for label in request["watch"]:
        made[label].record("v")
    sim.run(request["duration"])
    found = {"version": metadata.version("spynnaker"), "record": request["record"], **places(made, request["duration"])}
    arrays: dict[str, np.ndarray] = {}
    if request["read_weights"]:
        for place, projection in enumerate(projections):
            held = projection.get(["weight", "delay"], "list")
            arrays[f"held {place}"] = np.array([tuple(row) for row in held], float)
    if request["executes"]:
        arrays |= recorded(made, request)
    sim.end()
    found["seconds"] = time.perf_counter() - begin
    np.savez(folder / "result.npz", **arrays)
    (folder / "result.json").write_text(json.dumps(found), encoding="utf-8")


def end_with(parent: int) -> None:
    """End when the process that asked has ended, however it did."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def build(sim: Any, population: dict[str, Any], times: np.ndarray | None) -> Any:
    """A population of sources or cells."""
    label, size, cell = population["label"], population["size"], population["cell"]
    extra: dict[str, Any] = {}
    if population["neurons_per_core"] is not None:
        extra["neurons_per_core"] = population["neurons_per_core"]
    if cell is None:
        trains: list[list[float]] = [[] for _ in range(size)]
        for time_, neuron in np.zeros((0, 2)) if times is None else times:
            trains[int(neuron)].append(float(time_))
        # Of lists that are all empty it asks for the most frequent time, and fails.
        source = sim.SpikeSourceArray(spike_times=trains if any(trains) else [])
        return sim.Population(size, source, label=label, additional_parameters=extra)
    summed = population["summed_weight"]
    if summed is not None:
        extra["max_expected_summed_weight"] = [summed, summed]
    made = sim.Population(size, sim.IF_curr_delta(**cell), label=label, additional_parameters=extra)
    made.initialize(v=cell["v_rest"])
    return made


def connect(sim: Any, projection: dict[str, Any], made: dict[str, Any], rows: np.ndarray) -> Any:
    """A projection with a list of synapses: always a list, for what a chip expands by itself it rounds otherwise."""
    connector = sim.FromListConnector(rows.tolist(), column_names=["weight", "delay"])
    return sim.Projection(
        made[projection["pre"]],
        made[projection["post"]],
        connector,
        sim.StaticSynapse(),
        receptor_type=projection["receptor"],
        label=projection["label"],
    )


def places(made: dict[str, Any], duration: float) -> dict[str, Any]:
    """Which slice of which population is on which core, the memory it asks for, and the shifts of ring buffers."""
    from spynnaker.pyNN.data import SpynnakerDataView as View

    cores = []
    for placement in View.iterate_placemements():
        vertex = placement.vertex
        if vertex.app_vertex is None:
            continue
        cores.append(
            {
                "x": placement.x,
                "y": placement.y,
                "p": placement.p,
                "label": vertex.app_vertex.label,
                "kind": type(vertex).__name__,
                "neurons": int(vertex.vertex_slice.n_atoms),
                "sdram_bytes": int(vertex.sdram_required.get_total_sdram(int(duration))),
            }
        )
    shifts = {}
    for label, population in made.items():
        vertex = population._vertex
        if hasattr(vertex, "get_ring_buffer_shifts"):
            shifts[label] = [int(shift) for shift in vertex.get_ring_buffer_shifts()]
    return {"cores": cores, "shifts": shifts, "chips": len({(core["x"], core["y"]) for core in cores})}


def recorded(made: dict[str, Any], request: dict[str, Any]) -> dict[str, np.ndarray]:
    """Spikes as rows of step and neuron, and potentials (n_steps, size), of a machine that has run."""
    arrays: dict[str, np.ndarray] = {}
    for place, label in enumerate(request["record"]):
        rows = []
        for train in made[label].get_data("spikes").segments[0].spiketrains:
            steps = np.rint(np.asarray(train.magnitude) / request["timestep"]).astype(np.int64)
            rows.append(np.column_stack([steps, np.full(len(steps), train.annotations["source_index"])]))
        arrays[f"spikes {place}"] = np.concatenate([np.zeros((0, 2), np.int64), *rows])
    for place, label in enumerate(request["watch"]):
        arrays[f"v {place}"] = np.asarray(made[label].get_data("v").segments[0].analogsignals[0].magnitude, float)
    return arrays


if __name__ == "__main__":
    main(Path(sys.argv[1]))
