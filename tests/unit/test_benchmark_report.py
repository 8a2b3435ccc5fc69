"""The report: what is taken together, tables, plots, and the page."""

from __future__ import annotations

import html.parser
import io
import itertools
import re
from typing import Any

import pytest
from benchmark_rows import row
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from rich.console import Console

from benchmarks.measure.energy import INFERENCE, TRAINING, estimates
from benchmarks.report.content import (
    Table,
    against_published_table,
    estimates_table,
    failures_table,
    machines_table,
    metered_table,
    models_tables,
    neurobench_table,
    published_table,
    results_table,
    runs_table,
    spikes_tables,
)
from benchmarks.report.html import REPORT, render, write_report
from benchmarks.report.plot_files import inline_svg, write_plots
from benchmarks.report.plots import all_plots
from benchmarks.report.published import TABLE
from benchmarks.report.scaling import fits
from benchmarks.report.summary import lines_of, main_size, same_counts, significant, spread, with_prefix
from benchmarks.report.tables import print_table
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError

COUNTED = "CPU time x 15 W declared"


def made(platform: str, variant: str, ms: float = 2.0, accuracy: float = 0.9, **changes: Any) -> dict[str, Any]:
    """A row that is ok, of a network whose every population fires once a sample, with energies."""
    sizes = changes.pop("layer_sizes", [4, 3, 2])
    joule, kind = changes.pop("joule", 0.03), changes.pop("kind", "estimated")
    found = row(accuracy=accuracy)
    samples = found["samples"]
    found |= {"platform": platform, "variant": variant, "layer_sizes": sizes, "host": {"cpu": "a processor"}}
    found["repeat_seconds"]["train"] = [ms * samples * 1e-3 * factor for factor in (0.9, 1.0, 1.2)]
    found["counts"] = counts(training_circuit(sizes)) | {"inference": counts(inference_circuit(sizes))}
    found["metrics"]["training"] = {"Footprint": 1234, "SynapticOperations": {"Dense": 99}}
    found["correct"] = {"means": "equal", "weights_equal_reference": True, "answers_equal_reference": True, "is": True}
    found |= changes
    if joule is not None:
        by = "RAPL (package-0)" if kind == "measured" else COUNTED
        found["energy"] = [
            {"kind": kind, "of": of, "by": by, "joule_per_sample": joule, "covers": "the run"}
            for of in (TRAINING, INFERENCE)
        ]
    found["energy"] = [*found["energy"], *estimates(found)]
    return found


def counts(circuit: Any) -> dict[str, Any]:
    """One spike a sample of each population."""
    spikes = {population.name: 1.0 for population in circuit.populations}
    phases = {name: [1.0] + [0.0] * (circuit.schedule.length - 1) for name in spikes}
    return {
        "spikes_per_sample": spikes,
        "spikes_by_phase": phases,
        "all_spikes_per_sample": float(len(spikes)),
        "synaptic_events_per_sample": 40.0,
        "plastic_updates_per_sample": 5.0,
    }


def lost(status: str, why: str) -> dict[str, Any]:
    """A row without a result."""
    found = made("lava", "stock", joule=None)
    return found | {
        "status": status,
        "why": why,
        "repeat_seconds": {},
        "metrics": {},
        "counts": {},
        "energy": [],
        "warm_up_seconds": None,
        "peak_memory_MB": None,
    }


def mixed() -> list[dict[str, Any]]:
    """Three platforms, two seeds of one of them, a peer, three sizes, and one that took too long; MNIST."""
    found = [
        made("nest", "compiled", 5.0, kind="measured", joule=0.2),
        made("nest", "compiled", 6.0, accuracy=0.94, seed=1, kind="measured", joule=0.4),
        made("brian2", "cython", 9.0),
        made("reference", "oracle", 0.01, joule=None),
        made("scikit-learn", "batch1", 0.1, counts={"macs_per_sample": 18, "inference": {"macs_per_sample": 6}}),
        *(made("nest", "compiled", 5.0 * hidden, layer_sizes=[4, hidden, 2]) for hidden in (6, 12, 24)),
        lost("timeout", "ended after 300 s"),
    ]
    return [one | {"case": "mnist"} for one in found]


@pytest.fixture
def rows():
    return mixed()


def texts(table: Table) -> list[str]:
    return [f"{cell.text} {cell.detail} {cell.kind}".strip() for line in table.rows for cell in line]


def terminal(rows: list[dict[str, Any]], width: int = 200) -> str:
    stream = io.StringIO()
    print_table(rows, Console(file=stream, width=width))
    return stream.getvalue()


