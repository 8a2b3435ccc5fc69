"""A page to step through: one sample after the other, phase by phase, in a browser, from what a simulator recorded."""

from .page import write_page
from .recording import record

__all__ = ["record", "write_page"]
