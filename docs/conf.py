"""Sphinx configuration."""

import pynn_backprop

project = "pynn_backprop"
author = "The pynn_backprop developers"
copyright = "2026, The pynn_backprop developers"
release = pynn_backprop.__version__

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "examples"]
html_theme = "furo"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
