"""Numbers as spikes, one file a code."""
