"""A stand-in for sPyNNaker with a board: as much of its interface as we use, and plain neurons behind it.

It is written to a folder that is put on the path of the process that thinks it has sPyNNaker.  Times are those that are
known of sPyNNaker: a spike of step T with the delay d acts in step T + d, and potentials are recorded before the step
in which they change.
"""

from __future__ import annotations

from pathlib import Path

PYNN = """
import types
import numpy as np

POPULATIONS, PROJECTIONS = [], []
class Cell:
    def __init__(self, **parameters):
        self.__dict__.update(parameters)
class SpikeSourceArray(Cell): ...
class IF_curr_delta(Cell): ...
class StaticSynapse: ...
class FromListConnector:
    def __init__(self, rows, column_names):
        assert column_names == ["weight", "delay"]
        self.rows = rows
def setup(timestep, time_scale_factor): assert timestep == 1.0 and time_scale_factor >= 1
def end(): ...

class Population:
    def __init__(self, size, cell, label, additional_parameters):
        self.size, self.cell, self.label, self._vertex = size, cell, label, None
        self.input, self.v, self.seen, self.fired = {}, np.zeros(size), [], []
        POPULATIONS.append(self)
    def initialize(self, v): self.v[:] = v
    def record(self, what): ...
    def step(self, now):
        if isinstance(self.cell, SpikeSourceArray):
            return [i for i, times in enumerate(self.cell.spike_times) if now in times]
        self.seen.append(self.v.copy())
        self.v = self.cell.v_rest + self.input.pop(now, np.zeros(self.size))
        fires = np.flatnonzero(self.v >= self.cell.v_thresh)
        self.v[fires] = self.cell.v_reset
        self.fired += [(now, int(i)) for i in fires]
        return fires.tolist()
    def get_data(self, what):
        trains = [
            types.SimpleNamespace(
                magnitude=np.array([t for t, j in self.fired if j == i], float), annotations={"source_index": i}
            )
            for i in range(self.size)
        ]
        signal = types.SimpleNamespace(magnitude=np.array(self.seen))
        return types.SimpleNamespace(segments=[types.SimpleNamespace(spiketrains=trains, analogsignals=[signal])])

class Projection:
    def __init__(self, pre, post, connector, synapse, receptor_type, label):
        self.pre, self.post, self.sign = pre, post, {"excitatory": 1, "inhibitory": -1}[receptor_type]
        self.rows = np.array(connector.rows)
        PROJECTIONS.append(self)
    def send(self, now, fired):
        for _, target, weight, delay in self.rows[np.isin(self.rows[:, 0], fired)]:
            arriving = self.post.input.setdefault(now + int(delay), np.zeros(self.post.size))
            arriving[int(target)] += self.sign * abs(weight)

def run(duration):
    for now in range(int(duration)):
        fired = {id(population): population.step(now) for population in POPULATIONS}
        for projection in PROJECTIONS:
            projection.send(now, fired[id(projection.pre)])
"""

VIEW = """
class SpynnakerDataView:
    @staticmethod
    def iterate_placemements():
        return iter(())
"""


def write_stand_in(folder: Path) -> None:
    """Write the package, with the metadata of a version."""
    for name, text in {
        "spynnaker/__init__.py": "",
        "spynnaker/pyNN/__init__.py": PYNN,
        "spynnaker/pyNN/data.py": VIEW,
        "spynnaker-0.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: spynnaker\nVersion: 0.0\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
