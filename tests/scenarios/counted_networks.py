"""What a core of a Loihi chip needs, counted with dictionaries, one synapse after the other; and networks to count."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from hardware.lava.translation.network import DiscreteNetwork, Rule, Synapses

from .loihi import connected, of_cells

WEIGHTS = ((2, 4, 250), (-8, 8, 128), (1, 3, 255), (-4, -16, -248), (64, 128, 192))
"""Of mixed and of single signs, with different divisors."""


def random_network(seed: int) -> DiscreteNetwork:
    """60 compartments with multiple synapses, runs of neighbours, delays, inputs and two reinforcement neurons."""
    generator = np.random.default_rng(seed)
    projections = []
    for number, n in enumerate((400, 300, 200, 150, 100)):
        learns = number < 2
        projections.append(
            connected(
                generator.integers(0, 60, n),
                generator.integers(0, 60, n),
                generator.choice(WEIGHTS[number], n),
                generator.integers(0, 1 if learns else 9, n),
                from_input=bool(number % 2),
                exponent=number % 2,
                rule=Rule(reinforcement=7 + number, eta=2, w_max=254) if learns else None,
            )
        )
    projections.append(connected(np.repeat(np.arange(20), 50), np.tile(np.arange(5, 55), 20), label="all to all"))
    return of_cells(60, *projections, threshold=generator.integers(0, 12, 60))


def counted(network: DiscreteNetwork, first: int, stop: int) -> dict[str, int]:
    """Values of a Need for the compartments ``first`` to ``stop - 1``."""
    lists: dict[tuple, list[int]] = defaultdict(list)
    teachers = set()
    longest = 0
    for synapses in network.synapses:
        key = _format(synapses)
        for pre, post, delay in zip(
            synapses.pre.tolist(), synapses.post.tolist(), synapses.delay.tolist(), strict=True
        ):
            if first <= post < stop:
                lists[synapses.from_input, pre, key].append(post)
                longest = max(longest, delay)
                if synapses.rule:
                    teachers.add(synapses.rule.reinforcement)
    bits: Counter[bool] = Counter()
    count: Counter[bool] = Counter()
    for (_, _, (plastic, _, width, delay_bits, _)), posts in lists.items():
        posts.sort()
        in_a_row = posts == list(range(posts[0], posts[0] + len(posts)))
        index_bits = 0 if in_a_row else max(6, (stop - first - 1).bit_length())
        for start in range(0, len(posts), 64):
            n = len(posts[start : start + 64])
            bits[plastic] += 64 * -(-(10 + n * (width + delay_bits + index_bits)) // 64)
        count[plastic] += len(posts)
    axons = {(from_input, pre, key[0]) for from_input, pre, key in lists}
    thresholds = np.concatenate([group.threshold for group in network.compartments])
    return {
        "compartments": stop - first,
        "room": next(room for most, room in ((6, 1024), (14, 512), (30, 256), (62, 128)) if longest <= most),
        "static_bits": bits[False],
        "plastic_bits": bits[True],
        "static_synapses": count[False],
        "plastic_synapses": count[True],
        "input_axons": sum(2 if plastic else 1 for _, _, plastic in axons) + len(teachers),
        "formats": len({key for _, _, key in lists}),
        "thresholds": len(set(thresholds[first:stop].tolist())),
    }


def _format(synapses: Synapses) -> tuple[bool, str, int, int, int]:
    """Plastic or not, signs, bits of the weight and of the delay, exponent."""
    plastic, weights = synapses.rule is not None, synapses.weight.tolist()
    mixed = plastic or min(weights) < 0 < max(weights)
    signs = "mixed" if mixed else "negative" if min(weights) < 0 else "positive"
    divisor = 2 ** next(bit for bit in range(8, -1, -1) if all(weight % 2**bit == 0 for weight in weights))
    fewest = 8 + mixed - divisor.bit_length() + 1
    width = 8 if plastic else next(allowed for allowed in (1, 2, 3, 4, 5, 6, 8) if allowed >= fewest)
    return plastic, signs, width, len(f"{max(synapses.delay):b}") if max(synapses.delay) else 0, synapses.exponent
