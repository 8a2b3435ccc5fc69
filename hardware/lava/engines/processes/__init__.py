"""The Lava process of the fast engine.

It has a folder of its own because Lava's compiler executes every Python file beside the module of a process.
"""
