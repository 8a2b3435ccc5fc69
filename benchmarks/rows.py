"""Rows of results: what is in one.

One row is what one platform did with one case, seed and size: one line of ``results.jsonl``
(:mod:`benchmarks.row_files`).  A platform that failed, was missing or took too long has a row too, which says why.

===========================  ====================================================================================
``schema``                   :data:`SCHEMA`
``case``, ``platform``,      what ran where, and how the platform did it
``variant``
``seed``, ``layer_sizes``    of the initial weights and the order of samples; units of the layers, input first
``form``, ``rule``           of the circuit that learnt, empty for peers; older rows lack them and are of the published
                             ones
``code``                     how numbers become spikes: the arguments of :class:`pynn_backprop.codes.code.Code`
``samples``,                 training samples of an epoch, test samples, epochs
``test_samples``, ``epochs``
``whole_training``           ``samples`` and ``epochs`` of the training that the case states; only what learnt as much
                             is compared with what others published
``validation``               samples of the training set behind the first ``samples``, held out
``stretch``                  first and last but one of the samples of the training (counted through all epochs) that
                             the platform showed itself, the integer rule the others; empty if it showed all
``until``                    share of the validation samples at which training ended; 0 if it went on to its end
``repeats``, ``threads``     how often the same was timed, with how many threads
``time_limit``               seconds after which the process is ended
``status``, ``why``          one of :data:`STATUSES`; why it is not ``ok``, empty if it is
``repeat_seconds``           wall time of each repeat by stage (:data:`STAGES`); building and running are apart
``warm_up_seconds``          what came before the first repeat: compilers, caches; it is in no repeat
``correct``                  what "correct" means in this case, and whether it was
``metrics``                  NeuroBench's names for the answering network, and in ``training`` for the learning one
``curve``                    a list of points of the training: samples ``shown``, ``seconds`` of it, share ``right``
``rates``                    of a peer: the learning rate ``chosen``, and what others came to on validation samples
``counts``                   exact counts per training sample, and in ``inference`` per test sample
``energy``                   a list of ``kind`` (measured or estimated), ``by``, ``joule_per_sample``, ``covers``
``peak_memory_MB``           of the job's process, without those that a platform starts
``host``, ``versions``       the machine, and versions of everything
``started``, ``command``     when (UTC), and the command that repeats this row
===========================  ====================================================================================

What a row that is not ``ok`` could not measure is empty or None.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from typing import Any

from pynn_backprop.checks import check_choice
from pynn_backprop.circuit.parameters import PUBLISHED
from pynn_backprop.circuit.published import PublishedSchedule
from pynn_backprop.errors import InputError

from .row_content import check_content

SCHEMA = 1
"""Raised when a field changes its meaning; files of another schema are refused."""

OK, FAILED, MISSING, TIMEOUT, SKIPPED = "ok", "failed", "missing", "timeout", "skipped"
STATUSES = (OK, FAILED, MISSING, TIMEOUT, SKIPPED)
"""Done; an error or a killed process; not installed or not there yet; ended at the time limit; not tried, since the
platform or the machine can't hold it."""

BUILD, TRAIN, BUILD_TEST, TEST = "build", "train", "build_test", "test"
STAGES = (BUILD, TRAIN, BUILD_TEST, TEST)
"""What ``repeat_seconds`` has: building the network that learns, learning, building the one that answers, answering."""

TRAINING, INFERENCE = "training", "inference"
"""What an energy is of; also the names of parts of ``metrics`` and ``counts``."""

STAGE = {TRAINING: TRAIN, INFERENCE: TEST}
"""Which part of ``repeat_seconds`` is the time of training and of inference."""

MEASURED, ESTIMATED = "measured", "estimated"
"""How an energy is known: a meter read it, or it is computed from counts or from a declared power."""

KEY = (
    "case",
    "platform",
    "variant",
    "seed",
    "layer_sizes",
    "form",
    "rule",
    "code",
    "samples",
    "test_samples",
    "epochs",
    "validation",
    "stretch",
    "until",
    "repeats",
    "threads",
)
"""What makes a row another one; ``--resume`` skips rows with the same."""

FIELDS: dict[str, type | tuple[type, ...]] = {
    "schema": int,
    "case": str,
    "platform": str,
    "variant": str,
    "seed": int,
    "layer_sizes": list,
    "form": str,
    "rule": str,
    "code": dict,
    "samples": int,
    "test_samples": int,
    "epochs": int,
    "whole_training": dict,
    "validation": int,
    "stretch": list,
    "until": (int, float),
    "repeats": int,
    "threads": int,
    "time_limit": (int, float),
    "status": str,
    "why": str,
    "repeat_seconds": dict,
    "warm_up_seconds": (int, float, type(None)),
    "correct": dict,
    "metrics": dict,
    "curve": list,
    "rates": dict,
    "counts": dict,
    "energy": list,
    "peak_memory_MB": (int, float, type(None)),
    "host": dict,
    "versions": dict,
    "started": str,
    "command": str,
}
"""Every field and its type in Python."""

