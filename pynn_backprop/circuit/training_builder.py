"""The pieces that all circuits share which learn: the output's error, the reinforcement neuron, silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from .builder import LayerBuilder
from .connectivity import AllToAll
from .parameters import MARGIN, PUBLISHED
from .parts import Projection
from .schedule import TrainingSchedule
from .thinning import Thinning

THINNING = "thinning"


class TrainingBuilder(LayerBuilder):
    """Adds pieces of a circuit that learns; parameters are those of :class:`~.builder.Builder`."""

    schedule: TrainingSchedule

    @property
    def copies_of_output(self) -> tuple[str, str, str]:
        """The output and the two populations for the edges of its derivative."""
        return "o", "o_low", "o_high"

    def output_error(self) -> None:
        """d+ and d-, as the rule says, and the output's neurons that learn from them."""
        schedule, size = self.schedule, self.sizes[-1]
        self.add("t", size, "data", self.depth, [schedule.output])
        self.one_to_one("target", "t", self.strength.chain, schedule.output)
        for name, sign in (("d+", 1), ("d-", -1)):
            self.add(name, size, "error", self.depth, [schedule.error])
            self.unit_to_unit("t", name, sign, 1)
            self.lift(schedule.error, name, "o", sign * self.quantum)
        _OUTPUT_ERRORS[self.strength.output_error](self)
        for phase, name in zip(schedule.learning(self.depth), ("d+", "d-"), strict=True):
            for post in self.copies_of_output:
                self.one_to_one(name, post, self.strength.copy, phase - schedule.error)
                self.open(phase, post, self.strength.half)

    def published_error(self) -> None:
        """d+ = t and not o, d- = o and not t, both only inside the box of the derivative: o_low and not o_high.

        Of a graded target, t stands for "the number is above the level that the o neuron had", so d+ has the levels
        of o, and d- their negatives.
        """
        for name, sign in (("d+", -1), ("d-", 1)):
            self.one_to_one("o_low", name, self.strength.half, 1)
            self.one_to_one("o", name, sign * self.veto, 1)
        # A firing o already vetoes d+, and o_high never fires without o.
        self.one_to_one("o_high", "d-", -self.veto, 1)

    def margin_error(self) -> None:
        """d+ = t and not o_high, d- = o_low and not t: no derivative masks them, so that no output can die."""
        for name, pre, sign in (("d+", "o_high", -1), ("d-", "o_low", 1)):
            self.open(self.schedule.error, name, self.strength.half)
            self.one_to_one(pre, name, sign * self.veto, 1)

    def thin(self) -> None:
        """A rotor keeps all but every k-th neuron of what is replayed from learning; edges are read in full."""
        k = self.strength.thinning
        if k == 1:
            return
        self.rotor(THINNING, k)
        for layer, name in enumerate(self.names[:-1]):
            for post in (name, f"{name}T") if layer else (name,):
                for phase in self.schedule.learning(layer + 1):
                    self.gates.append(Projection(THINNING, post, Thinning(k, -self.strength.copy), phase))

    def reinforcement(self) -> None:
        """The neuron that fires in every potentiation."""
        self.add("r", 1, "reinforcement", None, self.schedule.reinforced)
        for phase in self.schedule.reinforced:
            self.open(phase, "r", self.strength.chain)

    def inhibit_replays(self) -> None:
        """Inhibit a population wherever matrices may drive it too hard in a phase in which it must be silent."""
        for post in tuple(self.populations.values()):
            most: dict[int, int] = {}
            for projection in self.projections:
                if projection.post == post.name and projection.matrix:
                    pre = self.populations[projection.pre]
                    for phase in pre.phases:
                        arrival = (phase + projection.latency) % self.schedule.length
                        most[arrival] = most.get(arrival, 0) + pre.size * self.strength.w_max
            for phase in sorted(set(most).difference(post.phases)):
                if most[phase] > self.held:
                    self.inhibit(phase, post.name)

    def inhibit(self, phase: int, post: str) -> None:
        """Hold a population down.  More gates than one have fired before, and reach it with longer latencies."""
        self.open(phase, post, self.strength.inhibition)
        for latency in range(2, self.strength.inhibitors + 1):
            gate = f"g{(phase - latency) % self.schedule.length}"
            self.gates.append(Projection(gate, post, AllToAll(), latency, self.strength.inhibition))

    @property
    def held(self) -> int:
        """The largest drive that needs no inhibition; the published circuit inhibits in any case."""
        return 0


_OUTPUT_ERRORS: Mapping[str, Callable[[TrainingBuilder], None]] = MappingProxyType(
    {MARGIN: TrainingBuilder.margin_error, PUBLISHED: TrainingBuilder.published_error}
)
