"""Learn handwritten digits through three weight matrices inside a simulator: python deep_digits.py nest

The network is 192-100-60-10.  In the error-gated circuit a sample that is answered rightly costs a forward pass and
nothing else; the script records the last samples, checks it, and says what a right and a wrong sample cost.  With a
NEST that has MPI many processes can do it together: mpirun -n 2 python deep_digits.py nest
"""

import sys

import numpy as np

from pynn_backprop import BackpropClassifier, Network, datasets, get_simulator, training_circuit
from pynn_backprop.spikes import check_gated

RECORDED = 100


def main() -> None:
    sim, _ = get_simulator()
    digits = datasets.load("digits")
    network = BackpropClassifier(sim, hidden=(100, 60), epochs=3, levels=digits.default_levels, seed=1)
    network.fit(digits.x_train, digits.y_train)
    scores = network.scores(digits.x_test, digits.y_test)
    if sim.rank() == 0:
        print(scores)

    x = datasets.encode(digits.x_train, digits.default_levels)[-RECORDED:]
    circuit = training_circuit((x.shape[1], 100, 60, 10))
    neurons = [population.name for population in circuit.simulated if population.role != "gate"]
    running = Network(sim, circuit, network.weights_, record=neurons)
    running.train(x, digits.y_train[-RECORDED:])
    spikes = running.take_spikes()
    running.check_copies()
    running.close()
    check_gated(spikes, circuit)

    length = circuit.schedule.length
    fired = np.bincount(np.concatenate([table[:, 0] for table in spikes.values()]) // length - 1, minlength=RECORDED)
    wrong = np.zeros(RECORDED, bool)
    wrong[spikes["e"][:, 0] // length - 1] = True
    for words, chosen in (("without an error", ~wrong), ("with an error", wrong)):
        if chosen.any() and sim.rank() == 0:
            print(f"{chosen.sum()} samples {words}: {fired[chosen].mean():.0f} spikes each, the ring apart")


if __name__ == "__main__":
    sys.exit(main())
