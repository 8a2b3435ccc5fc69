"""The page in headless Chromium: what it shows is what was recorded, and what follows from it; keys, phone, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import Chromium, Page, needs_chromium
from scenarios.viewed import small_run

from pynn_backprop.plots.diagram_layout import shown as boxed
from pynn_backprop.recording.blocks import circuit_of, labels_of, spikes_of
from pynn_backprop.reference.rule import Rule
from pynn_backprop.view import record, write_page
from pynn_backprop.view.recording import LEAD, Recorded

pytestmark = needs_chromium
READY = "window.page || document.querySelector('#trouble:not([hidden])')"
LIT = """page.data.phases.map((_, phase) => {
    page.look({ sample: 1, phase });
    const text = (box, part) => box.querySelector(part).textContent;
    return [
        [...document.querySelectorAll(".population.fires")].map((box) => [text(box, ".name"), text(box, ".count")]),
        [...document.querySelectorAll(".arrow.lit")].map((arrow) => Number(arrow.dataset.arrow)),
    ];
})"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module", params=["compact", "published", "three hidden layers"])
def shown(request, chromium: Chromium, finished_run: Path, tmp_path_factory) -> tuple[Recorded, Page]:
    folder = tmp_path_factory.mktemp("pages")
    if request.param == "three hidden layers":
        recorded = record(small_run(folder / "run", hidden=(20, 16, 12)), 6)
    else:
        recorded = record(finished_run, 6, request.param)
    write_page(recorded, folder / "view.html")
    return recorded, chromium.open(folder / "view.html", READY)


