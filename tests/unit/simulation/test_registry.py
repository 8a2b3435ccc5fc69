"""How backends are found, and what is said where one is not."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from scenarios.stand_in import StandInBackend, StandInSimulator

from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.platforms import get_platform
from pynn_backprop.simulation.backends import registry
from pynn_backprop.simulation.backends.registry import GROUP, find_backend, for_simulator, load_simulator, simulators

ROOT = Path(__file__).resolve().parents[3]
OURS = {
    "nest": "pynn_backprop.simulation.backends.nest:BACKEND",
    "brian2": "pynn_backprop.simulation.backends.brian2:BACKEND",
    "lava": "hardware.lava.backend:BACKEND",
}


@pytest.fixture
def register(monkeypatch, tmp_path):
    """Registers backends beside ours; source text becomes a module that can be imported."""
    monkeypatch.syspath_prepend(tmp_path)
    entries = [EntryPoint(name, value, GROUP) for name, value in OURS.items()]
    monkeypatch.setattr(registry, "installed", lambda group: EntryPoints(entries).select(group=group))

    def add(name, value, source=None):
        if source is not None:
            (tmp_path / f"{value.partition(':')[0]}.py").write_text(source)
        entries.append(EntryPoint(name, value, GROUP))

    yield add
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(path.stem, None)


MINE = """
from scenarios.stand_in import StandInBackend, StandInSimulator
BACKEND = StandInBackend(name="mine", module="my_simulator")
"""


# --- by name


def test_the_metadata_names_our_simulators():
    assert set(OURS) <= set(simulators())
    for name in OURS:
        assert find_backend(name).name == name


def test_a_backend_of_another_package_is_found_by_its_entry_point(register):
    register("mine", "my_backend:BACKEND", MINE)
    assert simulators() == ("brian2", "lava", "mine", "nest")
    assert isinstance(find_backend("mine"), StandInBackend)
    assert isinstance(load_simulator("mine"), StandInSimulator)
    platform = get_platform("mine")
    assert platform.describe()["Stand-in"] == "1.0"


@pytest.mark.parametrize("name", ["nset", "reference2", "", "no such thing", "a..b", "1.2"])
def test_unknown_names_are_refused_with_those_there_are(name):
    with pytest.raises(
        InputError, match=rf"the simulator is {name!r} but must be one of brian2, lava, nest, reference"
    ):
        load_simulator(name)


def test_a_near_miss_is_suggested():
    with pytest.raises(InputError, match="did you mean 'brian2'"):
        load_simulator("brain2")


def test_without_metadata_the_remedy_is_to_install(monkeypatch):
    monkeypatch.setattr(registry, "installed", lambda group: ())
    with pytest.raises(
        PlatformError, match=r"no simulator is registered, since the installed metadata .* install it again"
    ):
        load_simulator("nest")


def test_a_missing_package_is_named_with_the_remedy(register):
    register("mine", "my_backend:BACKEND", MINE.replace('"my_simulator"', '"my_simulator", package="not_there"'))
    with pytest.raises(PlatformError) as raised:
        load_simulator("mine")
    assert str(raised.value) == (
        "the simulator 'mine' needs the module not_there, which is not installed: nothing can be done"
    )


def test_a_simulator_that_can_not_be_imported_says_why_and_what_to_do(register):
    source = MINE + (
        "class Failing(StandInBackend):\n"
        "    def import_simulator(self):\n"
        "        raise ImportError('libfoo is too old')\n"
        "BACKEND = Failing(name='mine')\n"
    )
    register("mine", "my_backend:BACKEND", source)
    reason = (
        "'mine' can't be imported: libfoo is too old; nothing can be done; its module 'numpy' is .*numpy/__init__.py"
    )
    with pytest.raises(PlatformError, match=reason):
        load_simulator("mine")


# --- by module


def test_a_module_may_name_its_backend(register):
    module = ModuleType("my_simulator")
    module.pynn_backprop_backend = StandInBackend()
    assert for_simulator(module) is module.pynn_backprop_backend
    register("elsewhere", "my_backend:BACKEND", MINE)
    module.pynn_backprop_backend = "my_backend:BACKEND"
    assert for_simulator(module) is find_backend("elsewhere")


def test_a_dotted_path_is_imported_and_asked_for_its_backend(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "of_mine").mkdir()
    (tmp_path / "of_mine" / "simulator.py").write_text(
        "from scenarios.stand_in import StandInBackend\npynn_backprop_backend = StandInBackend()\n"
    )
    module = load_simulator("of_mine.simulator")
    assert isinstance(for_simulator(module), StandInBackend)
    assert get_platform("of_mine.simulator").name == "of_mine.simulator"


def test_a_dotted_path_of_a_registered_simulator_is_that_simulator(register):
    register("mine", "my_backend:BACKEND", MINE.replace("my_simulator", "some.where.my_simulator"))
    assert isinstance(load_simulator("some.where.my_simulator"), StandInSimulator)


def test_a_dotted_path_that_is_not_there_is_named():
    with pytest.raises(
        PlatformError, match=r"needs the module no\.such\.thing, which is not installed: install the package"
    ):
        load_simulator("no.such.thing")


def test_a_module_without_a_backend_is_refused_with_those_there_are(register):
    register("broken", "broken_backend:BACKEND", "raise RuntimeError('by design')")
    with pytest.raises(InputError) as raised:
        for_simulator(ModuleType("pyNN.neuron"))
    message = str(raised.value)
    assert message.startswith("sim is 'pyNN.neuron' but must be a PyNN simulator for which there is a backend; ")
    assert "there is one for pyNN.brian2, " in message
    assert "hardware.lava, pyNN.nest, and a module may name its own in an attribute pynn_backprop_backend" in message
    assert "'broken' can't be had" in message, "it might have been the one"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("not_there:BACKEND", r"my_simulator\.pynn_backprop_backend can't be had: .*not_there:BACKEND"),
        ("json:loads", r"my_simulator\.pynn_backprop_backend is no backend: .* lacks name, module,"),
        (StandInBackend, "is a class, but must be an instance"),
        (3, "is no backend: 3 lacks name,"),
    ],
)
def test_a_module_that_names_no_backend_is_refused(value, reason):
    module = ModuleType("my_simulator")
    module.pynn_backprop_backend = value
    with pytest.raises(PlatformError, match=reason):
        for_simulator(module)


# --- entry points that are broken


BROKEN = {
    "raises": (
        "raise RuntimeError('by design')",
        r"broken_backend:BACKEND can't be imported \(RuntimeError\('by design'\)\)",
    ),
    "no such name": ("", r"broken_backend:BACKEND can't be imported \(AttributeError.*'BACKEND'"),
    "syntax error": ("def", r"broken_backend:BACKEND can't be imported \(SyntaxError"),
    "lacks something": (
        "class Half:\n    name = module = package = remedy = 'x'\n    variants = traits = ()\nBACKEND = Half()",
        r" \(broken_backend:BACKEND\) is no backend: .* lacks check_options, import_simulator, "
        "describe, open",
    ),
    "a class": (
        "from scenarios.stand_in import StandInBackend as BACKEND",
        "is a class, but must be an instance of one",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_entry_point_is_named_and_the_others_go_on(register, how):
    source, reason = BROKEN[how]
    register("broken", "broken_backend:BACKEND", source)
    assert "broken" in simulators()
    assert find_backend("nest").name == "nest"
    assert for_simulator(ModuleType("pyNN.brian2")).name == "brian2"
    with pytest.raises(PlatformError, match=rf"(?s)the simulator 'broken'.*{reason}"):
        load_simulator("broken")


def test_a_value_that_is_no_path_is_named(register):
    register("broken", "not a path!")
    with pytest.raises(PlatformError, match=r"the simulator 'broken' can't be had: .*not a path!"):
        load_simulator("broken")


def test_two_packages_that_offer_the_same_name_are_named(register):
    register("nest", "my_backend:BACKEND", MINE)
    with pytest.raises(
        PlatformError, match=r"'nest' is offered by more than one package: my_backend:BACKEND, pynn_back"
    ):
        load_simulator("nest")
    assert find_backend("brian2").name == "brian2"


# --- another module of the same name


FOREIGN = {
    "hardware.py": "GPIO = 17\n",
    "hardware/__init__.py": "",
    "hardware/lava.py": "",
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("asked", ["lava", "hardware.lava"])
def test_a_foreign_module_that_is_found_first_is_named_with_the_remedy(tmp_path, name, asked):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(FOREIGN[name])
    if name == "hardware/lava.py":
        (tmp_path / "hardware" / "__init__.py").write_text("")
    message = said_in(tmp_path, asked)
    file = tmp_path / ("hardware.py" if name == "hardware.py" else "hardware/__init__.py")
    assert f"'hardware' that Python finds first is another one, {file}: rename that file or folder" in message
    assert "pip install" not in message


def test_a_foreign_module_that_fails_is_named_too(tmp_path):
    (tmp_path / "hardware.py").write_text("import RPi.GPIO\n")
    message = said_in(tmp_path, "lava")
    assert "No module named 'RPi'" in message
    assert f"the module 'hardware' is {tmp_path / 'hardware.py'}" in message


@pytest.mark.parametrize("text", ["", "raise RuntimeError('GPIO')\n"])
def test_a_file_that_is_called_as_a_simulator_is_named(tmp_path, text):
    if find_spec("nest") is None or find_spec("pyNN") is None:
        pytest.skip("NEST is not installed")
    (tmp_path / "nest.py").write_text(text)
    message = said_in(tmp_path, "nest")
    assert message.startswith("the simulator 'nest' can't be imported: ")
    assert message.endswith(f"its module 'nest' is {tmp_path / 'nest.py'}")


def test_a_folder_that_is_no_package_does_not_hide_ours(tmp_path):
    (tmp_path / "hardware").mkdir()
    assert "hardware" not in said_in(tmp_path, "lava")


def said_in(folder: Path, name: str) -> str:
    """The error, if any, of a Python that is started in this folder, with our packages where a wheel would be."""
    script = (
        "import sys\n"
        "sys.meta_path[:] = [finder for finder in sys.meta_path if 'editable' not in finder.__module__]\n"
        f"sys.path.append({str(ROOT)!r})\n"
        "from pynn_backprop.errors import PynnBackpropError\n"
        "from pynn_backprop.platforms import get_platform\n"
        "try:\n"
        f"    get_platform({name!r})\n"
        "except PynnBackpropError as error:\n"
        "    print(error)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
