"""Small networks for the tests of SpiNNaker's arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np

from hardware.spinnaker.translation.description import Cells, Connections, Description, Sources
from hardware.spinnaker.translation.discretize import discretize
from hardware.spinnaker.translation.network import CoreNetwork


def connections(weight: Any = 5.0, delay: Any = 1.0, **others: Any) -> Connections:
    """From source i to cell i."""
    weight = np.atleast_1d(np.asarray(weight, float))
    n = np.arange(len(weight))
    values = {"label": "in", "pre": "source", "post": "cells", "receptor": "excitatory", "sources": n, "targets": n}
    return Connections(**{**values, "weight": weight, "delay": np.full(len(n), delay, float), **others})


def description(*projections: Connections, size: int = 3, **cell: Any) -> Description:
    """Sources and cells that fire when 10 mV arrive."""
    values = {"v_thresh": 9.5, **cell}
    return Description((Sources("source", size), Cells("cells", size, **values)), projections or (connections(),))


def network(*projections: Connections, size: int = 3, **cell: Any) -> CoreNetwork:
    """The same in integers."""
    return discretize(description(*projections, size=size, **cell)).network
