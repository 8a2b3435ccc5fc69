"""The pieces that all circuits share which learn: the output's error, the reinforcement neuron, silence."""

from __future__ import annotations

from .builder import LayerBuilder
from .schedule import TrainingSchedule


class TrainingBuilder(LayerBuilder):
    """Adds pieces of a circuit that learns; parameters are those of :class:`~.builder.Builder`."""

    schedule: TrainingSchedule

    @property
    def copies_of_output(self) -> tuple[str, str, str]:
        """The output and the two populations for the edges of its derivative."""
        return "o", "o_low", "o_high"

    def output_error(self) -> None:
        """d+ = t and not o, d- = o and not t, both only inside the box of the derivative: o_low and not o_high.

        Of a graded target, t stands for "the number is above the level that the o neuron had", so d+ has the levels
        of o, and d- their negatives.
        """
        schedule, copy, half, size = self.schedule, self.strength.copy, self.strength.half, self.sizes[-1]
        self.add("t", size, "data", self.depth, [schedule.output])
        self.one_to_one("target", "t", self.strength.chain, schedule.output)
        for name, sign, causes in (("d+", 1, ("t", "o")), ("d-", -1, ("o", "t"))):
            self.add(name, size, "error", self.depth, [schedule.error])
            self.one_to_one("o_low", name, half, 1)
            for pre in causes:
                if pre == "t":
                    self.unit_to_unit(pre, name, sign, 1)
                else:
                    self.one_to_one(pre, name, -sign * self.veto, 1)
            self.lift(schedule.error, name, "o", sign * self.quantum)
        # A firing o already vetoes d+, and o_high never fires without o.
        self.one_to_one("o_high", "d-", -self.veto, 1)
        for phase, name in zip(schedule.learning(self.depth), ("d+", "d-"), strict=True):
            for post in self.copies_of_output:
                self.one_to_one(name, post, copy, phase - schedule.error)
                self.open(phase, post, half)

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
                    self.open(phase, post.name, self.strength.inhibition)

    @property
    def held(self) -> int:
        """The largest drive that needs no inhibition; the published circuit inhibits in any case."""
        return 0
