"""Meters, on counters made of files."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benchmarks.measure.meters import CpuTimeMeter, RaplMeter, Zone, best_meter, why_no_rapl
from pynn_backprop.errors import InputError


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
    meter = best_meter(root=machine["root"])
    assert (meter.kind, meter.name) == ("measured", "RAPL (package-0, package-0 dram, package-1)")
    assert meter.read() == 0
    add(machine["package-0"], 300)
    add(machine["dram"], 20)
    for part in ("core", "psys", "mmio"):
        add(machine[part], 1000)
    assert meter.read() == pytest.approx(320e-6)
    meter.close()


def test_a_counter_that_goes_round_is_followed(machine):
    meter = best_meter(root=machine["root"])
    add(machine["package-1"], 3000)
    assert int(machine["package-1"].read_text()) == 2000
    assert meter.read() == pytest.approx(3000e-6)
    add(machine["package-1"], 1500)
    assert meter.read() == pytest.approx(4500e-6)
    meter.close()


def test_a_counter_that_goes_round_twice_between_two_reads_is_followed_by_the_thread(machine):
    meter = RaplMeter((Zone("package-1", machine["package-1"], 1_000_000),), poll_seconds=0.01)
    for _ in range(4):
        add(machine["package-1"], 600_000)
        time.sleep(0.1)  # ten times as long as it takes to be read
    assert meter.read() == pytest.approx(2.4)
    before = threading.active_count()
    meter.close()
    assert threading.active_count() == before - 1


def test_the_reading_says_what_it_covers(machine):
    meter = best_meter(root=machine["root"])
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
    assert best_meter(root=machine["root"]) is None
    assert why_no_rapl(machine["root"]) == f"{machine['package-1']} may not be read by this user"
    assert best_meter(15, root=machine["root"]).kind == "estimated"


def test_a_counter_that_is_no_number_is_no_counter(machine):
    machine["package-0"].write_text("many\n")
    assert best_meter(root=machine["root"]) is None
    assert "can't be read" in why_no_rapl(machine["root"])


def test_without_rapl_and_without_a_declared_power_there_is_no_meter(tmp_path):
    assert best_meter(root=tmp_path / "nothing") is None
    assert "shows no RAPL counters" in why_no_rapl(tmp_path / "nothing")


def test_a_meter_of_no_counters_is_refused():
    with pytest.raises(InputError, match="zones is empty"):
        RaplMeter(())


# --- processor time x a declared power


def test_a_measured_energy_is_preferred_to_a_declared_power(machine):
    meter = best_meter(15, root=machine["root"])
    assert meter.kind == "measured"
    meter.close()


def test_time_times_power_is_called_an_estimate_and_names_its_power(tmp_path):
    meter = best_meter(12.5, root=tmp_path)
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
@pytest.mark.parametrize("with_rapl", [False, True])
def test_a_power_that_is_none_is_refused_whatever_the_machine_has(machine, watt, with_rapl):
    root = machine["root"] if with_rapl else machine["root"] / "nothing"
    with pytest.raises(InputError, match=r"watt is .* but must be a number above 0"):
        best_meter(watt, root=root)