# --- numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1.234567, "1.23"), (0.000123456, "0.000123"), (99.96, "100"), (9.996, "10.0"), (368517.85, "368,518")],
)
def test_numbers_have_three_significant_digits(value, text):
    assert significant(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.709e-6, "14.7 µJ"),
        (0.9996e-6, "1.00 µJ"),
        (0.00059, "590 µJ"),
        (1.5, "1.50 J"),
        (2e-15, "0.00200 pJ"),
        (12345.0, "12.3 kJ"),
        (0, "0 pJ"),
    ],
)
def test_quantities_have_the_prefix_that_fits(value, text):
    assert with_prefix(value, "J") == text


def test_a_spread_is_median_least_and_greatest():
    found = spread([3.0, 1.0, 2.0])
    assert (found.median, found.low, found.high, found.count) == (2.0, 1.0, 3.0, 3)
    assert spread([]) is None


# --- rows taken together


def test_seeds_are_taken_together_and_nothing_else_is(rows):
    lines = lines_of(rows)
    assert [(line.name, line.sizes, len(line.rows)) for line in lines] == [
        ("nest compiled", "4-3-2", 2),
        ("brian2 cython", "4-3-2", 1),
        ("reference oracle", "4-3-2", 1),
        ("scikit-learn batch1", "4-3-2", 1),
        ("nest compiled", "4-6-2", 1),
        ("nest compiled", "4-12-2", 1),
        ("nest compiled", "4-24-2", 1),
    ]


def test_times_are_over_the_repeats_of_all_seeds(rows):
    time = lines_of(rows)[0].ms_per_sample(TRAINING)
    assert (time.median, time.low, time.high, time.count) == pytest.approx((5.7, 4.5, 7.2, 6))
    assert lines_of(rows)[0].ms_per_sample(INFERENCE).median == pytest.approx(1e3 * 1.1 / rows[0]["test_samples"])


def test_accuracy_and_energy_are_medians_over_the_seeds(rows):
    line = lines_of(rows)[0]
    assert line.accuracy.median == pytest.approx(0.92)
    assert line.metered(TRAINING).joule == pytest.approx(0.3)
    assert line.joule_seconds(TRAINING) == pytest.approx(0.3 * 5.7e-3)


def test_platforms_are_said_to_fire_the_same_only_if_every_shared_seed_agrees(rows):
    assert [[line.name for line in group] for group in same_counts(main_size(lines_of(rows)), TRAINING)] == [
        ["nest compiled", "brian2 cython", "reference oracle"]
    ]
    rows[2]["counts"]["spikes_per_sample"]["h"] += 0.01
    assert [[line.name for line in group] for group in same_counts(main_size(lines_of(rows)), TRAINING)] == [
        ["nest compiled", "reference oracle"],
        ["brian2 cython"],
    ]


# --- tables


def all_tables(rows: list[dict[str, Any]]) -> list[Table]:
    lines = lines_of(rows)
    found = [results_table("mnist", lines), failures_table(rows), estimates_table("mnist", lines), metered_table(lines)]
    found += [published_table(), neurobench_table(lines), machines_table(rows), runs_table(rows)]
    return [table for table in [*found, *models_tables(), *spikes_tables("mnist", lines)] if table is not None]


def test_every_row_of_every_table_has_a_cell_for_each_column(rows):
    tables = all_tables(rows)
    assert len(tables) > 15
    for table in tables:
        assert table.rows, table.title
        assert {len(line) for line in table.rows} == {len(table.columns)}, table.title


def test_the_energy_of_a_run_says_how_it_is_known(rows):
    nest, brian2, oracle, *_ = results_table("mnist", lines_of(rows)).rows
    assert (nest[-1].text, nest[-1].detail, nest[-1].kind) == ("300 mJ", "RAPL (package-0)", "measured")
    assert (brian2[-1].text, brian2[-1].detail, brian2[-1].kind) == ("30.0 mJ", COUNTED, "estimated")
    assert (oracle[-1].text, oracle[-1].detail) == ("–", "no meter")


def test_an_energy_too_small_for_the_meter_is_not_shown_as_nothing(rows):
    tiny = [made("reference", "oracle", joule=0.0)]
    assert "too short for" in results_table("digits", lines_of(tiny)).rows[0][-1].detail
    assert "0 pJ" not in " ".join(texts(metered_table(lines_of(tiny))))
    assert not any("energy-delay" in plot.name for plot in all_plots(lines_of(tiny)))


