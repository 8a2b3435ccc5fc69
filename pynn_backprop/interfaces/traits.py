"""What a simulator does in its own way, as data."""

from __future__ import annotations

from dataclasses import dataclass, field

LONG = 1000
"""Steps of a delay that no circuit needs which a person could train."""


@dataclass(frozen=True)
class Traits:
    """What a simulator does in its own way.

    Every entry is measured by a test on the installed simulator (``tests/platform/test_traits.py``), so that a release
    that changes one fails the test that names it.  Traits say what PyNN as shipped does; what a backend mends (a
    schedule, a missing translation) is mended before the rest is measured.

    Parameters
    ----------
    simulator
        Name to show.
    fires_as_shipped
        Whether a neuron without memory fires at all before our backend has mended the order within a step.
    records_v_as_shipped
        Whether the membrane potential of IF_curr_delta can be recorded.
    delay_offset
        The delay that makes a spike act ``latency`` steps later is ``latency + delay_offset`` steps.
    threshold_is_strict
        Whether a neuron whose potential equals the threshold stays silent.
    shows_v_that_fires
        Whether ``record('v')`` shows the potential with which a neuron fires, and not what it was reset to.
    refractory_may_differ
        Whether the neurons of one Population may have different refractory times.
    earliest_source_step
        How many steps after the present time of a running network a SpikeSourceArray can fire first; what it is told
        to do earlier is lost, mostly without a word.
    weight_scale_created, weight_scale_get, weight_scale_set
        What acts if 1 mV is asked for at creation; what ``Projection.get`` answers where 1 mV acts; and what acts
        after ``Projection.set(weight=1)``.
    mixed_signs_accepted
        Whether PyNN's StaticSynapse takes a matrix with weights of both signs.
    update_visible_after
        How many steps after a coincidence a spike is sent with the changed weight, by variant.
    samples_per_run
        How many samples one ``sim.run`` takes: many enough that its fixed cost does not count, few enough that
        progress is seen and Ctrl-C answered.
    layout
        The faster one of :data:`LAYOUTS`.
    longest_delay
        In steps; :data:`LONG` stands for that and more.
    samples_per_run_by_variant
        Of variants that are much slower than the others.
    """

    simulator: str
    fires_as_shipped: bool
    records_v_as_shipped: bool
    delay_offset: int
    threshold_is_strict: bool
    shows_v_that_fires: bool
    refractory_may_differ: bool
    earliest_source_step: int
    weight_scale_created: float
    weight_scale_get: float
    weight_scale_set: float
    mixed_signs_accepted: bool
    update_visible_after: dict[str, int]
    samples_per_run: int
    layout: str
    longest_delay: int
    samples_per_run_by_variant: dict[str, int] = field(default_factory=dict)
