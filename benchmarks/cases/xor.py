"""The exclusive or, the second task of Renner et al. (2020)."""

from .graded_case import NEURONS, ExclusiveOr, graded

CASE = ExclusiveOr(
    name="xor",
    summary="the exclusive or of two values and a bias unit, 32 neurons a value",
    inputs=3,
    outputs=1,
    hidden=12,
    hidden_sizes=(12,),
    samples=4000,
    test_samples=4 * NEURONS,
    epochs=1,
    correct="weights and answers equal the integer rule's; and every output is on the right side of one half",
    code=graded(),
)
