"""What a training run does, checked."""

from __future__ import annotations

from dataclasses import dataclass

from ..checks import check_choice, check_count
from ..errors import InputError
from ..weights import INITIALISATIONS


@dataclass(frozen=True)
class RunConfig:
    """What a training run does.

    Parameters
    ----------
    simulator
        ``nest``, ``brian2``, ``lava``, ``reference``, or the dotted path of a PyNN module.
    data
        Name of a data set or path of an ``.npz`` file (:func:`pynn_backprop.data.datasets.load`).
    crop
        Side of the central square of the images that is used, None for the whole.
    levels
        Input neurons per value; the data set's own default if None.
    hidden
        Hidden neurons; 0 leaves the hidden layer out (one weight matrix).
    epochs
        How often all samples are shown.
    samples, test_samples
        How many of the training and test samples are used, the first ones; all if None.
    seed
        Decides initial weights and the order of samples.
    threads
        Threads of the simulator.
    variant
        How the simulator does it (:class:`pynn_backprop.interfaces.Options`), ``auto`` for the fastest that
        works.
    layout
        One PyNN Population for each population of the circuit (``separate``) or few for all (``fused``); ``auto`` for
        the simulator's better one.
    shuffle
        Whether each epoch has a new order.
    initialisation
        How weights start, see :func:`pynn_backprop.weights.initial_weights`.
    init_weights
        A file with weights to start from instead.
    eta, w_max
        Weight change per coincidence, and bound of the weights.
    checkpoint_every
        Samples between two checkpoints.
    record
        Populations to record, or ``all``.
    record_samples
        How many samples at the start and at the end of training are recorded.
    """

    simulator: str
    data: str = "digits"
    crop: int | None = None
    levels: int | None = None
    hidden: int = 200
    epochs: int = 10
    samples: int | None = None
    test_samples: int | None = None
    seed: int = 0
    threads: int = 1
    variant: str = "auto"
    layout: str = "auto"
    shuffle: bool = True
    initialisation: str = "alive"
    init_weights: str | None = None
    eta: int = 2
    w_max: int = 254
    checkpoint_every: int = 5000
    record: tuple[str, ...] = ()
    record_samples: int = 20

    def __post_init__(self) -> None:
        for name in ("epochs", "threads", "eta", "w_max", "checkpoint_every", "record_samples"):
            check_count(name, getattr(self, name))
        for name in ("crop", "levels", "samples", "test_samples"):
            if getattr(self, name) is not None:
                check_count(name, getattr(self, name))
        for name in ("simulator", "data", "variant", "layout", "init_weights"):
            value = getattr(self, name)
            if not isinstance(value, str) and not (name == "init_weights" and value is None):
                raise InputError(f"{name} is {value!r} but must be text")
        if not isinstance(self.record, (tuple, list)) or not all(isinstance(name, str) for name in self.record):
            raise InputError(f"record is {self.record!r} but must be a list of names")
        if not isinstance(self.shuffle, bool):
            raise InputError(f"shuffle is {self.shuffle!r} but must be true or false")
        check_count("hidden", self.hidden, 0)
        check_count("seed", self.seed, 0)
        check_choice("initialisation", self.initialisation, INITIALISATIONS)
        object.__setattr__(self, "record", tuple(self.record))
