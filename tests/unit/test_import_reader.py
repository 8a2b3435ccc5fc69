"""The reader of imports finds what it must, in small made-up trees, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from imports import Layers, Tree, circles, faults

LAYERS = {
    "house": Layers("house", "ground < left | right < roof.tiles < roof beam < __init__"),
    "garden": Layers("garden", "bed < __init__"),
}
FLAT = {"house": ("__init__", "ground")}


@pytest.fixture
def read(tmp_path: Path):
    """Reads a tree of these files, by path, with a first line that says nothing."""

    def read(files: dict[str, str]) -> Tree:
        for package in ("house", "house/left", "house/right", "house/roof", "house/roof/tiles", "house/beam", "garden"):
            (tmp_path / package).mkdir()
            (tmp_path / package / "__init__.py").touch()
        for path, text in files.items():
            (tmp_path / path).write_text(f"# {path}\n{text}\n")
        return Tree(tmp_path, LAYERS)

    return read


def found(tree: Tree) -> list[str]:
    return faults(tree, LAYERS, FLAT)


def test_imports_that_run_downward_are_right(read):
    files = {
        "house/ground.py": "import os, json\nfrom pathlib import Path",
        "house/left/door.py": "from ..ground import floor\nfrom . import window\nfrom house import ground",
        "house/left/window.py": "from importlib import import_module\nimport_module(os.name)",
        "house/roof/gable.py": "from .tiles import clay\nfrom ..left.door import handle\nimport house.right as r",
        "house/beam/oak.py": "from ..roof import gable",
        "house/__init__.py": "from .roof.gable import top",
        "garden/bed.py": "from house import __version__\nfrom house.ground import floor",
    }
    assert found(read(files)) == []


def test_a_line_that_takes_two_names_of_one_module_is_one_fault(read):
    assert len(found(read({"house/ground.py": "from .beam.oak import a, b", "house/beam/oak.py": ""}))) == 1


UPWARD = "house/left/door.py:2: house.left.door imports house.roof.gable, but roof lies above left"


@pytest.mark.parametrize(
    "text",
    [
        "from ..roof.gable import top",
        "from ..roof import gable",
        "from house.roof.gable import top as t",
        "import house.roof.gable",
        "import json, house.roof.gable as gable",
        "def later(): from ..roof.gable import top",
        "if TYPE_CHECKING: from ..roof.gable import Top",
        "import_module('house.roof.gable')",
        "top = importlib.import_module('..roof.gable', __package__)",
        "try: from ..roof.gable import top\nexcept ImportError: pass",
    ],
)
def test_an_upward_import_is_found_wherever_and_however_it_is_made(read, text):
    assert found(read({"house/left/door.py": text, "house/roof/gable.py": ""})) == [UPWARD]


def test_the_line_is_that_of_the_import(read):
    text = "import json\n\n\ndef later():\n    from ..roof.gable import top\n"
    (fault,) = found(read({"house/left/door.py": text, "house/roof/gable.py": ""}))
    assert fault.startswith("house/left/door.py:6: ")


def test_parts_with_a_bar_between_them_may_not_know_each_other(read):
    files = {"house/right/wall.py": "from ..left import door", "house/left/door.py": ""}
    (fault,) = found(read(files))
    assert fault.endswith("house.right.wall imports house.left.door, but right and left may not know each other")


def test_of_two_names_that_fit_a_module_the_longer_one_counts(read):
    files = {"house/roof/tiles/clay.py": "from ..gable import top", "house/roof/gable.py": ""}
    (fault,) = found(read(files))
    assert fault.endswith("imports house.roof.gable, but roof lies above roof.tiles")


def test_a_package_may_not_import_one_that_comes_after_it(read):
    files = {"house/ground.py": "def path():\n    import garden.bed", "garden/bed.py": ""}
    assert found(read(files)) == ["house/ground.py:3: house.ground imports garden.bed, but garden lies above house"]


def test_the_public_names_are_no_way_round(read):
    files = {"house/left/door.py": "from .. import top", "house/__init__.py": "from .roof.gable import top"}
    (fault,) = found(read(files | {"house/roof/gable.py": ""}))
    assert fault == "house/left/door.py:2: house.left.door imports house, but __init__ lies above left"


def test_a_circle_is_found_once_with_all_its_lines(read):
    files = {
        "house/left/door.py": "from .window import glass",
        "house/left/window.py": "def f():\n    from .frame import wood",
        "house/left/frame.py": "if TYPE_CHECKING:\n    from . import door",
        "house/left/step.py": "from .door import handle",
    }
    (fault,) = found(read(files))
    assert fault == (
        "a circle: house/left/door.py:2: house.left.door imports house.left.window; "
        "house/left/window.py:3: house.left.window imports house.left.frame; "
        "house/left/frame.py:3: house.left.frame imports house.left.door"
    )


def test_two_circles_are_two(read):
    files = {
        "house/left/door.py": "from . import window",
        "house/left/window.py": "from . import door",
        "house/right/wall.py": "from . import stone",
        "house/right/stone.py": "from . import wall",
    }
    assert [len(circle) for circle in circles(read(files).imports)] == [2, 2]


OWN = {"house/left/__init__.py": "from .door import handle", "house/left/door.py": "from . import window"}


def test_a_package_may_import_its_own_modules(read):
    assert found(read(OWN | {"house/left/window.py": ""})) == []


def test_a_module_that_asks_its_package_for_a_name_may_close_a_circle(read):
    (circle,) = circles(read(OWN | {"house/left/window.py": "from . import handle"}).imports)
    assert [each.importer for each in circle] == ["house.left", "house.left.door", "house.left.window"]


def test_a_module_may_not_lie_flat_unless_it_is_named(read):
    files = {"house/left.py": "", "house/attic.py": ""}
    assert found(read(files)) == [
        "house/attic.py:1: house.attic belongs to no layer",
        "house/attic.py:1: only __init__, ground may lie flat in house",
        "house/left.py:1: only __init__, ground may lie flat in house",
    ]
