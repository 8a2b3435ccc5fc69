r"""The integer rule, which every platform must equal.

Every unit is n neurons (:mod:`pynn_backprop.codes`).  With :math:`q = \theta/n`, numbers :math:`X, T` of firing neurons
of inputs and targets, levels :math:`\lambda` of this cycle and weights between neurons, one sample does

.. math::

    h^0 &= [X > \lambda^x] \qquad u^l = h^{l-1} W_l \qquad h^l = [u^l > q(\lambda^l + 1/2)] \qquad (l = 1 \dots L) \\
    t &= [T > \lambda^L] \qquad
    d^+ = t \wedge \neg h^L \wedge [u^L > 0] \qquad
    d^- = h^L \wedge \neg t \wedge [u^L > 0] \wedge \neg [u^L > \theta] \\
    \delta^L &= d^+ - d^- \qquad b^l = \delta^{l+1} W_{l+1}^T \qquad
    \delta^l = \bigl([b^l > D + s \mu^l] - [-b^l > D + s \mu^l]\bigr) \; [0 < u^l] \; \neg [u^l > \theta] \\
    W_l &\leftarrow \operatorname{clip}(W_l + \eta \, (r \wedge h^{l-1}) \otimes \delta^l)

with the weights from before the sample in b, weights clipped to :math:`\pm w_{max}`, the levels :math:`\mu` of the
hidden error and :math:`s` = q / back_gain.  The hidden threshold D is 0 and r all ones in the published rule; with
thinning k, neuron i learns in sample c if :math:`r_i = [(7 i + 5 c) \bmod k = 0]`.  The output error of a margin is

.. math:: d^+ = t \wedge \neg [u^L > \theta] \qquad d^- = [u^L > 0] \wedge \neg t \, .

With one neuron a unit all levels are 0, and the published rule is that of Renner et al. (2024): :math:`h = [u >
\theta/2]`, :math:`\delta = \operatorname{sign}(b)` inside the box of the derivative.

The output error is taken by every neuron for itself: target and output are compared at the same level, so that over all
levels neuron (j, k) has the mean error :math:`T_j/n - u_{jk}/\theta`.  If the neurons of a unit have equal drives,
their errors add up to the graded rectified difference of the two numbers, :math:`[T_j - H_j]^+` and :math:`[H_j -
T_j]^+`.
"""

from __future__ import annotations

import numpy as np

from ..arguments import checked
from ..checks import check_choice, check_count, checked_samples, checked_targets
from ..circuit.parameters import MARGIN, Parameters, check_turns, default_parameters
from ..circuit.schedule import layer_names
from ..circuit.training import DEFAULT_FORM, FORMS
from ..codes.binary import Binary
from ..codes.code import Code
from ..errors import EqualityError
from ..interfaces import Response
from ..spikes import Spikes
from ..weights import Weights, check_weights, units_of
from .kernel import Buffers, Levels, Strengths, show


