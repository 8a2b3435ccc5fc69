"""All that differs between PyNN simulators, one backend each.

A backend is an object with what :class:`pynn_backprop.interfaces.Backend` lists.  It is found in one of two ways
(:mod:`~pynn_backprop.simulation.backends.registry`):

- by an entry point in the group ``pynn_backprop.simulators``, whose name is that of the simulator::

      [options.entry_points]
      pynn_backprop.simulators =
          mine = my_package.backend:BACKEND

- by the attribute ``pynn_backprop_backend`` of the PyNN module itself, the backend or where it is
  (``"my_package.backend:BACKEND"``); users then give the module's dotted path.

Nothing outside this folder and ``hardware/`` asks which simulator it runs on.
"""
