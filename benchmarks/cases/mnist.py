"""MNIST, the central 20 x 20 pixels: the network of Renner et al. (2024)."""

from .base import Case

CASE = Case(
    name="mnist",
    summary="MNIST, central 20x20 pixels, one input neuron a pixel",
    inputs=400,
    outputs=10,
    hidden=400,
    samples=60_000,
    test_samples=10_000,
    epochs=20,
    correct="weights and answers equal the integer rule's; and the output that fires most is the digit",
    floor=0.96,
    data="mnist",
    crop=20,
    levels=1,
)
