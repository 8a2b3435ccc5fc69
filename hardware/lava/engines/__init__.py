"""What runs a discrete network: engines with one meaning, behind the same methods.

``emulator``
    compiled code of ours in this process, without Lava: the default;
``fast``
    two Lava processes: Lava's own fixed-point LIF for all compartments, and one process of ours with all synapses,
    delays, plasticity, input and recording;
``stock``
    stock Lava processes only, the network as Loihi's compiler would be given it; many times slower.
"""
