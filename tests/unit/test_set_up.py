"""What stands in setup.cfg, the Makefile and the citation fits together."""

from __future__ import annotations

import configparser
import importlib
import re
from pathlib import Path

import pytest

import pynn_backprop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_the_extras_are_those_the_documentation_names(setup_cfg):
    extras = setup_cfg["options.extras_require"]
    assert {"nest", "brian2", "lava", "test", "docs", "all"} <= set(extras)
    (everything,) = extras["all"].split()
    # spinnaker and sanafe are for boards and for one energy model;
    # peers brings PyTorch, some gigabytes that nobody needs but to compare; mutants is for those who judge the tests.
    assert set(re.findall(r"\w+", everything)) - {"pynn_backprop"} == set(extras) - {
        "all",
        "peers",
        "mutants",
        "spinnaker",
        "sanafe",
    }


def test_make_installs_extras_that_exist(setup_cfg):
    line = re.search(r"^EXTRAS := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line
    assert {"nest", "test"} <= set(line[1].split(",")) <= set(setup_cfg["options.extras_require"])


def test_the_console_script_exists(setup_cfg):
    name, target = setup_cfg["options.entry_points"]["console_scripts"].strip().split(" = ")
    module, function = target.split(":")
    assert name == "pynn-backprop"
    assert callable(getattr(importlib.import_module(module), function))


def test_the_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {pynn_backprop.__version__}\n" in citation


def test_the_project_urls_are_the_papers_of_the_citation(setup_cfg):
    lines = setup_cfg["metadata"]["project_urls"].strip().splitlines()
    urls = dict(line.split(" = ") for line in lines)
    cited = re.findall(r"^    doi: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(cited) == 2
    assert sorted(urls.values()) == sorted(f"https://doi.org/{doi}" for doi in cited)
    # Package indexes refuse longer labels.
    assert max(map(len, urls)) <= 32
