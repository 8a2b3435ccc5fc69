"""Statistics of a recording with Elephant: rates, intervals, correlation, and the time histogram by phase.

    python recording_statistics.py FILE [--population h] [--segment N]

FILE is a ``.nix`` or ``.npz`` that a training wrote (``pynn-backprop train nest --record h o --out run1`` writes
``run1/spikes.nix``).  Every number is checked against the counts of the spikes.
"""

import argparse
import sys

import elephant.conversion
import elephant.spike_train_correlation
import elephant.statistics
import numpy as np
import quantities as pq

from pynn_backprop.errors import PynnBackpropError
from pynn_backprop.recording import analysis, blocks, trains


def main() -> None:
    parser = argparse.ArgumentParser(description="Statistics of a recording with Elephant.")
    parser.add_argument("file", help="the recording, .nix or .npz")
    parser.add_argument("--population", default="h", help="whose spikes (default: h)")
    parser.add_argument(
        "--segment", type=int, default=-1, help="stretch of samples; 0 is the first (default: the last)"
    )
    options = parser.parse_args()

    block = blocks.load(options.file)
    segment = analysis.segment_of(block, options.segment)
    neurons = trains.trains_of(segment, options.population)
    if not neurons:
        sys.exit(f"error: {options.population!r} was not recorded")
    table = blocks.spikes_of(segment)[options.population]
    counts = np.bincount(table[:, 1], minlength=len(neurons))
    seconds = float((neurons[0].t_stop - neurons[0].t_start).rescale("s"))
    print(f"{segment.name}, {len(neurons)} neurons of {options.population}, {len(table)} spikes in {seconds:.3f} s")

    rates = np.array([float(elephant.statistics.mean_firing_rate(train).rescale("Hz")) for train in neurons])
    np.testing.assert_allclose(rates, counts / seconds)
    print(f"rates: {rates.min():.1f} to {rates.max():.1f} Hz, mean {rates.mean():.1f} Hz")

    intervals = [elephant.statistics.isi(train).rescale("ms").magnitude for train in neurons]
    steps = [np.diff(np.sort(table[table[:, 1] == neuron, 0])) for neuron in range(len(neurons))]
    np.testing.assert_allclose(np.concatenate(intervals), np.concatenate(steps))
    shortest = min((float(each.min()) for each in intervals if len(each)), default=float("nan"))
    print(f"intervals between spikes of a neuron: {sum(map(len, intervals))}, the shortest {shortest:g} ms")

    binned = elephant.conversion.BinnedSpikeTrain(neurons, bin_size=1 * pq.ms)
    fires = binned.to_bool_array()
    assert fires.sum() == len(table), "a neuron fires once in a step, and each step is a bin"
    active = np.flatnonzero(counts)[:50]
    if len(active) > 1:
        chosen = elephant.conversion.BinnedSpikeTrain([neurons[n] for n in active], bin_size=1 * pq.ms)
        correlation = elephant.spike_train_correlation.correlation_coefficient(chosen)
        np.testing.assert_allclose(correlation, np.corrcoef(fires[active]), atol=1e-9)
        mean = correlation[np.triu_indices(len(active), 1)].mean()
        print(f"correlation of {len(active)} neurons that fire: mean {mean:.3f}")

    whole = elephant.statistics.time_histogram(neurons, bin_size=1 * pq.ms)
    assert int(whole.magnitude.sum()) == len(table)
    length = blocks.circuit_of(block).schedule.length
    # Trains begin with a cycle, so that bin n is of phase n modulo its length.
    by_phase = whole.magnitude.ravel().astype(int).reshape(-1, length).sum(axis=0)
    assert by_phase.tolist() == np.bincount(table[:, 0] % len(by_phase), minlength=len(by_phase)).tolist()
    print("spikes by phase:", " ".join(f"{phase}:{count}" for phase, count in enumerate(by_phase) if count))
    print("all of them equal to what the spikes count to")


if __name__ == "__main__":
    try:
        main()
    except PynnBackpropError as error:
        sys.exit(f"error: {error}")
