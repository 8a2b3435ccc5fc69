"""Training, evaluation and the scikit-learn classifier, on any platform."""