class Rule:
    """The integer rule for any number of weight matrices.

    Parameters
    ----------
    weights
        ``W1``, ``W2``, ... between neurons, integers of shape (n_pre, n_post).  They are copied.
    parameters
        Threshold, weight change and bound, and the options of the rule;
        :func:`~pynn_backprop.circuit.parameters.default_parameters` if None.
    code
        Neurons of a unit and their levels; one neuron if None.
    form
        The form of the circuit that is to follow the rule.  The weights are those of every form, but what a circuit
        must be able to keep silent differs.
    readout_levels
        Of the inference circuit whose answers are wanted, see
        :func:`~pynn_backprop.circuit.inference.inference_circuit`.

    Raises
    ------
    InputError
        If the matrices are no weights that fit together, or don't connect whole units, or theta does not suit the code.

    Examples
    --------
    >>> rule = Rule({"W1": np.array([[200, 0], [200, 100]])})
    >>> rule.train(np.array([[True, False], [True, True]]), np.array([0, 0])).potentials
    array([[200,   0],
           [402, 100]], dtype=int32)
    >>> rule.weights()["W1"]
    array([[204,   0],
           [202, 100]])
    """

    @checked
    def __init__(
        self,
        weights: Weights,
        parameters: Parameters | None = None,
        code: Code | None = None,
        form: str = DEFAULT_FORM,
        readout_levels: int = 1,
    ) -> None:
        self.code = code or Binary()
        checked = check_weights(weights, parameters or Parameters())
        self.units = units_of(checked, self.code)
        self.parameters = p = parameters or default_parameters(self.code, self.units)
        check_turns(p, self.code)
        self._matrices = tuple(np.array(matrix, dtype=np.int32, order="C") for matrix in checked.values())
        self._buffers = Buffers.of(tuple(size * self.code.n for size in self.units))
        self._strengths = Strengths(
            n=self.code.n,
            theta=p.theta,
            eta=p.eta,
            w_max=p.w_max,
            margin=p.output_error == MARGIN,
            dead=p.hidden_threshold,
            step=self.code.back_step(p.quantum(self.code.n)),
            thinning=p.thinning,
            gated=check_choice("form", form, FORMS) == "compact",
            held=p.largest_silent_drive,
        )
        readout = p.readout(readout_levels)
        self._readout = np.array(readout if len(readout) > 1 else (), np.int32)
        self._shown = 0

    def compile(self) -> None:
        """Compile now what the first samples would wait for."""
        sizes = self.units[0] * self.code.n, self.units[-1] * self.code.n
        self._show(np.zeros((0, sizes[0]), bool), np.zeros((0, sizes[1]), bool), learning=False)

    def weights(self) -> Weights:
        """A copy of the weight matrices, int64, by name."""
        return {f"W{k}": matrix.astype(np.int64) for k, matrix in enumerate(self._matrices, 1)}

    @checked
    def train(self, x: np.ndarray, labels: np.ndarray) -> Response:
        """Learn from samples, one after the other.

        Parameters
        ----------
        x
            Bool, shape (n, n_in): which input neurons fire.  Only their numbers in each unit count.
        labels
            Integers, shape (n,): the unit all of whose neurons are to fire; or which target neurons fire, bool of shape
            (n, n_out).

        Returns
        -------
        Response
            The outputs before each sample was learnt, and their drive.

        Raises
        ------
        EqualityError
            If a replay would drive a neuron so hard that the circuit could not keep it silent: the spiking circuit
            would then no longer follow the rule.
        """
        x = checked_samples(x, self.units[0] * self.code.n)
        return self._show(x, checked_targets(labels, len(x), self.units[-1], self.code.n), learning=True)

    @checked
    def infer(self, x: np.ndarray) -> Response:
        """The outputs for `x`, bool of shape (n, n_in), without learning; levels go on rotating."""
        x = checked_samples(x, self.units[0] * self.code.n)
        return self._show(x, np.zeros((len(x), self.units[-1] * self.code.n), bool), learning=False)

    @checked
    def skip(self, samples: int) -> None:
        """Go on as if this many samples had been shown before."""
        self._shown += check_count("samples", samples, 0)

    def _show(self, x: np.ndarray, targets: np.ndarray, learning: bool) -> Response:
        code, p = self.code, self.parameters
        numbers = code.counts(x).astype(np.int32)
        wanted = code.counts(targets).astype(np.int32)
        outputs = np.zeros((len(x), self.units[-1] * code.n), bool)
        potentials = np.zeros(outputs.shape, np.int32)
        first, levels = self._levels(len(x))
        silent = show(
            numbers,
            wanted,
            self._matrices,
            levels,
            first,
            self._shown,
            self._strengths,
            learning,
            self._buffers,
            outputs,
            potentials,
        )
        if silent > p.largest_silent_drive:
            raise EqualityError(
                f"a replay drives a silent neuron with up to {silent}, but the circuit's inhibition holds only "
                f"{p.largest_silent_drive}: use a larger bias, Parameters(bias=...), or more gates that inhibit, "
                "Parameters(inhibitors=...)"
            )
        self._shown += len(x)
        readout = (potentials[:, :, None] > self._readout).sum(axis=2) if len(self._readout) else None
        return Response(outputs, potentials, readout)

    def _levels(self, n_samples: int) -> tuple[int, Levels]:
        """Row of the first sample, and the levels with which each layer fires, and takes its hidden error."""
        first, cycles = self.code.cycles(self._shown, n_samples)
        layers = list(zip(layer_names(len(self.units) - 1), self.units, strict=True))
        fires = tuple(self.code.levels(name, size, cycles) for name, size in layers)
        hidden = range(1, len(self.units) - 1)
        back = tuple(
            self.code.levels(f"{name}T", size, cycles) if k in hidden else np.zeros((1, 1), np.int32)
            for k, (name, size) in enumerate(layers)
        )
        return first, Levels(fires, back)

    def check_copies(self) -> None:
        """There is only one copy of each matrix."""

    def take_spikes(self) -> Spikes:
        """The rule has no spikes but the outputs; see :class:`~pynn_backprop.reference.steps.StepSimulator`."""
        return {}

    def close(self) -> None:
        """Nothing to free."""
