"""A peer: reward-modulated STDP with eligibility traces (MSTDPET), a three-factor rule, as BindsNET has it.

The network is that of BindsNET's examples of such learning, ``examples/breakout/breakout_stdp.py`` and
``examples/dotTracing/dot_tracing.py``, with its neurons' own parameters and the examples' learning rate: the weights of
a hidden layer stay as they were drawn, those of the outputs learn between 0 and 1 and are kept at a certain sum, and
outputs have no refractory time.  Those examples play games, and of these rules a developer of BindsNET says that they
had not got them to work on anything (github.com/BindsNET/bindsnet, issue 217).  So that they may learn classes, three
things are not the examples', chosen by training digits that were held out:

- hidden weights are drawn with both signs; with the examples', all positive, every hidden neuron does much the same;
- each output has its own reward, a tensor in place of a number, as BindsNET takes it;
- a spike counts only if it comes before the output's (``a_minus`` is 0).

A sample takes :data:`STEPS` steps, in each of which the input fires and from which eligibility is gathered; then its
reward is given in one step more.  The class is the output that fired most, of several the one nearest to a spike.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pynn_backprop.errors import InputError, PlatformError

from ..rows import TEST, TRAIN
from .base import Task
from .kinds.peer import dense_macs, effective_operations, peer, versions_of

STEPS = 25
RATES = (0.1, 0.03, 0.3)
"""That of the examples first."""

HIDDEN_WEIGHTS = 4.0
"""Standard deviation of what arrives at a hidden neuron, in mV, if all inputs fire."""

OUTPUT_WEIGHTS = 50.0
"""Sum of the weights of an output, in mV; the examples have half the number of their hidden neurons, which are 100."""

ANSWERED_AT_ONCE = 250

INPUT, HIDDEN, OUTPUT = "input", "hidden", "output"

TRACES = ("p_plus", "p_minus", "eligibility", "eligibility_trace")
"""Of the rule, between samples; BindsNET forgets those of neurons only."""

OF_A_PLASTIC_WEIGHT = 4
"""Products in a step: the traces of both neurons with a spike of the other, the eligibility's decay, the reward."""


