"""The table of traits is complete: every field of it is measured, or a choice of ours."""

from __future__ import annotations

import dataclasses
import re
import sys
from pathlib import Path

import pytest

from pynn_backprop.simulation import backends
from pynn_backprop.simulation.backends.traits import TRAITS, Traits

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scenarios.traits import CHOICES, MEASURES

FIELDS = {field.name for field in dataclasses.fields(Traits)}


def test_every_trait_is_either_measured_or_a_choice_with_a_reason():
    assert set(MEASURES) | set(CHOICES) == FIELDS
    assert not set(MEASURES) & set(CHOICES)
    assert all(len(reason) > 10 for reason in CHOICES.values())


def test_every_trait_is_explained():
    explained = {
        name.strip()
        for line in (Traits.__doc__ or "").splitlines()
        if line.startswith("    ") and not line.startswith("        ")
        for name in line.split(",")
    }
    assert explained >= FIELDS


def test_every_simulator_has_its_traits():
    assert set(TRAITS) == set(backends.BACKENDS) == set(backends.SIMULATORS.values())


@pytest.mark.parametrize("traits", TRAITS.values(), ids=lambda traits: traits.simulator)
def test_the_values_have_the_types_that_the_table_declares(traits):
    for field in dataclasses.fields(traits):
        declared = field.type.split("[")[0]
        assert type(getattr(traits, field.name)).__name__ == declared, field.name


# --- docs/upstream.md


ROOT = Path(__file__).resolve().parents[2]
SHOWN = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/upstream.md").read_text(encoding="utf-8")))


def names_of_tests(path: Path) -> set[str]:
    return set(re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_list_of_upstream_defects_names_every_test_that_shows_one():
    shown_by = names_of_tests(ROOT / "tests/platform/test_upstream.py")
    assert len(shown_by) > 10
    assert shown_by <= SHOWN


def test_every_test_and_file_that_the_list_of_upstream_defects_names_exists():
    existing = set().union(*(names_of_tests(path) for path in (ROOT / "tests/platform").glob("test_*.py")))
    assert existing >= SHOWN
    text = (ROOT / "docs/upstream.md").read_text(encoding="utf-8")
    files = set(re.findall(r"`((?:hardware|tests|pynn_backprop)/[\w/]+(?:\.py)?)`", text))
    assert len(files) > 5
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_the_traits_that_the_list_of_upstream_defects_names_are_measured():
    text = (ROOT / "docs/upstream.md").read_text(encoding="utf-8")
    named = {name for group in re.findall(r"traits?: ((?:`\w+`(?:, )?)+)", text) for name in re.findall(r"\w+", group)}
    assert len(named) > 5
    assert named <= set(MEASURES)
