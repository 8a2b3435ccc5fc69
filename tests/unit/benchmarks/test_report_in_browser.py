"""The report in headless Chromium: the four answers on the first screen, filters and sorting, phone, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmark_rows import made
from browser import Chromium, Page, needs_chromium
from sources import ROOT

from benchmarks.report.html import render

pytestmark = needs_chromium
COMMITTED = ROOT / "benchmarks" / "results" / "report.html"
RUNS = "#runs section.table:last-of-type"
PLATFORMS = (("nest", "compiled"), ("brian2", "cython"))
SEEDS = (3, 20, 0, 100, 7, 1, 11, 2)
SHOWN = f"[...document.querySelectorAll('{RUNS} tbody tr')].filter(row => !row.hidden).map(row => row.textContent)"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    rows = [made(*PLATFORMS[k % 2], seed=seed) for k, seed in enumerate(SEEDS)]
    path.write_text(render(rows, []), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def page(browser: Chromium, report: Path) -> Page:
    return browser.open(report, "document.querySelector('.filter')")


@pytest.mark.parametrize("committed", [False, True], ids=["made here", "committed"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_the_first_screen_answers_the_four_questions(browser, report, width, height, committed):
    page = browser.open(COMMITTED if committed else report, "document.querySelector('.filter')", width, height)
    questions = page.value("[...document.querySelectorAll('.glances dt')].map(one => one.textContent)")
    assert questions == ["How accurate?", "How fast?", "How much energy?", "All equal?"]
    lowest = (
        "Math.max(...[...document.querySelectorAll('.glances .answer')].map(e => e.getBoundingClientRect().bottom))"
    )
    assert page.value(lowest) <= height
    assert page.value("document.documentElement.scrollWidth <= innerWidth")
    assert page.console() == []
    assert len(page.asked_for()) == 1


def test_a_long_table_is_filtered_by_words_and_by_choices(page):
    every = page.value(SHOWN)
    page.value(f"void (document.querySelector('{RUNS} input').focus())")
    page.ask("Input.insertText", text="nest")
    found = page.value(SHOWN)
    assert found == [row for row in every if "nest" in row.lower()]
    assert 0 < len(found) < len(every)
    assert page.value(f"document.querySelector('{RUNS} output').textContent") == f"{len(found)} of {len(every)} rows"
    page.click(f"{RUNS} [type=reset]")
    page.wait(f"{SHOWN}.length === {len(every)}")
    chosen = page.value(
        f"(s => {{ s.selectedIndex = 1; s.dispatchEvent(new Event('input', {{bubbles: true}})); return s.value; }})"
        f"(document.querySelector('{RUNS} select'))"
    )
    assert 0 < len(page.value(SHOWN)) < len(every)
    assert all(chosen in row for row in page.value(SHOWN))


def test_a_heading_sorts_numbers_as_numbers_up_and_down(page):
    seeds = f"[...document.querySelectorAll('{RUNS} tbody tr')].map(row => Number(row.cells[1].textContent))"
    page.click(f"{RUNS} thead th:nth-child(2) .sort")
    assert page.value(seeds) == sorted(SEEDS)
    page.click(f"{RUNS} thead th:nth-child(2) .sort")
    assert page.value(seeds) == sorted(SEEDS, reverse=True)
    assert page.value(f"document.querySelector('{RUNS} thead th:nth-child(2)').ariaSort") == "descending"


def test_on_paper_are_the_rows_that_were_chosen_and_no_controls(page, tmp_path):
    page.value(f"void (document.querySelector('{RUNS} input').focus())")
    page.ask("Input.insertText", text="nest")
    page.ask("Emulation.setEmulatedMedia", media="print")
    displays = (
        "[...document.querySelectorAll('.filter input, .filter select, nav')].map(e => getComputedStyle(e).display)"
    )
    assert set(page.value(displays)) == {"none"}
    assert page.value(f"getComputedStyle(document.querySelector('{RUNS} output')).display") != "none"
    page.ask("Emulation.setEmulatedMedia", media="")
    page.pdf(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
