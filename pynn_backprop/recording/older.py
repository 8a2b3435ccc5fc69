"""Recordings of before are read as newer ones are: cut without having spikes twice, and named for what they are."""

from __future__ import annotations

import neo
import quantities as pq

from .trains import EDGE, pooled_name


def bring_up_to_date(block: neo.Block) -> neo.Block:
    """Give an older recording what newer ones have.

    Parameters
    ----------
    block : neo.Block
        As it was read.  If its epochs begin on steps, on which spikes lie, it is changed: epochs and trains then begin
        and end half a step earlier, and trains of several neurons say so.

    Returns
    -------
    neo.Block
        The same one.
    """
    for segment in block.segments:
        if _begins_on_a_step(segment):
            segment.epochs = [epoch.time_shift(-EDGE * pq.ms) for epoch in segment.epochs]
            for train in segment.spiketrains:
                train.t_start, train.t_stop = train.t_start - EDGE * pq.ms, train.t_stop - EDGE * pq.ms
                size = int(train.annotations["size"])
                train.name = pooled_name(str(train.annotations["population"]), size)
                train.annotate(pooled=size > 1)
    return block


def _begins_on_a_step(segment: neo.Segment) -> bool:
    edges = [float(epoch.times[0].rescale("ms")) for epoch in segment.epochs if epoch.name == "phases" and len(epoch)]
    return any(abs(edge - round(edge)) < EDGE / 2 for edge in edges)
