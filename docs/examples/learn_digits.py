"""Learn handwritten digits inside a simulator: python learn_digits.py nest

brian2 or lava in place of nest gives the same result.  -v shows what other libraries print and warn of.  With a NEST
that has MPI (make nest-mpi) many processes can do it together: mpirun -n 4 python learn_digits.py nest
"""

from pynn_backprop import BackpropClassifier, datasets, get_simulator

sim, options = get_simulator(("--plot-figure", "save a confusion matrix", {"action": "store_true"}))
digits = datasets.load("digits")

network = BackpropClassifier(sim, hidden=100, epochs=5, levels=digits.default_levels, seed=1)
network.fit(digits.x_train, digits.y_train)
scores = network.scores(digits.x_test, digits.y_test)
if sim.rank() == 0:
    print(scores)
if options.plot_figure:
    from pynn_backprop import plots

    evaluation = network.evaluate(digits.x_test)
    if sim.rank() == 0:
        plots.save(plots.confusion(evaluation, digits.y_test), f"digits_{options.simulator}.png")
