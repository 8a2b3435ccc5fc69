"""What a training run does, checked.

Every choice stands here once: the command line makes its arguments from these fields, a run's ``config.json`` holds
their values, and what simulator and training are given is derived from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from ..checks import check_count, checked_hidden
from ..circuit.learning_rule import RULES, LearningRule, learning_rule
from ..circuit.parameters import MARGIN, OUTPUT_ERRORS, PUBLISHED, Parameters
from ..circuit.published import PublishedSchedule
from ..circuit.training import DEFAULT_FORM, FORMS
from ..codes.binary import INITIALISATIONS, Binary
from ..codes.code import Code, code_of
from ..data import datasets
from ..errors import InputError
from ..interfaces import Options
from ..learning.presentation import Presentation, Record
from .choice import (
    IN_ALL_FILES,
    Choice,
    check_all,
    choice,
    choice_of,
    explained,
    flag,
    names,
    one_of,
    optional,
    share,
    text,
)

DATA, NETWORK, RULE, TRAINING = "data", "network", "learning rule", "training"
SIMULATION, RESULTS = "simulation", "results"
"""Groups of options."""

RECORD_ALL = "all"

_OF_RULE = "that of the rule"
_RULE_OPTIONS = tuple(field.name for field in fields(LearningRule))
_NOT_GIVEN: Mapping[str, Any] = MappingProxyType(
    {"output_error": None, "hidden_threshold": None, "thinning": (), "readout_levels": None}
)
"""Options of a rule that are its own unless they are given."""

_count_or_none = optional(check_count)


def _from_zero(name: str, value: object) -> int:
    return check_count(name, value, 0)


def _code(name: str, value: object) -> None:
    if not isinstance(value, Code):
        raise InputError(f"{name} is {value!r} but must be a code, for example Graded(8)")


@explained
@dataclass(frozen=True)
class RunConfig:
    """What a training run does; a value that can't be used is an InputError that names it."""

    simulator: str = choice(
        MISSING,
        group="",
        help="where it runs: the name of a simulator, reference, or the dotted path of a PyNN module",
        kind=str,
        check=text,
    )

    data: str = choice(
        "digits",
        DATA,
        f"{', '.join(datasets.NAMES)}, an .npz file with x_train, y_train, x_test, y_test, a .csv file, or a folder of "
        "images by class",
        metavar="NAME|PATH",
        check=text,
    )
    label: str | None = choice(
        None,
        DATA,
        "name of the column of labels in a .csv file",
        metavar="NAME",
        kind=str,
        shown="the last one",
        check=optional(text),
        older=None,
    )
    crop: int | None = choice(
        None, DATA, "use the central N x N pixels of images (mnist: 20)", metavar="N", shown="", check=_count_or_none
    )
    levels: int | None = choice(
        None,
        DATA,
        "input neurons per value",
        metavar="K",
        shown="digits 3, .csv and folders as suits, others 1",
        check=_count_or_none,
    )
    test_samples: int | None = choice(
        None, DATA, "use the first N test samples", metavar="N", shown="all", check=_count_or_none
    )

    hidden: tuple[int, ...] = choice(
        (200,),
        NETWORK,
        "units of each hidden layer; 0 for none, that is, one weight matrix",
        each=int,
        metavar="N",
        shown="200",
        check=checked_hidden,
    )
    form: str = choice(
        DEFAULT_FORM,
        NETWORK,
        f"form of the circuit that learns: {' or '.join(FORMS)}; same weights, other phases and spikes",
        metavar="FORM",
        check=one_of(tuple(FORMS)),
        older=PublishedSchedule.form,
    )
    rule: str = choice(
        MARGIN,
        RULE,
        f"by which it learns: {' or '.join(RULES)} (Renner et al. 2024)",
        metavar="NAME",
        check=one_of(tuple(RULES)),
        older=PUBLISHED,
    )
    output_error: str | None = choice(
        None,
        RULE,
        f"when an output has an error: {' or '.join(OUTPUT_ERRORS)}",
        kind=str,
        metavar="NAME",
        shown=_OF_RULE,
        check=optional(one_of(OUTPUT_ERRORS)),
        older=None,
    )
    hidden_threshold: int | None = choice(
        None,
        RULE,
        "error from which on a hidden neuron learns",
        metavar="D",
        shown=_OF_RULE,
        check=optional(_from_zero),
        older=None,
    )
    # LearningRule checks the factors.
    thinning: tuple[int, ...] = choice(
        (),
        RULE,
        "let every K-th presynaptic neuron learn in a sample; one K for each epoch, the last one stays",
        each=int,
        metavar="K",
        shown="1",
        older=(),
    )
    eta: int = choice(Parameters.eta, RULE, "weight change per coincidence", check=check_count)
    w_max: int = choice(Parameters.w_max, RULE, "weights stay within -w_max and w_max", check=check_count)
    readout_levels: int | None = choice(
        None,
        RULE,
        "answer test samples with K neurons for each output",
        metavar="K",
        shown="margin 8, published 1",
        check=_count_or_none,
        older=None,
    )
    initialisation: str = choice(
        INITIALISATIONS[0],
        NETWORK,
        f"how weights start: {' or '.join(INITIALISATIONS)}",
        metavar="HOW",
        check=one_of(INITIALISATIONS),
    )
    init_weights: str | None = choice(
        None,
        NETWORK,
        "start from the integer arrays W1, W2, ... of a file",
        metavar="F.npz",
        kind=str,
        shown="",
        check=optional(text),
    )

    # Presentation checks epochs, seed and shuffle.
    epochs: int = choice(10, TRAINING, "passes over the samples", metavar="N")
    samples: int | None = choice(
        None, TRAINING, "use the first N training samples", metavar="N", shown="all", check=_count_or_none
    )
    seed: int = choice(Presentation.seed, TRAINING, "decides weights and order", metavar="S")
    shuffle: bool = choice(Presentation.shuffle, TRAINING, "show samples in the given order in every epoch", shown="")
    shift: int = choice(
        0, TRAINING, "move images by up to P pixels, anew in every epoch", metavar="P", check=_from_zero, older=0
    )
    validation: float = choice(
        0.0,
        TRAINING,
        "hold a share F of the training samples out, and score them after every epoch",
        metavar="F",
        shown="0",
        check=share,
        older=0.0,
    )

    # Options checks threads and layout, and the backend the variant.
    threads: int = choice(Options.threads, SIMULATION, "threads of the simulator", metavar="T")
    variant: str = choice(
        Options.variant,
        SIMULATION,
        "how the simulator does it: NEST compiled or dopamine, Brian2 cython or numpy, Lava emulator, fast or stock",
        metavar="NAME",
        shown="the fastest",
        check=text,
    )
    layout: str = choice(
        Options.layout,
        SIMULATION,
        "separate: a PyNN Population for each of the circuit's; fused: few for all",
        metavar="NAME",
        shown="the faster one",
    )

    checkpoint_every: int = choice(5000, RESULTS, "samples between checkpoints", metavar="N", check=check_count)
    record: tuple[str, ...] = choice(
        (),
        RESULTS,
        f"record these populations (or: {RECORD_ALL}) to spikes.nix (with very many trains spikes.npz)",
        metavar="POPULATION",
        shown="",
        check=names,
    )
    per_neuron: bool = choice(
        False,
        RESULTS,
        "write a spike train for each neuron, as Elephant takes them, not one for each population",
        shown="",
        check=flag,
        older=False,
    )
    record_samples: int = choice(
        Record.samples, RESULTS, "record the first and last N samples", metavar="N", check=check_count
    )

    code: Code = field(
        default_factory=Binary,
        metadata={"choice": Choice("", "neurons of a unit, and their dither", Code, _code, older=Binary())},
    )

    def __post_init__(self) -> None:
        check_all(self)
        object.__setattr__(self, "record", tuple(self.record))
        object.__setattr__(self, "hidden", checked_hidden("hidden", self.hidden))
        object.__setattr__(self, "thinning", self.learning_rule.thinning if self.thinning != () else ())
        _ = self.presentation, self.options, self.learning_rule

    @property
    def presentation(self) -> Presentation:
        """How samples are shown, but for shifts, which depend on their shape."""
        return Presentation(self.epochs, self.seed, self.shuffle)

    @property
    def options(self) -> Options:
        """What the simulator is told."""
        return Options(self.threads, self.variant, self.layout)

    @property
    def learning_rule(self) -> LearningRule:
        """By which it learns: the one that is named, but for the options that are given."""
        given = {name: getattr(self, name) for name in _RULE_OPTIONS}
        return learning_rule(self.rule, **{name: value for name, value in given.items() if value != ()})

    def as_dict(self) -> dict[str, Any]:
        """All of it as plain numbers, text and lists, with all options of the rule; the code if it is not binary."""
        values = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "code"}
        lists = {name: list(values[name]) for name in ("hidden", "record")}
        code = {} if self.code == Binary() else {"code": self.code.arguments()}
        return {**values, **lists, **self.learning_rule.as_dict(), **code}

    @classmethod
    def needed(cls) -> set[str]:
        """What :meth:`from_dict` must find: all but the choices that older files don't have."""
        return {field.name for field in fields(cls) if choice_of(field).older is IN_ALL_FILES}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> RunConfig:
        """The inverse of :meth:`as_dict`; what else there is in `stored` is passed over.

        Raises
        ------
        InputError
            If one of the choices can't be used.
        """
        before = {field.name: choice_of(field).older for field in fields(cls)}
        values = {name: value for name, value in before.items() if value is not IN_ALL_FILES}
        values |= {name: stored[name] for name in before if name in stored}
        if "code" in stored:
            values["code"] = code_of(stored["code"])
        config = cls(**values)
        # What a rule's name means anyway need not be given.
        named = cls(**{**values, **_NOT_GIVEN}).learning_rule.as_dict()
        usual = {name for name in _NOT_GIVEN if config.learning_rule.as_dict()[name] == named[name]}
        return replace(config, **{name: _NOT_GIVEN[name] for name in usual})
