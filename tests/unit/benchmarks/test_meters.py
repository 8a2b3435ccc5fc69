"""Meters, on counters made of files."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks.meters import METERS, open_meter
from benchmarks.meters.base import MeterKind
from benchmarks.meters.cpu_time import CpuTimeMeter
from benchmarks.meters.rapl import RaplMeter, rapl_meter, why_no_rapl
from pynn_backprop.errors import InputError, PlatformError


def zone(root: Path, folder: str, name: str, energy: int = 0, highest: int = 1_000_000) -> Path:
    """A counter as the kernel shows it; returns the file with its energy."""
    (root / folder).mkdir(parents=True)
    (root / folder / "name").write_text(f"{name}\n")
    (root / folder / "max_energy_range_uj").write_text(f"{highest}\n")
    (root / folder / "energy_uj").write_text(f"{energy}\n")
    return root / folder / "energy_uj"


@pytest.fixture
def machine(tmp_path):
    """Two packages, one with memory beside it, and what is part of a package or contains them all."""
    (tmp_path / "intel-rapl").mkdir()
    return {
        "root": tmp_path,
        "package-0": zone(tmp_path, "intel-rapl:0", "package-0", 100),
        "core": zone(tmp_path, "intel-rapl:0:0", "core", 50),
        "dram": zone(tmp_path, "intel-rapl:0:1", "dram", 10),
        "package-1": zone(tmp_path, "intel-rapl:1", "package-1", 999_000),
        "psys": zone(tmp_path, "intel-rapl:2", "psys", 7),
        "mmio": zone(tmp_path, "intel-rapl-mmio:0", "package-0", 7),
    }


def add(counter: Path, uj: int, highest: int = 1_000_000) -> None:
    """Use energy, so that the counter goes round."""
    counter.write_text(str((int(counter.read_text()) + uj) % highest))


# --- RAPL


def test_packages_and_memory_are_summed_and_parts_of_them_are_not(machine):
    meter = rapl_meter(machine["root"])
    assert (meter.kind, meter.name) == ("measured", "RAPL (package-0, package-0 dram, package-1)")
    assert meter.read() == 0
    add(machine["package-0"], 300)
    add(machine["dram"], 20)
    for part in ("core", "psys", "mmio"):
        add(machine[part], 1000)
    assert meter.read() == pytest.approx(320e-6)
    meter.close()


def test_a_counter_that_goes_round_is_followed(machine):
    meter = rapl_meter(machine["root"])
    add(machine["package-1"], 3000)
    assert int(machine["package-1"].read_text()) == 2000
    assert meter.read() == pytest.approx(3000e-6)
    add(machine["package-1"], 1500)
    assert meter.read() == pytest.approx(4500e-6)
    meter.close()


class Watched:
    """A counter in memory that knows how often it was read, so that a test waits for a reading, not for a time."""

    label, range_uj = "package-1", 1_000_000

    def __init__(self) -> None:
        self.value, self.reads, self.read_anew = 0, 0, threading.Condition()

    def energy_uj(self) -> int:
        with self.read_anew:
            self.reads += 1
            self.read_anew.notify_all()
            return self.value

    def add_and_be_read(self, uj: int) -> None:
        with self.read_anew:
            self.value, seen = (self.value + uj) % self.range_uj, self.reads
            assert self.read_anew.wait_for(lambda: self.reads > seen, timeout=60)


def test_a_counter_that_goes_round_twice_between_two_reads_is_followed_by_the_thread():
    counter = Watched()
    meter = RaplMeter((counter,), poll_seconds=1e-3)
    for _ in range(4):
        counter.add_and_be_read(600_000)
    assert meter.read() == pytest.approx(2.4)
    before = threading.active_count()
    meter.close()
    assert threading.active_count() == before - 1


def test_a_recorded_trace_is_followed_reading_by_reading(tmp_path):
    """Fifty-three seconds of a processor whose counter goes round twice; see the file for where it is from."""
    lines = (Path(__file__).parent / "rapl-recorded.txt").read_text().splitlines()
    first, *later = (int(reading) for line in lines if not line.startswith("#") for reading in line.split())
    highest = 32 * (2**32 - 1)
    file = zone(tmp_path, "intel-rapl:0", "package-0", first, highest)
    meter, joule = rapl_meter(tmp_path), [0.0]
    for reading in later:
        file.write_text(f"{reading}\n")
        joule.append(meter.read())
    meter.close()
    assert len(joule) == 54
    assert joule[-1] == pytest.approx((later[-1] + 2 * highest - first) * 1e-6)
    watt = np.diff(joule)
    assert np.all((watt > 2000) & (watt < 8000))  # in its too large unit, and no jump where it goes round


def test_two_readings_that_were_recorded_are_the_energy_between_them(tmp_path):
    """Ten minutes of a machine in https://github.com/mlco2/codecarbon/issues/286, 1,414,039,227 uJ as said there."""
    file = zone(tmp_path, "intel-rapl:0", "package-0", 51_177_839_565, 262_143_328_850)
    meter = rapl_meter(tmp_path)
    file.write_text("52591878792\n")
    assert meter.read() == pytest.approx(1414.039227)
    meter.close()


