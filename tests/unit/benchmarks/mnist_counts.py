"""Counts of the published network on MNIST, as a row has them."""

from __future__ import annotations

# The first 100 MNIST samples on the step simulator at 400-400-10, initial weights of seed 1; inference after them is
# of 100 test samples.  Spikes are means per sample by population; those of gates are 1 each.
TRAINED = {
    "input": 96.33,
    "target": 1,
    "x": 288.99,
    "h": 265.3,
    "h_low": 271.5,
    "h_high": 115.1,
    "o": 2.1,
    "o_low": 4.5,
}
TRAINED |= {"o_high": 1.2, "t": 1, "d+": 0.3, "d-": 0.7, "m_x": 96.33, "m_h": 54.1, "hT": 365.8, "oT-": 1, "c_h": 156.5}
TRAINED |= {"r": 2} | {f"g{phase}": 1 for phase in range(12)}
ANSWERED = {"input": 91.1, "x": 91.1, "h": 54.2, "o": 5.3} | {f"g{phase}": 1 for phase in range(4)}
MNIST = {
    "status": "ok",
    "case": "mnist",
    "layer_sizes": [400, 400, 10],
    "counts": {
        "spikes_per_sample": TRAINED,
        "synaptic_events_per_sample": 368_518,
        "plastic_updates_per_sample": 28_691,
        "active_updates_per_sample": 11_289,
        "inference": {
            "spikes_per_sample": ANSWERED,
            "synaptic_events_per_sample": 38_086,
            "plastic_updates_per_sample": 0,
            "active_updates_per_sample": 814,
        },
    },
}
