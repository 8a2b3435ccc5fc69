"""What is not tried: networks that a form has no place for, or that this machine can't hold."""

from __future__ import annotations

import pytest
from benchmark_rows import job

from benchmarks.jobs import process, room
from benchmarks.platforms import PLATFORMS
from benchmarks.rows import SKIPPED

NEST = {"platform": "nest", "variant": "compiled"}


def test_a_network_that_fits_is_tried():
    assert room.why_not(job(**NEST), available=10**12) == ""
    assert room.why_not(job(), available=0) == ""  # nothing is known of the rule's memory


@pytest.mark.parametrize(("name", "variant"), [("nest", "compiled"), ("brian2", "cython"), ("lava", "emulator")])
def test_a_network_that_does_not_fit_is_skipped_with_its_size_and_what_is_free(name, variant):
    big = job(platform=name, variant=variant, case="mnist", hidden=100_000)
    said = room.why_not(big, available=2 * 10**9)
    assert "synapses would take about" in said
    assert said.endswith(f"of memory on {name}, 2 GB are free")
    needed = PLATFORMS.named(name).memory.of(big.find_case().units(100_000)[0] * 100_000)
    assert room.why_not(big, available=100 * needed) == ""


@pytest.mark.parametrize("name", ["nest", "brian2", "lava"])
def test_memory_grows_with_the_synapses(name):
    memory = PLATFORMS.named(name).memory
    assert memory.of(2_000_000) - memory.of(1_000_000) == pytest.approx(memory.synapse * 1e6)


def test_what_a_form_has_no_place_for_is_skipped_in_its_own_words_and_a_peer_is_not():
    deep = {"hidden": (20, 20, 20)}
    assert "published" in room.why_not(job(**deep, form="published"))
    assert room.why_not(job(**deep, form="compact")) == ""
    assert room.why_not(job(**deep, platform="scikit-learn", variant="batch1"), available=0) == ""


def test_such_a_row_says_so_and_no_process_is_started(monkeypatch):
    # A process would end with these words.
    monkeypatch.setattr(process, "START", "raise SystemExit('it was tried')")
    row = process.run(job(hidden=(20, 20, 20), form="published"))
    assert (row["status"], row["metrics"]) == (SKIPPED, {})
    assert row["why"]
