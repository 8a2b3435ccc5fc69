"""Circuits as data: what they consist of, their schedules and strengths, and one file a circuit."""
