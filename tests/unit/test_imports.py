"""Imports run one way, downward: what lies above what, and that no import breaks it."""

from __future__ import annotations

import json

from imports import Layers, Tree, faults
from PIL import Image
from sources import ROOT

# From the bottom up.  Parts of one floor may know each other unless a bar stands between them.
LAYERS = {
    "pynn_backprop": """
        errors checks arguments resources files compiled extras processes
        < codes data
        < circuit
        < weights spikes
        < interfaces
        < recording
        < reference | simulation
        < platforms
        < exchange
        < learning
        < comparison | tasks
        < plots
        < figures runs
        < models | view
        < cli
        < __init__ __main__
    """,
    "hardware": """
        integers report cores_figure
        < lava.translation lava.chip | spinnaker.translation spinnaker.chip spinnaker.learning
        < lava.engines | spinnaker.engines spinnaker.host
        < lava | spinnaker
        < __init__
    """,
    "benchmarks": """
        row_content
        < rows registry
        < row_files tidy changes cases meters
        < measure
        < platforms
        < jobs report
        < arguments
        < cli
        < __init__ __main__
    """,
}
"""Packages too are in order: each may import those before it, and none that comes after."""

FLAT = {
    "pynn_backprop": (
        "__init__", "__main__", "errors", "arguments", "checks", "compiled", "extras", "resources", "weights", "spikes",
        "platforms",
    ),
}  # fmt: skip
"""What may lie in a package without a folder of its own."""


def test_every_import_runs_downward_and_none_in_a_circle():
    found = faults(Tree(ROOT, LAYERS), {name: Layers(name, text) for name, text in LAYERS.items()}, FLAT)
    assert not found, "\n" + "\n".join(found)


def test_the_picture_of_the_layers_shows_these():
    shown = Image.open(ROOT / "docs/images/layers.png").info["Description"]
    layers = {name: [" ".join(floor.split()) for floor in LAYERS[name].split("<")][:-1] for name in json.loads(shown)}
    assert json.loads(shown) == layers, "python tools/draw_layers.py draws it anew"
