"""The model of `tools/measure_scaling.py` is what it says of itself."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[2] / "tools/scaling_model.py"


@pytest.fixture(scope="module")
def scaling():
    specification = importlib.util.spec_from_file_location("scaling_model", FILE)
    module = importlib.util.module_from_spec(specification)
    sys.modules["scaling_model"] = module
    specification.loader.exec_module(module)
    yield module
    del sys.modules["scaling_model"]


@pytest.fixture
def works(scaling):
    return {
        400: scaling.Work(25, 6_000, 800_000, 1_500, 200_000),
        6400: scaling.Work(25, 60_000, 9_000_000, 15_000, 3e6),
    }


@pytest.fixture
def silence(scaling):
    return scaling.Silence({(1, 1): 3_000.0, (2, 1): 8_000.0, (1, 2): 5_000.0}, neuron=12.0)


def test_what_an_event_costs_is_found_again(scaling, works, silence):
    model = scaling.Model(silence, event=4.0, byte=0.1)
    ms = {hidden: model.ms(work, (1, 1), 0) for hidden, work in works.items()}
    assert ms[400] == pytest.approx((25 * (3_000 + 6_000 * 12) + 200_000 * 4) / 1e6)
    found = scaling.Model.fitted(silence, 0.1, works[400], ms[400])
    assert found.event == pytest.approx(4.0)


def test_neurons_and_events_are_shared_out_and_steps_and_bytes_are_not(scaling, works, silence):
    model, work = scaling.Model(silence, event=4.0, byte=0.1), works[400]
    shared = 25 * 6_000 * 12 + 200_000 * 4
    assert model.ms(work, (1, 2), 1_000) == pytest.approx((25 * 5_000 + shared / 2) / 1e6)
    assert model.ms(work, (2, 1), 1_000) == pytest.approx((25 * (8_000 + 100) + shared / 2) / 1e6)


@pytest.mark.parametrize("hidden", [400, 6400])
def test_no_other_number_of_processes_is_quicker_than_the_best(scaling, works, silence, hidden):
    model, work = scaling.Model(silence, event=4.0, byte=0.1), works[hidden]
    assert silence.waiting == 5_000
    best = model.best(work, silence.waiting)
    assert best > 1
    ms = [model.ms_on_paper(work, n, 1_000, silence.waiting) for n in (best, 0.9 * best, 1.1 * best)]
    assert min(ms) == ms[0]