@pytest.fixture(scope="module")
def small_page(finished_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "view.html"
    write_page(record(finished_run, 6), path)
    return path


@pytest.fixture
def compact(chromium: Chromium, small_page: Path) -> Page:
    return chromium.open(small_page, READY)


def test_every_spike_follows_from_what_arrives_by_the_weights_of_the_page(shown):
    recorded, page = shown
    circuit = circuit_of(recorded.block)
    checked = page.value("page.checkAll()")
    first = (LEAD + 1) * circuit.schedule.length
    tables = spikes_of(recorded.block.segments[0])
    assert checked["wrong"] is None
    assert checked["spikes"] == sum((tables[p.name][:, 0] >= first).sum() for p in circuit.simulated) > 0


def test_the_weights_in_the_end_are_those_of_the_rule(shown):
    recorded, page = shown
    circuit, segment = circuit_of(recorded.block), recorded.block.segments[0]
    table, length = spikes_of(segment)["input"], circuit.schedule.length
    x = np.zeros((len(labels_of(segment)), circuit.neurons[0]), bool)
    x[table[:, 0] // length - 1, table[:, 1]] = True
    rule = Rule(recorded.weights, circuit.parameters, circuit.code, circuit.schedule.form)
    rule.train(x, labels_of(segment))
    last = f"W{circuit.depth}"
    assert (rule.weights()[last] != recorded.weights[last]).any()
    for name, matrix in rule.weights().items():
        number = next(n for n, p in enumerate(circuit.projections) if p.matrix == name and not p.transpose)
        found = page.value(
            f"Array.from({{length: {matrix.shape[1]}}}, (_, post) => "
            f"Array.from(page.weightsTo(page.data.projections[{number}], post, {len(x) * length})))"
        )
        np.testing.assert_array_equal(np.transpose(found), matrix)


def test_boxes_and_arrows_light_up_with_the_recorded_spikes(shown):
    recorded, page = shown
    circuit, tables = circuit_of(recorded.block), spikes_of(recorded.block.segments[0])
    start, carried = (LEAD + 2) * circuit.schedule.length, page.value("page.data.arrows")
    lit = page.value(LIT)
    for step, (boxes, arrows) in enumerate(lit, start):
        counts = {name: int((table[:, 0] == step).sum()) for name, table in tables.items()}
        drawn = {population.name: counts[population.name] for population in boxed(circuit) if counts[population.name]}
        assert {name: int(said.split(" of ")[0]) for name, said in boxes} == drawn
        for number, inside in enumerate(carried):
            sent = [circuit.projections[n] for n in inside]
            arrives = any((tables[p.pre][:, 0] == step - p.latency).any() for p in sent)
            assert (number in arrows) == arrives
    assert sum(len(arrows) for _, arrows in lit)


def test_the_console_is_clean_and_nothing_is_loaded(shown):
    _, page = shown
    assert page.console() == []
    assert [address for address in page.asked_for() if not address.startswith("file:")] == []
    assert len(page.asked_for()) == 1


def test_keys_go_through_phases_and_samples(compact):
    page = compact
    page.value("page.look({sample: 2, phase: 5})")
    page.press("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowDown")
    assert page.value("[page.state.sample, page.state.phase]") == [3, 6]
    assert "phase 6 of 16" in page.value("document.getElementById('phase').textContent")
    page.press("ArrowUp", "End")
    assert page.value("[page.state.sample, page.state.phase]") == [2, 16]
    page.press("Home", "ArrowLeft")
    assert page.value("page.state.phase") == 0
    page.press(" ")
    page.wait("page.state.phase > 0")
    page.press(" ")
    assert page.value("document.getElementById('play').getAttribute('aria-label')") == "play"
    assert page.console() == []


def test_a_neuron_is_chosen_in_the_diagram_and_its_sum_decides(compact):
    page = compact
    page.value("page.look({sample: 0, phase: 2})")
    page.click("[aria-label^='h,'] rect")
    state = page.value("page.state")
    assert page.value(f"page.data.populations[{state['population']}].name") == "h"
    neuron, step = state["neuron"], page.value("(page.data.lead + page.state.sample) * 17 + 2")
    gates, drive = page.value(
        f"(s => [s.gates, s.drive])(page.sumsOf(page.termsOf({state['population']}, {neuron}, {step})))"
    )
    assert gates == 8192 + 512
    said = page.value("document.getElementById('now').textContent")
    assert f"{gates + drive - 8192:,}" in said
    assert "it fires" in said
    assert page.value("document.querySelectorAll('#weights canvas').length") >= 1
    page.press("Escape")
    assert page.value("page.state.population") is None


def test_right_and_wrong_samples_are_told_apart(compact):
    page = compact
    kinds = page.value("page.samples.map((s, n) => [page.kindOf(n), s.label === s.answer])")
    assert {kind for kind, _ in kinds} >= {"wrong", "right"} or {kind for kind, _ in kinds} >= {"wrong", "unsure"}
    assert all((kind != "wrong") == right for kind, right in kinds)
    wrong = next(n for n, (kind, _) in enumerate(kinds) if kind == "wrong")
    page.click(f"#samples [data-sample='{wrong}']")
    page.press("End")
    assert "wrong" in page.value("document.getElementById('verdict').textContent")


def test_a_link_leads_to_a_phase_of_a_sample(chromium, small_page, compact):
    compact.value("page.look({sample: 3, phase: 4, population: 0, neuron: 7})")
    address = compact.value("location.hash")
    compact.value("page.look({sample: 0, phase: 0, population: null})")
    compact.value(f"void (location.hash = {address!r})")
    compact.wait("page.state.sample === 3")
    assert compact.value("[page.state.phase, page.state.population, page.state.neuron]") == [4, 0, 7]


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_is_cut_off_at_any_width(compact, width):
    compact.resize(width, 800)
    compact.value("page.look({sample: 0, phase: 3, population: page.data.populations.findIndex(p => p.name === 'h')})")
    assert compact.value("document.documentElement.scrollWidth <= innerWidth")
    sizes = compact.value(
        "[...document.querySelectorAll('.buttons button')].map(b => b.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 40
    least = "Math.min(...[...document.querySelectorAll('#diagram text')].map(t => t.getBoundingClientRect().height))"
    assert compact.value(least) >= 8


def test_it_prints_without_its_controls(compact, tmp_path):
    compact.value("page.look({sample: 0, phase: 3, population: page.data.populations.findIndex(p => p.name === 'h')})")
    compact.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    compact.ask("Emulation.setEmulatedMedia", media="print")
    hidden = "['.buttons', '#choose'].map(s => getComputedStyle(document.querySelector(s)).display)"
    assert compact.value(hidden) == ["none", "none"]
    assert compact.value("document.getElementById('diagram').getBoundingClientRect().width") > 300
    compact.ask("Emulation.setEmulatedMedia", media="")
