"""Scores and fit times of the classifier beside two of scikit-learn, on its small data sets.

    python tools/classifier_scores.py [--simulator reference] [--seeds 3]

Five folds, class by class, each classifier with its default settings behind a MinMaxScaler, and the mean over seeds.
The simulator is the rule, which has the weights of every other one; a fit time is processor time of one fold.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler

from pynn_backprop import BackpropClassifier

DATA = {"digits": load_digits, "iris": load_iris, "wine": load_wine, "breast cancer": load_breast_cancer}


def folds(classifier: object, x: np.ndarray, y: np.ndarray, seeds: int) -> tuple[float, float, float]:
    """Mean score of all folds and seeds, its standard deviation over seeds, and mean time of a fit in s."""
    scores, seconds = [], []
    for seed in range(seeds):
        of_seed = []
        for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(x, y):
            model = make_pipeline(MinMaxScaler(), clone(classifier))
            last = model[-1]
            last.set_params(**{name: seed for name in ("seed", "random_state") if name in last.get_params()})
            start = time.process_time()
            model.fit(x[train], y[train])
            seconds.append(time.process_time() - start)
            of_seed.append(model.score(x[test], y[test]))
        scores.append(np.mean(of_seed))
    return float(np.mean(scores)), float(np.std(scores)), float(np.mean(seconds))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simulator", default="reference", help="where BackpropClassifier learns (default: reference)")
    parser.add_argument("--seeds", type=int, default=3, help="seeds of folds and classifiers (default: 3)")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # an MLP of 200 iterations that has not converged, its default
    classifiers = {
        "BackpropClassifier": BackpropClassifier(options.simulator),
        "MLPClassifier": MLPClassifier(),
        "LogisticRegression": LogisticRegression(),
    }
    BackpropClassifier(options.simulator, hidden=5, epochs=1).fit(*load_iris(return_X_y=True))  # compile the rule
    print(f"| data set | {' | '.join(classifiers)} |\n|---|{'---|' * len(classifiers)}")
    for name, load in DATA.items():
        x, y = load(return_X_y=True)
        cells = []
        for classifier in classifiers.values():
            mean, spread, seconds = folds(classifier, x, y, options.seeds)
            cells.append(f"{mean:.1%} +- {spread:.1%}, {seconds:.2f} s")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
