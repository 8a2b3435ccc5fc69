"""The tables of what forms and inference cost, cell by cell, of numbers that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.measure.forms import MEAN, RIGHT, WRONG, Form
from benchmarks.measure.inference import Asked, Inference
from benchmarks.measure.model_counts import COUNTS, Counts
from benchmarks.report.tables import forms, inference, markdown

Rows = list[dict[str, str]]


def counted(**numbers: float) -> Counts:
    """These counts, and nothing else that happened."""
    return Counts(**{**dict.fromkeys(COUNTS, 0.0), **numbers})


def markdown_rows(text: str) -> Rows:
    """The rows of a table: what stands under each heading."""
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_names_stand_to_the_left_and_numbers_to_the_right():
    assert markdown.table(["", "a", "b"], [["x", "1", "2"]]) == "|  | a | b |\n| --- | ---: | ---: |\n| x | 1 | 2 |"


# --- forms

PUBLISHED = Form(
    (4, 3, 2),
    "published",
    {"neurons": 3_282, "synapses": 1_234_567, "plastic": 1_000_000, "phases": 12},
    {"cores": 41, "us_per_step": 900.0, "ns_per_synapse": 6.0},
    {"cores": 1_081, "us_per_step": 250.0, "ns_per_synapse": 6.1},
    {RIGHT: 0.75, WRONG: 0.25, MEAN: 1.0},
    {
        RIGHT: counted(spikes=1_000, synaptic_events=20_000),
        WRONG: counted(spikes=2_000, synaptic_events=40_000, plastic_updates=300, active_updates=70, messages=11),
        MEAN: counted(spikes=1_250, synaptic_events=25_000, dense_operations=3_054),
    },
)
COMPACT = replace(
    PUBLISHED,
    form="compact",
    counts={RIGHT: counted(synaptic_events=10_000), MEAN: counted(dense_operations=1_800)},
    share={RIGHT: 1.0, MEAN: 1.0},
)
DEEPER = replace(
    COMPACT, units=(4, 3, 3, 2), counts={**COMPACT.counts, MEAN: counted(dense_operations=2_000, synaptic_events=9)}
)


def form_tables() -> list[Rows]:
    return [markdown_rows(text) for text in forms.tables([PUBLISHED, COMPACT, DEEPER]).split("\n\n")]


def test_the_size_of_a_form_and_the_time_that_its_learning_takes():
    sizes, *_ = form_tables()
    assert [row[""] for row in sizes] == ["4-3-2 published", "4-3-2 compact", "4-3-3-2 compact"]
    assert sizes[0] == {
        "": "4-3-2 published",
        "neurons": "3,282",
        "synapses": "1,234,567",
        "plastic": "1,000,000",
        "phases": "12",
        "cores, packed": "41",
        # A million synapses of 6.1 ns in each of 12 phases are 73.2 ms, 48.8 times as long as there is time.
        "cores to learn in 1.5 ms a sample": "49",
        "cores of 41 neurons": "1,081",
        "ms a sample there": "3.00",
    }


def test_the_counts_of_a_form_are_told_of_each_kind_of_sample_that_there_was():
    _, counts, *_ = form_tables()
    assert [(row[""], row["samples"], row["share"]) for row in counts] == [
        ("4-3-2 published", "without an error", "75.0%"),
        ("4-3-2 published", "with an error", "25.0%"),
        ("4-3-2 published", "mean", "100.0%"),
        *((name, kind, "100.0%") for name in ("4-3-2 compact", "4-3-3-2 compact") for kind in (RIGHT, MEAN)),
    ]
    assert list(counts[1].values())[3:] == ["2,000", "40,000", "300", "70", "11"]
    assert list(counts[1])[3:] == ["spikes", "synaptic events", "weight changes", "active neuron updates", "messages"]


def test_the_energy_of_a_form_is_that_of_its_mean_sample_and_is_held_against_the_first_and_the_published():
    *_, energies, _ = form_tables()
    found = {row["estimated by"]: row for row in energies}
    # 8.6 nJ a multiply-accumulate; 26.3 µJ of 0.59 mJ are 0.0445.
    assert found["`cpu-mac`"] == {
        "estimated by": "`cpu-mac`",
        "4-3-2 published": "26.3 µJ",
        "4-3-2 compact": "15.5 µJ",
        "4-3-3-2 compact": "17.2 µJ",
        "saved by compact": "41%",
        "published, of the measured 0.59 mJ": "0.045",
    }
    assert found["`loihi-silicon`"]["saved by compact"] == "100%"


def test_the_energy_of_a_kind_of_sample_is_told_by_models_that_see_a_difference():
    *_, kinds = form_tables()
    found = {row["estimated by"]: row for row in kinds}
    assert sorted(found) == ["`loihi-events`", "`loihi-silicon`", "`loihi-sweep`", "`spinnaker1`", "`spinnaker2`"]
    # 13.3 nJ an event.
    assert found["`spinnaker1`"] == {
        "estimated by": "`spinnaker1`",
        "4-3-2 published, without an error": "266 µJ",
        "4-3-2 published, with an error": "532 µJ",
        "4-3-2 compact, without an error": "133 µJ",
        "4-3-3-2 compact, without an error": "133 µJ",
    }


# --- inference

LARGE = Inference(
    Asked("mnist", 20, (400, 400, 10), 1, 200),
    samples=100,
    spikes=12_345,
    cores=9,
    steps=4,
    counts=counted(synaptic_events=20_000),
    joule={"synapse": 1.5e-6, "soma": 2.5e-7, "dendrite": 0.0},
    seconds=3.4848e-5,
)
SMALL = replace(LARGE, asked=Asked("digits", None, (192, 200, 10), 8, 41), cores=17, joule={**LARGE.joule, "soma": 0.0})


def inference_tables() -> list[Rows]:
    return [markdown_rows(text) for text in inference.tables([LARGE, SMALL]).split("\n\n")]


def test_the_energy_and_time_of_inference_are_held_against_the_constants_and_the_published():
    energies, _ = inference_tables()
    # 35.5 pJ an event; 1.75 µJ of 2.5 µJ, and 34.848 µs of 170 µs, which is 0.20499.
    assert energies == [
        {
            "": "400-400-10",
            "cores": "9",
            "`loihi-silicon`": "710 nJ",
            "`sanafe-loihi`": "1.75 µJ",
            "of the constants": "2.46",
            "of the measured 0.0025 mJ": "0.70",
            "time": "34.8 µs",
            "of the measured 0.17 ms": "0.20",
        },
        {
            "": "192-200-10, read-out of 8",
            "cores": "17",
            "`loihi-silicon`": "710 nJ",
            "`sanafe-loihi`": "1.50 µJ",
            "of the constants": "2.11",
            "of the measured 0.0025 mJ": "",
            "time": "34.8 µs",
            "of the measured 0.17 ms": "",
        },
    ]


def test_the_parts_of_the_energy_that_cost_nothing_anywhere_are_left_out():
    _, parts = inference_tables()
    assert parts == [
        {
            "": "400-400-10",
            "cores": "9",
            "synapse": "1.50 µJ",
            "soma": "250 nJ",
            "spikes of 100 samples, all equal": "12,345",
        },
        {
            "": "192-200-10, read-out of 8",
            "cores": "17",
            "synapse": "1.50 µJ",
            "soma": "0 pJ",
            "spikes of 100 samples, all equal": "12,345",
        },
    ]
