"""The peak of a process's memory, in MB of 10^6 bytes."""

from __future__ import annotations

import resource
import sys
from types import SimpleNamespace

import pytest

from pynn_backprop.runs.memory import peak_memory


def test_the_kernels_kB_are_1024_bytes(tmp_path):
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmPeak:\t  900000 kB\nVmHWM:\t  250000 kB\nVmRSS:\t    1000 kB\n")
    assert peak_memory(status) == 256.0


@pytest.mark.parametrize(("system", "peak"), [("linux", 250_000), ("darwin", 256_000_000)])
@pytest.mark.parametrize("there", [True, False])
def test_where_the_kernel_does_not_show_it_the_process_is_asked(tmp_path, monkeypatch, system, peak, there):
    status = tmp_path / "status"
    if there:
        status.write_text("Name:\tpython\n")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=peak))
    assert peak_memory(status) == 256.0


def test_it_is_that_of_this_process():
    before = peak_memory()
    held = bytearray(int(before * 1e6) + 50_000_000)
    assert peak_memory() - before > 40
    assert held