def test_packages_and_memory_are_followed_together_reading_by_reading(tmp_path):
    """Counters of two packages and of memory as they stood one after the other; both packages go round on the way."""
    lines = (Path(__file__).parent / "rapl-by-hand.csv").read_text().splitlines()
    names, highest, first, *later = (line.split(",") for line in lines if not line.startswith("#"))
    files = [
        zone(tmp_path, folder.partition("=")[0], folder.partition("=")[2], int(value), int(most))
        for folder, value, most in zip(names[:-1], first, highest, strict=False)
    ]
    meter = rapl_meter(tmp_path)
    for *readings, joule in later:
        for file, reading in zip(files, readings, strict=True):
            file.write_text(reading)
        assert meter.read() == pytest.approx(float(joule), abs=1e-6)
    meter.close()


def test_the_reading_says_what_it_covers(machine):
    meter = rapl_meter(machine["root"])
    assert "every process of the machine, and idling" in meter.covers
    assert why_no_rapl(machine["root"]) == ""
    meter.close()


def test_one_counter_that_may_not_be_read_makes_the_sum_unusable(machine, monkeypatch):
    read_text = Path.read_text

    def refuse(path: Path, *args, **kwargs) -> str:
        if path == machine["package-1"]:
            raise PermissionError(13, "Permission denied")
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert rapl_meter(machine["root"]) is None
    assert why_no_rapl(machine["root"]) == f"{machine['package-1']} may not be read by this user"


def test_a_counter_that_is_no_number_is_no_counter(machine):
    machine["package-0"].write_text("many\n")
    assert rapl_meter(machine["root"]) is None
    assert "can't be read" in why_no_rapl(machine["root"])


def test_why_there_is_no_rapl_is_said(tmp_path):
    assert rapl_meter(tmp_path / "nothing") is None
    assert "shows no RAPL counters" in why_no_rapl(tmp_path / "nothing")


def test_a_meter_of_no_counters_is_refused():
    with pytest.raises(InputError, match="zones is empty"):
        RaplMeter(())


# --- which meter


@pytest.fixture
def rapl(machine, monkeypatch):
    """Makes the machine's counters those of the fixture, or none."""

    def there(is_there: bool) -> None:
        root = machine["root"] if is_there else machine["root"] / "nothing"
        kind = MeterKind("rapl", "", lambda watt: rapl_meter(root), lambda: why_no_rapl(root))
        monkeypatch.setitem(METERS.registered, "rapl", kind)

    return there


@pytest.mark.parametrize(
    ("there", "watt", "kind"), [(True, 15.0, "measured"), (True, None, "measured"), (False, 15.0, "estimated")]
)
def test_a_measured_energy_is_preferred_to_a_declared_power(rapl, there, watt, kind):
    rapl(there)
    meter = open_meter(watt=watt)
    assert meter.kind == kind
    meter.close()


def test_without_rapl_and_without_a_declared_power_there_is_no_meter(rapl):
    rapl(False)
    assert open_meter() is None


def test_a_meter_that_is_named_is_taken_or_says_why_it_can_not(rapl):
    rapl(True)
    assert open_meter("cpu-time", watt=15.0).kind == "estimated"
    with pytest.raises(PlatformError, match="the meter cpu-time can't be used here: no power is declared"):
        open_meter("cpu-time")
    rapl(False)
    with pytest.raises(PlatformError, match=r"the meter rapl can't be used here: .* shows no RAPL counters"):
        open_meter("rapl")
    with pytest.raises(InputError, match="meter is 'rpl' but must be one of cpu-time, rapl"):
        open_meter("rpl")


MINE = """
from benchmarks.meters.base import MeterKind

class Plug:
    name, kind, covers = "plug", "measured", "the socket"

    def read(self):
        return 7.0

    def close(self):
        pass

METER = MeterKind("plug", "a socket that meters", lambda watt: Plug())
"""


def test_a_file_of_ones_own_is_a_meter(tmp_path):
    (tmp_path / "plug.py").write_text(MINE)
    kind, file = METERS.find(str(tmp_path / "plug.py"))
    assert open_meter(kind.name, file).read() == 7.0


# --- processor time x a declared power


def test_time_times_power_is_called_an_estimate_and_names_its_power():
    meter = CpuTimeMeter(12.5)
    assert (meter.kind, meter.name) == ("estimated", "CPU time x 12.5 W declared")
    assert "measured" not in meter.name + meter.covers


def test_it_is_processor_time_times_the_power():
    meter = CpuTimeMeter(2.0)
    start, joule = time.process_time(), meter.read()
    while time.process_time() - start < 0.1:
        pass
    used = time.process_time() - start
    assert meter.read() - joule == pytest.approx(2.0 * used, abs=0.02)


def test_sleeping_costs_nothing():
    meter = CpuTimeMeter(1000.0)
    joule = meter.read()
    time.sleep(0.2)
    assert meter.read() - joule < 0.25 * 0.2 * 1000


def test_a_process_that_it_started_counts_too():
    meter = CpuTimeMeter(1.0)
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", busy], check=True, timeout=60)
    assert meter.read() > 0.3


def test_short_stages_are_not_zero():
    meter = CpuTimeMeter(1.0)
    joule = meter.read()
    sum(range(10_000))
    assert meter.read() > joule


@pytest.mark.parametrize("watt", [0, -1, True, "15", float("nan"), float("inf")])
def test_a_power_that_is_none_is_refused(watt):
    with pytest.raises(InputError, match=r"watt is .* but must be a number above 0"):
        CpuTimeMeter(watt)
