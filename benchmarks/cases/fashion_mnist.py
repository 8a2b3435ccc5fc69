"""Fashion-MNIST, 28 x 28 pixels above one half, as Renner et al. (2024) show it to their array simulation."""

from .base import Case

CASE = Case(
    name="fashion-mnist",
    summary="Fashion-MNIST, 28x28 pixels, one input neuron a pixel",
    inputs=784,
    outputs=10,
    hidden=400,
    samples=60_000,
    test_samples=10_000,
    epochs=1,
    correct="weights and answers equal the integer rule's; and the output that fires most is the class",
    floor=0.55,
    data="fashion-mnist",
    levels=1,
)
