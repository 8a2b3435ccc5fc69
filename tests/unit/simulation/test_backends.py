"""What every backend must be: complete, immutable, described by itself; whether its simulator is installed or not."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
from scenarios.stand_in import StandInBackend
from scenarios.traits import CHOICES, MEASURES

from pynn_backprop.errors import InputError
from pynn_backprop.interfaces import LAYOUTS, Backend, Maps, Options, Traits
from pynn_backprop.simulation.backends.registry import find_backend, simulators

FIELDS = {field.name for field in dataclasses.fields(Traits)}
NAMES = simulators()


@pytest.fixture(params=NAMES)
def backend(request):
    return find_backend(request.param)


# --- traits


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


def test_the_traits_have_the_types_that_are_declared(backend):
    for field in dataclasses.fields(Traits):
        declared = field.type.split("[")[0]
        assert type(getattr(backend.traits, field.name)).__name__ == declared, field.name
    assert backend.traits.layout in LAYOUTS


def test_every_variant_has_its_trait(backend):
    assert set(backend.traits.update_visible_after) == set(backend.variants) - {"auto"}
    assert set(backend.traits.samples_per_run_by_variant) < set(backend.variants) - {"auto"}


# --- the rest


def test_there_are_backends():
    assert {"nest", "brian2", "lava"} <= set(NAMES)


def test_a_backend_is_called_as_its_entry_point(backend):
    assert find_backend(backend.name) is backend
    assert isinstance(backend, Backend)
    assert backend.variants[0] == "auto"
    assert backend.package in backend.remedy or backend.name in backend.remedy


def test_a_backend_can_not_be_changed(backend):
    """What is chosen and built belongs to a session."""
    for name in ("traits", "variants", "something_else"):
        with pytest.raises(AttributeError):
            setattr(backend, name, None)
    with pytest.raises(AttributeError):
        backend.traits.layout = "fused"


def test_an_unknown_variant_is_refused_with_those_there_are(backend):
    for variant in backend.variants:
        backend.check_options(Options(variant=variant))
    with pytest.raises(InputError) as raised:
        backend.check_options(Options(variant="unheard"))
    assert str(raised.value) == f"variant is 'unheard' but must be one of {', '.join(backend.variants)}"


def test_a_backend_is_imported_without_its_simulator(backend):
    script = (
        "import sys\nfrom pynn_backprop.simulation.backends.registry import find_backend\n"
        f"find_backend({backend.name!r})\n"
        f"assert {backend.package!r} not in sys.modules, 'its package'"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_the_other_backends_are_not_imported_for_one():
    script = (
        "import sys\nfrom types import ModuleType\n"
        "from pynn_backprop.simulation.backends.registry import find_backend, for_simulator\n"
        "sim = ModuleType('pyNN.nest')\nsim.num_processes = lambda: 1\n"
        "assert for_simulator(sim) is find_backend('nest')\n"
        "print(*(name for name in sys.modules if 'brian2' in name or name.startswith('hardware')))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == []


def test_only_what_has_a_chip_maps():
    mapping = [name for name in NAMES if isinstance(find_backend(name), Maps)]
    assert "lava" in mapping
    assert not {"nest", "brian2"} & set(mapping)
    assert not isinstance(StandInBackend(), Maps)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("brian2", Options(threads=2), "threads is 2 but must be 1 on Brian2"),
        ("lava", Options(threads=2), "threads is 2 but must be 1 on Lava"),
        ("lava", Options(layout="fused"), "layout is 'fused' but must be separate on Lava"),
    ],
)
def test_what_a_simulator_does_not_have_is_refused_without_it(name, options, message):
    with pytest.raises(InputError, match=message):
        find_backend(name).check_options(options)


def test_threads_and_layouts_that_a_simulator_has_are_taken():
    find_backend("nest").check_options(Options(threads=4, layout="fused"))
    find_backend("brian2").check_options(Options(layout="separate"))
    find_backend("lava").check_options(Options(layout="separate"))
