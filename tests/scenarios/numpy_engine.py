"""Loihi's arithmetic in plain numpy: what the engines are held against, and an engine where there is no Lava."""

from __future__ import annotations

import numpy as np

from hardware.lava.translation.network import DiscreteNetwork, Synapses

WRAP = 2**23


class NumpyEngine:
    """Does what :class:`hardware.lava.engines.engine.Engine` says, one step after the other."""

    def __init__(
        self, network: DiscreteNetwork, spikes: np.ndarray, potentials: np.ndarray, accumulator: str = "wide"
    ) -> None:
        assert accumulator == "wide"
        n = network.n_compartments
        self.network = network
        self.recorded = {"spikes": np.asarray(spikes, int), "v": np.asarray(potentials, int)}
        self.u, self.v, self.step = np.zeros(n, np.int64), np.zeros(n, np.int64), 0
        fields = ("threshold", "bias_mantissa", "bias_exponent")
        self.fields = {name: network.of_compartments(name) for name in fields}
        self.du, self.dv = network.of_compartments("du"), network.of_compartments("dv")
        self.refractory, self.dendrite = network.of_compartments("refractory"), network.of_compartments("dendrite") > 0
        self.pause = np.zeros(n, np.int64)
        self.mantissas = [np.array(s.weight, np.int64) for s in network.synapses]
        self.coming: dict[int, np.ndarray] = {}
        self.planned = np.zeros((0, 2), int)
        self.fired: list[tuple[int, np.ndarray]] = []
        self.seen: list[np.ndarray] = []
        self.closed = False

    def set_spikes(self, steps: np.ndarray, inputs: np.ndarray) -> None:
        assert (steps > self.step).all()
        self.planned = np.column_stack([steps, inputs])

    def run(self, steps: int) -> None:
        assert not self.closed
        for _ in range(steps):
            self._advance()

    def _advance(self) -> None:
        self.step += 1
        f = self.fields
        self.u = self.wrapped(_decayed(self.u, self.du + 1) + self.arriving_now())
        bias = f["bias_mantissa"] << f["bias_exponent"]
        v = np.clip(_decayed(self.v, self.dv) + self.u + bias, -WRAP + 1, WRAP - 1)
        for group in self.network.compartments:  # dendrites have none of their own
            if group.joined is not None:
                mine = slice(group.first, group.first + group.size)
                v[mine] = np.clip(v[mine] + sum(v[row] for row in group.joined), -WRAP + 1, WRAP - 1)
        v[self.pause > 0] = 0
        self.pause = np.maximum(self.pause - 1, 0)
        fires = (v > f["threshold"] << 6) & ~self.dendrite
        self.pause[fires] = self.refractory[fires] - 1
        self.v = np.where(fires, 0, v)
        inputs = np.zeros(self.network.n_inputs, bool)
        inputs[self.planned[self.planned[:, 0] == self.step, 1]] = True
        for number, synapses in enumerate(self.network.synapses):
            self._hand_on(number, synapses, fires, inputs)
        who = self.recorded["spikes"]
        self.fired.append((self.step, np.sort(who[fires[who]])))
        self.seen.append(self.v[self.recorded["v"]].copy())

    def arriving_now(self) -> np.ndarray:
        return self.coming.pop(self.step, np.zeros(len(self.u), np.int64))

    def wrapped(self, u: np.ndarray) -> np.ndarray:
        """As Lava has it: -2**23 is not a value, and 2**23 is one."""
        return np.where(u > WRAP, u - 2 * WRAP, np.where(u <= -WRAP, u + 2 * WRAP, u))

    def _hand_on(self, number: int, synapses: Synapses, fires: np.ndarray, inputs: np.ndarray) -> None:
        active = (inputs if synapses.from_input else fires)[synapses.pre]
        mantissas = self.mantissas[number]
        weights = self.adds((mantissas[active] * 2.0 ** (6 + synapses.exponent)).astype(np.int64))
        for delay in np.unique(synapses.delay[active]):
            same = synapses.delay[active] == delay
            arriving = self.coming.setdefault(self.step + 1 + int(delay), np.zeros(len(self.v), np.int64))
            np.add.at(arriving, synapses.post[active][same], weights[same])
        rule = synapses.rule
        if rule is not None:
            both = active & fires[synapses.post]
            change = rule.eta if fires[rule.reinforcement] else -rule.eta
            mantissas[both] = np.clip(mantissas[both] + change, -rule.w_max, rule.w_max)

    def adds(self, weights: np.ndarray) -> np.ndarray:
        return weights

    def overflows(self) -> tuple[()]:
        return ()

    def take_spikes(self) -> tuple[np.ndarray, np.ndarray]:
        none = np.zeros(0, int)
        steps = np.concatenate([none, *(np.full(len(who), step) for step, who in self.fired)])
        who = np.concatenate([none, *(who for _, who in self.fired)])
        self.fired = []
        return steps, who

    def take_potentials(self) -> tuple[np.ndarray, np.ndarray]:
        first = self.step - len(self.seen) + 1
        seen = np.array(self.seen, int).reshape(len(self.seen), -1)
        self.seen = []
        return np.array(first), seen

    def weights(self, synapses: int) -> np.ndarray:
        return self.mantissas[synapses].copy()

    def set_weights(self, synapses: int, weight: np.ndarray) -> None:
        self.mantissas[synapses] = np.array(weight, np.int64)

    def set_compartments(
        self, group: int, name: str, values: np.ndarray, places: np.ndarray | slice = slice(None)
    ) -> None:
        first, size = self.network.compartments[group].first, self.network.compartments[group].size
        (self.fields[name] if name in self.fields else getattr(self, name))[first : first + size][places] = values

    def close(self) -> None:
        self.closed = True


class NumpyChip(NumpyEngine):
    """Where Lava differs from the chip, it does as the chip: two's complement, also for the input of a step."""

    def arriving_now(self) -> np.ndarray:
        return _two_s_complement(super().arriving_now(), 2**21)

    def wrapped(self, u: np.ndarray) -> np.ndarray:
        return _two_s_complement(u, WRAP)

    def adds(self, weights: np.ndarray) -> np.ndarray:
        return np.maximum(weights, 64 - 2**21)


def _two_s_complement(values: np.ndarray, half: int) -> np.ndarray:
    return (values + half) % (2 * half) - half


def _decayed(value: np.ndarray, decay: np.ndarray) -> np.ndarray:
    """Towards zero, as Lava does."""
    return np.sign(value) * (np.abs(value) * (4096 - decay) >> 12)
