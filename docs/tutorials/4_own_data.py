"""
4. Data of your own
===================

A table, arrays or images: what a network learns from is a matter of one argument. What matters most is how values
become spikes.
"""

# %%
# A table of features
# -------------------
# ``BackpropClassifier`` is a scikit-learn estimator: it takes arrays and DataFrames of any finite numbers, and labels
# of any kind.

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

from pynn_backprop import BackpropClassifier

table = load_breast_cancer(as_frame=True)
labels = table.target.map(dict(enumerate(table.target_names)))
x_train, x_test, y_train, y_test = train_test_split(table.data, labels, random_state=0, stratify=labels)
network = BackpropClassifier("nest", hidden=60, epochs=5, seed=0).fit(x_train, y_train)
print(f"{network.score(x_test, y_test):.1%} of {len(y_test)} tumours, e.g. {network.predict(x_test[:3]).tolist()}")

# %%
# Levels
# ------
# A value is told by the input neurons whose level it exceeds. One level tells high from low, and no more. By itself
# the classifier takes as many as make about 200 input neurons. By the rule, which has the same weights, it is quick
# to see what levels do:

for levels in (1, 2, 4, None):
    by_rule = BackpropClassifier("reference", hidden=60, epochs=5, seed=0, levels=levels).fit(x_train, y_train)
    chosen = by_rule.weights_["W1"].shape[0] // x_train.shape[1]
    print(f"levels={levels}: {chosen} neurons a feature, {by_rule.score(x_test, y_test):.1%}")

# %%
# In a pipeline, in a search
# --------------------------
# All of scikit-learn's tools work on it.

from sklearn.model_selection import GridSearchCV

search = GridSearchCV(BackpropClassifier("reference", epochs=5), {"hidden": [20, 60], "shift": [0]}, cv=3)
search.fit(x_train, y_train)
print(search.best_params_, f"{search.best_score_:.1%}")

# %%
# On the command line
# -------------------
# The same table as a file, the last column being the labels. An ``.npz`` file with four arrays, or a folder of images
# with a folder for each class, go the same way; :doc:`/data` says what they must hold.

import tempfile
from pathlib import Path

from pynn_backprop.cli.main import main

with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "cancer.csv"
    table.frame.to_csv(file, index=False)
    main(["train", "reference", "--data", str(file), "--epochs", "5", "--out", f"{folder}/run1", "-q"])
