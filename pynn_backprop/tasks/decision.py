"""What competing chains are shown, what they decide, and with which probability they should."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ..checks import check_count
from ..circuit.circuit import Circuit
from ..circuit.decision import GAIN, WINS, decision_circuit, rounds_for
from ..codes.code import Code
from ..errors import InputError
from ..spikes import Spikes
from .trial import Trial, counted, fair_coins

UNDECIDED = -1


def contestants_of(circuit: Circuit) -> tuple[str, ...]:
    """The names of the chains of a :func:`~pynn_backprop.circuit.decision.decision_circuit`, in order."""
    return tuple(p.name[: -len(WINS)] for p in circuit.populations if p.name.endswith(WINS))


def decision_trial(
    code: Code,
    amplitudes: np.ndarray,
    values: np.ndarray,
    contestants: Sequence[str] = ("a", "b"),
    populations: int = 3,
) -> Trial:
    """Amplitudes that compete, and the value that goes down the route of the winner.

    Parameters
    ----------
    code
        Neurons of a unit, and their dither.
    amplitudes
        From 0 to 1, shape (n_samples, n_contestants).
    values
        From 0 to 1, shape (n_samples,).
    contestants, populations
        See :func:`~pynn_backprop.circuit.decision.decision_circuit`.

    Raises
    ------
    InputError
        If shapes do not fit each other, or a number is not from 0 to 1.
    """
    circuit = decision_circuit(code, contestants, populations)
    given = np.shape(amplitudes)
    if len(given) != 2 or given[1] != len(contestants) or np.shape(values) != given[:1]:
        raise InputError(
            f"amplitudes and values have the shapes {given} and {np.shape(values)} but must have (n_samples, "
            f"{len(contestants)}) and (n_samples,)"
        )
    sources = {"input": code.fire(np.asarray(values)[:, None])}
    for column, name in zip(np.transpose(amplitudes), contestants, strict=True):
        sources[f"input {name}"] = code.fire(column[:, None])
    return Trial(circuit, sources | fair_coins(circuit, given[0]))


def all_pairs(n: int) -> np.ndarray:
    """Every pair of amplitudes of two units of n neurons, from 0 to 1, shape ((n + 1)^2, 2)."""
    check_count("n", n)
    return np.array(list(itertools.product(range(n + 1), repeat=2))) / n


def decided(spikes: Spikes, length: int, samples: int, contestants: Sequence[str]) -> np.ndarray:
    """Whose deciding neuron fired, by its place among the contestants; :data:`UNDECIDED` where none did.

    Parameters
    ----------
    spikes
        Those of the deciding neurons are looked at.
    length
        Phases in a cycle.
    samples
        How many were shown.
    contestants
        Their names.

    Returns
    -------
    numpy.ndarray
        Int, shape (samples,).

    Raises
    ------
    InputError
        If two of them fired in one sample.
    """
    wins = np.column_stack([counted(spikes[name + WINS], 1, length, samples) for name in contestants])
    if wins.sum(axis=1).max(initial=0) > 1:
        raise InputError(f"two contestants win sample {int(np.argmax(wins.sum(axis=1)))}")
    return np.where(wins.any(axis=1), wins.argmax(axis=1), UNDECIDED)


# --- theory


def contest(counts: np.ndarray, n: int, rounds: int | None = None) -> np.ndarray:
    """Numbers of firing neurons after some rounds, if levels are not random.

    Parameters
    ----------
    counts
        At first, integers of shape (..., n_contestants).
    n
        Neurons of a unit.
    rounds
        How many; those of the circuit if None.
    """
    found = np.asarray(counts)
    for _ in range(rounds_for(n) if rounds is None else rounds):
        found = _next(found, found.sum(axis=-1, keepdims=True) - found, n)
    return found


def _next(amplitude: np.ndarray, others: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(np.clip(GAIN * amplitude - others, 0, n))


def winner(counts: np.ndarray, n: int) -> np.ndarray:
    """Who exceeds the sum of the others by more than n / 2, of the last numbers of a contest; or UNDECIDED."""
    counts = np.asarray(counts)
    ahead = 2 * (2 * counts - counts.sum(axis=-1, keepdims=True)) > n
    return np.where(ahead.any(axis=-1), ahead.argmax(axis=-1), UNDECIDED)


def chances(n: int) -> np.ndarray:
    r"""With which probability each of two contestants wins if levels are random.

    The numbers of firing neurons are a Markov chain: those of the next round are binomial, with the share of levels
    below the drive as probability, and independent of each other.

    Parameters
    ----------
    n
        Neurons of a unit.

    Returns
    -------
    numpy.ndarray
        Shape (n + 1, n + 1, 2), by the numbers of neurons of the sources; the rest to 1 is undecided.
    """
    m = np.arange(n + 1)
    step = _binomial(n)[_next(m[:, None], m, n)]  # [m, other, next]
    pairs = np.stack(np.meshgrid(m, m, indexing="ij"), axis=-1)
    won = winner(pairs, n)
    # Backwards: what the numbers of a round are worth is the mean of what those of the next one are.
    worth = np.stack([won == k for k in range(2)], axis=-1).astype(float)
    for _ in range(rounds_for(n)):
        worth = np.einsum("abi,baj,ijk->abk", step, step, worth, optimize=True)
    first = _binomial(n)
    return np.asarray(np.einsum("ai,bj,ijk->abk", first, first, worth, optimize=True))


def _binomial(n: int) -> np.ndarray:
    """Probability of k firing neurons of n, each of which does with m / n; shape (n + 1, n + 1) by m and k."""
    k, p = np.arange(n + 1), np.arange(n + 1)[:, None] / n
    ways = np.concatenate(([1.0], np.cumprod((n - k[:-1]) / (k[:-1] + 1))))
    return np.asarray(ways * p**k * (1 - p) ** (n - k))
