"""What the tests of all platforms share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pynn_backprop import datasets
from pynn_backprop.platforms import PyNNPlatform

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]
pytest.register_assert_rewrite(
    "scenarios.equality", "scenarios.ownership", "scenarios.rule", "scenarios.traits", "simulators"
)

from lava_scripts import Script  # noqa: E402
from scenarios.cases import Case, blurred_prototypes, image_case  # noqa: E402
from simulators import platform_of, skip_without_lava  # noqa: E402


@pytest.fixture
def platform(request: pytest.FixtureRequest) -> PyNNPlatform:
    """See simulators.run_with_simulators."""
    return platform_of(request.param)


@pytest.fixture(params=["emulator", "fast"])
def sim(request: pytest.FixtureRequest) -> Iterator[ModuleType]:
    """`hardware.lava` with a timestep of 1 ms: on its own engine, and on Lava where there is one."""
    import hardware.lava as lava

    if request.param == "fast":
        skip_without_lava()
    # Tests set it up again with other arguments.
    lava.setup(timestep=1.0, engine=request.param, strict=True, resolution=1.0)
    yield lava
    lava.end()


@pytest.fixture
def no_script_goes_on() -> Iterator[None]:
    """A test that fails ends its scripts too."""
    yield
    while Script.made:
        process = Script.made.pop().process
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def images() -> tuple[np.ndarray, np.ndarray]:
    """2,000 images of 20x20 and their labels: MNIST where there is some, else random ones like it."""
    if not os.environ.get("PYNN_BACKPROP_DATA"):
        return blurred_prototypes(2_000)
    data = datasets.load("mnist", crop=20)
    return datasets.encode(data.x_train[:2_000]), data.y_train[:2_000]


@pytest.fixture(scope="session")
def fifty_images(images: tuple[np.ndarray, np.ndarray]) -> Case:
    return image_case(images[0][:50], images[1][:50])


@pytest.fixture(scope="session")
def two_hundred_images(images: tuple[np.ndarray, np.ndarray]) -> Case:
    return image_case(images[0][:200], images[1][:200])


@pytest.fixture(scope="session")
def two_thousand_images(images: tuple[np.ndarray, np.ndarray]) -> Case:
    return image_case(*images)


@pytest.fixture(scope="session")
def thousand_images(images: tuple[np.ndarray, np.ndarray]) -> Case:
    return image_case(images[0][:1_000], images[1][:1_000])
