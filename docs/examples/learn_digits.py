"""Learn handwritten digits inside a simulator: python learn_digits.py nest

brian2 or lava in place of nest gives the same result.  -v shows what other libraries print and warn of.
"""

from pynn_backprop import BackpropClassifier, datasets, get_simulator

sim, options = get_simulator(("--plot-figure", "save a confusion matrix", {"action": "store_true"}))
digits = datasets.load("digits")

network = BackpropClassifier(sim, hidden=100, epochs=5, levels=digits.default_levels, seed=1)
network.fit(digits.x_train, digits.y_train)
print(network.scores(digits.x_test, digits.y_test))
if options.plot_figure:
    from pynn_backprop import plots

    plots.save(plots.confusion(network.evaluate(digits.x_test), digits.y_test), f"digits_{options.simulator}.png")
