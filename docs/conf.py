"""Sphinx configuration: ``make docs``."""

import contextlib
import dataclasses
import logging
import os
import re
import sys
import typing
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]
os.environ.setdefault("MPLBACKEND", "agg")
# Some of what is imported lets everything be logged.
logging.getLogger("pynn_backprop").setLevel(logging.WARNING)

import pynn_backprop  # noqa: E402

project = "pynn_backprop"
author = "The pynn_backprop developers"
copyright = "2026, The pynn_backprop developers"
release = version = pynn_backprop.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "example_pages",
    "full_width",
    "mathml",
]
exclude_patterns = ["_build", "_ext", "_templates", "examples", "tutorials"]
templates_path = ["_templates"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"pynn_backprop {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_show_sphinx = False
copybutton_prompt_text = "$ "

autodoc_member_order = "bysource"
# One page for each public name and for each module; a new module needs no line anywhere.
autosummary_generate = True
numpydoc_show_class_members = False

sphinx_gallery_conf = {
    "examples_dirs": "tutorials",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/\d",
    "ignore_pattern": r"__init__\.py",
    "within_subsection_order": "FileNameSortKey",
    "image_scrapers": ("figures_of_pages.scraper",),
    "reset_modules": (),
    "capture_repr": (),
    "abort_on_example_error": True,
    "remove_config_comments": True,
    "min_reported_time": 1,
    "show_signature": False,
    # That page loads scripts and styles from a network.
    "write_computation_times": False,
}


def _is_scikit_learns(app, what, name, obj, skip, options):
    """Whether a member is one that scikit-learn adds to every estimator, and its own pages explain."""
    return True if re.fullmatch(r"set_\w+_request|get_metadata_routing", name) else None


def _resolve_inherited_fields(app, obj, bound_method):
    """Fields that a dataclass inherits are annotated with names of another module, where they are looked up."""
    owner = getattr(sys.modules.get(obj.__module__), obj.__qualname__.partition(".")[0], None)
    if obj.__name__ == "__init__" and isinstance(owner, type) and dataclasses.is_dataclass(owner):
        for base in owner.__mro__[1:]:
            if base.__module__ != owner.__module__ and dataclasses.is_dataclass(base):
                # Names that only a type checker imports stay as they are.
                with contextlib.suppress(NameError):
                    obj.__annotations__.update(typing.get_type_hints(base))


def setup(app):
    """Called by Sphinx."""
    app.connect("autodoc-skip-member", _is_scikit_learns)
    app.connect("autodoc-before-process-signature", _resolve_inherited_fields)
