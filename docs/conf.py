"""Sphinx configuration."""

import pynn_backprop

project = "pynn_backprop"
author = "The pynn_backprop developers"
copyright = "2026, The pynn_backprop developers"
release = pynn_backprop.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["_build", "_templates", "examples"]
templates_path = ["_templates"]
html_theme = "furo"
autodoc_member_order = "bysource"
# One page for each module of the packages that api.rst lists; a new module needs no line there.
autosummary_generate = True
numpydoc_show_class_members = False
