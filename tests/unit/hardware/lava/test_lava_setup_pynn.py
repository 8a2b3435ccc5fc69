"""`pyNN.lava` as PyNN's scripts import it: made, used, taken away; in a copy of PyNN."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyNN
import pytest

from hardware.lava import setup_pynn
from pynn_backprop.errors import PlatformError

SCRIPT = """
from pyNN.utility import get_simulator
sim, options = get_simulator()
sim.setup(timestep=1.0)
cells = sim.Population(3, sim.IF_curr_exp(i_offset=2.0))
cells.record("spikes")
sim.run(100.0)
print(sim.__name__, sum(len(train) for train in cells.get_data().segments[0].spiketrains) > 3)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """PyNN, linked file by file, so that one more does not reach the real one."""
    copy = tmp_path / "pyNN"
    copy.mkdir()
    for entry in Path(pyNN.__file__).parent.iterdir():
        if entry.name != "lava.py":
            (copy / entry.name).symlink_to(entry)
    return copy


def test_a_script_finds_its_simulator_by_name(folder):
    assert setup_pynn.install(folder) == setup_pynn.install(folder) == folder / "lava.py"
    root = Path(__file__).resolve().parents[4]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (folder.parent, root)))}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, "lava"], env=environment, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, "hardware.lava True\n"), done.stderr
    assert setup_pynn.remove(folder)
    assert not (folder / "lava.py").exists()
    assert not setup_pynn.remove(folder)


def test_what_is_somebody_elses_stays(folder):
    (folder / "lava.py").write_text("mine = True\n")
    for attempt in (setup_pynn.install, setup_pynn.remove):
        with pytest.raises(PlatformError, match="not ours"):
            attempt(folder)
    assert (folder / "lava.py").read_text() == "mine = True\n"
    (folder / "lava.py").unlink()
    (folder / "lava").mkdir()
    with pytest.raises(PlatformError, match=r"there is a pyNN\.lava already that is not ours"):
        setup_pynn.install(folder)


def test_the_command_says_what_it_did(folder, monkeypatch, capsys):
    monkeypatch.setattr(setup_pynn.pyNN, "__file__", str(folder / "__init__.py"))
    assert setup_pynn.main([]) == 0
    assert setup_pynn.main(["--remove"]) == 0
    assert setup_pynn.main(["--remove"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"pyNN.lava is hardware.lava now: {folder / 'lava.py'}",
        "pyNN.lava is removed",
        "there is no pyNN.lava",
    ]
    (folder / "lava.py").write_text("mine = True\n")
    assert setup_pynn.main([]) == 1
    assert "not ours" in capsys.readouterr().err
