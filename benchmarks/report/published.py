"""What others published: reference rows, not measured here."""

from __future__ import annotations

from dataclasses import dataclass

from ..rows import INFERENCE, TRAINING

SOURCE = "Renner et al., Nature Communications 15:9691, 2024, Table 1"

CASE = "mnist"
"""The case whose data set every row is of."""

PUBLISHED = "published"
"""What such an energy is called, beside ``measured`` and ``estimated``."""


@dataclass(frozen=True)
class Published:
    """A row of the table.

    Parameters
    ----------
    publication, hardware, method, network : str
        Who, on what, how, and the network's layers.
    of : str
        ``training`` or ``inference``: what energy and time are of.
    mJ, ms : float, and float or None
        Energy and time of a sample; None where the table has none.
    accuracy : float
        Test accuracy, 0 to 1.
    note : str
        What a reader must know, in words.
    """

    publication: str
    hardware: str
    method: str
    network: str
    of: str
    mJ: float
    ms: float | None
    accuracy: float
    note: str = ""

    @property
    def joule_seconds(self) -> float | None:
        """Energy-delay product of a sample, in J s; None if the time is not published."""
        return None if self.ms is None else self.mJ * self.ms * 1e-6


_FOOTNOTE = "the paper puts a footnote to the energy"
_LOIHI = "the circuit of this package; 97.5 % by output potential; 60 epochs, 3 runs"

TABLE = (
    Published("Renner et al. 2024", "Loihi", "backpropagation", "400-400-10", TRAINING, 0.59, 1.5, 0.963, _LOIHI),
    Published("Shrestha et al. 2021", "Loihi", "EM-STDP", "CNN-CNN-100-10", TRAINING, 8.4, 20, 0.947),
    Published("Frenkel et al. 2020", "SPOON", "DRTP", "CNN-10", TRAINING, 0.000366, 0.12, 0.953, _FOOTNOTE),
    Published("Park et al. 2019", "ASIC", "modified SD", "784-200-200-10", TRAINING, 0.000253, 0.01, 0.981, _FOOTNOTE),
    Published("Chen et al. 2018", "ASIC", "S-STDP", "236-20", TRAINING, 0.017, 0.16, 0.89),
    Published("Frenkel et al. 2018", "ODIN", "SDSP", "256-10", TRAINING, 0.000015, None, 0.845),
    Published("Lin et al. 2018", "Loihi", "S-STDP", "1920-10", TRAINING, 0.553, None, 0.964),
    Published("Buhler et al. 2017", "ASIC", "LCA features", "256-10", TRAINING, 0.00005, 0.001, 0.88),
    Published("Renner et al. 2024", "Loihi", "inference", "400-400-10", INFERENCE, 0.0025, 0.17, 0.963, _LOIHI),
    Published("Shrestha et al. 2021", "Loihi", "inference", "CNN-CNN-100-10", INFERENCE, 2.47, 10, 0.947),
    Published("Frenkel et al. 2020", "SPOON", "inference", "CNN-10", INFERENCE, 0.000313, 0.12, 0.975),
    Published("Göltz et al. 2019", "BrainScaleS-2", "inference", "256-246-10", INFERENCE, 0.0084, 0.048, 0.969),
    Published("Lin et al. 2018", "Loihi", "inference", "1920-10", INFERENCE, 0.0128, None, 0.964, _FOOTNOTE),
    Published("Chen et al. 2018", "ASIC", "inference", "784-1024-512-10", INFERENCE, 0.0017, None, 0.979),
    Published("Esser et al. 2015", "TrueNorth", "inference", "CNN, 512 neurons", INFERENCE, 0.00027, 1, 0.927),
    Published("Esser et al. 2015", "TrueNorth", "inference", "CNN, 3,840 neurons", INFERENCE, 0.108, 1, 0.994),
    Published("Stromatias et al. 2015", "SpiNNaker", "inference", "784-500-500-10", INFERENCE, 3.3, 11, 0.95),
)

THIS_CIRCUIT = {row.of: row for row in TABLE if row.note == _LOIHI}
"""What was published of the circuit of this package, by ``training`` and ``inference``."""

THIS_CIRCUIT_MS = {of: row.ms for of, row in THIS_CIRCUIT.items() if row.ms is not None}
"""The time of a sample of it, in ms."""

LAYER_SIZES = (400, 400, 10)
"""Its layers."""
