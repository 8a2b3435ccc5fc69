"""Handwritten digits of 8 x 8 pixels, embedded in scikit-learn: small enough for every platform."""

from .base import Case

CASE = Case(
    name="digits",
    summary="8x8 handwritten digits, three input neurons a pixel",
    inputs=192,
    outputs=10,
    hidden=200,
    samples=1437,
    test_samples=360,
    epochs=10,
    correct="weights and answers equal the integer rule's; and the output that fires most is the digit",
    floor=0.94,
    data="digits",
    levels=3,
)
