"""A Loihi chip: its limits, and how a network would sit on one."""