OLDER: dict[str, Any] = {
    "form": PublishedSchedule.form,
    "rule": PUBLISHED,
    "whole_training": {},
    "validation": 0,
    "stretch": [],
    "until": 0.0,
    "curve": [],
    "rates": {},
}
"""What rows mean that were written before there was such a field."""

Row = dict[str, Any]


def check_row(row: Any, source: str = "the row") -> Row:
    """Check that a row has all fields but those that older rows lack, of the right type, with values to count with.

    Raises
    ------
    InputError
        Names `source`, the field, its value and what is allowed.
    """
    if not isinstance(row, dict):
        raise InputError(f"{source} is {row!r} but must be an object with the fields {', '.join(FIELDS)}")
    if row.get("schema") != SCHEMA:
        raise InputError(f"{source} has schema {row.get('schema')!r}; this version reads {SCHEMA}")
    missing = [name for name in FIELDS if name not in row and name not in OLDER]
    if missing:
        raise InputError(f"{source} lacks {', '.join(missing)}")
    for name, kind in FIELDS.items():
        value = row.get(name, OLDER.get(name))
        if not isinstance(value, kind) or isinstance(value, bool):
            wanted = kind if isinstance(kind, tuple) else (kind,)
            words = " or ".join("null" if one is type(None) else one.__name__ for one in wanted)
            raise InputError(f"{source}: {name} is {value!r} but must be {words}")
    check_choice(f"{source}: status", row["status"], STATUSES)
    if (row["status"] == OK) != (row["why"] == ""):
        raise InputError(f"{source}: why is {row['why']!r} but must say why exactly when the status is not {OK!r}")
    check_content(row, source)
    return row


def key_of(row: Mapping[str, Any]) -> str:
    """The values of :data:`KEY` as text."""
    return json.dumps([{**OLDER, **row}[name] for name in KEY], sort_keys=True)


def whole(row: Row) -> Row:
    """The row with the fields that older rows lack."""
    return {**OLDER, **row}


def platform_in(row: Mapping[str, Any]) -> str:
    """Platform and variant, for people."""
    return f"{row['platform']} {row['variant']}".strip()


def apart_in(row: Mapping[str, Any]) -> dict[str, str]:
    """What rows of one platform and variant may differ in, in words by what it is; empty where it is as usual."""
    row = {**OLDER, **row}
    return {
        "form": row["form"] and f"{row['form']} form",
        "rule": row["rule"] and f"{row['rule']} rule",
        "code": f"{row['code'].get('kind', 'graded')} code of {row['code']['n']}"
        if row["code"].get("n", 1) > 1
        else "",
        "threads": f"{row['threads']} threads" if row["threads"] > 1 else "",
        "stretch": "samples {:,} to {:,}".format(*row["stretch"]) if row["stretch"] else "",
    }


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether it learnt at least as much as the whole training that its case states."""
    stated: Mapping[str, int] = row.get("whole_training") or {}
    enough = bool(stated) and row["samples"] * row["epochs"] >= stated["samples"] * stated["epochs"]
    return enough and not row.get("until")


def sizes_in(row: Mapping[str, Any]) -> str:
    """Units of the layers, for people: ``400-400-10``."""
    return "-".join(map(str, row["layer_sizes"]))


def median_seconds(row: Mapping[str, Any], stage: str) -> float | None:
    """Median over the repeats of the wall time of a stage, in s; None if there is none."""
    seconds = row["repeat_seconds"].get(check_choice("stage", stage, STAGES)) or []
    return statistics.median(seconds) if seconds else None


def samples_in(row: Mapping[str, Any], stage: str) -> int:
    """How many samples one repeat of a stage shows: in training those of all epochs, or those of its stretch."""
    if stage == TEST:
        return int(row["test_samples"])
    first, stop = row.get("stretch") or (0, row["samples"] * row["epochs"])
    if row.get("until"):
        stop = row["curve"][-1]["shown"]
    return int(stop - first)


def ms_per_sample(row: Mapping[str, Any], stage: str) -> float | None:
    """Median wall time of a sample in ms, of :data:`TRAIN` or :data:`TEST`; None if there is none."""
    seconds = median_seconds(row, stage)
    return None if seconds is None else 1e3 * seconds / samples_in(row, stage)


def flat(row: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested values under dotted names; lists of numbers as text with spaces between."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{name}.")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            for number, item in enumerate(value):
                found |= flat(item, f"{prefix}{name}.{number}.")
        elif isinstance(value, list):
            found[f"{prefix}{name}"] = " ".join(map(str, value))
        else:
            found[f"{prefix}{name}"] = value
    return found
