"""Whether a job can be held: by its platform, and by the memory of this machine."""

from __future__ import annotations

from pynn_backprop.errors import InputError
from pynn_backprop.resources import available_memory, in_words

from ..measure.circuits import learning_circuit
from .job import Job


def why_not(job: Job, available: int | None = None) -> str:
    """Why a job need not be tried, in a sentence; empty if nothing speaks against it.

    Parameters
    ----------
    job : Job
        The job.
    available : int or None
        Bytes of memory that are free; what the system says if None.
    """
    platform = job.find_platform()
    if platform.peer:
        return ""
    try:
        circuit = learning_circuit(job.units, job.find_case().code, job.form, job.rule or "")
    except InputError as error:
        return str(error)
    if platform.memory is None:
        return ""
    synapses = circuit.count().synapses
    free = available_memory() if available is None else available
    needed = platform.memory.of(synapses)
    if free is None or needed <= free:
        return ""
    would = f"{synapses:,} synapses would take about {in_words(needed)} of memory on {job.platform}"
    return f"{would}, {in_words(free)} are free"
