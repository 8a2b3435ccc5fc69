"""Where Lava is missing, or a chip: what is said."""

from __future__ import annotations

import pytest
from scenarios.loihi import ints, of_cells

from hardware.lava.engines import installed
from hardware.lava.engines.registry import ENGINES, RUNNING, make_engine, require_engine
from pynn_backprop.errors import InputError, PlatformError


def refusal(*arguments) -> str:
    with pytest.raises(PlatformError) as refused:
        installed.require_lava(*arguments)
    return str(refused.value)


@pytest.fixture
def nothing_there(monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda module: False)


@pytest.fixture
def all_there(monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda module: True)


@pytest.mark.usefixtures("nothing_there")
def test_without_lava_the_error_says_how_to_get_it():
    assert (
        refusal((3, 10)) == "Lava is not installed: pip install 'pynn_backprop[lava]'; the engine 'emulator' needs none"
    )


@pytest.mark.usefixtures("nothing_there")
@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_newer_python_is_told_that_it_is_too_new(version):
    here = ".".join(map(str, version))
    assert refusal(version) == (
        f"Lava can't be installed here: lava-nc 0.10.0 needs Python 3.10, this is Python {here}.  Make an environment "
        "with Python 3.10 and install 'pynn_backprop[lava]' there; the engine 'emulator' needs none"
    )


@pytest.mark.usefixtures("nothing_there")
@pytest.mark.parametrize("name", [name for name in ENGINES if name != "emulator"])
def test_without_lava_only_the_emulator_runs(name):
    make_engine("emulator", of_cells(1), ints(), ints()).run(1)
    with pytest.raises(PlatformError, match=r"install 'pynn_backprop\[lava\]'"):
        require_engine(name)
    with pytest.raises(PlatformError, match=r"install 'pynn_backprop\[lava\]'"):
        make_engine(name, of_cells(1), ints(), ints())


@pytest.mark.usefixtures("all_there")
def test_with_lava_there_are_engines_but_no_chip():
    installed.require_lava((3, 13))
    for name in RUNNING:
        require_engine(name)
    with pytest.raises(PlatformError) as refused:
        require_engine("loihi")
    assert str(refused.value) == (
        "nothing can run on a Loihi chip here.  Missing: a Loihi board, local or through slurm; an engine that was "
        "tried on one.  The engines 'emulator', 'fast' and 'stock' run Loihi's arithmetic on this computer"
    )


def test_intels_extension_is_missing_too(monkeypatch):
    monkeypatch.setattr(installed, "is_installed", lambda module: module == installed.LAVA)
    with pytest.raises(PlatformError, match=r"Missing: Intel's extension of Lava for Loihi .*; a Loihi board"):
        require_engine("loihi")


def test_an_engine_that_does_not_exist_is_refused():
    with pytest.raises(InputError, match="the engine is 'quick' but must be one of emulator, fast, stock, loihi"):
        make_engine("quick", of_cells(1), ints(), ints())


def test_modules_are_looked_for_without_importing_them():
    assert installed.is_installed("json.tool")
    assert not installed.is_installed("json.nothing.at.all")
    assert not installed.is_installed("nothing_at_all")
