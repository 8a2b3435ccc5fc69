"""Circuits on PyNN simulators."""
