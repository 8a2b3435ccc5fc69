"""Tries a case from a file on the integer rule before any job runs: do its samples, weights and scores fit together?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from pynn_backprop.data.samples import Samples
from pynn_backprop.errors import DataNotFoundError, InputError
from pynn_backprop.platforms import ReferencePlatform

from ..platforms.base import Task
from ..platforms.kinds.spiking import train_and_test
from .job import Job
from .perform import task_of


def rehearse(job: Job) -> None:
    """Load what a job is to show, learn it once and answer it by the integer rule, and score the answers.

    A data set that is not on this machine is no defect of the case; whoever runs the job may have it.

    Raises
    ------
    InputError
        Names the case's file, what is wrong, and what is allowed.
    """
    source = "the case" if job.case_file is None else job.case_file.path
    try:
        _try(job, task_of(job))
    except DataNotFoundError:
        return
    except Exception as error:
        said = str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        raise InputError(f"{source}: the case {job.case} can't be used: {said}") from error


def _try(job: Job, task: Task) -> None:
    case, samples = task.case, task.samples
    if not isinstance(samples, Samples):
        raise InputError(f"load gives a {type(samples).__name__} but must give Samples (pynn_backprop.data.samples)")
    for part, wanted in (("train", job.samples), ("test", job.test_samples)):
        for kind in ("x", "y"):
            found = len(getattr(samples, f"{kind}_{part}"))
            if found != wanted:
                raise InputError(f"load gives {found} samples in {kind}_{part} but must give {wanted}")
        _check_fired(f"x_{part}", getattr(samples, f"x_{part}"), case.inputs * case.code.n)
    if samples.n_classes != case.outputs:
        raise InputError(f"load gives samples with n_classes {samples.n_classes} but must give {case.outputs}")
    weights, evaluation = train_and_test(ReferencePlatform(), replace(task, epochs=1))
    score = case.score(evaluation, samples, weights, task.seed)
    _check_score(score)
    if not isinstance(case.reached(score), bool):
        raise InputError(f"reached gives {case.reached(score)!r} but must give True or False")
    if not isinstance(case.wanted, str):
        raise InputError(f"wanted is {case.wanted!r} but must be a str")


def _check_fired(name: str, x: Any, width: int) -> None:
    if not isinstance(x, np.ndarray) or x.dtype != bool or x.shape[1:] != (width,):
        found = f"{x.dtype} {x.shape}" if isinstance(x, np.ndarray) else type(x).__name__
        raise InputError(f"{name} is {found} but must be an array of bool, ({len(x)}, {width}): which inputs fire")


def _check_score(score: Mapping[str, Any]) -> None:
    if not isinstance(score, dict):
        raise InputError(f"score gives {score!r} but must give numbers by name, in a dict")
    for name, value in score.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise InputError(f"score gives {value!r} as {name} but must give a Python number")
