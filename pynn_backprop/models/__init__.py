"""Trained networks: as data, in files of every kind, and as a scikit-learn classifier."""
