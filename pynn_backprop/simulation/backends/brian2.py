"""Brian2: what differs there from other PyNN simulators (facts measured on Brian2 2.9 with PyNN 0.13).

Its session is in :mod:`~pynn_backprop.simulation.backends.brian2_session`, which imports Brian2, and how its code is
compiled in :mod:`~pynn_backprop.simulation.backends.brian2_code`.
"""

from __future__ import annotations

import importlib
import logging
import sys
import warnings
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ...checks import check_choice
from ...errors import InputError
from ...interfaces import LONG, Backend, Options, Traits
from .brian2_code import CYTHON, NUMPY, chosen_target, why_no_cython

if TYPE_CHECKING:
    from .brian2_session import Brian2Session

TRAITS = Traits(
    simulator="Brian2",
    # The potential decays before it is compared with the threshold.
    fires_as_shipped=False,
    records_v_as_shipped=True,
    # With the threshold first, a spike is delivered after the comparison of its own step.
    delay_offset=-1,
    threshold_is_strict=True,
    shows_v_that_fires=True,
    refractory_may_differ=False,
    earliest_source_step=0,
    weight_scale_created=1.0,
    weight_scale_get=1.0,
    weight_scale_set=1.0,
    mixed_signs_accepted=False,
    update_visible_after={CYTHON: 1, NUMPY: 1},
    # Brian2 prepares each run anew, for a quarter of a second.
    samples_per_run=2000,
    layout="fused",
    longest_delay=LONG,
    samples_per_run_by_variant={NUMPY: 500},
)


@dataclass(frozen=True, eq=False)
class Brian2:
    """See :class:`pynn_backprop.interfaces.Backend`; the variants are Brian2's targets of code generation."""

    name: str = "brian2"
    module: str = "pyNN.brian2"
    package: str = "brian2"
    remedy: str = "pip install 'pynn_backprop[brian2]'"
    variants: tuple[str, ...] = ("auto", CYTHON, NUMPY)
    traits: Traits = TRAITS

    def check_options(self, options: Options) -> None:
        """Refuse an unknown variant, and threads."""
        check_choice("variant", options.variant, self.variants)
        if options.threads != 1:
            raise InputError(f"threads is {options.threads} but must be 1 on Brian2, whose runs have no threads")

    def import_simulator(self) -> ModuleType:
        """Import it; Brian2's log files, its hook for exceptions and its capture of warnings are undone."""
        if "brian2" not in sys.modules:
            hook = sys.excepthook
            brian2 = importlib.import_module("brian2")
            sys.excepthook = hook
            _forget_log(brian2.BrianLogger)
            logging.captureWarnings(False)
        # Brian2 2.9 calls functions that newer versions of pyparsing declare outdated.
        warnings.filterwarnings("ignore", message=r"'\w+' .*deprecated", category=DeprecationWarning)
        return importlib.import_module(self.module)

    def describe(self, options: Options) -> dict[str, str]:
        """Version of Brian2, and the code generation that these options come to."""
        variant = options.variant
        if variant == "auto":
            variant = CYTHON if why_no_cython() is None else NUMPY
        return {self.traits.simulator: metadata.version("brian2"), "variant": variant}

    def open(
        self, sim: Any, options: Options, max_delay: float, timestep: float = 1.0, mended: bool = True
    ) -> Brian2Session:
        """Choose the code generation, free what is left of the last network, and set Brian2 up."""
        self.check_options(options)
        target = chosen_target(options.variant)
        from .brian2_session import Brian2Session, forget_network, prepare

        forget_network()
        prepare()
        # The connector sets delays of 0, but PyNN does not take 0 for the smallest one.
        sim.setup(timestep=timestep, min_delay=timestep, max_delay=max(timestep, max_delay))
        return Brian2Session(target, mended)


def _forget_log(logger: Any) -> None:
    """Remove the log and the copy of the script that Brian2 keeps in the temporary folder while it runs."""
    logging.getLogger("brian2").removeHandler(logger.file_handler)
    if logger.file_handler is not None:
        logger.file_handler.close()
    for path in (logger.tmp_log, logger.tmp_script):
        if path is not None:
            Path(path).unlink(missing_ok=True)
    logger.file_handler = logger.tmp_log = logger.tmp_script = None


BACKEND: Backend = Brian2()
