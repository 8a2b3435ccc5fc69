"""XOR (Renner et al. 2020): the smallest task that needs hidden units.

A network of three inputs (two values and the bias unit), hidden units and one output sees the four patterns in random
order.  It has solved the task if for every pattern the output is on the right side of 1/2, by `MARGIN`, in each of N
windows with different levels (with noise: in their mean).  With 12 hidden units of 32 rotating neurons 1,396 of 1,400
networks had solved it after 2,600 to 4,000 presentations; three of the others never did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..checks import check_count
from ..circuit.inference import inference_circuit
from ..circuit.parameters import Parameters, default_parameters
from ..circuit.training import DEFAULT_FORM
from ..codes.code import Code
from ..codes.graded_start import with_bias
from ..interfaces import Platform
from ..learning.evaluation import evaluate
from ..platforms import ReferencePlatform
from ..reference.rule import Rule
from ..weights import Weights, initial_weights, units_of
from .parts import learnt_in_parts

PATTERNS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
EXCLUSIVE_OR = np.array([0.0, 1.0, 1.0, 0.0])
MARGIN = 0.25
"""How far an output must be from 1/2."""


@dataclass(frozen=True)
class LearntXor:
    """How XOR was learnt.

    Parameters
    ----------
    code
        Neurons of a unit and their dither.
    shown
        After how many presentations the outputs were read, shape (n_readings,), 0 first.
    outputs
        Share of firing output neurons, shape (n_readings, 4, n_windows), in the order of `PATTERNS`.
    weights
        Weights between neurons in the end.
    """

    code: Code
    shown: np.ndarray
    outputs: np.ndarray
    weights: Weights

    @property
    def margins(self) -> np.ndarray:
        """The smallest distance from 1/2 towards the right side, shape (n_readings,); negative on the wrong side."""
        judged = self.outputs if self.code.settled else self.outputs.mean(axis=2, keepdims=True)
        wanted = 2 * EXCLUSIVE_OR[:, None] - 1
        return np.asarray((wanted * (judged - 0.5)).min(axis=(1, 2)))

    @property
    def solved_at(self) -> int | None:
        """After how many presentations it was solved and stayed so; None if it is not in the end."""
        failed = np.flatnonzero(self.margins < MARGIN)
        if len(failed) and failed[-1] == len(self.shown) - 1:
            return None
        return int(self.shown[failed[-1] + 1 if len(failed) else 0])


def xor_samples(code: Code, presentations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """XOR patterns in random order, as spikes: bool of shape (presentations, 3 * n) and (presentations, n)."""
    chosen = np.random.default_rng((seed, 1)).integers(0, len(PATTERNS), presentations)
    return code.fire(with_bias(PATTERNS)[chosen]), code.fire(EXCLUSIVE_OR[chosen, None])


def learn_xor(
    code: Code,
    hidden: int = 12,
    presentations: int = 4000,
    seed: int = 0,
    parameters: Parameters | None = None,
    platform: Platform | None = None,
    every: int = 200,
    form: str = DEFAULT_FORM,
) -> LearntXor:
    """Learn XOR.

    Parameters
    ----------
    code
        Neurons of a unit and their dither.
    hidden
        Hidden units, of which one hands the bias on.
    presentations
        How many patterns are shown.
    seed
        Decides the order of patterns and the initial weights.
    parameters
        Strengths; :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    platform
        Where it learns, and answers in the end; the reference if None.
    every
        Presentations between two readings of the outputs.
    form
        Of the circuit that learns, one of :data:`pynn_backprop.circuit.training.FORMS`.

    Returns
    -------
    LearntXor
        The last reading is the platform's own answer, those before are what the rule answers with its weights.
    """
    check_count("presentations", presentations)
    check_count("hidden", hidden, 2)
    p = parameters or default_parameters(code)
    x, targets = xor_samples(code, presentations, seed)
    start = weights = initial_weights((x.shape[1] // code.n, hidden, 1), seed, parameters=p, code=code)
    asked = np.repeat(code.fire(with_bias(PATTERNS)), code.n, axis=0)
    shown, outputs = [0], [_answers(weights, code, p, asked)]
    for answered, _, weights in learnt_in_parts(platform, start, code, p, x, targets, every, form):
        shown.append(shown[-1] + len(answered))
        outputs.append(_answers(weights, code, p, asked))
    circuit = inference_circuit(units_of(weights, code), p, probe=True, code=code)
    last = evaluate(platform or ReferencePlatform(), circuit, asked, weights).outputs
    outputs[-1] = last.reshape(len(PATTERNS), code.n)
    return LearntXor(code, np.array(shown), np.array(outputs), weights)


def _answers(weights: Weights, code: Code, parameters: Parameters, asked: np.ndarray) -> np.ndarray:
    """What the rule answers: shares of output neurons, shape (4, n_windows)."""
    fired = Rule(weights, parameters, code).infer(asked).outputs
    return np.asarray(code.counts(fired).reshape(len(PATTERNS), -1) / code.n)
