"""A linear map of four values to three, the first task of Renner et al. (2020)."""

from .graded_case import LinearMap, graded

CASE = LinearMap(
    name="linear-map",
    summary="a linear map of four values to three, 32 neurons a value",
    inputs=4,
    outputs=3,
    hidden=0,
    hidden_sizes=(0,),
    samples=4000,
    test_samples=200,
    epochs=1,
    correct="weights and answers equal the integer rule's; and the weights between units are the map's",
    code=graded(),
)
