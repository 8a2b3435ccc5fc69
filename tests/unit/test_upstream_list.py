"""docs/upstream.md names every test that shows a defect of another package, and nothing that does not exist."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from scenarios.traits import MEASURES  # noqa: E402

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
