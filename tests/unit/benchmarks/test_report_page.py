"""The page: one file that needs nothing else and says what the tables say."""

from __future__ import annotations

import html
import re

import pytest
from benchmark_rows import lost, made, mixed
from page_reading import Page, Tables

from benchmarks.report.content import sections
from benchmarks.report.groups import groups_of
from benchmarks.report.html import REPORT, render, write_report
from benchmarks.report.plots.all import all_plots
from benchmarks.report.summary import lines_of
from pynn_backprop.errors import InputError


@pytest.fixture
def rows():
    return mixed()


@pytest.fixture(scope="module")
def plots():
    return all_plots(groups_of(lines_of(mixed())))


@pytest.fixture(scope="module")
def text(plots):
    return render(mixed(), plots)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_page_needs_no_network_and_no_other_file(page, text):
    names = {tag for tag, _ in page.elements}
    assert not names & {"link", "img", "iframe", "object", "embed"}
    assert page.all("script") == [{}]
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
    found = sections(mixed())
    names = ("results", "learning", "scale", "energy", "published", "counts", "models", "runs")
    wanted = {name: [found[name]] if name == "published" else found[name] for name in names}
    assert [len(wanted[name]) for name in ("results", "scale", "energy", "counts")] == [5, 1, 2, 9]
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


def test_the_first_answers_stand_in_the_head(text):
    head = html.unescape(text.partition("<main>")[0])
    for one in sections(mixed())["glances"]:
        assert f'<dt>{one.question}</dt><dd class="answer">{one.answer}</dd><dd>{one.detail}</dd>' in head


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
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text


@pytest.mark.slow
def test_report_and_plots_are_written(rows, tmp_path):
    written = write_report(rows, tmp_path)
    assert written[0] == tmp_path / REPORT
    assert {path.suffix for path in written[1:]} == {".png", ".svg", ".pdf", ".md", ".tex"}
    assert all(path.stat().st_size > 100 for path in written)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plots", "report.html", "tables"]
    # Again, over what is there.
    assert write_report(rows, tmp_path) == written
    assert "<style>\n:root" in (tmp_path / REPORT).read_text(encoding="utf-8")


def test_what_only_steers_the_template_leaves_no_white_space(text):
    body = text.partition("</style>")[2].partition("<script>")[0]
    body = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
    assert not re.search(r"\n[ \t]|\n\n\n", body)
    assert text.endswith("</html>\n")


def test_rows_that_all_failed_have_a_report_that_says_so(tmp_path):
    for _ in range(2):
        write_report(iter([lost("missing", "lava is not installed")]), str(tmp_path))
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "lava is not installed" in text
    assert "Nothing to draw" in text


def test_a_report_of_nothing_or_to_nowhere_is_refused(rows, tmp_path):
    with pytest.raises(InputError, match=r"^rows is empty but must hold at least one row of results$"):
        write_report([], tmp_path)
    with pytest.raises(InputError, match=r"folder is .*nowhere.* but must be a folder"):
        write_report(rows, tmp_path / "nowhere")