class ThreeFactor:
    """Input, one hidden layer, output; a :class:`~benchmarks.platforms.kinds.peer.Learner`.

    Parameters
    ----------
    task : Task
        What is learnt.
    rate : float
        The learning rate.
    """

    def __init__(self, task: Task, rate: float) -> None:
        if len(task.units) != 3:
            raise InputError(f"the layers are {task.units}, but BindsNET's rule has exactly one hidden layer here")
        try:
            import torch
            from bindsnet.learning import MSTDPET
            from bindsnet.network import Network, monitors, nodes, topology
        except ImportError as error:
            raise PlatformError(
                "BindsNET and PyTorch are needed, on Python 3.11 or later: pip install 'pynn_backprop[peers]'"
            ) from error
        torch.set_num_threads(task.threads)
        self.torch, self.monitor, self.sizes = torch, monitors.Monitor, task.units
        n_in, n_hidden, n_out = task.units
        # Of its own, so that nobody's random numbers are used up.
        random = torch.Generator().manual_seed(task.seed)
        self.network = Network(dt=1.0)
        self.hidden, self.outputs = nodes.LIFNodes(n=n_hidden), nodes.LIFNodes(n=n_out, refrac=0)
        inputs = nodes.Input(n=n_in)
        for name, layer in ((INPUT, inputs), (HIDDEN, self.hidden), (OUTPUT, self.outputs)):
            self.network.add_layer(layer, name)
        drawn = HIDDEN_WEIGHTS * torch.randn(n_in, n_hidden, generator=random) / n_in**0.5
        first = torch.rand(n_hidden, n_out, generator=random)
        self.fixed = topology.Connection(inputs, self.hidden, w=drawn)
        self.plastic = topology.Connection(
            self.hidden, self.outputs, w=first, wmin=0, wmax=1, update_rule=MSTDPET, nu=rate, norm=OUTPUT_WEIGHTS
        )
        self.plastic.normalize()
        self.network.add_connection(self.fixed, INPUT, HIDDEN)
        self.network.add_connection(self.plastic, HIDDEN, OUTPUT)
        self.fired = self._watched(self.outputs, OUTPUT, "s")

    def _watched(self, layer: Any, name: str, *variables: str) -> Any:
        watching = self.monitor(layer, variables, time=STEPS)
        self.network.add_monitor(watching, name)
        return watching

    def show(self, x: Any, learning: bool) -> Any:
        """Show samples at once, and gather eligibility.

        Parameters
        ----------
        x : torch.Tensor
            Shape (n, n_in), bool.
        learning : bool
            Whether the eligibility is wanted; of one sample only.

        Returns
        -------
        torch.Tensor
            How often each output fired, and behind the point how near to its next spike it is, shape (n, n_out).
        """
        self.network.learning = learning
        # Else weights are normalised after answers too, and change by their rounding.
        self.plastic.norm = OUTPUT_WEIGHTS if learning else None
        self.network.reset_state_variables()
        for name in TRACES:
            if hasattr(self.plastic.update_rule, name):
                getattr(self.plastic.update_rule, name).zero_()
        # A copy, since BindsNET forgets the input's spikes by writing 0 where it was given them.
        self.network.run({INPUT: x.repeat(STEPS, 1, 1)}, time=STEPS, reward=0.0, a_minus=0.0)
        near = (self.outputs.v - self.outputs.rest) / (self.outputs.thresh - self.outputs.rest)
        # From 0 to less than 1, so that it decides only among those that fired as often.
        return self.fired.get("s").view(STEPS, *near.shape).sum(dim=0) + near

    def learn(self, x: np.ndarray, labels: np.ndarray) -> None:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        for sample, label in zip(self.torch.from_numpy(x), labels, strict=True):
            fired = self.show(sample[None], learning=True)[0].floor()
            reward = rewards(fired.numpy(), int(label))
            if reward.any():
                self.network.run({}, time=1, reward=self.torch.from_numpy(reward), a_minus=0.0)

    def answer(self, x: np.ndarray) -> np.ndarray:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        values = self.torch.from_numpy(x).split(ANSWERED_AT_ONCE)
        return np.concatenate([self.show(some, learning=False).argmax(dim=1).numpy() for some in values])

    def neurobench(self, x: np.ndarray) -> dict[str, Any]:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        layers = ((self.hidden, "all of hidden"), (self.outputs, "all of outputs"))
        watching = [self._watched(layer, name, "s", "v") for layer, name in layers]
        fired, updates = [], 0
        self.show(self.torch.from_numpy(x), learning=False)
        for (layer, name), watched in zip(layers, watching, strict=True):
            del self.network.monitors[name]
            fired.append(watched.get("s").view(STEPS, len(x), layer.n).sum(dim=0).numpy())
            held = watched.get("v").view(STEPS, len(x), layer.n)
            before = self.torch.cat([self.torch.full_like(held[:1], layer.rest.item()), held[:-1]])
            updates += int((held != before).sum())
        matrices = [connection.w.numpy() for connection in (self.fixed, self.plastic)]
        arrived = STEPS * effective_operations(x, matrices[0])
        arrived += int(fired[0].sum(axis=0) @ np.count_nonzero(matrices[1], axis=1))
        weights, neurons = dense_macs(self.sizes), sum(self.sizes[1:])
        return {
            "Footprint": sum(matrix.nbytes for matrix in matrices) + self.hidden.v.element_size() * neurons,
            "ConnectionSparsity": sum(int(np.sum(matrix == 0)) for matrix in matrices) / weights,
            "ActivationSparsity": 1.0 - sum(int(spikes.sum()) for spikes in fired) / (neurons * STEPS * len(x)),
            "SynapticOperations": {
                "Effective_ACs": arrived / len(x),
                "Effective_MACs": 0.0,
                "Dense": weights * STEPS,
            },
            "MembraneUpdates": updates / len(x),
        }

    def macs(self) -> dict[str, int]:
        """See :class:`~benchmarks.platforms.kinds.peer.Learner`."""
        weights, plastic = dense_macs(self.sizes), self.sizes[1] * self.sizes[2]
        return {TRAIN: STEPS * (weights + OF_A_PLASTIC_WEIGHT * plastic), TEST: STEPS * weights}


def rewards(fired: np.ndarray, label: int) -> np.ndarray:
    """The reward of each output: 1 of the label's, and -1 shared by those that fired as much; 0 if there are none.

    Parameters
    ----------
    fired : numpy.ndarray
        How much each output fired, shape (n_out,).
    label : int
        Which one should have fired most.
    """
    wrong = fired >= fired[label]
    wrong[label] = False
    found = np.zeros(len(fired), np.float32)
    if wrong.any():
        found[wrong], found[label] = -1.0 / np.count_nonzero(wrong), 1.0
    return found


PLATFORM = peer(
    "bindsnet",
    "reward-modulated STDP with eligibility traces, a three-factor rule",
    ("online",),
    ThreeFactor,
    versions_of("bindsnet", "torch"),
    RATES,
)
