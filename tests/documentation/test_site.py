"""The site: its tutorials can be told by their first lines, and each has a card; what is on its pages."""

from __future__ import annotations

import ast
import re

import pytest
from sources import ROOT

import pynn_backprop

TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.py"))


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_is_a_program_with_a_numbered_title_and_a_card(tutorial):
    text = tutorial.read_text(encoding="utf-8")
    title, line, *_ = (ast.get_docstring(ast.parse(text)) or "").splitlines()
    assert re.fullmatch(rf"{tutorial.stem[0]}\. \S.*", title)
    assert re.fullmatch("=+", line)
    assert len(line) >= len(title)
    assert f":link: gallery/{tutorial.stem}\n" in (ROOT / "docs" / "index.md").read_text(encoding="utf-8")


def test_there_is_a_tutorial_for_what_users_come_for():
    assert [path.stem for path in TUTORIALS] == [
        "1_first_network",
        "2_simulators",
        "3_record_and_analyse",
        "4_own_data",
        "5_graded_values",
        "6_deep_circuits",
        "7_lava_and_mapping",
        "8_benchmarks",
        "9_extend",
    ]


def test_every_page_is_in_the_contents():
    named = re.findall(r"^([\w/-]+)$", (ROOT / "docs" / "index.md").read_text(encoding="utf-8"), re.MULTILINE)
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    assert pages <= set(named), f"not in the contents of docs/index.md: {sorted(pages - set(named))}"


def test_the_first_page_of_the_reference_has_every_public_name():
    names = re.findall(r"^   (\w+)$", (ROOT / "docs/api/index.rst").read_text(encoding="utf-8"), re.MULTILINE)
    # The version needs no page, and the data sets have that of their module.
    assert sorted(set(names) - {"packages"}) == sorted(set(pynn_backprop.__all__) - {"__version__", "datasets"})


def test_readme_shows_how_to_cite_this_version():
    (shown,) = re.findall(r"```bibtex\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    dois = re.findall(r"doi\s*[=:] \{?([\w./-]+)", shown)
    assert sorted(dois) == sorted(re.findall(r"doi: (\S+)", citation))
    assert f"version = {{{pynn_backprop.__version__}}}" in shown
    assert f"## {pynn_backprop.__version__} (" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_public_ci_runs_what_ci_runs():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert re.search(r"^      - run: bash \.ci/run", workflow, re.MULTILINE)
