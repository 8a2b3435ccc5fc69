"""The two Lava processes of the fast engine.

They have a folder of their own because Lava's compiler executes every Python file beside the module of a process.
For the same reason their modules import by absolute names: Lava executes them outside the package.
"""
