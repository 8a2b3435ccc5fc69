"""NEST: what differs there from other PyNN simulators (facts measured on NEST 3.10 with PyNN 0.13).

Its session is in :mod:`~pynn_backprop.simulation.backends.nest_session`, which imports NEST.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ...checks import check_choice
from ...errors import PlatformError
from ...interfaces import LONG, Backend, Options, Traits
from ...processes import Processes, end_together, first_alone, launched, world
from ...processes.world import REMEDY
from .common import warn_once
from .nest_build import BuildError, extension, lacks_mpi
from .nest_thread import check_home, remember

if TYPE_CHECKING:
    from .nest_session import NestSession

COMPILED, DOPAMINE = "compiled", "dopamine"
"""Implementations of the plastic synapse: our own, and one of NEST's with suitable constants."""

TRAITS = Traits(
    simulator="NEST",
    fires_as_shipped=True,
    records_v_as_shipped=False,
    delay_offset=0,
    threshold_is_strict=False,
    shows_v_that_fires=False,
    refractory_may_differ=True,
    # PyNN runs NEST one step beyond its own time, and the parrot neuron behind a source takes another.
    earliest_source_step=3,
    weight_scale_created=1.0,
    weight_scale_get=0.001,
    weight_scale_set=1000.0,
    mixed_signs_accepted=False,
    update_visible_after={COMPILED: 1, DOPAMINE: 2},
    samples_per_run=100,
    layout="separate",
    longest_delay=LONG,
)


@dataclass(frozen=True, eq=False)
class Nest:
    """See :class:`pynn_backprop.interfaces.Backend`."""

    name: str = "nest"
    module: str = "pyNN.nest"
    package: str = "nest"
    remedy: str = "pip install 'pynn_backprop[nest]'"
    variants: tuple[str, ...] = ("auto", COMPILED, DOPAMINE)
    traits: Traits = TRAITS

    def check_options(self, options: Options) -> None:
        """Refuse an unknown variant."""
        check_choice("variant", options.variant, self.variants)

    def check_processes(self, sim: Any) -> None:
        """See :meth:`pynn_backprop.interfaces.Distributes.check_processes`; the wheels of NEST have no MPI."""
        size, known = world().size, sim.num_processes()
        if known != size:
            raise PlatformError(
                f"this is one of {size} processes that mpirun (or srun) started, but NEST knows of {known}: it was "
                f"built without MPI, or with another one; {REMEDY}"
            )

    def import_simulator(self) -> ModuleType:
        """Import it without NEST's banner and without PyNN's attempt to compile extensions that are not used.

        Raises
        ------
        PlatformError
            If a launcher started several processes, and this NEST is one without MPI: it would end each of them.
        """
        size = launched().size
        if size > 1 and "nest" not in sys.modules and lacks_mpi():
            end_together()
            raise PlatformError(
                f"this is one of {size} processes that mpirun (or srun) started, but this NEST was built without MPI; "
                f"{REMEDY}"
            )
        os.environ.setdefault("PYNEST_QUIET", "1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            there = "nest" in sys.modules
            simulator = importlib.import_module(self.module)
            remember(imported_here=not there)
        return simulator

    def describe(self, options: Options) -> dict[str, str]:
        """Version of NEST, and the synapse that these options come to."""
        variant = options.variant
        if variant == "auto":
            variant = COMPILED if _why_not_compiled() is None else DOPAMINE
        size = world().size
        many = {"processes": str(size)} if size > 1 else {}
        return {self.traits.simulator: _version(), "variant": variant, **many}

    def open(
        self, sim: Any, options: Options, max_delay: float, timestep: float = 1.0, mended: bool = True
    ) -> NestSession:
        """Choose the synapse, compiling it if need be, and set NEST up."""
        self.check_options(options)
        check_home(options.threads)
        variant = _chosen(options.variant, world())
        from .nest_session import NestSession, install, mend

        # PyNN 0.13 calls functions that NEST 3.10 declares outdated; a user of ours can't do anything about it, who may
        # have imported NEST without us.
        warnings.filterwarnings("ignore", message=r"\s*([SG]etStatus\(\) is deprecated|Provided for backward)")
        sim.setup(
            timestep=timestep,
            min_delay=timestep,
            max_delay=max_delay,
            threads=options.threads,
            # The off-grid neuron, PyNN's default, refuses a refractory time of 0.
            spike_precision="on_grid",
            verbosity="error",
        )
        if mended:
            mend()
            if variant == COMPILED:
                install(extension())
        return NestSession(sim, variant, world())


def _version() -> str:
    """That of NEST; conda's packages of it leave no metadata for Python."""
    try:
        return metadata.version("nest-simulator")
    except metadata.PackageNotFoundError:
        return str(sys.modules["nest"].__version__)


def _why_not_compiled() -> BuildError | None:
    try:
        extension()
    except BuildError as error:
        return error
    return None


def _why_not_everywhere(processes: Processes) -> BuildError | None:
    """Why one of the processes can't have it; the first one compiles while the others wait."""
    first_alone(processes, _why_not_compiled)
    return next((reason for reason in processes.gather(_why_not_compiled()) if reason is not None), None)


def _chosen(wanted: str, processes: Processes) -> str:
    """The variant to use, the same on all processes, with a warning if it is not the one that is wanted."""
    failure = None if wanted == DOPAMINE else _why_not_everywhere(processes)
    if wanted == COMPILED and failure is not None:
        raise PlatformError(f"the compiled synapse can't be had: {failure}") from failure
    if failure is not None and processes.rank == 0:
        warn_once(
            "NEST runs with its built-in dopamine synapse, which gives the same weights but is more than ten times "
            f"slower, since our own synapse can't be compiled: {failure}"
        )
    return DOPAMINE if wanted == DOPAMINE or failure is not None else COMPILED


BACKEND: Backend = Nest()
