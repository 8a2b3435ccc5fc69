"""A page of a run on a simulator shows the spikes of that simulator, which are those of the circuit step by step."""

from __future__ import annotations

import json

from scenarios.viewed import small_run
from simulators import run_with_simulators

from pynn_backprop.interfaces import Platform
from pynn_backprop.simulation.backends.registry import written
from pynn_backprop.view import record
from pynn_backprop.view.content import content_of


@run_with_simulators("nest:compiled", "brian2:numpy", "lava:emulator", slow=("brian2:numpy", "lava:emulator"))
def test_the_page_of_a_run_shows_the_spikes_of_its_simulator(platform: Platform, tmp_path):
    folder = small_run(tmp_path / "run", samples=60, epochs=1)
    by_rule = content_of(record(folder, 5))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "simulator": platform.name}))
    found = content_of(record(folder, 5))
    assert found["platform"] == written(platform.name) != by_rule["platform"]
    assert found["spikes"] == by_rule["spikes"]
    assert any(table["neurons"]["shape"] != [0] for table in found["spikes"])
