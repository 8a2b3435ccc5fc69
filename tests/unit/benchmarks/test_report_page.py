"""The page: one file that needs nothing else and says what the tables say."""

from __future__ import annotations

import html
import re

import pytest
from benchmark_rows import DECLARED, METER, lost, made, mixed
from page_reading import Page, Tables

from benchmarks.report.findings import energy_finding, finding
from benchmarks.report.html import REPORT, render, write_report
from benchmarks.report.plots.all import all_plots
from benchmarks.report.summary import lines_of, main_size
from benchmarks.report.tables.counted import neurobench_table, spikes_tables
from benchmarks.report.tables.energies import estimates_table, metered_table, models_tables, published_table
from benchmarks.report.tables.results import failures_table, results_table
from benchmarks.report.tables.runs import machines_table, runs_table
from pynn_backprop.errors import InputError


@pytest.fixture
def rows():
    return mixed()


@pytest.fixture(scope="module")
def plots():
    return all_plots(lines_of(mixed()))


@pytest.fixture
def text(plots):
    return render(mixed(), plots)


@pytest.fixture
def page(text):
    return Page(text)


def test_the_page_needs_no_network_no_script_and_no_other_file(page, text):
    names = {tag for tag, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed"}
    targets = [a[key] for _, a in page.elements for key in ("src", "href", "xlink:href", "srcset") if key in a]
    assert targets
    assert [target for target in targets if not target.startswith("#")] == []
    assert not re.search(r"@import|url\((?!#)|javascript:", text)
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_page_is_well_formed_and_every_reference_inside_it_exists(page):
    assert page.open == []
    names = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(names) == len(set(names))
    for _, attributes in page.elements:
        for key in ("href", "xlink:href", "aria-labelledby", "aria-describedby"):
            if attributes.get(key):
                assert attributes[key].lstrip("#") in names
        for found in re.findall(r"url\(#([^)]+)\)", " ".join(str(value) for value in attributes.values())):
            assert found in names


def test_the_page_can_be_read_aloud_and_on_a_phone(page):
    assert page.all("html") == [{"lang": "en"}]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert len(page.all("caption")) == len(page.all("table")) > 10
    assert all(heading.get("scope") in ("col", "row") for heading in page.all("th"))
    assert all(svg["role"] == "img" for svg in page.all("svg"))
    assert len(page.all("svg")) == len(page.all("figcaption")) == 5


def test_every_table_stands_in_its_section_cell_by_cell(text):
    rows = mixed()
    lines = lines_of(rows)
    wanted = {
        "results": [results_table("mnist", lines), failures_table(rows)],
        "energy": [metered_table(lines), estimates_table("mnist", lines)],
        "published": [published_table()],
        "counts": [neurobench_table(lines), *spikes_tables("mnist", lines)],
        "models": models_tables(),
        "runs": [machines_table(rows), runs_table(rows)],
    }
    shown = iter(Tables(text).tables)
    for section, tables in wanted.items():
        for table in tables:
            found = next(shown)
            assert (found.section, found.title, found.note) == (section, table.title, table.note)
            assert found.headings == [(one.heading, "number" if one.number else "") for one in table.columns]
            assert [[cell.texts for cell in cells] for cells in found.rows] == [
                [texts_of(cell) for cell in cells] for cells in table.rows
            ]
            classes = ["number" if one.number else "long" if one.long else "" for one in table.columns]
            for cells in found.rows:
                assert [cell.tag for cell in cells] == ["th", *["td"] * (len(classes) - 1)]
                assert [cell.kind for cell in cells[1:]] == classes[1:]
    assert next(shown, None) is None


def texts_of(cell):
    """The texts of a cell with the classes that they must have in the page."""
    badge = cell.kind in ("measured", "estimated", "published")
    texts = [(cell.text, "" if badge else cell.kind)] if cell.text else []
    texts += [(cell.kind, f"badge {cell.kind}")] if badge else []
    return [*texts, (cell.detail, "detail")] if cell.detail else texts


def test_the_plots_stand_under_their_captions(text, plots):
    assert "<h3>Plots: mnist</h3>" in text
    text = html.unescape(text)
    captions = re.findall(r'<figcaption id="([^"]+)-caption">([^<]+)</figcaption>', text)
    assert captions == [(plot.name, plot.caption) for plot in plots]
    values = re.findall(r'<p class="unseen" id="([^"]+)-values">([^<]+)</p>', text)
    assert values == [(plot.name, plot.description) for plot in plots]


def test_the_head_of_the_page_says_of_what_it_is(text):
    assert "Newest of\n9 runs: 2026-01-02 03:04 UTC. 1 of them has no result; why is said below.</p>" in text
    one = render([made("nest", "compiled")], [])
    assert "Newest of\n1 run: 2026-01-02 03:04 UTC.</p>" in one
    newer = made("nest", "compiled", started="2026-02-03T04:05:06+00:00")
    two = render([newer, lost("missing", "x"), lost("failed", "y")], [])
    assert "Newest of\n3 runs: 2026-02-03 04:05 UTC. 2 of them have no result;" in two
    found = re.findall(r"<li>(.*?)</li>", html.unescape(text))
    lines = lines_of(mixed())
    assert found == [finding("mnist", lines), energy_finding(lines)]


# --- findings


def test_a_case_is_summed_up_in_a_sentence(rows):
    rows[4]["metrics"]["ClassificationAccuracy"] = 0.85
    assert finding("mnist", lines_of(rows)) == (
        "mnist, 4-3-2: 4 platforms, 85.0% to 92.0% right, fastest reference oracle with 0.0100 ms a training sample, "
        "the same spikes on nest compiled, brian2 cython, reference oracle."
    )
    alone = lines_of([made("nest", "compiled")])
    assert finding("mnist", alone) == (
        "mnist, 4-3-2: 1 platform, 90.0% right, fastest nest compiled with 2.00 ms a training sample."
    )
    bare = lines_of([made("nest", "compiled", metrics={}, counts={}, repeat_seconds={})])
    assert finding("mnist", bare) == "mnist, 4-3-2: 1 platform."


def test_two_groups_that_fired_the_same_are_both_named(rows):
    for variant in ("fast", "stock"):
        rows.append(made("lava", variant) | {"case": "mnist"})
        rows[-1]["counts"]["spikes_per_sample"]["h"] += 0.01
    assert finding("mnist", main_size(lines_of(rows))).endswith(
        "the same spikes on nest compiled, brian2 cython, reference oracle; on lava fast, lava stock."
    )


def test_the_energies_are_summed_up_by_how_they_are_known(rows):
    assert energy_finding(lines_of(rows)) == (
        f"Energy of the runs was measured by {METER}; that of chips is estimated by models."
    )
    assert energy_finding(lines_of(rows[2:])) == (
        f"No energy was measured here. That of the runs is estimated as {DECLARED}; that of chips by models."
    )
    assert energy_finding(lines_of([made("nest", "compiled", joule=None)])) == (
        "No energy was measured here: there was no meter. What energies there are, are estimated by models."
    )


# --- what the page must be


def test_the_page_marks_measured_estimated_and_published(text, page):
    for kind in ("measured", "estimated", "published"):
        assert sum(f"badge {kind}" == a.get("class") for a in page.all("span")) > 1, kind
    assert "measured by RAPL (package-0)" in text
    assert "Published, not measured here" in text


def test_the_page_follows_the_colours_of_the_reader_and_of_paper(text):
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert "#000000" not in re.sub(r"<style>.*?</style>", "", text, count=1, flags=re.DOTALL)


def test_what_comes_from_a_row_is_text_and_no_markup(rows):
    rows[-1]["why"] = "<script>alert(1)</script> & more"
    text = render(rows, [])
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text


def test_report_and_plots_are_written(rows, tmp_path):
    written = write_report(rows, tmp_path)
    assert written[0] == tmp_path / REPORT
    assert {path.suffix for path in written[1:]} == {".png", ".svg"}
    assert all(path.stat().st_size > 1000 for path in written)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plots", "report.html"]
    # Again, over what is there.
    assert write_report(rows, tmp_path) == written
    assert "<style>\n:root" in (tmp_path / REPORT).read_text(encoding="utf-8")


def test_rows_that_all_failed_have_a_report_that_says_so(tmp_path):
    write_report([lost("missing", "lava is not installed")], tmp_path)
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "lava is not installed" in text
    assert "Nothing to draw" in text


def test_a_report_of_nothing_or_to_nowhere_is_refused(rows, tmp_path):
    with pytest.raises(InputError, match=r"^rows is empty but must hold at least one row of results$"):
        write_report([], tmp_path)
    with pytest.raises(InputError, match=r"folder is .*nowhere.* but must be a folder"):
        write_report(rows, tmp_path / "nowhere")