def test_a_platform_that_differs_from_the_rule_is_shown_to(rows):
    rows[2]["correct"]["weights_equal_reference"] = False
    cells = [line[4] for line in results_table("mnist", lines_of(rows)).rows]
    assert [(cell.text, cell.kind) for cell in cells[:2]] == [("yes", ""), ("no", "differs")]


def test_estimates_stand_under_the_name_of_their_model(rows):
    table = estimates_table("mnist", main_size(lines_of(rows)))
    headings = [column.heading for column in table.columns]
    training = dict(zip(headings, table.rows[0], strict=True))
    entry = next(e for e in rows[0]["energy"] if e["by"] == "loihi-sweep" and e["of"] == TRAINING)
    assert training["loihi-sweep"].text == with_prefix(entry["joule_per_sample"], "J")
    assert training["counted on"].text == "nest compiled, brian2 cython, reference oracle"
    assert "estimated" in table.title
    assert "not of the simulator" in table.note


def test_what_has_no_result_says_why(rows):
    assert [cell.text for cell in failures_table(rows).rows[0][-2:]] == ["timeout", "ended after 300 s"]
    assert failures_table(rows[:3]) is None


def test_published_rows_are_all_there_and_marked():
    table = published_table()
    assert len(table.rows) == len(TABLE) == 17
    assert all(line[0].kind == "published" for line in table.rows)
    first = [cell.text for cell in table.rows[0]]
    assert first[1:8] == ["Loihi", "backpropagation", "400-400-10", "0.59", "1.5", "885 nJ s", "96.3%"]
    assert "None of these was measured here" in table.note


def test_the_published_network_is_compared_where_it_was_counted(rows):
    assert against_published_table(rows) is None
    rows.append(made("reference", "steps", layer_sizes=[400, 400, 10]) | {"case": "mnist"})
    table = against_published_table(rows)
    assert [line[3].text for line in table.rows] == ["0.59"] * 3 + ["0.0025"] * 2
    assert all(line[-1].text for line in table.rows)


def test_spikes_stand_in_their_phase_and_gates_are_left_out():
    table = spikes_tables("digits", lines_of([made("nest", "compiled")]))[0]
    found = {line[0].text: [cell.text for cell in line[1:]] for line in table.rows}
    assert found["h"] == ["1.0", *[""] * 11, "1.00"]
    assert not {"g0", "g11"} & set(found)


def test_models_tables_give_constants_sources_and_what_is_left_out():
    tables = {table.title.partition(":")[0]: table for table in models_tables()}
    assert any("120 pJ" in text for text in texts(tables["loihi-sweep"]))
    assert any("Davies et al." in text for text in texts(tables["loihi-sweep"]))
    assert "Leaves out: static power" in tables["loihi-sweep"].note


# --- terminal


def test_the_terminal_shows_results_failures_and_energies(rows):
    shown = terminal(rows)
    for words in ("nest compiled", "92.0%", "300 mJ measured", "30.0 mJ estimated", "ended after 300 s", "loihi-sweep"):
        assert words in shown


def test_a_result_is_one_line_in_the_terminal(rows):
    shown = terminal(rows, width=120).splitlines()
    line = next(line for line in shown if "brian2 cython" in line)
    assert "90.0%" in line
    assert "30.0 mJ estimated" in line
    assert "…" not in line


# --- plots


def test_every_plot_is_drawn_and_says_what_it_shows(rows):
    plots = {plot.name: plot for plot in all_plots(lines_of(rows))}
    assert set(plots) == {f"{kind}-mnist" for kind in ("accuracy-energy", "time", "energy-delay", "spikes", "scaling")}
    assert all(plot.caption and plot.description for plot in plots.values())
    assert "not measured here" in plots["accuracy-energy-mnist"].caption
    assert "nest compiled: training 5.70 ms" in plots["time-mnist"].description


def test_published_points_are_only_beside_the_same_data(rows):
    plots = {plot.name: plot for plot in all_plots(lines_of([one | {"case": "fashion-mnist"} for one in rows]))}
    for name in ("accuracy-energy-fashion-mnist", "energy-delay-fashion-mnist"):
        assert "published" not in plots[name].caption + plots[name].description


def test_without_values_there_is_no_plot():
    assert all_plots([]) == []
    bare = made("nest", "compiled", counts={}, energy=[], joule=None, repeat_seconds={}) | {"metrics": {}}
    assert all_plots(lines_of([bare])) == []


def drawn_texts(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is to be seen in a figure, with its box in pixels; ticks outside the axes are not drawn."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (axes,) = figure.axes
    written = [axes.xaxis.label, axes.yaxis.label, *axes.texts]
    written += [text for legend in figure.legends for text in legend.get_texts()]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        written += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in written if text.get_text()]


def test_no_text_of_a_plot_is_cut_off_or_lies_on_another(rows):
    for plot in all_plots(lines_of(rows)):
        texts_there, whole = drawn_texts(plot.figure), plot.figure.bbox.padded(1)
        assert len(texts_there) > 4
        outside = [text for text, box in texts_there if not all(whole.contains(*corner) for corner in box.corners())]
        assert outside == [], plot.name
        touching = [
            (one, other)
            for (one, first), (other, second) in itertools.combinations(texts_there, 2)
            if first.padded(-1).overlaps(second.padded(-1))
        ]
        assert touching == [], plot.name


def test_a_fitted_slope_is_the_exponent_of_a_power_law():
    lines = lines_of(
        made("nest", "compiled", 0.3 * hidden**1.5, layer_sizes=[4, hidden, 2], joule=None)
        for hidden in (50, 100, 400, 1600)
    )
    (fit,) = fits(lines)
    assert fit.slope == pytest.approx(1.5)
    assert fit.at(200) == pytest.approx(0.3 * 200**1.5)
    assert fit.hidden == (50, 100, 400, 1600)


def test_two_sizes_have_no_slope():
    sizes = ([4, 50, 2], [4, 100, 2], [4, 2])
    assert fits(lines_of(made("nest", "compiled", layer_sizes=size, joule=None) for size in sizes)) == []


def test_the_same_rows_give_the_same_files(rows, tmp_path):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written.append(write_plots(all_plots(lines_of(rows[2:4])), tmp_path / name))
    assert {path.suffix for path in written[0]} == {".png", ".svg"}
    for one, two in zip(*written, strict=True):
        assert one.name == two.name
        assert one.read_bytes() == two.read_bytes(), one.name


# --- the page


class Page(html.parser.HTMLParser):
    """Collects the elements of a page and checks that they are closed in order."""

    VOID = frozenset(("meta", "link", "br", "img", "hr", "input", "path", "use", "rect"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def text():
    return render(mixed(), all_plots(lines_of(mixed())))


@pytest.fixture(scope="module")
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


def test_the_page_marks_measured_estimated_and_published(text, page):
    for kind in ("measured", "estimated", "published"):
        assert sum(f"badge {kind}" == a.get("class") for a in page.all("span")) > 1, kind
    assert "measured by RAPL (package-0)" in text
    assert "Published, not measured here" in text


def test_the_page_says_where_nothing_was_measured(rows):
    estimated = render([made("nest", "compiled")], [])
    assert f"No energy was measured here. That of the runs is estimated as {COUNTED}" in estimated
    nothing = render([made("nest", "compiled", joule=None)], [])
    assert "No energy was measured here: there was no meter." in nothing


def test_the_page_follows_the_colours_of_the_reader_and_of_paper(text):
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert "#000000" not in re.sub(r"<style>.*?</style>", "", text, count=1, flags=re.DOTALL)


def test_what_comes_from_a_row_is_text_and_no_markup(rows):
    rows[-1]["why"] = "<script>alert(1)</script> & more"
    text = render(rows, [])
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text


def test_a_plot_in_the_page_has_ids_of_its_own(rows):
    one, two = (inline_svg(plot) for plot in all_plots(lines_of(rows))[:2])
    first, second = (set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, two))
    assert first
    assert not first & second


def test_report_and_plots_are_written(rows, tmp_path):
    written = write_report(rows, tmp_path)
    assert written[0] == tmp_path / REPORT
    assert {path.suffix for path in written[1:]} == {".png", ".svg"}
    assert all(path.stat().st_size > 1000 for path in written)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plots", "report.html"]


def test_rows_that_all_failed_have_a_report_that_says_so(tmp_path):
    write_report([lost("missing", "lava is not installed")], tmp_path)
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "lava is not installed" in text
    assert "Nothing to draw" in text


def test_a_report_of_nothing_or_to_nowhere_is_refused(rows, tmp_path):
    with pytest.raises(InputError, match="rows is empty"):
        write_report([], tmp_path)
    with pytest.raises(InputError, match=r"folder is .*nowhere.* but must be a folder"):
        write_report(rows, tmp_path / "nowhere")
